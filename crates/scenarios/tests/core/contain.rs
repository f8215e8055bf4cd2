//! Containing: stopped at once and from the top, nothing beside it, and brought back by its report.

use crate::common::*;
use agentuser_core::flow::{
    self, ApplyRequest, ContainRequest, ContainTarget, Outcome, Report, Summary, UndoRequest,
};
use agentuser_core::graph::{Cloud, Endpoint};
use agentuser_core::http::{Method, Request};
use agentuser_core::model::{ObjectKind, UserRef};
use agentuser_core::operation::{Graph, Items, Session, Settings};
use agentuser_core::plan::Plan;
use agentuser_core::problem::Code;
use agentuser_core::remark::RemarkCode;
use agentuser_simulator::{Faults, Interruption, Life, Quotas, Ran, Tenant, Token, World, ids};
use std::time::Duration;

/// Agent users 1 to 30 of blueprint 11, and 31 to 40 of blueprint 12.
fn two_blueprints() -> Tenant {
    Tenant::contoso(0).blueprint(11).blueprint(12).populate(1, 30, 11).populate(31, 40, 12)
}

fn blueprint(n: u32) -> ContainRequest {
    ContainRequest::new(ContainTarget::Blueprint(ids::blueprint_app(n)))
}

fn except(request: ContainRequest, names: &[&str]) -> ContainRequest {
    ContainRequest { except: names.iter().map(|name| UserRef::parse(name).unwrap()).collect(), ..request }
}

/// With batches, as hosts send them.
fn contain_until(
    world: &mut World,
    request: ContainRequest,
    interruption: Interruption,
) -> Ran<Report, Summary> {
    let flow = |graph: Graph, items: Items<Report>| flow::contain(graph, request, items);
    world.run_until(Session::new(Settings::new(Endpoint::from(Cloud::Global))).start(0, flow), interruption)
}

fn contain(world: &mut World, request: ContainRequest) -> (Summary, Vec<Report>) {
    let ran = contain_until(world, request, Interruption::Never);
    (ran.result.unwrap().unwrap(), ran.items)
}

fn undo(world: &mut World, reports: &[Report]) -> (Summary, Vec<Report>) {
    let file = serde_json::to_vec(reports).unwrap();
    let ran = run(world, |graph, items: Items<Report>| {
        flow::restore_reported(graph, file, UndoRequest::default(), items)
    });
    (ran.result.unwrap().unwrap(), ran.items)
}

/// Whether each is enabled: principals of blueprints 11 and 12, agent identities and agent users 1 to 40.
fn enabled(world: &World) -> (Vec<bool>, Vec<bool>, Vec<bool>) {
    let directory = world.network().directory();
    let principal = |id| directory.find_principal(id).unwrap().account_enabled;
    let user = |n| directory.find_user(ids::agent_user(n)).unwrap().account_enabled;
    (
        (11..=12).map(|n| principal(ids::blueprint_principal(n))).collect(),
        (1..=40).map(|n| principal(ids::identity(n))).collect(),
        (1..=40).map(user).collect(),
    )
}

fn first_thirty(enabled: bool) -> Vec<bool> {
    (1..=40).map(|n| (n > 30) == enabled).collect()
}

/// The requests up to the first that changes something, and the writes, each part of a batch by itself.
fn before_the_first_block(sent: &[(Duration, Request)]) -> usize {
    let is_write = |request: &Request| match request.method {
        Method::Get => false,
        _ if request.url.ends_with("/$batch") => {
            String::from_utf8_lossy(&request.body).contains("\"method\":\"PATCH\"")
        }
        _ => true,
    };
    sent.iter().position(|(_, request)| is_write(request)).unwrap() + 1
}

