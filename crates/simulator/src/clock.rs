//! Dates as Graph writes them, from milliseconds since 1970; what is before prints as 1970.

use std::time::{Duration, SystemTime};

/// `2026-11-22T10:17:05Z`.
pub(crate) fn iso(unix_ms: i64) -> String {
    let mut text = without_zone(unix_ms);
    text.push('Z');
    text
}

/// `2026-11-22T10:17:05`, the form inside error bodies. `httpdate` knows the calendar; here its parts are put into
/// another order.
pub(crate) fn without_zone(unix_ms: i64) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let date = http_date(unix_ms);
    let mut parts = date.split(' ').skip(1);
    let mut next = || parts.next().unwrap_or_default();
    let (day, month, year, time) = (next(), next(), next(), next());
    let month = MONTHS.iter().take_while(|name| **name != month).count() + 1;
    format!("{year}-{month:02}-{day}T{time}")
}

/// The form of the `Date` header.
pub(crate) fn http_date(unix_ms: i64) -> String {
    let since = Duration::from_millis(u64::try_from(unix_ms).unwrap_or(0));
    // httpdate writes years up to 9999 only.
    let last = Duration::from_secs(253_402_300_799);
    httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + since.min(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_dates() {
        assert_eq!(iso(0), "1970-01-01T00:00:00Z");
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(iso(1_795_342_625_999), "2026-11-22T10:17:05Z");
        assert_eq!(without_zone(1_798_761_599_000), "2026-12-31T23:59:59");
        assert_eq!(without_zone(-1), "1970-01-01T00:00:00");
        assert_eq!(http_date(784_111_777_000), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
