//! Credentials of blueprints: client secrets, and federated identity credentials.

use super::applications::render_secret;
use super::bodies::{check_members, parameters, required_id, required_text, spelled};
use super::errors::{Answer, Refusal, Reply};
use super::permissions::{GET_BLUEPRINTS, WRITE_CREDENTIALS, WRITE_PRINCIPAL};
use super::query::Set;
use super::route::{Endpoint, Route};
use super::sets::Objects;
use super::views::View;
use super::{Call, Directory, Secret, id_in_path};
use crate::behaviours::Label::Documented;
use crate::clock;
use crate::hash::Hash;
use agentuser_core::ObjectId;
use agentuser_core::http::Method::{Delete, Get, Patch, Post};
use serde_json::{Map, Value};

/// The endpoints of an application's credentials.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(
        Post,
        "/applications/{id}/addPassword",
        Documented("api/agentidentityblueprint-addpassword"),
        |d, c, r| d.add_password(c, r.key()),
    ),
    Endpoint::new(
        Post,
        "/applications/{id}/removePassword",
        Documented("api/agentidentityblueprint-removepassword"),
        |d, c, r| d.remove_password(c, r.key()),
    ),
    Endpoint::new(
        Post,
        "/servicePrincipals/{id}/addPassword",
        Documented("https://learn.microsoft.com/entra/agent-id/error-codes"),
        |d, c, r| d.add_principal_password(c, r),
    ),
    Endpoint::new(
        Get,
        "/applications/{id}/federatedIdentityCredentials",
        Documented("api/application-list-federatedidentitycredentials"),
        |d, c, r| d.list_federated(c, r.key()),
    ),
    Endpoint::new(
        Post,
        "/applications/{id}/federatedIdentityCredentials",
        Documented("api/application-post-federatedidentitycredentials"),
        |d, c, r| d.create_federated(c, r.key()),
    ),
    Endpoint::new(
        Get,
        "/applications/{id}/federatedIdentityCredentials/{credential}",
        Documented("api/federatedidentitycredential-get"),
        |d, c, r| d.get_federated(c, r),
    ),
    Endpoint::new(
        Patch,
        "/applications/{id}/federatedIdentityCredentials/{credential}",
        Documented("api/federatedidentitycredential-update"),
        |d, c, r| d.update_federated(c, r),
    ),
    Endpoint::new(
        Delete,
        "/applications/{id}/federatedIdentityCredentials/{credential}",
        Documented("api/federatedidentitycredential-delete"),
        |d, c, r| d.delete_federated(c, r),
    ),
];

/// How long a secret is good without an `endDateTime` (<https://learn.microsoft.com/graph/api/agentidentityblueprint-addpassword>).
const TWO_YEARS_MS: i64 = 2 * 365 * 24 * 3_600 * 1_000;
/// The most federated identity credentials of one application
/// (<https://learn.microsoft.com/graph/api/application-post-federatedidentitycredentials>).
const MOST_FEDERATED: usize = 20;
const FEDERATED: &str = "federatedIdentityCredential";

