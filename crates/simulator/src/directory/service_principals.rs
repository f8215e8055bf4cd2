//! Service principals: agent identities, blueprint principals, and any other.

use super::errors::{Answer, Body, Refusal, Reply};
use super::permissions::{GET_IDENTITIES, GET_PRINCIPALS, WRITE_IDENTITY};
use super::query::{Options, Query, Set, Wanted};
use super::render::render_principal;
use super::route::Cast;
use super::route::Endpoint;
use super::rules;
use super::subjects::{SeenPrincipal, compare};
use super::users::require_count;
use super::views::{View, candidates};
use super::{Call, Directory, Life, PrincipalKind, ServicePrincipal, id_in_path};
use crate::behaviours::Label::Documented;
use crate::hash::Hash;
use agentuser_core::ObjectId;
use agentuser_core::http::Method::{Delete, Get, Patch, Post};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::ops::Bound;

/// What is answered here.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(Get, "/servicePrincipals", Documented("api/serviceprincipal-list"), |d, c, r| {
        d.list_principals(c, r.cast)
    }),
    Endpoint::new(Get, "/servicePrincipals/$count", Documented("aad-advanced-queries"), |d, c, r| {
        d.count_principals(c, r.cast)
    }),
    Endpoint::new(Post, "/servicePrincipals", Documented("api/agentidentity-post"), |d, c, r| {
        d.create_principal(c, r.cast)
    }),
    Endpoint::new(Get, "/servicePrincipals/{id}", Documented("api/serviceprincipal-get"), |d, c, r| {
        d.get_principal(c, r.key(), r.cast)
    }),
    Endpoint::new(Patch, "/servicePrincipals/{id}", Documented("api/agentidentity-update"), |d, c, r| {
        d.update_principal(c, r.key(), r.cast)
    }),
    Endpoint::new(Delete, "/servicePrincipals/{id}", Documented("api/agentidentity-delete"), |d, c, r| {
        d.delete_principal(c, r.key(), r.cast)
    }),
];

impl Directory {
    pub(super) fn list_principals(&mut self, call: &Call<'_>, cast: Option<Cast>) -> Answer {
        self.require(call, needed_to_read(cast))?;
        let mut query =
            Query::parse(call.raw_query, Options { expand: Some("servicePrincipal"), ..Options::SET })?;
        check_expanded(&query)?;
        let advanced = query.settle_count(call.request);
        let wanted = query.wanted(Set::principals(cast, advanced), call.request)?;
        // Default and maximum are 100 for agent identities (docs/graph.md#agent-identities); the other types' maximum is an assumption.
        let max =
            if matches!(cast, Some(Cast::AgentIdentity | Cast::BlueprintPrincipal)) { 100 } else { 999 };
        let size = query.page_size(100, max, self.switches.large_top)?;
        let cursor = self.cursor(call, &query)?;
        let view = View::Index(self.next_replica(call.raw_query));
        let keep = |id: ObjectId| self.is_listed_principal(call, id, view, cast, &wanted);
        let all = |after| self.candidate_principals(cast, &wanted, after).filter(|id| keep(*id));
        let page = if wanted.order.is_empty() {
            self.page(cursor, size, self.candidate_principals(cast, &wanted, cursor.after), keep)
        } else {
            let mut ids: Vec<ObjectId> = all(ObjectId::from_u128(0)).collect();
            let seen = |id: &ObjectId| self.principal(*id, call.now, view).map(SeenPrincipal);
            ids.sort_by(|one, other| match (seen(one), seen(other)) {
                (Some(one), Some(other)) => compare(&wanted.order, &one, &other),
                _ => std::cmp::Ordering::Equal,
            });
            Self::page_in_order(cursor, size, &ids)
        };
        let count = (query.count && cursor.first).then(|| all(ObjectId::from_u128(0)).count());
        let select = query.select.as_deref();
        let with_type = cast.is_none() || !self.switches.cast_omits_type;
        let shown = page.ids.iter().filter_map(|id| self.live_principal(*id, call.now, view));
        let value = shown.map(|principal| render_principal(principal, select, with_type).into()).collect();
        let context = match cast {
            Some(Cast::AgentIdentity) => "servicePrincipals/microsoft.graph.agentIdentity",
            Some(Cast::BlueprintPrincipal) => {
                "servicePrincipals/microsoft.graph.agentIdentityBlueprintPrincipal"
            }
            _ => "servicePrincipals",
        };
        Ok(Reply::ok(self.collection(call, &query, context, &page, count, value)))
    }

