//! Turns a generated definition into the form that is published.

use serde_json::{Value, json};

/// Objects of Graph, which may be passed on verbatim: any member may be absent, or null.
pub(super) const GRAPH: [&str; 11] = [
    "AgentUser",
    "AssignedLicense",
    "AssignedPlan",
    "Blueprint",
    "DirectoryObject",
    "Group",
    "LicenseAssignmentState",
    "PrepaidUnits",
    "ServicePlan",
    "ServicePrincipal",
    "SubscribedSku",
];

/// Optional properties lose null as a value.
pub(super) fn without_null(schema: &mut Value) {
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

/// The names of types that say too little, or something else, outside their Rust modules: `Event` and `Report` are the
/// browser's in TypeScript.
const NAMES: [(&str, &str); 31] = [
    ("Applied", "AppliedChange"),
    ("Call", "GraphCall"),
    ("Code", "ProblemCode"),
    ("Config", "ClientConfig"),
    ("Created", "CreateResult"),
    ("DeletedIdentity", "SnapshotDeletedIdentity"),
    ("Derived", "DerivedNames"),
    ("Event", "AgentUserEvent"),
    ("Explanation", "CodeExplanation"),
    ("Identity", "SnapshotIdentity"),
    ("ManagerOf", "SnapshotManager"),
    ("OtherParent", "SnapshotOtherParent"),
    ("OtherParentKind", "SnapshotOtherParentKind"),
    ("Outcome", "ProvisionOutcome"),
    ("Person", "SnapshotPerson"),
    ("PersonState", "SnapshotPersonState"),
    ("Record", "AgentUserRecord"),
    ("Report", "ProvisionReport"),
    ("Section", "SnapshotSection"),
    ("SettingsConfig", "TimeoutSettings"),
    ("Severity", "AuditSeverity"),
    ("SponsorsOf", "SnapshotSponsors"),
    ("Stage", "ProvisionStage"),
    ("Subject", "FoundSubject"),
    ("SubjectKind", "FoundSubjectKind"),
    ("Summary", "RosterSummary"),
    ("Thresholds", "AuditThresholds"),
    ("User", "SnapshotUser"),
    ("Validated", "AgentUserValidation"),
    ("ValidatedRoster", "RosterValidation"),
    ("Waiting", "WaitReason"),
];

/// The name of a type in docs/schema.json.
pub(super) fn public_name(name: &str) -> &str {
    NAMES.iter().find(|(rust, _)| *rust == name).map_or(name, |(_, public)| public)
}

/// Gives references the public names, and descriptions plain words.
pub(super) fn polish(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref")
                && let Some(name) = reference.strip_prefix(DEFINITIONS)
            {
                *reference = format!("{DEFINITIONS}{}", public_name(name));
            }
            if let Some(Value::String(description)) = members.get_mut("description") {
                *description = plain_words(description);
            }
            members.values_mut().for_each(polish);
        }
        Value::Array(values) => values.iter_mut().for_each(polish),
        _ => {}
    }
}

const DEFINITIONS: &str = "#/$defs/";

/// Rust's links between items become the names they link to; citations of this repository's pages are left out.
fn plain_words(description: &str) -> String {
    let mut words = String::new();
    for (index, part) in description.split("[`").enumerate() {
        match part.split_once("`]") {
            Some((link, rest)) if index > 0 => {
                let name = link.rsplit("::").next().unwrap_or(link);
                words.push_str(&format!("`{}`{rest}", public_name(name)));
            }
            _ => words.push_str(part),
        }
    }
    while let Some((before, cited)) = words.split_once(" (docs/")
        && let Some((_, after)) = cited.split_once(')')
    {
        words = format!("{before}{after}");
    }
    words.replace('\n', " ")
}

/// Gives every variant of a definition the properties that all of them have, so that one union describes it.
pub(super) fn distribute(definition: &mut Value) {
    let Value::Object(members) = definition else { return };
    if !(members.contains_key("oneOf") && members.contains_key("properties")) {
        return;
    }
    let shared = members.remove("properties").unwrap_or_default();
    let required = members.remove("required").unwrap_or_default();
    members.remove("type");
    for variant in members.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten() {
        for (name, more) in [("properties", &shared), ("required", &required)] {
            match (variant.get_mut(name), more) {
                (Some(Value::Object(properties)), Value::Object(more)) => properties.extend(more.clone()),
                (Some(Value::Array(names)), Value::Array(more)) => names.extend(more.clone()),
                _ => {}
            }
        }
    }
}
