//! An audit's raw material: what one pass over the tenant read, and what it could not read.

mod access;
mod parents;
mod tenant;
mod users;

pub use access::{
    AppRoles, AppliedPolicy, EvaluatedSignIn, GrantOf, HeldAppRole, HeldRole, InheritanceOf, RiskOf,
    RoleGroup, RoleOf, SubjectOf, SubjectsOf,
};
pub use parents::{BlueprintOf, DeletedIdentity, Identity, OtherParent, OtherParentKind};
pub use tenant::{Domain, Plan, Sku};
pub use users::{DeletedUser, LeaveDate, ManagerOf, Person, PersonState, SignIn, SponsorsOf, User};

use super::section::Section;
use super::table::{Identified, Table};
use crate::ObjectId;
use crate::flow::read::{Read, Unread};
use serde::{Deserialize, Serialize};

/// The kind that each snapshot names, so that no other file is taken for one.
pub(super) const KIND: &str = "agentuserSnapshot";

/// The version of the form.
pub(super) const VERSION: u64 = 1;

/// The raw material of an audit, read of a tenant: the same tenant gives the same bytes.
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
    /// The principals of blueprints, each with its application id as `id`.
    pub principals: Read<Table<BlueprintOf>>,
    /// The delegated permission grants by which agents act.
    pub grants: Read<Vec<GrantOf>>,
    /// The app roles of Microsoft Graph that agents have.
    pub app_roles: Read<AppRoles>,
    /// The permissions that the agent identities of blueprints inherit.
    pub inheritance: Read<Table<InheritanceOf>>,
    /// The directory roles that agent users have, by themselves or by a group.
    pub roles: Read<Vec<HeldRole>>,
    /// Those that they may activate.
    pub eligible_roles: Read<Vec<HeldRole>>,
    /// The definitions of these roles.
    pub role_definitions: Read<Table<RoleOf>>,
    /// The groups to which roles can be assigned, as far as agent users are members.
    pub role_groups: Read<Table<RoleGroup>>,
    /// The results of lifecycle policies for the parents.
    pub lifecycle: Read<Vec<SubjectsOf>>,
    /// The answers of Graph's What-If about sign-ins.
    pub what_if: Read<Vec<EvaluatedSignIn>>,
    /// The agents at risk, of Graph's beta.
    pub risks: Read<Table<RiskOf>>,
}

/// A section that no rule that ran reads.
pub(super) fn unasked<T>() -> Read<T> {
    Read::Unknown(Box::new(Unread::not_asked("No rule that ran reads it, so it was not asked for.")))
}

impl Snapshot {
    /// A snapshot of nothing but the agent users.
    pub(super) fn new(tenant_id: ObjectId, account: Option<String>, taken_at: String) -> Self {
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
            principals: unasked(),
            grants: unasked(),
            app_roles: unasked(),
            inheritance: unasked(),
            roles: unasked(),
            eligible_roles: unasked(),
            role_definitions: unasked(),
            role_groups: unasked(),
            lifecycle: unasked(),
            what_if: unasked(),
            risks: unasked(),
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
            .or_else(|| within(&self.principals))
            .or_else(|| within(&self.inheritance))
            .or_else(|| within(&self.role_definitions))
            .or_else(|| within(&self.role_groups))
            .or_else(|| within(&self.risks))
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
            Section::Principals => self.principals.get().err(),
            Section::Grants => self.grants.get().err(),
            Section::AppRoles => self.app_roles.get().err(),
            Section::Inheritance => self.inheritance.get().err(),
            Section::Roles => self.roles.get().err(),
            Section::EligibleRoles => self.eligible_roles.get().err(),
            Section::RoleDefinitions => self.role_definitions.get().err(),
            Section::RoleGroups => self.role_groups.get().err(),
            Section::Lifecycle => self.lifecycle.get().err(),
            Section::WhatIf => self.what_if.get().err(),
            Section::Risks => self.risks.get().err(),
        }
    }
}
