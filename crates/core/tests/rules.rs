//! The rules against a second, naive reading of them, and what must hold for every text.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use agentuser_core::model::{AgentUserPatch, Draft, Member, MemberValue};
use agentuser_core::validate::{
    COUNTRY_CODES, DisplayName, MailNickname, RuleCode, TenantFacts, Upn, UsageLocation, Violation, derive,
    object_id,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

type Broken = BTreeSet<(RuleCode, Option<usize>)>;

fn broken<T>(result: Result<T, Vec<Violation>>) -> Broken {
    result.err().unwrap_or_default().iter().map(|v| (v.code, v.position)).collect()
}

// The second reading: index by index over the characters, with nothing of the library's own.

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

fn naive_upn(text: &str) -> Broken {
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

fn naive_nickname(text: &str) -> Broken {
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

fn naive_free_text(text: &str, limit: usize) -> Broken {
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

/// `None` where the text is not a date and time with a zone; the moment as picoseconds since the year 1 otherwise.
fn naive_moment(text: &str) -> Option<i128> {
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

// Texts that come near the rules: mostly valid, with lengths about the limits and a little of everything else.

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "\\PC{0,80}", "[ -~]{0,140}", "(?s).{0,30}"]
}

fn upn_text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zA-Z0-9'._!#^~-]{0,8}(@|@@|)[a-z0-9-]{0,5}[.][a-z_.-]{0,4}",
        2 => "[a-z]{62,66}@[a-z]{42,46}[.]com",
        2 => "[a-z.]{1,4}@[a-z]{60,66}[.]?[a-z]{0,2}",
        2 => "[a-z .éß@&]{1,12}@[a-zé._@-]{0,12}",
        1 => any_text(),
    ]
}

fn nickname_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[.]?[a-zA-Z0-9._-]{0,12}",
        "[!-~]{0,70}",
        "[a-z]{62,66}",
        "[a-z é\\[\\]\t\u{7f}]{0,9}",
        any_text()
    ]
}

