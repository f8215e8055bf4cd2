//! The second reading: index by index over the characters, with nothing of the library's own.

use crate::common::{any_text, cases, free_text, nickname_text, upn_text};
use agentuser_core::model::{AgentUserPatch, Member, MemberValue};
use agentuser_core::validate::{
    COUNTRY_CODES, DisplayName, MailNickname, RuleCode, Upn, UsageLocation, Violation,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub type Broken = BTreeSet<(RuleCode, Option<usize>)>;

fn broken<T>(result: Result<T, Vec<Violation>>) -> Broken {
    result.err().unwrap_or_default().iter().map(|v| (v.code, v.position)).collect()
}

fn naive_domain(chars: &[char], start: usize, shape: RuleCode, out: &mut Broken) {
    if start == chars.len() {
        out.insert((shape, Some(start)));
        return;
    }
    let mut dots = 0;
    for i in start..chars.len() {
        let first = i == start || chars[i - 1] == '.';
        let last = i + 1 == chars.len() || chars[i + 1] == '.';
        match chars[i] {
            '.' => {
                dots += 1;
                if first {
                    out.insert((shape, Some(i)));
                }
                if i + 1 == chars.len() {
                    out.insert((shape, Some(i + 1)));
                }
            }
            '-' if first || last => {
                out.insert((shape, Some(i)));
            }
            _ => {}
        }
        if i >= start + 63 && !chars[i - 63..=i].contains(&'.') && (i == start + 63 || chars[i - 64] == '.') {
            out.insert((shape, Some(i)));
        }
    }
    if dots == 0 {
        out.insert((shape, Some(start)));
    }
}

fn first_of_each(chars: &[char], range: std::ops::Range<usize>, bad: impl Fn(char) -> bool) -> Vec<usize> {
    range.clone().filter(|&i| bad(chars[i]) && !chars[range.start..i].contains(&chars[i])).collect()
}

pub fn naive_upn(text: &str) -> Broken {
    const ALLOWED: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'.-_!#^~";
    const IN_DOMAIN: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-";
    let chars: Vec<char> = text.chars().collect();
    let mut out = Broken::new();
    if chars.is_empty() {
        return Broken::from([(RuleCode::Required, None)]);
    }
    for i in first_of_each(&chars, 0..chars.len(), |c| c != '@' && !ALLOWED.contains(c)) {
        out.insert((RuleCode::UpnCharacter, Some(i)));
    }
    if chars.len() > 113 {
        out.insert((RuleCode::UpnTooLong, Some(113)));
    }
    let ats: Vec<usize> = (0..chars.len()).filter(|&i| chars[i] == '@').collect();
    let local_end = ats.first().copied().unwrap_or(chars.len());
    if local_end == 0 {
        out.insert((RuleCode::UpnLocalPartEmpty, Some(0)));
    }
    if local_end > 64 {
        out.insert((RuleCode::UpnLocalPartTooLong, Some(64)));
    }
    if ats.len() > 1 {
        out.insert((RuleCode::UpnTwoAts, Some(ats[1])));
    }
    let Some(&last) = ats.last() else {
        out.insert((RuleCode::UpnMissingAt, None));
        return out;
    };
    if local_end > 0 && chars[local_end - 1] == '.' {
        out.insert((RuleCode::UpnDotBeforeAt, Some(local_end - 1)));
    }
    if chars.len() - last - 1 > 48 {
        out.insert((RuleCode::UpnDomainTooLong, Some(last + 49)));
    }
    for i in first_of_each(&chars, last + 1..chars.len(), |c| ALLOWED.contains(c) && !IN_DOMAIN.contains(c)) {
        out.insert((RuleCode::UpnDomainShape, Some(i)));
    }
    naive_domain(&chars, last + 1, RuleCode::UpnDomainShape, &mut out);
    out
}

pub fn naive_nickname(text: &str) -> Broken {
    let chars: Vec<char> = text.chars().collect();
    if chars.is_empty() {
        return Broken::from([(RuleCode::Required, None)]);
    }
    let bad = |c: char| {
        let code = c as u32;
        code <= 32
            || code >= 127
            || ['@', '(', ')', '\\', '/', '[', ']', '"', '\'', ';', ':', '<', '>', ','].contains(&c)
    };
    let mut out: Broken = first_of_each(&chars, 0..chars.len(), bad)
        .into_iter()
        .map(|i| (RuleCode::MailNicknameCharacter, Some(i)))
        .collect();
    if chars[0] == '.' {
        out.insert((RuleCode::MailNicknameLeadingDot, Some(0)));
    }
    if chars.len() > 64 {
        out.insert((RuleCode::ValueTooLong, Some(64)));
    }
    out
}

pub fn naive_free_text(text: &str, limit: usize) -> Broken {
    let chars: Vec<char> = text.chars().collect();
    let too_long = (chars.len() > limit).then_some((RuleCode::ValueTooLong, Some(limit)));
    if chars.iter().all(|c| c.is_whitespace()) {
        return [(RuleCode::Blank, None)].into_iter().chain(too_long).collect();
    }
    let mut out: Broken =
        first_of_each(&chars, 0..chars.len(), |c| (c as u32) < 32 || (127..160).contains(&(c as u32)))
            .into_iter()
            .map(|i| (RuleCode::ControlCharacter, Some(i)))
            .chain(too_long)
            .collect();
    let last = chars.len() - 1;
    if chars[0].is_whitespace() {
        out.insert((RuleCode::SurroundingWhiteSpace, Some(0)));
    } else if chars[last].is_whitespace() {
        let end = (0..=last).rev().find(|&i| !chars[i].is_whitespace()).unwrap();
        out.insert((RuleCode::SurroundingWhiteSpace, Some(end + 1)));
    }
    out
}

/// A member's text without the white space around it; a text of nothing else as it is.
pub fn taken(text: &str) -> &str {
    if text.chars().all(char::is_whitespace) { text } else { text.trim() }
}

/// `None` where the text is not a date and time with a zone; the moment as picoseconds since the year 1 otherwise.
pub fn naive_moment(text: &str) -> Option<i128> {
    let chars: Vec<char> = text.chars().collect();
    let number = |from: usize, to: usize| -> Option<i128> {
        let part: String = chars.get(from..to)?.iter().collect();
        if part.chars().all(|c| c.is_ascii_digit()) { part.parse().ok() } else { None }
    };
    for (at, c) in [(4, '-'), (7, '-'), (10, 'T'), (13, ':'), (16, ':')] {
        if *chars.get(at)? != c {
            return None;
        }
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let leap = |year: i128| year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
    let lengths = |year| [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if year == 0 || month == 0 || month > 12 || day == 0 || day > lengths(year)[month as usize - 1] {
        return None;
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut at = 19;
    let mut picoseconds = 0;
    if *chars.get(at)? == '.' {
        let end = (20..chars.len()).find(|&i| !chars[i].is_ascii_digit())?;
        if end == 20 || end > 32 {
            return None;
        }
        picoseconds = number(20, end)? * 10_i128.pow(32 - end as u32);
        at = end;
    }
    let offset = match *chars.get(at)? {
        'Z' if chars.len() == at + 1 => 0,
        sign @ ('+' | '-') if chars.len() == at + 6 && chars[at + 3] == ':' => {
            let (hours, minutes) = (number(at + 1, at + 3)?, number(at + 4, at + 6)?);
            if minutes > 59 || hours * 60 + minutes > 840 {
                return None;
            }
            (hours * 60 + minutes) * if sign == '+' { 1 } else { -1 }
        }
        _ => return None,
    };
    let years: i128 = (1..year).map(|y| if leap(y) { 366 } else { 365 }).sum();
    let months: i128 = lengths(year)[..month as usize - 1].iter().sum();
    let minutes = ((years + months + day - 1) * 24 + hour) * 60 + minute - offset;
    Some((minutes * 60 + second) * 1_000_000_000_000 + picoseconds)
}

fn date_text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "(0000|0001|1900|2000|202[3-8]|9999)-(0[0-9]|1[0-3])-(0[01]|2[89]|3[0-2])T(0[09]|2[34]):([05][09]|60):([05][09]|60)([.][0-9]{1,14})?(Z|[+-](0[0-9]|1[0-5]):([05]0|60))",
        // Few enough that two of them are often the same moment, about the days where leap years differ.
        4 => "(1900|2000)-0(2-2[89]|3-01)T0[01]:00:00([.]50?|[.]0)?(Z|[+-]01:00)",
        1 => "2026-0[1-3]-[0-3][0-9](T00:00:00)?Z?",
        1 => any_text(),
    ]
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn upns_by_the_second_reading(text in upn_text()) {
        prop_assert_eq!(broken(Upn::parse(&text)), naive_upn(&text));
    }

    #[test]
    fn nicknames_by_the_second_reading(text in nickname_text()) {
        prop_assert_eq!(broken(MailNickname::parse(&text)), naive_nickname(&text));
    }

    #[test]
    fn display_names_by_the_second_reading(text in free_text()) {
        let expected = if text.is_empty() { [(RuleCode::Required, None)].into() } else { naive_free_text(&text, 256) };
        prop_assert_eq!(broken(DisplayName::parse(&text)), expected);
        let city = AgentUserPatch::parse([(Member::City, MemberValue::Text(text.clone()))]);
        let city = broken(city);
        // Texts that programs write instead of a value have a test of their own.
        prop_assume!(city.iter().all(|(code, _)| *code != RuleCode::NotAValue));
        prop_assert_eq!(city, naive_free_text(taken(&text), 128));
    }

    #[test]
    fn dates_by_the_second_reading(a in date_text(), b in date_text()) {
        let patch = |text: &str| {
            AgentUserPatch::parse([(Member::EmployeeHireDate, MemberValue::Text(text.to_owned()))])
        };
        prop_assert_eq!(patch(&a).is_ok(), naive_moment(taken(&a)).is_some(), "{}", a);
        if let (Ok(patch), Some(a), current) = (patch(&a), naive_moment(taken(&a)), json!({"employeeHireDate": b})) {
            let same = patch.changes_from(current.as_object().unwrap()).is_empty();
            prop_assert_eq!(same, Some(a) == naive_moment(&b));
        }
    }

    #[test]
    fn usage_locations_are_the_listed_codes(text in prop_oneof!["[a-zA-Z]{2}", any_text()]) {
        let listed = COUNTRY_CODES.iter().any(|code| code.to_lowercase() == text.to_ascii_lowercase());
        prop_assert_eq!(UsageLocation::parse(&text).is_ok(), listed);
        if let Ok(patch) = AgentUserPatch::parse([(Member::UsageLocation, MemberValue::Text(text.clone()))]) {
            prop_assert_eq!(&patch.to_json()["usageLocation"], &Value::from(text.trim().to_uppercase()));
        }
    }
}
