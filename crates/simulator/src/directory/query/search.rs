//! `$search` on directory objects (<https://learn.microsoft.com/graph/search-query-parameter>).
//!
//! `"displayName:words"` clauses joined by AND and OR. On displayName and description the words of the value are looked for;
//! on any other property the value begins with the text.

use super::evaluate::{Member, Subject};
use super::table::Set;
use crate::directory::errors::Refusal;
use crate::directory::schema::MODEL;

/// A search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Search {
    And(Vec<Search>),
    Or(Vec<Search>),
    Words { property: &'static str, words: Vec<String> },
    Begins { property: &'static str, text: String },
}

impl Search {
    pub(crate) fn parse(text: &str, set: Set) -> Result<Self, Refusal> {
        let mut parser = Parser { rest: text, set, depth: 0 };
        let search = parser.or()?;
        if parser.rest.trim().is_empty() { Ok(search) } else { Err(invalid(text)) }
    }

    /// Whether an object is found.
    pub(crate) fn finds(&self, subject: &dyn Subject) -> bool {
        match self {
            Self::And(all) => all.iter().all(|one| one.finds(subject)),
            Self::Or(all) => all.iter().any(|one| one.finds(subject)),
            Self::Words { property, words } => with_text(subject, property, |text| {
                let found = tokens(text);
                words.iter().all(|word| found.iter().any(|token| token.starts_with(word.as_str())))
            }),
            Self::Begins { property, text } => {
                with_text(subject, property, |value| value.to_lowercase().starts_with(text))
            }
        }
    }
}

fn with_text(subject: &dyn Subject, property: &str, look: impl FnOnce(&str) -> bool) -> bool {
    match subject.member(property) {
        Member::Text(text) => look(&text),
        Member::Json(value) => value.as_str().is_some_and(look),
        Member::Bool(_) | Member::Null => false,
    }
}

fn invalid(text: &str) -> Refusal {
    Refusal::new(400, "BadRequest", format!("Syntax error in the $search expression: {text}"))
}

/// The words of a text, in lower case: parted by blanks, signs and numbers, and where a capital follows a small letter. Words
/// that only signs part are one word besides.
fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in text.split_whitespace() {
        let mut word = String::new();
        let mut last: Option<char> = None;
        for c in part.chars() {
            let parts = last.is_some_and(|last| {
                last.is_numeric() != c.is_numeric() || last.is_lowercase() && c.is_uppercase()
            });
            if !c.is_alphanumeric() || parts {
                found.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            }
            if c.is_alphanumeric() {
                word.extend(c.to_lowercase());
            }
            last = Some(c);
        }
        found.extend((!word.is_empty()).then_some(word));
        let joined: String =
            part.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        found.push(joined);
    }
    found
}

struct Parser<'a> {
    rest: &'a str,
    set: Set,
    depth: usize,
}

impl Parser<'_> {
    fn or(&mut self) -> Result<Search, Refusal> {
        self.depth += 1;
        if self.depth > 32 {
            return Err(invalid(self.rest));
        }
        let mut all = vec![self.and()?];
        while self.take("OR") {
            all.push(self.and()?);
        }
        self.depth -= 1;
        Ok(if all.len() == 1 { all.remove(0) } else { Search::Or(all) })
    }

    fn and(&mut self) -> Result<Search, Refusal> {
        let mut all = vec![self.one()?];
        while self.take("AND") {
            all.push(self.one()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Search::And(all) })
    }

    /// AND and OR are in capitals and outside of quotes.
    fn take(&mut self, word: &str) -> bool {
        match self.rest.trim_start().strip_prefix(word) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn one(&mut self) -> Result<Search, Refusal> {
        if self.take("(") {
            let inner = self.or()?;
            return if self.take(")") { Ok(inner) } else { Err(invalid(self.rest)) };
        }
        if !self.take("\"") {
            return Err(invalid(self.rest));
        }
        let mut clause = String::new();
        let mut chars = self.rest.char_indices();
        loop {
            match chars.next() {
                None => return Err(invalid(self.rest)),
                Some((_, '\\')) => clause.extend(chars.next().map(|(_, c)| c)),
                Some((at, '"')) => {
                    self.rest = self.rest.get(at + 1..).unwrap_or_default();
                    return self.clause(&clause);
                }
                Some((_, c)) => clause.push(c),
            }
        }
    }

    fn clause(&self, clause: &str) -> Result<Search, Refusal> {
        let (name, text) = clause.split_once(':').ok_or_else(|| invalid(clause))?;
        let property =
            MODEL.member(self.set.members, name.trim()).filter(|one| one.of == "String" && !one.is_list);
        let property = property.ok_or_else(|| {
            Refusal::not_simulated(501, format_args!("$search by '{name}' of {}", self.set.members))
        })?;
        let property = property.name;
        if matches!(property, "displayName" | "description") {
            let mut words = tokens(text);
            // The joined form finds the same and more; the words alone must be there.
            words.retain(|word| !word.is_empty());
            let single: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
            let joined = |word: &String| {
                single.iter().any(|part| {
                    let plain: String = part.chars().filter(|c| c.is_alphanumeric()).collect();
                    plain == *word
                })
            };
            let parts: Vec<String> = words.iter().filter(|word| !joined(word)).cloned().collect();
            let words = if parts.is_empty() { words } else { parts };
            return Ok(Search::Words { property, words });
        }
        Ok(Search::Begins { property, text: text.to_lowercase() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::route::Cast;
    use std::borrow::Cow;

    struct Named(&'static str);

    impl Subject for Named {
        fn member(&self, name: &str) -> Member<'_> {
            if matches!(name, "displayName" | "mail") {
                Member::Text(Cow::Borrowed(self.0))
            } else {
                Member::Null
            }
        }

        fn is_of(&self, _: Cast) -> bool {
            false
        }
    }

    fn finds(search: &str, name: &'static str) -> bool {
        Search::parse(search, Set::users(true, false)).unwrap().finds(&Named(name))
    }

    #[test]
    fn words_are_found_in_any_order_and_case() {
        assert_eq!(tokens("Hello.World x12y"), ["hello", "world", "helloworld", "x", "12", "y", "x12y"]);
        for search in ["david", "Li", "li 李", "李四", "David)"] {
            assert!(finds(&format!("\"displayName:{search}\""), "李四(David Li) 李"), "{search}");
        }
        assert!(finds("\"displayName:OneVideo\"", "video one"));
        assert!(finds("\"displayName:Guthr\"", "Grady Guthrie"), "a word may be cut short");
        assert!(!finds("\"displayName:uthrie\"", "Grady Guthrie"), "there is no contains");
    }

    #[test]
    fn clauses_are_joined() {
        assert!(finds("\"displayName:x\" OR \"mail:an\"", "Anna"));
        assert!(!finds("\"displayName:x\" AND \"mail:an\"", "Anna"));
        assert!(finds("\"mail:an\" AND (\"displayName:x\" OR \"displayName:anna\")", "Anna"));
        for bad in [
            "displayName:x",
            "\"x\"",
            "\"displayName:x",
            "\"displayName:x\" or \"mail:x\"",
            "(\"mail:x\"",
            "",
        ] {
            assert!(Search::parse(bad, Set::users(true, false)).is_err(), "{bad}");
        }
    }
}
