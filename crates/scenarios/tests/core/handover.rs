//! Handing over: what a leaver is the manager or a sponsor of goes to another, and nobody is left without a sponsor.

use crate::common::*;
use agentuser_core::ObjectId;
use agentuser_core::flow::{self, ApplyRequest, HandedOver, HandoverRequest, Outcome, Report, Summary};
use agentuser_core::http::Method;
use agentuser_core::model::ObjectKind;
use agentuser_core::operation::{Graph, Items};
use agentuser_core::plan::Plan;
use agentuser_core::problem::{Code, Problem};
use agentuser_core::remark::RemarkCode;
use agentuser_simulator::{
    Faults, Interruption, Lag, Planned, ScriptedAnswer, Switches, Tenant, Token, World, ids, tenant,
};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;

const LEAVER: &str = "human1@contoso.com";
const NEXT: &str = "human2@contoso.com";

/// Human 1 is the manager of agents 1 and 2, and a sponsor of agents 2, 3 and 4 and of the agent identities 1 to 6. Agent 4 has
/// human 3 as a sponsor, too, and agent 5 has nothing of human 1; agent 6 has human 2 already.
fn tenant_of_leaver() -> Tenant {
    let of = |tenant: Tenant, n: u32, manager: bool, sponsors: &[u32]| {
        tenant.change_user(ids::agent_user(n), |user| {
            user.manager = manager.then(|| ids::human(1));
            user.sponsors = sponsors.iter().map(|n| ids::human(*n)).collect();
        })
    };
    let others = [tenant::DISABLED_IDENTITY, tenant::BANNED_IDENTITY, tenant::TAKEN_IDENTITY];
    let tenant = others.into_iter().fold(Tenant::contoso(0).populate(1, 6, 1), |tenant, n| {
        tenant.change_identity(n, |identity| identity.sponsors = humans(&[3]))
    });
    let tenant = of(of(of(tenant, 1, true, &[3]), 2, true, &[1]), 3, false, &[1]);
    of(of(of(tenant, 4, false, &[1, 3]), 5, false, &[3]), 6, false, &[1, 2])
}

fn shown_to_apps(shown: bool) -> Switches {
    Switches { sponsor_of_refused_to_apps: !shown, ..Switches::default() }
}

fn request(lines: &[&str], handed_over: HandedOver) -> HandoverRequest {
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    HandoverRequest::read(&lines, handed_over).unwrap()
}

fn one(handed_over: HandedOver) -> HandoverRequest {
    HandoverRequest::of_one(LEAVER, NEXT, handed_over).unwrap()
}

fn plan(world: &mut World, request: HandoverRequest) -> (Result<Plan, Problem>, Vec<Report>) {
    let ran = run(world, |graph, items: Items<Report>| flow::plan_handover(graph, request, items));
    (ran.result.unwrap(), ran.items)
}

fn apply_until(world: &mut World, plan: &Plan, interruption: Interruption) -> Option<(Summary, Vec<Report>)> {
    let (file, request) = (plan.to_file().into_bytes(), ApplyRequest::approved(plan.digest()));
    let flow = |graph: Graph, items: Items<Report>| flow::apply_plan(graph, file, request, items);
    let ran = run_interrupted(world, flow, interruption);
    let items = ran.items;
    ran.result.map(|result| (result.unwrap(), items))
}

fn apply(world: &mut World, plan: &Plan) -> (Summary, Vec<Report>) {
    apply_until(world, plan, Interruption::Never).unwrap()
}

type People = (Option<u32>, BTreeSet<ObjectId>, BTreeSet<ObjectId>);

/// Manager, sponsors, and the sponsors of the parent, of agent users 1 to 6.
fn people(world: &World) -> Vec<People> {
    let directory = world.network().directory();
    let number = |id: ObjectId| (1..=9).find(|n| ids::human(*n) == id).unwrap();
    let of = |n| {
        let user = directory.find_user(ids::agent_user(n)).unwrap();
        let parent = directory.find_principal(ids::identity(n)).unwrap();
        (user.manager.map(number), user.sponsors.clone(), parent.sponsors.clone())
    };
    (1..=6).map(of).collect()
}

fn humans(numbers: &[u32]) -> BTreeSet<ObjectId> {
    numbers.iter().map(|n| ids::human(*n)).collect()
}

fn handed_over() -> Vec<People> {
    let of = |manager, sponsors: &[u32]| (manager, humans(sponsors), humans(&[2]));
    vec![
        of(Some(2), &[3]),
        of(Some(2), &[2]),
        of(None, &[2]),
        of(None, &[2, 3]),
        of(None, &[3]),
        of(None, &[2]),
    ]
}

