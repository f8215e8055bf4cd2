//! The fetches under way: which one an ask waits for, who waits for it, and what comes of its end.

use super::cache::Entry;
use super::key::{Key, WantedToken};
use super::needs::NeedState;
use super::requests::Id;
use super::step::{AskId, Granted, Renewal};
use super::table::Table;
use crate::operation::TokenTag;
use crate::problem::Problem;
use crate::sign_in::Token;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::task::Waker;

/// A fetch under way.
pub(super) struct Fetching {
    wanted: Arc<WantedToken>,
    claims: Option<String>,
    waiters: BTreeMap<Waiter, Renewal>,
    /// It renews a token before its time, and goes on although nobody waits for it.
    early: bool,
}

/// Who waits for a fetch.
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
