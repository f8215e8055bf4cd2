//! A disabled agent user that holds licenses (docs/graph.md#licenses-and-readiness).

use super::super::facts::Facts;
use super::super::fix::Fix;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::User;
use super::super::thresholds::Thresholds;
use super::super::missing::Missing;
use super::super::verdicts::{Found, Verdict, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "disabled-and-licensed",
    Severity::Low,
    "A disabled agent user holds licenses.",
    &[Section::Skus],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, user));
}

fn judge<'a>(facts: &Facts<'a>, user: &User) -> Verdict<'a> {
    match user.account_enabled {
        Some(false) if !user.assigned_licenses.is_empty() => {}
        Some(_) => return Ok(None),
        None => return Err(Missing::unshown("accountEnabled")),
    }
    let names = facts.license_names(user)?;
    let list = names.join(", ");
    let found = Found::new(format!("It is disabled, and holds licenses: {list}.")).with("licenses", list.clone());
    Ok(Some(found.mended(Fix::remove_licenses(user, &facts.direct_license_names(user)?))))
}
