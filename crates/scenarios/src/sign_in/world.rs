//! Entra and the way to it: a simulated tenant, and what comes of each request.

use super::plan::{Act, Fate, SignInScenario};
use super::request::decoded;
use crate::draw::Draw;
use agentuser_core::Now;
use agentuser_core::http::{Headers, Method, Request, Response};
use agentuser_simulator::entra::{Application, Effect, Policy, Redirect, Workload};
use agentuser_simulator::{Directory, Switches, Tenant, ids, tenant};
use serde_json::Value;
use std::time::Duration;

/// The permissions that agents are given, which are the scopes that are asked for.
pub(crate) const SCOPES: [&str; 2] =
    ["https://graph.microsoft.com/.default", "https://graph.microsoft.com/User.Read"];

pub(crate) struct World {
    pub(crate) directory: Directory,
    /// The secret that Entra takes, and the one that the host has.
    rotations: u32,
    pub(crate) known_rotations: u32,
    pub(crate) calm: bool,
}

/// A secret, by how often it was rotated.
pub(crate) fn secret(rotations: u32) -> String {
    format!("SECRET-of-the-blueprint-{rotations}")
}

pub(crate) fn upn(agent: u32) -> String {
    format!("agent{agent}@contoso.com")
}

impl World {
    pub(crate) fn new(scenario: &SignInScenario) -> Self {
        let switches = Switches { clock_ahead_ms: scenario.ahead_ms, ..Switches::default() };
        let workload = Workload::kubernetes();
        let blueprint = Application::new(ids::blueprint_app(1))
            .secret(&secret(0))
            .federated(&workload.issuer, &workload.subject, "api://AzureADTokenExchange")
            .permissions(tenant::blueprint_token(1));
        let program = Application::new(ids::plain_app(2)).public_flows();
        let mut tenant = Tenant::new()
            .seed(scenario.seed)
            .switches(switches)
            .domain("contoso.com")
            .initial_domain("contoso.onmicrosoft.com")
            .blueprint(1)
            .graph_principal()
            .human(1)
            .human(2)
            .token("admin", agentuser_simulator::Token::everything())
            .application(blueprint)
            .application(program.redirect(Redirect::Public, "http://localhost"))
            .sign_in(|entra| {
                entra.set_salt(scenario.seed);
                entra.set_approver(Some(ids::human(1)));
                entra.add_admin(ids::human(1));
            });
        for agent in 1..=scenario.agents {
            tenant = tenant.identity(agent, 1).agent_user(agent, &upn(agent));
            tenant = tenant.consent(ids::identity(agent), None, "User.Read User.Read.All");
        }
        Self { directory: tenant.build(), rotations: 0, known_rotations: 0, calm: false }
    }

    /// The fate of a request that leaves now.
    pub(crate) fn fate(&self, scenario: &SignInScenario, number: usize, since: Duration) -> Fate {
        if self.calm {
            return Fate::Answered;
        }
        let storm =
            scenario.storms.iter().find(|storm| since >= storm.from && since < storm.from + storm.lasts);
        if let Some(storm) = storm {
            return storm.fate;
        }
        let draw = Draw::new(scenario.seed).of("request", number);
        if draw.below("fault", 1000) < u32::from(scenario.faults) { Fate::draw(draw) } else { Fate::Answered }
    }

    /// The proof that the host has for the blueprint.
    pub(crate) fn assertion(&mut self, now: Now) -> String {
        self.directory.workload_token(now, &Workload::kubernetes(), "api://AzureADTokenExchange")
    }

    pub(crate) fn act(&mut self, act: Act, now: Now) {
        match act {
            Act::RotateSecret => {
                self.rotations += 1;
                let workload = Workload::kubernetes();
                let blueprint = Application::new(ids::blueprint_app(1))
                    .secret(&secret(self.rotations))
                    .federated(&workload.issuer, &workload.subject, "api://AzureADTokenExchange")
                    .permissions(tenant::blueprint_token(1));
                self.directory.entra_mut().register(blueprint);
            }
            Act::RevokeConsent(agent) => {
                self.directory.revoke_consent(ids::identity(agent), None);
            }
            Act::Consent(agent) => self.consent(agent, now),
            Act::Block => self.policy(Effect::Block(53_003)),
            Act::Challenge => self.policy(Effect::ClaimsAtSignIn(50_076)),
            Act::Allow => self.directory.entra_mut().clear_policies(),
            Act::RevokeSessions => {
                let url =
                    format!("{}/v1.0/users/{}/revokeSignInSessions", self.directory.root(), ids::human(1));
                let request =
                    Request { method: Method::Post, url, headers: Headers::new(), body: Vec::new() };
                self.directory.handle(now, Some("Bearer admin"), &request);
            }
            Act::Forget => {}
        }
    }

