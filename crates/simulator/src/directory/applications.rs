//! Applications. Those that the simulator knows are agent identity blueprints.

use super::bodies::{check_type, required_text, spelled};
use super::errors::{Answer, Refusal, Reply};
use super::key_credentials;
use super::permissions::{CREATE_BLUEPRINT, DELETE_BLUEPRINT, GET_BLUEPRINTS, WRITE_BLUEPRINT};
use super::query::Set;
use super::route::{Cast, Endpoint, Route};
use super::rules;
use super::schema::MODEL;
use super::sets::Objects;
use super::{Blueprint, Call, Directory, Life, Secret, id_in_path};
use crate::behaviours::Label::Documented;
use crate::clock;
use crate::hash::Hash;
use agentuser_core::ObjectId;
use agentuser_core::http::Method::{Delete, Get, Patch, Post};
use serde_json::{Map, Value, json};

/// The endpoints of applications and blueprints.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(Get, "/applications", Documented("api/agentidentityblueprint-list"), |d, c, r| {
        d.list_applications(c, r)
    }),
    Endpoint::new(Get, "/applications/$count", Documented("aad-advanced-queries"), |d, c, _| {
        d.require(c, GET_BLUEPRINTS)?;
        Directory::count_set(c, Set::applications, &d.applications(|life| life.is_live()))
    }),
    Endpoint::new(Post, "/applications", Documented("api/agentidentityblueprint-post"), |d, c, r| {
        d.create_application(c, r.cast)
    }),
    Endpoint::new(Get, "/applications/{id}", Documented("api/agentidentityblueprint-get"), |d, c, r| {
        d.get_application(c, r)
    }),
    Endpoint::new(Patch, "/applications/{id}", Documented("api/agentidentityblueprint-update"), |d, c, r| {
        d.update_application(c, r.key())
    }),
    Endpoint::new(
        Delete,
        "/applications/{id}",
        Documented("api/agentidentityblueprint-delete"),
        |d, c, r| d.delete_application(c, r.key()),
    ),
];

/// Members that only the service sets.
const READ_ONLY: &[&str] = &[
    "id",
    "appId",
    "applicationTemplateId",
    "certification",
    "createdByAppId",
    "createdDateTime",
    "deletedDateTime",
    "disabledByMicrosoftStatus",
    "publisherDomain",
    "verifiedPublisher",
];

/// The type whose members there are.
const TYPE: &str = "agentIdentityBlueprint";

impl Directory {
    /// A blueprint that is there.
    pub(super) fn blueprint(&self, id: ObjectId) -> Option<&Blueprint> {
        self.blueprints.get(&id).filter(|blueprint| blueprint.life.is_live())
    }

    /// The blueprint with this appId that is there.
    pub(crate) fn blueprint_of_app(&self, app: ObjectId) -> Option<&Blueprint> {
        self.blueprints().find(|blueprint| blueprint.app_id == app)
    }

    /// The blueprints that are there, by object id.
    pub fn blueprints(&self) -> impl Iterator<Item = &Blueprint> {
        self.blueprints.values().filter(|blueprint| blueprint.life.is_live())
    }

    /// The id that a key of a path names: itself, or the one of `appId='…'`.
    pub(super) fn application_key(&self, key: &str) -> Result<ObjectId, Refusal> {
        let found = match key.split_once('=') {
            None => self.blueprint(id_in_path(key)?),
            Some((name, value)) if name.eq_ignore_ascii_case("appId") => {
                let app = value.trim_matches('\'').parse().map_err(|_| Refusal::not_found(value))?;
                self.blueprint_of_app(app)
            }
            Some((name, _)) => {
                return Err(Refusal::not_simulated(501, format_args!("the key {name} of applications")));
            }
        };
        found.map(|blueprint| blueprint.id).ok_or_else(|| Refusal::not_found(key))
    }

    /// All applications in such a state.
    pub(super) fn applications(&self, is_wanted: fn(Life) -> bool) -> Objects {
        let wanted = self.blueprints.values().filter(|blueprint| is_wanted(blueprint.life));
        wanted.map(|blueprint| (blueprint.id, self.render_application(blueprint))).collect()
    }

