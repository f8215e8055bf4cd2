//! Users and agent users: list, get, update, delete, revoke.

use super::bodies::{check_type, spelled};
use super::errors::{Answer, Refusal, Reply};
use super::open_members::assign;
use super::permissions::{
    AGENTS_ALL, AGENTS_OF_BLUEPRINT, DELETE_USER, GET_ME, GET_SIGN_INS, GET_USER, LIST_USERS,
    READ_LEAVE_DATE, READ_SECURITY_ATTRIBUTES, REVOKE, UserWrite, WRITE_LEAVE_DATE,
    WRITE_SECURITY_ATTRIBUTES, WRITE_USER,
};
use super::query::{Expand, Options, Order, Query, Set, Wanted, is_eventual};
use super::render::Shape;
use super::route::{Cast, Endpoint};
use super::rules;
use super::subjects::{SeenUser, compare};
use super::views::{View, candidates};
use super::{Call, Directory, User, is_below_me};
use crate::behaviours::Label::Documented;
use crate::switches::{EarlyWrite, LeaveDateUnread, PatchAnswer, Unwelcome};
use agentuser_core::ObjectId;
use agentuser_core::http::Method::{Delete, Get, Patch, Post};
use serde_json::{Map, Value, json};
use std::ops::Bound;

/// The endpoints of users.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(Get, "/users", Documented("api/user-list"), |d, c, r| d.list_users(c, r.is_agent_cast())),
    Endpoint::new(Post, "/users", Documented("api/agentuser-post"), |d, c, r| {
        d.create_user(c, r.is_agent_cast())
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

const COLLECTION: Options = Options { expand: Some("user"), ..Options::SET };
const ENTITY: Options = Options { count: true, expand: Some("user"), ..Options::OBJECT };

impl Directory {
    pub(super) fn list_users(&mut self, call: &Call<'_>, cast: bool) -> Answer {
        self.require(call, LIST_USERS)?;
        let mut query = Query::parse(call.raw_query, COLLECTION)?;
        let advanced = query.settle_count(call.request);
        let wanted = query.wanted(self.user_set(advanced), call.request)?;
        let hidden = self.check_selected(call, &query)?;
        // With sign-ins in them pages are smaller (docs/graph.md#lists).
        let max = if query.selects("signInActivity") { 500 } else { 999 };
        let size = query.page_size(100, max, self.switches.large_top)?;
        let cursor = self.cursor(call, &query)?;
        let view = View::Index(self.next_replica(call.raw_query));
        let keep = |id: ObjectId| self.is_listed(call, id, view, cast, &wanted);
        let page = if wanted.order.is_empty() {
            self.page(cursor, size, self.candidate_users(cast, &wanted, cursor.after), keep)
        } else {
            let all = self.candidate_users(cast, &wanted, ObjectId::from_u128(0)).filter(|id| keep(*id));
            Self::page_in_order(cursor, size, &self.sorted_users(call, view, &wanted.order, all.collect()))
        };
        let count = (query.count && cursor.first).then(|| {
            let all = self.candidate_users(cast, &wanted, ObjectId::from_u128(0));
            all.filter(|id| keep(*id)).count()
        });
        let select = query.select.as_deref();
        let shape = Shape { select, expand: &query.expand, cast, deleted: false };
        let shown = page.ids.iter().filter_map(|id| self.live_user(*id, call.now, view));
        let value = shown.map(|user| {
            let mut object = self.render_user(user, call.now, view, shape);
            hidden.hide(&mut object);
            object.into()
        });
        let value = value.collect();
        let context = if cast { "users/microsoft.graph.agentUser" } else { "users" };
        Ok(Reply::ok(self.collection(call, &query, context, &page, count, value)))
    }

    pub(super) fn count_users(&mut self, call: &Call<'_>, cast: bool) -> Answer {
        self.require(call, LIST_USERS)?;
        require_count(call)?;
        let query = Query::parse(call.raw_query, Options { paging: false, ..Options::SET })?;
        let wanted = query.wanted(self.user_set(true), call.request)?;
        let view = View::Index(self.next_replica(call.raw_query));
        let all = self.candidate_users(cast, &wanted, ObjectId::from_u128(0));
        let count = all.filter(|id| self.is_listed(call, *id, view, cast, &wanted)).count();
        Ok(Reply::count(count))
    }

    /// The users as a set to filter and sort.
    pub(super) const fn user_set(&self, advanced: bool) -> Set {
        Set::users(advanced, self.switches.created_filter_is_advanced)
    }

    /// Puts users in order; those that compare equal stay by id.
    pub(super) fn sorted_users(
        &self,
        call: &Call<'_>,
        view: View,
        order: &[Order],
        mut ids: Vec<ObjectId>,
    ) -> Vec<ObjectId> {
        let seen = |id: ObjectId| {
            let user = self.user(id, call.now, view)?;
            Some(SeenUser { directory: self, user, now: call.now })
        };
        ids.sort_by(|one, other| match (seen(*one), seen(*other)) {
            (Some(one), Some(other)) => compare(order, &one, &other),
            _ => std::cmp::Ordering::Equal,
        });
        ids
    }

    /// Refuses relationships that the simulator does not have.
    fn check_expanded(query: &Query) -> Result<(), Refusal> {
        let lacking =
            |expand: &&Expand| !matches!(expand.name, "manager" | "sponsors" | "directReports" | "memberOf");
        match query.expand.iter().find(lacking) {
            Some(expand) => Err(Refusal::not_simulated(501, format_args!("$expand={}", expand.name))),
            None => Ok(()),
        }
    }

    /// Refuses members that need another permission or that are stored where the simulator has nothing.
    pub(super) fn check_selected(&self, call: &Call<'_>, query: &Query) -> Result<Hidden, Refusal> {
        Self::check_expanded(query)?;
        let mut hidden = Hidden::default();
        for name in query.select.iter().flatten() {
            let is = |known: &str| name.eq_ignore_ascii_case(known);
            if is("signInActivity") {
                self.require(call, GET_SIGN_INS)?;
                self.require_p1()?;
            }
            if is("customSecurityAttributes") {
                self.require(call, READ_SECURITY_ATTRIBUTES)?;
            }
            if is("employeeLeaveDateTime") && self.require(call, READ_LEAVE_DATE).is_err() {
                match self.switches.leave_date_without_permission {
                    LeaveDateUnread::Refused => return Err(Refusal::denied()),
                    LeaveDateUnread::Null => hidden.leave_date = true,
                }
            }
            if rules::ELSEWHERE.iter().any(|elsewhere| is(elsewhere)) {
                return Err(Refusal::not_simulated(501, format_args!("'{name}' of users")));
            }
        }
        Ok(hidden)
    }

    /// Ids of users that may match, in ascending order, after the given one. Equality with an indexed member needs no
    /// walk over all users.
    fn candidate_users<'a>(
        &'a self,
        cast: bool,
        wanted: &Wanted,
        after: ObjectId,
    ) -> Box<dyn Iterator<Item = ObjectId> + 'a> {
        let from = (Bound::Excluded(after), Bound::Unbounded);
        let equal = |property| wanted.equal_text(property);
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

    fn is_listed(&self, call: &Call<'_>, id: ObjectId, view: View, cast: bool, wanted: &Wanted) -> bool {
        self.live_user(id, call.now, view).is_some_and(|user| {
            let seen = SeenUser { directory: self, user, now: call.now };
            (!cast || user.is_agent()) && wanted.is(&seen)
        })
    }

    pub(super) fn get_user(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        self.require(call, if is_below_me(call.path) { GET_ME } else { GET_USER })?;
        let query = Query::parse(call.raw_query, ENTITY)?;
        let hidden = self.check_selected(call, &query)?;
        let view = self.readable(call, key, cast)?;
        let user = self.shown(call, key, view)?;
        let select = query.select.as_deref();
        let shape = Shape { select, expand: &query.expand, cast, deleted: false };
        let mut user = self.render_user(user, call.now, view, shape);
        hidden.hide(&mut user);
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
        self.refuse_restricted(user.id)?;
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
        let body = spelled("user", call.object()?);
        let needed = if body.keys().all(|name| name == "accountEnabled" || name.starts_with('@'))
            && self.holds(call, "User.Read.All")
        {
            UserWrite(&["User.EnableDisableAccount.All", "User.ReadWrite.All"])
        } else {
            WRITE_USER
        };
        self.require_for_members(call, &body)?;
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
        // The page on users says 204, the one on agent users says 200 and a body.
        if self.switches.patch == PatchAnswer::NoContent || before.parent.is_none() {
            return Ok(Reply::no_content());
        }
        let user = self.live_user(id, call.now, View::Master).ok_or_else(|| Refusal::not_found(key))?;
        let shape = Shape { select: None, expand: &[], cast, deleted: false };
        let user = self.render_user(user, call.now, View::Master, shape);
        Ok(Reply::ok(self.entity(call.version, "users", None, user)))
    }

    /// Refuses members that another permission guards (docs/graph.md#properties).
    pub(super) fn require_for_members(
        &self,
        call: &Call<'_>,
        body: &Map<String, Value>,
    ) -> Result<(), Refusal> {
        if body.contains_key("employeeLeaveDateTime") {
            self.require(call, WRITE_LEAVE_DATE)?;
        }
        if body.contains_key("customSecurityAttributes") {
            self.require(call, WRITE_SECURITY_ATTRIBUTES)?;
        }
        Ok(())
    }

    /// Refuses a member that neither the metadata nor a registered extension declares, and a value of another type.
    fn check_declared(&self, name: &str, value: &Value) -> Result<(), Refusal> {
        self.check_declared_of("user", name, value)
    }

    /// Writes the members of a body into a user, each by its rule.
    pub(super) fn apply(&self, user: &mut User, body: &Map<String, Value>) -> Result<(), Refusal> {
        for (name, value) in body {
            let text = || value.as_str().map(str::to_owned).ok_or_else(|| Refusal::invalid(name));
            match name.as_str() {
                "@odata.type" => check_type(value, USER_TYPES)?,
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
                "customSecurityAttributes" => {
                    let assigned = assign(&self.attribute_sets, user.extras.get(name), value)?;
                    user.extras.insert(name.to_owned(), assigned);
                }
                "passwordProfile" => {
                    self.check_declared(name, value)?;
                    if user.is_agent() && self.switches.password_profile == Unwelcome::Refused {
                        return Err(Refusal::invalid(name));
                    }
                }
                // Microsoft's sample of an update sends it; that it changes nothing is an assumption.
                "assignedLicenses" if self.switches.licenses_in_patch == Unwelcome::Ignored => {}
                name if rules::ELSEWHERE.contains(&name) => {
                    return Err(Refusal::not_simulated(501, format_args!("'{name}' of users")));
                }
                _ => {
                    rules::read_only(name)?;
                    self.check_declared(name, value)?;
                    rules::other(name, value)?;
                    if name == "employeeOrgData" && value.is_object() {
                        user.extras.insert(name.clone(), rules::whole_org_data(value));
                    } else if value.is_null() {
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
        self.change_user(call.now, id, |user| {
            user.sessions_valid_from = Some(call.now.unix_ms);
            user.revocations += 1;
        });
        Ok(Reply::ok(
            json!({"@odata.context": self.context(call.version, "Edm.Boolean", None, false), "value": true}),
        ))
    }
}

/// The types that a body of a user may name (docs/graph.md#agent-user).
pub(super) const USER_TYPES: &[Cast] = &[Cast::AgentUser, Cast::User];

/// Refuses a count as a segment of the path without its header, in the words of
/// https://learn.microsoft.com/graph/aad-advanced-queries.
pub(super) fn require_count(call: &Call<'_>) -> Result<(), Refusal> {
    if is_eventual(call.request) {
        Ok(())
    } else {
        Err(Refusal::bad_request("$count is not currently supported."))
    }
}

/// Members that the caller must not see and that are shown as null.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hidden {
    leave_date: bool,
}

impl Hidden {
    pub(super) fn hide(self, object: &mut Map<String, Value>) {
        if self.leave_date {
            object.insert("employeeLeaveDateTime".into(), Value::Null);
        }
    }
}
