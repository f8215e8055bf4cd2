//! Building a tenant.

mod contoso;
mod governed;
mod graph_app;
mod plans;
mod planted;
mod trouble;
mod troubled;

pub use contoso::{
    ADMIN, BANNED_IDENTITY, BLUEPRINT_1, CHALLENGED, DEMO_SECRET, DISABLED_IDENTITY, EXPIRED, FULL_SKU,
    MANAGER, NOBODY, READER, SMALL_SKU, TAKEN_IDENTITY, blueprint_token, manager_token,
};
pub(crate) use graph_app::APP_ID as GRAPH_APP;
pub use plans::{drive_plan, exchange_plan, foundation_plan, full_plans, teams_plan};
pub use planted::planted;
pub use troubled::{PLANTED, SOUND, troubled_user};

use crate::directory::{
    AdministrativeUnit, Blueprint, Directory, Domain, Group, Lag, Life, LifecyclePolicy, Plan, PrincipalKind,
    Quotas, ServicePrincipal, Sku, Token, User, ValueType, Values,
};
use crate::entra::{Application, Entra};
use crate::filled::filled;
use crate::ids;
use crate::switches::Switches;
use agentuser_core::{Now, ObjectId};
use serde_json::Map;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// A tenant to be built.
#[derive(Debug, Clone)]
pub struct Tenant {
    directory: Directory,
    unix_ms: i64,
}

impl Default for Tenant {
    fn default() -> Self {
        Self::new()
    }
}

impl Tenant {
    /// An empty tenant: no domain, no user, no token, no lag, default switches, at the commercial cloud's root.
    #[must_use]
    pub fn new() -> Self {
        let root = "https://graph.microsoft.com".to_owned();
        let directory = Directory::empty(root, 0, Switches::default(), Lag::none());
        // 2026-06-01T00:00:00Z: any date that is not zero.
        Self { directory, unix_ms: 1_780_272_000_000 }
    }

