//! Access tokens: which text is one, and when it is renewed.

use crate::problem::{Code, Problem};
use std::time::Duration;

/// A token is renewed this long before its end, as Microsoft's own libraries do (docs/sign-in.md#secrets).
const MARGIN: Duration = Duration::from_secs(5 * 60);

/// The most bytes of a token or a client secret, unless a setting says otherwise. Tokens are a few thousand bytes;
/// servers refuse headers that are much larger than this (an assumption).
pub const MAX_BYTES: usize = 64 << 10;

/// Text that can be sent as `Authorization: Bearer …`. It may still be expired, or for somebody else.
#[derive(Clone, Copy)]
pub struct BearerText<'a>(&'a str);

impl<'a> BearerText<'a> {
    /// Reads the text of an access token; white space around it does not count. Its characters are those of a bearer
    /// token's credentials, `b64token` in [RFC 6750, section 2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1).
    ///
    /// # Errors
    /// When it is empty or something else. `source` begins the message, such as "The value of AGENTUSER_TOKEN"; the
    /// text is not in it.
    pub fn parse(text: &'a str, source: &str) -> Result<Self, Problem> {
        Self::parse_within(text, source, MAX_BYTES)
    }

    /// The same with another limit than [`MAX_BYTES`].
    ///
    /// # Errors
    /// As [`BearerText::parse`].
    pub fn parse_within(text: &'a str, source: &str, most: usize) -> Result<Self, Problem> {
        let text = text.trim();
        if text.len() > most {
            return Err(Problem::new(Code::InputTooLarge, format!("{source} has more than {most} bytes."))
                .with_field("maxTokenBytes")
                .with_cause("It is not an access token, or one with far more claims than usual.")
                .with_fix(
                    "Give the access token alone, or raise maxTokenBytes, the most bytes that are taken.",
                ));
        }
        let (message, cause) = if text.is_empty() {
            (format!("{source} is empty."), "There is no access token where one is expected.")
        } else if is_b64token(text) {
            return Ok(Self(text));
        } else {
            let cause = "It has spaces, quotes or other characters that no access token has.";
            (format!("{source} is not an access token."), cause)
        };
        let fix = "Give the access token alone: no quotes, no line break, no \"Bearer\", no JSON around it.";
        Err(Problem::new(Code::TokenMissing, message).with_cause(cause).with_fix(fix))
    }

    /// The text, without the white space around it.
    #[must_use]
    pub fn as_str(self) -> &'a str {
        self.0
    }
}

impl std::fmt::Debug for BearerText<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BearerText")
    }
}

/// Letters, digits and `-._~+/`, at least one, and `=` at the end alone.
fn is_b64token(text: &str) -> bool {
    let characters = text.trim_end_matches('=');
    !characters.is_empty()
        && characters.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}

/// How long a token of this lifetime is used before another one is fetched: until five minutes before its end, or for
/// half of its life if that is longer.
#[must_use]
pub fn renew_after(lifetime: Duration) -> Duration {
    lifetime.saturating_sub(MARGIN.min(lifetime / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_the_characters_of_the_standard() {
        for token in ["eyJ0eXAi.eyJhdWQi.c2ln-_", "EwB4A8l6BAAU+/A==", "admin", " admin\r\n", "a~b"] {
            assert_eq!(BearerText::parse(token, "It").unwrap().as_str(), token.trim());
        }
        for other in
            ["Bearer x", "\"x\"", "{\"access_token\":\"x\"}", "two\nlines", "=x", "x=y", "=", "ü", "x\u{0}"]
        {
            let problem = BearerText::parse(other, "It").unwrap_err();
            assert_eq!(
                (problem.code(), problem.message()),
                (Code::TokenMissing, "It is not an access token.")
            );
            assert!(!problem.to_json().contains(other));
        }
        for nothing in ["", " \t\n"] {
            assert_eq!(BearerText::parse(nothing, "It").unwrap_err().message(), "It is empty.");
        }
    }

    #[test]
    fn tokens_are_renewed_five_minutes_before_their_end_or_at_half_of_a_short_life() {
        for (lifetime, after) in [(3600, 3300), (600, 300), (599, 299), (60, 30), (0, 0)] {
            assert_eq!(renew_after(Duration::from_secs(lifetime)).as_secs(), after);
        }
        assert!(renew_after(Duration::MAX) < Duration::MAX);
    }
}
