//! Objects as JSON.

use super::query::Expand;
use super::rules;
use super::schema::MODEL;
use super::views::View;
use super::{Directory, Life, PrincipalKind, ServicePrincipal, User};
use crate::clock;
use crate::spelling::Version;
use agentuser_core::{Now, ObjectId};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Members of a user that are computed, besides those in [`rules::DECLARED`].
pub(super) const COMPUTED: &[&str] = &[
    "accountEnabled",
    "agentIdentityBlueprintId",
    "assignedLicenses",
    "assignedPlans",
    "businessPhones",
    "createdDateTime",
    "deletedDateTime",
    "displayName",
    "id",
    "identityParentId",
    "imAddresses",
    "licenseAssignmentStates",
    "mail",
    "mailNickname",
    "otherMails",
    "provisionedPlans",
    "proxyAddresses",
    "signInActivity",
    "signInSessionsValidFromDateTime",
    "usageLocation",
    "userPrincipalName",
    "userType",
];

/// How a user is to be shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape<'a> {
    pub(super) select: Option<&'a [String]>,
    pub(super) expand: &'a [Expand],
    /// The path was cast to the agent user type.
    pub(super) cast: bool,
    /// The bin shows when it was deleted.
    pub(super) deleted: bool,
}

/// How many objects of a relationship `$expand` shows.
const MOST_EXPANDED: usize = 20;

/// An expanded relationship to several objects: the first of them, without a word of the others.
fn expanded(objects: impl IntoIterator<Item = Value>) -> Value {
    objects.into_iter().take(MOST_EXPANDED).collect()
}

impl Directory {
    /// `@odata.context` of a collection, or of an entity of it.
    pub(super) fn context(
        &self,
        version: Version,
        set: &str,
        select: Option<&[String]>,
        entity: bool,
    ) -> Value {
        let names = select.map_or_else(String::new, |names| format!("({})", names.join(",")));
        let entity = if entity { "/$entity" } else { "" };
        format!("{}{}/$metadata#{set}{names}{entity}", self.root, version.path()).into()
    }

    /// Adds the context to an entity.
    pub(super) fn entity(
        &self,
        version: Version,
        set: &str,
        select: Option<&[String]>,
        mut object: Map<String, Value>,
    ) -> Value {
        object.insert("@odata.context".into(), self.context(version, set, select, true));
        Value::Object(object)
    }

    /// A user.
    pub(super) fn render_user(
        &self,
        user: &User,
        now: Now,
        view: View,
        shape: Shape<'_>,
    ) -> Map<String, Value> {
        let mut object = Map::new();
        if user.is_agent() && !(shape.cast && self.switches.cast_omits_type) {
            object.insert("@odata.type".into(), "#microsoft.graph.agentUser".into());
        } else if shape.deleted {
            object.insert("@odata.type".into(), "#microsoft.graph.user".into());
        }
        let mut put = |name: &str| {
            if let Some((name, value)) = self.user_member(user, name, now) {
                object.insert(name.to_owned(), value);
            }
        };
        match shape.select {
            Some(names) => names.iter().for_each(|name| put(name)),
            None => {
                rules::DEFAULTS.iter().for_each(|name| put(name));
                // Entra PowerShell reads it through the cast without `$select`.
                if self.switches.parent_id_by_default || shape.cast && user.is_agent() {
                    put("identityParentId");
                }
                if shape.deleted {
                    put("deletedDateTime");
                }
            }
        }
        for expand in shape.expand {
            let select = expand.select.as_deref();
            let related: Option<Value> = match expand.name {
                "manager" => self.render_manager(user, now, view, expand).map(Value::Object),
                "memberOf" => {
                    let groups = self.groups_of(user.id, false).into_iter();
                    let groups = groups.map(|group| Value::from(self.render_related_group(group, select)));
                    Some(expanded(groups))
                }
                "directReports" => Some(expanded(self.render_reports(user, now, view, select))),
                _ => Some(expanded(self.render_sponsors(user, now, view, select))),
            };
            if let Some(related) = related {
                object.insert(expand.name.into(), related);
            }
        }
        object
    }

    /// A user's manager and the managers above, as far as the levels go.
    fn render_manager(
        &self,
        user: &User,
        now: Now,
        view: View,
        expand: &Expand,
    ) -> Option<Map<String, Value>> {
        let shape = Shape { select: expand.select.as_deref(), expand: &[], cast: false, deleted: false };
        let mut chain = Vec::new();
        let mut next = user.manager;
        // A circle of managers ends where it closes.
        let mut passed = BTreeSet::from([user.id]);
        while let Some(manager) = next.filter(|id| chain.len() < expand.levels as usize && passed.insert(*id))
        {
            let Some(manager) = self.live_user(manager, now, view) else { break };
            chain.push(self.render_user(manager, now, view, shape));
            next = manager.manager;
        }
        chain.into_iter().rev().reduce(|above, mut below| {
            below.insert("manager".into(), above.into());
            below
        })
    }

