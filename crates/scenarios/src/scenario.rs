//! What a seed stands for: a tenant, what is wanted of it, and all that goes wrong meanwhile. Plain data, so that a
//! failing one can be made smaller.

use crate::admin::{Act, Intervention};
use crate::deed::Deed;
use crate::draw::Draw;
use agentuser_core::operation::Limits;
use agentuser_simulator::Switches;
use std::time::Duration;

/// The most rows of a roster.
pub(crate) const MOST_ROWS: u32 = 20;

/// A tenant, its clients, and what happens to them.
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
    /// Of 1,000 requests, so many go wrong.
    pub(crate) faults: u16,
    /// Next links may lead to another host.
    pub(crate) foreign_links: bool,
    /// The server repeats the token in its errors.
    pub(crate) echoes_tokens: bool,
    /// One request is answered with a Retry-After of so many seconds: the method's class, which one, how long.
    pub(crate) long_wait: Option<(bool, u32, u32)>,
    /// Some requests take minutes to arrive.
    pub(crate) late: bool,
    /// What the tenant grants.
    pub(crate) quotas: Option<QuotaPlan>,
    /// Two clients have one session.
    pub(crate) shared: bool,
    /// Seats of each SKU.
    pub(crate) seats: u32,
    /// Who works on it, at the same time.
    pub(crate) clients: Vec<ClientPlan>,
    /// What others do meanwhile, by how many requests were sent before.
    pub(crate) interventions: Vec<Intervention>,
    /// A dry run comes first.
    pub(crate) rehearsed: bool,
    /// The second run waits until every reader sees what the first one did.
    pub(crate) rests: bool,
    pub(crate) limits: Limits,
    pub(crate) cleanup_timeout: Duration,
}

/// Quotas that are soon used up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct QuotaPlan {
    /// Writes in 150 seconds.
    pub(crate) writes: u32,
    /// Resource units in 10.
    pub(crate) units: u32,
    /// The clients know them; or they find out.
    pub(crate) known: bool,
}

/// One client.
#[derive(Debug, Clone)]
pub(crate) struct ClientPlan {
    pub(crate) work: Work,
    /// How long after the first one it starts.
    pub(crate) starts: Duration,
    pub(crate) cut: Cut,
}

/// What a client does.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    /// Applies these rows of the roster, by their place.
    Roster(Vec<usize>),
    /// Provisions one row, ready for work where it says so.
    Provision { row: usize, ready: bool },
    /// Changes one user.
    Deed { target: Target, deed: Deed },
}

/// Whom a deed is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// The agent user that a row begins with, by its place.
    Row(usize),
    /// A human.
    Human(u32),
}

/// When a client is cut short, in requests that it has sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    Never,
    /// So much later than that.
    Cancelled {
        after: u32,
        later: Duration,
    },
    Dies(u32),
}

/// One row, and what is there before.
#[derive(Debug, Clone)]
pub(crate) struct RowPlan {
    /// The number of its agent identity.
    pub(crate) number: u32,
    pub(crate) parent: Parent,
    pub(crate) name: Name,
    pub(crate) location: bool,
    pub(crate) job: Option<&'static str>,
    pub(crate) city: Option<&'static str>,
    pub(crate) enabled: Option<bool>,
    pub(crate) manager: Option<Person>,
    /// Numbers of humans; zero is a group.
    pub(crate) sponsors: Vec<u32>,
    pub(crate) licenses: Vec<&'static str>,
    pub(crate) before: Option<Before>,
}

/// What its `identityParentId` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parent {
    Usable,
    /// An agent identity that has come into being a moment ago.
    Fresh,
    Disabled,
    DisabledByMicrosoft,
    Nothing,
    AppId,
    Plain,
    BlueprintPrincipal,
}

/// Its user principal name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    Named,
    Derived,
    /// Somebody has it: a human, another parent's agent user, a deleted user.
    HeldByHuman,
    HeldByAgent,
    HeldByDeleted,
}

