//! The interface between a world and its users: tests, benchmarks, scenarios and a fuzz target.

use super::task::Task;
use super::{Sending, World};
use agentuser_core::Now;
use agentuser_core::operation::{Accepted, Answer, Event, Outgoing, Record, RequestId, Step};
use agentuser_core::problem::Problem;

/// How a task was interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interrupted {
    /// It was cancelled, and goes on until it ends.
    Cancelled,
    /// It is over, without a result.
    Died,
}

/// The next step of a task; none when it is over.
pub type Polled<H> = Result<Option<Step<<H as Host>::Item, <H as Host>::End>>, <H as Host>::Stop>;

/// Tasks that a [`World`] drives, and a hook for each thing that happens to them.
///
/// Tasks go by their place among [`Host::tasks`]. Every hook has a default that does nothing, or what is done without a
/// hook; `Err` stops the world at once.
pub trait Host {
    /// The items that the operations yield.
    type Item;
    /// The result that the operations end with.
    type End;
    /// Why the host stops the world.
    type Stop;

    /// The tasks.
    fn tasks(&mut self) -> impl Iterator<Item = &mut Task<Self::Item, Self::End>>;

    /// The task at a place.
    fn task(&mut self, place: usize) -> Option<&mut Task<Self::Item, Self::End>> {
        self.tasks().nth(place)
    }

    /// Polls a task. A host that measures or bounds polls does it here.
    fn poll(&mut self, now: Now, place: usize) -> Polled<Self> {
        Ok(self.task(place).and_then(|task| task.poll(now)))
    }

    /// Hands an answer to a task.
    fn answer(&mut self, now: Now, place: usize, id: RequestId, answer: Answer) -> Accepted {
        let _ = now;
        self.task(place).map_or(Accepted::Ignored, |task| task.answer(id, answer))
    }

    /// A task sends a request. Without a hook it reaches the tenant at once.
    fn sent(&mut self, world: &mut World, place: usize, outgoing: Outgoing) -> Result<(), Self::Stop> {
        world.deliver(place, &outgoing);
        Ok(())
    }

    /// A request that was on its way reaches the tenant. Only a host that sends by [`World::carry`] sees this.
    fn arrived(&mut self, world: &mut World, sending: Sending) -> Result<(), Self::Stop> {
        if let Some(place) = sending.place {
            world.deliver(place, &sending.outgoing);
        }
        Ok(())
    }

    /// A task no longer waits for these requests. Their answers still come, as a host can't call them back.
    fn aborted(&mut self, now: Now, place: usize, ids: Vec<RequestId>) -> Result<(), Self::Stop> {
        let _ = (now, place, ids);
        Ok(())
    }

    /// A task yields an item.
    fn item(&mut self, now: Now, place: usize, item: Self::Item) -> Result<(), Self::Stop> {
        let _ = (now, place, item);
        Ok(())
    }

    /// A task reports progress.
    fn event(&mut self, now: Now, place: usize, event: Event) -> Result<(), Self::Stop> {
        let _ = (now, place, event);
        Ok(())
    }

    /// A task records what it has sent or changed.
    fn record(&mut self, now: Now, place: usize, record: Record) -> Result<(), Self::Stop> {
        let _ = (now, place, record);
        Ok(())
    }

    /// A task was interrupted.
    fn interrupted(&mut self, now: Now, place: usize, how: Interrupted) -> Result<(), Self::Stop> {
        let _ = (now, place, how);
        Ok(())
    }

    /// A task has ended.
    fn ended(&mut self, now: Now, place: usize, result: Result<Self::End, Problem>)
    -> Result<(), Self::Stop>;
}
