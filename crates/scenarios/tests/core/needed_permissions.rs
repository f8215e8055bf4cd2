//! The table of needed permissions against the calls that every operation makes, and against a tenant that enforces them.

use crate::common::{BINNED, ONE, TWO, populated, world_as};
use agentuser_core::Call;
use agentuser_core::flow::{
    Condition, NeededFor, PermissionSet, RequiredPermissions, known_operations, required_permissions,
};
use agentuser_core::json::{self, Config, OperationRequest};
use agentuser_core::operation::{Limits, Session};
use agentuser_core::problem::Code;
use agentuser_simulator::{Faults, PermissionUse, Switches, Token, World, ids, tenant};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A request, and the file beside it.
type Asked = (Value, String);

/// The calls, results and used permissions of operations on one tenant.
struct Played {
    calls: BTreeMap<String, BTreeSet<Call>>,
    results: Vec<(String, Result<Value, Code>)>,
    uses: PermissionUse,
}

/// Several requests of every operation, one after the other: they undo what the others do.
fn requests() -> Vec<Asked> {
    let (one, two, binned) = (ONE.to_string(), TWO.to_string(), BINNED.to_string());
    let (parent, human) = (ids::identity(1).to_string(), ids::human(1).to_string());
    let free = ids::identity(9).to_string();
    let blueprints =
        [ids::blueprint_app(1), ids::blueprint(1), ids::blueprint_principal(1)].map(|id| id.to_string());
    let plain = |json: Value| (json, String::new());
    let mut all: Vec<Asked> = Vec::new();
    let mut ask = |json: Value| all.push(plain(json));
    for operation in ["verifyParent", "findByParent"] {
        ask(json!({ "operation": operation, "identityParentId": parent }));
    }
    for operation in ["identity", "identitySponsors", "identityOwners", "lifecycle", "attest"] {
        ask(json!({ "operation": operation, "agentIdentityId": parent }));
    }
    ask(json!({ "operation": "listIdentities", "withoutAgentUser": true, "blueprint": blueprints[1] }));
    ask(json!({ "operation": "listBlueprints" }));
    for blueprint in &blueprints {
        ask(json!({ "operation": "blueprint", "blueprint": blueprint }));
        ask(json!({ "operation": "verifyBlueprint", "blueprint": blueprint }));
    }
    for operation in ["verifiedDomains", "list", "listDeleted", "skus", "findUsers", "findGroups"] {
        ask(json!({ "operation": operation }));
    }
    ask(json!({ "operation": "audit", "beta": true }));
    ask(json!({ "operation": "auditSnapshot" }));
    ask(json!({ "operation": "get", "user": one, "select": ["employeeLeaveDateTime"] }));
    ask(json!({ "operation": "get", "user": one, "select": ["customSecurityAttributes"] }));
    ask(json!({ "operation": "sponsored" }));
    ask(json!({ "operation": "sponsored", "person": human }));
    for operation in ["manager", "sponsors", "groups", "access", "licenses", "permissions"] {
        ask(json!({ "operation": operation, "user": one }));
    }
    ask(json!({ "operation": "permissions", "blueprint": blueprints[1] }));
    let group = format!("group:{}", ids::group(1));
    let wanted = json!({
        "identityParentId": free, "displayName": "Ada", "userPrincipalName": "ada@contoso.com", "usageLocation": "DE",
        "manager": human, "sponsors": ["human2@contoso.com", group], "licenses": ["AGENT_365"],
    });
    ask(json!({ "operation": "provision", "agentUser": wanted, "dryRun": true }));
    ask(json!({ "operation": "create", "agentUser": wanted, "readiness": { "mailbox": true } }));
    ask(json!({ "operation": "provision", "agentUser": wanted, "readiness": { "oneDrive": true } }));
    let mut others = [wanted.clone(), wanted.clone(), wanted.clone()];
    others[0]["jobTitle"] = "Seller".into();
    others[1]["jobTitle"] = "Buyer".into();
    others[2]["identityParentId"] = ids::identity(10).to_string().into();
    others[2]["userPrincipalName"] = "bob@contoso.com".into();
    for (operation, wanted) in ["create", "provision", "provision"].iter().zip(others) {
        ask(json!({ "operation": operation, "agentUser": wanted }));
    }
    ask(
        json!({ "operation": "waitReady", "user": "ada@contoso.com", "readiness": { "teams": true, "oneDrive": true } }),
    );
    ask(json!({ "operation": "update", "user": two, "changes": { "jobTitle": "Seller" } }));
    ask(json!({ "operation": "setManager", "user": two, "manager": "human2@contoso.com" }));
    ask(json!({ "operation": "clearManager", "user": two }));
    ask(json!({ "operation": "addSponsor", "user": two, "sponsor": "human2@contoso.com" }));
    ask(json!({ "operation": "removeSponsor", "user": two, "sponsor": "human2@contoso.com" }));
    for group in ["Group 2".to_owned(), ids::group(2).to_string()] {
        ask(json!({ "operation": "addToGroup", "user": two, "group": group }));
        ask(json!({ "operation": "removeFromGroup", "user": two, "group": group }));
    }
    ask(json!({ "operation": "changeLicenses", "user": two, "add": ["AGENT_365"] }));
    ask(json!({ "operation": "changeLicenses", "user": two, "remove": ["AGENT_365"] }));
    ask(json!({ "operation": "revokeSessions", "user": two }));
    for scopes in [vec!["User.Read"], vec!["User.Read", "Mail.Send"]] {
        ask(json!({ "operation": "grantPermission", "user": one, "scopes": scopes }));
    }
    ask(json!({ "operation": "revokePermission", "user": one, "scopes": ["Mail.Send"] }));
    ask(json!({ "operation": "revokePermission", "user": one, "scopes": ["User.Read"] }));
    let role = "AgentIdUser.ReadWrite.IdentityParentedBy";
    ask(json!({ "operation": "allowCreation", "blueprint": blueprints[0] }));
    ask(json!({ "operation": "removeAppRole", "blueprint": blueprints[1], "appRole": role }));
    ask(json!({ "operation": "assignAppRole", "blueprint": blueprints[2], "appRole": role }));
    for inherited in ["allAllowed", "none"] {
        ask(
            json!({ "operation": "inheritPermissions", "blueprint": blueprints[0], "inheritableScopes": inherited }),
        );
    }
    ask(json!({ "operation": "waitPermission", "permission": "User.ReadBasic.All" }));
    ask(json!({ "operation": "delete", "user": two }));
    ask(json!({ "operation": "restore", "user": two }));
    ask(json!({ "operation": "retire", "user": two, "freeSeats": true, "acceptDataLoss": true }));
    ask(json!({ "operation": "retire", "user": two }));
    ask(json!({ "operation": "purge", "user": binned }));
    ask(json!({ "operation": "many", "operations": [
        { "operation": "get", "user": one },
        { "operation": "update", "user": one, "changes": { "city": "Bonn" } },
        { "operation": "setManager", "user": one, "manager": "human1@contoso.com" },
        { "operation": "addSponsor", "user": one, "sponsor": "human2@contoso.com" },
        { "operation": "grantPermission", "user": one, "scopes": ["Mail.Send"] },
        { "operation": "revokePermission", "user": one, "scopes": ["Mail.Send"] },
        { "operation": "assignAppRole", "blueprint": blueprints[1], "appRole": "User.Read.All" },
        { "operation": "removeAppRole", "blueprint": blueprints[1], "appRole": "User.Read.All" },
        { "operation": "allowCreation", "blueprint": blueprints[2] },
        { "operation": "inheritPermissions", "blueprint": blueprints[1], "inheritableScopes": "allAllowed" },
    ] }));
    ask(json!({ "operation": "requiredPermissions", "operations": ["create"] }));
    ask(json!({ "operation": "doctor" }));
    ask(json!({ "operation": "doctor", "probe": true }));
    ask(json!({ "operation": "doctor", "probeWrites": ids::identity(12).to_string() }));
    all.extend(files(&free));
    all.extend(ends(&blueprints).into_iter().map(plain));
    all
}

