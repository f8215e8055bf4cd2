//! Rosters: what a file may look like, and every error of every row with its place.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

use agentuser_core::model::DesiredUser;
use agentuser_core::problem::{Code, Problem};
use agentuser_core::roster::{Roster, RosterSettings};
use agentuser_core::validate::{RuleCode, TenantFacts};
use serde_json::{Value, json};

fn id(n: u32) -> String {
    format!("a1d00000-0000-4000-8000-{n:012}")
}

fn settings(domain: Option<&str>) -> RosterSettings {
    RosterSettings { facts: TenantFacts::default(), domain: domain.map(str::to_owned) }
}

fn parse(file: &[u8]) -> Result<Roster, Problem> {
    Roster::parse(file, &settings(None))
}

fn rows(file: impl AsRef<[u8]>) -> Vec<DesiredUser> {
    let roster = parse(file.as_ref()).unwrap_or_else(|errors| panic!("{errors:#?}"));
    roster.rows().iter().map(|row| row.wanted().clone()).collect()
}

fn names(file: impl AsRef<[u8]>) -> Vec<String> {
    rows(file).iter().map(|row| row.agent_user().display_name().to_string()).collect()
}

/// Row, field and code of every error.
fn broken(file: impl AsRef<[u8]>) -> Vec<(Option<usize>, String, RuleCode)> {
    broken_in(file, None)
}

fn broken_in(file: impl AsRef<[u8]>, domain: Option<&str>) -> Vec<(Option<usize>, String, RuleCode)> {
    let found = Roster::parse(file.as_ref(), &settings(domain)).unwrap_err();
    assert_eq!(found.code(), Code::RosterInvalid, "{found:#?}");
    assert!(found.row_errors().is_sorted_by_key(|error| error.row), "{found:#?}");
    assert!(found.row_errors().iter().all(|error| !error.violation.fix.is_empty()), "{found:#?}");
    let place = |error: &agentuser_core::validate::RowError| {
        (error.row, error.violation.field.to_string(), error.violation.code)
    };
    found.row_errors().iter().map(place).collect()
}

fn one(row: usize, column: &str, code: RuleCode) -> Vec<(Option<usize>, String, RuleCode)> {
    vec![(Some(row), column.to_owned(), code)]
}

fn unreadable(file: impl AsRef<[u8]>) -> String {
    let found = parse(file.as_ref()).unwrap_err();
    assert_eq!(found.code(), Code::RosterUnreadable, "{found:#?}");
    assert!(!found.fix().is_empty());
    assert_eq!(found.row_errors(), []);
    found.message().to_owned()
}

const HEADER: &str = "identityParentId,displayName,userPrincipalName";

fn csv(lines: &[&str]) -> String {
    let lines =
        lines.iter().map(|line| line.replace("{1}", &id(1)).replace("{2}", &id(2)).replace("{3}", &id(3)));
    std::iter::once(HEADER.to_owned()).chain(lines).collect::<Vec<_>>().join("\n")
}

fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xfeff_u16).into_iter().chain(text.encode_utf16());
    units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

// The file.

#[test]
fn a_file_without_rows_says_so() {
    for empty in ["", "\u{feff}", " \r\n\t\n", "\u{feff}\n"] {
        assert_eq!(unreadable(empty), "The roster is empty.", "{empty:?}");
    }
    for bare in [
        HEADER.to_owned(),
        format!("{HEADER}\n"),
        format!("{HEADER}\r\n\r\n,,\r\n ,\t, \n"),
        "[]".into(),
        " [ ] ".into(),
    ] {
        assert_eq!(unreadable(&bare), "The roster has no rows.", "{bare:?}");
    }
}

#[test]
fn other_encodings_are_named() {
    let good = csv(&["{1},Zoe,zoe@contoso.com"]);
    let accented = csv(&["{1},Zoë,zoe@contoso.com"]);
    assert_eq!(names(format!("\u{feff}{accented}")), ["Zoë"]);
    for little in [true, false] {
        for text in [&good, &accented] {
            assert!(unreadable(utf16(text, little, true)).contains("UTF-16"));
        }
        assert!(unreadable(utf16(&good, little, false)).contains("UTF-16"));
        unreadable(utf16(&accented, little, false));
    }
    let mut latin: Vec<u8> = csv(&["{1},Ada,ada@contoso.com", "{2},Zo"]).into_bytes();
    latin.extend(b"\xeb,zoe@contoso.com\n");
    assert!(unreadable(&latin).contains("line 3"), "{}", unreadable(&latin));
    assert!(unreadable(b"PK\x03\x04\0\0an xlsx file").contains("zero bytes"));
}

