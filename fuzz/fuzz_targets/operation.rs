//! Operations whose answers are not what a server should give.
//!
//! The input is an operation as JSON, then after each line `===` what comes of the next request: an answer, or one word
//! of [`Comes`]. When these are used up, a simulated tenant answers.
#![no_main]

use agentuser_core::Now;
use agentuser_core::http::Request;
use agentuser_core::json::{self, Item, OperationRequest, Output};
use agentuser_core::operation::{
    Accepted, Answer, Event, Limits, Loss, Outgoing, RequestId, Sent, Session, Settings, Step, TokenTag,
};
use agentuser_core::problem::{Code, Problem};
use agentuser_fuzz::{TOKEN, check_origin, check_problem};
use agentuser_simulator::{Faults, Host, Network, Polled, Progress, Task, Tenant, World, tenant};
use serde_json::Value;
use std::convert::Infallible;
use std::sync::LazyLock;
use std::time::Duration;

/// More polls than any run of so few answers may take.
const MOST_POLLS: u32 = 20_000;

/// A roster for operations that take one: a manager of another row, a license, a sponsor.
const ROSTER: &[u8] = include_bytes!("../seeds/roster_csv/three-rows.csv");

static CONTOSO: LazyLock<Network> =
    LazyLock::new(|| Network::new(Tenant::contoso(4).build(), Faults::none()));

/// The outcome of a request.
enum Comes {
    /// `real`: the tenant's answer.
    Real,
    /// `lost`: the tenant did it, the answer is lost.
    Lost,
    /// `refused`: no connection.
    Refused,
    /// `never`: nothing, until it is given up.
    Never,
    /// `large`: more than the host takes.
    Large,
    /// `unsigned`: no token for it.
    Unsigned,
    /// `cancel`: it is cancelled, then the tenant answers.
    Cancel,
    /// An answer.
    Answer(agentuser_core::http::Response),
}

impl Comes {
    fn parse(part: &[u8]) -> Self {
        match part.trim_ascii() {
            b"lost" => Self::Lost,
            b"refused" => Self::Refused,
            b"never" => Self::Never,
            b"large" => Self::Large,
            b"unsigned" => Self::Unsigned,
            b"cancel" => Self::Cancel,
            _ => agentuser_fuzz::response(part).map_or(Self::Real, |(_, response)| Self::Answer(response)),
        }
    }
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let parts = agentuser_fuzz::parts(input);
    let Ok(request) = OperationRequest::parse(parts[0], ROSTER.to_vec()) else { return };
    // An answer may be one to a batch or to a single request: both are tried.
    let batch = if parts.len().is_multiple_of(2) { Limits::default().batch } else { 1 };
    let settings = Settings::new(agentuser_core::graph::Cloud::Global.into());
    let limits = Limits { in_flight: 3, batch, ..Limits::default() };
    let session = Session::new(settings.clone()).with_limits(limits);
    let operation = json::start(&session, 0, request);
    let script = parts[1..].iter().rev().map(|part| Comes::parse(part)).collect();
    let mut world = World::new(CONTOSO.clone(), tenant::ADMIN);
    let mut host = Scripted { task: Task::new(operation), settings, script };
    let Ok(progress) = world.drive(&mut host);
    assert_eq!(progress, Progress::Over, "it waits for an answer that will not come");
    let stats = world.network().directory().stats();
    assert!(stats.created_per_parent.values().all(|times| *times == 1), "created twice");
    if only_reads(parts[0]) {
        assert_eq!(stats.writes, 0, "a read or a rehearsal has written");
    }
});

/// Whether it must not change anything.
fn only_reads(operation: &[u8]) -> bool {
    let operation: Value = serde_json::from_slice(operation).expect("it was read before");
    let name = operation["operation"].as_str().unwrap_or_default();
    let reads = [
        "verifyParent",
        "verifiedDomains",
        "get",
        "findByParent",
        "list",
        "listDeleted",
        "manager",
        "sponsors",
        "skus",
        "waitReady",
        "plan",
        "planRoster",
        "permissions",
        "waitPermission",
    ];
    operation["dryRun"] == true || reads.contains(&name)
}

