//! Entra's token endpoint, as far as an application's own token goes (docs/sign-in.md#every-leg, docs/sign-in.md#application-token, docs/sign-in.md#error-codes).
//!
//! The numbers are those of docs/sign-in.md#error-codes; the texts after them are this simulator's own, because Microsoft's change.

use super::graph::{as_json, whole};
use super::{AppClient, Shared};
use crate::clock;
use crate::hash::Hash;
use agentuser_core::Now;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, ORIGIN};
use axum::http::{HeaderMap, Request, Response, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The resource whose tokens are asked for by programs that don't know that they speak to a simulator.
const GRAPH: &str = "https://graph.microsoft.com";

/// Why there is no token.
struct Refused {
    status: StatusCode,
    error: &'static str,
    /// The `AADSTS` number, where one is known.
    number: Option<u32>,
    text: String,
}

impl Refused {
    fn new(error: &'static str, number: u32, text: impl Into<String>) -> Self {
        // Only a client that did not prove who it is gets a 401.
        let status =
            if error == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
        Self { status, error, number: Some(number), text: text.into() }
    }

    /// In this simulator's own words alone.
    fn own(status: StatusCode, error: &'static str, text: impl Into<String>) -> Self {
        Self { status, error, number: None, text: text.into() }
    }

    fn response(self, now: Now, serial: u64) -> Response<Body> {
        let description = match self.number {
            Some(number) => format!("AADSTS{number}: {}", self.text),
            None => self.text,
        };
        let id = |name: &str| Hash::new(serial).text(name).guid().to_string();
        let body = json!({
            "error": self.error,
            "error_description": description,
            "error_codes": self.number.into_iter().collect::<Vec<_>>(),
            "timestamp": clock::iso(now.unix_ms).replace('T', " "),
            "trace_id": id("trace"),
            "correlation_id": id("correlation"),
        });
        as_json(self.status, &body)
    }
}

/// `POST /{tenant}/oauth2/v2.0/token`.
pub(super) async fn token(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response<Body> {
    let (head, body) = request.into_parts();
    let tenant = head.uri.path().split('/').nth(1).unwrap_or_default();
    let result = match whole(body, shared.options.body_limit).await {
        Ok(body) => issue(&shared, tenant, &head.headers, &body),
        Err((status, text)) => Err(Refused::own(status, "invalid_request", text)),
    };
    let serial = shared.clock.real_ms();
    result.unwrap_or_else(|refused| refused.response(shared.now(), serial))
}

pub(super) async fn wrong_method(State(shared): State<Arc<Shared>>) -> Response<Body> {
    let text = "The token endpoint takes POST only.";
    Refused::own(StatusCode::METHOD_NOT_ALLOWED, "invalid_request", text)
        .response(shared.now(), shared.clock.real_ms())
}

fn issue(shared: &Shared, tenant: &str, headers: &HeaderMap, body: &[u8]) -> Result<Response<Body>, Refused> {
    let form = form(headers, body)?;
    let field = |name: &str| form.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let required = |name: &str| {
        let text = || format!("The form must have the field '{name}'.");
        field(name).ok_or_else(|| Refused::own(StatusCode::BAD_REQUEST, "invalid_request", text()))
    };
    if !knows_tenant(shared, tenant) {
        let text = format!("Tenant '{tenant}' not found. Check that it is the right tenant id or domain.");
        return Err(Refused::new("invalid_request", 90_002, text));
    }
    let grant = required("grant_type")?;
    if grant != "client_credentials" {
        let text = format!("The simulator does not know the grant '{grant}'. Entra may.");
        return Err(Refused::own(StatusCode::BAD_REQUEST, "unsupported_grant_type", text));
    }
    if headers.contains_key(ORIGIN) {
        let text = "Cross-origin requests are for clients of the type 'Single-Page Application' only.";
        return Err(Refused::new("invalid_request", 9_002_326, text));
    }
    let client = authenticate(shared, required("client_id")?, field("client_secret"))?;
    check_scope(shared, required("scope")?)?;
    Ok(grant_token(shared, client))
}

/// The fields of the form. A field that comes twice has its last value.
fn form(headers: &HeaderMap, body: &[u8]) -> Result<BTreeMap<String, String>, Refused> {
    let refuse = |text: &str| Refused::own(StatusCode::BAD_REQUEST, "invalid_request", text);
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(refuse("The body must be of the type application/x-www-form-urlencoded."));
    }
    let body = std::str::from_utf8(body).map_err(|_| refuse("The body is not a form."))?;
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8().map(std::borrow::Cow::into_owned)
    };
    body.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?))
        })
        .collect::<Result<_, std::str::Utf8Error>>()
        .map_err(|_| refuse("The body is not a form."))
}

fn knows_tenant(shared: &Shared, tenant: &str) -> bool {
    let network = shared.network();
    let directory = network.directory();
    let verified = |domain: &crate::Domain| domain.verified && domain.name.eq_ignore_ascii_case(tenant);
    tenant.eq_ignore_ascii_case(&directory.tenant_id().to_string()) || directory.domains.iter().any(verified)
}

fn authenticate<'a>(shared: &'a Shared, id: &str, secret: Option<&str>) -> Result<&'a AppClient, Refused> {
    let known = shared.options.clients.iter().find(|client| client.id.to_string().eq_ignore_ascii_case(id));
    let client = known.ok_or_else(|| {
        let text = format!("Application with identifier '{id}' was not found in the directory.");
        Refused::new("unauthorized_client", 700_016, text)
    })?;
    match secret {
        None => {
            let text =
                "The form must have 'client_assertion' or 'client_secret'. The simulator knows the latter.";
            Err(Refused::new("invalid_client", 7_000_216, text))
        }
        Some(secret) if secret != client.secret => {
            let text = format!("Invalid client secret provided for the application '{id}'.");
            Err(Refused::new("invalid_client", 7_000_215, text))
        }
        Some(_) => Ok(client),
    }
}

fn check_scope(shared: &Shared, scope: &str) -> Result<(), Refused> {
    let invalid = |number, text| Err(Refused::new("invalid_scope", number, text));
    if scope.contains(char::is_whitespace) {
        return invalid(70_011, "This grant takes one scope.".to_owned());
    }
    let Some(resource) = scope.strip_suffix("/.default") else {
        return invalid(1_002_012, format!("The scope '{scope}' does not end in /.default."));
    };
    if resource != shared.root && resource != GRAPH {
        let text = format!("The resource '{resource}' was not found. The simulator knows only Graph.");
        return Err(Refused::new("invalid_resource", 500_011, text));
    }
    Ok(())
}

fn grant_token(shared: &Shared, client: &AppClient) -> Response<Body> {
    let mut issued = shared.issued();
    let mut network = shared.network();
    let serial = u64::try_from(issued.len()).unwrap_or(u64::MAX);
    let id = Hash::new(shared.clock.real_ms()).text("token").word(serial).id(client.id).guid();
    let secret = format!("simulated.{id}");
    let ends = shared.now().mono.saturating_add(shared.clock.scaled(client.expires_in));
    network.directory_mut().add_token(&secret, client.token.clone().expires_at(ends));
    let seconds = client.expires_in.as_secs();
    let body = json!({
        "token_type": "Bearer",
        "expires_in": seconds,
        "ext_expires_in": seconds,
        "access_token": secret,
    });
    issued.push(secret);
    as_json(StatusCode::OK, &body)
}
