//! A change of an agent user: only the members that were asked for.

use super::member_value::MemberValue;
use super::{Member, MemberName, Shape};
use crate::validate::{RuleCode, TenantFacts, Violation, date_time};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Values for some members of an agent user, every one checked. Other members stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgentUserPatch {
    values: BTreeMap<MemberName, MemberValue>,
    /// The other parts of properties that Graph writes as a whole, so that a change of one part does not lose
    /// them.
    kept: Map<String, Value>,
}

impl AgentUserPatch {
    /// Checks every value by its member's rules (docs/graph.md#properties, docs/graph.md#names, docs/graph.md#open-members).
    ///
    /// # Errors
    /// Every broken rule of every member, in the order given.
    pub fn parse<M: Into<MemberName>>(
        values: impl IntoIterator<Item = (M, MemberValue)>,
    ) -> Result<Self, Vec<Violation>> {
        let mut checked = BTreeMap::new();
        let mut broken = Vec::new();
        let mut given = Vec::new();
        for (member, value) in values {
            let member = member.into();
            if given.contains(&member) {
                let fix = format!("Give {member} once.");
                broken.push(Violation::new(
                    RuleCode::Repeated,
                    member.name().to_owned(),
                    "The member is given more than once.",
                    fix,
                ));
            }
            given.push(member.clone());
            match member.check(value) {
                Ok(value) => {
                    if let Entry::Vacant(entry) = checked.entry(member) {
                        entry.insert(value);
                    }
                }
                Err(mut violations) => broken.append(&mut violations),
            }
        }
        if broken.is_empty() { Ok(Self { values: checked, kept: Map::new() }) } else { Err(broken) }
    }

    /// The rules that these values break: those of their members, and those that need to know the tenant.
    #[must_use]
    pub fn check<M: Into<MemberName>>(
        values: impl IntoIterator<Item = (M, MemberValue)>,
        facts: &TenantFacts,
    ) -> Vec<Violation> {
        let mut of_tenant = Vec::new();
        let values =
            values.into_iter().map(|(member, value)| (member.into(), value)).inspect(|(member, value)| {
                if let (MemberName::Declared(Member::UserPrincipalName), MemberValue::Text(upn)) =
                    (member, value)
                {
                    of_tenant.extend(facts.check_upn(upn.trim()));
                }
            });
        let mut broken = Self::parse(values).err().unwrap_or_default();
        broken.append(&mut of_tenant);
        broken
    }

    /// A value as the text of a CSV cell or a flag: `true` or `false` in either case, a set split at `;`. An empty text
    /// means that none is given. A text that does not fit its member is kept, so that [`Self::parse`] reports it.
    #[must_use]
    pub fn parse_text(member: Member, text: &str) -> Option<MemberValue> {
        if text.is_empty() {
            return None;
        }
        Some(match member.shape() {
            Shape::Flag if text.trim().eq_ignore_ascii_case("true") => MemberValue::Flag(true),
            Shape::Flag if text.trim().eq_ignore_ascii_case("false") => MemberValue::Flag(false),
            Shape::Texts { .. } => {
                let texts: Vec<_> =
                    text.split(';').map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect();
                if texts.is_empty() {
                    return None;
                }
                MemberValue::Texts(texts)
            }
            _ => MemberValue::Text(text.to_owned()),
        })
    }

    /// The value that a member shall have, if it is in this patch.
    #[must_use]
    pub fn get(&self, member: impl Into<MemberName>) -> Option<&MemberValue> {
        self.values.get(&member.into())
    }

    /// The members and their values, in the order of [`Member::ALL`], the open ones last.
    pub fn iter(&self) -> impl Iterator<Item = (&MemberName, &MemberValue)> {
        self.values.iter()
    }

    /// Whether nothing is to be changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// How many members are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// The part that only an update can write: custom security attributes (docs/graph.md#open-members).
    pub(crate) fn after_create(&self) -> Self {
        let mut later = self.clone();
        later.values.retain(|member, _| is_after_create(member));
        later
    }

