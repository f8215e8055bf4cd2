//! One change of a plan.

use crate::ObjectId;
use crate::model::{Change, ObjectKind, SponsorRef};
use serde::Serialize;

/// A change of a plan, the agent user or other object that it is made to, and the state that it expects.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PlannedChange {
    /// The number of the roster's row; absent where there is no roster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// The kind of an object that is not an agent user; absent for an agent user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ObjectKind>,
    /// The object id; absent for an agent user that is yet to be created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<ObjectId>,
    /// The agent user's sign-in name when it was planned; empty for another object.
    pub user_principal_name: String,
    /// The name of another object when it was planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The change, as reports have it.
    pub change: Change,
    /// The state that the agent user must have. One that has another state by then is skipped.
    pub expects: Expected,
}

/// The state that a change expects. A member that is absent is not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Expected {
    /// The parent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity_parent_id: Option<ObjectId>,
    /// Whether it can sign in. Absent where an earlier change of the plan sets that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_enabled: Option<bool>,
    /// When it was deleted, of one in the recycle bin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_date_time: Option<String>,
    /// The manager, whom another one follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manager_id: Option<ObjectId>,
    /// One of its sponsors: when one is added, the one that it follows; when one is removed, the one that follows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub sponsor: Option<SponsorRef>,
    /// The moment from which on its sessions are valid. If it is another one by then, they were ended since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_in_sessions_valid_from_date_time: Option<String>,
}
