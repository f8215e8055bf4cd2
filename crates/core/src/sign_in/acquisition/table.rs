//! The table that fetches and the host share: who waits for what.
//!
//! A fetch gets one token, for one key and the same claims. Asks of the host wait for fetches, and so do fetches that need
//! another token first (T1, T2). A fetch for which nobody waits is dropped, unless it renews a token before its time.
//!
//! Wakers and futures leave the lock before they are woken or dropped: either may run code that takes it again.

use super::cache::Cache;
use super::demands::Demands;
use super::failures::Failures;
use super::fetches::{Fetching, Source, Waiter};
use super::key::{Key, WantedToken};
use super::needs::Need;
use super::requests::{Id, Requests};
use super::settings::AcquisitionSettings;
use super::step::{AskId, Demand, DemandId, DemandKind, Granted, Renewal};
use super::turns::Turns;
use crate::Now;
use crate::operation::{Event, Ids, Waiting};
use crate::problem::Problem;
use crate::short::Map;
use crate::sign_in::Login;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

/// Events that the host has not taken; older ones are dropped.
const EVENTS: usize = 256;

/// The table behind its lock.
pub(super) struct Shared(Mutex<Table>);

impl Shared {
    pub(super) fn new(settings: AcquisitionSettings, seed: u64) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Table::new(settings, seed))))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) struct Table {
    pub(super) now: Now,
    pub(super) settings: Arc<AcquisitionSettings>,
    pub(super) seed: u64,
    next: Id,
    pub(super) cache: Cache,
    pub(super) failures: Failures,
    /// Sign-ins that have ever answered.
    pub(super) contacted: Map<Login, ()>,
    /// Tokens of fetches that began before this are not kept.
    pub(super) forgotten: Id,
    pub(super) fetches: BTreeMap<Id, Fetching>,
    pub(super) by_key: BTreeMap<Key, Map<Option<String>, Id>>,
    pub(super) starting: Vec<(Id, Arc<WantedToken>, Option<String>)>,
    pub(super) dropped: Vec<Id>,
    pub(super) asks: Map<AskId, Id>,
    fresh: VecDeque<(AskId, Arc<WantedToken>, Renewal)>,
    pub(super) ended: VecDeque<(AskId, Result<Granted, Problem>)>,
    pub(super) needs: Map<Id, Need>,
    pub(super) requests: Requests,
    pub(super) timers: BTreeMap<(Duration, Id), Waker>,
    pub(super) demands: Demands,
    pub(super) turns: Turns,
    events: VecDeque<(Id, Event)>,
}

impl Table {
    fn new(settings: AcquisitionSettings, seed: u64) -> Self {
        let settings = Arc::new(settings);
        Self {
            now: Now::default(),
            seed,
            next: 1,
            cache: Cache::new(settings.tokens),
            failures: Failures::default(),
            contacted: Map::default(),
            forgotten: 0,
            fetches: BTreeMap::new(),
            by_key: BTreeMap::new(),
            starting: Vec::new(),
            dropped: Vec::new(),
            asks: Map::default(),
            fresh: VecDeque::new(),
            ended: VecDeque::new(),
            needs: Map::default(),
            requests: Requests::new(Arc::clone(&settings), Ids::new(seed)),
            timers: BTreeMap::new(),
            demands: Demands::default(),
            turns: Turns::default(),
            events: VecDeque::new(),
            settings,
        }
    }

    pub(super) const fn new_id(&mut self) -> Id {
        let id = self.next;
        self.next += 1;
        id
    }

    /// Moves the clock: fires timers, and ends requests whose time is over.
    pub(super) fn advance(&mut self, now: Now, wake: &mut Vec<Waker>) {
        self.now = now;
        while let Some(entry) = self.timers.first_entry().filter(|entry| entry.key().0 <= now.mono) {
            wake.push(entry.remove());
        }
        self.requests.expire(now, wake);
    }

    // Asks.

    pub(super) fn ask(&mut self, wanted: WantedToken, renewal: Renewal) -> AskId {
        let id = AskId(self.new_id());
        self.fresh.push_back((id, Arc::new(wanted), renewal));
        id
    }

    /// Answers new asks from the cache, or lets them wait for fetches.
    pub(super) fn serve(&mut self) {
        while let Some((id, wanted, renewal)) = self.fresh.pop_front() {
            match self.source(&wanted, &renewal) {
                Source::Here(granted) => self.ended.push_back((id, Ok(granted))),
                Source::Failed(problem) => self.ended.push_back((id, Err(problem))),
                Source::Fetch(fetch) => {
                    self.asks.insert(id, fetch);
                    self.wait_for(fetch, Waiter::Ask(id), renewal);
                }
            }
        }
    }

    /// Nobody waits for this ask any more.
    pub(super) fn give_up(&mut self, id: AskId) {
        self.fresh.retain(|(other, ..)| *other != id);
        self.ended.retain(|(other, _)| *other != id);
        if let Some(fetch) = self.asks.remove(&id) {
            self.leave(fetch, Waiter::Ask(id));
        }
    }

    pub(super) fn take_ended(&mut self) -> Option<(AskId, Result<Granted, Problem>)> {
        self.ended.pop_front()
    }

    pub(super) fn is_idle(&self) -> bool {
        self.fetches.is_empty() && self.fresh.is_empty() && self.ended.is_empty()
    }

    pub(super) fn next_timer(&self) -> Option<Duration> {
        self.timers.first_key_value().map(|((at, _), _)| *at)
    }

    /// Forgets every token. Those that are on their way are given to whoever waits for them already, and not kept.
    pub(super) fn forget(&mut self) {
        self.cache.clear();
        self.failures.clear();
        self.by_key.clear();
        self.forgotten = self.new_id();
    }

    /// Whether tokens of this fetch may be kept.
    pub(super) const fn may_keep(&self, fetch: Id) -> bool {
        fetch > self.forgotten
    }

    // Demands.

    pub(super) fn demand(&mut self, fetch: Id, kind: DemandKind) -> Id {
        let id = self.new_id();
        self.demands.insert(id, fetch, kind);
        id
    }

    pub(super) fn take_demand(&mut self) -> Option<Demand> {
        let (id, fetch, kind) = self.demands.take()?;
        Some(Demand { id: DemandId(id), asks: self.asks_of(fetch), kind })
    }

    /// A place in the row of this holder.
    pub(super) fn queue_up(&mut self, holder: Key) -> Id {
        let id = self.new_id();
        self.turns.queue_up(holder, id);
        id
    }

    // Events.

    /// A fetch waits so long.
    pub(super) fn waits(&mut self, fetch: Id, why: Waiting, wait: Duration) {
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        let event = Event::Waiting { row: None, why, wait_ms, object: None, setting: None };
        if self.events.len() >= EVENTS {
            self.events.pop_front();
        }
        self.events.push_back((fetch, event));
    }

    /// The next event that still concerns somebody.
    pub(super) fn take_event(&mut self) -> Option<(Vec<AskId>, Event)> {
        loop {
            let (fetch, event) = self.events.pop_front()?;
            let asks = self.asks_of(fetch);
            if !asks.is_empty() {
                return Some((asks, event));
            }
        }
    }
}
