//! The tier as JSON Schema, made from its types and tables: docs/schema.json, from which TypeScript's types are made.

mod agent_user;
mod operation;

pub(super) use agent_user::NewAgentUserBody;
pub(super) use operation::{Described, Shape};

use super::operations::Request;
use super::{
    AnswerMessage, Config, DeriveRequest, Derived, ExplainRequest, StepMessage, ValidateMemberRequest,
    ValidateRequest, ValidateRosterRequest, Validated, ValidatedRoster, Violations,
};
use crate::flow::Report;
use crate::graph::Call;
use crate::model::AgentUser;
use crate::operation::Event;
use crate::problem::Problem;
use operation::{requests, results};
use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// A result that is ready.
#[derive(JsonSchema)]
#[schemars(tag = "kind", content = "value", rename_all = "camelCase")]
#[allow(dead_code)]
pub(super) enum ItemMessage {
    /// A page of a list, verbatim.
    AgentUsers(Vec<AgentUser>),
    /// A row of a roster.
    Report(Report),
}

impl JsonSchema for Problem {
    fn schema_name() -> Cow<'static, str> {
        "Problem".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Self::details_schema(generator)
    }
}

/// Objects of Graph, which may be passed on verbatim: any member may be absent, or null.
const GRAPH: [&str; 9] = [
    "AgentUser",
    "AssignedLicense",
    "AssignedPlan",
    "DirectoryObject",
    "LicenseAssignmentState",
    "PrepaidUnits",
    "ServicePlan",
    "ServicePrincipal",
    "SubscribedSku",
];

/// Takes null from what optional properties may be.
fn without_null(schema: &mut Value) {
    let Value::Object(members) = schema else { return };
    let required: Vec<Value> = members.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    if let Some(Value::Object(properties)) = members.get_mut("properties") {
        for (_, property) in properties.iter_mut().filter(|(name, _)| !required.contains(&json!(name))) {
            let Value::Object(property) = property else { continue };
            if let Some(Value::Array(kinds)) = property.get_mut("type") {
                kinds.retain(|kind| kind != "null");
                if let [only] = kinds.as_slice() {
                    let only = only.clone();
                    property.insert("type".to_owned(), only);
                }
            }
            if let Some(Value::Array(choices)) = property.get_mut("anyOf") {
                choices.retain(|choice| *choice != json!({ "type": "null" }));
                if let [Value::Object(only)] = choices.as_slice() {
                    let only = only.clone();
                    property.remove("anyOf");
                    property.extend(only);
                }
            }
        }
    }
    if let Some(Value::Array(variants)) = members.get_mut("oneOf") {
        variants.iter_mut().for_each(without_null);
    }
}

/// Rust's links between items become the names they link to.
fn plain_words(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(description)) = members.get_mut("description") {
                let mut words = String::new();
                for (index, part) in description.split("[`").enumerate() {
                    match part.split_once("`]") {
                        Some((link, rest)) if index > 0 => {
                            let name = link.rsplit("::").next().unwrap_or(link);
                            words.push_str(&format!("`{name}`{rest}"));
                        }
                        _ => words.push_str(part),
                    }
                }
                *description = words;
            }
            members.values_mut().for_each(plain_words);
        }
        Value::Array(values) => values.iter_mut().for_each(plain_words),
        _ => {}
    }
}

/// Every shape of the tier.
#[must_use]
pub fn schema() -> Value {
    let mut input = SchemaGenerator::new(SchemaSettings::draft2020_12().for_deserialize());
    input.subschema_for::<Config>();
    input.subschema_for::<AnswerMessage>();
    input.subschema_for::<ValidateRequest>();
    input.subschema_for::<ValidateMemberRequest>();
    input.subschema_for::<ValidateRosterRequest>();
    input.subschema_for::<DeriveRequest>();
    input.subschema_for::<ExplainRequest>();
    let mut output = SchemaGenerator::new(SchemaSettings::draft2020_12().for_serialize());
    output.subschema_for::<StepMessage<'_>>();
    output.subschema_for::<Event>();
    output.subschema_for::<Problem>();
    output.subschema_for::<Call>();
    output.subschema_for::<Validated>();
    output.subschema_for::<Violations>();
    output.subschema_for::<ValidatedRoster>();
    output.subschema_for::<Derived>();
    let operations = Request::describe(&mut input, &mut output);
    let mut definitions: Map<String, Value> = output.take_definitions(true).into_iter().collect();
    // This library leaves out absent members and never writes null for them. Graph's own objects come as they are.
    for (name, definition) in &mut definitions {
        match definition {
            Value::Object(members) if GRAPH.contains(&name.as_str()) => drop(members.remove("required")),
            definition => without_null(definition),
        }
    }
    definitions.extend(input.take_definitions(true));
    definitions.insert("OperationResults".to_owned(), results(&operations));
    definitions.insert("OperationRequest".to_owned(), requests(operations));
    definitions.values_mut().for_each(plain_words);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Generated by `cargo xtask docs` from the types in crates/core/src/json. Do not edit.",
        "title": "agentuser's JSON tier",
        "description": "What goes into agentuser and comes out of it, in every language.",
        "$defs": definitions,
    })
}
