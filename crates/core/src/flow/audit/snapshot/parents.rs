//! The parents of agent users.

use super::super::table::identified;
use super::super::text::Text;
use crate::ObjectId;
use crate::flow::read::Read;
use crate::model::ServicePrincipal;
use serde::{Deserialize, Serialize};

/// An agent identity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Identity {
    /// The object id.
    pub id: ObjectId,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Text>,
    /// The application id of its blueprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_identity_blueprint_id: Option<ObjectId>,
    /// Whether it can be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_enabled: Option<bool>,
    /// `NotDisabled`, or why Microsoft disabled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_by_microsoft_status: Option<Text>,
    /// The application id of the program that created it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by_app_id: Option<Text>,
}

impl Identity {
    pub(in crate::flow::audit) fn of(one: &ServicePrincipal) -> Option<Self> {
        Some(Self {
            id: one.id()?,
            display_name: one.display_name().map(Text::from),
            agent_identity_blueprint_id: one.agent_identity_blueprint_id(),
            account_enabled: one.account_enabled(),
            disabled_by_microsoft_status: one
                .disabled_by_microsoft_status()
                .filter(|_| one.is_disabled_by_microsoft())
                .map(Text::from),
            created_by_app_id: one.created_by_app_id().map(Text::from),
        })
    }
}

/// An agent identity in the recycle bin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeletedIdentity {
    /// The object id.
    pub id: ObjectId,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Text>,
    /// The application id of its blueprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_identity_blueprint_id: Option<ObjectId>,
    /// When it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_date_time: Option<Text>,
}

/// A parent that neither list of agent identities has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OtherParent {
    /// The object id.
    pub id: ObjectId,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Text>,
    /// Its kind, where something has the id.
    pub kind: Read<OtherParentKind>,
}

/// The kind of a parent that neither list of agent identities has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum OtherParentKind {
    /// An agent identity that the list does not have yet.
    AgentIdentity,
    /// The principal of a blueprint.
    BlueprintPrincipal,
    /// Another service principal.
    ServicePrincipal,
    /// Nothing has the id.
    Missing,
}

/// A blueprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BlueprintOf {
    /// The application id, by which agent identities name it.
    pub id: ObjectId,
    /// The object id of its application.
    pub object_id: ObjectId,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Text>,
}

identified! { BlueprintOf Identity DeletedIdentity OtherParent }