/// A manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Person {
    Human(u32),
    /// Nobody of that name.
    Nobody,
    /// Another row, by its place.
    Row(usize),
}

/// The agent user that a row begins with.
#[derive(Debug, Clone)]
pub(crate) struct Before {
    pub(crate) deleted: bool,
    /// It has a name of its own.
    pub(crate) other_name: bool,
    pub(crate) location: Option<&'static str>,
    pub(crate) job: Option<&'static str>,
    pub(crate) city: Option<&'static str>,
    pub(crate) enabled: bool,
    pub(crate) manager: Option<u32>,
    pub(crate) sponsors: Vec<u32>,
    pub(crate) licenses: Vec<&'static str>,
}

const JOBS: [&str; 3] = ["Clerk", "Käufer & Co", "Pilot \"x\""];
const CITIES: [&str; 2] = ["Zürich", "Bern"];

impl Scenario {
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
        let clients = clients(draw, &rows, alone);
        let interventions = interventions(draw, &rows);
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
            echoes_tokens: draw.one_in("echoes", 8),
            long_wait: draw.one_in("long wait", 8).then(|| {
                let seconds = draw.pick("how long", &[61, 300, 1200]);
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
        };
        scenario.settle();
        scenario
    }

    /// Whether nobody but the one client changes the tenant, and nothing of it is taken from the client.
    #[must_use]
    pub(crate) fn is_calm(&self) -> bool {
        self.clients.len() < 2 && self.interventions.is_empty()
    }

