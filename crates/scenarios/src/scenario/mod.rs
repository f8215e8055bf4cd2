//! The scenario of a seed: a tenant, the clients that work on it, and all that goes wrong meanwhile. Plain data, so that a
//! failing one can be made smaller.

mod clients;
mod row;
mod smaller;

pub(crate) use clients::{ClientPlan, Target, Work};
pub(crate) use row::{Name, Parent, Person, RowPlan};

use crate::admin::Intervention;
use crate::draw::Draw;
use agentuser_core::operation::Limits;
use agentuser_simulator::Switches;
use std::time::Duration;

/// The most rows of a roster.
pub(crate) const MOST_ROWS: u32 = 20;

/// A tenant, its clients, and all that happens to them.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The seed of everything that is drawn later: ids, latencies, faults, lags.
    pub(crate) seed: u64,
    /// The rows of the roster.
    pub(crate) rows: Vec<RowPlan>,
    /// Microsoft's contradictions.
    pub(crate) switches: Switches,
    /// The longest replication lag of reads by id.
    pub(crate) lag: Duration,
    pub(crate) replicas: u16,
    /// The requests of 1,000 that go wrong.
    pub(crate) faults: u16,
    /// Next links may lead to another host.
    pub(crate) foreign_links: bool,
    /// Answers may contradict the request or themselves.
    pub(crate) contradictions: bool,
    /// The server repeats the token in its errors.
    pub(crate) echoes_tokens: bool,
    /// One request is answered with a Retry-After of so many seconds: the method's class, which one, how long.
    pub(crate) long_wait: Option<(bool, u32, u32)>,
    /// Some requests take minutes to arrive.
    pub(crate) late: bool,
    /// The quotas of the tenant.
    pub(crate) quotas: Option<QuotaPlan>,
    /// Two clients have one session.
    pub(crate) shared: bool,
    /// Seats of each SKU.
    pub(crate) seats: u32,
    /// The clients that work on it, at the same time.
    pub(crate) clients: Vec<ClientPlan>,
    /// The interventions of others, by how many requests were sent before.
    pub(crate) interventions: Vec<Intervention>,
    /// A dry run comes first.
    pub(crate) rehearsed: bool,
    /// The second run waits until every reader sees what the first one did.
    pub(crate) rests: bool,
    pub(crate) limits: Limits,
    pub(crate) cleanup_timeout: Duration,
    /// Clients give up when nothing is answered for two minutes, as is usual.
    pub(crate) gives_up: bool,
    /// How long the operations of the first clients may take.
    pub(crate) timeout: Option<Duration>,
}

/// Quotas that are soon used up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct QuotaPlan {
    /// Writes in 150 seconds.
    pub(crate) writes: u32,
    /// Resource units in 10.
    pub(crate) units: u32,
    /// Whether the clients know them from the start.
    pub(crate) known: bool,
}

impl Scenario {
    /// Whether a parent has come into being a moment ago.
    pub(crate) fn has_fresh_parents(&self) -> bool {
        self.rows.iter().any(|row| row.parent == Parent::Fresh)
    }

    /// Draws the scenario of a seed.
    #[must_use]
    pub fn draw(seed: u64) -> Self {
        let draw = Draw::new(seed);
        let alone = draw.one_in("single deed", 3);
        let count = match draw.below("size", 32) {
            0..17 => 1 + draw.below("small", 3),
            17..29 => 4 + draw.below("middle", 5),
            _ => 9 + draw.below("large", MOST_ROWS - 8),
        };
        let count = if alone { 1 + draw.below("few", 2) } else { count };
        let fresh = draw.one_in("fresh parents", 6);
        let rows: Vec<RowPlan> =
            (0..count as usize).map(|place| RowPlan::draw(draw.of("row", place), place, fresh)).collect();
        let clients = clients::draw(draw, &rows, alone);
        let interventions = clients::interventions(draw, &rows);
        // A parent that has just come into being must be visible within the short time that is given to parents.
        let fresh = rows.iter().any(|row| row.parent == Parent::Fresh);
        let lag = Duration::from_secs(u64::from(draw.below("lag", if fresh { 15 } else { 45 })));
        let mut scenario = Self {
            seed,
            rows,
            switches: Switches::from_seed(draw.number("switches")),
            lag,
            replicas: 1 + u16::from(draw.one_in("replicas", 2)) + u16::from(draw.one_in("more replicas", 4)),
            faults: draw.pick("faults", &[0, 50, 50, 150, 150, 300, 500]),
            foreign_links: draw.one_in("foreign links", 8),
            contradictions: draw.one_in("contradictions", 4),
            echoes_tokens: draw.one_in("echoes", 8),
            long_wait: draw.one_in("long wait", 8).then(|| {
                let seconds = draw.pick("how long", &[61, 300, 1200, 3700, 1_000_000_000]);
                (draw.one_in("of a write", 2), 1 + draw.below("which", 12), seconds)
            }),
            late: draw.one_in("late", 6),
            quotas: draw.one_in("quotas", 4).then(|| QuotaPlan {
                writes: draw.pick("writes", &[6, 20, 60]),
                units: draw.pick("units", &[16, 40, 150]),
                known: !draw.one_in("unknown quotas", 3),
            }),
            shared: draw.one_in("shared", 2),
            seats: draw.pick("seats", &[1, 3, 25, 25]),
            clients,
            interventions,
            rehearsed: draw.one_in("rehearsed", 6),
            rests: draw.one_in("rests", 2),
            limits: Limits {
                in_flight: draw.pick("in flight", &[1, 2, 16, 16]),
                batch: draw.pick("batch", &[1, 1, 3, 20]),
                items: draw.pick("items", &[1, 64, 64]),
                events: draw.pick("events", &[1, 256, 256]),
            },
            cleanup_timeout: Duration::from_secs(draw.pick("finish", &[20, 900, 900])),
            gives_up: draw.one_in("gives up", 4),
            timeout: draw
                .one_in("timeout", 6)
                .then(|| Duration::from_secs(draw.pick("how much time", &[1, 20, 60, 300, 2000]))),
        };
        scenario.settle();
        scenario
    }

    /// Whether the server asks for a longer wait than it may.
    pub(crate) fn asks_for_ages(&self) -> bool {
        let longest = agentuser_core::operation::retry::Policy::default().longest_retry_after;
        self.long_wait.is_some_and(|(_, _, seconds)| u64::from(seconds) > longest.as_secs())
    }

    /// Whether one client alone changes the tenant, and keeps all its permissions.
    #[must_use]
    pub(crate) fn is_calm(&self) -> bool {
        self.clients.len() < 2 && self.interventions.is_empty()
    }

    /// Gives mutations their user, and leaves out combinations that look like a defect of the library.
    fn settle(&mut self) {
        clients::begin_with(self);
        // If uniqueness is checked on replicated state only, two clients that create at the same time both succeed;
        // so does one client whose first create arrives late.
        self.switches.uniqueness_lags &= self.is_calm() && !self.late;
        // A second run within the lag would also create a duplicate.
        self.rests |= self.switches.uniqueness_lags;
        let ready = |client: &ClientPlan| matches!(client.work, Work::Provision { ready: true, .. });
        if self.clients.iter().any(ready) {
            self.switches.graph_create_without_mailbox = false;
            // There is no mailbox without a license for one.
            for row in self.rows.iter_mut().filter(|row| row.licenses.is_empty()) {
                row.location = true;
            }
            self.rows.iter_mut().for_each(|row| row.licenses = vec!["AGENT_365"]);
        }
    }
}
