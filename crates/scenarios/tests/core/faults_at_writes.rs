//! Every named fault at every write of a single change, also while replicas lag: the requests that it costs, and a
//! report that is true.

use crate::common::*;
use agentuser_core::ObjectId;
use agentuser_core::flow::{self, Outcome, Readiness};
use agentuser_core::http::Method;
use agentuser_core::operation::Items;
use agentuser_core::problem::Code;
use agentuser_scenarios::Mutation;
use agentuser_simulator::{
    AssignAgain, EarlyWrite, Fault, Faults, Interruption, Lag, Planned, RetryAfter, Switches, Tenant, Token,
    World,
};
use std::time::Duration;

/// The meaning of a fault for the client that wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// Nothing: it is clear what happened.
    No,
    /// The server never did it.
    Before,
    /// The server did it.
    After,
    /// The server did it and said so, but the body can't be read, if there is one.
    Body,
}

pub const FAULTS: [(Fault, Lost); 17] = [
    (Fault::LostAnswer, Lost::After),
    (Fault::Reset, Lost::Before),
    (Fault::Refused, Lost::No),
    (Fault::Delay(Duration::from_secs(600)), Lost::After),
    (Fault::Never { executed: true }, Lost::After),
    (Fault::Never { executed: false }, Lost::Before),
    (Fault::Throttled(RetryAfter::Seconds(7)), Lost::No),
    (Fault::Throttled(RetryAfter::Date(7)), Lost::No),
    (Fault::Throttled(RetryAfter::Absent), Lost::No),
    (Fault::ServerError { status: 500, executed: true, retry_after: RetryAfter::Absent }, Lost::After),
    (Fault::ServerError { status: 503, executed: false, retry_after: RetryAfter::Seconds(3) }, Lost::Before),
    (Fault::ServerError { status: 504, executed: true, retry_after: RetryAfter::Absent }, Lost::After),
    (Fault::TruncatedBody, Lost::Body),
    (Fault::EmptyBody, Lost::Body),
    (Fault::GarbageJson, Lost::Body),
    (Fault::WrongContentType { executed: true }, Lost::After),
    (Fault::WrongContentType { executed: false }, Lost::Before),
];

/// Requests more than without a fault: after one that took place unseen, and after a success that can't be read.
struct Cost {
    after: usize,
    body: usize,
}

/// Sent again, that settles it.
const AGAIN: usize = 1;
/// Sent again, refused, because it is so; then seen.
const AGAIN_AND_SEEN: usize = 2;
/// Sent again until every change must be visible: 404 may mean that it is done, or lag.
const TO_THE_END: usize = 18;

