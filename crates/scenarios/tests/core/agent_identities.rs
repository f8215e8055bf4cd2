//! Agent identities and blueprints as readers see them, on a virtual clock.

use crate::common::*;
use agentuser_core::ObjectId;
use agentuser_core::flow;
use agentuser_core::graph::{Call, IdentityQuery};
use agentuser_core::model::ServicePrincipal;
use agentuser_core::operation::Items;
use agentuser_core::problem::{Code, Problem};
use agentuser_simulator::{Faults, LargeTop, Life, Switches, Tenant, Token, World, ids};
use std::collections::BTreeSet;

fn list(world: &mut World, query: IdentityQuery) -> (Result<usize, Problem>, Vec<ServicePrincipal>, usize) {
    let ran =
        run(world, |graph, items: Items<Vec<ServicePrincipal>>| flow::list_identities(graph, query, items));
    assert!(ran.items.iter().all(|page| !page.is_empty()), "an empty page was handed out");
    (ran.result.unwrap(), ran.items.into_iter().flatten().collect(), ran.sent.len())
}

fn ids_of(found: &[ServicePrincipal]) -> BTreeSet<ObjectId> {
    found.iter().filter_map(ServicePrincipal::id).collect()
}

#[test]
fn a_list_of_agent_identities_is_whole_whatever_its_pages_are() {
    for (cast_omits_type, empty_pages, large_top) in
        [(false, false, LargeTop::Refused), (true, true, LargeTop::Capped), (true, false, LargeTop::Refused)]
    {
        let switches = Switches { cast_omits_type, empty_pages, large_top, ..Switches::default() };
        let mut world = world(Tenant::contoso(0).populate(1, 230, 1).switches(switches), Faults::none());
        for (page_size, least) in [(100, 3), (7, 34), (0, 233), (u16::MAX, 3)] {
            let (count, found, requests) =
                list(&mut world, IdentityQuery { page_size, ..Default::default() });
            assert_eq!((count.unwrap(), ids_of(&found).len()), (233, 233), "{page_size}");
            assert!(requests >= least && (empty_pages || requests == least), "{page_size}: {requests}");
        }
    }
}

#[test]
fn those_without_an_agent_user_are_found_by_two_lists() {
    let deleted = |user: &mut agentuser_simulator::User| user.life = Life::Deleted(user.created);
    let tenant = Tenant::contoso(0)
        .populate(1, 1_200, 1)
        .identity(2_001, 2)
        .identity(2_002, 2)
        .change_user(ids::agent_user(7), deleted);
    let mut world = world(tenant, Faults::none());
    let lonely = IdentityQuery { without_agent_user: true, ..IdentityQuery::default() };
    let (count, found, requests) = list(&mut world, lonely.clone());
    let expected = [1, 2].map(|n| ids::identity(2_000 + n)).into_iter().chain([ids::identity(7)]);
    let bad_parents =
        [agentuser_simulator::tenant::DISABLED_IDENTITY, agentuser_simulator::tenant::BANNED_IDENTITY];
    let expected: BTreeSet<_> = expected.chain(bad_parents.map(ids::identity)).collect();
    assert_eq!((count.unwrap(), ids_of(&found)), (5, expected));
    // 1,200 agent users in two pages, 1,205 agent identities in thirteen: a request for each identity would be far more.
    assert_eq!(requests, 2 + 13);
    let of_two = IdentityQuery { blueprint: Some(ids::blueprint_app(2)), ..lonely };
    assert_eq!(list(&mut world, of_two).0.unwrap(), 2);
}

#[test]
fn a_blueprint_of_a_list_may_be_named_by_any_of_its_ids() {
    let mut world = world(Tenant::contoso(6).blueprint(9), Faults::none());
    let mut of = |id| {
        let (count, found, requests) =
            list(&mut world, IdentityQuery { blueprint: Some(id), ..IdentityQuery::default() });
        (count.map_err(|problem| problem.code()), found.len(), requests)
    };
    assert_eq!(of(ids::blueprint_app(2)), (Ok(2), 2, 1));
    assert_eq!(of(ids::blueprint(2)).0, Ok(2));
    assert_eq!(of(ids::blueprint_principal(2)).0, Ok(2));
    assert_eq!(of(ids::blueprint_app(9)).0, Ok(0));
    assert_eq!(of(ids::nothing(1)).0, Err(Code::BlueprintNotFound));
    assert_eq!(of(ids::identity(1)).0, Err(Code::NotABlueprint));
}

/// Readers whom Graph refuses the cast, such as a Global Reader, are answered by the plain path.
#[test]
fn an_agent_identity_is_read_by_whichever_path_answers() {
    let read = |permission| {
        let tenant = Tenant::contoso(3).token("t", Token::application([permission]));
        let mut world = world_as(tenant, Faults::none(), "Bearer t");
        let ran = single(&mut world, |graph| async move { flow::identity(&graph, ids::identity(1)).await });
        (ran.result.unwrap(), ran.sent.len())
    };
    let (found, requests) = read("AgentIdentity.Read.All");
    assert!(found.unwrap().created_date_time().is_some());
    assert_eq!(requests, 1);
    let (found, requests) = read("Directory.Read.All");
    assert_eq!((found.unwrap().id(), requests), (Some(ids::identity(1)), 2));
    let problem = read("User.Read.All").0.unwrap_err();
    assert_eq!(problem.code(), Code::PermissionMissing);
    assert_eq!(problem.permissions(), Call::GetAgentIdentity.permissions());
}

#[test]
fn sponsors_and_owners_are_those_of_the_agent_identity() {
    let tenant = Tenant::contoso(3).change_identity(1, |identity| {
        identity.sponsors.insert(ids::group(1));
        identity.owners.insert(ids::human(2));
        identity.owners.insert(ids::blueprint_principal(1));
    });
    let mut world = world(tenant, Faults::none());
    let mut ask = |id: ObjectId, owners: bool| {
        let found = result(&mut world, move |graph| async move {
            if owners {
                flow::list_identity_owners(&graph, id).await
            } else {
                flow::list_identity_sponsors(&graph, id).await
            }
        });
        let found = found.map_err(|problem| problem.code())?;
        Ok(found.iter().filter_map(|one| one.id()).collect::<BTreeSet<_>>())
    };
    assert_eq!(ask(ids::identity(1), false), Ok(BTreeSet::from([ids::human(1), ids::group(1)])));
    assert_eq!(ask(ids::identity(1), true), Ok(BTreeSet::from([ids::human(2), ids::blueprint_principal(1)])));
    assert_eq!(ask(ids::identity(2), true), Ok(BTreeSet::new()));
    for owners in [false, true] {
        assert_eq!(ask(ids::identity_app(1), owners), Err(Code::ParentIsAppId));
        assert_eq!(ask(ids::plain(1), owners), Err(Code::ParentIsServicePrincipal));
        assert_eq!(ask(ids::nothing(1), owners), Err(Code::ParentNotFound));
    }
}
