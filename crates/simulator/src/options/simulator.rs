//! The options of a simulator, as JSON or field by field, and their checks.

use super::FaultOptions;
use super::TOKEN;
use super::extending::{AttributeSetOptions, ExtensionOptions};
use super::json::read;
use super::licensing::{GroupOptions, LicenseOptions, SkuOptions};
use super::lifecycle::LifecycleOptions;
use super::ranges::{LONGEST_LAG_MS, MOST_PER_MILLE, latency_outside, outside};
use super::sign_in::SignInOptions;
use super::tenants::{Edition, TenantKind};
use super::tokens::TokenOptions;
use crate::Tenant;
use serde::Deserialize;

/// The options of a simulator. Every member may be left out. As JSON:
///
/// ```
/// # use agentuser_simulator::options::SimulatorOptions;
/// let options = SimulatorOptions::parse(br#"{
///     "port": 0, "identities": 24, "agentUsers": 1000, "seed": 1, "speed": 60, "lagMs": 30000, "latencyMs": [0, 5],
///     "reading": 7, "seats": 3, "quotas": false, "idleSeconds": 600,
///     "faults": {"perMille": 20, "brisk": true, "script": [
///         {"method": "POST", "path": "/users/microsoft.graph.agentUser", "fault": "lostAnswer"},
///         {"method": "GET", "path": "/servicePrincipals/", "nth": 2, "fault": "throttled", "retryAfterSeconds": 20}
///     ]},
///     "token": "admin", "tokens": [{"token": "short", "expiresInSeconds": 5}, {"token": "ada", "user": "ada@contoso.com"}],
///     "skus": [{"partNumber": "ENDED", "seats": 0, "warning": 5, "suspended": 0}],
///     "groups": [{"name": "Sales Agents", "licenses": ["AGENT_365"], "members": ["agent25@contoso.com"]}],
///     "licenses": [{"user": "agent26@contoso.com", "sku": "AGENT_365", "disabledPlans": ["TEAMS1"]}],
///     "extensions": [{"name": "extension_b7d8e648520f41d3b9c0fdeb91768a0a_jobGroup", "dataType": "String"}],
///     "attributeSets": {"Engineering": {"Project": "Collection(String)", "Certification": "Boolean"}},
///     "root": "https://graph.microsoft.com", "allowOrigins": ["https://admin.example"], "allowHosts": ["sim.example"],
///     "signIn": {
///         "applications": [{"clientId": "5ea00000-0000-4000-8000-000000000009", "clientSecret": "simulated", "roles": ["User.Read.All"]}],
///         "people": [{"userPrincipalName": "ada@contoso.com", "admin": true}],
///         "consent": [{"client": "a1d00000-0000-4000-8000-000000000001", "scope": "User.Read"}],
///         "policies": [{"name": "c1", "user": "ada@contoso.com", "claimsAtSignIn": 50076}],
///         "approves": "ada@contoso.com"
///     },
///     "tenant": "contoso", "permissions": ["User.Read.All"], "edition": "p2",
///     "lifecyclePolicies": [{"name": "Attest monthly", "attestationDays": 30, "graceDays": 14, "deleteAfterDays": 30}],
///     "tls": false, "proxy": false, "outsideContract": false
/// }"#)?;
/// assert_eq!(options.agent_users, 1000);
/// # Ok::<(), String>(())
/// ```
///
/// A scripted fault happens to the `nth` request (from 1, which is the default) with that method whose path and query
/// contain `path`. The faults are those of [`crate::Fault`], with these members: `delay` and `lateArrival` take
/// `delayMs`; `never`, `serverError` and `wrongContentType` take `executed` (whether the directory did it; false);
/// `serverError` takes `status` (500, 502, 503 or 504; 503); `throttled` and `serverError` take `retryAfterSeconds`,
/// or `retryAfterDateSeconds` for a date so many seconds after the answer's own.
///
/// `{"fault": "answer", "status": 400, "code": "…", "message": "…"}` answers with Graph's error, or with `body` as it is
/// given; `executed` says whether the directory did it. `{"fault": "changed", "members": {…}, "status": 200}` changes
/// members of the directory's own answer, where null takes one out. `times` makes any fault happen to so many in a row.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SimulatorOptions {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The tenant: that of the demo, or one with everything that an audit finds, each once or in one agent user of a hundred.
    pub tenant: TenantKind,
    /// The permissions of the token that may do everything; then it may do no more than these.
    pub permissions: Option<Vec<String>>,
    /// The edition of Microsoft Entra ID that the tenant has.
    pub edition: Edition,
    /// Agent identities without an agent user, numbers 1 to this.
    pub identities: u32,
    /// Agent users that are there from the start: `first.agent@contoso.com`, then `agent{n}@contoso.com`, each the child of
    /// agent identity `n`, with numbers after those of `identities`.
    pub agent_users: u32,
    /// Where ids, delays, faults and lags come from: the same number gives the same.
    pub seed: u64,
    /// How many times as fast as ours its time runs.
    pub speed: u32,
    /// The longest replication lag of a read by id, on its own clock.
    pub lag_ms: u64,
    /// The least and the most that a good answer takes, in real time; none is like a real network.
    pub latency_ms: Option<[u64; 2]>,
    /// Where Microsoft's documents contradict each other, be as the reading of this number.
    pub reading: Option<u64>,
    /// End after so long without a request, in real time.
    pub idle_seconds: u64,
    /// The faults.
    pub faults: FaultOptions,
    /// The token that may do everything. Without it, each run makes one that nobody can guess, and others in place of `reader`,
    /// `manager` and the like; with it, those are tokens by their names.
    pub token: Option<String>,
    /// More tokens that may do everything.
    pub tokens: Vec<TokenOptions>,
    /// The root of Graph in links, contexts and scopes, such as `https://graph.microsoft.com`; its own address otherwise.
    pub root: Option<String>,
    /// Origins whose pages are answered, besides those of this machine, such as `https://admin.example`.
    pub allow_origins: Vec<String>,
    /// Hosts that are answered, besides the names of this machine and the root's.
    pub allow_hosts: Vec<String>,
    /// Speak TLS, with a certificate of its own, besides plain HTTP on the same port. Only the command line's build can.
    pub tls: bool,
    /// Be an HTTPS proxy for graph.microsoft.com and login.microsoftonline.com; brings TLS, and Graph's own root.
    pub proxy: bool,
    /// Seats of every SKU.
    pub seats: Option<u32>,
    /// SKUs beside those of the demo tenant, with the service plans of `AGENT_365`.
    pub skus: Vec<SkuOptions>,
    /// Groups that assign licenses: number 3 and on.
    pub groups: Vec<GroupOptions>,
    /// Direct licenses of agent users that are there from the start.
    pub licenses: Vec<LicenseOptions>,
    /// The extension properties that agent users can have.
    pub extensions: Vec<ExtensionOptions>,
    /// The custom security attributes that can be assigned.
    pub attribute_sets: AttributeSetOptions,
    /// Throttle by the quotas that Microsoft publishes, on its own clock.
    pub quotas: bool,
    /// Lifecycle policies of agent identities, which go before the system default of the demo tenant.
    pub lifecycle_policies: Vec<LifecycleOptions>,
    /// Applications, people, consent and policies of its sign-in.
    pub sign_in: SignInOptions,
    /// Answer requests that break Graph's contract as Graph does, also in a build that checks it: a doctor's probe breaks it on
    /// purpose.
    pub outside_contract: bool,
}

