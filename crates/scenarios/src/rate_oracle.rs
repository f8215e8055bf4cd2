//! The waits that the server asked of a session, and what the session has used of the tenant's quotas.
//!
//! The library keeps two counters for a wait. Here the rule is stated by the journal of the server's decisions: of all
//! requests of a class on which the server has decided, the one that left last says how things stand. If the server
//! took that one, every wait that was asked so far is over; otherwise each lasts until its own moment.

use crate::learned::Learned;
use crate::trace::seconds;
use crate::violation::{Invariant, Violation, require};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// No wait lasts longer, whatever a server asks for.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// The waits and uses of one session.
#[derive(Debug, Default)]
pub(crate) struct RateOracle {
    /// Requests that have left, each part of a batch for itself.
    left: u32,
    /// The classes of reads and of writes.
    classes: [Class; 2],
    /// The session's quotas in any window, where it knows them: writes in 150 seconds, units in 10.
    quotas: Option<[u32; 2]>,
    used: [VecDeque<(Duration, u32)>; 2],
}

/// An answer to one request, or to one part of a batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answered {
    /// Which request it was, counted as they leave.
    pub(crate) number: u32,
    pub(crate) write: bool,
    /// Whether the server's quotas had room for it; none where that is not known.
    pub(crate) taken: Option<bool>,
    pub(crate) ask: Ask,
}

/// The requests that the server asks to hold back, and until when.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ask {
    Nothing,
    /// Before the next request of this class.
    Class(Duration),
    /// Before any request.
    All(Duration),
}

impl Ask {
    /// Which requests an answer makes wait, and until when. This is the one place that says so.
    pub(crate) fn of(answer: &Learned, write: bool, now: Duration) -> Self {
        let until = now.saturating_add(answer.wait.min(LONGEST_WAIT));
        match (answer.throttled, answer.busy) {
            // Requests after a write that may have happened wait, too.
            (false, true) if write => Self::All(until),
            (true, _) | (_, true) => Self::Class(until),
            _ => Self::Nothing,
        }
    }
}

/// Reads or writes.
#[derive(Debug, Default)]
struct Class {
    /// Whether the server took a request, by its number. A batch has the number of its last part, and was taken when any
    /// part was.
    decisions: BTreeMap<u32, Decision>,
    waits: Vec<Wait>,
}

/// The server's decision on a request, the moment when a client learned of it, and that client. Others learn
/// of it no sooner than a moment later.
#[derive(Debug, Clone, Copy)]
struct Decision {
    taken: bool,
    learned_at: Duration,
    by: char,
}

#[derive(Debug, Clone, Copy)]
struct Wait {
    until: Duration,
    /// When it was asked, and of which client: others learn of it no sooner than a moment later.
    asked_at: Duration,
    asked_of: char,
}

impl RateOracle {
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
        let [reads, writes] = &self.classes;
        let class = if write { writes } else { reads };
        let known = |one: &&Decision| one.learned_at < now || one.by == client;
        let is_over = class.decisions.values().rev().find(known).is_some_and(|last| last.taken);
        let in_force = class.waits.iter().find(|wait| !is_over && wait.is_in_force(now, client));
        require(in_force.is_none(), Invariant::WaitsAsAsked, || {
            let until = in_force.map_or(now, |wait| wait.until);
            format!("{} leaves {} before the server's time", what(), seconds(until - now))
        })?;
        self.left += 1;
        Ok(self.left)
    }

    /// Learns from answers that came together, to requests that left together.
    pub(crate) fn learn(&mut self, now: Duration, client: char, answers: &[Answered]) {
        let [reads, writes] = &mut self.classes;
        let last = answers.iter().map(|one| one.number).max().unwrap_or_default();
        let wait = |until| Wait { until, asked_at: now, asked_of: client };
        for one in answers {
            let class = if one.write { &mut *writes } else { &mut *reads };
            if let Some(taken) = one.taken {
                let first = Decision { taken: false, learned_at: now, by: client };
                class.decisions.entry(last).or_insert(first).taken |= taken;
            }
            match one.ask {
                Ask::Nothing => {}
                Ask::Class(until) => class.waits.push(wait(until)),
                Ask::All(until) => {
                    reads.waits.push(wait(until));
                    writes.waits.push(wait(until));
                }
            }
        }
        for class in [reads, writes] {
            if class.decisions.last_key_value().is_some_and(|(_, last)| last.taken) {
                class.waits.clear();
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

impl Wait {
    /// Whether it keeps a client from sending now.
    fn is_in_force(&self, now: Duration, client: char) -> bool {
        now < self.until && (self.asked_at < now || self.asked_of == client)
    }
}
