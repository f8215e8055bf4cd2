//! Files that may be rosters.

use crate::common::cases;
use agentuser_core::problem::Code;
use agentuser_core::roster::{Roster, RosterSettings};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A file that is nearly a roster: cells and separators in any order.
fn nearly_a_roster() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        Just("identityParentId"),
        Just("displayName"),
        Just("userPrincipalName"),
        Just("mailNickname"),
        Just("manager"),
        Just("sponsors"),
        Just("licenses"),
        Just("accountEnabled"),
        Just("a1d00000-0000-4000-8000-000000000001"),
        Just("A1D00000-0000-4000-8000-000000000001"),
        Just("a1d00000-0000-4000-8000-000000000002"),
        Just("a@b.cc"),
        Just("A@B.cc"),
        Just("Zoë"),
        Just("true"),
        Just(","),
        Just(","),
        Just(","),
        Just(";"),
        Just("\t"),
        Just("\n"),
        Just("\n"),
        Just("\r\n"),
        Just("\r"),
        Just("\""),
        Just(" "),
        Just("["),
        Just("{"),
        Just("}"),
        Just("]"),
        Just(":"),
        Just("\u{feff}"),
        Just("\0"),
    ];
    vec(word, 0..40).prop_map(|words| words.concat().into_bytes())
}

/// A file with a good header whose rows may agree in what must differ.
fn rows_that_may_clash() -> impl Strategy<Value = Vec<u8>> {
    let row = (
        0..6_u8,
        "[ab]{1}[12]?",
        prop_oneof![Just(String::new()), "[abAB]@x\\.yy"],
        prop_oneof![Just(""), Just("a"), Just("A"), Just("b")],
    );
    vec(row, 1..5).prop_map(|rows| {
        let lines = rows.into_iter().map(|(parent, name, upn, nickname)| {
            let id = format!("a1d00000-0000-4000-8000-00000000000{parent}");
            let id = if name.len() > 1 { id.to_uppercase() } else { id };
            format!("{id},{name},{upn},{nickname}\n")
        });
        ("identityParentId,displayName,userPrincipalName,mailNickname\n".to_owned()
            + &lines.collect::<String>())
            .into_bytes()
    })
}

/// Reads a file; whatever is right has no parent, no name and no nickname twice.
fn read(file: &[u8], domain: bool) -> Result<usize, TestCaseError> {
    let settings = RosterSettings { domain: domain.then(|| "x.yy".to_owned()), ..RosterSettings::default() };
    match Roster::parse(file, &settings) {
        Ok(roster) => {
            let user = |n: usize| roster.rows()[n].wanted().agent_user();
            let all = 0..roster.rows().len();
            let parents: BTreeSet<_> = all.clone().map(|n| user(n).identity_parent_id()).collect();
            let upns: BTreeSet<_> =
                all.clone().map(|n| user(n).user_principal_name().as_str().to_lowercase()).collect();
            let nicknames: BTreeSet<_> =
                all.clone().map(|n| user(n).mail_nickname().as_str().to_lowercase()).collect();
            prop_assert_eq!((parents.len(), upns.len(), nicknames.len()), (all.len(), all.len(), all.len()));
            prop_assert!(!all.is_empty());
            Ok(all.len())
        }
        Err(found) => {
            prop_assert!(matches!(found.code(), Code::RosterUnreadable | Code::RosterInvalid));
            prop_assert_eq!(found.code() == Code::RosterUnreadable, found.row_errors().is_empty());
            prop_assert!(found.row_errors().iter().all(|error| !error.violation.fix.is_empty()));
            Ok(0)
        }
    }
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn any_file_is_read_or_refused(bytes in vec(any::<u8>(), 0..200), near in nearly_a_roster(), text in ".{0,80}", domain in any::<bool>()) {
        for file in [&bytes, &near, &text.into_bytes()] {
            read(file, domain)?;
        }
    }

    #[test]
    fn nothing_that_must_differ_is_there_twice(file in rows_that_may_clash(), domain in any::<bool>()) {
        read(&file, domain)?;
    }
}
