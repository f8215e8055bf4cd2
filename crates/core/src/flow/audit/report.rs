//! The report of an audit: the findings, and how many subjects each rule found, cleared and could not check.

use super::facts::Facts;
use super::finding::{Finding, GoneFinding};
use super::rule_id::{RuleId, Severity};
use super::section::Section;
use super::settings::AuditSettings;
use super::snapshot::Snapshot;
use super::thresholds::Thresholds;
use super::verdicts::Verdicts;
use crate::ObjectId;
use crate::flow::read::Unread;
use crate::utc::Utc;
use serde::Serialize;

/// The kind that each report names.
pub(super) const KIND: &str = "agentuserAudit";

/// The version of the form.
pub(super) const VERSION: u64 = 1;

/// The result of an audit.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuditReport {
    /// `agentuserAudit`.
    pub(super) kind: &'static str,
    /// The version of the form: 1.
    pub(super) version: u64,
    /// The tenant.
    pub tenant_id: ObjectId,
    /// The account that read the tenant, where its token shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// When the pass over the tenant began, in UTC.
    pub taken_at: String,
    /// The moment for which the rules judge, in UTC.
    pub judged_at: String,
    /// The numbers by which rules decided.
    pub thresholds: Thresholds,
    /// How many agent users there are.
    pub agent_users: usize,
    /// The rules, each with its numbers.
    pub rules: Vec<RuleResult>,
    /// The findings, in the order of the rules.
    pub findings: Vec<Finding>,
    /// The findings of the older audit that are not found any more, where there is one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<GoneFinding>,
    /// The sections that were not read, though a rule that ran reads them.
    pub not_read: Vec<UnreadSection>,
}

/// A rule, and what it made of its subjects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RuleResult {
    /// Its name.
    pub rule: RuleId,
    /// How bad its findings are.
    pub severity: Severity,
    /// The kind of its findings, in one sentence.
    pub finds: &'static str,
    /// How many subjects were found.
    pub found: usize,
    /// How many are clean.
    pub clean: usize,
    /// How many could not be checked: they are neither found nor clean.
    pub not_checked: usize,
    /// How many of its findings are accepted.
    pub accepted: usize,
}

/// A section that was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UnreadSection {
    /// The section.
    pub section: Section,
    /// Why it was not read.
    pub reason: Unread,
}

impl AuditReport {
    /// Whether a rule ran, and nothing of it is unknown.
    pub(super) fn is_checked(&self, rule: &str) -> bool {
        self.rules.iter().any(|one| one.rule.as_str() == rule && one.not_checked == 0)
    }

    /// The same without its findings.
    #[must_use]
    pub fn without_findings(&self) -> Self {
        Self {
            kind: self.kind,
            version: self.version,
            tenant_id: self.tenant_id,
            account: self.account.clone(),
            taken_at: self.taken_at.clone(),
            judged_at: self.judged_at.clone(),
            thresholds: self.thresholds,
            agent_users: self.agent_users,
            rules: self.rules.clone(),
            findings: Vec::new(),
            gone: self.gone.clone(),
            not_read: self.not_read.clone(),
        }
    }
}

/// Judges a snapshot: a pure function of it and the settings.
#[must_use]
pub(super) fn judge(snapshot: &Snapshot, settings: &AuditSettings, now_ms: i64) -> AuditReport {
    let facts = Facts::new(snapshot, now_ms);
    let (mut rules, mut findings) = (Vec::new(), Vec::new());
    for rule in settings.rules() {
        let mut verdicts = Verdicts::new(rule.id, rule.severity);
        (rule.check)(&facts, &settings.thresholds, &mut verdicts);
        rules.push(RuleResult {
            rule: rule.id,
            severity: rule.severity,
            finds: rule.finds,
            found: verdicts.found,
            clean: verdicts.clean,
            not_checked: verdicts.not_checked,
            accepted: 0,
        });
        findings.append(&mut verdicts.findings);
    }
    let unread = |section: &Section| {
        let reason = snapshot.unread(*section).filter(|_| settings.reads(*section))?.clone();
        Some(UnreadSection { section: *section, reason })
    };
    AuditReport {
        kind: KIND,
        version: VERSION,
        tenant_id: snapshot.tenant_id,
        account: snapshot.account.clone(),
        taken_at: snapshot.taken_at.clone(),
        judged_at: Utc(now_ms).to_string(),
        thresholds: settings.thresholds,
        agent_users: snapshot.users.len(),
        rules,
        findings,
        gone: Vec::new(),
        not_read: Section::ALL.iter().filter_map(unread).collect(),
    }
}
