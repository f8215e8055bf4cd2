//! `$search`, `$orderby`, `$expand` and what is read beside users.

use crate::client::*;
use agentuser_simulator::{Tenant, ids};
use serde_json::{Value, json};

fn names(page: &Value) -> Vec<&str> {
    page["value"].as_array().unwrap().iter().map(|one| one["displayName"].as_str().unwrap()).collect()
}

#[test]
fn search_needs_its_header_and_finds_words() {
    let mut graph = Client::contoso();
    let path = "/users?$search=%22displayName:human%22%20OR%20%22mail:x%22";
    let answer = graph.get(path);
    refused(&answer, 400, "Request_UnsupportedQuery");
    let words = "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'";
    assert_eq!(answer.1["error"]["message"], words);
    let (status, page) = graph.get_eventual(path);
    assert_eq!((status, names(&page).len()), (200, 5));
    let (_, page) = graph.get_eventual("/users?$search=%22displayName:1%20hum%22");
    assert_eq!(names(&page), ["Human 1"]);
    let both = "/users?$search=%22displayName:human%22&$filter=accountEnabled%20eq%20false&$count=true";
    assert_eq!(graph.get_eventual(both).1["@odata.count"], 0);
    let (_, page) = graph.get_eventual("/servicePrincipals?$search=%22displayName:blueprint%22");
    assert_eq!(names(&page).len(), 3);
}

#[test]
fn pages_in_order() {
    let mut graph = Client::of(Tenant::contoso(3).populate(1000, 1020, 1));
    let mut found: Vec<String> = Vec::new();
    let mut next = Some("/users?$orderby=displayName%20desc&$top=7".to_owned());
    while let Some(path) = next {
        let (status, page) = graph.get(&path);
        assert_eq!(status, 200, "{page}");
        found.extend(names(&page).into_iter().map(str::to_lowercase));
        next = page["@odata.nextLink"].as_str().map(str::to_owned);
    }
    let mut sorted = found.clone();
    sorted.sort_by(|one, other| other.cmp(one));
    assert_eq!((found.len(), &found), (27, &sorted));
    let with_filter = "/users?$orderby=displayName&$filter=startsWith(displayName,'h')";
    refused(&graph.get(with_filter), 400, "Request_UnsupportedQuery");
    let (_, page) = graph.get_eventual(&format!("{with_filter}&$count=true"));
    assert_eq!(names(&page), ["Human 1", "Human 2", "Human 3", "Human 4", "Human 5"]);
    let unsorted = graph.get("/users?$orderby=createdDateTime");
    refused(&unsorted, 400, "Request_UnsupportedQuery");
    assert_eq!(unsorted.1["error"]["message"], "Unsupported sort property 'createdDateTime' for 'User'.");
    refused(&graph.get("/servicePrincipals?$orderby=displayName"), 400, "Request_UnsupportedQuery");
    assert_eq!(graph.get_eventual("/servicePrincipals?$orderby=displayName&$count=true").0, 200);
}

#[test]
fn a_chain_of_managers() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    graph.put(&format!("/users/{id}/manager/$ref"), &reference("users", ids::human(1)));
    graph.put(&format!("/users/{}/manager/$ref", ids::human(1)), &reference("users", ids::human(2)));
    // A circle at its top.
    graph.put(&format!("/users/{}/manager/$ref", ids::human(2)), &reference("users", ids::human(1)));
    let mut chain = |levels: &str| {
        let (status, user) =
            graph.get(&format!("/users/{id}?$select=id&$expand=manager($levels={levels};$select=id)"));
        assert_eq!(status, 200, "{user}");
        let above = |user: &Value| user["manager"]["id"].as_str().map(str::to_owned);
        (above(&user), above(&user["manager"]), above(&user["manager"]["manager"]))
    };
    let (one, two) = (ids::human(1).to_string(), ids::human(2).to_string());
    assert_eq!(chain("1"), (Some(one.clone()), None, None));
    assert_eq!(chain("max"), (Some(one.clone()), Some(two), None));
    let (_, page) = graph.get(&format!("/users?$filter=id%20eq%20'{one}'&$expand=directReports"));
    assert_eq!(page["value"][0]["directReports"].as_array().unwrap().len(), 2);
    let (status, reports) = graph.get(&format!("/users/{one}/directReports?$select=id"));
    assert_eq!((status, reports["value"].as_array().unwrap().len()), (200, 2));
    assert_eq!(
        reports["value"][0]["@odata.type"].as_str().map(|name| name.starts_with("#microsoft.graph.")),
        Some(true)
    );
    assert_eq!(graph.get(&format!("/users/{id}/directReports")).1["value"], json!([]));
}

