//! The guard at the tenant: it looks at the directory after every request that arrives, and holds each change against what may
//! change. So every state that the directory ever had is looked at, not only the last one.

use super::scope::{Aspect, Scope, changed_principal, changed_user};
use crate::trace::Trace;
use crate::violation::{Invariant, Violation, require};
use agentuser_core::ObjectId;
use agentuser_simulator::{Directory, ServicePrincipal, User};
use std::collections::{BTreeMap, BTreeSet};

/// The users and the service principals of a tenant, in whatever state.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub(super) users: BTreeMap<ObjectId, User>,
    pub(super) principals: BTreeMap<ObjectId, ServicePrincipal>,
}

impl State {
    pub(super) fn of(directory: &Directory, principals: &BTreeSet<ObjectId>) -> Self {
        let principals = principals.iter().filter_map(|id| directory.find_principal(*id));
        Self {
            users: directory.all_users().map(|user| (user.id, user.clone())).collect(),
            principals: principals.map(|one| (one.id, one.clone())).collect(),
        }
    }

    /// The sides in which objects differ from this state.
    fn changed(&self, directory: &Directory) -> Vec<(ObjectId, Aspect)> {
        let mut changed = Vec::new();
        for user in directory.all_users() {
            match self.users.get(&user.id) {
                Some(was) if was == user => {}
                Some(was) => changed.extend(changed_user(was, user).into_iter().map(|one| (user.id, one))),
                None => changed.push((user.id, Aspect::Life)),
            }
        }
        for was in self.principals.values() {
            let is = directory.find_principal(was.id).filter(|is| *is != was);
            changed.extend(is.into_iter().flat_map(|is| changed_principal(was, is)).map(|one| (was.id, one)));
        }
        changed
    }

    fn sponsors(&self, id: ObjectId) -> Option<&BTreeSet<ObjectId>> {
        let of_user = self.users.get(&id).map(|user| &user.sponsors);
        of_user.or_else(|| self.principals.get(&id).map(|one| &one.sponsors))
    }
}

/// The changes that a run may make to the tenant.
#[derive(Debug, Clone, Default)]
pub(super) struct Rules {
    /// It only reads: no write is accepted, not even one that changes nothing.
    pub(super) reads: bool,
    pub(super) scope: Scope,
    /// The changes that its plan names, where it applies one.
    pub(super) named: Option<BTreeSet<(ObjectId, Aspect)>>,
    /// The leaver and the one who follows, of handing over: nobody else comes or goes.
    pub(super) people: Option<[ObjectId; 2]>,
    /// The agent users of this parent come and go.
    pub(super) free_parent: Option<ObjectId>,
    /// It takes back what reports say.
    pub(super) undoes: bool,
}

pub(super) struct Guard {
    pub(super) trace: Trace,
    pub(super) rules: Rules,
    known: State,
    /// The objects that had a sponsor in the beginning.
    sponsored: BTreeSet<ObjectId>,
    principals: BTreeSet<ObjectId>,
    entries: usize,
}

impl Guard {
    pub(super) fn new(
        verbose: bool,
        directory: &Directory,
        blueprints: impl IntoIterator<Item = ObjectId>,
    ) -> Self {
        let principals: BTreeSet<ObjectId> =
            directory.agent_identities().map(|one| one.id).chain(blueprints).collect();
        let known = State::of(directory, &principals);
        let agents =
            known.users.values().filter(|user| user.is_agent()).map(|user| (user.id, &user.sponsors));
        let all = agents.chain(known.principals.values().map(|one| (one.id, &one.sponsors)));
        let sponsored = all.filter(|(_, sponsors)| !sponsors.is_empty()).map(|(id, _)| id).collect();
        let entries = directory.journal().len();
        Self { trace: Trace::new(verbose), rules: Rules::default(), known, sponsored, principals, entries }
    }

    pub(super) fn state(&self, directory: &Directory) -> State {
        State::of(directory, &self.principals)
    }

    /// Another run begins, from the state of now.
    pub(super) fn begin(&mut self, directory: &Directory, rules: Rules) {
        self.rules = rules;
        self.known = self.state(directory);
        self.entries = directory.journal().len();
    }

    /// Looks at what has changed since the last look.
    pub(super) fn look(&mut self, directory: &Directory) -> Result<(), Violation> {
        let new = directory.journal().get(self.entries..).unwrap_or_default();
        self.entries = directory.journal().len();
        let asks = ["/$batch", "/identity/conditionalAccess/evaluate"];
        let written =
            new.iter().find(|one| one.is_write() && one.status < 300 && !asks.contains(&one.template));
        require(!self.rules.reads || written.is_none(), Invariant::ReadsWriteNothing, || {
            format!("{written:?}")
        })?;
        if !new.iter().any(|one| one.changed) {
            return Ok(());
        }
        for (id, aspect) in self.known.changed(directory) {
            self.check(directory, id, aspect)?;
        }
        self.known = self.state(directory);
        Ok(())
    }

    fn check(&self, directory: &Directory, id: ObjectId, aspect: Aspect) -> Result<(), Violation> {
        let Rules { named, scope, people, free_parent, .. } = &self.rules;
        if directory.find_user(id).is_some_and(|user| user.parent.is_some() && user.parent == *free_parent) {
            return Ok(());
        }
        if aspect == Aspect::Sponsors {
            self.sponsors_stay(directory, id)?;
        }
        let is_named = named.as_ref().is_none_or(|named| named.contains(&(id, aspect)));
        require(is_named, Invariant::PlanNamesAll, || format!("{aspect:?} of {id} is not in the plan"))?;
        let is_in = scope.get(&id).is_some_and(|aspects| aspects.contains(&aspect));
        require(is_in, Invariant::StaysInScope, || format!("{aspect:?} of {id} was changed"))?;
        let Some([from, to]) = people else { return Ok(()) };
        let fits = match aspect {
            Aspect::Manager => directory.manager_of(id) == Some(*to),
            Aspect::Sponsors => {
                let (was, is) = (self.known.sponsors(id), sponsors(directory, id));
                was.zip(is).is_some_and(|(was, is)| {
                    was.symmetric_difference(is).all(|one| match was.contains(one) {
                        true => one == from,
                        false => one == to,
                    })
                })
            }
            _ => true,
        };
        require(fits, Invariant::StaysInScope, || format!("{aspect:?} of {id} went to somebody else"))
    }

    /// An object that had a sponsor has one at any time.
    fn sponsors_stay(&self, directory: &Directory, id: ObjectId) -> Result<(), Violation> {
        let is_left = sponsors(directory, id).is_some_and(|left| !left.is_empty());
        require(is_left || !self.sponsored.contains(&id), Invariant::SponsorStays, || {
            format!("{id} has no sponsor left")
        })
    }
}

fn sponsors(directory: &Directory, id: ObjectId) -> Option<&BTreeSet<ObjectId>> {
    let of_user = directory.find_user(id).map(|user| &user.sponsors);
    of_user.or_else(|| directory.find_principal(id).map(|one| &one.sponsors))
}
