//! The demands of a sign-in on the host, which every waiting call shows, and their answers.

use crate::demand::Demand;
use crate::queue::Queue;
use ::agentuser_client::sign_in::{DemandAnswer, MeetFuture, SignInDemand, SignInHost};
use ::agentuser_client::{Code, Problem};
use agentuser_core::operation::Event;
use agentuser_core::remark::Remark;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};
use tokio::sync::{oneshot, watch};
use zeroize::Zeroizing;

/// The demands that are open, in the order of their ids.
pub(crate) type OpenDemands = Arc<[Arc<Demand>]>;

/// The host of a client's sign-in.
#[derive(Debug, Clone)]
pub(crate) struct HostDemands(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    open: watch::Sender<OpenDemands>,
    /// The queues of the calls, which take the sign-in's remarks.
    queues: Mutex<Vec<Weak<Queue>>>,
}

#[derive(Debug, Default)]
struct State {
    /// The token that the host gave in advance, until it is used.
    offer: Option<Offer>,
    demands: u64,
    open: BTreeMap<u64, Open>,
}

#[derive(Debug)]
struct Open {
    demand: Arc<Demand>,
    answer: oneshot::Sender<DemandAnswer>,
}

/// A token that no request has carried yet.
struct Offer {
    token: Zeroizing<Vec<u8>>,
    expires: Option<Instant>,
}

impl fmt::Debug for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Offer").field("expires", &self.expires).finish_non_exhaustive()
    }
}

impl Offer {
    fn answer(&self, now: Instant) -> DemandAnswer {
        let left = self.expires.map(|expires| expires.saturating_duration_since(now));
        DemandAnswer::new(self.token.to_vec()).expires_in(left)
    }
}

/// The state of a demand: met at once, or open.
enum Asked {
    Met(DemandAnswer),
    Open { id: u64, is_prompt: bool, answered: oneshot::Receiver<DemandAnswer> },
}

impl HostDemands {
    pub(crate) fn new() -> Self {
        let open = watch::Sender::new(Arc::new([]) as OpenDemands);
        Self(Arc::new(Shared { state: Mutex::default(), open, queues: Mutex::default() }))
    }

