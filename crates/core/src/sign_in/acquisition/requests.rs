//! Requests: from the queue to their answers, with a record of each that left.

use super::settings::AcquisitionSettings;
use super::silence::Silence;
use super::step::Outgoing;
use crate::Now;
use crate::http::Response;
use crate::operation::{
    Answer, CLIENT_REQUEST_ID, Ids, Loss, LossKind, RequestId, RequestRecord, Sent, path,
};
use crate::problem::{retry_after, sign_in_trace_id};
use crate::sign_in::{Leg, Login};
use crate::utc::Utc;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

/// One number names fetches, requests, demands and whatever else waits.
pub(super) type Id = u64;

/// The requests of all fetches. So many are in flight at most; the others wait for their turn.
pub(super) struct Requests {
    settings: Arc<AcquisitionSettings>,
    ids: Ids,
    user_agent: Arc<str>,
    slots: BTreeMap<Id, Slot>,
    queue: VecDeque<(Id, Box<Outgoing>)>,
    in_flight: usize,
    expiries: BTreeSet<(Duration, Id)>,
    silences: BTreeMap<Login, Silence>,
    aborts: Vec<RequestId>,
    records: VecDeque<(Id, Box<RequestRecord>)>,
}

/// A request that a fetch waits for.
struct Slot {
    fetch: Id,
    login: Login,
    leg: &'static str,
    method: &'static str,
    path: String,
    attempt: u32,
    timeout: Duration,
    state: State,
    waker: Waker,
}

enum State {
    Queued,
    InFlight { left_at: Duration },
    Answered(Answer),
}

/// A try of a request, as a fetch makes it.
pub(super) struct Attempt<'a> {
    pub(super) fetch: Id,
    pub(super) login: &'a Login,
    pub(super) leg: &'a Leg,
    pub(super) request: crate::http::Request,
    pub(super) timeout: Duration,
    pub(super) number: u32,
}

impl Requests {
    pub(super) fn new(settings: Arc<AcquisitionSettings>, ids: Ids) -> Self {
        Self {
            settings,
            ids,
            user_agent: ids.user_agent().into(),
            slots: BTreeMap::new(),
            queue: VecDeque::new(),
            in_flight: 0,
            expiries: BTreeSet::new(),
            silences: BTreeMap::new(),
            aborts: Vec::new(),
            records: VecDeque::new(),
        }
    }

    pub(super) const fn ids(&self) -> Ids {
        self.ids
    }

    pub(super) fn insert(&mut self, id: Id, attempt: Attempt<'_>, waker: &Waker) {
        let Attempt { fetch, login, leg, mut request, timeout, number } = attempt;
        request.headers.push(CLIENT_REQUEST_ID, self.ids.request(id).text());
        request.headers.push("return-client-request-id", "true");
        let slot = Slot {
            fetch,
            login: login.clone(),
            leg: leg.name(),
            method: request.method.as_str(),
            path: path(&request.url),
            attempt: number,
            timeout,
            state: State::Queued,
            waker: waker.clone(),
        };
        self.slots.insert(id, slot);
        let outgoing = Outgoing {
            id: RequestId::from_number(id),
            request,
            leg: leg.name(),
            user_agent: Arc::clone(&self.user_agent),
            secrets: leg.secrets().into_iter().cloned().collect(),
        };
        self.queue.push_back((id, Box::new(outgoing)));
    }

    /// The requests that may leave now. Where a sign-in is silent for too long, the requests to it end
    /// instead.
    pub(super) fn leave(&mut self, now: Duration, wake: &mut Vec<Waker>) -> Vec<Outgoing> {
        let mut ready = Vec::new();
        while self.in_flight < self.settings.in_flight.max(1)
            && let Some((id, outgoing)) = self.queue.pop_front()
        {
            let Some(slot) = self.slots.get_mut(&id) else { continue };
            let silence = self.silences.get(&slot.login);
            if let Some(why) = silence.and_then(|silence| silence.end(now, &self.settings)) {
                slot.state = State::Answered(Answer::Lost { sent: Sent::No, why });
                wake.push(slot.waker.clone());
                continue;
            }
            slot.state = State::InFlight { left_at: now };
            self.expiries.insert((now.saturating_add(slot.timeout), id));
            self.in_flight += 1;
            ready.push(*outgoing);
        }
        ready
    }

