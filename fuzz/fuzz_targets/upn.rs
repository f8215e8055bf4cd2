//! Any text as a user principal name.
#![no_main]

use agentuser_core::model::{SponsorRef, UserRef};
use agentuser_core::validate::{TenantFacts, Upn, derive};
use std::collections::BTreeSet;

libfuzzer_sys::fuzz_target!(|text: &str| {
    match Upn::parse(text) {
        Ok(upn) => valid(text, &upn),
        Err(violations) => {
            agentuser_fuzz::check_violations(&violations, "userPrincipalName", text);
            for violation in &violations {
                if let Some((_, better)) = violation.fix.split_once("For example: ") {
                    let better = better.strip_suffix('.').unwrap_or(better);
                    assert!(Upn::parse(better).is_ok(), "the fix of {text:?} is {better:?}");
                }
            }
        }
    }
    let verified_domains = Some(BTreeSet::from(["contoso.com".to_owned(), "fabrikam.com".to_owned()]));
    if let Some(violation) = (TenantFacts { verified_domains }).check_upn(text) {
        agentuser_fuzz::check_violations(&[violation], "userPrincipalName", text);
    }
    if let Ok(user) = UserRef::parse(text) {
        assert_eq!(UserRef::parse(&user.to_string()), Ok(user));
    }
    if let Ok(sponsor) = SponsorRef::parse(text) {
        assert_eq!(SponsorRef::parse(&sponsor.to_string()), Ok(sponsor));
    }
    // As a domain.
    if let Ok(upn) = derive::upn("Ada", text, 2) {
        assert_eq!((upn.local_part(), upn.domain()), ("ada2", text));
    }
});

fn valid(text: &str, upn: &Upn) {
    assert_eq!((upn.as_str(), upn.to_string().as_str()), (text, text));
    assert_eq!(Upn::parse(&upn.to_string()).as_ref(), Ok(upn));
    assert!(text.is_ascii() && text.len() <= 113 && upn.local_part().len() <= 64 && upn.domain().len() <= 48);
    assert_eq!(format!("{}@{}", upn.local_part(), upn.domain()), text);
    assert!(!upn.local_part().is_empty() && !upn.local_part().ends_with('.') && upn.domain().contains('.'));
    assert!(!text.contains(|c: char| c.is_whitespace() || c.is_control()), "{text:?}");
    let shouted = Upn::parse(&text.to_ascii_uppercase());
    assert_eq!(shouted.as_ref(), Ok(upn), "letter case does not count");
}
