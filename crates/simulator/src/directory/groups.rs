//! Groups (docs/graph.md#licenses-from-groups).

use super::bodies::{Takes, check_type, required_text, spelled};
use super::errors::{Answer, Refusal, Reply};
use super::permissions::{CREATE_GROUP, GET_GROUPS, WRITE_GROUP};
use super::query::Set;
use super::relations::{Holder, Relation};
use super::route::{Cast, Endpoint};
use super::rules;
use super::schema::MODEL;
use super::sets::{Objects, prune};
use super::{Call, Directory, Group, Life, User, id_in_path};
use crate::behaviours::Label::Documented;
use crate::clock;
use crate::hash::Hash;
use agentuser_core::http::Method::{Delete, Get, Patch, Post};
use agentuser_core::{Now, ObjectId};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The endpoints of groups.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(Get, "/groups", Documented("api/group-list"), |d, c, _| {
        d.require(c, GET_GROUPS)?;
        d.answer_set(c, Set::groups, "groups", GROUP_HIDDEN, d.groups_as(|life| life.is_live()))
    }),
    Endpoint::new(Get, "/groups/$count", Documented("aad-advanced-queries"), |d, c, _| {
        d.require(c, GET_GROUPS)?;
        Directory::count_set(c, Set::groups, &d.groups_as(|life| life.is_live()))
    }),
    Endpoint::new(Post, "/groups", Documented("api/group-post-groups"), |d, c, _| d.create_group(c)),
    Endpoint::new(Get, "/groups/{id}", Documented("api/group-get"), |d, c, r| d.get_group(c, r.key())),
    Endpoint::new(Patch, "/groups/{id}", Documented("api/group-update"), |d, c, r| {
        d.update_group(c, r.key())
    }),
    Endpoint::new(Delete, "/groups/{id}", Documented("api/group-delete"), |d, c, r| {
        d.delete_group(c, r.key())
    }),
];

/// The most references of one request (<https://learn.microsoft.com/graph/api/group-post-members>).
const MOST_BOUND: usize = 20;
/// Members that only the service sets.
const READ_ONLY: &[&str] = &[
    "id",
    "assignedLicenses",
    "createdDateTime",
    "deletedDateTime",
    "expirationDateTime",
    "hasMembersWithLicenseErrors",
    "licenseProcessingState",
    "mail",
    "onPremisesDomainName",
    "onPremisesLastSyncDateTime",
    "onPremisesNetBiosName",
    "onPremisesProvisioningErrors",
    "onPremisesSamAccountName",
    "onPremisesSecurityIdentifier",
    "onPremisesSyncEnabled",
    "proxyAddresses",
    "renewedDateTime",
    "securityIdentifier",
    "serviceProvisioningErrors",
];

/// Members that Exchange keeps, which a PATCH of their own answers with 200, for delegated permissions only
/// (<https://learn.microsoft.com/graph/api/group-update>).
const IN_EXCHANGE: &[&str] = &[
    "allowExternalSenders",
    "autoSubscribeNewMembers",
    "hideFromAddressLists",
    "hideFromOutlookClients",
    "isSubscribedByMail",
    "unseenCount",
];

/// The members of a group that `$select` alone shows.
pub(super) const GROUP_HIDDEN: &[&str] = &[
    "assignedLicenses",
    "hasMembersWithLicenseErrors",
    "isManagementRestricted",
    "licenseProcessingState",
    "infoCatalogs",
    "preferredDataLocation",
    "allowExternalSenders",
    "autoSubscribeNewMembers",
    "hideFromAddressLists",
    "hideFromOutlookClients",
    "isSubscribedByMail",
    "unseenCount",
    "isArchived",
];

impl Directory {
    /// A group that is there.
    pub(super) fn group(&self, id: ObjectId) -> Option<&Group> {
        self.groups.get(&id).filter(|group| group.life.is_live())
    }

