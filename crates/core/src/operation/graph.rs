//! Graph, as a flow sees it: it sends, waits, and announces what it is about.

use super::exchange::{Attempt, Exchange, late_problem};
use super::failure::{Failure, conclude, is_refusal, late, without_value};
use super::record::Changed;
use super::retry::{self, AttemptState, Verdict};
use super::session::{Session, Settings};
use super::step::{Answer, Event, RejectedToken, TokenTag, Waiting};
use crate::graph::{Ask, Call, Endpoint};
use crate::hash::{mix, text_key};
use crate::http::{Request, Response};
use crate::model::Stage;
use crate::problem::{Code, Problem, explain};
use crate::token::TokenFacts;
use crate::{Now, ObjectId};
use std::sync::Arc;
use std::time::Duration;

/// Graph, as a flow sees it. Cheap to clone; a clone shares the exchange.
#[derive(Debug, Clone)]
pub struct Graph {
    exchange: Arc<Exchange>,
    session: Session,
    seed: u64,
    row: Option<usize>,
    deadline: Option<Duration>,
    for_cleanup: bool,
    read_only: bool,
    batches: bool,
    /// The token that the first attempt of a request is not sent with.
    former_token: Option<TokenTag>,
}

/// Whether a success could be read.
enum Reading {
    Read,
    /// It could not; and how it contradicts the request, where it is about another object.
    Unread(Option<String>),
}

impl Graph {
    pub(super) fn new(exchange: Arc<Exchange>, session: Session, seed: u64) -> Self {
        Self {
            exchange,
            session,
            seed,
            row: None,
            deadline: None,
            for_cleanup: false,
            read_only: false,
            batches: false,
            former_token: None,
        }
    }

    /// The time of the poll that is under way.
    #[must_use]
    pub fn now(&self) -> Now {
        self.exchange.now()
    }

