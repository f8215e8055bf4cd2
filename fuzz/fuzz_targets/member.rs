//! Any text as the value of every member: dates, mail addresses, countries and what else has rules.
#![no_main]

use agentuser_core::model::{AgentUserPatch, Member, MemberValue};
use agentuser_core::validate::UsageLocation;
use serde_json::Value;

libfuzzer_sys::fuzz_target!(|text: &str| {
    for member in Member::ALL {
        let values = [
            AgentUserPatch::parse_text(*member, text),
            Some(MemberValue::Text(text.to_owned())),
            Some(MemberValue::Texts(text.split(';').map(str::to_owned).collect())),
        ];
        for value in values.into_iter().flatten() {
            match AgentUserPatch::parse([(*member, value)]) {
                Ok(patch) => accepted(*member, &patch),
                // A set's positions count within one of its values.
                Err(violations) => agentuser_fuzz::check_violations(&violations, member.name(), text),
            }
        }
    }
    if let Ok(location) = UsageLocation::parse(text) {
        assert!(location.as_str().len() == 2 && text.eq_ignore_ascii_case(location.as_str()), "{text:?}");
    }
});

/// A value that is accepted is accepted again in the form in which it is sent, and is not a change of itself.
fn accepted(member: Member, patch: &AgentUserPatch) {
    let json = patch.to_json();
    let value: MemberValue = serde_json::from_value(json[member.name()].clone()).expect("a value");
    let again = AgentUserPatch::parse([(member, value)]);
    assert_eq!(again.as_ref(), Ok(patch), "{member}");
    assert!(patch.changes_from(&json).is_empty(), "{member}: {} differs from itself", Value::Object(json));
}
