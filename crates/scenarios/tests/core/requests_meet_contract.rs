//! Every request that the library sends, and every answer of the simulator, against the documented contract.

use crate::common::Want;
use agentuser_core::ObjectId;
use agentuser_core::flow::{
    self, ApplyRequest, ContainRequest, ContainTarget, HandedOver, HandoverRequest, Readiness, Report,
    RetireOptions, UndoRequest,
};
use agentuser_core::graph::{
    self, Ask, Call, Cloud, Detail, Endpoint, Filter, GrantKey, IdentityQuery, InheritanceChange,
    LicenseChange, ListQuery, ListedMember, RestoreOptions,
};
use agentuser_core::hash::mix;
use agentuser_core::http::{Headers, Method, Request, Response};
use agentuser_core::model::{
    AgentUser, AgentUserPatch, AssignedLicense, Consent, DirectLicense, Draft, GRAPH_APP_ID, Inheritance,
    Member, MemberValue, OpenMember, PermissionClient, PermissionHolder, PermissionName, ServicePrincipal,
    Shape, SkuRef, SponsorRef, UserRef,
};
use agentuser_core::operation::{Graph, Items, Limits};
use agentuser_core::problem::Problem;
use agentuser_core::roster::{Roster, RosterSettings};
use agentuser_core::validate::TenantFacts;
use agentuser_simulator::contract::{
    Breach, check, check_answers, check_response, check_sent, standing, standing_in_beta,
};
use agentuser_simulator::{Directory, Faults, Lag, Network, Switches, Tenant, World, ids, tenant};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::future::Future;
use std::time::Duration;

const ROOT: &str = "https://graph.microsoft.com/v1.0";

fn request(method: Method, path: &str, body: &str) -> Request {
    let mut headers = Headers::new();
    if !body.is_empty() {
        headers.push("Content-Type", "application/json");
    }
    Request { method, url: format!("{ROOT}{path}"), headers, body: body.as_bytes().to_vec() }
}

/// A value for every writable member.
fn every_member() -> AgentUserPatch {
    let value = |member: Member| match (member, member.shape()) {
        (Member::UserPrincipalName, _) => MemberValue::Text("o'neil@contoso.com".to_owned()),
        (Member::UsageLocation, _) => MemberValue::Text("DE".to_owned()),
        (Member::UserType, _) => MemberValue::Text("Member".to_owned()),
        (Member::Mail, _) => MemberValue::Text("agent@contoso.com".to_owned()),
        (Member::MailNickname, _) => MemberValue::Text("agent".to_owned()),
        (Member::PreferredLanguage, _) => MemberValue::Text("en-US".to_owned()),
        (Member::OtherMails, _) => MemberValue::Texts(vec!["other@contoso.com".to_owned()]),
        (_, Shape::Flag) => MemberValue::Flag(true),
        (_, Shape::Texts { .. }) => MemberValue::Texts(vec!["+1 555 0100".to_owned()]),
        (_, Shape::DateTime) => MemberValue::Text("2026-01-31T00:00:00Z".to_owned()),
        _ => MemberValue::Text("some text".to_owned()),
    };
    AgentUserPatch::parse(Member::ALL.iter().map(|member| (*member, value(*member)))).unwrap()
}

/// A value of every kind of open member.
fn open_members() -> AgentUserPatch {
    let text = |text: &str| MemberValue::Text(text.to_owned());
    let set = "customSecurityAttributes.Engineering";
    let values = [
        ("extension_b7d8e648520f41d3b9c0fdeb91768a0a_jobGroup".to_owned(), text("E4")),
        ("extension_b7d8e648520f41d3b9c0fdeb91768a0a_grade".to_owned(), MemberValue::Number(7)),
        ("extkvbmkofy_courses.courseId".to_owned(), MemberValue::Number(100)),
        ("employeeOrgData.costCenter".to_owned(), text("4711")),
        (format!("{set}.Project"), MemberValue::Texts(vec!["Baker".to_owned()])),
        (format!("{set}.Vendors"), MemberValue::Number(4)),
        (format!("{set}.Certification"), MemberValue::Flag(true)),
        (format!("{set}.Date"), MemberValue::Null),
    ];
    let open = |(path, value): (String, MemberValue)| (OpenMember::parse(&path).unwrap(), value);
    AgentUserPatch::parse(values.map(open)).unwrap()
}

