//! Building a tenant.

use crate::directory::{
    Blueprint, Directory, Domain, Group, Lag, Life, Plan, PrincipalKind, Provisioning, Quotas,
    ServicePrincipal, Sku, Token, User,
};
use crate::ids;
use crate::switches::Switches;
use agentuser_core::{Now, ObjectId};
use serde_json::Map;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The `Authorization` value of a demo tenant's token that may do everything.
pub const ADMIN: &str = "Bearer admin";
/// The one of blueprint 1: its own agent users only, and the reads that a provisioning needs.
pub const BLUEPRINT_1: &str = "Bearer blueprint-1";
/// The one of a client that manages agent users of any blueprint.
pub const MANAGER: &str = "Bearer manager";
/// The one that may only read.
pub const READER: &str = "Bearer reader";
/// The one that may do nothing.
pub const NOBODY: &str = "Bearer nobody";
/// The one that has expired.
pub const EXPIRED: &str = "Bearer expired";
/// The one that is answered with a claims challenge.
pub const CHALLENGED: &str = "Bearer challenged";

/// The number of the demo tenant's agent identity that is disabled.
pub const DISABLED_IDENTITY: u32 = 900_001;
/// The number of the demo tenant's agent identity that Microsoft disabled.
pub const BANNED_IDENTITY: u32 = 900_002;
/// The number of the demo tenant's agent identity that has an agent user already.
pub const TAKEN_IDENTITY: u32 = 900_003;
/// The number of the demo tenant's SKU with a mailbox and Teams.
pub const FULL_SKU: u32 = 1;
/// The number of the demo tenant's SKU without a mailbox.
pub const SMALL_SKU: u32 = 2;