    /// Gives deeds somebody to be done to, and leaves out what can't be told apart from a fault of the library.
    fn settle(&mut self) {
        begin_with(self);
        // Were uniqueness checked on replicated state only, two who create at the same time would both succeed; also
        // one whose first create comes late.
        self.switches.uniqueness_lags &= self.is_calm() && !self.late;
        // And who follows within the lag would, too.
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

    /// Smaller scenarios that may show the same.
    #[must_use]
    pub fn smaller(&self) -> Vec<Self> {
        let mut smaller = Vec::new();
        let mut with = |change: &dyn Fn(&mut Self)| {
            let mut one = self.clone();
            change(&mut one);
            smaller.push(one);
        };
        if self.rows.len() > 1 {
            with(&|one| one.keep_rows(self.rows.len() / 2));
            with(&|one| one.keep_rows(self.rows.len() - 1));
        }
        if self.clients.len() > 1 {
            with(&|one| one.clients.truncate(1));
        }
        for place in 0..self.interventions.len() {
            with(&|one| {
                one.interventions.remove(place);
            });
        }
        if self.faults > 0 {
            with(&|one| one.faults = 0);
        }
        if !self.lag.is_zero() {
            with(&|one| one.lag = Duration::ZERO);
        }
        if self.replicas > 1 {
            with(&|one| one.replicas = 1);
        }
        if self.rehearsed {
            with(&|one| one.rehearsed = false);
        }
        if self.long_wait.is_some() {
            with(&|one| one.long_wait = None);
        }
        if self.foreign_links {
            with(&|one| one.foreign_links = false);
        }
        if self.late {
            with(&|one| one.late = false);
        }
        if self.quotas.is_some() {
            with(&|one| one.quotas = None);
        }
        if self.limits.batch > 1 {
            with(&|one| one.limits.batch = 1);
        }
        if self.clients.iter().any(|client| client.cut != Cut::Never) {
            with(&|one| one.clients.iter_mut().for_each(|client| client.cut = Cut::Never));
        }
        smaller
    }

    /// Keeps the first rows, and what is about them.
    fn keep_rows(&mut self, count: usize) {
        self.rows.truncate(count);
        for row in &mut self.rows {
            if matches!(row.manager, Some(Person::Row(place)) if place >= count) {
                row.manager = None;
            }
        }
        for client in &mut self.clients {
            match &mut client.work {
                Work::Roster(places) => places.retain(|place| *place < count),
                Work::Provision { row, .. } => *row = (*row).min(count.saturating_sub(1)),
                Work::Deed { target: Target::Row(place), .. } => {
                    *place = (*place).min(count.saturating_sub(1));
                }
                Work::Deed { .. } => {}
            }
        }
        self.interventions.retain(|one| one.act.row().is_none_or(|place| place < count));
    }
}

impl RowPlan {
    fn draw(draw: Draw, place: usize, fresh: bool) -> Self {
        let number = u32::try_from(place).unwrap_or_default() + 1;
        let parent = match draw.below("parent", 40) {
            0 => Parent::Nothing,
            1 => Parent::AppId,
            2 => Parent::Plain,
            3 => Parent::BlueprintPrincipal,
            4 => Parent::Disabled,
            5 => Parent::DisabledByMicrosoft,
            6..20 if fresh => Parent::Fresh,
            _ => Parent::Usable,
        };
        let name = match draw.below("name", 24) {
            0 => Name::HeldByHuman,
            1 | 2 => Name::HeldByAgent,
            3 => Name::HeldByDeleted,
            4..9 => Name::Derived,
            _ => Name::Named,
        };
        let licensed = draw.one_in("licensed", 3);
        let licenses = if licensed { draw.licenses("licenses") } else { Vec::new() };
        let manager = match draw.below("manager", 10) {
            0..3 => Some(Person::Human(1 + draw.below("which human", 4))),
            // The first rows: they are there however small the roster is made.
            3..5 if place > 0 => Some(Person::Row(draw.below("which row", number - 1) as usize)),
            5 if draw.one_in("nobody", 4) => Some(Person::Nobody),
            _ => None,
        };
        let mut row = Self {
            number,
            parent,
            name,
            location: !draw.one_in("no location", 8),
            job: draw.one_in("job", 2).then(|| draw.pick("which job", &JOBS)),
            city: draw.one_in("city", 3).then(|| draw.pick("which city", &CITIES)),
            enabled: draw.one_in("enabled", 4).then(|| draw.one_in("on", 2)),
            manager,
            sponsors: if draw.one_in("sponsored", 2) { draw.sponsors("sponsors") } else { Vec::new() },
            licenses,
            before: None,
        };
        if matches!(parent, Parent::Usable | Parent::Disabled) && draw.below("before", 10) < 4 {
            row.before = Some(Before::draw(draw, &row));
        }
        row
    }
}

impl Before {
    /// What is there is partly as the row wants it.
    fn draw(draw: Draw, row: &RowPlan) -> Self {
        let same = |what: &str| !draw.one_in(what, 3);
        Self {
            deleted: draw.one_in("deleted", 5),
            other_name: draw.one_in("other name", 6),
            location: if same("location is") {
                Some("DE")
            } else {
                draw.pick("location", &[None, Some("US")])
            },
            job: if same("job is") { row.job } else { Some(draw.pick("other job", &JOBS)) },
            city: if same("city is") { row.city } else { None },
            enabled: if same("enabled is") { row.enabled.unwrap_or(true) } else { draw.one_in("is on", 2) },
            manager: match row.manager {
                Some(Person::Human(human)) if same("manager is") => Some(human),
                _ => draw.one_in("other manager", 4).then_some(4),
            },
            sponsors: if same("sponsors are") {
                row.sponsors.clone()
            } else {
                draw.sponsors("other sponsors")
            },
            licenses: if same("licenses are") {
                row.licenses.clone()
            } else if draw.one_in("other licenses", 3) {
                draw.licenses("which others")
            } else {
                Vec::new()
            },
        }
    }

    /// One that has something of everything, for what is done to one user.
    fn full(draw: Draw, deleted: bool) -> Self {
        let some = |what: &str| !draw.one_in(what, 3);
        Self {
            deleted,
            other_name: false,
            location: some("location").then_some("DE"),
            job: some("job").then_some("Clerk"),
            city: None,
            enabled: some("enabled"),
            manager: some("manager").then_some(1),
            sponsors: if some("sponsors") { vec![0, 2] } else { Vec::new() },
            licenses: if some("licenses") && some("location") { vec!["AGENT_365"] } else { Vec::new() },
        }
    }
}

impl Draw {
    fn sponsors(self, purpose: &str) -> Vec<u32> {
        (0..5).filter(|human| self.of(purpose, *human as usize).one_in("sponsor", 3)).collect()
    }