/// Null, or no values, for every member that can be cleared.
fn nothing_of_any_member() -> AgentUserPatch {
    let value = |member: Member| match member.shape() {
        Shape::Texts { .. } => MemberValue::Texts(Vec::new()),
        _ => MemberValue::Null,
    };
    let clearable = Member::ALL.iter().filter(|member| member.clearable());
    AgentUserPatch::parse(clearable.map(|member| (*member, value(*member)))).unwrap()
}

fn add<T>(to: &mut impl FnMut(Call, &Request), ask: &Ask<T>) {
    to(ask.call(), ask.request());
}

/// The builders of requests about permissions.
fn permissions(root: &Endpoint, ask: &mut impl FnMut(Call, &Request)) {
    let (client, resource, blueprint) = (ids::identity(1), ids::graph_principal(), ids::blueprint(1));
    for user in [None, Some(ids::agent_user(1))] {
        let key = GrantKey { client, user, resource };
        add(ask, &graph::list_permission_grants(root, &key));
        add(ask, &graph::create_permission_grant(root, &key, "User.Read Mail.Send"));
    }
    add(ask, &graph::permission_grants_of(root, client));
    add(ask, &graph::update_permission_grant(root, "47nZsM8O_UuNq5Jz3QValCx", "User.Read"));
    add(ask, &graph::delete_permission_grant(root, "47nZsM8O_UuNq5Jz3QValCx"));
    add(ask, &graph::list_app_roles(root, client));
    add(ask, &graph::list_user_app_roles(root, ids::agent_user(1)));
    add(ask, &graph::assign_app_role(root, resource, client, ids::plan(1)));
    add(ask, &graph::remove_app_role(root, resource, "47nZsM8O_UuNq5Jz3QValCx"));
    add(ask, &graph::find_resource(root, GRAPH_APP_ID));
    add(ask, &graph::get_resource(root, resource));
    add(ask, &graph::get_blueprint(root, blueprint));
    add(ask, &graph::find_blueprint_by_app_id(root, ids::blueprint_app(1)));
    add(ask, &graph::list_inheritable_permissions(root, blueprint));
    let every = [None, Some(Inheritance::AllAllowed), Some(Inheritance::None)];
    for scopes in every {
        for roles in every {
            let change = InheritanceChange { scopes, roles };
            add(ask, &graph::add_inheritable_permission(root, blueprint, GRAPH_APP_ID, change));
            add(ask, &graph::update_inheritable_permission(root, blueprint, GRAPH_APP_ID, change));
        }
    }
}

/// The builders of requests about agent identities and blueprints.
fn parents(root: &Endpoint, ask: &mut impl FnMut(Call, &Request)) {
    let identity = ids::identity(1);
    let narrow = IdentityQuery {
        display_name_starts_with: Some("it's & 'that', 100%".to_owned()),
        blueprint: Some(ids::blueprint_app(1)),
        account_enabled: Some(true),
        page_size: 7,
        ..IdentityQuery::default()
    };
    for query in [IdentityQuery::default(), narrow] {
        add(ask, &graph::list_agent_identities(root, &query));
    }
    add(ask, &graph::list_agent_users_briefly(root));
    add(ask, &graph::get_whole_agent_identity(root, identity));
    add(ask, &graph::list_identity_sponsors(root, identity));
    add(ask, &graph::list_identity_owners(root, identity));
    for start in [None, Some("it's & 'that', 100%")] {
        add(ask, &graph::list_blueprints(root, start));
        add(ask, &graph::find_users(root, start, 100));
        add(ask, &graph::find_groups(root, start, 100));
    }
    add(ask, &graph::find_blueprint_principal(root, ids::blueprint_app(1)));
    add(ask, &graph::list_deleted_applications(root));
    add(ask, &graph::list_deleted_service_principals(root));
    add(ask, &graph::list_lifecycle_policies(root));
    add(ask, &graph::find_lifecycle_subject(root, "ba9191ab-e88f-4278-942c-4dcc6a4f05b1", identity));
    add(ask, &graph::attest_identity(root, identity));
    add(ask, &graph::list_agent_users_with_sessions(root));
    for person in ["human1@contoso.com", &ids::human(1).to_string()] {
        add(ask, &graph::list_sponsored::<Value>(root, &UserRef::parse(person).unwrap()));
    }
    add(ask, &graph::list_own_sponsored::<Value>(root));
    add(ask, &graph::get_blueprint_principal(root, ids::blueprint_principal(1)));
    for done in [
        graph::add_identity_sponsor(root, identity, ids::human(1), false),
        graph::add_identity_sponsor(root, identity, ids::group(1), true),
        graph::remove_identity_sponsor(root, identity, ids::human(1)),
        graph::enable_agent_identity(root, identity, false),
        graph::enable_blueprint_principal(root, ids::blueprint_principal(1), true),
    ] {
        add(ask, &done);
    }
}

