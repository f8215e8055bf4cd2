//! Takes a token or secret that was sent out of the answer, where a server repeats it.

use agentuser_core::http::Response;
use agentuser_core::plain::is_hidden;
use memchr::memmem;
use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;
use std::sync::OnceLock;
use zeroize::Zeroizing;

/// Stands in a secret's place.
const REDACTED: &[u8] = b"[redacted]";

/// A shorter text would be found in answers that do not repeat it.
const SHORTEST: usize = 8;

/// A part of the secret that is as long goes as well: servers shorten what they repeat.
const PART: usize = 16;

/// Parts are looked for in errors, and in answers that are not longer than this.
const SHORT_ANSWER: usize = 64 << 10;

/// One token or secret.
pub(crate) struct Redaction {
    /// The secret, its base64 and its hexadecimal digits, each with its escapes taken off.
    spellings: Vec<Zeroizing<Vec<u8>>>,
    /// Keyed hashes of every part of the secret.
    parts: OnceLock<HashSet<u64>>,
    hasher: RandomState,
}

impl Redaction {
    /// A redaction of this text, in whatever way an answer spells it: escaped for JSON, HTML, a form or a
    /// URL, even twice; in base64, alone or among other bytes; in hexadecimal digits; in other letter case;
    /// broken over lines; cut short.
    pub(crate) fn of(secret: &str) -> Self {
        let bytes = secret.as_bytes();
        let hex =
            Zeroizing::new(bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
                hex.extend(
                    [byte >> 4, byte & 15].iter().filter_map(|digit| char::from_digit(u32::from(*digit), 16)),
                );
                hex
            }));
        let encoded = (0..3).map(|before| base64(bytes, before));
        let all = [Zeroizing::new(secret.to_owned()), hex].into_iter().chain(encoded);
        let spellings = if bytes.len() < SHORTEST {
            Vec::new()
        } else {
            all.map(|text| Zeroizing::new(folded(text.as_bytes()))).collect()
        };
        Self { spellings, parts: OnceLock::new(), hasher: RandomState::new() }
    }

    /// The answer without it.
    pub(crate) fn redact(&self, mut response: Response) -> Response {
        let parts = response.status >= 400 || response.body.len() <= SHORT_ANSWER;
        if let Some(clean) = self.without(&response.body, parts) {
            response.body = clean;
        }
        let header = |(name, value): (&str, &str)| {
            let clean = self.without(value.as_bytes(), true).and_then(|bytes| String::from_utf8(bytes).ok());
            (name.to_owned(), clean.unwrap_or_else(|| value.to_owned()))
        };
        response.headers = response.headers.iter().map(header).collect();
        response
    }

    /// The text without the secret; none where it does not hold it.
    fn without(&self, text: &[u8], parts: bool) -> Option<Vec<u8>> {
        let spelled = folded(text);
        let mut found: Vec<Range<usize>> = Vec::new();
        for spelling in &self.spellings {
            if spelling.len() >= SHORTEST {
                found.extend(memmem::find_iter(&spelled, spelling).map(|at| at..at + spelling.len()));
            }
        }
        if parts && !self.parts().is_empty() {
            let windows = spelled.windows(PART).enumerate();
            let known = windows.filter(|(_, part)| self.parts().contains(&self.hasher.hash_one(part)));
            found.extend(known.map(|(at, _)| at..at + PART));
        }
        if found.is_empty() {
            return None;
        }
        found.sort_unstable_by_key(|range| range.start);
        let mut clean = Vec::with_capacity(text.len());
        let (mut copied, mut number, mut next) = (0, 0, found.into_iter().peekable());
        let mut within: Option<usize> = None;
        units(text, |_, unit| {
            while let Some(range) = next.next_if(|range| range.start == number) {
                if within.is_none() {
                    clean.extend_from_slice(text.get(copied..unit.start).unwrap_or_default());
                    clean.extend_from_slice(REDACTED);
                }
                within = within.max(Some(range.end));
            }
            number += 1;
            if within.is_some() {
                copied = unit.end;
            }
            within = within.filter(|end| *end > number);
        });
        clean.extend_from_slice(text.get(copied..).unwrap_or_default());
        Some(clean)
    }

    fn parts(&self) -> &HashSet<u64> {
        self.parts.get_or_init(|| {
            let whole = self.spellings.first().map(|whole| whole.as_slice()).unwrap_or_default();
            whole.windows(PART).map(|part| self.hasher.hash_one(part)).collect()
        })
    }
}

impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redaction")
    }
}

/// The base64 of these bytes where so many others stand before them: the digits that depend on these alone.
fn base64(bytes: &[u8], before: usize) -> Zeroizing<String> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut digits = String::with_capacity(bytes.len() * 4 / 3 + 1);
    let (mut bits, mut number) = (0_u32, before * 8 % 6);
    // The digit that the byte before shares is left out.
    let mut shared = number > 0;
    for byte in bytes {
        bits = (bits << 8 | u32::from(*byte)) & 0xffff;
        number += 8;
        while number >= 6 {
            number -= 6;
            let digit = usize::try_from(bits >> number & 63).ok().and_then(|at| DIGITS.get(at));
            if !std::mem::take(&mut shared) {
                digits.extend(digit.map(|digit| char::from(*digit)));
            }
        }
    }
    Zeroizing::new(digits)
}

/// The text without its escapes and white space, in one letter case and one alphabet of base64.
fn folded(text: &[u8]) -> Vec<u8> {
    // Each character is spelt by one byte at least.
    let mut folded = vec![0; text.len()];
    let (mut at, mut length) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        // Long answers are almost all of them plain, and are gone through as a whole.
        let mut plain = 0;
        for (place, byte) in folded.get_mut(length..).unwrap_or_default().iter_mut().zip(rest) {
            *place = PLAIN.get(usize::from(*byte)).copied().unwrap_or_default();
            if *place == 0 {
                break;
            }
            plain += 1;
        }
        (at, length) = (at + plain, length + plain);
        if at < text.len() {
            let (byte, spelt_by) = unit(text, at);
            if let (Some(byte), Some(place)) = (byte, folded.get_mut(length)) {
                *place = byte;
                length += 1;
            }
            at += spelt_by;
        }
    }
    folded.truncate(length);
    folded
}

/// Gives every character of a text, folded, and where it stands.
fn units(text: &[u8], mut each: impl FnMut(u8, Range<usize>)) {
    let mut at = 0;
    while at < text.len() {
        let (byte, length) = unit(text, at);
        if let Some(byte) = byte {
            each(byte, at..at + length);
        }
        at += length;
    }
}

/// The character there, folded, and how many bytes spell it; at least one.
fn unit(text: &[u8], at: usize) -> Unit {
    let (byte, length) = match text.get(at).copied().unwrap_or_default() {
        b'\\' => escaped(text, at),
        b'%' => percent(text, at),
        b'&' => entity(text, at),
        b'\0'..=b' ' | 0x7f => (None, 1),
        0x80.. => beyond_ascii(text, at),
        byte => (Some(byte), 1),
    };
    (byte.map(one_of_its_kind), length.max(1))
}

/// The byte that stands for this one: one letter case, one alphabet of base64.
const fn one_of_its_kind(byte: u8) -> u8 {
    match byte {
        b'-' => b'+',
        b'_' => b'/',
        byte => byte.to_ascii_lowercase(),
    }
}

/// The byte that each plain byte is compared as; 0 for white space and for bytes that begin an escape.
const PLAIN: [u8; 256] = {
    let mut plain = [0; 256];
    let mut rest: &mut [u8] = &mut plain;
    let mut byte: u8 = 0;
    while let Some((first, others)) = rest.split_first_mut() {
        let is_plain = byte > b' ' && byte < 0x7f && !matches!(byte, b'\\' | b'%' | b'&');
        *first = if is_plain { one_of_its_kind(byte) } else { 0 };
        byte = byte.wrapping_add(1);
        rest = others;
    }
    plain
};

/// A character, unless it is white space; and how many bytes spell it.
type Unit = (Option<u8>, usize);

fn seen(code: u32, length: usize) -> Unit {
    let c = char::from_u32(code).filter(|c| !c.is_whitespace() && !is_hidden(*c));
    // A byte that is in no text stands for all others.
    (c.map(|_| u8::try_from(code).ok().filter(u8::is_ascii).unwrap_or(0xff)), length)
}

