//! A blueprint near the limit of agent identities (docs/graph.md#blueprints): those in the recycle bin count, too.

use super::super::facts::Facts;
use super::super::finding::{Subject, SubjectKind};
use crate::ObjectId;
use crate::flow::read::Unread;
use std::collections::BTreeMap;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::thresholds::Thresholds;
use super::super::verdicts::{Found, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "blueprint-crowded",
    Severity::Medium,
    "A blueprint has almost as many agent identities as Microsoft allows.",
    &[Section::Identities, Section::DeletedIdentities, Section::Blueprints],
    check,
);

fn check(facts: &Facts<'_>, thresholds: &Thresholds, verdicts: &mut Verdicts) {
    let counts = match counts(facts) {
        Ok(counts) => counts,
        Err(unread) => return verdicts.unread(facts, unread),
    };
    for (app_id, (living, deleted)) in counts {
        let total = living + deleted;
        if total <= u64::from(thresholds.blueprint_identities) {
            verdicts.clean += 1;
            continue;
        }
        let name = facts.blueprint_name(app_id);
        let found = Found::new(format!("It has {total} agent identities, {deleted} of them in the recycle bin, and {LIMIT} is the limit. {COUNTED}"))
            .with("agentIdentities", total)
            .with("deleted", deleted)
            .with("limit", LIMIT)
            .with("counted", COUNTED)
            .fixed_by(format!("agentuser identity list --blueprint {app_id} --without-agent-user"));
        verdicts.found(Subject::new(SubjectKind::Blueprint, app_id, name), found);
    }
}

/// How many agent identities a blueprint may have.
const LIMIT: u64 = 250;

/// No member of an agent identity tells how it was created.
const COUNTED: &str = "Only those count that other platforms than Microsoft's created by application permissions; Graph does not tell \
                       which those are.";

fn counts<'a>(facts: &Facts<'a>) -> Result<BTreeMap<ObjectId, (u64, u64)>, &'a Unread> {
    let mut counts: BTreeMap<ObjectId, (u64, u64)> = BTreeMap::new();
    for one in facts.snapshot.identities.get()?.iter() {
        if let Some(blueprint) = one.agent_identity_blueprint_id {
            counts.entry(blueprint).or_default().0 += 1;
        }
    }
    for one in facts.snapshot.deleted_identities.get()?.iter() {
        if let Some(blueprint) = one.agent_identity_blueprint_id {
            counts.entry(blueprint).or_default().1 += 1;
        }
    }
    Ok(counts)
}
