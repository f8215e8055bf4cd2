//! The rate budget: what may go now, such that no window of Graph's quotas is ever overfull when requests arrive.
//!
//! Graph counts a request when it arrives, which is some time between its leaving and its answer. So a charge counts
//! from when the request leaves until a whole window after its answer came: whatever arrives meanwhile, and however
//! long it was on its way, no window holds more than the quota.
//!
//! Operations that want more than there is share evenly: while another one waits, none holds more than its part of a
//! window. A budget says when to ask again and never wakes anybody.

use super::quotas::{Class, Cost, Kind, Quotas, TenantSize};
use super::step::{Answer, Sent};
use crate::graph::Call;
use crate::http::Response;
use crate::problem::retry_after;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// Clocks differ, and so may servers in how they round: a window is taken to be this much longer, in percent.
const MARGIN_PERCENT: u32 = 1;

/// How soon whoever holds its part of a window asks again whether the others want theirs.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Who has not come back for what it waited for by then does not wait any more.
const GRACE: Duration = Duration::from_secs(2);

/// A request that was given up may still be on its way for so long.
const STILL_COMING: Duration = Duration::from_secs(5);

/// How long a server's word about others who use the quota counts.
const OTHERS_FOR: Duration = Duration::from_secs(10);

/// Which operation.
pub(super) type Owner = u64;

/// A request that was let go and whose end has not been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket(u64);

/// Why a request may not go yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) until: Duration,
    pub(super) why: Hold,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    /// The server asked for it.
    Server,
    /// A window of this kind is full.
    Quota(Kind),
}

/// What an answer says about quotas.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Spent {
    /// It never reached the server.
    unsent: bool,
    /// Nobody waits for its answer any more.
    given_up: bool,
    /// The server took it, or would not for want of quota; none where that is not known.
    taken: Option<bool>,
    /// The last of those that left together with it, as parts of one batch.
    left_with: Option<Ticket>,
    /// How long it asked to wait when it would not.
    wait: Option<Wait>,
    /// `x-ms-resource-unit`.
    units: Option<u32>,
    /// `x-ms-throttle-limit-percentage`: how much of a quota all clients of the application have used, in thousandths; it
    /// is there from 800 on.
    used: Option<u32>,
}

/// What a server that has no place asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wait {
    time: Duration,
    /// It may have done what was asked for all the same, so that whoever looks for it waits, too.
    of_all: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Budget {
    quotas: Quotas,
    size: TenantSize,
    /// Until when Graph's word on the size is about the time before it was taken for smaller.
    sized_until: Duration,
    windows: [Window; 3],
    holds: [ServerHold; 3],
    open: BTreeMap<Ticket, Open>,
    /// Those of `open` whose operation is no more. They count as in flight until somebody asks, which is later.
    left: Vec<Ticket>,
    next: u64,
    /// What calls cost, as Graph has said.
    learned: BTreeMap<Call, u32>,
    /// Whether Graph's word on units gets through: browsers hide it.
    told: bool,
}

/// What 429s have taught of a class of calls.
#[derive(Debug, Clone, Copy, Default)]
struct ServerHold {
    /// None goes before this.
    until: Duration,
    /// The last of those that were refused, as they left.
    refused: Option<Ticket>,
    /// The last of those that were not.
    taken: Option<Ticket>,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    owner: Owner,
    call: Call,
    cost: Cost,
}

/// Who was refused.
#[derive(Debug, Clone, Copy)]
struct Waiter {
    /// Since it was refused first.
    since: Duration,
    /// Until when it is thought to wait.
    until: Duration,
    cost: u32,
}

/// One sliding window.
#[derive(Debug, Clone)]
struct Window {
    kind: Kind,
    limit: u32,
    used: u32,
    /// The part of `used` whose answers have come, in the order in which it is free again.
    settled: VecDeque<(Duration, Owner, u32)>,
    by_owner: BTreeMap<Owner, u32>,
    /// Who was refused.
    waiting: BTreeMap<Owner, Waiter>,
    /// What others use, and until when that is believed.
    others: (u32, Duration),
    /// When a server last said that the quota runs out.
    warned: Option<Duration>,
}

