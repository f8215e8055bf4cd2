//! Simulation: seeds × faults × switches over every flow that changes one agent user, on a virtual clock.
//!
//! A failing seed is printed. `AGENTUSER_SEEDS=17..18 cargo test -p agentuser-sim --test flow_simulation -- --nocapture`
//! replays it, request by request.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod common;

use agentuser_core::ObjectId;
use agentuser_core::flow::{Outcome, Report};
use agentuser_core::model::{Member, MemberValue};
use agentuser_core::operation::{Items, Limits};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::retry::mix;
use agentuser_sim::{Cut, Faults, Lag, Life, Network, Ran, Switches, Token, World, ids};
use common::{Deed, Draw, populated};
use serde_json::Value;
use std::time::Duration;

/// A text that no report, event, item or error may hold.
const SECRET: &str = "eyJ-marker-token";

/// The agent user it is about: the first three have all, nothing, and a place in the recycle bin.
fn deed(draw: &Draw) -> (ObjectId, Deed) {
    let one = ids::agent_user(1 + draw.below("user", 2) as u32);
    let binned = ids::agent_user(3);
    let human = || ids::human(1 + draw.below("human", 5) as u32);
    match draw.below("deed", 13) {
        0 => (one, Deed::job_title("Clerk")),
        1 => (
            one,
            Deed::update([
                (Member::JobTitle, MemberValue::Null),
                (Member::AccountEnabled, MemberValue::Flag(false)),
            ]),
        ),
        2 => (one, Deed::update([(Member::City, MemberValue::Text("Zürich".to_owned()))])),
        3 => (one, Deed::Delete),
        4 => (binned, Deed::Restore),
        5 => (binned, Deed::Purge),
        6 => (
            one,
            Deed::SetManager(["human1@contoso.com", "human2@contoso.com"][draw.below("who", 2) as usize]),
        ),
        7 => (one, Deed::ClearManager),
        8 => (
            one,
            Deed::AddSponsor(["human2@contoso.com", "human3@contoso.com"][draw.below("who", 2) as usize]),
        ),
        9 => (one, Deed::RemoveSponsor("human2@contoso.com")),
        10 => (one, Deed::AddLicense(["AGENT_365", "agent_messaging"][draw.below("which", 2) as usize])),
        11 => (one, Deed::RemoveLicense("AGENT_365")),
        // A human in the directory, or in the bin.
        _ => match draw.below("in vain", 5) {
            0 => (human(), Deed::Delete),
            1 => (ids::human(5), Deed::Restore),
            2 => (ids::human(5), Deed::Purge),
            3 => (human(), Deed::ClearManager),
            _ => (human(), Deed::job_title("Clerk")),
        },
    }
}

/// The one problem that must come, whatever the network does; none when it can be done.
fn expected(world: &World, id: ObjectId, deed: &Deed) -> Option<Code> {
    let directory = world.network().directory();
    let user = directory.find_user(id).unwrap();
    let of_bin = matches!(deed, Deed::Restore | Deed::Purge);
    let there = if of_bin { user.life.is_deleted() } else { user.life.is_live() };
    match () {
        () if !there => Some(Code::NotFound),
        () if !user.is_agent() => Some(Code::NotAnAgentUser),
        () if *deed == Deed::Purge && directory.switches().permanent_delete_refused_to_apps => {
            Some(Code::PermissionMissing)
        }
        () => None,
    }
}

/// Everyone but the one it is about.
fn bystanders(world: &World, id: ObjectId) -> Vec<Value> {
    let snapshot = world.network().directory().snapshot();
    let own = Value::from(id.to_string());
    let users = snapshot["users"].as_array().unwrap().iter().filter(|user| user["id"] != own);
    users.chain(snapshot["servicePrincipals"].as_array().unwrap()).cloned().collect()
}

fn require(truth: bool, what: &str, ran: &Ran<(), Report>) {
    assert!(truth, "{what}\n{:#?}\n{:#?}", ran.result, ran.sent);
}

struct Case {
    world: World,
    id: ObjectId,
    deed: Deed,
    before: Vec<Value>,
    trace: Vec<String>,
}

impl Case {
    fn run(&mut self, seed: u64, cut: Cut) -> Ran<(), Report> {
        let (id, deed) = (self.id, self.deed.clone());
        let limits = Limits { seed, ..Limits::default() };
        let mut operation =
            common::session().start(limits, move |graph, _: Items<()>| deed.flow(graph, id, false));
        let ran = self.world.run_until(&mut operation, cut);
        self.trace.extend(ran.sent.iter().map(|(at, request)| format!("{at:?} {request:?}")));
        self.always(&ran);
        ran
    }

