//! Every flow that changes one agent user, on a virtual clock: what it does, what it refuses, and what a dry run leaves
//! alone.

use crate::common::*;
use agentuser_core::ObjectId;
use agentuser_core::flow::{self, Change, Outcome, Readiness, Report};
use agentuser_core::http::Method;
use agentuser_core::model::{AgentUser, AgentUserPatch, Member, MemberValue, SkuRef, Stage, UserRef};
use agentuser_core::problem::{Code, Problem};
use agentuser_scenarios::Mutation;
use agentuser_simulator::{AssignAgain, Faults, ManagerUnset, PatchAnswer, Switches, World, ids, tenant};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

/// The bodies of the requests with this method, as JSON.
fn bodies(ran: &agentuser_simulator::Ran<(), Report>, method: Method) -> Vec<Value> {
    let sent = ran.sent.iter().filter(|(_, request)| request.method == method);
    sent.map(|(_, request)| serde_json::from_slice(&request.body).unwrap()).collect()
}

#[test]
fn an_update_sends_what_differs_and_nothing_else() {
    for patch in [PatchAnswer::Body, PatchAnswer::NoContent] {
        let mut world = with(Switches { patch, ..Switches::default() });
        let mutation = update([
            (Member::JobTitle, text("Clerk")),
            (Member::Department, text("Sales")),
            (Member::UsageLocation, text("us")),
            (Member::OtherMails, MemberValue::Texts(vec!["a@contoso.com".into()])),
            (Member::DisplayName, text("Zoë 🤖")),
        ]);
        let dry = act(&mut world, &mutation, ONE, true).result.unwrap().unwrap();
        assert_eq!((dry.outcome, dry.changes.len(), writes(&world)), (Outcome::Planned, 3, 0));
        let ran = act(&mut world, &mutation, ONE, false);
        let expected =
            json!({"department": "Sales", "displayName": "Zoë 🤖", "otherMails": ["a@contoso.com"]});
        assert_eq!(bodies(&ran, Method::Patch), [expected]);
        let report = ran.result.unwrap().unwrap();
        assert_eq!((report.outcome, report.problem.as_ref()), (Outcome::Changed, None));
        let set = report.changes.iter().map(|entry| match &entry.change {
            Change::Set { member, from, to } => (member.name(), entry.applied, from.clone(), to.clone()),
            other => panic!("{other:?}"),
        });
        let expected = [
            ("displayName", true, json!("agent1"), json!("Zoë 🤖")),
            ("otherMails", true, Value::Null, json!(["a@contoso.com"])),
            ("department", true, Value::Null, json!("Sales")),
        ];
        assert_eq!(set.collect::<Vec<_>>(), expected);

        let again = act(&mut world, &mutation, ONE, false);
        assert_eq!(bodies(&again, Method::Patch), [Value::Null; 0]);
        assert_eq!(again.result.unwrap().unwrap().outcome, Outcome::Unchanged);
        assert_eq!(writes(&world), 1);
    }
}

#[test]
fn members_are_cleared_and_accounts_switched_off_and_on() {
    let mut world = world(populated(), Faults::none());
    for (member, value, body) in [
        (Member::JobTitle, MemberValue::Null, json!({"jobTitle": null})),
        (Member::AccountEnabled, MemberValue::Flag(false), json!({"accountEnabled": false})),
        (Member::AccountEnabled, MemberValue::Flag(true), json!({"accountEnabled": true})),
        (
            Member::UserPrincipalName,
            text("o'one#@contoso.com"),
            json!({"userPrincipalName": "o'one#@contoso.com"}),
        ),
    ] {
        let mutation = update([(member, value)]);
        let ran = act(&mut world, &mutation, ONE, false);
        assert_eq!(bodies(&ran, Method::Patch), [body]);
        assert_eq!(done(&mut world, &mutation, ONE).outcome, Outcome::Unchanged, "{mutation:?}");
    }
    // Its date of leaving is read only when it is asked about.
    let leave = update([(Member::EmployeeLeaveDateTime, text("2027-01-31T00:00:00Z"))]);
    let ran = act(&mut world, &leave, ONE, false);
    assert!(ran.sent[0].1.url.contains("employeeLeaveDateTime"), "{:?}", ran.sent);
    assert_eq!(bodies(&ran, Method::Patch), [json!({"employeeLeaveDateTime": "2027-01-31T00:00:00Z"})]);
    assert_eq!(done(&mut world, &leave, ONE).outcome, Outcome::Unchanged);
    let gone = update([(Member::EmployeeLeaveDateTime, MemberValue::Null)]);
    assert_eq!(done(&mut world, &gone, ONE).outcome, Outcome::Changed);
    assert_eq!(done(&mut world, &gone, ONE).outcome, Outcome::Unchanged);

    for (user, expected) in [(ids::human(1), Code::NotAnAgentUser), (ids::nothing(1), Code::NotFound)] {
        assert_eq!(refused(&mut world, &set_job("x"), user), expected);
    }
    let taken = update([(Member::UserPrincipalName, text("human1@contoso.com"))]);
    assert_eq!(refused(&mut world, &taken, ONE), Code::UpnTaken);
    assert_eq!(writes(&world), 6);
}

