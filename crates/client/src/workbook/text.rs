//! Texts in the XML of a workbook.

/// The begin of a part that relates another to files and pages.
pub(super) const RELATIONSHIPS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";

/// Adds characters, escaped. What XML can't hold becomes �, and what Excel would read as its own escape of a character, such as
/// `_x000D_`, stays as it is.
pub(super) fn escaped(text: impl Iterator<Item = char> + Clone, out: &mut String) {
    let mut rest = text;
    while let Some(c) = rest.next() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '_' if is_escape(rest.clone()) => out.push_str("_x005F_"),
            '\t' | '\n' => out.push(c),
            '\r' => {}
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

/// Whether what follows a `_` makes it Excel's escape of a character: `x`, four hexadecimal digits and `_`.
fn is_escape(mut rest: impl Iterator<Item = char>) -> bool {
    rest.next() == Some('x')
        && (0..4).all(|_| rest.next().is_some_and(|c| c.is_ascii_hexdigit()))
        && rest.next() == Some('_')
}

/// The escaped text of an attribute or of a name.
pub(super) fn escaped_attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escaped(text.chars(), &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_one_that_excel_reads_as_it_was() {
        for (text, written) in [
            ("<a b=\"c\"> & d", "&lt;a b=&quot;c&quot;&gt; &amp; d"),
            ("=1+1 _x0041_ _x00_ x_", "=1+1 _x005F_x0041_ _x00_ x_"),
            ("a\0b\u{1b}\u{ffff}c\r\nd\te", "a\u{fffd}b\u{fffd}\u{fffd}c\nd\te"),
        ] {
            assert_eq!(escaped_attribute(text), written);
        }
    }
}
