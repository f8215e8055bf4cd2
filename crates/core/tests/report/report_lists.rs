//! Lists of agent users: as rosters that are read back, and in every other form.

use crate::common::{id, text};
use agentuser_core::report::{Format, Head, Options, Writer, users};
use agentuser_core::roster::{Roster, RosterSettings};
use proptest::prelude::*;
use serde_json::{Value, json};

const COLUMNS: [&str; 6] =
    ["identityParentId", "displayName", "userPrincipalName", "jobTitle", "accountEnabled", "businessPhones"];

fn csv(rows: &[Value], formula_safe: bool) -> String {
    let options = Options { formula_safe, places: None };
    text(Format::Csv, users(COLUMNS, Head::default()), options, rows)
}

/// The agent users of a roster, as the create request has them.
fn declared(file: &str) -> Vec<Value> {
    let roster = Roster::parse(file.as_bytes(), &RosterSettings::default());
    let roster = roster.unwrap_or_else(|problem| panic!("{:?}\n{file}", problem.row_errors()));
    roster.rows().iter().map(|row| serde_json::to_value(row.wanted().agent_user()).unwrap()).collect()
}

fn user(number: usize, name: &str, title: &str, phone: &str) -> Value {
    json!({
        "id": id(number), "identityParentId": id(number + 1000), "displayName": name, "jobTitle": title,
        "userPrincipalName": format!("agent.{number}@contoso.com"), "accountEnabled": true, "businessPhones": [phone],
    })
}

#[test]
fn values_that_look_like_formulas_survive_in_both_forms() {
    let rows = [
        user(1, "=x", "-Bot", "+49 30 1"),
        user(2, "'=x", "''+x", "'-1"),
        user(3, "@home, \"two\"", "'quoted'", "030"),
    ];
    let (plain, safe) = (csv(&rows, false), csv(&rows, true));
    assert!(plain.contains(",=x,agent.1@contoso.com,-Bot,true,+49 30 1\r\n"), "{plain}");
    assert!(safe.contains(",'=x,agent.1@contoso.com,'-Bot,true,'+49 30 1\r\n"), "{safe}");
    for form in [&plain, &safe] {
        assert!(form.contains(",''=x,agent.2@contoso.com,'''+x,true,''-1\r\n"), "{form}");
        for (read, row) in declared(form).iter().zip(&rows) {
            for member in ["displayName", "jobTitle", "businessPhones"] {
                assert_eq!(read[member], row[member], "{form}");
            }
        }
    }
}

#[test]
fn a_formula_of_a_text_stays_refused() {
    for safe in [false, true] {
        let file = csv(&[user(1, "=\"00123\"", "x", "030")], safe);
        let problem = Roster::parse(file.as_bytes(), &RosterSettings::default()).unwrap_err();
        assert!(
            problem.row_errors().iter().any(|error| error.violation.code.as_str() == "NotAValue"),
            "{file}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_value_is_read_back(
        before in "'{0,3}[=+@\\-]{0,2}",
        name in "[A-Za-z]{1,4}[ ,;'\"=+\\-@A-Za-zé\u{4eac}]{0,8}[a-z]",
        title in "'{0,2}[=+@\\-]?[A-Za-z,\"']{1,6}[a-z]",
        phone in "['=+@\\-]{0,3}[0-9]{1,5}",
        safe in any::<bool>(),
    ) {
        let rows = [user(1, &format!("{before}{name}"), &title, &phone), user(2, "B", "c", "1")];
        // These are formulas and the marks of programs, and are refused in each form.
        prop_assume!(!name.starts_with('"') && !before.contains("@{"));
        let read = declared(&csv(&rows, safe));
        prop_assert_eq!(read.len(), 2);
        for member in ["displayName", "jobTitle", "businessPhones", "userPrincipalName", "identityParentId"] {
            prop_assert_eq!(&read[0][member], &rows[0][member]);
        }
    }
}

#[test]
fn a_list_has_no_form_of_findings() {
    for format in [Format::Sarif, Format::Junit, Format::Xlsx] {
        let document = users(COLUMNS, Head::default());
        let problem = Writer::start(format, document, Options::default(), &mut String::new()).unwrap_err();
        assert!(problem.message().contains("form") || problem.message().contains("workbook"), "{problem:?}");
    }
}

#[test]
fn pages_and_json_of_lists() {
    let rows = [user(1, "<b>", "x", "030"), user(2, "B", "c", "1")];
    let head = || Head { links: true, ..Head::default() };
    let page = text(Format::Html, users(COLUMNS, head()), Options::default(), &rows);
    assert!(page.contains("<h1>Agent users</h1>") && page.contains("&lt;b&gt;</a>"), "{page}");
    assert_eq!(page.matches("UserProfileMenuBlade").count(), 4);
    assert!(page.contains("<td>yes\n") || page.contains("<td>yes<td>"), "{page}");
    let json: Value =
        serde_json::from_str(&text(Format::Json, users(COLUMNS, head()), Options::default(), &rows)).unwrap();
    assert_eq!(json, json!(rows));
    // The JSON is a roster, too.
    assert_eq!(declared(&json.to_string()).len(), 2);
}
