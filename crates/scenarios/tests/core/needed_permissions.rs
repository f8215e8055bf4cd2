//! The table of needed permissions against the calls that every operation makes, and against a tenant that enforces them.

use crate::common::{BINNED, ONE, TWO, populated, world_as};
use agentuser_core::Call;
use agentuser_core::flow::{
    Condition, NeededFor, PermissionSet, RequiredPermissions, known_operations, required_permissions,
};
use agentuser_core::json::{self, Config, OperationRequest};
use agentuser_core::operation::{Limits, Session};
use agentuser_core::problem::Code;
use agentuser_simulator::{Faults, PermissionUse, Token, World, ids};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A request, and the file beside it.
type Asked = (Value, String);

/// What came of operations on one tenant.
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
    for operation in ["verifiedDomains", "list", "listDeleted", "skus"] {
        ask(json!({ "operation": operation }));
    }
    ask(json!({ "operation": "get", "user": one, "select": ["employeeLeaveDateTime"] }));
    ask(json!({ "operation": "get", "user": one, "select": ["customSecurityAttributes"] }));
    for operation in ["manager", "sponsors", "licenses", "permissions"] {
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
    ask(
        json!({ "operation": "waitReady", "user": "ada@contoso.com", "readiness": { "teams": true, "oneDrive": true } }),
    );
    ask(json!({ "operation": "update", "user": two, "changes": { "jobTitle": "Seller" } }));
    ask(json!({ "operation": "setManager", "user": two, "manager": "human2@contoso.com" }));
    ask(json!({ "operation": "clearManager", "user": two }));
    ask(json!({ "operation": "addSponsor", "user": two, "sponsor": "human2@contoso.com" }));
    ask(json!({ "operation": "removeSponsor", "user": two, "sponsor": "human2@contoso.com" }));
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
    ask(json!({ "operation": "waitPermission", "permission": "User.Read.All" }));
    ask(json!({ "operation": "delete", "user": two }));
    ask(json!({ "operation": "restore", "user": two }));
    ask(json!({ "operation": "retire", "user": two, "freeSeats": true, "acceptDataLoss": true }));
    ask(json!({ "operation": "retire", "user": two }));
    ask(json!({ "operation": "purge", "user": binned }));
    ask(json!({ "operation": "requiredPermissions", "operations": ["create"] }));
    all.extend(files(&free, &two));
    all
}

/// Those with a file beside them.
fn files(free: &str, two: &str) -> Vec<Asked> {
    let csv = format!(
        "identityParentId,userPrincipalName,displayName,usageLocation,manager,sponsors,licenses\n\
         {free},ada@contoso.com,Ada,DE,human1@contoso.com,human2@contoso.com,AGENT_365\n"
    );
    let reports = json!([{ "id": two, "userPrincipalName": "agent2@contoso.com", "outcome": "changed" }]);
    vec![
        (json!({ "operation": "planRoster" }), csv.clone()),
        (json!({ "operation": "applyRoster" }), csv),
        (json!({ "operation": "plan", "verb": "retire", "users": ["ada@contoso.com"] }), String::new()),
        (json!({ "operation": "applyPlan", "approved": "" }), String::new()),
        (json!({ "operation": "plan", "verb": "restore", "users": ["ada@contoso.com"] }), String::new()),
        (json!({ "operation": "applyPlan", "approved": "" }), String::new()),
        (json!({ "operation": "restoreReported", "dryRun": true }), reports.to_string()),
    ]
}

fn play(token: Token) -> Played {
    let tenant = populated().token("caller", token);
    let mut world: World = world_as(tenant, Faults::none(), "caller");
    let session = Session::new(Config::parse(b"{}").unwrap().settings());
    let session = session.with_limits(Limits { batch: 1, ..Limits::default() });
    let mut played = Played { calls: BTreeMap::new(), results: Vec::new(), uses: PermissionUse::default() };
    let mut plan = Value::Null;
    for (mut request, mut file) in requests() {
        let name = request["operation"].as_str().unwrap().to_owned();
        if name == "applyPlan" {
            request["approved"] = plan["digest"].clone();
            file = plan.to_string();
        }
        let start = match OperationRequest::parse(request.to_string().as_bytes(), file.into_bytes()) {
            Ok(start) => start,
            Err(problem) => panic!("{request}: {problem:?}"),
        };
        let ran = world.run(json::start(&session, 0, start));
        played.calls.entry(name.clone()).or_default().extend(ran.calls);
        let end = ran.result.unwrap();
        let end = end.map(|output| serde_json::from_str::<Value>(output.as_str()).unwrap());
        if let Ok(made) = &end
            && made["digest"].is_string()
        {
            plan = made.clone();
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

/// Whether nothing was refused: neither as a whole, nor in a report or an item.
fn is_permitted((request, end): &(String, Result<Value, Code>)) {
    match end {
        Err(code) => panic!("{request}: {code}"),
        Ok(result) => {
            let text = result.to_string();
            assert!(!text.contains("PermissionMissing"), "{request}: {text}");
        }
    }
}

#[test]
fn the_table_has_every_call_that_an_operation_makes() {
    let played = play(Token::everything());
    played.results.iter().for_each(is_permitted);
    assert_eq!(played.uses.lacked, BTreeMap::new());
    let mut wrong = Vec::new();
    for operation in known_operations() {
        let Some(made) = played.calls.get(operation) else { panic!("{operation} is not played") };
        let table: BTreeSet<Call> = needed(operation).requests.iter().map(|one| one.call).collect();
        wrong.extend(made.difference(&table).map(|call| format!("{operation} makes {call}")));
        wrong.extend(table.difference(made).map(|call| format!("{operation} does not make {call}")));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Everything that a caller needs for these, under any condition.
fn granted(
    operations: impl IntoIterator<Item = &'static str>,
    of: fn(&RequiredPermissions) -> &PermissionSet,
) -> BTreeSet<&'static str> {
    let mut granted = BTreeSet::new();
    for operation in operations {
        let needed = needed(operation);
        let set = of(&needed);
        granted.extend(set.permissions.iter().copied());
        granted.extend(set.conditional.iter().flat_map(|one| one.permissions.iter().copied()));
    }
    granted
}

#[test]
fn what_the_table_names_is_enough() {
    for delegated in [false, true] {
        let set: fn(&RequiredPermissions) -> &PermissionSet =
            if delegated { |needed| &needed.delegated } else { |needed| &needed.application };
        let permissions = granted(known_operations(), set);
        let token = if delegated {
            Token::delegated(Some(ids::human(1)), permissions.iter().copied())
        } else {
            Token::application(permissions.iter().copied())
        };
        play(token).results.iter().for_each(is_permitted);
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