impl Spent {
    /// Of a request that never left.
    pub(super) const UNSENT: Self = Self {
        unsent: true,
        given_up: false,
        taken: None,
        left_with: None,
        wait: None,
        units: None,
        used: None,
    };

    /// Of a request whose answer nobody waits for any more.
    pub(super) const GIVEN_UP: Self = Self { unsent: false, given_up: true, ..Self::UNSENT };

    /// Of a part of a batch whose last part has this ticket.
    pub(super) fn of_part(answer: &Answer, last: Option<Ticket>) -> Self {
        Self { left_with: last, ..Self::of(answer) }
    }

    pub(super) fn of(answer: &Answer) -> Self {
        match answer {
            Answer::Response { response, .. } => Self::said(response),
            Answer::Lost { sent: Sent::No, .. } | Answer::NoToken(_) => Self::UNSENT,
            Answer::Lost { sent: Sent::Maybe, .. } => Self::default(),
        }
    }

    fn said(response: &Response) -> Self {
        let headers = &response.headers;
        let taken = match response.status {
            429 => Some(false),
            408 | 500..=599 if headers.get("Retry-After").is_some() => Some(false),
            // The sign-in answers before any quota is looked at.
            401 => None,
            200..=499 => Some(true),
            _ => None,
        };
        let wait = retry_after(headers)
            .filter(|_| taken == Some(false))
            .map(|time| Wait { time, of_all: response.status != 429 });
        let units = headers.get("x-ms-resource-unit").and_then(|units| units.trim().parse().ok());
        let used =
            headers.get("x-ms-throttle-limit-percentage").and_then(thousandths).filter(|used| *used > 0);
        Self { taken, wait, units, used, ..Self::default() }
    }
}

impl Budget {
    pub(super) fn new(quotas: Quotas) -> Self {
        let size = quotas.tenant_size.unwrap_or(TenantSize::Small);
        let mut budget = Self {
            quotas,
            size,
            sized_until: Duration::ZERO,
            windows: Kind::ALL.map(Window::new),
            holds: Default::default(),
            open: BTreeMap::new(),
            left: Vec::new(),
            next: 0,
            learned: BTreeMap::new(),
            told: false,
        };
        budget.share(1);
        budget
    }

    /// Whether this call may go at `now`; else why not, and when to ask again.
    pub(super) fn admit(
        &mut self,
        owner: Owner,
        call: Call,
        url: &str,
        now: Duration,
    ) -> Result<Ticket, Held> {
        for ticket in std::mem::take(&mut self.left) {
            self.settle(ticket, Spent::GIVEN_UP, now);
        }
        let class = Class::of(call);
        let until = self.hold_of(class).until;
        if now < until {
            return Err(Held { until, why: Hold::Server });
        }
        let mut cost = Cost::published(call, url);
        if let Some(units) = self.learned.get(&call) {
            cost.units = *units;
        }
        let full = |windows: &mut [Window; 3]| {
            windows.iter_mut().find_map(|window| {
                let until = window.refuses(owner, cost.of(window.kind), now)?;
                Some((window.kind, until))
            })
        };
        let mut refused = full(&mut self.windows);
        if matches!(refused, Some((Kind::Units, _))) && self.grow(now) {
            refused = full(&mut self.windows);
        }
        if let Some((kind, until)) = refused {
            return Err(Held { until, why: Hold::Quota(kind) });
        }
        for window in &mut self.windows {
            window.charge(owner, cost.of(window.kind));
        }
        let ticket = Ticket(self.next);
        self.next += 1;
        self.open.insert(ticket, Open { owner, call, cost });
        Ok(ticket)
    }

