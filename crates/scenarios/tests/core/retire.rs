//! Retiring: how far, what is lost, and what is said before.

use crate::common::*;
use agentuser_core::flow::{
    self, Change, Outcome, Report, RetireOptions, RetiredUntil, Summary, UndoRequest,
};
use agentuser_core::http::Method;
use agentuser_core::model::{Member, UserRef};
use agentuser_core::operation::{Graph, Items};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::remark::RemarkCode;
use agentuser_simulator::{Fault, Faults, Interruption, Life, Planned, ScriptedAnswer, Switches, World, ids};
use serde_json::json;
use std::time::Duration;

fn options(until: RetiredUntil) -> RetireOptions {
    RetireOptions { until, accept_data_loss: true, ..RetireOptions::default() }
}

fn retire(world: &mut World, options: RetireOptions, dry_run: bool) -> Result<Report, Problem> {
    let flow = move |graph| async move { flow::retire(&graph, &UserRef::Id(ONE), options, dry_run).await };
    result(world, flow)
}

fn applied(report: &Report) -> Vec<String> {
    report.changes.iter().filter(|entry| entry.applied).map(|entry| entry.change.to_string()).collect()
}

const DISABLE: &str = "set accountEnabled from true to false";
const SIGN_OUT: &str = "end its sign-in sessions";
const UNLICENSE: &str = "remove license AGENT_365";

#[test]
fn each_goes_as_far_as_is_asked_for_and_no_further() {
    let freeing = RetireOptions { free_seats: true, ..options(RetiredUntil::Deleted) };
    for (options, changes, licensed) in [
        (options(RetiredUntil::Disabled), vec![DISABLE, SIGN_OUT], true),
        (options(RetiredUntil::Deleted), vec![DISABLE, SIGN_OUT, "delete"], true),
        (freeing, vec![DISABLE, SIGN_OUT, UNLICENSE, "delete"], false),
        (options(RetiredUntil::Purged), vec![DISABLE, SIGN_OUT, "delete", "delete for ever"], true),
        (options(RetiredUntil::Unlicensed), vec![DISABLE, SIGN_OUT, UNLICENSE], false),
    ] {
        let mut world = world(populated(), Faults::none());
        let dry = retire(&mut world, options, true).unwrap();
        assert_eq!((dry.outcome, writes(&world)), (Outcome::Planned, 0), "{options:?}");
        let planned: Vec<_> = dry.changes.iter().map(|entry| entry.change.to_string()).collect();
        assert_eq!(planned, changes, "{options:?}");
        let report = retire(&mut world, options, false).unwrap();
        assert_eq!(
            (applied(&report), report.outcome),
            (changes.iter().map(ToString::to_string).collect(), Outcome::Changed)
        );
        let user = world.network().directory().find_user(ONE).unwrap();
        let life = match options.until {
            RetiredUntil::Deleted => matches!(user.life, Life::Deleted(_)),
            RetiredUntil::Purged => user.life == Life::Gone,
            _ => user.life.is_live(),
        };
        assert!(life, "{options:?}: {:?}", user.life);
        assert_eq!((user.account_enabled, !user.licenses.is_empty()), (false, licensed), "{options:?}");
        // Its manager and sponsors stay with it.
        assert!(user.manager.is_some() && !user.sponsors.is_empty(), "{options:?}");
        assert!(world.network().directory().find_user(TWO).unwrap().account_enabled);
        world.pass(Duration::from_secs(600));
        let before = writes(&world);
        let again = retire(&mut world, options, false);
        match options.until {
            RetiredUntil::Purged => assert_eq!(code(again), Code::NotFound),
            RetiredUntil::Deleted => {
                assert_eq!((again.unwrap().outcome, writes(&world)), (Outcome::Unchanged, before));
            }
            _ => assert_eq!(applied(&again.unwrap()), [SIGN_OUT]),
        }
    }
}

#[test]
fn what_loses_data_wants_a_word() {
    let mut world = world(populated(), Faults::none());
    let free = RetireOptions { free_seats: true, ..RetireOptions::default() };
    let until = |until| RetireOptions { until, ..RetireOptions::default() };
    for options in [free, until(RetiredUntil::Purged), until(RetiredUntil::Unlicensed)] {
        let problem = retire(&mut world, options, false).unwrap_err();
        assert_eq!((problem.code(), problem.field()), (Code::Invalid, Some("acceptDataLoss")));
        assert!(problem.fix().contains("--accept-data-loss"), "{problem:?}");
    }
    assert_eq!(writes(&world), 0);
}

