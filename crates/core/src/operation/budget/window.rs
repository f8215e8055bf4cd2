//! One quota's sliding window, and how the operations of a session share it.
//!
//! Operations that want more than there is share evenly: while another one waits, none has more than its part.

use super::ticket::Owner;
use crate::operation::quotas::QuotaKind;
use crate::short::Map;
use std::collections::VecDeque;
use std::time::Duration;

/// Clocks differ, and so may servers in how they round: a window is taken to be this much longer, in percent.
const MARGIN_PERCENT: u32 = 1;

/// How soon an operation that has its part of a window asks again whether the others want theirs.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// An operation that does not ask again within this time after it might have gone loses its place.
const GRACE: Duration = Duration::from_secs(2);

/// How long Graph's word about others who use the quota counts.
const OTHERS_FOR: Duration = Duration::from_secs(10);

/// A smaller excess over our own count, in thousandths, is rounding and not others' use.
const OTHERS_FROM: u64 = 50;

/// An operation that was told to wait.
#[derive(Debug, Clone, Copy)]
struct Waiter {
    /// When it was told so first.
    since: Duration,
    /// The estimated end of its wait.
    until: Duration,
    cost: u32,
}

#[derive(Debug, Clone)]
pub(super) struct Window {
    kind: QuotaKind,
    limit: u32,
    used: u32,
    /// The part of `used` whose answers have come, in the order in which it is free again.
    settled: VecDeque<(Duration, Owner, u32)>,
    by_owner: Map<Owner, u32>,
    waiting: Map<Owner, Waiter>,
    /// The use of others, and until when that is believed.
    others: (u32, Duration),
    /// When Graph last said that the quota runs out.
    warned: Option<Duration>,
}

impl Window {
    pub(super) fn new(kind: QuotaKind) -> Self {
        Self {
            kind,
            limit: 0,
            used: 0,
            settled: VecDeque::new(),
            by_owner: Map::default(),
            waiting: Map::default(),
            others: (0, Duration::ZERO),
            warned: None,
        }
    }

    pub(super) const fn kind(&self) -> QuotaKind {
        self.kind
    }

    pub(super) const fn limit(&self) -> u32 {
        self.limit
    }

    pub(super) const fn set_limit(&mut self, limit: u32) {
        self.limit = limit;
    }

    /// How much of the quota this session has used, in thousandths.
    pub(super) fn used_share(&self) -> u64 {
        u64::from(self.used) * 1000 / u64::from(self.limit.max(1))
    }

    /// The part of the use whose answers have come.
    pub(super) fn answered(&self) -> u32 {
        self.settled.iter().fold(0, |sum, (_, _, amount)| sum.saturating_add(*amount))
    }

    /// Whether Graph said within the last window that the quota runs out.
    pub(super) fn was_warned_lately(&self, now: Duration) -> bool {
        self.warned.is_some_and(|at| at.saturating_add(self.kind.span()) >= now)
    }

    /// Graph said that the quota runs out, and that `excess` thousandths more are used than this session's own.
    pub(super) fn warn(&mut self, now: Duration, excess: u64, alone: bool) {
        self.warned = Some(now);
        if alone && excess > OTHERS_FROM {
            let others = (excess * u64::from(self.limit) / 1000).min(self.most_for_others().into());
            let others = u32::try_from(others).unwrap_or(u32::MAX);
            self.others = (others, now.saturating_add(OTHERS_FOR));
        }
    }

    fn span(&self) -> Duration {
        self.kind.span() / 100 * (100 + MARGIN_PERCENT)
    }

    /// Never so much that this session stands still.
    fn most_for_others(&self) -> u32 {
        self.limit / 4 * 3
    }

    /// When to ask again; none when there is room for it.
    pub(super) fn blocked_until(&mut self, owner: Owner, cost: u32, now: Duration) -> Option<Duration> {
        if cost == 0 {
            return None;
        }
        self.expire(now);
        let since = self.waiting.remove(&owner).map_or(now, |waiter| waiter.since);
        let (others, believed) = self.others;
        let others = if now < believed { others.min(self.most_for_others()) } else { 0 };
        let limit = self.limit.saturating_sub(others);
        let until = if self.used > 0 && self.used.saturating_add(cost) > limit {
            let missing = self.used.saturating_add(cost).saturating_sub(limit);
            let free = self.free_at(missing, now);
            if others > 0 { free.min(believed) } else { free }
        } else if self.exceeds_share(owner, cost, limit) {
            now.saturating_add(ASK_AGAIN)
        } else if let Some(both) = self.used_with_waiter(owner, cost, since).filter(|both| *both > limit) {
            self.free_at(both - limit, now).min(now.saturating_add(ASK_AGAIN))
        } else {
            return None;
        };
        self.waiting.insert(owner, Waiter { since, until: until.saturating_add(GRACE), cost });
        Some(until)
    }

