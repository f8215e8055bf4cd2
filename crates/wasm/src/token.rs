//! Access tokens, which JavaScript keeps and sends.

use crate::{Thrown, thrown};
use agentuser_core::token;
use std::time::Duration;
use wasm_bindgen::prelude::wasm_bindgen;

/// The text of an access token, without the white space around it. `source` begins the message where it is not one;
/// `most` is the most bytes that it may have, 65,536 unless given.
///
/// # Errors
/// When it is empty, or is not a token.
#[wasm_bindgen(js_name = bearerText)]
pub fn bearer_text(text: &str, source: &str, most: Option<u32>) -> Result<String, Thrown> {
    let most = most.and_then(|most| usize::try_from(most).ok()).unwrap_or(token::MAX_BYTES);
    token::BearerText::parse_within(text, source, most).map(|token| token.as_str().to_owned()).map_err(thrown)
}

/// How many milliseconds a token that lives for so many is used.
#[must_use]
#[wasm_bindgen(js_name = renewAfter)]
pub fn renew_after(lifetime_ms: f64) -> f64 {
    let lifetime = Duration::try_from_secs_f64(lifetime_ms / 1000.0).unwrap_or_default();
    token::renew_after(lifetime).as_secs_f64() * 1000.0
}