#[test]
fn one_object_of_each_kind() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    graph.put(&format!("/users/{id}/manager/$ref"), &reference("users", ids::human(1)));
    graph.post(&format!("/users/{id}/sponsors/$ref"), &reference("groups", ids::group(1)));
    let address = |id| format!("{ROOT}/v1.0/directoryObjects/{id}");
    let (status, manager) = graph.get(&format!("/users/{id}/manager/$ref"));
    assert_eq!((status, &manager["@odata.id"]), (200, &json!(address(ids::human(1)))));
    not_found(&graph.get(&format!("/users/{}/manager/$ref", ids::human(1))));
    let (status, sponsors) = graph.get(&format!("/users/{id}/sponsors/$ref"));
    assert_eq!((status, &sponsors["value"]), (200, &json!([{"@odata.id": address(ids::group(1))}])));
    assert_eq!(graph.get(&format!("/users/{id}/sponsors/$count")), (200, json!(1)));

    let (_, skus) = graph.get("/subscribedSkus");
    let sku = skus["value"][0].clone();
    let (status, one) = graph.get(&format!("/subscribedSkus/{}", sku["id"].as_str().unwrap()));
    assert_eq!((status, &one["skuPartNumber"]), (200, &sku["skuPartNumber"]));
    not_found(&graph.get("/subscribedSkus/x"));
    let tenant = graph.directory.tenant_id();
    assert_eq!(graph.get(&format!("/organization/{tenant}")).1["displayName"], "Contoso");
    not_found(&graph.get("/organization/x"));
    assert_eq!(graph.get("/domains/Contoso.com").1["id"], "contoso.com");
    not_found(&graph.get("/domains/nowhere.example"));
    let app = format!("/servicePrincipals(appId='{}')", ids::identity_app(1));
    assert_eq!(graph.get(&app).1["id"], ids::identity(1).to_string());
    not_found(&graph.get(&format!("/servicePrincipals(appId='{}')", ids::nothing(1))));

    for (object, kind) in [
        (id, "agentUser"),
        (ids::human(1), "user"),
        (ids::group(1), "group"),
        (ids::identity(1), "agentIdentity"),
        (ids::plain(1), "servicePrincipal"),
    ] {
        let (status, found) = graph.get(&format!("/directoryObjects/{object}"));
        let of = format!("#microsoft.graph.{kind}");
        assert_eq!((status, &found["@odata.type"]), (200, &json!(of)));
    }
    let ids = [id, ids::human(1), ids::group(1), ids::nothing(1)].map(|id| id.to_string());
    let by_ids = |types: Value| json!({"ids": ids, "types": types});
    let count = |answer: (u16, Value)| answer.1["value"].as_array().map(Vec::len);
    assert_eq!(count(graph.post("/directoryObjects/getByIds", &by_ids(Value::Null))), Some(3));
    assert_eq!(count(graph.post("/directoryObjects/getByIds", &by_ids(json!(["group"])))), Some(1));
    bad_request(&graph.post("/directoryObjects/getByIds", &json!({"ids": ["x"]})));
}