/// Handing over and containing, which end what the others need.
fn ends(blueprints: &[String; 3]) -> Vec<Value> {
    let leavers = ["human1@contoso.com,human3@contoso.com", "human2@contoso.com,human4@contoso.com"];
    let mut ends = vec![json!({ "operation": "planHandover", "leavers": leavers })];
    for operation in ["planContain", "contain"] {
        ends.push(json!({ "operation": operation, "user": ids::agent_user(4).to_string() }));
        let except = [ids::agent_user(1).to_string(), ids::identity(2).to_string()];
        let identity = ids::identity(4).to_string();
        ends.push(json!({ "operation": operation, "agentIdentityId": identity, "except": except }));
        ends.extend(blueprints.iter().map(|id| json!({ "operation": operation, "blueprint": id })));
    }
    ends
}

/// The requests with a file beside them.
fn files(free: &str) -> Vec<Asked> {
    let other = ids::identity(11);
    let csv = format!(
        "identityParentId,userPrincipalName,displayName,usageLocation,manager,sponsors,licenses\n\
         {free},ada@contoso.com,Ada L,DE,human1@contoso.com,human2@contoso.com,AGENT_365\n\
         {other},cleo@contoso.com,Cleo,DE,human1@contoso.com,human2@contoso.com,AGENT_365\n"
    );
    vec![
        (json!({ "operation": "planRoster" }), csv.clone()),
        (json!({ "operation": "applyRoster" }), csv),
        (json!({ "operation": "plan", "verb": "retire", "users": ["ada@contoso.com"] }), String::new()),
        (json!({ "operation": "applyPlan", "approved": "" }), String::new()),
        (json!({ "operation": "restoreReported" }), String::new()),
    ]
}

