//! The shapes of an agent user's members, made from the table of members.

use crate::ObjectId;
use crate::json::parameters::{AgentUserChanges, AgentUserRow};
use crate::model::{Member, MemberName, NewAgentUser, Shape, WrittenLicense};
use crate::roster::Column;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

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
    if let Some(members) = schema.as_object_mut() {
        members.insert("description".to_owned(), description(member).into());
    }
    if clearable && let Some(kind) = schema.get_mut("type") {
        *kind = json!([kind.take(), "null"]);
    }
    schema
}

/// The meaning of a member, with the limits of its value.
fn description(member: Member) -> String {
    let limits = match member.shape() {
        Shape::Text(Some(most)) => format!(" At most {most} characters."),
        Shape::Texts { values: 1, characters: None } => String::new(),
        Shape::Texts { values, characters: None } => format!(" At most {values} values."),
        Shape::Texts { values, characters: Some(most) } => {
            format!(" At most {values} values, each of at most {most} characters.")
        }
        Shape::DateTime => " A date and time with its zone, such as `2026-01-31T00:00:00Z`.".to_owned(),
        Shape::Flag | Shape::Text(None) => String::new(),
    };
    format!("{}{limits}", member.description().trim())
}

/// Leaves out limits that are not documented.
fn prune(value: &mut Value) {
    if let Value::Object(members) = value {
        members.retain(|_, value| !value.is_null());
        members.values_mut().for_each(prune);
    }
}

fn members(of: impl Fn(Member) -> Value) -> Map<String, Value> {
    let mut members: Map<_, _> =
        Member::ALL.iter().map(|member| (member.name().to_owned(), of(*member))).collect();
    let org_data = json!({
        "type": ["object", "null"], "description": "Division and cost center.",
        "properties": {
            "division": { "type": ["string", "null"], "description": "The division." },
            "costCenter": { "type": ["string", "null"], "description": "The cost center." },
        },
        "additionalProperties": false,
    });
    let security_attributes = json!({
        "type": ["object", "null"], "description": "Custom security attributes: an object for each attribute set, with \
            text, true or false, a whole number, or an array of texts or of whole numbers for each attribute.",
        "additionalProperties": { "type": "object", "additionalProperties": true },
    });
    members.insert("employeeOrgData".to_owned(), org_data);
    members.insert("customSecurityAttributes".to_owned(), security_attributes);
    members
}

/// Extension properties, the paths of open members, and schema extensions, which no list has all names of.
fn open_members() -> Value {
    let description = "An extension property; employeeOrgData or a custom security attribute by its path, such as \
        `employeeOrgData.costCenter`; or a schema extension.";
    json!({
        "^extension_[0-9a-fA-F]{32}_\\w+$": { "description": description },
        "^(employeeOrgData|customSecurityAttributes|\\w+_\\w+)\\.[\\w.]+$": { "description": description },
        "^(?!extension_)[a-z0-9]+_\\w+$": { "type": ["object", "null"], "description": description },
    })
}

fn closed_object(description: &str, properties: Map<String, Value>, required: &[&str]) -> Schema {
    json_schema!({
        "type": "object", "description": description, "properties": properties, "required": required,
        "additionalProperties": false,
    })
}

/// An object with the members of an agent user.
fn object(description: &str, properties: Map<String, Value>, required: &[&str]) -> Schema {
    json_schema!({
        "type": "object", "description": description, "properties": properties, "required": required,
        "patternProperties": open_members(), "additionalProperties": false,
    })
}

impl JsonSchema for AgentUserRow {
    fn schema_name() -> Cow<'static, str> {
        "AgentUserRow".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        // Null, as an empty cell, declares nothing.
        let mut properties = members(|one| member(one, one != Member::DisplayName));
        for (column, schema) in [
            (Column::IdentityParentId, text("The object id of the agent identity.")),
            (Column::Manager, text("A user, by user principal name or object id.")),
            (Column::Sponsors, texts("Users, and groups as `group:{id}`.")),
            (
                Column::Groups,
                texts(
                    "Groups that it is a member of, by display name or object id; `group:` may stand before either.",
                ),
            ),
            (
                Column::Licenses,
                json!({
                    "type": "array", "items": generator.subschema_for::<WrittenLicense>(),
                    "description": "SKU part numbers or ids, where wanted with their service plans; groups that assign \
                                    licenses as `group:ID` or `group:NAME`.",
                }),
            ),
        ] {
            properties.insert(column.name().to_owned(), schema);
        }
        for column in [Column::Manager, Column::Sponsors, Column::Groups, Column::Licenses] {
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

impl JsonSchema for NewAgentUser {
    fn schema_name() -> Cow<'static, str> {
        "NewAgentUser".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut properties = members(|one| member(one, false));
        properties.insert("identityParentId".to_owned(), text("The object id of the agent identity."));
        let required =
            ["accountEnabled", "displayName", "identityParentId", "mailNickname", "userPrincipalName"];
        object("The body of the request that creates an agent user.", properties, &required)
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

impl JsonSchema for MemberName {
    fn schema_name() -> Cow<'static, str> {
        "MemberName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A writable member of an agent user: Graph's property name, or the path of an open member, such \
                as `employeeOrgData.costCenter`.",
        })
    }
}

impl JsonSchema for WrittenLicense {
    fn schema_name() -> Cow<'static, str> {
        "WantedLicense".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut sku = closed_object(
            "A SKU and its service plans. Those that are not named stay as they are.",
            Map::from_iter([
                ("sku".to_owned(), text("The part number or the id of the SKU.")),
                (
                    "disabledPlans".to_owned(),
                    texts("The names or ids of the service plans that are to be off."),
                ),
                ("enabledPlans".to_owned(), texts("The names or ids of those that are to be on.")),
            ]),
            &["sku"],
        );
        let name =
            text("A SKU, such as `AGENT_365` or `AGENT_365 without TEAMS1`; or `group:ID` or `group:NAME`.");
        json_schema!({ "description": "A license that is wanted.", "oneOf": [name, sku.ensure_object().clone()] })
    }
}
