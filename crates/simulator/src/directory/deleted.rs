//! The recycle bin.

use super::bodies::parameters;
use super::errors::{Answer, Refusal, Reply};
use super::groups::GROUP_HIDDEN;
use super::permissions::{
    DELETE_BLUEPRINT, DELETE_IDENTITY, DELETE_PRINCIPAL, DELETE_USER, GET_BLUEPRINTS, GET_DELETED,
    GET_DELETED_GROUPS, GET_PRINCIPALS, PERMANENT_DELETE, WRITE_GROUP,
};
use super::query::{Options, Query, Set};
use super::render::{Shape, principal_member, render_principal};
use super::route::{Cast, Endpoint, Route};
use super::rules;
use super::subjects::{SeenPrincipal, SeenUser};
use super::users::require_count;
use super::views::View;
use super::{Call, Directory, Life, ServicePrincipal, User, id_in_path};
use crate::behaviours::Label::Documented;
use agentuser_core::ObjectId;
use agentuser_core::http::Method::{Delete, Get, Post};
use serde_json::{Map, Value};
use std::ops::Bound;

/// The endpoints of the recycle bin.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(
        Get,
        "/directory/deletedItems",
        Documented("api/directory-deleteditems-list"),
        |d, c, r| d.list_deleted(c, r),
    ),
    Endpoint::new(Get, "/directory/deletedItems/$count", Documented("aad-advanced-queries"), |d, c, r| {
        d.count_deleted(c, r)
    }),
    Endpoint::new(
        Get,
        "/directory/deletedItems/{id}",
        Documented("api/directory-deleteditems-get"),
        |d, c, r| d.get_deleted(c, r.key()),
    ),
    Endpoint::new(
        Delete,
        "/directory/deletedItems/{id}",
        Documented("api/directory-deleteditems-delete"),
        |d, c, r| d.purge_deleted(c, r.key()),
    ),
    Endpoint::new(
        Post,
        "/directory/deletedItems/{id}/restore",
        Documented("api/directory-deleteditems-restore"),
        |d, c, r| d.restore(c, r.key()),
    ),
];

impl Directory {
    fn list_deleted(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        match route.cast {
            Some(Cast::User) => self.list_deleted_users(call),
            Some(Cast::ServicePrincipal) => self.list_deleted_principals(call),
            Some(Cast::Group) => {
                self.require(call, GET_DELETED_GROUPS)?;
                let found = self.groups_as(Life::is_deleted);
                self.answer_set(call, Set::groups, "directoryObjects", GROUP_HIDDEN, found)
            }
            Some(Cast::Application) => {
                self.require(call, GET_BLUEPRINTS)?;
                let found = self.applications(Life::is_deleted);
                self.answer_set(call, Set::applications, "directoryObjects", &[], found)
            }
            // No administrative unit can be deleted here.
            Some(Cast::AdministrativeUnit) => self.list_none(call, &["AdministrativeUnit.Read.All"]),
            Some(_) => Err(Refusal::not_simulated(501, "deleted items of this type")),
            // The page says that the type is a required part of the address; the words are an assumption.
            None => Err(Refusal::bad_request("The type of the deleted items is missing from the address.")),
        }
    }

    fn list_none(&mut self, call: &Call<'_>, needed: &[&str]) -> Answer {
        self.require(call, needed)?;
        let query = Query::parse(call.raw_query, Options::SET)?;
        let select = query.select.as_deref();
        Ok(Reply::ok(self.whole_collection(call.version, "directoryObjects", select, Vec::new())))
    }

