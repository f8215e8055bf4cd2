//! `/users/delta`: what changed since the last round (<https://learn.microsoft.com/graph/delta-query-overview>).
//!
//! The write master is asked, so that no change is missed; how late Graph's own answer is, no source says.

use super::errors::{Answer, Refusal, Reply};
use super::permissions::DELTA_USERS;
use super::query::filter::{Expr, Literal, Op};
use super::query::{Options, Query};
use super::render::Shape;
use super::route::{Endpoint, Route};
use super::views::View;
use super::{Call, Directory, Life, User};
use crate::behaviours::Label::Documented;
use crate::filled::filled;
use crate::hash::Hash;
use agentuser_core::http::Method::Get;
use agentuser_core::{Now, ObjectId};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The endpoint of users' changes.
pub(super) const ROUTES: &[Endpoint] =
    &[Endpoint::new(Get, "/users/delta", Documented("api/user-delta"), |d, c, r| d.delta_users(c, r))];

/// The most ids that a delta may be restricted to (<https://learn.microsoft.com/graph/api/user-delta>).
const MOST_IDS: usize = 50;
/// How many objects a page holds; an assumption, as `$top` is not taken.
const PAGE: usize = 100;

/// The changes of users since the first delta of the tenant. Before it nothing is written down, so that tenants without one pay nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Watch {
    changed: BTreeMap<ObjectId, Changed>,
}

/// The numbers of the last changes of one user.
#[derive(Debug, Clone, Default)]
struct Changed {
    /// When it came into being, or came back.
    whole: u64,
    /// When it went into the recycle bin, or for good.
    life: u64,
    members: BTreeMap<String, u64>,
}

/// A state token.
#[derive(Debug, Clone, PartialEq, Eq)]
struct State {
    /// The number of the last change that the client knows. None: it knows nothing yet.
    from: Option<u64>,
    /// The number of the last change of this round.
    to: u64,
    /// The last object of the page before.
    after: ObjectId,
    select: Option<Vec<String>>,
    ids: Option<BTreeSet<ObjectId>>,
}

impl Watch {
    /// Notes a user that is new.
    pub(super) fn born(&mut self, id: ObjectId, change: u64) {
        self.changed.entry(id).or_default().whole = change;
    }
}

impl Directory {
    /// Notes what differs between two states of a user.
    pub(super) fn note_delta(&mut self, now: Now, before: &User, after: &User) {
        if self.watch.is_none() {
            return;
        }
        let names = super::render::COMPUTED.iter().copied().chain(["manager"]);
        let extras = before.extras.keys().chain(after.extras.keys()).map(String::as_str);
        let differs = |name: &&str| match *name {
            "manager" => before.manager != after.manager,
            name => self.user_member(before, name, now) != self.user_member(after, name, now),
        };
        let members: BTreeSet<String> = filled(names.chain(extras).filter(differs).map(str::to_owned));
        let change = self.changes;
        let Some(watch) = &mut self.watch else { return };
        let changed = watch.changed.entry(after.id).or_default();
        changed.members.extend(members.into_iter().map(|name| (name, change)));
        match (before.life.is_live(), after.life.is_live()) {
            (false, true) => changed.whole = change,
            (true, false) => changed.life = change,
            (false, false) if before.life != after.life => changed.life = change,
            _ => {}
        }
    }

    fn delta_users(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        self.require(call, DELTA_USERS)?;
        if route.cast.is_some() {
            return Err(Refusal::not_simulated(501, "the delta of a cast"));
        }
        let query = Query::parse(call.raw_query, Options::SET)?;
        if query.top.is_some() || query.is_sorted_or_searched() {
            return Err(Refusal::unsupported_query("The query option is not supported by delta."));
        }
        self.watch.get_or_insert_default();
        let newest = self.changes;
        let begun = |from| {
            let ids = query.filter_text().map(only_ids).transpose()?;
            Ok(State { from, to: newest, after: ObjectId::from_u128(0), select: query.select.clone(), ids })
        };
        let state = match (&query.skip_token, &query.delta_token) {
            (Some(token), _) => self.read_state(token)?,
            (None, Some(token)) if token.eq_ignore_ascii_case("latest") => {
                return Ok(Reply::ok(self.delta_page(call, Vec::new(), &begun(Some(newest))?, true)));
            }
            (None, Some(token)) => State { to: newest, ..self.read_state(token)? },
            (None, None) => begun(None)?,
        };
        let minimal =
            call.request.headers.get("Prefer").is_some_and(|prefer| prefer.contains("return=minimal"));
        let ids =
            self.users.keys().copied().filter(|id| {
                *id > state.after && state.ids.as_ref().is_none_or(|wanted| wanted.contains(id))
            });
        let mut found: Vec<(ObjectId, Value)> = ids
            .filter_map(|id| Some((id, self.delta_of(call, id, &state, minimal)?)))
            .take(PAGE + 1)
            .collect();
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let last = found.last().map_or(state.after, |(id, _)| *id);
        let next = State { after: last, ..state };
        let value = found.into_iter().map(|(_, object)| object).collect();
        Ok(Reply::ok(self.delta_page(call, value, &next, !more)))
    }

