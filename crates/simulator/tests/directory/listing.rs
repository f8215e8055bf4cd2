use crate::client::*;
use agentuser_core::http::Method;
use agentuser_simulator::{LargeTop, Switches, Tenant, ids, tenant};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn populated(n: u32) -> Tenant {
    Tenant::contoso(3).populate(1000, 999 + n, 1)
}

#[test]
fn pages_hold_a_hundred_and_follow_each_other() {
    let mut graph = Client::of(populated(250));
    let (status, page) = graph.get(AGENTS);
    assert_eq!((status, page["value"].as_array().unwrap().len()), (200, 100));
    assert!(page.get("@odata.count").is_none());
    let all = graph.all(AGENTS);
    let ids: BTreeSet<&str> = all.iter().map(|user| user["id"].as_str().unwrap()).collect();
    assert_eq!((all.len(), ids.len()), (251, 251));
    assert!(all.iter().all(|user| user["@odata.type"] == "#microsoft.graph.agentUser"));
    assert_eq!(graph.all(&format!("{AGENTS}?$top=999")).len(), 251);
    assert_eq!(graph.all(&format!("{AGENTS}?$top=1&$filter=startsWith(displayName,'agent100')")).len(), 10);
    // An exact multiple has no empty last page.
    let (_, page) = graph.get(&format!("{AGENTS}?$top=251"));
    assert!(page.get("@odata.nextLink").is_none());
}

#[test]
fn humans_are_listed_among_users_only() {
    let mut graph = Client::of(populated(3));
    assert_eq!(graph.all("/users").len(), 9);
    assert_eq!(graph.all("/users").iter().filter(|user| user.get("@odata.type").is_some()).count(), 4);
    assert_eq!(graph.all(AGENTS).len(), 4);
    let human = "?$filter=userPrincipalName%20eq%20'human1@contoso.com'";
    assert_eq!(graph.all(&format!("/users{human}")).len(), 1);
    assert_eq!(graph.all(&format!("{AGENTS}{human}")).len(), 0);
}

#[test]
fn top_has_limits() {
    for (switch, status) in [(LargeTop::Refused, 400), (LargeTop::Capped, 200)] {
        let mut graph = Client::with(Switches { large_top: switch, ..Switches::default() });
        assert_eq!(graph.get(&format!("{AGENTS}?$top=1000")).0, status);
        assert_eq!(graph.get("/servicePrincipals/microsoft.graph.agentIdentity?$top=101").0, status);
        bad_request(&graph.get(&format!("{AGENTS}?$top=0")));
    }
}

#[test]
fn a_next_link_is_good_for_its_own_query_only() {
    let mut graph = Client::of(populated(10));
    let (_, page) = graph.get(&format!("{AGENTS}?$top=4&$select=id&$filter=startsWith(displayName,'a%23')"));
    assert!(page.get("@odata.nextLink").is_none());
    let (_, page) = graph.get(&format!("{AGENTS}?$top=4&$select=id"));
    let link = page["@odata.nextLink"].as_str().unwrap();
    assert!(link.starts_with(&format!("{ROOT}/v1.0{AGENTS}?$top=4&$select=id&$skiptoken=")), "{link}");
    let token = link.split("$skiptoken=").nth(1).unwrap();
    bad_request(&graph.get(&format!("{AGENTS}?$skiptoken={token}")));
    bad_request(&graph.get(&format!("/users?$top=4&$select=id&$skiptoken={token}")));
    bad_request(&graph.get(&format!("{AGENTS}?$top=4&$select=id&$skiptoken=nonsense")));
}

#[test]
fn filters() {
    let mut graph = Client::of(populated(5));
    let parent = ids::identity(1002);
    for path in [AGENTS, "/users"] {
        for (filter, found) in [
            (format!("identityParentId eq '{parent}'"), 1),
            (format!("identityParentId eq '{}'", parent.to_string().to_uppercase()), 1),
            (format!("identityParentId eq '{parent}' and accountEnabled eq true"), 1),
            (format!("identityParentId eq '{parent}' and accountEnabled eq false"), 0),
            (format!("identityParentId eq '{}'", ids::nothing(1)), 0),
            ("identityParentId eq 'nonsense'".to_owned(), 0),
            ("userPrincipalName eq 'AGENT1002@contoso.com'".to_owned(), 1),
            ("startsWith(userPrincipalName,'agent')".to_owned(), 5),
            ("startswith(displayName,'agent100')".to_owned(), 5),
            ("displayName eq 'agent1002'".to_owned(), 1),
            ("mailNickname eq 'agent1002'".to_owned(), 1),
            ("displayName eq 'it''s'".to_owned(), 0),
        ] {
            let path = format!("{path}?$filter={}", filter.replace(' ', "%20"));
            assert_eq!(graph.all(&path).len(), found, "{path}");
        }
    }
}

#[test]
fn queries_that_are_refused() {
    let mut graph = Client::contoso();
    for (query, status, code) in [
        ("$skip=10", 400, "Request_UnsupportedQuery"),
        ("$orderby=jobTitle", 400, "Request_UnsupportedQuery"),
        ("$search=%22a%22", 400, "Request_UnsupportedQuery"),
        ("$filter=identityParentId%20ne%20'x'", 400, "Request_UnsupportedQuery"),
        ("$filter=startsWith(identityParentId,'x')", 400, "Request_UnsupportedQuery"),
        ("$filter=nosuch%20eq%20'x'", 400, "Request_UnsupportedQuery"),
        ("$filter=accountEnabled%20eq%20'true'", 400, "BadRequest"),
        ("$filter=displayName%20eq", 400, "BadRequest"),
        ("$expand=nosuch", 400, "BadRequest"),
        ("$expand=ownedObjects", 501, "NotSimulated"),
        ("$filter=manager/deletedDateTime%20eq%20null", 501, "NotSimulated"),
        ("$filter=tolower(displayName)%20eq%20'x'", 501, "NotSimulated"),
    ] {
        refused(&graph.get(&format!("{AGENTS}?{query}")), status, code);
    }
    refused(&graph.get("/subscribedSkus?$filter=skuPartNumber%20eq%20'x'"), 400, "Request_UnsupportedQuery");
}