    fn count_principals(&mut self, call: &Call<'_>, cast: Option<Cast>) -> Answer {
        self.require(call, needed_to_read(cast))?;
        require_count(call)?;
        let query = Query::parse(call.raw_query, Options { paging: false, ..Options::SET })?;
        let wanted = query.wanted(Set::principals(cast, true), call.request)?;
        let view = View::Index(self.next_replica(call.raw_query));
        let all = self.candidate_principals(cast, &wanted, ObjectId::from_u128(0));
        let count = all.filter(|id| self.is_listed_principal(call, *id, view, cast, &wanted)).count();
        Ok(Reply { status: 200, body: Body::Text(count.to_string()) })
    }

    fn is_listed_principal(
        &self,
        call: &Call<'_>,
        id: ObjectId,
        view: View,
        cast: Option<Cast>,
        wanted: &Wanted,
    ) -> bool {
        let principal = self.live_principal(id, call.now, view);
        principal.is_some_and(|principal| fits(principal, cast) && wanted.is(&SeenPrincipal(principal)))
    }

    fn candidate_principals<'a>(
        &'a self,
        cast: Option<Cast>,
        wanted: &Wanted,
        after: ObjectId,
    ) -> Box<dyn Iterator<Item = ObjectId> + 'a> {
        let from = (Bound::Excluded(after), Bound::Unbounded);
        let equal = |property| wanted.equal_text(property);
        let id = |text: &str| text.parse::<ObjectId>().ok();
        let entry = if let Some(app) = equal("appId") {
            Some(id(app).and_then(|app| self.by_app.get(&app)))
        } else {
            equal("agentIdentityBlueprintId")
                .map(|blueprint| id(blueprint).and_then(|blueprint| self.by_blueprint.get(&blueprint)))
        };
        match entry {
            // Sets of a blueprint may be large: begin where the page begins.
            Some(entry) => Box::new(entry.into_iter().flat_map(move |ids| ids.range(from).copied())),
            None if cast == Some(Cast::AgentIdentity) => Box::new(self.identities.range(from).copied()),
            None => Box::new(self.principals.range(from).map(|(id, _)| *id)),
        }
    }

    /// The id that a key of a path names: itself, or the one of `appId='…'`.
    fn principal_key(&self, call: &Call<'_>, key: &str, view: View) -> Result<ObjectId, Refusal> {
        let Some((name, value)) = key.split_once('=') else { return id_in_path(key) };
        if !name.eq_ignore_ascii_case("appId") {
            return Err(Refusal::not_simulated(501, format_args!("the key {name} of service principals")));
        }
        let value = value.trim_matches('\'');
        let app: ObjectId = value.parse().map_err(|_| Refusal::not_found(value))?;
        let named =
            candidates(self.by_app.get(&app)).find(|id| self.live_principal(*id, call.now, view).is_some());
        named.ok_or_else(|| Refusal::not_found(value))
    }

    pub(super) fn get_principal(&mut self, call: &Call<'_>, id: &str, cast: Option<Cast>) -> Answer {
        self.require(call, needed_to_read(cast))?;
        let query =
            Query::parse(call.raw_query, Options { expand: Some("servicePrincipal"), ..Options::OBJECT })?;
        check_expanded(&query)?;
        let view = View::Read(self.next_replica(&id.to_lowercase()));
        let key = self.principal_key(call, id, view)?;
        self.subject = Some(key);
        let principal = self
            .live_principal(key, call.now, view)
            .filter(|principal| fits(principal, cast))
            .ok_or_else(|| Refusal::not_found(id))?;
        let select = query.select.as_deref();
        let with_type = cast.is_none() || !self.switches.cast_omits_type;
        let object = render_principal(principal, select, with_type);
        Ok(Reply::ok(self.entity(call.version, "servicePrincipals", select, object)))
    }

    pub(super) fn create_principal(&mut self, call: &Call<'_>, cast: Option<Cast>) -> Answer {
        if cast != Some(Cast::AgentIdentity) {
            return Err(Refusal::not_simulated(
                501,
                "the creation of service principals that are not agent identities",
            ));
        }
        let is_app = call.token.is_app_only();
        let as_manager = is_app && self.has(call, "AgentIdentity.CreateAsManager");
        if !as_manager {
            self.require(call, &["AgentIdentity.Create.All"])?;
        }
        let body = call.object()?;
        let text = |name: &str| match body.get(name) {
            None | Some(Value::Null) => Err(Refusal::required(name)),
            Some(value) => value.as_str().ok_or_else(|| Refusal::invalid(name)),
        };
        let display_name = text("displayName")?.to_owned();
        rules::display_name(&display_name)?;
        let blueprint: ObjectId = text("agentIdentityBlueprintId")?
            .parse()
            .map_err(|_| Refusal::invalid("agentIdentityBlueprintId"))?;
        if as_manager
            && call.token.of_blueprint() != Some(blueprint)
            && !self.has(call, "AgentIdentity.Create.All")
        {
            return Err(Refusal::denied());
        }
        if self.blueprints.get(&blueprint).is_none_or(|known| known.principal.is_none()) {
            return Err(Refusal::bad_request(
                "The Agent Blueprint Principal for the Agent Blueprint does not exist.",
            ));
        }
        let sponsors = self.sponsors_in(call, &body)?;
        // Only those of the same name and blueprint share numbers, so that the order among others is of no account.
        let drawn = |n: u64| Hash::new(self.seed).id(blueprint).text(&display_name).word(n);
        let id = |n| drawn(n).text("agent identity").guid();
        let born = (0..).find(|n| !self.principals.contains_key(&id(*n))).unwrap_or(u64::MAX);
        let (id, drawn) = (id(born), drawn(born));
        let principal = ServicePrincipal {
            id,
            app_id: drawn.text("app of agent identity").guid(),
            kind: PrincipalKind::AgentIdentity(blueprint),
            display_name,
            account_enabled: body.get("accountEnabled").and_then(Value::as_bool).unwrap_or(true),
            disabled_by_microsoft: false,
            sponsors,
            extras: Map::new(),
            created: call.now,
            life: Life::Live,
        };
        self.subject = Some(principal.id);
        let object = render_principal(&principal, None, true);
        self.insert_principal(principal, Some(call.now.mono));
        Ok(Reply::created(self.entity(call.version, "servicePrincipals", None, object)))
    }

    /// The sponsors of a new agent identity: given ones, or the signed-in caller (docs/graph.md#agent-identities).
    fn sponsors_in(&self, call: &Call<'_>, body: &Map<String, Value>) -> Result<BTreeSet<ObjectId>, Refusal> {
        let name = "sponsors@odata.bind";
        let given = match body.get(name) {
            None | Some(Value::Null) => &[],
            Some(Value::Array(items)) => items.as_slice(),
            Some(_) => return Err(Refusal::invalid(name)),
        };
        let mut sponsors = BTreeSet::new();
        for item in given {
            let id = item.as_str().and_then(|reference| self.reference(reference));
            let id = id.ok_or_else(|| Refusal::invalid(name))?;
            if !self.groups.contains_key(&id) && self.live_user(id, call.now, View::Master).is_none() {
                return Err(Refusal::not_found(id));
            }
            sponsors.insert(id);
        }
        if sponsors.is_empty() {
            sponsors.extend(call.token.user());
        }
        if sponsors.is_empty() {
            return Err(Refusal::bad_request("No sponsor specified. Please provide at least one sponsor."));
        }
        Ok(sponsors)
    }

    pub(super) fn update_principal(&mut self, call: &Call<'_>, id: &str, cast: Option<Cast>) -> Answer {
        let key = self.writable_identity(call, id, cast)?;
        let body = call.object()?;
        let mut after = self
            .live_principal(key, call.now, View::Master)
            .cloned()
            .ok_or_else(|| Refusal::not_found(id))?;
        for (name, value) in &body {
            match (name.as_str(), value) {
                ("displayName", Value::String(text)) => {
                    rules::display_name(text)?;
                    after.display_name.clone_from(text);
                }
                ("accountEnabled", Value::Bool(enabled)) => after.account_enabled = *enabled,
                ("tags", Value::Array(tags)) => {
                    after.extras.insert("tags".into(), tags.clone().into());
                }
                ("displayName" | "accountEnabled" | "tags", _) => return Err(Refusal::invalid(name)),
                (name, _) if name.starts_with("@odata.") => {}
                _ => return Err(Refusal::read_only(name)),
            }
        }
        self.change_principal(call.now, key, |principal| *principal = after);
        Ok(Reply::no_content())
    }

    pub(super) fn delete_principal(&mut self, call: &Call<'_>, id: &str, cast: Option<Cast>) -> Answer {
        let key = self.writable_identity(call, id, cast)?;
        self.soft_delete_principal(call.now, key);
        Ok(Reply::no_content())
    }

    fn writable_identity(
        &mut self,
        call: &Call<'_>,
        id: &str,
        cast: Option<Cast>,
    ) -> Result<ObjectId, Refusal> {
        self.require(call, WRITE_IDENTITY)?;
        let key = self.principal_key(call, id, View::Master)?;
        let principal = self
            .live_principal(key, call.now, View::Master)
            .filter(|principal| fits(principal, cast))
            .ok_or_else(|| Refusal::not_found(id))?;
        if principal.blueprint().is_none() {
            return Err(Refusal::not_simulated(
                501,
                "writes to service principals that are not agent identities",
            ));
        }
        self.subject = Some(key);
        Ok(key)
    }

    /// A service principal in any state, as the write master has it.
    #[must_use]
    pub fn find_principal(&self, id: ObjectId) -> Option<&ServicePrincipal> {
        self.principals.get(&id).map(super::state::Record::newest)
    }

    /// Live agent identities, as the write master has them, by id.
    pub fn agent_identities(&self) -> impl Iterator<Item = &ServicePrincipal> {
        candidates(Some(&self.identities))
            .filter_map(|id| self.find_principal(id))
            .filter(|principal| principal.life.is_live())
    }

    /// The blueprints, by appId.
    pub fn blueprints(&self) -> impl Iterator<Item = &super::Blueprint> {
        self.blueprints.values()
    }
}

const fn needed_to_read(cast: Option<Cast>) -> &'static [&'static str] {
    match cast {
        Some(Cast::AgentIdentity) => GET_IDENTITIES,
        _ => GET_PRINCIPALS,
    }
}

fn fits(principal: &ServicePrincipal, cast: Option<Cast>) -> bool {
    match cast {
        Some(Cast::AgentIdentity) => principal.blueprint().is_some(),
        Some(Cast::BlueprintPrincipal) => principal.kind == PrincipalKind::BlueprintPrincipal,
        _ => true,
    }
}

/// Relationships of service principals are not simulated.
fn check_expanded(query: &Query) -> Result<(), Refusal> {
    match query.expand.first() {
        Some(expand) => {
            Err(Refusal::not_simulated(501, format_args!("$expand={} of service principals", expand.name)))
        }
        None => Ok(()),
    }
}
