//! Dates with times, as OData writes an `Edm.DateTimeOffset`.
//!
//! The crates for dates stop at nine digits of a fraction of a second, where OData allows twelve, and know no limit of an
//! offset, where .NET, which reads it in Graph, takes 14 hours at most.

use super::{RuleCode, Violation};
use crate::utc::Utc;

/// A moment, exact to the twelve digits that OData allows in a fraction of a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    unix_seconds: i64,
    picoseconds: u64,
}

impl Moment {
    /// The seconds since 1970.
    pub(crate) const fn unix_seconds(self) -> i64 {
        self.unix_seconds
    }
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
    let trimmed = text.trim();
    let upper = trimmed.to_ascii_uppercase().replace(' ', "T");
    let guesses = [upper.clone(), format!("{upper}Z"), format!("{upper}:00Z"), format!("{upper}T00:00:00Z")];
    let plain = guesses.into_iter().find(|guess| parse(guess).is_some());
    let plain = plain.or_else(|| milliseconds(trimmed));
    let day = day_number(trimmed);
    let what = if day.is_some() { "a day as spreadsheets count them, not" } else { "not" };
    let message = format!("{text:?} is {what} an ISO 8601 date and time with a zone.");
    let fix = match (plain.or(day), readings(trimmed).as_slice()) {
        (Some(guess), _) => format!("Use {guess}."),
        (None, [(_, guess)]) => format!("Use {guess}."),
        (None, []) => "Use a real date and time with a zone, such as 2026-01-31T00:00:00Z.".to_owned(),
        (None, several) => {
            let each: Vec<String> =
                several.iter().map(|(first, guess)| format!("{guess} if the {first} stands first")).collect();
            format!("Use {}.", each.join(", or "))
        }
    };
    Some(Violation::new(RuleCode::NotADateTime, field, message, fix))
}

/// The moment of `/Date(1769817600000)/`, which Windows PowerShell's ConvertTo-Json writes (docs/graph.md#files).
fn milliseconds(text: &str) -> Option<String> {
    let number = text.strip_prefix("/Date(")?.strip_suffix(")/")?;
    let number = number.split_once('+').map_or(number, |(number, _)| number);
    written(number.parse::<i64>().ok()?.div_euclid(1000))
}

/// The moment of `46053` or `46053.5`: days since 30 December 1899, as Excel counts them (docs/graph.md#files). Numbers of
/// other years than 1954 to 2118 are not taken for days.
fn day_number(text: &str) -> Option<String> {
    let (days, part) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let days = days.parse::<i64>().ok().filter(|days| days_of_serials(*days))?;
    let scale =
        10_i64.checked_pow(u32::try_from(part.len()).ok()?).filter(|scale| *scale <= 1_000_000_000)?;
    let part = part.parse::<u32>().ok()?;
    written((days - 25_569) * DAY + (i64::from(part) * DAY + scale / 2) / scale)
}

const DAY: i64 = 24 * 60 * 60;

const fn days_of_serials(days: i64) -> bool {
    days >= 20_000 && days < 80_000
}

/// A second since 1970 as it is to be written.
fn written(second: i64) -> Option<String> {
    let text = Utc(second.checked_mul(1000)?).to_string().replace(".000Z", "Z");
    parse(&text).is_some().then_some(text)
}

/// The dates that a text may mean which spreadsheets, PowerShell or people wrote: each with its part that stands first.
fn readings(text: &str) -> Vec<(&'static str, String)> {
    let Some((parts, separator, time)) = date_parts(text) else { return Vec::new() };
    let Some(time) = time_of_day(time) else { return Vec::new() };
    let [a, b, c] = parts;
    let is_year = |part: &str| part.len() == 4;
    let mut orders = Vec::new();
    if is_year(a) {
        orders.push(("year", [a, b, c]));
    } else if month_by_name(a).is_some() {
        orders.push(("month", [c, a, b]));
    } else if separator == '.' || month_by_name(b).is_some() {
        orders.push(("day", [c, b, a]));
    } else {
        orders.extend([("month", [c, a, b]), ("day", [c, b, a])]);
        if separator == '-' && !is_year(c) {
            orders.push(("year", [a, b, c]));
        }
    }
    let mut found: Vec<(&str, String)> = Vec::new();
    for (first, [year, month, day]) in orders {
        let Some(month) = month_by_name(month).or_else(|| month.parse().ok()) else { continue };
        let (Ok(year), Ok(day)) = (year.parse::<u32>(), day.parse::<u32>()) else { continue };
        let year = if year < 100 { year + 2000 } else { year };
        let guess = format!("{year:04}-{month:02}-{day:02}T{time}");
        if parse(&guess).is_some() && found.iter().all(|(_, other)| *other != guess) {
            found.push((first, guess));
        }
    }
    found
}

/// The three parts of a date, what separates the first two, and the text after them. A day of the week may stand first.
fn date_parts(text: &str) -> Option<([&str; 3], char, &str)> {
    let (first, after) = word(text)?;
    let is_weekday = !first.starts_with(|c: char| c.is_ascii_digit()) && month_by_name(first).is_none();
    let (a, after_a) = word(if is_weekday { after } else { text })?;
    let (b, after_b) = word(after_a)?;
    let (c, rest) = word(after_b)?;
    Some(([a, b, c], after_a.chars().next()?, rest))
}

