//! Agent identities and blueprints as readers see them, on a virtual clock.

use crate::common::*;
use agentuser_core::ObjectId;
use agentuser_core::flow::{self, BlueprintChain, ChainPart, ChainVerdict, LinkState};
use agentuser_core::graph::{Call, IdentityQuery};
use agentuser_core::model::ServicePrincipal;
use agentuser_core::operation::Items;
use agentuser_core::problem::{Code, Problem};
use agentuser_core::remark::RemarkCode;
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

fn verify(world: &mut World, id: ObjectId) -> Result<BlueprintChain, Problem> {
    result(world, move |graph| async move { flow::verify_blueprint(&graph, id).await })
}

/// Blueprint 1 with agent identities 1 to 4 and their agent users, and 5 without one.
fn family() -> Tenant {
    let tenant = Tenant::contoso(0).blueprint(7).identity(5, 7);
    (1..=4).fold(tenant, |tenant, n| tenant.identity(n, 7).agent_user(n, &format!("agent{n}@contoso.com")))
}

const FAMILY: ObjectId = ids::blueprint_app(7);

fn codes(chain: &BlueprintChain) -> Vec<RemarkCode> {
    chain.remarks.iter().map(|remark| remark.code).collect()
}

fn said(chain: &BlueprintChain, text: &str) {
    assert!(chain.remarks.iter().any(|remark| remark.message.contains(text)), "{text}: {:?}", chain.remarks);
}

#[test]
fn a_whole_chain_is_sound_whichever_id_names_it() {
    let mut world = world(family(), Faults::none());
    for id in [FAMILY, ids::blueprint(7), ids::blueprint_principal(7)] {
        let chain = verify(&mut world, id).unwrap();
        assert_eq!((chain.verdict, chain.blueprint.app_id), (ChainVerdict::Sound, Some(FAMILY)));
        assert_eq!((chain.blueprint.state, chain.principal.state), (LinkState::Present, LinkState::Present));
        assert_eq!(chain.principal.id, Some(ids::blueprint_principal(7)));
        let users: Vec<_> = chain.identities.iter().map(|one| one.agent_user.state).collect();
        assert_eq!(users.iter().filter(|state| **state == LinkState::Present).count(), 4);
        assert_eq!(users.iter().filter(|state| **state == LinkState::None).count(), 1);
        assert_eq!((chain.remarks, chain.not_read), (vec![], vec![]));
    }
    assert_eq!(code(verify(&mut world, ids::nothing(1))), Code::BlueprintNotFound);
    assert_eq!(code(verify(&mut world, ids::identity(1))), Code::NotABlueprint);
    assert_eq!(code(verify(&mut world, ids::plain(1))), Code::NotABlueprint);
    assert_eq!(writes(&world), 0);
}

#[test]
fn what_is_missing_disabled_or_deleted_is_told() {
    let deleted = Life::Deleted(agentuser_core::Now::default());
    for (tenant, state, remark, text) in [
        (
            family().change_blueprint(7, |one| one.life = deleted),
            (LinkState::Deleted, LinkState::Present),
            RemarkCode::ChainDeleted,
            "is in the recycle bin since",
        ),
        (
            family().change_blueprint(7, |one| one.life = Life::Gone),
            (LinkState::Missing, LinkState::Present),
            RemarkCode::ChainMissing,
            "It is not in the recycle bin either.",
        ),
        (
            family().change_blueprint_principal(7, |one| one.life = deleted),
            (LinkState::Present, LinkState::Deleted),
            RemarkCode::ChainDeleted,
            "restored one by one",
        ),
        (
            family().change_blueprint_principal(7, |one| one.life = Life::Gone),
            (LinkState::Present, LinkState::Missing),
            RemarkCode::ChainMissing,
            "has no principal in this tenant",
        ),
        (
            family().change_blueprint_principal(7, |one| one.account_enabled = false),
            (LinkState::Present, LinkState::Disabled),
            RemarkCode::ChainDisabled,
            "is disabled. Enable it",
        ),
        (
            family().change_blueprint_principal(7, |one| one.disabled_by_microsoft = true),
            (LinkState::Present, LinkState::DisabledByMicrosoft),
            RemarkCode::ChainDisabled,
            "Microsoft disabled the principal",
        ),
    ] {
        let mut world = world(tenant, Faults::none());
        let chain = verify(&mut world, FAMILY).unwrap();
        assert_eq!((chain.blueprint.state, chain.principal.state), state, "{text}");
        assert_eq!((chain.verdict, codes(&chain)), (ChainVerdict::Broken, vec![remark]), "{text}");
        assert_eq!(chain.identities.len(), 5, "{text}");
        said(&chain, text);
    }
}

