//! The member `signIn` as JSON Schema.

use super::SignInConfig;
use super::table::{Kind, Member, PROOFS, SIGN_INS};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

impl JsonSchema for SignInConfig {
    fn schema_name() -> Cow<'static, str> {
        "SignInConfig".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let description =
            "The sign-in: the account, the endpoint and the proof. Secrets travel beside this JSON.";
        of_kinds(SIGN_INS, description).try_into().unwrap_or_default()
    }
}

fn of_kinds(kinds: &[Kind], description: &str) -> Value {
    let kinds: Vec<Value> = kinds.iter().map(of_kind).collect();
    json!({"description": description, "oneOf": kinds})
}

fn of_kind(kind: &Kind) -> Value {
    let mut properties = Map::new();
    properties.insert("kind".to_owned(), json!({"const": kind.name, "type": "string"}));
    for member in kind.required.iter().chain(kind.optional) {
        properties.insert(member.name.to_owned(), of_member(member));
    }
    let names = kind.required.iter().map(|member| member.name);
    let required: Vec<&str> = std::iter::once("kind").chain(names).collect();
    json!({
        "additionalProperties": false,
        "description": kind.description,
        "properties": properties,
        "required": required,
        "type": "object",
    })
}

fn of_member(member: &Member) -> Value {
    match member.name {
        "proof" => of_kinds(PROOFS, member.description),
        _ if member.is_flag => json!({"description": member.description, "type": "boolean"}),
        _ => json!({"description": member.description, "type": "string"}),
    }
}