impl Directory {
    fn add_password(&mut self, call: &Call<'_>, key: &str) -> Answer {
        self.require(call, WRITE_CREDENTIALS)?;
        let id = self.application_key(key)?;
        let given = parameters("addPassword", call.optional_object()?, &["passwordCredential"])?
            .remove("passwordCredential");
        let given = match given {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(given)) => spelled("passwordCredential", given),
            Some(_) => return Err(Refusal::invalid("passwordCredential")),
        };
        check_members("passwordCredential", &given)?;
        let time = |name: &str| match given.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                let time = value.as_str().and_then(clock::parse);
                time.map(Some).ok_or_else(|| Refusal::invalid(name))
            }
        };
        let start_ms = time("startDateTime")?.unwrap_or(call.now.unix_ms);
        let end_ms = time("endDateTime")?.unwrap_or(start_ms.saturating_add(TWO_YEARS_MS));
        let display_name = match given.get("displayName") {
            None | Some(Value::Null) => None,
            Some(name) => Some(name.as_str().ok_or_else(|| Refusal::invalid("displayName"))?.to_owned()),
        };
        let drawn = Hash::new(self.seed).text("secret").id(id).word(self.changes);
        let (key_id, half) = (drawn.guid(), |n| drawn.word(n).guid().to_string().replace('-', ""));
        let text = format!("{}~{}", half(1), half(2)).chars().take(40).collect();
        let secret = Secret { key_id, text, display_name, start_ms, end_ms };
        let mut object = render_secret(&secret);
        object.insert("secretText".into(), secret.text.as_str().into());
        let context = self.context(call.version, "microsoft.graph.passwordCredential", None, false);
        object.insert("@odata.context".into(), context);
        self.change_blueprint(id, |blueprint| blueprint.secrets.push(secret));
        Ok(Reply::ok(object.into()))
    }

    fn remove_password(&mut self, call: &Call<'_>, key: &str) -> Answer {
        self.require(call, WRITE_CREDENTIALS)?;
        let id = self.application_key(key)?;
        let wanted = required_id(&parameters("removePassword", call.object()?, &["keyId"])?, "keyId")?;
        let has = |secret: &Secret| secret.key_id == wanted;
        // The words are an assumption.
        if !self.blueprint(id).is_some_and(|blueprint| blueprint.secrets.iter().any(has)) {
            return Err(Refusal::bad_request(format!("No password credential found with keyId {wanted}.")));
        }
        self.change_blueprint(id, |blueprint| blueprint.secrets.retain(|secret| !has(secret)));
        Ok(Reply::no_content())
    }

    /// Agent identities hold no credentials: the code is documented (<https://learn.microsoft.com/entra/agent-id/error-codes>), its status
    /// and the words are assumptions.
    fn add_principal_password(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        self.require(call, WRITE_PRINCIPAL)?;
        let id = self.principal_key(call, route.key(), View::Master)?;
        let principal =
            self.live_principal(id, call.now, View::Master).ok_or_else(|| Refusal::not_found(route.key()))?;
        if principal.blueprint().is_none() {
            return Err(Refusal::not_simulated(501, "credentials of service principals"));
        }
        let words = "Agent identities can't have credentials. Add them to the blueprint.";
        Err(Refusal::new(400, "AgentIdentity_CredentialsNotSupported", words))
    }

    fn federated(&self, id: ObjectId) -> Objects {
        let all = self.blueprint(id).into_iter().flat_map(|blueprint| &blueprint.federated);
        all.map(|(id, credential)| (*id, credential.clone())).collect()
    }

    fn list_federated(&mut self, call: &Call<'_>, key: &str) -> Answer {
        self.require(call, GET_BLUEPRINTS)?;
        let id = self.application_key(key)?;
        let context = format!("applications('{id}')/federatedIdentityCredentials");
        self.answer_set(call, Set::federated, &context, &[], self.federated(id))
    }

    fn get_federated(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        self.require(call, GET_BLUEPRINTS)?;
        let id = self.application_key(route.key())?;
        let (_, credential) = self.federated_in_path(id, route.second())?;
        let set = format!("applications('{id}')/federatedIdentityCredentials");
        self.answer_object(call, &set, &[], credential)
    }

    /// A credential by its id, or by its name: Graph takes both.
    fn federated_in_path(&self, id: ObjectId, key: &str) -> Result<(ObjectId, Map<String, Value>), Refusal> {
        let is_it = |(id, credential): &(ObjectId, Map<String, Value>)| {
            id_in_path(key).is_ok_and(|key| key == *id)
                || credential.get("name").and_then(Value::as_str) == Some(key)
        };
        self.federated(id).into_iter().find(is_it).ok_or_else(|| Refusal::not_found(key))
    }

    fn create_federated(&mut self, call: &Call<'_>, key: &str) -> Answer {
        self.require(call, WRITE_CREDENTIALS)?;
        let id = self.application_key(key)?;
        let body = spelled(FEDERATED, call.object()?);
        for name in ["name", "issuer", "subject"] {
            required_text(&body, name)?;
        }
        let there = self.federated(id);
        let name = required_text(&body, "name")?;
        if there.iter().any(|(_, one)| one.get("name") == body.get("name")) {
            return Err(Refusal::conflict(409, "name"));
        }
        if there.len() >= MOST_FEDERATED {
            // The words are an assumption.
            return Err(Refusal::bad_request("The application has as many credentials as it may have."));
        }
        let own = Hash::new(self.seed).text("federated").id(id).text(name).guid();
        let mut credential = Map::new();
        credential.insert("id".into(), own.to_string().into());
        credential.insert("description".into(), Value::Null);
        self.write_federated(&mut credential, &body)?;
        check_federated(own, &credential, &there)?;
        self.change_blueprint(id, |blueprint| drop(blueprint.federated.insert(own, credential.clone())));
        let set = format!("applications('{id}')/federatedIdentityCredentials");
        Ok(Reply::created(self.entity(call.version, &set, None, credential)))
    }

    fn write_federated(
        &self,
        credential: &mut Map<String, Value>,
        body: &Map<String, Value>,
    ) -> Result<(), Refusal> {
        for (name, value) in body.iter().filter(|(name, _)| !name.contains('@')) {
            if name == "id" {
                return Err(Refusal::read_only(name));
            }
            self.check_declared_of(FEDERATED, name, value)?;
            credential.insert(name.clone(), value.clone());
        }
        Ok(())
    }

    fn update_federated(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        self.require(call, WRITE_CREDENTIALS)?;
        let id = self.application_key(route.key())?;
        let (own, mut credential) = self.federated_in_path(id, route.second())?;
        let body = spelled(FEDERATED, call.object()?);
        // The name can't be changed (https://learn.microsoft.com/graph/api/federatedidentitycredential-update).
        if body.get("name").is_some_and(|name| Some(name) != credential.get("name")) {
            return Err(Refusal::read_only("name"));
        }
        self.write_federated(&mut credential, &body)?;
        check_federated(own, &credential, &self.federated(id))?;
        self.change_blueprint(id, |blueprint| drop(blueprint.federated.insert(own, credential)));
        Ok(Reply::no_content())
    }

    fn delete_federated(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        self.require(call, WRITE_CREDENTIALS)?;
        let id = self.application_key(route.key())?;
        let (own, _) = self.federated_in_path(id, route.second())?;
        self.change_blueprint(id, |blueprint| drop(blueprint.federated.remove(&own)));
        Ok(Reply::no_content())
    }
}

