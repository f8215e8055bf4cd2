use crate::client::*;
use agentuser_simulator::{Switches, Tenant, Token, ids, tenant};
use serde_json::{Value, json};

const IDENTITIES: &str = "/servicePrincipals/microsoft.graph.agentIdentity";

#[test]
fn an_agent_identity_by_three_paths() {
    let mut graph = Client::contoso();
    let id = ids::identity(2);
    for path in [
        format!("/servicePrincipals/{id}"),
        format!("{IDENTITIES}/{id}"),
        format!("/servicePrincipals/{id}/microsoft.graph.agentIdentity"),
    ] {
        let (status, identity) = graph.get(&path);
        assert_eq!(status, 200, "{path}");
        assert_eq!(identity["@odata.type"], "#microsoft.graph.agentIdentity");
        assert_eq!(identity["servicePrincipalType"], "ServiceIdentity");
        assert_eq!(identity["agentIdentityBlueprintId"], ids::blueprint_app(2).to_string());
        assert_eq!(identity["appId"], ids::identity_app(2).to_string());
        assert_eq!(identity["accountEnabled"], true);
        assert_eq!(identity["disabledByMicrosoftStatus"], Value::Null);
    }
    let (_, identity) = graph.get(&format!("/servicePrincipals/{id}?$select=servicePrincipalType"));
    assert!(identity.get("id").is_none() && identity["servicePrincipalType"] == "ServiceIdentity");
}

#[test]
fn the_cast_may_leave_the_type_out() {
    let mut graph = Client::with(Switches { cast_omits_type: true, ..Switches::default() });
    let id = ids::identity(1);
    assert!(graph.get(&format!("{IDENTITIES}/{id}")).1.get("@odata.type").is_none());
    assert!(graph.get(&format!("/servicePrincipals/{id}")).1.get("@odata.type").is_some());
}

#[test]
fn bad_parents_look_as_they_are() {
    let mut graph = Client::contoso();
    let (_, plain) = graph.get(&format!("/servicePrincipals/{}", ids::plain(1)));
    assert_eq!((plain.get("@odata.type"), &plain["servicePrincipalType"]), (None, &json!("Application")));
    let (_, principal) = graph.get(&format!("/servicePrincipals/{}", ids::blueprint_principal(1)));
    assert_eq!(principal["@odata.type"], "#microsoft.graph.agentIdentityBlueprintPrincipal");
    for other in [ids::plain(1), ids::blueprint_principal(1), ids::human(1), ids::identity_app(1)] {
        not_found(&graph.get(&format!("{IDENTITIES}/{other}")));
    }
    not_found(&graph.get("/servicePrincipals/nonsense"));
    let disabled = graph.get(&format!("{IDENTITIES}/{}", ids::identity(tenant::DISABLED_IDENTITY))).1;
    assert_eq!(disabled["accountEnabled"], false);
    let banned = graph.get(&format!("{IDENTITIES}/{}", ids::identity(tenant::BANNED_IDENTITY))).1;
    assert_eq!(banned["disabledByMicrosoftStatus"], "DisabledDueToViolationOfServicesAgreement");
}

#[test]
fn lists_and_filters() {
    let mut graph = Client::of(Tenant::contoso(205));
    let (_, page) = graph.get(IDENTITIES);
    assert_eq!(page["value"].as_array().unwrap().len(), 100);
    assert_eq!(graph.all(IDENTITIES).len(), 208);
    assert_eq!(graph.all("/servicePrincipals").len(), 213);
    let app = ids::blueprint_app(2);
    assert_eq!(graph.all(&format!("{IDENTITIES}?$filter=agentIdentityBlueprintId%20eq%20'{app}'")).len(), 68);
    let found = graph.all(&format!("/servicePrincipals?$filter=appId%20eq%20'{}'", ids::identity_app(7)));
    assert_eq!((found.len(), &found[0]["id"]), (1, &json!(ids::identity(7).to_string())));
    assert_eq!(graph.all("/servicePrincipals?$filter=appId%20eq%20'nonsense'").len(), 0);
    let path = format!("/servicePrincipals?$filter=agentIdentityBlueprintId%20eq%20'{app}'");
    refused(&graph.get(&path), 400, "Request_UnsupportedQuery");
    assert_eq!(graph.directory.agent_identities().count(), 208);
    assert_eq!(graph.directory.blueprints().count(), 3);
}

fn new_identity() -> Value {
    json!({
        "displayName": "Fresh",
        "agentIdentityBlueprintId": ids::blueprint_app(1).to_string(),
        "sponsors@odata.bind": [format!("{ROOT}/v1.0/users/{}", ids::human(1))],
    })
}

