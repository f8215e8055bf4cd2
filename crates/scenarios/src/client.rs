//! One client at work: its operation, and notes of every request and answer, which the invariants are held against.

use crate::endless_lists::EndlessLists;
use crate::learned::{Learned, Open, OpenPart, challenge};
use crate::mutation::Mutation;
use crate::parts::{self, Part};
use crate::rate_oracle::{Answered, Ask, RateOracle};
use crate::recorded::Recorded;
use crate::request::{body_text, created_parent, looked_for};
use crate::scenario::{Scenario, Target, Work};
use crate::trace::seconds;
use crate::violation::{Invariant, Violation, require};
use agentuser_core::ObjectId;
use agentuser_core::flow::{
    self, ApplyRequest, ContainRequest, ContainTarget, PlanRequest, Readiness, Report, Summary,
};
use agentuser_core::graph::{Cloud, Endpoint};
use agentuser_core::http::{Method, Request};
use agentuser_core::model::UserRef;
use agentuser_core::operation::{
    Accepted, Answer, Items, Operation, Outgoing, Recording, RejectedToken, RequestId, Session, Settings,
};
use agentuser_core::problem::Problem;
use agentuser_core::roster::Roster;
use agentuser_simulator::{Interruption, Task};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

/// A part of every token, and of nothing else: it looks like a JWT, as Entra's tokens do.
pub(crate) const SECRET: &str = "eyJ0eXAiOiJKV1QifQ.c2VjcmV0IG1hcmtlcg";

/// More polls than any operation takes that is right.
const MOST_POLLS: u32 = 300_000;

/// How long nothing may be answered to a client that gives up after two minutes. A pause between two requests that are lost
/// begins the two minutes anew.
const LONGEST_SILENCE: Duration = Duration::from_secs(10 * 60);

/// How many pages in a row may bring nothing new.
const MOST_EMPTY_PAGES: usize = 20;

/// The result of an operation.
#[derive(Debug)]
pub(crate) enum ClientResult {
    Roster(Summary),
    One(Report),
    /// The result of a plan that was made and applied.
    Planned(Summary),
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

/// Settings, quotas and waits that clients have in common.
#[derive(Clone)]
pub(crate) struct ClientContext {
    session: Session,
    pub(crate) oracle: Rc<RefCell<RateOracle>>,
}

impl ClientContext {
    /// A context for one of so many clients that share the quotas.
    pub(crate) fn new(scenario: &Scenario, among: u32) -> Self {
        let mut settings = Settings::new(Endpoint::from(Cloud::Global));
        // On a network that loses every second answer, provisioning takes longer than the usual timeout.
        settings.provision_timeout = Duration::from_secs(12 * 3600);
        settings.retry.first_contact_tries = settings.retry.tries;
        settings.cleanup_timeout = scenario.cleanup_timeout;
        settings.max_empty_pages = MOST_EMPTY_PAGES;
        if !scenario.gives_up {
            settings.outage_timeout = Duration::from_secs(24 * 3600);
        }
        let known = scenario.quotas.filter(|quotas| quotas.known);
        if let Some(quotas) = known {
            settings.quotas.writes = quotas.writes;
            settings.quotas.units = Some(quotas.units);
            settings.quotas.shards = among;
        }
        let oracle =
            RateOracle::new(known.map(|quotas| [quotas.writes, quotas.units].map(|quota| quota / among)));
        let session = Session::new(settings).with_limits(scenario.limits);
        Self { session, oracle: Rc::new(RefCell::new(oracle)) }
    }
}

/// A client, from the start of its operation to its end.
pub(crate) struct Client {
    pub(crate) name: char,
    pub(crate) work: Work,
    pub(crate) roster: Roster,
    pub(crate) dry_run: bool,
    pub(crate) task: Task<Report, ClientResult>,
    pub(crate) started: Duration,
    /// How long its operation may take.
    pub(crate) timeout: Option<Duration>,
    /// The number of the token that it attaches.
    pub(crate) token: u64,
    pub(crate) items: Vec<Report>,
    pub(crate) result: Option<Result<ClientResult, Problem>>,
    pub(crate) writes: Vec<Write>,
    pub(crate) recorded: Recorded,
    most_requests: u32,
    in_flight: usize,
    open: BTreeMap<RequestId, Open>,
    pub(crate) oracle: Rc<RefCell<RateOracle>>,
    /// The refusals of each token, by its number: the claims that each challenge asked for.
    refusals: BTreeMap<u64, BTreeSet<Option<String>>>,
    lists: EndlessLists,
    /// When the first request left that was not answered since.
    unanswered: Option<Duration>,
    /// Parents of creates that may have taken place.
    unknown: BTreeSet<ObjectId>,
    /// The same, and they stay here when the client has looked for the agent user since.
    pub(crate) lost_creates: BTreeSet<ObjectId>,
}

impl Client {
    /// A client that starts at that moment.
    pub(crate) fn new(
        scenario: &Scenario,
        name: char,
        work: &Work,
        (interruption, dry_run, timeout): (Interruption, bool, Option<Duration>),
        started: Duration,
        context: &ClientContext,
        whole: &Roster,
    ) -> Result<Self, Problem> {
        let roster = Scenario::roster(whole, work)?;
        let target = match work {
            Work::Mutation { target, .. } => scenario.target(*target),
            _ => scenario.target(Target::Human(0)),
        };
        let mut operation = start(&context.session, scenario, work, roster.clone(), target, dry_run);
        if let Some(timeout) = timeout {
            operation.set_timeout(timeout);
        }
        operation.set_recording(Recording { requests: true, changes: true, reason: None });
        let rows = u32::try_from(roster.rows().len()).unwrap_or(u32::MAX);
        Ok(Self {
            name,
            work: work.clone(),
            roster,
            dry_run,
            task: Task::new(operation).starts_at(started).interrupted(interruption),
            started,
            timeout,
            token: 1,
            items: Vec::new(),
            result: None,
            writes: Vec::new(),
            recorded: Recorded::default(),
            most_requests: 600 * (rows + 1),
            in_flight: scenario.limits.in_flight,
            open: BTreeMap::new(),
            oracle: Rc::clone(&context.oracle),
            refusals: BTreeMap::new(),
            lists: EndlessLists::default(),
            unanswered: None,
            unknown: BTreeSet::new(),
            lost_creates: BTreeSet::new(),
        })
    }

