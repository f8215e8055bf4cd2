//! An agent user whose parent is disabled, by an admin or by Microsoft: it gets no token (docs/graph.md#verifying-a-parent).

use super::super::facts::{Facts, Parent};
use crate::problem::shown;
use super::super::finding::{Subject, SubjectKind};
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::User;
use super::super::thresholds::Thresholds;
use super::super::missing::Missing;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "parent-disabled",
    Severity::High,
    "The parent of an agent user is disabled.",
    &[Section::Identities, Section::DeletedIdentities, Section::OtherParents],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, user));
}

fn judge<'a>(facts: &Facts<'a>, user: &User) -> Verdict<'a> {
    let (id, Parent::Identity(parent)) = facts.parent(user)? else { return Ok(None) };
    let by_microsoft = parent.disabled_by_microsoft_status.as_deref();
    let name = parent.display_name.as_deref().map_or_else(|| id.to_string(), shown);
    let message = match (by_microsoft, parent.account_enabled) {
        (Some(_), _) => format!("Microsoft has disabled its parent {name}: open a support case."),
        (None, Some(false)) => format!("Its parent {name} is disabled, so that it gets no token."),
        (None, Some(true)) => return Ok(None),
        (None, None) => return Err(Missing::unshown("accountEnabled of its parent")),
    };
    let found = Found::new(message).with("identityParentId", id.to_string());
    let subject = Subject::new(SubjectKind::AgentIdentity, id, parent.display_name.as_deref());
    let found = found.about(subject);
    Ok(Some(found.with("accountEnabled", parent.account_enabled).with("disabledByMicrosoftStatus", by_microsoft)))
}
