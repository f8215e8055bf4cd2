//! The objects that an audit reads besides users: directory roles, Conditional Access, risk, sign-ins; and
//! the changes of members that are refused.

use crate::client::*;
use agentuser_core::http::Method;
use agentuser_simulator::{
    AccessPolicy, Group, Licensing, MailGroupMembers, Quotas, Switches, Tenant, Token, WhatIfOfAgents,
    contract, ids, role_id,
};
use serde_json::{Value, json};

const RISK: &str = "https://graph.microsoft.com/beta/identityProtection/riskyAgents";
const SUMMARY: &str =
    "https://graph.microsoft.com/beta/auditLogs/getSummarizedNonInteractiveSignIns(aggregationWindow='d1')";

fn tenant() -> Tenant {
    Tenant::contoso(2).populate(20, 22, 1)
}

/// A GET that follows the contract, and so does its answer.
#[track_caller]
fn read(graph: &mut Client, path: &str) -> Value {
    let request = request(Method::Get, path, None);
    assert_eq!(contract::check(&request), []);
    let response = graph.send(&request);
    assert_eq!(response.status, 200, "{path}: {}", json_of(&response));
    assert_eq!(contract::check_response(&request, &response), []);
    json_of(&response)
}

fn only_filter(user: u32) -> String {
    format!("$filter=principalId%20eq%20%27{}%27", ids::agent_user(user))
}

#[test]
fn roles_are_active_or_eligible() {
    let user = ids::agent_user(20);
    let tenant = tenant()
        .directory_role(user, "Directory Readers", false)
        .directory_role(user, "Global Reader", true)
        .directory_role(ids::human(1), "Global Administrator", false);
    let mut graph = Client::of(tenant.clone());
    let roles = "/roleManagement/directory";
    let active = read(&mut graph, &format!("{roles}/roleAssignments?{}", only_filter(20)));
    let readers = role_id("Directory Readers").unwrap().to_string();
    assert_eq!(active["value"].as_array().unwrap().len(), 1);
    assert_eq!(active["value"][0]["roleDefinitionId"], readers);
    assert_eq!(active["value"][0]["directoryScopeId"], "/");
    let instances = read(&mut graph, &format!("{roles}/roleAssignmentScheduleInstances?{}", only_filter(20)));
    assert_eq!(instances["value"][0]["assignmentType"], "Assigned");
    let eligible = read(&mut graph, &format!("{roles}/roleEligibilityScheduleInstances?{}", only_filter(20)));
    assert_eq!(eligible["value"].as_array().unwrap().len(), 1);
    assert_eq!(eligible["value"][0]["roleDefinitionId"], role_id("Global Reader").unwrap().to_string());
    let definitions = read(&mut graph, &format!("{roles}/roleDefinitions?$select=id,displayName"));
    assert!(definitions["value"].as_array().unwrap().iter().any(|one| one["id"] == readers));
    bad_request(&graph.get(&format!("{roles}/roleDefinitions?$select=isPrivileged")));
    let one = read(&mut graph, &format!("{roles}/roleDefinitions/{readers}"));
    assert_eq!((&one["displayName"], one.get("isPrivileged")), (&json!("Directory Readers"), None));

    let held = read(&mut graph, &format!("/users/{user}/memberOf"));
    assert_eq!(held["value"][0]["@odata.type"], "#microsoft.graph.directoryRole");
    assert_eq!(held["value"][0]["roleTemplateId"], readers);
    assert_eq!(graph.delete(&format!("/users/{user}")).0, 204);
    let gone = read(&mut graph, &format!("{roles}/roleAssignments?{}", only_filter(20)));
    assert_eq!(gone["value"], json!([]));

    let mut graph = Client::of(tenant.licensing(Licensing::FREE));
    for kind in ["roleAssignmentScheduleInstances", "roleEligibilityScheduleInstances"] {
        refused(&graph.get(&format!("{roles}/{kind}")), 400, "AadPremiumLicenseRequired");
    }
    assert_eq!(graph.get(&format!("{roles}/roleAssignments")).0, 200);
}

#[test]
fn each_read_has_a_permission_of_its_own() {
    let reads = [
        ("/roleManagement/directory/roleAssignments", "RoleManagement.Read.Directory"),
        (
            "/roleManagement/directory/roleEligibilityScheduleInstances",
            "RoleEligibilitySchedule.Read.Directory",
        ),
        ("/identity/conditionalAccess/policies", "Policy.Read.ConditionalAccess"),
        (RISK, "IdentityRiskyAgent.Read.All"),
        (SUMMARY, "AuditLog.Read.All"),
    ];
    for (path, permission) in reads {
        let with = |permissions: [&str; 1]| {
            let mut graph = Client::of(tenant().token("one", Token::application(permissions)));
            graph.token = "Bearer one";
            graph.get(path)
        };
        assert_eq!(with([permission]).0, 200, "{path}");
        refused(&with(["User.Read.All"]), 403, "Authorization_RequestDenied");
    }
}

