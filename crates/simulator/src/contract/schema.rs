//! Schemas: OpenAPI 3.0's, as JSON Schema.

use super::paths::resolved;
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// The contract's schemas.
pub(super) struct Schemas {
    /// All of them as JSON Schema, where references find them.
    components: Value,
    /// Types by the type that they derive from.
    derived: BTreeMap<String, BTreeSet<String>>,
    all: Map<String, Value>,
    validators: Mutex<BTreeMap<String, Arc<Result<Validator, String>>>>,
}

/// The members of an object.
#[derive(Default)]
pub(super) struct Members<'a> {
    named: BTreeMap<&'a str, &'a Value>,
    /// Whether it may have others.
    open: bool,
}

impl Members<'_> {
    pub(super) fn has(&self, name: &str) -> bool {
        self.open || self.named.contains_key(name) || is_extension(name)
    }
}

const PREFIX: &str = "#/components/schemas/";

impl Schemas {
    pub(super) fn new(document: &Value) -> Self {
        let all =
            document.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default();
        let mut derived: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (name, schema) in &all {
            for base in bases(schema) {
                derived.entry(base.to_owned()).or_default().insert(name.clone());
            }
        }
        let components = document.get("components").map(json_schema).unwrap_or_default();
        Self { components, derived, all, validators: Mutex::default() }
    }

    /// The schema of a collection's elements.
    pub(super) fn items<'a>(&self, schema: &'a Value) -> Option<&'a Value> {
        let mut found = Members::default();
        collect(schema, &mut found);
        found.named.get("value").copied()?.get("items")
    }

    /// The members that an object of this schema may have; with `derived`, those of types that derive from it, too.
    pub(super) fn members<'a>(&'a self, schema: &'a Value, derived: bool) -> Members<'a> {
        let mut found = Members::default();
        collect(schema, &mut found);
        if derived {
            let mut open: Vec<&str> = named_types(schema);
            while let Some(name) = open.pop() {
                for below in self.derived.get(name).into_iter().flatten() {
                    if let Some(schema) = self.all.get(below) {
                        collect(schema, &mut found);
                    }
                    open.push(below);
                }
            }
        }
        // A type that declares nothing says nothing of its members.
        found.open |= found.named.keys().all(|name| name.contains('@'));
        found
    }

    /// Tells what is wrong with a value.
    pub(super) fn check(&self, schema: &Value, value: &Value, derived: bool, tell: &mut dyn FnMut(String)) {
        let validator = self.validator(schema);
        match validator.as_ref() {
            Ok(validator) => {
                for error in validator.iter_errors(value) {
                    tell(format!("{} {error}", error.instance_path()));
                }
            }
            Err(error) => tell(format!("the contract's own schema can't be used: {error}")),
        }
        self.check_members(schema, value, derived, tell);
    }

    fn validator(&self, schema: &Value) -> Arc<Result<Validator, String>> {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        let build = || {
            let mut whole = json_schema(schema);
            if let Value::Object(whole) = &mut whole {
                whole.insert("components".to_owned(), self.components.clone());
            }
            Arc::new(jsonschema::options().build(&whole).map_err(|error| error.to_string()))
        };
        Arc::clone(validators.entry(schema.to_string()).or_insert_with(build))
    }

    /// Every member is declared. JSON Schema would let others pass.
    fn check_members(&self, schema: &Value, value: &Value, derived: bool, tell: &mut dyn FnMut(String)) {
        match value {
            Value::Object(object) => {
                let members = self.members(schema, derived);
                for (name, value) in object {
                    match members.named.get(name.as_str()) {
                        Some(schema) => self.check_members(schema, value, derived, tell),
                        None if members.open || name.contains('@') || is_extension(name) => {}
                        None => tell(format!("{name:?} is not declared")),
                    }
                }
            }
            Value::Array(values) => {
                if let Some(items) = resolved(schema).get("items") {
                    values.iter().for_each(|value| self.check_members(items, value, derived, tell));
                }
            }
            _ => {}
        }
    }
}

/// Whether it is the name of an extension property or of a schema extension, which no document declares
/// (docs/graph.md#open-members).
fn is_extension(name: &str) -> bool {
    let (start, own) = name.split_once('_').unwrap_or_default();
    let is_schema_extension = start.len() == 11
        && start.starts_with("ext")
        && start.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    !own.is_empty() && (start == "extension" || is_schema_extension)
}

fn parts(schema: &Value) -> impl Iterator<Item = &Value> {
    ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|name| schema.get(name)?.as_array()).flatten()
}

fn collect<'a>(schema: &'a Value, found: &mut Members<'a>) {
    let schema = resolved(schema);
    let named = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    // A type's own declarations come before those of its bases.
    for (name, schema) in named {
        found.named.entry(name).or_insert(schema);
    }
    found.open |= schema.get("additionalProperties").is_some_and(|more| *more != Value::Bool(false));
    parts(schema).for_each(|part| collect(part, found));
}

fn type_name(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(PREFIX)
}

/// The types that a schema names: itself, or its parts.
fn named_types(schema: &Value) -> Vec<&str> {
    type_name(schema).into_iter().chain(parts(schema).filter_map(type_name)).collect()
}

fn bases(schema: &Value) -> impl Iterator<Item = &str> {
    schema.get("allOf").and_then(Value::as_array).into_iter().flatten().filter_map(type_name)
}

/// OpenAPI's `nullable` as JSON Schema writes it. JSON Schema ignores keywords that it does not know.
fn json_schema(value: &Value) -> Value {
    match value {
        Value::Array(values) => values.iter().map(json_schema).collect(),
        Value::Object(object) => {
            let mut object: Map<String, Value> =
                object.iter().map(|(name, value)| (name.clone(), json_schema(value))).collect();
            if object.get("nullable") == Some(&Value::Bool(true)) {
                return nullable(object);
            }
            if let Some(Value::Array(parts)) = object.get_mut("anyOf")
                && parts.iter().any(|part| part.get("$ref").is_some())
            {
                let any_object_or_null = json!(["object", "null"]);
                for part in parts.iter_mut().filter(|part| part.get("type") == Some(&any_object_or_null)) {
                    *part = json!({"type": "null"});
                }
            }
            object.into()
        }
        other => other.clone(),
    }
}

fn nullable(mut object: Map<String, Value>) -> Value {
    object.remove("nullable");
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.push(Value::Null);
    }
    match object.get_mut("type") {
        Some(kind) => {
            *kind = json!([kind.take(), "null"]);
            object.into()
        }
        None => json!({"anyOf": [object, {"type": "null"}]}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nullable_becomes_null() {
        assert_eq!(
            json_schema(&json!({"type": "string", "nullable": true})),
            json!({"type": ["string", "null"]})
        );
        let reference = json!({"$ref": "#/x"});
        assert_eq!(
            json_schema(&json!({"anyOf": [reference, {"type": "object", "nullable": true}]})),
            json!({"anyOf": [reference, {"type": "null"}]})
        );
        assert_eq!(
            json_schema(&json!({"$ref": "#/x", "nullable": true})),
            json!({"anyOf": [reference, {"type": "null"}]})
        );
    }
}
