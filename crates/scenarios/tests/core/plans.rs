//! Plans: made, looked at, applied; refused where something is not as it was looked at.

use crate::common::*;
use agentuser_core::ObjectId;
use agentuser_core::flow::{
    self, ApplyRequest, Change, Outcome, PlanRequest, Report, RetireOptions, RetiredUntil, RosterRequest,
    Summary, VerbArguments,
};
use agentuser_core::http::Method;
use agentuser_core::model::{Member, MemberValue, SkuRef, UserRef};
use agentuser_core::operation::{Graph, Items};
use agentuser_core::plan::{Plan, PlanLimits};
use agentuser_core::problem::{Code, Problem};
use agentuser_scenarios::Mutation;
use agentuser_simulator::{Fault, Faults, Interruption, Life, Planned, World, ids};
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;

const FOUR: ObjectId = ids::agent_user(4);

fn plan(world: &mut World, arguments: VerbArguments, users: &[ObjectId]) -> (Plan, Vec<Report>) {
    let users = users.iter().copied().map(UserRef::Id).collect();
    let request = PlanRequest { arguments, users };
    let ran = run(world, |graph: Graph, items: Items<Report>| flow::plan(graph, request, items));
    (ran.result.unwrap().unwrap(), ran.items)
}

fn apply(world: &mut World, plan: &Plan) -> (Summary, Vec<Report>) {
    let (summary, reports) = try_apply(world, plan.to_file(), ApplyRequest::approved(plan.digest()));
    (summary.unwrap(), reports)
}

fn try_apply(
    world: &mut World,
    file: String,
    request: ApplyRequest,
) -> (Result<Summary, Problem>, Vec<Report>) {
    let flow =
        |graph: Graph, items: Items<Report>| flow::apply_plan(graph, file.into_bytes(), request, items);
    let ran = run(world, flow);
    (ran.result.unwrap(), ran.items)
}

/// A plan that was changed by hand, with the digest that it has then.
fn by_hand(plan: &Plan, from: &str, to: &str) -> (String, String) {
    let text = plan.to_file();
    assert!(text.contains(from), "{text}");
    let text = text.replace(from, to);
    let Err(problem) = Plan::read(text.as_bytes(), &PlanLimits::default()) else { panic!("{text}") };
    assert_eq!(problem.code(), Code::PlanChanged);
    let digest = problem.message().rsplit(' ').next().unwrap().trim_end_matches('.').to_owned();
    (text.replace(plan.digest(), &digest), digest)
}

fn disabled() -> Mutation {
    update([(Member::AccountEnabled, MemberValue::Flag(false))])
}

fn codes(reports: &[Report]) -> Vec<Option<Code>> {
    reports.iter().map(|report| report.problem.as_ref().map(Problem::code)).collect()
}

#[test]
fn a_plan_changes_nothing_and_applying_it_makes_its_changes_alone() {
    for (arguments, users, mutation) in [
        (VerbArguments::Delete, [ONE, TWO], Mutation::Delete),
        (VerbArguments::Disable, [ONE, TWO], disabled()),
        (
            VerbArguments::License { add: vec![SkuRef::parse("AGENT_365").into()], remove: Vec::new() },
            [TWO, FOUR],
            Mutation::AddLicense("AGENT_365"),
        ),
    ] {
        let mut world = world(populated(), Faults::none());
        let before = state(&world);
        let (plan, reports) = plan(&mut world, arguments, &users);
        assert!(reports.iter().all(|report| report.outcome == Outcome::Planned), "{reports:?}");
        assert_eq!((writes(&world), state(&world)), (0, before), "{mutation:?}");
        let others: Vec<_> = world.network().directory().all_users().map(|user| user.id).collect();
        let others: Vec<_> = others.into_iter().filter(|id| !users.contains(id)).collect();
        let kept = |world: &World| {
            let user = |id: &ObjectId| format!("{:?}", world.network().directory().find_user(*id));
            others.iter().map(user).collect::<Vec<_>>()
        };
        let untouched = kept(&world);
        let (summary, _) = apply(&mut world, &plan);
        assert_eq!((summary.rows, summary.changed, summary.failed), (2, 2, 0), "{mutation:?}");
        assert!(users.iter().all(|id| is_so(&mutation, &world, *id)), "{mutation:?}");
        assert_eq!(kept(&world), untouched, "{mutation:?}");
        // Applied again, there is nothing left to do.
        let before = writes(&world);
        let (again, _) = apply(&mut world, &plan);
        assert_eq!((again.unchanged, again.failed, writes(&world)), (2, 0, before), "{mutation:?}");
    }
}

