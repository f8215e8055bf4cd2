//! Requests as strangers write them: each is answered right, refused in Graph's words, or said not to be simulated.

use crate::client::*;
use agentuser_core::http::Method;
use agentuser_simulator::{Tenant, ids};
use serde_json::{Value, json};

const NOT_SIMULATED: (u16, &str) = (501, "NotSimulated");

#[test]
fn query_options_of_every_spelling() {
    let mut graph = Client::contoso();
    for (path, (status, code)) in [
        ("/users?select=id", NOT_SIMULATED),
        ("/users?$select=*", NOT_SIMULATED),
        ("/users?$expand=*", NOT_SIMULATED),
        ("/users?$format=xml", NOT_SIMULATED),
        ("/users?$top=1&$TOP=2", (400, "BadRequest")),
        ("/users?$select=id;displayName", (400, "BadRequest")),
        ("/users?$filter=customSecurityAttributes/Engineering/Project%20eq%20'x'", NOT_SIMULATED),
        ("/users?$filter=sponsors/$count%20eq%200", NOT_SIMULATED),
        ("/groups?$filter=owners/$count%20eq%200", NOT_SIMULATED),
        ("/domains?$filter=isDefault%20eq%20true", NOT_SIMULATED),
    ] {
        refused(&graph.get(path), status, code);
    }
    let beta = graph.get(&format!("{ROOT}/beta/users?filter=displayName%20eq%20'Human%202'&select=id&top=5"));
    assert_eq!(beta.1["value"], json!([{"id": ids::human(2).to_string()}]));
}

#[test]
fn names_of_operations_are_no_ids() {
    let mut graph = Client::contoso();
    for path in ["/groups/delta", "/groups/delta()", "/servicePrincipals/delta", "/applications/delta"] {
        refused(&graph.get(path), 501, "NotSimulated");
    }
    for path in [
        "/groups/getByIds",
        "/users/validateProperties",
        "/directoryObjects/validateProperties",
        "/directory/deletedItems/getUserOwnedObjects",
    ] {
        refused(&graph.post(path, &json!({})), 501, "NotSimulated");
    }
}

/// A method that Graph takes is never answered with Graph's 405.
#[test]
fn methods_that_the_simulator_lacks() {
    let mut graph = Client::contoso();
    let (unit, human) = (ids::unit(1), ids::human(1));
    for (method, path) in [
        (Method::Post, "/directory/administrativeUnits".to_owned()),
        (Method::Patch, format!("/directory/administrativeUnits/{unit}")),
        (Method::Post, format!("/directory/administrativeUnits/{unit}/members")),
        (Method::Delete, format!("/directoryObjects/{human}")),
        (Method::Delete, format!("/users/{human}/sponsors/$ref?@id=x")),
    ] {
        refused(&graph.call(method, &path, Some(&json!({}))), 501, "NotSimulated");
    }
    let (status, answer) = graph.get(&format!("{ROOT}/beta/users/validatePassword"));
    assert_eq!((status, &answer["error"]["code"]), (501, &json!("NotSimulated")));
    for (method, path) in [
        (Method::Put, format!("/users/{human}")),
        (Method::Post, format!("/users/{human}/manager/$ref")),
        (Method::Patch, "/users".to_owned()),
    ] {
        refused(&graph.call(method, &path, Some(&json!({}))), 405, "Request_BadRequest");
    }
    for (method, path) in
        [(Method::Post, "/me/sendMail"), (Method::Put, "/me/photo/$value"), (Method::Get, "/me/a/b")]
    {
        let answer = graph.call(method, path, Some(&json!({})));
        refused(&answer, 400, "BadRequest");
        let words = "/me request is only valid with delegated authentication flow.";
        assert_eq!(answer.1["error"]["message"], words, "{method} {path}");
    }
}

