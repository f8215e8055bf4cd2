//! The bytes that a plan's digest is of.
//!
//! The digest is of the plan without its member `digest`, written as JSON without white space, the members of each object in
//! the order of their names. So it does not depend on how a file is laid out, and any language can compute it.

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// The digest of a plan that was read or is to be written.
pub(super) fn digest(plan: &Value) -> String {
    let mut text = String::new();
    match plan {
        Value::Object(members) => object(members, &["digest"], &mut text),
        other => write(other, &mut text),
    }
    let mut digits = String::new();
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a String does not fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => object(members, &[], text),
        Value::Array(values) => {
            text.push('[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(value, text);
            }
            text.push(']');
        }
        // A text, a number or a word, as serde_json writes it everywhere.
        plain => text.push_str(&plain.to_string()),
    }
}

fn object(members: &Map<String, Value>, but: &[&str], text: &mut String) {
    // The order of a map depends on how serde_json was built.
    let mut members: Vec<_> = members.iter().filter(|(name, _)| !but.contains(&name.as_str())).collect();
    members.sort_unstable_by_key(|(name, _)| *name);
    text.push('{');
    for (index, (name, value)) in members.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(&Value::from(name.as_str()).to_string());
        text.push(':');
        write(value, text);
    }
    text.push('}');
}
