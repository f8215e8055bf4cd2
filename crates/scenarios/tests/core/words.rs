//! Graph's own words: a refusal that is final ends at once with them, and a success that contradicts the request is not
//! believed. Waits for what can't come end at once.

use crate::common::*;
use agentuser_core::ObjectId;
use agentuser_core::flow::{self, Outcome, Readiness, Report};
use agentuser_core::graph::{Detail, RestoreOptions};
use agentuser_core::http::Method;
use agentuser_core::model::{Member, UserRef};
use agentuser_core::operation::{Event, Waiting};
use agentuser_core::problem::{Code, Problem};
use agentuser_scenarios::Mutation;
use agentuser_simulator::{Faults, Planned, ScriptedAnswer, ScriptedBody, Tenant, Token, World, ids};
use serde_json::{Value, json};
use std::time::Duration;

const CREATE: &str = "/users/microsoft.graph.agentUser";
const BAD: &str = "Request_BadRequest";
/// A refusal that is final, and everything before it, takes no longer.
const AT_ONCE: Duration = Duration::from_secs(10);

/// A populated tenant where agent identity 9 has no agent user.
fn tenant() -> Tenant {
    populated().identity(9, 1)
}

/// It, where it gives this answer to so many requests of that kind in a row.
fn answering(method: Method, path: &str, times: u32, answer: ScriptedAnswer) -> World {
    world(tenant(), Faults::plan([Planned::answer(method, path, 1, answer).times(times)]))
}

fn provision(world: &mut World, want: &Want, readiness: Readiness) -> (Report, Vec<Event>) {
    let wanted = want.wanted();
    let ran = single(world, move |graph| flow::provision(graph, wanted, readiness, false));
    (ran.result.unwrap().unwrap(), ran.events)
}

fn get(world: &mut World, id: ObjectId) -> Result<(), Problem> {
    result(
        world,
        move |graph| async move { flow::get(&graph, &UserRef::Id(id), &Detail::USUAL).await.map(drop) },
    )
}

#[track_caller]
fn assert_words(problem: &Problem, status: u16, code: &str, message: &str) {
    assert_eq!(
        (problem.status(), problem.graph_code(), problem.graph_message()),
        (Some(status), Some(code), Some(message)),
        "{problem:?}"
    );
    assert!(problem.request_id().is_some_and(|id| id.contains('-')), "{problem:?}");
}

#[test]
fn a_refused_license_is_told_at_once_with_the_names_of_its_plans() {
    let (plan, other) = (ids::plan(1), ids::plan(2));
    for (message, code, named) in [
        (
            format!("License assignment failed because service plan {plan} depends on the service plan(s) {other}"),
            Code::LicenseDependencyMissing,
            format!("{plan} is EXCHANGE_S_ENTERPRISE of AGENT_365, {other} is TEAMS1 of AGENT_365."),
        ),
        (
            format!("License assignment failed because service plans {plan}, {other} depend on the service plan {other}"),
            Code::LicenseDependencyMissing,
            format!("{plan} is EXCHANGE_S_ENTERPRISE of AGENT_365, {other} is TEAMS1 of AGENT_365."),
        ),
        (
            format!("License assignment failed because service plans [{plan}], [{other}] are mutually exclusive."),
            Code::LicenseMutuallyExclusive,
            format!("{plan} is EXCHANGE_S_ENTERPRISE"),
        ),
        (
            "User license is inherited from a group membership and it cannot be removed directly from the user."
                .to_owned(),
            Code::LicenseInherited,
            "Graph says: User license is inherited".to_owned(),
        ),
        ("Nobody has seen this before.".to_owned(), Code::LicenseRefused, "Graph says: Nobody".to_owned()),
    ] {
        let answer = || ScriptedAnswer::error(400, BAD, &message);
        let mut one = answering(Method::Post, "/assignLicense", 9, answer());
        let add = Mutation::AddLicense("AGENT_365");
        let problem = act(&mut one, &add, TWO, false).result.unwrap().unwrap_err();
        assert_eq!(problem.code(), code);
        assert_words(&problem, 400, BAD, &message);
        assert!(problem.message().contains(&named), "{problem}");
        assert!(one.now().mono < AT_ONCE, "{code}: {:?}", one.now());

        let mut new = answering(Method::Post, "/assignLicense", 9, answer());
        let (report, _) = provision(&mut new, &Want::new(9).license("AGENT_365"), Readiness::NONE);
        let problem = report.problem.unwrap();
        assert_eq!(problem.code(), code);
        assert_words(&problem, 400, BAD, &message);
        assert!(problem.message().contains(&named), "{problem}");
        assert!(new.now().mono < AT_ONCE, "{code}: {:?}", new.now());
    }
}

