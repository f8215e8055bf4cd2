//! The simulated directory: a request in, an answer out.

mod administrative_units;
mod applications;
mod bodies;
mod budget;
mod changes;
mod conditional_access;
mod create;
mod credentials;
mod deleted;
mod delta;
mod directory_objects;
mod drives;
mod errors;
mod grants;
mod group_members;
mod groups;
mod inheritable_permissions;
mod key_credentials;
mod lag;
mod licenses;
mod licensing;
pub(crate) mod lifecycle;
mod links;
mod lookup;
mod me;
mod memberships;
mod metadata_document;
mod objects;
mod open_members;
mod paging;
mod permissions;
mod query;
mod quotas;
mod relations;
mod render;
mod risky_agents;
mod roles;
pub(crate) mod route;
mod rules;
mod schema;
mod segments;
mod service_principals;
mod sets;
mod settings;
mod sign_ins;
pub(crate) mod state;
mod subjects;
mod tenant_info;
mod users;
mod views;
mod what_if;

pub use budget::Fullest;
pub use conditional_access::AccessPolicy;
pub use lag::Lag;
pub use licensing::Licensing;
pub use lifecycle::{LifecyclePolicy, PolicyEnforcement, PolicyRule};
pub use objects::{AdministrativeUnit, Assignment, Blueprint, Grant, Group, Secret};
pub use permissions::Token;
pub(crate) use permissions::TokenOrigin;
pub use quotas::Quotas;
pub use risky_agents::RiskyAgent;
pub use roles::{RoleAssignment, role_id};
pub use sign_ins::SignIn;
pub use state::{Domain, License, Life, Plan, PrincipalKind, Provisioning, ServicePrincipal, Sku, User};

use crate::batch::{self, Stamp};
use crate::clock;
use crate::entra::{Effect, Entra, Policy};
use crate::hash::Hash;
use crate::journal::{Checked, Entry, Journal};
use crate::spelling::{self, Spelled, Version};
use crate::switches::Switches;
use agentuser_core::http::{Headers, Request, Response};
use agentuser_core::token::TokenFacts;
use agentuser_core::{Now, ObjectId};
use budget::{Meter, Metered};
use changes::Due;
use errors::{Answer, Body, Refusal, Reply};