/// The builders of requests of audits.
fn audits(root: &Endpoint, ask: &mut impl FnMut(Call, &Request)) {
    let (user, group) = (ids::agent_user(1), ids::group(1));
    add(ask, &graph::list_all_agent_users(root));
    add(ask, &graph::list_managers(root));
    add(ask, &graph::list_all_sponsors(root));
    add(ask, &graph::list_leave_dates(root));
    add(ask, &graph::list_sign_in_activity(root));
    add(ask, &graph::get_person(root, user));
    add(ask, &graph::list_transitive_members(root, group));
    add(ask, &graph::list_blueprint_principals(root));
    add(ask, &graph::list_all_permission_grants(root));
    add(ask, &graph::list_app_role_holders(root, ids::plain(1)));
    add(ask, &graph::list_lifecycle_subjects(root, "ba9191ab-e88f-4278-942c-4dcc6a4f05b1"));
    add(ask, &graph::list_role_assignments(root));
    add(ask, &graph::list_eligible_roles(root));
    add(ask, &graph::role_assignments_of(root, user));
    add(ask, &graph::eligible_roles_of(root, user));
    add(ask, &graph::list_transitive_memberships(root, user));
    add(ask, &graph::list_role_definitions(root));
    add(ask, &graph::list_role_groups(root));
    add(ask, &graph::list_access_policies(root));
    add(ask, &graph::find_applied_policies(root, user));
    add(ask, &graph::list_risky_agents(root));
}

