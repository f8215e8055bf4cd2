//! Query options.

use percent_encoding::percent_decode_str;

/// Words of filters that are not members.
const WORDS: [&str; 16] = [
    "eq",
    "ne",
    "ge",
    "gt",
    "le",
    "lt",
    "and",
    "or",
    "not",
    "in",
    "true",
    "false",
    "null",
    "startswith",
    "endswith",
    "contains",
];

/// The query options of a URL, decoded.
pub(super) fn options(url: &str) -> Result<Vec<(String, String)>, String> {
    let Some((_, query)) = url.split_once('?') else { return Ok(Vec::new()) };
    let decode = |text: &str| percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned);
    query
        .split('&')
        .map(|pair| {
            let (name, value) =
                pair.split_once('=').ok_or_else(|| format!("{pair:?} is not a query option"))?;
            if value.contains([' ', '+', '\'', '"', '#']) {
                return Err(format!("the value of {name} is not percent-encoded"));
            }
            let bad = |_| format!("{pair:?} is not UTF-8");
            Ok((decode(name).map_err(bad)?, decode(value).map_err(bad)?))
        })
        .collect()
}

/// The members that a filter names, once its literals are well-formed: in single quotes, its own doubled, and set off.
pub(super) fn members(filter: &str) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut word = String::new();
    let mut rest = filter.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\'' => {
                if !word.is_empty() {
                    return Err(format!("the literal after {word:?} is not set off"));
                }
                loop {
                    match rest.next() {
                        None => return Err("a literal has no end".to_owned()),
                        Some('\'') if rest.next_if_eq(&'\'').is_none() => break,
                        Some(_) => {}
                    }
                }
                if rest.peek().is_some_and(|next| !" ),".contains(*next)) {
                    return Err("something follows right after a literal".to_owned());
                }
            }
            ' ' | '(' | ')' | ',' => take(&mut word, &mut found),
            _ => word.push(c),
        }
    }
    take(&mut word, &mut found);
    Ok(found)
}

fn take(word: &mut String, found: &mut Vec<String>) {
    let word = std::mem::take(word);
    // `collection/any(l:l/member eq id)`: the collection is the member.
    let word = word.strip_suffix("/any").map_or(word.clone(), str::to_owned);
    let is_id = word.len() == 36 && word.matches('-').count() == 4;
    if word.contains(':') || is_id {
        return;
    }
    let number = word.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    if !word.is_empty() && !number && !WORDS.contains(&word.to_lowercase().as_str()) {
        found.push(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_well_formed() {
        assert_eq!(
            members("a eq 'x' and startsWith(b,'it''s') or c eq ''''"),
            Ok(["a", "b", "c"].map(str::to_owned).into())
        );
        assert_eq!(members("a eq 5 and b eq true"), Ok(vec!["a".to_owned(), "b".to_owned()]));
        for bad in ["a eq 'it's'", "a eq 'x", "a eq'x'", "a eq 'x'b", "a eq '''"] {
            assert!(members(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn options_are_encoded() {
        assert_eq!(options("https://h/v1.0/users?$top=5&$filter=a%20eq%20%27x%27").unwrap().len(), 2);
        assert_eq!(options("https://h/v1.0/users"), Ok(Vec::new()));
        for bad in ["h?$filter=a eq 1", "h?$filter=a+eq", "h?$filter='x'", "h?", "h?$top", "h?a=%ff"] {
            assert!(options(bad).is_err(), "{bad}");
        }
    }
}
