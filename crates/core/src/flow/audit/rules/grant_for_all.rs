//! A delegated permission grant for all principals: the agent may act for everybody (docs/graph.md#permissions-of-agents).

use super::super::facts::Facts;
use super::super::finding::{Subject, SubjectKind};
use crate::ObjectId;
use std::collections::BTreeSet;
use super::super::rule::Rule;
use super::super::rule_id::Severity;
use super::super::section::Section;
use super::super::snapshot::GrantOf;
use super::super::thresholds::Thresholds;
use super::super::verdicts::{Found, Verdicts};

pub(super) const RULE: Rule = Rule::new(
    "grant-for-all",
    Severity::High,
    "An agent identity or a blueprint has a delegated permission grant for all users.",
    &[Section::Identities, Section::Principals, Section::Grants],
    check,
);

fn check(facts: &Facts<'_>, _: &Thresholds, verdicts: &mut Verdicts) {
    let snapshot = facts.snapshot;
    // Without the agents, nobody knows whose grants these are.
    let agents = snapshot.identities.get().map(drop).and(snapshot.principals.get().map(drop));
    let grants = match agents.and(snapshot.grants.get()) {
        Ok(grants) => grants,
        Err(unread) => return verdicts.unread(facts, unread),
    };
    let mut clients = BTreeSet::new();
    for grant in grants.iter().filter(|grant| grant.principal_id.is_none()) {
        let new = clients.insert(grant.client_id);
        let children = facts.children(grant.client_id);
        verdicts.found_of(subject(facts, grant.client_id), children, said(grant), new);
    }
    let found: usize = clients.iter().map(|id| facts.children(*id).len()).sum();
    verdicts.clean += snapshot.users.len().saturating_sub(found);
}

/// The agent of a grant: its agent identity, or its blueprint.
fn subject(facts: &Facts<'_>, client: ObjectId) -> Subject {
    let identity = facts.snapshot.identities.get().ok().and_then(|all| all.get(client));
    if let Some(identity) = identity {
        return Subject::new(SubjectKind::AgentIdentity, client, identity.display_name.as_deref());
    }
    let principals = facts.snapshot.principals.get();
    let principal = principals.ok().and_then(|all| all.iter().find(|one| one.object_id == client));
    Subject::new(SubjectKind::Blueprint, client, principal.and_then(|one| one.display_name.as_deref()))
}

fn said(grant: &GrantOf) -> Found {
    let scopes = grant.scopes.join(" ");
    let message = format!("It may act for every user of the tenant with these delegated permissions: {scopes}.");
    let resource = grant.resource_id.map(|id| id.to_string());
    Found::new(message).with("scopes", scopes).with("resourceId", resource)
}
