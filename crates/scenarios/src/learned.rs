//! The meaning of an answer for its request, read without the library.

use crate::parts::{self, Came};
use agentuser_core::ObjectId;
use agentuser_core::http::{Headers, Response};
use agentuser_core::operation::{Answer, Sent};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::IgnoredAny;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// A request that is under way, alone or with others as one batch.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) batch: bool,
    pub(crate) parts: Vec<OpenPart>,
}

#[derive(Debug)]
pub(crate) struct OpenPart {
    /// Its name in the batch.
    pub(crate) id: String,
    /// Its number among the requests that have left.
    pub(crate) number: u32,
    pub(crate) write: bool,
    /// The parent of the agent user that it creates.
    pub(crate) creates: Option<ObjectId>,
    /// The parent whose agent user it looks for.
    pub(crate) looks_for: Option<ObjectId>,
    /// The page of an endless list that it asks for.
    pub(crate) page: Option<String>,
}

impl Open {
    /// The meaning of an answer for each part.
    pub(crate) fn learn(&self, answer: &Answer) -> Vec<Learned> {
        match answer {
            Answer::Response { response, .. } if self.batch && response.status < 300 => {
                let came = parts::came(response, self.parts.iter().map(|part| part.id.as_str()));
                came.iter().map(Learned::of_part).collect()
            }
            // The batch as such was refused, so that none of its parts was run.
            Answer::Response { response, .. }
                if self.batch
                    && matches!(response.status, 400 | 404 | 405 | 413 | 415 | 501)
                    && is_graphs(response) =>
            {
                vec![Learned::default(); self.parts.len()]
            }
            _ => vec![Learned::of(answer); self.parts.len()],
        }
    }
}

/// The meaning of an answer, read without the library.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Learned {
    /// The status of the request's answer; `None` where only its batch was answered, or nothing.
    pub(crate) status: Option<u16>,
    /// A success whose body is JSON.
    pub(crate) good: bool,
    /// It can't be known whether the request took place.
    pub(crate) unknown: bool,
    pub(crate) throttled: bool,
    /// A server error in Graph's own words that says when to come back.
    pub(crate) busy: bool,
    /// Whether the server's quotas had room for it; none where that is not known.
    pub(crate) taken: Option<bool>,
    /// How long the server asked to wait.
    pub(crate) wait: Duration,
}

impl Learned {
    fn of(answer: &Answer) -> Self {
        match answer {
            Answer::Response { response, .. } => Self::of_response(response),
            Answer::Lost { sent: Sent::Maybe, .. } => Self { unknown: true, ..Self::default() },
            _ => Self::default(),
        }
    }

    fn of_part(came: &Came) -> Self {
        match came {
            Came::Response(response) => Self::of_response(response),
            Came::NotRun => Self::default(),
            Came::Unknown => Self { unknown: true, ..Self::default() },
        }
    }

    fn of_response(response: &Response) -> Self {
        let text = std::str::from_utf8(&response.body).unwrap_or_default();
        // The names are enough, and their values are much of the work.
        let names: BTreeMap<String, IgnoredAny> = serde_json::from_str(text).unwrap_or_default();
        let asks = response.headers.get("Retry-After").is_some();
        let busy = matches!(response.status, 408 | 500..600) && asks && is_graphs(response);
        Self {
            status: Some(response.status),
            good: response.status < 300 && names.contains_key("value"),
            unknown: match response.status {
                200..300 => !names.contains_key("id"),
                // A gateway or service that says so has not let it through.
                401 | 429 => false,
                // A refusal that is not Graph's says nothing of what Graph did.
                400..500 => !names.contains_key("error"),
                _ => true,
            },
            throttled: response.status == 429,
            busy,
            taken: match response.status {
                429 => Some(false),
                408 | 500..600 => busy.then_some(false),
                401 => None,
                _ => Some(true),
            },
            wait: asked_wait(response),
        }
    }
}

pub(crate) fn is_graphs(response: &Response) -> bool {
    let json = serde_json::from_slice::<Value>(&response.body);
    json.is_ok_and(|body| body.get("error").is_some_and(Value::is_object))
}

/// The claims that the refusal of a token asks for.
pub(crate) fn challenge(response: &Response) -> Option<String> {
    let header = response.headers.get("WWW-Authenticate")?;
    let (_, claims) = header.split_once("claims=\"")?;
    String::from_utf8(STANDARD.decode(claims.split('"').next()?).ok()?).ok()
}

/// The `Retry-After` of an answer: seconds, or a date against the answer's own.
fn asked_wait(response: &Response) -> Duration {
    let header = |headers: &Headers, name: &str| headers.get(name).map(str::to_owned);
    let Some(asked) = header(&response.headers, "Retry-After") else { return Duration::ZERO };
    if let Ok(seconds) = asked.parse::<f64>() {
        // Text that is negative or too large for a time.
        let longest = if seconds > 0.0 { Duration::MAX } else { Duration::ZERO };
        return Duration::try_from_secs_f64(seconds).unwrap_or(longest);
    }
    let date = |text: String| httpdate::parse_http_date(&text).ok();
    let (at, sent) = (date(asked), header(&response.headers, "Date").and_then(date));
    at.zip(sent).and_then(|(at, sent)| at.duration_since(sent).ok()).unwrap_or_default()
}
