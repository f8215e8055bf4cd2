//! Service principals: agent identities, blueprint principals, and any other.

use super::bodies::{Takes, check_type, required_id, required_text, spelled};
use super::errors::{Answer, Refusal, Reply};
use super::permissions::{
    CREATE_BLUEPRINT_PRINCIPAL, DELETE_IDENTITY, DELETE_PRINCIPAL, GET_BLUEPRINT_PRINCIPALS, GET_IDENTITIES,
    GET_PRINCIPALS, WRITE_IDENTITY, WRITE_PRINCIPAL,
};
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
use serde_json::{Map, Value, json};
use std::ops::Bound;

/// The endpoints of service principals and agent identities.
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
        Ok(Reply::count(count))
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
    pub(super) fn principal_key(&self, call: &Call<'_>, key: &str, view: View) -> Result<ObjectId, Refusal> {
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

    fn create_principal(&mut self, call: &Call<'_>, cast: Option<Cast>) -> Answer {
        let body = call.object()?;
        let named = body.get("@odata.type").and_then(Value::as_str).and_then(Cast::read);
        match cast.or(named) {
            Some(Cast::AgentIdentity) => self.create_identity(call, &spelled("agentIdentity", body)),
            Some(Cast::BlueprintPrincipal) => {
                self.create_blueprint_principal(call, &spelled("agentIdentityBlueprintPrincipal", body))
            }
            _ => Err(Refusal::not_simulated(
                501,
                "the creation of service principals that have nothing to do with agents",
            )),
        }
    }

    fn create_identity(&mut self, call: &Call<'_>, body: &Map<String, Value>) -> Answer {
        let any = &["AgentIdentity.Create.All", "AgentIdentity.ReadWrite.All"];
        let as_manager = call.token.is_app_only() && self.has(call, "AgentIdentity.CreateAsManager");
        if !as_manager {
            self.require(call, any)?;
        }
        let display_name = required_text(body, "displayName")?.to_owned();
        rules::display_name(&display_name)?;
        let blueprint = required_id(body, "agentIdentityBlueprintId")?;
        if as_manager && call.token.of_blueprint() != Some(blueprint) {
            self.require(call, any)?;
        }
        if self.blueprint_of_app(blueprint).is_none() || self.blueprint_principal(blueprint).is_none() {
            return Err(Refusal::bad_request(
                "The Agent Blueprint Principal for the Agent Blueprint does not exist.",
            ));
        }
        let sponsors = self.sponsors_in(call, body)?;
        let owners = self.bound(call, body, "owners", Takes::Owners)?;
        // Only those of the same name and blueprint share numbers, so that the order among others is of no account.
        let drawn = |n: u64| Hash::new(self.seed).id(blueprint).text(&display_name).word(n);
        let id = |n| drawn(n).text("agent identity").guid();
        let born = (0..).find(|n| !self.principals.contains_key(&id(*n))).unwrap_or(u64::MAX);
        let mut principal = ServicePrincipal {
            id: id(born),
            app_id: drawn(born).text("app of agent identity").guid(),
            kind: PrincipalKind::AgentIdentity(blueprint),
            display_name,
            account_enabled: true,
            disabled_by_microsoft: false,
            owners,
            sponsors,
            extras: Map::new(),
            created: call.now,
            attested: None,
            life: Life::Live,
        };
        self.apply_to_principal(&mut principal, body, &["agentIdentityBlueprintId"])?;
        Ok(self.put_principal(call, principal))
    }

    /// The principal of a blueprint in the tenant, without which no agent identity can be made of it.
    fn create_blueprint_principal(&mut self, call: &Call<'_>, body: &Map<String, Value>) -> Answer {
        self.require(call, CREATE_BLUEPRINT_PRINCIPAL)?;
        let app_id = required_id(body, "appId")?;
        // The words of both refusals are assumptions.
        let Some(blueprint) = self.blueprint_of_app(app_id) else {
            let words =
                format!("The application '{app_id}' is not an agent identity blueprint of this tenant.");
            return Err(Refusal::new(400, "AgentBlueprintPrincipal_RequireAgentBlueprint", words));
        };
        if self.blueprint_principal(app_id).is_some() {
            return Err(Refusal::conflict(409, "appId"));
        }
        let display_name = blueprint.display_name.clone();
        let owners = self.owners_in(call, body)?;
        let drawn = |n: u64| Hash::new(self.seed).text("blueprint principal").id(app_id).word(n).guid();
        let id = (0..).map(drawn).find(|id| !self.principals.contains_key(id));
        let mut principal = ServicePrincipal {
            id: id.unwrap_or(app_id),
            app_id,
            kind: PrincipalKind::BlueprintPrincipal,
            display_name,
            account_enabled: true,
            disabled_by_microsoft: false,
            owners,
            sponsors: self.bound(call, body, "sponsors", Takes::Sponsors)?,
            extras: Map::new(),
            created: call.now,
            attested: None,
            life: Life::Live,
        };
        principal.extras.insert("servicePrincipalNames".into(), json!([app_id.to_string()]));
        principal.extras.insert("appRoleAssignmentRequired".into(), false.into());
        principal.extras.insert("signInAudience".into(), "AzureADMyOrg".into());
        self.apply_to_principal(&mut principal, body, &["appId", "displayName"])?;
        Ok(self.put_principal(call, principal))
    }

    fn put_principal(&mut self, call: &Call<'_>, principal: ServicePrincipal) -> Reply {
        self.subject = Some(principal.id);
        let object = render_principal(&principal, None, true);
        self.insert_principal(principal, Some(call.now.mono));
        Reply::created(self.entity(call.version, "servicePrincipals", None, object))
    }

    /// Writes the members of a body into a service principal. `others` were read already.
    fn apply_to_principal(
        &self,
        principal: &mut ServicePrincipal,
        body: &Map<String, Value>,
        others: &[&str],
    ) -> Result<(), Refusal> {
        for (name, value) in body {
            match (name.as_str(), value) {
                ("@odata.type", _) => check_type(
                    value,
                    &[Cast::ServicePrincipal, Cast::AgentIdentity, Cast::BlueprintPrincipal],
                )?,
                ("customSecurityAttributes" | "keyCredentials" | "passwordCredentials", _) => {
                    let what = format_args!("'{name}' in the body of a service principal");
                    return Err(Refusal::not_simulated(501, what));
                }
                (name, _) if name.contains('@') || others.contains(&name) => {}
                ("displayName", Value::String(text)) => {
                    rules::display_name(text)?;
                    principal.display_name.clone_from(text);
                }
                ("accountEnabled", Value::Bool(enabled)) => principal.account_enabled = *enabled,
                ("displayName" | "accountEnabled", _) => return Err(Refusal::invalid(name)),
                (name, _) if READ_ONLY.contains(&name) => return Err(Refusal::read_only(name)),
                (name, _) => self.put_extra("agentIdentity", &mut principal.extras, name, value)?,
            }
        }
        Ok(())
    }

    /// The principal of the blueprint with this appId.
    pub(crate) fn blueprint_principal(&self, app: ObjectId) -> Option<&ServicePrincipal> {
        candidates(self.by_app.get(&app))
            .filter_map(|id| self.find_principal(id))
            .find(|one| one.life.is_live() && one.kind == PrincipalKind::BlueprintPrincipal)
    }

    pub(super) fn update_principal(&mut self, call: &Call<'_>, id: &str, cast: Option<Cast>) -> Answer {
        let key = self.writable_principal(call, id, cast, WRITE_IDENTITY, WRITE_PRINCIPAL)?;
        let body = spelled("agentIdentity", call.object()?);
        if let Some(name) = body.keys().find(|name| name.ends_with("@odata.bind")) {
            let what = format_args!("'{name}' in the change of a service principal");
            return Err(Refusal::not_simulated(501, what));
        }
        let mut after = self
            .live_principal(key, call.now, View::Master)
            .cloned()
            .ok_or_else(|| Refusal::not_found(id))?;
        self.apply_to_principal(&mut after, &body, &[])?;
        self.change_principal(call.now, key, |principal| *principal = after);
        Ok(Reply::no_content())
    }

    pub(super) fn delete_principal(&mut self, call: &Call<'_>, id: &str, cast: Option<Cast>) -> Answer {
        let key = self.writable_principal(call, id, cast, DELETE_IDENTITY, DELETE_PRINCIPAL)?;
        self.soft_delete_principal(call.now, key);
        Ok(Reply::no_content())
    }

    fn writable_principal(
        &mut self,
        call: &Call<'_>,
        id: &str,
        cast: Option<Cast>,
        for_identities: &[&str],
        for_principals: &[&str],
    ) -> Result<ObjectId, Refusal> {
        self.require(call, for_identities).or_else(|_| self.require(call, for_principals))?;
        let key = self.principal_key(call, id, View::Master)?;
        let principal = self
            .live_principal(key, call.now, View::Master)
            .filter(|principal| fits(principal, cast))
            .ok_or_else(|| Refusal::not_found(id))?;
        match principal.kind {
            PrincipalKind::AgentIdentity(_) => self.require(call, for_identities)?,
            PrincipalKind::BlueprintPrincipal => self.require(call, for_principals)?,
            PrincipalKind::Plain => {
                return Err(Refusal::not_simulated(
                    501,
                    "writes to service principals that have nothing to do with agents",
                ));
            }
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
}

/// Members that only the service sets.
const READ_ONLY: &[&str] = &[
    "id",
    "agentIdentityBlueprintId",
    "appId",
    "createdByAppId",
    "createdDateTime",
    "deletedDateTime",
    "disabledByMicrosoftStatus",
    "servicePrincipalType",
];

const fn needed_to_read(cast: Option<Cast>) -> &'static [&'static str] {
    match cast {
        Some(Cast::AgentIdentity) => GET_IDENTITIES,
        Some(Cast::BlueprintPrincipal) => GET_BLUEPRINT_PRINCIPALS,
        _ => GET_PRINCIPALS,
    }
}

pub(super) fn fits(principal: &ServicePrincipal, cast: Option<Cast>) -> bool {
    cast.is_none_or(|cast| is_of(principal, cast))
}

/// Whether it is of the type, or of one that derives from it.
pub(super) fn is_of(principal: &ServicePrincipal, cast: Cast) -> bool {
    match cast {
        Cast::ServicePrincipal => true,
        Cast::AgentIdentity => principal.blueprint().is_some(),
        Cast::BlueprintPrincipal => principal.kind == PrincipalKind::BlueprintPrincipal,
        _ => false,
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
