//! From findings to a plan that mends them.

use super::finding::{Finding, FindingState};
use super::fix::PlannedFix;
use super::rule_id::RuleId;
use super::snapshot::Snapshot;
use crate::ObjectId;
use crate::model::Change;
use crate::plan::{Plan, PlanHead, PlannedChange, Verb};
use crate::problem::Problem;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Findings of a rule that no plan can mend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NotPlanned {
    /// The rule.
    pub rule: RuleId,
    /// How many of its findings.
    pub findings: usize,
    /// The reason, and what to do instead.
    pub message: String,
}

/// A plan of the fixes of these rules, for the findings that nobody has accepted, and what it can't mend. Its time is that of the
/// snapshot, so that a plan of old findings is old.
pub(super) fn mend(
    findings: &[Finding],
    rules: &[RuleId],
    snapshot: &Snapshot,
    taken_ms: i64,
) -> Result<(Plan, Vec<NotPlanned>), Problem> {
    let wanted = |one: &&Finding| {
        one.state == FindingState::Found && one.accepted.is_none() && rules.contains(&one.rule)
    };
    let mut by_user: BTreeMap<ObjectId, Vec<&PlannedFix>> = BTreeMap::new();
    let mut left: BTreeMap<RuleId, (usize, Option<String>)> = BTreeMap::new();
    for finding in findings.iter().filter(wanted) {
        match finding.fix.as_ref().and_then(|fix| fix.planned.as_deref()) {
            Some(planned) => by_user.entry(planned.id).or_default().push(planned),
            None => {
                let entry = left.entry(finding.rule).or_default();
                entry.0 += 1;
                entry.1 = entry.1.take().or_else(|| finding.fix.as_ref().map(|fix| fix.command.clone()));
            }
        }
    }
    let changes = by_user.into_values().flat_map(|fixes| changes_of(&fixes)).collect();
    let names: Vec<Value> = rules.iter().map(|rule| rule.as_str().into()).collect();
    let head = PlanHead {
        tenant_id: snapshot.tenant_id,
        author: snapshot.account.clone(),
        unix_ms: taken_ms,
        verb: Verb::Audit,
        arguments: Map::from_iter([("rules".to_owned(), Value::Array(names))]),
    };
    let not_planned = left.into_iter().map(|(rule, (findings, command))| NotPlanned {
        rule,
        findings,
        message: match command {
            Some(command) => format!("The fix needs a word of a person: {command}."),
            None => "No command of this library mends it.".to_owned(),
        },
    });
    Ok((Plan::new(head, changes)?, not_planned.collect()))
}

/// The changes to one agent user, each once, those that move it into the recycle bin last.
fn changes_of(fixes: &[&PlannedFix]) -> Vec<PlannedChange> {
    let mut changes: Vec<PlannedChange> = Vec::new();
    let sets_enabled = fixes.iter().flat_map(|fix| &fix.changes).any(Change::sets_enabled);
    for fix in fixes {
        for change in &fix.changes {
            if changes.iter().any(|known| known.change == *change) {
                continue;
            }
            let mut expects = fix.expects.clone();
            if sets_enabled {
                // The plan changes it by itself, so that it is not a state to expect.
                expects.account_enabled = None;
            }
            changes.push(PlannedChange {
                row: None,
                kind: None,
                id: Some(fix.id),
                user_principal_name: fix.user_principal_name.clone(),
                display_name: None,
                change: change.clone(),
                expects,
            });
        }
    }
    let (last, mut first): (Vec<_>, Vec<_>) =
        changes.into_iter().partition(|one| matches!(one.change, Change::Delete));
    first.extend(last);
    first
}
