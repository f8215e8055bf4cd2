//! Query options: `$select`, `$filter`, `$search`, `$orderby`, `$top`, `$count`, `$expand`, `$skiptoken`.
//!
//! An option is answered rightly, refused in Graph's words where Graph refuses it, or not simulated; it is never ignored but
//! where Graph ignores it.

pub(super) mod evaluate;
mod expand;
pub(super) mod filter;
mod search;
mod table;

pub(super) use expand::Expand;
pub(super) use filter::Expr;
pub(super) use search::Search;
pub(super) use table::Set;

use super::errors::Refusal;
use crate::spelling;
use crate::switches::LargeTop;
use agentuser_core::http::Request;
use evaluate::Subject;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use std::fmt::Write as _;

/// The characters that are escaped in a query value.
const VALUE: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'&').add(b'+').add(b'<').add(b'>').add(b'\'');

/// The options that a collection or object takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Options {
    /// `$filter`, `$search` and `$orderby`.
    pub(super) filter: bool,
    /// Whether Graph is known to have no `$filter` here.
    pub(super) refuses_filter: bool,
    pub(super) paging: bool,
    pub(super) count: bool,
    /// The type whose relationships `$expand` may name.
    pub(super) expand: Option<&'static str>,
}

impl Options {
    pub(super) const OBJECT: Self =
        Self { filter: false, refuses_filter: false, paging: false, count: false, expand: None };
    /// A set of directory objects.
    pub(super) const SET: Self = Self { filter: true, paging: true, count: true, ..Self::OBJECT };
}

/// A query, read.
#[derive(Debug, Default)]
pub(super) struct Query {
    pub(super) select: Option<Vec<String>>,
    pub(super) top: Option<usize>,
    /// `$count=true`.
    pub(super) count: bool,
    pub(super) expand: Vec<Expand>,
    pub(super) skip_token: Option<String>,
    /// `$deltatoken`.
    pub(super) delta_token: Option<String>,
    /// All options but the tokens, escaped again: what a next link repeats.
    pub(super) repeated: String,
    filter: Option<String>,
    search: Option<String>,
    order: Option<String>,
}

/// The objects that are asked for, and their order.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) filter: Option<Expr>,
    pub(super) search: Option<Search>,
    pub(super) order: Vec<Order>,
}

/// A property to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) property: &'static str,
    pub(super) descending: bool,
}

impl Wanted {
    pub(super) fn is(&self, subject: &dyn Subject) -> bool {
        self.filter.as_ref().is_none_or(|filter| evaluate::passes(filter, subject))
            && self.search.as_ref().is_none_or(|search| search.finds(subject))
    }

    /// The text that a property must equal, so that an index can be asked.
    pub(super) fn equal_text(&self, property: &str) -> Option<&str> {
        self.filter.as_ref()?.equal_text(property)
    }
}

