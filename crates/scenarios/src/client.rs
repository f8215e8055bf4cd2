//! One client at work: its operation, and what is noted of every request and answer to hold it against the invariants.

use crate::ledger::{Ask, Ledger, Told};
use crate::parts::{self, Came, Part};
use crate::scenario::{Cut, Scenario, Target, Work};
use crate::violation::{Invariant, Violation, require};
use agentuser_core::ObjectId;
use agentuser_core::flow::{self, Readiness, Report, Summary};
use agentuser_core::graph::{Cloud, Root};
use agentuser_core::http::{Headers, Method, Request, Response};
use agentuser_core::operation::{
    Accepted, Answer, Items, Operation, Outgoing, RequestId, Sent, Session, Settings,
};
use agentuser_core::problem::Problem;
use agentuser_core::roster::Roster;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

/// What every token contains, and nothing else: it looks like a JWT, as Entra's do.
pub(crate) const SECRET: &str = "eyJ0eXAiOiJKV1QifQ.c2VjcmV0IG1hcmtlcg";

/// More polls of one operation than any sane one takes.
const MOST_POLLS: u32 = 300_000;

/// What an operation ends with.
#[derive(Debug)]
pub(crate) enum Ended {
    Roster(Summary),
    One(Report),
}

/// A write that the directory took part in.
#[derive(Debug, Clone)]
pub(crate) struct Write {
    pub(crate) method: Method,
    pub(crate) template: &'static str,
    pub(crate) object: Option<ObjectId>,
    /// The parent of the object, where it is an agent user.
    pub(crate) parent: Option<ObjectId>,
    pub(crate) accepted: bool,
    pub(crate) changed: bool,
}

/// A request that is under way, alone or with others as one batch.
#[derive(Debug)]
struct Open {
    batch: bool,
    parts: Vec<OpenPart>,
}

#[derive(Debug)]
struct OpenPart {
    /// Its name in the batch.
    id: String,
    /// Which it is of those that left.
    number: u32,
    write: bool,
    /// The parent of the agent user that it creates.
    creates: Option<ObjectId>,
    /// The parent whose agent user it looks for.
    looks_for: Option<ObjectId>,
}

/// Settings, quotas and waits that clients have in common.
#[derive(Clone)]
pub(crate) struct Desk {
    session: Session,
    pub(crate) ledger: Rc<RefCell<Ledger>>,
}

impl Desk {
    /// One of so many that share the quotas.
    pub(crate) fn new(scenario: &Scenario, among: u32) -> Self {
        let mut settings = Settings::new(Root::from(Cloud::Global));
        // Networks that lose every second answer take longer than anybody would wait.
        settings.provision_timeout = Duration::from_secs(12 * 3600);
        settings.retry.first_contact_tries = settings.retry.tries;
        settings.cleanup_timeout = scenario.cleanup_timeout;
        let known = scenario.quotas.filter(|quotas| quotas.known);
        if let Some(quotas) = known {
            settings.quotas.writes = quotas.writes;
            settings.quotas.units = Some(quotas.units);
            settings.quotas.shards = among;
        }
        let ledger =
            Ledger::new(known.map(|quotas| [quotas.writes, quotas.units].map(|quota| quota / among)));
        Self {
            session: Session::new(settings).with_limits(scenario.limits),
            ledger: Rc::new(RefCell::new(ledger)),
        }
    }
}

/// A client, from the start of its operation to its end.
pub(crate) struct Client {
    pub(crate) name: char,
    pub(crate) work: Work,
    pub(crate) roster: Roster,
    pub(crate) dry_run: bool,
    pub(crate) cut: Cut,
    pub(crate) operation: Option<Operation<Report, Ended>>,
    pub(crate) wakes_at: Option<Duration>,
    pub(crate) started: Duration,
    /// When it will be cancelled, and when it was.
    pub(crate) cancels_at: Option<Duration>,
    pub(crate) cancelled: Option<Duration>,
    pub(crate) sent: u32,
    /// The number of the token that it attaches.
    pub(crate) token: u64,
    pub(crate) items: Vec<Report>,
    pub(crate) result: Option<Result<Ended, Problem>>,
    pub(crate) writes: Vec<Write>,
    polls: u32,
    most_requests: u32,
    in_flight: usize,
    open: BTreeMap<RequestId, Open>,
    pub(crate) ledger: Rc<RefCell<Ledger>>,
    /// Parents of creates that may have taken place.
    unknown: BTreeSet<ObjectId>,
    /// The same, whether somebody has looked since or not.
    pub(crate) lost_creates: BTreeSet<ObjectId>,
}