    /// The changes of both.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.values.extend(other.values);
        self.kept.extend(other.kept);
        self
    }

    /// The rest.
    pub(crate) fn at_create(mut self) -> Self {
        self.values.retain(|member, _| !is_after_create(member));
        self
    }

    /// The body of a PATCH.
    #[must_use]
    pub fn to_json(&self) -> Map<String, Value> {
        let mut body = self.kept.clone();
        for (member, value) in self.iter() {
            match member {
                MemberName::Declared(member) => {
                    body.insert(member.name().to_owned(), value.into());
                }
                MemberName::Open(member) => member.put(&mut body, value),
            }
        }
        body
    }

    /// The part of this patch that the object does not have yet. An absent member counts as null; sets are compared as sets,
    /// UPNs without regard to letter case, dates with times as moments.
    #[must_use]
    pub fn changes_from(&self, current: &Map<String, Value>) -> Self {
        let mut changes = self.clone();
        changes.values.retain(|member, value| match member {
            MemberName::Declared(declared) => {
                !holds(member, value, current.get(declared.name()).unwrap_or(&Value::Null))
            }
            MemberName::Open(open) => !holds(member, value, open.of(current)),
        });
        for member in changes.values.keys() {
            if let MemberName::Open(member) = member
                && member.is_written_whole()
                && let Some(Value::Object(has)) = current.get(member.property())
            {
                let mut kept = Map::new();
                for (name, value) in has.iter().filter(|(name, _)| !name.contains('@')) {
                    kept.insert(name.clone(), value.clone());
                }
                changes.kept.insert(member.property().to_owned(), Value::Object(kept));
            }
        }
        changes
    }
}

