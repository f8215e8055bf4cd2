//! How a character is spelled in ASCII: what the library `any_ascii` answers, from a table that compresses better than
//! the library's own. An emoji is a space. Characters that hardly any name holds have no spelling, since every browser
//! would have to load them: the extensions of the Chinese characters (U+3400 to U+4DBF, from U+20000 on), and beyond
//! U+FFFF all but emoji and the letters and digits of mathematics and in circles or boxes.

// Generated: see there.
#[rustfmt::skip]
mod table;

use table::{HAN, HANGUL, HIGH, LOW, RUNS, SPELLINGS};

/// Between the spellings in a text of the table.
const SEPARATOR: char = '\t';

/// The first syllable of Hangul.
const GA: u32 = 0xAC00;

/// The text in ASCII, as far as it can be read aloud. An emoji becomes a space.
pub(crate) fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        push(c, &mut out);
    }
    out
}

/// Appends the character's spelling; nothing for a character that has none.
#[cfg(feature = "whole")]
fn push(c: char, out: &mut String) {
    spell(c, out);
}

/// Pushes the spelling of a character; before the table is known, ASCII alone.
#[cfg(not(feature = "whole"))]
fn push(c: char, out: &mut String) {
    match SPELL.get() {
        Some(spell) => spell(c, out),
        None if c.is_ascii() => out.push(c),
        None => {}
    }
}

/// Set by the part of the program that has the table.
#[cfg(not(feature = "whole"))]
static SPELL: std::sync::OnceLock<fn(char, &mut String)> = std::sync::OnceLock::new();

/// Makes the table known to the part of the program that does not have it.
#[cfg(not(feature = "whole"))]
pub(crate) fn have_spellings() {
    SPELL.get_or_init(|| spell);
}

fn spell(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c);
    } else if !push_hangul(u32::from(c), out) {
        out.push_str(han(u32::from(c)).or_else(|| other(u32::from(c))).unwrap_or_default());
    }
}

/// A syllable of Hangul is spelled by its parts, with a capital first.
fn push_hangul(code: u32, out: &mut String) -> bool {
    let [initials, vowels, finals] = HANGUL;
    let Some(place) = code.checked_sub(GA) else { return false };
    let Some(initial) = nth(initials, place / (28 * 21)) else { return false };
    let start = out.len();
    out.push_str(initial);
    out.push_str(nth(vowels, place / 28 % 21).unwrap_or_default());
    out.push_str(nth(finals, place % 28).unwrap_or_default());
    if let Some(first) = out.get_mut(start..=start) {
        first.make_ascii_uppercase();
    }
    true
}

/// The reading of a Chinese character: two digits name it, the line in [`SPELLINGS`] and the place there.
fn han(code: u32) -> Option<&'static str> {
    let mut before = 0;
    for &(first, end) in HAN {
        if (first..end).contains(&code) {
            let line = digit(HIGH, before + code - first)?;
            let place = digit(LOW, before + code - first)?;
            return nth(SPELLINGS.get(usize::from(line))?, u32::from(place));
        }
        before += end - first;
    }
    None
}

/// The digit at this place. They are `#` to `[` and `]` to `}`, so that a literal needs no escape.
fn digit(digits: &str, at: u32) -> Option<u8> {
    let digit = *digits.as_bytes().get(usize::try_from(at).ok()?)?;
    digit.checked_sub(if digit > b'\\' { b'$' } else { b'#' })
}

/// Every other character's spelling is in the last run that starts before it, or nowhere.
fn other(code: u32) -> Option<&'static str> {
    // Pictures beyond U+FFFF: emoji, tiles, cards. The letters among them are in the table.
    if matches!(code, 0x1_F000..=0x1_F0FF | 0x1_F200..=0x1_FAFF) {
        return Some(" ");
    }
    let (first, run) = RUNS.get(RUNS.partition_point(|(first, _)| *first <= code).checked_sub(1)?)?;
    nth(run, code - first)
}

fn nth(spellings: &'static str, at: u32) -> Option<&'static str> {
    spellings.split(SEPARATOR).nth(usize::try_from(at).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_spelled_as_the_library_does_but_emoji_and_the_rarest() {
        let mut spelled = String::new();
        for c in '\0'..=char::MAX {
            spelled.clear();
            push(c, &mut spelled);
            let library = any_ascii::any_ascii_char(c);
            let emoji = !c.is_ascii() && library.starts_with(':') && library.len() > 1;
            let expected = match u32::from(c) {
                0x1_F000..=0x1_F0FF | 0x1_F200..=0x1_FAFF => " ",
                0x3400..=0x4DBF => "",
                ..0x1_0000 | 0x1_D400..=0x1_D7FF | 0x1_F100..=0x1_F1FF if emoji => " ",
                ..0x1_0000 | 0x1_D400..=0x1_D7FF | 0x1_F100..=0x1_F1FF => library,
                _ => "",
            };
            assert_eq!(spelled, expected, "U+{:04X}", u32::from(c));
        }
    }
}
