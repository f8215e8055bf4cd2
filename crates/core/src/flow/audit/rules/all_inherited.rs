//! A blueprint whose agent identities inherit all permissions of a resource, those of tomorrow, too (docs/graph.md#inheritable-permissions).

use super::super::facts::Facts;
use super::super::finding::{Subject, SubjectKind};
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::thresholds::Thresholds;
use super::super::verdicts::{Found, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "all-inherited",
    Severity::Medium,
    "The agent identities of a blueprint inherit all permissions of a resource.",
    &[Section::Blueprints, Section::Inheritance],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    let snapshot = facts.snapshot;
    let inheritance = match snapshot.blueprints.get().map(drop).and(snapshot.inheritance.get()) {
        Ok(inheritance) => inheritance,
        Err(unread) => return verdicts.unread(facts, unread),
    };
    for one in inheritance.iter() {
        let subject = Subject::new(SubjectKind::Blueprint, one.id, facts.blueprint_name(one.id));
        match one.all_allowed.get() {
            Err(unread) => verdicts.unchecked_subject(subject, unread.clone()),
            Ok(resources) if resources.is_empty() => verdicts.clean += 1,
            Ok(resources) => {
                let ids: Vec<String> = resources.iter().map(ToString::to_string).collect();
                let list = ids.join(", ");
                let message = format!(
                    "Its agent identities inherit every permission that it is granted, now and later, of: {list}."
                );
                verdicts.found(subject, Found::new(message).with("resources", list));
            }
        }
    }
}

