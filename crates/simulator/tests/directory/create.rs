use crate::client::*;
use agentuser_core::http::{Headers, Method, Request};
use agentuser_simulator::{ConflictStatus, ParentMissing, Switches, Tenant, Unwelcome, ids, tenant};
use serde_json::{Value, json};

#[test]
fn a_create_answers_201_with_the_documented_members() {
    for path in [AGENTS, "/users", "/users/graph.agentUser"] {
        let mut graph = Client::contoso();
        let (status, user) = graph.post(path, &new_user(1));
        assert_eq!(status, 201, "{user}");
        assert_eq!(user["@odata.type"], "#microsoft.graph.agentUser");
        assert_eq!(user["@odata.context"], format!("{ROOT}/v1.0/$metadata#users/$entity"));
        assert_eq!(user["displayName"], "Sales Agent 1");
        assert_eq!(user["mailNickname"], "sales1");
        assert_eq!(user["userPrincipalName"], "sales1@contoso.com");
        assert_eq!(user["identityParentId"], ids::identity(1).to_string());
        assert_eq!(user["businessPhones"], json!([]));
        assert_eq!(user["mail"], Value::Null);
        assert_eq!(graph.directory.stats().agent_users_created, 1);
        assert_eq!(graph.directory.children_of(ids::identity(1)).count(), 1);
    }
}

#[test]
fn an_agent_identity_that_lost_its_agent_user_to_another_parent_takes_a_new_one() {
    // The agent user with number 4 of a planted tenant has a parent that is not an agent identity.
    let mut graph = Client::of(Tenant::planted(200));
    assert_eq!(graph.directory.children_of(ids::identity(4)).count(), 0);
    let (status, user) = graph.post(AGENTS, &new_user(4));
    assert_eq!(status, 201, "{user}");
    assert_eq!(graph.directory.children_of(ids::identity(4)).count(), 1);
}

#[test]
fn the_id_depends_on_the_parent_and_on_nothing_that_came_before() {
    let mut one = Client::contoso();
    let mut other = Client::contoso();
    other.create(5);
    assert_eq!(one.create(1), other.create(1));
    assert_ne!(one.create(2), other.create(3));
    let mut seeded = Client::of(Tenant::contoso(3).seed(9));
    assert_ne!(seeded.create(1), Client::contoso().create(1));
}

#[test]
fn the_type_in_the_body() {
    let mut graph = Client::contoso();
    let plain = without(new_user(1), "@odata.type");
    assert_eq!(graph.post(AGENTS, &plain).0, 201);
    let spelled = with(new_user(2), "@odata.type", json!("microsoft.graph.agentUser"));
    assert_eq!(graph.post("/users", &spelled).0, 201);
    // Without a type it is a human's account, which needs a password.
    let refusal = graph.post("/users", &without(new_user(3), "@odata.type"));
    bad_request(&refusal);
    assert_eq!(refusal.1["error"]["details"][0]["target"], "passwordProfile");
    bad_request(&graph.post(AGENTS, &with(new_user(3), "@odata.type", json!("#microsoft.graph.group"))));
    bad_request(&graph.post(AGENTS, &with(new_user(3), "@odata.type", json!("#microsoft.graph.user"))));
}

#[test]
fn every_required_member_is_required() {
    let mut graph = Client::contoso();
    for name in ["accountEnabled", "displayName", "mailNickname", "userPrincipalName", "identityParentId"] {
        for body in [without(new_user(1), name), with(new_user(1), name, Value::Null)] {
            let refusal = graph.post(AGENTS, &body);
            bad_request(&refusal);
            assert_eq!(refusal.1["error"]["details"][0]["target"], name);
        }
    }
    assert_eq!(graph.directory.stats().agent_users_created, 0);
}

#[test]
fn values_that_are_refused() {
    let mut graph = Client::contoso();
    for (name, value) in [
        ("accountEnabled", json!("true")),
        ("displayName", json!("")),
        ("displayName", json!("x".repeat(257))),
        ("mailNickname", json!("a b")),
        ("mailNickname", json!("x".repeat(65))),
        ("userPrincipalName", json!("sales1")),
        ("userPrincipalName", json!("sal+es@contoso.com")),
        ("userPrincipalName", json!("sal%es@contoso.com")),
        ("userPrincipalName", json!("sälés@contoso.com")),
        ("userPrincipalName", json!("sales.@contoso.com")),
        ("userPrincipalName", json!(format!("{}@contoso.com", "x".repeat(65)))),
        ("identityParentId", json!("not a guid")),
        ("usageLocation", json!("usa")),
        ("userType", json!("Robot")),
        ("jobTitle", json!("x".repeat(129))),
        ("id", json!("00000000-0000-4000-8000-000000000001")),
    ] {
        let refusal = graph.post(AGENTS, &with(new_user(1), name, value.clone()));
        bad_request(&refusal);
        assert_eq!(refusal.1["error"]["details"][0]["target"], name, "{value}");
    }
    refused(&graph.post(AGENTS, &with(new_user(1), "manager@odata.bind", json!("x"))), 501, "NotSimulated");
}

