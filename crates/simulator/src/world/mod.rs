//! The one virtual clock: drives operations against a simulated tenant, a day in a millisecond.
//!
//! [`World::step`] polls every task that is due until it waits, then moves the clock to the next moment at which
//! anything happens and lets all requests and answers arrive that are due then. Everything else is a loop around it. The [`Host`] has all that is special to a test,
//! a benchmark or a scenario.

mod host;
mod ran;
mod task;

pub use host::{Host, Interrupted, Polled};
pub use ran::Ran;
pub use task::{Interruption, Task};

use crate::network::Network;
use agentuser_core::Now;
use agentuser_core::operation::{Accepted, Answer, Outgoing, RequestId, Step, TokenTag};
use std::collections::BTreeMap;
use std::time::Duration;

/// A tenant behind a network, a clock that stands still unless all tasks wait, and the requests and answers on their way.
#[derive(Debug)]
pub struct World {
    network: Network,
    now: Now,
    authorization: String,
    /// By the moment of arrival; at equal moments, by the order of departure.
    coming: BTreeMap<(Duration, u64), Coming>,
    serial: u64,
}

/// A request on its way to the tenant.
#[derive(Debug)]
pub struct Sending {
    /// The place of its task; none when the task's host is gone.
    pub place: Option<usize>,
    /// The request.
    pub outgoing: Outgoing,
    /// The value of the header of that name.
    pub authorization: String,
    /// The number of the token in it.
    pub token: TokenTag,
}

#[derive(Debug)]
enum Coming {
    Request(Sending),
    Answer { place: usize, id: RequestId, answer: Answer },
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Time has passed, and something is left to do.
    Going,
    /// Every task is over.
    Over,
    /// Tasks wait, and nothing is on its way to them.
    Stuck,
}

impl World {
    /// Every request carries this from now on, in place of what it carried.
    pub fn authorize(&mut self, authorization: &str) {
        authorization.clone_into(&mut self.authorization);
    }

    /// A world at the tenant's beginning. `authorization` is what every request carries.
    #[must_use]
    pub fn new(network: Network, authorization: &str) -> Self {
        // 2026-06-01T00:00:00Z, as the tenant's.
        let now = Now { mono: Duration::ZERO, unix_ms: 1_780_272_000_000 };
        let authorization = authorization.to_owned();
        Self { network, now, authorization, coming: BTreeMap::new(), serial: 0 }
    }

    /// The time.
    #[must_use]
    pub const fn now(&self) -> Now {
        self.now
    }

    /// The network.
    #[must_use]
    pub const fn network(&self) -> &Network {
        &self.network
    }

    /// The network, to change it.
    pub const fn network_mut(&mut self) -> &mut Network {
        &mut self.network
    }

    /// Lets time pass in which nothing happens.
    pub fn pass(&mut self, time: Duration) {
        self.now = self.now.later(time);
    }

    /// Steps until every task is over, or nothing is left to wait for.
    ///
    /// # Errors
    /// The host stops the world.
    pub fn drive<H: Host>(&mut self, host: &mut H) -> Result<Progress, H::Stop> {
        loop {
            match self.step(host)? {
                Progress::Going => {}
                end => return Ok(end),
            }
        }
    }

    /// Polls every task that is due until it waits, then lets time pass until the next thing happens, and that happen.
    ///
    /// # Errors
    /// The host stops the world.
    pub fn step<H: Host>(&mut self, host: &mut H) -> Result<Progress, H::Stop> {
        for place in 0..host.tasks().count() {
            self.cancel_when_due(host, place)?;
            if host.task(place).and_then(|task| task.wakes_at).is_some_and(|at| at <= self.now.mono) {
                self.poll(host, place)?;
            }
        }
        if host.tasks().all(|task| task.is_over()) {
            return Ok(Progress::Over);
        }
        let wakes = host.tasks().flat_map(|task| [task.wakes_at, task.cancels_at]);
        let Some(next) = wakes.flatten().chain(self.next_arrival()).min() else { return Ok(Progress::Stuck) };
        self.advance(host, next)?;
        Ok(Progress::Going)
    }

