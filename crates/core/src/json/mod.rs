//! The one JSON tier: start an operation from JSON, and have its steps, items, results and problems as JSON.
//!
//! The C ABI and WebAssembly are thin layers over it. Names are camelCase, Graph's own where Graph has one; times are
//! whole milliseconds, in members that end with `Ms`. Bytes travel beside the JSON, never in it: bodies of requests
//! and answers, and the file of a roster. Agent users of a list are verbatim slices of what Graph sent.
//!
//! docs/schema.json describes every shape; it is made from these types and from the tables in `operations` and
//! `parameters`.

mod config;
mod fields;
mod item;
mod members;
mod offline;
mod operations;
mod output;
mod page;
mod parameters;
mod run;
#[cfg(feature = "schema")]
mod schema;
mod step;
mod table;

pub use config::{ClientSecretConfig, Config, SettingsConfig};
pub use fields::Field;
pub use item::Item;
pub use offline::{
    DeriveRequest, ExplainRequest, MemberValidation, ValidateMemberRequest, ValidateRequest,
    ValidateRosterRequest, Validated, ValidatedRoster, derive, explain, validate, validate_member,
    validate_roster,
};
pub use output::{Created, ListCount, Output};
pub use page::UserPage;
pub use run::{Operation, OperationRequest, start};
#[cfg(feature = "schema")]
pub use schema::schema;
pub use step::{
    AnswerMessage, Header, LossReason, RejectedTokenMessage, RequestMessage, SentMessage, StepMessage,
    answer, step_json,
};

use crate::problem::{Code, Problem};
use serde::Serialize;

/// Reads a request of the tier.
///
/// # Errors
/// [`Code::Invalid`] with the place where the JSON has another shape.
fn read<T: members::FromMembers>(what: &str, json: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(json).and_then(members::read_exact).map_err(|error| unreadable(what, &error))
}

fn unreadable(what: &str, error: &serde_json::Error) -> Problem {
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
fn write<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

impl Problem {
    /// The problem as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        write(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_the_wrong_place_is_not_repeated() {
        const SECRET: &str = "s3cr3t, expected eyJ at line 9";
        let said = |result: Result<(), Problem>| {
            let problem = result.unwrap_err();
            assert!(
                !problem.to_json().contains("s3cr3t") && !problem.to_json().contains("eyJ"),
                "{problem:?}"
            );
            problem.message().to_owned()
        };
        let json = format!("{{\"clientSecret\":\"{SECRET}\"}}");
        let message = said(Config::parse(json.as_bytes()).map(drop));
        assert!(message.contains("clientSecret: expected a map, found string"), "{message}");
        for json in [
            format!("{{\"answer\":\"response\",\"status\":200,\"token\":\"{SECRET}\"}}"),
            format!("{{\"answer\":\"response\",\"status\":200,\"headers\":\"{SECRET}\"}}"),
        ] {
            said(answer(json.as_bytes(), Vec::new()).map(drop));
        }
        let json = format!("{{\"operation\":\"get\",\"user\":{{\"{SECRET}\":1}}}}");
        said(OperationRequest::parse(json.as_bytes(), Vec::new()).map(drop));
        said(Config::parse(format!("[\"{SECRET}\"]").as_bytes()).map(drop));
        said(Config::parse(format!("\"{SECRET}\"").as_bytes()).map(drop));
        let json = format!("{{\"answer\":\"lost\",\"sent\":\"no\",\"why\":[\"{SECRET}\"]}}");
        said(answer(json.as_bytes(), Vec::new()).map(drop));
    }
}
