//! The rows of a table: their errors, and what they declare.

use crate::common::*;
use agentuser_core::model::DesiredUser;
use agentuser_core::roster::Roster;
use agentuser_core::validate::RuleCode;
use serde_json::{Value, json};

#[test]
fn what_is_there_twice_is_the_later_rows_fault() {
    let file = csv(&[
        "{1},Ada,ada@contoso.com",
        &format!("{},Bob,ADA@Contoso.com", id(1).to_uppercase()),
        "{3},Cat,cat@contoso.com",
    ]);
    let found = parse(file.as_bytes()).unwrap_err();
    let codes: Vec<_> = found.row_errors().iter().map(|e| (e.row, e.violation.code)).collect();
    assert_eq!(codes, [(Some(3), RuleCode::RepeatedParent), (Some(3), RuleCode::RepeatedUserPrincipalName)]);
    assert!(found.row_errors().iter().all(|error| error.violation.message.contains("row 2")), "{found:#?}");

    let file =
        format!("{HEADER},mailNickname\n{},Ada,a@contoso.com,Nick\n{},Bob,b@contoso.com,nick", id(1), id(2));
    assert_eq!(broken(file), one(3, "mailNickname", RuleCode::RepeatedMailNickname));
}

#[test]
fn every_error_of_every_row_comes_at_once_and_in_the_order_of_the_file() {
    let file = format!(
        "{HEADER},usageLocation,accountEnabled,manager,sponsors\n\
         {one},Ada,ada@contoso.com,de,true,,\n\
         42,,ada.@contoso.com,UK,maybe,nobody,group:x;human@contoso.com;y\n\
         {three},Cat,cat@contoso.com,,,,\n\
         {one},Dan\n\
         {three},Eve,cat@contoso.com,,,,",
        one = id(1),
        three = id(3)
    );
    let expected = [
        (3, "identityParentId", RuleCode::NotAnObjectId),
        (3, "accountEnabled", RuleCode::WrongKind),
        (3, "displayName", RuleCode::Required),
        (3, "userPrincipalName", RuleCode::UpnDotBeforeAt),
        (3, "usageLocation", RuleCode::UsageLocationUnknown),
        (3, "manager", RuleCode::UpnMissingAt),
        (3, "sponsors", RuleCode::NotAnObjectId),
        (3, "sponsors", RuleCode::UpnMissingAt),
        (5, "roster", RuleCode::CellCount),
        (6, "identityParentId", RuleCode::RepeatedParent),
        (6, "userPrincipalName", RuleCode::RepeatedUserPrincipalName),
    ];
    let expected = expected.map(|(row, column, code)| (Some(row), column.to_owned(), code));
    assert_eq!(broken(&file), expected);
    let problem = parse(file.as_bytes()).unwrap_err();
    assert_eq!(problem.message(), "The roster has 11 errors in 3 rows.");
}

#[test]
fn managers_sponsors_and_licenses() {
    let file = format!(
        "{HEADER},manager,sponsors,licenses\n\
         {},Ada,ada@contoso.com,{human},human1@contoso.com; group:{human} ;;,AGENT_365;{human}\n\
         {},Bob,bob@contoso.com,ADA@contoso.com,,",
        id(1),
        id(2),
        human = id(9)
    );
    let found = rows(&file);
    let texts = |row: &DesiredUser| {
        (
            row.manager().map(ToString::to_string),
            row.sponsors().iter().map(ToString::to_string).collect::<Vec<_>>(),
            row.licenses().iter().map(ToString::to_string).collect::<Vec<_>>(),
        )
    };
    let sponsors = vec!["human1@contoso.com".to_owned(), format!("group:{}", id(9))];
    assert_eq!(texts(&found[0]), (Some(id(9)), sponsors, vec!["AGENT_365".to_owned(), id(9)]));
    assert_eq!(texts(&found[1]), (Some("ADA@contoso.com".to_owned()), vec![], vec![]));

    let itself = format!("{HEADER},manager\n{},Ada,ada@contoso.com,Ada@Contoso.com", id(1));
    assert_eq!(broken(itself), one(2, "manager", RuleCode::ManagerIsSelf));
    let derived = format!("identityParentId,displayName,manager\n{},Ada,ada@contoso.com", id(1));
    assert_eq!(broken_in(derived, Some("contoso.com")), one(2, "manager", RuleCode::ManagerIsSelf));
}

#[test]
fn groups_are_named_by_id_or_by_name() {
    let file = format!(
        "{HEADER},Groups\n\
         {},Ada,ada@contoso.com,Sales Agents; group:R&D ;;{group};GROUP:{group}; group:group:x\n\
         {},Bob,bob@contoso.com,",
        id(1),
        id(2),
        group = id(9)
    );
    let found = rows(&file);
    let named: Vec<_> = found[0].groups().iter().map(ToString::to_string).collect();
    assert_eq!(named, ["Sales Agents", "R&D", &id(9), &id(9), "group:group:x"]);
    assert!(found[1].groups().is_empty(), "An empty cell declares nothing.");
    let nameless = format!("{HEADER},groups\n{},Ada,ada@contoso.com,Sales;group:", id(1));
    assert_eq!(broken(nameless), one(2, "groups", RuleCode::Required));
    let spelled = format!("{HEADER},GROUPS\n{},Ada,ada@contoso.com,[object Object]", id(1));
    assert_eq!(broken(spelled), one(2, "GROUPS", RuleCode::NotAValue));
    let nearly = format!("{HEADER},groupz\n{},Ada,ada@contoso.com,Sales", id(1));
    let problem = parse(nearly.as_bytes()).unwrap_err();
    assert_eq!(problem.row_errors()[0].violation.fix, "Rename it to groups, or remove it.");
}

#[test]
fn what_the_file_does_not_name_is_not_compared() {
    let file = format!(
        "{HEADER},department,otherMails,accountEnabled\n{},Ada,,Sales,,\n{},Bob,bob@contoso.com,,b@contoso.com;c@contoso.com,FALSE",
        id(1),
        id(2)
    );
    let roster = Roster::parse(file.as_bytes(), &settings(Some("contoso.com"))).unwrap();
    let named: Vec<Value> =
        roster.rows().iter().map(|row| serde_json::to_value(row.wanted().declared()).unwrap()).collect();
    assert_eq!(named[0], json!({"displayName": "Ada", "department": "Sales"}));
    let expected = json!({
        "displayName": "Bob", "userPrincipalName": "bob@contoso.com", "accountEnabled": false,
        "otherMails": ["b@contoso.com", "c@contoso.com"],
    });
    assert_eq!(named[1], expected);
    // It is created with all of it, and with what every agent user needs.
    let body = roster.rows()[0].wanted().agent_user().to_json();
    assert_eq!(
        (&body["accountEnabled"], &body["mailNickname"], &body["userPrincipalName"]),
        (&json!(true), &json!("ada"), &json!("ada@contoso.com"))
    );
}
