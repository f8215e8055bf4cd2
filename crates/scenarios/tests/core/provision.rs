//! `provision` on a virtual clock: the happy path, every bad parent, every named fault, and a day of waiting.

use crate::common::{Want, world};
use agentuser_core::flow::{self, Outcome, Readiness, Report};
use agentuser_core::http::Method;
use agentuser_core::model::Stage;
use agentuser_core::operation::Waiting;
use agentuser_core::problem::Code;
use agentuser_simulator::{
    Fault, Faults, Interruption, Planned, RetryAfter, Switches, Tenant, Token, World, ids, tenant,
};
use std::time::Duration;

fn provision(world: &mut World, want: &Want, readiness: Readiness) -> (Report, usize) {
    let wanted = want.wanted();
    let ran = crate::common::single(world, move |graph| flow::provision(graph, wanted, readiness, false));
    let requests = ran.sent.len();
    (ran.result.unwrap().unwrap(), requests)
}

#[test]
fn from_nothing_to_a_mailbox() {
    let mut world = world(Tenant::contoso(3), Faults::none());
    let want = Want::new(1).manager("human1@contoso.com").sponsor("human2@contoso.com").license("AGENT_365");
    let (report, requests) = provision(&mut world, &want, Readiness::MAILBOX_AND_TEAMS);
    assert_eq!(report.problem, None);
    assert_eq!((report.outcome, report.stage), (Outcome::Created, Stage::Done));
    assert!(report.changes.iter().all(|change| change.applied), "{report:?}");
    let directory = world.network().directory();
    let user = directory.find_user(report.id.unwrap()).unwrap();
    assert_eq!(user.parent, Some(ids::identity(1)));
    assert_eq!(directory.manager_of(user.id), Some(ids::human(1)));
    assert_eq!(directory.sponsors_of(user.id), [ids::human(2)]);
    assert_eq!(directory.licenses_of(user.id), [ids::sku(tenant::FULL_SKU)]);
    assert_eq!(directory.stats().writes, 4, "create, sponsor, license, manager");
    assert!(requests < 40, "{requests} requests");

    // Again: nothing to change, nothing written.
    let (again, _) = provision(&mut world, &want, Readiness::MAILBOX_AND_TEAMS);
    assert_eq!((again.outcome, again.stage, again.problem), (Outcome::Unchanged, Stage::Done, None));
    assert!(again.changes.is_empty());
    assert_eq!(world.network().directory().stats().writes, 4);
}

#[test]
fn every_bad_parent_is_told_apart_before_anything_is_written() {
    for (parent, code) in [
        (ids::nothing(1), Code::ParentNotFound),
        (ids::identity_app(1), Code::ParentIsAppId),
        (ids::plain(1), Code::ParentIsServicePrincipal),
        (ids::blueprint_principal(1), Code::ParentIsBlueprintPrincipal),
        (ids::identity(tenant::DISABLED_IDENTITY), Code::ParentDisabled),
        (ids::identity(tenant::BANNED_IDENTITY), Code::ParentDisabledByMicrosoft),
        (ids::identity(tenant::TAKEN_IDENTITY), Code::ParentHasAnotherUser),
    ] {
        let mut world = world(Tenant::contoso(3), Faults::none());
        let (report, _) = provision(&mut world, &Want::of(parent, "new@contoso.com"), Readiness::NONE);
        let problem = report.problem.unwrap();
        assert_eq!(problem.code(), code, "{problem:?}");
        assert_eq!(problem.field(), Some("identityParentId"), "{problem:?}");
        assert!(!problem.fix().is_empty());
        assert_eq!(world.network().directory().stats().writes, 0, "{code}");
        assert!(world.now().mono < Duration::from_secs(30), "{code}: a mistyped id costs seconds");
    }
}

#[test]
fn obstacles_are_told_before_anything_is_created() {
    for (want, code) in [
        (Want::new(1).license("NO_SUCH_SKU"), Code::SkuNotFound),
        (Want::new(1).license("AGENT_365").location(None), Code::LicenseNeedsUsageLocation),
        (Want::new(1).manager("nobody@contoso.com"), Code::ManagerNotFound),
        (Want::new(1).sponsor("nobody@contoso.com"), Code::SponsorNotFound),
    ] {
        let mut world = world(Tenant::contoso(3), Faults::none());
        let (report, _) = provision(&mut world, &want, Readiness::NONE);
        assert_eq!(report.problem.as_ref().map(|p| p.code()), Some(code), "{report:?}");
        assert_eq!(world.network().directory().stats().writes, 0, "{code}");
    }
}

