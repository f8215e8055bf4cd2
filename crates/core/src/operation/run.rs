//! The operation: a flow that is polled with the time.

use super::cancel::Canceller;
use super::exchange::{Batches, Dispatched, Exchange};
use super::graph::Graph;
use super::items::Items;
use super::record::Recording;
use super::session::{Member, Session};
use super::step::{Accepted, Answer, RequestId, Step};
use crate::Now;
use crate::problem::{Code, Problem};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

type Flow<T> = Pin<Box<dyn Future<Output = Result<T, Problem>> + Send>>;

/// A flow that runs. It yields items of type `I` and ends with a `T`.
///
/// Answers may come in any order; an answer to a request that is over is ignored.
///
/// The loop of a host that sends one request at a time:
///
/// ```
/// use agentuser_core::Now;
/// use agentuser_core::http::{Request, Response};
/// use agentuser_core::operation::{Answer, Operation, Step, TokenTag};
/// use agentuser_core::problem::Problem;
/// use std::time::Duration;
///
/// /// Brings a clock, a transport that adds the token, and a way to sleep.
/// trait Host {
///     fn now(&self) -> Now;
///     fn send(&mut self, request: Request) -> Response;
///     fn sleep_until(&mut self, moment: Duration);
/// }
///
/// fn run<I, T>(
///     host: &mut impl Host,
///     operation: &mut Operation<I, T>,
///     mut take: impl FnMut(I),
/// ) -> Result<T, Problem> {
///     loop {
///         match operation.poll(host.now()) {
///             Step::Send(requests) => {
///                 for outgoing in requests {
///                     let response = host.send(outgoing.request);
///                     operation.answer(outgoing.id, Answer::Response { response, token: TokenTag(1) });
///                 }
///             }
///             Step::Item(item) => take(item),
///             // `None` means: until an answer comes. This host has none that is still to come.
///             Step::Wait(moment) => host.sleep_until(moment.unwrap_or_default()),
///             // Requests that this host has sent are answered, so there is nothing to abort.
///             Step::Abort(_) | Step::Event(_) | Step::Record(_) => {}
///             Step::Done(result) => break result,
///         }
///     }
/// }
/// ```
pub struct Operation<I, T> {
    exchange: Arc<Exchange>,
    items: Items<I>,
    member: Member,
    canceller: Canceller,
    awake: Arc<Awake>,
    waker: Waker,
    flow: Option<Flow<T>>,
    result: Option<Result<T, Problem>>,
}

/// Set when the flow has something to do.
#[derive(Debug)]
struct Awake(AtomicBool);