    /// A request has come to its end, at the latest now.
    pub(super) fn settle(&mut self, ticket: Ticket, spent: Spent, now: Duration) {
        let Some(Open { owner, call, cost }) = self.open.remove(&ticket) else { return };
        if let Some(taken) = spent.taken {
            self.hold_of(Class::of(call)).learn(spent.left_with.unwrap_or(ticket), taken);
        }
        // At once: the flow that asked may come to read this answer only when its host has taken what is before it.
        if let Some(Wait { time, of_all }) = spent.wait {
            let until = now.saturating_add(time);
            self.hold(call, until);
            if of_all && call.is_write() {
                // Reads that left before this write show nothing of how busy the server is now.
                self.hold_of(Class::Read).learn(ticket, false);
                self.hold(Call::GetUser, until);
            }
        }
        if spent.unsent {
            self.windows.iter_mut().for_each(|window| window.give_back(owner, cost.of(window.kind)));
            return;
        }
        let mut actual = cost;
        if let Some(units) = spent.units {
            self.told = true;
            // What costs more than there ever is would never be answered: such a number is garbled.
            let most =
                self.windows.iter().find(|window| window.kind == Kind::Units).map(|window| window.limit);
            actual.units = units.min(most.unwrap_or(units)).max(1);
            self.learned.insert(call, actual.units);
        }
        let arrived = if spent.given_up { now.saturating_add(STILL_COMING) } else { now };
        for window in &mut self.windows {
            window.settle(owner, cost.of(window.kind), actual.of(window.kind), arrived);
        }
        if let Some(used) = spent.used {
            self.listen(actual, used, now);
        }
    }

    /// An operation is no more. What it has in flight may still arrive; when it was given up, nobody says.
    pub(super) fn leave(&mut self, owner: Owner) {
        let left = self.open.iter().filter(|(_, open)| open.owner == owner).map(|(ticket, _)| *ticket);
        self.left.extend(left);
        for window in &mut self.windows {
            window.waiting.remove(&owner);
        }
    }

    /// This many clients share the quotas, unless more do already.
    pub(super) fn share(&mut self, among: u32) {
        self.quotas.shards = self.quotas.shards.max(among);
        let units = self.quotas.units.unwrap_or(self.size.units());
        for window in &mut self.windows {
            window.limit = self.quotas.share(match window.kind {
                Kind::Units => units,
                Kind::Writes => self.quotas.writes,
                Kind::Reports => self.quotas.reports,
            });
        }
    }

    /// The server asked to hold calls like this one back: unless it has taken others since, which shows that it did not
    /// mean all of them.
    pub(super) fn hold(&mut self, call: Call, until: Duration) {
        let hold = self.hold_of(Class::of(call));
        if !hold.is_lifted() {
            hold.until = hold.until.max(until);
        }
    }

    fn hold_of(&mut self, class: Class) -> &mut ServerHold {
        let [reads, writes, reports] = &mut self.holds;
        match class {
            Class::Read => reads,
            Class::Write => writes,
            Class::Report => reports,
        }
    }

    /// A window of units is full, by our count, and Graph, who warns from 0.8 on, has not: the tenant is larger.
    fn grow(&mut self, now: Duration) -> bool {
        if !self.quotas.learns_size() || !self.told || self.quotas.shards > 1 {
            return false;
        }
        let Some(next) = self.size.next() else { return false };
        let Some(units) = self.windows.iter().find(|window| window.kind == Kind::Units) else { return false };
        let silent = units.warned.is_none_or(|at| at.saturating_add(Kind::Units.span()) < now);
        if !silent {
            return false;
        }
        // What has been answered must be well beyond where Graph would have warned.
        let answered = units.settled.iter().fold(0_u32, |sum, (_, _, amount)| sum.saturating_add(*amount));
        if answered < units.limit / 10 * 9 {
            return false;
        }
        self.resize(next);
        true
    }

    fn resize(&mut self, size: TenantSize) {
        self.size = size;
        self.share(1);
    }

