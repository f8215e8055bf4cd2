//! The recycle bin.

use super::errors::{Answer, Refusal, Reply};
use super::permissions::{DELETE_USER, GET_DELETED, PERMANENT_DELETE, WRITE_IDENTITY};
use super::query::{Options, Query};
use super::render::{Shape, render_principal};
use super::route::{Cast, Endpoint, Route};
use super::rules;
use super::views::View;
use super::{Call, Directory, Life, User, id_in_path};
use crate::behaviours::Label::Documented;
use agentuser_core::ObjectId;
use agentuser_core::http::Method::{Delete, Get, Post};
use serde_json::Value;
use std::ops::Bound;

/// What is answered here.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(
        Get,
        "/directory/deletedItems",
        Documented("api/directory-deleteditems-list"),
        |d, c, r| d.list_deleted(c, r),
    ),
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
            _ => Err(Refusal::not_simulated(501, "deleted items of this type")),
        }
    }

    fn list_deleted_users(&mut self, call: &Call<'_>) -> Answer {
        self.require(call, GET_DELETED)?;
        let query = Query::parse(
            call.raw_query,
            Options { filter: false, paging: true, count: false, expand: false },
        )?;
        let size = query.page_size(100, 999, self.switches.large_top)?;
        let cursor = self.cursor(call, &query)?;
        let view = View::Index(self.next_replica(call.path));
        let in_bin = |id: ObjectId| self.user(id, call.now, view).filter(|user| user.life.is_deleted());
        let ids = self.binned.range((Bound::Excluded(cursor.after), Bound::Unbounded)).copied();
        let page = self.page(cursor, size, ids, |id| in_bin(id).is_some());
        let shape = Shape { select: query.select.as_deref(), expand: &[], cast: false, deleted: true };
        let shown = page.ids.iter().filter_map(|id| in_bin(*id));
        let value = shown.map(|user| self.render_user(user, call.now, view, shape).into()).collect();
        Ok(Reply::ok(self.collection(call, &query, "directoryObjects", &page, None, value)))
    }

    pub(super) fn get_deleted(&mut self, call: &Call<'_>, id: &str) -> Answer {
        self.require(call, GET_DELETED)?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let select = query.select.as_deref();
        let key = id_in_path(id)?;
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
        if self.principals.contains_key(&key) {
            return self.restore_principal(call, key);
        }
        self.require_any_write(call, DELETE_USER)?;
        let body = call.optional_object()?;
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
        let shape = Shape { select: None, expand: &[], cast: false, deleted: false };
        let mut object = self.render_user(user, call.now, View::Master, shape);
        let kind = if user.is_agent() { "#microsoft.graph.agentUser" } else { "#microsoft.graph.user" };
        object.insert("@odata.type".into(), kind.into());
        Ok(Reply::ok(self.entity(call.version, "directoryObjects", None, object)))
    }

    fn restore_principal(&mut self, call: &Call<'_>, id: ObjectId) -> Answer {
        self.require(call, WRITE_IDENTITY)?;
        let deleted = self.principal(id, call.now, View::Master).filter(|sp| sp.life.is_deleted());
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

    pub(super) fn purge_deleted(&mut self, call: &Call<'_>, id: &str) -> Answer {
        let key = id_in_path(id)?;
        if self.principals.contains_key(&key) {
            return Err(Refusal::not_simulated(501, "the permanent delete of service principals"));
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
