//! Findings as SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"), for pipelines.

use super::document::{Document, Group};
use super::findings::{group, located, text};
use super::place::Places;
use serde_json::{Value, json};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes SARIF.
#[derive(Debug)]
pub(super) struct Sarif {
    document: Document,
    places: Option<Places>,
    rules: Vec<String>,
    has_rows: bool,
}

impl Sarif {
    pub(super) fn new(document: Document, places: Option<Places>) -> Self {
        let rules = document.rules().iter().map(|rule| text(rule, "/rule").to_owned()).collect();
        Self { document, places, rules, has_rows: false }
    }

    pub(super) fn start(&self, out: &mut String) {
        let rules: Vec<Value> = self.document.rules().iter().map(rule).collect();
        let driver = json!({
            "name": "agentuser",
            "version": env!("CARGO_PKG_VERSION"),
            "rules": rules,
        });
        let automation = self
            .document
            .head
            .tenant
            .as_ref()
            .map(|tenant| json!({ "id": format!("agentuser/audit/{tenant}") }));
        out.push_str(&format!(
            "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{driver}}}"
        ));
        if let Some(automation) = automation {
            out.push_str(&format!(",\"automationDetails\":{automation}"));
        }
        out.push_str(&format!(",\"invocations\":[{}],\"results\":[", self.invocation()));
    }

    /// How the audit went: what was not checked is told as a notification, too.
    fn invocation(&self) -> Value {
        let notification = |gap: &super::document::Gap| {
            let message = format!("{}: {}.", gap.needs, gap.rules.join(", "));
            json!({ "level": "warning", "message": { "text": message } })
        };
        let notifications: Vec<Value> = self.document.gaps.iter().map(notification).collect();
        let mut invocation = json!({
            "executionSuccessful": true,
            "toolExecutionNotifications": notifications,
        });
        if let (Some(began), Some(members)) = (&self.document.head.made_at, invocation.as_object_mut()) {
            members.insert("startTimeUtc".to_owned(), began.as_str().into());
        }
        invocation
    }

    pub(super) fn row(&mut self, finding: &Value, out: &mut String) {
        if std::mem::replace(&mut self.has_rows, true) {
            out.push(',');
        }
        out.push('\n');
        out.push_str(&self.result(finding).to_string());
    }

    pub(super) fn end(&self, out: &mut String) {
        out.push_str("\n]}]}\n");
    }

    fn result(&self, finding: &Value) -> Value {
        let (rule, group) = (text(finding, "/rule"), group(finding));
        let fix = text(finding, "/fix");
        let message = match fix {
            "" => text(finding, "/message").to_owned(),
            fix => format!("{} Fix: {fix}", text(finding, "/message")),
        };
        let is_checked = group != Group::NotChecked;
        let mut result = json!({
            "ruleId": rule,
            "kind": if is_checked { "fail" } else { "open" },
            "level": if is_checked { level(finding) } else { "none" },
            "message": { "text": message },
            "locations": [self.location(finding)],
            "partialFingerprints": { "agentuserFinding/v1": format!("{rule}:{}", text(finding, "/subject/id")) },
        });
        let Some(members) = result.as_object_mut() else { return result };
        if let Some(at) = self.rules.iter().position(|known| known == rule) {
            members.insert("ruleIndex".to_owned(), at.into());
        }
        if group == Group::Accepted {
            let reason = text(finding, "/accepted/reason");
            let accepted = json!([{ "kind": "external", "status": "accepted", "justification": reason }]);
            members.insert("suppressions".to_owned(), accepted);
        }
        if let state @ ("new" | "unchanged") = text(finding, "/comparison") {
            members.insert("baselineState".to_owned(), state.into());
        }
        if let Some(evidence) = finding.get("evidence").filter(|evidence| evidence.is_object()) {
            members.insert("properties".to_owned(), json!({ "evidence": evidence }));
        }
        result
    }

    /// The subject, and its line where the file has it.
    fn location(&self, finding: &Value) -> Value {
        let name = located(finding).next().unwrap_or_default();
        let logical = json!([{ "fullyQualifiedName": name, "kind": text(finding, "/subject/kind") }]);
        let mut location = json!({ "logicalLocations": logical });
        if let (Some(places), Some(members)) = (&self.places, location.as_object_mut()) {
            let mut physical = json!({ "artifactLocation": { "uri": uri(places.uri()) } });
            let line = places.line(located(finding));
            if let (Some(line), Some(members)) = (line, physical.as_object_mut()) {
                members.insert("region".to_owned(), json!({ "startLine": line }));
            }
            members.insert("physicalLocation".to_owned(), physical);
        }
        location
    }
}

fn rule(rule: &Value) -> Value {
    let (id, finds) = (text(rule, "/rule"), text(rule, "/finds"));
    let mut rule = json!({ "id": id, "defaultConfiguration": { "level": level(rule) } });
    if let Some(members) = rule.as_object_mut().filter(|_| !finds.is_empty()) {
        members.insert("shortDescription".to_owned(), json!({ "text": finds }));
    }
    rule
}

/// The level of a severity.
fn level(of: &Value) -> &'static str {
    match text(of, "/severity") {
        "high" => "error",
        "medium" => "warning",
        _ => "note",
    }
}

/// A file's name as a relative reference (RFC 3986).
fn uri(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    name.bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