/// Every write of a single change: the user it is for, its request, and the cost of a fault.
fn writes_and_costs() -> [(Mutation, ObjectId, Method, &'static str, Cost); 12] {
    [
        (
            set_job("Director"),
            ONE,
            Method::Patch,
            "/users/microsoft.graph.agentUser/",
            Cost { after: AGAIN, body: AGAIN },
        ),
        (
            Mutation::Delete,
            ONE,
            Method::Delete,
            "/users/microsoft.graph.agentUser/",
            Cost { after: TO_THE_END, body: 0 },
        ),
        (Mutation::Restore, BINNED, Method::Post, "/restore", Cost { after: TO_THE_END, body: TO_THE_END }),
        (
            Mutation::Purge,
            BINNED,
            Method::Delete,
            "/directory/deletedItems/",
            // At the end, both are looked for: the deleted user, and the living one that somebody may have restored.
            Cost { after: TO_THE_END + 1, body: 0 },
        ),
        (
            Mutation::SetManager("human2@contoso.com"),
            ONE,
            Method::Put,
            "/manager/$ref",
            Cost { after: AGAIN, body: 0 },
        ),
        (Mutation::ClearManager, ONE, Method::Delete, "/manager/$ref", Cost { after: TO_THE_END, body: 0 }),
        (
            Mutation::AddSponsor("human1@contoso.com"),
            ONE,
            Method::Post,
            "/sponsors/$ref",
            Cost { after: AGAIN, body: 0 },
        ),
        (
            Mutation::RemoveSponsor("human2@contoso.com"),
            ONE,
            Method::Delete,
            "/sponsors/",
            Cost { after: TO_THE_END, body: 0 },
        ),
        (Mutation::AddToGroup("Group 1"), ONE, Method::Post, "/members/$ref", Cost { after: AGAIN, body: 0 }),
        (
            Mutation::RemoveFromGroup("Group 2"),
            ONE,
            Method::Delete,
            "/members/",
            Cost { after: TO_THE_END, body: 0 },
        ),
        (
            Mutation::AddLicense("AGENT_365"),
            TWO,
            Method::Post,
            "/assignLicense",
            Cost { after: AGAIN, body: AGAIN },
        ),
        (
            Mutation::RemoveLicense("AGENT_365"),
            ONE,
            Method::Post,
            "/assignLicense",
            Cost { after: AGAIN_AND_SEEN, body: AGAIN_AND_SEEN },
        ),
    ]
}

/// Every named fault at every write: the right state, no other user touched, and the requests that it costs.
#[test]
fn every_named_fault_at_every_write() {
    for (mutation, id, method, path, cost) in writes_and_costs() {
        let mut clean = world(populated(), Faults::none());
        let ran = act(&mut clean, &mutation, id, false);
        let (least, expected) = (ran.sent.len(), clean.network().directory().snapshot());
        assert_eq!(writes(&clean), 1, "{mutation:?}");
        assert!(least <= 6, "{mutation:?} takes {least} requests");

        for (fault, lost) in FAULTS {
            let name = format!("{} ({lost:?}) at {mutation:?}", fault.name());
            let faults = Faults::plan([Planned::new(method, path, 1, fault)]);
            let mut world = world(populated(), faults);
            let ran = act(&mut world, &mutation, id, false);
            let report = ran.result.unwrap().unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
            assert_eq!((report.outcome, report.problem), (Outcome::Changed, None), "{name}");
            assert!(report.changes.iter().all(|change| change.applied), "{name}");
            let directory = world.network().directory();
            assert_eq!(directory.snapshot(), expected, "{name}");
            assert!(directory.duplicates().is_empty(), "{name}");
            assert!(world.network().leaks().is_empty(), "{name}");
            assert_eq!(world.network().counts().faults.values().sum::<u64>(), 1, "{name}: it happened");
            let extra = match lost {
                Lost::No | Lost::Before => AGAIN,
                Lost::After => cost.after,
                // A 204 has no body that a fault could change.
                Lost::Body => cost.body,
            };
            assert_eq!(ran.sent.len() - least, extra, "{name}");
            let idle = directory.stats().writes_without_change;
            assert!(idle <= 1, "{name}: {idle} writes for nothing");
        }
    }
}

#[test]
fn a_license_that_can_not_be_assigned_twice_is_seen_to_be_there() {
    let switches = Switches { assign_again: AssignAgain::Refused, ..Switches::default() };
    let planned = Planned::new(Method::Post, "/assignLicense", 1, Fault::LostAnswer);
    let mut world = world(populated().switches(switches), Faults::plan([planned]));
    assert_eq!(done(&mut world, &Mutation::AddLicense("AGENT_365"), TWO).outcome, Outcome::Changed);
    assert_eq!(writes(&world), 1);
}

/// A world where replicas lag by up to 40 seconds.
pub fn lagging(tenant: Tenant, early_write: EarlyWrite, seed: u64) -> World {
    let switches = Switches { early_write, ..Switches::default() };
    let lag = Lag::seeded(seed, Duration::from_secs(40)).replicas(3);
    world(tenant.switches(switches).lag(lag), Faults::none())
}

/// The fault at the first request of each method that such a change writes with.
fn at_the_first_write(fault: Fault) -> Faults {
    let methods = [Method::Delete, Method::Put, Method::Post];
    Faults::plan(methods.map(|method| Planned::new(method, "/", 1, fault)))
}

/// One change right after others, while replicas still show what was before, its first write lost on the way there or
/// back: whatever is reported as done is done.
#[test]
fn a_change_reported_as_done_is_done_even_within_the_lag() {
    let histories: [(ObjectId, &[Mutation]); 11] = [
        (TWO, &[Mutation::AddLicense("AGENT_365"), Mutation::RemoveLicense("AGENT_365")]),
        (ONE, &[Mutation::Delete, Mutation::Restore]),
        (ONE, &[Mutation::Delete, Mutation::Purge]),
        (ONE, &[Mutation::Delete, Mutation::Restore, Mutation::Delete]),
        (BINNED, &[Mutation::Restore, Mutation::Delete]),
        (
            BINNED,
            &[
                Mutation::Restore,
                Mutation::ClearManager,
                Mutation::SetManager("human1@contoso.com"),
                Mutation::ClearManager,
            ],
        ),
        (TWO, &[Mutation::SetManager("human1@contoso.com"), Mutation::ClearManager]),
        (ONE, &[Mutation::ClearManager, Mutation::SetManager("human1@contoso.com")]),
        (ONE, &[Mutation::SetManager("human2@contoso.com"), Mutation::SetManager("human1@contoso.com")]),
        (ONE, &[Mutation::RemoveSponsor("human2@contoso.com"), Mutation::AddSponsor("human2@contoso.com")]),
        (TWO, &[Mutation::AddSponsor("human2@contoso.com"), Mutation::RemoveSponsor("human2@contoso.com")]),
    ];
    let early = [EarlyWrite::Works, EarlyWrite::NotFound, EarlyWrite::ObjectNotFound];
    let mut checked = 0;
    for (id, mutations) in histories {
        let (last, before) = mutations.split_last().unwrap();
        for seed in 0..12 {
            for early_write in early {
                for fault in [None, Some(Fault::Reset), Some(Fault::LostAnswer)] {
                    let mut world = lagging(populated(), early_write, seed);
                    let reached = before.iter().all(|mutation| {
                        // Read from a replica that is behind, it may find nothing to do: then this history is another.
                        act(&mut world, mutation, id, false).result.unwrap().is_ok()
                            && is_so(mutation, &world, id)
                    });
                    if !reached {
                        continue;
                    }
                    if let Some(fault) = fault {
                        world.network_mut().set_faults(at_the_first_write(fault));
                    }
                    let ran = act(&mut world, last, id, false);
                    let name = format!(
                        "{mutations:?} seed {seed} {early_write:?} {fault:?}\n{:?}\n{:#?}",
                        ran.result, ran.sent
                    );
                    match ran.result.unwrap() {
                        Ok(report) if report.outcome == Outcome::Changed => {
                            assert!(is_so(last, &world, id), "{name}");
                            checked += 1;
                        }
                        Ok(_) => {}
                        Err(problem) => assert_ne!(problem.code(), Code::Internal, "{name}"),
                    }
                }
            }
        }
    }
    assert!(checked > 300, "{checked}");
}

/// The same for agent users that were created a moment ago.
#[test]
fn a_new_agent_user_is_not_taken_for_one_without_manager_or_sponsor() {
    let mut checked = 0;
    for mutation in [Mutation::ClearManager, Mutation::RemoveSponsor("human2@contoso.com"), Mutation::Delete]
    {
        for seed in 0..40 {
            for early_write in [EarlyWrite::NotFound, EarlyWrite::ObjectNotFound] {
                let mut world = lagging(Tenant::contoso(1), early_write, seed);
                let wanted = crate::common::Want::new(1)
                    .manager("human1@contoso.com")
                    .sponsor("human2@contoso.com")
                    .wanted();
                let ran = crate::common::single(&mut world, move |graph| {
                    flow::provision(graph, wanted, Readiness::NONE, false)
                });
                let id = ran.result.unwrap().unwrap().id.unwrap();
                let planned = Planned::new(Method::Delete, "/", 1, Fault::Reset);
                world.network_mut().set_faults(Faults::plan([planned]));
                let ran = act(&mut world, &mutation, id, false);
                if let Ok(report) = ran.result.unwrap()
                    && report.outcome == Outcome::Changed
                {
                    checked += 1;
                    assert!(
                        is_so(&mutation, &world, id),
                        "{mutation:?} seed {seed} {early_write:?}\n{:#?}",
                        ran.sent
                    );
                }
            }
        }
    }
    assert!(checked > 60, "{checked}");
}

#[test]
fn a_removal_that_is_cut_short_is_not_reported_as_done() {
    for mutation in [
        Mutation::ClearManager,
        Mutation::RemoveSponsor("human2@contoso.com"),
        Mutation::Delete,
        Mutation::SetManager("human3@contoso.com"),
    ] {
        for (fault, done) in [(Fault::Reset, false), (Fault::LostAnswer, true)] {
            let methods = [Method::Delete, Method::Put].map(|method| Planned::new(method, "/", 1, fault));
            let mut world = world(populated(), Faults::plan(methods));
            let mut clean = crate::common::world(populated(), Faults::none());
            let requests = act(&mut clean, &mutation, ONE, false).sent.len();
            let own = mutation.clone();
            let interruption = Interruption::cancelled(u32::try_from(requests).unwrap());
            let ran = crate::common::run_interrupted(
                &mut world,
                |graph, _: Items<()>| own.flow(graph, ONE, false),
                interruption,
            );
            let name = format!("{mutation:?} {fault:?} {:?}", ran.result);
            assert_eq!(is_so(&mutation, &world, ONE), done, "{name}");
            match ran.result.unwrap() {
                // A change that can be seen is reported as done, a cancellation or not.
                Ok(report) => assert!(done && report.outcome == Outcome::Changed, "{name}"),
                Err(problem) => assert_eq!(problem.code(), Code::OutcomeUnknown, "{name}"),
            }
        }
    }
}

#[test]
fn a_refusal_costs_one_write() {
    let reader = crate::common::world_as(
        populated().token(
            "reading",
            Token::application([
                "GroupMember.Read.All",
                "User.Read.All",
                "LicenseAssignment.Read.All",
                "Organization.Read.All",
            ]),
        ),
        Faults::none(),
        "Bearer reading",
    );
    for (mutation, id) in [
        (set_job("Director"), ONE),
        (Mutation::Delete, ONE),
        (Mutation::Restore, BINNED),
        (Mutation::Purge, BINNED),
        (Mutation::SetManager("human2@contoso.com"), ONE),
        (Mutation::ClearManager, ONE),
        (Mutation::AddSponsor("human1@contoso.com"), ONE),
        (Mutation::RemoveSponsor("human2@contoso.com"), ONE),
        (Mutation::AddToGroup("Group 1"), ONE),
        (Mutation::RemoveFromGroup("Group 2"), ONE),
        (Mutation::AddLicense("AGENT_365"), TWO),
        (Mutation::RemoveLicense("AGENT_365"), ONE),
    ] {
        let mut world = World::new(reader.network().clone(), "Bearer reading");
        let problem = act(&mut world, &mutation, id, false).result.unwrap().unwrap_err();
        assert_eq!(problem.code(), Code::PermissionMissing, "{mutation:?} {problem:?}");
        assert!(!problem.permissions().is_empty(), "{mutation:?}");
        let tried = world.network().directory().journal().iter().filter(|entry| entry.is_write()).count();
        assert_eq!((tried, writes(&world)), (1, 0), "{mutation:?}");
        assert!(world.now().mono < Duration::from_secs(5), "{mutation:?}");
    }
}
