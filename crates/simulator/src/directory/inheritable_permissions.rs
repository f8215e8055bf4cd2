//! The permissions of a blueprint that its agent identities inherit.

use super::bodies::{required_id, spelled};
use super::errors::{Answer, Refusal, Reply};
use super::permissions::{GET_BLUEPRINTS, WRITE_INHERITABLE};
use super::query::Set;
use super::route::{Endpoint, Route};
use super::{Call, Directory, id_in_path};
use crate::behaviours::Label::Documented;
use crate::switches::PatchAnswer;
use agentuser_core::ObjectId;
use agentuser_core::http::Method::{Delete, Get, Patch, Post};
use serde_json::{Map, Value};

/// The endpoints of the permissions that a blueprint lets its agent identities inherit.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(
        Get,
        "/applications/{id}/inheritablePermissions",
        Documented("api/agentidentityblueprint-list-inheritablepermissions"),
        |d, c, r| d.list_inheritable(c, r.key()),
    ),
    Endpoint::new(
        Post,
        "/applications/{id}/inheritablePermissions",
        Documented("api/agentidentityblueprint-post-inheritablepermissions"),
        |d, c, r| d.create_inheritable(c, r.key()),
    ),
    Endpoint::new(
        Get,
        "/applications/{id}/inheritablePermissions/{resource}",
        Documented("api/inheritablepermission-get"),
        |d, c, r| d.get_inheritable(c, r),
    ),
    Endpoint::new(
        Patch,
        "/applications/{id}/inheritablePermissions/{resource}",
        Documented("api/inheritablepermission-update"),
        |d, c, r| d.update_inheritable(c, r),
    ),
    Endpoint::new(
        Delete,
        "/applications/{id}/inheritablePermissions/{resource}",
        Documented("api/agentidentityblueprint-delete-inheritablepermissions"),
        |d, c, r| d.delete_inheritable(c, r),
    ),
];

const TYPE: &str = "inheritablePermission";
/// The most resources of a blueprint
/// (<https://learn.microsoft.com/entra/agent-id/configure-inheritable-permissions-blueprints>).
const MOST: usize = 10;
/// The patterns, each with its `kind`. Those of roles are in no metadata yet, and Entra PowerShell sends them.
const PATTERNS: &[(&str, &str, &str)] = &[
    ("inheritableScopes", "allAllowedScopes", "allAllowed"),
    ("inheritableScopes", "enumeratedScopes", "enumerated"),
    ("inheritableScopes", "noScopes", "none"),
    ("inheritableRoles", "allAllowedRoles", "allAllowed"),
    ("inheritableRoles", "enumeratedRoles", "enumerated"),
    ("inheritableRoles", "noRoles", "none"),
];

impl Directory {
    fn list_inheritable(&mut self, call: &Call<'_>, key: &str) -> Answer {
        self.require(call, GET_BLUEPRINTS)?;
        let id = self.application_key(key)?;
        let all = self.blueprint(id).into_iter().flat_map(|blueprint| &blueprint.inheritable);
        let all = all.map(|(resource, one)| (*resource, one.clone())).collect();
        let context = format!("applications('{id}')/inheritablePermissions");
        self.answer_set(call, Set::inheritable, &context, &[], all)
    }

    fn inheritable_in_path(
        &self,
        route: &Route,
    ) -> Result<(ObjectId, ObjectId, Map<String, Value>), Refusal> {
        let id = self.application_key(route.key())?;
        let resource = id_in_path(route.second())?;
        let found = self.blueprint(id).and_then(|blueprint| blueprint.inheritable.get(&resource));
        found.map(|one| (id, resource, one.clone())).ok_or_else(|| Refusal::not_found(route.second()))
    }

    fn get_inheritable(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        self.require(call, GET_BLUEPRINTS)?;
        let (id, _, one) = self.inheritable_in_path(route)?;
        self.answer_object(call, &format!("applications('{id}')/inheritablePermissions"), &[], one)
    }

