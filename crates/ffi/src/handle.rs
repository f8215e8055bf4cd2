//! The table of what is alive.
//!
//! A handle is a number that is never given out twice, in the shape of a pointer. It is odd, so that no pointer to
//! anything wider than a byte is taken for one, and not small, because some runtimes take small pointers for rubbish.

use crate::call::Call;
use crate::client::ClientHandle;
use crate::operation::{CancellerHandle, OperationHandle};
use crate::result::Outcome;
use crate::session::SessionHandle;
use crate::simulator::SimulatorHandle;
use crate::status::{AGENTUSER_NOT_A_HANDLE, AGENTUSER_NULL_ARGUMENT, agentuser_status};
use std::collections::BTreeMap;
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// Everything that has a handle. The only state of this library that is shared between clients.
static ALIVE: RwLock<BTreeMap<usize, Object>> = RwLock::new(BTreeMap::new());

/// The next handle.
static NEXT: AtomicUsize = AtomicUsize::new(0x1_0001);

/// Anything that has a handle.
pub(crate) enum Object {
    Client(Arc<ClientHandle>),
    Call(Arc<Call>),
    Session(Arc<SessionHandle>),
    Operation(Arc<OperationHandle>),
    Canceller(Arc<CancellerHandle>),
    Outcome(Arc<Outcome>),
    Simulator(Arc<SimulatorHandle>),
}

/// A kind of object, and its name in C.
pub(crate) trait Kind: Sized {
    /// The opaque type that C sees.
    type Opaque;
    /// As an entry of the table.
    fn object(this: Arc<Self>) -> Object;
    /// Out of an entry of the table.
    fn of(object: &Object) -> Option<&Arc<Self>>;
}

macro_rules! kinds {
    ($($variant:ident($kind:ty) is $opaque:ty;)*) => {$(
        impl Kind for $kind {
            type Opaque = $opaque;
            fn object(this: Arc<Self>) -> Object {
                Object::$variant(this)
            }
            fn of(object: &Object) -> Option<&Arc<Self>> {
                match object {
                    Object::$variant(this) => Some(this),
                    _ => None,
                }
            }
        }
    )*};
}

kinds! {
    Client(ClientHandle) is crate::client::agentuser_client;
    Call(Call) is crate::call::agentuser_call;
    Session(SessionHandle) is crate::session::agentuser_session;
    Operation(OperationHandle) is crate::operation::agentuser_operation;
    Canceller(CancellerHandle) is crate::operation::agentuser_canceller;
    Outcome(Outcome) is crate::result::agentuser_result;
    Simulator(SimulatorHandle) is crate::simulator::agentuser_simulator;
}

/// Gives an object a handle.
pub(crate) fn add<K: Kind>(object: K) -> *mut K::Opaque {
    let object = K::object(Arc::new(object));
    let number = NEXT.fetch_add(2, Ordering::Relaxed);
    ALIVE.write().unwrap_or_else(PoisonError::into_inner).insert(number, object);
    ptr::without_provenance_mut(number)
}

/// The object of a handle.
pub(crate) fn get<K: Kind>(handle: *const K::Opaque) -> Result<Arc<K>, agentuser_status> {
    if handle.is_null() {
        return Err(AGENTUSER_NULL_ARGUMENT);
    }
    let alive = ALIVE.read().unwrap_or_else(PoisonError::into_inner);
    alive.get(&handle.addr()).and_then(K::of).map(Arc::clone).ok_or(AGENTUSER_NOT_A_HANDLE)
}

/// Takes an object out of the table; none for NULL.
pub(crate) fn remove<K: Kind>(handle: *mut K::Opaque) -> Result<Option<Arc<K>>, agentuser_status> {
    if handle.is_null() {
        return Ok(None);
    }
    let mut alive = ALIVE.write().unwrap_or_else(PoisonError::into_inner);
    let object = alive.get(&handle.addr()).and_then(K::of).map(Arc::clone).ok_or(AGENTUSER_NOT_A_HANDLE)?;
    let entry = alive.remove(&handle.addr());
    // The lock goes first: what an object does at its end is its own business.
    drop(alive);
    drop(entry);
    Ok(Some(object))
}

/// How many there are.
pub(crate) fn count() -> usize {
    ALIVE.read().unwrap_or_else(PoisonError::into_inner).len()
}
