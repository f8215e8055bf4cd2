//! The settings of an audit.

use super::rule::Rule;
use super::rule_id::{RuleId, Severity};
use super::rules::{RULES, find, nearest};
use super::section::Section;
use super::thresholds::Thresholds;
use crate::validate::{RuleCode, Violation, Violations, date_time};

/// Which rules run, and how they decide.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditSettings {
    /// The rules; all of them where none is named.
    pub rules: Vec<RuleId>,
    /// Only rules as bad as this or worse.
    pub severity: Option<Severity>,
    /// Whether rules run that read Graph's beta.
    pub beta: bool,
    /// The moment for which they judge, in milliseconds since 1970; the time of the audit, or of the snapshot, unless given.
    pub now_ms: Option<i64>,
    /// The numbers by which they decide.
    pub thresholds: Thresholds,
}

impl AuditSettings {
    /// The rules that run.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        RULES.iter().filter(|rule| {
            (self.rules.is_empty() || self.rules.contains(&rule.id))
                && self.severity.is_none_or(|worst| rule.severity <= worst)
                && (self.beta || !rule.is_beta)
        })
    }

    /// The sections that they read.
    pub(super) fn reads(&self, section: Section) -> bool {
        self.rules().any(|rule| rule.reads.contains(&section))
    }

    /// The rules of these names.
    ///
    /// # Errors
    /// A violation for each name that no rule has, with the one that may be meant.
    pub fn named_rules(names: &[String]) -> Result<Vec<RuleId>, Vec<Violation>> {
        let mut broken = Violations::default();
        let rules = names.iter().filter_map(|name| {
            let rule = find(name);
            if rule.is_none() {
                let near = nearest(name).map(|near| format!("Use {near}. ")).unwrap_or_default();
                let message = format!("No rule of the audit is called {name:?}.");
                let fix = format!("{near}`agentuser audit --list-rules` lists all rules.");
                broken.push(Violation::new(RuleCode::UnknownKind, "rules", message, fix));
            }
            rule.map(|rule| rule.id)
        });
        let rules = rules.collect();
        broken.finish(Some(rules))
    }

    /// A moment in milliseconds since 1970.
    ///
    /// # Errors
    /// The text is not an ISO 8601 date and time with a zone.
    pub fn moment(text: &str) -> Result<i64, Vec<Violation>> {
        match (date_time::parse(text), date_time::check(text, "now")) {
            (Some(moment), _) => Ok(moment.unix_seconds().saturating_mul(1000)),
            (None, violation) => Err(violation.into_iter().collect()),
        }
    }
}
