//! Texts from elsewhere, safe to be shown: in a terminal, a log, an error record.

use std::borrow::Cow;

/// Whether a character is one that a reader does not see and a terminal or an editor acts on: control characters, those
/// that reorder or hide text, and separators of lines. The joiners of Persian words and of emoji are none.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        )
}

/// The text without hidden characters. A line break becomes a blank.
#[must_use]
pub fn plain(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return text;
    }
    let seen = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_hidden(*c));
    Cow::Owned(seen.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_go_and_all_others_stay() {
        let text = "a\r\nb\u{1b}[31m\u{202e}c\0\u{9b}\u{61c}\u{2028}d\u{2066}";
        assert_eq!(plain(text.into()), "a  b[31mc d");
        for text in ["", "Größe: 5 €, 日本語, עברית", "می\u{200c}خواهم", "👩\u{200d}🚀"]
        {
            assert!(matches!(plain(text.into()), Cow::Borrowed(_)), "{text}");
        }
    }
}