pub(crate) use open_members::{AttributeSets, ValueType, Values};
use roles::Roles;
use route::Route;
use serde_json::{Map, Value};
use state::Record;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// A tenant of a simulated Microsoft Graph.
///
/// It holds no clock and draws nothing but from its seed: the same requests at the same times give the same answers.
/// Its answers to requests about one object do not depend on requests about other objects.
#[derive(Debug, Clone)]
pub struct Directory {
    pub(crate) root: String,
    pub(crate) seed: u64,
    pub(crate) switches: Switches,
    pub(crate) lag: Lag,
    pub(crate) tokens: BTreeMap<String, Arc<Token>>,
    pub(crate) entra: Entra,
    pub(crate) domains: Vec<Domain>,
    pub(crate) skus: BTreeMap<ObjectId, Sku>,
    pub(crate) blueprints: BTreeMap<ObjectId, Blueprint>,
    pub(crate) units: BTreeMap<ObjectId, AdministrativeUnit>,
    pub(crate) grants: BTreeMap<ObjectId, Grant>,
    pub(crate) assignments: BTreeMap<ObjectId, Assignment>,
    pub(crate) groups: BTreeMap<ObjectId, Group>,
    /// The lifecycle policies of agent identities, the one that goes before others first.
    pub(crate) policies: Vec<LifecyclePolicy>,
    pub(crate) access_policies: Vec<AccessPolicy>,
    pub(crate) roles: Roles,
    pub(crate) risky: BTreeMap<ObjectId, RiskyAgent>,
    pub(crate) sign_ins: BTreeMap<ObjectId, Vec<SignIn>>,
    pub(crate) licensing: Licensing,
    /// The registered extension properties, with the values that they take; any, where none are named.
    pub(crate) extensions: BTreeMap<String, Option<Values>>,
    /// The custom security attributes that can be assigned.
    pub(crate) attribute_sets: AttributeSets,
    users: BTreeMap<ObjectId, Record<User>>,
    /// Ids of agent users.
    agents: BTreeSet<ObjectId>,
    /// Agent users that ever had the parent.
    by_parent: BTreeMap<ObjectId, BTreeSet<ObjectId>>,
    /// Users that ever had the UPN, which is in lower case here.
    by_upn: BTreeMap<String, BTreeSet<ObjectId>>,
    /// Users that ever had the mail nickname, which is in lower case here.
    by_nickname: BTreeMap<String, BTreeSet<ObjectId>>,
    /// Users that ever were in the recycle bin and are not gone.
    binned: BTreeSet<ObjectId>,
    principals: BTreeMap<ObjectId, Record<ServicePrincipal>>,
    /// Ids of agent identities.
    identities: BTreeSet<ObjectId>,
    by_app: BTreeMap<ObjectId, BTreeSet<ObjectId>>,
    by_blueprint: BTreeMap<ObjectId, BTreeSet<ObjectId>>,
    seats_taken: BTreeMap<ObjectId, u32>,
    /// The changes that happen without a request, by their time.
    due: BTreeMap<(Duration, u64), Due>,
    scheduled: u64,
    /// How often each subject was read: which replica serves the next read.
    turns: BTreeMap<u64, u64>,
    /// Changes of any object, ever.
    changes: u64,
    /// The changes of users, once somebody asks for deltas.
    watch: Option<delta::Watch>,
    /// The object that the present request is about.
    subject: Option<ObjectId>,
    meter: Meter,
    pub(crate) journal: Journal,
}

/// A request whose token is good.
struct Call<'a> {
    now: Now,
    request: &'a Request,
    version: Version,
    /// The path below the version, escaped, in the one spelling of [`spelling`].
    path: &'a str,
    raw_query: &'a str,
    token: Arc<Token>,
    /// The permissions that allowed it, and those of which it lacked any.
    checked: RefCell<Checked>,
}

/// The type of Graph's JSON (docs/graph.md#headers).
const JSON: &str =
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
/// Graph names the machine that answered (docs/graph.md#headers). This value names none of Microsoft's
/// machines.
const DIAGNOSTIC: &str = r#"{"ServerInfo":{"DataCenter":"Simulator","Slice":"E","Ring":"1","ScaleUnit":"000","RoleInstance":"SIMULATOR"}}"#;

impl Directory {
    pub(crate) fn empty(root: String, seed: u64, switches: Switches, lag: Lag) -> Self {
        Self {
            root,
            seed,
            switches,
            lag,
            tokens: BTreeMap::new(),
            entra: Entra::new(),
            domains: Vec::new(),
            skus: BTreeMap::new(),
            blueprints: BTreeMap::new(),
            units: BTreeMap::new(),
            grants: BTreeMap::new(),
            assignments: BTreeMap::new(),
            groups: BTreeMap::new(),
            policies: Vec::new(),
            access_policies: Vec::new(),
            roles: Roles::default(),
            risky: BTreeMap::new(),
            sign_ins: BTreeMap::new(),
            licensing: Licensing::PREMIUM,
            extensions: BTreeMap::new(),
            attribute_sets: AttributeSets::new(),
            users: BTreeMap::new(),
            agents: BTreeSet::new(),
            by_parent: BTreeMap::new(),
            by_upn: BTreeMap::new(),
            by_nickname: BTreeMap::new(),
            binned: BTreeSet::new(),
            principals: BTreeMap::new(),
            identities: BTreeSet::new(),
            by_app: BTreeMap::new(),
            by_blueprint: BTreeMap::new(),
            seats_taken: BTreeMap::new(),
            due: BTreeMap::new(),
            scheduled: 0,
            turns: BTreeMap::new(),
            changes: 0,
            watch: None,
            subject: None,
            meter: Meter::default(),
            journal: Journal::default(),
        }
    }

