//! Driving an operation.

use crate::reply::ReplyOnDrop;
use crate::shared::Shared;
use crate::token::{Authorization, SignInNote, TokenWaits};
use crate::traces::Traces;
use agentuser_core::operation::{
    Accepted, Answer, Canceller, Event, Loss, Operation, Outgoing, Record, Recording, RequestId, Sent, Step,
};
use agentuser_core::problem::{Code, Problem};
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::task::AbortHandle;

/// An operation under way. Nothing happens before it is awaited, by [`Run::next`] or by `.await`.
///
/// Dropping it stops it at once: requests in flight are cut, and a write among them may or may not take place. Running
/// the same again is safe. [`Run::cancel_handle`] ends it in good order instead.
#[must_use = "nothing happens before it is awaited"]
pub struct Run<I, T> {
    shared: Arc<Shared>,
    operation: Operation<I, T>,
    in_flight: HashMap<RequestId, AbortHandle>,
    /// Requests whose token is on its way.
    awaiting_token: HashMap<RequestId, Outgoing>,
    sender: mpsc::UnboundedSender<(RequestId, Message)>,
    messages: mpsc::UnboundedReceiver<(RequestId, Message)>,
    token_waits: TokenWaits,
    cancelled: Arc<Notify>,
    on_event: Option<Box<dyn FnMut(Event) + Send>>,
    on_record: Option<Box<dyn FnMut(Record) + Send>>,
    /// The sign-in's notes that are not handed out yet, and the number of the last one: each waiting request
    /// receives all of them.
    notes: VecDeque<SignInNote>,
    last_note: u64,
    /// The records that the host takes. `tracing` may want more.
    recording: Recording,
    traces: Traces,
    result: Option<Result<T, Problem>>,
}

/// An item or a record, which a run hands out before its result.
#[derive(Debug)]
pub enum Yielded<I> {
    /// An item.
    Item(I),
    /// A record of what was sent or changed.
    Record(Box<Record>),
}

/// A message of a request's task to the run.
enum Message {
    /// Its token is here, or there is none. The run decides whether the request leaves.
    Token(Result<Authorization, Problem>),
    /// A note of the sign-in that it waits for.
    Note(u64, SignInNote),
    /// Its answer.
    Answer(Answer),
}

/// Cancels a run, from any thread.
#[derive(Debug, Clone)]
pub struct CancelHandle {
    canceller: Canceller,
    wake: Arc<Notify>,
}

impl CancelHandle {
    /// Asks the run to end: nothing new is started, what is in flight is finished, lost answers are looked up.
    pub fn cancel(&self) {
        self.canceller.cancel();
        self.wake.notify_one();
    }
}

impl<I: Send + 'static, T: Send + 'static> Run<I, T> {
    pub(crate) fn new(shared: Arc<Shared>, mut operation: Operation<I, T>, recording: Recording) -> Self {
        let (sender, messages) = mpsc::unbounded_channel();
        let traces = Traces::new();
        operation.set_recording(traces.and_traced(recording.clone()));
        Self {
            shared,
            operation,
            in_flight: HashMap::new(),
            awaiting_token: HashMap::new(),
            sender,
            messages,
            token_waits: TokenWaits::new(),
            cancelled: Arc::new(Notify::new()),
            on_event: None,
            on_record: None,
            notes: VecDeque::new(),
            last_note: 0,
            recording,
            traces,
            result: None,
        }
    }

    /// Calls this with every event, on the task that awaits the run.
    pub fn on_event(mut self, on_event: impl FnMut(Event) + Send + 'static) -> Self {
        self.on_event = Some(Box::new(on_event));
        self
    }

    /// Calls this with every record of what was sent and changed, in order, on the task that awaits the run. Nothing goes on
    /// before it returns.
    pub fn on_record(self, recording: Recording, on_record: impl FnMut(Record) + Send + 'static) -> Self {
        let mut run = self.recording(recording);
        run.on_record = Some(Box::new(on_record));
        run
    }