    fn create_inheritable(&mut self, call: &Call<'_>, key: &str) -> Answer {
        self.require(call, WRITE_INHERITABLE)?;
        let id = self.application_key(key)?;
        let body = spelled(TYPE, call.object()?);
        let resource = required_id(&body, "resourceAppId")?;
        if !body.contains_key("inheritableScopes") && !body.contains_key("inheritableRoles") {
            return Err(Refusal::required("inheritableScopes"));
        }
        if self.blueprint(id).is_some_and(|blueprint| blueprint.inheritable.contains_key(&resource)) {
            return Err(Refusal::conflict(409, "resourceAppId"));
        }
        if self.blueprint(id).is_some_and(|blueprint| blueprint.inheritable.len() >= MOST) {
            // The words are an assumption; the number is documented.
            let words =
                "The agent identity blueprint has reached the maximum number of inheritable permissions.";
            return Err(Refusal::bad_request(words));
        }
        let mut one = Map::new();
        one.insert("@odata.type".into(), "#microsoft.graph.inheritablePermission".into());
        one.insert("resourceAppId".into(), resource.to_string().into());
        write(&mut one, &body)?;
        self.change_blueprint(id, |blueprint| drop(blueprint.inheritable.insert(resource, one.clone())));
        let set = format!("applications('{id}')/inheritablePermissions");
        Ok(Reply::created(self.entity(call.version, &set, None, one)))
    }

    /// The text of its page and the samples of another say 200 and an object, its own three samples 204.
    fn update_inheritable(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        self.require(call, WRITE_INHERITABLE)?;
        let (id, resource, mut one) = self.inheritable_in_path(route)?;
        write(&mut one, &spelled(TYPE, call.object()?))?;
        self.change_blueprint(id, |blueprint| drop(blueprint.inheritable.insert(resource, one.clone())));
        if self.switches.patch == PatchAnswer::NoContent {
            return Ok(Reply::no_content());
        }
        let set = format!("applications('{id}')/inheritablePermissions");
        Ok(Reply::ok(self.entity(call.version, &set, None, one)))
    }

    fn delete_inheritable(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        self.require(call, WRITE_INHERITABLE)?;
        let (id, resource, _) = self.inheritable_in_path(route)?;
        self.change_blueprint(id, |blueprint| drop(blueprint.inheritable.remove(&resource)));
        Ok(Reply::no_content())
    }
}

/// Writes the patterns of a body, each with its `kind`.
fn write(one: &mut Map<String, Value>, body: &Map<String, Value>) -> Result<(), Refusal> {
    for (name, value) in body {
        match name.as_str() {
            "inheritableScopes" | "inheritableRoles" => {
                let mut pattern = value.as_object().cloned().ok_or_else(|| Refusal::invalid(name))?;
                let kind = pattern.get("@odata.type").and_then(Value::as_str).unwrap_or_default();
                let kind = kind.rsplit('.').next().unwrap_or_default();
                let known = PATTERNS.iter().find(|(of, known, _)| of == name && *known == kind);
                let (_, known, kind) = known.ok_or_else(|| Refusal::invalid(name))?;
                let listed = pattern.get("scopes").or_else(|| pattern.get("roles")).and_then(Value::as_array);
                if *kind == "enumerated" && listed.is_none_or(Vec::is_empty) {
                    return Err(Refusal::invalid(name));
                }
                pattern.insert("@odata.type".into(), format!("#microsoft.graph.{known}").into());
                pattern.insert("kind".into(), (*kind).into());
                one.insert(name.clone(), pattern.into());
            }
            "resourceAppId" if one.get(name) == Some(value) => {}
            "resourceAppId" => return Err(Refusal::read_only(name)),
            name if name.contains('@') => {}
            name => return Err(Refusal::undeclared(name)),
        }
    }
    Ok(())
}
