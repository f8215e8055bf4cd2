//! Extension properties and custom security attributes: which there are, and which values they take (docs/graph.md#open-members).

use super::errors::Refusal;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The type of an extension property or of a custom security attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueType {
    String,
    Integer,
    LargeInteger,
    Boolean,
    DateTime,
    Binary,
}

impl ValueType {
    /// The one of this name: those of extension properties, and `Int32`.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "String" => Self::String,
            "Integer" | "Int32" => Self::Integer,
            "LargeInteger" => Self::LargeInteger,
            "Boolean" => Self::Boolean,
            "DateTime" => Self::DateTime,
            "Binary" => Self::Binary,
            _ => return None,
        })
    }

    fn takes(self, value: &Value) -> bool {
        match self {
            Self::String => value.as_str().is_some_and(|text| text.chars().count() <= 256),
            Self::Binary => value.as_str().is_some_and(|text| text.len() <= 344),
            Self::DateTime => value.as_str().is_some_and(|text| crate::clock::parse(text).is_some()),
            Self::Integer => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            Self::LargeInteger => value.is_i64(),
            Self::Boolean => value.is_boolean(),
        }
    }
}

/// The values that an extension property or a custom security attribute takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Values {
    pub(crate) of: ValueType,
    pub(crate) many: bool,
}

impl Values {
    pub(super) fn take(self, value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Array(values) => self.many && values.iter().all(|value| self.of.takes(value)),
            one => !self.many && self.of.takes(one),
        }
    }
}

/// The attributes of each attribute set.
pub(crate) type AttributeSets = BTreeMap<String, BTreeMap<String, Values>>;

const TYPE: &str = "@odata.type";

/// The attributes after those of a body were assigned: null and no values take one away; the others stay.
pub(super) fn assign(sets: &AttributeSets, has: Option<&Value>, body: &Value) -> Result<Value, Refusal> {
    const NAME: &str = "customSecurityAttributes";
    let Value::Object(given) = body else { return Err(Refusal::invalid(NAME)) };
    let mut assigned = has.and_then(Value::as_object).cloned().unwrap_or_default();
    for (set, members) in given.iter().filter(|(name, _)| !name.contains('@')) {
        let known = sets.get(set).ok_or_else(|| Refusal::undeclared(set))?;
        let members = members.as_object().ok_or_else(|| Refusal::invalid(set))?;
        if members
            .get(TYPE)
            .and_then(Value::as_str)
            .is_none_or(|of| !of.contains("CustomSecurityAttributeValue"))
        {
            return Err(Refusal::invalid(set));
        }
        let mut values = assigned.remove(set).and_then(|has| has.as_object().cloned()).unwrap_or_default();
        for (name, value) in members.iter().filter(|(name, _)| !name.contains('@')) {
            let of = known.get(name).ok_or_else(|| Refusal::undeclared(name))?;
            let annotation = format!("{name}{TYPE}");
            if !of.take(value) || members.get(&annotation).cloned().unwrap_or_default() != needed(*of, value)
            {
                return Err(Refusal::invalid(name));
            }
            values.remove(name);
            values.remove(&annotation);
            if !value.is_null() && value.as_array().is_none_or(|values| !values.is_empty()) {
                if of.many {
                    values.insert(annotation, needed(*of, value));
                }
                values.insert(name.clone(), value.clone());
            }
        }
        if values.keys().any(|name| !name.contains('@')) {
            values.insert(TYPE.to_owned(), "#microsoft.graph.customSecurityAttributeValue".into());
            assigned.insert(set.clone(), values.into());
        }
    }
    Ok(Value::Object(Map::from_iter(assigned)))
}

/// The annotation that Microsoft's examples have beside whole numbers and collections.
fn needed(of: Values, value: &Value) -> Value {
    let is_empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    match (of.of, of.many) {
        _ if is_empty => Value::Null,
        (ValueType::Integer, false) => json!("#Int32"),
        (ValueType::Integer, true) => json!("#Collection(Int32)"),
        (_, true) => json!("#Collection(String)"),
        _ => Value::Null,
    }
}
