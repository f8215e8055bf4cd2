//! The parameters of operations on permissions (docs/graph.md#permissions-of-agents).

use super::parameters::{Parameter, Source};
#[cfg(feature = "schema")]
use super::shape::Shape;
use super::table::parameters;
use crate::ObjectId;
use crate::graph::InheritanceChange;
use crate::model::{Consent, GRAPH_APP_ID, Inheritance, NamedAgent, PermissionHolder, PermissionName};
use crate::validate::{Violation, Violations, guid};
use serde_json::Error;

parameters! { (source)
    /// The principal that acts by delegated permissions, and the users that it acts for.
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
    } = {
        let named = named(&user, &agent_identity_id, &blueprint);
        source.violations.keep(named.consent(all_principals))
    };

    /// The agent whose permissions are meant.
    PermissionsOf -> PermissionHolder {
        /// The agent user: its object id or user principal name.
        user "user": take String,
        /// The agent identity: its object id.
        agent_identity_id "agentIdentityId": take String,
        /// The blueprint whose principal it is: its application id, or an object id.
        blueprint "blueprint": take String,
    } = source.violations.keep(named(&user, &agent_identity_id, &blueprint).holder());

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

    /// The permissions that agent identities inherit.
    Inherited -> InheritanceChange {
        /// Whether they inherit the delegated permissions that are granted to the blueprint's principal:
        /// `allAllowed` or `none`. It stays as it is, unless given.
        scopes "inheritableScopes": take Inheritance,
        /// Whether they inherit the app roles that are assigned to the blueprint's principal: `allAllowed` or
        /// `none`. It stays as it is, unless given.
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

fn named<'a>(
    user: &'a Option<String>,
    agent_identity_id: &'a Option<String>,
    blueprint: &'a Option<String>,
) -> NamedAgent<'a> {
    NamedAgent {
        user: user.as_deref(),
        agent_identity_id: agent_identity_id.as_deref(),
        blueprint: blueprint.as_deref(),
    }
}