fn number(text: &[u8], at: usize, length: usize, radix: u32) -> Option<u32> {
    let digits = std::str::from_utf8(text.get(at..at + length)?).ok()?;
    let all = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    if all { u32::from_str_radix(digits, radix).ok() } else { None }
}

/// An escape of JSON, which another escape may have doubled.
fn escaped(text: &[u8], at: usize) -> Unit {
    let slashes = text.iter().skip(at).take_while(|byte| **byte == b'\\').count();
    match text.get(at + slashes) {
        Some(b'u') => match number(text, at + slashes + 1, 4, 16) {
            Some(code) => seen(code, slashes + 5),
            None => (None, slashes),
        },
        Some(b'n' | b'r' | b't' | b'b' | b'f') => (None, slashes + 1),
        Some(byte @ (b'/' | b'"' | b'\'')) => (Some(*byte), slashes + 1),
        _ => (None, slashes),
    }
}

/// An escape of URLs and forms, which may be escaped again.
fn percent(text: &[u8], at: usize) -> Unit {
    let Some(mut code) = number(text, at + 1, 2, 16) else { return (Some(b'%'), 1) };
    let mut length = 3;
    while code == u32::from(b'%')
        && let Some(inner) = number(text, at + length, 2, 16)
    {
        code = inner;
        length += 2;
    }
    seen(code, length)
}

/// An entity of HTML.
fn entity(text: &[u8], at: usize) -> Unit {
    const LONGEST: usize = 8;
    let name = text.iter().skip(at + 1).take(LONGEST).position(|byte| *byte == b';');
    let Some(length) = name else { return (Some(b'&'), 1) };
    let code = match text.get(at + 1..at + 1 + length) {
        Some(b"amp") => Some(u32::from(b'&')),
        Some(b"quot") => Some(u32::from(b'"')),
        Some(b"apos") => Some(u32::from(b'\'')),
        Some(b"lt") => Some(u32::from(b'<')),
        Some(b"gt") => Some(u32::from(b'>')),
        Some(b"plus") => Some(u32::from(b'+')),
        Some(b"sol") => Some(u32::from(b'/')),
        Some(b"equals") => Some(u32::from(b'=')),
        Some([b'#', b'x' | b'X', digits @ ..]) => number(digits, 0, digits.len(), 16),
        Some([b'#', digits @ ..]) => number(digits, 0, digits.len(), 10),
        _ => None,
    };
    code.map_or((Some(b'&'), 1), |code| seen(code, length + 2))
}