#[test]
fn a_body_must_be_a_json_object_with_its_content_type() {
    let mut graph = Client::contoso();
    for body in ["", "{", "[]", "null"] {
        let mut headers = Headers::new();
        headers.push("content-type", "application/json; charset=utf-8");
        let url = format!("{ROOT}/v1.0{AGENTS}");
        let request = Request { method: Method::Post, url, headers, body: body.into() };
        let response = graph.send(&request);
        bad_request(&(response.status, json_of(&response)));
    }
    let mut untyped = request(Method::Post, AGENTS, Some(&new_user(1)));
    untyped.headers = Headers::new();
    assert_eq!(graph.send(&untyped).status, 400);
}

#[test]
fn domains() {
    let mut graph = Client::contoso();
    let at = |domain: &str| with(new_user(1), "userPrincipalName", json!(format!("a#b'c^d@{domain}")));
    for domain in ["fabrikam.com", "elsewhere.example", "sub.contoso.com"] {
        let refusal = graph.post(AGENTS, &at(domain));
        bad_request(&refusal);
        let message = refusal.1["error"]["message"].as_str().unwrap();
        assert!(message.contains("does not belong to a verified domain"), "{message}");
    }
    bad_request(&graph.post(AGENTS, &at("federated.contoso.com")));
    let anchored = with(at("federated.contoso.com"), "onPremisesImmutableId", json!("abc"));
    assert_eq!(graph.post(AGENTS, &anchored).0, 201);
}

#[test]
fn parents_of_every_bad_kind() {
    for (switch, status, code) in [
        (ParentMissing::DoesNotExist, 400, "Request_BadRequest"),
        (ParentMissing::ObjectNotFound, 400, "Request_BadRequest"),
        (ParentMissing::NotFound, 404, "Request_ResourceNotFound"),
    ] {
        let mut graph = Client::with(Switches { parent_missing: switch, ..Switches::default() });
        for bad in
            [ids::nothing(1), ids::identity_app(1), ids::plain(1), ids::blueprint_principal(1), ids::human(1)]
        {
            let answer = graph.post(AGENTS, &with(new_user(1), "identityParentId", json!(bad.to_string())));
            refused(&answer, status, code);
        }
        // A disabled parent is not refused: nothing says so. It is the client's to look.
        for disabled in [tenant::DISABLED_IDENTITY, tenant::BANNED_IDENTITY] {
            graph.create(disabled);
        }
    }
    let mut graph = Client::contoso();
    let parent = json!(ids::nothing(1).to_string());
    let (_, refusal) = graph.post(AGENTS, &with(new_user(1), "identityParentId", parent));
    assert_eq!(refusal["error"]["message"], "Agent user IdentityParent does not exist");
}

#[test]
fn one_parent_has_one_user() {
    let mut graph = Client::contoso();
    graph.create(1);
    let twice = with(
        with(new_user(1), "userPrincipalName", json!("other@contoso.com")),
        "mailNickname",
        json!("other"),
    );
    let refusal = graph.post(AGENTS, &twice);
    bad_request(&refusal);
    assert_eq!(
        refusal.1["error"]["details"],
        json!([{
            "code": "ObjectConflict",
            "message": "Another object with the same value for property identityParentId already exists.",
            "target": "identityParentId",
        }])
    );
    let taken =
        with(new_user(1), "identityParentId", json!(ids::identity(tenant::TAKEN_IDENTITY).to_string()));
    bad_request(&graph.post(AGENTS, &taken));
    assert!(graph.directory.duplicates().is_empty());
    assert_eq!(graph.directory.stats().created_per_parent[&ids::identity(1)], 1);
}