#[test]
fn a_blueprint_is_stopped_from_the_top_and_nothing_beside_it() {
    for id in [ids::blueprint_app(11), ids::blueprint(11), ids::blueprint_principal(11)] {
        let mut world = world(two_blueprints(), Faults::none());
        let before = state(&world);
        let dry = ContainRequest { dry_run: true, ..ContainRequest::new(ContainTarget::Blueprint(id)) };
        let (summary, reports) = contain(&mut world, dry.clone());
        assert_eq!((summary.planned, writes(&world), state(&world)), (61, 0, before));
        assert_eq!(reports.iter().filter(|report| report.kind.is_some()).count(), 31);
        let ran = contain_until(&mut world, ContainRequest { dry_run: false, ..dry }, Interruption::Never);
        let summary = ran.result.unwrap().unwrap();
        assert_eq!((summary.rows, summary.changed, summary.failed), (61, 61, 0));
        let (principals, identities, users) = enabled(&world);
        assert_eq!(
            (principals, identities, users),
            (vec![false, true], first_thirty(true), first_thirty(true))
        );
        let directory = world.network().directory();
        let revoked = |n| directory.find_user(ids::agent_user(n)).unwrap().revocations;
        assert!((1..=30).all(|n| revoked(n) == 1) && (31..=40).all(|n| revoked(n) == 0));
        // Principal first, then agent identities, then agent users.
        let kinds: Vec<_> = ran.items.iter().map(|report| report.kind).collect();
        assert_eq!(kinds[0], Some(ObjectKind::BlueprintPrincipal));
        assert!(kinds[1..31].iter().all(|kind| *kind == Some(ObjectKind::AgentIdentity)));
        assert!(kinds[31..].iter().all(Option::is_none));
        if id != ids::blueprint(11) {
            assert_eq!(before_the_first_block(&ran.sent), 2);
        }
        let remark = summary.remarks.iter().find(|one| one.code == RemarkCode::TokensLiveOn).unwrap();
        assert!(remark.message.contains("60 to 90 minutes"), "{remark}");
    }
}

#[test]
fn run_again_it_only_ends_sessions_anew() {
    let mut world = world(two_blueprints(), Faults::none());
    contain(&mut world, blueprint(11));
    world.pass(Duration::from_secs(600));
    let before = writes(&world);
    let (again, _) = contain(&mut world, blueprint(11));
    assert_eq!((again.unchanged, again.changed, writes(&world) - before), (31, 30, 30));
}

#[test]
fn an_agent_identity_or_an_agent_user_is_stopped_by_the_second_request() {
    let mut world = world(two_blueprints(), Faults::none());
    let target = ContainTarget::Identity(ids::identity(3));
    let ran = contain_until(&mut world, ContainRequest::new(target), Interruption::Never);
    assert_eq!((ran.result.unwrap().unwrap().changed, before_the_first_block(&ran.sent)), (2, 2));
    let target = ContainTarget::User(UserRef::Id(ids::agent_user(4)));
    let ran = contain_until(&mut world, ContainRequest::new(target), Interruption::Never);
    assert_eq!((ran.result.unwrap().unwrap().changed, before_the_first_block(&ran.sent)), (1, 2));
    let (principals, identities, users) = enabled(&world);
    assert_eq!(principals, [true, true]);
    assert_eq!(identities, (1..=40).map(|n| n != 3).collect::<Vec<_>>());
    assert_eq!(users, (1..=40).map(|n| n != 3 && n != 4).collect::<Vec<_>>());
}

