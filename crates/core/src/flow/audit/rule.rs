//! A rule of the audit: its id, severity, sections and judgement.

use super::facts::Facts;
use super::rule_id::{RuleId, Severity};
use super::section::Section;
use super::thresholds::Thresholds;
use super::verdicts::Verdicts;
use std::fmt;

/// A rule of the audit.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Its name.
    pub id: RuleId,
    /// How bad its findings are.
    pub severity: Severity,
    /// The kind of its findings, in one sentence.
    pub finds: &'static str,
    /// The sections of a snapshot that it reads, beside the agent users.
    pub reads: &'static [Section],
    /// Whether one of them comes from Graph's beta.
    pub is_beta: bool,
    pub(super) check: Check,
}

/// The verdicts of a rule.
pub(super) type Check = fn(&Facts<'_>, &Thresholds, &mut Verdicts);

impl Rule {
    pub(super) const fn new(
        id: &'static str,
        severity: Severity,
        finds: &'static str,
        reads: &'static [Section],
        check: Check,
    ) -> Self {
        Self { id: RuleId(id), severity, finds, reads, is_beta: false, check }
    }
}

impl Rule {
    /// The same, of Graph's beta.
    pub(super) const fn of_beta(self) -> Self {
        Self { is_beta: true, ..self }
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id.as_str())
    }
}
