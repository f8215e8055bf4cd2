//! Entra's answers to a leg.

use super::secret::Secret;
use crate::graph::Endpoint;
use crate::http::Response;
use crate::plain::plain;
use crate::problem::{self, Code, Problem};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::fmt;
use std::time::Duration;

/// A token that lives longer is renewed at half of its life, where the answer names no moment, as MSAL does
/// (docs/sign-in.md#renewal).
const LONG: Duration = Duration::from_secs(2 * 60 * 60);

/// How long to wait between two looks whether a person has signed in, where the answer does not say: RFC 8628, section 3.2.
const INTERVAL: Duration = Duration::from_secs(5);

/// The values of `suberror` for a refresh token that no request should carry any more
/// (docs/sign-in.md#people).
const OVER: [&str; 2] = ["bad_token", "token_expired"];

/// A token as the sign-in gave it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Token {
    /// The access token.
    pub secret: Secret,
    /// How long it lives, counted from when the answer came.
    pub expires_in: Option<Duration>,
    /// When a newer one is better, counted from the same moment. Until its end this one does, too.
    pub refresh_in: Option<Duration>,
    /// The refresh token, which gets the next token without asking the person again.
    pub refresh_token: Option<Secret>,
    /// The granted scopes, with blanks between, where the answer names them.
    pub scope: Option<String>,
    /// Its account, for display alone.
    pub account: Option<Account>,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("expires_in", &self.expires_in)
            .field("refresh_in", &self.refresh_in)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// The person or the agent user who signed in, as the id token tells it. It is shown and decides nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Account {
    /// The user principal name.
    pub name: Option<String>,
    /// The object id.
    pub object_id: Option<String>,
    /// The id of the tenant.
    pub tenant_id: Option<String>,
}

/// The codes and the page for a person who signs in by a code.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DeviceCode {
    /// The code that asks for the token. The person does not see it.
    pub device_code: Secret,
    /// The code that the person types.
    pub user_code: String,
    /// The page where the person types it.
    pub verification_uri: String,
    /// Instructions for the person, in Entra's words.
    pub message: Option<String>,
    /// How long the codes are good for.
    pub expires_in: Duration,
    /// How long to wait between two looks whether the person has signed in.
    pub interval: Duration,
}

/// The meaning of an answer to a leg.
#[derive(Debug)]
#[non_exhaustive]
pub enum Reply {
    /// The token.
    Token(Box<Token>),
    /// The codes, of [`super::Leg::DeviceCode`].
    DeviceCode(Box<DeviceCode>),
    /// The person has not signed in yet. `slower`: wait five seconds longer between two looks from now on
    /// (docs/sign-in.md#device-code).
    Pending {
        /// Whether the looks come too often.
        slower: bool,
    },
    /// The assertion that was sent, such as T1, is outside its time range: get it afresh and ask once more.
    Stale(Problem),
    /// Another try may succeed without a change. [`Problem::retry_after`] says how long the server asked to wait.
    Again(Problem),
    /// No other try helps.
    Refused {
        /// The reason. [`Problem::claims`] are those of a challenge.
        problem: Problem,
        /// Whether the refresh token is done with, where one was sent (docs/sign-in.md#people).
        is_over: bool,
    },
}

impl Reply {
    /// The same, whose problem names the request.
    pub(super) fn named(self, client_request_id: String) -> Self {
        match self {
            Self::Again(problem) => Self::Again(problem.with_client_request_id(client_request_id)),
            Self::Stale(problem) => Self::Stale(problem.with_client_request_id(client_request_id)),
            Self::Refused { problem, is_over } => {
                Self::Refused { problem: problem.with_client_request_id(client_request_id), is_over }
            }
            other => other,
        }
    }

    /// The problem of an answer that is the end of it, where no token was expected any more.
    #[must_use]
    pub fn into_problem(self) -> Problem {
        match self {
            Self::Stale(problem) | Self::Again(problem) | Self::Refused { problem, .. } => problem,
            Self::Token(_) | Self::DeviceCode(_) | Self::Pending { .. } => {
                Problem::new(Code::BadAnswer, "The sign-in answered with something that was not asked for.")
            }
        }
    }
}

/// Reads an answer: of the endpoint for device codes or of the token endpoint, after an assertion or without one.
pub(super) fn read(response: &Response, is_device_code: bool, has_assertion: bool) -> Reply {
    if response.status == 200 {
        let read = if is_device_code {
            device_code(response).map(|code| Reply::DeviceCode(Box::new(code)))
        } else {
            token(response).map(|token| Reply::Token(Box::new(token)))
        };
        return read.unwrap_or_else(Reply::Again);
    }
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    match body.get("error").and_then(Value::as_str) {
        Some("authorization_pending") => return Reply::Pending { slower: false },
        Some("slow_down") => return Reply::Pending { slower: true },
        _ => {}
    }
    let problem = problem::sign_in(response);
    match problem.code() {
        Code::SignInAssertionOutOfTime if has_assertion => Reply::Stale(problem),
        Code::SignInAssertionOutOfTime => Reply::Refused { problem, is_over: false },
        _ if problem.is_transient() => Reply::Again(problem),
        _ => {
            let suberror = body.get("suberror").and_then(Value::as_str);
            Reply::Refused { problem, is_over: suberror.is_some_and(|one| OVER.contains(&one)) }
        }
    }
}

