//! An agent user without a successful sign-in for long (docs/graph.md#sign-in-activity).

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
    "idle",
    Severity::Low,
    "An agent user has had no successful sign-in for long.",
    &[Section::SignIns],
    check,
);

fn check(facts: &Facts<'_>, thresholds: &Thresholds, verdicts: &mut Verdicts) {
    verdicts.each_user(facts, |user| judge(facts, thresholds, user));
}

fn judge<'a>(facts: &Facts<'a>, thresholds: &Thresholds, user: &User) -> Verdict<'a> {
    let sign_ins = facts.snapshot.sign_ins.get()?;
    let of = sign_ins.get(user.id).ok_or_else(|| Missing::unlisted("sign-ins"))?;
    if !facts.has_sign_ins {
        return Err(Missing::OfAll(NO_SIGN_INS));
    }
    if user.account_enabled == Some(false) {
        return Ok(None);
    }
    // Graph notes no sign-in of one that never came; it may be too new for that.
    let (date, what) = match (&of.last_successful, &user.created_date_time) {
        (Some(date), _) => (date, "Its last successful sign-in was"),
        (None, Some(created)) => (created, "It has no successful sign-in, and was created"),
        (None, None) => return Err(Missing::unshown("createdDateTime")),
    };
    let days = -facts.days_until(date).ok_or_else(|| Missing::unreadable("a date"))?;
    if days < i64::from(thresholds.idle_days) {
        return Ok(None);
    }
    let found = Found::new(format!("{what} {days} days ago: {date}.")).with("days", days);
    let found = found.with("lastSuccessfulSignInDateTime", of.last_successful.clone());
    Ok(Some(found.with("lastSignInDateTime", of.last.clone()).mended(Fix::disable(user))))
}

/// Where no agent user of the tenant has any, Graph may not note the sign-ins of agent users at all.
const NO_SIGN_INS: &str = "No agent user of the tenant has a date of a successful sign-in, so that Graph seems to note none.";
