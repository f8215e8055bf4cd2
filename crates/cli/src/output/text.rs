//! Texts from elsewhere, made readable and harmless on a terminal.

use agentuser::core::plain::is_hidden;
use serde_json::Value;
use std::fmt::Write as _;
use textwrap::{Options, WordSeparator, WordSplitter};

/// The text without characters that control a terminal or change the direction of text.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if is_hidden(c) { '\u{fffd}' } else { c }).collect()
}

/// JSON for a terminal: hidden characters as JSON escapes. JSON itself has its line breaks between values, and no
/// hidden character outside of texts.
pub(crate) fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if is_hidden(c) && c != '\n' {
            // All of them are in the first plane, so that one escape does.
            let _infallible = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// The lines of a text, broken between words at this width. A longer word is left whole, so that it can be copied.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    lines(text, width, "")
}

/// A paragraph, broken between words at this width where there is one, with line breaks. Lines after the first begin
/// with `indent`.
pub(crate) fn paragraph(text: &str, width: Option<usize>, indent: &str) -> String {
    match width {
        Some(width) => lines(text, width, indent).iter().map(|line| format!("{line}\n")).collect(),
        None => format!("{text}\n"),
    }
}

fn lines(text: &str, width: usize, next: &str) -> Vec<String> {
    let options = Options::new(width.max(1))
        .subsequent_indent(next)
        .break_words(false)
        .word_splitter(WordSplitter::NoHyphenation)
        .word_separator(WordSeparator::AsciiSpace);
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// A value of JSON, readable: texts bare, the entries of a list on a line each, the members of an object in one line.
pub(crate) fn compact(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => plain(text),
        Value::Array(values) => values.iter().map(compact).collect::<Vec<_>>().join("\n"),
        Value::Object(members) => {
            let members = members.iter().filter(|(_, value)| !is_nothing(value));
            let members = members.map(|(name, value)| format!("{}={}", plain(name), inline(value)));
            members.collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

/// Whether a value is null or an empty list.
pub(crate) fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn inline(value: &Value) -> String {
    match value {
        Value::Array(values) => format!("[{}]", values.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Object(_) => format!("{{{}}}", compact(value)),
        other => compact(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nothing_takes_hold_of_the_terminal() {
        assert_eq!(plain("a\u{61c}\u{2028}\u{9b}b"), "a\u{fffd}\u{fffd}\u{fffd}b");
        let json = "{\n \"a\u{9b}\": \"Zoë\u{202e}\u{61c}\u{2028}\"}";
        assert_eq!(escaped(json), "{\n \"a\\u009b\": \"Zoë\\u202e\\u061c\\u2028\"}");
        assert_eq!(
            serde_json::from_str::<Value>(&escaped(json)).ok(),
            serde_json::from_str(json).ok(),
            "it says the same"
        );
        assert_eq!(plain("Zoë \u{1b}[31m\u{7}\u{202e}x"), "Zoë \u{fffd}[31m\u{fffd}\u{fffd}x");
    }

    #[test]
    fn values_are_readable() {
        assert_eq!(compact(&json!(["a", "b"])), "a\nb");
        assert_eq!(
            compact(&json!({"skuId": "x", "none": null, "no": [], "plans": ["p", "q"]})),
            "plans=[p, q] skuId=x"
        );
        assert_eq!(compact(&json!(true)), "true");
    }
}