impl Client {
    /// A client that starts at that moment.
    pub(crate) fn new(
        scenario: &Scenario,
        name: char,
        work: &Work,
        (cut, dry_run): (Cut, bool),
        started: Duration,
        desk: &Desk,
    ) -> Result<Self, Problem> {
        let places = match work {
            Work::Roster(places) => places.clone(),
            Work::Provision { row, .. } => vec![*row],
            Work::Deed { .. } => Vec::new(),
        };
        let roster = scenario.roster(&places)?;
        let target = match work {
            Work::Deed { target, .. } => scenario.target(*target),
            _ => scenario.target(Target::Human(0)),
        };
        let operation = start(&desk.session, scenario, work, roster.clone(), target, dry_run);
        let rows = u32::try_from(roster.rows().len()).unwrap_or(u32::MAX);
        Ok(Self {
            name,
            work: work.clone(),
            roster,
            dry_run,
            cut,
            operation: Some(operation),
            wakes_at: Some(started),
            started,
            cancels_at: None,
            cancelled: None,
            sent: 0,
            token: 1,
            items: Vec::new(),
            result: None,
            writes: Vec::new(),
            polls: 0,
            most_requests: 600 * (rows + 1),
            in_flight: scenario.limits.in_flight,
            open: BTreeMap::new(),
            ledger: Rc::clone(&desk.ledger),
            unknown: BTreeSet::new(),
            lost_creates: BTreeSet::new(),
        })
    }

    /// The text of the token that it attaches.
    pub(crate) fn secret(&self) -> String {
        format!("{SECRET}.{}{}", self.name, self.token)
    }

    pub(crate) fn is_over(&self) -> bool {
        self.operation.is_none()
    }

    /// Ends it: with a result, or because it dies.
    pub(crate) fn ends(&mut self, result: Option<Result<Ended, Problem>>) {
        self.operation = None;
        self.wakes_at = None;
        self.cancels_at = None;
        self.result = result;
    }

    /// Counts a poll.
    pub(crate) fn polled(&mut self) -> Result<(), Violation> {
        self.polls += 1;
        require(self.polls < MOST_POLLS, Invariant::Bounded, || {
            format!("client {} polls for ever", self.name)
        })
    }

