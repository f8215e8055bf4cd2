//! The wake callback, and the promise that none runs once its call is freed.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

/// Called when agentuser_call_wait has something. It runs on a thread of the library, one at a time for each call, and
/// may only signal: set an event, post a message. It must not block, wait for a lock that is held around
/// agentuser_call_free, or call back into this library.
#[allow(non_camel_case_types)]
pub type agentuser_wake = Option<unsafe extern "C" fn(key: usize)>;

/// Calls the host's wake, one at a time, until it is closed.
pub(crate) struct Wake {
    state: Mutex<State>,
    idle: Condvar,
    key: usize,
}

struct State {
    /// The host's function; `None` when the host gave none, or the call is freed.
    function: agentuser_wake,
    /// The thread on which the function runs at the moment.
    running: Option<ThreadId>,
    /// A wake was asked for while the function ran, which may have looked before.
    again: bool,
}

impl Wake {
    pub(crate) fn new(function: agentuser_wake, key: usize) -> Self {
        let state = State { function, running: None, again: false };
        Self { state: Mutex::new(state), idle: Condvar::new(), key }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls the function. No lock of this library is held while it runs.
    pub(crate) fn wake(&self) {
        let mut state = self.lock();
        if state.running.is_some() {
            state.again = true;
            return;
        }
        while let Some(function) = state.function {
            state.running = Some(thread::current().id());
            state.again = false;
            drop(state);
            // SAFETY: the host lets it be called with this key until its call is freed, and `close` waits for it.
            unsafe { function(self.key) };
            state = self.lock();
            state.running = None;
            if !state.again {
                break;
            }
        }
        drop(state);
        self.idle.notify_all();
    }

    /// The function is not called any more once this returns; closed within the wake itself, once that wake returns.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.function = None;
        let me = thread::current().id();
        while state.running.is_some_and(|running| running != me) {
            state = self.idle.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Barrier, mpsc};

    #[test]
    fn closing_waits_for_a_wake_that_runs_and_lets_none_follow() {
        static INSIDE: Barrier = Barrier::new(2);
        static LEAVE: Barrier = Barrier::new(2);
        static CALLS: AtomicUsize = AtomicUsize::new(0);
        unsafe extern "C" fn slow(key: usize) {
            assert_eq!(key, 7);
            INSIDE.wait();
            LEAVE.wait();
            CALLS.fetch_add(1, Ordering::SeqCst);
        }
        let wake = Arc::new(Wake::new(Some(slow), 7));
        let waking = thread::spawn({
            let wake = Arc::clone(&wake);
            move || wake.wake()
        });
        INSIDE.wait();
        let (closed, is_closed) = mpsc::channel();
        let closing = thread::spawn({
            let wake = Arc::clone(&wake);
            move || {
                wake.close();
                closed.send(CALLS.load(Ordering::SeqCst)).unwrap();
            }
        });
        // The closing thread can't be through, however far it has come.
        assert!(is_closed.try_recv().is_err());
        LEAVE.wait();
        assert_eq!(is_closed.recv().unwrap(), 1);
        waking.join().unwrap();
        closing.join().unwrap();
        wake.wake();
        assert_eq!(CALLS.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_wake_may_close_itself() {
        static SELF: Mutex<Option<Arc<Wake>>> = Mutex::new(None);
        unsafe extern "C" fn closes(_: usize) {
            SELF.lock().unwrap().take().unwrap().close();
        }
        let wake = Arc::new(Wake::new(Some(closes), 0));
        *SELF.lock().unwrap() = Some(Arc::clone(&wake));
        wake.wake();
        // A second call would find nothing to take and panic.
        wake.wake();
        assert!(SELF.lock().unwrap().is_none());
    }
}