    fn list_applications(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        self.require(call, GET_BLUEPRINTS)?;
        let context = match route.cast {
            Some(Cast::Blueprint) => "applications/microsoft.graph.agentIdentityBlueprint",
            _ => "applications",
        };
        let mut found = self.applications(|life| life.is_live());
        found.iter_mut().for_each(|(_, object)| key_credentials::hide(object, false));
        if route.cast == Some(Cast::Blueprint) && self.switches.cast_omits_type {
            found.iter_mut().for_each(|(_, object)| drop(object.remove("@odata.type")));
        }
        self.answer_set(call, Set::applications, context, &[], found)
    }

    fn get_application(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        self.require(call, GET_BLUEPRINTS)?;
        let id = self.application_key(route.key())?;
        self.subject = Some(id);
        let blueprint = self.blueprint(id).ok_or_else(|| Refusal::not_found(id))?;
        let mut object = self.render_application(blueprint);
        if route.cast == Some(Cast::Blueprint) && self.switches.cast_omits_type {
            object.remove("@odata.type");
        }
        key_credentials::hide(&mut object, call.raw_query.contains(key_credentials::NAME));
        self.answer_object(call, "applications", &[], object)
    }

    fn create_application(&mut self, call: &Call<'_>, cast: Option<Cast>) -> Answer {
        let body = spelled(TYPE, call.object()?);
        let named = body.get("@odata.type").and_then(Value::as_str);
        if cast != Some(Cast::Blueprint) && named.and_then(Cast::read) != Some(Cast::Blueprint) {
            let what = "the creation of applications that are not agent identity blueprints";
            return Err(Refusal::not_simulated(501, what));
        }
        self.require(call, CREATE_BLUEPRINT)?;
        let display_name = required_text(&body, "displayName")?.to_owned();
        let sponsors = self.sponsors_in(call, &body)?;
        let owners = self.owners_in(call, &body)?;
        // Applications of one name share numbers, so that an id does not depend on the order of creation of
        // others.
        let drawn = |n: u64| Hash::new(self.seed).text("blueprint").text(&display_name).word(n).guid();
        let id = (0..).map(drawn).find(|id| !self.blueprints.contains_key(id));
        let id = id.unwrap_or(ObjectId::from_u128(0));
        // Entra PowerShell sends the object id of a new blueprint where its appId belongs.
        let mut blueprint = Blueprint::new(id, id, display_name, call.now);
        (blueprint.sponsors, blueprint.owners) = (sponsors, owners);
        self.apply_to_blueprint(&mut blueprint, &body)?;
        self.subject = Some(id);
        let mut object = self.render_application(&blueprint);
        key_credentials::hide(&mut object, false);
        self.changes += 1;
        self.blueprints.insert(id, blueprint);
        let set = "applications/microsoft.graph.agentIdentityBlueprint";
        Ok(Reply::created(self.entity(call.version, set, None, object)))
    }

    fn update_application(&mut self, call: &Call<'_>, key: &str) -> Answer {
        self.require(call, WRITE_BLUEPRINT)?;
        let id = self.application_key(key)?;
        let body = spelled(TYPE, call.object()?);
        if let Some(name) = body.keys().find(|name| name.ends_with("@odata.bind")) {
            return Err(Refusal::not_simulated(
                501,
                format_args!("'{name}' in the change of an application"),
            ));
        }
        let mut after = self.blueprint(id).cloned().ok_or_else(|| Refusal::not_found(key))?;
        self.apply_to_blueprint(&mut after, &body)?;
        self.change_blueprint(id, |blueprint| *blueprint = after);
        Ok(Reply::no_content())
    }

