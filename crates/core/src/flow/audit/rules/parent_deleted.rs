//! An agent user whose parent is in the recycle bin, from which it can be restored for 30 days (docs/graph.md#delete-and-cascade).

use super::super::facts::{Facts, Parent};
use crate::problem::shown;
use super::super::finding::{Subject, SubjectKind};
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::User;
use super::super::thresholds::Thresholds;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "parent-deleted",
    Severity::High,
    "The parent of an agent user is in the recycle bin, from which it can be restored.",
    &[Section::Identities, Section::DeletedIdentities, Section::OtherParents],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, user));
}

fn judge<'a>(facts: &Facts<'a>, user: &User) -> Verdict<'a> {
    let (id, Parent::Deleted(parent)) = facts.parent(user)? else { return Ok(None) };
    let days = parent.deleted_date_time.as_deref().and_then(|date| facts.days_in_bin(date));
    let left = days.map_or_else(String::new, |days| format!(" for {days} more days"));
    let message = format!(
        "Its parent {} is in the recycle bin, and can be restored{left}: Microsoft Entra admin center, or POST \
         /directory/deletedItems/{id}/restore.",
        parent.display_name.as_deref().map_or_else(|| id.to_string(), shown)
    );
    let found = Found::new(message).with("identityParentId", id.to_string());
    let subject = Subject::new(SubjectKind::AgentIdentity, id, parent.display_name.as_deref());
    let found = found.about(subject);
    Ok(Some(found.with("deletedDateTime", parent.deleted_date_time.clone()).with("daysLeft", days)))
}
