//! Commands that need no server: rules, names and rosters, right and wrong.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use agentuser::core::validate::RuleCode;
use common::{Ended, agentuser, end, example, run};
use std::collections::BTreeSet;

/// Rules that no CSV file can break: cells are trimmed, empty ones declare nothing, a member has one column, a missing
/// column makes other rows unreadable, rows are not JSON, and nobody signs in or grants anything by a roster.
const NOT_IN_CSV: &[RuleCode] = &[
    RuleCode::NotAShard,
    RuleCode::OutOfRange,
    RuleCode::Blank,
    RuleCode::NotClearable,
    RuleCode::Repeated,
    RuleCode::SurroundingWhiteSpace,
    RuleCode::MissingColumn,
    RuleCode::RowNotAnObject,
    RuleCode::NotATenant,
    RuleCode::SharedTenant,
    RuleCode::UserNameAsId,
    RuleCode::IdAsUserName,
    RuleCode::UnknownKind,
    RuleCode::UnknownMember,
    RuleCode::NotUsable,
    RuleCode::Contradiction,
    RuleCode::PermissionNameShape,
];

/// Validates these bytes as a roster, as a table and as JSON.
fn validate(bytes: &[u8]) -> (Ended, Ended) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roster.csv");
    std::fs::write(&file, bytes).unwrap();
    let file = file.to_str().unwrap();
    let plain = run(&["validate", "--file", file]);
    let json = run(&["validate", "--file", file, "--json"]);
    assert_eq!(plain.code, json.code);
    (plain, json)
}

const HEADER: &str = "identityParentId,displayName,userPrincipalName";
const ROW: &str = "a1d00000-0000-4000-8000-000000000001,Ada,ada@contoso.com";

#[test]
fn the_example_is_valid() {
    let roster = example("roster.csv");
    run(&["validate", "--file", &roster, "--verified-domain", "contoso.com"]).done(&["valid (24 rows)"]);
    let ended = run(&["--json", "validate", "--file", &roster]);
    assert_eq!(ended.json(), [serde_json::json!({"valid": true, "rows": 24})]);
}

