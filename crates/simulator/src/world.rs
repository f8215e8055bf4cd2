//! A host without a network or a clock: drives operations against a simulated tenant, a day in a millisecond.

use crate::network::{Network, Outcome, Sent as NetworkSent};
use agentuser_core::Now;
use agentuser_core::http::Request;
use agentuser_core::operation::{Answer, Event, Loss, Operation, RequestId, Sent, Step, TokenTag};
use agentuser_core::problem::{Code, Problem};
use std::collections::BTreeMap;
use std::time::Duration;

/// A tenant behind a network, with a clock that stands still unless somebody waits.
#[derive(Debug)]
pub struct World {
    network: Network,
    now: Now,
    authorization: String,
}

/// What a run did.
#[derive(Debug)]
pub struct Ran<I, T> {
    /// How it ended; none when it was stopped before.
    pub result: Option<Result<T, Problem>>,
    /// What it yielded.
    pub items: Vec<I>,
    /// What it told.
    pub events: Vec<Event>,
    /// The requests, in the order they were sent, with the time.
    pub sent: Vec<(Duration, Request)>,
    /// Requests that were aborted.
    pub aborted: usize,
    /// Polls.
    pub polls: usize,
}

/// When a run is cut short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cut {
    /// After this many requests it is cancelled.
    pub cancel_after: Option<usize>,
    /// After this many requests the process dies: nothing more is polled.
    pub die_after: Option<usize>,
}

/// More polls than any sane run takes.
const MOST_POLLS: usize = 2_000_000;

impl World {
    /// A world at the tenant's beginning. `authorization` is what every request carries.
    #[must_use]
    pub fn new(network: Network, authorization: &str) -> Self {
        // 2026-06-01T00:00:00Z, as the tenant's.
        let now = Now { mono: Duration::ZERO, unix_ms: 1_780_272_000_000 };
        Self { network, now, authorization: authorization.to_owned() }
    }

    /// The time.
    #[must_use]
    pub const fn now(&self) -> Now {
        self.now
    }

    /// Lets time pass.
    pub fn pass(&mut self, time: Duration) {
        self.now = self.now.later(time);
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

    /// Drives an operation to its end.
    pub fn run<I, T>(&mut self, operation: &mut Operation<I, T>) -> Ran<I, T> {
        self.run_until(operation, Cut::default())
    }

    /// Drives an operation to its end, or to where it is cut short.
    pub fn run_until<I, T>(&mut self, operation: &mut Operation<I, T>, cut: Cut) -> Ran<I, T> {
        let mut ran = self.run_together(std::slice::from_mut(operation), cut);
        ran.pop().unwrap_or_else(Ran::none)
    }

    /// Drives operations side by side to their ends, or each to where it is cut short.
    pub fn run_together<I, T>(&mut self, operations: &mut [Operation<I, T>], cut: Cut) -> Vec<Ran<I, T>> {
        let mut runs: Vec<Ran<I, T>> = operations.iter().map(|_| Ran::none()).collect();
        let mut over = vec![false; runs.len()];
        let mut coming: BTreeMap<(Duration, u64), (usize, RequestId, Answer)> = BTreeMap::new();
        let mut serial = 0_u64;
        loop {
            let mut next = coming.first_key_value().map(|((at, _), _)| *at);
            for (who, (operation, ran)) in operations.iter_mut().zip(&mut runs).enumerate() {
                let Some(over) = over.get_mut(who).filter(|over| !**over) else { continue };
                loop {
                    ran.polls += 1;
                    if ran.polls > MOST_POLLS {
                        let message = "The run takes more polls than any should.";
                        ran.result = Some(Err(Problem::new(Code::Internal, message)));
                        *over = true;
                        break;
                    }
                    match operation.poll(self.now) {
                        Step::Send(requests) => {
                            for outgoing in requests {
                                if cut.die_after.is_some_and(|most| ran.sent.len() >= most) {
                                    *over = true;
                                    break;
                                }
                                ran.sent.push((self.now.mono, outgoing.request.clone()));
                                if let Some((at, answer)) = self.send(&outgoing.request) {
                                    serial += 1;
                                    next = Some(next.map_or(at, |next| next.min(at)));
                                    coming.insert((at, serial), (who, outgoing.id, answer));
                                }
                            }
                            if *over {
                                break;
                            }
                            if cut.cancel_after.is_some_and(|most| ran.sent.len() >= most) {
                                operation.canceller().cancel();
                            }
                        }
                        // A host can't call an answer back that is on its way: it comes, and must be ignored.
                        Step::Abort(ids) => ran.aborted += ids.len(),
                        Step::Item(item) => ran.items.push(item),
                        Step::Event(event) => ran.events.push(event),
                        Step::Done(result) => {
                            ran.result = Some(result);
                            *over = true;
                            break;
                        }
                        Step::Wait(until) => {
                            next = next.into_iter().chain(until).min();
                            break;
                        }
                    }
                }
            }
            if over.iter().all(|over| *over) {
                return runs;
            }
            let Some(wake) = next else {
                for (ran, _) in runs.iter_mut().zip(over).filter(|(_, over)| !over) {
                    ran.result = Some(Err(Problem::new(Code::Internal, "The run waits for nothing.")));
                }
                return runs;
            };
            self.now = self.now.later(wake.saturating_sub(self.now.mono));
            while let Some(entry) = coming.first_entry().filter(|entry| entry.key().0 <= self.now.mono) {
                let (who, id, answer) = entry.remove();
                if let Some(operation) = operations.get_mut(who) {
                    operation.answer(id, answer);
                }
            }
        }
    }

    /// Sends a request: when something comes back, and what; none when nothing ever does.
    fn send(&mut self, request: &Request) -> Option<(Duration, Answer)> {
        let delivery = self.network.deliver(self.now, Some(&self.authorization), request);
        let answer = match delivery.outcome {
            Outcome::Response(response) => Answer::Response { response, token: TokenTag(1) },
            Outcome::Lost { sent: NetworkSent::No } => {
                Answer::Lost { sent: Sent::No, why: Loss::Unreachable("connection refused".to_owned()) }
            }
            Outcome::Lost { sent: NetworkSent::Maybe } => {
                Answer::Lost { sent: Sent::Maybe, why: Loss::Broken("connection reset".to_owned()) }
            }
            Outcome::Never => return None,
        };
        Some((self.now.mono.saturating_add(delivery.after), answer))
    }
}

impl<I, T> Ran<I, T> {
    const fn none() -> Self {
        Self { result: None, items: Vec::new(), events: Vec::new(), sent: Vec::new(), aborted: 0, polls: 0 }
    }
}
