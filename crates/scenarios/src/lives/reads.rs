//! Questions about agents: their access, their parents, what stands above them, and the doctor's.

use super::answers::is_right;
use super::arena::Arena;
use super::guard::Rules;
use super::readable::{Look, readable};
use super::sabotage::Sabotage;
use super::tenant::FREE;
use crate::violation::{Invariant, Violation, require};
use agentuser_core::flow::{
    self, Access, AccessSourceKind, ChainVerdict, DoctorRequest, Outcome, Read, ReadOutcome,
};
use agentuser_core::graph::IdentityQuery;
use agentuser_core::model::{AgentUser, DirectoryObject, ServicePrincipal, UserRef};
use agentuser_core::operation::Items;
use agentuser_core::problem::{Code, Problem};
use agentuser_core::{Call, ObjectId};
use agentuser_simulator::{Interruption, Life, ids};
use std::collections::BTreeSet;

fn reading() -> Rules {
    Rules { reads: true, ..Rules::default() }
}

impl Arena<'_> {
    /// A problem is one of the network, or of a permission that is lacking.
    fn may_fail(&self, problem: &Problem) -> Result<(), Violation> {
        let fits = self.scenario.faults > 0 || self.scenario.lacks.is_some();
        require(fits, Invariant::RightProblem, || format!("{problem:?}"))
    }

    pub(super) fn play_access(&mut self, n: u32) -> Result<(), Violation> {
        let readable = readable(self.scenario, &mut self.world);
        let user = UserRef::Id(ids::agent_user(n));
        let found = self.ask(reading(), |graph| async move { flow::read_access(&graph, &user).await })?;
        let Some(agent) = self.scenario.agent(n) else { return Ok(()) };
        let mut access = match found {
            Ok(access) => access,
            Err(problem) if agent.in_bin && problem.code() == Code::NotFound => return Ok(()),
            Err(problem) => return self.may_fail(&problem),
        };
        if self.scenario.sabotage == Some(Sabotage::CallsUnreadEmpty) {
            empty(&mut access.groups);
            empty(&mut access.roles);
            empty(&mut access.eligible_roles);
        }
        let parts = [
            (access.groups.get().is_ok(), &[Look::Memberships][..]),
            (access.roles.get().is_ok(), &[Look::Roles]),
            (access.eligible_roles.get().is_ok(), &[Look::EligibleRoles]),
            (access.delegated.get().is_ok(), &[Look::Grants]),
        ];
        for (is_read, looks) in parts {
            let is_readable = looks.iter().all(|look| readable.contains(look));
            require(!is_read || is_readable, Invariant::UnknownIsNotClean, || {
                format!("{looks:?} can't be read: {access:?}")
            })?;
        }
        self.check_access(n, &access)
    }

    fn check_access(&self, n: u32, access: &Access) -> Result<(), Violation> {
        use super::agents::Role;
        let Some(agent) = self.scenario.agent(n) else { return Ok(()) };
        let groups =
            access.groups.get().ok().map(|all| all.iter().map(|one| one.access.id).collect::<BTreeSet<_>>());
        let roles = access.roles.get().ok().map(Vec::len);
        let eligible = access.eligible_roles.get().ok().map(Vec::len);
        let fits = groups.is_none_or(|groups| groups == agent.groups())
            && roles.is_none_or(|count| count == usize::from(agent.role == Role::Active))
            && eligible.is_none_or(|count| count == usize::from(agent.role == Role::Eligible));
        require(fits, Invariant::TrueAnswer, || format!("{agent:?} has {access:?}"))?;
        let Ok(delegated) = access.delegated.get() else { return Ok(()) };
        if !agent.has_identity() {
            return Ok(());
        }
        let said: BTreeSet<(&str, bool)> = delegated
            .iter()
            .flat_map(|one| {
                let for_all = one.source.kind == AccessSourceKind::AllUsers;
                one.access.scopes.iter().map(move |scope| (scope.as_str(), for_all))
            })
            .collect();
        let right: BTreeSet<(&str, bool)> = agent.delegated().into_iter().collect();
        require(said == right, Invariant::TrueAnswer, || format!("{agent:?} has {access:?}"))
    }

    pub(super) fn play_doctor(&mut self) -> Result<(), Violation> {
        let readable = readable(self.scenario, &mut self.world);
        let request = DoctorRequest::default();
        let found = self.ask(reading(), |graph| async move { flow::doctor(&graph, request).await })?;
        let diagnosis = match found {
            Ok(diagnosis) => diagnosis,
            Err(problem) => return self.may_fail(&problem),
        };
        let looks = [
            (Call::ListAgentUsers, Look::AgentUsers),
            (Call::ListAgentIdentities, Look::Identities),
            (Call::ListBlueprints, Look::Blueprints),
            (Call::ListSubscribedSkus, Look::Skus),
            (Call::ListDeletedUsers, Look::DeletedUsers),
            (Call::ListLifecyclePolicies, Look::Policies),
        ];
        for (call, look) in looks {
            let read = diagnosis.reads.iter().find(|read| read.call == call);
            let answered = read.map(|read| read.outcome == ReadOutcome::Answered);
            let is_readable = readable.contains(&look);
            let fits = answered == Some(is_readable) || self.scenario.faults > 0 && answered == Some(false);
            require(fits, Invariant::TrueAnswer, || {
                format!("{call:?} is readable: {is_readable}; {diagnosis:?}")
            })?;
        }
        Ok(())
    }

    /// The probe. Everything that it creates is gone in the end, or it says that it is not.
    pub(super) fn play_probe(&mut self, writes: bool) -> Result<(), Violation> {
        let parent = ids::identity(FREE);
        let rules = if writes { Rules { free_parent: Some(parent), ..Rules::default() } } else { reading() };
        let probe_writes = writes.then_some(parent);
        let request = DoctorRequest { probe: true, probe_writes, ..DoctorRequest::default() };
        let found = self.ask(rules, |graph| async move { flow::doctor(&graph, request).await })?;
        self.pass()?;
        let left = self.directory().all_users().filter(|user| user.parent == Some(parent));
        let left: Vec<Life> = left.map(|user| user.life).filter(|life| *life != Life::Gone).collect();
        let diagnosis = match found {
            Ok(diagnosis) => diagnosis,
            Err(problem) => return self.may_fail(&problem),
        };
        let says_clean = diagnosis.probe.as_ref().is_some_and(|probe| probe.cleaned_up == Some(true));
        require(!says_clean || left.is_empty(), Invariant::TrueReport, || format!("{left:?} is left"))?;
        let living = left.iter().any(|life| life.is_live());
        require(
            !living || self.scenario.faults > 0 || self.scenario.lacks.is_some(),
            Invariant::TrueReport,
            || "the probe leaves an agent user".to_owned(),
        )
    }

    /// All agent identities, those without an agent user, each by itself, and all blueprints.
    pub(super) fn play_look(&mut self) -> Result<(), Violation> {
        for free in [false, true] {
            let query = IdentityQuery { without_agent_user: free, ..IdentityQuery::default() };
            let (ended, items) =
                self.run(reading(), Interruption::Never, |graph, items: Items<Vec<ServicePrincipal>>| {
                    flow::list_identities(graph, query, items)
                })?;
            let Some(Ok(count)) = ended else {
                if let Some(Err(problem)) = ended {
                    self.may_fail(&problem)?;
                }
                continue;
            };
            let mut listed: Vec<ObjectId> = items.iter().flatten().filter_map(ServicePrincipal::id).collect();
            if self.scenario.sabotage == Some(Sabotage::LeavesIdentityOut) {
                listed.pop();
            }
            let right = if free { self.scenario.free_identities() } else { self.scenario.identities() };
            let fits = count == right.len() && listed.iter().copied().collect::<BTreeSet<_>>() == right;
            require(fits, Invariant::TrueAnswer, || format!("{listed:?}, not {right:?}"))?;
        }
        for n in 1..=3 {
            self.look_at(n)?;
        }
        for n in 1..=4 {
            self.look_at_sponsor(n)?;
        }
        let found = self.ask(reading(), |graph| async move { flow::list_blueprints(&graph, None).await })?;
        match found {
            Ok(all) => {
                let ids: BTreeSet<ObjectId> = all.iter().filter_map(|one| one.app_id()).collect();
                let right = [1, 2, 3, 11, 12].map(ids::blueprint_app).into();
                require(ids == right, Invariant::TrueAnswer, || format!("{ids:?}, not {right:?}"))?;
            }
            Err(problem) => self.may_fail(&problem)?,
        }
        let id = ids::blueprint_app(11);
        match self.ask(reading(), |graph| async move { flow::read_blueprint(&graph, id).await })? {
            Ok(one) => require(one.app_id() == Some(id), Invariant::TrueAnswer, || format!("{one:?}")),
            Err(problem) => self.may_fail(&problem),
        }
    }

    fn look_at(&mut self, n: u32) -> Result<(), Violation> {
        let id = ids::identity(n);
        let is_there = self.scenario.identities().contains(&id);
        let found = self.ask(reading(), |graph| async move { flow::identity(&graph, id).await })?;
        match found {
            Ok(one) => {
                require(is_there && one.id() == Some(id), Invariant::TrueAnswer, || format!("{one:?}"))?
            }
            Err(problem) if problem.code() == Code::ParentNotFound && !is_there => {}
            Err(problem) => self.may_fail(&problem)?,
        }
        let owners =
            self.ask(reading(), |graph| async move { flow::list_identity_owners(&graph, id).await })?;
        if let Ok(owners) = owners {
            require(owners.is_empty(), Invariant::TrueAnswer, || format!("{owners:?}"))?;
        }
        let sponsors =
            self.ask(reading(), |graph| async move { flow::list_identity_sponsors(&graph, id).await })?;
        let (Ok(sponsors), Some(agent)) = (sponsors, self.scenario.agent(n)) else { return Ok(()) };
        let ids: BTreeSet<ObjectId> = sponsors.iter().filter_map(DirectoryObject::id).collect();
        let right = agent.parent_sponsors.iter().map(|one| one.id()).collect();
        require(is_there && ids == right, Invariant::TrueAnswer, || format!("{ids:?}, not {right:?}"))
    }

    fn look_at_sponsor(&mut self, n: u32) -> Result<(), Violation> {
        let person = UserRef::Id(ids::human(n));
        let found =
            self.ask(reading(), |graph| async move { flow::sponsored(&graph, Some(&person)).await })?;
        let sponsored = match found {
            Ok(sponsored) => sponsored,
            Err(problem) if self.scenario.switches().sponsor_of_refused_to_apps => {
                let is_refusal = problem.code() == Code::PermissionMissing;
                return if is_refusal { Ok(()) } else { self.may_fail(&problem) };
            }
            Err(problem) => return self.may_fail(&problem),
        };
        let users = sponsored.agent_users.iter().filter_map(AgentUser::id).collect();
        let identities = sponsored.agent_identities.iter().filter_map(ServicePrincipal::id).collect();
        let right = self.scenario.sponsored_by(n);
        require((users, identities) == right, Invariant::TrueAnswer, || {
            format!("human {n}: {sponsored:?}, not {right:?}")
        })
    }

    pub(super) fn play_verify(&mut self, first: bool) -> Result<(), Violation> {
        let id = ids::blueprint_app(if first { 11 } else { 12 });
        let found = self.ask(reading(), |graph| async move { flow::verify_blueprint(&graph, id).await })?;
        let mut chain = match found {
            Ok(chain) => chain,
            Err(problem) => return self.may_fail(&problem),
        };
        if self.scenario.sabotage == Some(Sabotage::CallsChainSound) && chain.verdict == ChainVerdict::Unknown
        {
            chain.verdict = ChainVerdict::Sound;
        }
        let (states, broken) = (self.scenario.chain(first), self.scenario.is_broken(first));
        let invariant =
            if chain.not_read.is_empty() { Invariant::TrueAnswer } else { Invariant::UnknownIsNotClean };
        require(is_right(&chain, &states, broken), invariant, || {
            format!("{states:?}, broken: {broken}; {chain:?}")
        })
    }

    /// The life cycle of an agent identity, and its attestation.
    pub(super) fn play_attest(&mut self, n: u32, rehearsed: bool) -> Result<(), Violation> {
        let id = ids::identity(n);
        let seen = self.ask(reading(), |graph| async move { flow::lifecycle(&graph, id).await })?;
        if let Err(problem) = seen {
            let is_gone = !self.scenario.identities().contains(&id) && problem.code() == Code::ParentNotFound;
            if !is_gone {
                self.may_fail(&problem)?;
            }
        }
        let rules =
            if rehearsed { reading() } else { Rules { scope: self.scenario.scope(), ..Rules::default() } };
        let attested = self.ask(rules, |graph| async move { flow::attest(&graph, id, rehearsed).await })?;
        let Ok(report) = attested else { return Ok(()) };
        let done = self.directory().find_principal(id).is_some_and(|one| one.attested.is_some());
        require(report.outcome != Outcome::Changed || done, Invariant::TrueReport, || format!("{report:?}"))
    }
}

fn empty<T>(part: &mut Read<Vec<T>>) {
    if part.get().is_err() {
        *part = Read::Known(Vec::new());
    }
}
