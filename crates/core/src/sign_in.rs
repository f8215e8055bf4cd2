//! Sign-in requests and their answers (docs/sign-in.md#every-leg, docs/sign-in.md#application-token).

use crate::http::{Headers, Method, Request, Response};
use crate::problem::{self, Problem};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use std::time::Duration;

/// A token as the sign-in gave it.
pub struct Token {
    /// The access token.
    pub secret: String,
    /// How long it lives, counted from now.
    pub expires_in: Option<Duration>,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// The client credentials grant with a secret: an application's own token.
#[must_use]
pub fn client_credentials(
    login: &str,
    tenant: &str,
    client_id: &str,
    secret: &str,
    scope: &str,
    claims: Option<&str>,
) -> Request {
    let mut fields = vec![
        ("client_id", client_id),
        ("scope", scope),
        ("grant_type", "client_credentials"),
        ("client_secret", secret),
    ];
    fields.extend(claims.map(|claims| ("claims", claims)));
    let pairs =
        fields.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
    let mut headers = Headers::new();
    headers.push("Content-Type", "application/x-www-form-urlencoded");
    Request {
        method: Method::Post,
        url: format!("{login}/{tenant}/oauth2/v2.0/token"),
        headers,
        body: pairs.collect::<Vec<_>>().join("&").into_bytes(),
    }
}

/// Reads the answer of the token endpoint. Numbers may arrive as texts.
///
/// # Errors
/// The sign-in's own error, explained; [`problem::Code::BadAnswer`] for anything else.
pub fn token(response: &Response) -> Result<Token, Problem> {
    if response.status != 200 {
        return Err(problem::sign_in(response));
    }
    let bad =
        || Problem::new(problem::Code::BadAnswer, "The sign-in answered with something that is not a token.");
    let body: Value = serde_json::from_slice(&response.body).map_err(|_| bad())?;
    let bearer = body
        .get("token_type")
        .and_then(Value::as_str)
        .is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
    let secret =
        body.get("access_token").and_then(Value::as_str).filter(|secret| !secret.is_empty() && bearer);
    let expires_in = body.get("expires_in").and_then(|value| match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    });
    let secret = secret.ok_or_else(bad)?.to_owned();
    Ok(Token { secret, expires_in: expires_in.map(Duration::from_secs) })
}