#[test]
fn the_least_privileged_caller_may_create() {
    let own =
        Token::application(["AgentIdUser.ReadWrite.IdentityParentedBy"]).blueprint(ids::blueprint_app(1));
    let contoso = Tenant::contoso(3).token("own", own);
    let mut world = crate::common::world_as(contoso, Faults::none(), "Bearer own");
    let (report, _) = provision(&mut world, &Want::new(1), Readiness::NONE);
    assert_eq!((report.outcome, report.stage, report.problem), (Outcome::Created, Stage::Done, None));
}

#[test]
fn a_refusal_costs_one_request_and_names_the_fix() {
    for (want, token, code) in [
        (Want::of(ids::identity(1), "human1@contoso.com"), tenant::ADMIN, Code::UpnTaken),
        (Want::of(ids::identity(1), "new@unknown.example"), tenant::ADMIN, Code::DomainNotVerified),
        (Want::new(1), tenant::READER, Code::PermissionMissing),
    ] {
        let mut world = crate::common::world_as(Tenant::contoso(3), Faults::none(), token);
        let (report, _) = provision(&mut world, &want, Readiness::NONE);
        let problem = report.problem.unwrap();
        assert_eq!(problem.code(), code, "{problem:?}");
        let posts =
            world.network().directory().journal().iter().filter(|entry| entry.method == Method::Post).count();
        assert_eq!(posts, 1, "{code}");
        assert!(world.now().mono < Duration::from_secs(30), "{code} took {:?}", world.now().mono);
    }
}

#[test]
fn a_mailbox_that_takes_a_day_is_asked_for_at_sensible_intervals() {
    let day = Duration::from_secs(24 * 3600 - 60);
    let plans = tenant::full_plans(day, day);
    let contoso = Tenant::contoso(3).sku(7, "SLOW", 5, plans);
    let mut world = world(contoso, Faults::none());
    let started = std::time::Instant::now();
    let wanted = Want::new(1).license("SLOW").wanted();
    let ran = crate::common::single(&mut world, move |graph| {
        flow::provision(graph, wanted, Readiness::MAILBOX_AND_TEAMS, false)
    });
    let report = ran.result.unwrap().unwrap();
    assert_eq!((report.stage, report.problem), (Stage::Done, None));
    assert!(world.now().mono >= day);
    assert!(started.elapsed() < Duration::from_secs(5));
    let asked: Vec<Duration> =
        ran.sent.iter().filter(|(_, r)| r.url.contains("licenseDetails")).map(|(at, _)| *at).collect();
    assert!((100..200).contains(&asked.len()), "{} looks in a day", asked.len());
    let pauses: Vec<u64> = asked.windows(2).map(|pair| (pair[1] - pair[0]).as_secs()).collect();
    assert!(pauses.iter().all(|pause| (4..=601).contains(pause)), "{pauses:?}");
    assert!(ran.events.iter().any(|event| matches!(
        event,
        agentuser_core::operation::Event::Waiting { why: Waiting::Mailbox, .. }
    )));
}

#[test]
fn a_license_without_a_mailbox_ends_the_wait_at_once() {
    let mut world = world(Tenant::contoso(3), Faults::none());
    let (report, _) =
        provision(&mut world, &Want::new(1).license("AGENT_MESSAGING"), Readiness::MAILBOX_AND_TEAMS);
    let problem = report.problem.unwrap();
    assert_eq!(problem.code(), Code::MailboxNotReady);
    let name = report.user_principal_name;
    assert!(
        problem.message().starts_with(&format!("The mailbox of {name} will not be")),
        "{}",
        problem.message()
    );
    assert_eq!(report.stage, Stage::Licensed);
    assert!(world.now().mono < Duration::from_secs(600), "{:?}", world.now().mono);
}

