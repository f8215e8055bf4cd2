//! The chain from a blueprint down to its agent users, as it was found.

use crate::ObjectId;
use crate::problem::Problem;
use crate::remark::Remark;
use serde::Serialize;

/// A blueprint with its principal, its agent identities and their agent users.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BlueprintChain {
    /// Whether the agent users can work, as far as this chain decides that.
    pub verdict: ChainVerdict,
    /// The blueprint itself: an application.
    pub blueprint: ChainLink,
    /// Its principal in this tenant.
    pub principal: ChainLink,
    /// Its agent identities, those in the recycle bin last, each with its agent user.
    pub identities: Vec<ChainedIdentity>,
    /// Sentences about parts that are missing, disabled or deleted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// The parts that could not be read, and why. Nothing is known of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_read: Vec<NotRead>,
}

/// Whether a chain is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ChainVerdict {
    /// The blueprint and its principal are there, and so is the enabled agent identity of each enabled agent user.
    Sound,
    /// A part that agent users need is missing, disabled or in the recycle bin.
    Broken,
    /// Nothing is known to be broken, but something could not be read.
    Unknown,
}

/// One object of the chain.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChainLink {
    /// How it was found.
    pub state: LinkState,
    /// Its object id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<ObjectId>,
    /// Its application (client) id; of a blueprint that could not be read, the id that was given. Agent users have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_id: Option<ObjectId>,
    /// Its display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The user principal name of an agent user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
    /// When it came into the recycle bin, from which it can be restored for 30 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_date_time: Option<String>,
}

impl ChainLink {
    /// A link without an object.
    pub(super) const fn without(state: LinkState) -> Self {
        Self {
            state,
            id: None,
            app_id: None,
            display_name: None,
            user_principal_name: None,
            deleted_date_time: None,
        }
    }
}

/// An agent identity and its agent user.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChainedIdentity {
    /// The agent identity.
    pub identity: ChainLink,
    /// Its agent user; `none` where it has none, which is not a fault.
    pub agent_user: ChainLink,
}

/// How an object of a chain was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum LinkState {
    /// It is there, and not disabled.
    Present,
    /// It is disabled.
    Disabled,
    /// Microsoft disabled it.
    DisabledByMicrosoft,
    /// It is in the recycle bin, and can be restored.
    Deleted,
    /// It is not there. Whether it is in the recycle bin is not known where that could not be read.
    Missing,
    /// There is none, and none is needed.
    None,
    /// It could not be read.
    NotRead,
}

impl LinkState {
    /// Its name, as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Disabled => "disabled",
            Self::DisabledByMicrosoft => "disabledByMicrosoft",
            Self::Deleted => "deleted",
            Self::Missing => "missing",
            Self::None => "none",
            Self::NotRead => "notRead",
        }
    }

    /// Whether an agent user below it can't work.
    pub(super) const fn is_broken(self) -> bool {
        matches!(self, Self::Disabled | Self::DisabledByMicrosoft | Self::Deleted | Self::Missing)
    }
}

/// A part of a chain that could not be read.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NotRead {
    /// The part.
    pub part: ChainPart,
    /// Why: a permission that is missing, or another problem.
    pub problem: Problem,
}

/// The parts that a chain is read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ChainPart {
    /// The blueprint.
    Blueprint,
    /// Its principal.
    Principal,
    /// Its agent identities.
    Identities,
    /// The agent users.
    AgentUsers,
    /// The applications in the recycle bin.
    DeletedBlueprints,
    /// The service principals in the recycle bin: blueprints' principals and agent identities.
    DeletedPrincipals,
    /// The users in the recycle bin.
    DeletedAgentUsers,
}

impl ChainPart {
    /// Its name, as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blueprint => "blueprint",
            Self::Principal => "principal",
            Self::Identities => "identities",
            Self::AgentUsers => "agentUsers",
            Self::DeletedBlueprints => "deletedBlueprints",
            Self::DeletedPrincipals => "deletedPrincipals",
            Self::DeletedAgentUsers => "deletedAgentUsers",
        }
    }
}