#[test]
fn the_bad_example_breaks_every_rule_that_a_roster_can_break() {
    let ended = run(&[
        "validate",
        "--file",
        &example("roster-bad.csv"),
        "--verified-domain",
        "contoso.com",
        "--json",
    ]);
    ended.failed(1, &[r#""code":"RosterInvalid""#]);
    let errors = ended.json();
    let codes: BTreeSet<_> = errors.iter().map(|error| error["code"].as_str().unwrap().to_owned()).collect();
    let expected = RuleCode::ALL.iter().filter(|code| !NOT_IN_CSV.contains(code));
    assert_eq!(codes, expected.map(|code| code.to_string()).collect());
    for error in &errors {
        assert!(error["row"].is_u64() && error["fix"].as_str().is_some_and(|fix| !fix.is_empty()), "{error}");
    }
}

#[test]
fn a_table_of_errors_is_aligned_and_complete() {
    let ended = run(&["validate", "--file", &example("roster-bad.csv")]);
    ended.failed(1, &["error: The roster has ", "fix: ", "code: RosterInvalid"]);
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert!(lines[0].starts_with("ROW  FIELD "), "{}", lines[0]);
    let code = lines[0].find("CODE").unwrap();
    for line in &lines[1..] {
        let before: String = line.chars().take(code).collect();
        assert!(before.ends_with("  "), "{line}");
    }
}

#[test]
fn rosters_as_people_save_them() {
    let good = format!("{HEADER}\n{ROW}\n");
    for bytes in [
        good.clone().into_bytes(),
        [b"\xef\xbb\xbf", good.as_bytes()].concat(),
        good.replace('\n', "\r\n").into_bytes(),
        good.replace(',', ";").into_bytes(),
        good.replace(',', "\t").into_bytes(),
        good.replace("identityParentId", "IDENTITYPARENTID").into_bytes(),
    ] {
        validate(&bytes).0.done(&["valid (1 row)"]);
    }
    let json = r#"[{"identityParentId":"a1d00000-0000-4000-8000-000000000001","displayName":"Ada","userPrincipalName":"ada@contoso.com"}]"#;
    validate(json.as_bytes()).0.done(&["valid (1 row)"]);
    let ended = end(agentuser(&["validate", "--file", "-"]).write_stdin(good));
    ended.done(&["valid (1 row)"]);
}

#[test]
fn rosters_that_can_not_be_read() {
    let utf16: Vec<u8> = HEADER.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, says) in [
        (&b""[..], "The roster is empty"),
        (b"  \n\n", "The roster is empty"),
        (&utf16, "UTF-16"),
        (b"identityParentId\nZo\xeb\n", "line 2 has another encoding"),
        (HEADER.as_bytes(), "The roster has no rows"),
        (b"[{]", "line 1, column 3"),
    ] {
        let (plain, json) = validate(bytes);
        plain.failed(1, &["error: ", says, "cause: ", "fix: ", "code: RosterUnreadable"]);
        let problem: serde_json::Value = serde_json::from_str(json.stderr.trim()).unwrap();
        assert_eq!(problem["code"], "RosterUnreadable");
        assert!(problem["message"].as_str().unwrap().contains(says), "{problem}");
    }
    run(&["validate", "--file", "no-such.csv"])
        .failed(1, &["no-such.csv can't be read", "fix: Check the path"]);
    run(&["validate", "--file", "."]).failed(1, &[". can't be read"]);
}

#[test]
fn mistakes_of_a_beginner_name_row_and_field() {
    let wide = format!("{HEADER}\n{ROW}{}\n", ",x".repeat(27));
    for (text, row, field, code) in [
        ("displayName,userPrincipalName\nAda,ada@contoso.com\n", 1, "identityParentId", "MissingColumn"),
        (&format!("{HEADER},jobTitel\n{ROW},x\n"), 1, "jobTitel", "UnknownColumn"),
        (&wide, 2, "roster", "CellCount"),
        (
            &format!("{HEADER}\n{ROW}\n{ROW}\n").replacen("ada@", "eve@", 1),
            3,
            "identityParentId",
            "RepeatedParent",
        ),
        (
            &format!("{HEADER}\n{ROW}\n{}\n", ROW.replacen("1,", "2,", 1).replace("ada@", "ADA@")),
            3,
            "userPrincipalName",
            "RepeatedUserPrincipalName",
        ),
        (&format!("{HEADER}\n{}\n", ROW.replace("ada@", "ad a@")), 2, "userPrincipalName", "UpnCharacter"),
    ] {
        let (plain, json) = validate(text.as_bytes());
        plain.failed(1, &["error: The roster has 1 error in 1 row", "code: RosterInvalid"]);
        assert!(plain.stdout.contains(code), "{plain:#?}");
        let errors = json.json();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!((errors[0]["row"].as_u64(), errors[0]["field"].as_str()), (Some(row), Some(field)));
        assert_eq!(errors[0]["code"], code);
    }
}

#[test]
fn values_by_flag() {
    run(&["validate", "--upn", "o'brien!#^~@contoso.com", "--usage-location", "de"]).done(&["valid"]);
    run(&["validate", "--upn", "a@contoso.com", "--json"]).done(&[r#"{"valid":true}"#]);
    let ended = run(&[
        "validate",
        "--upn",
        "a%b@contosso.com",
        "--verified-domain",
        "contoso.com",
        "--parent",
        "x",
        "--set",
        "jobTitle=a",
        "--set",
        "jobTitle=b",
        "--sponsor",
        "group:x",
        "--manager",
        "nobody",
        "--json",
    ]);
    ended.failed(1, &[r#""code":"Invalid""#]);
    let fields: BTreeSet<_> = ended.json().iter().map(|v| v["field"].as_str().unwrap().to_owned()).collect();
    let expected = ["identityParentId", "jobTitle", "manager", "sponsors", "userPrincipalName"];
    assert_eq!(fields, expected.map(str::to_owned).into());
    let ended = run(&["validate", "--upn", "ad a@contoso.com"]);
    ended.failed(
        1,
        &[
            "error: Invalid userPrincipalName: The user principal name contains ' '",
            "fix: Use only",
            "rule: UpnCharacter",
            "code: Invalid",
        ],
    );
    // The errors are the result of the command.
    assert!(ended.stdout.starts_with("FIELD ") && ended.stdout.contains("UpnCharacter"), "{ended:?}");
}

#[test]
fn several_names_by_flag_and_from_stdin() {
    run(&["validate", "--upn", "a@contoso.com", "--upn", "b@contoso.com"]).done(&["valid"]);
    let names = "# a comment\na@contoso.com\n\n  b@contoso.com  \nnobody\nc d@contoso.com\n";
    let ended = end(agentuser(&["validate", "--upn", "-", "--json"]).write_stdin(names));
    ended.failed(1, &[r#""code":"Invalid""#]);
    let errors = ended.json();
    assert_eq!(errors.len(), 2, "{errors:?}");
    let message =
        |code: &str| errors.iter().find(|e| e["code"] == code).unwrap()["message"].as_str().unwrap();
    assert!(message("UpnMissingAt").starts_with("\"nobody\": "), "{errors:?}");
    assert!(message("UpnCharacter").starts_with("\"c d@contoso.com\": "), "{errors:?}");
    // Wrong ones of several are told before anyone has to sign in, all at once.
    let ended = run(&["get", "nobody", "a@contoso.com", "x y@contoso.com"]);
    ended.failed(1, &["2 rules are broken", "(UpnMissingAt)", "(UpnCharacter)"]);
    end(agentuser(&["parent", "-"]).write_stdin("x\n")).failed(1, &["NotAnObjectId"]);
}

#[test]
fn derived_names() {
    let ended = run(&["derive", "Zoë Müller (Sales)", "--domain", "contoso.com", "--json"]);
    let names = serde_json::json!({"mailNickname": "zoe.muller.sales", "userPrincipalName": "zoe.muller.sales@contoso.com"});
    assert_eq!(ended.json(), [names]);
    run(&["derive", "Sales", "--alternative", "2"]).done(&["mailNickname  sales2"]);
    run(&["derive", "Sales", "--domain", "contoso"]).failed(1, &["domain without a dot", "fix: "]);
    run(&["derive", " "]).failed(1, &["displayName", "fix: "]);
}

#[test]
fn codes_are_explained_offline() {
    run(&["explain", "upntaken"]).done(&["UpnTaken", "fix", "exit code", "1"]);
    let ended = run(&["explain", "AADSTS7000215", "MailNicknameCharacter", "--json"]);
    let found = ended.json();
    assert_eq!(found[0]["code"], "SignInSecretWrong");
    assert_eq!((found[0]["kind"].as_str(), found[0]["exitCode"].as_u64()), (Some("signIn"), Some(4)));
    for member in ["message", "cause", "fix"] {
        assert!(found[0][member].as_str().unwrap().ends_with('.'), "{member}");
    }
    assert_eq!(found[1]["table"], "rule");
    run(&["explain", "no-sponsor"]).done(&["An agent user has no sponsor."]);
    run(&["explain", "UpnTakn"]).failed(1, &["There is no code \"UpnTakn\" here.", "Did you mean UpnTaken?"]);
    run(&["explain"]).done(&["CODE", "MEANING", "UpnTaken", "UpnTooLong", "NicknameChanges"]);
}

#[test]
fn policies_of_conditional_access_are_printed_and_not_sent() {
    run(&["conditional-access"]).done(&[
        "block-all",
        "block-outside-trusted-locations",
        "block-at-high-risk",
    ]);
    let one = run(&["conditional-access", "block-all"]);
    one.done(&["\"state\": \"enabledForReportingButNotEnforced\"", "AllAgentIdUsers"]);
    for said in
        ["Nothing was sent.", "/v1.0/identity/conditionalAccess/policies", "ReadWrite.ConditionalAccess"]
    {
        assert!(one.stderr.contains(said), "{one:?}");
    }
    let id = "a6000000-0000-4000-8000-000000000001";
    let beta = ["conditional-access", "block-at-high-risk", "--exclude", id];
    let one = run(&[&beta[..], &["--json"]].concat());
    assert_eq!(one.json()[0]["conditions"]["users"]["excludeUsers"][0], id);
    let told = run(&beta).stderr;
    assert!(told.contains("/beta/") && told.contains("Assumed"), "{told}");
    assert_eq!(run(&["conditional-access", "--json"]).json().len(), 3);
    run(&["conditional-access", "block"]).failed(1, &["Use one of block-all, "]);
    run(&["conditional-access", "--exclude", "ada@contoso.com"])
        .failed(1, &["excludeUsers", "NotAnObjectId"]);
}

/// An error without a page of Microsoft's names the command that explains it; none names a file of the repository.
#[test]
fn every_error_says_where_more_is_said() {
    let ended = run(&["validate", "--file", "no such file"]);
    ended.failed(1, &["see: agentuser explain "]);
    assert!(!ended.stderr.contains("docs/"), "{}", ended.stderr);
}
