//! The JSON tier: every operation by its JSON, against a simulated tenant; what comes out is what docs/schema.json says.

use crate::common::world;
use agentuser_core::json::{self, AnswerMessage, Config, OperationRequest, SignInConfig};
use agentuser_core::operation::{Answer, RequestId, Session, Step};
use agentuser_core::problem::{Code, Problem};
use agentuser_simulator::{Fault, Faults, Interruption, Planned, Tenant, World, ids};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn schema() -> Value {
    let text = include_str!("../../../../docs/schema.json");
    serde_json::from_str(text).unwrap()
}

/// Whether a value is what the definition at this place of the schema says.
fn conforms(place: &str, value: &Value) {
    let mut whole = schema();
    let reference = json!({ "$ref": format!("#/$defs/{place}") });
    whole.as_object_mut().unwrap().extend(reference.as_object().unwrap().clone());
    let validator = jsonschema::draft202012::new(&whole).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{} {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{place}: {errors:#?}\n{value:#}");
}

/// The items of an operation, and its result or problem.
struct Came {
    items: Vec<Value>,
    end: Result<Value, Problem>,
}

fn run(world: &mut World, request: &Value, input: &str) -> Came {
    conforms("OperationRequest", request);
    let session = Session::new(Config::parse(b"{}").unwrap().settings());
    let start = OperationRequest::parse(request.to_string().as_bytes(), input.as_bytes().to_vec()).unwrap();
    let operation = json::start(&session, 0, start);
    let ran = world.run(operation);
    for event in &ran.events {
        conforms("AgentUserEvent", &serde_json::to_value(event).unwrap());
    }
    let name = request["operation"].as_str().unwrap();
    let items = ran.items.iter().map(|item| {
        let item = serde_json::to_value(item).unwrap();
        conforms("ItemMessage", &item);
        conforms(&format!("OperationItems/properties/{name}"), &item["value"]);
        item["value"].clone()
    });
    let end = ran.result.unwrap().map(|output| {
        let result: Value = serde_json::from_str(output.as_str()).unwrap();
        conforms(&format!("OperationResults/properties/{name}"), &result);
        result
    });
    Came { items: items.collect(), end }
}

fn done(world: &mut World, request: Value) -> Value {
    run(world, &request, "").end.unwrap()
}

#[test]
fn a_whole_life_by_json() {
    let mut world = world(Tenant::contoso(4), Faults::none());
    let world = &mut world;
    let mut tried = BTreeSet::new();
    let mut life = |request: Value| {
        tried.insert(request["operation"].as_str().unwrap().to_owned());
        done(world, request)
    };
    let parent = ids::identity(1).to_string();
    life(json!({ "operation": "verifyParent", "identityParentId": parent }));
    assert_eq!(life(json!({ "operation": "findByParent", "identityParentId": parent })), Value::Null);
    let known = life(json!({ "operation": "verifiedDomains" }));
    assert!(known["verifiedDomains"].as_array().unwrap().contains(&json!("contoso.com")), "{known}");

    let row = json!({
        "identityParentId": parent, "displayName": "Zoë Sales", "usageLocation": "DE", "licenses": ["AGENT_365"],
    });
    let plan =
        life(json!({ "operation": "provision", "agentUser": row, "domain": "contoso.com", "dryRun": true }));
    assert_eq!((&plan["outcome"], &plan["changes"][0]["applied"]), (&json!("planned"), &json!(false)));
    let created = life(json!({ "operation": "create", "agentUser": row, "domain": "contoso.com" }));
    assert_eq!(created["report"]["outcome"], "created");
    assert_eq!(created["agentUser"]["userPrincipalName"], "zoe.sales@contoso.com");
    let id = created["agentUser"]["id"].as_str().unwrap().to_owned();
    assert_eq!(life(json!({ "operation": "get", "user": "zoe.sales@contoso.com" }))["id"], id.as_str());

    let changes = json!({ "jobTitle": "Seller", "city": null });
    let changed = life(json!({ "operation": "update", "user": id, "changes": changes }));
    assert_eq!((&changed["outcome"], changed["changes"].as_array().unwrap().len()), (&json!("changed"), 1));
    assert_eq!(life(json!({ "operation": "manager", "user": id })), Value::Null);
    let human = ids::human(1).to_string();
    life(json!({ "operation": "setManager", "user": id, "manager": human }));
    assert_eq!(life(json!({ "operation": "manager", "user": id }))["id"], human.as_str());
    life(json!({ "operation": "clearManager", "user": id }));
    let group = format!("group:{}", ids::group(1));
    life(json!({ "operation": "addSponsor", "user": id, "sponsor": group }));
    let sponsors = life(json!({ "operation": "sponsors", "user": id }));
    assert!(
        sponsors.as_array().unwrap().iter().any(|one| one["id"] == ids::group(1).to_string()),
        "{sponsors}"
    );
    life(json!({ "operation": "removeSponsor", "user": id, "sponsor": group }));
    life(json!({ "operation": "addToGroup", "user": id, "group": "Group 2" }));
    let groups = life(json!({ "operation": "groups", "user": id }));
    let access = life(json!({ "operation": "access", "user": id }));
    assert_eq!(access["groups"]["known"][0]["access"]["id"], groups[0]["id"], "{access}");
    assert_eq!(groups[0]["id"], ids::group(2).to_string(), "{groups}");
    life(json!({ "operation": "removeFromGroup", "user": id, "group": ids::group(2).to_string() }));
    let found = life(json!({ "operation": "findGroups", "displayNameStartsWith": "group 2" }));
    assert_eq!(found[0]["id"], groups[0]["id"]);
    let found = life(json!({ "operation": "findUsers", "nameStartsWith": "zo" }));
    assert_eq!(
        (&found[0]["id"], &found[0]["@odata.type"]),
        (&json!(id), &json!("#microsoft.graph.agentUser"))
    );
    assert_eq!(life(json!({ "operation": "skus" }))[0]["skuPartNumber"], "AGENT_365");
    life(json!({ "operation": "waitReady", "user": id, "readiness": { "mailbox": true, "teams": true } }));
    assert_eq!(life(json!({ "operation": "licenses", "user": id }))[0]["state"], "Active");
    life(json!({ "operation": "changeLicenses", "user": id, "remove": ["AGENT_365"] }));
    assert_eq!(life(json!({ "operation": "list" }))["count"], 2);

    life(json!({ "operation": "delete", "user": id }));
    assert_eq!(life(json!({ "operation": "listDeleted" }))["count"], 1);
    life(json!({ "operation": "restore", "user": id }));
    life(json!({ "operation": "revokeSessions", "user": id }));
    life(json!({ "operation": "retire", "user": id }));
    life(json!({ "operation": "purge", "user": id }));
    assert_eq!(life(json!({ "operation": "doctor" }))["reads"][0]["outcome"], "answered");
    let needed = life(json!({ "operation": "requiredPermissions", "operations": ["purge"] }));
    assert_eq!(needed["delegated"]["permissions"], json!(["User.Read.All", "User.ReadWrite.All"]));
    assert_eq!(life(json!({ "operation": "listDeleted" }))["count"], 0);

    // All but those with a file beside them, and those of audits, permissions, plans, agent identities and blueprints, which have
    // tests of their own.
    let schema = schema();
    let all = schema["$defs"]["OperationRequest"]["oneOf"].as_array().unwrap();
    let all: BTreeSet<String> =
        all.iter().map(|one| one["properties"]["operation"]["const"].as_str().unwrap().to_owned()).collect();
    let untried: Vec<&String> = all.difference(&tried).collect();
    let elsewhere = [
        "allowCreation",
        "applyPlan",
        "applyRoster",
        "assignAppRole",
        "attest",
        "audit",
        "auditSnapshot",
        "blueprint",
        "contain",
        "grantPermission",
        "identity",
        "identityOwners",
        "identitySponsors",
        "inheritPermissions",
        "lifecycle",
        "listBlueprints",
        "listIdentities",
        "many",
        "permissions",
        "plan",
        "planContain",
        "planHandover",
        "planRoster",
        "removeAppRole",
        "restoreReported",
        "revokePermission",
        "sponsored",
        "verifyBlueprint",
        "waitPermission",
    ];
    assert_eq!(untried, elsewhere);
}

#[test]
fn a_create_that_is_cancelled_anywhere_says_what_exists() {
    let row = json!({
        "identityParentId": ids::identity(1).to_string(), "displayName": "One", "userPrincipalName": "one@contoso.com",
    });
    let request = json!({ "operation": "create", "agentUser": row });
    let mut existed = 0;
    for requests in 1..8 {
        let mut world = world(Tenant::contoso(4), Faults::none());
        let session = Session::new(Config::parse(b"{}").unwrap().settings());
        let start = OperationRequest::parse(request.to_string().as_bytes(), Vec::new()).unwrap();
        let operation = json::start(&session, 0, start);
        let interruption = Interruption::cancelled(requests);
        let ran = world.run_until(operation, interruption);
        if world.network().directory().stats().agent_users_created > 0 {
            let created: Value = serde_json::from_str(ran.result.unwrap().unwrap().as_str()).unwrap();
            assert!(created["report"]["id"].is_string(), "after {requests} requests: {created:#}");
            existed += 1;
        }
    }
    assert!(existed > 2);
}

fn roster() -> String {
    let row = |n: u32| format!("{},Agent {n},agent.{n}@contoso.com\n", ids::identity(n));
    format!("identityParentId,displayName,userPrincipalName\n{}{}{}", row(1), row(2), row(3))
}

#[test]
fn a_roster_is_planned_then_what_was_approved_of_it_is_applied() {
    let mut world = world(Tenant::contoso(4), Faults::none());
    let plan = run(&mut world, &json!({ "operation": "applyRoster", "dryRun": true }), &roster());
    assert_eq!(plan.end.unwrap()["planned"], 3);
    assert_eq!(world.network().directory().stats().writes, 0, "a plan writes nothing");
    let approved = json!({ "operation": "applyRoster", "rows": [2, 4] });
    let applied = run(&mut world, &approved, &roster());
    assert_eq!(applied.end.unwrap()["created"], 2);
    let rows: BTreeSet<u64> = applied.items.iter().map(|report| report["row"].as_u64().unwrap()).collect();
    assert_eq!(rows, [2, 4].into());
    assert_eq!(world.network().directory().stats().agent_users_created, 2);
    let whole = run(&mut world, &json!({ "operation": "applyRoster" }), &roster()).end.unwrap();
    assert_eq!((&whole["created"], &whole["unchanged"]), (&json!(1), &json!(2)));
}

#[test]
fn a_rosters_own_errors_come_together_with_those_that_only_the_tenant_shows() {
    let errors = |world: &mut World, operation: &Value, file: &str| {
        let problem = run(world, operation, file).end.unwrap_err();
        conforms("Problem", &serde_json::to_value(&problem).unwrap());
        assert_eq!(world.network().directory().stats().writes, 0);
        let places = problem.row_errors().iter().map(|error| (error.row, error.violation.code.as_str()));
        (problem.code(), places.collect::<Vec<_>>())
    };
    let whole = json!({ "operation": "applyRoster" });
    let file = roster().replace("agent.2@contoso.com", "agent.2@fabrikam.com");
    let foreign = (Some(3), "UpnDomainNotVerified");

    let mut tenant = world(Tenant::contoso(4), Faults::none());
    assert_eq!(errors(&mut tenant, &whole, &file), (Code::RosterInvalid, vec![foreign]));
    let file = file.replace("agent.3@contoso.com", "agent.3@");
    let own = errors(&mut tenant, &json!({ "operation": "applyRoster", "checkDomains": false }), &file).1;
    assert!(!own.is_empty() && !own.contains(&foreign), "{own:?}");
    let both = errors(&mut tenant, &whole, &file).1;
    assert_eq!(both, [&[foreign][..], &own].concat());
    let asked = tenant.network().counts().requests;
    assert_eq!(errors(&mut tenant, &whole, "").0, Code::RosterUnreadable);
    assert_eq!(tenant.network().counts().requests, asked);

    // Where the tenant does not answer, the file's own errors come, if it has any.
    let silent = || {
        let status = Fault::ServerError {
            status: 501,
            executed: false,
            retry_after: agentuser_simulator::RetryAfter::Absent,
        };
        let faults = Planned::new(agentuser_core::http::Method::Get, "/organization", 1, status);
        world(Tenant::contoso(4), Faults::plan([faults]))
    };
    assert_eq!(errors(&mut silent(), &whole, &file), (Code::RosterInvalid, own));
    let problem = run(&mut silent(), &whole, &roster()).end.unwrap_err();
    assert_eq!((problem.status(), problem.row_errors()), (Some(501), &[][..]));
}

#[test]
fn a_failure_after_the_create_names_the_agent_user() {
    let faults = Faults::plan([Planned::new(
        agentuser_core::http::Method::Post,
        "/assignLicense",
        1,
        Fault::Rejected,
    )]);
    let mut world = world(Tenant::contoso(4), faults);
    let row = json!({
        "identityParentId": ids::identity(1).to_string(), "displayName": "One", "usageLocation": "DE",
        "userPrincipalName": "one@contoso.com", "licenses": ["AGENT_365"],
    });
    let created = done(&mut world, json!({ "operation": "create", "agentUser": row }));
    assert_eq!(created.get("agentUser"), None, "{created:#}");
    assert_eq!(created["report"]["outcome"], "failed");
    assert!(
        created["report"]["id"].is_string() && created["report"]["problem"]["code"].is_string(),
        "{created:#}"
    );
}

#[test]
fn every_broken_rule_of_an_operation_comes_at_once_with_its_field() {
    for (request, fields) in [
        (json!({ "operation": "setManager", "user": "x", "manager": "a@@b.cc" }), vec!["manager", "user"]),
        (
            json!({ "operation": "update", "user": "x", "changes": { "shoeSize": "9", "city": 7 } }),
            vec!["city", "shoeSize", "user"],
        ),
        (json!({ "operation": "purge", "user": "x" }), vec!["user"]),
        (
            json!({ "operation": "addSponsor", "user": "x@contoso.com", "sponsor": "group:x" }),
            vec!["sponsor"],
        ),
        (json!({ "operation": "changeLicenses", "user": "a@contoso.com" }), vec!["add"]),
        (
            json!({ "operation": "changeLicenses", "user": "x", "add": [" "], "remove": ["A"] }),
            vec!["add", "user"],
        ),
        (
            json!({ "operation": "changeLicenses", "user": "a@contoso.com", "add": ["group:Sales", { "sku": "group:Sales" }], "remove": ["group:Sales", ""] }),
            vec!["add", "remove"],
        ),
        (json!({ "operation": "list", "filter": { "identityParentId": "x" } }), vec!["identityParentId"]),
    ] {
        let problem = OperationRequest::parse(request.to_string().as_bytes(), Vec::new()).unwrap_err();
        let named: BTreeSet<&str> = problem.violations().iter().map(|one| one.field.as_ref()).collect();
        assert_eq!(named.into_iter().collect::<Vec<_>>(), fields, "{problem:?}");
    }
    for bad in [
        "",
        "{}",
        "[]",
        r#"{"operation":"get"}"#,
        r#"{"operation":"get","user":1}"#,
        r#"{"operation":"delete","user":"a@b.cc","yes":1}"#,
        r#"{"operation":"waitReady","user":"a@b.cc","readiness":{"mailbx":true}}"#,
    ] {
        let problem = OperationRequest::parse(bad.as_bytes(), Vec::new()).unwrap_err();
        assert_eq!(problem.code(), Code::Invalid, "{bad}");
    }
}

#[test]
fn configurations() {
    let root = |json: &str| Config::parse(json.as_bytes()).map(|config| config.endpoint().base().to_owned());
    assert_eq!(root("{}").unwrap(), "https://graph.microsoft.com/v1.0");
    assert_eq!(root(r#"{"cloud":"usgovdod"}"#).unwrap(), "https://dod-graph.microsoft.us/v1.0");
    assert_eq!(root(r#"{"graphEndpoint":"http://127.0.0.1:1"}"#).unwrap(), "http://127.0.0.1:1/v1.0");
    for (bad, field) in [
        (r#"{"cloud":"mars"}"#, Some("cloud")),
        (r#"{"graphEndpoint":"http://example.com"}"#, Some("graphEndpoint")),
        (r#"{"cloud":"global","graphEndpoint":"https://a.b"}"#, Some("graphEndpoint")),
        (r#"{"clod":"global"}"#, None),
    ] {
        let problem = Config::parse(bad.as_bytes()).unwrap_err();
        assert_eq!((problem.code(), problem.field()), (Code::Invalid, field), "{bad}");
    }
    let config = r#"{"inFlight":7,"settings":{"requestTimeoutMs":1500},"signIn":{"kind":"managedIdentity"}}"#;
    let config = Config::parse(config.as_bytes()).unwrap();
    assert_eq!((config.limits().in_flight, config.settings().request_timeout.as_millis()), (7, 1500));
    assert_eq!(config.sign_in(), Some(&SignInConfig::ManagedIdentity { client_id: None }));
}

#[test]
fn steps_and_answers() {
    let session = Session::new(Config::parse(b"{}").unwrap().settings());
    let id = ids::agent_user(1);
    let request = json!({ "operation": "update", "user": id.to_string(), "changes": { "city": "Ulm" } });
    let start = OperationRequest::parse(request.to_string().as_bytes(), Vec::new()).unwrap();
    let mut operation = json::start(&session, 0, start);
    let mut now = agentuser_core::Now::default();
    let mut seen = Vec::new();
    let user = format!(r##"{{"@odata.type":"#microsoft.graph.agentUser","id":"{id}"}}"##);
    let mut answers = vec![
        (r#"{"answer":"lost","sent":"maybe","why":"timedOut"}"#, String::new()),
        (r#"{"answer":"response","status":401,"token":3}"#, String::new()),
        (r#"{"answer":"response","status":200,"token":4,"headers":[["X","y"]]}"#, user),
        (r#"{"answer":"noToken","message":"nobody is here"}"#, String::new()),
    ]
    .into_iter();
    loop {
        let (text, bodies) = json::step_json(operation.poll(now));
        let step: Value = serde_json::from_str(&text).unwrap();
        conforms("StepMessage", &step);
        match step["step"].as_str().unwrap() {
            "send" => {
                for request in step["requests"].as_array().unwrap() {
                    let (answer, body) = answers.next().unwrap();
                    conforms("AnswerMessage", &serde_json::from_str(answer).unwrap());
                    let answer = json::answer(answer.as_bytes(), body.into_bytes()).unwrap();
                    operation.answer(RequestId::from_number(request["id"].as_u64().unwrap()), answer);
                }
                for (_, body) in bodies {
                    assert_eq!(body, br#"{"city":"Ulm"}"#);
                    seen.push("body".to_owned());
                }
                seen.extend(
                    step["requests"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .filter_map(|one| one.get("rejectedToken"))
                        .map(Value::to_string),
                );
            }
            "wait" => now.mono = std::time::Duration::from_millis(step["untilMs"].as_u64().unwrap()),
            "event" => {}
            _ => {
                assert_eq!(step["problem"]["code"], "TokenMissing", "{step}");
                assert_eq!(step["problem"]["message"], "nobody is here.");
                break;
            }
        }
    }
    assert_eq!(seen, [r#"{"tag":3}"#, "body"]);
    assert!(matches!(operation.poll(now), Step::Done(Err(_))));
}

#[test]
fn answers_are_read_or_refused() {
    for bad in [
        "",
        r#"{"answer":"response"}"#,
        r#"{"answer":"response","status":0}"#,
        r#"{"answer":"lost","sent":"perhaps","why":"broken"}"#,
    ] {
        assert!(json::answer(bad.as_bytes(), Vec::new()).is_err(), "{bad}");
    }
    let lost: AnswerMessage =
        serde_json::from_str(r#"{"answer":"lost","sent":"no","why":"unreachable","message":"m"}"#).unwrap();
    assert!(matches!(lost, AnswerMessage::Lost { .. }));
    assert!(matches!(
        json::answer(br#"{"answer":"lost","sent":"no","why":"unreachable"}"#, Vec::new()),
        Ok(Answer::Lost { .. })
    ));
}

/// The first of the words that a member may be; null for any other member.
fn word(schema: &Value, property: &Value) -> Value {
    let name = property["$ref"].as_str().unwrap_or_default().rsplit('/').next().unwrap();
    schema["$defs"][name]["oneOf"][0]["const"].clone()
}

#[test]
fn operations_are_read_with_every_member_that_the_schema_has() {
    let schema = schema();
    let mut members = 0;
    for variant in schema["$defs"]["OperationRequest"]["oneOf"].as_array().unwrap() {
        let required = variant["required"].as_array().unwrap();
        let mut request = serde_json::Map::new();
        for (name, property) in variant["properties"].as_object().unwrap() {
            members += 1;
            let value = match property.get("const") {
                Some(operation) => operation.clone(),
                // Null is absent.
                None if !required.contains(&json!(name)) => Value::Null,
                None if !word(&schema, property).is_null() => word(&schema, property),
                None if property["type"] == "string" => json!("x"),
                None if property["items"]["$ref"] == "#/$defs/OperationRequest" => {
                    json!([{ "operation": "delete", "user": "x" }])
                }
                None if property["type"] == "array" => json!(["x"]),
                None => json!({}),
            };
            request.insert(name.clone(), value);
        }
        let mut request = Value::Object(request);
        // Values may break rules; no member is missing, unknown or of another kind.
        let is_read =
            |request: &Value| match OperationRequest::parse(request.to_string().as_bytes(), Vec::new()) {
                Ok(_) => true,
                Err(problem) => !problem.violations().is_empty(),
            };
        assert!(is_read(&request), "{request}");
        request["noSuchMember"] = json!(1);
        assert!(!is_read(&request), "{request}");
    }
    assert!(members > 60, "{members}");
}
