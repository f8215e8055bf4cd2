//! Directory roles: who has them now, and who may activate them (docs/graph.md#directory-roles).

use super::errors::{Answer, Refusal};
use super::permissions::{GET_ELIGIBLE_ROLES, GET_ROLE_INSTANCES, GET_ROLES};
use super::query::{Options, Query, Set};
use super::route::{Endpoint, Route};
use super::sets::Objects;
use super::{Call, Directory};
use crate::behaviours::Label::Documented;
use crate::clock;
use crate::hash::Hash;
use crate::spelling::Version;
use agentuser_core::http::Method::Get;
use agentuser_core::{Now, ObjectId};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The endpoints of directory roles.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(
        Get,
        "/roleManagement/directory/roleAssignments",
        Documented("api/rbacapplication-list-roleassignments"),
        |d, c, _| {
            d.require(c, GET_ROLES)?;
            let all = d.role_objects(c, Kind::Assignment);
            d.answer_set(c, Set::role_assignments, "roleManagement/directory/roleAssignments", &[], all)
        },
    ),
    Endpoint::new(
        Get,
        "/roleManagement/directory/roleAssignmentScheduleInstances",
        Documented("api/rbacapplication-list-roleassignmentscheduleinstances"),
        |d, c, _| {
            d.require(c, GET_ROLE_INSTANCES)?;
            d.require_p2()?;
            let all = d.role_objects(c, Kind::ActiveInstance);
            let context = "roleManagement/directory/roleAssignmentScheduleInstances";
            d.answer_set(c, Set::active_roles, context, &[], all)
        },
    ),
    Endpoint::new(
        Get,
        "/roleManagement/directory/roleEligibilityScheduleInstances",
        Documented("api/rbacapplication-list-roleeligibilityscheduleinstances"),
        |d, c, _| {
            d.require(c, GET_ELIGIBLE_ROLES)?;
            d.require_p2()?;
            let all = d.role_objects(c, Kind::EligibleInstance);
            let context = "roleManagement/directory/roleEligibilityScheduleInstances";
            d.answer_set(c, Set::eligible_roles, context, &[], all)
        },
    ),
    Endpoint::new(
        Get,
        "/roleManagement/directory/roleDefinitions",
        Documented("api/rbacapplication-list-roledefinitions"),
        |d, c, _| d.list_role_definitions(c),
    ),
    Endpoint::new(
        Get,
        "/roleManagement/directory/roleDefinitions/{id}",
        Documented("api/unifiedroledefinition-get"),
        |d, c, r| d.get_role_definition(c, r),
    ),
];

const DEFINITIONS: &str = "roleManagement/directory/roleDefinitions";

/// A directory role that is built in: the id of its definition, its name, and whether Microsoft calls it privileged
/// (<https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference>).
const BUILT_IN: &[(u128, &str, bool)] = &[
    (0x62e9_0394_69f5_4237_9190_0121_7714_5e10, "Global Administrator", true),
    (0xe861_1ab8_c189_46e8_94e1_6021_3ab1_f814, "Privileged Role Administrator", true),
    (0xfe93_0be7_5e62_47db_91af_98c3_a49a_38b1, "User Administrator", true),
    (0x7298_27e3_9c14_49f7_bb1b_9608_f156_bbb8, "Helpdesk Administrator", true),
    (0xf2ef_992c_3afb_46b9_b7cf_a126_ee74_c451, "Global Reader", true),
    (0x88d8_e3e3_8f55_4a1e_953a_9b98_98b8_876b, "Directory Readers", false),
    (0x4a5d_8f65_41da_4de4_8968_e035_b653_39cf, "Reports Reader", false),
    (0x4d6a_c14f_3453_41d0_bef9_a3e0_c569_773a, "License Administrator", false),
    (0x2923_2cdf_9323_42fd_ade2_1d09_7af3_e4de, "Exchange Administrator", false),
    (0x6909_1246_20e8_4a56_aa4d_0660_75b2_a7a8, "Teams Administrator", false),
];

/// A role that a user, a group or a service principal has, or may activate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleAssignment {
    /// The object that has it.
    pub principal: ObjectId,
    /// The role's definition.
    pub role: ObjectId,
    /// The administrative unit that it is confined to. None: the tenant.
    pub unit: Option<ObjectId>,
    /// When it began.
    pub since: Now,
    /// When it ends, in milliseconds since 1970.
    pub until: Option<i64>,
}

/// The roles of a tenant.
#[derive(Debug, Clone, Default)]
pub(crate) struct Roles {
    pub(crate) active: BTreeMap<ObjectId, RoleAssignment>,
    pub(crate) eligible: BTreeMap<ObjectId, RoleAssignment>,
}

/// The forms in which assignments are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Assignment,
    ActiveInstance,
    EligibleInstance,
}

impl Roles {
    pub(crate) fn add(&mut self, seed: u64, one: RoleAssignment, is_eligible: bool) {
        let hash = Hash::new(seed).text("role").id(one.principal).id(one.role).word(is_eligible.into());
        let id = one.unit.map_or(hash, |unit| hash.id(unit)).guid();
        let set = if is_eligible { &mut self.eligible } else { &mut self.active };
        set.insert(id, one);
    }
}

/// The definition of the built-in role of this name.
#[must_use]
pub fn role_id(name: &str) -> Option<ObjectId> {
    let found = BUILT_IN.iter().find(|(_, known, _)| *known == name);
    found.map(|(id, ..)| ObjectId::from_u128(*id))
}