fn asked(user: String) -> Value {
    json!({
        "signInIdentity": {"@odata.type": "#microsoft.graph.userSignIn", "userId": user},
        "signInContext": {
            "@odata.type": "#microsoft.graph.applicationContext",
            "includeApplications": ["00000003-0000-0000-c000-000000000000"],
        },
        "signInConditions": {},
        "appliedPoliciesOnly": false,
    })
}

#[test]
fn what_if_says_which_policies_apply() {
    let all = |n, users| AccessPolicy::blocking(ids::access_policy(n), "Policy", users);
    let tenant = tenant()
        .access_policy(all(1, json!({"includeUsers": ["AllAgentIdUsers"]})))
        .access_policy(all(2, json!({"includeUsers": [ids::human(1).to_string()]})));
    let mut graph = Client::of(tenant.clone());
    let policies = read(&mut graph, "/identity/conditionalAccess/policies?$select=id,displayName,conditions");
    assert_eq!(policies["value"].as_array().unwrap().len(), 2);
    read(&mut graph, &format!("/identity/conditionalAccess/policies/{}", ids::access_policy(2)));

    let evaluate = "/identity/conditionalAccess/evaluate";
    let user = ids::agent_user(20).to_string();
    let ask = request(Method::Post, evaluate, Some(&asked(user.clone())));
    assert_eq!(contract::check(&ask), []);
    let response = graph.send(&ask);
    assert_eq!(contract::check_response(&ask, &response), []);
    let results = json_of(&response)["value"].clone();
    assert_eq!(
        (&results[0]["policyApplies"], &results[0]["analysisReasons"]),
        (&json!(true), &json!("notSet"))
    );
    assert_eq!(
        (&results[1]["policyApplies"], &results[1]["analysisReasons"]),
        (&json!(false), &json!("users"))
    );
    let applied = graph.post(evaluate, &with(asked(user.clone()), "appliedPoliciesOnly", json!(true)));
    assert_eq!(applied.1["value"].as_array().unwrap().len(), 1);
    bad_request(&graph.post(evaluate, &without(asked(user.clone()), "signInContext")));
    not_found(&graph.post(evaluate, &asked(ids::nothing(1).to_string())));

    let switches = Switches { what_if_of_agents: WhatIfOfAgents::Refused, ..Switches::default() };
    let mut graph = Client::of(tenant.switches(switches));
    bad_request(&graph.post(evaluate, &asked(user)));
    assert_eq!(graph.post(evaluate, &asked(ids::human(1).to_string())).0, 200);
}

#[test]
fn risk_is_in_beta_and_needs_a_license() {
    let tenant = tenant().at_risk(ids::agent_user(20), "high").at_risk(ids::identity(21), "low");
    let mut graph = Client::of(tenant.clone());
    let all = read(&mut graph, RISK);
    assert_eq!(all["value"].as_array().unwrap().len(), 2);
    let users = read(&mut graph, &format!("{RISK}?$filter=identityType%20eq%20%27agentUser%27"));
    assert_eq!(users["value"].as_array().unwrap().len(), 1);
    assert_eq!(users["value"][0]["id"], ids::agent_user(20).to_string());
    assert_eq!(users["value"][0]["riskState"], "atRisk");
    let one = read(&mut graph, &format!("{RISK}/{}", ids::identity(21)));
    assert_eq!(one["identityType"], "agentIdentity");
    refused(&graph.get("/identityProtection/riskyAgents"), 400, "BadRequest");
    let mut graph = Client::of(tenant.licensing(Licensing::FREE));
    refused(&graph.get(RISK), 403, "Forbidden");
}

#[test]
fn risk_and_reports_are_throttled_apart() {
    let mut graph = Client::of(tenant().quotas(Quotas::PUBLISHED));
    assert_eq!(graph.get(RISK).0, 200);
    let refused = graph.send(&request(Method::Get, RISK, None));
    assert_eq!((refused.status, refused.headers.get("Retry-After")), (429, None));
    graph.later(seconds(1));
    assert_eq!(graph.get(RISK).0, 200);
    for _ in 0..5 {
        assert_eq!(graph.get(SUMMARY).0, 200);
    }
    let refused = graph.send(&request(Method::Get, SUMMARY, None));
    assert_eq!((refused.status, refused.headers.get("Retry-After")), (429, Some("10")));
    assert_eq!(graph.get("/users").0, 200);
}