#[test]
fn an_empty_patch_reads_once_and_writes_nothing() {
    let mut world = world(populated(), Faults::none());
    let ran = act(&mut world, &Mutation::Update(AgentUserPatch::default()), ONE, false);
    assert_eq!(
        (ran.result.unwrap().unwrap().outcome, ran.sent.len(), writes(&world)),
        (Outcome::Unchanged, 1, 0)
    );
}

// Deleting.

fn bin(world: &mut World) -> Vec<ObjectId> {
    let ran = crate::common::run(world, flow::list_deleted::<Vec<AgentUser>, Vec<AgentUser>>);
    let found: Vec<_> = ran.items.into_iter().flatten().map(|user: AgentUser| user.id().unwrap()).collect();
    assert_eq!(ran.result.unwrap().unwrap(), found.len());
    found
}

#[test]
fn delete_list_restore_purge() {
    for empty_pages in [false, true] {
        let mut world = with(Switches { empty_pages, ..Switches::default() });
        assert_eq!(bin(&mut world), [BINNED], "the human in the bin is nobody's business here");
        for (mutation, id, change) in [
            (Mutation::Delete, ONE, Change::Delete),
            (Mutation::Restore, ONE, Change::Restore),
            (Mutation::Purge, BINNED, Change::Purge),
        ] {
            let before = world.network().directory().snapshot();
            let dry = act(&mut world, &mutation, id, true).result.unwrap().unwrap();
            assert_eq!(dry.outcome, Outcome::Planned, "{mutation:?}");
            assert_eq!(world.network().directory().snapshot(), before, "{mutation:?}");
            let report = done(&mut world, &mutation, id);
            assert_eq!((report.outcome, report.id), (Outcome::Changed, Some(id)), "{mutation:?}");
            assert_eq!(report.changes.len(), 1);
            assert_eq!((&report.changes[0].change, report.changes[0].applied), (&change, true));
            assert!(is_so(&mutation, &world, id), "{mutation:?}");
            let gone = match mutation {
                Mutation::Delete => Code::NotFound,
                _ => Code::DeletedItemNotFound,
            };
            assert_eq!(refused(&mut world, &mutation, id), gone, "{mutation:?} again");
        }
        assert_eq!(bin(&mut world), []);
        assert_eq!(writes(&world), 3);
        // Restored with all it had.
        assert_eq!(world.network().directory().manager_of(ONE), Some(ids::human(1)));
        assert_eq!(world.network().directory().licenses_of(ONE), [ids::sku(tenant::FULL_SKU)]);
    }
}

