//! Users and agent users: list, get, update, delete, revoke.

use super::errors::{Answer, Body, Refusal, Reply};
use super::permissions::{
    AGENTS_ALL, AGENTS_OF_BLUEPRINT, DELETE_USER, GET_USER, LIST_USERS, REVOKE, UserWrite, WRITE_USER,
};
use super::query::{Filter, Literal, Options, Query, Test};
use super::render::Shape;
use super::route::Endpoint;
use super::rules;
use super::views::{View, candidates};
use super::{Call, Directory, User};
use crate::behaviours::Label::Documented;
use crate::switches::{EarlyWrite, PatchAnswer, Unwelcome};
use agentuser_core::ObjectId;
use agentuser_core::http::Method::{Delete, Get, Patch, Post};
use serde_json::{Map, Value, json};
use std::ops::Bound;

/// What is answered here.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(Get, "/users", Documented("api/user-list"), |d, c, r| d.list_users(c, r.is_agent_cast())),
    Endpoint::new(Post, "/users", Documented("api/agentuser-post"), |d, c, r| {
        d.create_user(c, r.is_agent_cast())
    }),
    Endpoint::new(Get, "/users/delta", Documented("api/user-delta"), |_, _, _| {
        Err(Refusal::not_simulated(501, "the delta of users"))
    }),
    Endpoint::new(Get, "/users/$count", Documented("aad-advanced-queries"), |d, c, r| {
        d.count_users(c, r.is_agent_cast())
    }),
    Endpoint::new(Get, "/users/{id}", Documented("api/user-get"), |d, c, r| {
        d.get_user(c, r.key(), r.is_agent_cast())
    }),
    Endpoint::new(Patch, "/users/{id}", Documented("api/agentuser-update"), |d, c, r| {
        d.update_user(c, r.key(), r.is_agent_cast())
    }),
    Endpoint::new(Delete, "/users/{id}", Documented("api/agentuser-delete"), |d, c, r| {
        d.delete_user(c, r.key(), r.is_agent_cast())
    }),
    Endpoint::new(
        Post,
        "/users/{id}/revokeSignInSessions",
        Documented("api/user-revokesigninsessions"),
        |d, c, r| d.revoke_sessions(c, r.key(), r.is_agent_cast()),
    ),
];

const COLLECTION: Options = Options { filter: true, paging: true, count: true, expand: true };
const ENTITY: Options = Options { expand: true, ..Options::OBJECT };

impl Directory {
    pub(super) fn list_users(&mut self, call: &Call<'_>, cast: bool) -> Answer {
        self.require(call, LIST_USERS)?;
        let query = Query::parse(call.raw_query, COLLECTION)?;
        query.require_consistency(call.request)?;
        if let Some(filter) = &query.filter {
            check_filter(filter)?;
        }
        let size = query.page_size(100, 999, self.switches.large_top)?;
        let cursor = self.cursor(call, &query)?;
        let view = View::Index(self.next_replica(call.raw_query));
        let keep = |id: ObjectId| self.is_listed(call, id, view, cast, query.filter.as_ref());
        let page = self.page(cursor, size, self.candidate_users(cast, &query, cursor.after), keep);
        let count = (query.count && cursor.first).then(|| {
            let all = self.candidate_users(cast, &query, ObjectId::from_u128(0));
            all.filter(|id| keep(*id)).count()
        });
        let select = query.select.as_deref();
        let shape = Shape { select, expand: &query.expand, cast, deleted: false };
        let shown = page.ids.iter().filter_map(|id| self.live_user(*id, call.now, view));
        let value = shown.map(|user| self.render_user(user, call.now, view, shape).into()).collect();
        let context = if cast { "users/microsoft.graph.agentUser" } else { "users" };
        Ok(Reply::ok(self.collection(call, &query, context, &page, count, value)))
    }

