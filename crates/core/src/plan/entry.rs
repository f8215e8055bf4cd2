//! One change of a plan.

use crate::ObjectId;
use crate::model::Change;
use serde::Serialize;

/// A change of a plan, the agent user that it is made to, and the state that it expects.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PlannedChange {
    /// The number of the roster's row; absent where there is no roster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// The agent user's object id; absent for one that is yet to be created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<ObjectId>,
    /// The agent user's sign-in name when it was planned.
    pub user_principal_name: String,
    /// The change, as reports have it.
    pub change: Change,
    /// The state that the agent user must have. What has another one by then is skipped.
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
    /// From when on its sessions are valid. Where they are valid from another moment on, they were ended since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_in_sessions_valid_from_date_time: Option<String>,
}