    fn list_deleted_users(&mut self, call: &Call<'_>) -> Answer {
        self.require(call, GET_DELETED)?;
        let mut query = Query::parse(call.raw_query, Options::SET)?;
        let advanced = query.settle_count(call.request);
        let wanted = query.wanted(self.user_set(advanced), call.request)?;
        let hidden = self.check_selected(call, &query)?;
        let size = query.page_size(100, 999, self.switches.large_top)?;
        let cursor = self.cursor(call, &query)?;
        let view = View::Index(self.next_replica(call.path));
        let in_bin = |id: ObjectId| self.user(id, call.now, view).filter(|user| user.life.is_deleted());
        let keep = |id: ObjectId| {
            in_bin(id).is_some_and(|user| wanted.is(&SeenUser { directory: self, user, now: call.now }))
        };
        let page = if wanted.order.is_empty() {
            let ids = self.binned.range((Bound::Excluded(cursor.after), Bound::Unbounded)).copied();
            self.page(cursor, size, ids, keep)
        } else {
            let all = self.binned.iter().copied().filter(|id| keep(*id)).collect();
            Self::page_in_order(cursor, size, &self.sorted_users(call, view, &wanted.order, all))
        };
        let count = (query.count && cursor.first).then(|| self.binned.iter().filter(|id| keep(**id)).count());
        let shape = Shape { select: query.select.as_deref(), expand: &[], cast: false, deleted: true };
        let shown = page.ids.iter().filter_map(|id| in_bin(*id));
        let value = shown.map(|user| {
            let mut object = self.render_user(user, call.now, view, shape);
            hidden.hide(&mut object);
            object.into()
        });
        let value = value.collect();
        Ok(Reply::ok(self.collection(call, &query, "directoryObjects", &page, count, value)))
    }

    fn list_deleted_principals(&mut self, call: &Call<'_>) -> Answer {
        self.require(call, GET_PRINCIPALS)?;
        let mut query = Query::parse(call.raw_query, Options::SET)?;
        let advanced = query.settle_count(call.request);
        let wanted = query.wanted(Set::principals(None, advanced), call.request)?;
        if !wanted.order.is_empty() {
            return Err(Refusal::not_simulated(501, "$orderby of deleted service principals"));
        }
        let size = query.page_size(100, 999, self.switches.large_top)?;
        let cursor = self.cursor(call, &query)?;
        let view = View::Index(self.next_replica(call.path));
        let in_bin = |id: ObjectId| {
            let deleted = self.principal(id, call.now, view).filter(|one| one.life.is_deleted());
            deleted.filter(|one| wanted.is(&SeenPrincipal(one)))
        };
        let after = (Bound::Excluded(cursor.after), Bound::Unbounded);
        let ids = self.principals.range(after).map(|(id, _)| *id);
        let page = self.page(cursor, size, ids, |id| in_bin(id).is_some());
        let count = (query.count && cursor.first)
            .then(|| self.principals.keys().filter(|id| in_bin(**id).is_some()).count());
        let shown = page.ids.iter().filter_map(|id| in_bin(*id));
        let value = shown.map(|one| render_deleted(one, query.select.as_deref()).into()).collect();
        Ok(Reply::ok(self.collection(call, &query, "directoryObjects", &page, count, value)))
    }

    fn count_deleted(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        require_count(call)?;
        let query = Query::parse(call.raw_query, Options { paging: false, ..Options::SET })?;
        let view = View::Index(self.next_replica(call.path));
        let count = match route.cast {
            Some(Cast::User) => {
                self.require(call, GET_DELETED)?;
                let wanted = query.wanted(self.user_set(true), call.request)?;
                let is_counted = |id: &&ObjectId| {
                    self.user(**id, call.now, view).is_some_and(|user| {
                        let seen = SeenUser { directory: self, user, now: call.now };
                        user.life.is_deleted() && wanted.is(&seen)
                    })
                };
                self.binned.iter().filter(is_counted).count()
            }
            Some(Cast::ServicePrincipal) => {
                self.require(call, GET_PRINCIPALS)?;
                let wanted = query.wanted(Set::principals(None, true), call.request)?;
                let is_counted = |id: &&ObjectId| {
                    self.principal(**id, call.now, view)
                        .is_some_and(|one| one.life.is_deleted() && wanted.is(&SeenPrincipal(one)))
                };
                self.principals.keys().filter(is_counted).count()
            }
            Some(Cast::Group) => {
                self.require(call, GET_DELETED_GROUPS)?;
                return Self::count_set(call, Set::groups, &self.groups_as(Life::is_deleted));
            }
            Some(Cast::Application) => {
                self.require(call, GET_BLUEPRINTS)?;
                return Self::count_set(call, Set::applications, &self.applications(Life::is_deleted));
            }
            _ => return Err(Refusal::not_simulated(501, "the count of deleted items of this type")),
        };
        Ok(Reply::count(count))
    }

