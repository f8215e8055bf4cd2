//! The truth about each agent user, by the rules of audits: from what the scenario has planted, without a look at the library.

use super::agents::{Agent, Granted, Leave, Licensed, Named, Parent, Person, Role, SignedIn};
use super::deed::Deed;
use super::readable::Look;
use super::scenario::LifeScenario;
use std::collections::BTreeSet;

/// A rule about agent users, of those that the model knows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) rule: &'static str,
    /// Whether something is to be found of an agent user.
    pub(super) is_found: fn(&LifeScenario, &Agent) -> bool,
    /// The reads without which an agent user may not be called clean.
    pub(super) needs: fn(&Agent) -> Vec<Look>,
    /// The reads of the rule, each of which may keep an agent user from being checked.
    pub(super) reads: &'static [Look],
}

const PARENTS: &[Look] = &[Look::Identities, Look::DeletedPrincipals, Look::ServicePrincipal];
const AGENTS: &[Look] = &[Look::Identities, Look::Principals, Look::Grants];
const PEOPLE: &[Look] =
    &[Look::Managers, Look::Sponsors, Look::Person, Look::Group, Look::Members, Look::DeletedItem];

/// The rules.
pub(super) const RULES: [Known; 22] = [
    known("parent-gone", |all, one| home(all, one).parent == Parent::Gone, parents, PARENTS),
    known("parent-deleted", |all, one| home(all, one).parent == Parent::Deleted, parents, PARENTS),
    known("parent-disabled", is_parent_disabled, parents, PARENTS),
    known("parent-not-identity", |all, one| home(all, one).parent == Parent::Plain, parents, PARENTS),
    known("shared-parent", is_shared, |_| Vec::new(), &[]),
    known(
        "no-sponsor",
        |_, one| shown(&one.sponsors).is_empty(),
        |_| vec![Look::Sponsors],
        &[Look::Sponsors],
    ),
    known(
        "sponsor-unusable",
        |_, one| shown(&one.sponsors).iter().any(|one| is_unusable(*one)),
        |_| vec![Look::Sponsors],
        PEOPLE,
    ),
    known(
        "no-manager",
        |_, one| one.manager.is_none_or(|one| one == Person::Deleted),
        |_| vec![Look::Managers],
        &[Look::Managers],
    ),
    known(
        "manager-unusable",
        |_, one| one.manager == Some(Person::Disabled),
        |_| vec![Look::Managers],
        PEOPLE,
    ),
    known("leave-date", is_leaving, |_| vec![Look::LeaveDates], &[Look::LeaveDates]),
    known(
        "idle",
        |_, one| one.enabled && one.signed_in == SignedIn::LongAgo,
        |_| vec![Look::SignIns],
        &[Look::SignIns],
    ),
    known("disabled-and-licensed", |_, one| !one.enabled && is_licensed(one), |_| Vec::new(), &[Look::Skus]),
    known("license-error", |_, one| one.licensed == Licensed::Failed, |_| Vec::new(), &[Look::Skus]),
    known(
        "license-without-mailbox",
        |_, one| matches!(one.licensed, Licensed::Small | Licensed::Failed),
        |one| if is_licensed(one) { vec![Look::Skus] } else { Vec::new() },
        &[Look::Skus],
    ),
    known("no-usage-location", |_, one| !one.located, |_| Vec::new(), &[]),
    known("domain-unverified", |_, one| one.named == Named::Unverified, |_| Vec::new(), &[]),
    known("domain-federated", |_, one| one.named == Named::Federated, |_| Vec::new(), &[]),
    known(
        "role-group",
        |_, one| one.role == Role::OfGroup,
        |_| vec![Look::RoleGroups, Look::Members],
        &[Look::RoleGroups, Look::Members],
    ),
    known(
        "privileged-role",
        |_, one| matches!(one.role, Role::Active | Role::Eligible),
        |_| vec![Look::Roles, Look::EligibleRoles],
        &[Look::Roles, Look::EligibleRoles, Look::RoleDefinitions, Look::RoleGroups, Look::Members],
    ),
    known("grant-for-all", is_granted_for_all, |_| AGENTS.to_vec(), AGENTS),
    known(
        "blocked-permission",
        |_, one| one.has_identity() && one.granted == Granted::Blocked,
        |_| AGENTS.to_vec(),
        &[Look::Identities, Look::Principals, Look::Grants, Look::ServicePrincipal, Look::AppRoleHolders],
    ),
    known(
        "risky",
        |_, one| one.at_risk,
        |_| vec![Look::Risks],
        &[Look::Risks, Look::Identities, Look::Principals],
    ),
];