    /// The text of the token that it attaches.
    pub(crate) fn secret(&self) -> String {
        format!("{SECRET}.{}{}", self.name, self.token)
    }

    /// When it was cancelled.
    pub(crate) const fn cancelled(&self) -> Option<Duration> {
        self.task.cancelled_at()
    }

    /// When it must have stopped: it was cancelled, or its time is over.
    pub(crate) fn stopped(&self) -> Option<Duration> {
        let late = self.timeout.map(|timeout| self.started.saturating_add(timeout));
        self.cancelled().into_iter().chain(late).min()
    }

    /// Fails a client that has gone on for long although nothing was answered.
    pub(crate) fn gave_up_in_time(&self, now: Duration) -> Result<(), Violation> {
        let silent = self.unanswered.map_or(Duration::ZERO, |since| now.saturating_sub(since));
        require(silent <= LONGEST_SILENCE, Invariant::Ends, || {
            format!("client {} has not been answered for {}", self.name, seconds(silent))
        })
    }

    /// Fails a client that polls without end.
    pub(crate) fn may_be_polled(&self) -> Result<(), Violation> {
        require(self.task.polls() < MOST_POLLS, Invariant::Bounded, || {
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
        require(self.task.sent() < self.most_requests, Invariant::Bounded, || {
            format!("{} is the {}th request", what(), self.task.sent())
        })?;
        let rejected = outgoing.rejected_token.as_ref();
        let was_refused = |rejected: &RejectedToken| {
            self.refusals.get(&rejected.tag.0).is_some_and(|refusals| refusals.contains(&rejected.claims))
        };
        require(rejected.is_none_or(was_refused), Invariant::ClaimsPassedOn, || {
            format!("{}: {rejected:?} is none of {:?}", what(), self.refusals)
        })?;
        self.recorded.sends(outgoing, parts)?;
        let batch = parts::is_batch(&outgoing.request);
        let parts = parts.iter().map(|part| self.sends_part(now, part)).collect::<Result<_, _>>()?;
        self.open.insert(outgoing.id, Open { batch, parts });
        self.unanswered.get_or_insert(now);
        Ok(())
    }

    fn sends_part(&self, now: Duration, part: &Part<'_>) -> Result<OpenPart, Violation> {
        let request = part.request.as_ref();
        let write = request.method != Method::Get;
        let what = || format!("client {}: {} {}", self.name, request.method, request.url);
        let number = self.oracle.borrow_mut().leaves(now, (write, self.name), what)?;
        let creates = created_parent(request);
        require(
            creates.is_none_or(|parent| !self.unknown.contains(&parent)),
            Invariant::NoBlindCreate,
            || format!("{} again, and nobody looked: {}", what(), body_text(request)),
        )?;
        require(!(self.dry_run && write), Invariant::DryRunWritesNothing, what)?;
        self.lists.may_ask_for(&request.url).map_err(|why| Violation {
            invariant: Invariant::ListsEnd,
            what: format!("{}: {why}", what()),
        })?;
        let page = EndlessLists::page(&request.url).map(str::to_owned);
        let looks_for = if write { None } else { looked_for(&request.url) };
        Ok(OpenPart { id: part.id.clone(), number, write, creates, looks_for, page })
    }

    /// Whether it still waits for the answer to a request.
    pub(crate) fn waits_for(&self, id: RequestId) -> bool {
        !self.task.is_over() && self.open.contains_key(&id)
    }

    /// Notes that the operation no longer waits for these answers: their requests may have taken place.
    pub(crate) fn aborts(&mut self, ids: &[RequestId]) {
        self.recorded.aborted(ids);
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
    pub(crate) fn answer(&mut self, now: Duration, id: RequestId, answer: Answer) -> Accepted {
        let learned = self.open.get(&id).map(|open| open.learn(&answer)).unwrap_or_default();
        let status = match &answer {
            Answer::Response { response, token } => {
                if response.status == 401 {
                    self.refusals.entry(token.0).or_default().insert(challenge(response));
                }
                self.unanswered = None;
                Some(response.status)
            }
            _ => None,
        };
        let accepted = self.task.answer(id, answer);
        if accepted == Accepted::Used {
            self.recorded.answered(id, status, &learned);
        }
        if accepted == Accepted::Used
            && let Some(open) = self.open.remove(&id)
        {
            self.learn(now, open, learned);
        }
        accepted
    }

    fn learn(&mut self, now: Duration, open: Open, learned: Vec<Learned>) {
        let mut answers = Vec::with_capacity(learned.len());
        for (part, learned) in open.parts.into_iter().zip(learned) {
            if learned.unknown {
                self.loses(part.creates);
            }
            if learned.good {
                if let Some(parent) = part.looks_for {
                    self.unknown.remove(&parent);
                }
                self.lists.reads(part.page);
            }
            let ask = Ask::of(&learned, part.write, now);
            answers.push(Answered { number: part.number, write: part.write, taken: learned.taken, ask });
        }
        self.oracle.borrow_mut().learn(now, self.name, &answers);
    }
}

fn start(
    session: &Session,
    scenario: &Scenario,
    work: &Work,
    roster: Roster,
    target: ObjectId,
    dry_run: bool,
) -> Operation<Report, ClientResult> {
    let seed = scenario.seed;
    match work {
        Work::Roster(_) => session.start(seed, move |graph, items: Items<Report>| async move {
            flow::apply_rows(graph, roster, Readiness::NONE, dry_run, items).await.map(ClientResult::Roster)
        }),
        Work::Provision { ready, .. } => {
            let readiness = if *ready { Readiness::MAILBOX_AND_TEAMS } else { Readiness::NONE };
            let wanted = roster.rows().first().map(|row| row.wanted().clone());
            session.start(seed, move |graph, _: Items<Report>| async move {
                let wanted = wanted.ok_or_else(no_row)?;
                flow::provision(graph.with_batches(), wanted, readiness, dry_run).await.map(ClientResult::One)
            })
        }
        Work::Mutation { mutation: Mutation::Contain, .. } => {
            session.start(seed, move |graph, items: Items<Report>| async move {
                let named = ContainTarget::User(UserRef::Id(target));
                let request = ContainRequest { dry_run, ..ContainRequest::new(named) };
                flow::contain(graph, request, items).await.map(ClientResult::Planned)
            })
        }
        Work::Mutation { mutation, planned: true, .. } => {
            let arguments = mutation.arguments();
            session.start(seed, move |graph, items: Items<Report>| async move {
                let users = vec![UserRef::Id(target)];
                let request = PlanRequest { arguments: arguments.ok_or_else(no_row)?, users };
                let plan = flow::plan(graph.clone(), request, items.clone()).await?;
                let request = ApplyRequest { dry_run, ..ApplyRequest::approved(plan.digest()) };
                let file = plan.to_file().into_bytes();
                flow::apply_plan(graph, file, request, items).await.map(ClientResult::Planned)
            })
        }
        Work::Mutation { mutation, .. } => {
            let mutation = mutation.clone();
            session.start(seed, move |graph, _: Items<Report>| async move {
                mutation.flow(graph.with_batches(), target, dry_run).await.map(ClientResult::One)
            })
        }
    }
}

fn no_row() -> Problem {
    Problem::new(agentuser_core::problem::Code::Internal, "The scenario has no such row.")
}
