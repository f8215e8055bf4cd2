//! How a request fails, as a flow is told.

use super::step::{Answer, Loss, Sent};
use crate::graph::Call;
use crate::http::{Request, Response};
use crate::problem::{Code, Problem, explain, is_error};

/// Why a write did not succeed.
#[derive(Debug, Clone)]
pub enum Failure {
    /// The server said no, or it was never sent: nothing changed.
    Not(Problem),
    /// It may or may not have happened: the flow must look.
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

    /// The same with another problem.
    pub(super) fn map(self, change: impl FnOnce(Problem) -> Problem) -> Self {
        match self {
            Self::Not(problem) => Self::Not(change(problem)),
            Self::Unknown(problem) => Self::Unknown(change(problem)),
        }
    }

    /// There is no other token than one that was refused: the refusal is kept. Where the sign-in has words of its own, they tell
    /// why there is none, and stay.
    pub(super) fn after(self, refused: &Problem) -> Self {
        self.map(|problem| {
            let problem = match refused.graph_message() {
                Some(said) => problem.saying(&format!("Graph says: {said}")),
                None => problem,
            };
            if problem.graph_message().is_some() { problem } else { problem.about(refused) }
        })
    }
}

/// The deadline is over before the next attempt.
pub(super) fn late(call: Call) -> Problem {
    let message = format!("Could not {}. The time for this operation was used up before.", call.what());
    Problem::new(Code::DeadlineExceeded, message)
}

/// The last answer, as the flow is told.
///
/// `contradiction` says how a success is about another object than the request.
pub(super) fn conclude(
    call: Call,
    request: &Request,
    answer: Answer,
    parsed: bool,
    contradiction: Option<&str>,
) -> Result<(), Failure> {
    let write = call.is_write();
    match answer {
        Answer::NoToken(problem) => Err(Failure::Not(problem)),
        Answer::Lost { sent, why } => {
            let problem = lost(call, request, &why);
            Err(if write && sent == Sent::Maybe { Failure::Unknown(problem) } else { Failure::Not(problem) })
        }
        Answer::Response { response, .. } => match response.status {
            200..=299 if parsed => Ok(()),
            200..=299 => Err(unread(call, request, &response, contradiction)),
            // Nothing that is sent asks for "not modified", and without an address there is nowhere to go.
            300..=399 if response.headers.get("Location").is_none() => {
                Err(unread(call, request, &response, contradiction))
            }
            300..=399 => Err(Failure::Not(redirected(call, request, &response))),
            408 | 500 | 502..=599 if write => Err(Failure::Unknown(explain(call, &response))),
            // A refusal without Graph's body may come from a proxy, and says nothing about what Graph did.
            400..=599 if write && !is_error(&response) => Err(Failure::Unknown(explain(call, &response))),
            // HTTP has no such status: it is to be treated as a server error (RFC 9110, section 15).
            ..=199 | 600.. if write => Err(Failure::Unknown(explain(call, &response))),
            _ => Err(Failure::Not(explain(call, &response))),
        },
    }
}

/// Whether it is a refusal with Graph's own body.
pub(super) fn is_refusal(answer: &Answer) -> bool {
    matches!(answer, Answer::Response { response, .. } if (400..600).contains(&response.status) && is_error(response))
}

fn lost(call: Call, request: &Request, why: &Loss) -> Problem {
    let (code, what) = why.explain(&server(request));
    Problem::new(code, format!("Could not {}. {what}", call.what()))
}

impl Loss {
    /// The code that it stands for, and a sentence that names the server.
    #[must_use]
    pub fn explain(&self, server: &str) -> (Code, String) {
        match self {
            Self::Unreachable(why) => (Code::Unreachable, format!("No connection to {server}: {why}")),
            Self::Certificate(why) => {
                (Code::CertificateRefused, format!("The certificate of {server} {why}"))
            }
            Self::Tls(why) => (Code::TlsFailed, format!("No TLS with {server}: {why}")),
            Self::Proxy(why) => (Code::ProxyFailed, format!("No connection to {server} by the proxy: {why}")),
            Self::OpenFiles(why) => (Code::TooManyOpenFiles, format!("No connection to {server}: {why}")),
            Self::Broken(why) => (Code::ConnectionLost, format!("The connection to {server} broke: {why}")),
            Self::TimedOut => (Code::TimedOut, format!("{server} did not answer in time.")),
            Self::TooLarge => (Code::AnswerTooLarge, format!("The answer of {server} is too large.")),
        }
    }
}

/// A success that is not Graph's, or contradicts the request. The outcome of a write is unknown then. An error that the
/// server put into it is kept.
fn unread(call: Call, request: &Request, response: &Response, contradiction: Option<&str>) -> Failure {
    let explained = explain(call, response);
    let what = format!("Could not {}. {} answered with", call.what(), server(request));
    let problem = match (contradiction, explained.graph_message().or(explained.graph_code())) {
        (Some(how), _) => Problem::new(Code::ContradictoryAnswer, format!("{what} another object. {how}")),
        (None, Some(said)) => Problem::new(
            Code::BadAnswer,
            format!("{what} the status of a success, {}, and an error: {said}", response.status),
        ),
        (None, None) => {
            Problem::new(Code::BadAnswer, format!("{what} something that is not what Graph documents."))
        }
    };
    let problem = problem.about(&explained);
    if call.is_write() { Failure::Unknown(problem) } else { Failure::Not(problem) }
}

/// A success whose value is gone, which can't be.
pub(super) fn without_value(call: Call) -> Failure {
    Failure::Not(Problem::new(Code::Internal, format!("The answer to {call} was read and then lost.")))
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
