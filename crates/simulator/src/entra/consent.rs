//! Consent: which of Graph's permissions a client has, by grants, by inheritance, and by a person's word.

use super::call::{Call, Place};
use super::client::Client;
use super::refused::{Refused, as_page};
use crate::directory::{Directory, Grant};
use crate::filled::filled;
use crate::hash::Hash;
use crate::tenant::GRAPH_APP;
use agentuser_core::ObjectId;
use agentuser_core::http::{Headers, Response};
use serde_json::Value;
use std::collections::BTreeSet;

/// The scopes of a list with blanks between.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split_whitespace().map(str::to_owned)
}

/// The scopes of Graph that this principal may use on behalf of this user, by grants alone.
fn consented_on(directory: &Directory, principal: ObjectId, user: ObjectId) -> BTreeSet<String> {
    let of_graph = |id| directory.find_principal(id).is_some_and(|api| api.app_id == GRAPH_APP);
    let grants = directory.grants.values().filter(|grant| {
        grant.client == principal && grant.principal.is_none_or(|one| one == user) && of_graph(grant.resource)
    });
    filled(grants.flat_map(|grant| words(&grant.scope)))
}

/// The names of a pattern of inheritance: those that it lists, or all.
fn inherited(pattern: Option<&Value>, all: BTreeSet<String>) -> BTreeSet<String> {
    let kind = pattern.and_then(|one| one.get("kind")).and_then(Value::as_str);
    match kind {
        Some("allAllowed") => all,
        Some("enumerated") => {
            let listed = pattern.and_then(|one| one.get("scopes").or_else(|| one.get("roles")));
            let listed = listed.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            let listed: Vec<&str> = listed.collect();
            filled(all.into_iter().filter(|one| listed.contains(&one.as_str())))
        }
        _ => BTreeSet::new(),
    }
}

impl Directory {
    /// Whether Graph declares the scope.
    pub(super) fn graph_has_scope(&self, name: &str) -> bool {
        self.graph_scope(name).is_some()
    }

    fn graph_scope(&self, name: &str) -> Option<&Value> {
        let graph = self.principals_of_app(GRAPH_APP).next()?;
        let scopes = graph.extras.get("oauth2PermissionScopes")?.as_array()?;
        let is_it = |scope: &&Value| {
            scope.get("value").and_then(Value::as_str).is_some_and(|value| value.eq_ignore_ascii_case(name))
        };
        scopes.iter().find(is_it)
    }

    /// Whether only an admin can consent to the scope.
    pub(super) fn needs_admin(&self, scope: &str) -> bool {
        let kind = self.graph_scope(scope).and_then(|scope| scope.get("type")).and_then(Value::as_str);
        kind != Some("User") || !self.entra.user_consent
    }

    /// The app roles of Graph that agent identities of a blueprint inherit
    /// (<https://learn.microsoft.com/entra/agent-id/concept-inheritable-permissions>).
    pub(super) fn inherited_roles(&self, blueprint: ObjectId) -> Vec<String> {
        let pattern = self.inheritable(blueprint).and_then(|one| one.get("inheritableRoles"));
        let principal = self.blueprint_principal(blueprint).map(|one| one.id);
        let all = principal.map(|id| self.roles_on_graph(id)).unwrap_or_default();
        inherited(pattern, filled(all)).into_iter().collect()
    }

    fn inherited_scopes(&self, blueprint: ObjectId, user: ObjectId) -> BTreeSet<String> {
        let pattern = self.inheritable(blueprint).and_then(|one| one.get("inheritableScopes"));
        let principal = self.blueprint_principal(blueprint).map(|one| one.id);
        let all = principal.map(|id| consented_on(self, id, user)).unwrap_or_default();
        inherited(pattern, all)
    }

    fn inheritable(&self, blueprint: ObjectId) -> Option<&serde_json::Map<String, Value>> {
        self.blueprint_of_app(blueprint)?.inheritable.get(&GRAPH_APP)
    }

    /// The scopes of Graph that a client may use on behalf of a user.
    pub(super) fn granted(&self, client: Client, user: ObjectId) -> BTreeSet<String> {
        let principal = self.principal_of_client(client);
        let mut granted = principal.map(|id| consented_on(self, id, user)).unwrap_or_default();
        granted.extend(self.entra.consents.get(&(client.app(), user)).into_iter().flatten().cloned());
        if let Client::Identity { blueprint, .. } = client {
            granted.extend(self.inherited_scopes(blueprint, user));
        }
        granted
    }

    /// Writes down that a user consented to scopes.
    pub(super) fn consent(&mut self, client: Client, user: ObjectId, scopes: &BTreeSet<String>) {
        let resource = self.principals_of_app(GRAPH_APP).next().map(|one| one.id);
        let (Some(resource), Some(principal)) = (resource, self.principal_of_client(client)) else {
            let known = self.entra.consents.entry((client.app(), user)).or_default();
            known.extend(scopes.iter().cloned());
            return;
        };
        self.add_grant(principal, Some(user), resource, scopes);
    }