    pub(super) fn get_deleted(&mut self, call: &Call<'_>, id: &str) -> Answer {
        let key = id_in_path(id)?;
        if let Some(group) = self.groups.get(&key).filter(|group| group.life.is_deleted()) {
            self.require(call, GET_DELETED_GROUPS)?;
            return self.answer_object(call, "directoryObjects", GROUP_HIDDEN, self.render_group(group));
        }
        if let Some(blueprint) = self.blueprints.get(&key).filter(|blueprint| blueprint.life.is_deleted()) {
            self.require(call, GET_BLUEPRINTS)?;
            return self.answer_object(call, "directoryObjects", &[], self.render_application(blueprint));
        }
        self.require(call, GET_DELETED)?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let select = query.select.as_deref();
        self.subject = Some(key);
        let view = View::Read(self.next_replica(&id.to_lowercase()));
        if let Some(user) = self.user(key, call.now, view).filter(|user| user.life.is_deleted()) {
            let shape = Shape { select, expand: &[], cast: false, deleted: true };
            let object = self.render_user(user, call.now, view, shape);
            return Ok(Reply::ok(self.entity(call.version, "directoryObjects", select, object)));
        }
        let principal = self
            .principal(key, call.now, view)
            .filter(|principal| principal.life.is_deleted())
            .ok_or_else(|| Refusal::not_found(id))?;
        let object = render_principal(principal, select, true);
        Ok(Reply::ok(self.entity(call.version, "directoryObjects", select, object)))
    }

    /// A user in the bin, as the write master has it.
    fn binned_user(&self, call: &Call<'_>, id: ObjectId) -> Option<&User> {
        self.user(id, call.now, View::Master).filter(|user| user.life.is_deleted())
    }

    pub(super) fn restore(&mut self, call: &Call<'_>, id: &str) -> Answer {
        let key = id_in_path(id)?;
        let declared = &["autoReconcileProxyConflict", "newUserPrincipalName"];
        let body = parameters("restore", call.optional_object()?, declared)?;
        if self.principals.contains_key(&key) {
            return self.restore_principal(call, key);
        }
        if self.groups.contains_key(&key) {
            return self.restore_group(call, key);
        }
        if self.blueprints.contains_key(&key) {
            return self.restore_application(call, key);
        }
        self.require_any_write(call, DELETE_USER)?;
        let new_upn = match body.get("newUserPrincipalName") {
            None | Some(Value::Null) => None,
            Some(value) => Some(value.as_str().ok_or_else(|| Refusal::invalid("newUserPrincipalName"))?),
        };
        if body.get("autoReconcileProxyConflict").is_some_and(|value| !value.is_boolean() && !value.is_null())
        {
            return Err(Refusal::invalid("autoReconcileProxyConflict"));
        }
        let user = self.binned_user(call, key).ok_or_else(|| Refusal::not_found(id))?;
        self.require_write(call, user, DELETE_USER)?;
        let upn = new_upn.unwrap_or(&user.user_principal_name);
        rules::user_principal_name(upn)?;
        if new_upn.is_some() {
            self.check_domain(upn)?;
        }
        if let Some(parent) = user.parent {
            self.check_parent(call, parent, Some(key))?;
        }
        self.check_upn(call, upn, Some(key))?;
        self.check_nickname(call, &user.mail_nickname, Some(key))?;
        self.subject = Some(key);
        self.restore_user(call.now, key, new_upn.map(str::to_owned));
        let user = self.live_user(key, call.now, View::Master).ok_or_else(|| Refusal::not_found(id))?;
        let object = self.render_related(user, call.now, View::Master, None);
        Ok(Reply::ok(self.entity(call.version, "directoryObjects", None, object)))
    }

    fn restore_principal(&mut self, call: &Call<'_>, id: ObjectId) -> Answer {
        let deleted = self.principal(id, call.now, View::Master).filter(|sp| sp.life.is_deleted());
        let is_identity = deleted.is_some_and(|principal| principal.blueprint().is_some());
        self.require(call, if is_identity { DELETE_IDENTITY } else { DELETE_PRINCIPAL })?;
        if deleted.is_none() {
            return Err(Refusal::not_found(id));
        }
        self.subject = Some(id);
        self.change_principal(call.now, id, |principal| principal.life = Life::Live);
        let principal =
            self.live_principal(id, call.now, View::Master).ok_or_else(|| Refusal::not_found(id))?;
        let object = render_principal(principal, None, true);
        Ok(Reply::ok(self.entity(call.version, "directoryObjects", None, object)))
    }

