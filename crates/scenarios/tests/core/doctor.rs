//! The doctor: what it says of tokens, and that its probe tells every reading apart, leaves nothing, and names nobody.

use crate::common::{populated, world_as};
use agentuser_core::ObjectId;
use agentuser_core::flow::{
    self, Diagnosis, DoctorRequest, NeededFor, OperationVerdict, Question, QuestionHow, ReadOutcome,
    required_permissions,
};
use agentuser_core::operation::{Graph, Items, TokenTag};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::remark::RemarkCode;
use agentuser_core::token::TokenFacts;
use agentuser_simulator::behaviours::READINGS;
use agentuser_simulator::{
    Fault, Faults, Lag, Life, LifecyclePolicy, Planned, ScriptedAnswer, Switches, Tenant, Token, World, ids,
    questions, tenant,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

const PARENT: ObjectId = ids::identity(9);

/// With it, the create of a probe takes a while to be seen where there is lag.
const SEED: u64 = 2;

fn contoso(switches: Switches) -> Tenant {
    let never_run = LifecyclePolicy {
        never_run: true,
        system_default: false,
        ..LifecyclePolicy::system_default(ids::policy(2))
    };
    populated().identity(9, 1).switches(switches).first_lifecycle_policy(never_run)
}

fn doctor(world: &mut World, request: DoctorRequest) -> Result<Diagnosis, Problem> {
    doctor_with(world, "opaque", request)
}

/// The same with a token that the host has shown to the session.
fn doctor_with(world: &mut World, token: &str, request: DoctorRequest) -> Result<Diagnosis, Problem> {
    let session = crate::common::session();
    session.note_token(TokenTag(1), TokenFacts::read(token));
    let operation =
        session.start(0, |graph: Graph, _: Items<()>| async move { flow::doctor(&graph, request).await });
    world.run(operation).result.unwrap()
}

/// The doctor's permissions in the table, without the one to read `employeeLeaveDateTime`.
fn needed() -> BTreeSet<&'static str> {
    let operations = vec!["doctor".to_owned()];
    let needed = NeededFor { operations, ..NeededFor::default() };
    let set = required_permissions(Vec::new(), needed).unwrap().application;
    let conditional = set.conditional.into_iter().flat_map(|one| one.permissions);
    let optional = set.optional.into_iter().flat_map(|one| one.permissions);
    set.permissions.into_iter().chain(conditional).chain(optional).collect()
}

fn probe(switches: Switches) -> (World, Value) {
    // A write is early only where changes take time to be seen.
    let is_usual = switches.early_write == Switches::default().early_write;
    let tenant = contoso(switches);
    let tenant =
        if is_usual { tenant } else { tenant.seed(SEED).lag(Lag::seeded(SEED, Duration::from_secs(100))) };
    let tenant = tenant.token("doctor", Token::application(needed()));
    let mut world = world_as(tenant, Faults::none(), "Bearer doctor");
    let request = DoctorRequest { probe_writes: Some(PARENT), ..DoctorRequest::default() };
    let found = doctor(&mut world, request).unwrap();
    (world, serde_json::to_value(found).unwrap())
}

/// The answers to a question, as they are reported.
fn answers(found: &Value, question: Question) -> Vec<&Value> {
    let all = found["probe"]["answers"].as_array().unwrap();
    all.iter().filter(|answer| answer["question"] == question.id()).collect()
}

macro_rules! only {
    ($name:ident, $drawn:ident: $($field:ident)*) => {
        match $name {
            $(stringify!($field) => Switches { $field: $drawn.$field, ..Switches::default() },)*
            other => panic!("{other} is not set here"),
        }
    };
}

/// The default, except for one switch, which stays as it was drawn.
fn only(name: &str, drawn: &Switches) -> Switches {
    only!(name, drawn: upn_conflict upn_conflict_first unique_mail_nickname patch deleted_holds_parent deleted_holds_upn
        parent_id_by_default cast_omits_type sponsors_only_ids manager_unset permanent_delete_refused_to_apps parent_missing
        inner_error mail_at_create usage_location_fails_for early_write empty_pages large_top bin_prefixes_upn parent_id_in_patch
        password_profile licenses_in_patch undeclared_members leave_date_without_permission created_filter_is_advanced
        report_before_run clock_ahead_ms)
}

