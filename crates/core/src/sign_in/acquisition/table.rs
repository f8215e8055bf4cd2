//! The table that fetches and the host share: who waits for what.
//!
//! A fetch gets one token, for one key and the same claims. Asks of the host wait for fetches, and so do fetches that need
//! another token first (T1, T2). A fetch for which nobody waits is dropped, unless it renews a token before its time.
//!
//! Wakers and futures leave the lock before they are woken or dropped: either may run code that takes it again.

use super::cache::{Cache, Entry};
use super::demands::Demands;
use super::failures::Failures;
use super::key::{Goal, Key, WantedToken};
use super::requests::{Id, Requests};
use super::settings::AcquisitionSettings;
use super::step::{AskId, Demand, DemandId, DemandKind, Granted, Renewal};
use super::turns::Turns;
use crate::Now;
use crate::operation::{Event, Ids, TokenTag, Waiting};
use crate::problem::Problem;
use crate::short::Map;
use crate::sign_in::{Login, Secret, Token};
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

    /// The caller does not wait for this ask any more.
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

    /// A holder has a refresh token.
    pub(super) fn keep_refresh_token(&mut self, holder: Key, token: Secret) {
        let age = self.new_id();
        self.failures.allow_refresh(&holder);
        self.cache.keep_refresh_token(holder, token, age);
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

    /// A place in the row of this goal.
    pub(super) fn queue_up(&mut self, goal: Goal) -> Id {
        let id = self.new_id();
        self.turns.queue_up(goal, id);
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

/// A fetch under way.
pub(super) struct Fetching {
    wanted: Arc<WantedToken>,
    claims: Option<String>,
    waiters: BTreeMap<Waiter, Renewal>,
    /// It renews a token before its time, and goes on although nobody waits for it.
    early: bool,
}

/// An ask, or another fetch, that waits for a fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Waiter {
    Ask(AskId),
    Need(Id),
}

/// Where a token comes from.
pub(super) enum Source {
    Here(Granted),
    Failed(Problem),
    Fetch(Id),
}

impl Table {
    pub(super) fn source(&mut self, wanted: &Arc<WantedToken>, renewal: &Renewal) -> Source {
        let now = self.now.mono;
        if let Some(tag) = renewal.refused {
            self.cache.refuse(&wanted.key, tag);
        }
        if renewal.anew {
            self.cache.remove(&wanted.key);
        }
        if let Some((granted, newer_is_better)) = self.cache.usable(&wanted.key, renewal, now) {
            let held = || self.failures.of(&wanted.key, None, now).is_some();
            if newer_is_better && !self.by_key.contains_key(&wanted.key) && !held() {
                self.start(wanted, None, true);
            }
            return Source::Here(granted);
        }
        if let Some(problem) = self.failures.of(&wanted.key, renewal.claims.as_ref(), now) {
            return match self.cache.valid(&wanted.key, renewal, now).filter(|_| problem.is_transient()) {
                Some(granted) => Source::Here(granted),
                None => Source::Failed(problem),
            };
        }
        Source::Fetch(match self.under_way(&wanted.key, renewal.claims.as_ref()) {
            Some(fetch) => fetch,
            None => self.start(wanted, renewal.claims.clone(), false),
        })
    }

    /// The fetch that an ask with these claims may wait for: one that began with the same, or, for an ask without claims,
    /// any.
    fn under_way(&self, key: &Key, claims: Option<&String>) -> Option<Id> {
        let fetches = self.by_key.get(key)?;
        let same = fetches.iter().find(|(of, _)| of.as_ref() == claims);
        same.or_else(|| fetches.iter().next().filter(|_| claims.is_none())).map(|(_, fetch)| *fetch)
    }

    fn start(&mut self, wanted: &Arc<WantedToken>, claims: Option<String>, early: bool) -> Id {
        let id = self.new_id();
        self.by_key.entry(wanted.key.clone()).or_default().insert(claims.clone(), id);
        self.starting.push((id, Arc::clone(wanted), claims.clone()));
        let wanted = Arc::clone(wanted);
        self.fetches.insert(id, Fetching { wanted, claims, waiters: BTreeMap::new(), early });
        id
    }

    pub(super) fn wait_for(&mut self, fetch: Id, waiter: Waiter, renewal: Renewal) {
        if let Some(fetch) = self.fetches.get_mut(&fetch) {
            fetch.waiters.insert(waiter, renewal);
        }
    }

    /// A fetch for which nobody waits any more is dropped.
    pub(super) fn leave(&mut self, id: Id, waiter: Waiter) {
        let Some(fetch) = self.fetches.get_mut(&id) else { return };
        fetch.waiters.remove(&waiter);
        if fetch.waiters.is_empty() && !fetch.early {
            self.remove_fetch(id);
            self.dropped.push(id);
        }
    }

    fn remove_fetch(&mut self, id: Id) -> Option<Fetching> {
        let fetch = self.fetches.remove(&id)?;
        // One that began before everything was forgotten may have a successor.
        if let Some(fetches) = self.by_key.get_mut(&fetch.wanted.key)
            && fetches.get(&fetch.claims) == Some(&id)
        {
            fetches.remove(&fetch.claims);
            if fetches.len() == 0 {
                self.by_key.remove(&fetch.wanted.key);
            }
        }
        Some(fetch)
    }

    pub(super) fn take_starting(&mut self) -> Vec<(Id, Arc<WantedToken>, Option<String>)> {
        std::mem::take(&mut self.starting)
    }

    pub(super) fn take_dropped(&mut self) -> Vec<Id> {
        std::mem::take(&mut self.dropped)
    }

    /// A fetch has ended: those who wait for it are told.
    pub(super) fn end_fetch(&mut self, id: Id, result: Result<Token, Problem>, wake: &mut Vec<Waker>) {
        let Some(fetch) = self.remove_fetch(id) else { return };
        let now = self.now.mono;
        let key = &fetch.wanted.key;
        let result = match result {
            Ok(token) => Ok(self.keep(id, &fetch, token)),
            Err(problem) => {
                self.cache.postpone(key, now);
                self.failures.note((key.clone(), fetch.claims.clone()), &problem, now);
                Err(problem)
            }
        };
        for (waiter, renewal) in fetch.waiters {
            let result = match &result {
                // After a renewal that fails for now, a token that is still good is given out.
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

    fn keep(&mut self, id: Id, fetch: &Fetching, token: Token) -> Granted {
        let now = self.now.mono;
        let key = &fetch.wanted.key;
        self.failures.remove(key, fetch.claims.as_ref());
        let tag = TokenTag(self.new_id());
        let entry = Entry::new(token, tag, fetch.claims.clone(), id, now, self.seed);
        let granted = entry.grant(now);
        if id > self.forgotten {
            let by_key = &self.by_key;
            self.cache.insert(key.clone(), entry, now, |key| by_key.contains_key(key));
        }
        granted
    }

    /// The asks that wait for a fetch, by itself or for another token first.
    pub(super) fn asks_of(&self, fetch: Id) -> Vec<AskId> {
        let mut asks = Vec::new();
        let mut fetches = vec![fetch];
        while let Some(fetch) = fetches.pop() {
            for waiter in self.fetches.get(&fetch).into_iter().flat_map(|fetch| fetch.waiters.keys()) {
                match waiter {
                    Waiter::Ask(ask) => asks.push(*ask),
                    Waiter::Need(need) => fetches.extend(self.needs.get(need).map(|need| need.owner)),
                }
            }
        }
        asks
    }
}

/// A fetch that needs the token of another.
pub(super) struct Need {
    pub(super) owner: Id,
    pub(super) state: NeedState,
}

pub(super) enum NeedState {
    /// It waits for that fetch.
    Waiting(Id, Waker),
    Over(Result<Granted, Problem>),
}

impl Table {
    /// The token, or the id of a need that waits for it.
    pub(super) fn need(
        &mut self,
        owner: Id,
        wanted: &Arc<WantedToken>,
        waker: &Waker,
    ) -> Result<Result<Granted, Problem>, Id> {
        match self.source(wanted, &Renewal::default()) {
            Source::Here(granted) => Ok(Ok(granted)),
            Source::Failed(problem) => Ok(Err(problem)),
            Source::Fetch(fetch) => {
                let id = self.new_id();
                self.needs.insert(id, Need { owner, state: NeedState::Waiting(fetch, waker.clone()) });
                self.wait_for(fetch, Waiter::Need(id), Renewal::default());
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
            NeedState::Waiting(fetch, waker) => {
                self.leave(fetch, Waiter::Need(id));
                Some(waker)
            }
            NeedState::Over(_) => None,
        }
    }
}