/// Plays all requests, those of each operation with a token of its own.
fn play(token: impl Fn(&'static str) -> Token) -> Played {
    // The reading of Graph's pages under which an application's permission suffices.
    let switches = Switches { sponsor_of_refused_to_apps: false, ..Switches::default() };
    let tenant = known_operations().fold(
        populated().switches(switches).identity(9, 1).identity(10, 1).identity(11, 1).identity(12, 1),
        |tenant, operation| tenant.token(operation, token(operation)),
    );
    let mut world: World = world_as(tenant, Faults::none(), tenant::ADMIN);
    let session = Session::new(Config::parse(b"{}").unwrap().settings());
    let session = session.with_limits(Limits { batch: 1, ..Limits::default() });
    let mut played = Played { calls: BTreeMap::new(), results: Vec::new(), uses: PermissionUse::default() };
    let (mut plan, mut retired) = (Value::Null, Value::Null);
    for (mut request, mut file) in requests() {
        let name = request["operation"].as_str().unwrap().to_owned();
        if name == "applyPlan" {
            request["approved"] = plan["digest"].as_str().unwrap_or("no plan").into();
            file = plan.to_string();
        }
        if name == "restoreReported" {
            file = retired.to_string();
        }
        let start = match OperationRequest::parse(request.to_string().as_bytes(), file.into_bytes()) {
            Ok(start) => start,
            Err(problem) => panic!("{request}: {problem:?}"),
        };
        world.authorize(&format!("Bearer {name}"));
        let ran = world.run(json::start(&session, 0, start));
        played.calls.entry(name.clone()).or_default().extend(ran.calls);
        let end = ran.result.unwrap();
        let end = end.map(|output| serde_json::from_str::<Value>(output.as_str()).unwrap());
        if let Ok(made) = &end
            && made["digest"].is_string()
        {
            plan = made.clone();
        }
        if name == "retire" && retired.is_null() {
            retired = end.clone().unwrap_or_default();
        }
        played.results.push((request.to_string(), end.map_err(|problem| problem.code())));
    }
    played.uses = world.network().directory().permission_use().clone();
    played
}

fn needed(operation: &str) -> RequiredPermissions {
    let needed = NeededFor { operations: vec![operation.to_owned()], ..NeededFor::default() };
    required_permissions(Vec::new(), needed).unwrap()
}

/// The operations that failed, or that were refused something in a report.
fn failed(played: &Played) -> Vec<String> {
    // A refusal that the doctor gets is part of its diagnosis, not a failure.
    let is_doctor = |request: &str| request.contains("\"doctor\"");
    let failed = |(request, end): &(String, Result<Value, Code>)| match end {
        // Without a file there is nothing to audit.
        Err(Code::SnapshotUnreadable) => None,
        // No permission makes a person of an application.
        Err(Code::CallerNotAllowed) if request.contains("\"sponsored\"") => None,
        Err(code) => Some(format!("{request}: {code}")),
        Ok(_) if is_doctor(request) => None,
        // An audit goes on without what it may not read, and says so in its findings.
        Ok(result) if result["report"]["kind"] == "agentuserAudit" => None,
        Ok(result) => {
            let text = result.to_string();
            (text.contains("PermissionMissing") || text.contains("\"problem\""))
                .then(|| format!("{request}: {text}"))
        }
    };
    played.results.iter().filter_map(failed).collect()
}

#[test]
fn the_table_has_every_call_that_an_operation_makes() {
    let played = [false, true].map(|delegated| play(|operation| enough(operation, delegated)));
    let everything = play(|_| Token::everything());
    let [all, application, delegated] = [&everything, &played[0], &played[1]];
    assert_eq!(all.uses.lacked, BTreeMap::new());
    let mut wrong = Vec::new();
    for operation in known_operations() {
        let made = |played: &Played| played.calls.get(operation).cloned().unwrap_or_default();
        assert!(all.calls.contains_key(operation), "{operation} is not played");
        let made = &(&made(all) | &made(application)) | &made(delegated);
        let needed = needed(operation);
        let table: BTreeSet<Call> = needed.requests.iter().map(|one| one.call).collect();
        wrong.extend(made.difference(&table).map(|call| format!("{operation} makes {call}")));
        let always = needed.requests.iter().filter(|one| one.always).map(|one| one.call);
        wrong.extend(
            always
                .filter(|call| !made.contains(call))
                .map(|call| format!("{operation} does not make {call}")),
        );
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// A token with what the table names for an operation under any condition, and nothing else.
fn enough(operation: &str, delegated: bool) -> Token {
    let needed = needed(operation);
    let PermissionSet { permissions, conditional, .. } =
        if delegated { &needed.delegated } else { &needed.application };
    let under_conditions = conditional.iter().flat_map(|one| &one.permissions);
    let all: BTreeSet<&str> = permissions.iter().chain(under_conditions).copied().collect();
    if delegated { Token::delegated(Some(ids::human(1)), all) } else { Token::application(all) }
}

#[test]
fn what_the_table_names_is_enough() {
    assert_eq!(failed(&play(|_| Token::everything())), Vec::<String>::new());
    for delegated in [false, true] {
        let played = play(|operation| enough(operation, delegated));
        assert_eq!(failed(&played), Vec::<String>::new());
    }
}

#[test]
fn conditions_are_told_in_words() {
    let create = needed("create");
    let managers =
        create.delegated.conditional.iter().find(|one| one.condition == Condition::Manager).unwrap();
    assert_eq!(
        (managers.when, &*managers.permissions),
        ("where a manager is named", &["User.ReadBasic.All"][..])
    );
    assert!(create.application.permissions.contains(&"AgentIdUser.ReadWrite.All"));
    assert!(create.blueprint.permissions.contains(&"AgentIdUser.ReadWrite.IdentityParentedBy"));
    assert!(
        create.application.roles.is_empty() && create.delegated.roles.contains(&"Agent ID Administrator")
    );
}