    /// The settings of the session.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        self.session.settings()
    }

    /// Where Graph is.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.session.settings().graph_endpoint
    }

    /// The same, with a deadline at most this far away. A deadline set before stays if it is earlier.
    #[must_use]
    pub fn within(&self, time: Duration) -> Self {
        let deadline = self.now().mono.saturating_add(time);
        Self { deadline: Some(self.deadline.map_or(deadline, |other| other.min(deadline))), ..self.clone() }
    }

    /// The same, for requests that a flow must still make after a cancellation or a deadline, because the outcome of a
    /// write is unknown without them: neither ends them, and they have at least
    /// [`Settings::cleanup_timeout`].
    #[must_use]
    pub fn for_cleanup(&self) -> Self {
        let least = self.now().mono.saturating_add(self.settings().cleanup_timeout);
        Self {
            deadline: self.deadline.map(|deadline| deadline.max(least)),
            for_cleanup: true,
            ..self.clone()
        }
    }

    /// The same, with events that name the row.
    #[must_use]
    pub fn for_row(&self, number: usize) -> Self {
        Self { row: Some(number), seed: mix(&[self.seed, number as u64]), ..self.clone() }
    }

    /// The same, with every write refused: a guard for dry runs.
    #[must_use]
    pub fn read_only(&self) -> Self {
        Self { read_only: true, ..self.clone() }
    }

    /// The same, with requests that may go as parts of a batch: for a flow that has many ready at the same time. All others
    /// would wait for a batch's slowest part and gain nothing.
    #[must_use]
    pub fn with_batches(&self) -> Self {
        Self { batches: true, ..self.clone() }
    }

    /// The same, with requests that are sent with another token than this one, which the host is to get.
    pub(crate) fn with_another_token(&self, former: Option<TokenTag>) -> Self {
        Self { former_token: former, ..self.clone() }
    }

    /// The token that the last answer was to, and what it tells of itself.
    pub(crate) fn last_token(&self) -> Option<(TokenTag, TokenFacts)> {
        self.exchange.last_token().map(|tag| (tag, self.session.token_facts(tag)))
    }

    /// This many clients, this one included, share Graph's quotas from now on.
    pub fn share_quotas(&self, among: u32) {
        self.session.share_quotas(among);
    }

    /// Whether the operation ends early, because it was cancelled or its time is over. Flows that send and pause need not
    /// look: both end by themselves.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        !self.for_cleanup && self.exchange.stop().is_some()
    }

    /// Whether there is time left to wait so long.
    #[must_use]
    pub fn has_time_for(&self, wait: Duration) -> bool {
        self.deadline().is_none_or(|deadline| self.now().mono.saturating_add(wait) < deadline)
    }

    /// Whether the server is taken for gone: nothing was answered for so long that another request is in vain.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        self.is_in_vain(self.now().mono)
    }

    /// Whether a request at that moment is in vain, because there is no time left to wait for its answer.
    fn is_in_vain(&self, moment: Duration) -> bool {
        self.exchange.silent_since().is_some_and(|since| self.settings().is_in_vain(since, moment))
    }

    /// Announces that a stage was reached, after another.
    pub fn stage(&self, from: Stage, to: Stage) {
        self.exchange.stage(self.row, from, to);
    }

    /// Whether the host wants records of changes.
    #[must_use]
    pub fn records_changes(&self) -> bool {
        self.exchange.records_changes()
    }

    /// Records a change that the last write of this row made, or may have made.
    pub(crate) fn changed(&self, changed: Changed) {
        let token = self.exchange.last_token();
        let who = token.and_then(|tag| self.session.token_facts(tag).account().map(str::to_owned));
        self.exchange.changed(self.row, who, changed);
    }

    /// The id of the run, which the `User-Agent` of its requests names.
    pub(crate) fn run_id(&self) -> String {
        self.exchange.run_id()
    }

    /// Announces how many rows are finished. The first call, before any row begins, says how many there are.
    pub fn rows(&self, done: usize, of: usize) {
        self.exchange.rows(done, of);
    }

    /// Whether this moment is past the deadline.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.deadline().is_some_and(|deadline| self.now().mono >= deadline)
    }

    /// Waits this long, or to the deadline, and announces why.
    ///
    /// # Errors
    /// At once when cancelled; when the deadline has passed already.
    pub async fn pause(&self, time: Duration, why: Waiting) -> Result<(), Problem> {
        self.pause_for(time, why, None).await
    }

    /// The same, for an object.
    ///
    /// # Errors
    /// As for [`Graph::pause`].
    pub async fn pause_for(
        &self,
        time: Duration,
        why: Waiting,
        object: Option<ObjectId>,
    ) -> Result<(), Problem> {
        self.require_going(why.what())?;
        if self.is_late() {
            return Err(late_problem(why.what()));
        }
        let until = self.now().mono.saturating_add(time);
        let wait_ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let setting = why.setting();
        self.exchange.event(Event::Waiting { row: self.row, why, wait_ms, object, setting });
        loop {
            let end = self.deadline().map_or(until, |deadline| deadline.min(until));
            self.exchange.sleep_until(end, self.for_cleanup).await;
            self.require_going(why.what())?;
            // An early end brings the deadline nearer.
            if self.now().mono >= until || self.is_late() {
                return Ok(());
            }
        }
    }

    /// # Errors
    /// When the operation ends early while it waits for `what`.
    fn require_going(&self, what: &str) -> Result<(), Problem> {
        match self.exchange.stop().filter(|_| !self.for_cleanup) {
            Some(stop) => Err(stop.why.problem(what)),
            None => Ok(()),
        }
    }

    /// The problem of whatever goes on after a cancellation and is not for cleanup.
    fn cancelled(&self) -> Option<Problem> {
        self.exchange.cancelled().filter(|_| !self.for_cleanup)
    }

    /// A failure that would be tried again later, by this or by its flow, is not tried again after a cancellation.
    fn unless_cancelled(&self, failure: Failure) -> Failure {
        match (failure, self.cancelled()) {
            (Failure::Not(problem), Some(end)) if problem.is_transient() => {
                Failure::Not(end.after(Some(&problem)))
            }
            (failure, _) => failure,
        }
    }

    /// Reads. Lost, failed and unreadable answers are asked for again.
    ///
    /// # Errors
    /// The refusal of the server, or the last failure when the tries are used up.
    pub async fn read<T: Send>(&self, ask: Ask<T>) -> Result<T, Problem> {
        self.send(&ask).await.map_err(Failure::problem)
    }

    /// Reads an object that may not be there: a 404 is `None`.
    ///
    /// # Errors As for [`Graph::read`], except for 404.
    pub async fn look<T: Send>(&self, ask: Ask<T>) -> Result<Option<T>, Problem> {
        found(self.send(&ask).await).map(Result::ok)
    }

    /// Reads an object that may not be there: a 404 is an inner error with what Graph said, for the problem
    /// that the caller makes of it.
    ///
    /// # Errors As for [`Graph::read`], except for 404.
    pub async fn find<T: Send>(&self, ask: Ask<T>) -> Result<Result<T, Problem>, Problem> {
        found(self.send(&ask).await)
    }

    /// Writes, once.
    ///
    /// # Errors
    /// [`Failure::Not`] when nothing changed, [`Failure::Unknown`] when that can't be known: no answer, a server
    /// error, or an answer that is not Graph's.
    pub async fn write<T: Send>(&self, ask: Ask<T>) -> Result<T, Failure> {
        if self.read_only {
            let call = ask.call();
            return Err(Failure::Not(Problem::new(
                Code::Internal,
                format!("A dry run was about to write ({call})."),
            )));
        }
        self.send(&ask).await
    }

    async fn send<T: Send>(&self, ask: &Ask<T>) -> Result<T, Failure> {
        let mut value = None;
        let mut parse = |response: &Response| {
            if !is_success(response) {
                return Reading::Unread(None);
            }
            match ask.read(response) {
                Ok(read) => {
                    value = Some(read);
                    Reading::Read
                }
                Err(contradiction) => Reading::Unread(contradiction),
            }
        };
        let tried = self.try_until_final(ask.call(), ask.request(), &mut parse).await;
        tried.map_err(|failure| failure.map(|problem| ask.explained(problem)))?;
        value.ok_or_else(|| without_value(ask.call()))
    }

    /// Asks, and takes Graph's answer for what it is: a refusal, too.
    ///
    /// # Errors
    /// Where there is no answer that says anything: it was lost, or the server failed.
    pub(crate) async fn answer(&self, ask: &Ask<()>) -> Result<Response, Problem> {
        let mut seen: Option<Response> = None;
        let mut parse = |response: &Response| {
            seen = Some(response.clone());
            if is_success(response) { Reading::Read } else { Reading::Unread(None) }
        };
        let tried = self.try_until_final(ask.call(), ask.request(), &mut parse).await;
        match (tried, seen) {
            (Ok(()), Some(response)) => Ok(response),
            (Err(_), Some(response)) if (400..500).contains(&response.status) && response.status != 401 => {
                Ok(response)
            }
            (Ok(()), None) => Err(without_value(ask.call()).problem()),
            (Err(failure), _) => Err(failure.problem()),
        }
    }

    /// Repeats a request until its answer is final, and `parse` has read it. One body of code for all
    /// types of answers, because it is a large one.
    async fn try_until_final(
        &self,
        call: Call,
        request: &Request,
        parse: &mut (dyn FnMut(&Response) -> Reading + Send),
    ) -> Result<(), Failure> {
        let policy = self.settings().retry;
        let key = mix(&[self.seed, text_key(&request.url)]);
        let mut rejected_token = self.former_token.map(|tag| RejectedToken { tag, claims: None });
        // The refusal of the token that was sent before. It is the cause where there is no other token.
        let mut refused: Option<Problem> = None;
        // The failure of the attempt before.
        let mut last: Option<Problem> = None;
        let mut state = AttemptState::new(call.is_write());
        loop {
            if self.is_late() {
                let end = self.cancelled().unwrap_or_else(|| late(call));
                return Err(Failure::Not(end.after(last.as_ref())));
            }
            state.jitter = mix(&[key, u64::from(state.tries), u64::from(state.throttled)]);
            let attempt = self.attempt(call, request, state, rejected_token.take());
            let mut pending = self.exchange.request(attempt);
            let answer = (&mut pending).await;
            let answer = answer
                .map_err(|end| Failure::Not(unsent(call, end).after(last.as_ref().or(refused.as_ref()))))?;
            let is_sent = !matches!(answer, Answer::NoToken(_));
            let named = |problem: Problem| match pending.client_request_id().filter(|_| is_sent) {
                Some(id) => problem.with_client_request_id(id),
                None => problem,
            };
            let conclude = |answer, parsed, contradiction| {
                conclude(call, request, answer, parsed, contradiction).map_err(|failure| failure.map(named))
            };
            let reading = match &answer {
                Answer::Response { response, .. } => parse(response),
                Answer::Lost { .. } | Answer::NoToken(_) => Reading::Unread(None),
            };
            let (parsed, contradiction) = match &reading {
                Reading::Read => (true, None),
                Reading::Unread(contradiction) => (false, contradiction.as_deref()),
            };
            let readable = parsed || is_refusal(&answer);
            state.contacted = self.session.contact(readable);
            let facts = self.token_facts(&answer);
            match retry::verdict(&policy, state, &answer, !readable) {
                // Another token would be for the same service.
                Verdict::Renew { claims }
                    if facts.other_service(self.endpoint()).is_none() || claims.is_some() =>
                {
                    state.renew(claims.as_ref());
                    if let Answer::Response { token, response } = answer {
                        refused = Some(facts.explain(
                            call,
                            self.endpoint(),
                            self.now().unix_ms,
                            named(explain(call, &response)),
                        ));
                        rejected_token = Some(RejectedToken { tag: token, claims });
                    }
                }
                Verdict::Final | Verdict::Renew { .. } => {
                    if let Some(after) = retry::own_wait(&policy, state, &answer) {
                        // A cancellation ends the wait, and leaves the outcome unknown all the same.
                        let _ended = self.pause(after, Waiting::Throttled).await;
                    }
                    let ended = conclude(answer, parsed, contradiction);
                    return ended.map_err(|failure| match refused.filter(|_| !is_sent) {
                        Some(refused) => failure.after(&refused),
                        None => self.unless_cancelled(failure.map(|problem| {
                            facts.explain(call, self.endpoint(), self.now().unix_ms, problem)
                        })),
                    });
                }
                Verdict::Again { after, why } => {
                    let resume = self.now().mono.saturating_add(after);
                    state.count(&answer);
                    let in_vain = matches!(answer, Answer::Lost { .. }) && self.is_in_vain(resume);
                    let too_late = in_vain || self.deadline().is_some_and(|deadline| resume >= deadline);
                    last = conclude(answer, false, contradiction).err().map(Failure::problem);
                    if let Some(last) = last.take_if(|_| too_late && self.cancelled().is_none()) {
                        return Err(Failure::Not(last));
                    }
                    let paused = self.pause(after, why).await;
                    paused.map_err(|end| Failure::Not(end.after(last.as_ref())))?;
                }
            }
        }
    }

    /// The facts that the token of a refused request shows.
    fn token_facts(&self, answer: &Answer) -> TokenFacts {
        match answer {
            Answer::Response { response, token } if matches!(response.status, 401 | 403) => {
                self.session.token_facts(*token)
            }
            _ => TokenFacts::default(),
        }
    }

    fn attempt(
        &self,
        call: Call,
        request: &Request,
        state: AttemptState,
        rejected_token: Option<RejectedToken>,
    ) -> Attempt {
        let cleanup_timeout = self.settings().cleanup_timeout;
        Attempt {
            call,
            request: request.clone(),
            rejected_token,
            timeout: self.timeout(call, state),
            deadline: self.deadline(),
            cleanup_timeout: self.for_cleanup.then_some(cleanup_timeout),
            state,
            never_batch: !self.batches || state.is_repeated(),
            priority: self.priority(call),
            row: self.row,
        }
    }

    /// How long an attempt may take. A read is asked again early, and gets more time with each try. When nothing is answered,
    /// a write leaves time to look for it.
    fn timeout(&self, call: Call, state: AttemptState) -> Duration {
        let Settings { request_timeout, read_timeout, outage_timeout, .. } = *self.settings();
        let write = call.is_write();
        let read_timeout = read_timeout.min(request_timeout);
        let longer = 1_u32 << state.tries.saturating_sub(1).min(16);
        let own =
            if write { request_timeout } else { read_timeout.saturating_mul(longer).min(request_timeout) };
        let own = own.min(outage_timeout);
        let Some(silent) = self.exchange.silent_since() else { return own };
        let left = silent.saturating_add(outage_timeout).saturating_sub(self.now().mono);
        let left = if write { left.saturating_sub(read_timeout) } else { left };
        own.min(left.max(read_timeout))
    }

    /// Rows read in their order, so that the first can begin to write while the last have yet to read. Creates go before
    /// all other writes, because they have the longest way to go.
    fn priority(&self, call: Call) -> u64 {
        match call {
            Call::CreateAgentUser => 0,
            call if call.is_write() => 1,
            _ => self.row.map_or(0, |row| row as u64),
        }
    }

    /// When this must end: at its deadline and the operation's, and after an early end within the time for cleanup.
    fn deadline(&self) -> Option<Duration> {
        let stopped = self.exchange.stop().is_some();
        let cleanup =
            if self.for_cleanup || stopped { self.settings().cleanup_timeout } else { Duration::ZERO };
        let end = self.exchange.stops_at().map(|at| at.saturating_add(cleanup));
        self.deadline.into_iter().chain(end).min()
    }
}

fn is_success(response: &Response) -> bool {
    (200..300).contains(&response.status)
}

/// The result of a read: a 404 of Graph is an inner error.
fn found<T>(read: Result<T, Failure>) -> Result<Result<T, Problem>, Problem> {
    match read.map_err(Failure::problem) {
        // A proxy's page with 404 says nothing about the directory.
        Err(problem) if problem.answered() == Some(404) && problem.code() != Code::BadAnswer => {
            Ok(Err(problem))
        }
        other => other.map(Ok),
    }
}

/// The problem of a request that never came to an answer, because the operation ends early.
fn unsent(call: Call, end: Problem) -> Problem {
    match end.code() {
        Code::DeadlineExceeded => {
            Problem::new(Code::DeadlineExceeded, format!("Could not {}. {}", call.what(), end.message()))
        }
        _ => end,
    }
}