    pub(super) fn count_users(&mut self, call: &Call<'_>, cast: bool) -> Answer {
        self.require(call, LIST_USERS)?;
        let mut query = Query::parse(call.raw_query, Options { filter: true, ..Options::OBJECT })?;
        query.count = true;
        query.require_consistency(call.request)?;
        if let Some(filter) = &query.filter {
            check_filter(filter)?;
        }
        let view = View::Index(self.next_replica(call.raw_query));
        let all = self.candidate_users(cast, &query, ObjectId::from_u128(0));
        let count = all.filter(|id| self.is_listed(call, *id, view, cast, query.filter.as_ref())).count();
        Ok(Reply { status: 200, body: Body::Text(count.to_string()) })
    }

    /// Ids of users that may match, in ascending order, after the given one. Equality with an indexed member needs no
    /// walk over all users.
    fn candidate_users<'a>(
        &'a self,
        cast: bool,
        query: &Query,
        after: ObjectId,
    ) -> Box<dyn Iterator<Item = ObjectId> + 'a> {
        let from = (Bound::Excluded(after), Bound::Unbounded);
        let equal = |property| query.filter.as_ref().and_then(|filter| filter.equal_text(property));
        let entry = if let Some(parent) = equal("identityParentId") {
            Some(parent.parse().ok().and_then(|parent: ObjectId| self.by_parent.get(&parent)))
        } else if let Some(upn) = equal("userPrincipalName") {
            Some(self.by_upn.get(&upn.to_lowercase()))
        } else {
            equal("mailNickname").map(|nickname| self.by_nickname.get(&nickname.to_lowercase()))
        };
        match entry {
            Some(entry) => Box::new(candidates(entry).filter(move |id| *id > after)),
            None if cast => Box::new(self.agents.range(from).copied()),
            None => Box::new(self.users.range(from).map(|(id, _)| *id)),
        }
    }

    fn is_listed(
        &self,
        call: &Call<'_>,
        id: ObjectId,
        view: View,
        cast: bool,
        filter: Option<&Filter>,
    ) -> bool {
        self.live_user(id, call.now, view).is_some_and(|user| {
            (!cast || user.is_agent()) && filter.is_none_or(|filter| matches(user, filter))
        })
    }

    pub(super) fn get_user(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        self.require(call, GET_USER)?;
        let query = Query::parse(call.raw_query, ENTITY)?;
        let view = self.readable(call, key, cast)?;
        let user = self.shown(call, key, view)?;
        let select = query.select.as_deref();
        let shape = Shape { select, expand: &query.expand, cast, deleted: false };
        let user = self.render_user(user, call.now, view, shape);
        Ok(Reply::ok(self.entity(call.version, "users", select, user)))
    }

    /// The place from which a read sees the user of a path; refused when it sees none.
    pub(super) fn readable(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Result<View, Refusal> {
        let view = View::Read(self.next_replica(&key.to_lowercase()));
        let user = self.shown(call, key, view)?;
        if cast && !user.is_agent() {
            return Err(Refusal::not_found(key));
        }
        self.subject = Some(user.id);
        Ok(view)
    }

    /// The user of a path as it is seen from there.
    pub(super) fn shown(&self, call: &Call<'_>, key: &str, view: View) -> Result<&User, Refusal> {
        self.live_user_by_key(key, call.now, view).ok_or_else(|| Refusal::not_found(key))
    }

    /// The user of a path as a write finds it: at the write master, unless it has not replicated and a switch says
    /// that this matters.
    pub(super) fn writable(
        &mut self,
        call: &Call<'_>,
        key: &str,
        cast: bool,
        needed: UserWrite,
    ) -> Result<ObjectId, Refusal> {
        self.require_any_write(call, needed)?;
        let user = self
            .live_user_by_key(key, call.now, View::Master)
            .filter(|user| !cast || user.is_agent())
            .ok_or_else(|| Refusal::not_found(key))?;
        let id = user.id;
        self.require_write(call, user, needed)?;
        self.subject = Some(id);
        let view = View::Read(self.next_replica(&key.to_lowercase()));
        if self.live_user(id, call.now, view).is_none() {
            match self.switches.early_write {
                EarlyWrite::Works => {}
                EarlyWrite::NotFound => return Err(Refusal::not_found(key)),
                EarlyWrite::ObjectNotFound => return Err(Refusal::object_not_found(id)),
            }
        }
        Ok(id)
    }

    /// Refuses a caller that could write no user at all in this way.
    pub(super) fn require_any_write(&self, call: &Call<'_>, needed: UserWrite) -> Result<(), Refusal> {
        self.require(call, &[AGENTS_ALL, AGENTS_OF_BLUEPRINT]).or_else(|_| self.require(call, needed.0))
    }

    /// Refuses a caller that may not write this user in this way. The Agent ID permissions reach agent users only.
    pub(super) fn require_write(
        &self,
        call: &Call<'_>,
        user: &User,
        needed: UserWrite,
    ) -> Result<(), Refusal> {
        if let Some(parent) = user.parent
            && (self.has(call, AGENTS_ALL) || self.reaches_child(call, parent))
        {
            return Ok(());
        }
        self.require(call, needed.0)
    }

    /// Whether the caller is the blueprint of this agent identity and may write its children.
    pub(super) fn reaches_child(&self, call: &Call<'_>, parent: ObjectId) -> bool {
        self.has(call, AGENTS_OF_BLUEPRINT)
            && call.token.of_blueprint().is_some()
            && call.token.of_blueprint() == self.blueprint_of(parent)
    }

    pub(super) fn update_user(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        let body = call.object()?;
        let needed = if body.keys().all(|name| name == "accountEnabled" || name.starts_with('@'))
            && self.has(call, "User.Read.All")
        {
            UserWrite(&["User.EnableDisableAccount.All", "User.ReadWrite.All"])
        } else {
            WRITE_USER
        };
        let id = self.writable(call, key, cast, needed)?;
        let before =
            self.live_user(id, call.now, View::Master).cloned().ok_or_else(|| Refusal::not_found(key))?;
        let mut after = before.clone();
        self.apply(&mut after, &body)?;
        if body.contains_key("usageLocation") {
            let old_enough = before.created.mono.saturating_add(self.switches.usage_location_fails_for);
            if before.created_through_graph && call.now.mono < old_enough {
                return Err(Refusal::object_not_found(id));
            }
        }
        if !after.user_principal_name.eq_ignore_ascii_case(&before.user_principal_name) {
            self.check_domain(&after.user_principal_name)?;
            self.check_upn(call, &after.user_principal_name, Some(id))?;
        }
        if !after.mail_nickname.eq_ignore_ascii_case(&before.mail_nickname) {
            self.check_nickname(call, &after.mail_nickname, Some(id))?;
        }
        self.change_user(call.now, id, |user| *user = after);
        if self.switches.patch == PatchAnswer::NoContent {
            return Ok(Reply::no_content());
        }
        let user = self.live_user(id, call.now, View::Master).ok_or_else(|| Refusal::not_found(key))?;
        let shape = Shape { select: None, expand: &[], cast, deleted: false };
        let user = self.render_user(user, call.now, View::Master, shape);
        Ok(Reply::ok(self.entity(call.version, "users", None, user)))
    }

    /// Writes the members of a body into a user, each by its rule.
    pub(super) fn apply(&self, user: &mut User, body: &Map<String, Value>) -> Result<(), Refusal> {
        for (name, value) in body {
            let text = || value.as_str().map(str::to_owned).ok_or_else(|| Refusal::invalid(name));
            match name.as_str() {
                "@odata.type" => check_type(value)?,
                name if name.starts_with("@odata.") => {}
                name if name.contains('@') || matches!(name, "manager" | "sponsors") => {
                    return Err(Refusal::not_simulated(501, format_args!("'{name}' in the body of a user")));
                }
                "displayName" => {
                    user.display_name = text()?;
                    rules::display_name(&user.display_name)?;
                }
                "userPrincipalName" => {
                    user.user_principal_name = text()?;
                    rules::user_principal_name(&user.user_principal_name)?;
                }
                "mailNickname" => {
                    user.mail_nickname = text()?;
                    rules::mail_nickname(&user.mail_nickname)?;
                }
                "accountEnabled" => {
                    user.account_enabled = value.as_bool().ok_or_else(|| Refusal::invalid(name))?;
                }
                "usageLocation" => {
                    let code = text()?;
                    rules::usage_location(&code)?;
                    user.usage_location = Some(code);
                }
                "identityParentId" => {
                    let same = value.as_str().and_then(|id| id.parse().ok()) == user.parent;
                    if !same && self.switches.parent_id_in_patch == Unwelcome::Refused {
                        return Err(Refusal::read_only(name));
                    }
                }
                "passwordProfile" => {
                    if self.switches.password_profile == Unwelcome::Refused {
                        return Err(Refusal::invalid(name));
                    }
                }
                _ => {
                    rules::other(name, value)?;
                    if value.is_null() {
                        user.extras.remove(name);
                    } else {
                        user.extras.insert(name.clone(), value.clone());
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) fn delete_user(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        let id = self.writable(call, key, cast, DELETE_USER)?;
        self.soft_delete_user(call.now, id);
        Ok(Reply::no_content())
    }

    pub(super) fn revoke_sessions(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        let id = self.writable(call, key, cast, REVOKE)?;
        self.change_user(call.now, id, |user| user.sessions_valid_from = Some(call.now.unix_ms));
        Ok(Reply::ok(
            json!({"@odata.context": self.context(call.version, "Edm.Boolean", None, false), "value": true}),
        ))
    }
}

/// Refuses any type in a body but the agent user's, with or without `#` (docs/graph.md#agent-user).
pub(super) fn check_type(value: &Value) -> Result<(), Refusal> {
    match value.as_str().map(|name| name.strip_prefix('#').unwrap_or(name)) {
        Some("microsoft.graph.agentUser" | "microsoft.graph.user") => Ok(()),
        _ => Err(Refusal::bad_request("The '@odata.type' of the body does not fit the request.")),
    }
}

/// Refuses filters on members that are not known to be filterable (docs/graph.md#lists).
fn check_filter(filter: &Filter) -> Result<(), Refusal> {
    let sound = filter.0.iter().all(|clause| match (&clause.test, clause.property.as_str()) {
        (Test::Equals(Literal::Bool(_)), "accountEnabled")
        | (Test::Any(_), "assignedLicenses")
        | (Test::StartsWith(_), "userPrincipalName" | "displayName" | "mailNickname") => true,
        (Test::Equals(Literal::Text(_)), name) => {
            matches!(
                name,
                "id" | "identityParentId"
                    | "userPrincipalName"
                    | "displayName"
                    | "mailNickname"
                    | "usageLocation"
                    | "department"
                    | "jobTitle"
                    | "employeeId"
                    | "city"
                    | "state"
                    | "country"
            )
        }
        _ => false,
    });
    if sound {
        Ok(())
    } else {
        Err(Refusal::unsupported_query(
            "Unsupported or invalid query filter clause specified for a property of resource 'User'.",
        ))
    }
}

/// Whether the user passes the filter. Text compares without regard to letter case (an assumption).
fn matches(user: &User, filter: &Filter) -> bool {
    filter.0.iter().all(|clause| {
        let text = match clause.property.as_str() {
            "id" => Some(user.id.to_string()),
            "identityParentId" => user.parent.map(|id| id.to_string()),
            "userPrincipalName" => Some(user.user_principal_name.clone()),
            "displayName" => Some(user.display_name.clone()),
            "mailNickname" => Some(user.mail_nickname.clone()),
            "usageLocation" => user.usage_location.clone(),
            name => user.extras.get(name).and_then(Value::as_str).map(str::to_owned),
        };
        match &clause.test {
            Test::Any(sku) => user.licenses.keys().any(|id| id.to_string().eq_ignore_ascii_case(sku)),
            Test::Equals(Literal::Bool(wanted)) => user.account_enabled == *wanted,
            Test::Equals(Literal::Text(wanted)) => {
                text.is_some_and(|text| text.to_lowercase() == wanted.to_lowercase())
            }
            Test::Equals(Literal::Null) => text.is_none(),
            Test::StartsWith(wanted) => {
                text.is_some_and(|text| text.to_lowercase().starts_with(&wanted.to_lowercase()))
            }
        }
    })
}