#[test]
fn counting_needs_its_header() {
    let mut graph = Client::of(populated(5));
    let path = format!("{AGENTS}?$count=true&$top=4");
    let (status, page) = graph.get(&path);
    assert_eq!((status, page.get("@odata.count")), (200, None), "ignored in silence");
    let (status, page) = graph.get_eventual(&path);
    assert_eq!((status, &page["@odata.count"]), (200, &json!(6)));
    let next = page["@odata.nextLink"].as_str().unwrap().to_owned();
    let (status, page) = graph.get_eventual(&next);
    assert_eq!((status, page.get("@odata.count")), (200, None));
    for path in [&format!("{AGENTS}/$count"), "/servicePrincipals/$count"] {
        let answer = graph.get(path);
        refused(&answer, 400, "Request_BadRequest");
        assert_eq!(answer.1["error"]["message"], "$count is not currently supported.");
    }
    assert_eq!(graph.get_eventual(&format!("{AGENTS}/$count")), (200, json!(6)));
    assert_eq!(graph.get_eventual("/users/$count?$filter=accountEnabled%20eq%20true"), (200, json!(11)));
    let identities = "/servicePrincipals/microsoft.graph.agentIdentity/$count";
    assert_eq!(graph.get_eventual(identities), (200, json!(11)));
}

#[test]
fn a_page_may_be_empty_and_still_have_a_next_link() {
    let mut graph =
        Client::of(populated(100).switches(Switches { empty_pages: true, ..Switches::default() }));
    let mut empty = 0;
    let mut next = Some(format!("{AGENTS}?$top=5"));
    let mut found = 0;
    while let Some(path) = next {
        let (_, page) = graph.get(&path);
        let value = page["value"].as_array().unwrap();
        empty += usize::from(value.is_empty());
        found += value.len();
        next = page["@odata.nextLink"].as_str().map(str::to_owned);
    }
    assert_eq!(found, 101);
    assert!(empty > 2, "{empty}");
}

#[test]
fn manager_and_sponsors_can_be_expanded() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    graph.put(&format!("/users/{id}/manager/$ref"), &reference("users", ids::human(2)));
    graph.post(&format!("/users/{id}/sponsors/$ref"), &reference("users", ids::human(3)));
    let (_, user) = graph.get(&format!("/users/{id}?$select=id&$expand=manager($select=id,displayName)"));
    assert_eq!(user["manager"], json!({"id": ids::human(2).to_string(), "displayName": "Human 2"}));
    let (_, page) = graph.get(&format!("{AGENTS}?$expand=manager,sponsors"));
    for user in page["value"].as_array().unwrap() {
        let is_ours = user["id"] == id.to_string();
        assert_eq!(user.get("manager").is_some(), is_ours);
        assert_eq!(user["sponsors"].as_array().unwrap().len(), usize::from(is_ours));
    }
}

#[test]
fn an_expanded_relationship_shows_twenty_objects_at_most() {
    for (count, shown) in [(19, 19), (20, 20), (21, 20)] {
        let mut tenant = Tenant::contoso(3);
        for n in 10..10 + count {
            tenant = tenant.human(n).group(n);
        }
        let mut graph = Client::of(tenant);
        let id = graph.create(1);
        for n in 10..10 + count {
            graph.post(&format!("/users/{id}/sponsors/$ref"), &reference("users", ids::human(n)));
            graph.put(&format!("/users/{}/manager/$ref", ids::human(n)), &reference("users", id));
            let path = format!("/groups/{}/members/$ref", ids::group(n));
            graph.post(&path, &reference("directoryObjects", id));
        }
        let length = |of: &Value| of.as_array().unwrap().len();
        for name in ["sponsors", "directReports", "memberOf"] {
            let (_, user) = graph.get(&format!("/users/{id}?$select=id&$expand={name}($select=id)"));
            assert_eq!(length(&user[name]), shown, "{name} of {count}");
            assert_eq!(user.get(format!("{name}@odata.nextLink")), None);
            // The list of the relationship itself has all of them.
            let (_, all) = graph.get(&format!("/users/{id}/{name}?$select=id"));
            assert_eq!(length(&all["value"]), count as usize, "{name} of {count}");
        }
    }
}

#[test]
fn deleted_users_are_not_listed() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    graph.delete(&format!("/users/{id}"));
    let listed = graph.all(AGENTS);
    let ids: Vec<&Value> = listed.iter().map(|user| &user["id"]).collect();
    assert_eq!(ids, [&json!(ids::agent_user(tenant::TAKEN_IDENTITY).to_string())]);
}

#[test]
fn resource_units_are_counted() {
    let mut graph = Client::contoso();
    let units = |graph: &mut Client, path: &str| {
        let response = graph.send(&request(Method::Get, path, None));
        response.headers.get("x-ms-resource-unit").unwrap().to_owned()
    };
    assert_eq!(units(&mut graph, AGENTS), "2");
    assert_eq!(units(&mut graph, &format!("{AGENTS}?$select=id")), "1");
    assert_eq!(units(&mut graph, "/subscribedSkus"), "3");
    assert_eq!(graph.directory.stats().resource_units, 6);
}