fn leaver(reports: &[Report]) -> &Report {
    reports.iter().find(|report| report.kind == Some(ObjectKind::Leaver)).unwrap()
}

#[test]
fn what_a_leaver_has_goes_to_another_and_nothing_else_changes() {
    for shown in [true, false] {
        let switches = shown_to_apps(shown);
        let mut world = world(tenant_of_leaver().switches(switches), Faults::none());
        let (made, reports) = plan(&mut world, one(HandedOver::Both));
        let made = made.unwrap();
        assert_eq!(writes(&world), 0);
        let identities = reports.iter().filter(|one| one.kind == Some(ObjectKind::AgentIdentity)).count();
        assert_eq!((identities, reports.len()), (6, 5 + 6 + 1), "{reports:#?}");
        let told: Vec<_> = leaver(&reports).remarks.iter().map(|one| one.message.as_str()).collect();
        assert_eq!(told[0], "It is the manager of 2 agent users, found by directReports.");
        let way = if shown { "found by sponsorOf" } else { "sponsorOf did not answer" };
        assert!(
            told[1].starts_with("It is a sponsor of 4 agent users and 6 agent identities")
                && told[1].contains(way),
            "{told:?}"
        );
        let (summary, _) = apply(&mut world, &made);
        assert_eq!((summary.changed, summary.failed, people(&world)), (11, 0, handed_over()));
        world.pass(Duration::from_secs(600));
        let written = writes(&world);
        assert_eq!((apply(&mut world, &made).0.unchanged, writes(&world)), (11, written));
        let (again, _) = plan(&mut world, one(HandedOver::Both));
        assert_eq!(again.unwrap().changes().len(), 0);
    }
}

#[test]
fn only_what_is_asked_for_is_handed_over() {
    let mut world = world(tenant_of_leaver(), Faults::none());
    let before = people(&world);
    let made = plan(&mut world, one(HandedOver::Manager)).0.unwrap();
    assert_eq!(made.changes().len(), 2);
    apply(&mut world, &made);
    let after: Vec<People> = before
        .into_iter()
        .map(|(manager, sponsors, parents)| (manager.map(|_| 2), sponsors, parents))
        .collect();
    assert_eq!(people(&world), after);
}

/// The one who follows must be there before the leaver goes.
#[test]
fn nobody_is_ever_without_a_sponsor_wherever_it_is_cut_short() {
    for after in 1..60 {
        for lag in [0, 30] {
            let tenant = tenant_of_leaver()
                .switches(shown_to_apps(true))
                .lag(Lag::seeded(after.into(), Duration::from_secs(lag)));
            let mut world = world(tenant, Faults::seeded(after.into(), 80).brisk());
            let made = plan(&mut world, one(HandedOver::Both)).0.unwrap();
            apply_until(&mut world, &made, Interruption::Dies { after });
            world.forget_hosts();
            assert!(
                people(&world).iter().all(|(_, own, parents)| !own.is_empty() && !parents.is_empty()),
                "{after}: {:?}",
                people(&world)
            );
            world.pass(Duration::from_secs(600));
            apply(&mut world, &made);
            world.pass(Duration::from_secs(600));
            let (summary, reports) = apply(&mut world, &made);
            assert_eq!((summary.failed, people(&world)), (0, handed_over()), "{after}: {reports:#?}");
        }
    }
}

#[test]
fn the_one_who_follows_is_looked_at_when_it_is_planned_and_when_it_is_applied() {
    let disabled = |tenant: Tenant| tenant.change_user(ids::human(2), |user| user.account_enabled = false);
    let mut world1 = world(disabled(tenant_of_leaver()), Faults::none());
    let (made, reports) = plan(&mut world1, one(HandedOver::Both));
    assert_eq!(made.unwrap().changes().len(), 0);
    let problem = leaver(&reports).problem.as_ref().unwrap();
    assert_eq!(problem.code(), Code::SuccessorUnusable);
    for (to, wanted) in [
        ("agent5@contoso.com", Code::SuccessorUnusable),
        ("nobody@contoso.com", Code::SponsorNotFound),
        ("group:60000000-0000-4000-8000-00000000dead", Code::SponsorNotFound),
    ] {
        let request = HandoverRequest::of_one(LEAVER, to, HandedOver::Sponsor).unwrap();
        let (_, reports) = plan(&mut world1, request);
        assert_eq!(leaver(&reports).problem.as_ref().unwrap().code(), wanted, "{to}");
    }
    // It is disabled after the plan was made.
    let mut world = world(tenant_of_leaver(), Faults::none());
    let made = plan(&mut world, one(HandedOver::Both)).0.unwrap();
    let before = people(&world);
    let admin = world.network_mut().directory_mut();
    let now = agentuser_core::Now { mono: Duration::from_secs(1), unix_ms: 1_780_272_001_000 };
    let body = json!({"accountEnabled": false}).to_string().into_bytes();
    let mut headers = agentuser_core::http::Headers::new();
    headers.push("Content-Type", "application/json");
    let url = format!("https://graph.microsoft.com/v1.0/users/{}", ids::human(2));
    let patch = agentuser_core::http::Request { method: Method::Patch, url, headers, body };
    assert!(admin.handle(now, Some(tenant::ADMIN), &patch).status < 300);
    world.pass(Duration::from_secs(600));
    let written = writes(&world);
    let (summary, reports) = apply(&mut world, &made);
    assert_eq!((summary.failed, writes(&world), people(&world)), (11, written, before));
    assert!(reports.iter().all(|one| one.problem.as_ref().unwrap().code() == Code::SuccessorUnusable));
}