    /// The groups that are there, by id.
    pub(super) fn live_groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.values().filter(|group| group.life.is_live())
    }

    /// All groups in such a state.
    pub(super) fn groups_as(&self, is_wanted: fn(Life) -> bool) -> Objects {
        let wanted = self.groups.values().filter(|group| is_wanted(group.life));
        wanted.map(|group| (group.id, self.render_group(group))).collect()
    }

    fn get_group(&mut self, call: &Call<'_>, key: &str) -> Answer {
        self.require(call, GET_GROUPS)?;
        let group = self.group(id_in_path(key)?).ok_or_else(|| Refusal::not_found(key))?;
        let mut object = self.render_group(group);
        object.remove("@odata.type");
        self.answer_object(call, "groups", GROUP_HIDDEN, object)
    }

    fn create_group(&mut self, call: &Call<'_>) -> Answer {
        self.require(call, CREATE_GROUP)?;
        let body = spelled("group", call.object()?);
        for name in ["mailEnabled", "securityEnabled"] {
            if !body.get(name).is_some_and(Value::is_boolean) {
                return Err(Refusal::required(name));
            }
        }
        let nickname = required_text(&body, "mailNickname")?;
        let name = required_text(&body, "displayName")?.to_owned();
        let owners = self.owners_in(call, &body)?;
        let members = self.bound(call, &body, "members", Takes::Members)?;
        if owners.len() + members.len() > MOST_BOUND {
            return Err(Refusal::invalid("members@odata.bind"));
        }
        // Groups of one name share numbers, so that an id does not depend on the order of creation of others.
        let drawn = |n: u64| Hash::new(self.seed).text("group").text(nickname).word(n).guid();
        let id = (0..).map(drawn).find(|id| !self.groups.contains_key(id)).unwrap_or(ObjectId::from_u128(0));
        let mut group = Group::new(id, name, call.now);
        group.owners = owners;
        self.apply_to_group(&mut group, &body)?;
        self.check_kind(&group)?;
        self.subject = Some(id);
        self.changes += 1;
        self.groups.insert(id, group);
        self.set_members(call.now, id, members);
        let group = self.group(id).ok_or_else(|| Refusal::not_found(id))?;
        let mut object = self.render_related_group(group, None);
        object.remove("@odata.type");
        Ok(Reply::created(self.entity(call.version, "groups", None, object)))
    }

    fn apply_to_group(&self, group: &mut Group, body: &Map<String, Value>) -> Result<(), Refusal> {
        for (name, value) in body {
            match name.as_str() {
                "@odata.type" => check_type(value, &[Cast::Group])?,
                name if IN_EXCHANGE.contains(&name) => {
                    return Err(Refusal::not_simulated(501, format_args!("'{name}' of groups")));
                }
                name if name.contains('@') => {}
                "displayName" => {
                    let text = value.as_str().ok_or_else(|| Refusal::invalid(name))?;
                    rules::display_name(text)?;
                    text.clone_into(&mut group.display_name);
                }
                "mailNickname" => {
                    let text = value.as_str().ok_or_else(|| Refusal::invalid(name))?;
                    rules::group_nickname(text)?;
                    group.extras.insert(name.clone(), text.into());
                }
                "membershipRule" | "membershipRuleProcessingState" if !value.is_null() => {
                    return Err(Refusal::not_simulated(501, "the rules of dynamic groups"));
                }
                name if READ_ONLY.contains(&name) => return Err(Refusal::read_only(name)),
                name => self.put_extra("group", &mut group.extras, name, value)?,
            }
        }
        Ok(())
    }

    /// The kinds of group that Graph makes: Microsoft 365 groups, and security groups without mail. The words are an assumption.
    fn check_kind(&self, group: &Group) -> Result<(), Refusal> {
        let is = |name: &str| group.extras.get(name).and_then(Value::as_bool) == Some(true);
        if group.is_unified() != is("mailEnabled") || !group.is_unified() && !is("securityEnabled") {
            return Err(Refusal::bad_request("Groups of this kind can't be created by Microsoft Graph."));
        }
        let nickname = group.extras.get("mailNickname");
        let taken = self.live_groups().any(|other| {
            other.id != group.id && other.is_unified() && other.extras.get("mailNickname") == nickname
        });
        if group.is_unified() && taken { Err(Refusal::conflict(400, "mailNickname")) } else { Ok(()) }
    }

    fn update_group(&mut self, call: &Call<'_>, key: &str) -> Answer {
        self.require(call, WRITE_GROUP)?;
        let body = spelled("group", call.object()?);
        let id = id_in_path(key)?;
        self.refuse_restricted(id)?;
        let mut after = self.group(id).cloned().ok_or_else(|| Refusal::not_found(key))?;
        // The kind of a group stays as it is (https://learn.microsoft.com/graph/api/group-update); that Graph
        // refuses changes of these three members is an assumption.
        for name in ["groupTypes", "mailEnabled", "isAssignableToRole"] {
            if body.get(name).is_some_and(|value| Some(value) != after.extras.get(name)) {
                return Err(Refusal::read_only(name));
            }
        }
        self.apply_to_group(&mut after, &body)?;
        let members = self.bound(call, &body, "members", Takes::Members)?;
        if members.len() > MOST_BOUND {
            return Err(Refusal::invalid("members@odata.bind"));
        }
        self.change_group(id, |group| *group = after);
        for member in members {
            self.add_related(call, id, Holder::Group, Relation::Members, member)?;
        }
        Ok(Reply::no_content())
    }

    /// A Microsoft 365 group goes to the recycle bin, any other for good (<https://learn.microsoft.com/graph/api/group-delete>).
    fn delete_group(&mut self, call: &Call<'_>, key: &str) -> Answer {
        self.require(call, WRITE_GROUP)?;
        let id = id_in_path(key)?;
        self.refuse_restricted(id)?;
        let group = self.group(id).ok_or_else(|| Refusal::not_found(key))?;
        let (members, unified) = (group.members.clone(), group.is_unified());
        self.leave(call.now, id, members);
        if unified {
            self.soft_delete_group(call.now, id);
        } else {
            self.change_group(id, |group| group.life = Life::Gone);
        }
        Ok(Reply::no_content())
    }

    /// Changes a group. Nothing happens when nothing differs afterwards.
    pub(super) fn change_group(&mut self, id: ObjectId, change: impl FnOnce(&mut Group)) {
        self.subject = Some(id);
        let Some(group) = self.groups.get_mut(&id) else { return };
        let before = group.clone();
        change(group);
        self.changes += u64::from(*group != before);
    }

    /// Makes these the members of a group. New members inherit its licenses, former ones lose them.
    pub(super) fn set_members(&mut self, now: Now, id: ObjectId, members: BTreeSet<ObjectId>) {
        let before = self.group(id).map(|group| group.members.clone()).unwrap_or_default();
        self.change_group(id, |group| group.members.clone_from(&members));
        self.leave(now, id, before.difference(&members).copied());
        self.join(now, id, members.difference(&before).copied());
    }

    /// Makes users inherit the licenses of a group.
    pub(super) fn join(&mut self, now: Now, group: ObjectId, who: impl IntoIterator<Item = ObjectId>) {
        for member in who {
            if let Some(mut user) = self.find_user(member).cloned() {
                self.inherit(&mut user, group, now);
                self.change_user(now, member, |own| *own = user);
            }
        }
    }

    fn leave(&mut self, now: Now, group: ObjectId, who: impl IntoIterator<Item = ObjectId>) {
        for member in who {
            self.change_user(now, member, |user| user.inherited.retain(|(by, _), _| *by != group));
        }
    }

    /// Makes a user that becomes a member inherit a group's licenses. What can't be assigned is in error.
    pub(crate) fn inherit(&self, user: &mut User, group: ObjectId, now: Now) {
        let Some(group) = self.group(group) else { return };
        for (sku, disabled) in &group.licenses {
            let mut license = Self::new_license(now, disabled.iter().copied());
            let is_full = !user.held_skus().contains(sku) && self.seats_left(*sku) == 0;
            license.error = group.license_error.or_else(|| is_full.then_some("CountViolation"));
            user.inherited.insert((group.id, *sku), license);
        }
    }

    /// Makes a new agent user a member of the groups whose rule takes every one.
    pub(super) fn join_dynamic_groups(&mut self, user: &mut User, now: Now) {
        let dynamic: Vec<ObjectId> =
            self.live_groups().filter(|group| group.dynamic).map(|group| group.id).collect();
        for id in dynamic {
            self.inherit(user, id, now);
            if let Some(group) = self.groups.get_mut(&id) {
                group.members.insert(user.id);
            }
        }
    }
}

