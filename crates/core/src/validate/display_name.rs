//! Display names.

use super::Violation;
use super::newtype::checked_text;
use super::text::{self, Lines};

const FIELD: &str = "displayName";

/// Most characters (docs/graph.md#properties, docs/graph.md#names).
const MAX: usize = 256;

/// The name people see.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DisplayName(String);

checked_text!(DisplayName);

impl DisplayName {
    /// Checks the text: 1 to 256 characters (docs/graph.md#names). Assumptions: it is not only white space, has none at
    /// either end, and no control characters.
    ///
    /// # Errors
    /// Every rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, Vec<Violation>> {
        if text.is_empty() {
            return Err(vec![Violation::required(FIELD)]);
        }
        let mut broken = text::free_text(text, Lines::One, FIELD);
        broken.extend(text::too_long(text, MAX, FIELD));
        if broken.is_empty() { Ok(Self(text.to_owned())) } else { Err(broken) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::RuleCode;
    use super::*;

    fn codes(text: &str) -> Vec<(RuleCode, Option<usize>)> {
        DisplayName::parse(text).err().unwrap_or_default().into_iter().map(|v| (v.code, v.position)).collect()
    }

    #[test]
    fn one_to_256_visible_characters() {
        assert_eq!(codes("Sales Agent 🤖"), []);
        assert_eq!(codes(&"é".repeat(256)), []);
        assert_eq!(codes(&"é".repeat(257)), [(RuleCode::ValueTooLong, Some(256))]);
        assert_eq!(codes(""), [(RuleCode::Required, None)]);
        assert_eq!(codes("  "), [(RuleCode::Blank, None)]);
        assert_eq!(codes("a\u{7}"), [(RuleCode::ControlCharacter, Some(1))]);
        assert_eq!(codes("a "), [(RuleCode::SurroundingWhiteSpace, Some(1))]);
    }
}