    /// The use if an operation that has waited longer, and has used no more, went too. In a window that is
    /// smaller than the number of its sharers the part of each is 0: without this, the operation that asks first
    /// would win every time, and small calls would go before large ones.
    fn used_with_waiter(&self, owner: Owner, cost: u32, since: Duration) -> Option<u32> {
        let used_by = |owner: Owner| self.by_owner.get(&owner).copied().unwrap_or(0);
        let own = used_by(owner);
        let first = |(other, waiter): &(&Owner, &Waiter)| {
            (waiter.since, **other) < (since, owner) && used_by(**other) <= own
        };
        let largest = self.waiting.iter().filter(first).map(|(_, waiter)| waiter.cost).max()?;
        Some(self.used.saturating_add(cost).saturating_add(largest))
    }

    /// Whether others wait for their part, and this operation has used its own.
    fn exceeds_share(&self, owner: Owner, cost: u32, limit: u32) -> bool {
        let used = self.by_owner.get(&owner).copied().unwrap_or(0);
        let sharers = u32::try_from(self.waiting.len()).unwrap_or(u32::MAX).saturating_add(1);
        let part = limit / sharers;
        // A waiter that has used more than its part is not a reason for others to wait.
        let others_want =
            self.waiting.iter().any(|(other, _)| self.by_owner.get(other).is_none_or(|used| *used < part));
        others_want && used > 0 && used.saturating_add(cost) > part
    }

    /// When so much is free again. Use that has not been answered yet is free a window after now at the earliest.
    fn free_at(&self, missing: u32, now: Duration) -> Duration {
        let mut freed = 0_u32;
        for (at, _, amount) in &self.settled {
            freed = freed.saturating_add(*amount);
            if freed >= missing {
                return *at;
            }
        }
        now.saturating_add(self.span())
    }

    fn expire(&mut self, now: Duration) {
        while let Some((at, owner, amount)) = self.settled.front().copied() {
            if at > now {
                break;
            }
            self.settled.pop_front();
            self.give_back(owner, amount);
        }
        self.waiting.retain(|waiter| now < waiter.until);
    }

    pub(super) fn forget_waiter(&mut self, owner: Owner) {
        self.waiting.remove(&owner);
    }

    pub(super) fn charge(&mut self, owner: Owner, cost: u32) {
        if cost > 0 {
            self.used = self.used.saturating_add(cost);
            let used = self.by_owner.get(&owner).copied().unwrap_or(0);
            self.by_owner.insert(owner, used.saturating_add(cost));
        }
    }

    pub(super) fn give_back(&mut self, owner: Owner, cost: u32) {
        self.used = self.used.saturating_sub(cost);
        if let Some(used) = self.by_owner.get_mut(&owner) {
            *used = used.saturating_sub(cost);
            if *used == 0 {
                self.by_owner.remove(&owner);
            }
        }
    }

