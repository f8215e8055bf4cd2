//! Groups, as far as they assign licenses and are read (docs/graph.md#licenses-from-groups).

use super::errors::{Answer, Refusal, Reply};
use super::permissions::{GET_DRIVE, GET_GROUPS};
use super::query::{Options, Query, Set};
use super::render::{Shape, render_group};
use super::route::{Cast, Endpoint};
use super::subjects::{SeenGroup, compare};
use super::views::View;
use super::{Call, Directory, Group, User, id_in_path};
use crate::behaviours::Label::Documented;
use crate::hash::Hash;
use agentuser_core::http::Method::{Get, Post};
use agentuser_core::{Now, ObjectId};
use serde_json::{Value, json};

/// What is answered here.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(Get, "/groups", Documented("api/group-list"), |d, c, _| d.list_groups(c)),
    Endpoint::new(Get, "/groups/{id}", Documented("api/group-get"), |d, c, r| d.get_group(c, r.key())),
    Endpoint::new(Get, "/groups/{id}/members", Documented("api/group-list-members"), |d, c, r| {
        d.list_members(c, r.key())
    }),
    Endpoint::new(Get, "/users/{id}/memberOf", Documented("api/user-list-memberof"), |d, c, r| {
        d.member_of(c, r.key(), r.is_agent_cast(), r.narrowed)
    })
    .narrowing(),
    // No group here is a member of another.
    Endpoint::new(
        Get,
        "/users/{id}/transitiveMemberOf",
        Documented("api/user-list-transitivememberof"),
        |d, c, r| d.member_of(c, r.key(), r.is_agent_cast(), r.narrowed),
    )
    .narrowing(),
    Endpoint::new(
        Post,
        "/users/{id}/getMemberGroups",
        Documented("api/directoryobject-getmembergroups"),
        |d, c, r| d.get_member_groups(c, r.key(), r.is_agent_cast()),
    ),
    Endpoint::new(
        Post,
        "/users/{id}/checkMemberGroups",
        Documented("api/directoryobject-checkmembergroups"),
        |d, c, r| d.check_member_groups(c, r.key(), r.is_agent_cast()),
    ),
    Endpoint::new(Get, "/users/{id}/drive", Documented("api/drive-get"), |d, c, r| {
        d.get_drive(c, r.key(), r.is_agent_cast())
    }),
];

impl Directory {
    pub(super) fn list_groups(&mut self, call: &Call<'_>) -> Answer {
        self.require(call, GET_GROUPS)?;
        let mut query = Query::parse(call.raw_query, Options { paging: false, ..Options::SET })?;
        let advanced = query.settle_count(call.request);
        let wanted = query.wanted(Set::groups(advanced), call.request)?;
        let select = query.select.as_deref();
        let mut groups: Vec<&Group> =
            self.groups.values().filter(|group| wanted.is(&SeenGroup(group))).collect();
        groups.sort_by(|one, other| compare(&wanted.order, &SeenGroup(one), &SeenGroup(other)));
        let groups = groups.into_iter().map(|group| render_group(group, select).into()).collect();
        Ok(Reply::ok(self.whole_collection(call.version, "groups", select, groups)))
    }

    pub(super) fn get_group(&mut self, call: &Call<'_>, id: &str) -> Answer {
        self.require(call, GET_GROUPS)?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let group = self.group_in_path(id)?;
        let mut object = render_group(group, query.select.as_deref());
        object.remove("@odata.type");
        Ok(Reply::ok(self.entity(call.version, "groups", query.select.as_deref(), object)))
    }

    pub(super) fn list_members(&mut self, call: &Call<'_>, id: &str) -> Answer {
        self.require(call, GET_GROUPS)?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let select = query.select.as_deref();
        let group = self.group_in_path(id)?;
        let shape = Shape { select, expand: &[], cast: false, deleted: false };
        let users = group.members.iter().filter_map(|id| self.live_user(*id, call.now, View::Master));
        let members = users.map(|user| {
            let mut object = self.render_user(user, call.now, View::Master, shape);
            object.entry("@odata.type").or_insert_with(|| "#microsoft.graph.user".into());
            Value::from(object)
        });
        let members = members.collect();
        Ok(Reply::ok(self.whole_collection(call.version, "directoryObjects", select, members)))
    }