impl Query {
    /// Reads a raw query string.
    pub(super) fn parse(raw: &str, options: Options) -> Result<Self, Refusal> {
        let mut query = Self::default();
        let mut seen = Vec::new();
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            let known = name.to_ascii_lowercase();
            if known.starts_with('$') {
                // The words of the OData library that Graph is made with (an assumption).
                if seen.contains(&known) {
                    let why = "was specified more than once, but it must be specified at most once.";
                    return Err(Refusal::new(400, "BadRequest", format!("Query option '{known}' {why}")));
                }
                seen.push(known.clone());
            }
            if !matches!(known.as_str(), "$skiptoken" | "$deltatoken") {
                let separator = if query.repeated.is_empty() { "" } else { "&" };
                // Writing to a string cannot fail.
                let _ = write!(query.repeated, "{separator}{name}={}", utf8_percent_encode(&value, VALUE));
            }
            match known.as_str() {
                "$select" => query.select = Some(names(&value)?),
                "$filter" if options.filter => query.filter = Some(value),
                "$filter" if options.refuses_filter => {
                    return Err(Refusal::unsupported_query("Query filter expressions are not supported."));
                }
                "$search" if options.filter => query.search = Some(value),
                "$orderby" if options.filter => query.order = Some(value),
                "$top" if options.paging => {
                    let top =
                        value.parse().ok().filter(|top| *top > 0).ok_or_else(|| {
                            Refusal::bad_request(format!("Invalid value for $top: '{value}'."))
                        })?;
                    query.top = Some(top);
                }
                "$skiptoken" if options.paging => query.skip_token = Some(value),
                "$deltatoken" if options.paging => query.delta_token = Some(value),
                "$count" if options.count => match value.to_ascii_lowercase().as_str() {
                    "true" => query.count = true,
                    "false" => {}
                    _ => return Err(Refusal::bad_request("Invalid value for $count.")),
                },
                "$expand" if options.expand.is_some() => {
                    query.expand = expand::parse(&value, options.expand.unwrap_or_default())?;
                }
                // Directory objects can't be skipped (docs/graph.md#lists).
                "$skip" => {
                    return Err(Refusal::unsupported_query("'$skip' is not supported by the service."));
                }
                "$format" if matches!(value.as_str(), "json" | "application/json") => {}
                _ if name.starts_with('$') => {
                    return Err(Refusal::not_simulated(501, format_args!("the query option {name} here")));
                }
                // In v1.0 the `$` is optional for some of the paths (https://learn.microsoft.com/graph/query-parameters).
                _ if spelling::lacks_dollar(&name) => {
                    let what = format_args!("the query option {name} without its $ in v1.0");
                    return Err(Refusal::not_simulated(501, what));
                }
                // Custom options are ignored, as OData says.
                _ => {}
            }
        }
        Ok(query)
    }

    /// `$count=true` counts only with its header; without it, it is silently ignored
    /// (<https://learn.microsoft.com/graph/aad-advanced-queries>). Whether the advanced parameters are there.
    pub(super) fn settle_count(&mut self, request: &Request) -> bool {
        self.count &= is_eventual(request);
        self.count
    }

    /// Reads filter, search and order for a set of objects.
    pub(super) fn wanted(&self, set: Set, request: &Request) -> Result<Wanted, Refusal> {
        let filter = self.filter.as_ref().map(|text| set.filter(text)).transpose()?;
        if self.search.is_some() && !is_eventual(request) {
            return Err(Refusal::unsupported_query(
                "Request with $search query parameter only works through MSGraph with a special request header: \
                 'ConsistencyLevel: eventual'",
            ));
        }
        let search = self.search.as_ref().map(|text| Search::parse(text, set)).transpose()?;
        let order = match &self.order {
            None => Vec::new(),
            // Together they always need the advanced parameters (https://learn.microsoft.com/graph/aad-advanced-queries).
            Some(_) if filter.is_some() && !set.advanced => return Err(table::unsorted()),
            Some(text) => text.split(',').map(|one| order(one, set)).collect::<Result<_, _>>()?,
        };
        Ok(Wanted { filter, search, order })
    }

    /// The text of `$filter`.
    pub(super) fn filter_text(&self) -> Option<&str> {
        self.filter.as_deref()
    }

    /// Whether there is `$search` or `$orderby`.
    pub(super) const fn is_sorted_or_searched(&self) -> bool {
        self.search.is_some() || self.order.is_some()
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

    /// Whether `$select` names the member.
    pub(super) fn selects(&self, name: &str) -> bool {
        Self::wants(self.select.as_deref(), name, false)
    }
}

/// Whether the request has `ConsistencyLevel: eventual`.
pub(super) fn is_eventual(request: &Request) -> bool {
    let level = request.headers.get("ConsistencyLevel");
    level.is_some_and(|level| level.eq_ignore_ascii_case("eventual"))
}

fn order(text: &str, set: Set) -> Result<Order, Refusal> {
    let mut words = text.split_whitespace();
    let (name, direction) = (words.next().unwrap_or_default(), words.next().unwrap_or("asc"));
    let descending = match (direction.to_ascii_lowercase().as_str(), words.next()) {
        ("asc", None) => false,
        ("desc", None) => true,
        _ => return Err(Refusal::new(400, "BadRequest", format!("Invalid value for $orderby: '{text}'."))),
    };
    Ok(Order { property: set.sortable(name)?, descending })
}

