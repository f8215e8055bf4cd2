//! A member's value, and its check against the rules of that member.

use super::{Member, Shape};
use crate::validate::text::{self, Lines};
use crate::validate::transliterate::ascii;
use crate::validate::{
    DisplayName, MailNickname, RuleCode, Upn, UsageLocation, Violation, date_time, mail, not_a_value,
};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// A member's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum MemberValue {
    /// `true` or `false`.
    Flag(bool),
    /// A text, also one that is a date and time.
    Text(String),
    /// A set of texts.
    Texts(Vec<String>),
    /// A whole number, which open members alone can have.
    Number(i64),
    /// A set of whole numbers, which open members alone can have.
    Numbers(Vec<i64>),
    /// No value: clears the member.
    Null,
}

// By hand: serde's own reader buffers the value in a type of its own first, which is much code.
impl<'de> Deserialize<'de> for MemberValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wrong = || D::Error::custom("neither text, true, false, null nor an array of texts");
        Ok(match Value::deserialize(deserializer)? {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Flag(flag),
            Value::String(text) => Self::Text(text),
            Value::Array(values) => {
                let texts = values.into_iter().map(|value| match value {
                    Value::String(text) => Ok(text),
                    _ => Err(wrong()),
                });
                Self::Texts(texts.collect::<Result<_, _>>()?)
            }
            Value::Number(_) | Value::Object(_) => return Err(wrong()),
        })
    }
}

impl From<&MemberValue> for Value {
    fn from(value: &MemberValue) -> Self {
        match value {
            MemberValue::Flag(flag) => Self::Bool(*flag),
            MemberValue::Text(text) => Self::String(text.clone()),
            MemberValue::Texts(texts) => Self::from(texts.as_slice()),
            MemberValue::Number(number) => Self::from(*number),
            MemberValue::Numbers(numbers) => Self::from(numbers.as_slice()),
            MemberValue::Null => Self::Null,
        }
    }
}

/// Checks a trimmed value by the shape and length of a declared member (docs/graph.md#properties), and gives it in its
/// normal form: a usage location in upper case, a cleared set as a set of no values.
pub(super) fn declared_value(member: Member, value: MemberValue) -> Result<MemberValue, Vec<Violation>> {
    let texts = match &value {
        MemberValue::Text(text) => std::slice::from_ref(text),
        MemberValue::Texts(texts) => texts.as_slice(),
        _ => &[],
    };
    let no_values: Vec<_> = texts.iter().filter_map(|text| not_a_value(text, member.name())).collect();
    if !no_values.is_empty() {
        return Err(no_values);
    }
    match (member.shape(), value) {
        (shape, MemberValue::Null) if member.clearable() => Ok(match shape {
            Shape::Texts { .. } => MemberValue::Texts(Vec::new()),
            _ => MemberValue::Null,
        }),
        (_, MemberValue::Null) => Err(vec![not_clearable(member)]),
        (Shape::Flag, MemberValue::Flag(flag)) => Ok(MemberValue::Flag(flag)),
        (Shape::Text(limit), MemberValue::Text(text)) => one_text(member, limit, text).map(MemberValue::Text),
        (Shape::Texts { values, characters }, MemberValue::Texts(texts)) => {
            let broken = set(member, values, characters, &texts);
            if broken.is_empty() { Ok(MemberValue::Texts(texts)) } else { Err(broken) }
        }
        (Shape::DateTime, MemberValue::Text(text)) => match date_time::check(&text, member.name()) {
            None => Ok(MemberValue::Text(text)),
            Some(broken) => Err(vec![broken]),
        },
        (shape, other) => Err(vec![wrong_kind(member, shape, &other)]),
    }
}

/// The value without white space around its texts. A text of nothing else stays, to be reported as blank.
pub(super) fn trimmed(value: MemberValue) -> MemberValue {
    let trim = |text: String| match text.trim() {
        "" => text,
        trimmed if trimmed.len() == text.len() => text,
        trimmed => trimmed.to_owned(),
    };
    match value {
        MemberValue::Text(text) => MemberValue::Text(trim(text)),
        MemberValue::Texts(texts) => MemberValue::Texts(texts.into_iter().map(trim).collect()),
        other => other,
    }
}

