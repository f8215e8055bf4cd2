//! Objects as JSON.

use super::query::{Expand, Query};
use super::rules;
use super::views::View;
use super::{Directory, Domain, Group, Life, PrincipalKind, ServicePrincipal, User};
use crate::clock;
use crate::spelling::Version;
use agentuser_core::{Now, ObjectId};
use serde_json::{Map, Value, json};

/// Members of a user that are computed, besides those in [`rules::DECLARED`].
const COMPUTED: &[&str] = &[
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
                if self.switches.parent_id_by_default {
                    put("identityParentId");
                }
                if shape.deleted {
                    put("deletedDateTime");
                }
            }
        }
        for expand in shape.expand {
            let select = expand.select.as_deref();
            if expand.name == "manager" {
                if let Some(manager) = user.manager.and_then(|id| self.live_user(id, now, view)) {
                    let shape = Shape { select, expand: &[], cast: false, deleted: false };
                    object.insert("manager".into(), self.render_user(manager, now, view, shape).into());
                }
            } else {
                object.insert("sponsors".into(), self.render_sponsors(user, now, view, select).into());
            }
        }
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
        let only_ids = self.switches.sponsors_only_ids;
        let bare = |kind: &str, id: ObjectId| json!({"@odata.type": kind, "id": id.to_string()});
        let render = |id: &ObjectId| {
            if let Some(group) = self.groups.get(id) {
                return Some(match only_ids {
                    true => bare("#microsoft.graph.group", group.id),
                    false => render_group(group, select).into(),
                });
            }
            let sponsor = self.live_user(*id, now, view)?;
            let kind =
                if sponsor.is_agent() { "#microsoft.graph.agentUser" } else { "#microsoft.graph.user" };
            if only_ids {
                return Some(bare(kind, sponsor.id));
            }
            let shape = Shape { select, expand: &[], cast: false, deleted: false };
            let mut object = self.render_user(sponsor, now, view, shape);
            object.insert("@odata.type".into(), kind.into());
            Some(object.into())
        };
        user.sponsors.iter().filter_map(render).collect()
    }

    /// A member of a user by its name in any letter case, with its proper name. None: there is no such member.
    fn user_member<'a>(&self, user: &User, wanted: &'a str, now: Now) -> Option<(&'a str, Value)> {
        let known =
            COMPUTED.iter().chain(rules::DECLARED).find(|known| known.eq_ignore_ascii_case(wanted)).copied();
        let Some(name) = known else {
            return user.extras.get(wanted).map(|value| (wanted, value.clone()));
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

fn render_assigned(user: &User) -> Value {
    let assigned = user.licenses.iter().map(|(sku, license)| {
        let disabled: Vec<String> = license.disabled_plans.iter().map(ObjectId::to_string).collect();
        json!({"skuId": sku.to_string(), "disabledPlans": disabled})
    });
    assigned.collect()
}

fn render_states(user: &User) -> Value {
    let states = user.licenses.iter().map(|(sku, license)| {
        let disabled: Vec<String> = license.disabled_plans.iter().map(ObjectId::to_string).collect();
        json!({
            "skuId": sku.to_string(),
            "disabledPlans": disabled,
            "assignedByGroup": null,
            "state": if license.error.is_none() { "Active" } else { "Error" },
            "error": license.error,
            "lastUpdatedDateTime": clock::iso(license.assigned.unix_ms),
        })
    });
    states.collect()
}

fn render_group(group: &Group, select: Option<&[String]>) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("@odata.type".into(), "#microsoft.graph.group".into());
    for (name, value) in [("id", group.id.to_string()), ("displayName", group.display_name.clone())] {
        if Query::wants(select, name, true) {
            object.insert(name.into(), value.into());
        }
    }
    object
}

/// A service principal. On a cast path the type may be left out.
pub(super) fn render_principal(
    principal: &ServicePrincipal,
    select: Option<&[String]>,
    with_type: bool,
) -> Map<String, Value> {
    let (odata_type, principal_type) = match principal.kind {
        PrincipalKind::AgentIdentity(_) => (Some("#microsoft.graph.agentIdentity"), "ServiceIdentity"),
        PrincipalKind::BlueprintPrincipal => {
            (Some("#microsoft.graph.agentIdentityBlueprintPrincipal"), "Application")
        }
        PrincipalKind::Plain => (None, "Application"),
    };
    let mut object = Map::new();
    if let Some(odata_type) = odata_type.filter(|_| with_type) {
        object.insert("@odata.type".into(), odata_type.into());
    }
    let disabled = principal.disabled_by_microsoft.then_some("DisabledDueToViolationOfServicesAgreement");
    let mut put = |name: &str, value: Value| {
        if Query::wants(select, name, true) {
            object.insert(name.into(), value);
        }
    };
    put("id", principal.id.to_string().into());
    put("appId", principal.app_id.to_string().into());
    put("displayName", principal.display_name.as_str().into());
    put("accountEnabled", principal.account_enabled.into());
    put("servicePrincipalType", principal_type.into());
    put("disabledByMicrosoftStatus", disabled.into());
    put("tags", principal.extras.get("tags").cloned().unwrap_or(json!([])));
    if let Some(blueprint) = principal.blueprint() {
        put("agentIdentityBlueprintId", blueprint.to_string().into());
        put("createdDateTime", clock::iso(principal.created.unix_ms).into());
        put("createdByAppId", blueprint.to_string().into());
    }
    object
}

/// A domain as `/domains` shows it.
pub(super) fn render_domain(domain: &Domain, select: Option<&[String]>) -> Value {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| {
        if Query::wants(select, name, true) {
            object.insert(name.into(), value);
        }
    };
    put("id", domain.name.as_str().into());
    put("authenticationType", if domain.federated { "Federated" } else { "Managed" }.into());
    put("isDefault", domain.default.into());
    put("isInitial", domain.initial.into());
    put("isVerified", domain.verified.into());
    put("isAdminManaged", true.into());
    put("isRoot", true.into());
    object.into()
}