#[test]
fn separators_quotes_line_ends_and_blank_lines() {
    let quoted = "{1},\"Ada, \"\"the\"\" first\r\nof her name\",ada@contoso.com".replace("\r\n", " ");
    assert_eq!(names(csv(&[&quoted])), ["Ada, \"the\" first of her name"]);
    for separator in [",", ";", "\t"] {
        let file =
            csv(&["", "{1},\"Ada; or\",ada@contoso.com", "", " ", "  {2} , Zoë , zoe@contoso.com ", ""]);
        let file = file.replace("; or", "").replace(',', separator);
        for file in [file.clone(), file.replace('\n', "\r\n"), format!("\n\r\n{file}")] {
            assert_eq!(names(&file), ["Ada", "Zoë"], "{file:?}");
        }
    }
    let address = "identityParentId;displayName;userPrincipalName;streetAddress\n{1};Ada;ada@contoso.com;\"1, Way\nTown; Land\"";
    let row = &rows(address.replace("{1}", &id(1)))[0];
    assert_eq!(row.agent_user().to_json()["streetAddress"], "1, Way\nTown; Land");
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_numbers_them() {
    let file =
        csv(&["{1},Ada,ada@contoso.com", "", ",,", "{2},\"Bob", "Builder\",bad", "", "", "{3},Cat,worse"]);
    for file in
        [file.clone(), file.replace('\n', "\r\n"), file.replace('\n', "\r"), format!("\u{feff}{file}\n\n")]
    {
        let mut found = broken(&file);
        // A line break of two characters is two.
        found.dedup();
        let upn = |row: usize| (Some(row), "userPrincipalName".to_owned(), RuleCode::UpnMissingAt);
        let control = (Some(5), "displayName".to_owned(), RuleCode::ControlCharacter);
        assert_eq!(found, [control, upn(5), upn(8)], "{file:?}");
    }
    let numbers: Vec<_> =
        parse(csv(&["", "{1},Ada,ada@contoso.com", "", "{2},Bob,bob@contoso.com"]).as_bytes())
            .unwrap()
            .rows()
            .iter()
            .map(|row| row.number())
            .collect();
    assert_eq!(numbers, [3, 5]);
}

// The header.

#[test]
fn a_missing_column_is_said_once() {
    let file = format!("mailNickname\n{}", "a\nb\nc\n");
    let missing = |name: &str| (Some(1), name.to_owned(), RuleCode::MissingColumn);
    assert_eq!(
        broken(&file),
        [missing("identityParentId"), missing("displayName"), missing("userPrincipalName")]
    );
    assert_eq!(broken_in(&file, Some("contoso.com")), [missing("identityParentId"), missing("displayName")]);
}

#[test]
fn columns_that_are_unknown_repeated_or_nameless() {
    let file = format!(
        "identityParentID,displayName,UserPrincipalName,departmnt,displayname,,wholly other\n{},Ada,ada@contoso.com,x,y,z,w",
        id(1)
    );
    let found = Roster::parse(file.as_bytes(), &settings(None)).unwrap_err();
    let found: Vec<_> = found
        .row_errors()
        .iter()
        .map(|e| (e.row, &*e.violation.field, e.violation.code, e.violation.fix.as_str()))
        .collect();
    assert_eq!(
        found[0],
        (Some(1), "departmnt", RuleCode::UnknownColumn, "Rename it to department, or remove it.")
    );
    assert_eq!(found[1], (Some(1), "displayname", RuleCode::RepeatedColumn, "Remove one of them."));
    assert_eq!((found[2].1, found[2].2), ("roster", RuleCode::UnknownColumn));
    assert_eq!((found[3].1, found[3].2), ("wholly other", RuleCode::UnknownColumn));
    assert!(!found[3].3.starts_with("Rename"), "{found:?}");
    assert_eq!(found.len(), 4);
}

#[test]
fn rows_with_too_many_and_too_few_cells() {
    let many = format!("{{1}}{}", ",x".repeat(29));
    let found = parse(csv(&[&many, "{2},Bob", "{3},Cat,cat@contoso.com"]).as_bytes()).unwrap_err();
    let said: Vec<_> = found.row_errors().iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "Row 2, roster: The row has 30 cells, but the header has 3.",
            "Row 3, roster: The row has 2 cells, but the header has 3."
        ]
    );
    assert_eq!(found.message(), "The roster has 2 errors in 2 rows.");
}

// The rows.

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

// Names.

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
    };
    let found = Roster::parse(file.as_bytes(), &unverified).unwrap_err();
    assert_eq!(found.row_errors()[0].violation.code, RuleCode::UpnDomainNotVerified);
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

// JSON.

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
    for broken in ["{}", "[", "[{}", "[{}] x", "{\"rows\": []}", "[{\"a\": \u{1}}]", &"[".repeat(100_000)] {
        assert!(unreadable(broken).contains("line 1"), "{broken:.40}");
    }
}
