//! An audit's raw material: what one pass over the tenant read, and what it could not read.

use super::section::Section;
use super::table::{Identified, Table};
use crate::ObjectId;
use crate::flow::read::{Read, Unread};
use crate::model::{AgentUser, AssignedLicense, LicenseAssignmentState, ServicePrincipal};
use serde::{Deserialize, Serialize};

/// The kind that each snapshot names, so that no other file is taken for one.
pub(super) const KIND: &str = "agentuserSnapshot";

/// The version of the form.
pub(super) const VERSION: u64 = 1;

/// What an audit read of a tenant: the same tenant gives the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Snapshot {
    /// `agentuserSnapshot`.
    pub(super) kind: String,
    /// The version of the form: 1.
    pub(super) version: u64,
    /// The tenant.
    pub tenant_id: ObjectId,
    /// The account that read it: the user principal name, or else the object id; of an application, its id. Absent where the
    /// token does not show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// When the pass began, in UTC.
    pub taken_at: String,
    /// The agent users.
    pub users: Table<User>,
    /// Their managers.
    pub managers: Read<Table<ManagerOf>>,
    /// Their sponsors.
    pub sponsors: Read<Table<SponsorsOf>>,
    /// The people and groups that are managers and sponsors.
    pub people: Read<Table<Person>>,
    /// Their leave dates.
    pub leave_dates: Read<Table<LeaveDate>>,
    /// Their sign-in activity.
    pub sign_ins: Read<Table<SignIn>>,
    /// The agent users in the recycle bin.
    pub deleted_users: Read<Table<DeletedUser>>,
    /// The verified domains of the tenant.
    pub domains: Read<Vec<Domain>>,
    /// The SKUs of the tenant.
    pub skus: Read<Table<Sku>>,
    /// The blueprints.
    pub blueprints: Read<Table<BlueprintOf>>,
    /// The agent identities.
    pub identities: Read<Table<Identity>>,
    /// The agent identities in the recycle bin.
    pub deleted_identities: Read<Table<DeletedIdentity>>,
    /// The parents that neither list of agent identities has.
    pub other_parents: Read<Table<OtherParent>>,
}

/// An agent user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct User {
    /// The object id.
    pub id: ObjectId,
    /// The sign-in name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The parent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_parent_id: Option<ObjectId>,
    /// Whether it can sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_enabled: Option<bool>,
    /// When it was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_date_time: Option<String>,
    /// Two-letter country code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage_location: Option<String>,
    /// The mail address; set once there is a mailbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// The licenses, direct and inherited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assigned_licenses: Vec<AssignedLicense>,
    /// The state of each assignment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub license_assignment_states: Vec<LicenseAssignmentState>,
    /// When the last of its licenses was assigned or changed, where Graph shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licensed_since: Option<String>,
}

impl User {
    pub(super) fn of(user: &AgentUser) -> Option<Self> {
        Some(Self {
            id: user.id()?,
            user_principal_name: user.user_principal_name().map(str::to_owned),
            display_name: user.display_name().map(str::to_owned),
            identity_parent_id: user.identity_parent_id(),
            account_enabled: user.account_enabled(),
            created_date_time: user.created_date_time().map(str::to_owned),
            usage_location: user.usage_location().map(str::to_owned),
            mail: user.mail().map(str::to_owned),
            assigned_licenses: user.assigned_licenses().to_vec(),
            license_assignment_states: user.license_assignment_states().to_vec(),
            licensed_since: user
                .license_assignment_states()
                .iter()
                .filter_map(|one| one.last_updated_date_time.clone())
                .max(),
        })
    }

    /// The name by which commands name it.
    #[must_use]
    pub fn name(&self) -> String {
        self.user_principal_name.clone().unwrap_or_else(|| self.id.to_string())
    }
}

impl User {
    /// The domain of its name.
    pub(super) fn domain(&self) -> Option<&str> {
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
    pub date: Option<String>,
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
    pub last_successful: Option<String>,
    /// The last sign-in, whether it worked or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
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
    pub user_principal_name: Option<String>,
    /// The parent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_parent_id: Option<ObjectId>,
    /// When it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_date_time: Option<String>,
}

/// A verified domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Domain {
    /// Its name.
    pub name: String,
    /// `Managed` or `Federated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// A SKU of the tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sku {
    /// Its id.
    pub id: ObjectId,
    /// Its part number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_number: Option<String>,
    /// Its service plans.
    pub service_plans: Vec<Plan>,
}