    /// Answers a request. `authorization` is the value of that header.
    pub fn handle(&mut self, now: Now, authorization: Option<&str>, request: &Request) -> Response {
        self.pass_time(now);
        self.subject = None;
        if let Some(response) = self.sign_in(now, authorization, request) {
            return response;
        }
        let changes = self.changes;
        let Spelled { version, path, query: raw_query } = match self.below_version(&request.url) {
            Ok(Spelled { path, version, .. }) if path == batch::PATH => {
                return self.handle_batch(now, authorization, request, version);
            }
            Ok(spelled) => spelled,
            Err(refusal) => {
                let template = "(another host or version)";
                return self.finish(
                    now,
                    request,
                    ("", template),
                    (1, Metered::default()),
                    changes,
                    Err(refusal),
                );
            }
        };
        let route = Route::parse(&path);
        let units = quotas::units(request.method, route.as_ref(), &raw_query);
        let template = route.as_ref().map_or("(unknown)", Route::template);
        let metered = match quotas::special(route.as_ref()) {
            Some(special) => self.meter.count_special(now.mono, special),
            None => self.meter.count(now.mono, request.method, units, self.users.len()),
        };
        let throttled = metered.refused.map(|_| Refusal::throttled());
        let answer = throttled.map_or(Ok(()), Err).and_then(|()| self.authenticate(now, authorization));
        let answer = answer.and_then(|token| {
            let checked = RefCell::default();
            let call = Call { now, request, version, path: &path, raw_query: &raw_query, token, checked };
            if is_below_me(&path) {
                me::signed_in(&call)?;
            }
            let answer = match &route {
                Some(route) => self.dispatch(&call, route),
                None => Err(Refusal::unknown_path(version, &path)),
            };
            self.journal.checked((request.method, template), call.checked.into_inner(), answer.is_ok());
            answer
        });
        self.finish(now, request, (&path, template), (units, metered), changes, answer)
    }

    /// Answers the parts of a batch one after the other.
    fn handle_batch(
        &mut self,
        now: Now,
        authorization: Option<&str>,
        request: &Request,
        version: Version,
    ) -> Response {
        if let Err(refused) = self.authorize_batch(now, authorization, request) {
            return refused;
        }
        let requests = self.journal.stats.requests;
        let stamp = Stamp {
            id: Hash::new(self.seed).text("batch").word(requests).guid(),
            unix_ms: now.unix_ms.saturating_add(self.switches.clock_ahead_ms),
        };
        match batch::parts(&self.root, version, request) {
            Ok(parts) => {
                let answers =
                    batch::in_order(parts, |part| Some(self.handle(now, authorization, &part.request)));
                batch::answer(request, stamp, answers)
            }
            Err(message) => batch::refuse(request, stamp, &message),
        }
    }

    /// A batch without a good token is refused as a whole.
    pub(crate) fn authorize_batch(
        &mut self,
        now: Now,
        authorization: Option<&str>,
        request: &Request,
    ) -> Result<(), Response> {
        let Err(refusal) = self.authenticate(now, authorization) else { return Ok(()) };
        let changes = self.changes;
        let place = (batch::PATH, batch::PATH);
        Err(self.finish(now, request, place, (0, Metered::default()), changes, Err(refusal)))
    }

    /// Version, path and query.
    fn below_version(&self, url: &str) -> Result<Spelled, Refusal> {
        let below_root =
            spelling::below_root(&self.root, url).ok_or_else(|| Refusal::not_simulated(404, "this host"))?;
        spelling::read(below_root).ok_or_else(|| Refusal::not_simulated(501, "any version but v1.0 and beta"))
    }

