//! The one JSON tier: start an operation from JSON, and have its steps, items, results and problems as JSON.
//!
//! The C ABI and WebAssembly are thin layers over it. Names are camelCase, Graph's own where Graph has one; times are
//! whole milliseconds, in members that end with `Ms`. Bytes travel beside the JSON, never in it: bodies of requests
//! and answers, and the file of a roster or a plan. Agent users of a list are verbatim slices of what Graph sent.
//!
//! docs/schema.json describes every shape; it is made from these types and from the tables in `operations` and
//! `parameters`.

mod access_policies;
mod audit_parameters;
mod config;
#[cfg(feature = "confidential")]
mod consent;
mod digest;
mod fields;
mod first;
mod item;
mod many;
mod members;
mod need_parameters;
mod offline;
mod operations;
mod output;
mod page;
mod parameters;
mod parent_parameters;
mod permission_parameters;
mod plan_parameters;
mod render;
mod run;
#[cfg(feature = "schema")]
mod schema;
#[cfg(feature = "schema")]
mod shape;
#[cfg(feature = "confidential")]
mod sign_in;
mod step;
mod table;
mod text;
#[cfg(feature = "confidential")]
mod token_query;

pub use access_policies::{AccessPolicies, AccessPoliciesRequest, access_policies};
pub use config::{Config, SettingsConfig};
#[cfg(feature = "confidential")]
pub use consent::{ConsentUrl, ConsentUrlRequest, consent_url};
pub use digest::{DigestMessage, PageDigest};
pub use fields::Field;
pub use item::Item;
pub use offline::{
    DeriveRequest, ExplainCodeRequest, ExplainRequest, MemberValidation, ValidateMemberRequest,
    ValidateRequest, ValidateRosterRequest, Validated, ValidatedRoster, derive, explain, explain_code,
    validate, validate_member, validate_roster,
};
pub use output::{Created, ListCount, Output};
pub use page::UserPage;
pub use render::{RenderReportRequest, RenderedReport, ReportDraft, render_report};
pub use run::{FirstRequest, Operation, OperationRequest, start, start_first};
#[cfg(feature = "schema")]
pub use schema::schema;
#[cfg(feature = "schema")]
pub use shape::OPTIONS;
#[cfg(feature = "confidential")]
pub use sign_in::{Confidential, ProofConfig, SignInConfig, Subject};
pub use step::{
    AnswerMessage, Header, LossReason, RejectedTokenMessage, RequestMessage, SentMessage, StepJson,
    StepMessage, answer, first_step_json, step_json,
};

#[cfg(feature = "confidential")]
pub use token_query::TokenQuery;

use crate::problem::Problem;

impl Problem {
    /// The problem as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        text::write(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_twice_is_an_error_at_every_depth() {
        let row = r#"{"identityParentId":"x","displayName":"A","displayName":"B"}"#;
        for (said, name) in [
            (validate(format!("{{\"agentUser\":{row}}}").as_bytes()).map(drop), "displayName"),
            (Config::parse(br#"{"inFlight":1,"inFlight":2}"#).map(drop), "inFlight"),
            (
                Config::parse(br#"{"settings":{"requestTimeoutMs":1,"requestTimeoutMs":2}}"#).map(drop),
                "requestTimeoutMs",
            ),
            (
                OperationRequest::parse(br#"{"operation":"get","user":"a","user":"b"}"#, Vec::new())
                    .map(drop),
                "user",
            ),
        ] {
            let message = said.unwrap_err().message().to_owned();
            assert!(message.contains(&format!("the member `{name}` is there twice at line 1")), "{message}");
        }
    }

    #[test]
    fn an_array_is_not_taken_for_the_members_of_an_object() {
        for (json, place) in [
            (
                r#"{"operation":"waitReady","user":"a","readiness":[true]}"#,
                "readiness: expected a map, found sequence",
            ),
            (
                r#"{"operation":"waitReady","user":"a","readiness":{"mailbox":"yes"}}"#,
                "mailbox is not true or false",
            ),
            (
                r#"{"operation":"changeLicenses","user":"a","add":[["AGENT_365",[],[]]]}"#,
                "a text, or an object with sku",
            ),
        ] {
            let problem = OperationRequest::parse(json.as_bytes(), Vec::new()).map(drop).unwrap_err();
            assert!(problem.message().contains(place), "{problem:?}");
        }
    }

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
        let json = format!("{{\"settings\":\"{SECRET}\"}}");
        let message = said(Config::parse(json.as_bytes()).map(drop));
        assert!(message.contains("settings: expected a map, found string"), "{message}");
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
