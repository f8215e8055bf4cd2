//! The table that flights and the host share: who waits for what.
//!
//! A flight gets one token, for one key and the same claims. Asks of the host wait for flights, and so do flights that need
//! another token first (T1, T2). A flight for which nobody waits is dropped, unless it renews a token before its time.
//!
//! Wakers and futures leave the lock before they are woken or dropped: either may run code that takes it again.

use super::cache::{Cache, Entry};
use super::demands::Demands;
use super::failures::Failures;
use super::key::{Errand, Key};
use super::requests::{Id, Requests};
use super::settings::AcquisitionSettings;
use super::step::{AskId, Demand, DemandId, DemandKind, Granted, Renewal};
use super::turns::Turns;
use crate::Now;
use crate::operation::{Event, Ids, TokenTag, Waiting};
use crate::problem::Problem;
use crate::sign_in::{Login, Token};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
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
    pub(super) contacted: BTreeSet<Login>,
    /// Tokens of flights that began before this are not kept.
    forgotten: Id,
    flights: BTreeMap<Id, Flight>,
    by_key: BTreeMap<Key, BTreeMap<Option<String>, Id>>,
    starting: Vec<(Id, Arc<Errand>, Option<String>)>,
    dropped: Vec<Id>,
    asks: BTreeMap<AskId, Id>,
    fresh: VecDeque<(AskId, Arc<Errand>, Renewal)>,
    ended: VecDeque<(AskId, Result<Granted, Problem>)>,
    needs: BTreeMap<Id, Need>,
    pub(super) requests: Requests,
    pub(super) timers: BTreeMap<(Duration, Id), Waker>,
    pub(super) demands: Demands,
    pub(super) turns: Turns,
    events: VecDeque<(Id, Event)>,
}

/// A token on its way.
struct Flight {
    errand: Arc<Errand>,
    claims: Option<String>,
    waiters: BTreeMap<Waiter, Renewal>,
    /// It renews a token before its time, and goes on although nobody waits for it.
    early: bool,
}

/// Who waits for a flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Waiter {
    Ask(AskId),
    Need(Id),
}

/// A flight that needs the token of another.
struct Need {
    owner: Id,
    state: NeedState,
}

enum NeedState {
    /// It waits for that flight.
    Waiting(Id, Waker),
    Over(Result<Granted, Problem>),
}

/// Where a token comes from.
enum Source {
    Here(Granted),
    Failed(Problem),
    Flight(Id),
}

