//! Helpers that the fuzz targets share: the form of their inputs, and the rules for every problem and roster.
//!
//! Inputs are texts, so that a seed can be read and written by hand. Several parts are separated by a line `===`; an
//! answer of a server looks as on the wire: status, header fields, an empty line, the body.

pub mod roster;

use agentuser_core::graph::Endpoint;
use agentuser_core::http::{Headers, Response};
use agentuser_core::problem::Problem;
use agentuser_core::validate::Violation;
use serde_json::Value;
use url::Url;

/// A token that a server repeats in an error, wherever an input says `{token}`. It must be in no problem.
pub const TOKEN: &str = "eyJhbGciOiJub25lIn0.eyJtYXJrZXIiOiJwbGFudGVkIn0.bWFya2Vy";

/// The parts of an input.
#[must_use]
pub fn parts(input: &[u8]) -> Vec<&[u8]> {
    const LINE: &[u8] = b"\n===\n";
    let (mut parts, mut rest) = (Vec::new(), input);
    while let Some(at) = rest.windows(LINE.len()).position(|window| window == LINE) {
        parts.push(&rest[..at]);
        rest = &rest[at + LINE.len()..];
    }
    parts.push(rest);
    parts
}

/// An answer of a server: the word after its status, and the answer. None without a status of HTTP's.
#[must_use]
pub fn response(text: &[u8]) -> Option<(String, Response)> {
    let mut rest = text;
    let mut line = || {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let line = String::from_utf8_lossy(&rest[..end]).into_owned();
        rest = rest.get(end + 1..).unwrap_or_default();
        line
    };
    let first = line();
    let (status, word) = first.split_once(' ').unwrap_or((&first, ""));
    let status = status.parse().ok().filter(|status| (100..=599).contains(status))?;
    let mut headers = Headers::new();
    loop {
        let line = line();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        headers.push(name.to_owned(), planted(value.trim().as_bytes(), status));
    }
    let body = planted(rest, status).into_bytes();
    // A body that is not text is left as it is.
    let body = if std::str::from_utf8(rest).is_ok() { body } else { rest.to_vec() };
    Some((word.to_owned(), Response { status, headers, body }))
}

/// The text with the token in its place. A success may repeat it: what a directory holds is shown as it is.
fn planted(text: &[u8], status: u16) -> String {
    let text = String::from_utf8_lossy(text);
    if status >= 400 { text.replace("{token}", TOKEN) } else { text.into_owned() }
}

/// Reads JSON that the library has made.
///
/// # Panics
/// When it is not JSON.
#[must_use]
pub fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// Checks that a problem says everything that it must, and nothing that it must not.
///
/// # Panics
/// When it does not.
pub fn check_problem(problem: &Problem) {
    let text = problem.to_json();
    let said = json(&text);
    for member in ["code", "kind", "message", "cause", "fix"] {
        assert!(said[member].as_str().is_some_and(|text| !text.is_empty()), "no {member} in {text}");
    }
    let page = said["documentation"].as_str().unwrap_or("https://");
    assert!(page.starts_with("https://"), "a page that cannot be opened in {text}");
    assert!(!text.contains(TOKEN) && !format!("{problem:?}").contains(TOKEN), "the token is in {text}");
    for said in [problem.graph_code(), problem.graph_message(), problem.request_id()].into_iter().flatten() {
        assert!(!said.contains(char::is_control), "a control character in {said:?}");
        assert!(said.chars().count() <= 1_000, "no end to {said:?}");
    }
    if let Some(claims) = problem.claims() {
        assert!(json(claims).is_object(), "claims that are not an object: {claims}");
    }
}

/// Checks, by another reader of URLs, that a token that goes there goes to the root.
///
/// # Panics
/// When it goes elsewhere.
pub fn check_origin(root: &Endpoint, url: &str) {
    // A host that no reader of URLs takes is one that nothing is sent to.
    let Ok(own) = Url::parse(root.base()) else { return };
    let read = Url::parse(url).unwrap_or_else(|error| panic!("{url:?}: {error}"));
    let whole = (read.origin(), read.username(), read.password());
    assert_eq!(whole, (own.origin(), "", None), "{url:?} leaves {own}");
}

/// Checks that broken rules name their field, a place in the text and a fix.
///
/// # Panics
/// When one does not.
pub fn check_violations(violations: &[Violation], field: &str, text: &str) {
    assert!(!violations.is_empty(), "{text:?} is refused for nothing");
    let characters = text.chars().count();
    for violation in violations {
        let said = violation.field == field && !violation.message.is_empty() && !violation.fix.is_empty();
        assert!(said, "{violation:?}");
        // The position of something missing at the end is the end.
        assert!(
            violation.position.is_none_or(|position| position <= characters),
            "{violation:?} in {text:?}"
        );
    }
}