impl Serialize for AgentUserPatch {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

fn is_after_create(member: &MemberName) -> bool {
    matches!(member, MemberName::Open(member) if member.is_security_attribute())
}

/// Whether the current value already is the wanted one.
fn holds(member: &MemberName, wanted: &MemberValue, current: &Value) -> bool {
    match (wanted, current) {
        (MemberValue::Null, current) => current.is_null(),
        (MemberValue::Flag(wanted), Value::Bool(current)) => wanted == current,
        (MemberValue::Text(wanted), Value::String(current)) => {
            wanted == current
                || match member {
                    MemberName::Declared(member) if member.shape() == Shape::DateTime => {
                        let wanted = date_time::parse(wanted);
                        wanted.is_some() && wanted == date_time::parse(current)
                    }
                    MemberName::Declared(member) => {
                        *member == Member::UserPrincipalName && wanted.eq_ignore_ascii_case(current)
                    }
                    MemberName::Open(member) => member.is_same_text(wanted, current),
                }
        }
        (MemberValue::Number(wanted), Value::Number(current)) => current.as_i64() == Some(*wanted),
        (MemberValue::Numbers(wanted), Value::Array(current)) => {
            wanted.iter().all(|number| current.iter().any(|current| current.as_i64() == Some(*number)))
                && current.iter().all(|current| wanted.iter().any(|number| current.as_i64() == Some(*number)))
        }
        (MemberValue::Texts(wanted), Value::Null) => wanted.is_empty(),
        (MemberValue::Texts(wanted), Value::Array(current)) => {
            // The same set, in any order: there are a few entries.
            wanted.iter().all(|text| current.iter().any(|current| current.as_str() == Some(text)))
                && current.iter().all(|current| wanted.iter().any(|text| current.as_str() == Some(text)))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(text: &str) -> MemberValue {
        MemberValue::Text(text.to_owned())
    }

    fn texts(texts: &[&str]) -> MemberValue {
        MemberValue::Texts(texts.iter().map(|&t| t.to_owned()).collect())
    }

    fn codes(member: Member, value: MemberValue) -> Vec<RuleCode> {
        AgentUserPatch::parse([(member, value)])
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|v| v.code)
            .collect()
    }

    fn changed(member: Member, value: MemberValue, current: Value) -> bool {
        let patch = AgentUserPatch::parse([(member, value)]).unwrap();
        !patch.changes_from(current.as_object().unwrap()).is_empty()
    }

    #[test]
    fn every_length_at_the_limit_and_one_over() {
        for &member in Member::ALL {
            let Shape::Text(Some(limit)) = member.shape() else { continue };
            if matches!(member, Member::UserPrincipalName | Member::UsageLocation) {
                continue;
            }
            assert_eq!(codes(member, text(&"x".repeat(limit))), [], "{member}");
            assert_eq!(codes(member, text(&"x".repeat(limit + 1))), [RuleCode::ValueTooLong], "{member}");
        }
    }

    #[test]
    fn sets() {
        let mail = format!("{}@b.cc", "a".repeat(245));
        assert_eq!(codes(Member::OtherMails, MemberValue::Texts(vec![mail.clone(); 250])), []);
        assert_eq!(
            codes(Member::OtherMails, MemberValue::Texts(vec![mail.clone(); 251])),
            [RuleCode::TooManyValues]
        );
        assert_eq!(codes(Member::OtherMails, texts(&[&format!("a{mail}")])), [RuleCode::ValueTooLong]);
        assert_eq!(
            codes(Member::OtherMails, texts(&["é@b.c", "a"])),
            [RuleCode::MailCharacter, RuleCode::MailMissingAt]
        );
        assert_eq!(codes(Member::OtherMails, texts(&[])), []);
        assert_eq!(codes(Member::BusinessPhones, texts(&["1", "2"])), [RuleCode::TooManyValues]);
        assert_eq!(codes(Member::BusinessPhones, texts(&[""])), [RuleCode::Blank]);
    }

    #[test]
    fn only_what_can_be_cleared_may_be_null() {
        for &member in Member::ALL {
            let expected: &[RuleCode] = if member.clearable() { &[] } else { &[RuleCode::NotClearable] };
            assert_eq!(codes(member, MemberValue::Null), expected, "{member}");
        }
        let patch = AgentUserPatch::parse([
            (Member::OtherMails, MemberValue::Null),
            (Member::City, MemberValue::Null),
        ]);
        assert_eq!(Value::Object(patch.unwrap().to_json()), json!({"otherMails": [], "city": null}));
    }

    #[test]
    fn kinds_types_dates_and_addresses() {
        for &member in Member::ALL {
            let wrong = if member.shape() == Shape::Flag { text("maybe") } else { MemberValue::Flag(true) };
            assert_eq!(codes(member, wrong), [RuleCode::WrongKind], "{member}");
        }
        assert_eq!(codes(Member::UserType, text("Guest")), []);
        assert_eq!(codes(Member::UserType, text("guest")), [RuleCode::UserTypeUnknown]);
        assert_eq!(codes(Member::EmployeeHireDate, text("2026-02-28T00:00:00Z")), []);
        assert_eq!(codes(Member::EmployeeHireDate, text("2026-02-29T00:00:00Z")), [RuleCode::NotADateTime]);
        assert_eq!(codes(Member::Mail, text("zoë@contoso.com")), [RuleCode::MailCharacter]);
        assert_eq!(codes(Member::StreetAddress, text("1 Way\nTown")), []);
        assert_eq!(codes(Member::City, text("1 Way\nTown")), [RuleCode::ControlCharacter]);
        assert_eq!(codes(Member::City, text("")), [RuleCode::Blank]);
    }

    #[test]
    fn all_violations_at_once() {
        let broken = AgentUserPatch::parse([
            (Member::City, text("Oslo")),
            (Member::City, text("Bergen")),
            (Member::UsageLocation, text("UK")),
            (Member::AccountEnabled, MemberValue::Null),
        ])
        .unwrap_err();
        let found: Vec<_> = broken.iter().map(|v| (v.field.as_ref(), v.code)).collect();
        assert_eq!(
            found,
            [
                ("city", RuleCode::Repeated),
                ("usageLocation", RuleCode::UsageLocationUnknown),
                ("accountEnabled", RuleCode::NotClearable)
            ]
        );
    }

    #[test]
    fn values_from_text() {
        let parse = AgentUserPatch::parse_text;
        assert_eq!(parse(Member::AccountEnabled, " TRUE"), Some(MemberValue::Flag(true)));
        assert_eq!(parse(Member::AccountEnabled, "False"), Some(MemberValue::Flag(false)));
        assert_eq!(parse(Member::AccountEnabled, "yes"), Some(text("yes")));
        assert_eq!(parse(Member::OtherMails, "a@b.c; d@e.f;"), Some(texts(&["a@b.c", "d@e.f"])));
        assert_eq!(parse(Member::OtherMails, " ; "), None);
        assert_eq!(parse(Member::City, ""), None);
        assert_eq!(parse(Member::City, "a;b"), Some(text("a;b")));
    }

    #[test]
    fn only_differences_are_changes() {
        let date = "2026-01-31T00:00:00Z";
        for (member, value, current, expected) in [
            (Member::City, text("Oslo"), json!({}), true),
            (Member::City, text("Oslo"), json!({"city": "Oslo"}), false),
            (Member::City, text("Oslo"), json!({"city": "oslo"}), true),
            (Member::City, MemberValue::Null, json!({}), false),
            (Member::City, MemberValue::Null, json!({"city": "Oslo"}), true),
            (Member::AccountEnabled, MemberValue::Flag(false), json!({}), true),
            (Member::AccountEnabled, MemberValue::Flag(false), json!({"accountEnabled": false}), false),
            (Member::UserPrincipalName, text("A@b.c"), json!({"userPrincipalName": "a@B.c"}), false),
            (Member::MailNickname, text("A"), json!({"mailNickname": "a"}), true),
            (Member::UsageLocation, text("no"), json!({"usageLocation": "NO"}), false),
            (
                Member::OtherMails,
                texts(&["a@b.c", "d@e.f"]),
                json!({"otherMails": ["d@e.f", "a@b.c"]}),
                false,
            ),
            (Member::OtherMails, texts(&["a@b.c"]), json!({"otherMails": ["d@e.f", "a@b.c"]}), true),
            (Member::OtherMails, texts(&["a@b.c"]), json!({"otherMails": ["a@b.c", 1]}), true),
            (Member::OtherMails, MemberValue::Null, json!({"otherMails": []}), false),
            (Member::OtherMails, MemberValue::Null, json!({}), false),
            (Member::OtherMails, MemberValue::Null, json!({"otherMails": ["a@b.c"]}), true),
            (
                Member::EmployeeHireDate,
                text(date),
                json!({"employeeHireDate": "2026-01-31T00:00:00.0000000Z"}),
                false,
            ),
            (
                Member::EmployeeHireDate,
                text(date),
                json!({"employeeHireDate": "2026-01-31T01:00:00+01:00"}),
                false,
            ),
            (Member::EmployeeHireDate, text(date), json!({"employeeHireDate": "2026-01-31T00:00:01Z"}), true),
            (Member::EmployeeHireDate, text(date), json!({"employeeHireDate": "soon"}), true),
        ] {
            assert_eq!(
                changed(member, value.clone(), current.clone()),
                expected,
                "{member} {value:?} {current}"
            );
        }
    }

    #[test]
    fn json_is_the_body_of_a_patch() {
        let patch = AgentUserPatch::parse([
            (Member::UsageLocation, text("no")),
            (Member::AccountEnabled, MemberValue::Flag(false)),
        ])
        .unwrap();
        let body = json!({"accountEnabled": false, "usageLocation": "NO"});
        assert_eq!(Value::Object(patch.to_json()), body);
        assert_eq!(serde_json::to_value(&patch).unwrap(), body);
        let value: MemberValue = serde_json::from_value(json!(["a"])).unwrap();
        assert_eq!(value, texts(&["a"]));
        assert_eq!(serde_json::from_value::<MemberValue>(Value::Null).unwrap(), MemberValue::Null);
    }
}
