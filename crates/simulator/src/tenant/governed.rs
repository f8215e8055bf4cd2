//! The governance of a tenant: roles, Conditional Access, risk, sign-ins, restricted management.

use super::Tenant;
use crate::directory::{AccessPolicy, Licensing, RiskyAgent, RoleAssignment, SignIn, role_id};
use crate::ids;
use agentuser_core::ObjectId;

impl Tenant {
    /// Adds administrative unit `n` with these members, which administrators of the unit alone may change.
    #[must_use]
    pub fn restricted_unit(self, n: u32, members: impl IntoIterator<Item = ObjectId>) -> Self {
        let mut tenant = self.administrative_unit(n, members);
        if let Some(unit) = tenant.directory.units.get_mut(&ids::unit(n)) {
            unit.restricted = true;
        }
        tenant
    }

    /// Assigns a built-in directory role by its name, such as `Global Reader`, for the whole tenant; an eligible one is not active.
    /// A name that no built-in role has changes nothing.
    #[must_use]
    pub fn directory_role(mut self, principal: ObjectId, role: &str, is_eligible: bool) -> Self {
        let (seed, since) = (self.directory.seed, self.beginning());
        if let Some(role) = role_id(role) {
            let one = RoleAssignment { principal, role, unit: None, since, until: None };
            self.directory.roles.add(seed, one, is_eligible);
        }
        self
    }

    /// Adds a Conditional Access policy.
    #[must_use]
    pub fn access_policy(mut self, policy: AccessPolicy) -> Self {
        let policy = AccessPolicy { created: self.unix_ms, ..policy };
        self.directory.access_policies.push(policy);
        self
    }

    /// Puts an agent user, agent identity or principal of a blueprint at risk since the beginning.
    #[must_use]
    pub fn at_risk(mut self, id: ObjectId, level: &'static str) -> Self {
        let updated = self.unix_ms;
        self.directory.risky.insert(id, RiskyAgent { id, level, state: "atRisk", updated });
        self
    }

    /// Lets a user have signed in so many days before the beginning.
    #[must_use]
    pub fn signed_in(mut self, user: ObjectId, days_ago: u32, succeeded: bool) -> Self {
        let at = self.unix_ms - i64::from(days_ago) * 24 * 3_600 * 1_000;
        self.directory.sign_ins.entry(user).or_default().push(SignIn { at, succeeded });
        self
    }

    /// Sets the editions of Microsoft Entra ID that the tenant has.
    #[must_use]
    pub const fn licensing(mut self, licensing: Licensing) -> Self {
        self.directory.licensing = licensing;
        self
    }
}
