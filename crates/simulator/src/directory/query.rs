//! Query options: `$select`, `$filter`, `$top`, `$count`, `$expand`, `$skiptoken`.
//!
//! Only what the simulator can answer rightly is taken; the rest is refused with a 400, never ignored.

use super::errors::Refusal;
use crate::switches::LargeTop;
use agentuser_core::http::Request;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use std::fmt::Write as _;

/// The characters that are escaped in a query value.
const VALUE: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'&').add(b'+').add(b'<').add(b'>').add(b'\'');

/// The options that a collection or object takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Options {
    pub(super) filter: bool,
    pub(super) paging: bool,
    pub(super) count: bool,
    pub(super) expand: bool,
}

impl Options {
    pub(super) const OBJECT: Self = Self { filter: false, paging: false, count: false, expand: false };
}

/// A query, read.
#[derive(Debug, Default)]
pub(super) struct Query {
    pub(super) select: Option<Vec<String>>,
    pub(super) filter: Option<Filter>,
    pub(super) top: Option<usize>,
    pub(super) count: bool,
    pub(super) expand: Vec<Expand>,
    pub(super) skip_token: Option<String>,
    /// All options but the skip token, escaped again: what a next link repeats.
    pub(super) repeated: String,
}

/// One `$expand` entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Expand {
    pub(super) name: String,
    pub(super) select: Option<Vec<String>>,
}

/// A filter: clauses joined by `and`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Filter(pub(super) Vec<Clause>);

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) property: String,
    pub(super) test: Test,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Test {
    Equals(Literal),
    /// A collection has an object whose member, a GUID, is this one.
    Any(String),
    StartsWith(String),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Literal {
    Text(String),
    Bool(bool),
    Null,
}

impl Filter {
    /// The text that the property must equal, when a clause says so.
    pub(super) fn equal_text(&self, property: &str) -> Option<&str> {
        self.0.iter().find_map(|clause| match &clause.test {
            Test::Equals(Literal::Text(text)) if clause.property == property => Some(text.as_str()),
            _ => None,
        })
    }
}

impl Query {
    /// Reads a raw query string.
    pub(super) fn parse(raw: &str, options: Options) -> Result<Self, Refusal> {
        let mut query = Self::default();
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            if name != "$skiptoken" {
                let separator = if query.repeated.is_empty() { "" } else { "&" };
                // Writing to a string cannot fail.
                let _ = write!(query.repeated, "{separator}{name}={}", utf8_percent_encode(&value, VALUE));
            }
            match name.as_str() {
                "$select" => query.select = Some(names(&value)),
                "$filter" if options.filter => query.filter = Some(parse_filter(&value)?),
                "$filter" => {
                    return Err(Refusal::unsupported_query("Query filter expressions are not supported."));
                }
                "$top" if options.paging => {
                    let top =
                        value.parse().ok().filter(|top| *top > 0).ok_or_else(|| {
                            Refusal::bad_request(format!("Invalid value for $top: '{value}'."))
                        })?;
                    query.top = Some(top);
                }
                "$skiptoken" if options.paging => query.skip_token = Some(value),
                "$count" if options.count => match value.as_str() {
                    "true" => query.count = true,
                    "false" => {}
                    _ => return Err(Refusal::bad_request("Invalid value for $count.")),
                },
                "$expand" if options.expand => query.expand = parse_expand(&value)?,
                _ if name.starts_with('$') => {
                    return Err(Refusal::unsupported_query(format!(
                        "The query option '{name}' is not supported here."
                    )));
                }
                // Custom options are ignored, as OData says.
                _ => {}
            }
        }
        Ok(query)
    }

    /// Refuses an advanced query without its header (docs/graph.md#lists).
    pub(super) fn require_consistency(&self, request: &Request) -> Result<(), Refusal> {
        let eventual = request
            .headers
            .get("ConsistencyLevel")
            .is_some_and(|level| level.eq_ignore_ascii_case("eventual"));
        if self.count && !eventual {
            return Err(Refusal::unsupported_query(
                "$count needs the header 'ConsistencyLevel: eventual'; send it with every page.",
            ));
        }
        Ok(())
    }

    /// How many objects a page holds.
    pub(super) fn page_size(&self, default: usize, max: usize, large: LargeTop) -> Result<usize, Refusal> {
        match self.top {
            None => Ok(default),
            Some(top) if top <= max => Ok(top),
            Some(_) if large == LargeTop::Capped => Ok(max),
            Some(top) => Err(Refusal::bad_request(format!(
                "Invalid page size specified: '{top}'. Must be between 1 and {max} inclusive."
            ))),
        }
    }

    /// Whether `$select` names the member; without `$select`, `by_default` decides.
    pub(super) fn wants(select: Option<&[String]>, name: &str, by_default: bool) -> bool {
        select.map_or(by_default, |names| names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name)))
    }
}

