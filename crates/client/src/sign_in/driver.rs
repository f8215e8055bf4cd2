//! Drives the core's engine of sign-ins: its requests over the connections of a client, its demands to proofs and hosts.

use super::browser;
use super::host::{SignInHost, SignInPrompt, show};
use super::proof::{Proof, ProofFor};
use super::random;
use crate::clock::unix_ms;
use crate::redaction::Redaction;
use crate::reply::ReplyOnDrop;
use crate::token::{SignInNote, SignInNotes, TokenRequest};
use crate::transport::Transport;
use agentuser_core::Now;
use agentuser_core::operation::{Answer, Loss, RequestId, Sent, TokenTag};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::sign_in::acquisition::{
    Acquisition, AcquisitionSettings, AskId, Demand, DemandAnswer, DemandId, DemandKind, Granted, Outgoing,
    Renewal, Step, Wanted,
};
use agentuser_core::sign_in::{Secret, SignIn};
use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::AbortHandle;
use tokio::time::Instant;

/// The engine of one application or person. A task drives it while somebody waits for a token; copies share it.
#[derive(Clone)]
pub(super) struct Driver(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    /// Notified when an ask is made or given up.
    changed: Notify,
    started: Instant,
    proof: Option<Proof>,
    host: Option<Arc<dyn SignInHost>>,
}

struct State {
    acquisition: Acquisition,
    waiting: HashMap<AskId, Waiting>,
    /// The transport of the last ask.
    transport: Option<Transport>,
    is_driven: bool,
    /// How many times all tokens were forgotten.
    epoch: u64,
}

/// A caller that waits for a token.
struct Waiting {
    end: oneshot::Sender<Result<Granted, Problem>>,
    notes: SignInNotes,
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver").field("proof", &self.0.proof).finish_non_exhaustive()
    }
}

impl Driver {
    pub(super) fn new(
        settings: AcquisitionSettings,
        proof: Option<Proof>,
        host: Option<Arc<dyn SignInHost>>,
    ) -> Self {
        let state = State {
            acquisition: Acquisition::new(settings, random::seed()),
            waiting: HashMap::new(),
            transport: None,
            is_driven: false,
            epoch: 0,
        };
        let (changed, started) = (Notify::new(), Instant::now());
        Self(Arc::new(Shared { state: Mutex::new(state), changed, started, proof, host }))
    }

    /// The token of that sign-in, from memory or from Entra. It is given up when this is dropped.
    pub(super) async fn token(
        &self,
        wanted: Wanted,
        renewal: Renewal,
        request: &TokenRequest,
    ) -> Result<Granted, Problem> {
        let (end, ended) = oneshot::channel();
        let waiting = Waiting { end, notes: request.notes.clone() };
        let _ask = {
            let mut state = self.0.lock();
            let id = state.acquisition.ask(&wanted, renewal)?;
            state.waiting.insert(id, waiting);
            state.transport = Some(request.transport.clone());
            if !std::mem::replace(&mut state.is_driven, true) {
                tokio::spawn(Task::new(Arc::clone(&self.0), request.transport.clone()).run());
            }
            Ask { shared: Arc::clone(&self.0), id }
        };
        self.0.changed.notify_one();
        ended.await.unwrap_or_else(|_| Err(Problem::new(Code::Internal, "The sign-in broke down.")))
    }

    /// Takes a refresh token that was kept from an earlier sign-in.
    pub(super) fn remember(&self, sign_in: &SignIn, refresh_token: Secret) {
        self.0.lock().acquisition.remember(sign_in, refresh_token);
    }

    /// The refresh token of that sign-in, to be kept for a later one.
    pub(super) fn refresh_token(&self, sign_in: &SignIn) -> Option<Secret> {
        self.0.lock().acquisition.refresh_token(sign_in)
    }

    /// Forgets all tokens.
    pub(super) fn forget(&self) {
        let mut state = self.0.lock();
        state.acquisition.forget();
        state.epoch += 1;
    }

    /// How many times all tokens were forgotten: what came before the last time is not kept.
    pub(super) fn epoch(&self) -> u64 {
        self.0.lock().epoch
    }
}

/// An ask that is given up when it is dropped before its end.
struct Ask {
    shared: Arc<Shared>,
    id: AskId,
}