#[test]
fn the_signed_in_user_is_for_delegated_tokens() {
    let delegated =
        agentuser_simulator::Token::delegated(Some(ids::human(1)), ["User.Read.All", "User.ReadBasic.All"]);
    let mut graph = Client::of(Tenant::contoso(1).token("human", delegated));
    for path in ["/me", "/me/manager", "/me/messages"] {
        let answer = graph.get(path);
        refused(&answer, 400, "BadRequest");
        assert_eq!(
            answer.1["error"]["message"],
            "/me request is only valid with delegated authentication flow."
        );
    }
    let mut graph = graph.using("Bearer human");
    let (status, me) = graph.get("/me");
    assert_eq!((status, &me["id"]), (200, &json!(ids::human(1).to_string())), "{me}");
    refused(&graph.get("/me/messages"), 501, "NotSimulated");
}

#[test]
fn segments_that_graph_does_not_have() {
    let mut graph = Client::contoso();
    for (path, segment) in [
        ("/agentUsers", "agentUsers"),
        (&*format!("/users/{}/sessions", ids::human(1)), "sessions"),
        (&*format!("/servicePrincipals/{}/children", ids::identity(1)), "children"),
    ] {
        let answer = graph.get(path);
        refused(&answer, 400, "BadRequest");
        let words = format!("Resource not found for the segment '{segment}'.");
        assert_eq!(answer.1["error"]["message"], words);
    }
    for path in
        ["mailboxSettings", "authentication/methods", "photo/$value", "createdObjects", "getMemberObjects"]
    {
        refused(&graph.get(&format!("/users/{}/{path}", ids::human(1))), 501, "NotSimulated");
    }
}

#[test]
fn the_metadata_names_the_types() {
    let mut graph = Client::contoso();
    let response = graph.send(&request(agentuser_core::http::Method::Get, "/$metadata", None));
    assert_eq!(response.headers.get("Content-Type"), Some("application/xml"));
    let xml = String::from_utf8(response.body).unwrap();
    for part in [
        "<EntityType Name=\"agentUser\" BaseType=\"graph.user\" OpenType=\"true\">",
        "<Property Name=\"identityParentId\" Type=\"Edm.String\" />",
        "<Property Name=\"assignedLicenses\" Type=\"Collection(graph.assignedLicense)\" Nullable=\"false\" />",
        "<NavigationProperty Name=\"manager\" Type=\"graph.directoryObject\" />",
        "<EntitySet Name=\"users\" EntityType=\"microsoft.graph.user\" />",
    ] {
        assert!(xml.contains(part), "{part}");
    }
    assert!(!xml.contains("sessionState"));
    assert_eq!(xml.matches('<').count(), xml.matches('>').count());
}

#[test]
fn a_delta_tells_what_changed_since_the_last_round() {
    let mut graph = Client::of(Tenant::contoso(5).populate(1000, 1150, 1));
    let round = |graph: &mut Client, link: &str| {
        let (mut found, mut next) = (Vec::new(), link.to_owned());
        loop {
            let (status, page) = graph.get(&next);
            assert_eq!(status, 200, "{page}");
            found.extend(page["value"].as_array().unwrap().iter().cloned());
            if let Some(link) = page["@odata.deltaLink"].as_str() {
                return (found, link.to_owned());
            }
            next = page["@odata.nextLink"].as_str().unwrap().to_owned();
        }
    };
    let (all, link) = round(&mut graph, "/users/delta?$select=displayName,jobTitle,manager");
    assert_eq!(all.len(), 5 + 1 + 151);
    let (none, link) = round(&mut graph, &link);
    assert_eq!(none, Vec::<Value>::new());

    let id = graph.create(1);
    let (one, two, gone) = (ids::human(1), ids::human(2), ids::agent_user(1000));
    graph.patch(&format!("/users/{one}"), &json!({"jobTitle": "Pilot"}));
    graph.patch(&format!("/users/{two}"), &json!({"city": "Bern"}));
    graph.put(&format!("/users/{}/manager/$ref", ids::human(3)), &reference("users", one));
    graph.delete(&format!("/users/{gone}"));
    let (news, link) = round(&mut graph, &link);
    let about = |id: agentuser_core::ObjectId| news.iter().find(|one| one["id"] == id.to_string());
    assert_eq!(news.len(), 4, "{news:?}");
    assert_eq!(about(id).unwrap()["displayName"], "Sales Agent 1");
    assert_eq!(about(one).unwrap()["jobTitle"], "Pilot");
    assert!(about(two).is_none(), "its change was not selected");
    assert_eq!(about(ids::human(3)).unwrap()["manager@delta"][0]["id"], one.to_string());
    assert_eq!(about(gone).unwrap()["@removed"], json!({"reason": "changed"}));

    graph.delete(&format!("/directory/deletedItems/{gone}"));
    graph.patch(&format!("/users/{one}"), &json!({"jobTitle": null}));
    let mut minimal = request(agentuser_core::http::Method::Get, &link, None);
    minimal.headers.push("Prefer", "return=minimal");
    let page = json_of(&graph.send(&minimal));
    assert_eq!(
        page["value"],
        json!([
            {"id": one.to_string(), "jobTitle": null},
            {"id": gone.to_string(), "@removed": {"reason": "deleted"}},
        ])
    );
    let only = format!("/users/delta?$filter=id%20eq%20'{one}'%20or%20id%20eq%20'{two}'");
    assert_eq!(round(&mut graph, &only).0.len(), 2);
    assert_eq!(round(&mut graph, "/users/delta?$deltatoken=latest").0.len(), 0);
    refused(&graph.get("/users/delta?$filter=displayName%20eq%20'x'"), 400, "Request_UnsupportedQuery");
    refused(&graph.get("/users/delta?$top=5"), 400, "Request_UnsupportedQuery");
    bad_request(&graph.get("/users/delta?$deltatoken=x"));
}

