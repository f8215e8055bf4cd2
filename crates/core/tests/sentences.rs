//! Every text that people read is a sentence, so that a message and its fix can stand one after the other.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use agentuser_core::graph::Call;
use agentuser_core::http::{Headers, Response};
use agentuser_core::json;
use agentuser_core::model::{AgentUserPatch, Member, MemberValue, PermissionName, SponsorRef, UserRef};
use agentuser_core::problem::{Code, Problem, ProblemKind, explain, license_state, sign_in};
use agentuser_core::roster::{Roster, RosterSettings, Shard};
use agentuser_core::validate::{RuleCode, TenantFacts, Violation, object_id};
use proptest::prelude::*;
use serde_json::Value;

/// Why the text is not a sentence: a capital or a quoted value, and a full stop.
fn fault(text: &str) -> Option<&'static str> {
    let plain = text.replace("here is no ", "").replace("here are no ", "");
    let begins = |c: char| c.is_uppercase() || c.is_ascii_digit() || c == '"';
    match text.chars().next() {
        None => Some("is empty"),
        Some(first) if !begins(first) => Some("begins with a small letter"),
        _ if !text.ends_with(['.', '?', '…']) => Some("has no full stop"),
        _ if [" is no ", " are no ", "hoever "].iter().any(|odd| plain.contains(odd)) => {
            Some("is odd English")
        }
        _ => None,
    }
}

#[track_caller]
fn assert_sentence(text: &str) {
    assert_eq!(fault(text), None, "{text:?}");
}

#[track_caller]
fn assert_violation(violation: &Violation) {
    assert_sentence(&violation.message);
    assert_sentence(&violation.fix);
}

#[track_caller]
fn assert_problem(problem: &Problem) {
    for text in [problem.message(), problem.cause(), problem.fix()] {
        assert_sentence(text);
    }
    problem.violations().iter().for_each(assert_violation);
    problem.row_errors().iter().for_each(|error| {
        assert_violation(&error.violation);
        assert_sentence(&error.to_string());
    });
}

#[test]
fn the_tables() {
    for code in Code::ALL {
        let entry = code.entry();
        for text in [entry.meaning, entry.cause, entry.fix].into_iter().chain(entry.evidence) {
            assert_sentence(text);
            assert!(!text.ends_with(".."), "{text}");
        }
    }
    for rule in RuleCode::ALL {
        assert_sentence(rule.description());
    }
    for kind in ProblemKind::ALL {
        assert_sentence(kind.meaning());
    }
}

/// Members with values that break rules: of every kind, and texts of every shape.
fn members() -> impl Strategy<Value = (Member, MemberValue)> {
    let text = prop_oneof![
        any::<String>(),
        "[a-zA-Z.@ äß\\-]{0,20}",
        "[a-z.@ ]{0,80}@[a-z.\\-]{0,80}",
        Just("x".repeat(300)),
        Just(String::new()),
    ];
    let value = prop_oneof![
        text.clone().prop_map(MemberValue::Text),
        proptest::collection::vec(text, 0..300).prop_map(MemberValue::Texts),
        Just(MemberValue::Null),
        any::<bool>().prop_map(MemberValue::Flag),
    ];
    (proptest::sample::select(Member::ALL), value)
}