#[test]
fn every_builder_conforms() {
    let root = Endpoint::from(Cloud::Global);
    let (id, other) = (ids::agent_user(1), ids::human(1));
    let mut draft = Draft::new().parent(ids::identity(1).to_string());
    for (member, value) in every_member().iter().chain(open_members().iter()) {
        draft = draft.with(member.clone(), value.clone());
    }
    let new = draft.check(&TenantFacts::default()).unwrap();
    let list = |filters| {
        graph::list_agent_users(&root, &ListQuery { filters, page_size: 5, ..ListQuery::default() })
    };
    let mut called = BTreeSet::new();
    let mut asked = Vec::new();
    let mut ask = |call: Call, request: &Request| {
        called.insert(call);
        asked.push((Duration::ZERO, request.clone()));
    };
    for one in [
        list(Vec::new()),
        list(vec![
            Filter::Parent(id),
            Filter::AccountEnabled(false),
            Filter::DisplayNameStartsWith("it's & 'that', 100%".to_owned()),
            Filter::UserPrincipalNameStartsWith("o'n".to_owned()),
        ]),
        graph::find_agent_user_by_parent(
            &root,
            other,
            &Detail::with(graph::ListedMember::find("employeeLeaveDateTime")),
        ),
        graph::next_page(
            &root,
            Call::ListAgentUsers,
            &format!("{ROOT}/users/microsoft.graph.agentUser?$skiptoken=x"),
        )
        .unwrap(),
        graph::list_deleted_users(&root),
    ] {
        add(&mut ask, &one);
    }
    for user in [UserRef::Id(id), UserRef::parse("o'neil@contoso.com").unwrap()] {
        add(
            &mut ask,
            &graph::get_user(&root, &user, &Detail::with(graph::ListedMember::find("employeeLeaveDateTime"))),
        );
    }
    add(&mut ask, &graph::create_agent_user(&root, &new));
    for patch in [every_member(), nothing_of_any_member(), open_members()] {
        add(&mut ask, &graph::update_agent_user(&root, id, &patch));
    }
    add(&mut ask, &graph::get_manager(&root, id));
    add(&mut ask, &graph::list_sponsors(&root, id));
    add(&mut ask, &graph::list_direct_reports(&root, id));
    add(&mut ask, &graph::get_deleted_item(&root, id));
    add(&mut ask, &graph::get_service_principal(&root, id));
    add(&mut ask, &graph::get_agent_identity(&root, id));
    add(&mut ask, &graph::find_service_principal_by_app_id(&root, id));
    add(&mut ask, &graph::list_subscribed_skus(&root));
    add(&mut ask, &graph::list_license_details(&root, id));
    add(&mut ask, &graph::get_group(&root, id));
    add(&mut ask, &graph::find_groups_by_name(&root, "O'Neil's agents"));
    add(&mut ask, &graph::list_memberships(&root, id));
    add(&mut ask, &graph::get_drive(&root, id));
    add(&mut ask, &graph::list_verified_domains(&root));
    permissions(&root, &mut ask);
    parents(&root, &mut ask);
    audits(&root, &mut ask);
    let change = LicenseChange {
        add: vec![AssignedLicense::new(ids::sku(1), vec![ids::plan(1)])],
        remove: vec![ids::sku(2)],
    };
    let renamed = RestoreOptions {
        new_user_principal_name: Some("other@contoso.com".parse().unwrap()),
        auto_reconcile_proxy_conflict: true,
    };
    for done in [
        graph::revoke_sessions(&root, id),
        graph::delete_agent_user(&root, id),
        graph::set_manager(&root, id, other),
        graph::remove_manager(&root, id),
        graph::add_sponsor(&root, id, other, false),
        graph::add_sponsor(&root, id, other, true),
        graph::remove_sponsor(&root, id, other),
        graph::add_group_member(&root, id, other),
        graph::remove_group_member(&root, id, other),
        graph::assign_license(&root, id, &change),
        graph::assign_license(&root, id, &LicenseChange::default()),
        graph::restore_deleted_item(&root, id, &RestoreOptions::default()),
        graph::restore_deleted_item(&root, id, &renamed),
        graph::delete_deleted_item(&root, id),
    ] {
        add(&mut ask, &done);
    }
    assert_eq!(check_sent(&asked), []);
    // No builder makes a batch; its parts are checked for themselves.
    let single = Call::ALL.iter().filter(|call| **call != Call::Batch);
    let missing: Vec<_> = single.filter(|call| !called.contains(call)).collect();
    assert!(missing.is_empty(), "{missing:?}: add the builder here");
}

#[test]
fn every_call_is_declared() {
    for call in Call::ALL.iter().filter(|call| **call != Call::Batch) {
        let path = call.path().split('?').next().unwrap();
        let path = path.replace(['{', '}'], "");
        let stands = standing(call.method(), &path).or_else(|| standing_in_beta(call.method(), &path));
        assert!(stands.is_some(), "{call}");
    }
}

const LIST: &str = "/users/microsoft.graph.agentUser";

/// The body that creates an agent user.
fn creation() -> serde_json::Value {
    json!({
        "accountEnabled": true, "displayName": "A", "mailNickname": "a", "userPrincipalName": "a@contoso.com",
        "identityParentId": ids::identity(1),
    })
}

