//! Reads whose permissions are meant, and for whom: one way for the JSON tier and the command line.

use super::{Consent, PermissionClient, PermissionHolder, UserRef};
use crate::validate::{RuleCode, Violation, Violations};

/// The names that say whose permissions are meant, as they were given.
#[derive(Debug, Clone, Copy, Default)]
pub struct NamedAgent<'a> {
    /// A user, by object id or user principal name.
    pub user: Option<&'a str>,
    /// An agent identity, by object id.
    pub agent_identity_id: Option<&'a str>,
    /// A blueprint, by application id or an object id.
    pub blueprint: Option<&'a str>,
}

impl NamedAgent<'_> {
    /// The principal that acts by delegated permissions, and the user that it acts for, or all users of the
    /// tenant.
    ///
    /// # Errors Every rule that is broken: `Required` where the principal or the users are not named,
    /// `Contradiction` where too many are, and those of ids and names.
    pub fn consent(self, all_principals: bool) -> Result<Consent, Vec<Violation>> {
        let mut broken = Violations::default();
        let has_user = self.user.is_some();
        if has_user && all_principals {
            broken.push(beside("allPrincipals", "user"));
        }
        if has_user && self.blueprint.is_some() {
            broken.push(beside("blueprint", "user"));
        }
        let names_client = self.agent_identity_id.is_some() || self.blueprint.is_some();
        if !has_user && !all_principals {
            let fix = match names_client {
                true => {
                    "Name the user, or say allPrincipals: true (--all-users) for all users of the tenant."
                }
                false => {
                    "Name the agent user; or the agent identity or blueprint, with allPrincipals: true (--all-users)."
                }
            };
            broken.push(Violation::new(RuleCode::Required, "user", "It is not said for whom.", fix));
        } else if all_principals && !names_client && !has_user {
            let fix = "Name the agent identity or the blueprint that acts for all users.";
            let message = "It is not said who acts.";
            broken.push(Violation::new(RuleCode::Required, "agentIdentityId", message, fix));
        }
        let user = self.user.and_then(|user| broken.keep_as("user", UserRef::parse(user)));
        let consent = match (user, self.client(&mut broken)) {
            (Some(user), Some(PermissionClient::AgentIdentity(agent_identity))) => {
                Some(Consent::OneUser { agent_identity, user })
            }
            (Some(user), _) => Some(Consent::AgentUser(user)),
            (None, client) => client.map(Consent::AllUsers),
        };
        broken.finish(consent)
    }

    /// The one agent whose permissions are meant.
    ///
    /// # Errors
    /// Every rule that is broken: `Required` where no agent is named, `Contradiction` where several are, and those of ids and
    /// names.
    pub fn holder(self) -> Result<PermissionHolder, Vec<Violation>> {
        let mut broken = Violations::default();
        if self.user.is_some() && self.agent_identity_id.is_some() {
            broken.push(beside("agentIdentityId", "user"));
        }
        if self.user.is_some() && self.blueprint.is_some() {
            broken.push(beside("blueprint", "user"));
        }
        if self.user.is_none() && self.agent_identity_id.is_none() && self.blueprint.is_none() {
            let fix = "Name one of user, agentIdentityId and blueprint.";
            broken.push(Violation::new(RuleCode::Required, "user", "No agent is named.", fix));
        }
        let user = self.user.and_then(|user| broken.keep_as("user", UserRef::parse(user)));
        let client = self.client(&mut broken);
        broken.finish(user.map(PermissionHolder::User).or(client.map(PermissionHolder::Client)))
    }

    fn client(self, broken: &mut Violations) -> Option<PermissionClient> {
        if self.agent_identity_id.is_some() && self.blueprint.is_some() {
            broken.push(beside("blueprint", "agentIdentityId"));
        }
        let blueprint = self.blueprint.and_then(|id| broken.object_id("blueprint", id));
        let identity = self.agent_identity_id.and_then(|id| broken.object_id("agentIdentityId", id));
        identity.map(PermissionClient::AgentIdentity).or(blueprint.map(PermissionClient::Blueprint))
    }
}

/// One member too many.
fn beside(field: &'static str, other: &str) -> Violation {
    let message = format!("It is given beside {other}.");
    Violation::new(RuleCode::Contradiction, field, message, format!("Leave out {field} or {other}."))
}
