//! A request together with how its answer is read.

use crate::call::Call;
use crate::http::{Headers, Method, Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;

/// A Graph call, ready to send, that answers with a `T`.
pub struct Ask<T> {
    call: Call,
    request: Request,
    parse: fn(&Response) -> Option<T>,
}

impl<T> Ask<T> {
    /// Which call it is.
    #[must_use]
    pub fn call(&self) -> Call {
        self.call
    }

    /// The request.
    #[must_use]
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// Reads the answer; `None` when it is not what Graph documents.
    #[must_use]
    pub fn parse(&self, response: &Response) -> Option<T> {
        (self.parse)(response)
    }

    pub(super) fn new(call: Call, method: Method, url: String, parse: fn(&Response) -> Option<T>) -> Self {
        Self { call, request: Request { method, url, headers: Headers::new(), body: Vec::new() }, parse }
    }

    pub(super) fn with_body(mut self, body: &impl Serialize) -> Self {
        // Serializing to memory fails only for maps whose keys are not strings, of which there are none.
        self.request.body = serde_json::to_vec(body).unwrap_or_default();
        self.request.headers.push("Content-Type", "application/json");
        self
    }
}

impl<T: DeserializeOwned> Ask<T> {
    /// A read whose answer is JSON.
    pub(super) fn get(call: Call, url: String) -> Self {
        Self::new(call, Method::Get, url, json)
    }
}

/// The body as JSON.
pub(super) fn json<T: DeserializeOwned>(response: &Response) -> Option<T> {
    // Checking the encoding of the whole at once is far cheaper than that of every text in a long list.
    serde_json::from_str(std::str::from_utf8(&response.body).ok()?).ok()
}

/// Success whose body is not needed: 204, or an object. Anything else is a page of another server, and not a success.
pub(super) fn nothing(response: &Response) -> Option<()> {
    let object =
        || serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&response.body).is_ok();
    (response.status == 204 || object()).then_some(())
}

impl<T> fmt::Debug for Ask<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.call, self.request)
    }
}