    /// Hands a request its answer; none where it was not waited for.
    pub(super) fn answer(&mut self, id: RequestId, answer: Answer, now: Now) -> Option<Waker> {
        let id = id.get();
        let slot = self.slots.get_mut(&id)?;
        let State::InFlight { left_at } = slot.state else { return None };
        self.expiries.remove(&(left_at.saturating_add(slot.timeout), id));
        self.in_flight = self.in_flight.saturating_sub(1);
        let end = End::of(&answer);
        self.silences.entry(slot.login.clone()).or_default().note(&answer, left_at, now.mono);
        slot.state = State::Answered(answer);
        let waker = slot.waker.clone();
        self.record(id, left_at, end, now);
        Some(waker)
    }

    /// Ends requests whose time is over.
    pub(super) fn expire(&mut self, now: Now, wake: &mut Vec<Waker>) {
        while let Some(&(moment, id)) = self.expiries.first() {
            if moment > now.mono {
                break;
            }
            let late = Answer::Lost { sent: Sent::Maybe, why: Loss::TimedOut };
            wake.extend(self.answer(RequestId::from_number(id), late, now));
            self.aborts.push(RequestId::from_number(id));
        }
    }

    /// How long the sign-in has answered nothing.
    pub(super) fn silence(&mut self, login: &Login) -> &Silence {
        self.silences.entry(login.clone()).or_default()
    }

    /// The answer; until it is there, the waker waits for it.
    pub(super) fn take(&mut self, id: Id, waker: &Waker) -> Option<Answer> {
        let slot = self.slots.get_mut(&id)?;
        if matches!(slot.state, State::Answered(_)) {
            match self.slots.remove(&id)?.state {
                State::Answered(answer) => return Some(answer),
                State::Queued | State::InFlight { .. } => return None,
            }
        }
        slot.waker.clone_from(waker);
        None
    }

    /// No fetch waits for it any more: one that is queued never leaves, one in flight is aborted.
    pub(super) fn withdraw(&mut self, id: Id, now: Now) -> Option<Waker> {
        match self.slots.get(&id)?.state {
            State::Queued => self.queue.retain(|(other, _)| *other != id),
            State::InFlight { left_at } => {
                let timeout = self.slots.get(&id).map(|slot| slot.timeout).unwrap_or_default();
                self.expiries.remove(&(left_at.saturating_add(timeout), id));
                self.in_flight = self.in_flight.saturating_sub(1);
                self.aborts.push(RequestId::from_number(id));
                let end = End { loss: Some(LossKind::GivenUp), ..End::default() };
                self.record(id, left_at, end, now);
            }
            State::Answered(_) => {}
        }
        self.slots.remove(&id).map(|slot| slot.waker)
    }

    pub(super) fn take_aborts(&mut self) -> Vec<RequestId> {
        std::mem::take(&mut self.aborts)
    }

    /// When the first request in flight is given up.
    pub(super) fn next_expiry(&self) -> Option<Duration> {
        self.expiries.first().map(|(at, _)| *at)
    }

    pub(super) fn take_record(&mut self) -> Option<(Id, Box<RequestRecord>)> {
        self.records.pop_front()
    }

    fn record(&mut self, id: Id, left_at: Duration, end: End, now: Now) {
        let Some(slot) = self.slots.get(&id) else { return };
        let duration_ms = milliseconds(now.mono.saturating_sub(left_at));
        let left = now.unix_ms.saturating_sub(i64::try_from(duration_ms).unwrap_or(i64::MAX));
        let record = RequestRecord {
            time: Utc(left).to_string(),
            method: slot.method,
            path: slot.path.clone(),
            status: end.status,
            loss: end.loss,
            duration_ms,
            request_id: end.trace_id,
            client_request_id: self.ids.request(id).text(),
            attempt: slot.attempt,
            retry_after_ms: end.retry_after_ms,
            batch_id: None,
            run_id: self.ids.run(),
            row: None,
            leg: Some(slot.leg),
        };
        self.records.push_back((slot.fetch, Box::new(record)));
    }
}

/// How a request ended, for its record.
#[derive(Default)]
struct End {
    status: Option<u16>,
    loss: Option<LossKind>,
    trace_id: Option<String>,
    retry_after_ms: Option<u64>,
}

impl End {
    fn of(answer: &Answer) -> Self {
        match answer {
            Answer::Response { response, .. } => Self::of_response(response),
            Answer::Lost { sent, why } => Self { loss: Some(why.kind(*sent)), ..Self::default() },
            Answer::NoToken(_) => Self { loss: Some(LossKind::GivenUp), ..Self::default() },
        }
    }

    fn of_response(response: &Response) -> Self {
        Self {
            status: Some(response.status),
            loss: None,
            trace_id: sign_in_trace_id(response),
            retry_after_ms: retry_after(&response.headers).map(milliseconds),
        }
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
