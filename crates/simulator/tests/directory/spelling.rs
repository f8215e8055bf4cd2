//! Paths, references and batches as programs write them.

use crate::client::*;
use agentuser_core::http::Method;
use agentuser_simulator::ids;
use serde_json::{Value, json};

#[test]
fn every_spelling_leads_to_the_same_user() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    let upn = new_user(1)["userPrincipalName"].as_str().unwrap().to_owned();
    let expected = graph.get(&format!("/users/{id}?$select=id"));
    assert_eq!((expected.0, &expected.1["id"]), (200, &json!(id.to_string())));
    for path in [
        format!("/Users/{id}"),
        format!("//users/{id}/"),
        format!("/users('{id}')"),
        format!("/users({id})"),
        format!("/users('{upn}')"),
        format!("/USERS/{}", upn.to_uppercase()),
        format!("/users/graph.agentUser/{id}"),
        format!("/users/{id}/Microsoft.Graph.AgentUser/"),
    ] {
        assert_eq!(graph.get(&format!("{path}?$select=id")).1["id"], expected.1["id"], "{path}");
    }
    let manager = graph.get(&format!("{ROOT}/V1.0//users/{id}/Manager/"));
    assert_eq!(manager.1["error"]["code"], "Request_ResourceNotFound");
    let skus = graph.get("/subscribedskus");
    assert_eq!(skus.1["value"].as_array().unwrap().len(), 2);
}

#[test]
fn beta_says_so_in_contexts_and_links() {
    let mut graph = Client::contoso();
    graph.create(1);
    let (status, page) = graph.get(&format!("{ROOT}/beta/users/graph.agentuser/?$top=1&$select=id"));
    assert_eq!(status, 200);
    assert_eq!(page["@odata.context"], format!("{ROOT}/beta/$metadata#users/microsoft.graph.agentUser(id)"));
    let next = page["@odata.nextLink"].as_str().unwrap();
    assert!(next.starts_with(&format!("{ROOT}/beta/users/microsoft.graph.agentUser?")), "{next}");
    assert_eq!(graph.get(next).1["value"].as_array().unwrap().len(), 1);
}

#[test]
fn unknown_segments_and_methods_in_graphs_words() {
    let mut graph = Client::contoso();
    for (path, segment) in [
        ("/agentUsers?$top=100", "agentUsers"),
        ("/nothing", "nothing"),
        ("https://graph.microsoft.com/beta/agentusers", "agentusers"),
    ] {
        let answer = graph.get(path);
        refused(&answer, 400, "BadRequest");
        let message = format!("Resource not found for the segment '{segment}'.");
        assert_eq!(answer.1["error"]["message"], message.as_str());
    }
    let human = ids::human(1);
    for answer in [graph.put("/users", &json!({})), graph.delete(&format!("/users/{human}/manager"))] {
        refused(&answer, 405, "Request_BadRequest");
        let message = "Specified HTTP method is not allowed for the request target.";
        assert_eq!(answer.1["error"]["message"], message);
    }
}

#[test]
fn references_name_graph_either_version_and_names() {
    let mut graph = Client::of(agentuser_simulator::Tenant::contoso(3).root("http://127.0.0.1:8080"));
    let root = "http://127.0.0.1:8080/v1.0";
    let path = format!("{root}/users/first.agent@contoso.com");
    let human = ids::human(2);
    for reference in [
        format!("{root}/users/{human}"),
        format!("https://graph.microsoft.com/v1.0/users/{human}"),
        format!("https://graph.microsoft.com/beta/directoryObjects/{human}"),
        format!("https://graph.microsoft.com/v1.0/users('{human}')"),
        "https://graph.microsoft.com/v1.0/users/human2@contoso.com".to_owned(),
        "https://graph.microsoft.com/v1.0/users/HUMAN2@contoso.com".to_owned(),
    ] {
        graph.delete(&format!("{path}/manager/$ref"));
        assert_eq!(graph.put(&format!("{path}/manager/$ref"), &json!({"@odata.id": reference})).0, 204);
        assert_eq!(graph.get(&format!("{path}/manager")).1["id"], human.to_string(), "{reference}");
    }
    bad_request(&graph.put(
        &format!("{path}/manager/$ref"),
        &json!({"@odata.id": format!("https://graph.microsoft.com.example/v1.0/users/{human}")}),
    ));
}

/// The answers of a batch by id.
fn batch(graph: &mut Client, requests: &Value) -> impl Fn(&str) -> Value + use<> {
    let (status, answer) = graph.post("/$batch", &json!({"requests": requests}));
    assert_eq!(status, 200, "{answer}");
    move |id| {
        let parts = answer["responses"].as_array().unwrap();
        parts.iter().find(|part| part["id"] == id).cloned().unwrap_or(Value::Null)
    }
}

