//! The status that a function returns.

/// How a function ended. New statuses may be added; numbers never change.
#[allow(non_camel_case_types)]
pub type agentuser_status = u32;

/// Done.
pub const AGENTUSER_OK: agentuser_status = 0;
/// Refused; the problem that was handed out says why, and what to do.
pub const AGENTUSER_PROBLEM: agentuser_status = 1;
/// A pointer that must not be NULL is NULL.
pub const AGENTUSER_NULL_ARGUMENT: agentuser_status = 2;
/// A text is not UTF-8.
pub const AGENTUSER_INVALID_UTF8: agentuser_status = 3;
/// A length is larger than any object in memory.
pub const AGENTUSER_INVALID_LENGTH: agentuser_status = 4;
/// Another thread is using it: one waits for a call or polls an operation at a time.
pub const AGENTUSER_BUSY: agentuser_status = 5;
/// Not a handle of that kind: it was freed, is of another kind, or never came from this library.
pub const AGENTUSER_NOT_A_HANDLE: agentuser_status = 6;
/// No row or body has that number.
pub const AGENTUSER_OUT_OF_RANGE: agentuser_status = 7;
/// The operation has ended and its last result was taken; or the call was freed while this waited.
pub const AGENTUSER_ENDED: agentuser_status = 8;
/// A defect of this library. Nothing was handed out; free the handles that the function was given.
pub const AGENTUSER_PANIC: agentuser_status = 9;
/// This build of the library does not have the function.
pub const AGENTUSER_UNSUPPORTED: agentuser_status = 10;
// Last added: 10. A number that falls out of use stays in this list, so that it is not used again.

/// The names of statuses, out of those of their constants.
macro_rules! names {
    ($($status:ident)*) => {
        /// The name of a status, without the prefix.
        pub(crate) fn name(status: agentuser_status) -> Option<&'static str> {
            match status {
                $($status => stringify!($status).strip_prefix("AGENTUSER_"),)*
                _ => None,
            }
        }
    };
}

names! {
    AGENTUSER_OK
    AGENTUSER_PROBLEM
    AGENTUSER_NULL_ARGUMENT
    AGENTUSER_INVALID_UTF8
    AGENTUSER_INVALID_LENGTH
    AGENTUSER_BUSY
    AGENTUSER_NOT_A_HANDLE
    AGENTUSER_OUT_OF_RANGE
    AGENTUSER_ENDED
    AGENTUSER_PANIC
    AGENTUSER_UNSUPPORTED
}

#[cfg(test)]
mod tests {
    /// A constant in a macro would not be in the header, so the list of names is held against the source.
    #[test]
    fn every_status_has_its_name() {
        let constants =
            include_str!("status.rs").lines().filter_map(|line| line.strip_prefix("pub const AGENTUSER_"));
        let mut statuses = 0;
        for constant in constants {
            let (name, number) = constant.split_once(": agentuser_status = ").unwrap();
            let number = number.trim_end_matches(';').parse().unwrap();
            assert_eq!(super::name(number), Some(name));
            statuses += 1;
        }
        assert!(statuses > 10);
        assert_eq!(super::name(statuses), None);
    }
}