#[test]
fn what_is_lost_and_whose_manager_it_was_is_said_before() {
    let reports =
        |tenant: agentuser_simulator::Tenant| tenant.change_user(TWO, |user| user.manager = Some(ONE));
    let mut world = world(reports(populated()), Faults::none());
    // Until there is a mailbox.
    world.pass(Duration::from_secs(2 * 24 * 3600));
    let dry = retire(&mut world, RetireOptions::default(), true).unwrap();
    let said = |code| {
        let of = |report: &Report| {
            report.remarks.iter().find(|one| one.code == code).map(|one| one.message.clone())
        };
        of(&dry)
    };
    let loses = said(RemarkCode::RetirementLoses).unwrap();
    assert!(loses.contains("Until 20") && loses.contains("licenses, groups and mailbox"), "{loses}");
    let manager = said(RemarkCode::ManagerOfOthers).unwrap();
    assert!(manager.contains("agent2@contoso.com"), "{manager}");
    // It has a license and so a mailbox.
    let commands = said(RemarkCode::OnlyExchangeCan).unwrap();
    assert!(commands.contains("Set-Mailbox -Identity agent1@contoso.com -Type Shared"), "{commands}");
}

#[test]
fn what_may_not_be_read_is_said_and_ends_nothing() {
    let mut world = world(populated(), Faults::none());
    let denied = ScriptedAnswer::error(403, "Authorization_RequestDenied", "Insufficient privileges.");
    world.network_mut().add_faults([Planned::answer(Method::Get, "/directReports", 1, denied)]);
    let report = retire(&mut world, RetireOptions::default(), false).unwrap();
    assert_eq!(report.outcome, Outcome::Changed, "{report:?}");
    let unread = report
        .remarks
        .iter()
        .any(|one| one.code == RemarkCode::ManagerOfOthers && one.message.contains("not read"));
    assert!(unread, "{report:?}");
}

#[test]
fn a_refusal_on_the_way_keeps_what_was_done() {
    let switches = Switches { permanent_delete_refused_to_apps: true, ..Switches::default() };
    let mut world = with(switches);
    let report = retire(&mut world, options(RetiredUntil::Purged), false).unwrap();
    assert_eq!(applied(&report), [DISABLE, SIGN_OUT, "delete"]);
    assert_eq!(report.outcome, Outcome::Failed);
    assert!(report.problem.is_some_and(|problem| !problem.fix().is_empty()));
}

#[test]
fn killed_anywhere_it_goes_on_where_it_stopped() {
    for after in 1..8 {
        let mut world = world(populated(), Faults::none());
        let flow = |graph: agentuser_core::operation::Graph, _: agentuser_core::operation::Items<()>| async move {
            flow::retire(&graph, &UserRef::Id(ONE), RetireOptions::default(), false).await
        };
        run_interrupted(&mut world, flow, Interruption::Dies { after });
        world.forget_hosts();
        world.pass(Duration::from_secs(600));
        let report = retire(&mut world, RetireOptions::default(), false).unwrap();
        assert!(report.problem.is_none(), "{after}: {report:?}");
        let user = world.network().directory().find_user(ONE).unwrap();
        assert!(matches!(user.life, Life::Deleted(_)) && !user.account_enabled, "{after}");
    }
}

#[test]
fn sessions_are_ended_and_a_lost_answer_is_sent_again() {
    let mut world = world(populated(), Faults::none());
    world.network_mut().add_faults([Planned::new(
        Method::Post,
        "/revokeSignInSessions",
        1,
        Fault::LostAnswer,
    )]);
    let revoke =
        |dry_run| move |graph| async move { flow::revoke_sessions(&graph, &UserRef::Id(ONE), dry_run).await };
    let dry: Report = result(&mut world, revoke(true)).unwrap();
    assert_eq!((dry.outcome, writes(&world)), (Outcome::Planned, 0));
    let report: Report = result(&mut world, revoke(false)).unwrap();
    assert_eq!(
        report.changes.iter().map(|entry| &entry.change).collect::<Vec<_>>(),
        [&Change::RevokeSessions]
    );
    assert_eq!((report.outcome, writes(&world)), (Outcome::Changed, 2));
    let human =
        move |graph| async move { flow::revoke_sessions(&graph, &UserRef::Id(ids::human(1)), false).await };
    assert_eq!(code(result::<Report, _, _>(&mut world, human)), Code::NotAnAgentUser);
}

