//! Files as known programs write them: they are read, and a remark says what was recognised.

use crate::common::*;
use agentuser_core::remark::RemarkCode;
use agentuser_core::validate::RuleCode;
use serde_json::{Value, json};

fn remarks(file: impl AsRef<[u8]>) -> Vec<RemarkCode> {
    let roster = parse(file.as_ref()).unwrap_or_else(|errors| panic!("{errors:#?}"));
    assert!(roster.remarks().iter().all(|remark| remark.message.ends_with('.')), "{roster:?}");
    roster.remarks().iter().map(|remark| remark.code).collect()
}

fn two() -> String {
    csv(&["{1},Ada,ada@contoso.com", "{2},Bob,bob@contoso.com", ""])
}

#[test]
fn excels_line_with_the_separator() {
    for (separator, line) in
        [(";", "sep=;"), (",", "SEP=,"), ("\t", "sep=\t"), ("|", "sep=|"), (";", "\"sep=;\"")]
    {
        for end in ["\n", "\r\n", "\r"] {
            let file = format!("\u{feff}{line}\n{}", two().replace(',', separator)).replace('\n', end);
            assert_eq!(remarks(&file), [RemarkCode::SeparatorLine], "{file:?}");
            assert_eq!(names(&file), ["Ada", "Bob"]);
        }
    }
    // Rows are numbered from the header on.
    let bad = format!("sep=;\n{}", csv(&["{1};Ada;ada"]).replace(',', ";"));
    assert_eq!(broken(bad), one(2, "userPrincipalName", RuleCode::UpnMissingAt));
    // With more behind it, the line is none of Excel's.
    assert!(unreadable(format!("sep=;x\n{}", two())).contains("The first row is not a header"));
}

#[test]
fn columns_and_rows_that_excel_leaves_empty() {
    let file = two().replace('\n', ",,\r\n") + ",,,,\r\n,,,,\r\n";
    assert_eq!(remarks(&file), [RemarkCode::EmptyColumns]);
    assert_eq!(names(&file), ["Ada", "Bob"]);
    // Rows alone may have more separators than the header; but no values there.
    let rows = two().replace("com\n", "com,,,\n");
    assert_eq!((remarks(&rows), names(&rows).len()), (vec![], 2));
    assert_eq!(broken(two().replace("com\n", "com,,x\n"))[0].2, RuleCode::CellCount);
    // A column without a name but with values is refused with its position.
    let values = two().replace("Name\n", "Name,,\n").replace("com\n", "com,,x\n");
    let found = parse(values.as_bytes()).unwrap_err();
    let [error] = found.row_errors() else { panic!("{found:#?}") };
    assert_eq!(error.violation.message, "Column 5 has no name, but a value in row 2.");
}

#[test]
fn windows_powershells_line_with_the_type() {
    let quoted =
        two().lines().map(|line| format!("\"{}\"\r\n", line.replace(',', "\",\""))).collect::<String>();
    for line in ["#TYPE System.Management.Automation.PSCustomObject", "\"#TYPE Selected.X\"", "#TYPE X,,"] {
        let file = format!("{line}\r\n{quoted}");
        assert_eq!(
            (remarks(&file), names(&file)),
            (vec![RemarkCode::TypeLine], vec!["Ada".into(), "Bob".into()])
        );
    }
}

/// The heading row of the Entra portal's template for creating users, and the row of agent identities that it needs.
const PORTAL: &str = "version:v1.0,,,\nName [displayName] Required,User name [userPrincipalName] Required,\
    Initial password [passwordProfile] Required,Block sign in (Yes/No) [accountEnabled] Required,\
    First name [givenName],Office [physicalDeliveryOfficeName],Office phone [telephoneNumber],\
    Mobile phone [mobile],Usage location [usageLocation],identityParentId\n";

