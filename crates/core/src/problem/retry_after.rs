//! How long a server asks to wait.

use crate::decimal::thousandths;
use crate::http::Headers;
use std::time::Duration;

/// The longest wait that is told apart: about 136 years.
const LONGEST: u64 = u32::MAX as u64;

/// The wait that `Retry-After` asks for: seconds, whole or with a fraction, or an HTTP date, which counts from the
/// answer's own `Date` and so does not depend on this machine's clock. A date in the past means not to wait at all.
/// None without the header, when it is neither, or when a date has no `Date` beside it. Absurd waits saturate.
#[must_use]
pub fn retry_after(headers: &Headers) -> Option<Duration> {
    let value = headers.get("retry-after")?.trim();
    seconds(value).or_else(|| {
        let until = httpdate::parse_http_date(value).ok()?;
        let sent = httpdate::parse_http_date(headers.get("date")?.trim()).ok()?;
        Some(until.duration_since(sent).unwrap_or(Duration::ZERO).min(Duration::from_secs(LONGEST)))
    })
}

/// Decimal seconds; what is below a millisecond is rounded up to one.
fn seconds(text: &str) -> Option<Duration> {
    let (thousandths, more) = thousandths(text)?;
    let millis = thousandths.saturating_add(u64::from(more));
    Some(Duration::from_millis(millis).min(Duration::from_secs(LONGEST)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Sun, 22 Nov 2026 21:00:00 GMT";

    fn wait(value: &'static str) -> Option<Duration> {
        retry_after(&Headers::from_iter([("Date", DATE), ("retry-after", value)]))
    }

    #[test]
    fn seconds_and_dates() {
        for (value, ms) in [
            ("0", 0),
            ("10", 10_000),
            (" 7 ", 7_000),
            ("1.5", 1_500),
            ("0.0001", 1),
            ("2.25000", 2_250),
            ("Sun, 22 Nov 2026 21:00:30 GMT", 30_000),
            ("Sunday, 22-Nov-26 21:01:00 GMT", 60_000),
            ("Sun Nov 22 21:00:05 2026", 5_000),
            ("Sun, 22 Nov 2026 20:00:00 GMT", 0),
            ("99999999999999999999999999", LONGEST * 1000),
            ("4294967295.9", LONGEST * 1000),
            ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST * 1000),
        ] {
            assert_eq!(wait(value), Some(Duration::from_millis(ms)), "{value}");
        }
    }

    #[test]
    fn what_is_neither_is_none() {
        for value in
            ["", "-1", "+5", "soon", "1e3", "1.", ".5", "1.2.3", "NaN", "inf", "10s", "2026-11-22T21:00:30Z"]
        {
            assert_eq!(wait(value), None, "{value}");
        }
        assert_eq!(retry_after(&Headers::new()), None);
        let undated = Headers::from_iter([("Retry-After", "Sun, 22 Nov 2026 21:00:30 GMT")]);
        assert_eq!(retry_after(&undated), None, "no Date to count from");
    }
}
