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

/// The milliseconds since 1970 of `2026-11-22`, or of `2026-11-22T10:17:05.123+01:00` with or without a zone, seconds and a fraction.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', 't']).map_or((text, None), |(date, time)| (date, Some(time)));
    let mut parts = date.splitn(3, '-').map(digits);
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let in_month = match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if date.len() != 10 || !(1..=in_month).contains(&day) {
        return None;
    }
    // Days since 1970 by the count of leap years; March is the first month of this year.
    let shifted = year - i64::from(month <= 2);
    let in_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + in_year - 719_468;
    Some(days * 86_400_000 + time.map_or(Some(0), time_of_day)?)
}

/// The milliseconds of a time of day, brought to UTC.
fn time_of_day(text: &str) -> Option<i64> {
    let zone = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at_checked(zone)?;
    let minutes = |text: &str| {
        let (hours, minutes) = text.split_once(':')?;
        let (hours, minutes) = (digits(hours)?, digits(minutes)?);
        (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
    };
    let offset = match zone {
        "" | "Z" | "z" => 0,
        zone => match zone.split_at_checked(1)? {
            ("+", ahead) => minutes(ahead)?,
            (_, behind) => -minutes(behind)?,
        },
    };
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let fraction: String = fraction.chars().chain("00".chars()).take(3).collect();
    let (until_minute, seconds) = match whole.match_indices(':').nth(1) {
        Some((at, _)) => (whole.get(..at)?, digits(whole.get(at + 1..)?)?),
        None => (whole, 0),
    };
    let total = (minutes(until_minute)? - offset) * 60 + seconds;
    (seconds < 60).then_some(total * 1000 + digits(&fraction)?)
}

fn digits(text: &str) -> Option<i64> {
    let sound = !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    sound.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read() {
        for unix_ms in [0, 951_782_400_000, 1_795_342_625_000, 1_798_761_599_000] {
            assert_eq!(parse(&iso(unix_ms)), Some(unix_ms));
        }
        assert_eq!(parse("2026-11-22"), parse("2026-11-22T00:00:00Z"));
        assert_eq!(parse("2026-11-22T10:17:05.9994Z"), Some(1_795_342_625_999));
        assert_eq!(parse("2026-11-22T11:17:05+01:00"), Some(1_795_342_625_000));
        assert_eq!(parse("2026-11-22T09:17-01:00"), Some(1_795_342_620_000));
        for bad in [
            "",
            "yesterday",
            "2026-11",
            "2026-13-01",
            "2026-02-29",
            "26-11-22",
            "2026-11-22T",
            "2026-11-22T25:00Z",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

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
