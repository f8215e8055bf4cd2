//! The one JSON tier: start an operation from JSON, and have its steps, items, results and problems as JSON.
//!
//! The C ABI and WebAssembly are thin skins over it. Names are camelCase, Graph's own where Graph has one; times are
//! whole milliseconds, in members that end with `Ms`. Bytes travel beside the JSON, never in it: bodies of requests
//! and answers, and the file of a roster. Agent users of a list are verbatim slices of what Graph sent.
//!
//! docs/schema.json describes every shape; it is made from these types.

mod config;
mod fields;
mod item;
mod page;
mod pure;
mod request;
#[cfg(feature = "schema")]
mod schema;
mod start;
mod step;

pub use config::{ClientSecretConfig, Config, SettingsConfig};
pub use fields::Field;
pub use item::Item;
pub use page::UserPage;
pub use pure::{
    DeriveRequest, Derived, ExplainRequest, ValidateMemberRequest, ValidateRequest, ValidateRosterRequest,
    Validated, ValidatedRoster, Violations, derive, explain, validate, validate_member, validate_roster,
};
#[cfg(feature = "schema")]
pub use schema::schema;
pub use start::{Count, Created, ListFilter, Operation, OperationRequest, Output, Start, start};
pub use step::{
    AnswerMessage, Header, LostWhy, RefusedMessage, RequestMessage, SentMessage, StepMessage, answer,
    step_json,
};

use crate::problem::{Code, Problem};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Reads a request of the tier.
///
/// # Errors
/// [`Code::Invalid`] with the place where the JSON is not what it should be.
fn read<T: DeserializeOwned>(what: &str, json: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(json).map_err(|error| {
        Problem::new(Code::Invalid, format!("The JSON of the {what} can't be read: {error}."))
            .with_cause("It is no JSON, lacks a member, or has one that is not known here.")
            .with_fix("docs/schema.json has every shape.")
    })
}

/// What is made here is always JSON: no map has keys that are no texts.
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