fn decode(text: &str) -> Result<String, Refusal> {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| Refusal::bad_request("The query string is not UTF-8."))
}

/// The names of `$select`.
fn names(list: &str) -> Result<Vec<String>, Refusal> {
    let names: Vec<String> =
        list.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    if names.is_empty() || names.iter().any(|name| name == "*") {
        return Err(Refusal::not_simulated(501, format_args!("$select={list}")));
    }
    let is_sound = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '/' | '@' | '$' | ',');
    // The words of the OData library that Graph is made with (an assumption).
    let wrong = names.iter().find_map(|name| name.chars().find(|c| !is_sound(*c)));
    match wrong.and_then(|c| list.find(c).map(|at| (c, at))) {
        Some((c, at)) => {
            let why = format!("Syntax error: character '{c}' is not valid at position {at} in '{list}'.");
            Err(Refusal::new(400, "BadRequest", format!("Parsing OData Select and Expand failed: {why}")))
        }
        None => Ok(names),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agentuser_core::http::{Headers, Method};

    const ALL: Options = Options { expand: Some("user"), ..Options::SET };

    fn request(eventual: bool) -> Request {
        let mut headers = Headers::new();
        if eventual {
            headers.push("consistencylevel", "Eventual");
        }
        Request { method: Method::Get, url: String::new(), headers, body: Vec::new() }
    }

    #[test]
    fn options_that_are_not_known_are_refused() {
        for raw in ["$skip=1", "$top=0", "$top=a", "$count=yes", "$select=%ff", "$apply=a", "$compute=a"] {
            assert!(Query::parse(raw, ALL).is_err(), "{raw}");
        }
        for (raw, status) in [
            ("$top=1&$Top=2", 400),
            ("$select=id;displayName", 400),
            ("$select=id displayName", 400),
            ("$expand=manager($select=id%20mail)", 400),
            ("$select=*", 501),
            ("$select=", 501),
            ("$expand=*", 501),
            ("$format=xml", 501),
            ("select=id", 501),
            ("Top=1", 501),
        ] {
            assert_eq!(Query::parse(raw, ALL).unwrap_err().status, status, "{raw}");
        }
        assert_eq!(Query::parse("$filter=id%20eq%20'x'", Options::OBJECT).unwrap_err().status, 501);
        assert!(Query::parse("$select=id,%20displayName&$format=json", ALL).is_ok());
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
    fn count_and_search_need_their_header() {
        for (eventual, counted) in [(true, true), (false, false)] {
            let mut query = Query::parse("$count=true&$search=\"displayName:x\"", ALL).unwrap();
            let request = request(eventual);
            assert_eq!(query.settle_count(&request), counted);
            assert_eq!(query.wanted(Set::users(counted, false), &request).is_ok(), eventual);
        }
    }

    #[test]
    fn orders() {
        let wanted = |raw: &str, advanced| {
            let set = Set::users(advanced, false);
            Query::parse(raw, ALL).unwrap().wanted(set, &request(advanced)).map(|wanted| wanted.order)
        };
        let by = |property, descending| Order { property, descending };
        assert_eq!(
            wanted("$orderby=displayname%20desc,userPrincipalName", false),
            Ok(vec![by("displayName", true), by("userPrincipalName", false)])
        );
        assert_eq!(wanted("$orderby=createdDateTime", true), Ok(vec![by("createdDateTime", false)]));
        for (raw, advanced) in [
            ("$orderby=createdDateTime", false),
            ("$orderby=jobTitle", true),
            ("$orderby=displayName up", true),
            ("$orderby=displayName desc mail", true),
            ("$orderby=displayName&$filter=accountEnabled%20eq%20true", false),
        ] {
            assert!(wanted(raw, advanced).is_err(), "{raw}");
        }
        assert!(wanted("$orderby=displayName&$filter=accountEnabled%20eq%20true", true).is_ok());
    }
}
