//! The thing that is done in a scenario.

use super::readable::Look;
use super::scenario::AGENTS;
use crate::draw::Draw;
use agentuser_core::flow::{HandedOver, RetireOptions, RetiredUntil};
use std::collections::BTreeSet;

/// The top of what is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Top {
    User(u32),
    Identity(u32),
    /// The first blueprint, by the object id of its principal.
    BlueprintPrincipal,
    /// The same, by its application id.
    BlueprintApp,
}

/// An account that is never stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spared {
    User(u32),
    Identity(u32),
}

/// A deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    /// By a plan that is made and applied.
    Retire {
        options: RetireOptions,
        leavers: BTreeSet<u32>,
    },
    /// At once, or by a plan.
    Contain {
        top: Top,
        except: BTreeSet<Spared>,
        planned: bool,
    },
    /// By a plan, from one human to another. One agent user may get another manager in between.
    HandOver {
        from: u32,
        to: u32,
        what: HandedOver,
        moved: Option<u32>,
    },
    /// `fresh` is an agent user that has just lost its manager.
    Audit {
        beta: bool,
        broken: BTreeSet<Look>,
        fresh: Option<u32>,
    },
    Access(u32),
    Doctor,
    /// The probe; the one that writes has a parent of its own.
    Probe {
        writes: bool,
    },
    /// The lists of agent identities and blueprints, and each of them.
    Look,
    /// The chain from one of the two blueprints down to its agent users.
    Verify {
        first: bool,
    },
    Attest {
        identity: u32,
        rehearsed: bool,
    },
}

/// How far users are retired.
const UNTIL: [RetiredUntil; 3] = [RetiredUntil::Deleted, RetiredUntil::Disabled, RetiredUntil::Unlicensed];

impl Deed {
    pub(super) fn draw(draw: Draw) -> Self {
        let agent = |what: &str| 1 + draw.below(what, AGENTS);
        match draw.below("deed", 20) {
            0..3 => Self::Retire {
                options: RetireOptions {
                    until: draw.pick("until", &UNTIL),
                    free_seats: draw.one_in("seats", 4),
                    leave_groups: false,
                    accept_data_loss: true,
                },
                leavers: some(draw, "leavers"),
            },
            3..6 => Self::Contain {
                top: match draw.below("top", 4) {
                    0 => Top::User(agent("user")),
                    1 => Top::Identity(agent("identity")),
                    2 => Top::BlueprintPrincipal,
                    _ => Top::BlueprintApp,
                },
                except: if draw.one_in("except", 2) { spared(draw) } else { BTreeSet::new() },
                planned: draw.one_in("planned", 3),
            },
            6..9 => {
                let from = 1 + draw.below("from", 3);
                let what = [HandedOver::Both, HandedOver::Manager, HandedOver::Sponsor];
                let what = draw.pick("what", &what);
                Self::HandOver {
                    from,
                    to: from % 4 + 1,
                    what,
                    moved: draw.one_in("moves", 4).then(|| agent("moved")),
                }
            }
            9..14 => Self::Audit {
                beta: draw.one_in("beta", 2),
                broken: Look::LISTS
                    .iter()
                    .filter(|look| draw.one_in(&format!("{look:?}"), 20))
                    .copied()
                    .collect(),
                fresh: draw.one_in("fresh", 4).then(|| agent("who")),
            },
            14 => Self::Access(agent("whose")),
            15 => match draw.below("probe", 3) {
                0 => Self::Doctor,
                one => Self::Probe { writes: one == 1 },
            },
            16 | 17 => Self::Look,
            18 => Self::Verify { first: draw.one_in("blueprint", 2) },
            _ => Self::Attest { identity: agent("attested"), rehearsed: draw.one_in("rehearsed", 3) },
        }
    }

    /// Whether it changes something, and its tenant has nothing else wrong.
    pub(super) const fn is_end(&self) -> bool {
        matches!(self, Self::Retire { .. } | Self::Contain { .. } | Self::HandOver { .. })
    }
}

/// Some of the numbers of agent users; at least one.
fn some(draw: Draw, what: &str) -> BTreeSet<u32> {
    let draw = draw.of(what, 0);
    let some = (1..=AGENTS).filter(|n| draw.one_in(&n.to_string(), 3));
    some.chain([1 + draw.below("one", AGENTS)]).collect()
}

fn spared(draw: Draw) -> BTreeSet<Spared> {
    let one = |n: u32| if n.is_multiple_of(2) { Spared::User(n) } else { Spared::Identity(n) };
    some(draw, "excepted").into_iter().map(one).collect()
}