/// A service plan of a SKU.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Plan {
    /// Its id.
    pub id: ObjectId,
    /// Its name.
    pub name: String,
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
    pub display_name: Option<String>,
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

/// Somebody who is a manager or a sponsor.
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

/// An agent identity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Identity {
    /// The object id.
    pub id: ObjectId,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The application id of its blueprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_identity_blueprint_id: Option<ObjectId>,
    /// Whether it can be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_enabled: Option<bool>,
    /// `NotDisabled`, or why Microsoft disabled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_by_microsoft_status: Option<String>,
    /// The application id of the program that created it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by_app_id: Option<String>,
}

impl Identity {
    pub(super) fn of(one: &ServicePrincipal) -> Option<Self> {
        Some(Self {
            id: one.id()?,
            display_name: one.display_name().map(str::to_owned),
            agent_identity_blueprint_id: one.agent_identity_blueprint_id(),
            account_enabled: one.account_enabled(),
            disabled_by_microsoft_status: one
                .disabled_by_microsoft_status()
                .filter(|_| one.is_disabled_by_microsoft())
                .map(str::to_owned),
            created_by_app_id: one.created_by_app_id().map(str::to_owned),
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
    pub display_name: Option<String>,
    /// The application id of its blueprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_identity_blueprint_id: Option<ObjectId>,
    /// When it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_date_time: Option<String>,
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
    pub display_name: Option<String>,
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

macro_rules! identified {
    ($($kind:ident)*) => {$(
        impl Identified for $kind {
            fn id(&self) -> ObjectId {
                self.id
            }
        }
    )*};
}
identified! {
    User ManagerOf SponsorsOf Person LeaveDate SignIn DeletedUser Sku BlueprintOf Identity DeletedIdentity OtherParent
}

impl Snapshot {
    /// A snapshot of nothing but the agent users.
    pub(super) fn new(tenant_id: ObjectId, account: Option<String>, taken_at: String) -> Self {
        fn unasked<T>() -> Read<T> {
            Read::Unknown(Unread::not_asked("No rule that ran reads it, so it was not asked for."))
        }
        Self {
            kind: KIND.to_owned(),
            version: VERSION,
            tenant_id,
            account,
            taken_at,
            users: Table::default(),
            managers: unasked(),
            sponsors: unasked(),
            people: unasked(),
            leave_dates: unasked(),
            sign_ins: unasked(),
            deleted_users: unasked(),
            domains: unasked(),
            skus: unasked(),
            blueprints: unasked(),
            identities: unasked(),
            deleted_identities: unasked(),
            other_parents: unasked(),
        }
    }

    /// A row that is not in the order of ids, in a snapshot that was read.
    pub(super) fn out_of_order(&self) -> Option<ObjectId> {
        fn within<T: Identified>(section: &Read<Table<T>>) -> Option<ObjectId> {
            section.get().ok()?.out_of_order()
        }
        self.users
            .out_of_order()
            .or_else(|| within(&self.managers))
            .or_else(|| within(&self.sponsors))
            .or_else(|| within(&self.people))
            .or_else(|| within(&self.leave_dates))
            .or_else(|| within(&self.sign_ins))
            .or_else(|| within(&self.deleted_users))
            .or_else(|| within(&self.skus))
            .or_else(|| within(&self.blueprints))
            .or_else(|| within(&self.identities))
            .or_else(|| within(&self.deleted_identities))
            .or_else(|| within(&self.other_parents))
    }

    /// Why a section was not read; none where it was.
    #[must_use]
    pub fn unread(&self, section: Section) -> Option<&Unread> {
        match section {
            Section::Managers => self.managers.get().err(),
            Section::Sponsors => self.sponsors.get().err(),
            Section::People => self.people.get().err(),
            Section::LeaveDates => self.leave_dates.get().err(),
            Section::SignIns => self.sign_ins.get().err(),
            Section::DeletedUsers => self.deleted_users.get().err(),
            Section::Domains => self.domains.get().err(),
            Section::Skus => self.skus.get().err(),
            Section::Blueprints => self.blueprints.get().err(),
            Section::Identities => self.identities.get().err(),
            Section::DeletedIdentities => self.deleted_identities.get().err(),
            Section::OtherParents => self.other_parents.get().err(),
        }
    }
}
