//! Text for the caller.

/// Bytes that belong to the result they came from, almost always UTF-8, without a zero at the end. `ptr` is NULL where
/// there is no text, as for JSON's null or an absent member.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
#[allow(non_camel_case_types)]
pub struct agentuser_str {
    /// The first byte.
    pub ptr: *const u8,
    /// The number of bytes.
    pub len: usize,
}

impl agentuser_str {
    /// No text.
    pub(crate) const ABSENT: Self = Self { ptr: std::ptr::null(), len: 0 };

    /// These bytes, which the export's caller borrows.
    pub(crate) const fn of(bytes: &[u8]) -> Self {
        Self { ptr: bytes.as_ptr(), len: bytes.len() }
    }

    /// This text, if there is one.
    pub(crate) fn maybe(text: Option<&str>) -> Self {
        text.map_or(Self::ABSENT, |text| Self::of(text.as_bytes()))
    }
}
