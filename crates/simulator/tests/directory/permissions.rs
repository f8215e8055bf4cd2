use crate::client::*;
use agentuser_core::http::Method;
use agentuser_simulator::{Switches, Tenant, Token, ids, tenant};
use serde_json::json;

const DENIED: (u16, &str) = (403, "Authorization_RequestDenied");

#[test]
fn tokens_that_are_not_good() {
    let mut graph = Client::contoso();
    let list = request(Method::Get, AGENTS, None);
    let cases = [None, Some("Bearer "), Some("Basic admin"), Some("Bearer nonsense"), Some(tenant::EXPIRED)];
    for authorization in cases {
        let response = graph.directory.handle(graph.now, authorization, &list);
        refused(&(response.status, json_of(&response)), 401, "InvalidAuthenticationToken");
        assert!(response.headers.get("WWW-Authenticate").unwrap().starts_with("Bearer "));
    }
    let response = graph.directory.handle(graph.now, Some(tenant::CHALLENGED), &list);
    assert_eq!(response.status, 401);
    let challenge = response.headers.get("www-authenticate").unwrap();
    assert!(challenge.contains("error=\"insufficient_claims\""), "{challenge}");
    assert!(challenge.contains("claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\""), "{challenge}");
}

#[test]
fn a_token_expires_at_its_moment_and_can_be_taken_away() {
    let mut graph = Client::contoso();
    let moment = graph.now.mono + seconds(60);
    graph.directory.add_token("short", Token::everything().expires_at(moment));
    graph.token = "Bearer short";
    graph.later(seconds(59));
    assert_eq!(graph.get(AGENTS).0, 200);
    graph.later(seconds(1));
    assert_eq!(graph.get(AGENTS).0, 401);
    graph.token = tenant::ADMIN;
    graph.directory.remove_token("admin");
    assert_eq!(graph.get(AGENTS).0, 401);
}

#[test]
fn nobody_may_do_nothing() {
    let mut graph = Client::contoso().using(tenant::NOBODY);
    let user = ids::agent_user(tenant::TAKEN_IDENTITY);
    let nothing = json!({"addLicenses": [], "removeLicenses": []});
    let before = graph.directory.snapshot();
    for answer in [
        graph.get(AGENTS),
        graph.get("/users"),
        graph.get("/users/$count"),
        graph.get(&format!("/users/{user}")),
        graph.get(&format!("/users/{user}/manager")),
        graph.get(&format!("/users/{user}/sponsors")),
        graph.get(&format!("/users/{user}/licenseDetails")),
        graph.post(AGENTS, &new_user(1)),
        graph.patch(&format!("/users/{user}"), &json!({"city": "Bern"})),
        graph.delete(&format!("/users/{user}")),
        graph.put(&format!("/users/{user}/manager/$ref"), &reference("users", ids::human(1))),
        graph.delete(&format!("/users/{user}/manager/$ref")),
        graph.post(&format!("/users/{user}/sponsors/$ref"), &reference("users", ids::human(1))),
        graph.delete(&format!("/users/{user}/sponsors/{}/$ref", ids::human(1))),
        graph.post(&format!("/users/{user}/assignLicense"), &nothing),
        graph.act(&format!("/users/{user}/reprocessLicenseAssignment")),
        graph.act(&format!("/users/{user}/revokeSignInSessions")),
        graph.get("/subscribedSkus"),
        graph.get("/organization"),
        graph.get("/domains"),
        graph.get("/servicePrincipals"),
        graph.get(&format!("/servicePrincipals/{}", ids::identity(1))),
        graph.get(&format!("/servicePrincipals/microsoft.graph.agentIdentity/{}", ids::identity(1))),
        graph.post("/servicePrincipals/microsoft.graph.agentIdentity", &json!({})),
        graph.patch(&format!("/servicePrincipals/{}", ids::identity(1)), &json!({})),
        graph.delete(&format!("/servicePrincipals/{}", ids::identity(1))),
        graph.get("/directory/deletedItems/microsoft.graph.user"),
        graph.get(&format!("/directory/deletedItems/{user}")),
        graph.act(&format!("/directory/deletedItems/{user}/restore")),
        graph.delete(&format!("/directory/deletedItems/{user}")),
    ] {
        refused(&answer, DENIED.0, DENIED.1);
    }
    assert_eq!(graph.directory.snapshot(), before);
}

