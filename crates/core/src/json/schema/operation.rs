//! The shapes of operations, made from their table.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// An operation as docs/schema.json has it.
pub(in crate::json) struct Described {
    pub(in crate::json) name: &'static str,
    /// The shape of an item, where it yields any.
    pub(in crate::json) item: Option<Schema>,
    /// The shape of its request.
    pub(in crate::json) request: Value,
    /// The shape of its result.
    pub(in crate::json) result: Schema,
}

/// The request of one operation, while its parameters add their members. Its methods are those by which `Members` reads
/// a member.
pub(in crate::json) struct Shape<'a> {
    generator: &'a mut SchemaGenerator,
    properties: Map<String, Value>,
    required: Vec<&'static str>,
}

impl<'a> Shape<'a> {
    pub(in crate::json) fn of_operation(generator: &'a mut SchemaGenerator, name: &str) -> Self {
        let properties =
            Map::from_iter([("operation".to_owned(), json!({ "type": "string", "const": name }))]);
        Self { generator, properties, required: vec!["operation"] }
    }

    pub(in crate::json) fn need<T: JsonSchema>(mut self, name: &'static str, doc: &[&str]) -> Self {
        self.required.push(name);
        self.member::<T>(name, doc, None)
    }

    pub(in crate::json) fn take<T: JsonSchema>(self, name: &'static str, doc: &[&str]) -> Self {
        self.member::<Option<T>>(name, doc, Some(Value::Null))
    }

    pub(in crate::json) fn or_default<T>(self, name: &'static str, doc: &[&str]) -> Self
    where
        T: JsonSchema + Serialize + Default,
    {
        self.member::<T>(name, doc, Some(json!(T::default())))
    }

    pub(in crate::json) fn object<T: JsonSchema>(self, name: &'static str, doc: &[&str]) -> Self {
        self.member::<T>(name, doc, None)
    }

    fn member<T: JsonSchema>(mut self, name: &'static str, doc: &[&str], default: Option<Value>) -> Self {
        let mut schema = self.generator.subschema_for::<T>();
        schema.insert("description".to_owned(), words(doc).into());
        if let Some(default) = default {
            schema.insert("default".to_owned(), default);
        }
        self.properties.insert(name.to_owned(), schema.into());
        self
    }

    /// The whole shape.
    pub(in crate::json) fn finish(self, doc: &[&str]) -> Value {
        json!({
            "type": "object", "description": words(doc), "properties": self.properties, "required": self.required,
            "additionalProperties": false,
        })
    }
}

/// The lines of a doc comment as one text.
fn words(doc: &[&str]) -> String {
    doc.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// Any request.
pub(super) fn requests(operations: Vec<Described>) -> Value {
    let requests: Vec<Value> = operations.into_iter().map(|operation| operation.request).collect();
    json!({ "description": "An operation and its parameters.", "oneOf": requests })
}

/// The items of every operation that yields any, by its name.
pub(super) fn items(operations: &[Described]) -> Value {
    let items = operations.iter().filter_map(|operation| Some((operation.name, operation.item.clone()?)));
    by_name("The items that an operation yields before its result, by its name.", items)
}

/// The result of every operation, by its name.
pub(super) fn results(operations: &[Described]) -> Value {
    let results = operations.iter().map(|operation| (operation.name, operation.result.clone()));
    by_name("The result of every operation, by its name.", results)
}

fn by_name(description: &str, schemas: impl Iterator<Item = (&'static str, Schema)>) -> Value {
    let properties: Map<String, Value> =
        schemas.map(|(name, schema)| (name.to_owned(), Value::from(schema))).collect();
    let names: Vec<&String> = properties.keys().collect();
    json!({ "type": "object", "description": description, "required": names, "properties": properties })
}

#[cfg(test)]
mod tests {
    use crate::json::operations::Request;
    use crate::json::schema;

    #[test]
    fn every_operation_has_its_request_and_its_result() {
        let schema = schema();
        let requests = schema["$defs"]["OperationRequest"]["oneOf"].as_array().unwrap();
        let requests: Vec<&str> =
            requests.iter().map(|one| one["properties"]["operation"]["const"].as_str().unwrap()).collect();
        assert_eq!(requests, Request::NAMES);
        let results = schema["$defs"]["OperationResults"]["properties"].as_object().unwrap();
        for name in Request::NAMES {
            assert!(results.contains_key(*name), "{name}");
        }
        assert_eq!(results.len(), Request::NAMES.len());
    }
}