    /// Adds scopes to the grant of these three, which is made where it is not there.
    pub(crate) fn add_grant(
        &mut self,
        client: ObjectId,
        principal: Option<ObjectId>,
        resource: ObjectId,
        scopes: &BTreeSet<String>,
    ) {
        let id = Self::grant_id(self.seed, client, resource, principal);
        let before: BTreeSet<String> =
            self.grants.get(&id).map(|grant| filled(words(&grant.scope))).unwrap_or_default();
        let all: BTreeSet<&String> = filled(scopes.iter().chain(&before));
        let scope = all.into_iter().map(String::as_str).collect::<Vec<_>>().join(" ");
        self.grants.insert(id, Grant { client, principal, resource, scope });
    }

    /// Takes back what a client may do on behalf of a user, or of all where none is named. Tells whether there was anything.
    pub fn revoke_consent(&mut self, app: ObjectId, user: Option<ObjectId>) -> bool {
        let principals: Vec<ObjectId> = self
            .all_principals()
            .filter(|one| one.app_id == app || one.id == app)
            .map(|one| one.id)
            .collect();
        let before = self.grants.len() + self.entra.consents.len();
        self.grants.retain(|_, grant| {
            !principals.contains(&grant.client) || user.is_some() && grant.principal != user
        });
        self.entra.consents.retain(|(of, by), _| *of != app || user.is_some_and(|user| user != *by));
        before != self.grants.len() + self.entra.consents.len()
    }

    pub(crate) fn grant_id(
        seed: u64,
        client: ObjectId,
        resource: ObjectId,
        principal: Option<ObjectId>,
    ) -> ObjectId {
        let nobody = ObjectId::from_u128(0);
        Hash::new(seed).text("grant").id(client).id(resource).id(principal.unwrap_or(nobody)).guid()
    }
}

impl Call<'_> {
    /// The scopes that a client may use on behalf of a user, when those that are named are among them.
    pub(super) fn consented(
        &self,
        client: Client,
        user: ObjectId,
        named: Option<&BTreeSet<String>>,
    ) -> Result<Vec<String>, Refused> {
        let granted = self.directory.granted(client, user);
        let has = |name: &String| granted.iter().any(|one| one.eq_ignore_ascii_case(name));
        let missing = named.into_iter().flatten().find(|name| !has(name));
        if missing.is_none() && !(granted.is_empty() && named.is_none_or(|named| !named.is_empty())) {
            return Ok(granted.into_iter().collect());
        }
        // Agent identities can't ask a person: they always hear of missing consent.
        let is_agent = matches!(client, Client::Identity { .. });
        if let Some(missing) = missing.filter(|name| !is_agent && self.directory.needs_admin(name)) {
            let text = format!("Admin consent is required for the permission '{missing}'.");
            return Err(Refused::grant(90_094, text).suberror("consent_required"));
        }
        let text = format!(
            "The user or administrator has not consented to use the application with ID '{}'.",
            client.app()
        );
        Err(Refused::grant(65_001, text).suberror("consent_required"))
    }
}

/// `GET /{tenant}/v2.0/adminconsent`: an admin's page, which consents at once.
/// (<https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>)
pub(super) fn admin(directory: &mut Directory, place: &Place<'_>) -> Response {
    consent_of_admin(directory, place).unwrap_or_else(|refused| refused.response(place))
}

fn consent_of_admin(directory: &mut Directory, place: &Place<'_>) -> Result<Response, Refused> {
    if directory.tenant_named(place.tenant) != Some(directory.tenant_id()) {
        return Err(Refused::tenant("invalid_request", place.tenant));
    }
    let fields = place.parameters()?;
    let field = |name: &str| fields.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let client = directory.client_named(field("client_id").ok_or_else(|| Refused::required("client_id"))?)?;
    if matches!(client, Client::Identity { .. }) && !directory.switches.consent_url_for_identities {
        let text = "Agent identities can't ask for consent interactively.";
        return Err(Refused::new("invalid_request", 82_014, text));
    }
    let redirect = field("redirect_uri");
    if let Some(uri) = redirect.filter(|uri| !directory.may_go_back_to(client.app(), uri)) {
        let text = format!("The redirect URI '{uri}' is not one of the application '{}'.", client.app());
        return Err(Refused::new("invalid_request", 50_011, text));
    }
    let scopes = field("scope").unwrap_or_default();
    let names = words(scopes).map(|scope| scope.rsplit('/').next().unwrap_or_default().to_owned());
    let names: BTreeSet<String> = filled(names.filter(|name| directory.graph_has_scope(name)));
    let resource = directory.principals_of_app(GRAPH_APP).next().map(|one| one.id);
    if let (Some(principal), Some(resource)) = (directory.principal_of_client(client), resource) {
        if !names.is_empty() {
            directory.add_grant(principal, None, resource, &names);
        }
        for role in words(field("role").unwrap_or_default()) {
            directory.assign_graph_role(principal, &role);
        }
    }
    let Some(redirect) = redirect else {
        return Ok(as_page(
            200,
            "<!doctype html><title>Consent</title><p>The simulated admin has consented.",
        ));
    };
    let state = field("state").map(|state| format!("&state={}", super::authorize::escape(state)));
    let mut headers = Headers::new();
    let join = if redirect.contains('?') { '&' } else { '?' };
    let tenant = directory.tenant_id();
    let state = state.unwrap_or_default();
    headers.push("Location", format!("{redirect}{join}admin_consent=True&tenant={tenant}{state}"));
    Ok(Response { status: 302, headers, body: Vec::new() })
}