#[test]
fn what_has_moved_since_the_plan_is_left_alone() {
    let mut world = world(tenant_of_leaver(), Faults::none());
    let made = plan(&mut world, one(HandedOver::Both)).0.unwrap();
    done(&mut world, &agentuser_scenarios::Mutation::SetManager("human4@contoso.com"), ids::agent_user(1));
    let third = "40000000-0000-4000-8000-000000000003";
    done(&mut world, &agentuser_scenarios::Mutation::AddSponsor(third), ids::agent_user(3));
    let leaver = "40000000-0000-4000-8000-000000000001";
    done(&mut world, &agentuser_scenarios::Mutation::RemoveSponsor(leaver), ids::agent_user(3));
    world.pass(Duration::from_secs(600));
    let (summary, reports) = apply(&mut world, &made);
    assert_eq!((summary.failed, summary.changed), (2, 9), "{reports:#?}");
    let now = people(&world);
    assert_eq!((now[0].0, now[2].1.clone()), (Some(4), humans(&[3])));
}

#[test]
fn parents_that_may_not_be_read_are_named_with_the_permission() {
    let token = Token::delegated(
        Some(ids::human(4)),
        ["AgentIdUser.ReadWrite.All", "User.Read.All", "Organization.Read.All"],
    );
    let tenant = tenant_of_leaver().token("t", token);
    let mut world = world_as(tenant, Faults::none(), "Bearer t");
    let (made, reports) = plan(&mut world, one(HandedOver::Both));
    let made = made.unwrap();
    assert!(made.changes().iter().all(|entry| entry.kind.is_none()));
    let unread = leaver(&reports).remarks.iter().find(|one| one.code == RemarkCode::NotHandedOver).unwrap();
    assert!(unread.message.contains("AgentIdentity.ReadWrite.All"), "{unread}");
    let (summary, _) = apply(&mut world, &made);
    assert_eq!((summary.changed, summary.failed), (5, 0));
}

#[test]
fn a_group_may_follow_and_may_leave() {
    let unified = |tenant: Tenant| {
        tenant.change_group(2, |group| {
            group.extras.insert("groupTypes".to_owned(), json!(["Unified"]));
        })
    };
    let group = format!("group:{}", ids::group(2));
    let mut world = world(unified(tenant_of_leaver()).switches(shown_to_apps(true)), Faults::none());
    let request = HandoverRequest::of_one(LEAVER, &group, HandedOver::Sponsor).unwrap();
    let made = plan(&mut world, request).0.unwrap();
    let (summary, reports) = apply(&mut world, &made);
    assert_eq!(summary.failed, 0, "{reports:#?}");
    assert!(people(&world)[1].1.contains(&ids::group(2)) && people(&world)[1].2.contains(&ids::group(2)));
    world.pass(Duration::from_secs(600));
    // A group has no relationship that leads to what it sponsors.
    let back = HandoverRequest::of_one(&group, NEXT, HandedOver::Both).unwrap();
    let (made, reports) = plan(&mut world, back);
    let told = &leaver(&reports).remarks[0].message;
    assert!(told.contains("because groups have no sponsorOf"), "{told}");
    assert_eq!(apply(&mut world, &made.unwrap()).0.failed, 0);
    assert!(
        people(&world)
            .iter()
            .all(|(_, own, parents)| { !own.contains(&ids::group(2)) && !parents.contains(&ids::group(2)) })
    );
}

