//! The audit: one pass over the tenant, and rules that judge what it read (docs/audit.md).
//!
//! Reading and judging are apart: a snapshot holds what was read, or why it was not, and every rule is a pure function of it.

mod accept;
mod collect;
mod compare;
mod evidence;
mod facts;
mod file;
mod finding;
mod fix;
mod licenses;
mod mend;
mod missing;
mod places;
mod report;
mod rule;
mod rule_id;
mod rules;
mod run;
mod section;
mod settings;
pub mod snapshot;
mod table;
mod text;
mod thresholds;
mod verdicts;

pub use accept::{Acceptance, UNMATCHED as ACCEPTANCE_UNMATCHED};
pub use evidence::Evidence;
pub use finding::{
    Accepted, Comparison, Finding, FindingState, FoundUser, GoneFinding, Subject, SubjectKind,
};
pub use fix::{Fix, PlannedFix};
pub use mend::NotPlanned;
pub use report::{AuditReport, RuleResult, UnreadSection};
pub use rule::Rule;
pub use rule_id::{RuleId, Severity};
pub use rules::RULES;
pub use run::{AuditRequest, Audited, audit, audit_snapshot};
pub use section::Section;
pub use settings::AuditSettings;
pub use snapshot::Snapshot;
pub use table::{Identified, Table};
pub use text::Text;
pub use thresholds::Thresholds;