    /// A request that was charged with one amount has cost another, and arrived at `now` at the latest.
    pub(super) fn settle(&mut self, owner: Owner, charged: u32, actual: u32, now: Duration) {
        self.give_back(owner, charged);
        if actual == 0 {
            return;
        }
        self.charge(owner, actual);
        let at = now.saturating_add(self.span());
        // As a rule the last. Operations are polled one after the other, each with its own reading of the clock.
        let place = self.settled.partition_point(|(other, ..)| *other <= at);
        match place.checked_sub(1).and_then(|before| self.settled.get_mut(before)) {
            Some((other, of, amount)) if *other == at && *of == owner => {
                *amount = amount.saturating_add(actual)
            }
            _ => self.settled.insert(place, (at, owner, actual)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::budget::testing::*;

    #[test]
    fn a_charge_counts_until_a_window_after_its_answer() {
        let mut budget = budget(2, 100);
        let one = write(&mut budget, 1, seconds(0)).unwrap();
        let two = write(&mut budget, 1, seconds(1)).unwrap();
        // Neither is answered: both may arrive any time, so there is no room a whole window from now.
        let blocked = write(&mut budget, 1, seconds(2)).unwrap_err();
        assert_eq!(blocked.by, BlockedBy::Quota(QuotaKind::Writes));
        assert!(blocked.until >= seconds(152), "{blocked:?}");
        budget.end(two, Ended::Lost, seconds(40));
        budget.end(one, Ended::Lost, seconds(50));
        let blocked = write(&mut budget, 1, seconds(60)).unwrap_err();
        assert!(blocked.until >= seconds(190) && blocked.until <= seconds(192), "{blocked:?}");
        assert!(write(&mut budget, 1, blocked.until - Duration::from_millis(1)).is_err());
        assert!(write(&mut budget, 1, blocked.until).is_ok());
        assert!(write(&mut budget, 1, blocked.until).is_err());
    }

    #[test]
    fn an_unsent_request_is_given_back() {
        let mut budget = budget(1, 100);
        let ticket = write(&mut budget, 1, seconds(0)).unwrap();
        budget.end(ticket, Ended::Unsent, seconds(1));
        assert!(write(&mut budget, 1, seconds(1)).is_ok());
    }

    #[test]
    fn two_operations_that_want_more_than_there_is_share_evenly() {
        let mut budget = budget(100, 100_000);
        let mut sent: [Vec<Duration>; 2] = Default::default();
        // The first has the window to itself before the second comes. Each asks when it was told to.
        let mut asks = [seconds(0), seconds(1)];
        for _ in 0..100_000 {
            let now = asks[0].min(asks[1]);
            let who = usize::from(asks[1] < asks[0]);
            if now >= seconds(1_500) {
                break;
            }
            match write(&mut budget, who as Owner, now) {
                Ok(ticket) => {
                    budget.end(ticket, Ended::Lost, now);
                    sent[who].push(now);
                }
                Err(blocked) => {
                    assert!(blocked.until > now);
                    asks[who] = blocked.until;
                }
            }
        }
        let [one, two] = sent.map(|times| times.len());
        assert!(one + two >= 900, "{one} {two}");
        assert!(one - two <= 150, "{one} {two}");
    }

    #[test]
    fn a_dropped_operation_keeps_nobody_from_anything() {
        let mut budget = budget(100, 100_000);
        for _ in 0..100 {
            let ticket = write(&mut budget, 1, seconds(0)).unwrap();
            budget.end(ticket, Ended::Lost, seconds(0));
        }
        let blocked = write(&mut budget, 2, seconds(10)).unwrap_err();
        budget.drop_operation(2);
        let all = |budget: &mut Budget| (0..100).filter(|_| write(budget, 1, blocked.until).is_ok()).count();
        assert_eq!(all(&mut budget), 100);
    }

    #[test]
    fn the_use_of_others_is_left_to_them_for_a_while() {
        let mut budget = budget(1_000, 100_000);
        let ticket = write(&mut budget, 1, seconds(0)).unwrap();
        budget.end(ticket, answered(&[("x-ms-throttle-limit-percentage", "0.9")]), seconds(0));
        let mut count = |now| (0..2_000).take_while(|_| write(&mut budget, 1, now).is_ok()).count();
        let at_first = count(seconds(1));
        assert!((240..=260).contains(&at_first), "three quarters at most are left to others: {at_first}");
        assert_eq!(at_first + count(seconds(11)), 999);
    }

    #[test]
    fn an_abandoned_request_may_still_arrive() {
        let mut budget = budget(1, 100);
        let ticket = write(&mut budget, 1, seconds(0)).unwrap();
        budget.end(ticket, Ended::Abandoned, seconds(0));
        let blocked = write(&mut budget, 2, seconds(1)).unwrap_err();
        // It may have been three seconds on its way.
        assert!(blocked.until >= seconds(3 + 150), "{blocked:?}");
        // The operation was polled last long before it was dropped.
        write(&mut budget, 2, blocked.until).unwrap();
        budget.drop_operation(2);
        let later = blocked.until + seconds(40);
        let blocked = write(&mut budget, 3, later).unwrap_err();
        assert!(blocked.until >= later + seconds(150), "{blocked:?}");
    }
}
