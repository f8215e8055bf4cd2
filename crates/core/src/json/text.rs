//! The text of JSON into values of the tier, and back.

use super::members::{FromMembers, read_exact};
use crate::problem::{Code, Problem};
use crate::unique::Unique;
use serde::Serialize;
use serde_json::{Error, Map, Value};

/// Reads a request of the tier.
///
/// # Errors
/// [`Code::Invalid`] with the place where the JSON has another shape.
pub(super) fn read<T: FromMembers>(what: &str, json: &[u8]) -> Result<T, Problem> {
    object(json).and_then(read_exact).map_err(|error| unreadable(what, &error))
}

/// An object in which no name is there twice.
pub(super) fn object(json: &[u8]) -> Result<Map<String, Value>, Error> {
    match serde_json::from_slice::<Unique>(json)? {
        Unique(Value::Object(members)) => Ok(members),
        Unique(other) => serde_json::from_value(other),
    }
}

pub(super) fn unreadable(what: &str, error: &serde_json::Error) -> Problem {
    let error = without_values(&error.to_string());
    Problem::new(Code::Invalid, format!("The JSON of the {what} can't be read: {error}."))
        .with_cause("It is not JSON, lacks a member, or has one that is not known here.")
        .with_fix("Correct the place that the message names.")
}

/// Takes the value that was found out of serde's message, because it may be a secret in the wrong place: `invalid type: string
/// "…", expected a map` becomes `expected a map, found string`.
fn without_values(message: &str) -> String {
    let Some((before, found, rest)) = ["invalid type: ", "invalid value: "]
        .iter()
        .find_map(|start| message.split_once(start).map(|(before, rest)| (before, *start, rest)))
    else {
        return message.to_owned();
    };
    // The value may hold these words, too: those of serde come last.
    let expected = rest.rsplit_once(", expected ").map_or("something else", |(_, expected)| expected);
    let (expected, place) = match expected.rsplit_once(" at line ") {
        Some((expected, place)) => (expected, format!(" at line {place}")),
        None => (expected, String::new()),
    };
    let kinds = ["string", "integer", "floating point", "boolean", "null", "map", "sequence", "unit value"];
    let kind = kinds.into_iter().find(|kind| rest.starts_with(kind)).unwrap_or("another kind");
    let found = if found.starts_with("invalid type") { kind } else { "another value" };
    format!("{before}expected {expected}, found {found}{place}")
}

/// Writes a value of the tier. It always can be written: the keys of its maps are texts.
pub(super) fn write<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