    /// Sets what is recorded, for a host that takes the records by [`Run::next_yielded`].
    pub fn recording(mut self, recording: Recording) -> Self {
        self.operation.set_recording(self.traces.and_traced(recording.clone()));
        self.recording = recording;
        self
    }

    /// The id of the run, which the `User-Agent` of its requests names.
    #[must_use]
    pub fn run_id(&self) -> String {
        self.operation.run_id()
    }

    /// How long it may take, from now on, in place of the client's setting. Then it ends in good order, with
    /// [`Code::DeadlineExceeded`] and what it waited for.
    pub fn within(mut self, timeout: Duration) -> Self {
        self.operation.set_timeout(timeout);
        self
    }

    /// A handle that cancels it.
    #[must_use]
    pub fn cancel_handle(&self) -> CancelHandle {
        CancelHandle { canceller: self.operation.canceller(), wake: Arc::clone(&self.cancelled) }
    }

    /// The requests of this run that wait for a token.
    #[must_use]
    pub fn token_waits(&self) -> TokenWaits {
        self.token_waits.clone()
    }

    /// The next item; none at the end. The result is then had by awaiting the run itself.
    pub async fn next(&mut self) -> Option<I> {
        loop {
            match self.next_yielded().await? {
                Yielded::Item(item) => return Some(item),
                Yielded::Record(record) => {
                    if let Some(on_record) = &mut self.on_record {
                        on_record(*record);
                    }
                }
            }
        }
    }

    /// The next item or record; none at the end. Nothing goes on before it is called again.
    pub async fn next_yielded(&mut self) -> Option<Yielded<I>> {
        while self.result.is_none() {
            // Answers come before the poll, which would call their requests timed out when it is late.
            while let Ok((id, message)) = self.messages.try_recv() {
                self.take(id, message);
            }
            if let Some(note) = self.notes.pop_front() {
                match self.noted(note) {
                    Some(record) => return Some(Yielded::Record(record)),
                    None => continue,
                }
            }
            match self.operation.poll(self.shared.now()) {
                Step::Send(requests) => requests.into_iter().for_each(|request| self.send(request)),
                Step::Abort(ids) => {
                    for id in ids {
                        self.awaiting_token.remove(&id);
                        if let Some(handle) = self.in_flight.remove(&id) {
                            handle.abort();
                        }
                    }
                }
                Step::Item(item) => return Some(Yielded::Item(item)),
                Step::Record(record) => {
                    if let Some(record) = self.recorded(record) {
                        return Some(Yielded::Record(record));
                    }
                }
                Step::Event(event) => self.tell(event),
                Step::Wait(until) => self.wait(until).await,
                Step::Done(result) => self.result = Some(result),
            }
        }
        None
    }

    fn tell(&mut self, event: Event) {
        if let Some(on_event) = &mut self.on_event {
            on_event(event);
        }
    }

    /// The record, if the host takes it.
    fn recorded(&mut self, record: Box<Record>) -> Option<Box<Record>> {
        self.traces.tell(&record);
        let wanted = match *record {
            Record::Change(_) => self.recording.changes,
            _ => self.recording.requests,
        };
        wanted.then_some(record)
    }

    /// Tells a note of the sign-in; gives the record that the host takes.
    fn noted(&mut self, note: SignInNote) -> Option<Box<Record>> {
        match note {
            SignInNote::Event(event) => {
                self.tell(event);
                None
            }
            SignInNote::Record(record) => self.recorded(Box::new(Record::Request(*record))),
        }
    }