#[test]
fn a_human_is_never_touched() {
    let mut world = world(populated(), Faults::none());
    let before = world.network().directory().snapshot();
    for (mutation, id) in [
        (Mutation::Delete, ids::human(1)),
        (Mutation::Restore, ids::human(5)),
        (Mutation::Purge, ids::human(5)),
        (set_job("x"), ids::human(1)),
        (Mutation::SetManager("human2@contoso.com"), ids::human(1)),
        (Mutation::ClearManager, ids::human(1)),
        (Mutation::AddSponsor("human2@contoso.com"), ids::human(1)),
        (Mutation::RemoveSponsor("human2@contoso.com"), ids::human(1)),
        (Mutation::AddToGroup("Group 1"), ids::human(1)),
        (Mutation::RemoveFromGroup("Group 1"), ids::human(1)),
        (Mutation::AddLicense("AGENT_365"), ids::human(1)),
        (Mutation::RemoveLicense("AGENT_365"), ids::human(1)),
    ] {
        assert_eq!(refused(&mut world, &mutation, id), Code::NotAnAgentUser, "{mutation:?}");
    }
    assert_eq!(world.network().directory().stats().writes, 0);
    assert_eq!(world.network().directory().snapshot(), before);
    let read = |world: &mut World| {
        let user = UserRef::Id(ids::human(1));
        let other = user.clone();
        let manager = result(world, move |graph| async move { flow::manager(&graph, &user).await });
        let sponsors = result(world, move |graph| async move { flow::list_sponsors(&graph, &other).await });
        (code(manager), code(sponsors))
    };
    assert_eq!(read(&mut world), (Code::NotAnAgentUser, Code::NotAnAgentUser));
}

#[test]
fn a_purge_that_graph_does_not_do_says_how_it_is_done() {
    let switches = Switches { permanent_delete_refused_to_apps: true, ..Switches::default() };
    let mut world = with(switches);
    let problem = act(&mut world, &Mutation::Purge, BINNED, false).result.unwrap().unwrap_err();
    // Graph's refusal does not tell a caller that can never do it from one that lacks the permission: the fix does.
    assert_eq!(problem.code(), Code::PermissionMissing, "{problem:?}");
    assert_eq!(problem.permissions(), ["User.ReadWrite.All"]);
    for way in ["Sign in as an admin", "30 days"] {
        assert!(problem.fix().contains(way), "{}", problem.fix());
    }
    assert_eq!(bin(&mut world), [BINNED]);
    assert_eq!(world.network().directory().journal().iter().filter(|entry| entry.is_write()).count(), 1);
}

#[test]
fn a_restore_into_a_taken_name_is_refused() {
    let tenant = populated().change_user(ids::human(4), |user| {
        user.user_principal_name = "agent3@contoso.com".to_owned();
    });
    let mut world = world(tenant, Faults::none());
    assert_eq!(refused(&mut world, &Mutation::Restore, BINNED), Code::RestoreConflict);
    assert_eq!((writes(&world), bin(&mut world)), (0, vec![BINNED]));
}

// Manager and sponsors.

#[test]
fn a_manager_is_read_set_and_cleared() {
    for manager_unset in [ManagerUnset::NotFound, ManagerUnset::NoContent, ManagerUnset::Null] {
        let mut world = with(Switches { manager_unset, ..Switches::default() });
        let read = |world: &mut World, id| {
            let manager =
                result(world, move |graph| async move { flow::manager(&graph, &UserRef::Id(id)).await });
            manager.unwrap().map(|manager| manager.id().unwrap())
        };
        assert_eq!(read(&mut world, ONE), Some(ids::human(1)));
        assert_eq!(read(&mut world, TWO), None);
        for (mutation, outcome, manager) in [
            (Mutation::ClearManager, Outcome::Unchanged, None),
            (Mutation::SetManager("human2@contoso.com"), Outcome::Changed, Some(ids::human(2))),
            (Mutation::SetManager("HUMAN2@contoso.com"), Outcome::Unchanged, Some(ids::human(2))),
            (
                Mutation::SetManager("40000000-0000-4000-8000-000000000003"),
                Outcome::Changed,
                Some(ids::human(3)),
            ),
            (Mutation::SetManager("agent1@contoso.com"), Outcome::Changed, Some(ONE)),
            (Mutation::ClearManager, Outcome::Changed, None),
        ] {
            let before = (writes(&world), read(&mut world, TWO));
            let dry = act(&mut world, &mutation, TWO, true).result.unwrap().unwrap();
            let planned = if outcome == Outcome::Changed { Outcome::Planned } else { Outcome::Unchanged };
            assert_eq!((dry.outcome, writes(&world), read(&mut world, TWO)), (planned, before.0, before.1));
            assert_eq!(done(&mut world, &mutation, TWO).outcome, outcome, "{mutation:?} {manager_unset:?}");
            assert_eq!(read(&mut world, TWO), manager, "{mutation:?} {manager_unset:?}");
        }
        assert_eq!(writes(&world), 4);
        let nobody = Mutation::SetManager("nobody@contoso.com");
        assert_eq!(refused(&mut world, &nobody, TWO), Code::ManagerNotFound);
        assert_eq!(refused(&mut world, &nobody, ids::nothing(1)), Code::NotFound);
    }
}

