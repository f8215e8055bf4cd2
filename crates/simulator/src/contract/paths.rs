//! Paths of the contract and what they declare.

use super::{CONTRACT, Standing};
use crate::spelling::Version;
use agentuser_core::http::Method;
use serde_json::Value;

/// A path of the contract.
pub(super) struct Item<'a> {
    pub(super) template: &'a str,
    item: &'a Value,
}

/// A method on a path.
pub(super) struct Operation<'a> {
    item: &'a Value,
    operation: &'a Value,
}

/// The answers that are declared for an operation.
pub(super) struct Declared<'a> {
    /// The schema of the JSON, if it is JSON.
    pub(super) schema: Option<&'a Value>,
    pub(super) is_text: bool,
}

/// The version of a URL, and the path below it.
pub(super) fn below_version(url: &str) -> Option<(Version, &str)> {
    let (_, rest) = url.split_once("://")?;
    let path = rest.get(rest.find('/')?..)?;
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut below = [Version::V1, Version::Beta].into_iter().filter_map(|version| {
        let rest = path.strip_prefix(version.path()).filter(|path| path.starts_with('/'))?;
        Some((version, rest))
    });
    below.next()
}

/// The path of the contract that fits best: the one with the most segments that are not variables.
pub(super) fn find<'a>(document: &'a Value, path: &str) -> Option<Item<'a>> {
    let paths = document.get("paths")?.as_object()?;
    paths
        .iter()
        .filter_map(|(template, item)| Some((fit(template, path)?, Item { template, item })))
        .max_by_key(|(literal, _)| *literal)
        .map(|(_, item)| item)
}

/// How many segments are the template's own; none when the path does not fit it.
fn fit(template: &str, path: &str) -> Option<usize> {
    let mut literal = 0;
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(literal),
            (Some(wanted), Some(given)) if wanted.starts_with('{') => {
                // Graph's own words are never the value of a variable: a misspelled cast is not a user.
                if given.is_empty() || given.starts_with('$') || spelling(given).starts_with("graph.") {
                    return None;
                }
            }
            (Some(wanted), Some(given)) if spelling(wanted) == spelling(given) => literal += 1,
            _ => return None,
        }
    }
}

/// `microsoft.graph.user` as OpenAPI spells it.
fn spelling(segment: &str) -> &str {
    if segment.starts_with("microsoft.graph.") {
        segment.strip_prefix("microsoft.").unwrap_or(segment)
    } else {
        segment
    }
}

impl<'a> Item<'a> {
    pub(super) fn operation(&self, method: Method) -> Option<Operation<'a>> {
        let operation = self.item.get(method.as_str().to_ascii_lowercase())?;
        Some(Operation { item: self.item, operation })
    }

    pub(super) fn standing(&self) -> Standing
    where
        'a: 'static,
    {
        let Some(standing) = self.item.get("x-standing") else { return Standing::Metadata };
        standing.get("page").and_then(Value::as_str).map_or(Standing::Assumed, Standing::Documented)
    }
}

impl<'a> Operation<'a> {
    pub(super) fn declares_parameter(&self, place: &str, name: &str) -> bool {
        let declared = |of: &'a Value| of.get("parameters").and_then(Value::as_array).into_iter().flatten();
        declared(self.item).chain(declared(self.operation)).map(resolved).any(|parameter| {
            let text = |member: &str| parameter.get(member).and_then(Value::as_str).unwrap_or_default();
            text("in") == place
                && (text("name") == name || place == "header" && text("name").eq_ignore_ascii_case(name))
        })
    }

    /// The schema of the body, and whether there must be one.
    pub(super) fn body(&self) -> Option<(&'a Value, bool)> {
        let body = resolved(self.operation.get("requestBody")?);
        let required = body.get("required").and_then(Value::as_bool).unwrap_or(false);
        Some((json_of(body)?, required))
    }

    /// The schema of a successful answer.
    pub(super) fn response(&self, status: u16) -> Option<Declared<'a>> {
        let responses = self.operation.get("responses")?;
        let response = resolved(responses.get(status.to_string()).or_else(|| responses.get("2XX"))?);
        let is_text = response.get("content").is_some_and(|content| content.get("text/plain").is_some());
        Some(Declared { schema: json_of(response), is_text })
    }

    /// The schema of one of the things that it answers with.
    pub(super) fn entity(&self) -> Option<&'a Value> {
        let schema = [200, 201].into_iter().find_map(|status| self.response(status)?.schema)?;
        CONTRACT.schemas.items(schema).or(Some(schema))
    }
}

fn json_of(content: &Value) -> Option<&Value> {
    content.get("content")?.get("application/json")?.get("schema")
}

/// The schema that a reference names.
pub(super) fn resolved<'a>(value: &'a Value) -> &'a Value {
    let target: Option<&'a Value> = value
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| reference.strip_prefix('#'))
        .and_then(|pointer| CONTRACT.document.pointer(pointer));
    target.unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_literal_path_wins() {
        for (path, template) in [
            ("/users/microsoft.graph.agentUser", "/users/microsoft.graph.agentUser"),
            ("/users/a%40b", "/users/{user-id}"),
            ("/users/$count", "/users/$count"),
            ("/directory/deletedItems/microsoft.graph.user", "/directory/deletedItems/graph.user"),
            ("/users/x/manager/$ref", "/users/{user-id}/manager/$ref"),
        ] {
            assert_eq!(find(&CONTRACT.document, path).map(|item| item.template), Some(template), "{path}");
        }
        for path in ["/users/microsoft.graph.agentuser", "/users/", "/users/$nothing", "/agentUsers", ""] {
            assert!(find(&CONTRACT.document, path).is_none(), "{path}");
        }
    }
}