#[test]
fn retiring_is_planned_and_goes_on_where_it_stopped() {
    for until in [RetiredUntil::Disabled, RetiredUntil::Deleted, RetiredUntil::Purged] {
        for after in [3, 7, 11, 15] {
            let mut world = world(populated(), Faults::none());
            let options = RetireOptions { until, accept_data_loss: true, ..RetireOptions::default() };
            let (plan, reports) = plan(&mut world, VerbArguments::Retire(options), &[ONE, TWO, FOUR]);
            assert!(reports.iter().all(|report| !report.remarks.is_empty()), "{reports:?}");
            let (file, request) = (plan.to_file(), ApplyRequest::approved(plan.digest()));
            let flow = |graph: Graph, items: Items<Report>| {
                flow::apply_plan(graph, file.into_bytes(), request, items)
            };
            run_interrupted(&mut world, flow, Interruption::Dies { after });
            world.forget_hosts();
            world.pass(Duration::from_secs(600));
            let (summary, reports) = apply(&mut world, &plan);
            assert_eq!(summary.failed, 0, "{until:?} {after}: {reports:?}");
            let retired = Mutation::Retire(options);
            assert!([ONE, TWO, FOUR].iter().all(|id| is_so(&retired, &world, *id)), "{until:?} {after}");
            world.pass(Duration::from_secs(600));
            let before = writes(&world);
            assert_eq!(
                (apply(&mut world, &plan).0.unchanged, writes(&world)),
                (3, before),
                "{until:?} {after}"
            );
        }
    }
}

#[test]
fn the_recycle_bin_is_planned_for() {
    let mut world = world(populated(), Faults::none());
    let restore = VerbArguments::Restore { auto_reconcile_proxy_conflict: false };
    let (back, _) = plan(&mut world, restore, &[BINNED]);
    let (gone, _) = plan(&mut world, VerbArguments::Purge, &[BINNED]);
    assert_eq!(apply(&mut world, &back).0.changed, 1);
    // It was restored since, so the other plan has nothing to stand on.
    let (summary, reports) = apply(&mut world, &gone);
    assert_eq!((summary.failed, codes(&reports)), (1, vec![Some(Code::NotAsPlanned)]));
    assert!(is_so(&Mutation::Restore, &world, BINNED));
    done(&mut world, &Mutation::Delete, BINNED);
    // It was deleted again, at another time.
    let (summary, reports) = apply(&mut world, &gone);
    assert_eq!((summary.failed, codes(&reports)), (1, vec![Some(Code::NotAsPlanned)]));
    let (gone, _) = plan(&mut world, VerbArguments::Purge, &[BINNED]);
    assert_eq!(apply(&mut world, &gone).0.changed, 1);
    assert!(is_so(&Mutation::Purge, &world, BINNED));
    assert_eq!(apply(&mut world, &gone).0.unchanged, 1);
}