impl Default for SimulatorOptions {
    fn default() -> Self {
        Self {
            port: 0,
            tenant: TenantKind::Contoso,
            permissions: None,
            edition: Edition::P2,
            identities: 24,
            agent_users: 1,
            seed: 1,
            speed: 1,
            lag_ms: 0,
            latency_ms: None,
            reading: None,
            idle_seconds: 600,
            faults: FaultOptions::default(),
            token: None,
            tokens: Vec::new(),
            root: None,
            allow_origins: Vec::new(),
            allow_hosts: Vec::new(),
            tls: false,
            proxy: false,
            seats: None,
            skus: Vec::new(),
            groups: Vec::new(),
            licenses: Vec::new(),
            extensions: Vec::new(),
            attribute_sets: AttributeSetOptions::new(),
            quotas: true,
            lifecycle_policies: Vec::new(),
            sign_in: SignInOptions::default(),
            outside_contract: false,
        }
    }
}

impl SimulatorOptions {
    /// Reads options from JSON and checks them.
    ///
    /// # Errors
    /// The mistake with its place, such as `faults.script[1].nth: …`.
    pub fn parse(json: &[u8]) -> Result<Self, String> {
        // Serde would take the members in their order, too.
        if json.trim_ascii_start().starts_with(b"[") {
            return Err("options are an object, such as {\"seed\": 1}".to_owned());
        }
        let options: Self = read(json)?;
        options.check()?;
        Ok(options)
    }

