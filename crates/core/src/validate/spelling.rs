//! How a character is spelt in ASCII.
//!
//! The spellings are those of any_ascii (ISC licence, Copyright (c) 2020-2025, Hunter WB), in a tenth of the space, because browsers
//! load them: without emoji, which are spelt as a space, and without scripts that nobody's name is written in today.
//! Those, and the rarer half of the Han characters, are a space as well. tests/spelling.rs makes the table, and compares.

/// The characters of the table; what follows ASCII first.
const RANGES: [(u32, u32); 7] = [
    (0x80, 0x33ff),
    // Han: the characters that every font has. Those of the extensions are rare.
    (0x4e00, 0x9fff),
    (0xa000, 0xabff),
    (0xf900, 0xfdff),
    (0xfe00, 0xffff),
    // Letters in a circle or a square, and letters of mathematics, for names that want to look different.
    (0x1f100, 0x1f1ff),
    (0x1d400, 0x1d7ff),
];

const COUNT: usize = {
    let mut count = 0;
    let mut at = 0;
    while at < RANGES.len() {
        #[expect(clippy::indexing_slicing, reason = "at compile time")]
        let (first, last) = RANGES[at];
        count += (last - first + 1) as usize;
        at += 1;
    }
    count
};

/// For every character the number of its line in `SPELLINGS`: all low bytes, then all high ones.
static LINES: &[u8] = include_bytes!("spelling.bin");

/// The spellings, a line each, the most frequent first.
static SPELLINGS: &str = include_str!("spelling.txt");

const _: () = assert!(LINES.len() == 2 * COUNT);

/// The first and the last syllable of Hangul: each is an initial, a vowel and a final, in that order.
const HANGUL: (u32, u32) = (0xac00, 0xd7a3);
const INITIALS: [&str; 19] =
    ["g", "kk", "n", "d", "tt", "l", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"];
const VOWELS: [&str; 21] = [
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi",
    "yu", "eu", "ui", "i",
];
const FINALS: [&str; 28] = [
    "", "g", "kk", "gs", "n", "nj", "nh", "d", "l", "lg", "lm", "lb", "ls", "lt", "lp", "lh", "m", "b", "bs",
    "s", "ss", "ng", "j", "ch", "k", "t", "p", "h",
];

/// Appends the character as it is spelt in ASCII; a space for one that has no spelling here.
pub(super) fn spell(c: char, out: &mut String) {
    let code = u32::from(c);
    if c.is_ascii() {
        out.push(c);
    } else if (HANGUL.0..=HANGUL.1).contains(&code) {
        let (syllable, start) = (code - HANGUL.0, out.len());
        for (parts, part) in
            [(&INITIALS[..], syllable / 588), (&VOWELS[..], syllable / 28 % 21), (&FINALS[..], syllable % 28)]
        {
            out.push_str(parts.get(part as usize).unwrap_or(&""));
        }
        if let Some(first) = out.get_mut(start..start + 1) {
            first.make_ascii_uppercase();
        }
    } else {
        out.push_str(line(code).and_then(|line| SPELLINGS.split('\n').nth(line)).unwrap_or(" "));
    }
}

fn line(code: u32) -> Option<usize> {
    let mut before = 0;
    for (first, last) in RANGES {
        if (first..=last).contains(&code) {
            let place = before + (code - first) as usize;
            return Some(usize::from(*LINES.get(place)?) + 256 * usize::from(*LINES.get(COUNT + place)?));
        }
        before += (last - first + 1) as usize;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use any_ascii::any_ascii_char;
    use std::collections::BTreeMap;

    /// What any_ascii says, but for emoji.
    fn original(c: char) -> &'static str {
        let spelling = any_ascii_char(c);
        if spelling.starts_with(':') && spelling.len() > 1 { " " } else { spelling }
    }

    fn characters() -> impl Iterator<Item = char> {
        RANGES.iter().flat_map(|(first, last)| (*first..=*last).map(|code| char::from_u32(code).unwrap()))
    }

    /// `AGENTUSER_WRITE_SPELLING=1 cargo test -p agentuser-core spelling` writes the table.
    #[test]
    fn the_table_is_any_ascii_s() {
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        characters().for_each(|c| *times.entry(original(c)).or_default() += 1);
        let mut spellings: Vec<(&str, usize)> = times.into_iter().collect();
        spellings.sort_by_key(|(spelling, times)| (std::cmp::Reverse(*times), *spelling));
        let lines: BTreeMap<&str, usize> =
            spellings.iter().enumerate().map(|(line, (spelling, _))| (*spelling, line)).collect();
        let numbers: Vec<usize> = characters().map(|c| lines[original(c)]).collect();
        let low = numbers.iter().map(|number| (number % 256) as u8);
        let table: Vec<u8> =
            low.chain(numbers.iter().map(|number| u8::try_from(number / 256).unwrap())).collect();
        let text = spellings.iter().map(|(spelling, _)| *spelling).collect::<Vec<_>>().join("\n");
        if std::env::var_os("AGENTUSER_WRITE_SPELLING").is_some() {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/validate");
            std::fs::write(folder.join("spelling.bin"), table).unwrap();
            std::fs::write(folder.join("spelling.txt"), text).unwrap();
            return;
        }
        assert!(table == LINES && text == SPELLINGS, "the table is out of date");
    }

    #[test]
    fn every_character_of_living_scripts_is_spelt_as_by_any_ascii() {
        let hangul = (HANGUL.0..=HANGUL.1).map(|code| char::from_u32(code).unwrap());
        for c in ('\0'..='\u{7f}').chain(characters()).chain(hangul) {
            let mut spelt = String::new();
            spell(c, &mut spelt);
            assert_eq!(spelt, original(c), "{c} {:x}", u32::from(c));
        }
        for c in ['🤖', '𓀀', '㐀', '\u{10ffff}'] {
            let mut spelt = String::new();
            spell(c, &mut spelt);
            assert_eq!(spelt, " ", "{c}");
        }
    }
}