#[test]
fn agent_identities_and_agent_users_are_told_one_by_one() {
    let deleted = Life::Deleted(agentuser_core::Now::default());
    let tenant = family()
        .change_identity(1, |one| one.account_enabled = false)
        .change_identity(2, |one| one.life = deleted)
        .change_user(ids::agent_user(3), |one| one.life = deleted)
        .change_user(ids::agent_user(4), |one| one.account_enabled = false);
    let mut world = world(tenant, Faults::none());
    let chain = verify(&mut world, FAMILY).unwrap();
    let states: Vec<_> = chain
        .identities
        .iter()
        .map(|one| (one.identity.id.unwrap(), one.identity.state, one.agent_user.state))
        .collect();
    assert_eq!(
        states,
        [
            (ids::identity(1), LinkState::Disabled, LinkState::Present),
            (ids::identity(3), LinkState::Present, LinkState::Deleted),
            (ids::identity(4), LinkState::Present, LinkState::Disabled),
            (ids::identity(5), LinkState::Present, LinkState::None),
            (ids::identity(2), LinkState::Deleted, LinkState::Present),
        ]
    );
    assert_eq!(chain.verdict, ChainVerdict::Broken);
    for text in [
        "1 agent identity is disabled: \"Agent 1\" (a1d0",
        "1 agent identity is in the recycle bin: \"Agent 2\" (",
        "1 agent user has lost its agent identity: \"agent2@contoso.com\" (",
        "1 agent user is disabled: \"agent4@contoso.com\" (",
        "1 agent user is in the recycle bin: \"agent3@contoso.com\" (",
    ] {
        said(&chain, text);
    }
    assert_eq!(chain.remarks.len(), 5);
    let third = &chain.identities[1].agent_user;
    assert_eq!(third.user_principal_name.as_deref(), Some("agent3@contoso.com"));
    assert!(third.deleted_date_time.is_some());
}

/// Two agent users have one agent identity, which is disabled; either of them can sign in.
#[test]
fn a_broken_agent_identity_is_not_hidden_by_the_disabled_one_of_two_agent_users() {
    for disabled in [1, 2] {
        let tenant = family()
            .change_user(ids::agent_user(2), |user| user.parent = Some(ids::identity(1)))
            .change_user(ids::agent_user(disabled), |user| user.account_enabled = false)
            .change_identity(1, |one| one.account_enabled = false);
        let chain = verify(&mut world(tenant, Faults::none()), FAMILY).unwrap();
        assert_eq!(chain.verdict, ChainVerdict::Broken, "agent {disabled} is disabled");
    }
}

#[test]
fn a_single_instance_agent_identity_is_not_called_broken() {
    let tenant = Tenant::contoso(0)
        .blueprint_without_principal(8)
        .identity(80, 8)
        .agent_user(80, "single@contoso.com")
        .change_identity(80, |one| one.app_id = ids::blueprint_app(8));
    let mut world = world(tenant, Faults::none());
    let chain = verify(&mut world, ids::blueprint_app(8)).unwrap();
    assert_eq!((chain.verdict, chain.principal.state), (ChainVerdict::Sound, LinkState::None));
    assert_eq!(codes(&chain), [RemarkCode::SingleInstance]);
    said(&chain, "nothing is missing");
}

