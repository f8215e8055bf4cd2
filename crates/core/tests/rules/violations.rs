//! The texts of violations; a draft reports all of them.

use crate::common::{any_text, cases, free_text, nickname_text, upn_text};
use crate::second_reading::{Broken, naive_free_text, naive_nickname, naive_upn, taken};
use agentuser_core::model::{AgentUserPatch, Draft, Member, MemberValue};
use agentuser_core::validate::{RuleCode, TenantFacts, object_id};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

proptest! {
    #![proptest_config(cases())]

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
            ("identityParentId", parent.trim().parse::<agentuser_core::ObjectId>().is_err()),
            ("accountEnabled", !["true", "false"].contains(&enabled.trim().to_lowercase().as_str())),
            ("displayName", name.is_empty() || !naive_free_text(taken(&name), 256).is_empty()),
            ("userPrincipalName", !naive_upn(taken(&upn)).is_empty()),
            ("mailNickname", !nickname.is_empty() && !naive_nickname(taken(&nickname)).is_empty()),
        ];
        let expected: BTreeSet<_> = wrong.into_iter().filter(|(_, wrong)| *wrong).map(|(field, _)| field).collect();
        match draft.check(&TenantFacts::default()) {
            Err(broken) => {
                prop_assert!(!broken.is_empty());
                // Texts that programs write instead of a value have a test of their own.
                prop_assume!(broken.iter().all(|violation| violation.code != RuleCode::NotAValue));
                prop_assert_eq!(broken.iter().map(|v| v.field.as_ref()).collect::<BTreeSet<_>>(), expected);
            }
            Ok(new) => {
                prop_assert_eq!(expected, BTreeSet::new());
                let body = new.to_json();
                prop_assert_eq!(body.len(), 5);
                prop_assert_eq!(&body["userPrincipalName"], &Value::from(upn.trim()));
                prop_assert_eq!(naive_nickname(body["mailNickname"].as_str().unwrap()), Broken::new());
            }
        }
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