    /// Sets the seed from which ids, delays and every other variety come.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.directory.seed = seed;
        self
    }

    /// Sets the root of the URLs, such as `http://127.0.0.1:8080`.
    #[must_use]
    pub fn root(mut self, root: &str) -> Self {
        root.trim_end_matches('/').clone_into(&mut self.directory.root);
        self
    }

    /// Sets the date on which everything in the tenant was made, in milliseconds since 1970.
    #[must_use]
    pub const fn created_at(mut self, unix_ms: i64) -> Self {
        self.unix_ms = unix_ms;
        self
    }

    /// Sets the switches.
    #[must_use]
    pub fn switches(mut self, switches: Switches) -> Self {
        self.directory.switches = switches;
        self
    }

    /// Sets the lag.
    #[must_use]
    pub fn lag(mut self, lag: Lag) -> Self {
        self.directory.lag = lag;
        self
    }

    /// Adds a verified domain; the first one is the default.
    #[must_use]
    pub fn domain(self, name: &str) -> Self {
        let default = self.directory.domains.is_empty();
        self.any_domain(name, |domain| domain.default = default)
    }

    /// Adds the domain that Microsoft gave the tenant.
    #[must_use]
    pub fn initial_domain(self, name: &str) -> Self {
        self.any_domain(name, |domain| domain.initial = true)
    }

    /// Adds a domain whose ownership was not proved.
    #[must_use]
    pub fn unverified_domain(self, name: &str) -> Self {
        self.any_domain(name, |domain| domain.verified = false)
    }

    /// Adds a verified domain with federated sign-in.
    #[must_use]
    pub fn federated_domain(self, name: &str) -> Self {
        self.any_domain(name, |domain| domain.federated = true)
    }

    fn any_domain(mut self, name: &str, set: impl FnOnce(&mut Domain)) -> Self {
        let mut domain = Domain {
            name: name.to_lowercase(),
            verified: true,
            default: false,
            initial: false,
            federated: false,
        };
        set(&mut domain);
        self.directory.domains.push(domain);
        self
    }

    /// Adds SKU `n`.
    #[must_use]
    pub fn sku(mut self, n: u32, part_number: &str, seats: u32, plans: Vec<Plan>) -> Self {
        let id = ids::sku(n);
        let part_number = part_number.to_owned();
        self.directory.skus.insert(id, Sku { id, part_number, seats, warning: 0, suspended: 0, plans });
        self
    }

    /// Adds seats of a subscription that has run out to SKU `n`: in their grace period, and suspended.
    #[must_use]
    pub fn grace(mut self, n: u32, warning: u32, suspended: u32) -> Self {
        if let Some(sku) = self.directory.skus.get_mut(&ids::sku(n)) {
            (sku.warning, sku.suspended) = (warning, suspended);
        }
        self
    }

    /// Sets the seats of every SKU so far.
    #[must_use]
    pub fn seats(mut self, seats: u32) -> Self {
        self.directory.skus.values_mut().for_each(|sku| sku.seats = seats);
        self
    }

    /// Adds blueprint `n` and its principal.
    #[must_use]
    pub fn blueprint(mut self, n: u32) -> Self {
        let principal = self.principal(
            ids::blueprint_principal(n),
            ids::blueprint_app(n),
            PrincipalKind::BlueprintPrincipal,
            format!("Blueprint {n}"),
        );
        self.directory.insert_principal(principal, None);
        self.blueprint_without_principal(n)
    }

    /// Adds blueprint `n` without a principal: no agent identity can be made of it.
    #[must_use]
    pub fn blueprint_without_principal(mut self, n: u32) -> Self {
        let (id, app_id, name) = (ids::blueprint(n), ids::blueprint_app(n), format!("Blueprint {n}"));
        let mut blueprint = Blueprint::new(id, app_id, name, self.beginning());
        blueprint.sponsors.insert(ids::human(1));
        self.directory.blueprints.insert(id, blueprint);
        self
    }

    /// Changes blueprint `n` before the tenant begins.
    #[must_use]
    pub fn change_blueprint(mut self, n: u32, change: impl FnOnce(&mut Blueprint)) -> Self {
        if let Some(blueprint) = self.directory.blueprints.get_mut(&ids::blueprint(n)) {
            change(blueprint);
        }
        self
    }

    /// Adds administrative unit `n` with these members.
    #[must_use]
    pub fn administrative_unit(mut self, n: u32, members: impl IntoIterator<Item = ObjectId>) -> Self {
        let (id, display_name) = (ids::unit(n), format!("Unit {n}"));
        let members = filled(members);
        self.directory.units.insert(id, AdministrativeUnit { id, display_name, members, restricted: false });
        self
    }

    const fn beginning(&self) -> Now {
        Now { mono: Duration::ZERO, unix_ms: self.unix_ms }
    }

    /// Adds agent identity `n` of a blueprint.
    #[must_use]
    pub fn identity(mut self, n: u32, blueprint: u32) -> Self {
        let principal = self.agent_identity(n, blueprint);
        self.directory.insert_principal(principal, None);
        self
    }

    /// Adds agent identity `n` that comes into being at `at` on the monotonic clock, and is seen only after the lag.
    #[must_use]
    pub fn identity_from(mut self, n: u32, blueprint: u32, at: Duration) -> Self {
        let mut principal = self.agent_identity(n, blueprint);
        principal.created = principal.created.later(at);
        self.directory.insert_principal(principal, Some(at));
        self
    }

    fn agent_identity(&self, n: u32, blueprint: u32) -> ServicePrincipal {
        let kind = PrincipalKind::AgentIdentity(ids::blueprint_app(blueprint));
        let name = format!("Agent {n}");
        let mut principal = self.principal(ids::identity(n), ids::identity_app(n), kind, name);
        principal.sponsors.insert(ids::human(1));
        principal
    }

    /// Changes agent identity `n` before the tenant begins.
    #[must_use]
    pub fn change_identity(mut self, n: u32, change: impl FnOnce(&mut ServicePrincipal)) -> Self {
        if let Some(identity) = self.directory.find_principal(ids::identity(n)) {
            let mut identity = identity.clone();
            change(&mut identity);
            self.directory.insert_principal(identity, None);
        }
        self
    }

    /// Changes the principal of blueprint `n` before the tenant begins.
    #[must_use]
    pub fn change_blueprint_principal(mut self, n: u32, change: impl FnOnce(&mut ServicePrincipal)) -> Self {
        if let Some(principal) = self.directory.find_principal(ids::blueprint_principal(n)) {
            let mut principal = principal.clone();
            change(&mut principal);
            self.directory.insert_principal(principal, None);
        }
        self
    }

    /// Adds a lifecycle policy that goes before those so far.
    #[must_use]
    pub fn first_lifecycle_policy(mut self, policy: LifecyclePolicy) -> Self {
        self.directory.policies.insert(0, policy);
        self
    }

    /// Adds a service principal that has nothing to do with agents.
    #[must_use]
    pub fn plain_principal(mut self, n: u32) -> Self {
        let name = format!("App {n}");
        let principal = self.principal(ids::plain(n), ids::plain_app(n), PrincipalKind::Plain, name);
        self.directory.insert_principal(principal, None);
        self
    }

    /// Adds Microsoft Graph's own service principal, whose app roles and scopes are the permissions.
    #[must_use]
    pub fn graph_principal(mut self) -> Self {
        let name = "Microsoft Graph".to_owned();
        let mut principal =
            self.principal(ids::graph_principal(), graph_app::APP_ID, PrincipalKind::Plain, name);
        principal.extras.insert("appRoles".into(), graph_app::app_roles());
        principal.extras.insert("oauth2PermissionScopes".into(), graph_app::scopes());
        let names = ["https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000"];
        principal.extras.insert("servicePrincipalNames".into(), names.into_iter().collect());
        self.directory.insert_principal(principal, None);
        self
    }

    fn principal(
        &self,
        id: ObjectId,
        app_id: ObjectId,
        kind: PrincipalKind,
        display_name: String,
    ) -> ServicePrincipal {
        ServicePrincipal {
            id,
            app_id,
            kind,
            display_name,
            account_enabled: true,
            disabled_by_microsoft: false,
            owners: BTreeSet::new(),
            sponsors: BTreeSet::new(),
            extras: Map::new(),
            created: self.beginning(),
            attested: None,
            life: Life::Live,
        }
    }

    /// Adds human `n`, `human{n}@` the default domain.
    #[must_use]
    pub fn human(mut self, n: u32) -> Self {
        let upn = format!("human{n}@{}", self.default_domain());
        let mut user = self.user(ids::human(n), None, &upn);
        user.display_name = format!("Human {n}");
        self.directory.insert_user(user);
        self
    }

    /// Adds human `n` by name.
    #[must_use]
    pub fn person(mut self, n: u32, upn: &str, display_name: Option<&str>) -> Self {
        let mut user = self.user(ids::human(n), None, upn);
        if let Some(name) = display_name {
            name.clone_into(&mut user.display_name);
        }
        self.directory.insert_user(user);
        self
    }

    /// Adds the service principal of an application.
    #[cfg(feature = "options")]
    #[must_use]
    pub(crate) fn principal_of(
        mut self,
        id: ObjectId,
        app: ObjectId,
        kind: PrincipalKind,
        name: &str,
    ) -> Self {
        let principal = self.principal(id, app, kind, name.to_owned());
        self.directory.insert_principal(principal, None);
        self
    }

    /// Adds an agent user for agent identity `n`, as if it had been there long before.
    #[must_use]
    pub fn agent_user(mut self, n: u32, upn: &str) -> Self {
        let user = self.user(ids::agent_user(n), Some(ids::identity(n)), upn);
        self.directory.insert_user(user);
        self
    }

    /// Adds agent identities and their agent users, numbers `from` to `to`, all of one blueprint: `agent{n}@` the
    /// default domain.
    #[must_use]
    pub fn populate(mut self, from: u32, to: u32, blueprint: u32) -> Self {
        for n in from..=to {
            let upn = format!("agent{n}@{}", self.default_domain());
            self = self.identity(n, blueprint).agent_user(n, &upn);
        }
        self
    }

    fn default_domain(&self) -> String {
        let domains = &self.directory.domains;
        let default = domains.iter().find(|domain| domain.default).or_else(|| domains.first());
        default.map_or_else(|| "contoso.com".to_owned(), |domain| domain.name.clone())
    }

    fn user(&self, id: ObjectId, parent: Option<ObjectId>, upn: &str) -> User {
        let nickname = upn.split('@').next().unwrap_or_default();
        User {
            id,
            parent,
            user_principal_name: upn.to_owned(),
            display_name: nickname.to_owned(),
            mail_nickname: nickname.to_owned(),
            account_enabled: true,
            usage_location: Some("US".to_owned()),
            extras: Map::new(),
            manager: None,
            sponsors: BTreeSet::new(),
            licenses: BTreeMap::new(),
            inherited: BTreeMap::new(),
            created: self.beginning(),
            created_through_graph: false,
            sessions_valid_from: None,
            revocations: 0,
            life: Life::Live,
        }
    }

    /// Changes a user before the tenant begins.
    #[must_use]
    pub fn change_user(mut self, id: ObjectId, change: impl FnOnce(&mut User)) -> Self {
        if let Some(user) = self.directory.find_user(id) {
            let mut user = user.clone();
            change(&mut user);
            self.directory.replace_user(user);
        }
        self
    }

    /// Adds group `n`.
    #[must_use]
    pub fn group(self, n: u32) -> Self {
        self.change_group(n, |_| {})
    }

    /// Adds group `n`, where it is not there, and changes it. Its members inherit its licenses.
    #[must_use]
    pub fn change_group(mut self, n: u32, change: impl FnOnce(&mut Group)) -> Self {
        let id = ids::group(n);
        let known = self.directory.groups.remove(&id);
        let mut group = known.unwrap_or_else(|| Group::new(id, format!("Group {n}"), self.beginning()));
        change(&mut group);
        let members = group.members.clone();
        self.directory.groups.insert(id, group);
        let now = self.beginning();
        for member in members {
            if let Some(user) = self.directory.find_user(member) {
                let mut user = user.clone();
                self.directory.inherit(&mut user, id, now);
                self.directory.replace_user(user);
            }
        }
        self
    }

    /// Registers an extension property, such as `extension_{appId without dashes}_costCenter`: objects may then have it.
    #[must_use]
    pub fn extension(mut self, name: &str) -> Self {
        self.directory.extensions.insert(name.to_owned(), None);
        self
    }

    /// Registers an extension property of a type: String, Integer, LargeInteger, Boolean, DateTime or Binary; another
    /// name takes any values.
    #[must_use]
    pub fn typed_extension(mut self, name: &str, data_type: &str, is_multi_valued: bool) -> Self {
        let values = ValueType::parse(data_type).map(|of| Values { of, many: is_multi_valued });
        self.directory.extensions.insert(name.to_owned(), values);
        self
    }

    /// Defines a custom security attribute in an attribute set: String, Integer or Boolean; another name is String.
    #[must_use]
    pub fn security_attribute(mut self, set: &str, name: &str, of: &str, is_collection: bool) -> Self {
        let values = Values { of: ValueType::parse(of).unwrap_or(ValueType::String), many: is_collection };
        self.directory.attribute_sets.entry(set.to_owned()).or_default().insert(name.to_owned(), values);
        self
    }

    /// Accepts a token: `Authorization: Bearer {secret}`.
    #[must_use]
    pub fn token(mut self, secret: &str, token: Token) -> Self {
        self.directory.add_token(secret, token);
        self
    }

    /// Registers an application that may sign in, or replaces it.
    #[must_use]
    pub fn application(mut self, application: Application) -> Self {
        self.directory.entra.register(application);
        self
    }

    /// Changes the sign-in.
    #[must_use]
    pub fn sign_in(mut self, change: impl FnOnce(&mut Entra)) -> Self {
        change(&mut self.directory.entra);
        self
    }

    /// Grants scopes of Graph, with blanks between, to a service principal, for one user or for all.
    #[must_use]
    pub fn consent(mut self, principal: ObjectId, user: Option<ObjectId>, scopes: &str) -> Self {
        let scopes = filled(scopes.split_whitespace().map(str::to_owned));
        self.directory.add_grant(principal, user, ids::graph_principal(), &scopes);
        self
    }

    /// Assigns an app role of Graph, by its value, to a service principal.
    #[must_use]
    pub fn app_role(mut self, principal: ObjectId, value: &str) -> Self {
        self.directory.assign_graph_role(principal, value);
        self
    }

    /// The tenant so far.
    #[cfg(feature = "options")]
    pub(crate) fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The date on which everything in it was made.
    #[cfg(feature = "options")]
    pub(crate) const fn unix_ms(&self) -> i64 {
        self.unix_ms
    }

    /// Puts these secrets in place of the tokens of these names.
    #[cfg(feature = "options")]
    pub(crate) fn rename_tokens(mut self, secrets: &BTreeMap<String, String>) -> Self {
        let tokens = std::mem::take(&mut self.directory.tokens).into_iter();
        let renamed = tokens.map(|(name, token)| (secrets.get(&name).cloned().unwrap_or(name), token));
        self.directory.tokens = filled(renamed);
        self
    }

    /// Whether it accepts the token.
    #[cfg(feature = "options")]
    pub(crate) fn has_token(&self, secret: &str) -> bool {
        self.directory.tokens.contains_key(secret)
    }

    /// Throttles by these quotas. Without quotas, no request is throttled.
    #[must_use]
    pub fn quotas(mut self, quotas: Quotas) -> Self {
        self.directory.set_quotas(Some(quotas));
        self
    }

    /// The directory. All that the tenant begins with has replicated long ago, except objects with a later creation.
    #[must_use]
    pub fn build(mut self) -> Directory {
        self.directory.policies.iter_mut().for_each(|policy| policy.since = self.unix_ms);
        self.directory
    }
}