    /// Notes a request that leaves, with all that it stands for.
    pub(crate) fn sends(
        &mut self,
        now: Duration,
        outgoing: &Outgoing,
        parts: &[Part<'_>],
    ) -> Result<(), Violation> {
        let Request { method, url, .. } = &outgoing.request;
        let what = || format!("client {}: {method} {url}", self.name);
        require(self.open.len() < self.in_flight, Invariant::Bounded, || {
            format!("{} is one more than the {} in flight", what(), self.in_flight)
        })?;
        require(self.sent < self.most_requests, Invariant::Bounded, || {
            format!("{} is the {}th request", what(), self.sent)
        })?;
        let batch = parts::is_batch(&outgoing.request);
        let parts = parts.iter().map(|part| self.sends_part(now, part)).collect::<Result<_, _>>()?;
        self.sent += 1;
        self.open.insert(outgoing.id, Open { batch, parts });
        Ok(())
    }

    fn sends_part(&self, now: Duration, part: &Part<'_>) -> Result<OpenPart, Violation> {
        let request = part.request.as_ref();
        let write = request.method != Method::Get;
        let what = || format!("client {}: {} {}", self.name, request.method, request.url);
        let number = self.ledger.borrow_mut().leaves(now, (write, self.name), what)?;
        let creates = created_parent(request);
        require(
            creates.is_none_or(|parent| !self.unknown.contains(&parent)),
            Invariant::NoBlindCreate,
            || format!("{} again, and nobody looked: {}", what(), body_text(request)),
        )?;
        require(!(self.dry_run && write), Invariant::DryRunWritesNothing, what)?;
        let looks_for = if write { None } else { looked_for(&request.url) };
        Ok(OpenPart { id: part.id.clone(), number, write, creates, looks_for })
    }

    /// Whether it still waits for the answer to a request.
    pub(crate) fn waits_for(&self, id: RequestId) -> bool {
        self.operation.is_some() && self.open.contains_key(&id)
    }

    /// Notes that nobody waits for the answers any more: they may have come too late.
    pub(crate) fn aborts(&mut self, ids: &[RequestId]) {
        let open: Vec<Open> = ids.iter().filter_map(|id| self.open.remove(id)).collect();
        for part in open.into_iter().flat_map(|open| open.parts) {
            self.loses(part.creates);
        }
    }

    fn loses(&mut self, creates: Option<ObjectId>) {
        self.unknown.extend(creates);
        self.lost_creates.extend(creates);
    }

    /// Hands an answer back.
    pub(crate) fn answer(&mut self, now: Duration, id: RequestId, answer: Answer) {
        let Some(operation) = &mut self.operation else { return };
        let learned = self.open.get(&id).map(|open| open.learn(&answer)).unwrap_or_default();
        if operation.answer(id, answer) == Accepted::Ignored {
            return;
        }
        let Some(open) = self.open.remove(&id) else { return };
        self.wakes_at = Some(now);
        let mut told = Vec::with_capacity(learned.len());
        for (part, learned) in open.parts.into_iter().zip(learned) {
            if learned.unknown {
                self.loses(part.creates);
            }
            if learned.good
                && let Some(parent) = part.looks_for
            {
                self.unknown.remove(&parent);
            }
            let until = now.saturating_add(learned.wait);
            let ask = match (learned.throttled, part.write && learned.unknown) {
                (true, _) => Ask::Kind(until),
                // What comes after a write that may have happened waits, too.
                (_, true) => Ask::All(until),
                _ => Ask::Nothing,
            };
            told.push(Told { number: part.number, write: part.write, taken: learned.taken, ask });
        }
        self.ledger.borrow_mut().learn(now, self.name, &told);
    }
}

impl Open {
    /// What an answer means for each part.
    fn learn(&self, answer: &Answer) -> Vec<Learned> {
        match answer {
            Answer::Response { response, .. } if self.batch && response.status < 300 => {
                let came = parts::came(response, self.parts.iter().map(|part| part.id.as_str()));
                came.iter().map(Learned::of_part).collect()
            }
            // Of a batch as such: none of it was run.
            Answer::Response { response, .. }
                if self.batch
                    && matches!(response.status, 400 | 404 | 405 | 413 | 415 | 501)
                    && is_graphs(response) =>
            {
                vec![Learned::default(); self.parts.len()]
            }
            _ => vec![Learned::of(answer); self.parts.len()],
        }
    }
}

/// What an answer means, read without the library.
#[derive(Debug, Clone, Copy, Default)]
struct Learned {
    /// A success whose body is JSON.
    good: bool,
    /// Whether what was asked for took place can't be known.
    unknown: bool,
    throttled: bool,
    /// Whether the server had a place for it; none where that is not known.
    taken: Option<bool>,
    /// How long the server asked to wait.
    wait: Duration,
}

impl Learned {
    fn of(answer: &Answer) -> Self {
        match answer {
            Answer::Response { response, .. } => Self::of_response(response),
            Answer::Lost { sent: Sent::Maybe, .. } => Self { unknown: true, ..Self::default() },
            _ => Self::default(),
        }
    }

    fn of_part(came: &Came) -> Self {
        match came {
            Came::Response(response) => Self::of_response(response),
            Came::NotRun => Self::default(),
            Came::Unknown => Self { unknown: true, ..Self::default() },
        }
    }

