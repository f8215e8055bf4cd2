//! The outcome of a request, and when it arrives.

use agentuser_core::http::Response;
use agentuser_core::operation::{Answer, Loss, Sent, TokenTag};
use std::time::Duration;

/// The outcome of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// An answer, good or not.
    Response(Response),
    /// The connection broke.
    Lost {
        /// Whether the server may have got it.
        sent: Sent,
    },
    /// Nothing, ever: the client's own timeout has to act.
    Never,
}

impl Delivered {
    /// The answer for a host that attached this token; none when nothing ever arrives.
    #[must_use]
    pub fn into_answer(self, token: TokenTag) -> Option<Answer> {
        match self {
            Self::Response(response) => Some(Answer::Response { response, token }),
            Self::Lost { sent: Sent::No } => {
                Some(Answer::Lost { sent: Sent::No, why: Loss::Unreachable("connection refused".to_owned()) })
            }
            Self::Lost { sent: Sent::Maybe } => {
                Some(Answer::Lost { sent: Sent::Maybe, why: Loss::Broken("connection reset".to_owned()) })
            }
            Self::Never => None,
        }
    }
}

/// The outcome of a request, and when it arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// How long after the request. Without meaning when nothing comes.
    pub after: Duration,
    /// The outcome.
    pub outcome: Delivered,
}
