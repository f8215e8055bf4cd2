//! Rules that free texts share.

use super::{RuleCode, Violation};
use std::collections::BTreeSet;

/// Each distinct character that is refused, with the position where it first stands.
pub(super) fn distinct(text: &str, refused: impl Fn(char) -> bool) -> Vec<(usize, char)> {
    let mut seen = BTreeSet::new();
    text.chars().enumerate().filter(|(_, c)| refused(*c) && seen.insert(*c)).collect()
}

/// The documented length of a member, counted in characters (docs/graph.md#properties).
pub(crate) fn too_long(text: &str, limit: usize, field: &'static str) -> Option<Violation> {
    let length = text.chars().count();
    (length > limit).then(|| {
        Violation::new(
            RuleCode::ValueTooLong,
            field,
            format!("The value has {length} characters; at most {limit} are allowed."),
            format!("Shorten it by {}.", characters(length - limit)),
        )
        .at(limit)
    })
}

/// Whether a free text may span lines.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    One,
    Many,
}

/// The rules of free text, all three assumptions: not blank, no control characters (line breaks only where a text may
/// have lines), and no white space at either end.
pub(crate) fn free_text(text: &str, lines: Lines, field: &'static str) -> Vec<Violation> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        let fix = format!("Give {field} a text with visible characters, or leave it out.");
        return vec![Violation::new(RuleCode::Blank, field, "The value is empty or only white space.", fix)];
    }
    let refused = |c: char| c.is_control() && !(lines == Lines::Many && matches!(c, '\r' | '\n'));
    let mut broken: Vec<_> = distinct(text, refused)
        .into_iter()
        .map(|(position, c)| {
            let message = format!("The value contains the control character {c:?}.");
            Violation::new(RuleCode::ControlCharacter, field, message, format!("Remove {c:?}.")).at(position)
        })
        .collect();
    if trimmed.len() != text.len() {
        let leading = text.chars().next().is_some_and(char::is_whitespace);
        let position = if leading { 0 } else { trimmed.chars().count() };
        broken.push(
            Violation::new(
                RuleCode::SurroundingWhiteSpace,
                field,
                if leading {
                    "The value begins with white space."
                } else {
                    "The value ends with white space."
                },
                format!("Use {trimmed:?}."),
            )
            .at(position),
        );
    }
    broken
}

/// `1 character`, `2 characters`.
pub(super) fn characters(count: usize) -> String {
    format!("{count} character{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(broken: &[Violation]) -> Vec<(RuleCode, Option<usize>)> {
        broken.iter().map(|v| (v.code, v.position)).collect()
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(too_long(&"é".repeat(64), 64, "city"), None);
        let broken = too_long(&"é".repeat(66), 64, "city").unwrap();
        assert_eq!((broken.code, broken.position), (RuleCode::ValueTooLong, Some(64)));
        assert_eq!(broken.fix, "Shorten it by 2 characters.");
        assert_eq!(too_long(&"é".repeat(65), 64, "city").unwrap().fix, "Shorten it by 1 character.");
    }

    #[test]
    fn free_text_is_visible_trimmed_and_without_control_characters() {
        assert_eq!(free_text("Zoë 北京", Lines::One, "city"), []);
        for blank in ["", " ", "\t\n", "\u{a0}\u{3000}"] {
            assert_eq!(codes(&free_text(blank, Lines::One, "city")), [(RuleCode::Blank, None)], "{blank:?}");
        }
        assert_eq!(
            codes(&free_text("é\0b\0c\u{7f}", Lines::One, "city")),
            [(RuleCode::ControlCharacter, Some(1)), (RuleCode::ControlCharacter, Some(5))]
        );
        let space = RuleCode::SurroundingWhiteSpace;
        assert_eq!(codes(&free_text(" é ", Lines::One, "city")), [(space, Some(0))]);
        assert_eq!(codes(&free_text("é ", Lines::One, "city")), [(space, Some(1))]);
        assert_eq!(free_text("é ", Lines::One, "city")[0].fix, "Use \"é\".");
    }

    #[test]
    fn only_texts_of_many_lines_have_line_breaks() {
        assert_eq!(free_text("1 Way\r\nTown", Lines::Many, "streetAddress"), []);
        assert_eq!(free_text("1 Way\r\nTown", Lines::One, "city").len(), 2);
        assert_eq!(free_text("1 Way\tTown", Lines::Many, "streetAddress").len(), 1);
    }
}
