//! The caller's places for results.

use crate::status::{AGENTUSER_NULL_ARGUMENT, agentuser_status};
use std::ptr::NonNull;

/// A place for a value.
pub(crate) struct Out<T>(NonNull<T>);

impl<T: Copy> Out<T> {
    /// The place, with `empty` in it, so that the caller reads no rubbish when the export fails.
    ///
    /// # Safety
    /// `ptr` is NULL or may be written until the export returns.
    pub(crate) unsafe fn new(ptr: *mut T, empty: T) -> Result<Self, agentuser_status> {
        let place = NonNull::new(ptr).ok_or(AGENTUSER_NULL_ARGUMENT)?;
        // SAFETY: not null, and the caller lets it be written; it need not be aligned.
        unsafe { place.as_ptr().write_unaligned(empty) };
        Ok(Self(place))
    }

    /// Puts the value there.
    pub(crate) fn set(&self, value: T) {
        // SAFETY: as in `new`, and the export has not returned.
        unsafe { self.0.as_ptr().write_unaligned(value) };
    }
}

impl<T> Out<*mut T> {
    /// The place for a handle, with NULL in it.
    ///
    /// # Safety
    /// As for [`Out::new`].
    pub(crate) unsafe fn handle(ptr: *mut *mut T) -> Result<Self, agentuser_status> {
        // SAFETY: the same contract.
        unsafe { Self::new(ptr, std::ptr::null_mut()) }
    }
}