#[test]
fn graph_has_a_service_principal_of_its_own() {
    let mut graph = Client::contoso();
    let app = "00000003-0000-0000-c000-000000000000";
    let (_, page) = graph.get(&format!("/servicePrincipals?$filter=appId%20eq%20'{app}'"));
    let principal = &page["value"][0];
    assert_eq!(principal["displayName"], "Microsoft Graph");
    let roles = principal["appRoles"].as_array().unwrap();
    let role = roles.iter().find(|role| role["value"] == "AgentIdUser.ReadWrite.IdentityParentedBy").unwrap();
    assert_eq!(role["id"], "4aa6e624-eee0-40ab-bdd8-f9639038a614");
    let (_, one) = graph.get(&format!("/servicePrincipals(appId='{app}')?$select=id,appRoles"));
    assert_eq!((&one["id"], &one["appRoles"]), (&principal["id"], &principal["appRoles"]));
}

#[test]
fn groups_are_found_and_memberships_are_checked() {
    let mut graph = Client::of(Tenant::contoso(2));
    let (_, page) = graph.get("/groups?$filter=startsWith(displayName,'group')&$orderby=displayName");
    refused(&(400, page), 400, "Request_UnsupportedQuery");
    let (status, page) = graph.get("/groups?$filter=startsWith(displayName,'group')&$select=displayName");
    assert_eq!((status, names(&page)), (200, vec!["Group 1", "Group 2"]));
    refused(&graph.get("/groups?$filter=mailEnabled%20eq%20true"), 501, "NotSimulated");
    let user = format!("/users/{}", ids::human(1));
    for path in ["memberOf", "transitiveMemberOf", "memberOf/microsoft.graph.group"] {
        assert_eq!(graph.get(&format!("{user}/{path}")).1["value"], json!([]), "{path}");
    }
    let groups = json!({"groupIds": [ids::group(1).to_string()]});
    assert_eq!(graph.post(&format!("{user}/checkMemberGroups"), &groups).1["value"], json!([]));
    let asked = json!({"securityEnabledOnly": false});
    assert_eq!(graph.post(&format!("{user}/getMemberGroups"), &asked).1["value"], json!([]));
    bad_request(&graph.post(&format!("{user}/getMemberGroups"), &json!({})));
    let (_, found) = graph.get(&format!("{user}?$expand=memberOf($select=id)"));
    assert_eq!(found["memberOf"], json!([]));
}