    /// Tells this call, too, what the sign-in remarks on. It does so once for the client, for whichever call it signs in.
    pub(crate) fn tell(&self, queue: &Arc<Queue>) {
        let mut queues = self.0.queues.lock().unwrap_or_else(PoisonError::into_inner);
        queues.retain(|queue| queue.strong_count() > 0);
        queues.push(Arc::downgrade(queue));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows the open demands as they are now.
    fn show(&self, state: &State) {
        self.0.open.send_replace(state.open.values().map(|open| Arc::clone(&open.demand)).collect());
    }

    /// Takes a token that no demand has asked for. It answers an open demand that no refusal caused, or else the next one.
    pub(crate) fn set_token(&self, token: &str, expires_in: Option<Duration>) {
        let now = Instant::now();
        let expires = expires_in.and_then(|expires_in| now.checked_add(expires_in));
        let offer = Offer { token: Zeroizing::new(token.as_bytes().to_vec()), expires };
        let mut state = self.lock();
        let ids: Vec<u64> =
            state.open.iter().filter(|(_, open)| open.demand.takes_any_token()).map(|(id, _)| *id).collect();
        for id in &ids {
            if let Some(open) = state.open.remove(id) {
                drop(open.answer.send(offer.answer(now)));
            }
        }
        if ids.is_empty() {
            state.offer = Some(offer);
        }
        self.show(&state);
    }

    /// Forgets a token that was given in advance.
    pub(crate) fn forget_token(&self) {
        self.lock().offer = None;
    }

    /// Answers the demand of that id. One that is over wants no answer.
    pub(crate) fn answer(&self, id: u64, bytes: &[u8], expires_in: Option<Duration>) {
        let mut state = self.lock();
        if let Some(open) = state.open.remove(&id) {
            // The sign-in may just have given up.
            drop(open.answer.send(DemandAnswer::new(bytes.to_vec()).expires_in(expires_in)));
            self.show(&state);
        }
    }

    /// Whether the open demand of that id is for an access token.
    pub(crate) fn is_for_token(&self, id: u64) -> bool {
        self.lock().open.get(&id).is_some_and(|open| open.demand.is_for_token())
    }

    /// The open demands now, and each time that they change.
    pub(crate) fn watch(&self) -> watch::Receiver<OpenDemands> {
        self.0.open.subscribe()
    }

    /// The open demands now.
    pub(crate) fn open(&self) -> OpenDemands {
        Arc::clone(&self.0.open.borrow())
    }

    fn ask(&self, demand: SignInDemand) -> Result<Asked, Problem> {
        let mut state = self.lock();
        let id = state.demands + 1;
        let demand = Demand::new(id, demand)?;
        let now = Instant::now();
        let is_good = |offer: &mut Offer| offer.expires.is_none_or(|expires| expires > now);
        if demand.takes_any_token()
            && let Some(offer) = state.offer.take_if(is_good)
        {
            return Ok(Asked::Met(offer.answer(now)));
        }
        state.demands = id;
        let is_prompt = demand.is_prompt();
        let (answer, answered) = oneshot::channel();
        state.open.insert(id, Open { demand: Arc::new(demand), answer });
        self.show(&state);
        Ok(Asked::Open { id, is_prompt, answered })
    }
}

/// Takes a demand back when nobody waits for its answer any more.
struct Withdraw {
    demands: HostDemands,
    id: u64,
}

impl Drop for Withdraw {
    fn drop(&mut self) {
        let mut state = self.demands.lock();
        if state.open.remove(&self.id).is_some() {
            self.demands.show(&state);
        }
    }
}

impl SignInHost for HostDemands {
    fn meet(&self, demand: SignInDemand) -> MeetFuture<'_> {
        Box::pin(async move {
            let (id, is_prompt, answered) = match self.ask(demand)? {
                Asked::Met(answer) => return Ok(answer),
                Asked::Open { id, is_prompt, answered } => (id, is_prompt, answered),
            };
            let _withdraw = Withdraw { demands: self.clone(), id };
            let answer = answered.await;
            if is_prompt {
                // A prompt stays until the sign-in goes on without it: whatever the host answers, the person acts elsewhere.
                return std::future::pending().await;
            }
            answer.map_err(|_| Problem::new(Code::Internal, "The client that takes the answers is gone."))
        })
    }

    fn remark(&self, remark: Remark) {
        let queues = self.0.queues.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for queue in queues.iter().filter_map(Weak::upgrade) {
            queue.event(Event::Remark(remark.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::agentuser_client::sign_in::SignInPrompt;
    use std::future::Future;
    use std::task::{Context, Poll, Waker};

    fn poll<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
        std::pin::Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
    }

    fn assertion() -> SignInDemand {
        SignInDemand::Assertion { client_id: "c".into(), audience: "a".into() }
    }

    #[test]
    fn an_answer_goes_to_its_own_demand() {
        let host = HostDemands::new();
        let mut first = host.meet(assertion());
        assert!(poll(&mut first).is_pending());
        let mut second = host.meet(assertion());
        assert!(poll(&mut second).is_pending());
        assert_eq!(host.watch().borrow().iter().map(|demand| demand.id()).collect::<Vec<_>>(), [1, 2]);
        // The first is given up: an answer to it is an answer to nothing.
        drop(first);
        host.answer(1, b"late", None);
        assert!(poll(&mut second).is_pending());
        host.answer(2, b"x", None);
        assert!(matches!(poll(&mut second), Poll::Ready(Ok(_))));
        assert!(host.open().is_empty());
    }

    #[test]
    fn a_prompt_is_open_until_the_sign_in_goes_on() {
        let host = HostDemands::new();
        let prompt = SignInPrompt::Browser { url: "https://login.example".into() };
        let mut shown = host.meet(SignInDemand::Prompt(prompt));
        assert!(poll(&mut shown).is_pending());
        assert!(!host.open().is_empty());
        drop(shown);
        assert!(host.open().is_empty());
    }

    #[test]
    fn a_token_in_advance_answers_no_other_demand() {
        let host = HostDemands::new();
        host.set_token("t", None);
        let mut demand = host.meet(assertion());
        assert!(poll(&mut demand).is_pending());
    }
}