#[test]
fn a_refused_create_is_looked_after_only_where_its_words_allow_that_it_is_there() {
    for (message, looks) in [
        ("Property jobTitle has a value that is not allowed.", false),
        ("Property 'costCenter' does not exist as a declared property or extension property.", false),
        ("The agent identity already has an agent user.", true),
        ("An agent user of it exists.", true),
        ("The parent can't be used.", true),
    ] {
        let mut world = answering(Method::Post, CREATE, 9, ScriptedAnswer::error(400, BAD, message));
        let (report, _) = provision(&mut world, &Want::new(9), Readiness::NONE);
        let problem = report.problem.unwrap();
        assert_eq!(problem.code(), Code::RequestRefused, "{problem:?}");
        assert_words(&problem, 400, BAD, message);
        assert_eq!(world.now().mono < AT_ONCE, !looks, "{message}: {:?}", world.now());
        assert!(world.now().mono < Duration::from_secs(30), "{message}: {:?}", world.now());
    }
}

#[test]
fn a_conflict_on_restoring_or_changing_ends_at_once() {
    let message = "Another object with the same value for property proxyAddresses already exists.";
    let mut world = answering(Method::Post, "/restore", 9, ScriptedAnswer::error(400, BAD, message));
    let problem = result(&mut world, |graph| async move {
        flow::restore(&graph, &UserRef::Id(BINNED), &RestoreOptions::default(), false).await.map(drop)
    })
    .unwrap_err();
    assert_eq!(problem.code(), Code::RestoreConflict);
    assert_words(&problem, 400, BAD, message);
    assert!(world.now().mono < AT_ONCE);

    let mut world = answering(Method::Patch, CREATE, 9, ScriptedAnswer::error(400, BAD, message));
    let change = update([(Member::JobTitle, text("Clerk"))]);
    let problem = act(&mut world, &change, TWO, false).result.unwrap().unwrap_err();
    assert_eq!(problem.code(), Code::ProxyAddressTaken);
    assert_words(&problem, 400, BAD, message);
    assert!(world.now().mono < AT_ONCE);
}

#[test]
fn reading_and_planning_never_wait_for_a_parent() {
    let mut reading = world(Tenant::contoso(3), Faults::none());
    let missing = ids::nothing(1);
    let read =
        single(
            &mut reading,
            move |graph| async move { flow::verify_parent(&graph, missing).await.map(drop) },
        );
    assert_eq!(code(read.result.unwrap()), Code::ParentNotFound);
    let wanted = Want::of(missing, "new@contoso.com").wanted();
    let plan = single(&mut reading, move |graph| flow::provision(graph, wanted, Readiness::NONE, true));
    assert_eq!(plan.result.unwrap().unwrap().problem.unwrap().code(), Code::ParentNotFound);
    assert!(reading.now().mono < Duration::from_secs(3), "{:?}", reading.now());
    let waits = |event: &&Event| matches!(event, Event::Waiting { .. });
    assert_eq!(read.events.iter().chain(&plan.events).filter(waits).count(), 0);
}

