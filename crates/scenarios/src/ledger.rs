//! What the clients of one session were told to wait for, and what they have used of the tenant's quotas.

use crate::trace::seconds;
use crate::violation::{Invariant, Violation, require};
use std::collections::VecDeque;
use std::time::Duration;

/// TokenOwner time a request takes: a session counts all of its own.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Requests that have left, each part of a batch for itself.
    left: u32,
    /// What the server asked of reads and of writes.
    holds: [Hold; 2],
    /// What the session may use in any window, where it knows: writes in 150 seconds, units in 10.
    quotas: Option<[u32; 2]>,
    used: [VecDeque<(Duration, u32)>; 2],
}

/// What an answer says about waiting.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told {
    /// Which request it was, counted as they leave.
    pub(crate) number: u32,
    pub(crate) write: bool,
    /// Whether the server had a place for it; none where that is not known.
    pub(crate) taken: Option<bool>,
    /// What to wait for.
    pub(crate) ask: Ask,
}

/// What the server asks to wait for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ask {
    Nothing,
    /// Before the next request of this kind.
    Kind(Duration),
    /// Before any request.
    All(Duration),
}

/// What the server asked of one kind of request: to wait, until one that left with it or later is taken.
#[derive(Debug, Clone, Copy, Default)]
struct Hold {
    until: Duration,
    /// When it was asked, and of which client: others learn of it no sooner than a moment later.
    since: Option<(Duration, char)>,
    refused: u32,
    taken: u32,
}

impl Ledger {
    pub(crate) fn new(quotas: Option<[u32; 2]>) -> Self {
        Self { quotas, ..Self::default() }
    }

    /// A request leaves: its number, unless the server's time is not over.
    pub(crate) fn leaves(
        &mut self,
        now: Duration,
        (write, client): (bool, char),
        what: impl Fn() -> String,
    ) -> Result<u32, Violation> {
        if let Some(hold) = self.holds.get(usize::from(write)) {
            let knows = hold.since.is_none_or(|(at, whom)| at < now || whom == client);
            require(now >= hold.until || !knows, Invariant::WaitsAsAsked, || {
                format!("{} leaves {} before the server's time", what(), seconds(hold.until - now))
            })?;
        }
        self.left += 1;
        Ok(self.left)
    }

    /// Learns from answers that came together, to requests that left together.
    pub(crate) fn learn(&mut self, now: Duration, client: char, told: &[Told]) {
        let last = told.iter().map(|one| one.number).max().unwrap_or_default();
        for one in told {
            if let Some(hold) = self.holds.get_mut(usize::from(one.write)) {
                hold.learn(last, one.taken);
            }
        }
        let [reads, writes] = &mut self.holds;
        for one in told {
            match one.ask {
                Ask::Nothing => {}
                Ask::Kind(until) if one.write => writes.ask(now, client, until),
                Ask::Kind(until) => reads.ask(now, client, until),
                Ask::All(until) => {
                    reads.ask(now, client, until);
                    writes.ask(now, client, until);
                }
            }
        }
    }

    /// Requests of this session arrive at the directory, which charges so much for them.
    pub(crate) fn spends(&mut self, now: Duration, spent: [u32; 2]) -> Result<(), Violation> {
        let Some(quotas) = self.quotas else { return Ok(()) };
        for ((used, spent), (quota, span)) in
            self.used.iter_mut().zip(spent).zip(quotas.into_iter().zip([150, 10]))
        {
            let span = Duration::from_secs(span);
            while used.front().is_some_and(|(at, _)| at.saturating_add(span) <= now) {
                used.pop_front();
            }
            used.push_back((now, spent));
            let sum: u32 = used.iter().map(|(_, amount)| amount).sum();
            require(sum <= quota.max(1), Invariant::BudgetsKept, || {
                format!("{sum} of {quota} in {} at {}", seconds(span), seconds(now))
            })?;
        }
        Ok(())
    }
}

impl Hold {
    fn learn(&mut self, number: u32, taken: Option<bool>) {
        match taken {
            Some(true) => self.taken = self.taken.max(number),
            Some(false) => self.refused = self.refused.max(number),
            None => {}
        }
        if self.is_lifted() {
            self.until = Duration::ZERO;
        }
    }

    /// One that left with or after those that were refused was taken.
    fn is_lifted(&self) -> bool {
        self.taken > 0 && self.taken >= self.refused
    }

    fn ask(&mut self, now: Duration, client: char, until: Duration) {
        if !self.is_lifted() && until > self.until {
            self.until = until;
            self.since = Some((now, client));
        }
    }
}