#[test]
fn sponsors_are_listed_added_and_removed() {
    for sponsors_only_ids in [false, true] {
        let mut world = with(Switches { sponsors_only_ids, ..Switches::default() });
        let read = |world: &mut World| {
            let sponsors =
                result(world, |graph| async move { flow::list_sponsors(&graph, &UserRef::Id(ONE)).await });
            sponsors.unwrap().iter().map(|one| one.id().unwrap()).collect::<BTreeSet<_>>()
        };
        let group2 = "group:60000000-0000-4000-8000-000000000002";
        for (mutation, outcome, sponsors) in [
            (
                Mutation::AddSponsor("human2@contoso.com"),
                Outcome::Unchanged,
                vec![ids::human(2), ids::group(1)],
            ),
            (
                Mutation::AddSponsor(group2),
                Outcome::Changed,
                vec![ids::human(2), ids::group(1), ids::group(2)],
            ),
            (
                Mutation::AddSponsor(group2),
                Outcome::Unchanged,
                vec![ids::human(2), ids::group(1), ids::group(2)],
            ),
            (
                Mutation::RemoveSponsor("human2@contoso.com"),
                Outcome::Changed,
                vec![ids::group(1), ids::group(2)],
            ),
            (
                Mutation::RemoveSponsor("human2@contoso.com"),
                Outcome::Unchanged,
                vec![ids::group(1), ids::group(2)],
            ),
            (Mutation::RemoveSponsor(group2), Outcome::Changed, vec![ids::group(1)]),
        ] {
            let before = writes(&world);
            let dry = act(&mut world, &mutation, ONE, true).result.unwrap().unwrap();
            let planned = if outcome == Outcome::Changed { Outcome::Planned } else { Outcome::Unchanged };
            assert_eq!((dry.outcome, writes(&world)), (planned, before), "{mutation:?}");
            assert_eq!(done(&mut world, &mutation, ONE).outcome, outcome, "{mutation:?}");
            assert_eq!(read(&mut world), sponsors.into_iter().collect(), "{mutation:?}");
        }
        assert_eq!(writes(&world), 3);
        for mutation in
            [Mutation::AddSponsor("nobody@contoso.com"), Mutation::RemoveSponsor("nobody@contoso.com")]
        {
            assert_eq!(refused(&mut world, &mutation, ONE), Code::SponsorNotFound);
        }
    }
}

// Licenses.

#[test]
fn skus_come_with_their_free_seats() {
    let mut world = world(populated(), Faults::none());
    let skus = result(&mut world, |graph| async move { flow::list_skus(&graph).await }).unwrap();
    let found: Vec<_> = skus.iter().map(|sku| (sku.sku_part_number().unwrap(), sku.free_seats())).collect();
    assert_eq!(found, [("AGENT_365", 24), ("AGENT_MESSAGING", 5)]);
}

#[test]
fn licenses_are_added_and_removed_by_name_and_by_id() {
    for assign_again in [AssignAgain::NoOp, AssignAgain::Refused] {
        let mut world = with(Switches { assign_again, ..Switches::default() });
        let by_id = "5c000000-0000-4000-8000-000000000001";
        for (mutation, outcome, count) in [
            (Mutation::AddLicense("agent_365"), Outcome::Changed, 1),
            (Mutation::AddLicense(by_id), Outcome::Unchanged, 1),
            (Mutation::RemoveLicense("Agent_Messaging"), Outcome::Unchanged, 1),
            (Mutation::RemoveLicense(by_id), Outcome::Changed, 0),
            (Mutation::AddLicense(by_id), Outcome::Changed, 1),
            (Mutation::RemoveLicense("Agent_365"), Outcome::Changed, 0),
        ] {
            let before = writes(&world);
            let dry = act(&mut world, &mutation, TWO, true).result.unwrap().unwrap();
            let planned = if outcome == Outcome::Changed { Outcome::Planned } else { Outcome::Unchanged };
            assert_eq!((dry.outcome, writes(&world)), (planned, before), "{mutation:?}");
            let report = done(&mut world, &mutation, TWO);
            assert_eq!(report.outcome, outcome, "{mutation:?}");
            let sku = |change: &Change| matches!(change, Change::AddLicense { sku, .. } | Change::RemoveLicense { sku } if sku == "AGENT_365");
            assert!(report.changes.iter().all(|entry| entry.applied && sku(&entry.change)), "{report:?}");
            assert_eq!(world.network().directory().licenses_of(TWO).len(), count, "{mutation:?}");
        }
    }
}

