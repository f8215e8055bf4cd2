//! Administrative units.

use super::errors::{Answer, Refusal};
use super::permissions::GET_UNITS;
use super::query::Set;
use super::route::Endpoint;
use super::schema::MODEL;
use super::{AdministrativeUnit, Call, Directory, id_in_path};
use crate::behaviours::Label::Documented;
use agentuser_core::ObjectId;
use agentuser_core::http::Method::Get;
use serde_json::{Map, Value};

/// The endpoints of administrative units.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(
        Get,
        "/directory/administrativeUnits",
        Documented("api/directory-list-administrativeunits"),
        |d, c, _| {
            d.require(c, GET_UNITS)?;
            let all = d.units.values().map(|unit| (unit.id, render_unit(unit))).collect();
            d.answer_set(c, Set::units, "directory/administrativeUnits", &[], all)
        },
    ),
    Endpoint::new(
        Get,
        "/directory/administrativeUnits/{id}",
        Documented("api/administrativeunit-get"),
        |d, c, r| d.get_unit(c, r.key()),
    ),
];

impl Directory {
    fn get_unit(&mut self, call: &Call<'_>, key: &str) -> Answer {
        self.require(call, GET_UNITS)?;
        let unit = self.units.get(&id_in_path(key)?).ok_or_else(|| Refusal::not_found(key))?;
        self.answer_object(call, "directory/administrativeUnits", &[], render_unit(unit))
    }

    /// Whether an object is a member of a unit with restricted management.
    pub(super) fn is_restricted(&self, id: ObjectId) -> bool {
        self.units.values().any(|unit| unit.restricted && unit.members.contains(&id))
    }

    /// Refuses a change of an object with restricted management. No token has a role at the scope of a unit, and permissions of
    /// applications do not apply (docs/graph.md#group-members).
    pub(super) fn refuse_restricted(&self, id: ObjectId) -> Result<(), Refusal> {
        if !self.is_restricted(id) {
            return Ok(());
        }
        let words = "Target object is a member of a restricted management administrative unit and can only be modified by \
                     administrators scoped to that administrative unit.";
        Err(Refusal::new(403, "Authorization_RequestDenied", words))
    }
}

/// A unit with all its members.
pub(super) fn render_unit(unit: &AdministrativeUnit) -> Map<String, Value> {
    let mut object = Map::new();
    for property in MODEL.properties("administrativeUnit").filter(|property| !property.is_relationship) {
        let value = match property.name {
            "id" => unit.id.to_string().into(),
            "displayName" => unit.display_name.as_str().into(),
            "isMemberManagementRestricted" => unit.restricted.into(),
            _ => Value::Null,
        };
        object.insert(property.name.into(), value);
    }
    object
}
