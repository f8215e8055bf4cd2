//! An agent user with a sponsor who is disabled, deleted, or a group without people (docs/graph.md#relationships).

use super::super::facts::Facts;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::User;
use super::super::thresholds::Thresholds;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "sponsor-unusable",
    Severity::Medium,
    "A sponsor of an agent user is disabled, deleted, or a group without people.",
    &[Section::Sponsors, Section::People],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, user));
}

fn judge<'a>(facts: &Facts<'a>, user: &User) -> Verdict<'a> {
    let sponsors = facts.sponsors(user)?;
    let mut wrong = Vec::new();
    for id in sponsors {
        if let Some(what) = facts.wrong_with(*id)? {
            wrong.push((*id, what));
        }
    }
    let Some((first, _)) = wrong.first() else { return Ok(None) };
    let said: Vec<&str> = wrong.iter().map(|(_, what)| what.as_str()).collect();
    let left = sponsors.len() - wrong.len();
    let rest = if left == 0 { " Nobody else is answerable for it." } else { "" };
    let ids: Vec<String> = wrong.iter().map(|(id, _)| id.to_string()).collect();
    let found = Found::new(format!("It has sponsors who can't answer for it: {}{rest}", said.join(" ")));
    let found = found.with("sponsors", ids.join(", ")).with("othersLeft", left);
    let verb = if left == 0 { "add" } else { "remove" };
    let who = if left == 0 { "SPONSOR".to_owned() } else { first.to_string() };
    Ok(Some(found.fixed_by(format!("agentuser sponsor {verb} {} {who}", user.name()))))
}