const fn known(
    rule: &'static str,
    is_found: fn(&LifeScenario, &Agent) -> bool,
    needs: fn(&Agent) -> Vec<Look>,
    reads: &'static [Look],
) -> Known {
    Known { rule, is_found, needs, reads }
}

/// The agent user whose agent identity an agent user has, too.
fn home<'a>(all: &'a LifeScenario, one: &'a Agent) -> &'a Agent {
    match one.number.checked_sub(1).and_then(|before| all.agent(before)) {
        Some(before) if one.parent == Parent::Shared => home(all, before),
        _ => one,
    }
}

fn parents(one: &Agent) -> Vec<Look> {
    match one.parent {
        // The list of living agent identities is enough where it has the parent.
        Parent::Sound | Parent::Disabled | Parent::DisabledByMicrosoft | Parent::Shared => {
            vec![Look::Identities]
        }
        Parent::Deleted => vec![Look::Identities, Look::DeletedPrincipals],
        Parent::Gone | Parent::Plain => PARENTS.to_vec(),
    }
}

fn is_parent_disabled(all: &LifeScenario, one: &Agent) -> bool {
    matches!(home(all, one).parent, Parent::Disabled | Parent::DisabledByMicrosoft)
}

fn is_shared(all: &LifeScenario, one: &Agent) -> bool {
    let parent = all.parent_of(one);
    let mut others = all.agents.iter().filter(|other| other.number != one.number && !other.in_bin);
    others.any(|other| all.parent_of(other) == parent)
}

/// The sponsors that Graph shows: none in the recycle bin.
fn shown(sponsors: &BTreeSet<Person>) -> BTreeSet<Person> {
    sponsors.iter().copied().filter(|one| *one != Person::Deleted).collect()
}

const fn is_unusable(person: Person) -> bool {
    matches!(person, Person::Disabled | Person::EmptyGroup)
}

const fn is_leaving(_: &LifeScenario, one: &Agent) -> bool {
    matches!(one.leave, Leave::Soon) || matches!(one.leave, Leave::Past) && one.enabled
}

fn is_licensed(one: &Agent) -> bool {
    one.licensed != Licensed::Not
}

fn is_granted_for_all(all: &LifeScenario, one: &Agent) -> bool {
    let parent = all.parent_of(one);
    let granted = |other: &&Agent| other.has_identity() && other.granted == Granted::ForAll;
    all.agents.iter().filter(granted).any(|other| all.parent_of(other) == parent)
}

impl LifeScenario {
    /// How many agent identities may act for all, and have no agent user that is there.
    pub(super) fn granted_for_nobody(&self) -> usize {
        let granted = self.agents.iter().filter(|one| one.has_identity() && one.granted == Granted::ForAll);
        let living = |id| self.agents.iter().any(|one| !one.in_bin && self.parent_of(one) == id);
        granted.filter(|one| !living(self.parent_of(one))).count()
    }

    /// Whether the truth about an agent user has changed moments ago, so that either is true.
    pub(super) fn is_fresh(&self, rule: &str, one: &Agent) -> bool {
        let lost = matches!(self.deed, Deed::Audit { fresh: Some(n), .. } if n == one.number);
        lost && matches!(rule, "no-manager" | "manager-unusable")
    }
}