fn ids_of(page: &Value) -> Vec<String> {
    page["value"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

/// Members, owners and sponsors are counted, narrowed, filtered and sorted as Microsoft's pages on them say.
#[test]
fn related_objects_are_queried_as_sets_are() {
    let mut graph = Client::of(Tenant::contoso(3));
    let agent = graph.create(1).to_string();
    let bind = |id: &str| json!(format!("{ROOT}/v1.0/directoryObjects/{id}"));
    let humans = [1, 2, 3].map(|n| ids::human(n).to_string());
    let members: Vec<Value> = humans.iter().chain([&agent]).map(|id| bind(id)).collect();
    let group = json!({
        "displayName": "Operations", "mailNickname": "ops", "mailEnabled": false, "securityEnabled": true,
        "members@odata.bind": members, "owners@odata.bind": [bind(&humans[0])],
    });
    let group = graph.post("/groups", &group).1["id"].as_str().unwrap().to_owned();
    let path = format!("/groups/{group}");

    let (_, page) = graph.get_eventual(&format!("{path}/members?$count=true&$top=2&$select=id"));
    assert_eq!((&page["@odata.count"], ids_of(&page).len()), (&json!(4), 2));
    assert_eq!(graph.get(&format!("{path}/members?$count=true")).1["@odata.count"], Value::Null);
    let cast = format!("{path}/members/microsoft.graph.user");
    let sorted =
        format!("{cast}?$count=true&$filter=startswith(displayName,'Human')&$orderby=displayName%20desc");
    let (status, page) = graph.get_eventual(&sorted);
    assert_eq!((status, &page["@odata.count"]), (200, &json!(3)));
    assert_eq!(ids_of(&page), [&humans[2], &humans[1], &humans[0]].map(Clone::clone));
    let (_, page) = graph.get_eventual(&format!("{path}/members/microsoft.graph.agentUser?$count=true"));
    assert_eq!(ids_of(&page), [agent.as_str()]);
    assert_eq!(graph.get_eventual(&format!("{cast}/$count")).1, 4);
    let search = format!("{path}/transitiveMembers/graph.user?$count=true&$search=%22displayName:human%22");
    assert_eq!(graph.get_eventual(&search).1["@odata.count"], 3);

    let of = format!("/users/{agent}/memberOf");
    let cast = format!("{of}/microsoft.graph.group?$count=true&$filter=displayName%20eq%20'Operations'");
    assert_eq!(graph.get_eventual(&cast).1["@odata.count"], 1);
    assert_eq!(graph.get_eventual(&format!("{of}?$count=true")).1["@odata.count"], 1);
    for count in ["memberOf/$count", "memberOf/graph.group/$count", "transitiveMemberOf/$count"] {
        let path = format!("/users/{agent}/{count}");
        assert_eq!(graph.get_eventual(&path).1, 1, "{count}");
        refused(&graph.get(&path), 400, "Request_BadRequest");
    }
    let context = &graph.get_eventual(&format!("{of}/microsoft.graph.group?$select=id")).1["@odata.context"];
    assert_eq!(context, &json!(format!("{ROOT}/v1.0/$metadata#groups(id)")));

    // Without a cast the objects have no type in common that a filter could go by; without the header Graph's answer is not known.
    for path in [
        format!("{path}/members?$filter=startswith(displayName,'a')&$count=true"),
        format!("{path}/owners?$orderby=displayName&$count=true"),
        format!("{of}?$search=%22displayName:x%22&$count=true"),
    ] {
        refused(&graph.get_eventual(&path), 501, "NotSimulated");
        refused(&graph.get(&path), 501, "NotSimulated");
    }
    let filtered = "members/microsoft.graph.user?$filter=startswith(displayName,'a')";
    refused(&graph.get(&format!("{path}/{filtered}")), 501, "NotSimulated");
    for path in [
        format!("/users/{agent}/sponsors?$filter=id%20eq%20'x'"),
        format!("/users/{agent}/directReports?$filter=accountEnabled%20eq%20true&$count=true"),
    ] {
        refused(&graph.get_eventual(&path), 501, "NotSimulated");
    }
}

#[test]
fn references_of_related_objects() {
    let mut graph = Client::contoso();
    let identity = ids::identity(1).to_string();
    let human = ids::human(1).to_string();
    let owner = reference("users", ids::human(1));
    let owners = format!("/servicePrincipals/{identity}/owners/$ref");
    assert_eq!(graph.post(&owners, &owner).0, 204);
    let address = format!("{ROOT}/v1.0/directoryObjects/{human}");
    assert_eq!(graph.get(&owners).1["value"], json!([{"@odata.id": address}]));
    for path in [
        format!("/servicePrincipals/{identity}/sponsors/$ref"),
        format!("/directory/administrativeUnits/{}/members/$ref", ids::unit(1)),
    ] {
        assert_eq!(graph.get(&path).0, 200, "{path}");
    }
    assert_eq!(
        graph.get_eventual(&format!("/servicePrincipals/{identity}/owners?$count=true")).1["@odata.count"],
        1
    );
}

/// A parameter with a typing mistake must not pass a rehearsal.
#[test]
fn actions_take_their_parameters_only() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    let user = format!("/users/{id}");
    let app = format!("/applications/{}", ids::blueprint(1));
    for (path, body) in [
        (format!("{user}/assignLicense"), json!({"addLicenses": [], "removeLicenses": [], "wait": true})),
        (format!("{user}/getMemberGroups"), json!({"securityEnabledOnly": true, "top": 1})),
        (format!("{user}/checkMemberGroups"), json!({"groupIds": [], "ids": []})),
        ("/directoryObjects/getByIds".to_owned(), json!({"ids": [], "type": "user"})),
        (format!("{app}/addPassword"), json!({"displayName": "x"})),
    ] {
        let answer = graph.post(&path, &body);
        refused(&answer, 400, "BadRequest");
    }
    bad_request(&graph.post(&format!("{app}/addPassword"), &json!({"passwordCredential": {"expires": "x"}})));
    let license = json!({"skuId": ids::sku(1).to_string(), "plans": []});
    let body = json!({"addLicenses": [license], "removeLicenses": []});
    bad_request(&graph.post(&format!("{user}/assignLicense"), &body));
    assert_eq!(graph.delete(&user).0, 204);
    let restore = format!("/directory/deletedItems/{id}/restore");
    let answer = graph.post(&restore, &json!({"newUPN": "x@contoso.com"}));
    refused(&answer, 400, "BadRequest");
    let words =
        "The parameter 'newUPN' in the request payload is not a valid parameter for the operation 'restore'.";
    assert_eq!(answer.1["error"]["message"], words);
    // A name in another letter case is the parameter.
    assert_eq!(graph.post(&restore, &json!({"AutoReconcileProxyConflict": true})).0, 200);
}

#[test]
fn values_that_a_member_does_not_take() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    for (name, value) in [
        ("ageGroup", json!("Old")),
        ("consentProvidedForMinor", json!("Perhaps")),
        ("mail", json!("nonsense")),
        ("@odata.type", json!("#microsoft.graph.group")),
    ] {
        bad_request(&graph.patch(&format!("/users/{id}"), &json!({name: value})));
    }
    assert_eq!(graph.patch(&format!("/users/{id}"), &json!({"ageGroup": "NotAdult"})).0, 200);
    let group = |name: &str, value: Value| {
        with(
            json!({"displayName": "x", "mailNickname": "x", "mailEnabled": false, "securityEnabled": true}),
            name,
            value,
        )
    };
    bad_request(&graph.post("/groups", &group("groupTypes", json!(["Nope"]))));
    bad_request(&graph.post("/groups", &group("visibility", json!("Secret"))));
    refused(&graph.post("/groups", &group("allowExternalSenders", json!(true))), 501, "NotSimulated");
    let identity = format!("/servicePrincipals/{}", ids::identity(1));
    bad_request(&graph.patch(&identity, &json!({"@odata.type": "#microsoft.graph.user"})));
    for name in ["passwordCredentials", "keyCredentials", "customSecurityAttributes"] {
        refused(&graph.patch(&identity, &json!({name: Value::Null})), 501, "NotSimulated");
    }
    let app = format!("/applications/{}", ids::blueprint(1));
    bad_request(&graph.patch(&app, &json!({"signInAudience": "Everybody"})));
}