impl Table {
    fn new(settings: AcquisitionSettings, seed: u64) -> Self {
        let settings = Arc::new(settings);
        Self {
            now: Now::default(),
            seed,
            next: 1,
            cache: Cache::new(settings.tokens),
            failures: Failures::new(settings.retry.longest_retry_after),
            contacted: BTreeSet::new(),
            forgotten: 0,
            flights: BTreeMap::new(),
            by_key: BTreeMap::new(),
            starting: Vec::new(),
            dropped: Vec::new(),
            asks: BTreeMap::new(),
            fresh: VecDeque::new(),
            ended: VecDeque::new(),
            needs: BTreeMap::new(),
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

    pub(super) fn ask(&mut self, errand: Errand, renewal: Renewal) -> AskId {
        let id = AskId(self.new_id());
        self.fresh.push_back((id, Arc::new(errand), renewal));
        id
    }

    /// Answers new asks from the cache, or lets them wait for flights.
    pub(super) fn serve(&mut self) {
        while let Some((id, errand, renewal)) = self.fresh.pop_front() {
            match self.source(&errand, &renewal) {
                Source::Here(granted) => self.ended.push_back((id, Ok(granted))),
                Source::Failed(problem) => self.ended.push_back((id, Err(problem))),
                Source::Flight(flight) => {
                    self.asks.insert(id, flight);
                    self.wait_for(flight, Waiter::Ask(id), renewal);
                }
            }
        }
    }

    /// Nobody waits for this ask any more.
    pub(super) fn give_up(&mut self, id: AskId) {
        self.fresh.retain(|(other, ..)| *other != id);
        self.ended.retain(|(other, _)| *other != id);
        if let Some(flight) = self.asks.remove(&id) {
            self.leave(flight, Waiter::Ask(id));
        }
    }

    pub(super) fn take_ended(&mut self) -> Option<(AskId, Result<Granted, Problem>)> {
        self.ended.pop_front()
    }

    // Flights.

    fn source(&mut self, errand: &Arc<Errand>, renewal: &Renewal) -> Source {
        let now = self.now.mono;
        if let Some(tag) = renewal.refused {
            self.cache.refuse(&errand.key, tag);
        }
        if let Some((granted, newer_is_better)) = self.cache.usable(&errand.key, renewal, now) {
            let held = || self.failures.of(&errand.key, None, now).is_some();
            if newer_is_better && !self.by_key.contains_key(&errand.key) && !held() {
                self.start(errand, None, true);
            }
            return Source::Here(granted);
        }
        if let Some(problem) = self.failures.of(&errand.key, renewal.claims.as_ref(), now) {
            return match self.cache.valid(&errand.key, renewal, now).filter(|_| problem.is_transient()) {
                Some(granted) => Source::Here(granted),
                None => Source::Failed(problem),
            };
        }
        Source::Flight(match self.under_way(&errand.key, renewal.claims.as_ref()) {
            Some(flight) => flight,
            None => self.start(errand, renewal.claims.clone(), false),
        })
    }

    /// The flight that an ask with these claims may wait for: one that began with the same, or, for an ask without claims,
    /// any.
    fn under_way(&self, key: &Key, claims: Option<&String>) -> Option<Id> {
        let flights = self.by_key.get(key)?;
        let same = flights.iter().find(|(of, _)| of.as_ref() == claims);
        same.or_else(|| flights.first_key_value().filter(|_| claims.is_none())).map(|(_, flight)| *flight)
    }

    fn start(&mut self, errand: &Arc<Errand>, claims: Option<String>, early: bool) -> Id {
        let id = self.new_id();
        self.by_key.entry(errand.key.clone()).or_default().insert(claims.clone(), id);
        self.starting.push((id, Arc::clone(errand), claims.clone()));
        let errand = Arc::clone(errand);
        self.flights.insert(id, Flight { errand, claims, waiters: BTreeMap::new(), early });
        id
    }

    fn wait_for(&mut self, flight: Id, waiter: Waiter, renewal: Renewal) {
        if let Some(flight) = self.flights.get_mut(&flight) {
            flight.waiters.insert(waiter, renewal);
        }
    }

    /// A flight for which nobody waits any more is dropped.
    fn leave(&mut self, id: Id, waiter: Waiter) {
        let Some(flight) = self.flights.get_mut(&id) else { return };
        flight.waiters.remove(&waiter);
        if flight.waiters.is_empty() && !flight.early {
            self.remove_flight(id);
            self.dropped.push(id);
        }
    }

    fn remove_flight(&mut self, id: Id) -> Option<Flight> {
        let flight = self.flights.remove(&id)?;
        if let Some(flights) = self.by_key.get_mut(&flight.errand.key) {
            flights.remove(&flight.claims);
            if flights.is_empty() {
                self.by_key.remove(&flight.errand.key);
            }
        }
        Some(flight)
    }

    pub(super) fn take_starting(&mut self) -> Vec<(Id, Arc<Errand>, Option<String>)> {
        std::mem::take(&mut self.starting)
    }

    pub(super) fn take_dropped(&mut self) -> Vec<Id> {
        std::mem::take(&mut self.dropped)
    }

    pub(super) fn is_idle(&self) -> bool {
        self.flights.is_empty() && self.fresh.is_empty() && self.ended.is_empty()
    }

    pub(super) fn next_timer(&self) -> Option<Duration> {
        self.timers.first_key_value().map(|((at, _), _)| *at)
    }

    /// A flight has ended: those who wait for it are told.
    pub(super) fn land(&mut self, id: Id, result: Result<Token, Problem>, wake: &mut Vec<Waker>) {
        let Some(flight) = self.remove_flight(id) else { return };
        let now = self.now.mono;
        let key = &flight.errand.key;
        let result = match result {
            Ok(token) => Ok(self.keep(id, &flight, token)),
            Err(problem) => {
                self.cache.postpone(key, now);
                self.failures.note((key.clone(), flight.claims.clone()), &problem, now);
                Err(problem)
            }
        };
        for (waiter, renewal) in flight.waiters {
            let result = match &result {
                // A renewal that fails for now is no reason to do without the token that is still good.
                Err(problem) if problem.is_transient() => {
                    self.cache.valid(key, &renewal, now).ok_or_else(|| problem.clone())
                }
                other => other.clone(),
            };
            match waiter {
                Waiter::Ask(ask) => {
                    self.asks.remove(&ask);
                    self.ended.push_back((ask, result));
                }
                Waiter::Need(need) => {
                    if let Some(need) = self.needs.get_mut(&need)
                        && let NeedState::Waiting(_, waker) =
                            std::mem::replace(&mut need.state, NeedState::Over(result))
                    {
                        wake.push(waker);
                    }
                }
            }
        }
    }

    fn keep(&mut self, id: Id, flight: &Flight, token: Token) -> Granted {
        let now = self.now.mono;
        let key = &flight.errand.key;
        self.failures.remove(key, flight.claims.as_ref());
        let tag = TokenTag(self.new_id());
        let entry = Entry::new(token, tag, flight.claims.clone(), id, now, self.seed);
        let granted = entry.grant(now);
        if id > self.forgotten {
            let by_key = &self.by_key;
            self.cache.insert(key.clone(), entry, now, |key| by_key.contains_key(key));
        }
        granted
    }

    /// Forgets every token. Those that are on their way are given to whoever waits for them, and not kept.
    pub(super) fn forget(&mut self) {
        self.cache.clear();
        self.failures.clear();
        self.forgotten = self.new_id();
    }

    /// Whether tokens of this flight may be kept.
    pub(super) const fn may_keep(&self, flight: Id) -> bool {
        flight > self.forgotten
    }

    /// The asks that wait for a flight, by itself or for another token first.
    pub(super) fn asks_of(&self, flight: Id) -> Vec<AskId> {
        let mut asks = Vec::new();
        let mut flights = vec![flight];
        while let Some(flight) = flights.pop() {
            for waiter in self.flights.get(&flight).into_iter().flat_map(|flight| flight.waiters.keys()) {
                match waiter {
                    Waiter::Ask(ask) => asks.push(*ask),
                    Waiter::Need(need) => flights.extend(self.needs.get(need).map(|need| need.owner)),
                }
            }
        }
        asks
    }

    // Needs: tokens that a flight must have first.

    /// The token, or the id of a need that waits for it.
    pub(super) fn need(
        &mut self,
        owner: Id,
        errand: &Arc<Errand>,
        waker: &Waker,
    ) -> Result<Result<Granted, Problem>, Id> {
        match self.source(errand, &Renewal::default()) {
            Source::Here(granted) => Ok(Ok(granted)),
            Source::Failed(problem) => Ok(Err(problem)),
            Source::Flight(flight) => {
                let id = self.new_id();
                self.needs.insert(id, Need { owner, state: NeedState::Waiting(flight, waker.clone()) });
                self.wait_for(flight, Waiter::Need(id), Renewal::default());
                Err(id)
            }
        }
    }

    pub(super) fn take_need(&mut self, id: Id) -> Option<Result<Granted, Problem>> {
        match self.needs.remove(&id)? {
            Need { state: NeedState::Over(result), .. } => Some(result),
            waiting => {
                self.needs.insert(id, waiting);
                None
            }
        }
    }

    pub(super) fn drop_need(&mut self, id: Id) -> Option<Waker> {
        match self.needs.remove(&id)?.state {
            NeedState::Waiting(flight, waker) => {
                self.leave(flight, Waiter::Need(id));
                Some(waker)
            }
            NeedState::Over(_) => None,
        }
    }

    // Demands.

    pub(super) fn demand(&mut self, flight: Id, kind: DemandKind) -> Id {
        let id = self.new_id();
        self.demands.insert(id, flight, kind);
        id
    }

    pub(super) fn take_demand(&mut self) -> Option<Demand> {
        let (id, flight, kind) = self.demands.take()?;
        Some(Demand { id: DemandId(id), asks: self.asks_of(flight), kind })
    }

    /// A place in the row of this holder.
    pub(super) fn queue_up(&mut self, holder: Key) -> Id {
        let id = self.new_id();
        self.turns.queue_up(holder, id);
        id
    }

    // Events.

    /// A flight waits so long.
    pub(super) fn waits(&mut self, flight: Id, why: Waiting, wait: Duration) {
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        let event = Event::Waiting { row: None, why, wait_ms, object: None, setting: None };
        if self.events.len() >= EVENTS {
            self.events.pop_front();
        }
        self.events.push_back((flight, event));
    }

    /// The next event that still concerns somebody.
    pub(super) fn take_event(&mut self) -> Option<(Vec<AskId>, Event)> {
        loop {
            let (flight, event) = self.events.pop_front()?;
            let asks = self.asks_of(flight);
            if !asks.is_empty() {
                return Some((asks, event));
            }
        }
    }
}
