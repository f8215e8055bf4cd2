//! Makes text of a server fit to be kept: without tokens and control characters, and not longer than anyone reads.

use crate::any_case::strip_prefix;
use crate::plain::plain;
use std::borrow::Cow;

/// Stands in a secret's place.
const REDACTED: &str = "[redacted]";

/// Names whose value is a secret when a server repeats a request's form or a token answer.
const SECRET_NAMES: &[&str] = &[
    "client_secret",
    "client_assertion",
    "user_federated_identity_credential",
    "assertion",
    "access_token",
    "refresh_token",
    "id_token",
    "password",
];

/// The text without control characters, tokens and secrets, cut to `limit` characters.
pub(super) fn clean(text: &str, limit: usize) -> String {
    // A message is never near this long; cutting first bounds the work.
    let head = text.chars().take(limit.saturating_mul(8));
    let head: String = head.collect();
    let safe = redact(plain(head.into()).trim());
    if safe.chars().count() <= limit {
        return safe;
    }
    safe.chars().take(limit.saturating_sub(1)).chain(['…']).collect()
}

/// A name from the directory in a message: cleaned, and in quotes, so that it can't pass for a part of the message.
#[must_use]
pub fn shown(name: &str) -> String {
    format!("\"{}\"", clean(name, 256).replace('"', "'"))
}

/// Replaces what looks like a JWT (`eyJ…`), what follows `Bearer`, and the value of a secret's name.
fn redact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (kept, secret) = if may_begin(c) { secret_here(rest) } else { (0, 0) };
        if secret == 0 {
            out.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        } else {
            out.push_str(rest.get(..kept).unwrap_or_default());
            out.push_str(REDACTED);
            rest = rest.get(kept.saturating_add(secret)..).unwrap_or_default();
        }
    }
    out
}

/// Whether [`secret_here`] may find something at this character, which is the first of a word that it looks for.
const fn may_begin(c: char) -> bool {
    matches!(c.to_ascii_lowercase(), 'a' | 'b' | 'c' | 'e' | 'i' | 'p' | 'r' | 'u')
}

/// The text without what looks like a JWT.
#[must_use]
pub fn without_tokens(text: &str) -> Cow<'_, str> {
    let mut rest = text;
    let mut out = String::new();
    while let Some((at, _)) = rest.match_indices("eyJ").find(|(at, _)| token_at(rest, *at) > 0) {
        out.push_str(rest.get(..at).unwrap_or_default());
        out.push_str(REDACTED);
        rest = rest.get(at.saturating_add(token_at(rest, at))..).unwrap_or_default();
    }
    if out.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(out + rest) }
}

/// How many bytes of a JWT are at this place.
fn token_at(text: &str, at: usize) -> usize {
    let text = text.get(at..).filter(|text| text.starts_with("eyJ")).unwrap_or_default();
    let length = run(text, is_token);
    let token = text.get(..length).unwrap_or_default();
    if length >= 16 || token.matches('.').count() >= 2 { length } else { 0 }
}

/// How many bytes at the start of the text name a secret, and how many after them are one.
fn secret_here(text: &str) -> (usize, usize) {
    let token = token_at(text, 0);
    if token > 0 {
        return (0, token);
    }
    if let Some(after) = strip_prefix(text, "bearer") {
        let gap = run(after, |c| matches!(c, ' ' | ':' | '=' | '"' | '\'' | '+' | '%'));
        let value = run(after.get(gap..).unwrap_or_default(), |c| !matches!(c, ' ' | '"' | '\'' | ',' | ';'));
        if gap > 0 {
            return (text.len().saturating_sub(after.len()).saturating_add(gap), value);
        }
    }
    let first = text.as_bytes().first().map(u8::to_ascii_lowercase);
    for name in SECRET_NAMES.iter().filter(|name| name.as_bytes().first().copied() == first) {
        let Some(after) = strip_prefix(text, name) else { continue };
        let gap = run(after, |c| matches!(c, ' ' | ':' | '=' | '"' | '\''));
        let value = run(after.get(gap..).unwrap_or_default(), |c| !matches!(c, ' ' | '"' | '\'' | ',' | '&'));
        if after.get(..gap).is_some_and(|g| g.contains([':', '='])) {
            return (text.len().saturating_sub(after.len()).saturating_add(gap), value);
        }
    }
    (0, 0)
}

/// The length in bytes of the characters at the start that belong.
fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// The alphabets of base64url and base64, the dots of a JWT, and a percent for its escaped form.
fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '/' | '=' | '~' | '%')
}

#[cfg(test)]
mod tests {
    use super::*;

    const JWT: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl-_";

    #[test]
    fn tokens_and_secrets_go() {
        for (text, want) in [
            (format!("The token {JWT} is bad."), "The token [redacted] is bad.".to_owned()),
            (format!("x{JWT}"), "x[redacted]".to_owned()),
            ("eyJ.a.b".to_owned(), "[redacted]".to_owned()),
            (
                "Authorization: BEARER abc.def, next".to_owned(),
                "Authorization: BEARER [redacted], next".to_owned(),
            ),
            ("Bearer=0.AXoA".to_owned(), "Bearer=[redacted]".to_owned()),
            ("client_secret=s3cr3t&scope=x".to_owned(), "client_secret=[redacted]&scope=x".to_owned()),
            (r#"{"refresh_token": "0.AX"}"#.to_owned(), r#"{"refresh_token": "[redacted]"}"#.to_owned()),
            (format!("Bearer {JWT}"), "Bearer [redacted]".to_owned()),
            ("eyJ\u{1}hbGciOiJSUzI1NiJ9".to_owned(), "[redacted]".to_owned()),
        ] {
            assert_eq!(clean(&text, 200), want, "{text}");
        }
    }

    #[test]
    fn a_secret_is_looked_for_where_its_name_begins() {
        for word in SECRET_NAMES.iter().chain(&["bearer", "eyJ"]) {
            let first = word.chars().next().unwrap();
            assert!(may_begin(first) && may_begin(first.to_ascii_uppercase()), "{word}");
            assert!(first.is_ascii_lowercase(), "{word}");
        }
    }

    #[test]
    fn tokens_go_from_a_text_of_ours() {
        assert_eq!(
            without_tokens(&format!("The file {JWT}{JWT} of {JWT}.")),
            "The file [redacted] of [redacted]"
        );
        assert_eq!(without_tokens(&format!("'{JWT}'")), "'[redacted]'");
        assert!(matches!(without_tokens("eyJ is not a token, nor is eyJunk.csv"), Cow::Borrowed(_)));
    }

    #[test]
    fn plain_text_stays() {
        for text in [
            "Another object with the same value for property userPrincipalName already exists.",
            "The refresh_token has expired; eyJ is not a token. Bearers of 'password' grants",
            "Größe: 5 €, 日本語",
        ] {
            assert_eq!(clean(text, 200), text);
        }
    }

    #[test]
    fn control_characters_go_and_long_text_is_cut() {
        assert_eq!(clean("a\r\nb\u{1b}[31m\u{202e}c\0", 20), "a  b[31mc");
        assert_eq!(clean("äöüß", 3), "äö…");
        assert_eq!(clean(&"x".repeat(100), 10).chars().count(), 10);
    }

    #[test]
    fn a_token_across_the_cut_is_redacted_first() {
        let text = format!("{}{JWT}", "x".repeat(15));
        assert_eq!(clean(&text, 20), "xxxxxxxxxxxxxxx[red…");
    }
}