    fn policy(&mut self, effect: Effect) {
        let policy = Policy { name: "p1".to_owned(), user: None, client: None, effect };
        self.directory.entra_mut().clear_policies();
        self.directory.entra_mut().add_policy(policy);
    }

    fn consent(&mut self, agent: u32, now: Now) {
        let body = serde_json::json!({"clientId": ids::identity(agent).to_string(), "consentType": "AllPrincipals",
            "resourceId": ids::graph_principal().to_string(), "scope": "User.Read User.Read.All"});
        let url = format!("{}/v1.0/oauth2PermissionGrants", self.directory.root());
        let mut headers = Headers::new();
        headers.push("Content-Type", "application/json");
        let request = Request { method: Method::Post, url, headers, body: body.to_string().into_bytes() };
        self.directory.handle(now, Some("Bearer admin"), &request);
    }

    /// Everything is well from now on.
    pub(crate) fn calm_down(&mut self, scenario: &SignInScenario, now: Now) {
        self.calm = true;
        self.known_rotations = self.rotations;
        self.directory.entra_mut().clear_policies();
        for agent in 1..=scenario.agents {
            self.consent(agent, now);
        }
    }

    /// The host learns of the last secret.
    pub(crate) const fn learn_secret(&mut self) {
        self.known_rotations = self.rotations;
    }

    /// The browser goes to Entra and comes back with a code, or with an error.
    pub(crate) fn browse(&mut self, now: Now, scope: &str, verifier: &str) -> Option<String> {
        let escape = |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
        let url = format!(
            "{}/{}/oauth2/v2.0/authorize?client_id={}&response_type=code&redirect_uri={}&scope={}&code_challenge={verifier}&code_challenge_method=plain",
            self.directory.login(),
            self.directory.tenant_id(),
            ids::plain_app(2),
            escape("http://localhost"),
            escape(scope),
        );
        let request = Request { method: Method::Get, url, headers: Headers::new(), body: Vec::new() };
        let response = self.directory.handle(now, None, &request);
        let back = response.headers.get("Location")?;
        let (_, query) = back.split_once('?')?;
        query.split('&').find_map(|field| field.strip_prefix("code=")).and_then(decoded)
    }

    pub(crate) fn person_token(&mut self, now: Now, person: u32) -> String {
        self.directory.person_token(now, ids::human(person), ids::blueprint_app(1), ids::plain_app(2))
    }
}

/// The answer as it arrives: with the life that the scenario gives tokens.
pub(crate) fn adorn(scenario: &SignInScenario, leg: &str, mut response: Response, calm: bool) -> Response {
    let Ok(Value::Object(mut body)) = serde_json::from_slice(&response.body) else { return response };
    if response.status != 200 || !body.contains_key("access_token") {
        return response;
    }
    let exchange = matches!(leg, "exchange" | "userExchange");
    let life = if exchange { scenario.lives.0 } else { scenario.lives.1 };
    // Once all is well, nothing is promised that Entra does not keep.
    let life = if calm { life.min(3_599) } else { life };
    let number = |n: u64| if scenario.texts { Value::from(n.to_string()) } else { Value::from(n) };
    body.insert("expires_in".to_owned(), number(life));
    if scenario.early {
        body.insert("refresh_in".to_owned(), number(life / 2));
    }
    response.body = Value::Object(body).to_string().into_bytes();
    response
}

/// The answer of a server or a proxy in between.
pub(crate) fn fault(fate: Fate) -> Option<Response> {
    let json = |status: u16, wait: u64, body: &str| {
        let mut headers = Headers::new();
        if wait > 0 {
            headers.push("Retry-After", wait.to_string());
        }
        Response { status, headers, body: body.as_bytes().to_vec() }
    };
    match fate {
        Fate::Throttled(wait) => Some(json(429, wait, r#"{"error":"temporarily_unavailable"}"#)),
        Fate::Unavailable(wait) => Some(json(503, wait, r#"{"error":"temporarily_unavailable"}"#)),
        Fate::Garbage(status) => Some(json(status, 0, "<html>Sign in to the hotel</html>")),
        _ => None,
    }
}