#[test]
fn parts_of_every_form() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    let answer = batch(
        &mut graph,
        &json!([
            {"id": 1, "method": "GET", "url": "users?$select=id&$top=1"},
            {"id": "2", "method": "GET", "url": format!("/v1.0/users/{id}?$select=id")},
            {"id": "3", "method": "GET", "url": format!("https://graph.microsoft.com/v1.0/users/{id}?$select=id")},
            {"id": "4", "method": "GET", "url": format!("//Users/{id}/?$select=id")},
            {"id": "five", "method": "PUT", "url": "/users", "body": {}, "headers": {"Content-Type": "application/json"}},
            {"id": "6", "method": "GET", "url": format!("/users/{id}?$select=id"), "body": null, "headers": null, "dependsOn": null},
        ]),
    );
    assert_eq!(answer("1")["body"]["value"].as_array().unwrap().len(), 1);
    for part in ["2", "3", "4", "6"] {
        assert_eq!(answer(part)["body"]["id"], id.to_string(), "{part}");
    }
    assert_eq!(answer("five")["status"], 405);
    assert_eq!(answer("five")["body"]["error"]["code"], "Request_BadRequest");
    for (url, why) in [("https://elsewhere.example/v1.0/users", "host"), ("", "empty")] {
        let (status, _) =
            graph.post("/$batch", &json!({"requests": [{"id": "1", "method": "GET", "url": url}]}));
        assert_eq!(status, 400, "{why}");
    }
}

#[test]
fn parts_that_depend_on_others() {
    let mut graph = Client::contoso();
    let patch = |id: &str, user: &str, after: Value| {
        json!({
            "id": id, "method": "PATCH", "url": format!("/users/{user}"), "dependsOn": after,
            "headers": {"Content-Type": "application/json"}, "body": {"jobTitle": id},
        })
    };
    let create = json!({
        "id": "New", "method": "POST", "url": "/users/microsoft.graph.agentUser",
        "headers": {"Content-Type": "application/json"}, "body": new_user(1),
    });
    let upn = new_user(1)["userPrincipalName"].as_str().unwrap().to_owned();
    let answer = batch(
        &mut graph,
        &json!([
            create,
            patch("2", &upn, json!(["new"])),
            patch("3", "nobody@contoso.com", json!([])),
            patch("4", &upn, json!(["2", "3"])),
            patch("5", &upn, json!(["4"]))
        ]),
    );
    let statuses = ["New", "2", "3", "4", "5"].map(|id| answer(id)["status"].as_u64().unwrap());
    assert_eq!(statuses, [201, 200, 404, 424, 424]);
    assert_eq!(graph.get(&format!("/users/{upn}?$select=jobTitle")).1["jobTitle"], "2");
    let location = answer("New")["headers"]["Location"].as_str().unwrap().to_owned();
    assert!(location.ends_with("/Microsoft.DirectoryServices.User"), "{location}");

    // Only parts that stand before it.
    for after in [json!(["2"]), json!(["nowhere"]), json!(["1"]), json!("1"), json!([{}])] {
        let parts = json!({"requests": [patch("1", &upn, after.clone()), patch("2", &upn, json!([]))]});
        let (status, refusal) = graph.post("/$batch", &parts);
        assert_eq!(
            (status, &refusal["error"]["message"]),
            (400, &json!("Invalid dependency for request Id: 1.")),
            "{after}"
        );
    }
}

#[test]
fn headers_as_graph_sends_them() {
    let mut graph = Client::contoso();
    let id = graph.create(1);
    let answer = graph.send(&request(Method::Get, &format!("/users/{id}"), None));
    assert_eq!(answer.headers.get("OData-Version"), Some("4.0"));
    assert_eq!(answer.headers.get("Cache-Control"), Some("no-cache"));
    let kind = answer.headers.get("Content-Type").unwrap();
    assert!(kind.contains("odata.streaming=true;IEEE754Compatible=false"), "{kind}");
    let diagnostic: Value = serde_json::from_str(answer.headers.get("x-ms-ags-diagnostic").unwrap()).unwrap();
    assert!(diagnostic["ServerInfo"]["DataCenter"].is_string());
}

#[test]
fn no_call_of_the_contract_is_refused_in_graphs_words_for_what_it_does_not_have() {
    let contract = include_str!("../../../../tests/contract/documented-v1.0.json");
    let contract: Value = serde_json::from_str(contract).unwrap();
    let mut graph = Client::contoso();
    let mut wrong = Vec::new();
    for (template, item) in contract["paths"].as_object().unwrap() {
        for (name, method) in [
            ("get", Method::Get),
            ("post", Method::Post),
            ("patch", Method::Patch),
            ("put", Method::Put),
            ("delete", Method::Delete),
        ] {
            if item.get(name).is_none() {
                continue;
            }
            let id = ids::nothing(1).to_string();
            let path = template.split('/').map(|part| if part.starts_with('{') { &id } else { part });
            let path = path.collect::<Vec<_>>().join("/");
            let body = (method != Method::Get).then(|| json!({}));
            let (status, answer) = graph.call(method, &path, body.as_ref());
            let message = answer["error"]["message"].as_str().unwrap_or_default();
            if status == 405 || message.starts_with("Resource not found for the segment") {
                wrong.push(format!("{method} {template}: {status} {message}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