#[test]
fn several_licenses_go_in_one_request() {
    let mut world = world(populated(), Faults::none());
    let (add, remove) = (
        ["agent_messaging", "AGENT_MESSAGING"].map(|name| SkuRef::parse(name).into()),
        [SkuRef::parse("AGENT_365")],
    );
    let report = result(&mut world, move |graph| async move {
        flow::change_licenses(&graph, &UserRef::Id(ONE), &add, &remove, false).await
    });
    let changes = report.unwrap().changes;
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert_eq!(world.network().directory().licenses_of(ONE), [ids::sku(tenant::SMALL_SKU)]);
    assert_eq!(writes(&world), 1);
}

#[test]
fn obstacles_to_a_license_are_told_before_anything_is_written() {
    let tenant = populated()
        .sku(7, "ONE_SEAT", 0, tenant::full_plans(Duration::ZERO, Duration::ZERO))
        .change_user(ids::agent_user(4), |user| user.usage_location = None);
    let mut world = world(tenant, Faults::none());
    assert_eq!(refused(&mut world, &Mutation::AddLicense("ONE_SEAT"), TWO), Code::NoFreeSeats);
    assert_eq!(
        refused(&mut world, &Mutation::AddLicense("AGENT_365"), ids::agent_user(4)),
        Code::LicenseNeedsUsageLocation
    );
    let problem =
        act(&mut world, &Mutation::AddLicense("AGENT_356"), TWO, false).result.unwrap().unwrap_err();
    assert_eq!(problem.code(), Code::SkuNotFound);
    for part_number in ["AGENT_365", "AGENT_MESSAGING", "ONE_SEAT"] {
        assert!(problem.fix().contains(part_number), "{}", problem.fix());
    }
    assert_eq!(world.network().directory().journal().iter().filter(|entry| entry.is_write()).count(), 0);
}

// Readiness.

fn wait_ready(world: &mut World, id: ObjectId, wanted: Readiness) -> Result<Report, Problem> {
    result(world, move |graph| async move { flow::wait_ready(&graph, &UserRef::Id(id), wanted).await })
}

#[test]
fn readiness_is_waited_for_or_known_to_be_vain() {
    let mut world = world(populated(), Faults::none());
    let report = wait_ready(&mut world, ONE, Readiness::MAILBOX_AND_TEAMS).unwrap();
    assert_eq!((report.stage, report.outcome), (Stage::Done, Outcome::Unchanged));
    assert!(world.now().mono >= Duration::from_secs(600), "{:?}", world.now());
    let begun = world.now().mono;
    assert_eq!(wait_ready(&mut world, ONE, Readiness::MAILBOX_AND_TEAMS).unwrap().stage, Stage::Done);
    assert_eq!(wait_ready(&mut world, TWO, Readiness::NONE).unwrap().stage, Stage::Done);
    let unlicensed = wait_ready(&mut world, TWO, Readiness::MAILBOX_AND_TEAMS).unwrap_err();
    assert_eq!(unlicensed.code(), Code::MailboxNotReady);
    assert_eq!(unlicensed.message(), "agent2@contoso.com has no license, so nothing will be provisioned.");
    let teams = Readiness { teams: true, ..Readiness::NONE };
    assert_eq!(code(wait_ready(&mut world, TWO, teams)), Code::TeamsNotReady);
    assert_eq!(
        code(wait_ready(&mut world, ids::human(1), Readiness::MAILBOX_AND_TEAMS)),
        Code::NotAnAgentUser
    );
    assert!(world.now().mono - begun < Duration::from_secs(10));
    assert_eq!(writes(&world), 0);
}
