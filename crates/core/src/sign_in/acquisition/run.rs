//! The engine that gets tokens, polled with the time.

use super::fetch::Fetch;
use super::key::{Key, WantedToken};
use super::requests::Id;
use super::settings::AcquisitionSettings;
use super::step::{AskId, DemandAnswer, DemandId, Outgoing, Renewal, Step, Wanted};
use super::table::Shared;
use crate::Now;
use crate::operation::{Answer, RequestId};
use crate::problem::Problem;
use crate::short::Map;
use crate::sign_in::{Secret, SignIn, Token};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

type Running = Pin<Box<dyn Future<Output = Result<Token, Problem>> + Send>>;

/// Gets tokens, keeps them, and renews them in time. It does no I/O and reads no clock: a host polls it, sends what it says,
/// and hands back the answers, as with an [`crate::operation::Operation`].
///
/// - Asks for one token wait for one request. An agent user's token takes three, of which T1 and T2 serve others as well
///   (docs/sign-in.md#agent-user).
/// - A token is given out until five minutes before its end, or half of its life where that is short. From `refresh_in` on,
///   it is renewed while it is still given out (docs/sign-in.md#renewal).
/// - A claims challenge is passed on, and answered by no token that was got without it.
/// - Failed requests are repeated by the one policy of this library, [`crate::operation::retry`]. A sign-in that has failed
///   is not repeated for five seconds, or for as long as Entra asked, an hour at most, unless the claims
///   are others.
///
/// The loop of a host that sends one request at a time:
///
/// ```
/// use agentuser_core::Now;
/// use agentuser_core::http::{Request, Response};
/// use agentuser_core::operation::{Answer, TokenTag};
/// use agentuser_core::problem::Problem;
/// use agentuser_core::sign_in::acquisition::{Acquisition, DemandAnswer, DemandKind, Renewal, Step, Wanted};
/// use agentuser_core::sign_in::{Proof, Secret};
/// use std::time::Duration;
///
/// /// Brings a clock, a transport, a secret, and a way to sleep.
/// trait Host {
///     fn now(&self) -> Now;
///     fn send(&mut self, request: Request) -> Response;
///     fn secret(&self) -> Secret;
///     fn sleep_until(&mut self, moment: Duration);
/// }
///
/// fn token(host: &mut impl Host, acquisition: &mut Acquisition, wanted: &Wanted) -> Result<Secret, Problem> {
///     let ask = acquisition.ask(wanted, Renewal::default())?;
///     loop {
///         match acquisition.poll(host.now()) {
///             Step::Send(requests) => {
///                 for outgoing in requests {
///                     let response = host.send(outgoing.request);
///                     let answer = Answer::Response { response, token: TokenTag::default() };
///                     acquisition.answer(host.now(), outgoing.id, answer);
///                 }
///             }
///             Step::Demand(demand) => {
///                 if let DemandKind::Proof { .. } = demand.kind {
///                     let proof = DemandAnswer::Proof(Proof::Secret(host.secret()));
///                     acquisition.meet(demand.id, Ok(proof));
///                 }
///             }
///             Step::Ended(id, result) if id == ask => break result.map(|granted| granted.token),
///             Step::Wait(moment) => host.sleep_until(moment.unwrap_or_default()),
///             _ => {}
///         }
///     }
/// }
/// ```
pub struct Acquisition {
    shared: Arc<Shared>,
    running: Map<Id, (Running, Waker)>,
    woken: Arc<Woken>,
}

/// The fetches that have something to do.
#[derive(Default)]
struct Woken(Mutex<Vec<Id>>);

impl Woken {
    fn push(&self, id: Id) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(id);
    }

    fn take(&self) -> Vec<Id> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

struct Wakes {
    id: Id,
    woken: Arc<Woken>,
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.woken.push(self.id);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.push(self.id);
    }
}

impl Acquisition {
    /// One without tokens. `seed` is that of the ids of requests and of the jitter in waits: the same seed, answers and times
    /// give the same run. Hosts that begin together should not have the same.
    #[must_use]
    pub fn new(settings: AcquisitionSettings, seed: u64) -> Self {
        Self { shared: Shared::new(settings, seed), running: Map::default(), woken: Arc::default() }
    }

    /// Asks for a token. [`Step::Ended`] says what came of it.
    ///
    /// # Errors
    /// [`crate::problem::Code::SignInScopeInvalid`] where the scopes can't be asked for by that sign-in.
    pub fn ask(&mut self, wanted: &Wanted, renewal: Renewal) -> Result<AskId, Problem> {
        wanted.sign_in.check(&wanted.scopes)?;
        Ok(self.shared.lock().ask(WantedToken::new(&wanted.sign_in, &wanted.scopes), renewal))
    }

    /// The caller does not wait for this ask any more. A fetch that was begun for it alone is given up.
    pub fn give_up(&mut self, id: AskId) {
        self.shared.lock().give_up(id);
    }