#[test]
fn what_has_moved_is_left_alone_and_told() {
    let moves: [(Mutation, VerbArguments); 5] = [
        (disabled(), VerbArguments::Delete),
        (update([(Member::UserPrincipalName, text("other@contoso.com"))]), VerbArguments::Delete),
        (Mutation::Delete, VerbArguments::Disable),
        (
            Mutation::RemoveLicense("AGENT_365"),
            VerbArguments::License { add: Vec::new(), remove: vec![SkuRef::parse("AGENT_365")] },
        ),
        (Mutation::Purge, VerbArguments::Delete),
    ];
    for (mutation, arguments) in moves {
        let mut world = world(populated(), Faults::none());
        let (plan, _) = plan(&mut world, arguments.clone(), &[ONE, TWO]);
        let purges = mutation == Mutation::Purge;
        if purges {
            done(&mut world, &Mutation::Delete, ONE);
        }
        done(&mut world, &mutation, ONE);
        world.pass(Duration::from_secs(600));
        let before = writes(&world);
        let (summary, reports) = apply(&mut world, &plan);
        let one = reports.iter().find(|report| report.id == Some(ONE)).unwrap();
        let code = one.problem.as_ref().map(Problem::code);
        // A license that is gone already is what the plan asks for.
        let is_so = matches!(mutation, Mutation::RemoveLicense(_));
        let expected = (!is_so).then_some(Code::NotAsPlanned);
        assert_eq!(code, expected, "{mutation:?}, {arguments:?}: {one:?}");
        assert_eq!(summary.failed, usize::from(!is_so), "{mutation:?}");
        assert!(writes(&world) - before <= 1, "{mutation:?}, {arguments:?}");
    }
}

#[test]
fn a_member_that_was_changed_since_is_not_overwritten() {
    let mut world = world(populated(), Faults::none());
    let (plan, _) = plan(&mut world, VerbArguments::Disable, &[ONE]);
    let (text, digest) = by_hand(
        &plan,
        r#""member":"accountEnabled","from":true,"to":false"#,
        r#""member":"jobTitle","from":"Clerk","to":"Pilot""#,
    );
    done(&mut world, &set_job("Boss"), ONE);
    let (summary, reports) = try_apply(&mut world, text.clone(), ApplyRequest::approved(&digest));
    assert_eq!((summary.unwrap().failed, codes(&reports)), (1, vec![Some(Code::NotAsPlanned)]));
    assert!(is_so(&set_job("Boss"), &world, ONE));
    done(&mut world, &set_job("Clerk"), ONE);
    let (summary, _) = try_apply(&mut world, text, ApplyRequest::approved(&digest));
    assert_eq!(summary.unwrap().changed, 1);
    assert!(is_so(&set_job("Pilot"), &world, ONE));
}

