//! A tenant, and requests to its Entra.

use agentuser_core::http::{Headers, Method, Request, Response};
use agentuser_core::{Now, ObjectId};
use agentuser_simulator::{Directory, Tenant, ids, tenant};
use serde_json::{Value, json};
use std::time::Duration;

pub const LOGIN: &str = "https://login.microsoftonline.com";
pub const GRAPH: &str = "https://graph.microsoft.com";
pub const GRAPH_SCOPE: &str = "https://graph.microsoft.com/.default";
pub const EXCHANGE_SCOPE: &str = "api://AzureADTokenExchange/.default";
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
pub const OBO: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
pub const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The agent user `n` of agent identity `n`, whose blueprint is number 1.
pub const AGENT: u32 = 1;

/// A tenant with a clock.
pub struct Sim {
    pub directory: Directory,
    pub now: Now,
    pub tenant: String,
}

/// Three agent identities of blueprints 1 to 3, each with an agent user, and consent for those of the first.
pub fn tenant() -> Tenant {
    let tenant = Tenant::contoso(3);
    let tenant = tenant
        .agent_user(1, "agent1@contoso.com")
        .agent_user(2, "agent2@contoso.com")
        .agent_user(3, "agent3@contoso.com");
    tenant.consent(ids::identity(AGENT), None, "User.Read User.Read.All")
}

impl Sim {
    pub fn new(tenant: Tenant) -> Self {
        let directory = tenant.build();
        let now = Now { mono: Duration::from_secs(1), unix_ms: 1_780_272_001_000 };
        Self { directory, now, tenant: "contoso.com".to_owned() }
    }

    pub fn pass(&mut self, seconds: u64) {
        self.now = self.now.later(Duration::from_secs(seconds));
    }

    pub fn send(&mut self, method: Method, url: &str, fields: &[(&str, &str)], body: &str) -> Response {
        let headers: Headers = fields.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
        let request = Request { method, url: url.to_owned(), headers, body: body.into() };
        self.directory.handle(self.now, None, &request)
    }

    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> (u16, Value) {
        let url = format!("{LOGIN}/{}/{path}", self.tenant);
        let kind = [("Content-Type", "application/x-www-form-urlencoded")];
        let response = self.send(Method::Post, &url, &kind, &form(fields));
        (response.status, json_of(&response))
    }

    pub fn token(&mut self, fields: &[(&str, &str)]) -> (u16, Value) {
        self.post("oauth2/v2.0/token", fields)
    }

    /// The token of an answer that must be good.
    pub fn good(&mut self, fields: &[(&str, &str)]) -> String {
        let (status, answer) = self.token(fields);
        assert_eq!(status, 200, "{answer}");
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// The number of an answer that must be a refusal.
    pub fn number(&mut self, fields: &[(&str, &str)]) -> u64 {
        let (status, answer) = self.token(fields);
        assert_ne!(status, 200, "{answer}");
        number_of(&answer)
    }

    /// T1 of agent identity `n` of blueprint `blueprint`.
    pub fn exchange(&mut self, blueprint: u32, n: u32) -> String {
        let fields = exchange(blueprint, n);
        self.good(&pairs(&fields))
    }

    /// T2 of agent identity `n`.
    pub fn identity(&mut self, t1: &str, n: u32) -> String {
        let id = ids::identity(n).to_string();
        let mut fields = by(&id, t1, "client_credentials");
        fields.push(("scope", EXCHANGE_SCOPE));
        self.good(&fields)
    }

    /// The form for the token of agent user `n`.
    pub fn user_form(&mut self, n: u32) -> Vec<(String, String)> {
        let t1 = self.exchange(1, n);
        let t2 = self.identity(&t1, n);
        let fields = [
            ("client_id", ids::identity(n).to_string()),
            ("client_assertion_type", ASSERTION_TYPE.to_owned()),
            ("client_assertion", t1),
            ("grant_type", "user_fic".to_owned()),
            ("user_federated_identity_credential", t2),
            ("user_id", ids::agent_user(n).to_string()),
            ("scope", format!("{GRAPH_SCOPE} openid profile offline_access")),
            ("client_info", "1".to_owned()),
        ];
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// A GET of Graph with this token.
    pub fn get(&mut self, token: &str, path: &str) -> (u16, Value) {
        let request = Request {
            method: Method::Get,
            url: format!("{GRAPH}/v1.0{path}"),
            headers: Headers::new(),
            body: Vec::new(),
        };
        let response = self.directory.handle(self.now, Some(&format!("Bearer {token}")), &request);
        (response.status, json_of(&response))
    }
}

/// The form of T1, by secret.
pub fn exchange(blueprint: u32, n: u32) -> Vec<(String, String)> {
    let fields = [
        ("client_id", ids::blueprint_app(blueprint).to_string()),
        ("client_secret", tenant::DEMO_SECRET.to_owned()),
        ("grant_type", "client_credentials".to_owned()),
        ("scope", EXCHANGE_SCOPE.to_owned()),
        ("fmi_path", ids::identity(n).to_string()),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A client with an assertion.
pub fn by<'a>(id: &'a str, assertion: &'a str, grant: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("client_id", id),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", assertion),
        ("grant_type", grant),
    ]
}

pub fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// The same fields with these in place of others; an empty one is left out.
pub fn with<'a>(fields: &'a [(String, String)], changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = pairs(fields);
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        if !value.is_empty() {
            fields.push((name, value));
        }
    }
    fields
}

pub fn form(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    fields.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect::<Vec<_>>().join("&")
}

pub fn json_of(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap_or_else(|_| json!(String::from_utf8_lossy(&response.body)))
}

pub fn number_of(answer: &Value) -> u64 {
    answer["error_codes"][0].as_u64().unwrap_or(0)
}

/// The claims of a token.
pub fn claims(token: &str) -> Value {
    use base64::Engine as _;
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 3, "{token}");
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(parts[1]).unwrap();
    serde_json::from_slice(&payload).unwrap()
}

pub fn text(id: ObjectId) -> String {
    id.to_string()
}
