//! Scripted faults as JSON.

use crate::{Fault, Planned, RetryAfter, ScriptedAnswer, ScriptedBody};
use agentuser_core::http::Method;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use std::num::NonZeroU32;
use std::time::Duration;

/// The faults of the network.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct FaultOptions {
    /// The number of 1,000 requests that go wrong, as the seed draws it.
    pub per_mille: u16,
    /// Draw only what is over within seconds: lost answers, and throttling with a short wait.
    pub brisk: bool,
    /// Let requests to the sign-in go wrong, too. Scripted faults happen to them in any case.
    pub sign_ins: bool,
    /// Faults at exact places.
    pub script: Vec<Planned>,
}

/// A fault and its place.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Scripted {
    method: MethodName,
    path: String,
    nth: Option<NonZeroU32>,
    fault: FaultName,
    delay_ms: Option<u32>,
    executed: Option<bool>,
    status: Option<u16>,
    retry_after_seconds: Option<u32>,
    retry_after_date_seconds: Option<u32>,
    times: Option<NonZeroU32>,
    code: Option<String>,
    message: Option<String>,
    body: Option<Value>,
    members: Option<Map<String, Value>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum MethodName {
    Get,
    Post,
    Patch,
    Put,
    Delete,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum FaultName {
    LostAnswer,
    Reset,
    Refused,
    Delay,
    LateArrival,
    Never,
    Throttled,
    ServerError,
    TruncatedBody,
    WrongContentType,
    EmptyBody,
    ForeignRefusal,
    ForeignNextLink,
    CircularNextLink,
    EndlessPages,
    CircularPages,
    ExpiredPageToken,
    GarbageJson,
    AnotherObject,
    ErrorInSuccess,
    StrangeStatus,
    Answer,
    Changed,
}

impl<'de> Deserialize<'de> for Planned {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Scripted::deserialize(deserializer)?.planned().map_err(D::Error::custom)
    }
}

impl Scripted {
    fn planned(mut self) -> Result<Planned, String> {
        let answer = self.answer()?;
        let fault = if answer.is_none() { Some(self.fault()?) } else { None };
        // Only members that the fault has no use for are left.
        let useless = [
            ("delayMs", self.delay_ms.is_some()),
            ("executed", self.executed.is_some()),
            ("status", self.status.is_some()),
            ("retryAfterSeconds", self.retry_after_seconds.is_some()),
            ("retryAfterDateSeconds", self.retry_after_date_seconds.is_some()),
            ("code", self.code.is_some()),
            ("message", self.message.is_some()),
            ("body", self.body.is_some()),
            ("members", self.members.is_some()),
        ];
        if let Some((name, _)) = useless.iter().find(|(_, there)| *there) {
            return Err(format!("the fault has no use for {name}"));
        }
        let method = match self.method {
            MethodName::Get => Method::Get,
            MethodName::Post => Method::Post,
            MethodName::Patch => Method::Patch,
            MethodName::Put => Method::Put,
            MethodName::Delete => Method::Delete,
        };
        let nth = self.nth.map_or(1, NonZeroU32::get);
        let planned = match (answer, fault) {
            (Some(answer), _) => Planned::answer(method, &self.path, nth, answer),
            (None, Some(fault)) => Planned::new(method, &self.path, nth, fault),
            (None, None) => return Err("there is no such fault".to_owned()),
        };
        Ok(planned.times(self.times.map_or(1, NonZeroU32::get)))
    }

    /// An answer in place of the directory's, where the script gives one.
    fn answer(&mut self) -> Result<Option<ScriptedAnswer>, String> {
        let changed = match self.fault {
            FaultName::Answer => false,
            FaultName::Changed => true,
            _ => return Ok(None),
        };
        let status = self.status.take();
        if status.is_some_and(|status| !(200..=999).contains(&status)) {
            return Err("the status is not between 200 and 999".to_owned());
        }
        if changed {
            let body = ScriptedBody::Changed(self.members.take().unwrap_or_default());
            return Ok(Some(ScriptedAnswer { status, body, executed: true }));
        }
        let body = match (self.code.take(), self.message.take(), self.body.take()) {
            (Some(code), Some(message), None) => ScriptedBody::Error { code, message },
            (None, None, Some(body)) => ScriptedBody::Json(body),
            _ => return Err("the answer needs either code and message, or body".to_owned()),
        };
        let status = Some(status.ok_or("the answer needs status")?);
        Ok(Some(ScriptedAnswer { status, body, executed: self.executed() }))
    }

    fn fault(&mut self) -> Result<Fault, String> {
        Ok(match self.fault {
            FaultName::LostAnswer => Fault::LostAnswer,
            FaultName::Reset => Fault::Reset,
            FaultName::Refused => Fault::Refused,
            FaultName::Delay => Fault::Delay(self.delay()?),
            FaultName::LateArrival => Fault::LateArrival(self.delay()?),
            FaultName::Never => Fault::Never { executed: self.executed() },
            FaultName::Throttled => Fault::Throttled(self.retry_after()?),
            FaultName::ServerError => {
                let status = self.status.take().unwrap_or(503);
                if ![500, 502, 503, 504].contains(&status) {
                    return Err(format!("status {status} is not 500, 502, 503 or 504"));
                }
                Fault::ServerError { status, executed: self.executed(), retry_after: self.retry_after()? }
            }
            FaultName::TruncatedBody => Fault::TruncatedBody,
            FaultName::WrongContentType => Fault::WrongContentType { executed: self.executed() },
            FaultName::EmptyBody => Fault::EmptyBody,
            FaultName::ForeignRefusal => {
                let status = self.status.take().unwrap_or(403);
                if !(400..=999).contains(&status) {
                    return Err(format!("status {status} is not one from 400 to 999"));
                }
                Fault::ForeignRefusal { status, executed: self.executed() }
            }
            FaultName::ForeignNextLink => Fault::ForeignNextLink,
            FaultName::CircularNextLink => Fault::CircularNextLink,
            FaultName::EndlessPages => Fault::EndlessPages { circle: false },
            FaultName::CircularPages => Fault::EndlessPages { circle: true },
            FaultName::ExpiredPageToken => Fault::ExpiredPageToken,
            FaultName::GarbageJson => Fault::GarbageJson,
            FaultName::AnotherObject => Fault::AnotherObject,
            FaultName::ErrorInSuccess => Fault::ErrorInSuccess { executed: self.executed() },
            FaultName::StrangeStatus => Fault::StrangeStatus,
            FaultName::Answer | FaultName::Changed => return Err("it is an answer".to_owned()),
        })
    }

    fn delay(&mut self) -> Result<Duration, String> {
        let delay = self.delay_ms.take().ok_or("the fault needs delayMs")?;
        Ok(Duration::from_millis(delay.into()))
    }

    fn executed(&mut self) -> bool {
        self.executed.take().unwrap_or(false)
    }

    fn retry_after(&mut self) -> Result<RetryAfter, String> {
        match (self.retry_after_seconds.take(), self.retry_after_date_seconds.take()) {
            (None, None) => Ok(RetryAfter::Absent),
            (Some(seconds), None) => Ok(RetryAfter::Seconds(seconds)),
            (None, Some(seconds)) => Ok(RetryAfter::Date(seconds)),
            (Some(_), Some(_)) => {
                Err("retryAfterSeconds and retryAfterDateSeconds exclude each other".to_owned())
            }
        }
    }
}
