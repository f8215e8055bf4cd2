//! The budget itself: it admits requests, and settles them when they have ended.

use super::hold::{Busy, ServerHold};
use super::settlement::{Ended, Settlement};
use super::size::SizeEstimate;
use super::ticket::{Blocked, BlockedBy, Owner, Ticket};
use super::usage::Usage;
use super::window::Window;
use crate::graph::Call;
use crate::operation::quotas::{Class, Cost, QuotaKind, Quotas};
use crate::operation::retry::Wait;
use crate::short::Map;
use std::time::Duration;

/// How long an abandoned request may still be on its way.
const STILL_COMING: Duration = Duration::from_secs(5);

#[derive(Debug, Clone)]
pub(in crate::operation) struct Budget {
    quotas: Quotas,
    pub(super) size: SizeEstimate,
    /// In the order of [`QuotaKind::ALL`].
    windows: [Window; 4],
    /// In the order of [`Class::ALL`].
    holds: [ServerHold; 4],
    in_flight: Map<Ticket, InFlight>,
    /// Tickets of operations that were dropped. They count as in flight until the next [`Budget::admit`].
    orphaned: Vec<Ticket>,
    next: u64,
    /// The costs of calls, as Graph has told.
    learned: Map<Call, u32>,
}

#[derive(Debug, Clone, Copy)]
struct InFlight {
    owner: Owner,
    call: Call,
    cost: Cost,
}

impl Budget {
    pub(in crate::operation) fn new(quotas: Quotas) -> Self {
        let mut budget = Self {
            quotas,
            size: SizeEstimate::new(&quotas),
            windows: QuotaKind::ALL.map(Window::new),
            holds: Default::default(),
            in_flight: Map::default(),
            orphaned: Vec::new(),
            next: 0,
            learned: Map::default(),
        };
        budget.set_limits();
        budget
    }

    /// Whether this call may go at `now`; else why not, and when to ask again.
    pub(in crate::operation) fn admit(
        &mut self,
        owner: Owner,
        call: Call,
        url: &str,
        now: Duration,
    ) -> Result<Ticket, Blocked> {
        for ticket in std::mem::take(&mut self.orphaned) {
            self.settle(Settlement::of(ticket, Ended::Abandoned), now);
        }
        let until = self.hold_of(Class::of(call)).until();
        if now < until {
            return Err(Blocked { until, by: BlockedBy::Server });
        }
        let mut cost = Cost::published(call, url);
        if let Some(units) = self.learned.get(&call) {
            cost.units = *units;
        }
        let mut blocked = self.blocked(owner, cost, now);
        if matches!(blocked, Some(Blocked { by: BlockedBy::Quota(QuotaKind::Units), .. }))
            && self.raise_size_estimate(now)
        {
            blocked = self.blocked(owner, cost, now);
        }
        if let Some(blocked) = blocked {
            return Err(blocked);
        }
        for window in &mut self.windows {
            window.charge(owner, cost.of(window.kind()));
        }
        let ticket = Ticket(self.next);
        self.next += 1;
        self.in_flight.insert(ticket, InFlight { owner, call, cost });
        Ok(ticket)
    }

    /// The first window that has no room for this cost.
    fn blocked(&mut self, owner: Owner, cost: Cost, now: Duration) -> Option<Blocked> {
        self.windows.iter_mut().find_map(|window| {
            let until = window.blocked_until(owner, cost.of(window.kind()), now)?;
            Some(Blocked { until, by: BlockedBy::Quota(window.kind()) })
        })
    }

    /// A request has ended, at the latest now.
    pub(in crate::operation) fn settle(&mut self, settlement: Settlement, now: Duration) {
        let Settlement { ticket, left_with, ended } = settlement;
        let Some(InFlight { owner, call, cost }) = self.in_flight.remove(&ticket) else { return };
        let class = Class::of(call);
        let mut arrived = now;
        let usage = match ended {
            Ended::Unsent => {
                for window in &mut self.windows {
                    window.give_back(owner, cost.of(window.kind()));
                }
                return;
            }
            Ended::Abandoned => {
                arrived = now.saturating_add(STILL_COMING);
                Usage::default()
            }
            Ended::Lost => Usage::default(),
            Ended::Failed(usage) => usage,
            Ended::Taken(usage) => {
                self.hold_of(class).record_taken(left_with);
                usage
            }
            Ended::Refused { wait, usage } => {
                self.hold_of(class).record_refused(left_with);
                self.note_wait(class, ticket, wait, now);
                usage
            }
        };
        self.count(InFlight { owner, call, cost }, usage, arrived, now);
    }

