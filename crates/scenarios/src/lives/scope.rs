//! The model of what a deed may change: it knows the tenant's beginning and never asks the library.

use super::deed::{Deed, Spared, Top};
use super::scenario::{AGENTS, LifeScenario, OF_FIRST};
use agentuser_core::ObjectId;
use agentuser_core::flow::{HandedOver, RetiredUntil};
use agentuser_simulator::{ServicePrincipal, User, ids};
use std::collections::{BTreeMap, BTreeSet};

/// A side of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Aspect {
    /// It is there, in the recycle bin, or gone.
    Life,
    Enabled,
    Sessions,
    Licenses,
    Manager,
    Sponsors,
    Attested,
    /// Any other member.
    Other,
}

/// The sides of objects that may change.
pub(super) type Scope = BTreeMap<ObjectId, BTreeSet<Aspect>>;

/// The sides in which a user has changed.
pub(super) fn changed_user(was: &User, is: &User) -> Vec<Aspect> {
    let mut rest = is.clone();
    let mut changed = Vec::new();
    let mut look = |differs: bool, aspect: Aspect| {
        if differs {
            changed.push(aspect);
        }
    };
    look(
        was.life.is_live() != is.life.is_live() || was.life.is_deleted() != is.life.is_deleted(),
        Aspect::Life,
    );
    look(was.account_enabled != is.account_enabled, Aspect::Enabled);
    look(
        was.revocations != is.revocations || was.sessions_valid_from != is.sessions_valid_from,
        Aspect::Sessions,
    );
    look(!was.licenses.keys().eq(is.licenses.keys()), Aspect::Licenses);
    look(was.manager != is.manager, Aspect::Manager);
    look(was.sponsors != is.sponsors, Aspect::Sponsors);
    (rest.life, rest.account_enabled, rest.revocations) = (was.life, was.account_enabled, was.revocations);
    (rest.sessions_valid_from, rest.manager) = (was.sessions_valid_from, was.manager);
    rest.licenses.clone_from(&was.licenses);
    rest.inherited.clone_from(&was.inherited);
    rest.sponsors.clone_from(&was.sponsors);
    look(rest != *was, Aspect::Other);
    changed
}

/// The sides in which a service principal has changed.
pub(super) fn changed_principal(was: &ServicePrincipal, is: &ServicePrincipal) -> Vec<Aspect> {
    let mut rest = is.clone();
    let mut changed = Vec::new();
    let mut look = |differs: bool, aspect: Aspect| {
        if differs {
            changed.push(aspect);
        }
    };
    look(was.life != is.life, Aspect::Life);
    look(was.account_enabled != is.account_enabled, Aspect::Enabled);
    look(was.sponsors != is.sponsors, Aspect::Sponsors);
    look(was.attested != is.attested, Aspect::Attested);
    (rest.life, rest.account_enabled, rest.attested) = (was.life, was.account_enabled, was.attested);
    rest.sponsors.clone_from(&was.sponsors);
    look(rest != *was, Aspect::Other);
    changed
}

impl LifeScenario {
    /// The sides of objects that the deed may change.
    pub(super) fn scope(&self) -> Scope {
        match &self.deed {
            Deed::Retire { options, leavers } => {
                let mut aspects = BTreeSet::from([Aspect::Enabled, Aspect::Sessions]);
                if options.until.deletes() {
                    aspects.insert(Aspect::Life);
                }
                if options.free_seats || options.until == RetiredUntil::Unlicensed {
                    aspects.insert(Aspect::Licenses);
                }
                leavers.iter().map(|n| (ids::agent_user(*n), aspects.clone())).collect()
            }
            Deed::Contain { top, except, .. } => contained(*top, except),
            Deed::HandOver { from, what, .. } => self.handed_over(ids::human(*from), *what),
            Deed::Attest { identity, rehearsed } if !rehearsed => {
                Scope::from([(ids::identity(*identity), BTreeSet::from([Aspect::Attested]))])
            }
            _ => Scope::new(),
        }
    }

    fn handed_over(&self, from: ObjectId, what: HandedOver) -> Scope {
        let mut scope = Scope::new();
        for agent in &self.agents {
            let mut aspects = BTreeSet::new();
            if what != HandedOver::Sponsor && agent.manager.is_some_and(|one| one.id() == from) {
                aspects.insert(Aspect::Manager);
            }
            if what != HandedOver::Manager && agent.sponsors.iter().any(|one| one.id() == from) {
                aspects.insert(Aspect::Sponsors);
            }
            scope.insert(agent.id(), aspects);
            if what != HandedOver::Manager && agent.parent_sponsors.iter().any(|one| one.id() == from) {
                scope.insert(ids::identity(agent.number), BTreeSet::from([Aspect::Sponsors]));
            }
        }
        scope
    }
}

fn contained(top: Top, except: &BTreeSet<Spared>) -> Scope {
    let is_spared = |n: &u32| except.contains(&Spared::User(*n)) || except.contains(&Spared::Identity(*n));
    let below: BTreeSet<u32> = match top {
        Top::User(n) | Top::Identity(n) => [n].into(),
        Top::BlueprintPrincipal | Top::BlueprintApp => (1..=AGENTS).filter(|n| *n <= OF_FIRST).collect(),
    };
    let stopped: BTreeSet<u32> = below.iter().filter(|n| !is_spared(n)).copied().collect();
    let user = BTreeSet::from([Aspect::Enabled, Aspect::Sessions]);
    let principal = BTreeSet::from([Aspect::Enabled]);
    let mut scope: Scope = stopped.iter().map(|n| (ids::agent_user(*n), user.clone())).collect();
    if !matches!(top, Top::User(_)) {
        scope.extend(stopped.iter().map(|n| (ids::identity(*n), principal.clone())));
    }
    // The principal of a blueprint would stop an account that is never stopped, too.
    if matches!(top, Top::BlueprintPrincipal | Top::BlueprintApp) && stopped.len() == below.len() {
        scope.insert(ids::blueprint_principal(11), principal);
    }
    scope
}