fn decode(text: &str) -> Result<String, Refusal> {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| Refusal::bad_request("The query string is not UTF-8."))
}

fn names(list: &str) -> Vec<String> {
    list.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

fn parse_expand(text: &str) -> Result<Vec<Expand>, Refusal> {
    let refuse = || Refusal::unsupported_query(format!("The simulator does not know $expand={text}."));
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = rest.find([',', '(']).unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(end).ok_or_else(refuse)?;
        let (select, after) = match after.strip_prefix('(') {
            None => (None, after),
            Some(inner) => {
                let (inner, after) = inner.split_once(')').ok_or_else(refuse)?;
                let list = inner.trim().strip_prefix("$select=").ok_or_else(refuse)?;
                if list.contains([';', '(']) {
                    return Err(refuse());
                }
                (Some(names(list)), after)
            }
        };
        if !matches!(name, "manager" | "sponsors") {
            return Err(refuse());
        }
        found.push(Expand { name: name.to_owned(), select });
        rest = match after.strip_prefix(',') {
            Some(more) => more.trim_start(),
            None if after.is_empty() => after,
            None => return Err(refuse()),
        };
    }
    Ok(found)
}

/// Reads a filter: `property eq literal`, `startsWith(property,'text')`, joined by `and`.
fn parse_filter(text: &str) -> Result<Filter, Refusal> {
    let refuse = || Refusal::unsupported_query(format!("Unsupported or invalid query filter clause: {text}"));
    let mut rest = text.trim();
    let mut clauses = Vec::new();
    loop {
        let (clause, after) = parse_clause(rest).ok_or_else(refuse)?;
        clauses.push(clause);
        let after = after.trim_start();
        if after.is_empty() {
            return Ok(Filter(clauses));
        }
        rest = after.strip_prefix("and ").ok_or_else(refuse)?.trim_start();
    }
}

fn parse_clause(text: &str) -> Option<(Clause, &str)> {
    let function = ["startsWith(", "startswith("].iter().find_map(|name| text.strip_prefix(name));
    if let Some(inner) = function {
        let (property, after) = inner.split_once(',')?;
        let (literal, after) = parse_literal(after.trim_start())?;
        let Literal::Text(prefix) = literal else { return None };
        let after = after.trim_start().strip_prefix(')')?;
        return Some((Clause { property: name(property.trim())?, test: Test::StartsWith(prefix) }, after));
    }
    if let Some(inner) = text.strip_prefix("assignedLicenses/any(") {
        let (variable, inner) = inner.split_once(':')?;
        let inner = inner.strip_prefix(variable)?.strip_prefix("/skuId eq ")?;
        let (id, after) = inner.split_once(')')?;
        let clause = Clause { property: "assignedLicenses".to_owned(), test: Test::Any(id.to_owned()) };
        return Some((clause, after));
    }
    let (property, after) = text.split_once(' ')?;
    let after = after.trim_start().strip_prefix("eq ")?;
    let (literal, after) = parse_literal(after.trim_start())?;
    Some((Clause { property: name(property)?, test: Test::Equals(literal) }, after))
}