#[test]
fn names_have_no_letter_case() {
    let mut graph = Client::contoso();
    let user = json!({
        "AccountEnabled": true, "DisplayName": "Any case", "MailNickname": "any", "UserPrincipalName": "any@contoso.com",
        "IdentityParentId": ids::identity(3).to_string(),
    });
    let (status, user) = graph.post(AGENTS, &user);
    assert_eq!((status, &user["displayName"]), (201, &json!("Any case")));
    let (status, user) =
        graph.patch("/users/any@contoso.com", &json!({"jobtitle": "Clerk", "AGEGROUP": "adult"}));
    assert_eq!((status, &user["jobTitle"]), (200, &json!("Clerk")));
    for (n, name) in [(1, "#Microsoft.Graph.AgentUser"), (2, "graph.agentUser")] {
        assert_eq!(graph.post("/users", &with(new_user(n), "@odata.type", json!(name))).0, 201, "{name}");
    }
}

#[test]
fn federated_credentials_have_limits() {
    let mut graph = Client::contoso();
    let path = format!("/applications/{}/federatedIdentityCredentials", ids::blueprint(1));
    let audiences = json!(["api://AzureADTokenExchange"]);
    let one = json!({"name": "ci", "issuer": "https://issuer", "subject": "repo", "audiences": audiences});
    assert_eq!(graph.post(&path, &one).0, 201);
    for (name, value) in [
        ("name", json!("a b")),
        ("name", json!("x".repeat(121))),
        ("audiences", json!(["a", "b"])),
        ("audiences", json!([])),
        ("subject", json!("x".repeat(601))),
    ] {
        bad_request(&graph.post(&path, &with(with(one.clone(), "name", json!("other")), name, value)));
    }
    refused(&graph.post(&path, &with(one.clone(), "name", json!("other"))), 409, "Request_BadRequest");
    let other = with(with(one, "name", json!("other")), "subject", json!("another"));
    assert_eq!(graph.post(&path, &other).0, 201);
    refused(&graph.patch(&format!("{path}/other"), &json!({"subject": "repo"})), 409, "Request_BadRequest");
    assert_eq!(graph.patch(&format!("{path}/other"), &json!({"description": "x"})).0, 204);
}

/// Dynamic groups and Microsoft 365 groups sponsor agent identities; security groups don't.
#[test]
fn groups_that_sponsor() {
    let mut graph = Client::contoso();
    let path = format!("/servicePrincipals/{}/sponsors/$ref", ids::identity(1));
    let group =
        json!({"displayName": "x", "mailNickname": "x", "mailEnabled": false, "securityEnabled": true});
    let team = with(with(group.clone(), "groupTypes", json!(["Unified"])), "mailEnabled", json!(true));
    for (body, status) in [(group, 400), (team, 204)] {
        let id = graph.post("/groups", &body).1["id"].as_str().unwrap().to_owned();
        let reference = json!({"@odata.id": format!("{ROOT}/v1.0/groups/{id}")});
        assert_eq!(graph.post(&path, &reference).0, status);
    }
}
