//! The tokens that are there.

use super::key::Key;
use super::step::{Granted, Renewal};
use crate::hash::mix;
use crate::operation::TokenTag;
use crate::sign_in::{Account, Secret, Token};
use crate::token::renew_after;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// A renewal before the time that failed is tried again after this long at the earliest.
const NEXT_EARLY_RENEWAL: Duration = Duration::from_secs(30);

/// While a newer token is on its way, nobody need ask for it more often.
const BETWEEN_ASKS: Duration = Duration::from_secs(5);

/// Tokens, at most so many. Those that leave are overwritten.
pub(super) struct Cache {
    most: usize,
    entries: BTreeMap<Key, Entry>,
    /// When they end, for the one that leaves first.
    ends: BTreeMap<(Duration, TokenTag), Key>,
    refresh_tokens: BTreeMap<Key, (u64, Secret)>,
    /// The age of refresh tokens, from the oldest.
    ages: BTreeSet<(u64, Key)>,
}

/// A token, and when it is renewed.
pub(super) struct Entry {
    token: Secret,
    scope: Option<Arc<str>>,
    account: Option<Arc<Account>>,
    pub(super) tag: TokenTag,
    /// The claims that it was got for.
    claims: Option<String>,
    /// The fetch that got it. A later fetch knows more.
    fetch: u64,
    /// When it ends; [`Duration::MAX`] where the answer did not say.
    ends_at: Duration,
    /// The moment from which on it is not given out any more.
    renew_at: Duration,
    /// The moment from which on a newer one is better.
    renew_early_at: Duration,
}

impl Entry {
    /// An entry for a token that came now.
    pub(super) fn new(
        token: Token,
        tag: TokenTag,
        claims: Option<String>,
        fetch: u64,
        now: Duration,
        seed: u64,
    ) -> Self {
        let life = token.expires_in.unwrap_or(Duration::MAX);
        let latest = if life == Duration::MAX { life } else { renew_after(life) };
        // Programs that signed in together should not renew together.
        let early = token.refresh_in.map_or(latest, |early| {
            let early = early.min(latest);
            let spread = u64::try_from((latest - early).as_millis() / 4).unwrap_or(u64::MAX);
            let jitter = mix(&[seed, tag.0]).checked_rem(spread.saturating_add(1)).unwrap_or_default();
            early.saturating_add(Duration::from_millis(jitter))
        });
        Self {
            token: token.secret,
            scope: token.scope.map(Arc::from),
            account: token.account.map(Arc::new),
            tag,
            claims,
            fetch,
            ends_at: now.saturating_add(life),
            renew_at: now.saturating_add(latest),
            renew_early_at: now.saturating_add(early),
        }
    }

    pub(super) fn grant(&self, now: Duration) -> Granted {
        let left = (self.ends_at != Duration::MAX).then(|| self.ends_at.saturating_sub(now));
        Granted {
            token: self.token.clone(),
            tag: self.tag,
            expires_in: left,
            renew_in: left.map(|left| self.renew_in(left, now)),
            scope: self.scope.clone(),
            account: self.account.clone(),
        }
    }

    /// When to ask again. Past its time, it is given out because there is no newer one for now.
    fn renew_in(&self, left: Duration, now: Duration) -> Duration {
        let latest = renew_after(left);
        if self.renew_at <= now {
            return latest;
        }
        self.renew_early_at.saturating_sub(now).max(BETWEEN_ASKS).min(latest)
    }

    /// Whether it answers such an ask.
    fn answers(&self, renewal: &Renewal) -> bool {
        let same_claims = renewal.refused.is_some() && renewal.claims == self.claims;
        renewal.refused != Some(self.tag) && (renewal.claims.is_none() || same_claims)
    }
}

