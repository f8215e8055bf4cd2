//! The steps of an operation as JSON, and the answers to its requests from JSON.

use super::item::Item;
use super::members::{FromMembers, Members, read_exact};
use super::output::Output;
use crate::graph::Call;
use crate::http::{Headers, Response};
use crate::operation::{Answer, Event, Loss, Outgoing, Record, RequestId, Sent, Step, TokenOwner, TokenTag};
use crate::problem::{Code, Problem};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use serde_json::{Error, Map};

/// A header field: name and value.
pub type Header = (String, String);

/// The next thing for the host to do.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "step", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum StepMessage<'a> {
    /// Send these requests, each on its own, and hand back each answer. Their bodies are given beside this JSON.
    Send {
        /// The requests.
        requests: Vec<RequestMessage<'a>>,
    },
    /// Stop waiting for the answers to these requests. An answer that comes later is ignored.
    Abort {
        /// The ids of the requests.
        ids: Vec<u64>,
    },
    /// Take an item.
    Item {
        /// The item.
        #[cfg_attr(feature = "schema", schemars(with = "super::item::ItemMessage"))]
        item: Item,
    },
    /// Take note of progress.
    Event {
        /// The progress.
        event: Event,
    },
    /// Keep what was sent or changed. Only operations whose `records` ask for it have this step.
    Record {
        /// The record.
        record: Box<Record>,
    },
    /// Wait until this moment on the host's own clock, or until an answer comes; without a moment, until an answer
    /// comes.
    Wait {
        /// The moment.
        #[serde(skip_serializing_if = "Option::is_none")]
        until_ms: Option<u64>,
    },
    /// The operation has ended, with a result or a problem.
    Done {
        /// The result; its shape depends on the operation.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(with = "Option<serde_json::Value>"))]
        result: Option<&'a RawValue>,
        /// The problem.
        #[serde(skip_serializing_if = "Option::is_none")]
        problem: Option<Problem>,
    },
}

/// A request to send, without its body and its token.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RequestMessage<'a> {
    /// The id of the request, to which its answer refers.
    id: u64,
    /// The name of the Graph call.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    call: Call,
    /// The method.
    method: &'static str,
    /// The absolute URL.
    url: &'a str,
    /// Header fields: names and values. The host adds `Authorization`.
    headers: Vec<(&'a str, &'a str)>,
    /// The `User-Agent` to send, which names the run. Browsers let none be sent.
    user_agent: &'a str,
    /// The members that are wanted of each user of the page that a good answer is, where the host keeps the users. Such a body is then
    /// the page's JSON with a `DigestMessage` as its `value`, or with null where `value` is not an array of objects and nulls.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<String>>"))]
    columns: &'static [&'static str],
    /// The owner of the token that it carries: `caller`, the identity that the host signs in.
    token_owner: &'static str,
    /// The token that Graph refused when this request was sent before.
    #[serde(skip_serializing_if = "Option::is_none")]
    rejected_token: Option<RejectedTokenMessage<'a>>,
}

/// A token that Graph refused.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RejectedTokenMessage<'a> {
    /// The host's number of that token. A token with another number may be sent at once.
    tag: u64,
    /// The claims challenge that the sign-in must meet, as JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<&'a str>,
}

impl<'a> RequestMessage<'a> {
    fn of(outgoing: &'a Outgoing, columns: ColumnsOf) -> Self {
        let request = &outgoing.request;
        Self {
            id: outgoing.id.get(),
            call: outgoing.call,
            method: request.method.as_str(),
            url: &request.url,
            headers: request.headers.iter().collect(),
            user_agent: &outgoing.user_agent,
            columns: columns(outgoing.call),
            token_owner: match outgoing.token_owner {
                TokenOwner::Caller => "caller",
            },
            rejected_token: outgoing.rejected_token.as_ref().map(|rejected| RejectedTokenMessage {
                tag: rejected.tag.0,
                claims: rejected.claims.as_deref(),
            }),
        }
    }
}

/// A step as JSON, and the bodies of its requests by their ids.
pub type StepJson = (String, Vec<(RequestId, Vec<u8>)>);

/// The members that are wanted of each user in an answer to a call.
type ColumnsOf = fn(Call) -> &'static [&'static str];

/// A step of an operation of [`super::start`] as JSON, and the bodies of its requests.
#[must_use]
pub fn step_json(step: Step<Item, Output>) -> StepJson {
    written(step, |_| &[])
}

/// A step of an operation of [`super::start_first`], whose host keeps the users of pages.
#[must_use]
pub fn first_step_json(step: Step<Item, Output>) -> StepJson {
    written(step, super::digest::columns)
}