fn free_text() -> impl Strategy<Value = String> {
    prop_oneof!["[ a-zé]{0,9}", "[a-zé]{254,258}", "[ \t\u{a0}a\u{85}\0]{0,5}", any_text()]
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

/// A valid value for a member.
fn value_of(member: Member) -> BoxedStrategy<MemberValue> {
    let text = |strategy: BoxedStrategy<String>| strategy.prop_map(MemberValue::Text).boxed();
    let value = match member {
        Member::AccountEnabled => any::<bool>().prop_map(MemberValue::Flag).boxed(),
        Member::UserPrincipalName => text("[a-zA-Z0-9]{1,9}@[a-zA-Z]{1,5}[.]com".boxed()),
        Member::MailNickname => text("[a-zA-Z0-9]{1,9}".boxed()),
        Member::UsageLocation => {
            text(proptest::sample::select(COUNTRY_CODES.as_slice()).prop_map(|c| c.to_lowercase()).boxed())
        }
        Member::UserType => text("(Member|Guest)".boxed()),
        Member::Mail => text("[a-z]{1,5}@[a-z]{1,5}[.]com".boxed()),
        Member::OtherMails => {
            prop::collection::vec("[a-z]{1,2}@[ab][.]com", 0..5).prop_map(MemberValue::Texts).boxed()
        }
        Member::BusinessPhones => {
            prop::collection::vec("[0-9]{1,5}", 0..2).prop_map(MemberValue::Texts).boxed()
        }
        Member::EmployeeHireDate | Member::EmployeeLeaveDateTime => text(
            "20[0-9]{2}-0[1-9]-[012][1-8]T[01][0-9]:[0-5][0-9]:00([.][0-9]{1,7})?(Z|[+-]0[1-9]:30)".boxed(),
        ),
        _ => text("[a-zé]{1,16}".boxed()),
    };
    if member.clearable() { prop_oneof![4 => value, 1 => Just(MemberValue::Null)].boxed() } else { value }
}

fn patch() -> impl Strategy<Value = AgentUserPatch> {
    prop::sample::subsequence(Member::ALL, 0..=Member::ALL.len())
        .prop_flat_map(|members| members.into_iter().map(|m| (Just(m), value_of(m))).collect::<Vec<_>>())
        .prop_map(|values| AgentUserPatch::parse(values).unwrap())
}

fn applied(patch: &AgentUserPatch, to: &Map<String, Value>) -> Map<String, Value> {
    let mut object = to.clone();
    object.extend(patch.to_json());
    object
}

/// The same object in another of Graph's spellings: sets turned round, nulls and empty sets left out, letter case of the UPN turned,
/// seven digits after a whole second.
fn respelled(object: &Map<String, Value>) -> Map<String, Value> {
    let mut other = Map::new();
    for (name, value) in object {
        let value = match value {
            Value::Null => continue,
            Value::Array(values) if values.is_empty() => continue,
            Value::Array(values) => values.iter().rev().cloned().collect(),
            Value::String(text) if name == "userPrincipalName" => Value::from(text.to_uppercase()),
            Value::String(text) if name.contains("Date") && !text.contains('.') => {
                let (seconds, zone) = text.split_at(19);
                Value::from(format!("{seconds}.0000000{zone}"))
            }
            same => same.clone(),
        };
        other.insert(name.clone(), value);
    }
    other
}

/// The meaning of a member's value, in any spelling.
fn meaning(member: Member, value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "nothing".to_owned(),
        Some(Value::Array(values)) if values.is_empty() => "nothing".to_owned(),
        Some(Value::Array(values)) => {
            format!("{:?}", values.iter().map(Value::to_string).collect::<BTreeSet<_>>())
        }
        Some(Value::String(text)) if member == Member::UserPrincipalName => text.to_lowercase(),
        Some(Value::String(text)) if member.name().contains("Date") => {
            naive_moment(text).unwrap().to_string()
        }
        Some(other) => other.to_string(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

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
        prop_assert_eq!(broken(city), naive_free_text(&text, 128));
    }

    #[test]
    fn dates_by_the_second_reading(a in date_text(), b in date_text()) {
        let patch = |text: &str| {
            AgentUserPatch::parse([(Member::EmployeeHireDate, MemberValue::Text(text.to_owned()))])
        };
        prop_assert_eq!(patch(&a).is_ok(), naive_moment(&a).is_some(), "{}", a);
        if let (Ok(patch), Some(a), current) = (patch(&a), naive_moment(&a), json!({"employeeHireDate": b})) {
            let same = patch.changes_from(current.as_object().unwrap()).is_empty();
            prop_assert_eq!(same, Some(a) == naive_moment(&b));
        }
    }

    #[test]
    fn usage_locations_are_the_listed_codes(text in prop_oneof!["[a-zA-Z]{2}", any_text()]) {
        let listed = COUNTRY_CODES.iter().any(|code| code.to_lowercase() == text.to_ascii_lowercase());
        prop_assert_eq!(UsageLocation::parse(&text).is_ok(), listed);
        if let Ok(patch) = AgentUserPatch::parse([(Member::UsageLocation, MemberValue::Text(text.clone()))]) {
            prop_assert_eq!(&patch.to_json()["usageLocation"], &Value::from(text.to_uppercase()));
        }
    }

    #[test]
    fn every_violation_has_a_place_and_a_fix(text in prop_oneof![upn_text(), any_text()]) {
        let count = text.chars().count();
        let of_members = Member::ALL.iter().flat_map(|&member| {
            AgentUserPatch::parse([(member, MemberValue::Text(text.clone()))]).err().unwrap_or_default()
        });
        let in_sets = [Member::OtherMails, Member::BusinessPhones].into_iter().flat_map(|member| {
            AgentUserPatch::parse([(member, MemberValue::Texts(vec![text.clone()]))]).err().unwrap_or_default()
        });
        for violation in of_members.chain(in_sets).chain(object_id("id", &text).err()) {
            prop_assert!(violation.position.is_none_or(|p| p <= count), "{:?}", violation);
            prop_assert!(!violation.message.is_empty() && !violation.fix.is_empty());
        }
    }

    #[test]
    fn a_suggested_name_is_valid(text in prop_oneof![upn_text(), any_text()]) {
        for violation in Upn::parse(&text).err().unwrap_or_default() {
            if let Some((_, better)) = violation.fix.split_once("For example: ") {
                let better = better.strip_suffix('.').unwrap();
                prop_assert!(Upn::parse(better).is_ok(), "{}", better);
            }
        }
        for violation in MailNickname::parse(&text).err().unwrap_or_default() {
            if let Some(better) = violation.fix.strip_prefix("Use ") {
                let better = better.strip_suffix('.').unwrap();
                prop_assert!(MailNickname::parse(better).is_ok(), "{}", better);
            }
        }
    }

    #[test]
    fn the_letter_case_of_a_upn_does_not_count(name in "[a-zA-Z'.]{1,9}x@[a-zA-Z]{1,5}[.]com") {
        let (upn, upper) = (Upn::parse(&name).unwrap(), Upn::parse(&name.to_uppercase()).unwrap());
        prop_assert_eq!(&upn, &upper);
        prop_assert_eq!(upn.cmp(&upper), std::cmp::Ordering::Equal);
        prop_assert!(std::collections::HashSet::from([upn.clone()]).contains(&upper));
        prop_assert_eq!(upn.as_str(), &name);
        prop_assert_eq!(format!("{}@{}", upn.local_part(), upn.domain()), name);
    }

    #[test]
    fn derived_names_are_valid_stable_and_distinct(
        name in prop_oneof![any_text(), "[a-z0-9 ._-]{50,70}", "[12]{50,70}"],
        alternatives in prop::collection::btree_set(prop_oneof![1..200_u32, any::<u32>()], 1..6),
    ) {
        let mut seen = BTreeMap::new();
        for n in alternatives.into_iter().map(|n| n.max(1)) {
            let nickname = derive::mail_nickname(&name, n);
            prop_assert_eq!(naive_nickname(nickname.as_str()), Broken::new());
            prop_assert!(!nickname.as_str().ends_with('.'));
            prop_assert_eq!(&derive::mail_nickname(&name, n), &nickname);
            let domain = format!("{}.com", "d".repeat(44));
            let upn = derive::upn(&name, &domain, n).unwrap();
            prop_assert_eq!(naive_upn(upn.as_str()), Broken::new());
            if let Some(other) = seen.insert(nickname, n) {
                prop_assert_eq!(other, n);
            }
        }
    }

    #[test]
    fn a_draft_tells_all_or_makes_the_body(
        parent in prop_oneof![Just("0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f".to_owned()), any_text()],
        enabled in prop_oneof![Just("true".to_owned()), any_text()],
        name in free_text(),
        upn in upn_text(),
        nickname in nickname_text(),
    ) {
        let draft = Draft::new()
            .parent(parent.clone())
            .with_text(Member::AccountEnabled, &enabled)
            .with_text(Member::DisplayName, &name)
            .with_text(Member::UserPrincipalName, &upn)
            .with_text(Member::MailNickname, &nickname);
        let wrong = [
            ("identityParentId", parent.parse::<agentuser_core::ObjectId>().is_err()),
            ("accountEnabled", !["true", "false"].contains(&enabled.trim().to_lowercase().as_str())),
            ("displayName", name.is_empty() || !naive_free_text(&name, 256).is_empty()),
            ("userPrincipalName", !naive_upn(&upn).is_empty()),
            ("mailNickname", !nickname.is_empty() && !naive_nickname(&nickname).is_empty()),
        ];
        let expected: BTreeSet<_> = wrong.into_iter().filter(|(_, wrong)| *wrong).map(|(field, _)| field).collect();
        match draft.check(&TenantFacts::default()) {
            Err(broken) => {
                prop_assert!(!broken.is_empty());
                prop_assert_eq!(broken.iter().map(|v| v.field.as_ref()).collect::<BTreeSet<_>>(), expected);
            }
            Ok(new) => {
                prop_assert_eq!(expected, BTreeSet::new());
                let body = new.to_json();
                prop_assert_eq!(body.len(), 5);
                prop_assert_eq!(&body["userPrincipalName"], &Value::from(upn));
                prop_assert_eq!(naive_nickname(body["mailNickname"].as_str().unwrap()), Broken::new());
            }
        }
    }

    #[test]
    fn a_patch_that_is_applied_changes_nothing(patch in patch(), before in patch()) {
        let object = applied(&patch, &before.to_json());
        prop_assert!(patch.changes_from(&object).is_empty(), "{:?}", patch.changes_from(&object));
        let respelled = respelled(&object);
        prop_assert!(patch.changes_from(&respelled).is_empty(), "{:?}", patch.changes_from(&respelled));
    }

    #[test]
    fn the_changes_alone_are_enough(patch in patch(), before in patch()) {
        let before = before.to_json();
        let changes = patch.changes_from(&before);
        prop_assert!(patch.changes_from(&applied(&changes, &before)).is_empty());
        for (member, value) in patch.iter() {
            let same = meaning(member, before.get(member.name())) == meaning(member, Some(&Value::from(value)));
            prop_assert_eq!(changes.get(member), if same { None } else { Some(value) });
        }
        prop_assert!(changes.iter().all(|(member, _)| patch.get(member).is_some()));
    }

    #[test]
    fn a_checked_patch_is_stable(patch in patch()) {
        let again = AgentUserPatch::parse(patch.iter().map(|(m, v)| (m, v.clone()))).unwrap();
        prop_assert_eq!(&again, &patch);
        let read: BTreeMap<Member, MemberValue> = serde_json::from_value(Value::Object(patch.to_json())).unwrap();
        prop_assert_eq!(AgentUserPatch::parse(read).unwrap().to_json(), patch.to_json());
    }
}

#[test]
fn codes_are_named_and_described() {
    let mut names = BTreeSet::new();
    for code in RuleCode::ALL {
        assert!(names.insert(code.as_str()));
        assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        assert!(code.description().ends_with('.'));
    }
}