#[test]
fn what_is_not_found_keeps_the_words_of_graph() {
    let missing = ids::nothing(1);
    let mut one = world(Tenant::contoso(3), Faults::none());
    let user = UserRef::Id(missing);
    let got = single(&mut one, {
        let user = user.clone();
        move |graph| async move { flow::get(&graph, &user, &Detail::USUAL).await.map(drop) }
    });
    let parent =
        single(&mut one, move |graph| async move { flow::verify_parent(&graph, missing).await.map(drop) });
    let changed = single(&mut one, move |graph| async move {
        let nobody = UserRef::Id(ids::identity(1));
        flow::set_manager(&graph, &nobody, &user, false).await.map(drop)
    });
    for (result, code) in [
        (got.result.unwrap(), Code::NotFound),
        (parent.result.unwrap(), Code::ParentNotFound),
        (changed.result.unwrap(), Code::NotFound),
    ] {
        let problem = result.unwrap_err();
        assert_eq!((problem.code(), problem.status()), (code, Some(404)));
        assert_eq!(problem.graph_code(), Some("Request_ResourceNotFound"));
        assert!(problem.graph_message().is_some() && problem.request_id().is_some(), "{problem:?}");
    }
}

#[test]
fn a_create_waits_for_a_parent_and_says_so_at_once() {
    let late = |seconds| Tenant::contoso(3).identity_from(7, 1, Duration::from_secs(seconds));
    let mut soon = world(late(8), Faults::none());
    let (report, events) = provision(&mut soon, &Want::new(7), Readiness::NONE);
    assert_eq!((report.outcome, report.problem), (Outcome::Created, None));
    let first = events.iter().find(|event| matches!(event, Event::Waiting { .. }));
    let Some(Event::Waiting { why: Waiting::Parent, object, setting, .. }) = first else {
        panic!("{first:?}")
    };
    assert_eq!((*object, *setting), (Some(ids::identity(7)), Some("parentTimeoutMs")));

    let mut never = world(late(60), Faults::none());
    let (report, _) = provision(&mut never, &Want::new(7), Readiness::NONE);
    let problem = report.problem.unwrap();
    assert_eq!(problem.code(), Code::ParentNotFound);
    for setting in ["parentTimeoutMs", "--parent-timeout", "-ParentTimeout"] {
        assert!(problem.fix().contains(setting), "{}", problem.fix());
    }
    assert!((15..20).contains(&never.now().mono.as_secs()), "{:?}", never.now());

    // A caller who may not read parents learns it from the create, and waits as long.
    let own =
        Token::application(["AgentIdUser.ReadWrite.IdentityParentedBy"]).blueprint(ids::blueprint_app(1));
    let mut unseen = world_as(late(60).token("own", own), Faults::none(), "Bearer own");
    let (report, _) = provision(&mut unseen, &Want::new(7), Readiness::NONE);
    let problem = report.problem.unwrap();
    assert_eq!(problem.code(), Code::ParentNotVisibleYet);
    assert!(problem.fix().contains("parentTimeoutMs") && problem.graph_message().is_some(), "{problem:?}");
    assert!((15..20).contains(&unseen.now().mono.as_secs()), "{:?}", unseen.now());
}

#[test]
fn every_wrong_reference_is_named_at_once() {
    let mut world = world(Tenant::contoso(3), Faults::none());
    let want = Want::of(ids::nothing(1), "new@contoso.com")
        .manager("boss@contoso.com")
        .sponsor("patron@contoso.com");
    let (report, _) = provision(&mut world, &want, Readiness::NONE);
    let problem = report.problem.unwrap();
    let codes: Vec<_> = problem.others().iter().map(Problem::code).collect();
    assert_eq!(
        (problem.code(), codes),
        (Code::ParentNotFound, vec![Code::ManagerNotFound, Code::SponsorNotFound])
    );
    for name in ["dead0000", "boss@contoso.com", "patron@contoso.com"] {
        assert!(problem.message().contains(name), "{problem}");
    }
    assert!(world.now().mono < Duration::from_secs(3), "{:?}", world.now());
}

/// The agent user of parent 9 as Graph would show it, with these members in place of its own.
fn shown(members: &[(&str, Value)]) -> ScriptedAnswer {
    let mut body = json!({
        "@odata.type": "#microsoft.graph.agentUser", "id": "00000000-0000-4000-8000-0000000000aa",
        "identityParentId": ids::identity(9).to_string(), "userPrincipalName": "agent.9@contoso.com",
    });
    for (name, value) in members {
        body[*name] = value.clone();
    }
    ScriptedAnswer { status: Some(201), body: ScriptedBody::Json(body), executed: false }
}

