//! The traces of a run: records that say who changed what, also where the outcome is unknown; ids of runs and
//! requests; exact counts; and a refusal that is every row's, met once.

use crate::common::*;
use agentuser_core::flow::{self, Outcome, Readiness, Report, Summary};
use agentuser_core::http::Method;
use agentuser_core::operation::{
    ChangeOutcome, ChangeRecord, Items, Limits, Record, Recording, Session, TokenTag,
};
use agentuser_core::problem::Code;
use agentuser_core::remark::RemarkCode;
use agentuser_core::token::TokenFacts;
use agentuser_simulator::{Fault, Faults, Planned, Ran, Tenant, World, tenant};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const CREATE: &str = "/users/microsoft.graph.agentUser";

/// A session that knows the claims of the token that a world sends.
fn session_with(claims: &str) -> Session {
    let session = session();
    let token = format!("eyJhbGciOiJub25lIn0.{}.c2ln", URL_SAFE_NO_PAD.encode(claims));
    session.note_token(TokenTag(1), TokenFacts::read(&token));
    session
}

/// Applies so many rows with four requests in flight.
fn apply(world: &mut World, session: &Session, rows: u32) -> (Summary, Ran<Report, Summary>) {
    let roster = roster(&(1..=rows).map(Want::new).collect::<Vec<_>>());
    let limits = Limits { batch: 1, in_flight: 4, ..Limits::default() };
    let mut operation = session.with_limits(limits).start(0, |graph, items: Items<Report>| {
        flow::apply_rows(graph, roster, Readiness::NONE, false, items)
    });
    operation.set_recording(Recording { requests: false, changes: true, reason: None });
    let mut ran = world.run(operation);
    (ran.result.take().unwrap().unwrap(), ran)
}

fn creates<I, T>(ran: &Ran<I, T>) -> usize {
    ran.sent.iter().filter(|(_, sent)| sent.method == Method::Post && sent.url.ends_with(CREATE)).count()
}

fn changes<I, T>(ran: &Ran<I, T>) -> Vec<&ChangeRecord> {
    let changes = ran.records.iter().filter_map(|record| match record {
        Record::Change(change) => Some(change),
        _ => None,
    });
    changes.collect()
}

#[test]
fn a_permission_that_the_token_lacks_is_refused_once_for_all_rows() {
    let rows = 40;
    let contoso = || Tenant::contoso(rows);
    let mut world = world_as(contoso(), Faults::none(), tenant::READER);
    let reads = session_with(r#"{"aud":"00000003-0000-0000-c000-000000000000","roles":["User.Read.All"]}"#);
    let (summary, ran) = apply(&mut world, &reads, rows);
    assert_eq!((summary.rows, summary.failed), (40, 40));
    assert!((1..=4).contains(&creates(&ran)), "{} creates were sent", creates(&ran));
    for report in &ran.items {
        assert_eq!(report.problem.as_ref().unwrap().code(), Code::PermissionMissing, "{report:?}");
    }
    let unsent = ran.items.iter().filter(|report| {
        let message = report.problem.as_ref().unwrap().message();
        message.contains("It was refused for another row, and was not sent for this one.")
    });
    assert_eq!(unsent.count(), 40 - creates(&ran));

    // A token that has such a permission, or shows none, may be refused for one parent alone.
    let owner = r#"{"aud":"x","roles":["AgentIdUser.ReadWrite.IdentityParentedBy"]}"#;
    for claims in [owner, r#"{"aud":"x"}"#] {
        let mut world = world_as(contoso(), Faults::none(), tenant::READER);
        let (_, ran) = apply(&mut world, &session_with(claims), rows);
        assert_eq!(creates(&ran), 40, "{claims}");
    }
}

#[test]
fn records_say_who_and_reports_name_their_run() {
    let mut world = world(Tenant::contoso(3), Faults::none());
    let ada = session_with(r#"{"aud":"x","scp":"AgentIdUser.ReadWrite.All","upn":"ada@contoso.com"}"#);
    let (summary, ran) = apply(&mut world, &ada, 3);
    assert_eq!((summary.created, summary.unanswered), (3, 0));
    assert!(!summary.run_id.is_empty());
    assert!(ran.items.iter().all(|report| report.run_id == summary.run_id));
    let changes = changes(&ran);
    assert_eq!(changes.len(), 3);
    for change in changes {
        assert_eq!((change.who.as_deref(), change.outcome), (Some("ada@contoso.com"), ChangeOutcome::Done));
        assert_eq!((change.run_id.as_str(), change.status), (summary.run_id.as_str(), Some(201)));
    }
}

#[test]
fn a_create_without_an_answer_is_told_apart() {
    let lost = Planned::new(Method::Post, CREATE, 2, Fault::LostAnswer);
    let mut world = world(Tenant::contoso(3), Faults::plan([lost]));
    let (summary, ran) = apply(&mut world, &session(), 3);
    assert_eq!((summary.created, summary.unanswered), (3, 1));
    let told: Vec<&Report> = ran.items.iter().filter(|report| report.is_unanswered()).collect();
    let [report] = told[..] else { panic!("{told:?}") };
    assert_eq!(report.outcome, Outcome::Created);
    assert!(report.remarks.iter().any(|remark| remark.code == RemarkCode::CreateUnanswered));
    let of_row = changes(&ran).into_iter().find(|change| change.row == report.row).unwrap();
    assert_eq!((of_row.status, of_row.outcome), (None, ChangeOutcome::Done));
}

#[test]
fn a_change_whose_outcome_is_unknown_is_recorded() {
    let hangs = |nth| Planned::new(Method::Post, CREATE, nth, Fault::Never { executed: false });
    let mut world = world(Tenant::contoso(1), Faults::plan((1..=20).map(hangs)));
    let (summary, ran) = apply(&mut world, &session(), 1);
    assert_eq!(summary.failed, 1);
    let problem = ran.items[0].problem.as_ref().unwrap();
    assert_eq!(problem.code(), Code::OutcomeUnknown);
    assert_eq!(problem.run_id(), Some(summary.run_id.as_str()));
    assert!(problem.client_request_id().is_some_and(|id| id.len() == 36), "{problem:?}");
    let changes = changes(&ran);
    let [change] = changes[..] else { panic!("{changes:?}") };
    assert_eq!((change.change, change.outcome), ("create", ChangeOutcome::Unknown));
    assert_eq!((change.user_principal_name.as_deref(), change.status), (Some("agent.1@contoso.com"), None));
    assert_eq!(change.client_request_id.as_deref(), problem.client_request_id());
}