#[test]
fn accounts_that_are_never_stopped_and_all_above_them_are_left_alone() {
    let mut world = world(two_blueprints(), Faults::none());
    let request =
        except(blueprint(11), &["agent5@contoso.com", &ids::identity(6).to_string(), "gone@contoso.com"]);
    let (summary, reports) = contain(&mut world, request);
    assert_eq!((summary.rows, summary.changed, summary.unchanged, summary.failed), (61, 56, 4, 1));
    let principal = &reports[0];
    assert_eq!(principal.problem.as_ref().unwrap().code(), Code::NeverStopped);
    let left: Vec<_> = reports.iter().filter(|report| report.outcome == Outcome::Unchanged).collect();
    assert!(left.iter().all(|report| report.remarks[0].code == RemarkCode::NotStopped), "{left:?}");
    let (principals, identities, users) = enabled(&world);
    let kept = |n| n > 30 || n == 5 || n == 6;
    assert_eq!(principals, [true, true]);
    assert_eq!((identities, users.clone()), ((1..=40).map(kept).collect(), users));
    assert!(summary.remarks.iter().any(|one| one.code == RemarkCode::ExceptionNotFound));
    // One that is named itself is refused.
    for target in
        [ContainTarget::User(UserRef::Id(ids::agent_user(5))), ContainTarget::Identity(ids::identity(5))]
    {
        let before = writes(&world);
        let request = except(ContainRequest::new(target), &["agent5@contoso.com"]);
        let ran = contain_until(&mut world, request, Interruption::Never);
        assert_eq!((code(ran.result.unwrap()), writes(&world)), (Code::NeverStopped, before));
    }
}

#[test]
fn an_exception_that_can_not_be_read_stops_nothing() {
    for named in [ids::blueprint_principal(12).to_string(), "agent5@contoso.com".to_owned()] {
        let denied = Token::application([
            "AgentIdentity.ReadWrite.All",
            "AgentIdentityBlueprintPrincipal.ReadWrite.All",
            "AgentIdentityBlueprint.Read.All",
        ]);
        let mut world = world_as(two_blueprints().token("t", denied), Faults::none(), "Bearer t");
        let ran = contain_until(&mut world, except(blueprint(11), &[&named]), Interruption::Never);
        assert!(ran.result.unwrap().is_err(), "{named}");
        assert_eq!(writes(&world), 0, "{named}");
    }
}

#[test]
fn the_least_permissions_are_enough() {
    let token = Token::application([
        "AgentIdentity.EnableDisable.All",
        "AgentIdentity.Read.All",
        "AgentIdentityBlueprintPrincipal.EnableDisable.All",
        "AgentIdentityBlueprintPrincipal.Read.All",
        "AgentIdUser.ReadWrite.All",
    ]);
    let mut world = world_as(two_blueprints().token("t", token), Faults::none(), "Bearer t");
    let (summary, _) = contain(&mut world, blueprint(11));
    assert_eq!((summary.changed, summary.failed), (61, 0));
    // Agent identities in the recycle bin are read by another permission.
    let unread = summary.remarks.iter().find(|one| one.code == RemarkCode::NotContained).unwrap();
    assert!(unread.message.contains("Application.Read.All"), "{unread}");
}

#[test]
fn users_of_deleted_agent_identities_are_stopped_too_and_a_principal_may_be_missing() {
    let tenant = two_blueprints()
        .change_identity(2, |identity| identity.life = Life::Deleted(identity.created))
        .change_blueprint_principal(11, |principal| principal.life = Life::Deleted(principal.created));
    let mut world = world(tenant, Faults::none());
    let (summary, _) = contain(&mut world, blueprint(11));
    assert_eq!((summary.changed, summary.failed), (29 + 30, 0));
    assert!(summary.remarks.iter().any(|one| one.code == RemarkCode::NoPrincipal), "{summary:?}");
    assert_eq!(enabled(&world).2, first_thirty(true));
}

#[test]
fn what_is_not_a_blueprint_is_refused_and_nothing_is_stopped() {
    for (id, wanted) in [
        (ids::nothing(1), Code::BlueprintNotFound),
        (ids::identity(1), Code::NotABlueprint),
        (ids::agent_user(1), Code::BlueprintNotFound),
        (ids::plain(1), Code::NotABlueprint),
    ] {
        let mut world = world(two_blueprints().plain_principal(1), Faults::none());
        let request = ContainRequest::new(ContainTarget::Blueprint(id));
        let ran = contain_until(&mut world, request, Interruption::Never);
        assert_eq!((code(ran.result.unwrap()), writes(&world)), (wanted, 0), "{id}");
    }
}