    /// Graph says how much of a quota is used: by this client, and by others of the same application.
    fn listen(&mut self, cost: Cost, used: u32, now: Duration) {
        // Reads have their own answers: what a write is told may be all about writes.
        let speaks_of = if cost.writes > 0 {
            Kind::Writes
        } else if cost.reports > 0 {
            Kind::Reports
        } else {
            Kind::Units
        };
        // Used by more than Graph counts: the tenant is smaller than it was taken for. Many answers tell of one window.
        if self.quotas.learns_size()
            && speaks_of == Kind::Units
            && used > 1000
            && now >= self.sized_until
            && let Some(former) = self.size.former()
        {
            self.resize(former);
            self.sized_until = now.saturating_add(speaks_of.span());
        }
        // Which quota is the fullest is not said. What this client has used itself of it explains that much.
        let own = self
            .windows
            .iter()
            .filter(|window| cost.of(window.kind) > 0)
            .map(|window| u64::from(window.used) * 1000 / u64::from(window.limit.max(1)))
            .max();
        let excess = u64::from(used).saturating_sub(own.unwrap_or_default());
        for window in self.windows.iter_mut().filter(|window| window.kind == speaks_of) {
            window.warned = Some(now);
            if excess > 50 && self.quotas.shards <= 1 {
                let others = (excess * u64::from(window.limit) / 1000).min(window.most_for_others().into());
                let others = u32::try_from(others).unwrap_or(u32::MAX);
                window.others = (others, now.saturating_add(OTHERS_FOR));
            }
        }
    }
}

/// A decimal number in thousandths, without what is below one.
fn thousandths(text: &str) -> Option<u32> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    if !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let shown =
        fraction.bytes().chain(*b"000").take(3).fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    Some(whole.parse::<u32>().ok()?.saturating_mul(1000).saturating_add(shown))
}

impl ServerHold {
    fn learn(&mut self, ticket: Ticket, taken: bool) {
        if taken {
            self.taken = self.taken.max(Some(ticket));
        } else {
            self.refused = self.refused.max(Some(ticket));
        }
        if self.is_lifted() {
            self.until = Duration::ZERO;
        }
    }

    /// One that left with or after those that were refused was taken: not all of them are meant.
    fn is_lifted(&self) -> bool {
        self.taken.is_some() && self.taken >= self.refused
    }
}

