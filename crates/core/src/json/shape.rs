//! The shape of an operation in docs/schema.json, while the tables describe it.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// An operation as docs/schema.json has it.
pub(super) struct Described {
    pub(super) name: &'static str,
    /// The shape of an item, where it yields any.
    pub(super) item: Option<Schema>,
    /// The shape of its request.
    pub(super) request: Value,
    /// The shape of its result.
    pub(super) result: Schema,
}

/// The request of one operation, while its parameters add their members. Its methods are those by which `Members` reads
/// a member.
pub(super) struct Shape<'a> {
    generator: &'a mut SchemaGenerator,
    properties: Map<String, Value>,
    required: Vec<&'static str>,
}

/// The names of the members that every operation takes.
pub const OPTIONS: [&str; 3] = ["timeoutMs", "records", "reason"];

impl<'a> Shape<'a> {
    pub(super) fn of_operation(generator: &'a mut SchemaGenerator, name: &str) -> Self {
        let properties =
            Map::from_iter([("operation".to_owned(), json!({ "type": "string", "const": name }))]);
        let shape = Self { generator, properties, required: vec!["operation"] };
        shape.take::<u64>(
            "timeoutMs",
            &[
                "How long the operation may take, in milliseconds; by default as the client's settings say. Then it ends",
                "in good order, with DeadlineExceeded and what it waited for.",
            ],
        )
        .take::<Vec<String>>(
            "records",
            &["The records that the host takes: `requests`, `changes`, or both; none by default."],
        )
        .take::<String>("reason", &["Why the changes are made, for their records."])
    }

    /// A member that must be there.
    pub(super) fn need<T: JsonSchema>(mut self, name: &'static str, doc: &[&str]) -> Self {
        self.required.push(name);
        self.member::<T>(name, doc, None)
    }

    /// A member that may be absent.
    pub(super) fn take<T: JsonSchema>(self, name: &'static str, doc: &[&str]) -> Self {
        self.member::<Option<T>>(name, doc, Some(Value::Null))
    }

    /// A member that has its type's default where it is absent.
    pub(super) fn or_default<T>(self, name: &'static str, doc: &[&str]) -> Self
    where
        T: JsonSchema + Serialize + Default,
    {
        self.member::<T>(name, doc, Some(json!(T::default())))
    }

    /// An object that may be absent.
    pub(super) fn object<T: JsonSchema>(self, name: &'static str, doc: &[&str]) -> Self {
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
    pub(super) fn finish(self, doc: &[&str]) -> Value {
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
