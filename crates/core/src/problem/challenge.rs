//! The claims of a challenge, which go on as they came.

use super::redact;
use crate::http::Headers;
use base64::Engine as _;
use serde_json::{Map, Value};

/// The longest claims that are kept, in bytes. A header could not carry more.
const LONGEST: usize = 16 << 10;

/// The claims, where they are a JSON object without a token.
pub(super) fn claims(text: &str) -> Option<&str> {
    let fits = text.len() <= LONGEST && serde_json::from_str::<Map<String, Value>>(text).is_ok();
    (fits && redact::without_tokens(text) == text).then_some(text)
}

/// The `claims` of a `WWW-Authenticate` challenge, decoded. Browsers hide the header; then there are none.
#[must_use]
pub(crate) fn claims_challenge(headers: &Headers) -> Option<String> {
    let challenge = headers.get("www-authenticate")?;
    let start = challenge.find("claims=\"")?;
    let rest = challenge.get(start + 8..)?;
    let text = rest.split('"').next()?;
    let engine = base64::engine::GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        base64::engine::GeneralPurposeConfig::new()
            .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
    );
    let standard: String = text
        .chars()
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            c => c,
        })
        .collect();
    String::from_utf8(engine.decode(standard).ok()?).ok().filter(|claims| claims.starts_with('{'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_kept_as_they_came_or_not_at_all() {
        for text in [r#"{"access_token":{"nbf":{"essential":true, "value":"1780272000"}}}"#, "{ }"] {
            assert_eq!(claims(text), Some(text));
        }
        let token = r#"{"a":"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"}"#;
        let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(LONGEST));
        for text in [token, &long, "", "x", "[]", "7", "{\"a\"", "{} {}"] {
            assert_eq!(claims(text), None, "{text}");
        }
    }
}