fn one_text(member: Member, limit: Option<usize>, text: String) -> Result<String, Vec<Violation>> {
    let field = member.name();
    let mut broken = match member {
        Member::UserPrincipalName => return Upn::parse(&text).map(|_| text),
        Member::MailNickname => return MailNickname::parse(&text).map(|_| text),
        Member::DisplayName => return DisplayName::parse(&text).map(|_| text),
        Member::UsageLocation => return UsageLocation::parse(&text).map(|code| code.as_str().to_owned()),
        Member::UserType => user_type(&text).into_iter().collect(),
        Member::Mail => mail::check(&text, field),
        // An address may be written over several lines: an assumption.
        Member::StreetAddress => text::free_text(&text, Lines::Many, field),
        _ => text::free_text(&text, Lines::One, field),
    };
    if let [blank] = broken.as_mut_slice()
        && blank.code == RuleCode::Blank
        && member.clearable()
    {
        blank.fix = format!("Give {field} a text with visible characters, or null to clear it.");
    }
    broken.extend(limit.and_then(|limit| text::too_long(&text, limit, field)));
    if broken.is_empty() { Ok(text) } else { Err(broken) }
}

/// `Member` or `Guest` (docs/graph.md#properties), spelled exactly so.
fn user_type(text: &str) -> Option<Violation> {
    const TYPES: [&str; 2] = ["Member", "Guest"];
    if TYPES.contains(&text) {
        return None;
    }
    let fix = TYPES
        .iter()
        .find(|t| t.eq_ignore_ascii_case(text.trim()))
        .map_or_else(|| "Use Member or Guest.".to_owned(), |t| format!("Use {t}."));
    Some(Violation::new(RuleCode::UserTypeUnknown, "userType", format!("{text:?} is not a user type."), fix))
}

/// At most so many values, each of at most so many characters (docs/graph.md#properties). The values of `otherMails` are mail
/// addresses: an assumption.
fn set(member: Member, values: usize, characters: Option<usize>, texts: &[String]) -> Vec<Violation> {
    let field = member.name();
    if texts.is_empty() && !member.clearable() {
        return vec![not_clearable(member)];
    }
    let mut broken = Vec::new();
    if texts.len() > values {
        let message = format!("The set has {} values; the most is {values}.", texts.len());
        let fix = format!("Remove {} of them.", texts.len() - values);
        broken.push(Violation::new(RuleCode::TooManyValues, field, message, fix));
    }
    for (index, text) in texts.iter().enumerate() {
        let mut of_this = if member == Member::OtherMails {
            mail::check(text, field)
        } else {
            text::free_text(text, Lines::One, field)
        };
        of_this.extend(characters.and_then(|limit| text::too_long(text, limit, field)));
        if texts.len() > 1 {
            for violation in &mut of_this {
                violation.message = format!("Value {}: {}", index + 1, violation.message);
            }
        }
        broken.append(&mut of_this);
    }
    broken
}

/// The violation of docs/graph.md#properties, which says what cannot be null or cleared.
fn not_clearable(member: Member) -> Violation {
    let fix = format!("Leave {member} out to keep it, or give it a value.");
    Violation::new(RuleCode::NotClearable, member.name(), "The value cannot be cleared.", fix)
}

/// The fix for a flag as spreadsheets write it in other languages, or as people do.
fn meant_flag(value: &MemberValue) -> &'static str {
    let MemberValue::Text(text) = value else { return "Use true or false." };
    let plain = ascii(text.trim());
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(&plain));
    const TRUE: [&str; 17] = [
        "wahr",
        "vrai",
        "verdadero",
        "verdadeiro",
        "vero",
        "waar",
        "$true",
        "yes",
        "ja",
        "oui",
        "si",
        "sim",
        "1",
        "on",
        "enabled",
        "active",
        "aktiv",
    ];
    const FALSE: [&str; 15] = [
        "falsch", "faux", "falso", "onwaar", "$false", "no", "nein", "non", "nee", "nao", "0", "off",
        "disabled", "inactive", "inaktiv",
    ];
    if is(&TRUE) {
        "Use true."
    } else if is(&FALSE) {
        "Use false."
    } else {
        "Use true or false."
    }
}

fn wrong_kind(member: Member, shape: Shape, value: &MemberValue) -> Violation {
    let (expected, fix) = match shape {
        Shape::Flag => ("true or false", meant_flag(value)),
        Shape::Text(_) => ("a text", "Give one text."),
        Shape::Texts { .. } => ("a set of texts", "Give a list of texts."),
        Shape::DateTime => ("a date and time", "Use a text such as 2026-01-31T00:00:00Z."),
    };
    let message = match value {
        MemberValue::Text(text) => format!("{text:?} is not {expected}."),
        MemberValue::Flag(_) => format!("The value is true or false where {expected} is expected."),
        MemberValue::Texts(_) => format!("The value is a list where {expected} is expected."),
        MemberValue::Number(_) | MemberValue::Numbers(_) => {
            format!("The value is a number where {expected} is expected.")
        }
        MemberValue::Null => format!("The value is null where {expected} is expected."),
    };
    Violation::new(RuleCode::WrongKind, member.name(), message, fix)
}