/// What an application needs to read for a provisioning, besides its writes.
const READS: [&str; 5] = [
    "AgentIdentity.Read.All",
    "Application.Read.All",
    "LicenseAssignment.Read.All",
    "Organization.Read.All",
    "User.Read.All",
];

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

    /// The demo tenant `contoso.com`: three blueprints, agent identities 1 to `identities` in turn among them, five
    /// humans, two groups, two SKUs, one parent of each bad kind, and the tokens of this module's constants.
    ///
    /// The SKUs' and plans' names are invented or assumed; no source lists those that agent users get.
    #[must_use]
    pub fn contoso(identities: u32) -> Self {
        let mut tenant = Self::new()
            .domain("contoso.com")
            .initial_domain("contoso.onmicrosoft.com")
            .unverified_domain("fabrikam.com")
            .federated_domain("federated.contoso.com")
            .blueprint(1)
            .blueprint(2)
            .blueprint(3)
            .plain_principal(1)
            .group(1)
            .group(2)
            .sku(FULL_SKU, "AGENT_365", 25, full_plans(Duration::from_secs(600), Duration::from_secs(900)))
            .sku(SMALL_SKU, "AGENT_MESSAGING", 5, vec![foundation_plan()]);
        for n in 1..=5 {
            tenant = tenant.human(n);
        }
        for n in 1..=identities {
            tenant = tenant.identity(n, (n - 1) % 3 + 1);
        }
        tenant = tenant
            .identity(DISABLED_IDENTITY, 1)
            .identity(BANNED_IDENTITY, 1)
            .identity(TAKEN_IDENTITY, 1)
            .agent_user(TAKEN_IDENTITY, "first.agent@contoso.com")
            .change_identity(DISABLED_IDENTITY, |identity| identity.account_enabled = false)
            .change_identity(BANNED_IDENTITY, |identity| identity.disabled_by_microsoft = true);
        tenant
            .token("admin", Token::everything())
            .token("blueprint-1", blueprint_token(1))
            .token("manager", manager_token())
            .token("reader", Token::application(READS))
            .token("nobody", Token::application([]))
            .token("expired", Token::everything().expires_at(Duration::ZERO))
            .token("challenged", Token::everything().challenged("eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="))
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
        self.directory.skus.insert(id, Sku { id, part_number: part_number.to_owned(), seats, plans });
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
        self.blueprint_without_principal(n).link_blueprint(n)
    }

    /// Adds blueprint `n` without a principal: no agent identity can be made of it.
    #[must_use]
    pub fn blueprint_without_principal(mut self, n: u32) -> Self {
        let blueprint = Blueprint {
            id: ids::blueprint(n),
            app_id: ids::blueprint_app(n),
            display_name: format!("Blueprint {n}"),
            principal: None,
        };
        self.directory.blueprints.insert(blueprint.app_id, blueprint);
        self
    }

    fn link_blueprint(mut self, n: u32) -> Self {
        if let Some(blueprint) = self.directory.blueprints.get_mut(&ids::blueprint_app(n)) {
            blueprint.principal = Some(ids::blueprint_principal(n));
        }
        self
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

    /// Adds a service principal that has nothing to do with agents.
    #[must_use]
    pub fn plain_principal(mut self, n: u32) -> Self {
        let name = format!("App {n}");
        let principal = self.principal(ids::plain(n), ids::plain_app(n), PrincipalKind::Plain, name);
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
            sponsors: BTreeSet::new(),
            extras: Map::new(),
            created: Now { mono: Duration::ZERO, unix_ms: self.unix_ms },
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
            created: Now { mono: Duration::ZERO, unix_ms: self.unix_ms },
            created_through_graph: false,
            sessions_valid_from: None,
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
    pub fn group(mut self, n: u32) -> Self {
        let id = ids::group(n);
        self.directory.groups.insert(id, Group { id, display_name: format!("Group {n}") });
        self
    }

    /// Accepts a token: `Authorization: Bearer {secret}`.
    #[must_use]
    pub fn token(mut self, secret: &str, token: Token) -> Self {
        self.directory.add_token(secret, token);
        self
    }

    /// Whether it accepts the token.
    #[cfg(feature = "server")]
    pub(crate) fn has_token(&self, secret: &str) -> bool {
        self.directory.tokens.contains_key(secret)
    }

    /// Throttles by these quotas. Without, nobody is throttled.
    #[must_use]
    pub fn quotas(mut self, quotas: Quotas) -> Self {
        self.directory.set_quotas(Some(quotas));
        self
    }

    /// The directory. What the tenant began with has replicated long ago, except what comes into being later.
    #[must_use]
    pub fn build(self) -> Directory {
        self.directory
    }
}

/// What blueprint `n` may do with its own token: make and manage its own agent users.
#[must_use]
pub fn blueprint_token(n: u32) -> Token {
    let write = "AgentIdUser.ReadWrite.IdentityParentedBy";
    Token::application(READS.into_iter().chain([write])).blueprint(ids::blueprint_app(n))
}

/// What a client may do that manages agent users of any blueprint.
#[must_use]
pub fn manager_token() -> Token {
    Token::application(READS.into_iter().chain(["AgentIdUser.ReadWrite.All"]))
}

/// A mailbox, Teams, and the foundation that is no mailbox. The names are assumptions.
#[must_use]
pub fn full_plans(least: Duration, most: Duration) -> Vec<Plan> {
    vec![exchange_plan(Provisioning::Between(least, most)), teams_plan(least, most), foundation_plan()]
}

/// `EXCHANGE_S_ENTERPRISE`: a mailbox.
#[must_use]
pub fn exchange_plan(provisioning: Provisioning) -> Plan {
    Plan {
        id: ids::plan(1),
        name: "EXCHANGE_S_ENTERPRISE".to_owned(),
        service: "exchange".to_owned(),
        for_users: true,
        mailbox: true,
        provisioning,
    }
}

/// `TEAMS1`.
#[must_use]
pub fn teams_plan(least: Duration, most: Duration) -> Plan {
    Plan {
        id: ids::plan(2),
        name: "TEAMS1".to_owned(),
        service: "TeamspaceAPI".to_owned(),
        for_users: true,
        mailbox: false,
        provisioning: Provisioning::Between(least, most),
    }
}

/// `EXCHANGE_S_FOUNDATION`: its service is `exchange`, it is there at once, and it is no mailbox.
#[must_use]
pub fn foundation_plan() -> Plan {
    Plan {
        id: ids::plan(3),
        name: "EXCHANGE_S_FOUNDATION".to_owned(),
        service: "exchange".to_owned(),
        for_users: true,
        mailbox: false,
        provisioning: Provisioning::Between(Duration::ZERO, Duration::ZERO),
    }
}