/// A part that may not be read is not missing, and a chain of which something needed was not read is not sound.
#[test]
fn what_may_not_be_read_is_unknown() {
    const ALL: [&str; 5] = [
        "AgentIdentityBlueprint.Read.All",
        "AgentIdentityBlueprintPrincipal.Read.All",
        "AgentIdentity.Read.All",
        "User.Read.All",
        "Application.Read.All",
    ];
    let with = |lacks: &[&str]| {
        let permissions: Vec<_> = ALL.into_iter().filter(|one| !lacks.contains(one)).collect();
        let tenant = family().token("t", Token::application(permissions));
        let mut world = world_as(tenant, Faults::none(), "Bearer t");
        let chain = verify(&mut world, FAMILY).unwrap();
        let parts: Vec<_> = chain.not_read.iter().map(|one| one.part).collect();
        assert!(chain.not_read.iter().all(|one| one.problem.code() == Code::PermissionMissing));
        assert_eq!(codes(&chain), vec![RemarkCode::ChainNotRead; parts.len()], "{lacks:?}");
        (chain, parts)
    };
    let all = "Application.Read.All";
    // Each cast has a permission of its own. An agent identity may be in the recycle bin while its agent user is enabled.
    let (chain, parts) = with(&[all]);
    assert_eq!((chain.verdict, parts), (ChainVerdict::Unknown, vec![ChainPart::DeletedPrincipals]));
    let (chain, parts) = with(&[all, "AgentIdentityBlueprintPrincipal.Read.All"]);
    assert_eq!(chain.principal.state, LinkState::NotRead);
    assert_eq!(parts, [ChainPart::Principal, ChainPart::DeletedPrincipals]);
    assert_eq!(chain.verdict, ChainVerdict::Unknown);
    let (chain, parts) = with(&["User.Read.All"]);
    assert!(chain.identities.iter().all(|one| one.agent_user.state == LinkState::NotRead));
    assert_eq!((chain.verdict, parts), (ChainVerdict::Unknown, vec![ChainPart::AgentUsers]));
    let (chain, parts) = with(&[all, "AgentIdentity.Read.All"]);
    assert_eq!(parts, [ChainPart::Identities, ChainPart::DeletedPrincipals]);
    assert_eq!((chain.verdict, chain.identities.len()), (ChainVerdict::Unknown, 0));
    let (chain, parts) = with(&[all, "AgentIdentityBlueprint.Read.All"]);
    assert_eq!(chain.blueprint.state, LinkState::NotRead);
    assert_eq!(parts, [ChainPart::Blueprint, ChainPart::DeletedPrincipals]);
    assert_eq!(chain.blueprint.app_id, Some(FAMILY));
}

#[test]
fn blueprints_are_listed_by_name_and_read_by_any_id() {
    let mut world = world(Tenant::contoso(0), Faults::none());
    let mut list = |start: Option<&'static str>| {
        let found =
            result(&mut world, move |graph| async move { flow::list_blueprints(&graph, start).await });
        found.unwrap().iter().filter_map(|one| one.app_id()).collect::<Vec<_>>()
    };
    assert_eq!(list(None), [1, 2, 3].map(ids::blueprint_app));
    assert_eq!(list(Some("blueprint 3")), [ids::blueprint_app(3)]);
    assert_eq!(list(Some("it's")), []);
    for id in [ids::blueprint_app(2), ids::blueprint(2), ids::blueprint_principal(2)] {
        let found = result(&mut world, move |graph| async move { flow::read_blueprint(&graph, id).await });
        let found = found.unwrap();
        assert_eq!((found.id(), found.display_name()), (Some(ids::blueprint(2)), Some("Blueprint 2")));
        assert!(found.created_date_time().is_some());
    }
}