impl Directory {
    /// A role that is over, or whose holder is gone, is shown no more.
    fn role_objects(&self, call: &Call<'_>, kind: Kind) -> Objects {
        let is_eligible = kind == Kind::EligibleInstance;
        let all = if is_eligible { &self.roles.eligible } else { &self.roles.active };
        let now = call.now.unix_ms;
        let current = all.iter().filter(|(_, one)| {
            one.until.is_none_or(|until| until > now) && self.is_there(call, one.principal)
        });
        current.map(|(id, one)| (*id, render(*id, one, kind))).collect()
    }

    /// The built-in roles that an object has by itself, for the whole tenant.
    pub(super) fn roles_of(&self, id: ObjectId, now: Now) -> Vec<ObjectId> {
        let own = self.roles.active.values().filter(|one| one.principal == id && one.unit.is_none());
        own.filter(|one| one.until.is_none_or(|until| until > now.unix_ms)).map(|one| one.role).collect()
    }

    /// The object of a role as a member of which a user is shown: its id is drawn, and is not that of the definition.
    pub(super) fn directory_role(&self, role: ObjectId) -> ObjectId {
        Hash::new(self.seed).text("directory role").id(role).guid()
    }

    /// The role that is shown as an object of this id.
    pub(super) fn render_directory_role(&self, id: ObjectId) -> Option<Map<String, Value>> {
        let mut all = BUILT_IN.iter().map(|(role, name, _)| (ObjectId::from_u128(*role), *name));
        let (role, name) = all.find(|(role, _)| self.directory_role(*role) == id)?;
        let mut object = Map::new();
        object.insert("@odata.type".into(), "#microsoft.graph.directoryRole".into());
        object.insert("id".into(), id.to_string().into());
        object.insert("displayName".into(), name.into());
        object.insert("description".into(), Value::Null);
        object.insert("roleTemplateId".into(), role.to_string().into());
        Some(object)
    }

    fn list_role_definitions(&mut self, call: &Call<'_>) -> Answer {
        self.require(call, GET_ROLES)?;
        refuse_privileged(call)?;
        let all = BUILT_IN.iter().map(|(id, ..)| ObjectId::from_u128(*id));
        let all = all.filter_map(|id| Some((id, definition(id, call.version)?))).collect();
        self.answer_set(call, Set::role_definitions, DEFINITIONS, &[], all)
    }

    fn get_role_definition(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        self.require(call, GET_ROLES)?;
        refuse_privileged(call)?;
        let found = route.key().parse().ok().and_then(|id| definition(id, call.version));
        let object = found.ok_or_else(|| Refusal::not_found(route.key()))?;
        self.answer_object(call, DEFINITIONS, &[], object)
    }

    /// The calls about eligible roles need a license of the tenant (docs/graph.md#directory-roles).
    fn require_p2(&self) -> Result<(), Refusal> {
        if self.licensing.p2 {
            return Ok(());
        }
        let words =
            "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.";
        Err(Refusal::new(400, "AadPremiumLicenseRequired", words))
    }
}

/// `isPrivileged` can't be selected (docs/graph.md#directory-roles).
fn refuse_privileged(call: &Call<'_>) -> Result<(), Refusal> {
    let query = Query::parse(call.raw_query, Options::SET)?;
    if query.selects("isPrivileged") {
        return Err(Refusal::bad_request("The property 'isPrivileged' can't be selected."));
    }
    Ok(())
}

fn definition(id: ObjectId, version: Version) -> Option<Map<String, Value>> {
    let (_, name, is_privileged) =
        BUILT_IN.iter().find(|(known, ..)| ObjectId::from_u128(*known) == id).copied()?;
    let mut object = json!({
        "id": id.to_string(),
        "templateId": id.to_string(),
        "displayName": name,
        "description": null,
        "isBuiltIn": true,
        "isEnabled": true,
        "resourceScopes": ["/"],
        "rolePermissions": [],
        "version": "1",
    });
    let members = object.as_object_mut()?;
    if version == Version::Beta {
        members.insert("isPrivileged".into(), is_privileged.into());
    }
    Some(std::mem::take(members))
}

fn render(id: ObjectId, one: &RoleAssignment, kind: Kind) -> Map<String, Value> {
    let scope = one.unit.map_or_else(|| "/".to_owned(), |unit| format!("/administrativeUnits/{unit}"));
    let mut object = Map::new();
    object.insert("id".into(), id.to_string().into());
    object.insert("principalId".into(), one.principal.to_string().into());
    object.insert("roleDefinitionId".into(), one.role.to_string().into());
    object.insert("directoryScopeId".into(), scope.into());
    let mut put = |name: &str, value: Value| object.insert(name.into(), value);
    match kind {
        Kind::Assignment => {
            put("condition", Value::Null);
        }
        Kind::ActiveInstance | Kind::EligibleInstance => {
            put("appScopeId", Value::Null);
            put("memberType", "Direct".into());
            put("startDateTime", clock::iso(one.since.unix_ms).into());
            put("endDateTime", one.until.map(clock::iso).into());
        }
    }
    match kind {
        Kind::Assignment => {}
        Kind::ActiveInstance => {
            put("assignmentType", "Assigned".into());
            put("roleAssignmentOriginId", id.to_string().into());
            put("roleAssignmentScheduleId", id.to_string().into());
        }
        Kind::EligibleInstance => {
            put("roleEligibilityScheduleId", id.to_string().into());
        }
    }
    object
}
