//! Answers without ids and names: what is left says how Graph answers, and not to whom.

use crate::ObjectId;
use serde_json::{Map, Value};

/// The names that answers of this tenant may have.
#[derive(Debug, Clone, Default)]
pub(super) struct Names(Vec<String>);

impl Names {
    /// Hides this text wherever it is. Short ones are words of every sentence, and stay.
    pub(super) fn hide(&mut self, name: &str) {
        if name.chars().count() >= 4 && !self.0.iter().any(|other| other.eq_ignore_ascii_case(name)) {
            self.0.push(name.to_owned());
            // A part of a name must not be replaced before the whole.
            self.0.sort_by_key(|name| std::cmp::Reverse(name.len()));
        }
    }

    /// A text of a server without ids, addresses and names.
    pub(super) fn mask(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for name in &self.0 {
            let name = name.to_ascii_lowercase();
            // ASCII letters alone change, so that places stay.
            while let Some(at) = masked.to_ascii_lowercase().find(&name) {
                masked.replace_range(at..at.saturating_add(name.len()), "{}");
            }
        }
        words(&masked).replace("{}", "{name}")
    }

    /// A path with its query: without ids, and without the texts that a filter compares with.
    pub(super) fn path(&self, path: &str) -> String {
        let mut parts = path.split("%27");
        let mut shown = self.mask(parts.next().unwrap_or_default());
        while let Some(_text) = parts.next() {
            shown.push_str("'{text}'");
            shown.push_str(&self.mask(parts.next().unwrap_or_default()));
        }
        shown.replace("%20", " ")
    }

    /// The names of an object's members, those of its first value, and those of an error. Names of extensions hold an id of an
    /// application, and a name that the tenant chose.
    pub(super) fn members(&self, body: &[u8]) -> Vec<String> {
        let Ok(Value::Object(object)) = serde_json::from_slice::<Value>(body) else { return Vec::new() };
        let mut names = self.names_of(&object, "");
        let first = object.get("value").and_then(Value::as_array).and_then(|all| all.first());
        if let Some(first) = first.and_then(Value::as_object) {
            names.extend(self.names_of(first, "value[]."));
        }
        if let Some(error) = object.get("error").and_then(Value::as_object) {
            names.extend(self.names_of(error, "error."));
            let inner = error.iter().find(|(name, _)| name.eq_ignore_ascii_case("innerError"));
            if let Some((name, Value::Object(inner))) = inner {
                names.extend(self.names_of(inner, &format!("error.{name}.")));
            }
        }
        names
    }

    fn names_of(&self, object: &Map<String, Value>, before: &str) -> Vec<String> {
        let name = |name: &String| match name.as_str() {
            extension if extension.starts_with("extension_") || is_schema_extension(extension) => {
                "{extension}".to_owned()
            }
            other => self.mask(other),
        };
        object.keys().map(|one| format!("{before}{}", name(one))).collect()
    }
}

/// A schema extension's name begins with `ext` and eight characters.
fn is_schema_extension(name: &str) -> bool {
    name.strip_prefix("ext").and_then(|rest| rest.find('_')) == Some(8)
}

/// Replaces every word that is an id or an address.
fn words(text: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | '#' | '%' | '+');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        if end == 0 {
            out.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        }
        let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        out.push_str(&masked_word(word));
        rest = after;
    }
    out
}

fn masked_word(word: &str) -> String {
    let core = word.trim_end_matches(['.', '-']);
    let tail = word.get(core.len()..).unwrap_or_default();
    let is_id = core.parse::<ObjectId>().is_ok()
        || core.len() >= 20 && core.chars().filter(char::is_ascii_digit).count() >= 4;
    let masked = if is_id {
        "{id}"
    } else if core.contains('@') && !core.starts_with('@') {
        "{name}"
    } else {
        return word.to_owned();
    };
    format!("{masked}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_id_and_no_name_is_left() {
        let mut names = Names::default();
        for name in ["Ada Lovelace", "contoso.com", "Ada"] {
            names.hide(name);
        }
        for (text, masked) in [
            (
                "Resource 'a1d00000-0000-4000-8000-000000000001' does not exist.",
                "Resource '{id}' does not exist.",
            ),
            ("ada@fabrikam.com is taken, ADA LOVELACE.", "{name} is taken, {name}."),
            ("The domain Contoso.com.", "The domain {name}."),
            ("a1d000000000400080000000000000f1ada@contoso.com", "{id}{name}"),
            (
                "Property identityParentId is read-only and cannot be set.",
                "Property identityParentId is read-only and cannot be set.",
            ),
            ("token AAAABBBB1234CCCCDDDD5678EEEE.", "token {id}."),
        ] {
            assert_eq!(names.mask(text), masked, "{text}");
        }
        let body = br#"{"@odata.context": "x", "extension_b7d8e648520f41d3b9c0fdeb91768a0a_jobGroup": 1, "value": [{"id": 1}]}"#;
        assert_eq!(names.members(body), ["@odata.context", "{extension}", "value", "value[].id"]);
        let error = br#"{"error": {"code": "x", "innererror": {"date": "y"}}}"#;
        assert_eq!(
            names.members(error),
            ["error", "error.code", "error.innererror", "error.innererror.date"]
        );
    }
}
