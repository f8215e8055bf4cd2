//! Takes a token or secret that was sent out of the answer, where a server repeats it.

use agentuser_core::http::Response;
use secrecy::{ExposeSecret as _, SecretString};
use std::fmt;

/// Stands in a secret's place.
const REDACTED: &[u8] = b"[redacted]";

/// A shorter text would be found in answers that do not repeat it.
const SHORTEST: usize = 8;

/// The spellings of one token or secret.
#[derive(Clone)]
pub(crate) struct Redaction(Vec<SecretString>);

impl Redaction {
    /// Of this text: as it is, as a form or a URL has it, and as JSON may escape it.
    pub(crate) fn of(secret: &str) -> Self {
        if secret.len() < SHORTEST {
            return Self(Vec::new());
        }
        let encoded = |lower: bool| {
            secret.bytes().fold(String::with_capacity(secret.len()), |mut text, byte| {
                if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                    text.push(char::from(byte));
                } else {
                    let hex = format!("%{byte:02X}");
                    text.push_str(&if lower { hex.to_ascii_lowercase() } else { hex });
                }
                text
            })
        };
        let escaped = secret.replace('\\', "\\\\").replace('"', "\\\"");
        let mut spellings =
            vec![secret.to_owned(), escaped.replace('/', "\\/"), escaped, encoded(false), encoded(true)];
        // The longest first: it may hold a shorter one.
        spellings.sort_unstable_by_key(|text| std::cmp::Reverse(text.len()));
        spellings.dedup();
        Self(spellings.into_iter().map(SecretString::from).collect())
    }

    /// The answer without it.
    pub(crate) fn redact(&self, mut response: Response) -> Response {
        for spelling in &self.0 {
            let spelling = spelling.expose_secret().as_bytes();
            if let Some(clean) = without(&response.body, spelling) {
                response.body = clean;
            }
            if response.headers.iter().any(|(_, value)| find(value.as_bytes(), spelling).is_some()) {
                response.headers = response.headers.iter().map(|field| header(field, spelling)).collect();
            }
        }
        response
    }
}

impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redaction")
    }
}

fn header((name, value): (&str, &str), secret: &[u8]) -> (String, String) {
    let clean = without(value.as_bytes(), secret);
    let clean = clean.and_then(|bytes| String::from_utf8(bytes).ok());
    (name.to_owned(), clean.unwrap_or_else(|| value.to_owned()))
}

/// The text without the secret; none where it does not hold it.
fn without(text: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    let mut at = find(text, secret)?;
    let mut clean = Vec::with_capacity(text.len());
    let mut rest = text;
    loop {
        let (before, after) = rest.split_at_checked(at)?;
        clean.extend_from_slice(before);
        clean.extend_from_slice(REDACTED);
        rest = after.get(secret.len()..)?;
        match find(rest, secret) {
            Some(next) => at = next,
            None => {
                clean.extend_from_slice(rest);
                return Some(clean);
            }
        }
    }
}

/// Where the text holds the secret.
fn find(text: &[u8], secret: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use agentuser_core::http::Headers;

    fn body(secret: &str, text: &str) -> String {
        let response = Response { status: 400, headers: Headers::default(), body: text.as_bytes().to_vec() };
        String::from_utf8(Redaction::of(secret).redact(response).body).unwrap()
    }

    #[test]
    fn a_secret_goes_in_each_of_its_spellings() {
        for (secret, text, clean) in [
            ("SEKRET_tok_7f3Qz9", "token=SEKRET_tok_7f3Qz9&x", "token=[redacted]&x"),
            ("SEKRET_tok_7f3Qz9", "SEKRET_tok_7f3Qz9SEKRET_tok_7f3Qz9", "[redacted][redacted]"),
            ("ab/cd+ef==", "a%20ab%2Fcd%2Bef%3D%3D ab%2fcd%2bef%3d%3d", "a%20[redacted] [redacted]"),
            ("ab/cd+ef==", r#"{"x":"ab\/cd+ef=="}"#, r#"{"x":"[redacted]"}"#),
            ("quo\"te\\d~", r#"quo\"te\\d~ quo"te\d~"#, "[redacted] [redacted]"),
            ("short", "short", "short"),
        ] {
            assert_eq!(body(secret, text), clean, "{text}");
        }
    }

    #[test]
    fn headers_lose_it_and_the_others_stay() {
        let headers = [("request-id", "SEKRET-tok"), ("retry-after", "3")];
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let response = Response { status: 429, headers: headers.collect(), body: Vec::new() };
        let clean = Redaction::of("SEKRET-tok").redact(response).headers;
        assert_eq!((clean.get("request-id"), clean.get("retry-after")), (Some("[redacted]"), Some("3")));
    }

    #[test]
    fn it_is_not_printed() {
        assert_eq!(format!("{:?}", Redaction::of("SEKRET_tok")), "Redaction");
    }
}