fn restore(world: &mut World, reports: &str) -> (Result<Summary, Problem>, Vec<Report>) {
    let bytes = reports.as_bytes().to_vec();
    let flow = |graph: Graph, items: Items<Report>| {
        flow::restore_reported(graph, bytes, UndoRequest::default(), items)
    };
    let ran = run(world, flow);
    (ran.result.unwrap(), ran.items)
}

#[test]
fn what_a_report_says_was_taken_comes_back() {
    let free = RetireOptions { free_seats: true, ..options(RetiredUntil::Deleted) };
    for options in
        [RetireOptions::default(), options(RetiredUntil::Disabled), options(RetiredUntil::Unlicensed), free]
    {
        let mut world = world(populated(), Faults::none());
        let before = state(&world);
        let report = retire(&mut world, options, false).unwrap();
        assert_ne!(state(&world), before, "{options:?}");
        let json = serde_json::to_string(&report).unwrap();
        let request = UndoRequest { dry_run: true, ..UndoRequest::default() };
        let (bytes, writes_before) = (json.clone().into_bytes(), writes(&world));
        let dry = run(&mut world, |graph: Graph, items: Items<Report>| {
            flow::restore_reported(graph, bytes, request, items)
        });
        assert_eq!((dry.result.unwrap().unwrap().planned, writes(&world)), (1, writes_before), "{options:?}");
        let (summary, reports) = restore(&mut world, &json);
        assert_eq!(summary.unwrap().changed, 1, "{options:?}: {reports:?}");
        assert_eq!(state(&world), before, "{options:?}");
        world.pass(Duration::from_secs(600));
        let (summary, reports) = restore(&mut world, &format!("[{json},{json}]"));
        assert_eq!(summary.unwrap().unchanged, 1, "{options:?}: {reports:?}");
    }
}

/// The answer to the deletion was lost with the run that asked for it, and the next run found nothing to do.
#[test]
fn a_deletion_of_unknown_outcome_is_taken_back_whether_it_was_made_or_not() {
    for until in [RetiredUntil::Deleted, RetiredUntil::Disabled] {
        let mut world = world(populated(), Faults::none());
        let before = state(&world);
        let mut report = serde_json::to_value(retire(&mut world, options(until), false).unwrap()).unwrap();
        let changes = report["changes"].as_array_mut().unwrap();
        changes.retain(|change| change["change"] != "delete");
        changes.push(json!({"change": "delete", "applied": false}));
        report["problem"] = json!({"code": "OutcomeUnknown"});
        let (summary, reports) = restore(&mut world, &report.to_string());
        assert_eq!(summary.unwrap().changed, 1, "{until:?}: {reports:?}");
        assert_eq!(state(&world), before, "{until:?}");
    }
}

#[test]
fn one_whose_name_is_taken_comes_back_with_a_number() {
    let mut world = world(populated(), Faults::none());
    let report = retire(&mut world, RetireOptions::default(), false).unwrap();
    let taken = update([(Member::UserPrincipalName, text("agent1@contoso.com"))]);
    done(&mut world, &taken, TWO);
    let (summary, reports) = restore(&mut world, &serde_json::to_string(&report).unwrap());
    assert_eq!(summary.unwrap().changed, 1, "{reports:?}");
    assert_eq!(reports[0].user_principal_name, "agent1.2@contoso.com");
    let user = world.network().directory().find_user(ONE).unwrap();
    assert_eq!((user.user_principal_name.as_str(), user.account_enabled), ("agent1.2@contoso.com", true));
}

#[test]
fn what_can_not_be_brought_back_is_said() {
    let mut world = world(populated(), Faults::none());
    let dry = serde_json::to_string(&retire(&mut world, RetireOptions::default(), true).unwrap()).unwrap();
    let report = retire(&mut world, options(RetiredUntil::Purged), false).unwrap();
    let json = serde_json::to_string(&report).unwrap();
    let (summary, reports) = restore(&mut world, &json);
    assert_eq!(summary.unwrap().failed, 1);
    assert_eq!(reports[0].problem.as_ref().map(Problem::code), Some(Code::DeletedItemNotFound));
    for other in ["", "{", "7", "{}", r#"{"changes":[{"change":"delete","applied":true}]}"#, dry.as_str()] {
        let before = writes(&world);
        let (result, _) = restore(&mut world, other);
        assert_eq!((code(result), writes(&world)), (Code::ReportUnreadable, before), "{other}");
    }
}
