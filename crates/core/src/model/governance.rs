//! Directory roles, Conditional Access and risk, as far as an audit reads them (docs/graph.md#directory-roles).

use crate::ObjectId;
use serde::Deserialize;

/// A directory role that somebody has, or may activate.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct RoleAssignment {
    /// Its id.
    pub id: Option<String>,
    /// The user, group or service principal that has it.
    pub principal_id: Option<ObjectId>,
    /// The role's definition.
    pub role_definition_id: Option<ObjectId>,
    /// `/` for the whole tenant.
    pub directory_scope_id: Option<String>,
}

/// A directory role.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct RoleDefinition {
    /// Its id: of a built-in role, that of its template.
    pub id: Option<ObjectId>,
    /// Its name.
    pub display_name: Option<String>,
    /// Whether Microsoft made it.
    pub is_built_in: Option<bool>,
}

/// A Conditional Access policy; of What-If, with whether it applies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AccessPolicy {
    /// Its id.
    pub id: Option<String>,
    /// Its name.
    pub display_name: Option<String>,
    /// `enabled`, `disabled` or `enabledForReportingButNotEnforced`.
    pub state: Option<String>,
    /// Its conditions.
    pub conditions: Option<AccessConditions>,
    /// The controls that it demands.
    pub grant_controls: Option<GrantControls>,
    /// Whether it applies; of What-If.
    pub policy_applies: Option<bool>,
}

/// The conditions of a policy that tell users apart.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct AccessConditions {
    /// The conditions about users.
    pub users: Option<AccessUsers>,
}

/// The users of a policy: ids, and words such as `All`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AccessUsers {
    /// Users that it is for.
    pub include_users: Option<Vec<String>>,
    /// Users that it is not for.
    pub exclude_users: Option<Vec<String>>,
    /// Groups that it is for.
    pub include_groups: Option<Vec<String>>,
    /// Groups that it is not for.
    pub exclude_groups: Option<Vec<String>>,
    /// Roles that it is for.
    pub include_roles: Option<Vec<String>>,
    /// Roles that it is not for.
    pub exclude_roles: Option<Vec<String>>,
}

/// The controls that a policy demands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct GrantControls {
    /// Such as `block` and `mfa`.
    pub built_in_controls: Option<Vec<String>>,
}

/// An agent at risk.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct RiskyAgent {
    /// The id of the agent.
    pub id: Option<ObjectId>,
    /// `agentUser`, `agentIdentity` or another kind.
    pub identity_type: Option<String>,
    /// `low`, `medium` or `high`.
    pub risk_level: Option<String>,
    /// `atRisk`, `confirmedCompromised`, or a state that is over.
    pub risk_state: Option<String>,
}
