//! What a flow holds: it sends, waits, and says what it is about.

use super::exchange::{Exchange, Try, cancelled_problem, late_problem};
use super::retry::{self, Standing, Verdict};
use super::session::{Session, Settings};
use super::step::{Answer, Event, Loss, RejectedToken, Sent, Waiting};
use crate::Now;
use crate::graph::{Ask, Call, Root};
use crate::hash::{mix, text_key};
use crate::http::{Request, Response};
use crate::model::Stage;
use crate::problem::{Code, Problem, explain, is_error};
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
    survives_cancel: bool,
    hold_writes: bool,
}

/// Why a write did not succeed.
#[derive(Debug, Clone)]
pub enum Failure {
    /// The server said no, or it was never sent: nothing changed.
    Not(Problem),
    /// It may or may not have happened. Whoever wrote must look.
    Unknown(Problem),
}

impl Failure {
    /// The problem, either way.
    #[must_use]
    pub fn problem(self) -> Problem {
        match self {
            Self::Not(problem) | Self::Unknown(problem) => problem,
        }
    }
}

impl Graph {
    pub(super) fn new(exchange: Arc<Exchange>, session: Session, seed: u64) -> Self {
        Self {
            exchange,
            session,
            seed,
            row: None,
            deadline: None,
            survives_cancel: false,
            hold_writes: false,
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
    pub fn root(&self) -> &Root {
        &self.session.settings().root
    }

    /// The same, with a deadline at most this far away. A deadline set before stays if it is earlier.
    #[must_use]
    pub fn within(&self, time: Duration) -> Self {
        let deadline = self.now().mono.saturating_add(time);
        Self { deadline: Some(self.deadline.map_or(deadline, |other| other.min(deadline))), ..self.clone() }
    }

    /// The same, for what must still be found out after a cancellation or a deadline: it survives the one, and has
    /// at least [`Settings::cleanup_timeout`] before the other.
    #[must_use]
    pub fn finishing(&self) -> Self {
        let least = self.now().mono.saturating_add(self.settings().cleanup_timeout);
        Self {
            deadline: self.deadline.map(|deadline| deadline.max(least)),
            survives_cancel: true,
            ..self.clone()
        }
    }

    /// The same, with events that name the row.
    #[must_use]
    pub fn for_row(&self, number: usize) -> Self {
        Self { row: Some(number), seed: mix(&[self.seed, number as u64]), ..self.clone() }
    }

    /// The same, with every write refused: for dry runs, as a guard.
    #[must_use]
    pub fn without_writes(&self) -> Self {
        Self { hold_writes: true, ..self.clone() }
    }

    /// This many clients, this one included, share Graph's quotas from now on.
    pub fn share_quotas(&self, among: u32) {
        self.session.share_quotas(among);
    }

    /// Whether somebody cancelled. Flows that ask and wait need not look: both end by themselves.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        !self.survives_cancel && self.exchange.is_cancelled()
    }

    /// Tells the host that a stage was reached.
    pub fn stage(&self, stage: Stage) {
        self.exchange.event(Event::Stage { row: self.row, stage });
    }

    /// Tells the host how many rows are finished.
    pub fn rows(&self, done: usize, of: usize) {
        self.exchange.event(Event::Rows { done, of });
    }

    /// Whether this moment is past the deadline.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.deadline().is_some_and(|deadline| self.now().mono >= deadline)
    }

    /// Waits this long, or to the deadline, and says why.
    ///
    /// # Errors
    /// At once when cancelled; when the deadline has passed already.
    pub async fn pause(&self, time: Duration, why: Waiting) -> Result<(), Problem> {
        if self.is_cancelled() {
            return Err(cancelled_problem());
        }
        if self.is_late() {
            return Err(late_problem());
        }
        let until = self.now().mono.saturating_add(time);
        let wait_ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.exchange.event(Event::Waiting { row: self.row, why, wait_ms });
        loop {
            let end = self.deadline().map_or(until, |deadline| deadline.min(until));
            self.exchange.sleep_until(end, self.survives_cancel).await;
            if self.is_cancelled() {
                return Err(cancelled_problem());
            }
            // A cancellation in between has brought the end nearer.
            if self.now().mono >= until || self.is_late() {
                return Ok(());
            }
        }
    }