    /// `settle` notes a wait at once: the flow may read this answer late, when its host takes the items before it.
    fn note_wait(&mut self, class: Class, ticket: Ticket, wait: Wait, now: Duration) {
        let until = now.saturating_add(wait.time);
        let busy = Busy { status: wait.status, until: now.saturating_add(wait.asked) };
        self.hold_of(class).extend(until, busy);
        if wait.of_all {
            // Reads that left before this write show nothing of how busy the server is now.
            self.hold_of(Class::Read).record_refused(ticket);
            self.hold_of(Class::Read).extend(until, busy);
        }
    }

    /// Counts a request that has arrived by what Graph says it cost.
    fn count(&mut self, request: InFlight, usage: Usage, arrived: Duration, now: Duration) {
        let InFlight { owner, call, cost } = request;
        let mut actual = cost;
        if let Some(units) = usage.units {
            self.size.units_are_told();
            // A call that cost more than there ever is would never be admitted: such a number is garbled.
            let [window, ..] = &self.windows;
            actual.units = units.min(window.limit()).max(1);
            self.learned.insert(call, actual.units);
        }
        for window in &mut self.windows {
            window.settle(owner, cost.of(window.kind()), actual.of(window.kind()), arrived);
        }
        if let Some(used) = usage.used {
            self.on_used_share(actual, used, now);
        }
    }

    /// An operation was dropped. Its requests in flight may still arrive, and are not settled by it.
    pub(in crate::operation) fn drop_operation(&mut self, owner: Owner) {
        let orphaned = self.in_flight.iter().filter(|(_, request)| request.owner == owner);
        self.orphaned.extend(orphaned.map(|(ticket, _)| *ticket));
        for window in &mut self.windows {
            window.forget_waiter(owner);
        }
    }

    /// This many clients share the quotas, unless more do already.
    pub(in crate::operation) fn share(&mut self, among: u32) {
        self.quotas.shards = self.quotas.shards.max(among);
        self.set_limits();
    }

    /// The answer by which the server pauses a class.
    pub(in crate::operation) fn busy(&mut self, class: Class) -> Option<Busy> {
        self.hold_of(class).busy()
    }

    fn hold_of(&mut self, class: Class) -> &mut ServerHold {
        let [reads, writes, reports, risks] = &mut self.holds;
        match class {
            Class::Read => reads,
            Class::Write => writes,
            Class::Report => reports,
            Class::Risk => risks,
        }
    }

    pub(super) fn set_limits(&mut self) {
        let units = self.quotas.units.unwrap_or(self.size.units());
        for window in &mut self.windows {
            window.set_limit(self.quotas.share(match window.kind() {
                QuotaKind::Units => units,
                QuotaKind::Writes => self.quotas.writes,
                QuotaKind::Reports => self.quotas.reports,
                QuotaKind::Risk => QuotaKind::RISKS,
            }));
        }
    }

    /// The window of units is full by our count: takes the tenant for larger if Graph has not warned.
    fn raise_size_estimate(&mut self, now: Duration) -> bool {
        let [units, ..] = &self.windows;
        let raised = self.quotas.learns_size() && self.quotas.shards <= 1 && self.size.raise(units, now);
        if raised {
            self.set_limits();
        }
        raised
    }