#[test]
fn the_entra_portals_template() {
    let example =
        "Example: Chris Green,Example: chris@contoso.com,Example: myPassword1234,Example: No,,,,,,\n";
    let rows = format!(
        "Ada,ada@contoso.com,,No,Ada,1/2,+1 425 555 0100,+1 425 555 0101,US,{}\nBob,bob@contoso.com,,yes,,,,,,{}\n",
        id(1),
        id(2)
    );
    for file in
        [format!("{PORTAL}{example}{rows}"), format!("{PORTAL}{rows}").replacen("version:v1.0,,,\n", "", 1)]
    {
        assert_eq!(remarks(&file), [RemarkCode::PortalTemplate]);
        let declared: Vec<Value> = super::common::rows(&file)
            .iter()
            .map(|row| serde_json::to_value(row.declared()).unwrap())
            .collect();
        let ada = json!({
            "accountEnabled": true, "displayName": "Ada", "userPrincipalName": "ada@contoso.com", "givenName": "Ada",
            "officeLocation": "1/2", "businessPhones": ["+1 425 555 0100"], "mobilePhone": "+1 425 555 0101",
            "usageLocation": "US",
        });
        assert_eq!(declared[0], ada);
        assert_eq!(declared[1]["accountEnabled"], false);
    }
    let secret = format!("{PORTAL}Ada,ada@contoso.com,Passw0rd!,true,,,,,,{}\n", id(1));
    let found = parse(secret.as_bytes()).unwrap_err();
    assert!(!format!("{found:?}").contains("Passw0rd"), "{found:?}");
    let codes: Vec<_> = found.row_errors().iter().map(|e| e.violation.code).collect();
    assert_eq!(codes, [RuleCode::UnknownColumn, RuleCode::WrongKind], "{found:#?}");
    // The errors of rows name the column as the file has it.
    let wrong = format!("{PORTAL}Ada,ada,,No,,,,,,{}\n", id(1));
    assert_eq!(broken(wrong), one(2, "User name [userPrincipalName] Required", RuleCode::UpnMissingAt));
    // Older names count in the portal's own files alone.
    assert_eq!(broken(two().replacen("displayName", "displayName,mobile", 1))[0].2, RuleCode::UnknownColumn);
}

fn ada(other: Value) -> Value {
    let mut row =
        json!({"identityParentId": id(1), "displayName": "Ada", "userPrincipalName": "ada@contoso.com"});
    row.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    row
}

#[test]
fn json_as_powershell_graph_and_programs_write_it() {
    let (one, array) = (ada(json!({})), json!([ada(json!({}))]));
    let lines = format!("{one}\n{}\n", one.to_string().replace("0001", "0002").replace("ada@", "bob@"));
    for (text, rows, code) in [
        (one.to_string(), 1, Some(RemarkCode::OneObject)),
        (serde_json::to_string_pretty(&one).unwrap(), 1, Some(RemarkCode::OneObject)),
        (lines.clone(), 2, Some(RemarkCode::JsonLines)),
        (lines.replace('\n', "\r\n\r\n"), 2, Some(RemarkCode::JsonLines)),
        (json!({"value": array, "Count": 1}).to_string(), 1, Some(RemarkCode::ValueAndCount)),
        (json!({"@odata.context": "x", "value": array}).to_string(), 1, Some(RemarkCode::ValueAndCount)),
        (array.to_string(), 1, None),
    ] {
        assert_eq!(remarks(&text), Vec::from_iter(code), "{text}");
        assert_eq!(names(&text).len(), rows, "{text}");
    }
    assert!(
        unreadable(json!({"@odata.nextLink": "x", "value": array}).to_string())
            .contains("one page of several")
    );
    assert_eq!(broken(format!("{lines}[]")), one_of(3, RuleCode::RowNotAnObject));
    let nested = ada(json!({"sponsors": {"value": ["human1@contoso.com"], "Count": 1}}));
    assert_eq!(rows(nested.to_string())[0].sponsors().len(), 1);
}

