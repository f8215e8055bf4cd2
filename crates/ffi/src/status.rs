//! What a function says of itself.

/// What became of a call of a function. New ones may be added; numbers never change.
#[allow(non_camel_case_types)]
pub type agentuser_status = u32;

/// It was done.
pub const AGENTUSER_OK: agentuser_status = 0;
/// It was refused; the problem that was handed out says why and what to do.
pub const AGENTUSER_PROBLEM: agentuser_status = 1;
/// A pointer is NULL that may not be.
pub const AGENTUSER_NULL_ARGUMENT: agentuser_status = 2;
/// A text is not UTF-8.
pub const AGENTUSER_INVALID_UTF8: agentuser_status = 3;
/// A length is larger than any object in memory.
pub const AGENTUSER_INVALID_LENGTH: agentuser_status = 4;
/// Another thread is using it: one waits for a call or polls an operation at a time.
pub const AGENTUSER_BUSY: agentuser_status = 5;
/// No handle of that kind: it was freed, is of another kind, or never came from this library.
pub const AGENTUSER_NOT_A_HANDLE: agentuser_status = 6;
/// There is no row or body of that number.
pub const AGENTUSER_OUT_OF_RANGE: agentuser_status = 7;
/// It has ended, and its last result was taken; or the call was freed while this waited.
pub const AGENTUSER_ENDED: agentuser_status = 8;
/// A defect of this library. Nothing was handed out, and what the function was given is best freed.
pub const AGENTUSER_PANIC: agentuser_status = 9;
/// This build of the library does not have it.
pub const AGENTUSER_UNSUPPORTED: agentuser_status = 10;
// Last added: 10. A number that falls out of use stays in this list, so that it is not used again.

/// The name of every status, by its number.
const NAMES: &[&str] = &[
    "OK",
    "PROBLEM",
    "NULL_ARGUMENT",
    "INVALID_UTF8",
    "INVALID_LENGTH",
    "BUSY",
    "NOT_A_HANDLE",
    "OUT_OF_RANGE",
    "ENDED",
    "PANIC",
    "UNSUPPORTED",
];

/// The name of a status, without the prefix.
pub(crate) fn name(status: agentuser_status) -> Option<&'static str> {
    NAMES.get(usize::try_from(status).ok()?).copied()
}
