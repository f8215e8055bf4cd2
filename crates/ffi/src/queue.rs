//! The results of one call that wait to be taken, in order.
//!
//! Events are bounded, and the newest win. A page waits until the page before it is taken, and a record while many are not
//! taken; reports don't. Demands come
//! before everything else, the end after everything else.

use crate::demand::Demand;
use crate::result_data::ResultData;
use crate::status::{AGENTUSER_ENDED, agentuser_status};
use crate::wait::{
    AGENTUSER_WAIT_DEMAND, AGENTUSER_WAIT_DONE, AGENTUSER_WAIT_EVENT, AGENTUSER_WAIT_FAILED,
    AGENTUSER_WAIT_ITEM, AGENTUSER_WAIT_RECORD, AGENTUSER_WAIT_TIMEOUT, agentuser_wait_kind,
};
use crate::wake::Wake;
use agentuser_core::operation::Event;
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// The most events that wait to be taken.
const EVENTS: usize = 256;

/// The most records that wait to be taken before the call rests.
const RECORDS: usize = 256;

/// The results of a call that wait to be taken.
pub(crate) struct Queue {
    state: Mutex<State>,
    ready: Condvar,
    room: Notify,
    wake: Wake,
}

#[derive(Default)]
struct State {
    /// Grows with every entry, so that events and items come out as they came in.
    number: u64,
    events: VecDeque<(u64, Event)>,
    items: VecDeque<(u64, Item)>,
    pages: usize,
    records: usize,
    demands: BTreeMap<u64, Arc<Demand>>,
    /// The id of the demand that was taken last.
    demand_taken: Option<u64>,
    end: Option<(agentuser_wait_kind, ResultData)>,
    ended: bool,
    freed: bool,
    /// The wake was called, and the caller has not found the queue empty since.
    woken: bool,
}

struct Item {
    taken: Taken,
    outcome: ResultData,
}

/// The kinds of results that are never left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// A page of a list. It waits until the page before it is taken.
    Page,
    /// The report of a row.
    Report,
    /// A record of what was sent or changed.
    Record,
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Queue")
    }
}

