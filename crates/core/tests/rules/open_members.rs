//! Extension properties, `employeeOrgData` and custom security attributes: names, values, bodies and differences.

use agentuser_core::graph::{Detail, ListedMember};
use agentuser_core::json::OperationRequest;
use agentuser_core::model::{AgentUserPatch, MemberValue, OpenColumn, OpenMember};
use agentuser_core::roster::{Roster, RosterSettings};
use agentuser_core::validate::RuleCode;
use serde_json::{Map, Value, json};

const JOB: &str = "extension_b7d8e648520f41d3b9c0fdeb91768a0a_jobGroup";

fn open(path: &str) -> OpenMember {
    OpenMember::parse(path).unwrap()
}

fn patch<const N: usize>(values: [(&str, MemberValue); N]) -> AgentUserPatch {
    AgentUserPatch::parse(values.map(|(path, value)| (open(path), value))).unwrap()
}

fn text(text: &str) -> MemberValue {
    MemberValue::Text(text.to_owned())
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[test]
fn names_are_whole_and_of_a_known_kind() {
    for (name, path) in [
        (JOB, JOB),
        ("Extension_B7D8E648520F41D3B9C0FDEB91768A0A_jobGroup", JOB),
        ("EmployeeOrgData.costcenter", "employeeOrgData.costCenter"),
        ("customsecurityattributes.Engineering.Project", "customSecurityAttributes.Engineering.Project"),
        ("extkvbmkofy_courses.courseId", "extkvbmkofy_courses.courseId"),
    ] {
        assert_eq!(open(name).path(), path);
    }
    for name in [
        "extension_x",
        "extension_b7d8e648-520f-41d3-b9c0-fdeb91768a0a_jobGroup",
        "extension_b7d8e648520f41d3b9c0fdeb91768a0a_",
        "employeeOrgData",
        "employeeOrgData.costCentre",
        "customSecurityAttributes.Engineering",
        "customSecurityAttributes.Engineering.Project.x",
        "job_title",
        "jobTitel",
    ] {
        assert_eq!(OpenMember::parse(name).unwrap_err().code, RuleCode::UnknownColumn, "{name}");
    }
    let fix = OpenMember::parse("employeeOrgData.costCentre").unwrap_err().fix;
    assert_eq!(fix, "Rename it to employeeOrgData.costCenter, or remove it.");
}

#[test]
fn bodies_have_the_types_that_graph_asks_for() {
    let set = "customSecurityAttributes.Engineering";
    let patch = patch([
        (&format!("{set}.Project"), MemberValue::Texts(vec!["Baker".into()])),
        (&format!("{set}.Vendors"), MemberValue::Number(4)),
        (&format!("{set}.Centers"), MemberValue::Numbers(vec![1001, 1003])),
        (&format!("{set}.Certified"), MemberValue::Flag(true)),
        (&format!("{set}.Date"), MemberValue::Null),
        (JOB, text("E4")),
        ("employeeOrgData.division", text("Sales")),
    ]);
    let body = json!({
        JOB: "E4",
        "employeeOrgData": {"division": "Sales"},
        "customSecurityAttributes": {"Engineering": {
            "@odata.type": "#Microsoft.DirectoryServices.CustomSecurityAttributeValue",
            "Project@odata.type": "#Collection(String)", "Project": ["Baker"],
            "Vendors@odata.type": "#Int32", "Vendors": 4,
            "Centers@odata.type": "#Collection(Int32)", "Centers": [1001, 1003],
            "Certified": true, "Date": null,
        }},
    });
    assert_eq!(Value::Object(patch.to_json()), body);
}

#[test]
fn only_what_differs_is_sent_and_what_is_written_whole_keeps_the_rest() {
    let set = "customSecurityAttributes.Engineering";
    let patch = patch([
        ("employeeOrgData.costCenter", text("4711")),
        (&format!("{set}.Vendors"), MemberValue::Number(4)),
        (&format!("{set}.Project"), MemberValue::Texts(vec!["Baker".into(), "Cascade".into()])),
        (JOB, text("2026-01-31T00:00:00Z")),
    ]);
    let has = object(json!({
        JOB: "2026-01-31T00:00:00.0000000Z",
        "employeeOrgData": {"division": "Sales", "costCenter": "1"},
        "customSecurityAttributes": {"Engineering": {"Project": ["Cascade", "Baker"], "Vendors": 3, "Other": "x"}},
    }));
    let changes = patch.changes_from(&has);
    assert_eq!(
        Value::Object(changes.to_json()),
        json!({
            "employeeOrgData": {"division": "Sales", "costCenter": "4711"},
            "customSecurityAttributes": {"Engineering": {
                "@odata.type": "#Microsoft.DirectoryServices.CustomSecurityAttributeValue",
                "Vendors@odata.type": "#Int32", "Vendors": 4,
            }},
        })
    );
    assert_eq!(changes.len(), 2);
    let mut is = has;
    is.insert("employeeOrgData".into(), json!({"division": "Sales", "costCenter": "4711"}));
    is.insert(
        "customSecurityAttributes".into(),
        json!({"Engineering": {"Project": ["Baker", "Cascade"], "Vendors": 4}}),
    );
    assert!(patch.changes_from(&is).is_empty());
}

#[test]
fn values_are_checked_by_kind() {
    let broken = |path: &str, value| {
        AgentUserPatch::parse([(open(path), value)])
            .err()
            .unwrap_or_default()
            .first()
            .map(|broken| broken.code)
    };
    let attribute = "customSecurityAttributes.Engineering.Vendors";
    assert_eq!(broken(attribute, MemberValue::Number(1 << 31)), Some(RuleCode::WrongKind));
    assert_eq!(broken(attribute, MemberValue::Numbers(vec![1, -(1 << 40)])), Some(RuleCode::WrongKind));
    assert_eq!(broken(JOB, MemberValue::Number(1 << 40)), None);
    assert_eq!(broken("employeeOrgData.division", MemberValue::Flag(true)), Some(RuleCode::WrongKind));
    assert_eq!(broken(JOB, text(&"ä".repeat(256))), None);
    assert_eq!(broken(JOB, text(&"ä".repeat(257))), Some(RuleCode::ValueTooLong));
    assert_eq!(broken(JOB, text(&"A".repeat(344))), None);
    assert_eq!(broken(JOB, text("System.Object[]")), Some(RuleCode::NotAValue));
    assert_eq!(broken(JOB, text(" ")), Some(RuleCode::Blank));
    assert_eq!(broken(JOB, text("a\u{1}b")), Some(RuleCode::ControlCharacter));
    assert_eq!(broken(JOB, MemberValue::Null), None);
}

#[test]
fn a_heading_may_name_the_type_of_its_texts() {
    let value =
        |heading: &str, text: &str| OpenColumn::parse(heading).unwrap().and_then(|column| column.value(text));
    assert_eq!(value(JOB, "42"), Ok(text("42")));
    assert_eq!(value(&format!("{JOB}:Integer"), " 42"), Ok(MemberValue::Number(42)));
    assert_eq!(value(&format!("{JOB}:LargeInteger"), "4294967296"), Ok(MemberValue::Number(1 << 32)));
    assert_eq!(value(&format!("{JOB}:Boolean"), "TRUE"), Ok(MemberValue::Flag(true)));
    assert_eq!(value(&format!("{JOB}:Collection(Int32)"), "1; 2"), Ok(MemberValue::Numbers(vec![1, 2])));
    assert_eq!(
        value(&format!("{JOB}:Collection(String)"), "a;b;"),
        Ok(MemberValue::Texts(vec!["a".into(), "b".into()]))
    );
    for (of, text) in [("Integer", "4294967296"), ("Integer", "x"), ("Boolean", "yes"), ("DateTime", "soon")]
    {
        assert_eq!(value(&format!("{JOB}:{of}"), text).unwrap_err().code, RuleCode::WrongKind, "{of}");
    }
    assert_eq!(value(&format!("{JOB}:Double"), "1").unwrap_err().code, RuleCode::UnknownColumn);
    assert!(OpenColumn::parse("jobTitle").is_none());
}

#[test]
fn rosters_name_the_place_of_what_is_wrong() {
    let broken = |file: &str| {
        let problem = Roster::parse(file.as_bytes(), &RosterSettings::default()).unwrap_err();
        problem
            .row_errors()
            .iter()
            .map(|row| (row.violation.field.to_string(), row.violation.code))
            .collect::<Vec<_>>()
    };
    let csv = format!(
        "identityParentId,displayName,userPrincipalName,{JOB}:Integer,employeeOrgData.costCentre,jobTitel\n\
         a1d00000-0000-4000-8000-000000000001,A,a@contoso.com,x,1,2\n"
    );
    assert_eq!(
        broken(&csv),
        [
            ("employeeOrgData.costCentre".to_owned(), RuleCode::UnknownColumn),
            ("jobTitel".to_owned(), RuleCode::UnknownColumn),
            (format!("{JOB}:Integer"), RuleCode::WrongKind),
        ]
    );
    let json = json!([{
        "identityParentId": "a1d00000-0000-4000-8000-000000000001", "displayName": "A",
        "userPrincipalName": "a@contoso.com", "job_title": "x",
        "employeeOrgData": {"division": "a"}, "employeeOrgData.division": "b",
        "customSecurityAttributes": {"Engineering": {"Vendors@odata.type": "#Int32", "Vendors": "4"}},
    }]);
    assert_eq!(
        broken(&json.to_string()),
        [
            ("customSecurityAttributes.Engineering.Vendors".to_owned(), RuleCode::WrongKind),
            ("employeeOrgData.division".to_owned(), RuleCode::RepeatedColumn),
            ("job_title".to_owned(), RuleCode::UnknownColumn),
        ]
    );
}

#[test]
fn exports_are_rosters() {
    let row = json!({
        "identityParentId": "a1d00000-0000-4000-8000-000000000001", "displayName": "A",
        "userPrincipalName": "a@contoso.com", "employeeOrgData": {"division": null, "costCenter": "1"},
        "customSecurityAttributes": null, JOB: null,
    });
    let roster = Roster::parse(json!([row]).to_string().as_bytes(), &RosterSettings::default()).unwrap();
    let declared = roster.rows()[0].wanted().declared().to_json();
    assert_eq!(declared["employeeOrgData"], json!({"costCenter": "1"}));
    assert!(!declared.contains_key(JOB));
}

#[test]
fn attributes_are_not_in_the_request_that_creates() {
    let row = json!([{
        "identityParentId": "a1d00000-0000-4000-8000-000000000001", "displayName": "A",
        "userPrincipalName": "a@contoso.com", JOB: "E4", "employeeOrgData.costCenter": "1",
        "customSecurityAttributes.Engineering.Project": "x",
    }]);
    let roster = Roster::parse(row.to_string().as_bytes(), &RosterSettings::default()).unwrap();
    let body = roster.rows()[0].wanted().agent_user().to_json();
    assert_eq!((&body[JOB], &body["employeeOrgData"]), (&json!("E4"), &json!({"costCenter": "1"})));
    assert!(!body.contains_key("customSecurityAttributes"));
}

#[test]
fn updates_and_reads_know_the_names() {
    let update = |changes: Value| {
        let operation = json!({"operation": "update", "user": "a@contoso.com", "changes": changes});
        OperationRequest::parse(operation.to_string().as_bytes(), Vec::new()).map(drop)
    };
    assert!(
        update(json!({JOB: null, "employeeOrgData": null, "customSecurityAttributes.A.B": true})).is_ok()
    );
    assert!(update(json!({"customSecurityAttributes": {"A": {"B": 1}}})).is_ok());
    let told = update(json!({"jobTitel": "x"})).unwrap_err();
    assert_eq!(told.violations()[0].fix, "Rename it to jobTitle, or remove it.");
    assert!(update(json!({"customSecurityAttributes": null})).is_err());
    for (name, property) in [
        (JOB, JOB),
        ("customSecurityAttributes", "customSecurityAttributes"),
        ("customSecurityAttributes.A.B", "customSecurityAttributes"),
        ("EMPLOYEEORGDATA.costcenter", "employeeOrgData"),
        ("employeeLeaveDateTime", "employeeLeaveDateTime"),
    ] {
        assert_eq!(ListedMember::find(name).unwrap().property(), property, "{name}");
    }
    assert_eq!(ListedMember::find("extension_x"), None);
    assert_eq!(Detail::with(ListedMember::find("jobTitle")), Detail::USUAL);
}
