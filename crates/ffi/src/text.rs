//! Text on its way out.

/// Bytes that belong to what they came from, almost always UTF-8. `ptr` NULL: there is none, as in JSON's null or an
/// absent member. Not ended by a zero.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
#[allow(non_camel_case_types)]
pub struct agentuser_str {
    /// The first byte.
    pub ptr: *const u8,
    /// How many.
    pub len: usize,
}

impl agentuser_str {
    /// None.
    pub(crate) const ABSENT: Self = Self { ptr: std::ptr::null(), len: 0 };

    /// These bytes, which the caller of the export borrows.
    pub(crate) const fn of(bytes: &[u8]) -> Self {
        Self { ptr: bytes.as_ptr(), len: bytes.len() }
    }

    /// This text, if there is one.
    pub(crate) fn maybe(text: Option<&str>) -> Self {
        text.map_or(Self::ABSENT, |text| Self::of(text.as_bytes()))
    }
}