#[test]
fn a_create_whose_answer_is_about_another_object_is_never_created_nor_sent_again() {
    for members in [
        ("@odata.type", json!("#microsoft.graph.user")),
        ("identityParentId", json!(ids::identity(3).to_string())),
        ("userPrincipalName", json!("another@contoso.com")),
    ] {
        let mut world = answering(Method::Post, CREATE, 9, shown(std::slice::from_ref(&members)));
        let (report, _) = provision(&mut world, &Want::new(9), Readiness::NONE);
        let problem = report.problem.unwrap();
        assert_eq!((report.outcome, problem.code()), (Outcome::Failed, Code::OutcomeUnknown), "{problem:?}");
        assert!(problem.message().contains(members.0.trim_start_matches("@odata.")), "{problem}");
        assert!(problem.status() == Some(201) && problem.request_id().is_some(), "{problem:?}");
        assert_eq!(world.network().counts().faults["Scripted"], 1, "it is sent once");
    }
    // The same by a directory that did it: it is found.
    for answer in [
        ScriptedAnswer::changed(&[("@odata.type", json!("#microsoft.graph.user"))]),
        ScriptedAnswer::changed(&[("identityParentId", json!(ids::identity(3).to_string()))]),
        ScriptedAnswer::changed(&[("id", Value::Null)]),
        ScriptedAnswer::changed(&[]).with_status(204),
        ScriptedAnswer::changed(&[]).with_status(999),
        ScriptedAnswer::changed(&[("error", json!({"code": "generalException"}))]),
    ] {
        let name = format!("{answer:?}");
        let mut world = answering(Method::Post, CREATE, 1, answer);
        let (report, _) = provision(&mut world, &Want::new(9), Readiness::NONE);
        assert_eq!((report.outcome, report.problem), (Outcome::Created, None), "{name}");
        assert_eq!(world.network().directory().stats().agent_users_created, 1, "{name}");
    }
}

#[test]
fn a_write_is_not_done_by_an_answer_about_another_user_or_with_an_error() {
    let other = json!("00000000-0000-4000-8000-0000000000aa");
    for body in
        [json!({"id": other}), json!({"error": {"code": "generalException", "message": "Half dead."}})]
    {
        let answer = ScriptedAnswer { status: Some(200), body: ScriptedBody::Json(body), executed: false };
        for (method, path, mutation) in [
            (Method::Patch, CREATE, update([(Member::JobTitle, text("Clerk"))])),
            (Method::Post, "/assignLicense", Mutation::AddLicense("AGENT_365")),
        ] {
            // Once: it is sent again and done.
            let mut once = answering(method, path, 1, answer.clone());
            assert_eq!(done(&mut once, &mutation, TWO).outcome, Outcome::Changed);
            assert_eq!(writes(&once), 1);
            // For ever: it is not known, and what the server said is kept.
            let mut always = answering(method, path, 99, answer.clone());
            let problem = act(&mut always, &mutation, TWO, false).result.unwrap().unwrap_err();
            assert!(matches!(
                problem.code(),
                Code::ContradictoryAnswer | Code::BadAnswer | Code::OutcomeUnknown
            ));
            assert_eq!(problem.status(), Some(200), "{problem:?}");
            assert_eq!(writes(&always), 0);
        }
    }
}

#[test]
fn a_read_is_not_believed_about_another_object_or_with_an_error() {
    let another = ScriptedAnswer::changed(&[("id", json!("00000000-0000-4000-8000-0000000000aa"))]);
    let mut once = answering(Method::Get, "/users/", 1, another.clone());
    get(&mut once, TWO).unwrap();
    let mut always = answering(Method::Get, "/users/", 99, another);
    assert_eq!(code(get(&mut always, TWO)), Code::ContradictoryAnswer);
    assert_eq!(refused(&mut always, &Mutation::Delete, TWO), Code::ContradictoryAnswer);
    assert_eq!(writes(&always), 0);

    let error = ScriptedAnswer::error(200, "generalException", "Half dead.");
    let mut always = answering(Method::Get, "/users/", 99, error);
    let problem = get(&mut always, TWO).unwrap_err();
    assert_eq!(problem.code(), Code::BadAnswer);
    assert_words(&problem, 200, "generalException", "Half dead.");
    assert!(problem.message().contains("Half dead."), "{problem}");
}