impl Directory {
    /// A group with all its members.
    pub(super) fn render_group(&self, group: &Group) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("@odata.type".into(), "#microsoft.graph.group".into());
        for property in MODEL.properties("group").filter(|property| !property.is_relationship) {
            let value = match property.name {
                "id" => group.id.to_string().into(),
                "displayName" => group.display_name.as_str().into(),
                "createdDateTime" => clock::iso(group.created.unix_ms).into(),
                "deletedDateTime" => match group.life {
                    Life::Deleted(since) => clock::iso(since.unix_ms).into(),
                    Life::Live | Life::Gone => Value::Null,
                },
                "assignedLicenses" => {
                    let licenses = group.licenses.iter().map(|(sku, disabled)| {
                        let disabled: Vec<String> = disabled.iter().map(ObjectId::to_string).collect();
                        json!({"skuId": sku.to_string(), "disabledPlans": disabled})
                    });
                    licenses.collect()
                }
                "isManagementRestricted" => self.is_restricted(group.id).into(),
                name => match group.extras.get(name) {
                    Some(value) => value.clone(),
                    // A group that the tenant begins with is a security group.
                    None if name == "securityEnabled" => true.into(),
                    None if name == "mailEnabled" => false.into(),
                    None if name == "groupTypes" && group.dynamic => json!(["DynamicMembership"]),
                    None if property.is_list => json!([]),
                    None => Value::Null,
                },
            };
            object.insert(property.name.into(), value);
        }
        object
    }

    /// A group as a directory object.
    pub(super) fn render_related_group(
        &self,
        group: &Group,
        select: Option<&[String]>,
    ) -> Map<String, Value> {
        let mut object = self.render_group(group);
        prune(&mut object, select, GROUP_HIDDEN);
        object
    }
}
