//! Agent users, and those who answer for them.

use super::super::table::identified;
use super::super::text::Text;
use crate::ObjectId;
use crate::flow::read::Read;
use crate::model::{AgentUser, AssignedLicense, LicenseAssignmentState};
use serde::{Deserialize, Serialize};

/// An agent user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct User {
    /// The object id.
    pub id: ObjectId,
    /// The sign-in name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<Text>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Text>,
    /// The parent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_parent_id: Option<ObjectId>,
    /// Whether it can sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_enabled: Option<bool>,
    /// When it was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_date_time: Option<Text>,
    /// Two-letter country code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage_location: Option<Text>,
    /// The mail address; set once there is a mailbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<Text>,
    /// The licenses, direct and inherited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assigned_licenses: Vec<AssignedLicense>,
    /// The state of each assignment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub license_assignment_states: Vec<LicenseAssignmentState>,
    /// When the last of its licenses was assigned or changed, where Graph shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licensed_since: Option<Text>,
}

impl User {
    pub(in crate::flow::audit) fn of(user: &AgentUser) -> Option<Self> {
        Some(Self {
            id: user.id()?,
            user_principal_name: user.user_principal_name().map(Text::from),
            display_name: user.display_name().map(Text::from),
            identity_parent_id: user.identity_parent_id(),
            account_enabled: user.account_enabled(),
            created_date_time: user.created_date_time().map(Text::from),
            usage_location: user.usage_location().map(Text::from),
            mail: user.mail().map(Text::from),
            assigned_licenses: user.assigned_licenses().to_vec(),
            license_assignment_states: user.license_assignment_states().to_vec(),
            licensed_since: user
                .license_assignment_states()
                .iter()
                .filter_map(|one| one.last_updated_date_time.as_deref())
                .max()
                .map(Text::from),
        })
    }

    /// The name by which commands name it.
    #[must_use]
    pub fn name(&self) -> String {
        self.user_principal_name.as_deref().map_or_else(|| self.id.to_string(), str::to_owned)
    }
}

impl User {
    /// The domain of its name.
    pub(in crate::flow::audit) fn domain(&self) -> Option<&str> {
        self.user_principal_name.as_deref()?.rsplit_once('@').map(|(_, domain)| domain)
    }
}

/// The leave date of an agent user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeaveDate {
    /// The agent user.
    pub id: ObjectId,
    /// Its leave date; absent where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Text>,
}

/// The sign-in activity of an agent user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignIn {
    /// The agent user.
    pub id: ObjectId,
    /// The last sign-in that worked; absent where Graph notes none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_successful: Option<Text>,
    /// The last sign-in, whether it worked or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Text>,
}

/// An agent user in the recycle bin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeletedUser {
    /// The object id.
    pub id: ObjectId,
    /// The sign-in name that it had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<Text>,
    /// The parent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_parent_id: Option<ObjectId>,
    /// When it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_date_time: Option<Text>,
}

impl DeletedUser {
    /// The name by which reports name it.
    #[must_use]
    pub fn name(&self) -> String {
        self.user_principal_name.as_deref().map_or_else(|| self.id.to_string(), str::to_owned)
    }
}

/// The manager of an agent user, or that it has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ManagerOf {
    /// The agent user.
    pub id: ObjectId,
    /// Its manager; absent where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<ObjectId>,
}

/// The sponsors of an agent user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SponsorsOf {
    /// The agent user.
    pub id: ObjectId,
    /// Its sponsors: people and groups.
    pub sponsors: Read<Vec<ObjectId>>,
}

/// A manager or a sponsor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Person {
    /// The object id.
    pub id: ObjectId,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The sign-in name of a user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
    /// The state.
    pub state: Read<PersonState>,
}

/// The state of somebody who is a manager or a sponsor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum PersonState {
    /// A user.
    User {
        /// Whether it can sign in.
        account_enabled: bool,
    },
    /// A group.
    Group {
        /// Whether a user is a member of it, directly or by another group.
        has_people: Read<bool>,
    },
    /// A user in the recycle bin.
    Deleted,
    /// Nothing has the id any more.
    Missing,
}

identified! { User ManagerOf SponsorsOf Person LeaveDate SignIn DeletedUser }