    fn authenticate(&self, now: Now, authorization: Option<&str>) -> Result<Arc<Token>, Refusal> {
        let scheme = authorization.and_then(|value| value.split_once(' '));
        let bearer = scheme.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"));
        let token = bearer.map_or("", |(_, token)| token);
        if token.is_empty() {
            return Err(Refusal::unauthenticated("Access token is empty.", None));
        }
        let known = self.tokens.get(token).ok_or_else(|| {
            // The second sentence for a token of another service is observed (docs/graph.md#error-codes).
            let other = agentuser_core::graph::Endpoint::new(&self.root)
                .is_ok_and(|root| TokenFacts::read(token).other_service(&root).is_some());
            let audience = if other { " Invalid audience." } else { "" };
            Refusal::unauthenticated(&format!("Access token validation failure.{audience}"), None)
        })?;
        known.check(now.mono)?;
        if let Some(origin) = known.origin() {
            self.check_origin(origin)?;
        }
        Ok(Arc::clone(known))
    }

    /// Continuous access evaluation: a token that was good when Entra gave it may be so no more
    /// (<https://learn.microsoft.com/entra/identity-platform/app-resilience-continuous-access-evaluation>).
    fn check_origin(&self, origin: &TokenOrigin) -> Result<(), Refusal> {
        let user = origin.user.and_then(|user| self.find_user(user));
        let is_over = |user: &User| {
            user.revocations != origin.revocations || !user.account_enabled || !user.life.is_live()
        };
        if let Some(user) = user.filter(|user| is_over(user)) {
            let since = user.sessions_valid_from.unwrap_or_default().div_euclid(1000);
            let claims = format!(r#"{{"access_token":{{"nbf":{{"essential":true,"value":"{since}"}}}}}}"#);
            return Err(Refusal::challenged("TokenIssuedBeforeRevocationTimestamp", &claims));
        }
        let asks = |policy: &&Policy| {
            policy.effect == Effect::ClaimsAtGraph
                && policy.applies(origin.client, origin.user)
                && !origin.satisfied.contains(&policy.name)
        };
        match self.entra.policies.iter().find(asks) {
            Some(policy) => Err(Refusal::challenged("InteractionRequired", &policy.claims())),
            None => Ok(()),
        }
    }

    fn dispatch(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        let endpoint = route.endpoint(call.version, call.request.method)?;
        (endpoint.handler)(self, call, route)
    }

    /// Turns what came out into a response, and writes it down.
    fn finish(
        &mut self,
        now: Now,
        request: &Request,
        (path, template): (&str, &'static str),
        (units, metered): (u32, Metered),
        changes_before: u64,
        answer: Answer,
    ) -> Response {
        let unix_ms = now.unix_ms.saturating_add(self.switches.clock_ahead_ms);
        let request_id = Hash::new(self.seed).text("request").word(self.journal.stats.requests).guid();
        let own_id = request_id.to_string();
        let client_request_id = request.headers.get("client-request-id").unwrap_or(&own_id).to_owned();

        let mut headers = Headers::new();
        let created = answer.as_ref().is_ok_and(|reply| reply.status == 201);
        let reply = answer.unwrap_or_else(|refusal| {
            let body = refusal.body(self.switches.inner_error, unix_ms, request_id, &client_request_id);
            if let Some(challenge) = refusal.challenge {
                headers.push("WWW-Authenticate", challenge);
            }
            Reply { status: refusal.status, body: Body::Json(body) }
        });
        headers.push("Date", clock::http_date(unix_ms));
        headers.push("Cache-Control", "no-cache");
        headers.push("OData-Version", "4.0");
        if let (true, Some(id)) = (created, self.subject) {
            headers.push("Location", self.location(id));
        }
        headers.push("x-ms-ags-diagnostic", DIAGNOSTIC);
        headers.push("request-id", own_id);
        headers.push("client-request-id", client_request_id);
        headers.push("x-ms-resource-unit", units.to_string());
        if let Some(fraction) = metered.fraction {
            headers.push("x-ms-throttle-limit-percentage", format!("{:.2}", fraction.min(1.8)));
        }
        if let Some((quota, seconds)) = metered.refused {
            if let Some(seconds) = seconds {
                headers.push("Retry-After", seconds.to_string());
            }
            headers.push("x-ms-throttle-scope", "Tenant_Application/ReadWrite/app/tenant");
            headers.push("x-ms-throttle-information", quota);
        }
        let body = match reply.body {
            Body::Empty => Vec::new(),
            Body::Json(value) => {
                headers.push("Content-Type", JSON);
                value.to_string().into_bytes()
            }
            Body::Xml(text) => {
                headers.push("Content-Type", "application/xml");
                text.as_bytes().to_vec()
            }
            Body::Text(text) => {
                headers.push("Content-Type", "text/plain");
                text.into_bytes()
            }
        };
        let entry = Entry {
            at: now.mono,
            method: request.method,
            template,
            status: reply.status,
            changed: self.changes != changes_before,
            object: self.subject,
        };
        self.journal.note(entry, units, path, &request.body);
        Response { status: reply.status, headers, body }
    }

    /// The address of a new object, as Graph gives it (docs/graph.md#headers).
    fn location(&self, id: ObjectId) -> String {
        let kind = if self.users.contains_key(&id) {
            "User"
        } else if self.groups.contains_key(&id) {
            "Group"
        } else if self.blueprints.contains_key(&id) {
            "Application"
        } else {
            "ServicePrincipal"
        };
        let (root, tenant) = (&self.root, self.tenant_id());
        format!("{root}/v2/{tenant}/directoryObjects/{id}/Microsoft.DirectoryServices.{kind}")
    }

    /// Whether the caller has the permission, which then allows nothing by itself.
    fn holds(&self, call: &Call<'_>, permission: &str) -> bool {
        call.token.has(permission, self.switches.directory_read_write_voids_agent_permissions)
    }

    fn has(&self, call: &Call<'_>, permission: &str) -> bool {
        let has = self.holds(call, permission);
        if has {
            call.checked.borrow_mut().allowed_by.insert(permission.to_owned());
        }
        has
    }

    /// Refuses a caller that has none of the permissions.
    fn require(&self, call: &Call<'_>, any_of: &[&str]) -> Result<(), Refusal> {
        if any_of.iter().any(|permission| self.has(call, permission)) {
            call.checked.borrow_mut().lacked.clear();
            return Ok(());
        }
        call.checked.borrow_mut().lacked = any_of.iter().map(|one| (*one).to_owned()).collect();
        Err(Refusal::denied())
    }
}

impl Call<'_> {
    /// The body as a JSON object.
    fn object(&self) -> Result<Map<String, Value>, Refusal> {
        let is_json = self.request.headers.get("Content-Type").is_some_and(|kind| {
            kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
        });
        if !is_json {
            return Err(Refusal::bad_request("A body needs the header 'Content-Type: application/json'."));
        }
        match serde_json::from_slice(&self.request.body) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) => Err(Refusal::bad_request("The body is not a JSON object.")),
            Err(_) => Err(Refusal::bad_request("Unable to read JSON request payload.")),
        }
    }

    /// The body as a JSON object, or none when there is no body.
    fn optional_object(&self) -> Result<Map<String, Value>, Refusal> {
        if self.request.body.is_empty() { Ok(Map::new()) } else { self.object() }
    }
}

/// Whether the path is about the signed-in user.
fn is_below_me(path: &str) -> bool {
    path.strip_prefix("/me").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// An object id in a path. A text that is not one names nothing that exists.
fn id_in_path(text: &str) -> Result<ObjectId, Refusal> {
    text.parse().map_err(|_| Refusal::not_found(text))
}