/// The other settings of a switch.
fn others(name: &str) -> Vec<Switches> {
    let mut all = Vec::new();
    for drawn in (0..64).map(Switches::from_seed) {
        let one = only(name, &drawn);
        if one != Switches::default() && !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

#[test]
fn every_setting_of_a_switch_is_told_apart() {
    let (_, usual) = probe(Switches::default());
    let mut alike = Vec::new();
    for reading in READINGS {
        let question = questions::of_reading(reading.name).unwrap();
        if matches!(question.how(), QuestionHow::NotAsked(_)) {
            continue;
        }
        let settings = others(reading.name);
        assert!(!settings.is_empty(), "{} has one setting", reading.name);
        for switches in settings {
            let (_, other) = probe(switches);
            if answers(&usual, question) == answers(&other, question) {
                alike.push(reading.name);
            }
        }
    }
    assert_eq!(alike, Vec::<&str>::new());
}

#[test]
fn a_probe_leaves_nothing_and_names_nobody() {
    for switches in
        [Switches::default(), Switches { permanent_delete_refused_to_apps: true, ..Switches::default() }]
    {
        let kept = switches.permanent_delete_refused_to_apps;
        let before: BTreeSet<ObjectId> =
            contoso(switches.clone()).build().all_users().map(|user| user.id).collect();
        let (world, found) = probe(switches);
        let directory = world.network().directory();
        let is_left =
            |user: &&agentuser_simulator::User| !before.contains(&user.id) && user.life != Life::Gone;
        let after: Vec<_> = directory.all_users().filter(is_left).collect();
        assert!(after.iter().all(|user| !user.life.is_live()), "{after:?}");
        assert_eq!(after.is_empty(), !kept, "{after:?}");
        assert_eq!(found["probe"]["cleanedUp"], !kept);
        assert!(directory.stats().created_per_parent.keys().all(|parent| *parent == PARENT));
        let text = found.to_string();
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
        for word in text.split(|c| !is_word(c)) {
            assert!(word.parse::<ObjectId>().is_err(), "{word} in {text}");
        }
        for name in ["contoso", "agent1@", "Agent 1", "human", "admin", "agentuser-probe"] {
            assert!(!text.contains(name), "{name} in {text}");
        }
        assert_eq!((found["token"].clone(), found["operations"].clone()), (Value::Null, Value::Null));
    }
}

#[test]
fn every_question_is_answered_or_says_why_not() {
    let (_, found) = probe(Switches::default());
    for question in Question::ALL {
        let is_answered = !answers(&found, *question).is_empty();
        let asked = !matches!(question.how(), QuestionHow::NotAsked(_));
        assert_eq!(is_answered, asked, "{}: {}", question.id(), found["probe"]["notAsked"]);
    }
    let mut world = world_as(contoso(Switches::default()), Faults::none(), tenant::ADMIN);
    let by_reads = doctor(&mut world, DoctorRequest { probe: true, ..DoctorRequest::default() }).unwrap();
    assert_eq!(world.network().directory().stats().writes, 0);
    let probe = by_reads.probe.unwrap();
    assert!(probe.answers.iter().all(|answer| answer.question.how() == QuestionHow::Reads));
    assert!(
        probe
            .not_asked
            .iter()
            .any(|one| one.question == Question::UpnConflict && one.reason.contains("parent"))
    );
    assert_eq!(probe.cleaned_up, None);
}

#[test]
fn a_probe_whose_create_is_lost_cleans_up() {
    let path = "/users/microsoft.graph.agentUser";
    for nth in 1..=6 {
        let lost = Planned::new(agentuser_core::http::Method::Post, path, nth, Fault::LostAnswer);
        let mut world = world_as(contoso(Switches::default()), Faults::plan([lost]), tenant::ADMIN);
        let request = DoctorRequest { probe_writes: Some(PARENT), ..DoctorRequest::default() };
        let there = |world: &World| {
            world.network().directory().all_users().filter(|user| user.life != Life::Gone).count()
        };
        let before = there(&world);
        let _ended = doctor(&mut world, request);
        assert_eq!(there(&world), before, "create {nth}");
    }
}

/// The agent user stays in the recycle bin then, from which it is deleted for ever.
#[test]
fn a_probe_whose_restore_is_refused_reports_its_answers() {
    let said = "Another object with the same value for property identityParentId already exists.";
    let refused = ScriptedAnswer::error(400, "Request_BadRequest", said);
    let refused = Planned::answer(agentuser_core::http::Method::Post, "/restore", 1, refused);
    let mut world = world_as(contoso(Switches::default()), Faults::plan([refused]), tenant::ADMIN);
    let request = DoctorRequest { probe_writes: Some(PARENT), ..DoctorRequest::default() };
    let found = serde_json::to_value(doctor(&mut world, request).unwrap()).unwrap();
    assert_eq!(answers(&found, Question::RestoredMembers)[0]["status"], 400);
    assert_eq!(answers(&found, Question::PermanentDelete)[0]["status"], 204);
    assert_eq!(found["probe"]["cleanedUp"], true);
}

/// The recycle bin does not show at once what was deleted: the probe does not take it for gone.
#[test]
fn a_probe_on_a_tenant_that_lags_leaves_nothing_that_it_calls_gone() {
    let path = "/users/microsoft.graph.agentUser";
    let there = |world: &World| {
        let users = world.network().directory().all_users();
        users.filter(|user| user.life != Life::Gone).map(|user| user.id).collect::<BTreeSet<_>>()
    };
    for (seed, nth) in (0..8).flat_map(|seed| (1..=6).map(move |nth| (seed, nth))) {
        let lost = Planned::new(agentuser_core::http::Method::Post, path, nth, Fault::LostAnswer);
        let tenant = contoso(Switches::default()).seed(seed).lag(Lag::seeded(seed, Duration::from_secs(30)));
        let mut world = world_as(tenant, Faults::plan([lost]), tenant::ADMIN);
        let before = there(&world);
        let request = DoctorRequest { probe_writes: Some(PARENT), ..DoctorRequest::default() };
        let probe = doctor(&mut world, request).ok().and_then(|found| found.probe);
        let says_gone = probe.is_some_and(|probe| probe.cleaned_up == Some(true));
        assert!(!says_gone || there(&world) == before, "seed {seed}, create {nth}");
    }
}

#[test]
fn a_parent_that_is_not_free_is_left_alone() {
    let mut world = world_as(contoso(Switches::default()), Faults::none(), tenant::ADMIN);
    let request = DoctorRequest { probe_writes: Some(ids::identity(1)), ..DoctorRequest::default() };
    let problem = doctor(&mut world, request).unwrap_err();
    assert_eq!((problem.code(), problem.field()), (Code::Invalid, Some("probeWrites")));
    assert_eq!(world.network().directory().stats().writes, 0);
}

/// A token that tells these claims, and has these permissions.
fn diagnosed(claims: &Value, token: Token) -> Diagnosis {
    let text = format!("eyJhbGciOiJub25lIn0.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let tenant = contoso(Switches::default()).token(&text, token);
    let mut world = world_as(tenant, Faults::none(), &format!("Bearer {text}"));
    doctor_with(&mut world, &text, DoctorRequest::default()).unwrap()
}

fn verdict(diagnosis: &Diagnosis, operation: &str) -> OperationVerdict {
    diagnosis.operations.iter().find(|one| one.operation == operation).unwrap().verdict
}

fn codes(diagnosis: &Diagnosis) -> Vec<RemarkCode> {
    diagnosis.remarks.iter().map(|remark| remark.code).collect()
}

const GRAPH: &str = "https://graph.microsoft.com";

#[test]
fn what_a_token_allows_is_told_with_what_is_missing() {
    let claims =
        json!({"aud": GRAPH, "appid": "5ea00000-0000-4000-8000-000000000001", "roles": ["User.Read.All"]});
    let found = diagnosed(&claims, Token::application(["User.Read.All"]));
    assert_eq!(verdict(&found, "list"), OperationVerdict::Allowed);
    assert_eq!(verdict(&found, "manager"), OperationVerdict::Allowed);
    let update = found.operations.iter().find(|one| one.operation == "update").unwrap();
    assert_eq!(
        (update.verdict, &*update.missing),
        (OperationVerdict::Lacking, &["AgentIdUser.ReadWrite.All"][..])
    );
    assert!(update.fix.as_ref().unwrap().contains("Grant AgentIdUser.ReadWrite.All"), "{update:?}");
    let refused = found.reads.iter().filter(|read| read.outcome == ReadOutcome::Refused).count();
    assert!(refused > 0 && refused < found.reads.len(), "{:?}", found.reads);
    assert_eq!(codes(&found), []);
}

#[test]
fn what_stands_against_a_token_is_told() {
    let person = |scopes: &str, more: Value| {
        let mut claims = json!({"aud": GRAPH, "scp": scopes, "oid": ids::human(1).to_string()});
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        diagnosed(&claims, Token::delegated(Some(ids::human(1)), scopes.split(' ')))
    };
    let both = "User.Read.All AgentIdUser.ReadWrite.All Directory.AccessAsUser.All";
    let found = person(both, json!({}));
    assert_eq!(codes(&found), [RemarkCode::TokenActsAsUser]);
    assert_eq!(verdict(&found, "update"), OperationVerdict::Lacking);
    assert_eq!(
        codes(&person("User.Read.All Directory.ReadWrite.All", json!({}))),
        [RemarkCode::TokenWritesDirectory]
    );
    let every_user = "b79fbf4d-3ef9-4689-8143-76b194e85509";
    assert_eq!(codes(&person("User.Read.All", json!({ "wids": [every_user] }))), [RemarkCode::NoActiveRole]);
    let active = json!({ "wids": [every_user, "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"] });
    assert_eq!(codes(&person("User.Read.All", active)), []);
    assert_eq!(codes(&person("User.Read.All", json!({ "exp": 1 }))), [RemarkCode::TokenExpired]);
    let elsewhere = json!({"aud": "https://vault.azure.net", "roles": ["User.Read.All"]});
    assert!(
        codes(&diagnosed(&elsewhere, Token::application(["User.Read.All"])))
            .contains(&RemarkCode::TokenForAnother)
    );
}

#[test]
fn an_opaque_token_is_judged_by_its_reads_alone() {
    let tenant = contoso(Switches::default()).token("opaque", Token::application(["User.Read.All"]));
    let mut world = world_as(tenant, Faults::none(), "Bearer opaque");
    let found = doctor(&mut world, DoctorRequest::default()).unwrap();
    assert!(!found.token.as_ref().unwrap().readable);
    assert_eq!(codes(&found), [RemarkCode::TokenOpaque]);
    assert_eq!(verdict(&found, "skus"), OperationVerdict::Lacking);
    assert_eq!(verdict(&found, "update"), OperationVerdict::Unknown);
    assert!(!serde_json::to_string(&found).unwrap().contains("Bearer"));
}
