//! User principal names and nicknames: suggested, compared and derived.

use crate::common::{any_text, cases, upn_text};
use crate::second_reading::{Broken, naive_nickname, naive_upn};
use agentuser_core::validate::{MailNickname, Upn, derive};
use proptest::prelude::*;
use std::collections::BTreeMap;

proptest! {
    #![proptest_config(cases())]

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
}