    fn of_response(response: &Response) -> Self {
        let json = serde_json::from_slice::<Value>(&response.body).ok();
        Self {
            good: response.status < 300 && json.as_ref().is_some_and(|body| body.get("value").is_some()),
            unknown: match response.status {
                200..300 => json.is_none_or(|body| body.get("id").is_none()),
                // Whoever says so has not let it through.
                401 | 429 => false,
                // A refusal that is not Graph's says nothing of what Graph did.
                400..500 => json.is_none_or(|body| body.get("error").is_none()),
                _ => true,
            },
            throttled: response.status == 429,
            taken: match response.status {
                429 => Some(false),
                408 | 500..600 => response.headers.get("Retry-After").map(|_| false),
                401 => None,
                _ => Some(true),
            },
            wait: asked_wait(response),
        }
    }
}

fn is_graphs(response: &Response) -> bool {
    let json = serde_json::from_slice::<Value>(&response.body);
    json.is_ok_and(|body| body.get("error").is_some_and(Value::is_object))
}

/// The `Retry-After` of an answer: seconds, or a date against the answer's own.
fn asked_wait(response: &Response) -> Duration {
    let header = |headers: &Headers, name: &str| headers.get(name).map(str::to_owned);
    let Some(asked) = header(&response.headers, "Retry-After") else { return Duration::ZERO };
    if let Ok(seconds) = asked.parse() {
        return Duration::from_secs(seconds);
    }
    let date = |text: String| httpdate::parse_http_date(&text).ok();
    let (at, sent) = (date(asked), header(&response.headers, "Date").and_then(date));
    at.zip(sent).and_then(|(at, sent)| at.duration_since(sent).ok()).unwrap_or_default()
}

fn start(
    session: &Session,
    scenario: &Scenario,
    work: &Work,
    roster: Roster,
    target: ObjectId,
    dry_run: bool,
) -> Operation<Report, Ended> {
    let seed = scenario.seed;
    match work {
        Work::Roster(_) => session.start(seed, move |graph, items: Items<Report>| async move {
            flow::apply_rows(graph, roster, Readiness::NONE, dry_run, items).await.map(Ended::Roster)
        }),
        Work::Provision { ready, .. } => {
            let readiness = if *ready { Readiness::ALL } else { Readiness::NONE };
            let wanted = roster.rows().first().map(|row| row.wanted().clone());
            session.start(seed, move |graph, _: Items<Report>| async move {
                let wanted = wanted.ok_or_else(no_row)?;
                flow::provision(graph.with_batches(), wanted, readiness, dry_run).await.map(Ended::One)
            })
        }
        Work::Deed { deed, .. } => {
            let deed = *deed;
            session.start(seed, move |graph, _: Items<Report>| async move {
                deed.flow(graph.with_batches(), target, dry_run).await.map(Ended::One)
            })
        }
    }
}

fn no_row() -> Problem {
    Problem::new(agentuser_core::problem::Code::Internal, "The scenario has no such row.")
}

/// The body of a request as JSON.
pub(crate) fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap_or_default()
}

pub(crate) fn body_text(request: &Request) -> String {
    String::from_utf8_lossy(&request.body).into_owned()
}

/// The parent of the agent user that a request creates.
pub(crate) fn created_parent(request: &Request) -> Option<ObjectId> {
    if request.method != Method::Post || !request.url.ends_with("/users/microsoft.graph.agentUser") {
        return None;
    }
    body(request).get("identityParentId")?.as_str()?.parse().ok()
}

/// The parent whose agent user a request looks for.
fn looked_for(url: &str) -> Option<ObjectId> {
    let (_, filter) = url.split_once("identityParentId%20eq%20")?;
    let id: String = filter.trim_start_matches("%27").trim_start_matches('\'').chars().take(36).collect();
    id.parse().ok()
}

/// The first object id in the path of a request.
pub(crate) fn object_of(url: &str) -> Option<ObjectId> {
    url.split('?').next()?.split('/').find_map(|part| part.parse().ok())
}
