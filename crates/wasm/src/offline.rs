//! The functions that need no network: JSON in, JSON out.

use crate::{Thrown, thrown};
use agentuser_core::json;
use wasm_bindgen::prelude::wasm_bindgen;

/// Checks an agent user.
///
/// # Errors
/// When the JSON is not such a request.
#[wasm_bindgen]
pub fn validate(json: &str) -> Result<String, Thrown> {
    json::validate(json.as_bytes()).map_err(thrown)
}

/// Checks one member.
///
/// # Errors
/// When the JSON is not such a request.
#[wasm_bindgen(js_name = validateMember)]
pub fn validate_member(json: &str) -> Result<String, Thrown> {
    json::validate_member(json.as_bytes()).map_err(thrown)
}

/// Checks a roster.
///
/// # Errors
/// When the JSON is not such a request.
#[wasm_bindgen(js_name = validateRoster)]
pub fn validate_roster(json: &str, roster: &[u8]) -> Result<String, Thrown> {
    json::validate_roster(json.as_bytes(), roster).map_err(thrown)
}

/// Derives names from a display name.
///
/// # Errors
/// When the JSON is not such a request.
#[wasm_bindgen]
pub fn derive(json: &str) -> Result<String, Thrown> {
    json::derive(json.as_bytes()).map_err(thrown)
}

/// Makes Conditional Access policies for agent users.
///
/// # Errors
/// When the JSON is not such a request.
#[wasm_bindgen(js_name = accessPolicies)]
pub fn access_policies(json: &str) -> Result<String, Thrown> {
    json::access_policies(json.as_bytes()).map_err(thrown)
}

/// Explains an answer of Graph.
///
/// # Errors
/// When the JSON is not such a request.
#[wasm_bindgen]
pub fn explain(json: &str, body: &[u8]) -> Result<String, Thrown> {
    json::explain(json.as_bytes(), body).map_err(thrown)
}

/// Tells what a code means.
///
/// # Errors
/// When the JSON is not such a request, or there is no such code.
#[wasm_bindgen(js_name = explainCode)]
pub fn explain_code(json: &str) -> Result<String, Thrown> {
    json::explain_code(json.as_bytes()).map_err(thrown)
}

/// Writes a report.
///
/// # Errors
/// When the JSON is not such a request, or the records are not as they must be.
#[wasm_bindgen(js_name = renderReport)]
pub fn render_report(json: &str, records: &[u8]) -> Result<String, Thrown> {
    json::render_report(json.as_bytes(), records).map_err(thrown)
}
