//! The parameters of operations on permissions (docs/graph.md#permissions-of-agents).

use super::parameters::{Parameter, Source};
#[cfg(feature = "schema")]
use super::shape::Shape;
use super::table::parameters;
use crate::ObjectId;
use crate::graph::InheritanceChange;
use crate::model::{
    Consent, GRAPH_APP_ID, Inheritance, PermissionClient, PermissionHolder, PermissionName, UserRef,
};
use crate::validate::{RuleCode, Violation, Violations, guid};
use serde_json::Error;

parameters! { (source)
    /// Who acts by delegated permissions, and for whom.
    WithConsent -> Consent {
        /// The user that the permissions are for: an agent user, by object id or user principal name. Its agent identity is
        /// the one that acts, unless another is named; then the user may be a person on whose behalf it acts.
        user "user": take String,
        /// The agent identity that acts: its object id.
        agent_identity_id "agentIdentityId": take String,
        /// The blueprint whose principal acts: its application id, or an object id. Its agent identities can inherit what is
        /// granted to it for all users.
        blueprint "blueprint": take String,
        /// Whether the permissions are for all users of the tenant; then no user is named.
        all_principals "allPrincipals": or_default bool,
    } = consent(user, agent_identity_id, blueprint, all_principals, &mut source.violations);

    /// The agent whose permissions are meant.
    PermissionsOf -> PermissionHolder {
        /// The agent user: its object id or user principal name.
        user "user": take String,
        /// The agent identity: its object id.
        agent_identity_id "agentIdentityId": take String,
        /// The blueprint whose principal it is: its application id, or an object id.
        blueprint "blueprint": take String,
    } = holder(user, agent_identity_id, blueprint, &mut source.violations);

    /// A blueprint.
    Blueprint -> ObjectId {
        /// The blueprint: its application (client) id; or the object id of its application or of its principal.
        blueprint "blueprint": need String,
    } = source.violations.object_id("blueprint", &blueprint);

    /// The resource whose permissions are meant.
    ResourceAppId -> ObjectId {
        /// The application id of the resource; that of Microsoft Graph, unless given.
        resource "resourceAppId": take String,
    } = match resource {
        Some(id) => {
            let read = guid("resourceAppId", "an application (client) id", &id);
            source.violations.keep(read.map_err(|violation| vec![violation]))
        }
        None => Some(GRAPH_APP_ID),
    };

    /// Delegated permissions.
    Scopes -> Vec<PermissionName> {
        /// The names of the delegated permissions, such as `User.Read`.
        scopes "scopes": need Vec<String>,
    } = names("scopes", &scopes, &mut source.violations);

    /// An app role.
    AppRole -> PermissionName {
        /// The name of the app role, such as `AgentIdUser.ReadWrite.IdentityParentedBy`.
        app_role "appRole": need String,
    } = permission_name("appRole", &app_role, &mut source.violations);

    /// A permission in a token.
    Permission -> PermissionName {
        /// The name of the app role or delegated permission, such as `AgentIdUser.ReadWrite.IdentityParentedBy`.
        permission "permission": need String,
    } = permission_name("permission", &permission, &mut source.violations);

    /// What agent identities inherit.
    Inherited -> InheritanceChange {
        /// What they inherit of the delegated permissions that are granted to the blueprint's principal: `allAllowed` or
        /// `none`. It stays as it is, unless given.
        scopes "inheritableScopes": take Inheritance,
        /// What they inherit of the app roles that are assigned to the blueprint's principal: `allAllowed` or `none`. It
        /// stays as it is, unless given.
        roles "inheritableRoles": take Inheritance,
    } = {
        if scopes.is_none() && roles.is_none() {
            source.violations.push(Violation::required("inheritableScopes"));
        }
        Some(InheritanceChange { scopes, roles })
    };
}

/// Reads the name of a permission; none where it breaks a rule, which is kept.
pub(super) fn permission_name(
    field: &'static str,
    text: &str,
    violations: &mut Violations,
) -> Option<PermissionName> {
    violations.keep_as(field, PermissionName::parse(text).map_err(|violation| vec![violation]))
}