#[test]
fn breaches_of_requests_are_found() {
    let (list, create) = (LIST, creation());
    let with = |name: &str, value: serde_json::Value| {
        let mut body = create.clone();
        body[name] = value;
        body.to_string()
    };
    let create = create.to_string();
    let get = |path: &str| request(Method::Get, path, "");
    let mut with_header = get(list);
    with_header.headers.push("If-Match", "*");
    let mut without_type = request(Method::Post, list, &create);
    without_type.headers = Headers::new();
    let mut elsewhere = get(list);
    elsewhere.url = elsewhere.url.replace("/v1.0", "/beta");
    for (request, what) in [
        (get("/agentUsers"), "no such path"),
        (get("/users/microsoft.graph.agentuser/x"), "no such path"),
        (elsewhere, "no such path"),
        (request(Method::Put, list, ""), "PUT is not declared"),
        (get("/users/microsoft.graph.agentUser?$skip=5"), "$skip"),
        (get("/users/microsoft.graph.agentUser?api-version=2"), "api-version"),
        (get("/users/microsoft.graph.agentUser?$select=id,displayname"), "displayname"),
        (get("/users/microsoft.graph.agentUser?$select=id, mail"), "encoded"),
        (get("/users/microsoft.graph.agentUser?$filter=mail%20eq%20%27it%27s%27"), "literal"),
        (get("/users/microsoft.graph.agentUser?$filter=parentId%20eq%20%27x%27"), "parentId"),
        (get("/users/x?$select=agentIdentityBlueprintId"), "agentIdentityBlueprintId"),
        (with_header, "If-Match"),
        (without_type, "Content-Type"),
        (request(Method::Post, list, ""), "no body"),
        (request(Method::Post, list, "{"), "JSON"),
        (request(Method::Get, list, "{}"), "a body where none"),
        (request(Method::Post, list, &with("accountEnabled", json!("yes"))), "accountEnabled"),
        (request(Method::Post, list, &with("identityParentID", json!("x"))), "identityParentID"),
        (request(Method::Post, list, &with("employeeHireDate", json!("yesterday"))), "employeeHireDate"),
        (request(Method::Post, list, &with("passwordProfile", json!(["x"]))), "passwordProfile"),
        (request(Method::Post, list, &with("passwordProfile", json!({"passwort": "x"}))), "passwort"),
        (request(Method::Post, list, &create.replace("mailNickname", "nickname")), "mailNickname"),
        (
            request(Method::Post, "/users/x/assignLicense", r#"{"addLicenses": null, "removeLicenses": []}"#),
            "addLicenses",
        ),
        (
            request(
                Method::Post,
                "/users/x/assignLicense",
                r#"{"addLicenses": [{"sku": "x"}], "removeLicenses": []}"#,
            ),
            "sku",
        ),
    ] {
        let found = check(&request);
        assert!(found.iter().any(|breach| breach.what.contains(what)), "{request:?} {what}: {found:?}");
    }
    assert_eq!(check(&request(Method::Post, list, &create)), []);
}

#[test]
fn breaches_in_batches_are_found() {
    let batch = |body: serde_json::Value| {
        let part = |id| {
            let headers = json!({"Content-Type": "application/json"});
            json!({"id": id, "method": "POST", "url": LIST, "headers": headers, "body": body})
        };
        check(&request(Method::Post, "/$batch", &json!({"requests": [part("0"), part("1")]}).to_string()))
    };
    assert_eq!(batch(creation()), []);
    assert!(!batch(json!({"identityParentID": "x"})).is_empty());
    let doubled = json!({"id": "0", "method": "GET", "url": "/users/x"});
    let twice = json!({"requests": [doubled, doubled]}).to_string();
    assert!(!check(&request(Method::Post, "/$batch", &twice)).is_empty());
}

#[test]
fn breaches_of_answers_are_found() {
    let answer =
        |status, body: &str| Response { status, headers: Headers::new(), body: body.as_bytes().to_vec() };
    let get = request(Method::Get, "/users/x", "");
    let patch = request(Method::Patch, "/users/microsoft.graph.agentUser/x", "{}");
    for (request, answer) in [
        (&get, answer(200, "{")),
        (&get, answer(200, r#"{"accountEnabled": "true"}"#)),
        (&get, answer(200, r#"{"fullName": "x"}"#)),
        (&get, answer(200, r#"{"assignedLicenses": [{"skuID": "x"}]}"#)),
        (&get, answer(204, "{}")),
        (&patch, answer(201, "{}")),
        (&patch, answer(204, "{}")),
    ] {
        assert!(!check_response(request, &answer).is_empty(), "{request:?} {answer:?}");
    }
    for (request, answer) in [
        (&get, answer(200, r#"{"@odata.type": "x", "id": "x", "identityParentId": null}"#)),
        (&get, answer(404, "whatever")),
        (&patch, answer(204, "")),
    ] {
        assert_eq!(check_response(request, &answer), []);
    }
}

/// A tenant in a world, whose every request and, asked again without the network, every answer is checked.
struct Checked {
    world: World,
    /// The same tenant, seeing each request once, at the same time.
    twin: Directory,
    /// How many requests may go as one.
    batch: usize,
    sent: usize,
    batches: usize,
    breaches: Vec<Breach>,
}

impl Checked {
    fn new(contoso: &Tenant, faults: Faults, batch: usize) -> Self {
        let network = Network::new(contoso.clone().build(), faults);
        let world = World::new(network, tenant::ADMIN);
        let twin = contoso.clone().build();
        Self { world, twin, batch, sent: 0, batches: 0, breaches: Vec::new() }
    }

    fn run<T, F, Fut>(&mut self, flow: F) -> Option<Result<T, Problem>>
    where
        F: FnOnce(Graph) -> Fut,
        Fut: Future<Output = Result<T, Problem>> + Send + 'static,
    {
        self.run_with_items(|graph, _: Items<()>| flow(graph))
    }

    fn run_with_items<I, T, F, Fut>(&mut self, flow: F) -> Option<Result<T, Problem>>
    where
        F: FnOnce(Graph, Items<I>) -> Fut,
        Fut: Future<Output = Result<T, Problem>> + Send + 'static,
    {
        let start = self.world.now();
        let limits = Limits { batch: self.batch, ..Limits::default() };
        let ran = self.world.run(
            crate::common::session()
                .with_limits(limits)
                .start(0, |graph, items| flow(graph.with_batches(), items)),
        );
        self.sent += ran.sent.len();
        self.batches += ran.sent.iter().filter(|(_, sent)| sent.url.ends_with("/$batch")).count();
        self.breaches.extend(check_sent(&ran.sent));
        self.breaches.extend(check_answers(&mut self.twin, tenant::ADMIN, start, &ran.sent));
        ran.result
    }
}

/// A whole life, and everything around it.
fn live(world: &mut Checked) {
    let want = Want::new(1).manager("human1@contoso.com").sponsor("human2@contoso.com").license("AGENT_365");
    let wanted = want.wanted();
    let provisioned =
        world.run(move |graph| flow::provision(graph, wanted, Readiness::MAILBOX_AND_TEAMS, false));
    let id = provisioned.and_then(|result| result.ok()?.id);
    let file = "identityParentId,userPrincipalName,displayName,usageLocation,manager,sponsors,licenses,otherMails\n\
        {2},it's.two@contoso.com,Agent Two,DE,three@contoso.com,human1@contoso.com,AGENT_365,a@contoso.com;b@contoso.com\n\
        {3},three@contoso.com,Agent Three,US,,group:{g},,\n";
    let file = file
        .replace("{2}", &ids::identity(2).to_string())
        .replace("{3}", &ids::identity(3).to_string())
        .replace("{g}", &ids::group(1).to_string());
    for dry_run in [true, false, false] {
        let roster = Roster::parse(file.as_bytes(), &RosterSettings::default()).unwrap();
        world.run_with_items(move |graph, items: Items<Report>| {
            flow::apply_rows(graph, roster, Readiness::NONE, dry_run, items)
        });
    }
    world.run(|graph| async move { flow::read_tenant_facts(&graph).await });
    world.run(|graph| async move { flow::list_skus(&graph).await });
    for parent in [ids::identity(1), ids::identity_app(1), ids::nothing(1), ids::plain(1)] {
        world.run(move |graph| async move { flow::verify_parent(&graph, parent).await });
    }
    look_at_parents(world);
    look_at_blueprints(world);
    let filters = vec![Filter::DisplayNameStartsWith("A".to_owned())];
    let all = ListedMember::all().collect();
    for query in [
        ListQuery { page_size: 1, ..ListQuery::default() },
        ListQuery { filters, page_size: 999, select: all },
    ] {
        world.run_with_items(move |graph, items: Items<Vec<AgentUser>>| {
            flow::list::<Vec<AgentUser>, _>(graph, query, items)
        });
    }
    change_and_end(world, id.unwrap_or(ids::agent_user(tenant::TAKEN_IDENTITY)));
}

/// Agent identities and blueprints, listed and looked at.
fn look_at_parents(world: &mut Checked) {
    let blueprint = Some(ids::blueprint_principal(1));
    let query =
        IdentityQuery { blueprint, without_agent_user: true, page_size: 3, ..IdentityQuery::default() };
    world.run_with_items(move |graph, items: Items<Vec<ServicePrincipal>>| {
        flow::list_identities(graph, query, items)
    });
    for id in [ids::identity(1), ids::identity_app(1), ids::nothing(1), ids::plain(1)] {
        world.run(move |graph| async move { flow::identity(&graph, id).await });
        world.run(move |graph| async move { flow::list_identity_sponsors(&graph, id).await });
        world.run(move |graph| async move { flow::list_identity_owners(&graph, id).await });
        world.run(move |graph| async move { flow::lifecycle(&graph, id).await });
        world.run(move |graph| async move { flow::attest(&graph, id, false).await });
    }
    for person in [None, Some(ids::human(1)), Some(ids::nothing(1))] {
        let person = person.map(UserRef::Id);
        world.run(|graph| async move { flow::sponsored(&graph, person.as_ref()).await });
    }
}

fn look_at_blueprints(world: &mut Checked) {
    world.run(|graph| async move { flow::list_blueprints(&graph, Some("Blueprint")).await });
    for id in [ids::blueprint_app(1), ids::blueprint(1), ids::blueprint_principal(1), ids::nothing(1)] {
        world.run(move |graph| async move { flow::read_blueprint(&graph, id).await });
        world.run(move |graph| async move { flow::verify_blueprint(&graph, id).await });
    }
}

fn change_and_end(world: &mut Checked, id: ObjectId) {
    let user = move || UserRef::Id(id);
    for patch in [every_member(), nothing_of_any_member()] {
        let named = [Member::UserPrincipalName, Member::MailNickname];
        let others = patch.iter().filter(|(member, _)| !named.iter().any(|named| **member == *named));
        let patch =
            AgentUserPatch::parse(others.map(|(member, value)| (member.clone(), value.clone()))).unwrap();
        world.run(move |graph| async move { flow::update(&graph, &user(), &patch, false).await });
    }
    world.run(move |graph| async move { flow::manager(&graph, &user()).await });
    world.run(move |graph| async move {
        flow::set_manager(&graph, &user(), &UserRef::Id(ids::human(2)), false).await
    });
    world.run(move |graph| async move { flow::clear_manager(&graph, &user(), false).await });
    let group = SponsorRef::parse(&format!("group:{}", ids::group(1))).unwrap();
    let same = group.clone();
    world.run(move |graph| async move { flow::add_sponsor(&graph, &user(), &group, false).await });
    world.run(move |graph| async move { flow::list_sponsors(&graph, &user()).await });
    world
        .run(move |graph| async move { flow::retire(&graph, &user(), RetireOptions::default(), true).await });
    world.run(move |graph| async move { flow::revoke_sessions(&graph, &user(), false).await });
    world.run(move |graph| async move { flow::remove_sponsor(&graph, &user(), &same, false).await });
    let sku = || [SkuRef::parse("AGENT_365")];
    let without = || [DirectLicense::parse("AGENT_365 without TEAMS1").unwrap()];
    world.run(
        move |graph| async move { flow::change_licenses(&graph, &user(), &without(), &[], false).await },
    );
    world.run(move |graph| async move { flow::list_licenses(&graph, &user()).await });
    let drive = Readiness { one_drive: true, ..Readiness::NONE };
    world.run(move |graph| async move { flow::wait_ready(&graph, &user(), drive).await });
    world.run(move |graph| async move { flow::change_licenses(&graph, &user(), &[], &sku(), false).await });
    permit(world, id);
    hand_over_and_contain(world);
    world.run(move |graph| async move { flow::delete(&graph, &user(), false).await });
    world.run_with_items(flow::list_deleted::<Vec<AgentUser>, Vec<AgentUser>>);
    world.run(move |graph| async move {
        flow::restore(&graph, &id.into(), &RestoreOptions::default(), false).await
    });
    world.run(move |graph| async move { flow::delete(&graph, &user(), false).await });
    world.run(move |graph| async move { flow::purge(&graph, &id.into(), false).await });
}

/// Hands a person's agent users to another person, then stops a blueprint and restores it.
fn hand_over_and_contain(world: &mut Checked) {
    let handover =
        || HandoverRequest::of_one("human1@contoso.com", "human3@contoso.com", HandedOver::Both).unwrap();
    world.run_with_items(move |graph: Graph, items: Items<Report>| async move {
        let plan = flow::plan_handover(graph.clone(), handover(), items.clone()).await?;
        let approved = ApplyRequest::approved(plan.digest());
        flow::apply_plan(graph, plan.to_file().into_bytes(), approved, items).await
    });
    let request = || ContainRequest::new(ContainTarget::Blueprint(ids::blueprint_principal(1)));
    world.run_with_items(move |graph: Graph, items: Items<Report>| {
        flow::plan_contain(graph, request(), items)
    });
    world.run_with_items(move |graph: Graph, items: Items<Report>| flow::contain(graph, request(), items));
    let undone = json!([{
        "kind": "blueprintPrincipal", "id": ids::blueprint_principal(1), "displayName": "",
        "changes": [{"change": "set", "member": "accountEnabled", "from": true, "to": false, "applied": true}],
    }]);
    world.run_with_items(move |graph: Graph, items: Items<Report>| {
        flow::restore_reported(graph, undone.to_string().into_bytes(), UndoRequest::default(), items)
    });
}

/// Permissions of an agent user, of its agent identity and of a blueprint.
fn permit(world: &mut Checked, id: ObjectId) {
    let name = |name: &str| PermissionName::parse(name).unwrap();
    let blueprint = PermissionClient::Blueprint(ids::blueprint_app(1));
    let both = move || [name("User.Read"), name("Mail.Send")];
    for consent in [Consent::AgentUser(UserRef::Id(id)), Consent::AllUsers(blueprint)] {
        for scopes in [vec![name("User.Read")], both().to_vec()] {
            let consent = consent.clone();
            world.run(move |graph| async move {
                flow::grant_permission(&graph, &consent, GRAPH_APP_ID, &scopes, false).await
            });
        }
        let one = consent.clone();
        world.run(move |graph| async move {
            flow::revoke_permission(&graph, &one, GRAPH_APP_ID, &[name("User.Read")], false).await
        });
        world.run(move |graph| async move {
            flow::revoke_permission(&graph, &consent, GRAPH_APP_ID, &both(), false).await
        });
    }
    world.run(
        move |graph| async move { flow::allow_creation(&graph, ids::blueprint_principal(1), false).await },
    );
    for wanted in [Inheritance::AllAllowed, Inheritance::None] {
        let change = InheritanceChange { scopes: Some(wanted), roles: Some(wanted) };
        world.run(move |graph| async move {
            flow::inherit_permissions(&graph, ids::blueprint(1), GRAPH_APP_ID, change, false).await
        });
    }
    for of in [PermissionHolder::User(UserRef::Id(id)), PermissionHolder::Client(blueprint)] {
        world.run(move |graph| async move { flow::list_permissions(&graph, &of).await });
    }
    world.run(move |graph| async move { flow::read_access(&graph, &UserRef::Id(id)).await });
    world.run(move |graph| async move {
        let of = PermissionHolder::Client(blueprint);
        let role = name("AgentIdUser.ReadWrite.IdentityParentedBy");
        flow::remove_app_role(&graph, &of, GRAPH_APP_ID, &role, false).await
    });
}

#[test]
fn every_flow_conforms_whatever_happens() {
    let (mut sent, mut batches, mut succeeded) = (0, 0, 0);
    for seed in 0..24 {
        let lag = Lag::seeded(mix(&[seed, 2]), Duration::from_secs(seed % 4 * 10));
        let contoso = Tenant::contoso(3).seed(seed).switches(Switches::from_seed(seed)).lag(lag);
        let faults = if seed == 0 { Faults::none() } else { Faults::seeded(seed, 100) };
        let mut world = Checked::new(&contoso, faults, if seed % 2 == 0 { 1 } else { 20 });
        live(&mut world);
        assert!(world.breaches.is_empty(), "seed {seed}: {:#?}", world.breaches);
        sent += world.sent;
        batches += world.batches;
        succeeded += world.twin.stats().by_status.range(200..300).map(|(_, times)| times).sum::<u64>();
    }
    // Answers that are refusals would prove nothing.
    assert!(sent > 24 * 50 && succeeded > 24 * 40, "{sent} requests, {succeeded} successes");
    assert!(batches > 12 * 4, "{batches} batches");
}