impl Cache {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most: most.max(1),
            entries: BTreeMap::new(),
            ends: BTreeMap::new(),
            refresh_tokens: BTreeMap::new(),
            ages: BTreeSet::new(),
        }
    }

    /// The token for such an ask, where there is one that need not be renewed, and whether a newer one is better.
    pub(super) fn usable(&self, key: &Key, renewal: &Renewal, now: Duration) -> Option<(Granted, bool)> {
        let entry = self.entries.get(key).filter(|entry| entry.renew_at > now && entry.answers(renewal))?;
        Some((entry.grant(now), entry.renew_early_at <= now))
    }

    /// The token for such an ask, where there is one that is still good.
    pub(super) fn valid(&self, key: &Key, renewal: &Renewal, now: Duration) -> Option<Granted> {
        let entry = self.entries.get(key).filter(|entry| entry.ends_at > now && entry.answers(renewal))?;
        Some(entry.grant(now))
    }

    /// A token was refused: it is not given out again.
    pub(super) fn refuse(&mut self, key: &Key, tag: TokenTag) {
        if self.entries.get(key).is_some_and(|entry| entry.tag == tag) {
            self.remove(key);
        }
    }

    /// The token is not given out again, whichever it is.
    pub(super) fn remove(&mut self, key: &Key) {
        if let Some(entry) = self.entries.remove(key) {
            self.ends.remove(&(entry.ends_at, entry.tag));
        }
    }

    /// Keeps a token, unless a later fetch has brought another one. Where there are too many, the one that ends first goes;
    /// `in_use` says which ones can't.
    pub(super) fn insert(&mut self, key: Key, entry: Entry, now: Duration, in_use: impl Fn(&Key) -> bool) {
        if self.entries.get(&key).is_some_and(|other| other.fetch > entry.fetch) {
            return;
        }
        self.remove(&key);
        while let Some((&(ends_at, tag), _)) = self.ends.first_key_value() {
            if ends_at > now {
                break;
            }
            if let Some(key) = self.ends.remove(&(ends_at, tag)) {
                self.entries.remove(&key);
            }
        }
        while self.entries.len() >= self.most {
            let Some(first) = self.ends.values().find(|key| !in_use(key)).cloned() else { break };
            self.remove(&first);
        }
        self.ends.insert((entry.ends_at, entry.tag), key.clone());
        self.entries.insert(key, entry);
    }

    /// A renewal before the time has failed: the next one has some time.
    pub(super) fn postpone(&mut self, key: &Key, now: Duration) {
        if let Some(entry) = self.entries.get_mut(key).filter(|entry| entry.renew_at > now) {
            let wait = (entry.renew_at - now) / 4;
            let next = now.saturating_add(wait.max(NEXT_EARLY_RENEWAL));
            // The failed fetch may have been one with claims, long before the time.
            entry.renew_early_at = entry.renew_early_at.max(next);
        }
    }

    /// The refresh token of this holder.
    pub(super) fn refresh_token(&self, holder: &Key) -> Option<&Secret> {
        self.refresh_tokens.get(holder).map(|(_, token)| token)
    }

    /// Keeps a refresh token in place of the former one; where there are too many, the oldest goes.
    pub(super) fn keep_refresh_token(&mut self, holder: Key, token: Secret, age: u64) {
        self.forget_refresh_token(&holder);
        while self.refresh_tokens.len() >= self.most {
            let Some((_, oldest)) = self.ages.pop_first() else { break };
            self.refresh_tokens.remove(&oldest);
        }
        self.ages.insert((age, holder.clone()));
        self.refresh_tokens.insert(holder, (age, token));
    }

    pub(super) fn forget_refresh_token(&mut self, holder: &Key) {
        if let Some((age, _)) = self.refresh_tokens.remove(holder) {
            self.ages.remove(&(age, holder.clone()));
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        *self = Self::new(self.most);
    }

    /// The tokens that are kept, and the refresh tokens.
    pub(super) fn len(&self) -> (usize, usize) {
        (self.entries.len(), self.refresh_tokens.len())
    }
}
