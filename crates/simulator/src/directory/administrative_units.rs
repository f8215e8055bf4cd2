//! Administrative units.

use super::errors::{Answer, Refusal};
use super::permissions::GET_UNITS;
use super::query::Set;
use super::route::Endpoint;
use super::schema::MODEL;
use super::{AdministrativeUnit, Call, Directory, id_in_path};
use crate::behaviours::Label::Documented;
use agentuser_core::http::Method::Get;
use serde_json::{Map, Value};

/// What is answered here.
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
}

/// A unit with all its members.
pub(super) fn render_unit(unit: &AdministrativeUnit) -> Map<String, Value> {
    let mut object = Map::new();
    for property in MODEL.properties("administrativeUnit").filter(|property| !property.is_relationship) {
        let value = match property.name {
            "id" => unit.id.to_string().into(),
            "displayName" => unit.display_name.as_str().into(),
            _ => Value::Null,
        };
        object.insert(property.name.into(), value);
    }
    object
}
