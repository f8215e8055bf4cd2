//! Operations whose answers are not what a server should give.
//!
//! The input is an operation as JSON, then after each line `===` what comes of the next request: an answer, or one word
//! of [`Comes`]. When these are used up, a simulated tenant answers.
#![no_main]

use agentuser_core::Now;
use agentuser_core::http::Request;
use agentuser_core::json::{self, OperationRequest};
use agentuser_core::operation::{Answer, Limits, Loss, RequestId, Sent, Session, Settings, Step, TokenTag};
use agentuser_core::problem::{Code, Problem};
use agentuser_fuzz::{TOKEN, check_origin, check_problem};
use agentuser_simulator::{Directory, Tenant, tenant};
use serde_json::Value;
use std::sync::LazyLock;

/// More polls than any run of so few answers may take.
const MOST_POLLS: usize = 20_000;

/// A roster for operations that take one: a manager of another row, a license, a sponsor.
const ROSTER: &[u8] = include_bytes!("../seeds/roster_csv/three-rows.csv");

static CONTOSO: LazyLock<Directory> = LazyLock::new(|| Tenant::contoso(4).build());

/// What comes of a request.
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
    let mut run = Run {
        directory: CONTOSO.clone(),
        // What comes first is last.
        script: parts[1..].iter().rev().map(|part| Comes::parse(part)).collect(),
        session: Session::new(Settings::new(agentuser_core::graph::Cloud::Global.into())),
        now: Now { mono: std::time::Duration::ZERO, unix_ms: 1_780_272_000_000 },
    };
    // What comes of a request may come of a batch: both are tried.
    let batch = if parts.len().is_multiple_of(2) { Limits::default().batch } else { 1 };
    run.drive(request, batch);
    let stats = run.directory.stats();
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
    ];
    operation["dryRun"] == true || reads.contains(&name)
}

struct Run {
    directory: Directory,
    script: Vec<Comes>,
    session: Session,
    now: Now,
}

impl Run {
    fn drive(&mut self, request: OperationRequest, batch: usize) {
        let limits = Limits { in_flight: 3, batch, ..Limits::default() };
        let mut operation = json::start(&self.session, limits, request);
        for _ in 0..MOST_POLLS {
            let step = operation.poll(self.now);
            match &step {
                Step::Send(requests) => {
                    for one in requests {
                        check_origin(&self.session.settings().root, &one.request.url);
                        if let Some(Comes::Cancel) = self.script.last() {
                            operation.canceller().cancel();
                        }
                        if let Some(answer) = self.answer(&one.request) {
                            operation.answer(one.id, answer);
                        }
                    }
                }
                Step::Wait(Some(until)) => {
                    assert!(*until > self.now.mono, "a wait for what is past");
                    self.now = self.now.later(*until - self.now.mono);
                }
                Step::Wait(None) => panic!("it waits for an answer that will not come"),
                Step::Done(Err(problem)) => {
                    check_problem(problem);
                    assert!(problem.code() != Code::Internal, "{problem:?}");
                }
                Step::Item(_) | Step::Abort(_) | Step::Event(_) | Step::Done(Ok(_)) => {}
            }
            let done = matches!(step, Step::Done(_));
            let (text, _) = json::step_json(step);
            let said = agentuser_fuzz::json(&text);
            // An agent user is shown as it is; nothing else repeats what a server said.
            assert!(!text.contains(TOKEN), "the token is in {said}");
            if done {
                operation
                    .answer(RequestId::from_number(1), Answer::Lost { sent: Sent::No, why: Loss::TimedOut });
                assert!(
                    matches!(operation.poll(self.now), Step::Done(Err(_))),
                    "there is something after the end"
                );
                return;
            }
        }
        panic!("no end after {MOST_POLLS} polls");
    }

    fn answer(&mut self, request: &Request) -> Option<Answer> {
        let comes = self.script.pop().unwrap_or(Comes::Real);
        let response = match comes {
            Comes::Answer(response) => response,
            Comes::Real | Comes::Cancel => self.directory.handle(self.now, Some(tenant::ADMIN), request),
            Comes::Lost => {
                self.directory.handle(self.now, Some(tenant::ADMIN), request);
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
