//! The tenant that a scenario begins with.

use super::agents::{Agent, Granted, Leave, Licensed, Named, Parent, Person, Role, SignedIn};
use super::deed::Deed;
use super::readable::Look;
use super::scenario::{LifeScenario, OF_FIRST, PERMISSIONS};
use agentuser_core::ObjectId;
use agentuser_core::hash::{mix, text_key};
use agentuser_simulator::{
    AccessPolicy, Faults, Lag, License, Licensing, Life, Network, Switches, Tenant, Token, User, World, ids,
    tenant,
};
use serde_json::json;
use std::collections::BTreeSet;

/// The authorization of every request.
pub(super) const AUTHORIZATION: &str = "Bearer lives";

/// The people who can't act, and the groups without members and with roles.
pub(super) const DISABLED: u32 = 11;
pub(super) const DELETED: u32 = 12;
pub(super) const EMPTY_GROUP: u32 = 3;
pub(super) const ROLE_GROUP: u32 = 4;

/// The number of the agent identity that a probe may use.
pub(super) const FREE: u32 = 30;

impl Person {
    pub(super) const fn id(self) -> ObjectId {
        match self {
            Self::Human(n) => ids::human(n),
            Self::Disabled => ids::human(DISABLED),
            Self::Deleted => ids::human(DELETED),
            Self::EmptyGroup => ids::group(EMPTY_GROUP),
        }
    }
}

impl Agent {
    pub(super) const fn id(&self) -> ObjectId {
        ids::agent_user(self.number)
    }

    pub(super) fn upn(&self) -> String {
        let domain = match self.named {
            Named::Usual => "contoso.com",
            Named::Unverified => "fabrikam.com",
            Named::Federated => "federated.contoso.com",
        };
        format!("agent{}@{domain}", self.number)
    }

    /// Whether its parent is an agent identity that is there.
    pub(super) const fn has_identity(&self) -> bool {
        matches!(self.parent, Parent::Sound | Parent::Disabled | Parent::DisabledByMicrosoft)
    }

    fn license(&self, user: &User) -> Option<(ObjectId, License)> {
        let license = |error| License { disabled_plans: BTreeSet::new(), assigned: user.created, error };
        match self.licensed {
            Licensed::Not => None,
            Licensed::Full => Some((ids::sku(tenant::FULL_SKU), license(None))),
            Licensed::Small => Some((ids::sku(tenant::SMALL_SKU), license(None))),
            Licensed::Failed => Some((ids::sku(tenant::SMALL_SKU), license(Some("CountViolation")))),
        }
    }

    fn change(&self, user: &mut User, parent: ObjectId) {
        user.user_principal_name = self.upn();
        user.parent = Some(parent);
        user.manager = self.manager.map(Person::id);
        user.sponsors = self.sponsors.iter().map(|one| one.id()).collect();
        user.account_enabled = self.enabled;
        user.usage_location = self.located.then(|| "DE".to_owned());
        let license = self.license(user);
        user.licenses.extend(license);
        let leave = match self.leave {
            Leave::Never => None,
            Leave::Past => Some("2026-05-01T00:00:00Z"),
            Leave::Soon => Some("2026-06-15T00:00:00Z"),
            Leave::Far => Some("2099-12-31T00:00:00Z"),
        };
        user.extras.extend(leave.map(|date| ("employeeLeaveDateTime".to_owned(), date.into())));
        if self.in_bin {
            user.life = Life::Deleted(user.created);
        }
    }

    fn add(&self, mut built: Tenant, parent: ObjectId) -> Tenant {
        let (n, id) = (self.number, self.id());
        built = built.change_user(id, |user| self.change(user, parent)).change_identity(n, |identity| {
            identity.sponsors = self.parent_sponsors.iter().map(|one| one.id()).collect();
            identity.account_enabled = self.parent != Parent::Disabled;
            identity.disabled_by_microsoft = self.parent == Parent::DisabledByMicrosoft;
            match self.parent {
                Parent::Deleted => identity.life = Life::Deleted(identity.created),
                Parent::Gone => identity.life = Life::Gone,
                _ => {}
            }
        });
        let identity = ids::identity(n);
        built = match self.granted {
            _ if !self.has_identity() => built,
            Granted::Nothing => built,
            Granted::ForIt => built.consent(identity, Some(id), "Mail.Read"),
            Granted::ForAll => built.consent(identity, None, "Mail.Read"),
            Granted::Blocked => built.consent(identity, Some(id), "User.ReadWrite.All"),
        };
        built = match self.role {
            Role::None => built,
            Role::Active => built.directory_role(id, "Global Reader", false),
            Role::Eligible => built.directory_role(id, "Global Reader", true),
            Role::OfGroup => built.change_group(ROLE_GROUP, |group| group.members.extend([id])),
        };
        built = match self.signed_in {
            SignedIn::Yesterday => built.signed_in(id, 1, true),
            SignedIn::LongAgo => built.signed_in(id, 200, true),
            SignedIn::Never => built.signed_in(id, 1, false),
        };
        if self.at_risk { built.at_risk(id, "high") } else { built }
    }
}