#[test]
fn a_plan_that_was_not_approved_is_refused_before_anything_is_changed() {
    let mut world = world(populated(), Faults::none());
    let (plan, _) = plan(&mut world, VerbArguments::Delete, &[ONE]);
    let good = ApplyRequest::approved(plan.digest());
    let other = ApplyRequest::approved("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
    let edited = plan.to_file().replace(&ONE.to_string(), &TWO.to_string());
    for (file, request, code) in [
        (plan.to_file(), other, Code::PlanNotApproved),
        (edited, good.clone(), Code::PlanChanged),
        ("{}".to_owned(), good.clone(), Code::PlanUnreadable),
        ("no plan".to_owned(), good.clone(), Code::PlanUnreadable),
        (plan.to_file().replace("\"version\": 1", "\"version\": 2"), good.clone(), Code::PlanUnreadable),
        (
            plan.to_file(),
            ApplyRequest { limits: PlanLimits { bytes: 10, ..PlanLimits::default() }, ..good.clone() },
            Code::InputTooLarge,
        ),
    ] {
        let (result, reports) = try_apply(&mut world, file, request);
        assert_eq!((self::code(result), reports.len(), writes(&world)), (code, 0, 0));
    }
    world.pass(Duration::from_secs(8 * 24 * 3600));
    let (result, _) = try_apply(&mut world, plan.to_file(), good.clone());
    assert_eq!((code(result), writes(&world)), (Code::PlanTooOld, 0));
    let (result, _) = try_apply(&mut world, plan.to_file(), ApplyRequest { max_age_days: 9, ..good });
    assert_eq!(result.unwrap().changed, 1);
}

#[test]
fn a_plan_of_another_tenant_is_refused() {
    let mut world = world(populated(), Faults::none());
    let (plan, _) = plan(&mut world, VerbArguments::Delete, &[ONE]);
    let (file, digest) = by_hand(&plan, &plan.tenant_id().to_string(), &ONE.to_string());
    let (result, _) = try_apply(&mut world, file, ApplyRequest::approved(digest));
    assert_eq!((code(result), writes(&world)), (Code::PlanOfAnotherTenant, 0));
}

#[test]
fn one_that_has_a_problem_is_reported_and_not_in_the_plan() {
    let mut world = world(populated(), Faults::none());
    let nobody = ids::agent_user(77);
    let (plan, reports) = plan(&mut world, VerbArguments::Delete, &[ONE, nobody, ids::human(1), ONE, TWO]);
    let planned: Vec<_> = plan.changes().iter().filter_map(|entry| entry.id).collect();
    assert_eq!(planned, [ONE, TWO]);
    let mut reports: Vec<_> = reports.into_iter().map(|report| (report.row, report.problem)).collect();
    reports.sort_by_key(|(row, _)| *row);
    let codes: Vec<_> =
        reports.into_iter().map(|(_, problem)| problem.map(|problem| problem.code())).collect();
    assert_eq!(codes, [None, Some(Code::NotFound), Some(Code::NotAnAgentUser), None, None]);
}

#[test]
fn a_dry_run_says_what_is_left() {
    let mut world = world(populated(), Faults::none());
    let (plan, _) = plan(&mut world, VerbArguments::Delete, &[ONE, TWO]);
    done(&mut world, &Mutation::Delete, ONE);
    let request = ApplyRequest { dry_run: true, ..ApplyRequest::approved(plan.digest()) };
    let before = writes(&world);
    let (summary, _) = try_apply(&mut world, plan.to_file(), request);
    let summary = summary.unwrap();
    assert_eq!((summary.planned, summary.unchanged, writes(&world)), (1, 1, before));
}

#[test]
fn the_objects_that_are_named_alone_are_changed() {
    let mut world = world(populated(), Faults::none());
    let (plan, _) = plan(&mut world, VerbArguments::Disable, &[ONE, TWO, FOUR]);
    let only = |numbers: &[usize]| ApplyRequest {
        only: Some(numbers.iter().copied().collect()),
        ..ApplyRequest::approved(plan.digest())
    };
    let (result, _) = try_apply(&mut world, plan.to_file(), only(&[2, 4]));
    let problem = result.unwrap_err();
    assert_eq!((problem.code(), problem.field(), writes(&world)), (Code::Invalid, Some("only"), 0));
    let (result, reports) = try_apply(&mut world, plan.to_file(), only(&[3, 2]));
    assert_eq!(result.unwrap().changed, 2);
    let named: BTreeSet<_> = reports.iter().map(|report| (report.row, report.id)).collect();
    assert_eq!(named, BTreeSet::from([(Some(2), Some(TWO)), (Some(3), Some(FOUR))]));
    let is_disabled = |id| is_so(&disabled(), &world, id);
    assert_eq!([ONE, TWO, FOUR].map(is_disabled), [false, true, true]);
    let (result, reports) = try_apply(&mut world, plan.to_file(), only(&[]));
    assert_eq!((result.unwrap().rows, reports.len()), (0, 0));
}

#[test]
fn a_lost_answer_is_no_reason_to_do_it_twice_or_not_at_all() {
    for fault in [Fault::LostAnswer, Fault::Reset] {
        let mut world = world(populated(), Faults::none());
        let (plan, _) = plan(&mut world, VerbArguments::Delete, &[ONE, TWO]);
        world.network_mut().add_faults([Planned::new(Method::Delete, "/users/", 1, fault)]);
        let (summary, reports) = apply(&mut world, &plan);
        assert_eq!((summary.changed, summary.failed), (2, 0), "{fault:?}: {reports:?}");
    }
}

#[test]
fn cancelled_on_its_way_it_goes_on_where_it_stopped() {
    for after in [2, 4, 6, 9] {
        let mut world = world(populated(), Faults::none());
        let (plan, _) = plan(&mut world, VerbArguments::Delete, &[ONE, TWO, FOUR]);
        let (file, request) = (plan.to_file(), ApplyRequest::approved(plan.digest()));
        let flow =
            |graph: Graph, items: Items<Report>| flow::apply_plan(graph, file.into_bytes(), request, items);
        run_interrupted(&mut world, flow, Interruption::Dies { after });
        world.forget_hosts();
        world.pass(Duration::from_secs(600));
        assert_eq!(apply(&mut world, &plan).0.failed, 0, "{after}");
        assert!([ONE, TWO, FOUR].iter().all(|id| is_so(&Mutation::Delete, &world, *id)), "{after}");
    }
}

#[test]
fn the_plan_of_a_roster_holds_the_roster() {
    let mut world = world(populated().identity(6, 1), Faults::none());
    let csv = "identityParentId,userPrincipalName,displayName,jobTitle,manager,licenses,usageLocation\n";
    let row = |n: u32, name: &str, job: &str, manager: &str| {
        format!("{},{name}@contoso.com,{name},{job},{manager},AGENT_365,DE\n", ids::identity(n))
    };
    let csv = format!("{csv}{}{}", row(1, "agent1", "Pilot", ""), row(6, "new", "", "agent1@contoso.com"));
    let bytes = csv.clone().into_bytes();
    let request = RosterRequest::default();
    let flow = |graph: Graph, items: Items<Report>| flow::plan_roster(graph, bytes, request, items);
    let plan: Plan = run(&mut world, flow).result.unwrap().unwrap();
    assert_eq!(writes(&world), 0);
    assert_eq!(plan.arguments().get("roster"), Some(&Value::from(csv)));
    let changes: Vec<_> = plan.changes().iter().map(|entry| (entry.row, entry.change.to_string())).collect();
    let creates = "create new@contoso.com (new)".to_owned();
    assert!(changes.contains(&(Some(3), creates)), "{changes:?}");
    // The first row's agent user is changed before the plan is applied.
    done(&mut world, &set_job("Boss"), ONE);
    let (summary, reports) = apply(&mut world, &plan);
    assert_eq!((summary.created, summary.failed), (1, 1), "{reports:?}");
    let moved = reports.iter().find(|report| report.row == Some(2)).unwrap();
    assert_eq!(moved.problem.as_ref().map(Problem::code), Some(Code::NotAsPlanned));
    assert!(is_so(&set_job("Boss"), &world, ONE));
    done(&mut world, &set_job("Clerk"), ONE);
    // The rows that are named are applied alone.
    let named = |rows: &[usize]| ApplyRequest {
        only: Some(rows.iter().copied().collect()),
        ..ApplyRequest::approved(plan.digest())
    };
    let (summary, reports) = try_apply(&mut world, plan.to_file(), named(&[3]));
    assert_eq!((summary.unwrap().unchanged, reports.first().and_then(|report| report.row)), (1, Some(3)));
    assert!(is_so(&set_job("Clerk"), &world, ONE));
    let (result, _) = try_apply(&mut world, plan.to_file(), named(&[1]));
    assert_eq!(result.unwrap_err().field(), Some("only"));
    let (summary, _) = apply(&mut world, &plan);
    assert_eq!((summary.changed, summary.unchanged, summary.failed), (1, 1, 0));
    assert_eq!(apply(&mut world, &plan).0.unchanged, 2);
}

#[test]
fn a_plan_is_read_as_it_was_written() {
    let mut world = world(populated(), Faults::none());
    let license = VerbArguments::License {
        add: vec!["AGENT_MESSAGING".parse().unwrap()],
        remove: vec![SkuRef::parse("AGENT_365")],
    };
    for (arguments, user) in [
        (VerbArguments::Delete, ONE),
        (VerbArguments::Purge, BINNED),
        (VerbArguments::Restore { auto_reconcile_proxy_conflict: true }, BINNED),
        (license, ONE),
    ] {
        let (plan, reports) = plan(&mut world, arguments, &[user]);
        assert!(!plan.changes().is_empty(), "{reports:?}");
        let limits = PlanLimits::default();
        assert_eq!(Plan::read(plan.to_file().as_bytes(), &limits).unwrap(), plan);
        // The layout does not count.
        let compact: Value = serde_json::from_str(&plan.to_file()).unwrap();
        assert_eq!(Plan::read(compact.to_string().as_bytes(), &limits).unwrap(), plan);
    }
    let life = world.network().directory().find_user(BINNED).map(|user| user.life);
    assert!(matches!(life, Some(Life::Deleted(_))));
    assert!(!Change::Delete.to_string().is_empty());
}
