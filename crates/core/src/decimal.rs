//! Decimal numbers in headers.

/// A decimal number in thousandths, and whether more follows: `1.2345` is 1234 and more. Digits alone, with or without
/// a fraction: no sign, no exponent, no white space. A number that is too large saturates.
pub(crate) fn thousandths(text: &str) -> Option<(u64, bool)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    // All digits, so that only its size can keep it from being a number.
    let whole = whole.parse().unwrap_or(u64::MAX);
    let shown: u64 = fraction.bytes().chain(*b"000").take(3).fold(0, |sum, b| sum * 10 + u64::from(b - b'0'));
    let more = fraction.bytes().skip(3).any(|b| b != b'0');
    Some((whole.saturating_mul(1000).saturating_add(shown), more))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_are_kept() {
        for (text, expected) in [
            ("0", (0, false)),
            ("7", (7_000, false)),
            ("0.8", (800, false)),
            ("1.25000", (1_250, false)),
            ("1.2345", (1_234, true)),
            ("0.0001", (0, true)),
            ("18446744073709551616", (u64::MAX, false)),
            ("18446744073709551615.9", (u64::MAX, false)),
        ] {
            assert_eq!(thousandths(text), Some(expected), "{text}");
        }
        for text in ["", ".", "1.", ".5", "+1", "-1", "1e3", "1.2.3", " 1", "1,5", "٣"] {
            assert_eq!(thousandths(text), None, "{text}");
        }
    }
}