    /// Reads. Lost, failed and unreadable answers are asked for again.
    ///
    /// # Errors
    /// Whatever the server refused, or the last failure when the tries are used up.
    pub async fn read<T: Send>(&self, ask: Ask<T>) -> Result<T, Problem> {
        self.send(&ask).await.map_err(Failure::problem)
    }

    /// Reads what may not be there: a 404 is `None`.
    ///
    /// # Errors
    /// As for [`Graph::read`], but for 404.
    pub async fn look<T: Send>(&self, ask: Ask<T>) -> Result<Option<T>, Problem> {
        match self.read(ask).await {
            Ok(value) => Ok(Some(value)),
            // A proxy's page with 404 says nothing about what is there.
            Err(problem) if problem.status() == Some(404) && problem.code() != Code::BadAnswer => Ok(None),
            Err(problem) => Err(problem),
        }
    }

    /// Changes something, once.
    ///
    /// # Errors
    /// [`Failure::Not`] when nothing changed, [`Failure::Unknown`] when that can't be known: no answer, a server's
    /// error, or a success that is not Graph's.
    pub async fn write<T: Send>(&self, ask: Ask<T>) -> Result<T, Failure> {
        if self.hold_writes {
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
            value = ask.parse(response);
            value.is_some()
        };
        self.try_until_final(ask.call(), ask.request(), &mut parse).await?;
        value.ok_or_else(|| unread(ask.call(), ask.request()))
    }

    /// Tries until there is an answer to go by, and `parse` has read it if it is a success. One body of code for all
    /// types of answers, because it is a large one.
    async fn try_until_final(
        &self,
        call: Call,
        request: &Request,
        parse: &mut (dyn FnMut(&Response) -> bool + Send),
    ) -> Result<(), Failure> {
        let policy = self.settings().retry;
        let write = call.is_write();
        let key = mix(&[self.seed, text_key(&request.url)]);
        let mut refused = None;
        let mut standing =
            Standing { write, tries: 1, throttled: 0, renewed: false, contacted: false, jitter: key };
        loop {
            if self.is_late() {
                return Err(Failure::Not(late(call, None)));
            }
            let attempt = Try {
                call,
                request: request.clone(),
                refused: refused.take(),
                timeout: self.settings().request_timeout,
                deadline: self.deadline(),
                survives_cancel: self.survives_cancel,
                alone: standing.tries > 1 || standing.throttled > 0,
                rank: self.rank(call),
                cleanup_timeout: self.settings().cleanup_timeout,
            };
            let answer = self.exchange.request(attempt).await.map_err(Failure::Not)?;
            let parsed = match &answer {
                Answer::Response { response, .. } if (200..300).contains(&response.status) => parse(response),
                _ => false,
            };
            let readable = parsed || is_refusal(&answer);
            standing.contacted = self.session.contact(readable);
            standing.jitter = mix(&[key, u64::from(standing.tries), u64::from(standing.throttled)]);
            match retry::verdict(&policy, standing, &answer, !readable) {
                Verdict::Final => {
                    let last = conclude(call, request, answer, parsed);
                    // A write that may have happened is not repeated here, but who asks next waits as asked.
                    if let Err(Failure::Unknown(problem)) = &last
                        && let Some(after) = problem.retry_after()
                    {
                        let until = self.now().mono.saturating_add(after);
                        self.session.hold(Call::CreateAgentUser, until);
                        self.session.hold(Call::GetUser, until);
                    }
                    return last;
                }
                Verdict::Renew { claims } => {
                    standing.renewed = true;
                    if let Answer::Response { token, .. } = answer {
                        refused = Some(RejectedToken { tag: token, claims });
                    }
                }
                Verdict::Again { after, why } => {
                    if why == Waiting::Throttled {
                        self.session.hold(call, self.now().mono.saturating_add(after));
                    }
                    // A 429 waits as long as it must, within the deadline; everything else is a try.
                    let throttled =
                        matches!(&answer, Answer::Response { response, .. } if response.status == 429);
                    if throttled {
                        standing.throttled = standing.throttled.saturating_add(1);
                    } else {
                        standing.tries = standing.tries.saturating_add(1);
                    }
                    let resume = self.now().mono.saturating_add(after);
                    if self.deadline().is_some_and(|deadline| resume >= deadline) {
                        let last = conclude(call, request, answer, false).err().map(Failure::problem);
                        return Err(Failure::Not(late(call, last)));
                    }
                    self.pause(after, why).await.map_err(Failure::Not)?;
                }
            }
        }
    }