#[test]
fn a_reader_reads_and_does_not_write() {
    let mut graph = Client::contoso().using(tenant::READER);
    let user = ids::agent_user(tenant::TAKEN_IDENTITY);
    for path in [
        AGENTS.to_owned(),
        format!("/users/{user}"),
        format!("/users/{user}/sponsors"),
        format!("/users/{user}/licenseDetails"),
        "/subscribedSkus".to_owned(),
        "/organization".to_owned(),
        format!("/servicePrincipals/{}", ids::identity(1)),
        "/directory/deletedItems/microsoft.graph.user".to_owned(),
    ] {
        assert_eq!(graph.get(&path).0, 200, "{path}");
    }
    refused(&graph.post(AGENTS, &new_user(1)), DENIED.0, DENIED.1);
    refused(&graph.delete(&format!("/users/{user}")), DENIED.0, DENIED.1);
}

#[test]
fn a_blueprint_reaches_its_own_children_only() {
    let mut graph = Client::contoso().using(tenant::BLUEPRINT_1);
    // Identities 1, 4, 7 … are of blueprint 1.
    let own = graph.create(1);
    refused(&graph.post(AGENTS, &new_user(2)), DENIED.0, DENIED.1);
    graph.token = tenant::MANAGER;
    let foreign = graph.create(2);
    graph.token = tenant::BLUEPRINT_1;
    assert_eq!(graph.get(&format!("/users/{foreign}")).0, 200);
    for (id, status) in [(own, 200), (foreign, 403), (ids::human(1), 403)] {
        assert_eq!(graph.patch(&format!("/users/{id}"), &json!({"city": "Bern"})).0, status);
    }
    refused(&graph.delete(&format!("/users/{foreign}")), DENIED.0, DENIED.1);
    assert_eq!(graph.delete(&format!("/users/{own}")).0, 204);
    assert_eq!(graph.act(&format!("/directory/deletedItems/{own}/restore")).0, 200);
}

#[test]
fn agent_permissions_do_not_reach_humans() {
    let mut graph = Client::contoso().using(tenant::MANAGER);
    let before = graph.directory.snapshot();
    let path = format!("/users/{}", ids::human(1));
    refused(&graph.patch(&path, &json!({"city": "Bern"})), DENIED.0, DENIED.1);
    refused(&graph.delete(&path), DENIED.0, DENIED.1);
    assert_eq!(graph.directory.snapshot(), before);
}

#[test]
fn broad_permissions_that_make_agent_permissions_void() {
    let with = |broad: &'static str| Token::application(["AgentIdUser.ReadWrite.All", broad]);
    for (voids, broad, status) in [
        (false, "Directory.AccessAsUser.All", 403),
        (true, "Directory.AccessAsUser.All", 403),
        (false, "Directory.ReadWrite.All", 201),
        (true, "Directory.ReadWrite.All", 403),
    ] {
        let switches =
            Switches { directory_read_write_voids_agent_permissions: voids, ..Switches::default() };
        let mut graph = Client::of(Tenant::contoso(2).switches(switches).token("both", with(broad)));
        graph.token = "Bearer both";
        assert_eq!(graph.post(AGENTS, &new_user(1)).0, status, "{voids} {broad}");
    }
}

#[test]
fn enabling_and_disabling_has_a_permission_of_its_own() {
    let switch = Token::application(["User.EnableDisableAccount.All", "User.Read.All"]);
    let mut graph = Client::of(Tenant::contoso(2).token("switch", switch));
    let path = format!("/users/{}", ids::agent_user(tenant::TAKEN_IDENTITY));
    graph.token = "Bearer switch";
    assert_eq!(graph.patch(&path, &json!({"accountEnabled": false})).0, 200);
    let both = json!({"accountEnabled": true, "city": "Bern"});
    refused(&graph.patch(&path, &both), DENIED.0, DENIED.1);
}
