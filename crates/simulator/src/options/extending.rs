//! Extension properties and custom security attributes that a simulator has.

use crate::Tenant;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The types of extension properties (docs/graph.md#open-members).
const TYPES: [&str; 6] = ["String", "Integer", "LargeInteger", "Boolean", "DateTime", "Binary"];
/// The types of custom security attributes.
const ATTRIBUTE_TYPES: [&str; 3] = ["String", "Integer", "Boolean"];

/// An extension property, as Graph describes one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExtensionOptions {
    /// Its whole name: `extension_{application id without hyphens}_{name}`.
    pub name: String,
    /// String, Integer, LargeInteger, Boolean, DateTime or Binary.
    #[serde(default = "text")]
    pub data_type: String,
    /// Whether it holds several values.
    #[serde(default)]
    pub is_multi_valued: bool,
}

fn text() -> String {
    "String".to_owned()
}

/// Attribute sets by name, each with the types of its attributes: String, Integer or Boolean, or `Collection(String)`.
pub type AttributeSetOptions = BTreeMap<String, BTreeMap<String, String>>;

/// Adds them to a tenant.
///
/// # Errors
/// The first type that there is none of, with its place.
pub(super) fn add(
    mut tenant: Tenant,
    extensions: &[ExtensionOptions],
    sets: &AttributeSetOptions,
) -> Result<Tenant, String> {
    for (index, extension) in extensions.iter().enumerate() {
        known(&extension.data_type, &TYPES, || format!("extensions[{index}].dataType"))?;
        tenant = tenant.typed_extension(&extension.name, &extension.data_type, extension.is_multi_valued);
    }
    for (set, attributes) in sets {
        for (name, of) in attributes {
            let item = of.strip_prefix("Collection(").and_then(|of| of.strip_suffix(')'));
            known(item.unwrap_or(of), &ATTRIBUTE_TYPES, || format!("attributeSets.{set}.{name}"))?;
            tenant = tenant.security_attribute(set, name, item.unwrap_or(of), item.is_some());
        }
    }
    Ok(tenant)
}

fn known(of: &str, types: &[&str], place: impl FnOnce() -> String) -> Result<(), String> {
    if types.contains(&of) {
        return Ok(());
    }
    Err(format!("{}: {of:?} is not one of {}.", place(), types.join(", ")))
}