impl Queue {
    pub(crate) fn new(wake: Wake) -> Self {
        Self { state: Mutex::default(), ready: Condvar::new(), room: Notify::new(), wake }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state, and wakes the caller.
    fn put(&self, change: impl FnOnce(&mut State)) {
        let wake = {
            let mut state = self.lock();
            if state.freed {
                return;
            }
            change(&mut state);
            !std::mem::replace(&mut state.woken, true)
        };
        self.ready.notify_all();
        if wake {
            self.wake.wake();
        }
    }

    /// Adds progress.
    pub(crate) fn event(&self, event: Event) {
        self.put(|state| {
            if state.events.len() >= EVENTS {
                state.events.pop_front();
            }
            state.number += 1;
            state.events.push_back((state.number, event));
        });
    }

    /// Adds a page, a report or a record. Await [`Queue::room`] after a page, [`Queue::room_for_records`] after a record.
    pub(crate) fn item(&self, taken: Taken, outcome: ResultData) {
        self.put(|state| {
            state.number += 1;
            state.pages += usize::from(taken == Taken::Page);
            state.records += usize::from(taken == Taken::Record);
            state.items.push_back((state.number, Item { taken, outcome }));
        });
    }

    /// Waits until no page is left in it.
    pub(crate) async fn room(&self) {
        self.wait_until(|state| state.pages == 0).await;
    }

    /// Waits until few records are left in it.
    pub(crate) async fn room_for_records(&self) {
        self.wait_until(|state| state.records < RECORDS).await;
    }

    async fn wait_until(&self, has_room: impl Fn(&State) -> bool) {
        loop {
            // Registered before the look, so that a result which is taken in between is noticed.
            let taken = self.room.notified();
            if has_room(&self.lock()) {
                return;
            }
            taken.await;
        }
    }

    /// Adds a demand.
    pub(crate) fn demand(&self, demand: Arc<Demand>) {
        self.put(|state| {
            state.demands.insert(demand.id(), demand);
        });
    }

    /// Takes a demand back, because it is over or the call does not wait for it any more. False when the caller has taken it
    /// already.
    pub(crate) fn forget_demand(&self, id: u64) -> bool {
        self.lock().demands.remove(&id).is_some()
    }

    /// The id of the demand that the caller took last.
    pub(crate) fn demand_taken(&self) -> Option<u64> {
        self.lock().demand_taken
    }

    /// Adds the end; a second end is ignored.
    pub(crate) fn end(&self, end: Result<ResultData, ResultData>) {
        self.put(|state| {
            if state.end.is_none() && !state.ended {
                state.end = Some(match end {
                    Ok(outcome) => (AGENTUSER_WAIT_DONE, outcome),
                    Err(problem) => (AGENTUSER_WAIT_FAILED, problem),
                });
            }
        });
    }

    /// Ends every wait, now and later, with ENDED. No wake runs after this.
    pub(crate) fn close(&self) {
        let left = {
            let mut state = self.lock();
            std::mem::replace(&mut *state, State { freed: true, ..State::default() })
        };
        self.ready.notify_all();
        self.room.notify_waiters();
        drop(left);
        self.wake.close();
    }

    /// Takes the next result, waiting for it until the timeout, or without end.
    pub(crate) fn take(
        &self,
        timeout: Option<Duration>,
    ) -> Result<(agentuser_wait_kind, Option<ResultData>), agentuser_status> {
        let until = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut state = self.lock();
        loop {
            if state.freed {
                return Err(AGENTUSER_ENDED);
            }
            if let Some((kind, outcome)) = state.next() {
                let is_room = state.pages == 0 || state.records < RECORDS;
                drop(state);
                if is_room {
                    self.room.notify_waiters();
                }
                return Ok((kind, Some(outcome)));
            }
            if state.ended {
                return Err(AGENTUSER_ENDED);
            }
            state = match until.map(|until| until.saturating_duration_since(Instant::now())) {
                Some(Duration::ZERO) => {
                    state.woken = false;
                    return Ok((AGENTUSER_WAIT_TIMEOUT, None));
                }
                Some(left) => self.ready.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0,
                None => self.ready.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}

impl State {
    fn next(&mut self) -> Option<(agentuser_wait_kind, ResultData)> {
        if let Some((id, demand)) = self.demands.pop_first() {
            self.demand_taken = Some(id);
            let body = demand.body().map(|body| (id, body.to_vec()));
            return Some((
                AGENTUSER_WAIT_DEMAND,
                ResultData::of(&*demand).with_bodies(body.into_iter().collect()),
            ));
        }
        let event = self.events.front().map_or(u64::MAX, |(number, _)| *number);
        let item = self.items.front().map_or(u64::MAX, |(number, _)| *number);
        if event < item {
            let (_, event) = self.events.pop_front()?;
            return Some((AGENTUSER_WAIT_EVENT, ResultData::of(&event)));
        }
        if let Some((_, item)) = self.items.pop_front() {
            self.pages -= usize::from(item.taken == Taken::Page);
            self.records -= usize::from(item.taken == Taken::Record);
            let kind = match item.taken {
                Taken::Page | Taken::Report => AGENTUSER_WAIT_ITEM,
                Taken::Record => AGENTUSER_WAIT_RECORD,
            };
            return Some((kind, item.outcome));
        }
        let end = self.end.take()?;
        self.ended = true;
        Some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::AGENTUSER_OK;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Poll, Waker};

    fn queue() -> Queue {
        Queue::new(Wake::new(None, 0))
    }

    fn now(queue: &Queue) -> (agentuser_status, agentuser_wait_kind, String) {
        match queue.take(Some(Duration::ZERO)) {
            Ok((kind, outcome)) => {
                let json = outcome.map(|outcome| outcome.json().to_owned()).unwrap_or_default();
                (AGENTUSER_OK, kind, json)
            }
            Err(status) => (status, 0, String::new()),
        }
    }

    fn rows(done: usize) -> Event {
        Event::Rows { done, of: 1000, stages: Vec::new() }
    }

    #[test]
    fn events_are_bounded_and_the_newest_win_while_reports_are_kept() {
        let queue = queue();
        for n in 0..EVENTS + 10 {
            queue.event(rows(n));
            queue.item(Taken::Report, ResultData::of_json(n.to_string()));
        }
        queue.end(Ok(ResultData::of_json("end")));
        let (mut events, mut items) = (Vec::new(), Vec::new());
        loop {
            match now(&queue) {
                (AGENTUSER_OK, AGENTUSER_WAIT_EVENT, json) => events.push(json),
                (AGENTUSER_OK, AGENTUSER_WAIT_ITEM, json) => items.push(json),
                (AGENTUSER_OK, AGENTUSER_WAIT_DONE, json) => break assert_eq!(json, "end"),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((events.len(), items.len()), (EVENTS, EVENTS + 10));
        assert_eq!(events[0], r#"{"event":"rows","done":10,"of":1000,"stages":[]}"#);
        assert_eq!(now(&queue), (AGENTUSER_ENDED, 0, String::new()));
    }

    #[test]
    fn events_and_items_come_out_as_they_came_in_and_the_end_last() {
        let queue = queue();
        queue.end(Err(ResultData::of_json("problem")));
        queue.event(rows(1));
        queue.item(Taken::Report, ResultData::of_json("report"));
        queue.event(rows(2));
        queue.end(Ok(ResultData::of_json("a second end")));
        let kinds: Vec<_> = std::iter::repeat_with(|| now(&queue)).map(|(_, kind, _)| kind).take(4).collect();
        let expected =
            [AGENTUSER_WAIT_EVENT, AGENTUSER_WAIT_ITEM, AGENTUSER_WAIT_EVENT, AGENTUSER_WAIT_FAILED];
        assert_eq!(kinds, expected);
        queue.end(Ok(ResultData::of_json("a third end")));
        assert_eq!(now(&queue).0, AGENTUSER_ENDED);
    }

    #[test]
    fn records_are_kept_in_order_and_hold_the_call_back() {
        let queue = queue();
        for n in 0..RECORDS {
            queue.item(Taken::Record, ResultData::of_json(n.to_string()));
        }
        let mut context = Context::from_waker(Waker::noop());
        let mut room = std::pin::pin!(queue.room_for_records());
        assert_eq!(room.as_mut().poll(&mut context), Poll::Pending);
        assert_eq!(now(&queue), (AGENTUSER_OK, AGENTUSER_WAIT_RECORD, "0".to_owned()));
        assert_eq!(room.as_mut().poll(&mut context), Poll::Ready(()));
        assert_eq!(now(&queue), (AGENTUSER_OK, AGENTUSER_WAIT_RECORD, "1".to_owned()));
    }

    #[test]
    fn there_is_room_for_the_next_page_when_the_last_was_taken() {
        let queue = queue();
        let mut context = Context::from_waker(Waker::noop());
        queue.item(Taken::Page, ResultData::of_json("page"));
        queue.item(Taken::Report, ResultData::of_json("report"));
        let mut room = std::pin::pin!(queue.room());
        assert_eq!(room.as_mut().poll(&mut context), Poll::Pending);
        assert_eq!(now(&queue).2, "page");
        assert_eq!(room.as_mut().poll(&mut context), Poll::Ready(()));
    }

    #[test]
    fn the_wake_comes_again_only_after_the_queue_was_found_empty() {
        static WAKES: AtomicUsize = AtomicUsize::new(0);
        unsafe extern "C" fn count(_: usize) {
            WAKES.fetch_add(1, Ordering::SeqCst);
        }
        let queue = Queue::new(Wake::new(Some(count), 0));
        let wakes = || WAKES.load(Ordering::SeqCst);
        queue.event(rows(1));
        queue.event(rows(2));
        assert_eq!(wakes(), 1);
        assert_eq!(now(&queue).1, AGENTUSER_WAIT_EVENT);
        queue.event(rows(3));
        assert_eq!(wakes(), 1);
        while now(&queue).1 != AGENTUSER_WAIT_TIMEOUT {}
        queue.event(rows(4));
        assert_eq!(wakes(), 2);
        while now(&queue).1 != AGENTUSER_WAIT_TIMEOUT {}
        queue.close();
        queue.end(Ok(ResultData::of_json("an end after the close")));
        assert_eq!((wakes(), now(&queue).0), (2, AGENTUSER_ENDED));
    }
}
