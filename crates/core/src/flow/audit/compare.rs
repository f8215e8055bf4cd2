//! Comparing findings with those of an older audit: new, unchanged, gone.

use super::file::MOST_BYTES;
use super::finding::{Comparison, Finding, FindingState, GoneFinding};
use super::report::judge;
use super::settings::AuditSettings;
use super::snapshot::Snapshot;
use crate::ObjectId;
use crate::problem::{Code, Problem};
use serde_json::Value;
use std::collections::BTreeMap;

/// What makes two findings the same: rule, agent user and subject.
type Key = (String, String, String);

/// Compares the findings with those of an older report or snapshot. `is_checked` says whether nothing of a rule is unknown now:
/// only then what is missing is gone.
///
/// # Errors
/// [`Code::ComparisonUnreadable`], [`Code::AuditOfAnotherTenant`]; those of a snapshot.
pub(super) fn compare(
    findings: &mut [Finding],
    old: &[u8],
    tenant: ObjectId,
    settings: &AuditSettings,
    is_checked: impl Fn(&str) -> bool,
) -> Result<Vec<GoneFinding>, Problem> {
    let mut before: BTreeMap<Key, Vec<GoneFinding>> = BTreeMap::new();
    for (key, finding) in read(old, Some(tenant), settings)? {
        before.entry(key).or_default().push(finding);
    }
    for finding in findings.iter_mut().filter(|finding| finding.state == FindingState::Found) {
        let known = before.get_mut(&key(finding)).and_then(Vec::pop);
        finding.comparison = Some(if known.is_some() { Comparison::Unchanged } else { Comparison::New });
    }
    Ok(before.into_values().flatten().filter(|finding| is_checked(&finding.rule)).collect())
}

/// Reads an older report or snapshot, of whatever tenant, to tell what is wrong with it.
///
/// # Errors
/// [`Code::ComparisonUnreadable`]; those of a snapshot.
pub(super) fn require_readable(old: &[u8], settings: &AuditSettings) -> Result<(), Problem> {
    read(old, None, settings).map(drop)
}

fn key(finding: &Finding) -> Key {
    let user = finding.user.as_ref().map(|user| user.id.to_string()).unwrap_or_default();
    (finding.rule.to_string(), user, finding.subject.id.clone())
}

fn read(
    old: &[u8],
    tenant: Option<ObjectId>,
    settings: &AuditSettings,
) -> Result<Vec<(Key, GoneFinding)>, Problem> {
    let unreadable = |message: String| Problem::new(Code::ComparisonUnreadable, message);
    if old.len() > MOST_BYTES {
        return Err(unreadable(format!("The older audit has more than {MOST_BYTES} bytes.")));
    }
    let old = old.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(old);
    // A report is one object with its findings, or an object and a line for each finding.
    let mut found = Vec::new();
    let mut of_tenant = None;
    for value in serde_json::Deserializer::from_slice(old).into_iter::<Value>() {
        let value = value.map_err(|error| unreadable(format!("The older audit is not JSON: {error}.")))?;
        let report = value.get("report").unwrap_or(&value);
        let kind = report.get("kind").and_then(Value::as_str);
        if of_tenant.is_none() && kind == Some("agentuserSnapshot") {
            let snapshot = Snapshot::read(old)?;
            require(snapshot.tenant_id, tenant)?;
            let report = judge(&snapshot, settings, snapshot.taken_ms()?);
            let found = report.findings.into_iter().filter(|one| one.state == FindingState::Found);
            return Ok(found.map(|finding| (key(&finding), gone(&finding))).collect());
        }
        if of_tenant.is_none() {
            let id = report.get("tenantId").and_then(Value::as_str).and_then(|id| id.parse().ok());
            let id = id.filter(|_| kind == Some("agentuserAudit")).ok_or_else(|| {
                unreadable("The older audit is neither a report nor a snapshot.".to_owned())
            })?;
            require(id, tenant)?;
            of_tenant = Some(id);
            let findings = report.get("findings").and_then(Value::as_array).into_iter().flatten();
            found.extend(findings.filter_map(written));
        } else {
            found.extend(written(&value));
        }
    }
    of_tenant.map(|_| found).ok_or_else(|| unreadable("The older audit is empty.".to_owned()))
}

/// A finding as a report has it; none of one that was not checked.
fn written(finding: &Value) -> Option<(Key, GoneFinding)> {
    let text = |path: &str| finding.pointer(path).and_then(Value::as_str).map(str::to_owned);
    (text("/state")? == "found").then_some(())?;
    let gone = GoneFinding {
        rule: text("/rule")?,
        user_principal_name: text("/user/userPrincipalName"),
        subject: text("/subject/name").unwrap_or_default(),
        message: text("/message").unwrap_or_default(),
    };
    Some(((gone.rule.clone(), text("/user/id").unwrap_or_default(), text("/subject/id")?), gone))
}

fn gone(finding: &Finding) -> GoneFinding {
    GoneFinding {
        rule: finding.rule.to_string(),
        user_principal_name: finding.user.as_ref().map(|user| user.user_principal_name.clone()),
        subject: finding.subject.name.clone(),
        message: finding.message.clone(),
    }
}

fn require(of: ObjectId, tenant: Option<ObjectId>) -> Result<(), Problem> {
    let Some(tenant) = tenant.filter(|tenant| *tenant != of) else { return Ok(()) };
    let message = format!("The older audit is of the tenant {of}, and this is {tenant}.");
    Err(Problem::new(Code::AuditOfAnotherTenant, message).with_field("tenantId"))
}
