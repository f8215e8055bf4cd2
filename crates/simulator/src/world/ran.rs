//! The host that records all that happens, for tests that look at it afterwards.

use super::host::{Host, Polled};
use super::task::{Interruption, Task};
use super::{Progress, World};
use agentuser_core::http::Request;
use agentuser_core::operation::{Event, Operation, Outgoing, Record, RequestId, Step};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::{Call, Now};
use std::convert::Infallible;
use std::time::Duration;

/// More polls than any run takes that is right.
const MOST_POLLS: u32 = 2_000_000;

/// The record of a run.
#[derive(Debug)]
pub struct Ran<I, T> {
    /// How it ended; none when it died.
    pub result: Option<Result<T, Problem>>,
    /// The items, in their order.
    pub items: Vec<I>,
    /// The events, in their order.
    pub events: Vec<Event>,
    /// The records, in their order.
    pub records: Vec<Record>,
    /// The requests, in the order they were sent, with the time.
    pub sent: Vec<(Duration, Request)>,
    /// The calls that these requests are, in the same order.
    pub calls: Vec<Call>,
    /// Requests that were aborted.
    pub aborted: usize,
    /// Polls.
    pub polls: u32,
}

struct Recorder<I, T>(Vec<(Task<I, T>, Ran<I, T>)>);

impl World {
    /// Drives an operation to its end.
    pub fn run<I, T>(&mut self, operation: Operation<I, T>) -> Ran<I, T> {
        self.run_until(operation, Interruption::Never)
    }

    /// Drives an operation to its end, or to where it is interrupted.
    pub fn run_until<I, T>(&mut self, operation: Operation<I, T>, interruption: Interruption) -> Ran<I, T> {
        self.run_tasks([Task::new(operation).interrupted(interruption)]).pop().unwrap_or_else(Ran::new)
    }

    /// Drives operations side by side to their ends.
    pub fn run_together<I, T>(
        &mut self,
        operations: impl IntoIterator<Item = Operation<I, T>>,
    ) -> Vec<Ran<I, T>> {
        self.run_tasks(operations.into_iter().map(Task::new))
    }

    fn run_tasks<I, T>(&mut self, tasks: impl IntoIterator<Item = Task<I, T>>) -> Vec<Ran<I, T>> {
        let mut recorder = Recorder(tasks.into_iter().map(|task| (task, Ran::new())).collect());
        self.forget_hosts();
        let Ok(progress) = self.drive(&mut recorder);
        let finish = |(task, mut ran): (Task<I, T>, Ran<I, T>)| {
            if progress == Progress::Stuck && !task.is_over() {
                ran.result = Some(Err(Problem::new(Code::Internal, "The run waits for nothing.")));
            }
            ran.polls = task.polls();
            ran
        };
        recorder.0.into_iter().map(finish).collect()
    }
}

impl<I, T> Ran<I, T> {
    const fn new() -> Self {
        Self {
            result: None,
            items: Vec::new(),
            events: Vec::new(),
            records: Vec::new(),
            sent: Vec::new(),
            calls: Vec::new(),
            aborted: 0,
            polls: 0,
        }
    }
}

impl<I, T> Recorder<I, T> {
    fn note(&mut self, place: usize, note: impl FnOnce(&mut Ran<I, T>)) -> Result<(), Infallible> {
        if let Some((_, ran)) = self.0.get_mut(place) {
            note(ran);
        }
        Ok(())
    }
}

impl<I, T> Host for Recorder<I, T> {
    type Item = I;
    type End = T;
    type Stop = Infallible;

    fn tasks(&mut self) -> impl Iterator<Item = &mut Task<I, T>> {
        self.0.iter_mut().map(|(task, _)| task)
    }

    fn poll(&mut self, now: Now, place: usize) -> Polled<Self> {
        let Some(task) = self.task(place) else { return Ok(None) };
        if task.polls() >= MOST_POLLS {
            let problem = Problem::new(Code::Internal, "The run takes more polls than any should.");
            return Ok(Some(Step::Done(Err(problem))));
        }
        Ok(task.poll(now))
    }

    fn sent(&mut self, world: &mut World, place: usize, outgoing: Outgoing) -> Result<(), Infallible> {
        world.deliver(place, &outgoing);
        self.note(place, |ran| {
            ran.calls.push(outgoing.call);
            ran.sent.push((world.now().mono, outgoing.request));
        })
    }

    fn aborted(&mut self, _: Now, place: usize, ids: Vec<RequestId>) -> Result<(), Infallible> {
        self.note(place, |ran| ran.aborted += ids.len())
    }

    fn item(&mut self, _: Now, place: usize, item: I) -> Result<(), Infallible> {
        self.note(place, |ran| ran.items.push(item))
    }

    fn event(&mut self, _: Now, place: usize, event: Event) -> Result<(), Infallible> {
        self.note(place, |ran| ran.events.push(event))
    }

    fn record(&mut self, _: Now, place: usize, record: Record) -> Result<(), Infallible> {
        self.note(place, |ran| ran.records.push(record))
    }

    fn ended(&mut self, _: Now, place: usize, result: Result<T, Problem>) -> Result<(), Infallible> {
        self.note(place, |ran| ran.result = Some(result))
    }
}