fn name(text: &str) -> Option<String> {
    (!text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')).then(|| text.to_owned())
}

fn parse_literal(text: &str) -> Option<(Literal, &str)> {
    if let Some(mut rest) = text.strip_prefix('\'') {
        let mut value = String::new();
        loop {
            let (part, after) = rest.split_once('\'')?;
            value.push_str(part);
            match after.strip_prefix('\'') {
                Some(more) => {
                    value.push('\'');
                    rest = more;
                }
                None => return Some((Literal::Text(value), after)),
            }
        }
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let (word, after) = text.split_at_checked(end)?;
    match word {
        "true" => Some((Literal::Bool(true), after)),
        "false" => Some((Literal::Bool(false), after)),
        "null" => Some((Literal::Null, after)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Options = Options { filter: true, paging: true, count: true, expand: true };

    fn filter(text: &str) -> Option<Filter> {
        parse_filter(text).ok()
    }

    #[test]
    fn filters_that_the_library_uses() {
        assert_eq!(
            filter("identityParentId eq 'a' and accountEnabled eq true"),
            Some(Filter(vec![
                Clause { property: "identityParentId".into(), test: Test::Equals(Literal::Text("a".into())) },
                Clause { property: "accountEnabled".into(), test: Test::Equals(Literal::Bool(true)) },
            ]))
        );
        assert_eq!(
            filter("startsWith(displayName,'O''Neil and ')"),
            Some(Filter(vec![Clause {
                property: "displayName".into(),
                test: Test::StartsWith("O'Neil and ".into())
            }]))
        );
        assert_eq!(filter("userPrincipalName eq ''''").unwrap().equal_text("userPrincipalName"), Some("'"));
    }

    #[test]
    fn filters_that_are_refused() {
        for text in [
            "",
            "displayName",
            "displayName eq",
            "displayName eq 'a",
            "displayName eq 'a'b'",
            "displayName ne 'a'",
            "displayName eq 'a' or displayName eq 'b'",
            "not(displayName eq 'a')",
            "startsWith(displayName,true)",
            "startsWith(displayName,'a'",
            "isof('microsoft.graph.agentUser')",
            "accountEnabled eq yes",
        ] {
            assert_eq!(filter(text), None, "{text}");
        }
    }

    #[test]
    fn options_that_are_not_known_are_refused() {
        for raw in
            ["$skip=1", "$orderby=displayName", "$search=a", "$top=0", "$top=a", "$count=yes", "$select=%ff"]
        {
            assert!(Query::parse(raw, ALL).is_err(), "{raw}");
        }
        assert!(Query::parse("$top=1", Options::OBJECT).is_err());
        assert!(Query::parse("$filter=a%20eq%20true", Options::OBJECT).is_err());
        assert!(Query::parse("custom=1", Options::OBJECT).is_ok());
    }

    #[test]
    fn a_next_link_repeats_the_options_without_the_token() {
        let query =
            Query::parse("$filter=userPrincipalName%20eq%20'a%23b'&$skiptoken=x&$top=5", ALL).unwrap();
        assert_eq!(query.repeated, "$filter=userPrincipalName%20eq%20%27a%23b%27&$top=5");
        assert_eq!(query.skip_token.as_deref(), Some("x"));
        assert_eq!(query.top, Some(5));
    }

    #[test]
    fn expand_with_and_without_select() {
        let query = Query::parse("$expand=manager($select=id,displayName),sponsors", ALL).unwrap();
        assert_eq!(
            query.expand,
            [
                Expand { name: "manager".into(), select: Some(vec!["id".into(), "displayName".into()]) },
                Expand { name: "sponsors".into(), select: None },
            ]
        );
        for bad in ["memberOf", "manager($levels=max)", "manager(", "manager)x", "manager($select=id)x"] {
            assert!(parse_expand(bad).is_err(), "{bad}");
        }
    }
}
