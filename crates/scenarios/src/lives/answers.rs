//! The answers about agents that the model expects.

use super::agents::{Agent, Granted, Parent, Person, Role};
use super::scenario::LifeScenario;
use super::tenant::{FREE, ROLE_GROUP};
use agentuser_core::ObjectId;
use agentuser_core::flow::{BlueprintChain, ChainPart, ChainVerdict, LinkState};
use agentuser_simulator::{ids, tenant};
use std::collections::{BTreeMap, BTreeSet};

impl LifeScenario {
    /// The agent identities that are there.
    pub(super) fn identities(&self) -> BTreeSet<ObjectId> {
        let gone = |agent: &Agent| matches!(agent.parent, Parent::Deleted | Parent::Gone);
        let own = self.agents.iter().filter(|agent| !gone(agent)).map(|agent| ids::identity(agent.number));
        let others = [tenant::DISABLED_IDENTITY, tenant::BANNED_IDENTITY, tenant::TAKEN_IDENTITY, FREE];
        own.chain(others.map(ids::identity)).collect()
    }

    /// The agent identities without an agent user that is there.
    pub(super) fn free_identities(&self) -> BTreeSet<ObjectId> {
        let living = self.agents.iter().filter(|agent| !agent.in_bin);
        let taken: BTreeSet<ObjectId> = living.map(|agent| self.parent_of(agent)).collect();
        self.identities().into_iter().filter(|id| !taken.contains(id)).collect()
    }

    /// The agent users and the agent identities that a human sponsors.
    pub(super) fn sponsored_by(&self, human: u32) -> (BTreeSet<ObjectId>, BTreeSet<ObjectId>) {
        let human = Person::Human(human);
        let living = self.agents.iter().filter(|agent| !agent.in_bin && agent.sponsors.contains(&human));
        let parents = self.agents.iter().filter(|agent| agent.parent_sponsors.contains(&human));
        let parents = parents.map(|agent| ids::identity(agent.number));
        let there = self.identities();
        (living.map(Agent::id).collect(), parents.filter(|id| there.contains(id)).collect())
    }

    /// The state of each agent identity of a blueprint, down from it; none of one that is gone.
    pub(super) fn chain(&self, first: bool) -> BTreeMap<ObjectId, LinkState> {
        let of = |agent: &&Agent| (agent.number <= super::scenario::OF_FIRST) == first;
        let states = self.agents.iter().filter(of).filter_map(|agent| {
            let state = match agent.parent {
                Parent::Gone => return None,
                Parent::Deleted => LinkState::Deleted,
                Parent::Disabled => LinkState::Disabled,
                Parent::DisabledByMicrosoft => LinkState::DisabledByMicrosoft,
                Parent::Sound | Parent::Plain | Parent::Shared => LinkState::Present,
            };
            Some((ids::identity(agent.number), state))
        });
        states.collect()
    }

    /// Whether an enabled agent user of a blueprint lacks its enabled agent identity.
    pub(super) fn is_broken(&self, first: bool) -> bool {
        let chain = self.chain(first);
        let mut working = self.agents.iter().filter(|agent| !agent.in_bin && agent.enabled);
        working
            .any(|agent| chain.get(&self.parent_of(agent)).is_some_and(|state| *state != LinkState::Present))
    }
}

impl Agent {
    /// The groups that it is in.
    pub(super) fn groups(&self) -> BTreeSet<ObjectId> {
        if self.role == Role::OfGroup { [ids::group(ROLE_GROUP)].into() } else { BTreeSet::new() }
    }

    /// The scopes that its agent identity has for it, and whether for all users. Only of a parent of its own.
    pub(super) fn delegated(&self) -> Option<(&'static str, bool)> {
        match self.granted {
            Granted::Nothing => None,
            Granted::ForIt => Some(("Mail.Read", false)),
            Granted::ForAll => Some(("Mail.Read", true)),
            Granted::Blocked => Some(("User.ReadWrite.All", false)),
        }
    }
}

/// Whether a chain says what is so.
pub(super) fn is_right(chain: &BlueprintChain, states: &BTreeMap<ObjectId, LinkState>, broken: bool) -> bool {
    // The recycle bins of blueprints and of agent users hold nothing that breaks a chain whose parts are there.
    let decides =
        |part: ChainPart| !matches!(part, ChainPart::DeletedBlueprints | ChainPart::DeletedAgentUsers);
    let unread = chain.not_read.iter().any(|one| decides(one.part));
    let listed = |one: &agentuser_core::flow::ChainedIdentity| {
        let Some(id) = one.identity.id else { return false };
        states.get(&id) == Some(&one.identity.state)
    };
    let all_there = unread || chain.identities.len() == states.len();
    let verdict = match chain.verdict {
        ChainVerdict::Sound => !unread && !broken,
        ChainVerdict::Broken => broken,
        ChainVerdict::Unknown => unread,
        _ => false,
    };
    chain.identities.iter().all(listed) && all_there && verdict
}
