//! Dates with times, as OData writes an `Edm.DateTimeOffset`.
//!
//! The crates for dates stop at nine digits of a fraction of a second, where OData allows twelve, and know no limit of an
//! offset, where .NET, which reads it in Graph, takes 14 hours at most.

use super::{RuleCode, Violation};

/// A moment, exact to the twelve digits that OData allows in a fraction of a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    unix_seconds: i64,
    picoseconds: u64,
}

/// Reads `2026-01-31T00:00:00Z`: ISO 8601 with a zone (`Z` or `+hh:mm`), a date that exists, and a fraction of 1 to 12
/// digits or none. Assumption, from OData's ABNF and .NET's years 1 to 9999; Graph documents only the type.
pub(crate) fn parse(text: &str) -> Option<Moment> {
    let mut rest = Cursor(text.as_bytes());
    let year = rest.digits(4)?;
    let month = rest.byte(b'-')?.digits(2)?;
    let day = rest.byte(b'-')?.digits(2)?;
    let hour = rest.byte(b'T')?.digits(2)?;
    let minute = rest.byte(b':')?.digits(2)?;
    let second = rest.byte(b':')?.digits(2)?;
    let picoseconds = rest.fraction()?;
    let offset = rest.offset_minutes()?;
    let real = year >= 1
        && (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && hour <= 23
        && minute <= 59
        && second <= 59;
    let minutes = (days_since_1970(year, month, day) * 24 + hour) * 60 + minute - offset;
    (real && rest.0.is_empty()).then_some(Moment { unix_seconds: minutes * 60 + second, picoseconds })
}

/// The violation of a text that is not a date and time, with the fix spelled out where one is plain.
pub(crate) fn check(text: &str, field: &'static str) -> Option<Violation> {
    if parse(text).is_some() {
        return None;
    }
    let text_trimmed = text.trim();
    let upper = text_trimmed.to_ascii_uppercase().replace(' ', "T");
    let guesses = [upper.clone(), format!("{upper}Z"), format!("{upper}:00Z"), format!("{upper}T00:00:00Z")];
    let fix = guesses.into_iter().find(|guess| parse(guess).is_some()).map_or_else(
        || "Use a real date and time with a zone, such as 2026-01-31T00:00:00Z.".to_owned(),
        |guess| format!("Use {guess}."),
    );
    let message = format!("{text:?} is not an ISO 8601 date and time with a zone.");
    Some(Violation::new(RuleCode::NotADateTime, field, message, fix))
}

struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn byte(&mut self, expected: u8) -> Option<&mut Self> {
        (self.next()? == expected).then_some(self)
    }

    fn digit(&mut self) -> Option<i64> {
        let digit = self.next()?;
        digit.is_ascii_digit().then(|| i64::from(digit - b'0'))
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        (0..count).try_fold(0, |value, _| Some(value * 10 + self.digit()?))
    }

    /// The picoseconds of `.123`; none at all are zero.
    fn fraction(&mut self) -> Option<u64> {
        if self.0.first() != Some(&b'.') {
            return Some(0);
        }
        self.next()?;
        let (mut value, mut count) = (0, 0);
        while self.0.first().is_some_and(u8::is_ascii_digit) {
            value = value * 10 + u64::from(self.next()? - b'0');
            count += 1;
            if count > 12 {
                return None;
            }
        }
        (count > 0).then(|| value * 10_u64.pow(12 - count))
    }

    fn offset_minutes(&mut self) -> Option<i64> {
        let sign = match self.next()? {
            b'Z' => return Some(0),
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let hours = self.digits(2)?;
        let minutes = self.byte(b':')?.digits(2)?;
        // .NET, which reads it, allows offsets of up to 14 hours.
        (minutes <= 59 && hours * 60 + minutes <= 14 * 60).then_some(sign * (hours * 60 + minutes))
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days of the proleptic Gregorian calendar, with the year begun in March so that the leap day comes last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments() {
        for (text, unix_seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:34:56Z", 951_827_696),
            ("2026-01-31T00:00:00Z", 1_769_817_600),
            ("1969-12-31T23:59:59Z", -1),
            ("0001-01-01T00:00:00Z", -62_135_596_800),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] {
            assert_eq!(parse(text), Some(Moment { unix_seconds, picoseconds: 0 }), "{text}");
        }
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut expected = days_since_1970(1, 1, 1);
        for year in 1..=9999 {
            for month in 1..=12 {
                for day in 1..=days_in(year, month) {
                    assert_eq!(days_since_1970(year, month, day), expected, "{year}-{month}-{day}");
                    expected += 1;
                }
            }
        }
    }

    #[test]
    fn one_moment_in_many_spellings() {
        let moment = parse("2026-01-31T00:00:00Z").unwrap();
        for same in ["2026-01-31T00:00:00.0000000Z", "2026-01-31T01:30:00+01:30", "2026-01-30T10:00:00-14:00"]
        {
            assert_eq!(parse(same), Some(moment), "{same}");
        }
        assert_ne!(parse("2026-01-31T00:00:00.000000000001Z"), Some(moment));
    }

    #[test]
    fn what_is_no_moment() {
        for bad in [
            "",
            "2026-01-31",
            "2026-01-31T00:00:00",
            "2026-01-31T00:00Z",
            "2026-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "2026-01-31T24:00:00Z",
            "2026-01-31T00:60:00Z",
            "2026-01-31T00:00:60Z",
            "2026-01-31T00:00:00.Z",
            "2026-01-31T00:00:00.0000000000000Z",
            "2026-01-31T00:00:00+14:01",
            "2026-01-31T00:00:00+0100",
            "2026-01-31T00:00:00ZZ",
            " 2026-01-31T00:00:00Z",
            "31.01.2026",
            "２026-01-31T00:00:00Z",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_fix_spells_out_what_was_meant() {
        for (text, fix) in [
            ("2026-01-31", "Use 2026-01-31T00:00:00Z."),
            ("2026-01-31T08:00:00", "Use 2026-01-31T08:00:00Z."),
            ("2026-01-31 08:00", "Use 2026-01-31T08:00:00Z."),
            ("2026-01-31t08:00:00z ", "Use 2026-01-31T08:00:00Z."),
            ("2026-02-30", "Use a real date and time with a zone, such as 2026-01-31T00:00:00Z."),
        ] {
            assert_eq!(check(text, "employeeHireDate").unwrap().fix, fix, "{text}");
        }
    }
}
