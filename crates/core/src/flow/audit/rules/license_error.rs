//! An agent user with a license in error (docs/graph.md#licenses-and-readiness).

use super::super::facts::Facts;
use crate::problem::license_state;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::User;
use super::super::thresholds::Thresholds;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "license-error",
    Severity::Medium,
    "A license of an agent user is in error.",
    &[Section::Skus],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, user));
}

fn judge<'a>(facts: &Facts<'a>, user: &User) -> Verdict<'a> {
    let in_error = user.license_assignment_states.iter().filter(|one| {
        matches!(one.state.as_deref(), Some("Error" | "ActiveWithError"))
            || one.error.as_deref().is_some_and(|error| !matches!(error, "" | "None"))
    });
    let mut said = Vec::new();
    let mut names = Vec::new();
    for one in in_error {
        let name = match one.sku_id {
            Some(id) => facts.sku_name(id)?,
            None => "of unknown name".to_owned(),
        };
        said.push(license_state(one.error.as_deref().unwrap_or("Other"), &name).message().to_owned());
        names.push(format!("{name}: {}", one.error.as_deref().unwrap_or("Other")));
    }
    if said.is_empty() {
        return Ok(None);
    }
    let found = Found::new(said.join(" ")).with("licenses", names.join(", "));
    Ok(Some(found.fixed_by(format!("agentuser license list {}", user.name()))))
}