    /// What must hold after every run, come what may.
    fn always(&self, ran: &Ran<(), Report>) {
        require(!format!("{ran:?}").contains(SECRET), "a token is in the open", ran);
        require(self.world.network().leaks().is_empty(), "a token went to another origin", ran);
        require(self.world.network().directory().duplicates().is_empty(), "a duplicate", ran);
        require(bystanders(&self.world, self.id) == self.before, "somebody else was changed", ran);
        match &ran.result {
            Some(Err(problem)) => require(problem.code() != Code::Internal, "an internal problem", ran),
            Some(Ok(report)) if report.outcome == Outcome::Changed => {
                require(self.deed.is_so(&self.world, self.id), "it is not done, but reported so", ran);
            }
            _ => {}
        }
    }
}

fn check(seed: u64) -> Vec<String> {
    let draw = Draw(mix(&[seed, 7]));
    let switches = Switches::from_seed(mix(&[seed, 1]));
    let lag = Lag::seeded(mix(&[seed, 2]), Duration::from_secs(draw.below("lag", 45)))
        .replicas(1 + draw.below("replicas", 3) as u16);
    let tenant = populated().seed(seed).switches(switches).lag(lag).token(SECRET, Token::everything());
    let faults = [0, 50, 150, 300][draw.below("faults", 4) as usize];
    let network = Network::new(tenant.build(), Faults::seeded(mix(&[seed, 3]), faults));
    let world = World::new(network, &format!("Bearer {SECRET}"));
    let (id, deed) = deed(&draw);
    let expected_first = expected(&world, id, &deed);
    let was_so = world.network().directory().find_user(id).unwrap().is_agent() && deed.is_so(&world, id);
    let before = bystanders(&world, id);
    let mut case = Case { world, id, deed, before, trace: Vec::new() };

    let mut cut = Cut::default();
    match draw.below("cut", 6) {
        0 => cut.die_after = Some(draw.below("die", 8) as usize),
        1 => cut.cancel_after = Some(draw.below("cancel", 8) as usize),
        _ => {}
    }
    let first = case.run(seed, cut);
    let stats = case.world.network().directory().stats();
    let faults: u64 = case.world.network().counts().faults.values().sum();
    require(stats.writes_without_change <= faults, "a write without need", &first);
    match &first.result {
        None => require(cut.die_after.is_some(), "nothing but death ends a run without a result", &first),
        Some(Ok(report)) => {
            require(expected_first.is_none(), "it can't have worked", &first);
            let outcome = if was_so { Outcome::Unchanged } else { Outcome::Changed };
            require(report.outcome == outcome, "how it ended", &first);
        }
        Some(Err(problem)) => {
            // A network that swallows every try of a write can't be seen through.
            let stopped = cut.cancel_after.is_some()
                && matches!(problem.code(), Code::Cancelled | Code::OutcomeUnknown);
            let code = problem.code();
            require(stopped || Some(code) == expected_first, &format!("expected {expected_first:?}"), &first);
        }
    }

    // Run again after the lag, without faults: it finishes what is left.
    case.world.network_mut().set_faults(Faults::none());
    case.world.pass(Duration::from_secs(600));
    for (round, seed) in [(2, seed + 1), (3, seed + 2)] {
        let expected = expected(&case.world, case.id, &case.deed);
        let was_so = expected.is_none() && case.deed.is_so(&case.world, case.id);
        let writes = case.world.network().directory().stats().writes;
        let ran = case.run(seed, Cut::default());
        case.world.pass(Duration::from_secs(600));
        let result = ran.result.as_ref().unwrap().as_ref();
        require(
            result.err().map(Problem::code) == expected,
            &format!("run {round}: expected {expected:?}"),
            &ran,
        );
        if let Ok(report) = result {
            let outcome = if was_so { Outcome::Unchanged } else { Outcome::Changed };
            require(report.outcome == outcome, "how a run again ended", &ran);
            require(round == 2 || was_so, "something was left to do", &ran);
        }
        let wrote = case.world.network().directory().stats().writes - writes;
        require(wrote == u64::from(expected.is_none() && !was_so), "writes of a run again", &ran);
    }
    if expected_first.is_none() {
        let user = case.world.network().directory().find_user(case.id).unwrap();
        assert!(case.deed.is_so(&case.world, case.id), "{:?} is not so: {user:?}", case.deed);
        assert!(case.deed == Deed::Delete || case.deed == Deed::Purge || user.life == Life::Live);
    }
    case.trace
}

#[test]
fn every_flow_is_right_whatever_happens() {
    common::each_seed(common::seeds(0..500), check);
}

#[test]
fn the_same_seed_gives_the_same_run() {
    for seed in 0..40 {
        assert_eq!(check(seed), check(seed), "seed {seed}");
    }
}