    /// What goes first of what is ready. Rows look in their order, so that the first can begin to write while the last
    /// have yet to look; what is created goes before everything else that is written, because it has the longest way.
    fn rank(&self, call: Call) -> u64 {
        match call {
            Call::CreateAgentUser => 0,
            call if call.is_write() => 1,
            _ => self.row.map_or(0, |row| row as u64),
        }
    }

    /// When this must end: by its deadline, and after a cancellation within the time to finish.
    fn deadline(&self) -> Option<Duration> {
        let finish = self.settings().cleanup_timeout;
        let finished = self.exchange.cancelled_at().map(|at| at.saturating_add(finish));
        self.deadline.into_iter().chain(finished).min()
    }
}

/// The deadline is over, or would be before the next try: names the last failure, which is the real cause.
fn late(call: Call, last: Option<Problem>) -> Problem {
    match last {
        Some(last) => last,
        None => Problem::new(
            Code::DeadlineExceeded,
            format!("The time for this operation was used up before {call}."),
        ),
    }
}

/// The last answer, as what the flow is told.
fn conclude(call: Call, request: &Request, answer: Answer, parsed: bool) -> Result<(), Failure> {
    let write = call.is_write();
    match answer {
        Answer::NoToken(problem) => Err(Failure::Not(problem)),
        Answer::Lost { sent, why } => {
            let problem = lost(call, request, &why);
            Err(if write && sent == Sent::Maybe { Failure::Unknown(problem) } else { Failure::Not(problem) })
        }
        Answer::Response { response, .. } => match response.status {
            200..=299 if parsed => Ok(()),
            200..=299 => Err(unread(call, request)),
            300..=399 => Err(Failure::Not(redirected(call, request, &response))),
            408 | 500 | 502..=599 if write => Err(Failure::Unknown(explain(call, &response))),
            // A refusal that can't be read may be somebody else's, and says nothing of what Graph did.
            400..=499 if write && !is_error(&response) => Err(Failure::Unknown(explain(call, &response))),
            _ => Err(Failure::Not(explain(call, &response))),
        },
    }
}

/// Whether it is a refusal with Graph's own body.
fn is_refusal(answer: &Answer) -> bool {
    matches!(answer, Answer::Response { response, .. } if response.status >= 400 && is_error(response))
}

fn lost(call: Call, request: &Request, why: &Loss) -> Problem {
    let (code, what) = match why {
        Loss::Unreachable(why) => (Code::Unreachable, format!("No connection to {}: {why}", server(request))),
        Loss::Broken(why) => {
            (Code::ConnectionLost, format!("The connection to {} broke: {why}", server(request)))
        }
        Loss::TimedOut => (Code::TimedOut, format!("{} did not answer in time.", server(request))),
        Loss::TooLarge => (Code::AnswerTooLarge, format!("The answer of {} is too large.", server(request))),
    };
    Problem::new(code, format!("Could not {}. {what}", call.what()))
}

/// A success that can't be read. Of a write, nobody knows then what became of it.
fn unread(call: Call, request: &Request) -> Failure {
    let message = format!(
        "Could not {}. {} answered with something that is not what Graph documents.",
        call.what(),
        server(request)
    );
    let problem = Problem::new(Code::BadAnswer, message);
    if call.is_write() { Failure::Unknown(problem) } else { Failure::Not(problem) }
}

fn redirected(call: Call, request: &Request, response: &Response) -> Problem {
    let message = format!(
        "Could not {}. {} answered with a redirect, which is never followed.",
        call.what(),
        server(request)
    );
    Problem::new(Code::Redirected, message).with_graph(response.status, None, None, None)
}

/// The origin that a request goes to.
fn server(request: &Request) -> String {
    request.url.split('/').take(3).collect::<Vec<_>>().join("/")
}