/// The manager and the sponsors of Get-AgentUser are objects, which ConvertTo-Json writes as they are.
#[test]
fn people_and_groups_as_powershell_writes_them() {
    let related = |kind: &str, n: u32| {
        let upn = (kind == "User").then(|| format!("person{n}@contoso.com"));
        json!({"AgentUser": "ada@contoso.com", "UserPrincipalName": upn, "Kind": kind, "Id": id(n)})
    };
    let sponsors = [related("Group", 6), related("User", 7)];
    let whole = ada(json!({"Manager": related("User", 5), "Sponsors": sponsors, "AdditionalMembers": null}));
    let counted = ada(json!({"Manager": related("User", 5), "Sponsors": {"value": sponsors, "Count": 2}}));
    for text in [whole.to_string(), counted.to_string()] {
        let found = rows(text);
        let sponsors: Vec<_> = found[0].sponsors().iter().map(ToString::to_string).collect();
        assert_eq!(sponsors, [format!("group:{}", id(6)), id(7)]);
        assert_eq!(found[0].manager().unwrap().to_string(), id(5));
    }
}

fn one_of(row: usize, code: RuleCode) -> Vec<(Option<usize>, String, RuleCode)> {
    vec![(Some(row), "roster".to_owned(), code)]
}

#[test]
fn what_graph_alone_writes_is_left_alone_with_one_remark() {
    let exported = ada(json!({
        "@odata.type": "#microsoft.graph.agentUser", "id": id(9), "createdDateTime": "2026-01-01T00:00:00Z",
        "assignedLicenses": [{"skuId": id(3), "disabledPlans": []}], "proxyAddresses": ["SMTP:a@contoso.com"],
        "businessPhones": [], "mail": null,
        "manager": {"@odata.type": "#microsoft.graph.user", "id": id(5)},
        "sponsors": [{"@odata.type": "#microsoft.graph.group", "id": id(6)}, {"id": id(7)}],
        "groups": [{"@odata.type": "#microsoft.graph.group", "id": id(8), "displayName": "Sales"}],
    }));
    let file = json!([exported]).to_string();
    assert_eq!(remarks(&file), [RemarkCode::ReadOnlyColumns]);
    let roster = parse(file.as_bytes()).unwrap();
    let message = &roster.remarks()[0].message;
    assert_eq!(
        message,
        "assignedLicenses, createdDateTime, id, proxyAddresses are written by Graph alone and are left alone."
    );
    let row = roster.rows()[0].wanted();
    let sponsors: Vec<_> = row.sponsors().iter().map(ToString::to_string).collect();
    let groups: Vec<_> = row.groups().iter().map(ToString::to_string).collect();
    assert_eq!(groups, [id(8)]);
    assert_eq!(
        (row.manager().unwrap().to_string(), sponsors),
        (id(5), vec![format!("group:{}", id(6)), id(7)])
    );
    assert_eq!(
        serde_json::to_value(row.declared()).unwrap(),
        json!({"displayName": "Ada", "userPrincipalName": "ada@contoso.com"})
    );

    let table = format!(
        "Id,CreatedDateTime,IsAgentUser,{HEADER},AssignedLicenses\n{},x,True,{},Ada,ada@contoso.com,y",
        id(9),
        id(1)
    );
    assert_eq!(remarks(&table), [RemarkCode::ReadOnlyColumns]);
    for unknown in ["nickname", "sessionState", "idd"] {
        assert_eq!(broken(json!([ada(json!({unknown: 1}))]).to_string())[0].2, RuleCode::UnknownColumn);
    }
    // A password is refused, and not repeated.
    let found =
        parse(json!([ada(json!({"passwordProfile": {"password": "Passw0rd!"}}))]).to_string().as_bytes());
    assert!(!format!("{found:?}").contains("Passw0rd"));
    assert_eq!(remarks(json!([ada(json!({"passwordProfile": null}))]).to_string()), []);
}

#[test]
fn nicknames_that_exchange_changes_are_warned_of_and_never_derived() {
    let file = format!(
        "{HEADER},mailNickname\n{},Ada,ada@contoso.com,r&d\n{},Bob,b!ob@contoso.com,\n{},Cat,cat@contoso.com,cat..cat",
        id(1),
        id(2),
        id(3)
    );
    let roster = parse(file.as_bytes()).unwrap();
    let [remark] = roster.remarks() else { panic!("{roster:?}") };
    assert_eq!(remark.code, RemarkCode::NicknameChanges);
    assert!(remark.message.starts_with("Row 2: ") && remark.message.ends_with("1 more row."), "{remark}");
    assert_eq!(roster.rows()[1].wanted().agent_user().mail_nickname().as_str(), "bob");
}