    fn licenses(self, purpose: &str) -> Vec<&'static str> {
        match self.below(purpose, 4) {
            0 => vec!["AGENT_MESSAGING"],
            1 => vec!["AGENT_365", "AGENT_MESSAGING"],
            _ => vec!["AGENT_365"],
        }
    }

    fn cut(self) -> Cut {
        // Half of the cuts fall early, where everything begins.
        let when = if self.one_in("early", 2) { self.below("when", 12) } else { self.below("when", 120) };
        match self.below("cut", 8) {
            0 | 1 => Cut::Dies(when),
            2 => Cut::Cancelled {
                after: when,
                later: Duration::from_secs(self.pick("later", &[0_u32, 0, 0, 5, 60, 200]).into()),
            },
            _ => Cut::Never,
        }
    }
}

/// What one client does alone, or two at the same time.
fn clients(draw: Draw, rows: &[RowPlan], alone: bool) -> Vec<ClientPlan> {
    let all: Vec<usize> = (0..rows.len()).collect();
    let first = if alone {
        deed(draw, rows)
    } else if rows.len() == 1 && draw.one_in("provision", 2) {
        Work::Provision { row: 0, ready: draw.one_in("ready", 4) }
    } else {
        Work::Roster(all.clone())
    };
    let mut clients = vec![ClientPlan { work: first, starts: Duration::ZERO, cut: draw.cut() }];
    if draw.one_in("two clients", 5) {
        let draw = draw.of("client", 1);
        let work = match draw.below("work", 4) {
            0 => deed(draw, rows),
            1 => {
                Work::Roster(all.into_iter().filter(|place| draw.of("has", *place).one_in("it", 2)).collect())
            }
            _ => Work::Roster(all),
        };
        let starts =
            Duration::from_millis(u64::from(draw.pick("starts", &[0_u32, 0, 50, 700, 5_000, 30_000])));
        clients.push(ClientPlan { work, starts, cut: draw.cut() });
    }
    clients
}

/// Something that is done to one user, and to whom.
fn deed(draw: Draw, rows: &[RowPlan]) -> Work {
    let draw = draw.of("deed", 0);
    let deed = Deed::draw(draw);
    let target = if draw.one_in("in vain", 12) {
        Target::Human(1 + draw.below("which human", 5))
    } else {
        Target::Row(draw.below("which row", u32::try_from(rows.len()).unwrap_or(1)) as usize)
    };
    Work::Deed { target, deed }
}

/// What others do meanwhile.
fn interventions(draw: Draw, rows: &[RowPlan]) -> Vec<Intervention> {
    let count = match draw.below("interventions", 8) {
        0..5 => 0,
        5 | 6 => 1 + draw.below("few acts", 2),
        _ => 3 + draw.below("many acts", 4),
    };
    let span = 20 * u32::try_from(rows.len()).unwrap_or(1);
    let mut all: Vec<Intervention> = (0..count as usize)
        .map(|number| {
            let draw = draw.of("act", number);
            Intervention { when: draw.below("when", span), act: Act::draw(draw, rows.len()) }
        })
        .collect();
    all.sort_by_key(|one| one.when);
    all
}

/// The agent user that a deed begins with, where its row plans none.
fn begin_with(scenario: &mut Scenario) {
    let draw = Draw::new(scenario.seed).of("target", 0);
    for client in &scenario.clients {
        let Work::Deed { target: Target::Row(place), deed } = &client.work else { continue };
        if let Some(row) = scenario.rows.get_mut(*place)
            && row.before.is_none()
        {
            row.parent = Parent::Usable;
            row.before = Some(Before::full(draw, deed.is_of_bin() != draw.one_in("not there", 16)));
        }
    }
}