    /// Checks what the types can't say.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place.
    pub fn check(&self) -> Result<(), String> {
        let mut wrong = Vec::new();
        let mut range = |name: &str, value, least, most| wrong.extend(outside(name, value, least, most));
        range("identities", self.identities.into(), 0, 100_000);
        range("agentUsers", self.agent_users.into(), 0, 500_000);
        range("speed", self.speed.into(), 1, 100_000);
        range("lagMs", self.lag_ms, 0, LONGEST_LAG_MS);
        range("idleSeconds", self.idle_seconds, 1, 43_200);
        range("faults.perMille", self.faults.per_mille.into(), 0, MOST_PER_MILLE);
        wrong.extend(self.latency_ms.into_iter().flat_map(latency_outside));
        let has_agent_users = self.tenant != TenantKind::Contoso;
        if has_agent_users && self.agent_users != Self::default().agent_users {
            wrong.push(format!("agentUsers: the tenant {} has agent users of its own", self.tenant));
        }
        if self.tenant == TenantKind::Planted && self.identities != Self::default().identities {
            wrong.push("identities: the tenant planted has agent identities of its own".to_owned());
        }
        if self.faults.brisk && self.faults.per_mille == 0 {
            wrong.push("faults.brisk: without faults.perMille nothing is drawn".to_owned());
        }
        self.check_tokens(&mut wrong);
        self.check_addresses(&mut wrong);
        wrong.extend(self.extended(Tenant::contoso(0)).err());
        if self.has_licensing()
            && let Err(mistake) = self.licensed(self.populated(Tenant::contoso(0)))
        {
            wrong.push(mistake);
        }
        if self.sign_in != SignInOptions::default() || self.tokens.iter().any(|one| one.user.is_some()) {
            let tenant = self.sign_in.add(self.populated(Tenant::contoso(self.identities)));
            wrong.extend(tenant.and_then(|tenant| self.with_tokens(tenant)).err());
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
    }

    fn check_tokens(&self, wrong: &mut Vec<String>) {
        let contoso = Tenant::contoso(0);
        let is_token = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        let rule = "a token is made of visible ASCII characters and is not empty";
        if let Some(token) = &self.token {
            if !is_token(token) {
                wrong.push(format!("token: {rule}"));
            } else if token != TOKEN && contoso.has_token(token) {
                wrong.push("token: the tenant has a token of this name already".to_owned());
            }
        }
        for (n, TokenOptions { token: text, .. }) in self.tokens.iter().enumerate() {
            if !is_token(text) {
                wrong.push(format!("tokens[{n}].token: {rule}"));
            }
            let twice = self.tokens.iter().take(n).any(|before| before.token == *text);
            if twice || contoso.has_token(text) || self.token.as_ref() == Some(text) {
                wrong.push(format!("tokens[{n}].token: the tenant has a token of this name already"));
            }
        }
    }

    fn check_addresses(&self, wrong: &mut Vec<String>) {
        let origin = |text: &str| {
            let host = ["http://", "https://"].iter().find_map(|scheme| text.strip_prefix(scheme));
            host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']))
        };
        if let Some(root) = &self.root
            && !origin(root.trim_end_matches('/'))
        {
            wrong.push(format!(
                "root: '{root}' is not a scheme and a host, such as https://graph.microsoft.com"
            ));
        }
        for (n, text) in self.allow_origins.iter().enumerate() {
            if text != "null" && !origin(text.trim_end_matches('/')) {
                wrong.push(format!(
                    "allowOrigins[{n}]: '{text}' is not an origin, such as https://admin.example"
                ));
            }
        }
        for (n, text) in self.allow_hosts.iter().enumerate() {
            if text.is_empty() || text.contains(['/', ':', ' ', '@', '*']) {
                wrong.push(format!("allowHosts[{n}]: '{text}' is not a host, such as sim.example"));
            }
        }
        if (self.tls || self.proxy) && !cfg!(feature = "tls") {
            wrong.push("tls: only the simulator of the command line speaks TLS".to_owned());
        }
    }
}
