//! The sign-in scenario of a seed: who asks for which token when, and all that goes wrong meanwhile. Plain data.

use crate::draw::Draw;
use std::time::Duration;

/// Asks for tokens, and what Entra, the network, people and admins do meanwhile.
#[derive(Debug, Clone)]
pub struct SignInScenario {
    /// The seed of everything that is drawn later: ids, latencies, faults.
    pub(crate) seed: u64,
    /// Agent identities of the one blueprint, each with an agent user.
    pub(crate) agents: u32,
    /// The blueprint proves who it is by tokens of another issuer, and by a secret otherwise.
    pub(crate) asserts: bool,
    /// The requests of 1,000 that go wrong.
    pub(crate) faults: u16,
    /// The lives, in seconds, that answers promise: of exchange tokens, and of all others.
    pub(crate) lives: (u64, u64),
    /// Answers name a moment from which a newer token is better.
    pub(crate) early: bool,
    /// Numbers in answers are texts.
    pub(crate) texts: bool,
    /// The clock of Entra is so far ahead.
    pub(crate) ahead_ms: i64,
    /// The most tokens that are kept, and requests in flight.
    pub(crate) bounds: (usize, usize),
    pub(crate) storms: Vec<Storm>,
    pub(crate) acts: Vec<(Duration, Act)>,
    pub(crate) asks: Vec<AskPlan>,
}

/// For some time, all requests meet the same.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Storm {
    pub(crate) from: Duration,
    pub(crate) lasts: Duration,
    pub(crate) fate: Fate,
}

/// The fate of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Fate {
    /// Its answer.
    #[default]
    Answered,
    /// It does not arrive.
    LostBefore,
    /// It arrives, and its answer is lost.
    LostAfter,
    /// No connection.
    Unreachable,
    /// Nothing comes back.
    Silent,
    /// 429 with this Retry-After, in seconds; none where it is zero.
    Throttled(u64),
    /// 503 with this Retry-After.
    Unavailable(u64),
    /// An answer that is not Entra's, with this status.
    Garbage(u16),
    /// The answer comes after the request was given up.
    Late,
}

/// An act of an admin, or of the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// The secret is another one. The host learns of it a minute later.
    RotateSecret,
    /// The consent for this agent is taken back.
    RevokeConsent(u32),
    /// It is given again.
    Consent(u32),
    /// Conditional Access blocks everything.
    Block,
    /// Conditional Access demands claims.
    Challenge,
    /// There is no policy any more.
    Allow,
    /// The person's sessions are over.
    RevokeSessions,
    /// All tokens are forgotten.
    Forget,
}

/// Someone asks for a token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AskPlan {
    pub(crate) at: Duration,
    pub(crate) who: WhoPlan,
    /// Which of the scopes.
    pub(crate) scope: u32,
    pub(crate) then: Then,
}

/// The subject whose token is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum WhoPlan {
    /// The blueprint itself.
    #[default]
    Blueprint,
    /// This agent identity.
    Identity(u32),
    /// This agent user, by its name or by its id.
    User(u32, bool),
    /// This agent identity for this person.
    OnBehalf(u32, u32),
    /// A person, by device code or in the browser.
    Person(bool),
}

/// The fate of an ask, or of its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Then {
    #[default]
    Used,
    /// Graph refuses the token after a moment.
    Refused,
    /// Graph challenges it to bring claims.
    Challenged,
    /// Its caller gives up after a moment.
    GivenUp,
}

/// How long asks come.
pub(crate) const HORIZON: u64 = 9_000;

impl SignInScenario {
    /// Draws the scenario of a seed.
    #[must_use]
    pub(crate) fn of_seed(seed: u64) -> Self {
        let draw = Draw::new(seed).of("sign-in", 0);
        let agents = 1 + draw.below("agents", 4);
        let count = 2 + draw.below("asks", 24) as usize;
        let storms = (0..draw.below("storms", 3) as usize).map(|n| Storm::draw(draw.of("storm", n)));
        let acts = (0..draw.below("acts", 5) as usize).map(|n| draw.of("act", n));
        let acts = acts.map(|draw| (moment(draw), Act::draw(draw, agents)));
        let people = draw.one_in("people", 3);
        let mut asks: Vec<AskPlan> =
            (0..count).flat_map(|n| AskPlan::draw(draw.of("ask", n), agents, people)).collect();
        asks.sort_by_key(|ask| ask.at);
        Self {
            seed,
            agents,
            asserts: draw.one_in("asserts", 2),
            faults: draw.pick("faults", &[0, 0, 50, 200, 400]),
            lives: (
                draw.pick("exchange lives", &[3_599, 3_599, 600, 120, 40, 86_399]),
                draw.pick("lives", &[3_599, 3_599, 4_200, 600, 120, 30]),
            ),
            early: draw.one_in("early", 3),
            texts: draw.one_in("texts", 4),
            ahead_ms: draw.pick("ahead", &[0, 0, 240_000, -240_000, 7_200_000]),
            bounds: (
                draw.pick("tokens", &[10_000, 10_000, 10_000, 3, 1]),
                draw.pick("in flight", &[32, 32, 2, 1]),
            ),
            storms: storms.collect(),
            acts: acts.collect(),
            asks,
        }
    }