impl Wake for Awake {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
    fn wake_by_ref(self: &Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

impl Session {
    /// Makes an operation of a flow. The flow does not run before the first poll.
    ///
    /// `seed` is that of the jitter in waits: the same seed, answers and times give the same run.
    pub fn start<I, T, F, Fut>(&self, seed: u64, flow: F) -> Operation<I, T>
    where
        F: FnOnce(Graph, Items<I>) -> Fut,
        Fut: Future<Output = Result<T, Problem>> + Send + 'static,
    {
        let limits = self.limits();
        let exchange = Exchange::new(limits.events, self.settings().retry, seed);
        exchange.set_cleanup_timeout(self.settings().cleanup_timeout);
        exchange.set_timeout(self.settings().operation_timeout);
        let items = Items::new(limits.items);
        let graph = Graph::new(Arc::clone(&exchange), self.clone(), seed);
        let future = flow(graph, items.clone());
        Operation::new(exchange, items, self.join(), Box::pin(future))
    }
}

impl<I, T> Operation<I, T> {
    fn new(exchange: Arc<Exchange>, items: Items<I>, member: Member, flow: Flow<T>) -> Self {
        let awake = Arc::new(Awake(AtomicBool::new(true)));
        let waker = Waker::from(Arc::clone(&awake));
        let canceller = Canceller::default();
        Self { exchange, items, member, canceller, awake, waker, flow: Some(flow), result: None }
    }

    /// Sets how long the operation may take, from its first poll on, in place of the session's setting. When its time is
    /// over, it ends as after a cancellation, but with [`Code::DeadlineExceeded`]. A request that Graph asks to wait
    /// beyond that ends at once. Without effect once the operation was polled.
    pub fn set_timeout(&mut self, timeout: Duration) {
        self.exchange.set_timeout(Some(timeout));
    }

    /// Sets what the host wants records of; nothing by default. Without effect on requests that have left.
    pub fn set_recording(&mut self, recording: Recording) {
        self.exchange.set_recording(recording);
    }

    /// The id of the run, which the `User-Agent` of its requests names.
    #[must_use]
    pub fn run_id(&self) -> String {
        self.exchange.run_id()
    }

    /// The host's next task, at this time. Call it again after every step but [`Step::Wait`], and after every answer.
    pub fn poll(&mut self, now: Now) -> Step<I, T> {
        self.exchange.advance(now, self.canceller.is_cancelled());
        self.member.settle(self.exchange.take_settled(), now.mono);
        loop {
            // Before the flow goes on, so that a host that takes no records holds it back.
            if let Some(record) = self.exchange.take_record() {
                return Step::Record(Box::new(record));
            }
            self.drive();
            if let Some(step) = self.next_step(now) {
                return step;
            }
        }
    }

    /// The next step, now that the flow is quiet; none when it has more to do.
    fn next_step(&mut self, now: Now) -> Option<Step<I, T>> {
        let aborts = self.exchange.take_aborts();
        if !aborts.is_empty() {
            return Some(Step::Abort(aborts));
        }
        let mut admit = |call, url: &str| self.member.admit(call, url, now.mono);
        let Dispatched { ready, blocked } = self.exchange.dispatch(
            self.member.in_flight(),
            self.member.batch(),
            |silent_since, now| self.member.is_in_vain(silent_since, now),
            self.member.endpoint(),
            &mut admit,
        );
        if let Some(blocked) = blocked {
            let member = &self.member;
            self.exchange.end_those_in_vain(member.longest_retry_after(), |class| member.busy(class));
            self.exchange.announce(blocked);
        }
        if !ready.is_empty() {
            return Some(Step::Send(ready));
        }
        if self.awake.0.load(Ordering::Acquire) && self.flow.is_some() {
            return None;
        }
        if let Some(item) = self.items.take() {
            return Some(Step::Item(item));
        }
        if let Some(event) = self.exchange.take_event() {
            return Some(Step::Event(event));
        }
        if let Some(record) = self.exchange.take_record() {
            return Some(Step::Record(Box::new(record)));
        }
        if let Some(result) = self.result.take() {
            return Some(Step::Done(result));
        }
        if self.flow.is_none() {
            let problem = Problem::new(Code::Internal, "The operation was polled after its end.");
            return Some(Step::Done(Err(problem)));
        }
        let (moment, in_flight) = self.exchange.next_moment();
        let moment = moment.into_iter().chain(blocked.map(|blocked| blocked.until)).min();
        if moment.is_none() && in_flight == 0 {
            self.flow = None;
            return Some(Step::Done(Err(Problem::new(
                Code::Internal,
                "The operation has nothing in flight and no timer, yet it is not done.",
            ))));
        }
        Some(Step::Wait(moment))
    }

    /// Polls the flow until it is quiet; drops it at its end.
    fn drive(&mut self) {
        let mut context = Context::from_waker(&self.waker);
        while self.awake.0.swap(false, Ordering::AcqRel) {
            let Some(flow) = self.flow.as_mut() else { return };
            if let Poll::Ready(result) = flow.as_mut().poll(&mut context) {
                self.result = Some(result.map_err(|problem| self.exchange.ended(problem)));
                self.flow = None;
                return;
            }
        }
    }

    /// Hands back what came of a request.
    pub fn answer(&mut self, id: RequestId, answer: Answer) -> Accepted {
        let (accepted, batches) = self.exchange.answer(id, answer);
        if batches == Batches::Refused {
            self.member.batch_refused();
        }
        accepted
    }

    /// A request that was handed out waits for its token: its time does not run. A cancellation or a deadline of the
    /// operation ends it unsent, so the host must not send it before [`Operation::may_send`] has answered
    /// [`Accepted::Used`].
    pub fn token_pending(&mut self, id: RequestId) -> Accepted {
        self.exchange.set_awaiting_token(id, true)
    }

    /// A request that has its token may leave now, if this is [`Accepted::Used`]: its time begins with the next poll.
    /// Otherwise it was given up, and must not be sent.
    pub fn may_send(&mut self, id: RequestId) -> Accepted {
        self.exchange.set_awaiting_token(id, false)
    }

    /// A handle that cancels it, from any thread.
    #[must_use]
    pub fn canceller(&self) -> Canceller {
        self.canceller.clone()
    }
}

impl<I, T> Drop for Operation<I, T> {
    fn drop(&mut self) {
        self.member.leave();
    }
}

impl<I, T> fmt::Debug for Operation<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operation").field("ended", &self.flow.is_none()).finish_non_exhaustive()
    }
}