/// The limits of a federated identity credential (<https://learn.microsoft.com/graph/api/resources/federatedidentitycredential>). The
/// words of a second one with its issuer and subject are an assumption.
fn check_federated(own: ObjectId, credential: &Map<String, Value>, there: &Objects) -> Result<(), Refusal> {
    let text = |name: &str| credential.get(name).and_then(Value::as_str).unwrap_or_default();
    for (name, longest) in [("name", 120), ("issuer", 600), ("subject", 600), ("description", 600)] {
        if text(name).chars().count() > longest {
            return Err(Refusal::invalid(name));
        }
    }
    if !text("name").chars().all(|c| c.is_ascii_alphanumeric() || "-._~".contains(c)) {
        return Err(Refusal::invalid("name"));
    }
    match credential.get("audiences").and_then(Value::as_array).map(Vec::as_slice) {
        None | Some([]) => return Err(Refusal::required("audiences")),
        Some([Value::String(one)]) if one.chars().count() <= 600 => {}
        Some(_) => return Err(Refusal::invalid("audiences")),
    }
    let is_same = |(id, one): &(ObjectId, Map<String, Value>)| {
        *id != own && ["issuer", "subject"].iter().all(|name| one.get(*name) == credential.get(*name))
    };
    if there.iter().any(is_same) { Err(Refusal::conflict(409, "subject")) } else { Ok(()) }
}