impl Drop for Ask {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        if state.waiting.remove(&self.id).is_some() {
            state.acquisition.give_up(self.id);
            drop(state);
            self.shared.changed.notify_one();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Now {
        Now { mono: self.started.elapsed(), unix_ms: unix_ms(SystemTime::now()) }
    }
}

/// The outcome of a request or a demand, sent by its task.
enum Message {
    Answer(RequestId, Answer),
    Met(DemandId, Result<DemandAnswer, Problem>),
    /// It was shown, or it can't be, which ends these asks. The demand itself takes no answer.
    Shown(DemandId, Vec<AskId>, Result<(), Problem>),
}

/// The one task that polls the engine. It ends when nobody waits and nothing is under way.
struct Task {
    shared: Arc<Shared>,
    transport: Transport,
    sender: mpsc::UnboundedSender<Message>,
    messages: mpsc::UnboundedReceiver<Message>,
    requests: HashMap<RequestId, AbortHandle>,
    demands: HashMap<DemandId, AbortHandle>,
    is_over: bool,
}

impl Task {
    fn new(shared: Arc<Shared>, transport: Transport) -> Self {
        let (sender, messages) = mpsc::unbounded_channel();
        let (requests, demands) = (HashMap::new(), HashMap::new());
        Self { shared, transport, sender, messages, requests, demands, is_over: false }
    }

    async fn run(mut self) {
        while let Some(step) = self.next() {
            match step {
                Step::Send(all) => all.into_iter().for_each(|request| self.send(request)),
                Step::Abort(ids) => ids.iter().for_each(|id| abort(self.requests.remove(id))),
                Step::Demand(demand) => self.demand(demand),
                Step::Withdrawn(ids) => ids.iter().for_each(|id| abort(self.demands.remove(id))),
                Step::Ended(id, result) => {
                    if let Some(waiting) = self.shared.lock().waiting.remove(&id) {
                        // The caller may have given up.
                        drop(waiting.end.send(result));
                    }
                }
                Step::Event(asks, event) => self.note(&asks, &SignInNote::Event(event)),
                Step::Record(asks, record) => self.note(&asks, &SignInNote::Record(record)),
                Step::Wait(until) => self.wait(until).await,
                _ => {}
            }
        }
    }

    /// The engine's next step; none when this task is to end.
    fn next(&mut self) -> Option<Step> {
        while let Ok(message) = self.messages.try_recv() {
            self.take(message);
        }
        let now = self.shared.now();
        let mut state = self.shared.lock();
        if let Some(transport) = state.transport.take() {
            self.transport = transport;
        }
        let step = state.acquisition.poll(now);
        let is_idle = state.waiting.is_empty() && self.requests.is_empty() && self.demands.is_empty();
        if is_idle && matches!(step, Step::Wait(_)) {
            state.is_driven = false;
            self.is_over = true;
            return None;
        }
        Some(step)
    }