    /// A group comes back with its members (<https://learn.microsoft.com/graph/api/directory-deleteditems-restore>).
    fn restore_group(&mut self, call: &Call<'_>, id: ObjectId) -> Answer {
        self.require(call, WRITE_GROUP)?;
        let deleted = self.groups.get(&id).filter(|group| group.life.is_deleted());
        let members = deleted.map(|group| group.members.clone()).ok_or_else(|| Refusal::not_found(id))?;
        self.change_group(id, |group| group.life = Life::Live);
        self.join(call.now, id, members);
        let object = self.group(id).map(|group| self.render_related_group(group, None)).unwrap_or_default();
        Ok(Reply::ok(self.entity(call.version, "directoryObjects", None, object)))
    }

    fn restore_application(&mut self, call: &Call<'_>, id: ObjectId) -> Answer {
        self.require(call, DELETE_BLUEPRINT)?;
        if !self.blueprints.get(&id).is_some_and(|blueprint| blueprint.life.is_deleted()) {
            return Err(Refusal::not_found(id));
        }
        self.change_blueprint(id, |blueprint| blueprint.life = Life::Live);
        let object = self.blueprint(id).map(|blueprint| self.render_application(blueprint));
        Ok(Reply::ok(self.entity(call.version, "directoryObjects", None, object.unwrap_or_default())))
    }

    /// Lets go of a group, a blueprint or an agent identity in the bin. That of a blueprint's principal is blocked
    /// (docs/graph.md#delete-and-cascade); the words are an assumption.
    fn purge_object(&mut self, call: &Call<'_>, id: ObjectId) -> Answer {
        if let Some(group) = self.groups.get(&id) {
            let is_deleted = group.life.is_deleted();
            self.require(call, WRITE_GROUP)?;
            if !is_deleted {
                return Err(Refusal::not_found(id));
            }
            self.change_group(id, |group| group.life = Life::Gone);
        } else if let Some(blueprint) = self.blueprints.get(&id) {
            let is_deleted = blueprint.life.is_deleted();
            self.require(call, DELETE_BLUEPRINT)?;
            if !is_deleted {
                return Err(Refusal::not_found(id));
            }
            self.change_blueprint(id, |blueprint| blueprint.life = Life::Gone);
        } else {
            let principal = self.principal(id, call.now, View::Master).filter(|one| one.life.is_deleted());
            let is_identity = principal.is_some_and(|one| one.blueprint().is_some());
            self.require(call, if is_identity { DELETE_IDENTITY } else { DELETE_PRINCIPAL })?;
            if principal.is_none() {
                return Err(Refusal::not_found(id));
            }
            if !is_identity {
                return Err(Refusal::bad_request(
                    "An agent identity blueprint principal can't be deleted permanently.",
                ));
            }
            self.change_principal(call.now, id, |principal| principal.life = Life::Gone);
        }
        self.subject = Some(id);
        Ok(Reply::no_content())
    }

    pub(super) fn purge_deleted(&mut self, call: &Call<'_>, id: &str) -> Answer {
        let key = id_in_path(id)?;
        if [
            self.principals.contains_key(&key),
            self.groups.contains_key(&key),
            self.blueprints.contains_key(&key),
        ]
        .contains(&true)
        {
            return self.purge_object(call, key);
        }
        self.require_any_write(call, PERMANENT_DELETE)?;
        let user = self.binned_user(call, key).ok_or_else(|| Refusal::not_found(id))?;
        self.require_write(call, user, PERMANENT_DELETE)?;
        if call.token.is_app_only() && self.switches.permanent_delete_refused_to_apps {
            return Err(Refusal::denied());
        }
        self.subject = Some(key);
        self.change_user(call.now, key, |user| user.life = Life::Gone);
        Ok(Reply::no_content())
    }
}

/// A service principal in the bin, which shows since when.
fn render_deleted(principal: &ServicePrincipal, select: Option<&[String]>) -> Map<String, Value> {
    let mut object = render_principal(principal, select, true);
    if select.is_none()
        && let Some(since) = principal_member(principal, "deletedDateTime")
    {
        object.insert("deletedDateTime".into(), since);
    }
    object.entry("@odata.type").or_insert_with(|| "#microsoft.graph.servicePrincipal".into());
    object
}