    pub(super) fn member_of(
        &mut self,
        call: &Call<'_>,
        key: &str,
        cast: bool,
        narrowed: Option<Cast>,
    ) -> Answer {
        self.require(call, GET_GROUPS)?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let select = query.select.as_deref();
        let view = self.readable(call, key, cast)?;
        let user = self.shown(call, key, view)?;
        // Groups are the only objects here that have members.
        let shown = narrowed.is_none_or(|cast| cast == Cast::Group);
        let groups = self.groups.values().filter(|group| shown && group.members.contains(&user.id));
        let groups = groups.map(|group| render_group(group, select).into()).collect();
        Ok(Reply::ok(self.whole_collection(call.version, "directoryObjects", select, groups)))
    }

    /// The ids of the groups that a user is a member of.
    fn groups_of(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Result<Vec<String>, Refusal> {
        self.require(call, GET_GROUPS)?;
        let view = self.readable(call, key, cast)?;
        let id = self.shown(call, key, view)?.id;
        let groups = self.groups.values().filter(|group| group.members.contains(&id));
        Ok(groups.map(|group| group.id.to_string()).collect())
    }

    /// Every group here is a security group, so that `securityEnabledOnly` leaves none out.
    fn get_member_groups(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        let body = call.object()?;
        if !body.get("securityEnabledOnly").is_some_and(Value::is_boolean) {
            return Err(Refusal::required("securityEnabledOnly"));
        }
        let ids = self.groups_of(call, key, cast)?;
        let context = self.context(call.version, "Collection(Edm.String)", None, false);
        Ok(Reply::ok(json!({"@odata.context": context, "value": ids})))
    }

    fn check_member_groups(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        let body = call.object()?;
        let asked =
            body.get("groupIds").and_then(Value::as_array).ok_or_else(|| Refusal::required("groupIds"))?;
        // At most 20 at once (https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups).
        if asked.len() > 20 {
            return Err(Refusal::invalid("groupIds"));
        }
        let mut ids = self.groups_of(call, key, cast)?;
        let is_asked = |id: &String| {
            asked.iter().any(|one| one.as_str().is_some_and(|one| one.eq_ignore_ascii_case(id)))
        };
        ids.retain(is_asked);
        let context = self.context(call.version, "Collection(Edm.String)", None, false);
        Ok(Reply::ok(json!({"@odata.context": context, "value": ids})))
    }

    /// The drive of a user. Without one, the words are observed (docs/graph.md#licenses-and-readiness).
    pub(super) fn get_drive(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        self.require(call, GET_DRIVE)?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let view = self.readable(call, key, cast)?;
        let user = self.shown(call, key, view)?;
        if !self.has_drive(user, call.now) {
            return Err(Refusal::new(404, "ResourceNotFound", "User's mysite not found."));
        }
        let id = format!("b!{}", Hash::new(self.seed).text("drive").id(user.id).guid());
        let name = user.user_principal_name.to_lowercase().replace(['@', '.'], "_");
        let web_url = format!("https://contoso-my.sharepoint.com/personal/{name}/Documents");
        let select = query.select.as_deref();
        let mut object = serde_json::Map::new();
        for (name, value) in [("id", id), ("driveType", "business".to_owned()), ("webUrl", web_url)] {
            if Query::wants(select, name, true) {
                object.insert(name.into(), json!(value));
            }
        }
        Ok(Reply::ok(self.entity(call.version, "drives", select, object)))
    }

    fn group_in_path(&self, id: &str) -> Result<&Group, Refusal> {
        self.groups.get(&id_in_path(id)?).ok_or_else(|| Refusal::not_found(id))
    }

    /// Makes a user that becomes a member inherit a group's licenses. What can't be assigned is in error.
    pub(crate) fn inherit(&self, user: &mut User, group: ObjectId, now: Now) {
        let Some(group) = self.groups.get(&group) else { return };
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
            self.groups.values().filter(|group| group.dynamic).map(|group| group.id).collect();
        for id in dynamic {
            self.inherit(user, id, now);
            if let Some(group) = self.groups.get_mut(&id) {
                group.members.insert(user.id);
            }
        }
    }
}