#[test]
fn an_organization_without_verified_domains_is_not_an_answer() {
    for value in [Value::Null, json!([])] {
        let answer = ScriptedAnswer::changed(&[("verifiedDomains", value)]);
        let mut always = answering(Method::Get, "/organization", 99, answer.clone());
        let read =
            result(&mut always, |graph| async move { flow::read_tenant_facts(&graph).await.map(drop) });
        assert_eq!(code(read), Code::BadAnswer);
        let mut once = answering(Method::Get, "/organization", 1, answer);
        let read = result(&mut once, |graph| async move { flow::read_tenant_facts(&graph).await });
        assert!(read.unwrap().verified_domains.is_some_and(|domains| domains.contains("contoso.com")));
    }
}

#[test]
fn an_unknown_outcome_keeps_the_words_of_the_unclear_answer() {
    let fault = || ScriptedAnswer::error(500, "InternalServerError", "Something broke.");
    let mut create = answering(Method::Post, CREATE, 99, fault());
    let (report, _) = provision(&mut create, &Want::new(9), Readiness::NONE);
    let problem = report.problem.unwrap();
    assert_eq!(problem.code(), Code::OutcomeUnknown);
    assert_words(&problem, 500, "InternalServerError", "Something broke.");

    // Reads fail, too, so that looking for the change does not settle it.
    let mut change = world(
        tenant(),
        Faults::plan([
            Planned::answer(Method::Patch, CREATE, 1, fault()).times(99),
            Planned::answer(Method::Get, &format!("/users/{TWO}"), 2, fault()).times(999),
        ]),
    );
    let mutation = update([(Member::JobTitle, text("Clerk"))]);
    let problem = act(&mut change, &mutation, TWO, false).result.unwrap().unwrap_err();
    assert_eq!(problem.code(), Code::OutcomeUnknown);
    assert_words(&problem, 500, "InternalServerError", "Something broke.");
}

#[test]
fn a_service_that_is_switched_off_or_failed_is_not_waited_for() {
    let plans = |status: &str| {
        let plan = |name: &str| json!({"servicePlanName": name, "provisioningStatus": status});
        ScriptedAnswer::changed(&[("servicePlans", json!([plan("EXCHANGE_S_ENTERPRISE"), plan("TEAMS1")]))])
    };
    for (status, code) in [("Disabled", Code::ServicePlanDisabled), ("Error", Code::ServicePlanFailed)] {
        for readiness in [Readiness::MAILBOX_AND_TEAMS, Readiness { teams: true, ..Readiness::NONE }] {
            let mut one = answering(Method::Get, "/licenseDetails", 999, plans(status));
            let waited = result(&mut one, move |graph| async move {
                flow::wait_ready(&graph, &UserRef::Id(ONE), readiness).await.map(drop)
            });
            let problem = waited.unwrap_err();
            assert_eq!((problem.code(), problem.is_transient()), (code, false));
            assert!(one.now().mono < AT_ONCE, "{:?}", one.now());

            let mut new = answering(Method::Get, "/licenseDetails", 999, plans(status));
            let (report, _) = provision(&mut new, &Want::new(9).license("AGENT_365"), readiness);
            assert_eq!(report.problem.unwrap().code(), code);
            assert!(new.now().mono < Duration::from_secs(30), "{:?}", new.now());
        }
    }
    let mut without = world(tenant(), Faults::none());
    let (report, _) = provision(&mut without, &Want::new(9), Readiness::MAILBOX_AND_TEAMS);
    assert_eq!(report.problem.unwrap().code(), Code::MailboxNotReady);
    assert!(without.now().mono < AT_ONCE, "{:?}", without.now());
}
