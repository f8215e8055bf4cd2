//! Reading the caller's texts and bytes.

use crate::status::{
    AGENTUSER_INVALID_LENGTH, AGENTUSER_INVALID_UTF8, AGENTUSER_NULL_ARGUMENT, agentuser_status,
};
use std::slice;

/// Bytes that may be absent: NULL with a length of 0.
///
/// # Safety
/// `ptr` is NULL or points to `len` readable bytes that do not change before the export returns.
pub(crate) unsafe fn optional<'a>(ptr: *const u8, len: usize) -> Result<Option<&'a [u8]>, agentuser_status> {
    if isize::try_from(len).is_err() {
        return Err(AGENTUSER_INVALID_LENGTH);
    }
    match (ptr.is_null(), len) {
        (true, 0) => Ok(None),
        (true, _) => Err(AGENTUSER_NULL_ARGUMENT),
        // SAFETY: not null, no longer than an object can be, and the caller lets it be read.
        (false, _) => Ok(Some(unsafe { slice::from_raw_parts(ptr, len) })),
    }
}

/// Text that must be there.
///
/// # Safety
/// As for [`optional`].
pub(crate) unsafe fn text<'a>(ptr: *const u8, len: usize) -> Result<&'a str, agentuser_status> {
    // SAFETY: the same contract.
    let bytes = unsafe { optional(ptr, len) }?.ok_or(AGENTUSER_NULL_ARGUMENT)?;
    str::from_utf8(bytes).map_err(|_| AGENTUSER_INVALID_UTF8)
}

/// Text that may be absent: NULL with a length of 0.
///
/// # Safety
/// As for [`optional`].
pub(crate) unsafe fn optional_text<'a>(
    ptr: *const u8,
    len: usize,
) -> Result<Option<&'a str>, agentuser_status> {
    // SAFETY: the same contract.
    let bytes = unsafe { optional(ptr, len) }?;
    bytes.map(str::from_utf8).transpose().map_err(|_| AGENTUSER_INVALID_UTF8)
}

/// A copy of the bytes; empty when they are absent.
///
/// # Safety
/// As for [`optional`].
pub(crate) unsafe fn copy(ptr: *const u8, len: usize) -> Result<Vec<u8>, agentuser_status> {
    // SAFETY: the same contract.
    Ok(unsafe { optional(ptr, len) }?.unwrap_or_default().to_vec())
}
