//! The tier as JSON Schema, made from its types: docs/schema.json, from which TypeScript's types are made.

use super::{
    AnswerMessage, Config, Count, Created, DeriveRequest, Derived, ExplainRequest, OperationRequest,
    StepMessage, ValidateMemberRequest, ValidateRequest, ValidateRosterRequest, Validated, ValidatedRoster,
    Violations,
};
use crate::ObjectId;
use crate::flow::{Report, Summary};
use crate::graph::Call;
use crate::model::{AgentUser, DirectoryObject, Member, ServicePrincipal, Shape, SubscribedSku};
use crate::operation::Event;
use crate::problem::Problem;
use crate::roster::Column;
use crate::validate::TenantFacts;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema, json_schema};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// What every operation ends with, by its name.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[allow(dead_code)]
struct OperationResults {
    verify_parent: ServicePrincipal,
    known: TenantFacts,
    get: AgentUser,
    find_by_parent: Option<AgentUser>,
    list: Count,
    list_deleted: Count,
    create: Created,
    provision: Report,
    roster: Summary,
    update: Report,
    delete: Report,
    restore: Report,
    purge: Report,
    manager: Option<DirectoryObject>,
    set_manager: Report,
    clear_manager: Report,
    sponsors: Vec<DirectoryObject>,
    add_sponsor: Report,
    remove_sponsor: Report,
    skus: Vec<SubscribedSku>,
    change_licenses: Report,
    wait_ready: Report,
}

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

/// One row of a roster as JSON.
pub(super) struct AgentUserRow;

/// New values of members; null clears one.
pub(super) struct AgentUserChanges;

/// The body of a create request.
pub(super) struct NewAgentUserBody;

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn texts(description: &str) -> Value {
    json!({ "type": "array", "items": { "type": "string" }, "description": description })
}

/// The schema of a member's value.
fn member(member: Member, clearable: bool) -> Value {
    let mut schema = match member.shape() {
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Text(most) => json!({ "type": "string", "maxLength": most }),
        Shape::Texts { values, characters } => json!({
            "type": "array", "maxItems": values, "items": { "type": "string", "maxLength": characters },
        }),
        Shape::DateTime => json!({ "type": "string", "format": "date-time" }),
    };
    prune(&mut schema);
    if clearable && let Some(kind) = schema.get_mut("type") {
        *kind = json!([kind.take(), "null"]);
    }
    schema
}

/// Limits that nobody documents are left out.
fn prune(value: &mut Value) {
    if let Value::Object(members) = value {
        members.retain(|_, value| !value.is_null());
        members.values_mut().for_each(prune);
    }
}

fn members(of: impl Fn(Member) -> Value) -> Map<String, Value> {
    Member::ALL.iter().map(|member| (member.name().to_owned(), of(*member))).collect()
}

fn object(description: &str, properties: Map<String, Value>, required: &[&str]) -> Schema {
    json_schema!({
        "type": "object", "description": description, "properties": properties, "required": required,
        "additionalProperties": false,
    })
}

impl JsonSchema for AgentUserRow {
    fn schema_name() -> Cow<'static, str> {
        "AgentUserRow".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        // Null, as an empty cell, declares nothing.
        let mut properties = members(|one| member(one, true));
        for (column, schema) in [
            (Column::IdentityParentId, text("The object id of the agent identity.")),
            (Column::Manager, text("A user, by user principal name or object id.")),
            (Column::Sponsors, texts("Users, and groups as `group:{id}`.")),
            (Column::Licenses, texts("SKU part numbers or ids.")),
        ] {
            properties.insert(column.name().to_owned(), schema);
        }
        for column in [Column::Manager, Column::Sponsors, Column::Licenses] {
            if let Some(kind) = properties.get_mut(column.name()).and_then(|schema| schema.get_mut("type")) {
                *kind = json!([kind.take(), "null"]);
            }
        }
        let description = "An agent user as it shall be: one row of a roster as JSON.";
        object(description, properties, &["identityParentId", "displayName"])
    }
}

impl JsonSchema for AgentUserChanges {
    fn schema_name() -> Cow<'static, str> {
        "AgentUserChanges".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let properties = members(|one| member(one, one.clearable()));
        object("New values of members; null clears one that can be cleared.", properties, &[])
    }
}

impl JsonSchema for NewAgentUserBody {
    fn schema_name() -> Cow<'static, str> {
        "NewAgentUser".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut properties = members(|one| member(one, false));
        properties.insert("identityParentId".to_owned(), text("The object id of the agent identity."));
        let required =
            ["accountEnabled", "displayName", "identityParentId", "mailNickname", "userPrincipalName"];
        object("What an agent user is created with: the body of the request.", properties, &required)
    }
}

impl JsonSchema for ObjectId {
    fn schema_name() -> Cow<'static, str> {
        "ObjectId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "uuid", "description": "The id of a directory object or a SKU." })
    }
}

impl JsonSchema for Member {
    fn schema_name() -> Cow<'static, str> {
        "Member".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> = Self::ALL.iter().map(|member| member.name()).collect();
        json_schema!({ "type": "string", "enum": names, "description": "A writable member of an agent user." })
    }
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
    input.subschema_for::<OperationRequest>();
    input.subschema_for::<AnswerMessage>();
    input.subschema_for::<ValidateRequest>();
    input.subschema_for::<ValidateMemberRequest>();
    input.subschema_for::<ValidateRosterRequest>();
    input.subschema_for::<DeriveRequest>();
    input.subschema_for::<ExplainRequest>();
    let mut output = SchemaGenerator::new(SchemaSettings::draft2020_12().for_serialize());
    output.subschema_for::<StepMessage<'_>>();
    output.subschema_for::<OperationResults>();
    output.subschema_for::<Event>();
    output.subschema_for::<Problem>();
    output.subschema_for::<Call>();
    output.subschema_for::<Validated>();
    output.subschema_for::<Violations>();
    output.subschema_for::<ValidatedRoster>();
    output.subschema_for::<Derived>();
    let mut definitions: Map<String, Value> = output.take_definitions(true).into_iter().collect();
    // What this library writes has no null where a member is absent. Graph's own objects come as they are.
    for (name, definition) in &mut definitions {
        match definition {
            Value::Object(members) if GRAPH.contains(&name.as_str()) => drop(members.remove("required")),
            definition => without_null(definition),
        }
    }
    definitions.extend(input.take_definitions(true));
    definitions.values_mut().for_each(plain_words);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Generated by `cargo xtask docs` from the types in crates/core/src/json. Do not edit.",
        "title": "agentuser's JSON tier",
        "description": "What goes into agentuser and comes out of it, in every language.",
        "$defs": definitions,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_its_result() {
        let schema = schema();
        let variants = schema["$defs"]["OperationRequest"]["oneOf"].as_array().unwrap();
        let mut operations: Vec<&str> = variants
            .iter()
            .map(|variant| variant["properties"]["operation"]["const"].as_str().unwrap())
            .collect();
        let results = schema["$defs"]["OperationResults"]["properties"].as_object().unwrap();
        let mut named: Vec<&str> = results.keys().map(String::as_str).collect();
        operations.sort_unstable();
        named.sort_unstable();
        assert_eq!(operations, named);
    }
}
