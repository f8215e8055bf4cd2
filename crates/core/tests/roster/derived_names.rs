//! Names that a row leaves to the library.

use crate::common::*;
use agentuser_core::roster::{Roster, RosterSettings};
use agentuser_core::validate::{RuleCode, TenantFacts};

#[test]
fn derived_names_are_unlike_each_other_and_unlike_those_that_are_named() {
    let file = format!(
        "{HEADER},mailNickname\n{},Zoë,,\n{},Zoë,,\n{},Eve,ZOE2@contoso.com,\n{},Zoe!,,\n{},Ann,ann@contoso.com,zoe\n{},🚀,,",
        id(1),
        id(2),
        id(3),
        id(4),
        id(5),
        id(6)
    );
    let derive = || {
        let roster = Roster::parse(file.as_bytes(), &settings(Some("contoso.com"))).unwrap();
        let name = |row: &agentuser_core::roster::Row| {
            let user = row.wanted().agent_user();
            (user.user_principal_name().to_string(), user.mail_nickname().to_string())
        };
        roster.rows().iter().map(name).collect::<Vec<_>>()
    };
    let names = derive();
    let upns: Vec<_> = names.iter().map(|(upn, _)| upn.as_str()).collect();
    let expected = [
        "zoe@contoso.com",
        "zoe3@contoso.com",
        "ZOE2@contoso.com",
        "zoe4@contoso.com",
        "ann@contoso.com",
        "agent@contoso.com",
    ];
    assert_eq!(upns, expected);
    let mut nicknames: Vec<_> = names.iter().map(|(_, nickname)| nickname.to_lowercase()).collect();
    nicknames.sort();
    nicknames.dedup();
    assert_eq!(nicknames.len(), 6, "{names:?}");
    assert_eq!(names[4].1, "zoe");
    assert_eq!(derive(), names, "the same file, the same names");
}

#[test]
fn a_name_that_thousands_share_is_derived_for_each_without_trying_all_before() {
    // Trying every number again for every row would take minutes here.
    let rows: String =
        (1..=10_000).map(|n| format!("a1d00000-0000-4000-8000-{n:012},Sales Agent\n")).collect();
    let file = format!("identityParentId,displayName\n{rows}");
    let roster = Roster::parse(file.as_bytes(), &settings(Some("contoso.com"))).unwrap();
    for row in [0, 1, 9_999] {
        let user = roster.rows()[row].wanted().agent_user();
        let name = if row == 0 { "sales.agent".to_owned() } else { format!("sales.agent{}", row + 1) };
        let names = (user.user_principal_name().local_part(), user.mail_nickname().as_str());
        assert_eq!(names, (name.as_str(), name.as_str()));
    }
}

#[test]
fn a_domain_that_is_none_is_said_of_the_row() {
    let file = format!("identityParentId,displayName\n{},Ada", id(1));
    let found = broken_in(&file, Some("contoso"));
    assert!(
        found.iter().all(|(row, column, _)| *row == Some(2) && column == "userPrincipalName"),
        "{found:?}"
    );
    assert_eq!(found[0].2, RuleCode::UpnDomainShape);
    let unverified = RosterSettings {
        facts: TenantFacts { verified_domains: Some(["contoso.com".to_owned()].into()) },
        domain: Some("fabrikam.com".to_owned()),
        ..RosterSettings::default()
    };
    let found = Roster::parse(file.as_bytes(), &unverified).unwrap_err();
    assert_eq!(found.row_errors()[0].violation.code, RuleCode::UpnDomainNotVerified);
}