    fn apply_to_blueprint(
        &self,
        blueprint: &mut Blueprint,
        body: &Map<String, Value>,
    ) -> Result<(), Refusal> {
        for (name, value) in body {
            match name.as_str() {
                "@odata.type" => check_type(value, &[Cast::Application, Cast::Blueprint])?,
                name if name.contains('@') => {}
                "displayName" => {
                    let text = value.as_str().ok_or_else(|| Refusal::invalid(name))?;
                    rules::display_name(text)?;
                    text.clone_into(&mut blueprint.display_name);
                }
                // At most 1,024 characters (docs/graph.md#agent-identities).
                "description" if value.as_str().is_some_and(|text| text.chars().count() > 1024) => {
                    return Err(Refusal::invalid(name));
                }
                "passwordCredentials" => {
                    let what = "'passwordCredentials' in the body of an application";
                    return Err(Refusal::not_simulated(501, what));
                }
                key_credentials::NAME => self.write_key_credentials(blueprint, value)?,
                name if READ_ONLY.contains(&name) => return Err(Refusal::read_only(name)),
                name => self.put_extra(TYPE, &mut blueprint.extras, name, value)?,
            }
        }
        Ok(())
    }

    fn delete_application(&mut self, call: &Call<'_>, key: &str) -> Answer {
        self.require(call, DELETE_BLUEPRINT)?;
        let id = self.application_key(key)?;
        self.soft_delete_blueprint(call.now, id);
        Ok(Reply::no_content())
    }

    /// Changes a blueprint. Nothing happens when nothing differs afterwards.
    pub(super) fn change_blueprint(&mut self, id: ObjectId, change: impl FnOnce(&mut Blueprint)) {
        self.subject = Some(id);
        let Some(blueprint) = self.blueprints.get_mut(&id) else { return };
        let before = blueprint.clone();
        change(blueprint);
        self.changes += u64::from(*blueprint != before);
    }

    /// A blueprint with all its members.
    pub(super) fn render_application(&self, blueprint: &Blueprint) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("@odata.type".into(), "#microsoft.graph.agentIdentityBlueprint".into());
        let declared = MODEL.properties(TYPE).filter(|property| !property.is_relationship);
        for property in declared.filter(|property| property.name != "logo") {
            let value = match property.name {
                "id" => blueprint.id.to_string().into(),
                "appId" => blueprint.app_id.to_string().into(),
                "displayName" => blueprint.display_name.as_str().into(),
                "createdDateTime" => clock::iso(blueprint.created.unix_ms).into(),
                "deletedDateTime" => match blueprint.life {
                    Life::Deleted(since) => clock::iso(since.unix_ms).into(),
                    Life::Live | Life::Gone => Value::Null,
                },
                "publisherDomain" => self.default_domain().into(),
                "passwordCredentials" => {
                    blueprint.secrets.iter().map(|secret| Value::from(render_secret(secret))).collect()
                }
                name => match blueprint.extras.get(name) {
                    Some(value) => whole(property.of, value),
                    None => match (property.name, property.of) {
                        ("signInAudience", _) => "AzureADMyOrg".into(),
                        ("api", of) => whole(of, &json!({})),
                        _ if property.is_list => json!([]),
                        (_, "Boolean") if !property.is_nullable => false.into(),
                        _ => Value::Null,
                    },
                },
            };
            object.insert(property.name.into(), value);
        }
        // Extension properties.
        let others = blueprint.extras.iter().filter(|(name, _)| MODEL.member(TYPE, name).is_none());
        object.extend(others.map(|(name, value)| (name.clone(), value.clone())));
        object
    }

    fn default_domain(&self) -> Option<&str> {
        let default = self.domains.iter().find(|domain| domain.default);
        default.map(|domain| domain.name.as_str())
    }
}

/// A complex value with all members of its type.
fn whole(of: &str, value: &Value) -> Value {
    let Value::Object(given) = value else { return value.clone() };
    let mut object = Map::new();
    for property in MODEL.properties(of) {
        let unset = if property.is_list { json!([]) } else { Value::Null };
        object.insert(property.name.into(), given.get(property.name).cloned().unwrap_or(unset));
    }
    object.into()
}

/// A secret as reads show it: without its text.
pub(super) fn render_secret(secret: &Secret) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("customKeyIdentifier".into(), Value::Null);
    object.insert("displayName".into(), secret.display_name.clone().into());
    object.insert("endDateTime".into(), clock::iso(secret.end_ms).into());
    object.insert("hint".into(), secret.text.chars().take(3).collect::<String>().into());
    object.insert("keyId".into(), secret.key_id.to_string().into());
    object.insert("secretText".into(), Value::Null);
    object.insert("startDateTime".into(), clock::iso(secret.start_ms).into());
    object
}