    /// The users whose manager this is, as directory objects.
    pub(super) fn render_reports(
        &self,
        user: &User,
        now: Now,
        view: View,
        select: Option<&[String]>,
    ) -> Vec<Value> {
        let all = self.users.keys().filter_map(|id| self.live_user(*id, now, view));
        let reports = all.filter(|report| report.manager == Some(user.id));
        reports.map(|report| self.render_related(report, now, view, select).into()).collect()
    }

    /// A user as a directory object, which names its type.
    pub(super) fn render_related(
        &self,
        user: &User,
        now: Now,
        view: View,
        select: Option<&[String]>,
    ) -> Map<String, Value> {
        let shape = Shape { select, expand: &[], cast: false, deleted: false };
        let mut object = self.render_user(user, now, view, shape);
        let kind = if user.is_agent() { "#microsoft.graph.agentUser" } else { "#microsoft.graph.user" };
        object.insert("@odata.type".into(), kind.into());
        object
    }

    /// A user's sponsors that are there.
    pub(super) fn render_sponsors(
        &self,
        user: &User,
        now: Now,
        view: View,
        select: Option<&[String]>,
    ) -> Vec<Value> {
        // Sponsors may come back with their ids alone (docs/graph.md#known-issues).
        let only_id = ["id".to_owned()];
        let select = if self.switches.sponsors_only_ids { Some(only_id.as_slice()) } else { select };
        let render = |id: &ObjectId| match self.group(*id) {
            Some(group) => Some(self.render_related_group(group, select)),
            None => Some(self.render_related(self.live_user(*id, now, view)?, now, view, select)),
        };
        user.sponsors.iter().filter_map(render).map(Value::from).collect()
    }

    /// A member of a user by its name in any letter case, with its proper name. None: there is no such member.
    pub(super) fn user_member<'a>(&self, user: &User, wanted: &'a str, now: Now) -> Option<(&'a str, Value)> {
        let known =
            COMPUTED.iter().chain(rules::DECLARED).find(|known| known.eq_ignore_ascii_case(wanted)).copied();
        let Some(name) = known else {
            if let Some(value) = user.extras.get(wanted) {
                return Some((wanted, value.clone()));
            }
            // Declared members that were never set; a relationship is not a member.
            let property = MODEL.member("user", wanted).filter(|property| !property.is_relationship)?;
            let unset = if property.is_list { json!([]) } else { Value::Null };
            return Some((property.name, user.extras.get(property.name).cloned().unwrap_or(unset)));
        };
        let or = |fallback: Value| user.extras.get(name).cloned().unwrap_or(fallback);
        let value = match name {
            "id" => user.id.to_string().into(),
            "userPrincipalName" if user.life.is_deleted() && self.switches.bin_prefixes_upn => {
                format!("{}{}", user.id.to_string().replace('-', ""), user.user_principal_name).into()
            }
            "userPrincipalName" => user.user_principal_name.as_str().into(),
            "displayName" => user.display_name.as_str().into(),
            "mailNickname" => user.mail_nickname.as_str().into(),
            "accountEnabled" => user.account_enabled.into(),
            "usageLocation" => user.usage_location.clone().into(),
            "identityParentId" => user.parent.map(|id| id.to_string()).into(),
            "agentIdentityBlueprintId" => {
                let blueprint = user.parent.and_then(|parent| self.blueprint_of(parent))?;
                blueprint.to_string().into()
            }
            "userType" => or("Member".into()),
            "createdDateTime" => clock::iso(user.created.unix_ms).into(),
            "deletedDateTime" => match user.life {
                Life::Deleted(since) => clock::iso(since.unix_ms).into(),
                Life::Live | Life::Gone => Value::Null,
            },
            "signInSessionsValidFromDateTime" => {
                clock::iso(user.sessions_valid_from.unwrap_or(user.created.unix_ms)).into()
            }
            "isManagementRestricted" if self.is_restricted(user.id) => true.into(),
            "signInActivity" => self.sign_in_activity(user.id),
            "businessPhones" | "otherMails" => or(json!([])),
            "imAddresses" => json!([]),
            "mail" => self.mail(user, now).into(),
            "proxyAddresses" => {
                self.mail(user, now).map(|mail| format!("SMTP:{mail}")).into_iter().collect::<Vec<_>>().into()
            }
            "assignedLicenses" => render_assigned(user),
            "licenseAssignmentStates" => render_states(user),
            "assignedPlans" => self.render_assigned_plans(user, now),
            "provisionedPlans" => self.render_provisioned_plans(user, now),
            _ => or(Value::Null),
        };
        Some((name, value))
    }

    /// The user's address: the one it was given, or its UPN once it has a mailbox.
    fn mail(&self, user: &User, now: Now) -> Option<String> {
        match user.extras.get("mail").and_then(Value::as_str) {
            Some(mail) => Some(mail.to_owned()),
            None => self.has_mailbox(user, now).then(|| user.user_principal_name.clone()),
        }
    }

    /// The blueprint's appId of an agent identity, deleted or not.
    pub(super) fn blueprint_of(&self, identity: ObjectId) -> Option<ObjectId> {
        self.principals.get(&identity)?.newest().blueprint()
    }
}

