//! Damaged files, and values of wrong kinds.

use crate::common::*;
use agentuser_core::problem::Code;
use agentuser_core::roster::{Roster, RosterLimits, RosterSettings};
use agentuser_core::validate::RuleCode;
use serde_json::json;

#[test]
fn a_name_twice_in_json_is_an_error_of_its_row() {
    let row = |more: &str| {
        format!(
            r#"[{{"identityParentId":"{}","displayName":"A","userPrincipalName":"a@contoso.com"{more}}}]"#,
            id(1)
        )
    };
    for (more, field, code) in [
        (r#","displayName":"B""#, "displayName", RuleCode::RepeatedColumn),
        (r#","displayName":null"#, "displayName", RuleCode::RepeatedColumn),
        (r#","DisplayName":"A""#, "DisplayName", RuleCode::RepeatedColumn),
        (r#","city":"x","City":"y","CITY":"z""#, "City", RuleCode::RepeatedColumn),
    ] {
        for file in [row(more), row(more).trim_matches(['[', ']']).to_owned()] {
            let found = broken(&file);
            assert_eq!(found[0], (Some(1), field.to_owned(), code), "{file}");
        }
    }
    assert!(unreadable(row(r#","manager":{"id":"x","id":"y"}"#)).contains("there twice"));
    let wrapped = format!(r#"{{"value":{},"value":[]}}"#, row(""));
    assert!(unreadable(wrapped).contains("value is there twice"));
}

#[test]
fn cells_that_go_on_in_the_next_line() {
    let file =
        |address: &str| format!("{HEADER},streetAddress,licenses\n{},Ada,ada@contoso.com,{address}", id(1));
    assert_eq!(rows(file("\"1 Way\nTown\",X")).len(), 1);
    // A row behind a quote that is missing looks like an address of several lines.
    let swallowed = file(&format!("\"1 Way,US\n{},b@contoso.com,B,\",X", id(2)));
    assert_eq!(broken(&swallowed), one(2, "streetAddress", RuleCode::LineBreak));
    assert_eq!(broken(file("1 Way,\"A\nB\"")), one(2, "licenses", RuleCode::LineBreak));
    let parent = format!("{HEADER}\n\"{}\n\",\"A\nda\",ada@contoso.com", id(1));
    assert_eq!(broken(parent), one(2, "displayName", RuleCode::LineBreak));
}

/// Message and fix of the only error of a file.
fn told(file: impl AsRef<[u8]>) -> String {
    let problem = parse(file.as_ref()).unwrap_err();
    let [error] = problem.row_errors() else { panic!("{problem:#?}") };
    format!("{} {}", error.violation.message, error.violation.fix)
}

#[test]
fn errors_say_what_happened_to_the_file() {
    let again = csv(&["{1},A,a@contoso.com", HEADER, "{2},B,b@contoso.com"]);
    assert_eq!(broken(&again), one(3, "roster", RuleCode::RepeatedColumn));
    assert!(told(&again).contains("the header again"), "{}", told(&again));
    let lines = format!("{HEADER},licenses\n{},Ada,ada@contoso.com,\"A\nB\"", id(1));
    assert!(told(&lines).contains("Separate its values by semicolons"), "{}", told(&lines));
    let plans = format!("{HEADER},licenses\n{},Ada,ada@contoso.com,A without X; a with X", id(1));
    assert_eq!(broken(&plans), one(2, "licenses", RuleCode::Repeated));
    for parent in ["Parent ID", "parent", "AgentIdentityId", "agent_identity"] {
        let file = format!("{parent},displayName,userPrincipalName\n{},A,a@contoso.com", id(1));
        assert!(told(&file).contains("Rename it to identityParentId"), "{parent}: {}", told(&file));
    }
    let other = csv(&["{1};A;a@contoso.com"]);
    assert!(told(&other).contains("another separator"), "{}", told(&other));
    let marks = format!("\u{feff}\u{feff}{}", csv(&["{1},A,a@contoso.com"]));
    assert_eq!(names(&marks), ["A"]);
    let json = |more: &str| told(format!(r#"[{{"identityParentId":"{}","displayName":"A",{more}}}]"#, id(1)));
    let upn = r#""userPrincipalName":"a@contoso.com""#;
    assert!(json(&format!(r#"{upn},"employeeId":4711"#)).ends_with("Put it in double quotes, as a text."));
    assert!(json(&format!(r#"{upn},"accountEnabled":1"#)).ends_with("Use true or false."));
    for list in ["x@contoso.com, y@contoso.com", "x@contoso.com|y@contoso.com", "x@contoso.com y@contoso.com"]
    {
        let sponsors = format!("{HEADER},sponsors\n{},A,a@contoso.com,\"{list}\"", id(1));
        assert!(
            told(&sponsors).ends_with("by semicolons: x@contoso.com; y@contoso.com."),
            "{}",
            told(&sponsors)
        );
    }
    for nothing in ["", "\n \n", HEADER, "[]"] {
        let problem = parse(nothing.as_bytes()).unwrap_err();
        assert!(!problem.cause().contains("UTF-8"), "{nothing:?}: {problem:#?}");
    }
}

#[test]
fn values_as_people_write_them_are_answered_with_the_right_ones() {
    let with =
        |column: &str, value: &str| told(format!("{HEADER},{column}\n{},A,a@contoso.com,{value}", id(1)));
    for (value, fix) in [
        ("Nein", "Use false."),
        ("Sí", "Use true."),
        ("Enabled", "Use true."),
        ("inaktiv", "Use false."),
        ("perhaps", "Use true or false."),
    ] {
        assert!(with("accountEnabled", value).ends_with(fix), "{value}");
    }
    assert!(with("employeeHireDate", "31.01.2026").ends_with("Use 2026-01-31T00:00:00Z."));
    let wide = parse(format!("{HEADER}\n{},A,ａda＠contoso.com", id(1)).as_bytes()).unwrap_err();
    assert!(wide.row_errors().iter().any(|error| error.violation.fix == "Use ada@contoso.com."), "{wide:#?}");
}

#[test]
fn comments_and_other_values_are_not_rosters() {
    for (file, says) in [
        ("// hello\n[]", "JSON has no comments"),
        ("/* hello */ []", "JSON has no comments"),
        ("null", "JSON value null"),
        (" true\n", "JSON value true"),
    ] {
        assert!(unreadable(file).contains(says), "{}", unreadable(file));
    }
    let fix = |file: &str| parse(file.as_bytes()).unwrap_err().fix().to_owned();
    assert!(fix("[\n  // first\n  {}\n]").contains("no comments"), "{}", fix("[\n  // first\n  {}\n]"));
    assert!(
        fix("[{“displayName”: 1}]").contains("straight double quotes"),
        "{}",
        fix("[{“displayName”: 1}]")
    );
    assert!(fix("[{'displayName': 1}]").contains("straight double quotes"));
}

#[test]
fn typographic_quotes_are_one_sentence() {
    let quoted = |text: &str| text.split(',').map(|cell| format!("“{cell}”")).collect::<Vec<_>>().join(",");
    let lines = csv(&["{1},Ada,ada@contoso.com", "{2},Bob,bob@contoso.com"]);
    let all: Vec<String> = lines.lines().map(quoted).collect();
    assert!(unreadable(all.join("\n")).contains("typographic quotes"));
    let mut rows_alone = all.clone();
    rows_alone[0] = HEADER.to_owned();
    let quotes = |row| (Some(row), "roster".to_owned(), RuleCode::DamagedQuotes);
    assert_eq!(broken(rows_alone.join("\n")), [quotes(2), quotes(3)]);
    // They may be part of a name.
    assert_eq!(names(csv(&["{1},“Ada”,ada@contoso.com"])), ["“Ada”"]);
}

#[test]
fn values_that_are_none_are_refused_in_every_column() {
    let file =
        |column: &str, value: &str| format!("{HEADER},{column}\n{},Ada,ada@contoso.com,{value}", id(1));
    for (column, value) in [
        ("department", "#N/A"),
        ("employeeId", "4.2E+11"),
        ("postalCode", "\"=\"\"00123\"\"\""),
        ("otherMails", "System.Object[]"),
        ("businessPhones", "System.Collections.Generic.List`1[System.String]"),
        ("manager", "@{Id=1}"),
        ("sponsors", "System.Object[]"),
        ("groups", "System.Object[]"),
        ("licenses", "#REF!"),
        ("mailNickname", "null"),
        ("usageLocation", "#NAME?"),
        ("accountEnabled", "#VALUE!"),
        ("employeeHireDate", "########"),
    ] {
        assert_eq!(broken(file(column, value)), one(2, column, RuleCode::NotAValue), "{column}");
    }
    let parent = csv(&["#REF!,Ada,ada@contoso.com", "{2},#N/A,System.Object[]"]);
    let found: Vec<_> =
        broken(parent).into_iter().map(|(row, field, code)| (row.unwrap(), field, code)).collect();
    let expected = [(2, "identityParentId"), (3, "displayName"), (3, "userPrincipalName")];
    assert_eq!(found, expected.map(|(row, field)| (row, field.to_owned(), RuleCode::NotAValue)));
}

#[test]
fn people_who_exist_are_looked_up() {
    let file = format!(
        "{HEADER},manager,sponsors\n{},Ada,ada@contoso.com,a+b_fabrikam.com#EXT#@contoso.com,zoë@contoso.com;R&D@contoso.com",
        id(1)
    );
    let row = &rows(&file)[0];
    assert_eq!(row.manager().unwrap().to_string(), "a+b_fabrikam.com#EXT#@contoso.com");
    assert_eq!(row.sponsors().len(), 2);
}

#[test]
fn limits_end_the_reading() {
    let limited = |file: &str, limits: RosterLimits| {
        let found = Roster::parse(file.as_bytes(), &RosterSettings { limits, ..RosterSettings::default() });
        found
            .map(|roster| roster.rows().len())
            .map_err(|problem| (problem.code(), problem.field().map(str::to_owned)))
    };
    let table = csv(&["{1},Ada,ada@contoso.com", "{2},Bob,bob@contoso.com", "{3},Cat,cat@contoso.com"]);
    let objects: Vec<_> = (1..4)
        .map(|n| json!({"identityParentId": id(n), "displayName": "A", "userPrincipalName": format!("a{n}@contoso.com")}))
        .collect();
    let lines = objects.iter().map(|row| format!("{row}\n")).collect::<String>();
    for file in [table, json!(objects).to_string(), json!({"value": objects}).to_string(), lines] {
        let usual = RosterLimits::default();
        let too_large = |field: &str| Err((Code::InputTooLarge, Some(field.to_owned())));
        assert_eq!(limited(&file, RosterLimits { bytes: file.len(), rows: 3, ..usual }), Ok(3));
        assert_eq!(limited(&file, RosterLimits { bytes: file.len() - 1, ..usual }), too_large("maxBytes"));
        assert_eq!(limited(&file, RosterLimits { rows: 2, ..usual }), too_large("maxRows"));
    }
}

#[test]
fn errors_beyond_the_limit_are_counted() {
    let file = csv(&["{1},Ada,ada", "{2},Bob,bob", "3,,cat@contoso.com", "{3},Dan,dan"]);
    let limits = RosterLimits { errors: 2, ..RosterLimits::default() };
    let found =
        Roster::parse(file.as_bytes(), &RosterSettings { limits, ..RosterSettings::default() }).unwrap_err();
    assert_eq!(
        found.message(),
        "The roster has 5 errors in 4 rows. The first 2 are listed, and all are counted by rule and field."
    );
    assert_eq!(found.row_errors().len(), 2);
    let counts: Vec<_> = found
        .row_error_counts()
        .iter()
        .map(|count| (count.code, &*count.field, count.count, count.first_row))
        .collect();
    let expected = [
        (RuleCode::UpnMissingAt, "userPrincipalName", 3, 2),
        (RuleCode::Required, "displayName", 1, 4),
        (RuleCode::NotAnObjectId, "identityParentId", 1, 4),
    ];
    assert_eq!(counts, expected);
    let all = Roster::parse(file.as_bytes(), &RosterSettings::default()).unwrap_err();
    assert_eq!((all.row_errors().len(), all.row_error_counts().len()), (5, 0));
    // A cell of any length makes a message of some length.
    let book = csv(&[&format!("{{1}},Ada,{}", "x".repeat(100_000))]);
    let found = parse(book.as_bytes()).unwrap_err();
    assert!(found.to_json().len() < 10_000, "{}", found.to_json().len());
}

/// Excel writes flags in the language of its user.
#[test]
fn flags_in_other_languages_are_named() {
    for (cell, fix) in [
        ("WAHR", "Use true."),
        ("FALSCH", "Use false."),
        ("VRAI", "Use true."),
        ("yes", "Use true."),
        ("maybe", "Use true or false."),
    ] {
        let file = format!(
            "identityParentId;displayName;userPrincipalName;accountEnabled\n{};A;a@contoso.com;{cell}",
            id(1)
        );
        let problem = parse(file.as_bytes()).unwrap_err();
        let [error] = problem.row_errors() else { panic!("{problem:?}") };
        assert_eq!(
            (error.violation.code, error.violation.fix.as_str()),
            (RuleCode::WrongKind, fix),
            "{cell}"
        );
    }
}

#[test]
fn a_name_of_hidden_characters_has_a_place() {
    let row = format!("{},Ada,ada@contoso.com,", id(1));
    let found = broken(format!("{HEADER},\u{5}\n{row}"));
    assert_eq!(found, one(1, r"\u{5}", RuleCode::UnknownColumn));
}