struct Scripted {
    task: Task<Item, Output>,
    settings: Settings,
    /// The outcomes of the next requests; the next is last.
    script: Vec<Comes>,
}

impl Scripted {
    /// Checks what a host shows of a step.
    fn show(&self, step: Step<Item, Output>) {
        let (text, _) = json::step_json(step);
        let said = agentuser_fuzz::json(&text);
        // An agent user is shown as it is; nothing else repeats what a server said.
        assert!(!text.contains(TOKEN), "the token is in {said}");
    }

    /// The answer to a request; none when nothing ever arrives.
    fn answers(&mut self, world: &mut World, request: &Request) -> Option<Answer> {
        let now = world.now();
        let mut tenant = || world.network_mut().directory_mut().handle(now, Some(tenant::ADMIN), request);
        let response = match self.script.pop().unwrap_or(Comes::Real) {
            Comes::Answer(response) => response,
            Comes::Real | Comes::Cancel => tenant(),
            Comes::Lost => {
                tenant();
                return Some(Answer::Lost { sent: Sent::Maybe, why: Loss::Broken("reset".to_owned()) });
            }
            Comes::Refused => {
                return Some(Answer::Lost { sent: Sent::No, why: Loss::Unreachable("refused".to_owned()) });
            }
            Comes::Large => return Some(Answer::Lost { sent: Sent::Maybe, why: Loss::TooLarge }),
            Comes::Unsigned => {
                return Some(Answer::NoToken(Problem::new(Code::TokenMissing, "nobody signed in")));
            }
            Comes::Never => return None,
        };
        Some(Answer::Response { response, token: TokenTag(1) })
    }
}

impl Host for Scripted {
    type Item = Item;
    type End = Output;
    type Stop = Infallible;

    fn tasks(&mut self) -> impl Iterator<Item = &mut Task<Item, Output>> {
        std::iter::once(&mut self.task)
    }

    fn poll(&mut self, now: Now, _: usize) -> Polled<Self> {
        assert!(self.task.polls() < MOST_POLLS, "no end after {MOST_POLLS} polls");
        let step = self.task.poll(now);
        if let Some(Step::Wait(Some(until))) = step {
            assert!(until > now.mono, "a wait for what is past");
        }
        if let Some(Step::Done(_)) = step {
            let late = Answer::Lost { sent: Sent::No, why: Loss::TimedOut };
            assert_eq!(self.task.answer(RequestId::from_number(1), late), Accepted::Ignored);
            assert!(
                matches!(self.task.poll(now), Some(Step::Done(Err(_)))),
                "there is something after the end"
            );
        }
        Ok(step)
    }

    fn sent(&mut self, world: &mut World, place: usize, outgoing: Outgoing) -> Result<(), Infallible> {
        check_origin(&self.settings.graph_endpoint, &outgoing.request.url);
        if let Some(Comes::Cancel) = self.script.last() {
            self.task.cancel(world.now().mono);
        }
        if let Some(answer) = self.answers(world, &outgoing.request) {
            world.reply(place, outgoing.id, answer, Duration::ZERO);
        }
        self.show(Step::Send(vec![outgoing]));
        Ok(())
    }

    fn aborted(&mut self, _: Now, _: usize, ids: Vec<RequestId>) -> Result<(), Infallible> {
        self.show(Step::Abort(ids));
        Ok(())
    }

    fn item(&mut self, _: Now, _: usize, item: Item) -> Result<(), Infallible> {
        self.show(Step::Item(item));
        Ok(())
    }

    fn event(&mut self, _: Now, _: usize, event: Event) -> Result<(), Infallible> {
        self.show(Step::Event(event));
        Ok(())
    }

    fn ended(&mut self, _: Now, _: usize, result: Result<Output, Problem>) -> Result<(), Infallible> {
        if let Err(problem) = &result {
            check_problem(problem);
            assert!(problem.code() != Code::Internal, "{problem:?}");
        }
        self.show(Step::Done(result));
        Ok(())
    }
}
