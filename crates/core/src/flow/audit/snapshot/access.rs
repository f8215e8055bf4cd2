//! The access of agents: grants, roles, policies, risk.

use super::super::table::identified;
use super::super::text::Text;
use crate::ObjectId;
use crate::flow::read::Read;
use serde::{Deserialize, Serialize};

/// A delegated permission grant by which an agent acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GrantOf {
    /// The service principal that acts.
    pub client_id: ObjectId,
    /// The user, of a grant for one; absent where it is for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal_id: Option<ObjectId>,
    /// The service principal of the resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<ObjectId>,
    /// The names of the delegated permissions.
    pub scopes: Vec<String>,
}

/// The app roles of Microsoft Graph that agents have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppRoles {
    /// The service principal of Microsoft Graph in this tenant.
    pub resource_id: ObjectId,
    /// The app roles, each with the agent that holds it.
    pub held: Vec<HeldAppRole>,
}

/// An app role of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeldAppRole {
    /// The agent user, agent identity or principal of a blueprint.
    pub principal_id: ObjectId,
    /// The role's name, such as `User.Read.All`; its id where Graph does not define it any more.
    pub name: String,
}

/// The permissions that the agent identities of a blueprint inherit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InheritanceOf {
    /// The application id of the blueprint.
    pub id: ObjectId,
    /// The application ids of the resources of which all permissions are inherited.
    pub all_allowed: Read<Vec<ObjectId>>,
}

/// A directory role that an agent user has or may activate, by itself or by a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeldRole {
    /// The agent user, or the group.
    pub principal_id: ObjectId,
    /// The role's definition.
    pub role_definition_id: ObjectId,
    /// `/` for the whole tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directory_scope_id: Option<String>,
}

/// A directory role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoleOf {
    /// The id of its definition.
    pub id: ObjectId,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Whether Microsoft made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_built_in: Option<bool>,
}

/// A group to which roles can be assigned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoleGroup {
    /// The object id.
    pub id: ObjectId,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The agent users that are members of it.
    pub members: Read<Vec<ObjectId>>,
}

/// The results of a lifecycle policy for the parents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubjectsOf {
    /// The policy's id.
    pub policy: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The rules that are evaluated, such as `periodicAttestation`; none where Graph does not show them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Vec<String>>,
    /// Its subjects.
    pub subjects: Read<Vec<SubjectOf>>,
}

/// The result of a lifecycle policy for one parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubjectOf {
    /// The agent identity.
    pub id: ObjectId,
    /// `effective` where the policy governs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relationship: Option<Text>,
    /// `compliant`, `nonCompliant` or `notEvaluated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compliance: Option<Text>,
    /// The next action: a notification, `disable` or `delete`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_action: Option<Text>,
    /// When it is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_action_date_time: Option<Text>,
}

/// The answer of Graph's What-If about the sign-in of agent users that no policy tells apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvaluatedSignIn {
    /// The agent users; the first of them was asked for.
    pub users: Vec<ObjectId>,
    /// The policies that apply.
    pub applied: Read<Vec<AppliedPolicy>>,
}

/// A Conditional Access policy that applies to a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppliedPolicy {
    /// The policy's id.
    pub id: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// `enabled`, or `enabledForReportingButNotEnforced`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The controls that it demands, such as `block`.
    pub controls: Vec<String>,
}

/// An agent at risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RiskOf {
    /// The agent user, or the agent identity.
    pub id: ObjectId,
    /// `agentUser`, `agentIdentity` or another kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_type: Option<String>,
    /// `low`, `medium` or `high`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk_level: Option<String>,
    /// `atRisk`, `confirmedCompromised`, or a state that is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk_state: Option<String>,
}

identified! { InheritanceOf RoleOf RoleGroup RiskOf }