impl Window {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            limit: 0,
            used: 0,
            settled: VecDeque::new(),
            by_owner: BTreeMap::new(),
            waiting: BTreeMap::new(),
            others: (0, Duration::ZERO),
            warned: None,
        }
    }

    fn span(&self) -> Duration {
        self.kind.span() / 100 * (100 + MARGIN_PERCENT)
    }

    /// Never so much that this client stands still.
    fn most_for_others(&self) -> u32 {
        self.limit / 4 * 3
    }

    /// When to ask again; none when there is room for it.
    fn refuses(&mut self, owner: Owner, cost: u32, now: Duration) -> Option<Duration> {
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
        } else if self.is_beyond_its_part(owner, cost, limit) {
            now.saturating_add(ASK_AGAIN)
        } else if let Some(both) = self.turn_of_another(owner, cost, since).filter(|both| *both > limit) {
            self.free_at(both - limit, now).min(now.saturating_add(ASK_AGAIN))
        } else {
            return None;
        };
        self.waiting.insert(owner, Waiter { since, until: until.saturating_add(GRACE), cost });
        Some(until)
    }

    /// What would be used if somebody who has waited longer, and holds no more, went too. Without this, parts of a
    /// small window that come out as nothing would let whoever asks first starve the others, and small calls large ones.
    fn turn_of_another(&self, owner: Owner, cost: u32, since: Duration) -> Option<u32> {
        let held = |owner: Owner| self.by_owner.get(&owner).copied().unwrap_or(0);
        let mine = held(owner);
        let first = |(other, waiter): &(&Owner, &Waiter)| {
            (waiter.since, **other) < (since, owner) && held(**other) <= mine
        };
        let largest = self.waiting.iter().filter(first).map(|(_, waiter)| waiter.cost).max()?;
        Some(self.used.saturating_add(cost).saturating_add(largest))
    }

    /// Whether others wait, and it holds what is its part already.
    fn is_beyond_its_part(&self, owner: Owner, cost: u32, limit: u32) -> bool {
        let used = self.by_owner.get(&owner).copied().unwrap_or(0);
        // Who waits and holds more than its part is no reason to hold others back.
        let sharers = u32::try_from(self.waiting.len()).unwrap_or(u32::MAX).saturating_add(1);
        let part = limit / sharers;
        let somebody_wants =
            self.waiting.keys().any(|other| self.by_owner.get(other).is_none_or(|used| *used < part));
        somebody_wants && used > 0 && used.saturating_add(cost) > part
    }

    /// When so much is free again. What has not been answered yet is free a window after now at the earliest.
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
        self.waiting.retain(|_, waiter| now < waiter.until);
    }

    fn charge(&mut self, owner: Owner, cost: u32) {
        if cost > 0 {
            self.used = self.used.saturating_add(cost);
            let used = self.by_owner.entry(owner).or_default();
            *used = used.saturating_add(cost);
        }
    }

    fn give_back(&mut self, owner: Owner, cost: u32) {
        self.used = self.used.saturating_sub(cost);
        if let Some(used) = self.by_owner.get_mut(&owner) {
            *used = used.saturating_sub(cost);
            if *used == 0 {
                self.by_owner.remove(&owner);
            }
        }
    }

    fn settle(&mut self, owner: Owner, charged: u32, actual: u32, now: Duration) {
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
    use crate::operation::TokenTag;

    const URL: &str = "https://graph.microsoft.com/v1.0/x";

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn budget(writes: u32, units: u32) -> Budget {
        Budget::new(Quotas { writes, units: Some(units), ..Quotas::default() })
    }

    fn answered(headers: &[(&'static str, &str)]) -> Spent {
        let headers = headers.iter().map(|(name, value)| (*name, *value)).collect();
        let response = Response { status: 200, headers, body: Vec::new() };
        Spent::of(&Answer::Response { response, token: TokenTag(0) })
    }

    fn write(budget: &mut Budget, owner: Owner, now: Duration) -> Result<Ticket, Held> {
        budget.admit(owner, Call::CreateAgentUser, URL, now)
    }

    #[test]
    fn a_charge_counts_until_a_window_after_its_answer() {
        let mut budget = budget(2, 100);
        let one = write(&mut budget, 1, seconds(0)).unwrap();
        let two = write(&mut budget, 1, seconds(1)).unwrap();
        // Neither is answered: both may arrive any time, so there is no room a whole window from now.
        let held = write(&mut budget, 1, seconds(2)).unwrap_err();
        assert_eq!(held.why, Hold::Quota(Kind::Writes));
        assert!(held.until >= seconds(152), "{held:?}");
        budget.settle(two, Spent::default(), seconds(40));
        budget.settle(one, Spent::default(), seconds(50));
        let held = write(&mut budget, 1, seconds(60)).unwrap_err();
        assert!(held.until >= seconds(190) && held.until <= seconds(192), "{held:?}");
        assert!(write(&mut budget, 1, held.until - Duration::from_millis(1)).is_err());
        assert!(write(&mut budget, 1, held.until).is_ok());
        assert!(write(&mut budget, 1, held.until).is_err());
    }

    #[test]
    fn what_never_left_is_given_back() {
        let mut budget = budget(1, 100);
        let ticket = write(&mut budget, 1, seconds(0)).unwrap();
        budget.settle(
            ticket,
            Spent::of(&Answer::Lost { sent: Sent::No, why: crate::operation::Loss::TimedOut }),
            seconds(1),
        );
        assert!(write(&mut budget, 1, seconds(1)).is_ok());
    }

    #[test]
    fn one_class_waits_without_the_others() {
        let mut budget = budget(1, 100);
        write(&mut budget, 1, seconds(0)).unwrap();
        assert!(write(&mut budget, 1, seconds(0)).is_err());
        assert!(budget.admit(1, Call::GetUser, URL, seconds(0)).is_ok());
        budget.hold(Call::GetUser, seconds(9));
        let held = budget.admit(1, Call::ListSponsors, URL, seconds(1)).unwrap_err();
        assert_eq!(held, Held { until: seconds(9), why: Hold::Server });
        assert!(budget.admit(1, Call::GetUser, URL, seconds(9)).is_ok());
    }

    #[test]
    fn a_429_holds_its_class_until_a_later_request_was_taken() {
        let answer = |status| {
            let response = Response { status, headers: crate::http::Headers::new(), body: Vec::new() };
            Spent::of(&Answer::Response { response, token: TokenTag(0) })
        };
        let mut budget = budget(100, 1_000);
        let [one, two, three] = [0; 3].map(|_| write(&mut budget, 1, seconds(0)).unwrap());
        budget.settle(one, answer(201), seconds(1));
        budget.settle(two, answer(429), seconds(1));
        budget.hold(Call::CreateAgentUser, seconds(60));
        assert_eq!(write(&mut budget, 1, seconds(2)), Err(Held { until: seconds(60), why: Hold::Server }));
        budget.settle(three, answer(201), seconds(3));
        let four = write(&mut budget, 1, seconds(3)).unwrap();
        // Parts of one batch left together, whatever their order: one that was taken speaks for all.
        let five = write(&mut budget, 1, seconds(3)).unwrap();
        for (parts, holds) in [([201, 429], false), ([429, 201], false), ([429, 429], true)] {
            let mut budget = budget.clone();
            for (ticket, status) in [four, five].into_iter().zip(parts) {
                budget.settle(ticket, Spent { left_with: Some(five), ..answer(status) }, seconds(4));
            }
            budget.hold(Call::CreateAgentUser, seconds(60));
            assert_eq!(write(&mut budget, 1, seconds(4)).is_err(), holds, "{parts:?}");
        }
    }

    #[test]
    fn what_the_server_asks_for_holds_before_any_flow_has_read_it() {
        let answer = |status| {
            let headers = [("Retry-After", "20")].into_iter().collect();
            let response = Response { status, headers, body: Vec::new() };
            Spent::of(&Answer::Response { response, token: TokenTag(0) })
        };
        let held = Err(Held { until: seconds(21), why: Hold::Server });
        for (status, reads_wait) in [(429, false), (503, true)] {
            let mut budget = budget(100, 1_000);
            let ticket = write(&mut budget, 1, seconds(0)).unwrap();
            budget.settle(ticket, answer(status), seconds(1));
            assert_eq!(write(&mut budget, 1, seconds(1)), held);
            // Whoever looks for what may have been done waits, too.
            let read = budget.admit(1, Call::GetUser, URL, seconds(1));
            assert_eq!(read.is_err(), reads_wait, "{status}: {read:?}");
        }
    }

    #[test]
    fn two_that_want_more_than_there_is_share_evenly() {
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
                    budget.settle(ticket, Spent::default(), now);
                    sent[who].push(now);
                }
                Err(held) => {
                    assert!(held.until > now);
                    asks[who] = held.until;
                }
            }
        }
        let [one, two] = sent.map(|times| times.len());
        assert!(one + two >= 900, "{one} {two}");
        assert!(one - two <= 150, "{one} {two}");
    }

    #[test]
    fn who_waits_alone_or_does_not_come_back_keeps_nobody_from_anything() {
        let mut budget = budget(100, 100_000);
        for _ in 0..100 {
            let ticket = write(&mut budget, 1, seconds(0)).unwrap();
            budget.settle(ticket, Spent::default(), seconds(0));
        }
        let held = write(&mut budget, 2, seconds(10)).unwrap_err();
        budget.leave(2);
        let all = |budget: &mut Budget| (0..100).filter(|_| write(budget, 1, held.until).is_ok()).count();
        assert_eq!(all(&mut budget), 100);
    }

    #[test]
    fn a_tenant_is_taken_for_larger_only_while_graph_is_silent() {
        let spend = |warn: bool, units: u32| {
            let mut budget = Budget::new(Quotas::default());
            let mut used = 0;
            while let Ok(ticket) = budget.admit(1, Call::GetUser, URL, seconds(1)) {
                used += 2;
                let warning = [("x-ms-resource-unit", "2"), ("x-ms-throttle-limit-percentage", "0.81")];
                let headers = if warn && used * 10 >= units * 8 { &warning[..] } else { &warning[..1] };
                budget.settle(ticket, answered(headers), seconds(1));
            }
            used
        };
        assert_eq!(spend(false, 0), 8_000);
        assert_eq!(spend(true, 3_500), 3_500);
        assert_eq!(spend(true, 5_000), 5_000);
        // Where the headers are hidden, silence says nothing.
        let mut budget = Budget::new(Quotas::default());
        let mut used = 0;
        while let Ok(ticket) = budget.admit(1, Call::GetUser, URL, seconds(1)) {
            used += 2;
            budget.settle(ticket, answered(&[]), seconds(1));
        }
        assert_eq!(used, 3_500);
    }

    #[test]
    fn what_others_use_is_left_to_them_for_a_while() {
        let mut budget = budget(1_000, 100_000);
        let ticket = write(&mut budget, 1, seconds(0)).unwrap();
        budget.settle(ticket, answered(&[("x-ms-throttle-limit-percentage", "0.9")]), seconds(0));
        let mut count = |now| (0..2_000).take_while(|_| write(&mut budget, 1, now).is_ok()).count();
        let at_first = count(seconds(1));
        assert!((240..=260).contains(&at_first), "three quarters at most are left to others: {at_first}");
        assert_eq!(at_first + count(seconds(11)), 999);
    }

    #[test]
    fn costs_are_learned_and_shards_have_their_part() {
        let mut budget = Budget::new(Quotas { units: Some(100), shards: 4, ..Quotas::default() });
        let ticket = budget.admit(1, Call::GetUser, URL, seconds(0)).unwrap();
        budget.settle(ticket, answered(&[("x-ms-resource-unit", "5")]), seconds(0));
        let admitted =
            (0..100).take_while(|_| budget.admit(1, Call::GetUser, URL, seconds(1)).is_ok()).count();
        assert_eq!(admitted, 4);
    }

    #[test]
    fn how_much_is_used_is_read_in_thousandths() {
        for (text, thousandths) in [
            ("0.8", Some(800)),
            ("1.25", Some(1_250)),
            (" 1 ", Some(1_000)),
            ("0.8999", Some(899)),
            ("99999999999", None),
            ("4294967295", Some(u32::MAX)),
            ("-0.9", None),
            ("0.9x", None),
            (".9", None),
            ("NaN", None),
            ("", None),
        ] {
            assert_eq!(super::thousandths(text), thousandths, "{text}");
        }
    }

    #[test]
    fn whatever_a_call_is_said_to_cost_the_next_one_goes_after_a_window() {
        let mut budget = Budget::new(Quotas::default());
        let [one, two] = [0; 2].map(|_| budget.admit(1, Call::GetUser, URL, seconds(0)).unwrap());
        for ticket in [one, two] {
            budget.settle(ticket, answered(&[("x-ms-resource-unit", "4294967295")]), seconds(0));
        }
        let held = budget.admit(1, Call::GetUser, URL, seconds(1)).unwrap_err();
        assert_eq!(held.why, Hold::Quota(Kind::Units));
        assert!(held.until <= seconds(11), "{held:?}");
        let ticket = budget.admit(1, Call::GetUser, URL, held.until).unwrap();
        budget.settle(ticket, answered(&[("x-ms-resource-unit", "2")]), held.until);
        assert!(budget.admit(1, Call::GetUser, URL, held.until).is_ok(), "what is said last counts");
    }

    #[test]
    fn what_a_write_is_told_of_its_quota_says_nothing_of_reads() {
        let read = |budget: &mut Budget, now| {
            let mut used = 0;
            while let Ok(ticket) = budget.admit(1, Call::GetUser, URL, now) {
                used += 2;
                budget.settle(ticket, answered(&[("x-ms-resource-unit", "2")]), now);
            }
            used
        };
        let mut budget = Budget::new(Quotas::default());
        assert_eq!(read(&mut budget, seconds(0)), 8_000);
        // Others of the application write more than they may.
        let ticket = write(&mut budget, 1, seconds(20)).unwrap();
        budget.settle(ticket, answered(&[("x-ms-throttle-limit-percentage", "1.20")]), seconds(20));
        assert_eq!(budget.size, TenantSize::Large);
        assert_eq!(read(&mut budget, seconds(21)), 7_998, "all but the write's unit, in twos");
    }

    #[test]
    fn many_answers_about_one_window_make_a_tenant_smaller_once() {
        let mut budget = Budget::new(Quotas::default());
        budget.resize(TenantSize::Large);
        let mut warn = |from| {
            for ms in 0..20 {
                let now = seconds(from) + Duration::from_millis(ms);
                let ticket = budget.admit(1, Call::GetUser, URL, now).unwrap();
                budget.settle(ticket, answered(&[("x-ms-throttle-limit-percentage", "1.20")]), now);
            }
            budget.size
        };
        assert_eq!(warn(0), TenantSize::Medium);
        assert_eq!(warn(5), TenantSize::Medium, "most of what is counted then came before");
        assert_eq!(warn(11), TenantSize::Small, "still too much, in a window of its own");
    }

    #[test]
    fn a_server_too_busy_for_a_write_is_too_busy_for_reads_until_a_later_one_was_taken() {
        let mut budget = budget(100, 1_000);
        let read = |budget: &mut Budget, now| budget.admit(1, Call::GetUser, URL, seconds(now));
        let before = read(&mut budget, 0).unwrap();
        let busy = write(&mut budget, 1, seconds(0)).unwrap();
        let after = read(&mut budget, 0).unwrap();
        budget.settle(before, answered(&[]), seconds(1));
        let headers = [("Retry-After", "60")].into_iter().collect();
        let response = Response { status: 503, headers, body: Vec::new() };
        budget.settle(busy, Spent::of(&Answer::Response { response, token: TokenTag(0) }), seconds(1));
        assert_eq!(read(&mut budget, 2), Err(Held { until: seconds(61), why: Hold::Server }));
        budget.settle(after, answered(&[]), seconds(3));
        assert!(read(&mut budget, 3).is_ok());
    }

    #[test]
    fn what_nobody_waits_for_any_more_may_still_arrive() {
        let mut budget = budget(1, 100);
        let ticket = write(&mut budget, 1, seconds(0)).unwrap();
        budget.settle(ticket, Spent::GIVEN_UP, seconds(0));
        let held = write(&mut budget, 2, seconds(1)).unwrap_err();
        // It may have been three seconds on its way.
        assert!(held.until >= seconds(3 + 150), "{held:?}");
        // Who is gone was polled last long before it went.
        write(&mut budget, 2, held.until).unwrap();
        budget.leave(2);
        let later = held.until + seconds(40);
        let held = write(&mut budget, 3, later).unwrap_err();
        assert!(held.until >= later + seconds(150), "{held:?}");
    }

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
            let mut ends: BTreeMap<(u64, Ticket), Spent> = BTreeMap::new();
            let mut arrivals: Vec<(u64, u32)> = Vec::new();
            loop {
                let (now, who) = asks.iter().copied().zip(0..).min().unwrap();
                if let Some(entry) = ends.first_entry().filter(|entry| entry.key().0 <= now) {
                    let ((at, ticket), spent) = entry.remove_entry();
                    budget.settle(ticket, spent, Duration::from_millis(at));
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
                            0 => (now + draw(slowest), Spent::GIVEN_UP),
                            1 => (arrives + draw(slowest), Spent::default()),
                            _ => (arrives + draw(slowest), answered(&[])),
                        };
                        ends.insert((end, ticket), spent);
                        now + draw(20)
                    }
                    Err(held) => held.until.as_nanos().div_ceil(1_000_000) as u64,
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
                        budget.settle(ticket, Spent::default(), now);
                        went[who] += 1;
                        now + Duration::from_millis(700)
                    }
                    Err(held) => held.until,
                };
            }
            assert!(went.iter().all(|times| *times >= 10), "{units} units: {went:?}");
        }
    }
}