fn names(field: &'static str, texts: &[String], violations: &mut Violations) -> Option<Vec<PermissionName>> {
    if texts.is_empty() {
        violations.push(Violation::required(field));
        return None;
    }
    let before = violations.len();
    let names = texts.iter().filter_map(|text| permission_name(field, text, violations)).collect();
    (violations.len() == before).then_some(names)
}

/// One member too many.
fn beside(field: &'static str, other: &str) -> Violation {
    let message = format!("It is given beside {other}.");
    Violation::new(RuleCode::Contradiction, field, message, format!("Leave out {field} or {other}."))
}

fn client(
    agent_identity_id: Option<&str>,
    blueprint: Option<&str>,
    violations: &mut Violations,
) -> Option<PermissionClient> {
    if agent_identity_id.is_some() && blueprint.is_some() {
        violations.push(beside("blueprint", "agentIdentityId"));
    }
    let blueprint = blueprint.and_then(|id| violations.object_id("blueprint", id));
    let identity = agent_identity_id.and_then(|id| violations.object_id("agentIdentityId", id));
    identity.map(PermissionClient::AgentIdentity).or(blueprint.map(PermissionClient::Blueprint))
}

fn holder(
    user: Option<String>,
    agent_identity_id: Option<String>,
    blueprint: Option<String>,
    violations: &mut Violations,
) -> Option<PermissionHolder> {
    let before = violations.len();
    if user.is_some() && agent_identity_id.is_some() {
        violations.push(beside("agentIdentityId", "user"));
    }
    if user.is_some() && blueprint.is_some() {
        violations.push(beside("blueprint", "user"));
    }
    let is_nothing = user.is_none() && agent_identity_id.is_none() && blueprint.is_none();
    if is_nothing {
        violations.push(Violation::new(
            RuleCode::Required,
            "user",
            "Nobody is named.",
            "Name one of user, agentIdentityId and blueprint.",
        ));
    }
    let user = user.and_then(|user| violations.keep_as("user", UserRef::parse(&user)));
    let client = client(agent_identity_id.as_deref(), blueprint.as_deref(), violations);
    let holder = user.map(PermissionHolder::User).or(client.map(PermissionHolder::Client));
    holder.filter(|_| violations.len() == before)
}

fn consent(
    user: Option<String>,
    agent_identity_id: Option<String>,
    blueprint: Option<String>,
    all_principals: bool,
    violations: &mut Violations,
) -> Option<Consent> {
    let before = violations.len();
    let has_user = user.is_some();
    if has_user && all_principals {
        violations.push(beside("allPrincipals", "user"));
    }
    if has_user && blueprint.is_some() {
        violations.push(beside("blueprint", "user"));
    }
    let names_client = agent_identity_id.is_some() || blueprint.is_some();
    if !has_user && !all_principals {
        let fix = match names_client {
            true => "Name the user, or say allPrincipals: true for all users of the tenant.",
            false => "Name the agent user; or the agent identity or blueprint, with allPrincipals: true.",
        };
        violations.push(Violation::new(RuleCode::Required, "user", "It is not said for whom.", fix));
    } else if all_principals && !names_client && !has_user {
        violations.push(Violation::new(
            RuleCode::Required,
            "agentIdentityId",
            "It is not said who acts.",
            "Name the agent identity or the blueprint that acts for all users.",
        ));
    }
    let user = user.and_then(|user| violations.keep_as("user", UserRef::parse(&user)));
    let client = client(agent_identity_id.as_deref(), blueprint.as_deref(), violations);
    let consent = match (user, client) {
        (Some(user), Some(PermissionClient::AgentIdentity(agent_identity))) => {
            Consent::OneUser { agent_identity, user }
        }
        (Some(user), _) => Consent::AgentUser(user),
        (None, client) => Consent::AllUsers(client?),
    };
    (violations.len() == before).then_some(consent)
}
