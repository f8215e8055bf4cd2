//! The scenario of a seed, as plain data.

use super::agents::Agent;
use super::deed::Deed;
use super::sabotage::Sabotage;
use crate::draw::Draw;
use agentuser_simulator::Interruption;
use std::collections::BTreeSet;
use std::time::Duration;

/// How many agent users a tenant has; the first six are of the first blueprint.
pub(super) const AGENTS: u32 = 9;
pub(super) const OF_FIRST: u32 = 6;

/// The permissions that the operations ask for, of which some tokens lack some.
pub(super) const PERMISSIONS: [&str; 17] = [
    "AgentIdUser.ReadWrite.All",
    "AgentIdentity.ReadWrite.All",
    "AgentIdentityBlueprint.Read.All",
    "AgentIdentityBlueprintPrincipal.Read.All",
    "Application.Read.All",
    "AuditLog.Read.All",
    "Directory.Read.All",
    "Group.Read.All",
    "GroupMember.Read.All",
    "IdentityRiskyAgent.Read.All",
    "LicenseAssignment.Read.All",
    "LifecyclePolicies-AgentId.Read.All",
    "Organization.Read.All",
    "Policy.Read.All",
    "RoleManagement.Read.Directory",
    "User-LifeCycleInfo.Read.All",
    "User.Read.All",
];

/// A tenant with agent users, something that is done, and what goes wrong meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifeScenario {
    /// The seed of everything that is drawn later: latencies, faults, switches.
    pub(super) seed: u64,
    pub(super) deed: Deed,
    pub(super) agents: Vec<Agent>,
    /// How long a change may take to be seen.
    pub(super) lag: Duration,
    /// The requests of 1,000 that go wrong.
    pub(super) faults: u16,
    /// Faults are over within seconds.
    pub(super) brisk: bool,
    /// Requests overtake each other.
    pub(super) overtakes: bool,
    /// Requests leave one by one, not in batches.
    pub(super) single: bool,
    /// Which permissions the token lacks; none: it may do everything.
    pub(super) lacks: Option<BTreeSet<&'static str>>,
    /// The editions of Microsoft Entra ID that the tenant has: whether it is P1, whether it is P2.
    pub(super) editions: (bool, bool),
    /// When the first run is interrupted.
    pub(super) interruption: Interruption,
    /// The deliberate mistake of a program that is not the library.
    pub(super) sabotage: Option<Sabotage>,
}

impl LifeScenario {
    /// The scenario of a seed.
    pub(super) fn of_seed(seed: u64) -> Self {
        let draw = Draw::new(seed).of("lives", 0);
        let deed = Deed::draw(draw);
        let agents = (1..=AGENTS).map(|number| {
            let agent = Agent::sound(draw, number);
            if deed.is_end() {
                agent
            } else if number == AGENTS {
                agent.anchor()
            } else {
                agent.troubled(draw)
            }
        });
        let lacks = || PERMISSIONS.into_iter().filter(|one| draw.one_in(one, 6)).collect();
        let after = 1 + draw.below("after", 60);
        Self {
            seed,
            agents: agents.collect(),
            lag: Duration::from_secs(u64::from(draw.below("lag", 30))),
            faults: if draw.one_in("calm", 2) { 0 } else { 80 },
            brisk: draw.one_in("brisk", 2),
            overtakes: draw.one_in("overtakes", 2),
            single: draw.one_in("single", 4),
            lacks: (!deed.is_end() && draw.one_in("lacks", 2)).then(lacks),
            editions: (!draw.one_in("p1", 6), !draw.one_in("p2", 6)),
            interruption: match draw.below("interrupted", 4) {
                0 => Interruption::Dies { after },
                1 => Interruption::cancelled(after),
                _ => Interruption::Never,
            },
            sabotage: None,
            deed,
        }
    }

    /// The scenario of a seed, with a mistake that an invariant must notice.
    #[must_use]
    pub fn sabotaged(seed: u64, sabotage: Sabotage) -> Self {
        Self { sabotage: Some(sabotage), ..Self::of_seed(seed) }
    }

    /// Smaller scenarios that may show the same.
    pub(super) fn reductions(&self) -> Vec<Self> {
        let mut smaller = Vec::new();
        let mut with = |change: &dyn Fn(&mut Self)| {
            let mut one = self.clone();
            change(&mut one);
            if one != *self {
                smaller.push(one);
            }
        };
        with(&|one| one.faults = 0);
        with(&|one| one.lag = Duration::ZERO);
        with(&|one| one.interruption = Interruption::Never);
        with(&|one| one.lacks = None);
        with(&|one| one.editions = (true, true));
        with(&|one| one.overtakes = false);
        with(&|one| one.single = true);
        for place in 0..self.agents.len() {
            let draw = Draw::new(self.seed).of("lives", 0);
            with(&|one| {
                if let Some(agent) = one.agents.get_mut(place) {
                    *agent = Agent::sound(draw, agent.number);
                }
            });
        }
        let mut with_deed = |change: &dyn Fn(&mut Deed)| with(&|one| change(&mut one.deed));
        with_deed(&|deed| {
            if let Deed::Audit { broken, .. } = deed {
                broken.pop_first();
            }
        });
        with_deed(&|deed| {
            if let Deed::Audit { fresh, .. } = deed {
                *fresh = None;
            }
        });
        with_deed(&|deed| {
            if let Deed::Retire { leavers, .. } = deed
                && leavers.len() > 1
            {
                leavers.pop_first();
            }
        });
        with_deed(&|deed| {
            if let Deed::Contain { except, .. } = deed {
                except.pop_first();
            }
        });
        smaller
    }
}
