//! A deleted agent user, with the days for which it can be restored (docs/graph.md#recycle-bin).

use super::super::facts::Facts;
use super::super::fix::Fix;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::thresholds::Thresholds;
use super::super::verdicts::{Found, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "deleted",
    Severity::Info,
    "An agent user is in the recycle bin.",
    &[Section::DeletedUsers],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    let deleted = match facts.snapshot.deleted_users.get() {
        Ok(deleted) => deleted,
        Err(unread) => return verdicts.unread(facts, unread),
    };
    for user in deleted.iter() {
        let days = user.deleted_date_time.as_deref().and_then(|date| facts.days_in_bin(date));
        let left = days.map_or_else(String::new, |days| format!(", and can be restored for {days} more days"));
        let name = user.name();
        let found = Found::new(format!("It is in the recycle bin{left}."))
            .with("deletedDateTime", user.deleted_date_time.clone())
            .with("daysLeft", days)
            .mended(Fix::restore(user));
        verdicts.found_user(user.id, &name, found);
    }
    verdicts.clean += facts.snapshot.users.len();
}

