//! The values that pass between an operation and its host.

use super::record::{LossKind, Record};
use crate::graph::Call;
use crate::http::{Request, Response};
use crate::problem::Problem;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;

/// The host's next task.
#[derive(Debug)]
pub enum Step<I, T> {
    /// Send these, each on its own, and hand back each answer with [`crate::operation::Operation::answer`].
    Send(Vec<Outgoing>),
    /// Stop waiting for these: they timed out, or their answers are not needed any more. A later answer to them is ignored.
    Abort(Vec<RequestId>),
    /// A result that is ready. The flow holds back when items are not taken.
    Item(I),
    /// Progress. Bounded: the newest win, older ones may be lost.
    Event(Event),
    /// A record of a request or a change, where [`crate::operation::Operation::set_recording`] asked for it.
    /// None is left out, and the flow rests until it is taken.
    Record(Box<Record>),
    /// Nothing to do until this moment (on [`crate::Now::mono`]) or until an answer comes; without a moment, until an answer comes.
    Wait(Option<Duration>),
    /// The end. Poll no more.
    Done(Result<T, Problem>),
}

/// Names a request within its operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub(crate) u64);

impl RequestId {
    /// The id as a number, for hosts that keep it outside Rust.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The id of that number.
    #[must_use]
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }
}

/// A request to send.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Its id, for the answer.
    pub id: RequestId,
    /// Which Graph call it is.
    pub call: Call,
    /// The owner of the token that it carries.
    pub token_owner: TokenOwner,
    /// Why the token of a former attempt would not do. The host attaches another one.
    pub rejected_token: Option<RejectedToken>,
    /// The `User-Agent` to send, which names the run. Browsers let none be sent.
    pub user_agent: Arc<str>,
    /// The request itself, without `Authorization`.
    pub request: Request,
}

/// The owner of the token that a request needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenOwner {
    /// The token the host signed in with.
    Caller,
}

/// The host's own number for the token it attached, so that many answers refusing one token renew it once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TokenTag(pub u64);

/// A token the server did not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedToken {
    /// The token that was attached. When the host already has a newer one, that one will do.
    pub tag: TokenTag,
    /// The claims challenge to pass to the sign-in, where the server sent one.
    pub claims: Option<String>,
}

/// The answer to a request.
#[derive(Debug)]
pub enum Answer {
    /// A response, of any status.
    Response {
        /// The response.
        response: Response,
        /// The token that was attached.
        token: TokenTag,
    },
    /// No whole response.
    Lost {
        /// Whether the server may have seen the request.
        sent: Sent,
        /// The reason.
        why: Loss,
    },
    /// There was no token to send it with; it was not sent.
    NoToken(Problem),
}

/// Whether a lost request may have reached the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// Certainly not: no connection was made.
    No,
    /// Possibly: bytes were on their way.
    Maybe,
}

/// Why there is no response.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Loss {
    /// No connection: refused, no such host, no route.
    Unreachable(String),
    /// The server's certificate is not accepted.
    Certificate(String),
    /// The server does not speak TLS, or shares no version of it.
    Tls(String),
    /// The proxy is out of reach, or refuses.
    Proxy(String),
    /// This process may open no more files or connections.
    OpenFiles(String),
    /// The connection broke.
    Broken(String),
    /// It took too long.
    TimedOut,
    /// The answer was larger than the host takes.
    TooLarge,
}

impl Loss {
    /// As records say it.
    pub(crate) fn kind(&self, sent: Sent) -> LossKind {
        match self {
            Self::Unreachable(_)
            | Self::Certificate(_)
            | Self::Tls(_)
            | Self::Proxy(_)
            | Self::OpenFiles(_) => LossKind::Unreachable,
            Self::Broken(_) => LossKind::Broken,
            Self::TimedOut if sent == Sent::No => LossKind::Unreachable,
            Self::TimedOut => LossKind::TimedOut,
            Self::TooLarge => LossKind::TooLarge,
        }
    }
}

/// Whether an answer was waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// It was waited for.
    Used,
    /// It was not: the request is unknown, was answered before, was aborted, or the operation has ended.
    Ignored,
}

/// Progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "event", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Event {
    /// A row, or the one agent user, reached a stage.
    Stage {
        /// The row's number, as in its report; none for a single agent user.
        #[serde(skip_serializing_if = "Option::is_none")]
        row: Option<usize>,
        /// The stage reached.
        stage: crate::model::Stage,
    },
    /// The operation waits.
    Waiting {
        /// The row's number, as in its report; none for a single agent user.
        #[serde(skip_serializing_if = "Option::is_none")]
        row: Option<usize>,
        /// The reason of the wait.
        why: Waiting,
        /// How long it is, in milliseconds, until the next try; 0 where that depends on the sign-in.
        wait_ms: u64,
        /// The id of the object that is waited for, where it has one.
        #[serde(skip_serializing_if = "Option::is_none")]
        object: Option<crate::ObjectId>,
        /// The setting that says how long it is waited for, as the configuration spells it.
        #[serde(skip_serializing_if = "Option::is_none")]
        setting: Option<&'static str>,
    },
    /// The number of finished rows, and the stages of all rows.
    Rows {
        /// Finished rows.
        done: usize,
        /// All rows.
        of: usize,
        /// How many rows have reached which stage and none further, in the order of the stages. Stages without rows are
        /// left out.
        stages: Vec<StageCount>,
    },
    /// The operation ends early, because it was cancelled or its time is over: it begins nothing new, finishes what it has
    /// begun, and looks for writes whose answers were lost.
    Ending {
        /// How long that may take at most, in milliseconds.
        within_ms: u64,
    },
    /// The sign-in noticed something that ends nothing. Only for clients that sign in by themselves.
    Remark(crate::remark::Remark),
}

/// How many rows are at a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct StageCount {
    /// The furthest stage that they have reached.
    pub stage: crate::model::Stage,
    /// Their number.
    pub rows: usize,
}

/// The reason of a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Waiting {
    /// The server asked to wait (429, or a `Retry-After`).
    Throttled,
    /// A failed request is tried again.
    Retry,
    /// A request has had no answer for ten seconds.
    Answer,
    /// Requests have waited for a token for ten seconds: the sign-in is slow, or a person is asked to sign in.
    SignIn,
    /// The parent of a new agent user is not there yet.
    Parent,
    /// The directory has not replicated a change yet.
    Replication,
    /// A license is not active yet.
    License,
    /// The mailbox is not provisioned yet.
    Mailbox,
    /// Teams is not provisioned yet.
    Teams,
    /// OneDrive is not provisioned yet.
    OneDrive,
    /// New tokens do not carry a permission yet.
    Permission,
    /// The quota of writes is used up: Graph would refuse more (docs/graph.md#throttling).
    WriteQuota,
    /// The quota of resource units, which reads use most, is used up.
    UnitQuota,
    /// The quota of reads of reports is used up.
    ReportQuota,
}

impl Waiting {
    /// The event that is waited for, to follow "waited for".
    pub(crate) const fn what(self) -> &'static str {
        match self {
            Self::Throttled => "the time that the server asked for (Retry-After)",
            Self::Retry => "another try after a failed request",
            Self::Answer => "an answer",
            Self::SignIn => "a token",
            Self::Parent => "the parent",
            Self::Replication => "the directory to replicate a change",
            Self::License => "a license to become active",
            Self::Mailbox => "the mailbox",
            Self::Teams => "Teams",
            Self::OneDrive => "OneDrive",
            Self::Permission => "new tokens to carry the permission",
            Self::WriteQuota => "the quota of writes",
            Self::UnitQuota => "the quota of resource units",
            Self::ReportQuota => "the quota of reports",
        }
    }

    /// The setting that says how long it may take, as the configuration spells it; none where the server or a quota does.
    #[must_use]
    pub const fn setting(self) -> Option<&'static str> {
        match self {
            Self::Answer => Some("outageTimeoutMs"),
            Self::Parent => Some("parentTimeoutMs"),
            Self::Replication | Self::Permission => Some("replicationTimeoutMs"),
            Self::License => Some("provisionTimeoutMs"),
            Self::Mailbox | Self::Teams | Self::OneDrive => Some("readinessTimeoutMs"),
            Self::Throttled
            | Self::Retry
            | Self::SignIn
            | Self::WriteQuota
            | Self::UnitQuota
            | Self::ReportQuota => None,
        }
    }
}