    /// Graph says how much of a quota is used, in thousandths: by this client, and by others of the same application.
    fn on_used_share(&mut self, cost: Cost, used: u32, now: Duration) {
        // Reads have their own answers: what a write is told may be all about writes.
        let about = cost.scarcest();
        // More is used than there is by our count: the tenant is smaller than it was taken for.
        if self.quotas.learns_size()
            && about == QuotaKind::Units
            && used > 1000
            && self.size.lower(about.span(), now)
        {
            self.set_limits();
        }
        // Graph does not say which quota is the fullest. This client's own use explains that much of it.
        let own =
            self.windows.iter().filter(|window| cost.of(window.kind()) > 0).map(Window::used_share).max();
        let excess = u64::from(used).saturating_sub(own.unwrap_or_default());
        let alone = self.quotas.shards <= 1;
        for window in self.windows.iter_mut().filter(|window| window.kind() == about) {
            window.warn(now, excess, alone);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::budget::testing::*;
    use std::collections::BTreeMap;

    #[test]
    fn windows_are_never_overfull_when_requests_arrive() {
        use crate::hash::mix;
        for seed in 0..200_u64 {
            let mut drawn = 0;
            let mut draw = |most: u64| {
                drawn += 1;
                mix(&[seed, drawn]) % most
            };
            let limit = [3_u32, 7, 20, 60][draw(4) as usize];
            let (owners, slowest) = (1 + draw(4), [50, 500, 5_000][draw(3) as usize]);
            let mut budget = budget(1_000, limit);
            let calls = [Call::GetAgentIdentity, Call::GetUser, Call::ListSubscribedSkus];
            let mut asks: Vec<u64> = (0..owners).map(|_| draw(3_000)).collect();
            let mut ends: BTreeMap<(u64, Ticket), Ended> = BTreeMap::new();
            let mut arrivals: Vec<(u64, u32)> = Vec::new();
            loop {
                let (now, who) = asks.iter().copied().zip(0..).min().unwrap();
                if let Some(entry) = ends.first_entry().filter(|entry| entry.key().0 <= now) {
                    let ((at, ticket), spent) = entry.remove_entry();
                    budget.end(ticket, spent, Duration::from_millis(at));
                    continue;
                }
                if now > 120_000 {
                    break;
                }
                let call = calls[draw(3) as usize];
                asks[who as usize] = match budget.admit(who, call, URL, Duration::from_millis(now)) {
                    Ok(ticket) => {
                        let arrives = now + draw(slowest);
                        arrivals.push((arrives, Cost::published(call, URL).units));
                        // Some are given up while they are on their way.
                        let (end, spent) = match draw(10) {
                            0 => (now + draw(slowest), Ended::Abandoned),
                            1 => (arrives + draw(slowest), Ended::Lost),
                            _ => (arrives + draw(slowest), answered(&[])),
                        };
                        ends.insert((end, ticket), spent);
                        now + draw(20)
                    }
                    Err(blocked) => blocked.until.as_nanos().div_ceil(1_000_000) as u64,
                };
            }
            arrivals.sort_unstable();
            for (place, (end, _)) in arrivals.iter().enumerate() {
                let window = arrivals[..=place].iter().filter(|(at, _)| at + 10_000 > *end);
                let used: u32 = window.map(|(_, units)| units).sum();
                assert!(used <= limit, "seed {seed}: {used} of {limit}");
            }
        }
    }

    #[test]
    fn nobody_starves_however_small_the_window_and_however_large_the_call() {
        // Units, and what each operation asks for without end.
        for (units, calls) in [
            (1, [Call::GetAgentIdentity; 3]),
            (2, [Call::GetAgentIdentity; 3]),
            (3, [Call::GetAgentIdentity, Call::GetAgentIdentity, Call::ListSubscribedSkus]),
            (7, [Call::GetUser, Call::ListSubscribedSkus, Call::GetAgentIdentity]),
            // The last never fits.
            (2, [Call::GetAgentIdentity, Call::GetAgentIdentity, Call::ListSubscribedSkus]),
        ] {
            let mut budget = budget(1_000, units);
            // They do not begin at once, and what they have is free again at different times.
            let mut asks = [0, 3_000, 7_000].map(Duration::from_millis);
            let mut went = [0; 3];
            loop {
                let (now, who) = asks.into_iter().zip(0..).min().unwrap();
                if now >= seconds(1_000) {
                    break;
                }
                asks[who] = match budget.admit(who as Owner, calls[who], URL, now) {
                    Ok(ticket) => {
                        budget.end(ticket, Ended::Lost, now);
                        went[who] += 1;
                        now + Duration::from_millis(700)
                    }
                    Err(blocked) => blocked.until,
                };
            }
            assert!(went.iter().all(|times| *times >= 10), "{units} units: {went:?}");
        }
    }
}
