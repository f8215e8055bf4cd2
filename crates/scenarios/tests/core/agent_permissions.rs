//! Permissions of agents: granted and revoked, assigned and taken away, inherited; under faults, lag and other clients.

use crate::common::*;
use crate::faults_at_writes::{FAULTS, lagging};
use agentuser_core::ObjectId;
use agentuser_core::flow::{self, Change, Outcome, PermissionReport, Permissions};
use agentuser_core::graph::InheritanceChange;
use agentuser_core::http::Method;
use agentuser_core::model::{
    CREATE_AGENT_USERS, Consent, GRAPH_APP_ID, Inheritance, PermissionClient, PermissionHolder,
    PermissionName, UserRef,
};
use agentuser_core::operation::Graph;
use agentuser_core::problem::{Code, Problem};
use agentuser_core::remark::RemarkCode;
use agentuser_simulator::{EarlyWrite, Fault, Faults, Planned, ScriptedAnswer, Tenant, Token, World, ids};
use serde_json::json;
use std::time::Duration;

const IDENTITY: ObjectId = ids::identity(1);
const BLUEPRINT: ObjectId = ids::blueprint_app(1);

/// A change of permissions.
#[derive(Debug, Clone)]
enum Deed {
    Grant(Consent, &'static [&'static str]),
    Revoke(Consent, &'static [&'static str]),
    Assign(PermissionHolder, &'static str),
    Remove(PermissionHolder, &'static str),
    Allow(ObjectId),
    Inherit(ObjectId, Option<Inheritance>, Option<Inheritance>),
}

fn names(names: &[&str]) -> Vec<PermissionName> {
    names.iter().map(|name| PermissionName::parse(name).unwrap()).collect()
}

impl Deed {
    async fn flow(self, graph: Graph, dry_run: bool) -> Result<PermissionReport, Problem> {
        let (graph, resource) = (&graph, GRAPH_APP_ID);
        let role = |role| PermissionName::parse(role).unwrap();
        match self {
            Self::Grant(consent, scopes) => {
                flow::grant_permission(graph, &consent, resource, &names(scopes), dry_run).await
            }
            Self::Revoke(consent, scopes) => {
                flow::revoke_permission(graph, &consent, resource, &names(scopes), dry_run).await
            }
            Self::Assign(to, name) => flow::assign_app_role(graph, &to, resource, &role(name), dry_run).await,
            Self::Remove(of, name) => flow::remove_app_role(graph, &of, resource, &role(name), dry_run).await,
            Self::Allow(blueprint) => flow::allow_creation(graph, blueprint, dry_run).await,
            Self::Inherit(blueprint, scopes, roles) => {
                let wanted = InheritanceChange { scopes, roles };
                flow::inherit_permissions(graph, blueprint, resource, wanted, dry_run).await
            }
        }
    }
}

fn act(world: &mut World, deed: &Deed, dry_run: bool) -> Result<PermissionReport, Problem> {
    let deed = deed.clone();
    result(world, move |graph| deed.flow(graph, dry_run))
}

fn done(world: &mut World, deed: &Deed) -> PermissionReport {
    act(world, deed, false).unwrap_or_else(|problem| panic!("{deed:?}: {problem:?}"))
}

fn agent_user() -> Consent {
    Consent::AgentUser(UserRef::Id(ONE))
}

fn everyone() -> Consent {
    Consent::AllUsers(PermissionClient::AgentIdentity(IDENTITY))
}

fn blueprint() -> PermissionHolder {
    PermissionHolder::Client(PermissionClient::Blueprint(BLUEPRINT))
}

fn identity() -> PermissionHolder {
    PermissionHolder::Client(PermissionClient::AgentIdentity(IDENTITY))
}

fn tenant() -> Tenant {
    populated().identity(1, 1)
}

fn list(world: &mut World, of: PermissionHolder) -> Permissions {
    result(world, move |graph| async move { flow::list_permissions(&graph, &of).await }).unwrap()
}

fn scopes(world: &World, client: ObjectId, user: Option<ObjectId>) -> Vec<String> {
    let found = world.network().directory().granted_scopes(client, user);
    found.into_iter().map(str::to_owned).collect()
}

/// Each deed, dry and then for good: what it reports, how often it writes, and the scopes afterwards.
#[test]
fn scopes_are_added_to_a_grant_and_taken_out_of_it() {
    let mut world = world(tenant(), Faults::none());
    for (deed, applied, after) in [
        (Deed::Grant(agent_user(), &["user.read"]), 1, vec!["User.Read"]),
        (Deed::Grant(agent_user(), &["User.Read", "User.Read"]), 0, vec!["User.Read"]),
        (
            Deed::Grant(agent_user(), &["Mail.Send", "User.Read", "Mail.Read"]),
            2,
            vec!["Mail.Read", "Mail.Send", "User.Read"],
        ),
        (
            Deed::Revoke(agent_user(), &["Files.ReadWrite.All"]),
            0,
            vec!["Mail.Read", "Mail.Send", "User.Read"],
        ),
        (
            Deed::Revoke(agent_user(), &["mail.send", "Files.ReadWrite.All"]),
            1,
            vec!["Mail.Read", "User.Read"],
        ),
        (Deed::Revoke(agent_user(), &["User.Read", "Mail.Read"]), 2, vec![]),
        (Deed::Revoke(agent_user(), &["User.Read"]), 0, vec![]),
    ] {
        let before = writes(&world);
        let dry = act(&mut world, &deed, true).unwrap();
        let planned = if applied > 0 { Outcome::Planned } else { Outcome::Unchanged };
        assert_eq!((dry.outcome, dry.changes.len(), writes(&world)), (planned, applied, before), "{deed:?}");
        let report = done(&mut world, &deed);
        let outcome = if applied > 0 { Outcome::Changed } else { Outcome::Unchanged };
        assert_eq!((report.outcome, report.changes.len()), (outcome, applied), "{deed:?}");
        assert!(report.changes.iter().all(|change| change.applied), "{deed:?}");
        assert_eq!(writes(&world) - before, u64::from(applied > 0), "{deed:?}");
        assert_eq!(scopes(&world, IDENTITY, Some(ONE)), after, "{deed:?}");
        assert_eq!(report.id, IDENTITY);
        assert_eq!(report.user_principal_name.as_deref(), Some("agent1@contoso.com"));
    }
}

#[test]
fn grants_for_one_user_for_all_and_of_a_blueprint_are_apart() {
    let mut world = world(tenant(), Faults::none());
    let person = Consent::OneUser { agent_identity: IDENTITY, user: UserRef::Id(ids::human(1)) };
    let of_blueprint = Consent::AllUsers(PermissionClient::Blueprint(BLUEPRINT));
    for consent in [agent_user(), person, everyone(), of_blueprint] {
        assert_eq!(done(&mut world, &Deed::Grant(consent, &["User.Read"])).outcome, Outcome::Changed);
    }
    done(&mut world, &Deed::Grant(everyone(), &["Mail.Read"]));
    for (client, user, expected) in [
        (IDENTITY, Some(ONE), vec!["User.Read"]),
        (IDENTITY, Some(ids::human(1)), vec!["User.Read"]),
        (IDENTITY, None, vec!["Mail.Read", "User.Read"]),
        (ids::blueprint_principal(1), None, vec!["User.Read"]),
    ] {
        assert_eq!(scopes(&world, client, user), expected, "{client} {user:?}");
    }
    // An agent user has what is for it, and what is for all; the person's is not its own.
    let own = list(&mut world, PermissionHolder::User(UserRef::Id(ONE)));
    let found: Vec<_> = own.delegated.iter().map(|one| (one.principal_id, one.scopes.len())).collect();
    assert_eq!(found.len(), 2, "{own:?}");
    assert!(found.contains(&(Some(ONE), 1)) && found.contains(&(None, 2)), "{own:?}");
    assert_eq!(own.delegated[0].resource_display_name.as_deref(), Some("Microsoft Graph"));
    assert_eq!(list(&mut world, identity()).delegated.len(), 3);
}

#[test]
fn what_a_user_still_has_for_all_users_is_a_remark() {
    let mut world = world(tenant(), Faults::none());
    let revoke = Deed::Revoke(agent_user(), &["user.read", "Mail.Send"]);
    assert_eq!(done(&mut world, &revoke).remarks, []);
    done(&mut world, &Deed::Grant(agent_user(), &["User.Read", "Mail.Send"]));
    assert_eq!(done(&mut world, &revoke).remarks, []);
    done(&mut world, &Deed::Grant(everyone(), &["User.Read", "Mail.Read"]));
    for dry_run in [true, false] {
        done(&mut world, &Deed::Grant(agent_user(), &["User.Read", "Mail.Send"]));
        let report = act(&mut world, &revoke, dry_run).unwrap();
        let [remark] = report.remarks.as_slice() else { panic!("{report:?}") };
        assert_eq!(remark.code, RemarkCode::GrantedForAll);
        let words = format!(
            "agent1@contoso.com still has User.Read: \"Agent 1\" has it for all users. \
             `agentuser permission revoke --identity {IDENTITY} --all-users --scope User.Read` takes it from all users."
        );
        assert_eq!(remark.message, words);
    }
    assert_eq!(done(&mut world, &Deed::Revoke(everyone(), &["User.Read"])).remarks, []);
}

/// The report stays where the other grant can't be read.
#[test]
fn a_grant_for_all_users_that_is_not_seen_is_a_remark() {
    let denied = ScriptedAnswer::error(403, "Authorization_RequestDenied", "Insufficient privileges.");
    let second = Planned::answer(Method::Get, "/v1.0/oauth2PermissionGrants", 2, denied);
    let mut world = world(tenant(), Faults::plan([second]));
    let report = done(&mut world, &Deed::Revoke(agent_user(), &["User.Read"]));
    assert_eq!((report.outcome, report.remarks.len()), (Outcome::Unchanged, 1));
    assert!(report.remarks[0].message.starts_with("It was not seen whether \"Agent 1\""), "{report:?}");
}

#[test]
fn names_that_the_resource_does_not_have_are_told_at_once() {
    let mut world = world(tenant(), Faults::none());
    let deed =
        Deed::Grant(agent_user(), &["User.Raed", "User.Read", "Application.Read.All", "Nothing.At.All"]);
    let problem = act(&mut world, &deed, false).unwrap_err();
    assert_eq!(problem.code(), Code::ScopeNotFound);
    for part in ["User.Raed", "Application.Read.All", "Nothing.At.All"] {
        assert!(problem.message().contains(part), "{}", problem.message());
    }
    for part in ["Did you mean User.Read for User.Raed?", "Application.Read.All is an app role"] {
        assert!(problem.fix().contains(part), "{}", problem.fix());
    }
    let wrong_role = |role| Deed::Assign(identity(), role);
    for (deed, code, fix) in [
        (wrong_role("Mail.Send"), Code::AppRoleNotFound, "delegated permission"),
        (wrong_role("User.Read.Al"), Code::AppRoleNotFound, "Did you mean User.Read.All?"),
        (
            Deed::Assign(PermissionHolder::User(UserRef::Id(ONE)), "User.Read.All"),
            Code::AppRoleNotAssignable,
            "agentIdentityId",
        ),
        (Deed::Revoke(agent_user(), &["User.Raed"]), Code::ScopeNotFound, "User.Read"),
        (
            Deed::Grant(Consent::AgentUser(UserRef::Id(ids::human(1))), &["User.Read"]),
            Code::NotAnAgentUser,
            "",
        ),
        (
            Deed::Grant(Consent::AllUsers(PermissionClient::AgentIdentity(ids::plain(1))), &["User.Read"]),
            Code::ParentIsServicePrincipal,
            "",
        ),
        (Deed::Inherit(ids::nothing(1), Some(Inheritance::AllAllowed), None), Code::BlueprintNotFound, ""),
    ] {
        let problem = act(&mut world, &deed, false).unwrap_err();
        assert_eq!(problem.code(), code, "{deed:?}: {problem:?}");
        assert!(problem.fix().contains(fix), "{deed:?}: {}", problem.fix());
    }
    assert_eq!(world.network().directory().journal().iter().filter(|entry| entry.is_write()).count(), 0);
    let missing = result(&mut world, |graph| async move {
        flow::grant_permission(&graph, &everyone(), ids::nothing(7), &names(&["a"]), false).await
    });
    assert_eq!(code(missing), Code::ResourceNotFound);
}

#[test]
fn a_disabled_agent_identity_can_lose_its_permissions() {
    let tenant = tenant().change_identity(1, |identity| identity.account_enabled = false);
    let mut world = world(tenant, Faults::none());
    done(&mut world, &Deed::Grant(everyone(), &["User.Read"]));
    assert_eq!(done(&mut world, &Deed::Revoke(everyone(), &["User.Read"])).outcome, Outcome::Changed);
}

#[test]
fn app_roles_are_assigned_and_taken_away() {
    let mut world = world(tenant(), Faults::none());
    for (deed, outcome, roles) in [
        (Deed::Assign(identity(), "user.read.all"), Outcome::Changed, 1),
        (Deed::Assign(identity(), "User.Read.All"), Outcome::Unchanged, 1),
        (Deed::Assign(identity(), "Group.Read.All"), Outcome::Changed, 2),
        (Deed::Remove(identity(), "User.Read.All"), Outcome::Changed, 1),
        (Deed::Remove(identity(), "User.Read.All"), Outcome::Unchanged, 1),
    ] {
        let before = writes(&world);
        act(&mut world, &deed, true).unwrap();
        assert_eq!(writes(&world), before, "{deed:?}");
        assert_eq!(done(&mut world, &deed).outcome, outcome, "{deed:?}");
        assert_eq!(world.network().directory().assigned_roles(IDENTITY).len(), roles, "{deed:?}");
    }
    let listed = list(&mut world, identity());
    let found: Vec<_> = listed.app_roles.iter().map(|one| one.app_role.as_deref()).collect();
    assert_eq!(found, [Some("Group.Read.All")]);
}

#[test]
fn a_blueprint_is_found_by_each_of_its_ids_and_allowed_to_create() {
    for id in [BLUEPRINT, ids::blueprint_principal(1), ids::blueprint(1)] {
        let mut world = world(tenant(), Faults::none());
        let report = done(&mut world, &Deed::Allow(id));
        assert_eq!(report.id, ids::blueprint_principal(1));
        let change = Change::AssignAppRole {
            app_role: CREATE_AGENT_USERS.to_owned(),
            resource: "Microsoft Graph".to_owned(),
        };
        assert_eq!(report.changes.iter().map(|one| &one.change).collect::<Vec<_>>(), [&change]);
        assert_eq!(report.remarks[0].code, RemarkCode::NewTokenNeeded);
        let again = done(&mut world, &Deed::Allow(id));
        assert_eq!((again.outcome, again.remarks.len()), (Outcome::Unchanged, 0));
        let inherit = Deed::Inherit(id, Some(Inheritance::AllAllowed), None);
        assert_eq!(done(&mut world, &inherit).id, ids::blueprint(1));
    }
}

#[test]
fn what_is_not_a_blueprint_with_a_principal_is_told() {
    let alone =
        Tenant::contoso_without_agent_users(1).blueprint_without_principal(9).blueprint_without_principal(8);
    // A single-instance agent identity shares its client id with its blueprint.
    let alone = alone.identity(80, 8).change_identity(80, |identity| identity.app_id = ids::blueprint_app(8));
    let mut world = world(alone, Faults::none());
    for (id, code, words) in [
        (ids::nothing(1), Code::BlueprintNotFound, ""),
        (ids::blueprint_app(9), Code::BlueprintPrincipalMissing, "Blueprint 9"),
        (ids::blueprint(9), Code::BlueprintPrincipalMissing, "Blueprint 9"),
        (ids::identity(1), Code::NotABlueprint, "Agent 1"),
        (ids::identity_app(1), Code::NotABlueprint, "Agent 1"),
        (ids::plain(1), Code::NotABlueprint, "App 1"),
        (ids::blueprint_app(8), Code::SingleInstanceIdentity, "single-instance"),
        (ids::identity(80), Code::SingleInstanceIdentity, "single-instance"),
    ] {
        let problem = act(&mut world, &Deed::Allow(id), false).unwrap_err();
        assert_eq!(problem.code(), code, "{id}: {problem:?}");
        assert!(problem.message().contains(words), "{id}: {}", problem.message());
    }
    let to_identity = PermissionHolder::Client(PermissionClient::AgentIdentity(ids::identity(80)));
    assert_eq!(done(&mut world, &Deed::Assign(to_identity, "User.Read.All")).outcome, Outcome::Changed);
    let inherit = Deed::Inherit(ids::blueprint_app(8), Some(Inheritance::AllAllowed), None);
    let report = done(&mut world, &inherit);
    assert!(report.remarks[0].message.contains("single-instance"), "{report:?}");
    let problem = act(&mut world, &Deed::Inherit(ids::identity(1), None, None), false).unwrap_err();
    assert_eq!(problem.code(), Code::NotABlueprint);
    assert!(problem.fix().contains(&ids::blueprint_app(1).to_string()), "{}", problem.fix());
}

#[test]
fn what_is_inherited_is_listed_changed_and_read_back() {
    let (all, none) = (Some(Inheritance::AllAllowed), Some(Inheritance::None));
    let mut world = world(tenant(), Faults::none());
    let kinds = |world: &mut World| {
        let listed = list(world, blueprint());
        listed.inheritable.first().map(|one| (one.inheritable_scopes.clone(), one.inheritable_roles.clone()))
    };
    let kind = |kind: &str| Some(kind.to_owned());
    for (scopes, roles, changes, after) in [
        (none, none, 0, None),
        (all, None, 1, Some((kind("allAllowed"), None))),
        (all, none, 0, Some((kind("allAllowed"), None))),
        (None, all, 1, Some((kind("allAllowed"), kind("allAllowed")))),
        (none, none, 2, Some((kind("none"), kind("none")))),
        (all, all, 2, Some((kind("allAllowed"), kind("allAllowed")))),
    ] {
        let deed = Deed::Inherit(BLUEPRINT, scopes, roles);
        let before = writes(&world);
        assert_eq!(act(&mut world, &deed, true).unwrap().changes.len(), changes, "{deed:?}");
        assert_eq!(writes(&world), before);
        let report = done(&mut world, &deed);
        assert_eq!(report.changes.len(), changes, "{deed:?}");
        assert_eq!(writes(&world) - before, u64::from(changes > 0), "{deed:?}");
        assert_eq!(kinds(&mut world), after, "{deed:?}");
    }
    // Listing is not enough.
    let deed = Deed::Inherit(BLUEPRINT, all, all);
    let report = done(&mut world, &deed);
    assert_eq!(report.remarks[0].code, RemarkCode::InheritanceNeedsGrant);
    assert!(report.remarks[0].message.contains("no delegated permission and no app role"), "{report:?}");
    done(&mut world, &Deed::Grant(Consent::AllUsers(PermissionClient::Blueprint(BLUEPRINT)), &["User.Read"]));
    assert!(done(&mut world, &deed).remarks[0].message.contains("no app role"));
    done(&mut world, &Deed::Assign(blueprint(), "User.Read.All"));
    assert_eq!(done(&mut world, &deed).remarks, []);
}

#[test]
fn the_eleventh_resource_is_refused_before_anything_is_written() {
    let tenant = tenant().change_blueprint(1, |blueprint| {
        for n in 0..10 {
            let entry = json!({"resourceAppId": ids::plain_app(n).to_string()});
            blueprint.inheritable.insert(ids::plain_app(n), entry.as_object().unwrap().clone());
        }
    });
    let mut world = world(tenant, Faults::none());
    let problem = act(&mut world, &Deed::Inherit(BLUEPRINT, Some(Inheritance::AllAllowed), None), false);
    assert_eq!(code(problem), Code::InheritableLimit);
    assert_eq!(world.network().directory().journal().iter().filter(|entry| entry.is_write()).count(), 0);
}

fn deeds() -> [(Deed, Vec<Deed>); 10] {
    let grant = |scopes| Deed::Grant(agent_user(), scopes);
    let (all, none) = (Some(Inheritance::AllAllowed), Some(Inheritance::None));
    [
        (grant(&["User.Read"]), vec![]),
        (grant(&["User.Read"]), vec![grant(&["Mail.Read"])]),
        (Deed::Revoke(agent_user(), &["User.Read"]), vec![grant(&["Mail.Read", "User.Read"])]),
        (Deed::Revoke(agent_user(), &["User.Read"]), vec![grant(&["User.Read"])]),
        (Deed::Assign(identity(), "User.Read.All"), vec![]),
        (Deed::Remove(identity(), "User.Read.All"), vec![Deed::Assign(identity(), "User.Read.All")]),
        (Deed::Allow(BLUEPRINT), vec![]),
        (Deed::Inherit(BLUEPRINT, all, None), vec![]),
        (Deed::Inherit(BLUEPRINT, all, all), vec![Deed::Inherit(BLUEPRINT, all, None)]),
        (Deed::Inherit(BLUEPRINT, none, None), vec![Deed::Inherit(BLUEPRINT, all, None)]),
    ]
}

#[test]
fn every_named_fault_at_every_write_of_permissions() {
    for (deed, before) in deeds() {
        let begun = |faults: Faults| {
            let mut world = world(tenant(), Faults::none());
            for deed in &before {
                done(&mut world, deed);
            }
            world.network_mut().set_faults(faults);
            world
        };
        let mut clean = begun(Faults::none());
        let start = writes(&clean);
        done(&mut clean, &deed);
        assert_eq!(writes(&clean) - start, 1, "{deed:?}");
        let expected = clean.network().directory().snapshot();
        for (fault, lost) in FAULTS {
            let name = format!("{} ({lost:?}) at {deed:?}", fault.name());
            let methods = ["/oauth2PermissionGrants", "/appRoleAssignedTo", "/inheritablePermissions"];
            let verbs = [
                agentuser_core::http::Method::Post,
                agentuser_core::http::Method::Patch,
                agentuser_core::http::Method::Delete,
            ];
            let planned =
                methods.into_iter().flat_map(|path| verbs.map(|verb| Planned::new(verb, path, 1, fault)));
            let mut world = begun(Faults::plan(planned.collect::<Vec<_>>()));
            let report = done(&mut world, &deed);
            assert_eq!(report.outcome, Outcome::Changed, "{name}");
            assert!(report.changes.iter().all(|change| change.applied), "{name}");
            assert_eq!(world.network().directory().snapshot(), expected, "{name}");
            assert!(world.network().leaks().is_empty(), "{name}");
            assert!(world.network().counts().faults.values().sum::<u64>() >= 1, "{name}: it happened");
        }
    }
}

/// Whatever is reported as done is done, even while replicas show what was before.
#[test]
fn a_change_of_permissions_that_is_reported_as_done_is_done_within_the_lag() {
    let mut checked = 0;
    for (deed, before) in deeds() {
        let mut clean = world(tenant(), Faults::none());
        for deed in before.iter().chain([&deed]) {
            done(&mut clean, deed);
        }
        let expected = clean.network().directory().snapshot();
        for seed in 0..8 {
            for early_write in [EarlyWrite::Works, EarlyWrite::NotFound, EarlyWrite::ObjectNotFound] {
                for fault in [None, Some(Fault::Reset), Some(Fault::LostAnswer)] {
                    let mut world = lagging(tenant(), early_write, seed);
                    for deed in &before {
                        done(&mut world, deed);
                    }
                    if let Some(fault) = fault {
                        let verbs = [
                            agentuser_core::http::Method::Post,
                            agentuser_core::http::Method::Patch,
                            agentuser_core::http::Method::Delete,
                        ];
                        let planned = verbs.map(|verb| Planned::new(verb, "/", 1, fault));
                        world.network_mut().set_faults(Faults::plan(planned));
                    }
                    if let Ok(report) = act(&mut world, &deed, false)
                        && report.outcome == Outcome::Changed
                    {
                        checked += 1;
                        let is = world.network().directory().snapshot();
                        assert_eq!(is, expected, "{deed:?} seed {seed} {early_write:?} {fault:?}");
                    }
                }
            }
        }
    }
    assert!(checked > 300, "{checked}");
}

#[test]
fn a_refused_change_of_permissions_costs_one_write_and_names_the_permission() {
    let reads =
        ["Application.Read.All", "Directory.Read.All", "User.Read.All", "AgentIdentityBlueprint.Read.All"];
    for (deed, permission) in [
        (Deed::Grant(agent_user(), &["User.Read"]), "DelegatedPermissionGrant.ReadWrite.All"),
        (Deed::Allow(BLUEPRINT), "AppRoleAssignment.ReadWrite.All"),
        (
            Deed::Inherit(BLUEPRINT, Some(Inheritance::AllAllowed), None),
            "AgentIdentityBlueprint.UpdateAuthProperties.All",
        ),
    ] {
        let tenant = tenant().token("reading", Token::application(reads));
        let mut world = world_as(tenant, Faults::none(), "Bearer reading");
        let problem = act(&mut world, &deed, false).unwrap_err();
        assert_eq!(problem.code(), Code::PermissionMissing, "{deed:?} {problem:?}");
        assert_eq!(problem.permissions().first(), Some(&permission), "{deed:?}");
        let tried = world.network().directory().journal().iter().filter(|entry| entry.is_write()).count();
        assert_eq!((tried, writes(&world)), (1, 0), "{deed:?}");
        assert!(world.now().mono < Duration::from_secs(5), "{deed:?}");
    }
}