/// Reads a token. Numbers may arrive as texts (docs/sign-in.md#every-leg).
fn token(response: &Response) -> Result<Token, Problem> {
    let bad = || Problem::new(Code::BadAnswer, "The sign-in answered with something that is not a token.");
    let body: TokenBody = serde_json::from_slice(&response.body).map_err(|_| bad())?;
    let is_bearer = body.token_type.text().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
    let secret = body.access_token.secret().filter(|_| is_bearer).ok_or_else(bad)?;
    let expires_in = body.expires_in.seconds();
    let half = expires_in.filter(|life| *life > LONG).map(|life| life / 2);
    Ok(Token {
        secret,
        expires_in,
        refresh_in: body.refresh_in.seconds().or(half),
        refresh_token: body.refresh_token.secret(),
        scope: body.scope.text().map(shown),
        account: body.id_token.text().and_then(account),
    })
}

/// Reads the codes of a device code sign-in.
fn device_code(response: &Response) -> Result<DeviceCode, Problem> {
    let bad =
        || Problem::new(Code::BadAnswer, "The sign-in answered with something that is not a device code.");
    let body: DeviceCodeBody = serde_json::from_slice(&response.body).map_err(|_| bad())?;
    let page = body.verification_uri.text().filter(|page| is_page(page)).ok_or_else(bad)?;
    Ok(DeviceCode {
        device_code: body.device_code.secret().ok_or_else(bad)?,
        user_code: body.user_code.text().map(shown).ok_or_else(bad)?,
        verification_uri: shown(page),
        message: body.message.text().map(shown),
        expires_in: body.expires_in.seconds().ok_or_else(bad)?,
        interval: body.interval.seconds().unwrap_or(INTERVAL),
    })
}

/// Whether a person may be sent there: a page over TLS, or a simulator's on this machine.
fn is_page(url: &str) -> bool {
    let authority = url
        .split_once("://")
        .map_or(0, |(scheme, rest)| scheme.len() + 3 + rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    url.get(..authority).is_some_and(|origin| Endpoint::new(origin).is_ok())
}

fn shown(text: &str) -> String {
    plain(text.into()).into_owned()
}

/// The members of an answer with a token. They are read into memory that is overwritten.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct TokenBody {
    token_type: Scalar,
    access_token: Scalar,
    expires_in: Scalar,
    refresh_in: Scalar,
    refresh_token: Scalar,
    scope: Scalar,
    id_token: Scalar,
}

/// The members of an answer with a device code.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct DeviceCodeBody {
    device_code: Scalar,
    user_code: Scalar,
    verification_uri: Scalar,
    message: Scalar,
    expires_in: Scalar,
    interval: Scalar,
}

/// A member of an answer, whatever it is.
#[derive(Default)]
enum Scalar {
    Text(Secret),
    Number(u64),
    #[default]
    Other,
}

impl Scalar {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) if !text.expose().is_empty() => Some(text.expose()),
            _ => None,
        }
    }

    fn secret(self) -> Option<Secret> {
        match self {
            Self::Text(text) if !text.expose().is_empty() => Some(text),
            _ => None,
        }
    }

    fn seconds(&self) -> Option<Duration> {
        let seconds = match self {
            Self::Text(text) => text.expose().trim().parse().ok(),
            Self::Number(number) => Some(*number),
            Self::Other => None,
        };
        seconds.map(Duration::from_secs)
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyScalar)
    }
}

struct AnyScalar;

impl<'de> Visitor<'de> for AnyScalar {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned().into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar, E> {
        Ok(Scalar::Number(number))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Scalar, A::Error> {
        while entries.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Scalar, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }
}

/// The account that an id token names. Its signature does not matter: it came over TLS from where it was
/// asked for, and nothing depends on it.
fn account(id_token: &str) -> Option<Account> {
    let claims = URL_SAFE_NO_PAD.decode(id_token.split('.').nth(1)?.trim_end_matches('=')).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    let text = |name: &str| claims.get(name)?.as_str().filter(|text| !text.is_empty());
    let claim = |name: &str| text(name).map(problem::cleaned);
    let name = claim("preferred_username").or_else(|| claim("upn"));
    Some(Account { name, object_id: claim("oid"), tenant_id: claim("tid") })
}
