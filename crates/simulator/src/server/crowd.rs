//! The open connections. A connection that is opened and left alone must not keep others out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio::time::Instant;

/// The most connections at once. Each costs a file, of which a process may have 1,024 or fewer.
const MOST: usize = 256;

/// All open connections.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    seats: Mutex<(u64, BTreeMap<u64, State>)>,
}

#[derive(Debug)]
struct State {
    /// Since when it waits for its client; none while a request is answered.
    waits_since: Option<Instant>,
    close: Arc<Notify>,
}

/// The place of one connection. Dropping it makes room.
#[derive(Debug)]
pub(super) struct Seat {
    number: u64,
    crowd: Arc<Crowd>,
    close: Arc<Notify>,
}

impl Crowd {
    fn seats(&self) -> MutexGuard<'_, (u64, BTreeMap<u64, State>)> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether no further connection can be served without closing another one.
    pub(super) fn is_full(&self) -> bool {
        self.seats().1.len() >= MOST
    }

    /// Closes the connection that has waited longest for its client. Tells whether there was one.
    pub(super) fn make_room(&self) -> bool {
        let mut seats = self.seats();
        let longest = seats.1.iter().filter_map(|(number, seat)| Some((seat.waits_since?, *number))).min();
        let Some(seat) = longest.and_then(|(_, number)| seats.1.remove(&number)) else { return false };
        seat.close.notify_one();
        true
    }

    pub(super) fn enter(self: &Arc<Self>) -> Seat {
        let close = Arc::new(Notify::new());
        let mut seats = self.seats();
        seats.0 += 1;
        let number = seats.0;
        seats.1.insert(number, State { waits_since: Some(Instant::now()), close: Arc::clone(&close) });
        Seat { number, crowd: Arc::clone(self), close }
    }
}

impl Seat {
    /// A request has come whole, and is answered.
    pub(super) fn answers(&self) {
        self.wait(None);
    }

    /// The connection waits for its client.
    pub(super) fn waits(&self) {
        self.wait(Some(Instant::now()));
    }

    fn wait(&self, since: Option<Instant>) {
        if let Some(seat) = self.crowd.seats().1.get_mut(&self.number) {
            seat.waits_since = since;
        }
    }

    /// Ends when another connection needs the place.
    pub(super) fn closed(&self) -> impl Future<Output = ()> + use<> {
        let close = Arc::clone(&self.close);
        async move { close.notified().await }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.crowd.seats().1.remove(&self.number);
    }
}