/// `assignedLicenses`, direct and inherited without telling them apart. A plan is off where every assignment has it off.
/// Assumption: what a group could not assign is not among them.
fn render_assigned(user: &User) -> Value {
    let shown = user.all_licenses().filter(|(_, group, license)| group.is_none() || license.error.is_none());
    let mut assigned: BTreeMap<ObjectId, BTreeSet<ObjectId>> = BTreeMap::new();
    for (sku, _, license) in shown {
        assigned
            .entry(sku)
            .and_modify(|disabled| disabled.retain(|plan| license.disabled_plans.contains(plan)))
            .or_insert_with(|| license.disabled_plans.clone());
    }
    let assigned = assigned.iter().map(|(sku, disabled)| {
        let disabled: Vec<String> = disabled.iter().map(ObjectId::to_string).collect();
        json!({"skuId": sku.to_string(), "disabledPlans": disabled})
    });
    assigned.collect()
}

fn render_states(user: &User) -> Value {
    let states = user.all_licenses().map(|(sku, group, license)| {
        let disabled: Vec<String> = license.disabled_plans.iter().map(ObjectId::to_string).collect();
        json!({
            "skuId": sku.to_string(),
            "disabledPlans": disabled,
            "assignedByGroup": group.map(|group| group.to_string()),
            "state": if license.error.is_none() { "Active" } else { "Error" },
            "error": license.error,
            "lastUpdatedDateTime": clock::iso(license.assigned.unix_ms),
        })
    });
    states.collect()
}

/// The members of a service principal that a read without `$select` shows.
const PRINCIPAL_DEFAULTS: &[&str] = &[
    "id",
    "appId",
    "displayName",
    "accountEnabled",
    "servicePrincipalType",
    "disabledByMicrosoftStatus",
    "tags",
];

/// A service principal. On a cast path the type may be left out.
pub(super) fn render_principal(
    principal: &ServicePrincipal,
    select: Option<&[String]>,
    with_type: bool,
) -> Map<String, Value> {
    let odata_type = match principal.kind {
        PrincipalKind::AgentIdentity(_) => Some("#microsoft.graph.agentIdentity"),
        PrincipalKind::BlueprintPrincipal => Some("#microsoft.graph.agentIdentityBlueprintPrincipal"),
        PrincipalKind::Plain => None,
    };
    let mut object = Map::new();
    if let Some(odata_type) = odata_type.filter(|_| with_type) {
        object.insert("@odata.type".into(), odata_type.into());
    }
    let mut put = |name: &str| {
        if let Some(value) = principal_member(principal, name) {
            object.insert(name.to_owned(), value);
        }
    };
    match select {
        Some(names) => {
            let of = if principal.blueprint().is_some() { "agentIdentity" } else { "servicePrincipal" };
            let declared = names.iter().filter_map(|name| MODEL.member(of, name));
            declared.filter(|property| !property.is_relationship).for_each(|property| put(property.name));
        }
        None => {
            PRINCIPAL_DEFAULTS.iter().for_each(|name| put(name));
            if principal.blueprint().is_some() {
                ["agentIdentityBlueprintId", "createdDateTime", "createdByAppId"]
                    .into_iter()
                    .for_each(&mut put);
            }
            principal.extras.keys().for_each(|name| put(name));
        }
    }
    object
}

/// A member of a service principal by its declared name. None: it has no such member.
pub(super) fn principal_member(principal: &ServicePrincipal, name: &str) -> Option<Value> {
    let disabled = principal.disabled_by_microsoft.then_some("DisabledDueToViolationOfServicesAgreement");
    let principal_type = match principal.kind {
        PrincipalKind::AgentIdentity(_) => "ServiceIdentity",
        PrincipalKind::BlueprintPrincipal | PrincipalKind::Plain => "Application",
    };
    let blueprint = principal.blueprint();
    Some(match name {
        "id" => principal.id.to_string().into(),
        "appId" => principal.app_id.to_string().into(),
        "displayName" => principal.display_name.as_str().into(),
        "accountEnabled" => principal.account_enabled.into(),
        "servicePrincipalType" => principal_type.into(),
        "disabledByMicrosoftStatus" => disabled.into(),
        "agentIdentityBlueprintId" => blueprint?.to_string().into(),
        "createdDateTime" => blueprint.map(|_| clock::iso(principal.created.unix_ms))?.into(),
        "createdByAppId" => blueprint.map(|id| id.to_string()).into(),
        "deletedDateTime" => match principal.life {
            Life::Deleted(since) => clock::iso(since.unix_ms).into(),
            Life::Live | Life::Gone => Value::Null,
        },
        other => match principal.extras.get(other) {
            Some(value) => value.clone(),
            None => {
                let property = MODEL.member("servicePrincipal", other)?;
                if property.is_list { json!([]) } else { Value::Null }
            }
        },
    })
}