fn written(step: Step<Item, Output>, columns: ColumnsOf) -> StepJson {
    let message = match step {
        Step::Send(outgoing) => {
            let requests = outgoing.iter().map(|one| RequestMessage::of(one, columns)).collect();
            let json = super::text::write(&StepMessage::Send { requests });
            let bodies = outgoing.into_iter().filter(|one| !one.request.body.is_empty());
            return (json, bodies.map(|one| (one.id, one.request.body)).collect());
        }
        Step::Abort(ids) => StepMessage::Abort { ids: ids.into_iter().map(RequestId::get).collect() },
        Step::Item(item) => StepMessage::Item { item },
        Step::Event(event) => StepMessage::Event { event },
        Step::Record(record) => StepMessage::Record { record },
        // Rounded up: a poll at that moment finds something to do.
        Step::Wait(until) => StepMessage::Wait {
            until_ms: until.map(|until| u64::try_from(until.as_micros().div_ceil(1000)).unwrap_or(u64::MAX)),
        },
        Step::Done(Ok(output)) => {
            let done = StepMessage::Done { result: Some(output.raw()), problem: None };
            return (super::text::write(&done), Vec::new());
        }
        Step::Done(Err(problem)) => StepMessage::Done { result: None, problem: Some(problem) },
    };
    (super::text::write(&message), Vec::new())
}

/// The answer to a request. The body of a response is given beside this JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(tag = "answer", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)
)]
pub enum AnswerMessage {
    /// A response, of any status.
    Response {
        /// The status code.
        status: u16,
        /// Header fields. A browser hides those that CORS does not expose.
        #[cfg_attr(feature = "schema", schemars(default))]
        headers: Vec<Header>,
        /// The host's number of the token that was attached. Every new token has a new number.
        #[cfg_attr(feature = "schema", schemars(default))]
        token: u64,
    },
    /// No complete response came.
    Lost {
        /// Whether the request may have reached the server.
        sent: SentMessage,
        /// The reason.
        why: LossReason,
        /// The reason in words.
        #[cfg_attr(feature = "schema", schemars(default))]
        message: String,
    },
    /// The request was not sent, because there is no token for it.
    NoToken {
        /// The reason in words.
        message: String,
    },
}

impl<'de> Deserialize<'de> for AnswerMessage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_exact(Map::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl FromMembers for AnswerMessage {
    fn read(members: &mut Members) -> Result<Self, Error> {
        let answer = members.discriminant("answer")?;
        Ok(match answer.as_str() {
            "response" => Self::Response {
                status: members.need("status")?,
                headers: members.take("headers")?.unwrap_or_default(),
                token: members.take("token")?.unwrap_or_default(),
            },
            "lost" => Self::Lost {
                sent: members.word("sent", &[("no", SentMessage::No), ("maybe", SentMessage::Maybe)])?,
                why: members.word(
                    "why",
                    &[
                        ("unreachable", LossReason::Unreachable),
                        ("broken", LossReason::Broken),
                        ("timedOut", LossReason::TimedOut),
                        ("tooLarge", LossReason::TooLarge),
                    ],
                )?,
                message: members.take("message")?.unwrap_or_default(),
            },
            "noToken" => Self::NoToken { message: members.need("message")? },
            _ => return Err(Error::unknown_variant(&answer, &["response", "lost", "noToken"])),
        })
    }
}

/// Whether a lost request may have reached the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub enum SentMessage {
    /// It did not: no connection was made.
    No,
    /// It may have.
    Maybe,
}

/// The reason why no complete response came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub enum LossReason {
    /// No connection was made.
    Unreachable,
    /// The connection broke.
    Broken,
    /// The response took too long.
    TimedOut,
    /// The response is larger than the host takes.
    TooLarge,
}

/// An answer from JSON, with the body of a response.
///
/// # Errors
/// When it is not such JSON.
pub fn answer(json: &[u8], body: Vec<u8>) -> Result<Answer, Problem> {
    Ok(match super::text::read::<AnswerMessage>("answer", json)? {
        // A browser's opaque response has status 0: it tells nothing of the outcome, so it does not count as a response.
        AnswerMessage::Response { status, .. } if !(100..=999).contains(&status) => {
            let message = format!("The answer's status is {status}, which HTTP does not have.");
            let fix =
                "Report a response that can't be seen as lost: {\"answer\":\"lost\",\"sent\":\"maybe\",…}.";
            return Err(Problem::new(Code::Invalid, message).with_field("status").with_fix(fix));
        }
        AnswerMessage::Response { status, headers, token } => Answer::Response {
            response: Response { status, headers: Headers::from_iter(headers), body },
            token: TokenTag(token),
        },
        AnswerMessage::Lost { sent, why, message } => Answer::Lost {
            sent: match sent {
                SentMessage::No => Sent::No,
                SentMessage::Maybe => Sent::Maybe,
            },
            why: match why {
                LossReason::Unreachable => Loss::Unreachable(message),
                LossReason::Broken => Loss::Broken(message),
                LossReason::TimedOut => Loss::TimedOut,
                LossReason::TooLarge => Loss::TooLarge,
            },
        },
        AnswerMessage::NoToken { message } => Answer::NoToken(Problem::new(Code::TokenMissing, message)),
    })
}