/// Every named fault at every write of a provisioning: one agent user, the right state, and what it cost.
#[test]
fn every_named_fault_at_every_write() {
    let want = Want::new(1).manager("human1@contoso.com").sponsor("human2@contoso.com").license("AGENT_365");
    let mut clean = world(Tenant::contoso(3), Faults::none());
    let (_, least) = provision(&mut clean, &want, Readiness::NONE);
    let expected = crate::common::state(&clean);

    let writes = [
        (Method::Post, "/users/microsoft.graph.agentUser"),
        (Method::Post, "/sponsors/$ref"),
        (Method::Post, "/assignLicense"),
        (Method::Put, "/manager/$ref"),
    ];
    let s = Duration::from_secs;
    let faults = [
        // The fault, and the most requests it may cost at any of the writes but the create.
        (Fault::LostAnswer, 2),
        (Fault::Reset, 2),
        (Fault::Refused, 1),
        (Fault::Delay(s(600)), 2),
        (Fault::Never { executed: true }, 2),
        (Fault::Never { executed: false }, 2),
        (Fault::Throttled(RetryAfter::Seconds(7)), 1),
        (Fault::Throttled(RetryAfter::Date(7)), 1),
        (Fault::Throttled(RetryAfter::Absent), 1),
        (Fault::ServerError { status: 500, executed: true, retry_after: RetryAfter::Absent }, 2),
        (Fault::ServerError { status: 503, executed: false, retry_after: RetryAfter::Seconds(3) }, 2),
        (Fault::ServerError { status: 504, executed: true, retry_after: RetryAfter::Absent }, 2),
        (Fault::TruncatedBody, 1),
        (Fault::EmptyBody, 1),
        (Fault::GarbageJson, 1),
        (Fault::WrongContentType { executed: true }, 2),
        (Fault::WrongContentType { executed: false }, 2),
    ];
    for (method, path) in writes {
        for (fault, extra) in faults {
            let name = format!("{} at {method} {path}", fault.name());
            let planned = Planned::new(method, path, 1, fault);
            let mut world = world(Tenant::contoso(3), Faults::plan([planned]));
            let (report, requests) = provision(&mut world, &want, Readiness::NONE);
            assert_eq!(report.problem, None, "{name}");
            assert_eq!((report.outcome, report.stage), (Outcome::Created, Stage::Done), "{name}");
            assert_eq!(crate::common::state(&world), expected, "{name}");
            let stats = world.network().directory().stats();
            assert_eq!(stats.agent_users_created, 1, "{name}");
            assert!(world.network().directory().duplicates().is_empty(), "{name}");
            assert_eq!(
                world.network().counts().faults.values().sum::<u64>(),
                1,
                "{name}: the fault happened"
            );
            // A create that surely did not happen waits out the lag, looking twice each time.
            let most = if path.contains("agentUser") { 50 } else { extra };
            assert!(requests - least <= most, "{name} cost {} requests more", requests - least);
            let lost_write_executed = stats.writes - 4;
            assert!(lost_write_executed <= 1, "{name}: {} writes", stats.writes);
        }
    }
}

#[test]
fn a_create_that_was_lost_is_not_repeated_while_it_may_still_show() {
    // The worst case: the directory checks uniqueness on what has replicated only.
    let switches = Switches { uniqueness_lags: true, ..Switches::default() };
    let lag =
        agentuser_simulator::Lag::seeded(3, Duration::from_secs(40)).index_max(Duration::from_secs(170));
    let contoso = Tenant::contoso(3).switches(switches).lag(lag);
    let planned = Planned::new(Method::Post, "/users/microsoft.graph.agentUser", 1, Fault::LostAnswer);
    let mut world = world(contoso, Faults::plan([planned]));
    let (report, _) = provision(&mut world, &Want::new(1), Readiness::NONE);
    assert_eq!((report.outcome, report.problem), (Outcome::Created, None));
    assert_eq!(world.network().directory().stats().agent_users_created, 1);
}

#[test]
fn a_deleted_user_in_the_way_is_named_even_after_a_create_that_was_lost() {
    let held = (ids::identity(3), "agent3@contoso.com", Code::ParentHeldByDeletedUser);
    let named = (ids::identity(5), "human5@contoso.com", Code::UpnHeldByDeletedUser);
    for (parent, upn, code) in [held, named] {
        let switches =
            Switches { deleted_holds_parent: true, deleted_holds_upn: true, ..Switches::default() };
        let lost = Planned::new(Method::Post, "/users/microsoft.graph.agentUser", 1, Fault::Reset);
        let contoso = crate::common::populated().identity(5, 1).switches(switches);
        let mut world = world(contoso, Faults::plan([lost]));
        let (report, _) = provision(&mut world, &Want::of(parent, upn), Readiness::NONE);
        assert_eq!(report.problem.map(|problem| problem.code()), Some(code));
    }
}

#[test]
fn a_run_again_adopts_what_the_first_created_even_while_it_is_invisible() {
    let lag = agentuser_simulator::Lag::seeded(5, Duration::from_secs(30));
    let mut world = world(Tenant::contoso(3).lag(lag), Faults::none());
    let want = Want::new(1).manager("human1@contoso.com");
    let wanted = want.wanted();
    let interruption = Interruption::Dies { after: 4 };
    crate::common::run_interrupted(
        &mut world,
        move |graph, _: agentuser_core::operation::Items<()>| {
            flow::provision(graph, wanted, Readiness::NONE, false)
        },
        interruption,
    );
    assert_eq!(world.network().directory().stats().agent_users_created, 1, "it died right after the create");
    let (report, _) = provision(&mut world, &want, Readiness::NONE);
    assert_eq!((report.stage, report.problem), (Stage::Done, None));
    assert_eq!(world.network().directory().stats().agent_users_created, 1);
    assert_eq!(world.network().directory().manager_of(report.id.unwrap()), Some(ids::human(1)));
}
