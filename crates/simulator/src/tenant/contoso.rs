//! The demo tenant.

use super::Tenant;
use super::plans::{foundation_plan, full_plans};
use crate::directory::{LifecyclePolicy, Token};
use crate::entra::{Application, Redirect};
use crate::ids;
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

/// The secret of the demo tenant's applications. It opens nothing but a simulator.
pub const DEMO_SECRET: &str = "simulated-secret";
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

/// The read permissions that provisioning needs besides its writes.
const READS: [&str; 5] = [
    "AgentIdentity.Read.All",
    "Application.Read.All",
    "LicenseAssignment.Read.All",
    "Organization.Read.All",
    "User.Read.All",
];

impl Tenant {
    /// The demo tenant `contoso.com`: three blueprints, agent identities 1 to `identities` in turn among them, five
    /// humans, two groups, two SKUs, one parent of each bad kind, and the tokens of the constants of [`crate::tenant`].
    ///
    /// The SKUs' and plans' names are invented or assumed; no source lists those that agent users get.
    #[must_use]
    pub fn contoso(identities: u32) -> Self {
        Self::contoso_without_agent_users(identities).agent_user(TAKEN_IDENTITY, "first.agent@contoso.com")
    }

    /// The same before its first agent user.
    #[must_use]
    pub fn contoso_without_agent_users(identities: u32) -> Self {
        let mut tenant = Self::new()
            .domain("contoso.com")
            .initial_domain("contoso.onmicrosoft.com")
            .unverified_domain("fabrikam.com")
            .federated_domain("federated.contoso.com")
            .blueprint(1)
            .blueprint(2)
            .blueprint(3)
            .plain_principal(1)
            .graph_principal()
            .group(1)
            .group(2)
            .administrative_unit(1, [])
            .first_lifecycle_policy(LifecyclePolicy::system_default(ids::policy(1)))
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
            .demo_applications()
    }

    /// The applications of the demo tenant: blueprints 1 to 3 as themselves, [`ids::plain_app`] 1 as a client that manages agent
    /// users of any blueprint, and [`ids::plain_app`] 2 as the program of a person.
    fn demo_applications(mut self) -> Self {
        for n in 1..=3 {
            let blueprint = Application::new(ids::blueprint_app(n)).secret(DEMO_SECRET);
            self = self.application(blueprint.permissions(blueprint_token(n)));
        }
        let manager = Application::new(ids::plain_app(1)).secret(DEMO_SECRET).permissions(manager_token());
        let person = Application::new(ids::plain_app(2)).public_flows();
        let person = person.redirect(Redirect::Public, "http://localhost");
        let person = person.redirect(Redirect::Public, "http://127.0.0.1");
        self.application(manager).application(person).sign_in(|entra| {
            entra.add_tenant(ids::other_tenant(1));
            entra.add_admin(ids::human(1));
        })
    }
}

/// The token of blueprint `n`: it may create and manage its own agent users.
#[must_use]
pub fn blueprint_token(n: u32) -> Token {
    let write = "AgentIdUser.ReadWrite.IdentityParentedBy";
    Token::application(READS.into_iter().chain([write])).blueprint(ids::blueprint_app(n))
}

/// The token of a client that manages agent users of any blueprint.
#[must_use]
pub fn manager_token() -> Token {
    Token::application(READS.into_iter().chain(["AgentIdUser.ReadWrite.All"]))
}