#[test]
fn sign_ins_are_on_the_user_and_in_the_summary() {
    let (fresh, failed, never) = (ids::agent_user(20), ids::agent_user(21), ids::agent_user(22));
    let tenant = tenant()
        .created_at(start().unix_ms)
        .signed_in(fresh, 3, true)
        .signed_in(fresh, 1, false)
        .signed_in(failed, 1, false)
        .signed_in(failed, 200, true);
    let mut graph = Client::of(tenant.clone());
    let activity = |graph: &mut Client, id| {
        read(graph, &format!("/users/{id}?$select=id,signInActivity"))["signInActivity"].clone()
    };
    let seen = activity(&mut graph, fresh);
    assert!(seen["lastSignInDateTime"].is_null());
    assert!(
        seen["lastNonInteractiveSignInDateTime"].as_str() > seen["lastSuccessfulSignInDateTime"].as_str(),
        "{seen}"
    );
    assert_eq!(activity(&mut graph, never), Value::Null);

    let all = graph.all(SUMMARY);
    assert_eq!(all.len(), 3, "what is older than 30 days is not kept: {all:?}");
    assert!(all.iter().all(|one| one["agent"]["agentSubjectType"] == "unknownFutureValue"));
    let mut whole = request(Method::Get, SUMMARY, None);
    whole.headers.push("Prefer", "include-unknown-enum-members");
    assert_eq!(contract::check(&whole), []);
    let response = graph.send(&whole);
    assert_eq!(contract::check_response(&whole, &response), []);
    assert_eq!(json_of(&response)["value"][0]["agent"]["agentSubjectType"], "agentIDuser");
    refused(
        &graph.get("/auditLogs/getSummarizedNonInteractiveSignIns(aggregationWindow='d1')"),
        400,
        "BadRequest",
    );

    // One user with the member refuses the whole list, and larger pages are refused with it.
    bad_request(&graph.get(&format!("{AGENTS}?$select=id,signInActivity&$top=501")));
    assert_eq!(graph.get(&format!("{AGENTS}?$select=id,signInActivity&$top=500")).0, 200);
    let mut graph = Client::of(tenant.licensing(Licensing::FREE));
    let without = "Authentication_RequestFromNonPremiumTenantOrB2CTenant";
    refused(&graph.get(&format!("{AGENTS}?$select=id,signInActivity")), 403, without);
    refused(&graph.get(SUMMARY), 403, without);
    assert_eq!(graph.get(&format!("{AGENTS}?$select=id")).0, 200);
}

fn group_with(extras: &[(&str, Value)]) -> Tenant {
    let change = |group: &mut Group| {
        group.extras.extend(extras.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    };
    tenant().change_group(9, change)
}

#[track_caller]
fn add(graph: &mut Client) -> (u16, Value) {
    let path = format!("/groups/{}/members/$ref", ids::group(9));
    graph.post(&path, &reference("directoryObjects", ids::agent_user(20)))
}

#[test]
fn groups_that_graph_does_not_write_refuse_members() {
    let mut graph = Client::of(group_with(&[]));
    assert_eq!(add(&mut graph).0, 204);
    bad_request(&add(&mut graph));

    let mail = [("mailEnabled", json!(true))];
    bad_request(&add(&mut Client::of(group_with(&mail))));
    let switches = Switches { mail_group_members: MailGroupMembers::Denied, ..Switches::default() };
    let mut graph = Client::of(group_with(&mail).switches(switches));
    refused(&add(&mut graph), 403, "Authorization_RequestDenied");
    let unified = [("mailEnabled", json!(true)), ("groupTypes", json!(["Unified"]))];
    assert_eq!(add(&mut Client::of(group_with(&unified))).0, 204);
    bad_request(&add(&mut Client::of(group_with(&[("onPremisesSyncEnabled", json!(true))]))));
    bad_request(&add(&mut Client::of(group_with(&[("isAssignableToRole", json!(true))]))));

    let dynamic = || tenant().change_group(9, |group| group.dynamic = true);
    bad_request(&add(&mut Client::of(dynamic())));
    let switches = Switches { dynamic_groups_take_agents: true, ..Switches::default() };
    let mut graph = Client::of(dynamic().switches(switches));
    assert_eq!(add(&mut graph).0, 204);
    let group = graph.get(&format!("/groups/{}", ids::group(9))).1;
    assert_eq!(group["groupTypes"], json!(["DynamicMembership"]));
}

#[test]
fn restricted_management_refuses_changes_but_not_memberships() {
    let user = ids::agent_user(20);
    let mut graph = Client::of(group_with(&[]).restricted_unit(7, [user]));
    let path = format!("/users/{user}");
    refused(&graph.patch(&path, &json!({"accountEnabled": false})), 403, "Authorization_RequestDenied");
    refused(&graph.delete(&path), 403, "Authorization_RequestDenied");
    let seen = graph.get(&format!("{path}?$select=id,isManagementRestricted")).1;
    assert_eq!(seen["isManagementRestricted"], true);
    assert_eq!(add(&mut graph).0, 204, "to add such a user to a group is allowed");

    let mut graph = Client::of(group_with(&[]).restricted_unit(7, [ids::group(9)]));
    let refusal = add(&mut graph);
    refused(&refusal, 403, "Authorization_RequestDenied");
    let words = refusal.1["error"]["message"].as_str().unwrap();
    assert!(words.contains("restricted management administrative unit"), "{words}");
    let group = graph.get(&format!("/groups/{}?$select=id,isManagementRestricted", ids::group(9))).1;
    assert_eq!(group["isManagementRestricted"], true);
}
