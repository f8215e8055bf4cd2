//! A client for tests: a directory, a clock that only tests move, a token.

use agentuser_core::http::{Headers, Method, Request, Response};
use agentuser_core::{Now, ObjectId};
use agentuser_simulator::{Directory, Switches, Tenant, ids, tenant};
use serde_json::{Value, json};
use std::time::Duration;

pub const ROOT: &str = "https://graph.microsoft.com";
pub const AGENTS: &str = "/users/microsoft.graph.agentUser";

pub fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

pub fn start() -> Now {
    Now { mono: Duration::from_secs(1), unix_ms: 1_795_342_625_000 }
}

pub fn request(method: Method, path: &str, body: Option<&Value>) -> Request {
    let mut headers = Headers::new();
    if body.is_some() {
        headers.push("Content-Type", "application/json");
    }
    let url = if path.starts_with("http") { path.to_owned() } else { format!("{ROOT}/v1.0{path}") };
    let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
    Request { method, url, headers, body }
}

pub fn json_of(response: &Response) -> Value {
    if response.body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(&response.body).unwrap()
}

pub struct Client {
    pub directory: Directory,
    pub now: Now,
    pub token: &'static str,
}

impl Client {
    pub fn of(tenant: Tenant) -> Self {
        Self { directory: tenant.build(), now: start(), token: tenant::ADMIN }
    }

    pub fn contoso() -> Self {
        Self::of(Tenant::contoso(10))
    }

    pub fn with(switches: Switches) -> Self {
        Self::of(Tenant::contoso(10).switches(switches))
    }

    pub fn using(mut self, token: &'static str) -> Self {
        self.token = token;
        self
    }

    pub fn later(&mut self, by: Duration) {
        self.now = self.now.later(by);
    }

    pub fn send(&mut self, request: &Request) -> Response {
        self.directory.handle(self.now, Some(self.token), request)
    }

    pub fn call(&mut self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let response = self.send(&request(method, path, body));
        (response.status, json_of(&response))
    }

    pub fn get(&mut self, path: &str) -> (u16, Value) {
        self.call(Method::Get, path, None)
    }

    pub fn post(&mut self, path: &str, body: &Value) -> (u16, Value) {
        self.call(Method::Post, path, Some(body))
    }

    pub fn act(&mut self, path: &str) -> (u16, Value) {
        self.call(Method::Post, path, None)
    }

    pub fn patch(&mut self, path: &str, body: &Value) -> (u16, Value) {
        self.call(Method::Patch, path, Some(body))
    }

    pub fn put(&mut self, path: &str, body: &Value) -> (u16, Value) {
        self.call(Method::Put, path, Some(body))
    }

    pub fn delete(&mut self, path: &str) -> (u16, Value) {
        self.call(Method::Delete, path, None)
    }

    pub fn get_eventual(&mut self, path: &str) -> (u16, Value) {
        let mut request = request(Method::Get, path, None);
        request.headers.push("ConsistencyLevel", "eventual");
        let response = self.send(&request);
        (response.status, json_of(&response))
    }

    /// Creates the agent user of identity `n`.
    pub fn create(&mut self, n: u32) -> ObjectId {
        let (status, user) = self.post(AGENTS, &new_user(n));
        assert_eq!(status, 201, "{user}");
        user["id"].as_str().unwrap().parse().unwrap()
    }

    /// All pages of a list.
    pub fn all(&mut self, path: &str) -> Vec<Value> {
        let mut found = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let (status, page) = self.get(&path);
            assert_eq!(status, 200, "{page}");
            found.extend(page["value"].as_array().unwrap().iter().cloned());
            next = page["@odata.nextLink"].as_str().map(str::to_owned);
        }
        found
    }
}

/// The body of a good create for identity `n`.
pub fn new_user(n: u32) -> Value {
    json!({
        "@odata.type": "#microsoft.graph.agentUser",
        "accountEnabled": true,
        "displayName": format!("Sales Agent {n}"),
        "mailNickname": format!("sales{n}"),
        "userPrincipalName": format!("sales{n}@contoso.com"),
        "identityParentId": ids::identity(n).to_string(),
        "usageLocation": "US",
    })
}

pub fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

pub fn without(mut body: Value, name: &str) -> Value {
    body.as_object_mut().unwrap().remove(name);
    body
}

pub fn reference(kind: &str, id: ObjectId) -> Value {
    json!({"@odata.id": format!("{ROOT}/v1.0/{kind}/{id}")})
}

#[track_caller]
pub fn refused(answer: &(u16, Value), status: u16, code: &str) {
    assert_eq!(answer.0, status, "{}", answer.1);
    assert_eq!(answer.1["error"]["code"], code, "{}", answer.1);
    assert!(answer.1["error"]["message"].is_string());
}

#[track_caller]
pub fn bad_request(answer: &(u16, Value)) {
    refused(answer, 400, "Request_BadRequest");
}

#[track_caller]
pub fn not_found(answer: &(u16, Value)) {
    refused(answer, 404, "Request_ResourceNotFound");
}