#[test]
fn a_report_undoes_what_it_says_and_no_more() {
    let tenant = two_blueprints()
        .change_user(ids::agent_user(1), |user| user.account_enabled = false)
        .change_identity(2, |identity| identity.account_enabled = false);
    let mut world = world(tenant, Faults::none());
    let before = enabled(&world);
    let (_, reports) = contain(&mut world, blueprint(11));
    world.pass(Duration::from_secs(600));
    let (summary, undone) = undo(&mut world, &reports);
    assert_eq!((summary.failed, enabled(&world)), (0, before), "{undone:?}");
    assert_eq!(undone[0].kind, Some(ObjectKind::BlueprintPrincipal));
    world.pass(Duration::from_secs(600));
    let written = writes(&world);
    assert_eq!((undo(&mut world, &reports).0.unchanged, writes(&world)), (59, written));
}

fn plan(world: &mut World, request: ContainRequest) -> Plan {
    let ran = run(world, |graph, items: Items<Report>| flow::plan_contain(graph, request, items));
    ran.result.unwrap().unwrap()
}

fn apply(world: &mut World, plan: &Plan, interruption: Interruption) -> Option<Summary> {
    let (file, request) = (plan.to_file().into_bytes(), ApplyRequest::approved(plan.digest()));
    let flow = |graph: Graph, items: Items<Report>| flow::apply_plan(graph, file, request, items);
    run_interrupted(world, flow, interruption).result.map(Result::unwrap)
}

#[test]
fn a_plan_is_applied_once_in_all_however_often_it_is_cut_short() {
    for after in [2, 9, 40, 90, 150] {
        let mut world = world(two_blueprints(), Faults::none());
        let plan = plan(&mut world, blueprint(11));
        assert_eq!((plan.changes().len(), writes(&world)), (91, 0));
        apply(&mut world, &plan, Interruption::Dies { after });
        world.forget_hosts();
        world.pass(Duration::from_secs(600));
        assert_eq!(apply(&mut world, &plan, Interruption::Never).unwrap().failed, 0, "{after}");
        assert_eq!(enabled(&world), (vec![false, true], first_thirty(true), first_thirty(true)), "{after}");
        world.pass(Duration::from_secs(600));
        let written = writes(&world);
        let again = apply(&mut world, &plan, Interruption::Never).unwrap();
        assert_eq!((again.unchanged, writes(&world)), (61, written), "{after}");
    }
}

#[test]
fn what_has_moved_since_a_plan_is_left_alone() {
    let mut world = world(two_blueprints(), Faults::none());
    let plan = plan(&mut world, blueprint(11));
    done(&mut world, &agentuser_scenarios::Mutation::Delete, ids::agent_user(7));
    world.pass(Duration::from_secs(600));
    let summary = apply(&mut world, &plan, Interruption::Never).unwrap();
    assert_eq!((summary.rows, summary.failed, summary.changed), (61, 1, 60));
}

/// The aims of the issue: five thousand agent users under the published quotas.
#[test]
fn five_thousand_agent_users_are_stopped_in_the_time_that_the_quota_allows() {
    let tenant = Tenant::contoso(0).blueprint(11).populate(1, 5_000, 11).quotas(Quotas::PUBLISHED);
    let mut world = world(tenant, Faults::none());
    let ran = contain_until(&mut world, blueprint(11), Interruption::Never);
    let summary = ran.result.unwrap().unwrap();
    assert_eq!((summary.rows, summary.changed, summary.failed), (10_001, 10_001, 0));
    let stats = world.network().directory().stats();
    assert_eq!(stats.writes, 15_001);
    assert_eq!(stats.by_status.get(&429), None);
    assert_eq!(before_the_first_block(&ran.sent), 2);
    let took = world.now().mono.as_secs_f64();
    println!("{} HTTP calls, {} requests, {took:.0} s", ran.sent.len(), stats.requests);
    assert!(took <= 750.0 * 1.1, "{took}");
}