#[test]
fn names_conflict_in_any_letter_case() {
    for (switch, status) in [(ConflictStatus::BadRequest, 400), (ConflictStatus::Conflict, 409)] {
        let mut graph = Client::with(Switches { upn_conflict: switch, ..Switches::default() });
        graph.create(1);
        for upn in ["SALES1@Contoso.com", "human1@contoso.com"] {
            let refusal = graph.post(AGENTS, &with(new_user(2), "userPrincipalName", json!(upn)));
            refused(&refusal, status, "Request_BadRequest");
            let message = "Another object with the same value for property userPrincipalName already exists.";
            assert_eq!(refusal.1["error"]["message"], message);
            assert_eq!(
                refusal.1["error"]["details"],
                json!([{"code": "ObjectConflict", "message": message, "target": "userPrincipalName"}])
            );
        }
        let nickname = with(new_user(2), "mailNickname", json!("Sales1"));
        refused(&graph.post(AGENTS, &nickname), status, "Request_BadRequest");
    }
    let mut graph = Client::with(Switches { unique_mail_nickname: false, ..Switches::default() });
    graph.create(1);
    assert_eq!(graph.post(AGENTS, &with(new_user(2), "mailNickname", json!("Sales1"))).0, 201);
}

#[test]
fn a_repeated_post_names_the_parent_or_the_upn() {
    for (first, target) in [(false, "identityParentId"), (true, "userPrincipalName")] {
        let mut graph = Client::with(Switches { upn_conflict_first: first, ..Switches::default() });
        graph.create(1);
        let refusal = graph.post(AGENTS, &new_user(1));
        assert_eq!(refusal.1["error"]["details"][0]["target"], target);
    }
}

#[test]
fn a_password_profile_is_refused_or_ignored() {
    let body = with(new_user(1), "passwordProfile", json!({"password": "x"}));
    let mut graph = Client::contoso();
    bad_request(&graph.post(AGENTS, &body));
    let mut graph = Client::with(Switches { password_profile: Unwelcome::Ignored, ..Switches::default() });
    let (status, user) = graph.post(AGENTS, &body);
    assert_eq!(status, 201);
    let path = format!("/users/{}?$select=passwordProfile", user["id"].as_str().unwrap());
    assert_eq!(graph.get(&path).1["passwordProfile"], Value::Null);
}

#[test]
fn mail_at_create() {
    for (switch, mail) in [(true, json!("sales1@contoso.com")), (false, Value::Null)] {
        let mut graph = Client::with(Switches { mail_at_create: switch, ..Switches::default() });
        assert_eq!(graph.post(AGENTS, &new_user(1)).1["mail"], mail);
    }
}

#[test]
fn registered_extensions_are_kept() {
    let mut graph = Client::of(Tenant::contoso(10).extension("extension_0a_costCentre"));
    let body = with(new_user(1), "extension_0a_costCentre", json!({"deep": [1, 2]}));
    assert_eq!(graph.post(AGENTS, &body).0, 201);
    let (_, user) = graph.get("/users/sales1@contoso.com?$select=extension_0a_costCentre,jobTitle,nothing");
    assert_eq!(user["extension_0a_costCentre"], json!({"deep": [1, 2]}));
    assert_eq!(user["jobTitle"], Value::Null);
    assert!(user.get("nothing").is_none() && user.get("id").is_none());
}

#[test]
fn a_person_s_account() {
    let person = json!({
        "accountEnabled": true,
        "displayName": "Ada",
        "mailNickname": "ada",
        "userPrincipalName": "ada@contoso.com",
        "passwordProfile": {"forceChangePasswordNextSignIn": true, "password": "xWwvJ]6NMw+bWH-d"},
    });
    let mut graph = Client::contoso();
    let (status, user) = graph.post("/users", &person);
    assert_eq!((status, &user["displayName"]), (201, &json!("Ada")), "{user}");
    assert!(user.get("@odata.type").is_none() && user.get("passwordProfile").is_none());
    let (_, read) = graph.get("/users/ada@contoso.com?$select=id,identityParentId,passwordProfile,userType");
    assert_eq!((&read["id"], &read["identityParentId"]), (&user["id"], &Value::Null));
    assert_eq!((&read["passwordProfile"], &read["userType"]), (&Value::Null, &json!("Member")));
    bad_request(&graph.post("/users", &person));
    for name in ["accountEnabled", "displayName", "mailNickname", "userPrincipalName", "passwordProfile"] {
        bad_request(&graph.post("/users", &without(person.clone(), name)));
    }
    bad_request(&graph.post("/users", &with(person.clone(), "passwordProfile", json!({}))));
    let elsewhere = with(person.clone(), "userPrincipalName", json!("ada@federated.contoso.com"));
    bad_request(&graph.post("/users", &elsewhere));
    let other = with(person, "userPrincipalName", json!("bea@contoso.com"));
    refused(&graph.using(tenant::MANAGER).post("/users", &other), 403, "Authorization_RequestDenied");
}
