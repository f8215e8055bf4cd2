//! The scenario of a seed: a tenant, the clients that work on it, and all that goes wrong meanwhile. Plain data, so that a
//! failing one can be made smaller.

mod clients;
mod row;
mod smaller;

pub(crate) use clients::{ClientPlan, Target, Work};
pub(crate) use row::{Name, Parent, Person, RowPlan};

use crate::admin::{Act, Intervention};
use crate::draw::Draw;
use agentuser_core::ObjectId;
use agentuser_core::operation::Limits;
use agentuser_simulator::{RetryAfter, Switches};
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
    /// Next links may lead to another host, into a circle, or from page to page without an end.
    pub(crate) hostile_lists: bool,
    /// Answers may contradict the request or themselves.
    pub(crate) contradictions: bool,
    /// The server repeats the token in its errors.
    pub(crate) echoes_tokens: bool,
    /// One request is asked to wait for long, or in words that make no sense.
    pub(crate) odd_wait: Option<OddWait>,
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
    /// Then the server may fall silent for some time.
    pub(crate) silence: Option<Silence>,
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

/// A wait that the server asks for once, with an answer to a request about a user.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OddWait {
    /// With the answer to a write. Otherwise it is one to a read.
    pub(crate) write: bool,
    /// Which of these requests it is, from 1.
    pub(crate) which: u32,
    pub(crate) asks: RetryAfter,
    /// The answer is 503, and none is 429; whether the server did it all the same.
    pub(crate) unavailable: Option<bool>,
}

/// The server answers nothing for a while.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Silence {
    /// The first read and the first write that it does not answer, from 1.
    pub(crate) from: (u32, u32),
    /// How many of each it does not answer.
    pub(crate) requests: u32,
    /// Whether it does them all the same.
    pub(crate) executed: bool,
}

impl Silence {
    fn draw(draw: Draw) -> Option<Self> {
        draw.one_in("silence", 3).then(|| Self {
            from: (1 + draw.below("first read", 24), 1 + draw.below("first write", 4)),
            requests: draw.pick("unanswered", &[4, 12, 100]),
            executed: draw.one_in("silently done", 2),
        })
    }
}

/// Waits as no server should ask for them: longer than all numbers, negative, over, and no time at all.
const ABSURD: [&str; 7] = [ENDLESS, DOOMSDAY, "-30", "Thu, 01 Jan 1970 00:00:00 GMT", "soon", "0", "2.5"];
const ENDLESS: &str = "99999999999999999999999999";
const DOOMSDAY: &str = "Fri, 31 Dec 9999 23:59:59 GMT";

impl OddWait {
    fn draw(draw: Draw) -> Self {
        let seconds = draw.pick("how long", &[61, 300, 1200, 3700, 1_000_000_000]);
        let asks = match draw.one_in("absurd", 2) {
            true => RetryAfter::Text(draw.pick("absurdity", &ABSURD)),
            false => RetryAfter::Seconds(seconds),
        };
        Self {
            write: draw.one_in("of a write", 2),
            which: 1 + draw.below("which", 12),
            asks,
            unavailable: draw.one_in("unavailable", 3).then(|| draw.one_in("done", 2)),
        }
    }

    /// Whether it is longer than a server may ask for.
    fn is_for_ages(self) -> bool {
        let longest = agentuser_core::operation::retry::Policy::default().longest_retry_after;
        match self.asks {
            RetryAfter::Seconds(seconds) => u64::from(seconds) > longest.as_secs(),
            RetryAfter::Text(text) => [ENDLESS, DOOMSDAY].contains(&text),
            RetryAfter::Absent | RetryAfter::Date(_) => false,
        }
    }
}

impl Scenario {
    /// Whether a parent has come into being a moment ago.
    pub(crate) fn has_fresh_parents(&self) -> bool {
        self.rows.iter().any(|row| row.parent == Parent::Fresh)
    }

    /// Whether that is such a parent.
    pub(crate) fn is_fresh_parent(&self, id: ObjectId) -> bool {
        self.rows.iter().any(|row| row.parent == Parent::Fresh && row.parent_id() == id)
    }

    /// Draws the scenario of a seed.
    #[must_use]
    pub(crate) fn of_seed(seed: u64) -> Self {
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
            hostile_lists: draw.one_in("foreign links", 8),
            contradictions: draw.one_in("contradictions", 4),
            echoes_tokens: draw.one_in("echoes", 8),
            odd_wait: draw.one_in("long wait", 8).then(|| OddWait::draw(draw)),
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
            silence: draw.one_in("gives up", 4).then(|| Silence::draw(draw)).flatten(),
            timeout: draw
                .one_in("timeout", 6)
                .then(|| Duration::from_secs(draw.pick("how much time", &[1, 20, 60, 300, 2000]))),
        };
        scenario.settle();
        scenario
    }

    /// Whether the server asks for a longer wait than it may.
    pub(crate) fn asks_for_ages(&self) -> bool {
        self.odd_wait.is_some_and(|wait| wait.is_for_ages())
    }

    /// Whether clients may give up because nothing is answered.
    pub(crate) fn may_be_silent(&self) -> bool {
        self.gives_up && (self.faults > 0 || self.silence.is_some())
    }

    /// How often claims are demanded.
    pub(crate) fn challenges(&self) -> usize {
        self.interventions.iter().filter(|one| one.act == Act::ClaimsDemanded).count()
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
