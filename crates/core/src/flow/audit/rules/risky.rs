//! An agent user, or its parent, at risk (docs/graph.md#risk), of Graph's beta.

use super::super::facts::Facts;
use super::super::fix::Fix;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::User;
use super::super::thresholds::Thresholds;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "risky",
    Severity::High,
    "An agent user or its parent is at risk.",
    &[Section::Risks],
    check,
).of_beta();

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, user));
}

fn judge<'a>(facts: &Facts<'a>, user: &User) -> Verdict<'a> {
    let risks = facts.snapshot.risks.get()?;
    let of = |id| risks.get(id).filter(|risk| is_current(risk.risk_state.as_deref()));
    let (own, parent) = (of(user.id), user.identity_parent_id.and_then(of));
    let Some(risk) = own.or(parent) else { return Ok(None) };
    let whose = if own.is_some() { "It is" } else { "Its parent is" };
    let level = risk.risk_level.as_deref().unwrap_or("unknown");
    let found = Found::new(format!("{whose} at risk, by Microsoft Entra ID Protection. The level is {level}."));
    Ok(Some(found.with("riskLevel", level).with("riskState", risk.risk_state.clone()).mended(Fix::disable(user))))
}

/// Whether a risk is not over.
fn is_current(state: Option<&str>) -> bool {
    !matches!(state, Some("remediated" | "dismissed" | "confirmedSafe" | "none"))
}
