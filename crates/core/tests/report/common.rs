//! An audit's report, and what is written of it.

use agentuser_core::report::{Document, Findings, Format, Head, Options, Places, Writer};
use serde_json::{Value, json};

pub const TENANT: &str = "7e9a0000-0000-4000-8000-000000000001";

pub fn id(number: usize) -> String {
    format!("a6000000-0000-4000-8000-{number:012}")
}

/// A finding of this rule about this agent user.
pub fn finding(rule: &str, severity: &str, user: usize) -> Value {
    let name = format!("agent.{user:05}@contoso.com");
    json!({
        "rule": rule, "severity": severity, "state": "found",
        "user": { "id": id(user), "userPrincipalName": name },
        "subject": { "kind": "agentUser", "id": id(user), "name": name },
        "message": "It has no sponsor: nobody is answerable for it.",
        "evidence": {}, "fix": format!("agentuser sponsor add {name} SPONSOR"),
    })
}

/// The report of an audit with these findings.
pub fn audit(findings: Vec<Value>) -> Value {
    json!({
        "kind": "agentuserAudit", "version": 1, "tenantId": TENANT, "account": "admin@contoso.com",
        "takenAt": "2026-06-01T12:00:00.000Z", "judgedAt": "2026-06-01T12:00:00.000Z", "agentUsers": 25,
        "rules": [
            { "rule": "no-sponsor", "severity": "medium", "finds": "An agent user has no sponsor.",
              "found": 1, "clean": 24, "notChecked": 0 },
            { "rule": "parent-gone", "severity": "high", "finds": "The parent is gone.",
              "found": 0, "clean": 25, "notChecked": 0 },
            { "rule": "no-sign-in", "severity": "low", "finds": "It did not sign in.",
              "found": 0, "clean": 0, "notChecked": 25 },
        ],
        "findings": findings, "notRead": [],
    })
}

/// A report with each kind of finding, and with texts that would be markup or formulas.
pub fn mixed() -> Value {
    let mut odd = finding("no-sponsor", "medium", 2);
    odd["message"] = "=cmd|' /C calc'!A0 <script>alert(1)</script> & \"quoted\" \u{202e}x".into();
    odd["evidence"] = json!({ "days": 12, "names": ["a", "b"], "none": null });
    let mut accepted = finding("no-sponsor", "medium", 3);
    accepted["accepted"] = json!({ "by": "ann@contoso.com", "reason": "A pilot.", "until": "2026-12-31" });
    let mut new = finding("parent-gone", "high", 4);
    new["comparison"] = "new".into();
    let unchecked = json!({
        "rule": "no-sign-in", "severity": "low", "state": "notChecked", "user": null,
        "subject": { "kind": "tenant", "id": TENANT, "name": TENANT },
        "message": "It was not checked. Graph refused.", "evidence": {}, "fix": null,
        "reason": { "code": "PermissionMissing", "message": "Graph refused.", "permissions": ["AuditLog.Read.All", "Directory.Read.All"] },
    });
    audit(vec![unchecked, accepted, odd, new])
}

pub fn parsed(report: &Value) -> Findings {
    Findings::parse(report.to_string().as_bytes()).unwrap()
}

/// Findings in a format.
pub fn written(report: &Value, format: Format, places: Option<Places>) -> String {
    let findings = parsed(report);
    let head = Head { took_ms: Some(61_500), links: true, ..Head::default() };
    let options = Options { formula_safe: false, places };
    text(format, findings.document(head), options, findings.rows())
}

/// A document in a format.
pub fn text<'a>(
    format: Format,
    document: Document,
    options: Options,
    rows: impl IntoIterator<Item = &'a Value>,
) -> String {
    let mut out = String::new();
    let mut writer = Writer::start(format, document, options, &mut out).unwrap();
    rows.into_iter().for_each(|row| writer.row(row, &mut out));
    writer.end(None, &mut out);
    out
}