/// A byte of a character beyond ASCII, unless that is white space or hidden.
fn beyond_ascii(text: &[u8], at: usize) -> Unit {
    let byte = text.get(at).copied();
    let length = match byte.unwrap_or_default() {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return (byte, 1),
    };
    let c = text.get(at..at + length).and_then(|bytes| std::str::from_utf8(bytes).ok()?.chars().next());
    match c {
        Some(c) if c.is_whitespace() || is_hidden(c) || matches!(c, '\u{200c}' | '\u{200d}' | '\u{ad}') => {
            (None, length)
        }
        _ => (byte, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agentuser_core::http::Headers;

    const SECRET: &str = "Zq9_SEKRET-tok.7f3+/Qz9AbCdEf0123456789=";

    fn body(secret: &str, text: &str) -> String {
        let response = Response { status: 400, headers: Headers::default(), body: text.as_bytes().to_vec() };
        String::from_utf8(Redaction::of(secret).redact(response).body).unwrap()
    }

    #[test]
    fn a_secret_goes_in_each_of_its_spellings() {
        for (secret, text, clean) in [
            ("SEKRET_tok_7f3Qz9", "token=SEKRET_tok_7f3Qz9&x", "token=[redacted]&x"),
            ("SEKRET_tok_7f3Qz9", "SEKRET_tok_7f3Qz9SEKRET_tok_7f3Qz9", "[redacted][redacted]"),
            ("ab/cd+ef==", "a%20ab%2Fcd%2Bef%3D%3D ab%2fcd%2bef%3d%3d", "a%20[redacted] [redacted]"),
            ("ab/cd+ef==", r#"{"x":"ab\/cd+ef=="}"#, r#"{"x":"[redacted]"}"#),
            ("quo\"te\\d~", r#"quo\"te\\d~ quo"te\d~"#, "[redacted] [redacted]"),
            ("short", "short", "short"),
        ] {
            assert_eq!(body(secret, text), clean, "{text}");
        }
    }

    #[test]
    fn a_secret_goes_however_it_is_escaped_encoded_or_broken() {
        let json: String = SECRET.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
        let percent: String = SECRET.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let hex: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
        let lines: Vec<&str> =
            SECRET.as_bytes().chunks(9).map(|part| std::str::from_utf8(part).unwrap()).collect();
        for text in [
            json.clone(),
            json.replace('\\', "\\\\"),
            SECRET.replace('+', "\\u002B"),
            SECRET.replace('/', "\\\\/"),
            percent.clone(),
            percent.replace('%', "%25"),
            percent.replace('%', "%2525"),
            SECRET.replace('+', "&#43;").replace('/', "&#x2F;").replace('=', "&equals;"),
            SECRET.to_uppercase(),
            hex.to_uppercase(),
            hex,
            lines.join("\r\n"),
            lines.join("\\r\\n    "),
            lines.join("\u{200b}"),
            lines.join("\u{ad}"),
        ] {
            assert_eq!(
                body(SECRET, &format!(r#"{{"message":"got {text} ok"}}"#)),
                r#"{"message":"got [redacted] ok"}"#
            );
        }
    }

    #[test]
    fn its_base64_goes_wherever_it_begins() {
        // Base64 of the secret alone, after one byte, after two and before others, and after `user:`.
        for (text, clean) in [
            ("WnE5X1NFS1JFVC10b2suN2YzKy9RejlBYkNkRWYwMTIzNDU2Nzg5PQ==", "[redacted]=="),
            ("WnE5X1NFS1JFVC10b2suN2YzKy9RejlBYkNkRWYwMTIzNDU2Nzg5PQ", "[redacted]"),
            ("eFpxOV9TRUtSRVQtdG9rLjdmMysvUXo5QWJDZEVmMDEyMzQ1Njc4OT0=", "eF[redacted]="),
            ("eHlacTlfU0VLUkVULXRvay43ZjMrL1F6OUFiQ2RFZjAxMjM0NTY3ODk9eno=", "eHl[redacted]eno="),
            ("dXNlcjpacTlfU0VLUkVULXRvay43ZjMrL1F6OUFiQ2RFZjAxMjM0NTY3ODk9", "dXNlcjp[redacted]"),
        ] {
            let seen = body(SECRET, text);
            assert!(
                !seen.contains("RVQt") && !seen.contains("ULXR") && !seen.contains("FVC1"),
                "{text}: {seen}"
            );
            assert!(seen.len() <= clean.len() + 2, "{text}: {seen}");
        }
    }

    #[test]
    fn a_part_of_it_goes_from_an_error_and_nothing_else_does() {
        assert_eq!(body(SECRET, "token Zq9_SEKRET-tok.7f3... is bad"), "token [redacted]... is bad");
        assert_eq!(body(SECRET, "...Qz9AbCdEf0123456789="), "...[redacted]");
        for text in [
            "Zq9_SEKRET",
            r#"{"a":"b\nc %41 &amp; &x \\","d":"Größe"}"#,
            "100 % \\",
            "\\u00",
            "&#99999999;",
            "",
        ] {
            assert_eq!(body(SECRET, text), text);
        }
    }

    #[test]
    fn headers_lose_it_and_the_others_stay() {
        let headers = [("request-id", "SEKRET-tok"), ("retry-after", "3")];
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let response = Response { status: 429, headers: headers.collect(), body: Vec::new() };
        let clean = Redaction::of("SEKRET-tok").redact(response).headers;
        assert_eq!((clean.get("request-id"), clean.get("retry-after")), (Some("[redacted]"), Some("3")));
    }

    #[test]
    fn it_is_not_printed() {
        assert_eq!(format!("{:?}", Redaction::of("SEKRET_tok")), "Redaction");
    }
}