    /// Smaller scenarios that may show the same.
    pub(crate) fn reductions(&self) -> Vec<Self> {
        let mut smaller = Vec::new();
        let mut with = |change: &dyn Fn(&mut Self)| {
            let mut one = self.clone();
            change(&mut one);
            smaller.push(one);
        };
        if self.asks.len() > 1 {
            with(&|one| one.asks.truncate(self.asks.len() / 2));
            with(&|one| drop(one.asks.drain(..self.asks.len() / 2)));
        }
        for place in 0..self.asks.len().min(40) {
            with(&|one| {
                one.asks.remove(place);
            });
        }
        for place in 0..self.storms.len() {
            with(&|one| {
                one.storms.remove(place);
            });
        }
        for place in 0..self.acts.len() {
            with(&|one| {
                one.acts.remove(place);
            });
        }
        if self.faults > 0 {
            with(&|one| one.faults = 0);
        }
        if self.early {
            with(&|one| one.early = false);
        }
        if self.lives != (3_599, 3_599) {
            with(&|one| one.lives = (3_599, 3_599));
        }
        if self.bounds != (10_000, 32) {
            with(&|one| one.bounds = (10_000, 32));
        }
        smaller
    }
}

/// Half of everything happens in the first minutes.
fn moment(draw: Draw) -> Duration {
    let seconds = match draw.below("when", 2) {
        0 => draw.below("early", 200),
        _ => draw.below("late", u32::try_from(HORIZON).unwrap_or(u32::MAX)),
    };
    Duration::from_millis(u64::from(seconds) * 1000 + u64::from(draw.below("moment", 1000)))
}

impl Storm {
    fn draw(draw: Draw) -> Self {
        let fate = match draw.below("kind", 7) {
            0 => Fate::Throttled(draw.pick("asks", &[0, 5, 60, 119])),
            1 => Fate::Throttled(draw.pick("asks for long", &[121, 3_600, 4_000_000_000])),
            2 => Fate::Unavailable(draw.pick("asks", &[0, 10, 90])),
            3 => Fate::Garbage(draw.pick("status", &[200, 404, 502])),
            4 => Fate::Unreachable,
            5 => Fate::LostAfter,
            _ => Fate::Silent,
        };
        Self { from: moment(draw), lasts: Duration::from_secs(draw.pick("lasts", &[1, 20, 90, 400])), fate }
    }
}

impl Fate {
    pub(crate) fn draw(draw: Draw) -> Self {
        match draw.below("fate", 9) {
            0 => Self::LostBefore,
            1 => Self::LostAfter,
            2 => Self::Unreachable,
            3 => Self::Silent,
            4 => Self::Throttled(draw.pick("asks", &[0, 1, 7, 30, 119, 121])),
            5 => Self::Unavailable(draw.pick("asks", &[0, 1, 30, 3_600])),
            6 => Self::Garbage(draw.pick("status", &[200, 200, 301, 400, 403, 500])),
            7 => Self::Late,
            _ => Self::Answered,
        }
    }
}

impl Act {
    fn draw(draw: Draw, agents: u32) -> Self {
        let agent = 1 + draw.below("agent", agents);
        match draw.below("act", 9) {
            0 => Self::RotateSecret,
            1 => Self::RevokeConsent(agent),
            2 => Self::Consent(agent),
            3 => Self::Block,
            4 | 5 => Self::Challenge,
            6 => Self::Allow,
            7 => Self::RevokeSessions,
            _ => Self::Forget,
        }
    }
}

impl AskPlan {
    /// One ask, or many at once.
    fn draw(draw: Draw, agents: u32, people: bool) -> Vec<Self> {
        let at = moment(draw);
        let agent = 1 + draw.below("agent", agents);
        let who = match draw.below("who", if people { 10 } else { 6 }) {
            0 => WhoPlan::Blueprint,
            1 => WhoPlan::Identity(agent),
            2..=5 => WhoPlan::User(agent, draw.one_in("by name", 4)),
            6 | 7 => WhoPlan::OnBehalf(agent, 1 + draw.below("person", 2)),
            _ => WhoPlan::Person(draw.one_in("device code", 2)),
        };
        let then = match draw.below("then", 8) {
            0 => Then::Refused,
            1 => Then::Challenged,
            2 => Then::GivenUp,
            _ => Then::Used,
        };
        let scope = draw.below("scope", 3) / 2;
        let one = Self { at, who, scope, then };
        if !draw.one_in("many", 6) {
            return vec![one];
        }
        let all = (1..=agents).map(|agent| match who {
            WhoPlan::User(_, name) => Self { who: WhoPlan::User(agent, name), ..one },
            WhoPlan::Identity(_) => Self { who: WhoPlan::Identity(agent), ..one },
            _ => one,
        });
        all.chain([one, one]).collect()
    }
}
