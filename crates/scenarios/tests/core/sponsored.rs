//! The objects that a person sponsors, on a virtual clock.

use crate::common::*;
use agentuser_core::ObjectId;
use agentuser_core::flow::{self, Sponsored};
use agentuser_core::http::Method;
use agentuser_core::model::{AgentUser, DirectoryObject, ServicePrincipal, UserRef};
use agentuser_core::problem::{Code, Problem};
use agentuser_simulator::{Faults, Planned, ScriptedAnswer, Switches, Tenant, Token, World, ids};
use serde_json::Value;
use std::collections::BTreeSet;

/// Human 1 sponsors agent user 1 and agent identity 2, and by a group agent user 2 and blueprint 9, whose sponsors are others.
fn tenant() -> Tenant {
    let only = |id: ObjectId| BTreeSet::from([id]);
    let tenant = Tenant::contoso(0).blueprint(9).populate(1, 4, 1);
    let tenant = (1..=4).fold(tenant, |tenant, n| {
        tenant
            .change_user(ids::agent_user(n), |user| user.sponsors = only(ids::human(4)))
            .change_identity(n, |identity| identity.sponsors = only(ids::human(4)))
    });
    tenant
        .change_user(ids::agent_user(1), |user| user.sponsors = only(ids::human(3)))
        .change_identity(2, |identity| identity.sponsors = only(ids::human(3)))
        .change_group(1, |group| group.members.extend([ids::human(3)]))
        .change_user(ids::agent_user(2), |user| user.sponsors = only(ids::group(1)))
        .change_user(ids::human(5), |user| user.sponsors = only(ids::group(1)))
}

fn ask(world: &mut World, person: Option<&str>) -> (Result<Sponsored, Problem>, usize) {
    let person = person.map(|person| UserRef::parse(person).unwrap());
    let ran = single(world, |graph| async move { flow::sponsored(&graph, person.as_ref()).await });
    (ran.result.unwrap(), ran.sent.len())
}

/// The ids of the agent users, of the agent identities and of the others.
fn found(sponsored: &Sponsored) -> [BTreeSet<ObjectId>; 3] {
    [
        sponsored.agent_users.iter().filter_map(AgentUser::id).collect(),
        sponsored.agent_identities.iter().filter_map(ServicePrincipal::id).collect(),
        sponsored.others.iter().filter_map(DirectoryObject::id).collect(),
    ]
}

fn right() -> [BTreeSet<ObjectId>; 3] {
    let users = [ids::agent_user(1), ids::agent_user(2)];
    [users.into(), [ids::identity(2)].into(), [ids::human(5)].into()]
}

fn person(tenant: Tenant, permission: &str) -> World {
    let token = Token::delegated(Some(ids::human(3)), [permission]);
    world_as(tenant.token("person", token), Faults::none(), "Bearer person")
}

#[test]
fn a_person_without_a_role_sees_their_own_by_one_request() {
    let mut world = person(tenant(), "User.Read");
    let (own, requests) = ask(&mut world, None);
    let own = own.unwrap();
    assert_eq!((found(&own), requests), (right(), 1));
    let one = own.agent_users.iter().find(|one| one.id() == Some(ids::agent_user(1))).unwrap();
    assert_eq!((one.identity_parent_id(), one.account_enabled()), (Some(ids::identity(1)), Some(true)));
    assert!(one.user_principal_name().is_some() && one.display_name().is_some());
    let identity = own.agent_identities.first().unwrap();
    assert_eq!(identity.agent_identity_blueprint_id(), Some(ids::blueprint_app(1)));
    for name in ["human3@contoso.com", &ids::human(3).to_string()] {
        let named = ask(&mut world, Some(name)).0.unwrap();
        assert_eq!((found(&named), named.person.as_deref()), (right(), Some(name)));
    }
    assert_eq!(found(&ask(&mut world, Some("human2@contoso.com")).0.unwrap())[0], BTreeSet::new());
}

#[test]
fn an_application_is_not_signed_in_as_a_person() {
    let switches = Switches { sponsor_of_refused_to_apps: false, ..Switches::default() };
    let mut world = world(tenant().switches(switches), Faults::none());
    let (own, requests) = ask(&mut world, None);
    let problem = own.unwrap_err();
    assert_eq!((problem.code(), problem.field(), requests), (Code::CallerNotAllowed, Some("person"), 1));
    assert!(problem.fix().contains("Name the person"), "{}", problem.fix());
    assert_eq!(found(&ask(&mut world, Some("human3@contoso.com")).0.unwrap()), right());
}

#[test]
fn a_person_that_is_not_there_is_the_field_at_fault() {
    let mut world = person(tenant(), "User.Read.All");
    let problem = ask(&mut world, Some(&ids::nothing(1).to_string())).0.unwrap_err();
    assert_eq!((problem.code(), problem.field()), (Code::NotFound, Some("person")));
}

#[test]
fn all_pages_are_read() {
    let by_group = |tenant: Tenant, n| {
        tenant.change_user(ids::agent_user(n), |user| user.sponsors = BTreeSet::from([ids::human(3)]))
    };
    let mut world = person((1..=230).fold(Tenant::contoso(0).populate(1, 230, 1), by_group), "User.Read");
    let (own, requests) = ask(&mut world, None);
    assert_eq!((own.unwrap().agent_users.len(), requests), (230, 3));
}

/// Where Graph omits the types, the members that only one type has tell it; a type that is there counts.
#[test]
fn objects_are_told_by_their_type_or_else_by_their_members() {
    let mut world = person(tenant(), "User.Read");
    let mut with_type = |kind: Value| {
        let answer = ScriptedAnswer::changed(&[("@odata.type", kind)]);
        world.network_mut().add_faults([Planned::answer(Method::Get, "/sponsorOf", 1, answer)]);
        found(&ask(&mut world, None).0.unwrap())
    };
    assert_eq!(with_type(Value::Null), right());
    let all = right().into_iter().flatten().collect();
    assert_eq!(with_type("#microsoft.graph.user".into()), [BTreeSet::new(), BTreeSet::new(), all]);
}
