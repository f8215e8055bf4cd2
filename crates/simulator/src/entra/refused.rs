//! Refusals, in Entra's shape (docs/sign-in.md#error-codes).
//!
//! The numbers are those of docs/sign-in.md#error-codes; the texts after them are this simulator's own,
//! because Microsoft's change. A request that Entra knows and the simulator does not has no number: its error
//! is `NotSimulated`. The status is 400, because sign-in libraries take a 5xx for an outage, try again, and
//! hide its text.

use super::call::Place;
use crate::clock;
use crate::hash::Hash;
use agentuser_core::ObjectId;
use agentuser_core::http::{Headers, Response};
use serde_json::{Map, Value};

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    status: u16,
    error: &'static str,
    /// The `AADSTS` number, where one is known.
    number: Option<u32>,
    text: String,
    suberror: Option<&'static str>,
    /// The claims that a later request must carry, as JSON.
    claims: Option<String>,
}

impl Refused {
    pub(super) fn new(error: &'static str, number: u32, text: impl Into<String>) -> Self {
        Self { number: Some(number), ..Self::own(error, text) }
    }

    /// In this simulator's own words alone.
    pub(super) fn own(error: &'static str, text: impl Into<String>) -> Self {
        // Only a client that did not prove who it is gets a 401.
        let status = if error == "invalid_client" { 401 } else { 400 };
        Self { status, error, number: None, text: text.into(), suberror: None, claims: None }
    }

    pub(super) const fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub(super) const fn suberror(mut self, suberror: &'static str) -> Self {
        self.suberror = Some(suberror);
        self
    }

    pub(super) fn claims(mut self, claims: String) -> Self {
        self.claims = Some(claims);
        self
    }

    /// The refusal of a request that Entra knows and the simulator does not.
    pub(super) fn not_simulated(what: &str) -> Self {
        Self::own("NotSimulated", format!("The simulator does not know {what}. Entra does."))
    }

    pub(super) fn tenant(error: &'static str, tenant: &str) -> Self {
        let text = format!("Tenant '{tenant}' not found. Check that it is the right tenant id or domain.");
        Self::new(error, 90_002, text)
    }

    /// A field that the form must have (<https://learn.microsoft.com/entra/identity-platform/reference-error-codes>).
    pub(super) fn required(name: &str) -> Self {
        let text = format!("The request body must contain the following parameter: '{name}'.");
        Self::new("invalid_request", 900_144, text)
    }

    pub(super) fn client(number: u32, text: impl Into<String>) -> Self {
        Self::new("invalid_client", number, text)
    }

    pub(super) fn grant(number: u32, text: impl Into<String>) -> Self {
        Self::new("invalid_grant", number, text)
    }

    /// The value of `error`.
    pub(super) const fn error(&self) -> &'static str {
        self.error
    }

    /// The value of `error_description`.
    pub(super) fn description(&self) -> String {
        match self.number {
            Some(number) => format!("AADSTS{number}: {}", self.text),
            None => self.text.clone(),
        }
    }

    /// The answer. `given` is the id that the client gave its request.
    pub(super) fn response(&self, place: &Place<'_>) -> Response {
        let id = |name: &str| Hash::new(place.number).text(name).guid();
        let correlation: ObjectId =
            place.client_request_id().and_then(|id| id.parse().ok()).unwrap_or_else(|| id("correlation"));
        let mut body = Map::new();
        body.insert("error".into(), self.error.into());
        body.insert("error_description".into(), self.description().into());
        body.insert("error_codes".into(), self.number.into_iter().collect());
        body.insert("timestamp".into(), clock::iso(place.unix_ms).replace('T', " ").into());
        body.insert("trace_id".into(), id("trace").to_string().into());
        body.insert("correlation_id".into(), correlation.to_string().into());
        if let Some(number) = self.number {
            let uri = format!("{}/error?code={number}", place.base);
            body.insert("error_uri".into(), uri.into());
        }
        if let Some(suberror) = self.suberror {
            body.insert("suberror".into(), suberror.into());
        }
        if let Some(claims) = &self.claims {
            body.insert("claims".into(), claims.as_str().into());
        }
        as_json(self.status, &body.into())
    }
}

/// An answer with a body of JSON that nobody may keep.
pub(super) fn as_json(status: u16, body: &Value) -> Response {
    let mut headers = Headers::new();
    headers.push("Content-Type", "application/json; charset=utf-8");
    headers.push("Cache-Control", "no-store, no-cache");
    Response { status, headers, body: body.to_string().into_bytes() }
}

/// A page.
pub(super) fn as_page(status: u16, html: &str) -> Response {
    let mut headers = Headers::new();
    headers.push("Content-Type", "text/html; charset=utf-8");
    headers.push("Cache-Control", "no-store, no-cache");
    Response { status, headers, body: html.as_bytes().to_vec() }
}