#[test]
fn an_agent_identity_is_created_changed_and_deleted() {
    let mut graph = Client::contoso();
    let (status, identity) = graph.post(IDENTITIES, &new_identity());
    assert_eq!((status, &identity["servicePrincipalType"]), (201, &json!("ServiceIdentity")));
    let id = identity["id"].as_str().unwrap().to_owned();
    assert_ne!(identity["id"], identity["appId"]);
    let path = format!("/servicePrincipals/{id}");
    assert_eq!(graph.patch(&path, &json!({"accountEnabled": false, "tags": ["a"]})), (204, Value::Null));
    assert_eq!(graph.get(&path).1["tags"], json!(["a"]));
    bad_request(&graph.patch(&path, &json!({"agentIdentityBlueprintId": ids::blueprint_app(2).to_string()})));
    let body = with(new_user(1), "identityParentId", json!(id));
    assert_eq!(graph.post(AGENTS, &body).0, 201);
    assert_eq!(graph.delete(&path).0, 204);
    not_found(&graph.get(&path));
    assert_eq!(graph.get(&format!("/directory/deletedItems/{id}")).1["id"], id);
}

#[test]
fn identities_that_are_refused() {
    let mut graph = Client::of(Tenant::contoso(1).blueprint_without_principal(9));
    let no_sponsor = graph.post(IDENTITIES, &without(new_identity(), "sponsors@odata.bind"));
    bad_request(&no_sponsor);
    assert_eq!(
        no_sponsor.1["error"]["message"],
        "No sponsor specified. Please provide at least one sponsor."
    );
    let of = |app: agentuser_core::ObjectId| {
        with(new_identity(), "agentIdentityBlueprintId", json!(app.to_string()))
    };
    for body in [of(ids::blueprint_app(9)), of(ids::nothing(1))] {
        let refusal = graph.post(IDENTITIES, &body);
        bad_request(&refusal);
        assert_eq!(
            refusal.1["error"]["message"],
            "The Agent Blueprint Principal for the Agent Blueprint does not exist."
        );
    }
    bad_request(&graph.post(IDENTITIES, &without(new_identity(), "displayName")));
    refused(&graph.post("/servicePrincipals", &new_identity()), 501, "NotSimulated");
    refused(&graph.delete(&format!("/servicePrincipals/{}", ids::plain(1))), 501, "NotSimulated");
}

#[test]
fn creating_identities_needs_its_permission() {
    let mut graph = Client::contoso();
    let manager = Token::application(["AgentIdentity.CreateAsManager"]);
    graph.directory.add_token("own", manager.clone().blueprint(ids::blueprint_app(1)));
    graph.directory.add_token("other", manager.blueprint(ids::blueprint_app(2)));
    let human = Token::delegated(Some(ids::human(3)), ["AgentIdentity.Create.All"]);
    graph.directory.add_token("human", human);
    graph.token = "Bearer other";
    refused(&graph.post(IDENTITIES, &new_identity()), 403, "Authorization_RequestDenied");
    graph.token = "Bearer own";
    assert_eq!(graph.post(IDENTITIES, &new_identity()).0, 201);
    graph.token = "Bearer human";
    let (status, identity) = graph.post(IDENTITIES, &without(new_identity(), "sponsors@odata.bind"));
    assert_eq!(status, 201);
    let id = identity["id"].as_str().unwrap().parse().unwrap();
    let identity = graph.directory.find_principal(id).unwrap();
    assert!(identity.sponsors.contains(&ids::human(3)), "the caller is the sponsor");
}

#[test]
fn the_tenant_as_a_whole() {
    let mut graph = Client::contoso();
    let (_, organization) = graph.get("/organization?$select=verifiedDomains");
    let domains = organization["value"][0]["verifiedDomains"].as_array().unwrap();
    let names: Vec<&Value> = domains.iter().map(|domain| &domain["name"]).collect();
    assert_eq!(names, ["contoso.com", "contoso.onmicrosoft.com", "federated.contoso.com"]);
    assert!(organization["value"][0].get("id").is_none());
    let (_, domains) = graph.get("/domains?$select=id,isDefault,isVerified");
    assert_eq!(domains["value"][2], json!({"id": "fabrikam.com", "isDefault": false, "isVerified": false}));
    let (_, skus) = graph.get("/subscribedSkus");
    assert_eq!(skus["value"].as_array().unwrap().len(), 2);
}

#[test]
fn ids_do_not_depend_on_the_order_of_arrival() {
    let state = |order: &[usize]| {
        let mut graph = Client::contoso();
        for n in order {
            if *n < 10 {
                graph.create(u32::try_from(*n).unwrap());
            } else {
                let path = "/servicePrincipals/microsoft.graph.agentIdentity";
                let named = with(new_identity(), "displayName", json!(format!("Fresh {}", n % 2)));
                assert_eq!(graph.post(path, &named).0, 201);
            }
        }
        graph.directory.snapshot()
    };
    let one = state(&[1, 2, 3, 10, 11, 12, 13]);
    assert_eq!(one, state(&[13, 3, 12, 1, 10, 2, 11]));
    assert_ne!(one, state(&[1, 2, 3, 10, 11, 12]));
}