/// The first run of digits or of letters, and the text after it.
fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches(|c: char| matches!(c, '.' | '/' | '-' | ',') || c.is_whitespace());
    let is_number = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text.find(|c: char| c.is_ascii_digit() != is_number || !c.is_alphanumeric());
    let (word, rest) = text.split_at(end.unwrap_or(text.len()));
    (!word.is_empty()).then_some((word, rest))
}

/// The number of a month by its English or German name, or the first three letters of it.
fn month_by_name(word: &str) -> Option<u32> {
    let word: String = word.chars().take(3).flat_map(char::to_lowercase).collect();
    let names = [
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "jan feb mär apr mai jun jul aug sep okt nov dez",
    ];
    let number = names.iter().find_map(|names| names.split(' ').position(|name| name == word))?;
    u32::try_from(number + 1).ok()
}

/// `hh:mm:ss` and the zone of `8:00`, `8:00:00 PM` or `08:00 +0100`; midnight of nothing.
fn time_of_day(text: &str) -> Option<String> {
    let text =
        text.trim_start_matches(|c: char| matches!(c, 'T' | 't' | ',') || c.is_whitespace()).trim_end();
    if text.is_empty() {
        return Some("00:00:00Z".to_owned());
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(text.len());
    let (clock, rest) = text.split_at(end);
    let mut numbers = clock.split(':').map(str::parse::<u32>);
    let (hour, minute) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    let second = numbers.next().unwrap_or(Ok(0)).ok()?;
    let rest: String = rest.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
    let rest = rest.to_ascii_uppercase();
    let (hour, zone) = match (rest.strip_prefix("AM"), rest.strip_prefix("PM")) {
        (Some(zone), _) => (hour % 12, zone),
        (_, Some(zone)) => (hour % 12 + 12, zone),
        _ => (hour, &*rest),
    };
    let zone = match zone {
        "" | "Z" | "UTC" | "GMT" => "Z".to_owned(),
        zone => format!("{}:{}", zone.get(..3)?, zone.get(3..)?),
    };
    Some(format!("{hour:02}:{minute:02}:{second:02}{zone}"))
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
    fn seconds_are_written_as_they_are_read() {
        for second in [0, -1, 1_769_817_600, 951_827_696, 4_102_444_799, -62_135_596_800, 253_402_300_799] {
            let text = written(second).unwrap();
            assert_eq!(parse(&text).unwrap().unix_seconds, second, "{text}");
        }
        for odd in [i64::MIN, i64::MAX, 253_402_300_800, -62_135_596_801] {
            assert_eq!(written(odd), None, "{odd}");
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
            // As spreadsheets, PowerShell and people write it.
            ("31.01.2026", "Use 2026-01-31T00:00:00Z."),
            ("31.1.26", "Use 2026-01-31T00:00:00Z."),
            ("31.01.2026 08:30", "Use 2026-01-31T08:30:00Z."),
            ("31.01.2026 00:00:00 +01:00", "Use 2026-01-31T00:00:00+01:00."),
            ("1/31/2026", "Use 2026-01-31T00:00:00Z."),
            ("31/01/2026", "Use 2026-01-31T00:00:00Z."),
            ("1/31/2026 8:30:00\u{202f}PM", "Use 2026-01-31T20:30:00Z."),
            ("01/31/2026 12:00:00 AM", "Use 2026-01-31T00:00:00Z."),
            ("1/1/2026", "Use 2026-01-01T00:00:00Z."),
            (
                "1/2/2026",
                "Use 2026-01-02T00:00:00Z if the month stands first, or 2026-02-01T00:00:00Z if the day stands first.",
            ),
            (
                "26-01-31",
                "Use 2031-01-26T00:00:00Z if the day stands first, or 2026-01-31T00:00:00Z if the year stands first.",
            ),
            ("2026/01/31", "Use 2026-01-31T00:00:00Z."),
            ("2026-1-31", "Use 2026-01-31T00:00:00Z."),
            ("2026-01-31T08:00:00+0100", "Use 2026-01-31T08:00:00+01:00."),
            ("31-Jan-26", "Use 2026-01-31T00:00:00Z."),
            ("31. März 2026", "Use 2026-03-31T00:00:00Z."),
            ("Saturday, January 31, 2026 8:00 AM", "Use 2026-01-31T08:00:00Z."),
            ("46053", "Use 2026-01-31T00:00:00Z."),
            ("46053.75", "Use 2026-01-31T18:00:00Z."),
            ("46053,333333333", "Use 2026-01-31T08:00:00Z."),
            ("/Date(1769817600000)/", "Use 2026-01-31T00:00:00Z."),
            ("/Date(1769817600000+0100)/", "Use 2026-01-31T00:00:00Z."),
            ("31.02.2026", "Use a real date and time with a zone, such as 2026-01-31T00:00:00Z."),
            ("12345", "Use a real date and time with a zone, such as 2026-01-31T00:00:00Z."),
            ("2026", "Use a real date and time with a zone, such as 2026-01-31T00:00:00Z."),
            ("tomorrow", "Use a real date and time with a zone, such as 2026-01-31T00:00:00Z."),
            ("Monday", "Use a real date and time with a zone, such as 2026-01-31T00:00:00Z."),
            ("1/2/3/4", "Use a real date and time with a zone, such as 2026-01-31T00:00:00Z."),
            ("31.01.2026 at noon", "Use a real date and time with a zone, such as 2026-01-31T00:00:00Z."),
        ] {
            assert_eq!(check(text, "employeeHireDate").unwrap().fix, fix, "{text}");
        }
    }
}