    /// Sends a request, at once where there is a token. Else the request waits for one, and its time does not run.
    fn send(&mut self, outgoing: Outgoing) {
        let id = outgoing.id;
        if let Some(token) = self.shared.tokens().current(outgoing.rejected_token.as_ref()) {
            self.leave(outgoing, token);
            return;
        }
        if let Some(problem) = self.token_waits.failure() {
            self.operation.answer(id, Answer::NoToken(problem));
            return;
        }
        self.operation.token_pending(id);
        let broken = Problem::new(Code::Internal, "The sign-in broke down.");
        let reply = ReplyOnDrop::new(&self.sender, (id, Message::Token(Err(broken))));
        let tokens = Arc::clone(self.shared.tokens());
        let refused = outgoing.rejected_token.clone();
        let waiting = self.token_waits.wait();
        self.awaiting_token.insert(id, outgoing);
        let (sender, mut heard) = (self.sender.clone(), tokens.notes().listen());
        self.spawn(id, async move {
            let tell = |(number, note)| drop(sender.send((id, Message::Note(number, note))));
            let token = {
                let mut token = pin!(tokens.get(refused.as_ref()));
                loop {
                    tokio::select! {
                        token = &mut token => break token,
                        problem = waiting.failed() => break Err(problem),
                        note = heard.next() => tell(note),
                    }
                }
            };
            // All of it comes before the token.
            std::iter::from_fn(|| heard.next_told()).for_each(tell);
            drop(waiting);
            reply.send((id, Message::Token(token)));
        });
    }

    /// The request leaves, with its token.
    fn leave(&mut self, outgoing: Outgoing, token: Authorization) {
        let id = outgoing.id;
        let why = Loss::Broken("the task that sent it broke down".to_owned());
        let broken = Message::Answer(Answer::Lost { sent: Sent::Maybe, why });
        let reply = ReplyOnDrop::new(&self.sender, (id, broken));
        let shared = Arc::clone(&self.shared);
        let span = self.traces.leaves(&outgoing);
        let sent = async move { reply.send((id, Message::Answer(shared.exchange(outgoing, token).await))) };
        self.spawn(id, span.around(sent));
    }

    fn spawn(&mut self, id: RequestId, task: impl Future<Output = ()> + Send + 'static) {
        self.in_flight.insert(id, tokio::spawn(task).abort_handle());
    }

    fn take(&mut self, id: RequestId, message: Message) {
        match message {
            Message::Token(token) => {
                // Given up meanwhile: it has not left, and never will.
                let Some(outgoing) = self.awaiting_token.remove(&id) else { return };
                match token {
                    Ok(token) => {
                        if self.operation.may_send(id) == Accepted::Used {
                            self.leave(outgoing, token);
                        }
                    }
                    Err(problem) => {
                        self.in_flight.remove(&id);
                        self.operation.answer(id, Answer::NoToken(problem));
                    }
                }
            }
            Message::Note(number, note) => {
                if number > self.last_note {
                    self.last_note = number;
                    self.notes.push_back(note);
                }
            }
            Message::Answer(answer) => {
                self.in_flight.remove(&id);
                self.operation.answer(id, answer);
            }
        }
    }

    async fn wait(&mut self, until: Option<Duration>) {
        let pause = async {
            match until.and_then(|until| self.shared.instant(until)) {
                Some(until) => tokio::time::sleep_until(until.into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            Some((id, message)) = self.messages.recv() => self.take(id, message),
            () = pause => {}
            () = self.cancelled.notified() => {}
        }
    }

    async fn finish(mut self) -> Result<T, Problem> {
        while self.next().await.is_some() {}
        self.result
            .take()
            .unwrap_or_else(|| Err(Problem::new(Code::Internal, "The run ended without a result.")))
    }
}

impl<I: Send + 'static, T: Send + 'static> IntoFuture for Run<I, T> {
    type Output = Result<T, Problem>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    /// Runs it to its end. Items that were not taken are dropped.
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.finish())
    }
}

impl<I, T> Drop for Run<I, T> {
    fn drop(&mut self) {
        self.in_flight.values().for_each(AbortHandle::abort);
    }
}

impl<I, T> fmt::Debug for Run<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("in_flight", &self.in_flight.len()).finish_non_exhaustive()
    }
}