impl LifeScenario {
    pub(super) fn switches(&self) -> Switches {
        Switches::from_seed(self.seed)
    }

    /// The lists that can't be read.
    pub(super) fn broken(&self) -> BTreeSet<Look> {
        match &self.deed {
            Deed::Audit { broken, .. } => broken.clone(),
            _ => BTreeSet::new(),
        }
    }

    pub(super) fn agent(&self, number: u32) -> Option<&Agent> {
        self.agents.iter().find(|agent| agent.number == number)
    }

    /// The agent identity of an agent user, or what stands in its place.
    pub(super) fn parent_of(&self, agent: &Agent) -> ObjectId {
        match (agent.parent, agent.number.checked_sub(1).and_then(|before| self.agent(before))) {
            (Parent::Shared, Some(before)) => self.parent_of(before),
            (Parent::Plain, _) => ids::plain(1),
            _ => ids::identity(agent.number),
        }
    }

    /// The faults of requests.
    pub(super) fn network_faults(&self) -> Faults {
        let faults = match (self.faults, self.brisk) {
            (0, _) => Faults::none(),
            (rate, true) => Faults::seeded(self.seed, rate).brisk(),
            (rate, false) => Faults::seeded(self.seed, rate),
        };
        faults.with(
            self.broken()
                .into_iter()
                .map(|look| look.broken(mix(&[self.seed, text_key(&format!("{look:?}"))]))),
        )
    }

    /// The tenant in the beginning.
    pub(super) fn world(&self) -> World {
        let mut built = Tenant::contoso_without_agent_users(0)
            .blueprint(11)
            .blueprint(12)
            .seats(50)
            .human(DISABLED)
            .human(DELETED)
            .group(EMPTY_GROUP)
            .group(ROLE_GROUP)
            .populate(1, OF_FIRST, 11)
            .populate(OF_FIRST + 1, super::scenario::AGENTS, 12)
            .identity(FREE, 1)
            .change_user(ids::human(DISABLED), |user| user.account_enabled = false)
            .change_user(ids::human(DELETED), |user| user.life = Life::Deleted(user.created))
            .change_group(ROLE_GROUP, |group| {
                group.extras.insert("isAssignableToRole".into(), true.into());
            });
        for n in [tenant::DISABLED_IDENTITY, tenant::BANNED_IDENTITY, tenant::TAKEN_IDENTITY, FREE] {
            built = built.change_identity(n, |identity| identity.sponsors = BTreeSet::from([ids::human(5)]));
        }
        for agent in &self.agents {
            built = agent.add(built, self.parent_of(agent));
        }
        let blocked = self.agents.iter().filter(|agent| agent.blocked).map(|agent| agent.id().to_string());
        let blocked: Vec<String> = blocked.collect();
        if !blocked.is_empty() {
            let users = json!({ "includeUsers": blocked });
            built = built.access_policy(AccessPolicy::blocking(ids::access_policy(1), "Block some", users));
        }
        let held = |lacks: &BTreeSet<&str>| {
            PERMISSIONS.into_iter().filter(|one| !lacks.contains(one)).collect::<Vec<_>>()
        };
        let token =
            self.lacks.as_ref().map_or_else(Token::everything, |lacks| Token::application(held(lacks)));
        let (p1, p2) = self.editions;
        let built = built
            .token(AUTHORIZATION.trim_start_matches("Bearer "), token)
            .licensing(Licensing { p1, p2 })
            .switches(self.switches())
            .lag(Lag::seeded(self.seed, self.lag));
        World::new(Network::new(built.build(), self.network_faults()), AUTHORIZATION)
    }
}