proptest! {
    #[test]
    fn what_is_said_of_members(values in proptest::collection::vec(members(), 1..4)) {
        if let Err(violations) = AgentUserPatch::parse(values) {
            violations.iter().for_each(assert_violation);
            assert_problem(&Problem::from_violations(violations));
        }
    }

    #[test]
    fn what_is_said_of_references(text in any::<String>()) {
        let mut violations: Vec<Violation> = Vec::new();
        violations.extend(object_id("identityParentId", &text).err());
        violations.extend(UserRef::parse(&text).err().unwrap_or_default());
        violations.extend(SponsorRef::parse(&format!("group:{text}")).err().unwrap_or_default());
        violations.extend(text.parse::<Shard>().err());
        violations.extend(PermissionName::parse(&text).err());
        let known = TenantFacts { verified_domains: Some(["contoso.com".to_owned()].into()) };
        violations.extend(known.check_upn(&format!("{text}@fabrikam.com")));
        violations.iter().for_each(assert_violation);
    }

    #[test]
    fn what_is_said_of_rosters(
        header in "([a-zA-Z]{0,12}|identityParentId|displayName|manager|sponsors|usageLocation|accountEnabled|,){1,10}",
        rows in "[a-z,;\n@.\"]{0,60}",
        json in "(\\{|\\}|\\[|\\]|,|:|\"displayName\"|\"x\"|1|true|null){0,12}",
    ) {
        let files = [format!("{header}\n{rows}"), format!("[{json}]"), format!("[{{{json}}}]"), rows];
        for file in files {
            if let Err(problem) = Roster::parse(file.as_bytes(), &RosterSettings::default()) {
                assert_problem(&problem);
            }
        }
    }

    #[test]
    fn what_is_said_of_answers(
        call in proptest::sample::select(Call::ALL),
        status in 300_u16..600,
        code in proptest::sample::select(&["Request_BadRequest", "Authorization_RequestDenied", "ObjectConflict", "x"][..]),
        message in any::<String>(),
    ) {
        let body = serde_json::json!({"error": {"code": code, "message": message}}).to_string();
        let response = Response { status, headers: Headers::new(), body: body.into() };
        for problem in [explain(call, &response), sign_in(&response), license_state(&message, "AGENT_365")] {
            assert_sentence(problem.cause());
            assert_sentence(problem.fix());
            // The message may end with Graph's own words.
            prop_assert!(problem.message().starts_with(char::is_uppercase), "{}", problem.message());
            prop_assert!(problem.message().ends_with(['.', '!', '?', '…']), "{}", problem.message());
        }
    }
}

/// Every message and fix that the bindings compare.
#[test]
fn the_shared_cases() {
    fn check(value: &Value, checked: &mut usize) {
        match value {
            Value::Object(members) => {
                if members.contains_key("fix") {
                    for name in ["message", "cause", "fix"] {
                        if let Some(Value::String(text)) = members.get(name) {
                            assert_sentence(text);
                            *checked += 1;
                        }
                    }
                }
                members.values().for_each(|value| check(value, checked));
            }
            Value::Array(values) => values.iter().for_each(|value| check(value, checked)),
            _ => {}
        }
    }
    let mut checked = 0;
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            check(&serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap(), &mut checked);
        }
    }
    assert!(checked > 200, "{checked}");
}

#[test]
fn input_of_the_json_tier() {
    for request in [
        "",
        "{",
        "[]",
        "{}",
        r#"{"member":"shoeSize","value":1}"#,
        r#"{"member":"city","value":1}"#,
        r#"{"agentUser":[]}"#,
        r#"{"agentUser":{"shoeSize":42,"city":{},"identityParentId":7}}"#,
        r#"{"displayName":""}"#,
        r#"{"displayName":"Ada","domain":"contoso"}"#,
        r#"{"call":"stealAgentUser","status":400}"#,
        r#"{"operation":"x"}"#,
        r#"{"operation":"update","user":"x","changes":{"city":{},"shoeSize":1}}"#,
        r#"{"cloud":"global","graphEndpoint":"http://x"}"#,
    ] {
        let request = request.as_bytes();
        let problems = [
            json::validate(request).err(),
            json::validate_member(request).err(),
            json::validate_roster(request, b"").err(),
            json::derive(request).err(),
            json::explain(request, b"").err(),
            json::OperationRequest::parse(request, Vec::new()).err(),
            json::Config::parse(request).err(),
        ];
        problems.iter().flatten().for_each(assert_problem);
    }
}

#[test]
fn a_host_s_words_get_their_full_stop() {
    let problem =
        Problem::new(Code::TokenMissing, "No token could be had: the door is shut").with_fix("Open it");
    assert_eq!(format!("{problem} {}", problem.fix()), "No token could be had: the door is shut. Open it.");
}
