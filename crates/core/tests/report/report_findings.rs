//! Reading the report of an audit, and its findings as data.

use crate::common::{audit, finding, mixed, parsed, text, written};
use agentuser_core::problem::Code;
use agentuser_core::report::{Findings, Format, Head, Options};
use serde_json::{Value, json};

#[test]
fn the_worst_come_first_and_those_of_a_user_together() {
    let findings = parsed(&audit(vec![
        finding("b", "low", 1),
        finding("b", "high", 2),
        finding("b", "high", 1),
        finding("a", "high", 1),
        finding("a", "info", 1),
    ]));
    let rows = findings.rows().map(|row| (row["severity"].as_str().unwrap(), row["rule"].as_str().unwrap()));
    let expected = [("high", "a"), ("high", "b"), ("high", "b"), ("low", "b"), ("info", "a")];
    assert_eq!(rows.collect::<Vec<_>>(), expected);
}

#[test]
fn json_is_the_report_itself_and_is_read_again() {
    let report = mixed();
    let text = written(&report, Format::Json, None);
    let again: Value = serde_json::from_str(&text).unwrap();
    let sorted = |report: &Value| {
        let mut report = report.clone();
        let findings = report["findings"].as_array_mut().unwrap();
        findings.sort_by_key(ToString::to_string);
        report
    };
    assert_eq!(sorted(&again), sorted(&report));
    assert_eq!(written(&again, Format::Json, None), text);
    assert_eq!(
        serde_json::from_str::<Value>(&written(&audit(vec![]), Format::Json, None)).unwrap(),
        audit(vec![])
    );
}

#[test]
fn lines_of_the_command_line_are_read_and_what_they_lost_is_told() {
    let mut report = mixed();
    let findings = report.as_object_mut().unwrap().remove("findings").unwrap();
    let findings = findings.as_array().unwrap();
    let lines = |count: usize| {
        let findings = findings.iter().take(count).map(|finding| format!("{finding}\n"));
        format!("{report}\n{}", findings.collect::<String>())
    };
    let page = |count: usize| {
        let findings = Findings::parse(lines(count).as_bytes()).unwrap();
        let document = findings.document(Head::default());
        text(Format::Html, document, Options::default(), findings.rows())
    };
    assert_eq!(Findings::parse(lines(4).as_bytes()).unwrap().rows().count(), 4);
    assert!(!page(4).contains("fewer findings"));
    // The page shows one finding, which is not of the rule whose findings were lost.
    assert!(page(1).contains("<li>The file has fewer findings than were found: no-sponsor"), "{}", page(1));
}

#[test]
fn csv_is_flat_and_no_cell_is_a_formula() {
    let text = written(&mixed(), Format::Csv, None);
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(
        lines[0],
        "rule,severity,state,comparison,user.userPrincipalName,subject.name,message,fix,evidence,reason.code,reason.permissions,\
         reason.license,accepted.by,accepted.reason,accepted.until,user.id,subject.kind,subject.id"
    );
    assert_eq!(lines.len(), 6);
    assert!(lines[1].starts_with("parent-gone,high,found,new,agent.00004@contoso.com,"), "{}", lines[1]);
    let odd = "\"'=cmd|' /C calc'!A0 <script>alert(1)</script> & \"\"quoted\"\" \u{202e}x\"";
    assert!(lines[2].contains(odd), "{}", lines[2]);
    assert!(lines[2].contains(",\"days=12;names=a, b\","), "{}", lines[2]);
    assert!(lines[4].contains(",PermissionMissing,AuditLog.Read.All;Directory.Read.All,"), "{}", lines[4]);
    assert!(!text.contains("[object") && !text.contains('{'), "{text}");
}

#[test]
fn another_file_is_refused_as_what_it_is() {
    for (file, message) in [
        ("", "is empty"),
        ("{\"kind\":\"agentuserAudit\",\"findings\":[", "can't be read as JSON"),
        ("[]", "is not an object"),
        ("{\"kind\":\"agentuserPlan\"}", "its kind is not agentuserAudit"),
        ("{\"kind\":\"agentuserAudit\",\"findings\":[]}", "has no list rules"),
        ("{\"kind\":\"agentuserAudit\",\"rules\":[],\"findings\":{}}", "are not a list"),
        ("{\"kind\":\"agentuserAudit\",\"kind\":\"x\"}", "is there twice"),
    ] {
        let problem = Findings::parse(file.as_bytes()).unwrap_err();
        assert_eq!(problem.code(), Code::FindingsUnreadable, "{file}");
        assert!(problem.message().contains(message), "{file}: {problem:?}");
    }
}

#[test]
fn every_fault_of_every_finding_is_told_with_its_place() {
    let mut bad = finding("", "grave", 1);
    bad["state"] = json!("clean");
    bad["subject"] = json!({ "kind": "agentUser" });
    let report = audit(vec![finding("a", "high", 1), bad, json!("x")]);
    let problem = Findings::parse(report.to_string().as_bytes()).unwrap_err();
    let places: Vec<&str> = problem.violations().iter().map(|violation| &*violation.field).collect();
    let (second, third) = ("findings[1].", "findings[2].");
    let expected = |start: &str, members: &[&str]| -> Vec<String> {
        members.iter().map(|member| format!("{start}{member}")).collect()
    };
    let all = ["rule", "message", "subject.kind", "subject.id", "severity", "state"];
    let of_second = ["rule", "subject.id", "severity", "state"];
    assert_eq!(places, [expected(second, &of_second), expected(third, &all)].concat());
    assert!(problem.violations().iter().all(|violation| violation.fix.contains("agentuser audit --json")));
}