    /// The entry of a user in a round; `None` where nothing changed.
    fn delta_of(&self, call: &Call<'_>, id: ObjectId, state: &State, minimal: bool) -> Option<Value> {
        let user = self.user_of_any_life(id, call.now)?;
        let nothing = Changed::default();
        let changed = self.watch.as_ref().and_then(|watch| watch.changed.get(&id)).unwrap_or(&nothing);
        let is_new = |change: u64| state.from.is_none_or(|from| change > from);
        if !user.life.is_live() {
            // A user that was gone before the first round has no entry.
            let told = state.from.is_some() && is_new(changed.life);
            let reason = if user.life == Life::Gone { "deleted" } else { "changed" };
            return told.then(|| json!({"id": id.to_string(), "@removed": {"reason": reason}}));
        }
        let whole = state.from.is_none() || is_new(changed.whole);
        let wanted = |name: &str| match &state.select {
            Some(names) => names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name)),
            None => super::rules::DEFAULTS.contains(&name),
        };
        let news: Vec<&str> = changed
            .members
            .iter()
            .filter(|(name, change)| is_new(**change) && wanted(name))
            .map(|(name, _)| name.as_str())
            .collect();
        if !whole && news.is_empty() {
            return None;
        }
        let shape = Shape { select: state.select.as_deref(), expand: &[], cast: false, deleted: false };
        let mut object = self.render_user(user, call.now, View::Master, shape);
        if minimal && !whole {
            object.retain(|name, _| news.contains(&name.as_str()) || name.starts_with('@'));
        }
        object.insert("id".into(), id.to_string().into());
        if state.select.is_some() && wanted("manager") && (whole || news.contains(&"manager")) {
            let manager = user
                .manager
                .map(|manager| json!({"@odata.type": "#microsoft.graph.user", "id": manager.to_string()}));
            object.insert("manager@delta".into(), manager.into_iter().collect());
        }
        Some(object.into())
    }

    /// A user at the write master, even one that is gone for good.
    fn user_of_any_life(&self, id: ObjectId, now: Now) -> Option<&User> {
        let record = self.users.get(&id)?;
        record.begun(now.mono).then(|| record.newest())
    }

    fn delta_page(&self, call: &Call<'_>, value: Vec<Value>, state: &State, is_last: bool) -> Value {
        let mut body = Map::new();
        let context = self.context(call.version, "users", state.select.as_deref(), false);
        body.insert("@odata.context".into(), context);
        let state = match is_last {
            true => State { from: Some(state.to), after: ObjectId::from_u128(0), ..state.clone() },
            false => state.clone(),
        };
        let (link, option) =
            if is_last { ("@odata.deltaLink", "$deltatoken") } else { ("@odata.nextLink", "$skiptoken") };
        let address = format!("{}{}{}", self.root, call.version.path(), call.path);
        body.insert(link.into(), format!("{address}?{option}={}", self.write_state(&state)).into());
        body.insert("value".into(), value.into());
        body.into()
    }

    fn write_state(&self, state: &State) -> String {
        let from = state.from.map_or_else(String::new, |from| from.to_string());
        let select = state.select.as_ref().map_or_else(String::new, |names| format!("s{}", names.join("~")));
        let ids = state.ids.as_ref().map_or_else(String::new, |ids| {
            let ids: Vec<String> = ids.iter().map(ObjectId::to_string).collect();
            format!("i{}", ids.join("~"))
        });
        let text = format!("{from}.{}.{}.{select}.{ids}", state.to, state.after);
        format!("{:016x}.{text}", self.seal(&text))
    }

    fn seal(&self, text: &str) -> u64 {
        Hash::new(self.seed).text("delta").text(text).finish()
    }

    fn read_state(&self, token: &str) -> Result<State, Refusal> {
        let read = || {
            let (seal, text) = token.split_once('.')?;
            if format!("{:016x}", self.seal(text)) != seal {
                return None;
            }
            let parts: Vec<&str> = text.split('.').collect();
            let [from, to, after, select, ids] = parts.as_slice() else { return None };
            let list = |text: &str, mark: char| {
                let names = text.strip_prefix(mark)?;
                Some(names.split('~').map(str::to_owned).collect::<Vec<_>>())
            };
            Some(State {
                from: from.parse().ok(),
                to: to.parse().ok()?,
                after: after.parse().ok()?,
                select: list(select, 's'),
                ids: list(ids, 'i').map(|ids| ids.iter().filter_map(|id| id.parse().ok()).collect()),
            })
        };
        read().ok_or_else(|| Refusal::bad_request("The state token is invalid."))
    }
}

/// The ids of `id eq 'a' or id eq 'b'`: a delta takes no other filter.
fn only_ids(text: &str) -> Result<BTreeSet<ObjectId>, Refusal> {
    let refuse = || Refusal::unsupported_query("A delta can be filtered by the ids of objects only.");
    let one = |expr: &Expr| match expr {
        Expr::Compare { path, op: Op::Eq, value: Literal::Text(id) }
            if path.0.len() == 1 && path.0.iter().all(|name| name.eq_ignore_ascii_case("id")) =>
        {
            id.parse().map_err(|_| refuse())
        }
        _ => Err(refuse()),
    };
    let found = match Expr::parse(text).map_err(|_| refuse())? {
        Expr::Or(all) => all.iter().map(one).collect::<Result<BTreeSet<_>, _>>()?,
        single => BTreeSet::from([one(&single)?]),
    };
    if found.len() <= MOST_IDS { Ok(found) } else { Err(refuse()) }
}
