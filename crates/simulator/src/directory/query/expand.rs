//! `$expand`.

use super::names;
use crate::directory::errors::Refusal;
use crate::directory::schema::MODEL;

/// One `$expand` entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expand {
    /// The relationship, in its proper spelling.
    pub(crate) name: &'static str,
    pub(crate) select: Option<Vec<String>>,
    pub(crate) levels: Levels,
}

/// How far a chain of managers is followed.
pub(crate) type Levels = u32;

/// The most levels that a request may name (<https://learn.microsoft.com/graph/api/user-list-manager>).
const MOST_LEVELS: Levels = 1000;

/// Reads `manager($levels=max;$select=id,displayName),sponsors`.
pub(super) fn parse(text: &str, of: &str) -> Result<Vec<Expand>, Refusal> {
    let mut found = Vec::new();
    for entry in split(text, ',').ok_or_else(|| broken(text))? {
        let (name, inner) = match entry.split_once('(') {
            None => (entry, ""),
            Some((name, rest)) => (name.trim(), rest.strip_suffix(')').ok_or_else(|| broken(text))?),
        };
        if name == "*" {
            return Err(Refusal::not_simulated(501, "$expand=*"));
        }
        let property =
            MODEL.member(of, name).filter(|property| property.is_relationship).ok_or_else(|| {
                // The words of the OData library that Graph is made with (an assumption).
                let why = format!("Could not find a property named '{name}' on type 'microsoft.graph.{of}'.");
                Refusal::new(400, "BadRequest", format!("Parsing OData Select and Expand failed: {why}"))
            })?;
        let mut expand = Expand { name: property.name, select: None, levels: 1 };
        for option in split(inner, ';').ok_or_else(|| broken(text))? {
            let (option, value) = option.split_once('=').ok_or_else(|| broken(text))?;
            match option.trim().to_ascii_lowercase().as_str() {
                "$select" => expand.select = Some(names(value)?),
                "$levels" if expand.name == "manager" => {
                    expand.levels = match value.trim() {
                        "max" => MOST_LEVELS,
                        number => number
                            .parse()
                            .ok()
                            .filter(|levels| (1..=MOST_LEVELS).contains(levels))
                            .ok_or_else(|| {
                                Refusal::new(
                                    400,
                                    "BadRequest",
                                    format!("Invalid value for $levels: '{number}'."),
                                )
                            })?,
                    };
                }
                _ => {
                    return Err(Refusal::not_simulated(501, format_args!("{option} in $expand={name}")));
                }
            }
        }
        found.push(expand);
    }
    Ok(found)
}

fn broken(text: &str) -> Refusal {
    let why = format!("Syntax error in '{text}'.");
    Refusal::new(400, "BadRequest", format!("Parsing OData Select and Expand failed: {why}"))
}

/// The parts between separators that are not in parentheses.
fn split(text: &str, separator: char) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let (mut depth, mut begin) = (0_u32, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1)?,
            c if c == separator && depth == 0 => {
                parts.push(text.get(begin..at)?.trim());
                begin = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text.get(begin..)?.trim());
    parts.retain(|part| !part.is_empty());
    (depth == 0).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_with_and_without_options() {
        let select = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(
            parse("manager($levels=max;$select=id,displayName), Sponsors", "user").unwrap(),
            [
                Expand { name: "manager", select: select(&["id", "displayName"]), levels: 1000 },
                Expand { name: "sponsors", select: None, levels: 1 },
            ]
        );
        let bad = [
            "nosuch",
            "displayName",
            "manager(",
            "manager)x",
            "manager($levels=0)",
            "manager($select=id)x",
            "manager(x)",
        ];
        for bad in bad {
            assert!(parse(bad, "user").is_err(), "{bad}");
        }
    }
}