#[test]
fn a_group_that_agent_identities_do_not_take_is_told_of_them_alone() {
    let group = format!("group:{}", ids::group(1));
    let mut world = world(tenant_of_leaver().switches(shown_to_apps(true)), Faults::none());
    let request = HandoverRequest::of_one(LEAVER, &group, HandedOver::Sponsor).unwrap();
    let (made, reports) = plan(&mut world, request);
    let identities: Vec<_> =
        reports.iter().filter(|one| one.kind == Some(ObjectKind::AgentIdentity)).collect();
    assert_eq!(identities.len(), 6);
    assert!(identities.iter().all(|one| one.problem.as_ref().unwrap().code() == Code::SuccessorUnusable));
    assert_eq!(apply(&mut world, &made.unwrap()).0.failed, 0);
    assert!(people(&world)[1].1.contains(&ids::group(1)));
}

#[test]
fn members_of_a_sponsoring_group_are_no_sponsors() {
    let tenant = tenant_of_leaver().switches(shown_to_apps(true));
    let tenant = tenant.change_user(ids::agent_user(5), |user| {
        user.sponsors.insert(ids::group(1));
    });
    let tenant = tenant.change_group(1, |group| {
        group.members.insert(ids::human(1));
    });
    let mut world = world(tenant, Faults::none());
    let made = plan(&mut world, one(HandedOver::Sponsor)).0.unwrap();
    assert!(made.changes().iter().all(|entry| entry.id != Some(ids::agent_user(5))));
}

#[test]
fn direct_reports_that_do_not_answer_are_found_by_lists() {
    let mut world = world(tenant_of_leaver(), Faults::none());
    let denied = ScriptedAnswer::error(403, "Authorization_RequestDenied", "Insufficient privileges.");
    world.network_mut().add_faults([Planned::answer(Method::Get, "/directReports", 1, denied)]);
    let (made, reports) = plan(&mut world, one(HandedOver::Both));
    let told = &leaver(&reports).remarks[0].message;
    assert!(told.contains("because directReports did not answer"), "{told}");
    apply(&mut world, &made.unwrap());
    assert_eq!(people(&world), handed_over());
}

#[test]
fn several_leavers_are_handed_over_at_once() {
    let mut world = world(tenant_of_leaver(), Faults::none());
    let lines = [
        "from,to",
        "# those of spring",
        "human1@contoso.com;human2@contoso.com",
        "",
        "human3@contoso.com\thuman4@contoso.com",
    ];
    let (made, reports) = plan(&mut world, request(&lines, HandedOver::Both));
    assert_eq!(reports.iter().filter(|one| one.kind == Some(ObjectKind::Leaver)).count(), 2);
    assert_eq!(apply(&mut world, &made.unwrap()).0.failed, 0);
    assert_eq!(people(&world)[3].1, humans(&[2, 4]));
    // By name and by id, the same leaver is one.
    let twice = format!("{},human2@contoso.com", ids::human(1));
    let (made, _) =
        plan(&mut world, request(&[&twice, "human1@contoso.com,human4@contoso.com"], HandedOver::Both));
    assert_eq!(code(made), Code::Invalid);
}

#[test]
fn every_error_of_a_file_is_told_at_once_with_its_line() {
    let lines = [
        "from,to",
        "human1@contoso.com",
        "human1@contoso.com,group:nonsense",
        "human2@contoso.com,human3@contoso.com",
        "HUMAN2@contoso.com,human4@contoso.com",
        "human3@contoso.com,human3@contoso.com",
        "a@contoso.com,group:60000000-0000-4000-8000-000000000001",
    ];
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    let broken = HandoverRequest::read(&lines, HandedOver::Both).unwrap_err();
    let places: Vec<&str> = broken.iter().map(|one| &*one.field).collect();
    for line in [1, 2, 3, 4, 5, 6] {
        assert!(places.contains(&format!("leavers[{line}]").as_str()), "{line}: {broken:#?}");
    }
    assert!(broken.iter().all(|one| one.message.starts_with("Line ") && !one.fix.is_empty()));
    assert!(HandoverRequest::read(&[], HandedOver::Both).is_err());
}

#[test]
fn the_outcome_of_a_plan_says_what_is_to_change() {
    let mut world = world(tenant_of_leaver(), Faults::none());
    let (_, reports) = plan(&mut world, one(HandedOver::Both));
    let planned = reports.iter().filter(|one| one.outcome == Outcome::Planned).count();
    assert_eq!(planned, 11);
    let changes: Vec<String> = reports
        .iter()
        .find(|one| one.id == Some(ids::agent_user(2)))
        .unwrap()
        .changes
        .iter()
        .map(|entry| entry.change.to_string())
        .collect();
    assert_eq!(
        changes,
        [
            "set manager to human2@contoso.com",
            "add sponsor human2@contoso.com",
            "remove sponsor human1@contoso.com"
        ]
    );
}
