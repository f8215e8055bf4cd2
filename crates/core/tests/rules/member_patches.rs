//! Patches: what they change of an object, in any of its spellings.

use crate::common::cases;
use crate::second_reading::naive_moment;
use agentuser_core::model::{AgentUserPatch, Member, MemberName, MemberValue};
use agentuser_core::validate::COUNTRY_CODES;
use proptest::prelude::*;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A valid value for a member.
fn value_of(member: Member) -> BoxedStrategy<MemberValue> {
    let text = |strategy: BoxedStrategy<String>| strategy.prop_map(MemberValue::Text).boxed();
    let value = match member {
        Member::AccountEnabled => any::<bool>().prop_map(MemberValue::Flag).boxed(),
        Member::UserPrincipalName => text("[a-zA-Z0-9]{1,9}@[a-zA-Z]{1,5}[.]com".boxed()),
        // The last letter makes no word of it that stands for no value, such as null.
        Member::MailNickname => text("[a-zA-Z0-9]{0,8}x".boxed()),
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
        _ => text("[a-zé]{0,15}é".boxed()),
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
fn meaning(member: &MemberName, value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "nothing".to_owned(),
        Some(Value::Array(values)) if values.is_empty() => "nothing".to_owned(),
        Some(Value::Array(values)) => {
            format!("{:?}", values.iter().map(Value::to_string).collect::<BTreeSet<_>>())
        }
        Some(Value::String(text)) if *member == Member::UserPrincipalName => text.to_lowercase(),
        Some(Value::String(text)) if member.name().contains("Date") => {
            naive_moment(text).unwrap().to_string()
        }
        Some(other) => other.to_string(),
    }
}

proptest! {
    #![proptest_config(cases())]

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
            prop_assert_eq!(changes.get(member.clone()), if same { None } else { Some(value) });
        }
        prop_assert!(changes.iter().all(|(member, _)| patch.get(member.clone()).is_some()));
    }

    #[test]
    fn a_checked_patch_is_stable(patch in patch()) {
        let again = AgentUserPatch::parse(patch.iter().map(|(m, v)| (m.clone(), v.clone()))).unwrap();
        prop_assert_eq!(&again, &patch);
        let read: BTreeMap<Member, MemberValue> = serde_json::from_value(Value::Object(patch.to_json())).unwrap();
        prop_assert_eq!(AgentUserPatch::parse(read).unwrap().to_json(), patch.to_json());
    }
}
