//! The parameters of audits (docs/audit.md).

use super::parameters::{Parameter, Source};
#[cfg(feature = "schema")]
use super::shape::Shape;
use super::table::parameters;
use crate::flow::{Acceptance, AuditRequest, AuditSettings, Severity, Thresholds};
use crate::problem::Problem;
use serde_json::Error;

parameters! { (source)
    /// The rules of an audit, and how they decide.
    Audit -> Result<AuditRequest, Problem> {
        /// The names of the rules that run; all of them, unless given.
        rules "rules": or_default Vec<String>,
        /// Only rules as bad as this or worse.
        severity "severity": take Severity,
        /// Run the rules, too, that read Graph's beta.
        beta "beta": or_default bool,
        /// The moment for which the rules judge, ISO 8601 with a zone; the time of the audit, or of the snapshot, unless given.
        now "now": take String,
        /// How many days before its leave date an agent user is found; 30, unless given.
        leave_days "leaveDays": take u32,
        /// After how many days without a successful sign-in an agent user is found; 90, unless given.
        idle_days "idleDays": take u32,
        /// How many agent identities a blueprint may have before it is found, of the 250 that Microsoft allows; 200, unless given.
        blueprint_identities "blueprintIdentities": take u32,
        /// How many hours a mailbox may take; 24, unless given.
        mailbox_hours "mailboxHours": take u32,
        /// How many days before it an action of a lifecycle policy is found; 30, unless given.
        action_days "actionDays": take u32,
        /// Give the snapshot with the report.
        snapshot "snapshot": or_default bool,
        /// The text of a file of accepted findings: a JSON array of objects with `rule`, `whom`, `reason`, `by` and `until`.
        accept "accept": take String,
        /// The text of an older report, or of an older snapshot, to compare with.
        older "compare": take String,
        /// The names of the rules whose findings become a plan.
        fix "fix": or_default Vec<String>,
    } = {
        let broken = &mut source.violations;
        let rules = broken.keep(AuditSettings::named_rules(&rules));
        let fix = broken.keep_as("fix", AuditSettings::named_rules(&fix));
        let accepted = accept.map(|text| Acceptance::read_all(text.as_bytes())).transpose();
        let now_ms = broken.keep(now.as_deref().map(AuditSettings::moment).transpose());
        let usual = Thresholds::default();
        let thresholds = Thresholds {
            leave_days: leave_days.unwrap_or(usual.leave_days),
            idle_days: idle_days.unwrap_or(usual.idle_days),
            blueprint_identities: blueprint_identities.unwrap_or(usual.blueprint_identities),
            mailbox_hours: mailbox_hours.unwrap_or(usual.mailbox_hours),
            action_days: action_days.unwrap_or(usual.action_days),
        };
        let older = older.map(String::into_bytes);
        rules.zip(now_ms).zip(fix).map(|((rules, now_ms), fix)| {
            accepted.map(|accepted| AuditRequest {
                settings: AuditSettings { rules, severity, beta, now_ms, thresholds },
                snapshot,
                accepted: accepted.unwrap_or_default(),
                older,
                fix,
            })
        })
    };

    /// The bytes of a snapshot, which are given beside the JSON.
    SnapshotBytes -> Vec<u8> {} = Some(std::mem::take(&mut source.file));
}
