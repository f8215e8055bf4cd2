//! The table of objects that have a handle.
//!
//! A handle is a number in the shape of a pointer, and no number is given out twice. Handles are odd, so that a pointer
//! to anything wider than a byte is not taken for one, and not small, because some runtimes reject small pointers.

use crate::status::{AGENTUSER_NOT_A_HANDLE, AGENTUSER_NULL_ARGUMENT, agentuser_status};
use std::any::Any;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// An object of any type. Its type is its kind.
type Object = Arc<dyn Any + Send + Sync>;

/// The objects by the number of their handle. The only state of this library that clients share.
static ALIVE: RwLock<BTreeMap<usize, Object>> = RwLock::new(BTreeMap::new());

/// Every handle is greater than this.
const SMALL: usize = 0x1_0000;

/// The next handle.
static NEXT: AtomicUsize = AtomicUsize::new(SMALL + 1);

/// A type whose objects have handles.
pub(crate) trait Handle: Any + Send + Sync {
    /// The opaque type that C sees.
    type Opaque;
}

/// Gives an object a handle.
pub(crate) fn add<H: Handle>(object: H) -> *mut H::Opaque {
    let object: Object = Arc::new(object);
    let mut alive = ALIVE.write().unwrap_or_else(PoisonError::into_inner);
    // Numbers may run out and begin anew where pointers are short: a number in use is not given out again.
    loop {
        let number = NEXT.fetch_add(2, Ordering::Relaxed);
        if number > SMALL
            && let Entry::Vacant(place) = alive.entry(number)
        {
            place.insert(object);
            return ptr::without_provenance_mut(number);
        }
    }
}

/// The object of a handle.
pub(crate) fn get<H: Handle>(handle: *const H::Opaque) -> Result<Arc<H>, agentuser_status> {
    if handle.is_null() {
        return Err(AGENTUSER_NULL_ARGUMENT);
    }
    find(&ALIVE.read().unwrap_or_else(PoisonError::into_inner), handle)
}

/// Takes an object out of the table; none for NULL.
pub(crate) fn remove<H: Handle>(handle: *mut H::Opaque) -> Result<Option<Arc<H>>, agentuser_status> {
    if handle.is_null() {
        return Ok(None);
    }
    let mut alive = ALIVE.write().unwrap_or_else(PoisonError::into_inner);
    // The caller drops the object, after the lock: dropping it may take time, or this lock.
    let object = find(&alive, handle)?;
    alive.remove(&handle.addr());
    Ok(Some(object))
}

fn find<H: Handle>(
    alive: &BTreeMap<usize, Object>,
    handle: *const H::Opaque,
) -> Result<Arc<H>, agentuser_status> {
    let object = alive.get(&handle.addr()).ok_or(AGENTUSER_NOT_A_HANDLE)?;
    Arc::clone(object).downcast().map_err(|_| AGENTUSER_NOT_A_HANDLE)
}

/// How many handles there are.
pub(crate) fn count() -> usize {
    ALIVE.read().unwrap_or_else(PoisonError::into_inner).len()
}
