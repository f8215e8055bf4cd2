//! A user with what lists show beside its usual members.

use super::directory_object::DirectoryObject;
use crate::ObjectId;
use serde::Deserialize;

/// A user with what `$expand` shows, or a member that is asked for apart.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct UserLinks {
    /// The object id.
    pub id: Option<ObjectId>,
    /// The user principal name, where it was asked for.
    pub user_principal_name: Option<String>,
    /// The manager; none where the user has none.
    pub manager: Option<DirectoryObject>,
    /// The sponsors; none where the answer does not have the member.
    pub sponsors: Option<Vec<DirectoryObject>>,
    /// The leave date.
    pub employee_leave_date_time: Option<String>,
    /// The sign-in activity.
    pub sign_in_activity: Option<SignInActivity>,
}

/// When a user signed in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct SignInActivity {
    /// The last sign-in with a person, whether it worked or not.
    pub last_sign_in_date_time: Option<String>,
    /// The last sign-in without a person, whether it worked or not.
    pub last_non_interactive_sign_in_date_time: Option<String>,
    /// The last sign-in that worked.
    pub last_successful_sign_in_date_time: Option<String>,
}

impl UserLinks {
    /// The most objects that Graph shows of an expanded relationship (docs/graph.md#audits).
    pub const MOST_EXPANDED: usize = 20;
}