    /// Moves the clock to a moment; what is on its way until then arrives, each at its own time. No task is polled.
    ///
    /// # Errors
    /// The host stops the world.
    pub fn advance<H: Host>(&mut self, host: &mut H, moment: Duration) -> Result<(), H::Stop> {
        let end = self.now.later(moment.saturating_sub(self.now.mono));
        while let Some(entry) = self.coming.first_entry().filter(|entry| entry.key().0 <= end.mono) {
            self.now = self.now.later(entry.key().0.saturating_sub(self.now.mono));
            match entry.remove() {
                Coming::Request(sending) => host.arrived(self, sending)?,
                Coming::Answer { place, id, answer } => {
                    if host.answer(self.now, place, id, answer) == Accepted::Used
                        && let Some(task) = host.task(place)
                    {
                        task.wakes_at = Some(self.now.mono);
                    }
                }
            }
        }
        self.now = end;
        Ok(())
    }

    fn cancel_when_due<H: Host>(&mut self, host: &mut H, place: usize) -> Result<(), H::Stop> {
        let now = self.now.mono;
        let due = host.task(place).filter(|task| task.cancels_at.is_some_and(|at| at <= now));
        let Some(task) = due else { return Ok(()) };
        task.cancel(now);
        host.interrupted(self.now, place, Interrupted::Cancelled)
    }

    /// Polls a task until it waits or is over.
    fn poll<H: Host>(&mut self, host: &mut H, place: usize) -> Result<(), H::Stop> {
        while let Some(step) = host.poll(self.now, place)? {
            match step {
                Step::Send(requests) => self.send(host, place, requests)?,
                Step::Abort(ids) => host.aborted(self.now, place, ids)?,
                Step::Item(item) => host.item(self.now, place, item)?,
                Step::Event(event) => host.event(self.now, place, event)?,
                Step::Record(record) => host.record(self.now, place, *record)?,
                Step::Wait(until) => {
                    if let Some(task) = host.task(place) {
                        task.wakes_at = until;
                    }
                    return Ok(());
                }
                Step::Done(result) => {
                    if let Some(task) = host.task(place) {
                        task.end();
                    }
                    return host.ended(self.now, place, result);
                }
            }
        }
        Ok(())
    }

    fn send<H: Host>(&mut self, host: &mut H, place: usize, requests: Vec<Outgoing>) -> Result<(), H::Stop> {
        for outgoing in requests {
            if let Some(task) = host.task(place).filter(|task| task.dies()) {
                task.end();
                return host.interrupted(self.now, place, Interrupted::Died);
            }
            host.sent(self, place, outgoing)?;
            if let Some(task) = host.task(place) {
                task.count_sent();
            }
        }
        if let Some(task) = host.task(place) {
            task.plan_cancellation(self.now.mono);
        }
        self.cancel_when_due(host, place)
    }

    /// Lets a request reach the tenant now. Its answer comes when the network says.
    pub fn deliver(&mut self, place: usize, outgoing: &Outgoing) {
        let delivery = self.network.deliver(self.now, Some(&self.authorization), &outgoing.request);
        if let Some(answer) = delivery.outcome.into_answer(TokenTag(1)) {
            self.reply(place, outgoing.id, answer, delivery.after);
        }
    }

    /// Puts a request on a way of that length; then it comes to [`Host::arrived`].
    pub fn carry(&mut self, sending: Sending, way: Duration) {
        self.comes_after(way, Coming::Request(sending));
    }

    /// Answers a request after that time.
    pub fn reply(&mut self, place: usize, id: RequestId, answer: Answer, after: Duration) {
        self.comes_after(after, Coming::Answer { place, id, answer });
    }

    fn comes_after(&mut self, after: Duration, coming: Coming) {
        self.serial += 1;
        self.coming.insert((self.now.mono.saturating_add(after), self.serial), coming);
    }

    /// How many requests and answers were on their way until now.
    #[must_use]
    pub const fn serial(&self) -> u64 {
        self.serial
    }

    /// When the next request or answer arrives.
    #[must_use]
    pub fn next_arrival(&self) -> Option<Duration> {
        self.coming.first_key_value().map(|((at, _), _)| *at)
    }

    /// Whether requests are on their way to the tenant.
    #[must_use]
    pub fn has_requests_on_their_way(&self) -> bool {
        self.coming.values().any(|coming| matches!(coming, Coming::Request(_)))
    }

    /// Forgets the hosts of before: their answers are dropped, and their requests belong to no task any more.
    pub fn forget_hosts(&mut self) {
        self.coming.retain(|_, coming| matches!(coming, Coming::Request(_)));
        for coming in self.coming.values_mut() {
            if let Coming::Request(sending) = coming {
                sending.place = None;
            }
        }
    }
}
