//! Which text is an access token.

use crate::problem::{Code, Problem};

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
            return Err(too_large(source, most));
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

/// The problem of a token or a secret of more bytes. `source` begins the message.
#[must_use]
pub fn too_large(source: &str, most: usize) -> Problem {
    Problem::new(Code::InputTooLarge, format!("{source} has more than {most} bytes."))
        .with_field("maxTokenBytes")
        .with_cause("It is something else than a token or a secret, or a token with far more claims than usual.")
        .with_fix("Give the token or the secret alone, or raise the most bytes that are taken: maxTokenBytes or --max-token-bytes.")
}

/// Letters, digits and `-._~+/`, at least one, and `=` at the end alone.
fn is_b64token(text: &str) -> bool {
    let characters = text.trim_end_matches('=');
    !characters.is_empty()
        && characters.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
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
}
