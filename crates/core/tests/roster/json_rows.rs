//! Rosters in JSON.

use crate::common::*;
use agentuser_core::roster::Roster;
use agentuser_core::validate::RuleCode;
use serde_json::{Value, json};

#[test]
fn json_says_the_same_as_csv() {
    let file = json!([
        {
            "identityParentId": id(1), "displayName": " Ada ", "UserPrincipalName": "ada@contoso.com", "accountEnabled": false,
            "otherMails": ["a@contoso.com"], "sponsors": ["human1@contoso.com", ""], "licenses": "AGENT_365; X",
            "manager": null, "city": "",
        },
        {"identityParentId": id(2), "displayName": "Bob", "userPrincipalName": "bob@contoso.com"},
    ]);
    for text in [file.to_string(), format!("\u{feff}\n{}", serde_json::to_string_pretty(&file).unwrap())] {
        let found = rows(&text);
        let expected = json!({
            "displayName": "Ada", "userPrincipalName": "ada@contoso.com", "accountEnabled": false,
            "otherMails": ["a@contoso.com"],
        });
        assert_eq!(serde_json::to_value(found[0].declared()).unwrap(), expected);
        assert_eq!((found[0].sponsors().len(), found[0].licenses().len(), found[0].manager()), (1, 2, None));
        assert_eq!(parse(text.as_bytes()).unwrap().rows()[1].number(), 2);
    }
}

#[test]
fn json_of_the_wrong_shape() {
    let row = |other: Value| {
        let mut row =
            json!({"identityParentId": id(1), "displayName": "Ada", "userPrincipalName": "ada@contoso.com"});
        row.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
        json!([row]).to_string()
    };
    for (member, value, code) in [
        ("manager", json!(true), RuleCode::WrongKind),
        ("manager", json!(["human1@contoso.com"]), RuleCode::WrongKind),
        ("manager", json!(1), RuleCode::WrongKind),
        ("sponsors", json!(false), RuleCode::WrongKind),
        ("sponsors", json!([["x"]]), RuleCode::WrongKind),
        ("sponsors", json!({}), RuleCode::WrongKind),
        ("groups", json!(true), RuleCode::WrongKind),
        ("groups", json!([1]), RuleCode::WrongKind),
        ("groups", json!([{"displayName": "No id"}]), RuleCode::WrongKind),
        ("licenses", json!(true), RuleCode::WrongKind),
        ("identityParentId", json!(true), RuleCode::WrongKind),
        ("identityParentId", json!([id(1)]), RuleCode::WrongKind),
        ("accountEnabled", json!("maybe"), RuleCode::WrongKind),
        ("accountEnabled", json!(1), RuleCode::WrongKind),
        ("displayName", json!(true), RuleCode::WrongKind),
        ("displayName", json!(["Ada"]), RuleCode::WrongKind),
        ("displayName", json!(7), RuleCode::WrongKind),
        ("city", json!(["Oslo"]), RuleCode::WrongKind),
        ("city", json!({"x": 1}), RuleCode::WrongKind),
        ("otherMails", json!([1]), RuleCode::WrongKind),
        ("otherMails", json!(true), RuleCode::WrongKind),
        ("departmnt", json!("x"), RuleCode::UnknownColumn),
        ("DisplayName", json!("Eve"), RuleCode::RepeatedColumn),
        ("Manager", json!("x"), RuleCode::UpnMissingAt),
    ] {
        let found = broken(row(json!({member: value})));
        assert_eq!((found[0].0, found[0].2), (Some(1), code), "{member} {value}: {found:?}");
        assert!(found[0].1.eq_ignore_ascii_case(member), "{member} {value}: {found:?}");
        assert_eq!(found.len(), 1, "{member} {value}: {found:?}");
    }
    assert_eq!(
        broken("[1, \"x\", {}, [], null]").iter().filter(|e| e.2 == RuleCode::RowNotAnObject).count(),
        4
    );
    let two = json!([{"identityParentId": id(1)}, 7]).to_string();
    let codes: Vec<_> = broken(&two).into_iter().map(|(row, _, code)| (row, code)).collect();
    assert_eq!(
        codes,
        [(Some(1), RuleCode::Required), (Some(1), RuleCode::Required), (Some(2), RuleCode::RowNotAnObject)]
    );
}

#[test]
fn a_member_without_a_name_is_no_column() {
    let found = Roster::parse(br#"[{"": 1}]"#, &settings(None)).unwrap_err();
    let error = &found.row_errors()[0];
    assert_eq!((&*error.violation.field, error.violation.code), ("roster", RuleCode::UnknownColumn));
    assert_eq!(error.to_string(), "Row 1, roster: A column has no name.");
}

#[test]
fn broken_json_names_line_and_column() {
    assert!(
        unreadable("[\n  {\"displayName\": \"Ada\",}\n]").contains("line 2, column 25"),
        "{}",
        unreadable("[\n  {\"displayName\": \"Ada\",}\n]")
    );
    for (broken, fix) in [
        ("[{\"displayName\": \"Ada\",}]", "Remove the comma before the closing bracket."),
        ("[{\"displayName\": \"Ada\"", "Write or download the file again: its end is missing."),
    ] {
        let problem = parse(broken.as_bytes()).unwrap_err();
        assert_eq!((problem.fix(), problem.message().matches("column").count()), (fix, 1), "{problem:?}");
    }
    for broken in ["{}", "[", "[{}", "[{}] x", "{\"rows\": []}", "[{\"a\": \u{1}}]", &"[".repeat(100_000)] {
        assert!(unreadable(broken).contains("line 1"), "{broken:.40}");
    }
}