    async fn wait(&mut self, until: Option<Duration>) {
        let until = until.and_then(|until| self.shared.started.checked_add(until));
        let pause = async {
            match until {
                Some(until) => tokio::time::sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            Some(message) = self.messages.recv() => self.take(message),
            () = pause => {}
            () = self.shared.changed.notified() => {}
        }
    }

    fn take(&mut self, message: Message) {
        let now = self.shared.now();
        let mut state = self.shared.lock();
        match message {
            Message::Answer(id, answer) => {
                self.requests.remove(&id);
                state.acquisition.answer(now, id, answer);
            }
            Message::Met(id, answer) => {
                self.demands.remove(&id);
                state.acquisition.meet(id, answer);
            }
            Message::Shown(id, asks, shown) => {
                self.demands.remove(&id);
                let Err(problem) = shown else { return };
                for ask in asks {
                    if let Some(waiting) = state.waiting.remove(&ask) {
                        state.acquisition.give_up(ask);
                        // The caller may have given up.
                        drop(waiting.end.send(Err(problem.clone())));
                    }
                }
            }
        }
    }

    fn send(&mut self, outgoing: Outgoing) {
        let id = outgoing.id;
        let why = Loss::Broken("the task that sent it broke down".to_owned());
        let reply =
            ReplyOnDrop::new(&self.sender, Message::Answer(id, Answer::Lost { sent: Sent::Maybe, why }));
        let transport = self.transport.clone();
        let task = async move { reply.send(Message::Answer(id, exchange(&transport, outgoing).await)) };
        self.requests.insert(id, tokio::spawn(task).abort_handle());
    }

    fn demand(&mut self, demand: Demand) {
        let id = demand.id;
        match demand.kind {
            DemandKind::Proof { client_id, login, tenant, .. } => {
                let (proof, transport) = (self.shared.proof.clone(), self.transport.clone());
                self.meet(id, async move {
                    let proof = proof.ok_or_else(|| {
                        Problem::new(Code::SignInNoCredential, "The application has no proof.")
                    })?;
                    let of = ProofFor { login: &login, tenant: &tenant, client_id, transport: &transport };
                    proof.show(of).await.map(DemandAnswer::Proof)
                });
            }
            DemandKind::Authorize { client_id, login, tenant, scopes, claims } => {
                let host = self.shared.host.clone();
                self.meet(id, async move {
                    let question = browser::Question { login, tenant, client_id, scopes, claims };
                    browser::ask(question, host.as_deref()).await
                });
            }
            DemandKind::ShowDeviceCode { user_code, verification_uri, message, expires_in } => {
                let host = self.shared.host.clone();
                let prompt = SignInPrompt::DeviceCode { user_code, verification_uri, message, expires_in };
                let broken = Problem::new(Code::Internal, "The program broke down while it showed the code.");
                let asks = demand.asks;
                let reply = ReplyOnDrop::new(&self.sender, Message::Shown(id, asks.clone(), Err(broken)));
                let task = async move {
                    let shown = show(host.as_deref(), prompt).await;
                    reply.send(Message::Shown(id, asks, shown));
                };
                self.demands.insert(id, tokio::spawn(task).abort_handle());
            }
            _ => {
                let unknown = Problem::new(Code::Internal, "The sign-in demands something unknown.");
                self.take(Message::Met(id, Err(unknown)));
            }
        }
    }

    fn meet(
        &mut self,
        id: DemandId,
        met: impl Future<Output = Result<DemandAnswer, Problem>> + Send + 'static,
    ) {
        let broken = Problem::new(Code::Internal, "The proof of the application broke down.");
        let reply = ReplyOnDrop::new(&self.sender, Message::Met(id, Err(broken)));
        let task = async move { reply.send(Message::Met(id, met.await)) };
        self.demands.insert(id, tokio::spawn(task).abort_handle());
    }

    /// Tells those who wait. Several asks of one client are told once.
    fn note(&self, asks: &[AskId], note: &SignInNote) {
        let state = self.shared.lock();
        let mut told: Vec<&SignInNotes> = Vec::new();
        for waiting in asks.iter().filter_map(|ask| state.waiting.get(ask)) {
            if !told.iter().any(|other| other.is_of_same_client(&waiting.notes)) {
                waiting.notes.tell(note.clone());
                told.push(&waiting.notes);
            }
        }
    }
}

impl Drop for Task {
    /// The runtime ends before the sign-in: the engine is left as one whose host has nothing under way.
    fn drop(&mut self) {
        let handles = self.requests.values().chain(self.demands.values());
        handles.for_each(AbortHandle::abort);
        if self.is_over {
            return;
        }
        let now = self.shared.now();
        let mut state = self.shared.lock();
        for id in self.requests.keys() {
            let why = Loss::Broken("the program's runtime ended".to_owned());
            state.acquisition.answer(now, *id, Answer::Lost { sent: Sent::Maybe, why });
        }
        for id in self.demands.keys() {
            let problem = Problem::new(Code::Internal, "The program's runtime ended during the sign-in.");
            state.acquisition.meet(*id, Err(problem));
        }
        for (id, _) in std::mem::take(&mut state.waiting) {
            state.acquisition.give_up(id);
        }
        state.is_driven = false;
    }
}

fn abort(task: Option<AbortHandle>) {
    if let Some(task) = task {
        task.abort();
    }
}

/// One request to its answer. An error that repeats what was sent does so without the secrets.
async fn exchange(transport: &Transport, outgoing: Outgoing) -> Answer {
    let Outgoing { request, user_agent, secrets, .. } = outgoing;
    match transport.send_secret(request, &user_agent).await {
        Ok(mut response) => {
            if response.status != 200 {
                for secret in &secrets {
                    response = Redaction::of(secret.expose()).redact(response);
                }
            }
            Answer::Response { response, token: TokenTag::default() }
        }
        Err((sent, why)) => Answer::Lost { sent, why },
    }
}