    /// The host's next task, at this time. Call it again after every step but [`Step::Wait`], and after every ask, answer and
    /// demand that was met.
    pub fn poll(&mut self, now: Now) -> Step {
        let mut wake = Vec::new();
        self.shared.lock().advance(now, &mut wake);
        loop {
            wake.drain(..).for_each(Waker::wake);
            // Before fetches go on, so that none is lost.
            if let Some(step) = self.record() {
                return step;
            }
            self.drive();
            if let Some(step) = self.next_step(&mut wake) {
                return step;
            }
        }
    }

    /// Hands back what came of a request. One that is over is ignored.
    pub fn answer(&mut self, now: Now, id: RequestId, answer: Answer) {
        let waker = {
            let mut table = self.shared.lock();
            table.now = now;
            table.requests.answer(id, answer, now)
        };
        waker.into_iter().for_each(Waker::wake);
    }

    /// Hands over what was demanded, or why it can't be. A demand that is over takes nothing.
    pub fn meet(&mut self, id: DemandId, answer: Result<DemandAnswer, Problem>) {
        let waker = self.shared.lock().demands.meet(id, answer);
        waker.into_iter().for_each(Waker::wake);
    }

    /// Takes a refresh token that a credential store has kept.
    pub fn remember(&mut self, sign_in: &SignIn, refresh_token: Secret) {
        self.shared.lock().keep_refresh_token(Key::of(sign_in), refresh_token);
    }

    /// The refresh token of this sign-in, for a credential store. Each renewal may bring another one.
    #[must_use]
    pub fn refresh_token(&self, sign_in: &SignIn) -> Option<Secret> {
        self.shared.lock().cache.refresh_token(&Key::of(sign_in)).cloned()
    }

    /// Forgets every token, and overwrites it. Asks that wait still get theirs, which are not kept and answer no later ask.
    pub fn forget(&mut self) {
        self.shared.lock().forget();
    }

    /// Whether nothing is under way: every ask has ended, and no token is being renewed before its time.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.shared.lock().is_idle()
    }

    fn record(&self) -> Option<Step> {
        let mut table = self.shared.lock();
        let (fetch, record) = table.requests.take_record()?;
        Some(Step::Record(table.asks_of(fetch), record))
    }

    /// Polls fetches until all of them are quiet.
    fn drive(&mut self) {
        loop {
            let (starting, dropped) = {
                let mut table = self.shared.lock();
                table.serve();
                (table.take_starting(), table.take_dropped())
            };
            let woken = self.woken.take();
            if starting.is_empty() && dropped.is_empty() && woken.is_empty() {
                return;
            }
            for (id, wanted, claims) in starting {
                let future = Fetch { shared: Arc::clone(&self.shared), id, wanted, claims }.token();
                let waker = Waker::from(Arc::new(Wakes { id, woken: Arc::clone(&self.woken) }));
                self.running.insert(id, (Box::pin(future), waker));
                self.woken.push(id);
            }
            for id in dropped {
                self.running.remove(&id);
            }
            for id in woken {
                self.go_on(id);
            }
        }
    }

    fn go_on(&mut self, id: Id) {
        let Some((future, waker)) = self.running.get_mut(&id) else { return };
        let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(waker)) else { return };
        let future = self.running.remove(&id);
        let mut wake = Vec::new();
        self.shared.lock().end_fetch(id, result, &mut wake);
        drop(future);
        wake.into_iter().for_each(Waker::wake);
    }

    /// The next step, now that fetches are quiet; none when they have more to do.
    fn next_step(&mut self, wake: &mut Vec<Waker>) -> Option<Step> {
        let mut table = self.shared.lock();
        let aborts = table.requests.take_aborts();
        if !aborts.is_empty() {
            return Some(Step::Abort(aborts));
        }
        let withdrawn = table.demands.take_withdrawn();
        if !withdrawn.is_empty() {
            return Some(Step::Withdrawn(withdrawn));
        }
        let now = table.now.mono;
        let ready: Vec<Outgoing> = table.requests.leave(now, wake);
        if !ready.is_empty() {
            return Some(Step::Send(ready));
        }
        if !wake.is_empty() {
            return None;
        }
        if let Some(demand) = table.take_demand() {
            return Some(Step::Demand(demand));
        }
        if let Some((ask, result)) = table.take_ended() {
            return Some(Step::Ended(ask, result));
        }
        if let Some((asks, event)) = table.take_event() {
            return Some(Step::Event(asks, event));
        }
        let next = [table.next_timer(), table.requests.next_expiry()].into_iter().flatten().min();
        Some(Step::Wait(next))
    }
}

impl fmt::Debug for Acquisition {
    /// How much it has, and nothing of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tokens, refresh_tokens) = self.shared.lock().cache.len();
        f.debug_struct("Acquisition")
            .field("tokens", &tokens)
            .field("refresh_tokens", &refresh_tokens)
            .field("under_way", &self.running.len())
            .finish_non_exhaustive()
    }
}
