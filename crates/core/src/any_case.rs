//! Texts whose letter case does not count.

/// The rest of a text that begins with this word.
pub(crate) fn strip_prefix<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then_some(rest)
}
