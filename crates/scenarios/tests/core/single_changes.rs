//! Every flow but `provision` and `roster` on a virtual clock: what it does, what it refuses, what a dry run leaves
//! alone, and what every named fault at every one of its writes costs.

use crate::common::{Deed, act, populated, world};
use agentuser_core::ObjectId;
use agentuser_core::flow::{self, Change, Outcome, Readiness, Report};
use agentuser_core::graph::{Detail, Filter, ListQuery};
use agentuser_core::http::Method;
use agentuser_core::model::{AgentUser, AgentUserPatch, Member, MemberValue, SkuRef, Stage, UserRef};
use agentuser_core::operation::{Graph, Items, Limits, Step};
use agentuser_core::problem::{Code, Problem};
use agentuser_simulator::{
    AssignAgain, EarlyWrite, Fault, Faults, Lag, LargeTop, ManagerUnset, PatchAnswer, Planned, RetryAfter,
    Switches, Tenant, Token, World, ids, tenant,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::future::Future;
use std::time::Duration;

const ONE: ObjectId = ids::agent_user(1);
const TWO: ObjectId = ids::agent_user(2);
const BINNED: ObjectId = ids::agent_user(3);

fn result<T, F, Fut>(world: &mut World, flow: F) -> Result<T, Problem>
where
    F: FnOnce(Graph) -> Fut,
    Fut: Future<Output = Result<T, Problem>> + Send + 'static,
{
    crate::common::single(world, flow).result.unwrap()
}

fn code<T: std::fmt::Debug>(result: Result<T, Problem>) -> Code {
    let problem = result.unwrap_err();
    assert!(!problem.fix().is_empty(), "{problem:?}");
    problem.code()
}

fn done(world: &mut World, deed: &Deed, id: ObjectId) -> Report {
    act(world, deed, id, false).result.unwrap().unwrap_or_else(|problem| panic!("{deed:?}: {problem:?}"))
}

fn refused(world: &mut World, deed: &Deed, id: ObjectId) -> Code {
    code(act(world, deed, id, false).result.unwrap())
}

fn with(switches: Switches) -> World {
    world(populated().switches(switches), Faults::none())
}

fn writes(world: &World) -> u64 {
    world.network().directory().stats().writes
}

fn text(text: &str) -> MemberValue {
    MemberValue::Text(text.to_owned())
}

fn get(world: &mut World, user: &str) -> Result<AgentUser, Problem> {
    let user = UserRef::parse(user).unwrap();
    result(world, move |graph| async move { flow::get(&graph, &user, Detail::Usual).await })
}

// Finding.

#[test]
fn an_agent_user_is_found_by_id_by_name_and_by_parent() {
    let odd = ["o'neil", "a.b", "a-b", "a_b", "wow!", "c#", "up^down", "~tilde", "'.-_!#^~x", "#"];
    for cast_omits_type in [false, true] {
        let mut tenant = populated().switches(Switches { cast_omits_type, ..Switches::default() });
        for (n, name) in (100..).zip(odd) {
            tenant = tenant.identity(n, 1).agent_user(n, &format!("{name}@contoso.com"));
        }
        let mut world = world(tenant, Faults::none());
        for (n, name) in (100..).zip(odd) {
            let upn = format!("{name}@contoso.com");
            let found = get(&mut world, &upn).unwrap_or_else(|problem| panic!("{upn}: {problem:?}"));
            assert_eq!(found.id(), Some(ids::agent_user(n)), "{upn}");
            assert_eq!(get(&mut world, &upn.to_uppercase()).unwrap().id(), found.id(), "{upn}");
            assert_eq!(
                get(&mut world, &ids::agent_user(n).to_string()).unwrap().user_principal_name(),
                Some(&*upn)
            );
            let child = result(&mut world, move |graph| async move {
                flow::find_by_parent(&graph, ids::identity(n), Detail::Usual).await
            });
            assert_eq!(child.unwrap().unwrap().id(), found.id(), "{upn}");
        }
        let none = result(&mut world, |graph| async move {
            flow::find_by_parent(&graph, ids::identity(tenant::DISABLED_IDENTITY), Detail::Usual).await
        });
        assert_eq!(none.unwrap(), None);
        for somebody in ["human1@contoso.com".to_owned(), ids::human(1).to_string()] {
            assert_eq!(code(get(&mut world, &somebody)), Code::NotAnAgentUser);
        }
        for nobody in ["nobody@contoso.com".to_owned(), ids::nothing(1).to_string(), BINNED.to_string()] {
            assert_eq!(code(get(&mut world, &nobody)), Code::NotFound);
        }
        assert_eq!(writes(&world), 0);
    }
}

fn list(world: &mut World, query: ListQuery) -> (Result<usize, Problem>, Vec<AgentUser>, usize) {
    let ran =
        crate::common::run(world, |graph, items: Items<Vec<AgentUser>>| flow::list(graph, query, items));
    assert!(ran.items.iter().all(|page| !page.is_empty()), "an empty page was handed out");
    (ran.result.unwrap(), ran.items.into_iter().flatten().collect(), ran.sent.len())
}

fn query(page_size: u16, filters: Vec<Filter>) -> ListQuery {
    ListQuery { page_size, filters }
}

#[test]
fn a_list_is_whole_whatever_its_pages_are() {
    for (large_top, empty_pages) in
        [(LargeTop::Refused, false), (LargeTop::Capped, true), (LargeTop::Refused, true)]
    {
        let switches = Switches { large_top, empty_pages, ..Switches::default() };
        for (users, sizes) in
            [(150, [(1, 151), (0, 151), (100, 2)]), (1100, [(100, 12), (999, 2), (5000, 2)])]
        {
            let tenant = Tenant::contoso(0).populate(1, users, 1).switches(switches.clone());
            let mut world = world(tenant, Faults::none());
            let all = users as usize + 1;
            for (size, least) in sizes {
                let (count, found, requests) = list(&mut world, query(size, Vec::new()));
                assert_eq!(count.unwrap(), all, "page size {size}");
                let ids: BTreeSet<_> = found.iter().map(AgentUser::id).collect();
                assert_eq!(ids.len(), all, "page size {size}");
                assert!(found.iter().all(AgentUser::is_agent_user));
                assert!(requests >= least, "{requests} requests at page size {size}");
                assert!(empty_pages || requests == least, "{requests} requests at page size {size}");
            }
        }
    }
}

#[test]
fn a_list_is_narrowed_by_each_filter_and_by_all_at_once() {
    let tenant = Tenant::contoso(0)
        .populate(1, 12, 1)
        .identity(20, 1)
        .agent_user(20, "o'neil#1@contoso.com")
        .change_user(ids::agent_user(7), |user| user.account_enabled = false)
        .change_user(ids::agent_user(8), |user| user.display_name = "It's & 100% \"odd\"?".to_owned());
    let mut world = world(tenant, Faults::none());
    let mut found = |filters| {
        let (count, users, _) = list(&mut world, query(2, filters));
        assert_eq!(count.unwrap(), users.len());
        let names = users.iter().map(|user| user.user_principal_name().unwrap().replace("@contoso.com", ""));
        names.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    assert_eq!(found(vec![Filter::Parent(ids::identity(5))]), ["agent5"]);
    assert_eq!(found(vec![Filter::AccountEnabled(false)]), ["agent7"]);
    assert_eq!(found(vec![Filter::AccountEnabled(true)]).len(), 13);
    assert_eq!(
        found(vec![Filter::UserPrincipalNameStartsWith("Agent1".into())]),
        ["agent1", "agent10", "agent11", "agent12"]
    );
    assert_eq!(found(vec![Filter::UserPrincipalNameStartsWith("o'n".into())]), ["o'neil#1"]);
    assert_eq!(found(vec![Filter::UserPrincipalNameStartsWith("o'neil#".into())]), ["o'neil#1"]);
    assert_eq!(found(vec![Filter::DisplayNameStartsWith("It's & 100% \"odd\"?".into())]), ["agent8"]);
    assert_eq!(found(vec![Filter::DisplayNameStartsWith("nobody".into())]), [""; 0]);
    let all = vec![
        Filter::AccountEnabled(true),
        Filter::UserPrincipalNameStartsWith("agent".into()),
        Filter::Parent(ids::identity(8)),
    ];
    assert_eq!(found(all), ["agent8"]);
    assert_eq!(found(vec![Filter::AccountEnabled(false), Filter::Parent(ids::identity(8))]), [""; 0]);
}

#[test]
fn a_next_link_to_another_host_ends_the_list_and_gets_no_token() {
    let foreign = |path| Faults::plan([Planned::new(Method::Get, path, 1, Fault::ForeignNextLink)]);
    let mut world = world(populated(), foreign("/users/microsoft.graph.agentUser"));
    let (count, users, requests) = list(&mut world, query(1, Vec::new()));
    assert_eq!(code(count), Code::ForeignNextLink);
    assert_eq!((users.len(), requests), (1, 1), "what came before is handed out");
    assert!(world.network().leaks().is_empty());
    assert_eq!(world.network().contacts().requests().len(), 1, "{:?}", world.network().contacts());
}

#[test]
fn pages_that_nobody_takes_hold_the_list_back() {
    let mut world = world(Tenant::contoso(0).populate(1, 20, 1), Faults::none());
    let limits = Limits { items: 1, ..Limits::default() };
    let mut operation = crate::common::session()
        .with_limits(limits)
        .start(0, |graph, items: Items<Vec<AgentUser>>| flow::list(graph, query(1, Vec::new()), items));
    let (mut sent, mut taken) = (0, 0);
    let count = loop {
        match operation.poll(world.now()) {
            // Answers come at once: nothing but back pressure keeps the list from running ahead.
            Step::Send(requests) => {
                for outgoing in requests {
                    sent += 1;
                    let now = world.now();
                    let delivery = world.network_mut().deliver(now, Some(tenant::ADMIN), &outgoing.request);
                    let agentuser_simulator::Outcome::Response(response) = delivery.outcome else { panic!() };
                    let token = agentuser_core::operation::TokenTag(1);
                    operation
                        .answer(outgoing.id, agentuser_core::operation::Answer::Response { response, token });
                }
            }
            Step::Item(_) => {
                taken += 1;
                assert!(sent <= taken + 1, "{sent} requests when {taken} pages were taken");
            }
            Step::Done(count) => break count.unwrap(),
            _ => {}
        }
    };
    assert_eq!((count, taken, sent), (21, 21, 21));
}

// Changing.

/// The bodies of the requests with this method, as JSON.
fn bodies(ran: &agentuser_simulator::Ran<(), Report>, method: Method) -> Vec<Value> {
    let sent = ran.sent.iter().filter(|(_, request)| request.method == method);
    sent.map(|(_, request)| serde_json::from_slice(&request.body).unwrap()).collect()
}

#[test]
fn an_update_sends_what_differs_and_nothing_else() {
    for patch in [PatchAnswer::Body, PatchAnswer::NoContent] {
        let mut world = with(Switches { patch, ..Switches::default() });
        let deed = Deed::update([
            (Member::JobTitle, text("Clerk")),
            (Member::Department, text("Sales")),
            (Member::UsageLocation, text("us")),
            (Member::OtherMails, MemberValue::Texts(vec!["a@contoso.com".into()])),
            (Member::DisplayName, text("Zoë 🤖")),
        ]);
        let dry = act(&mut world, &deed, ONE, true).result.unwrap().unwrap();
        assert_eq!((dry.outcome, dry.changes.len(), writes(&world)), (Outcome::Planned, 3, 0));
        let ran = act(&mut world, &deed, ONE, false);
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

        let again = act(&mut world, &deed, ONE, false);
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
        let deed = Deed::update([(member, value)]);
        let ran = act(&mut world, &deed, ONE, false);
        assert_eq!(bodies(&ran, Method::Patch), [body]);
        assert_eq!(done(&mut world, &deed, ONE).outcome, Outcome::Unchanged, "{deed:?}");
    }
    // Its date of leaving is read only when it is asked about.
    let leave = Deed::update([(Member::EmployeeLeaveDateTime, text("2027-01-31T00:00:00Z"))]);
    let ran = act(&mut world, &leave, ONE, false);
    assert!(ran.sent[0].1.url.contains("employeeLeaveDateTime"), "{:?}", ran.sent);
    assert_eq!(bodies(&ran, Method::Patch), [json!({"employeeLeaveDateTime": "2027-01-31T00:00:00Z"})]);
    assert_eq!(done(&mut world, &leave, ONE).outcome, Outcome::Unchanged);
    let gone = Deed::update([(Member::EmployeeLeaveDateTime, MemberValue::Null)]);
    assert_eq!(done(&mut world, &gone, ONE).outcome, Outcome::Changed);
    assert_eq!(done(&mut world, &gone, ONE).outcome, Outcome::Unchanged);

    for (user, expected) in [(ids::human(1), Code::NotAnAgentUser), (ids::nothing(1), Code::NotFound)] {
        assert_eq!(refused(&mut world, &Deed::job_title("x"), user), expected);
    }
    let taken = Deed::update([(Member::UserPrincipalName, text("human1@contoso.com"))]);
    assert_eq!(refused(&mut world, &taken, ONE), Code::UpnTaken);
    assert_eq!(writes(&world), 6);
}

#[test]
fn an_empty_patch_reads_once_and_writes_nothing() {
    let mut world = world(populated(), Faults::none());
    let ran = act(&mut world, &Deed::Update(AgentUserPatch::default()), ONE, false);
    assert_eq!(
        (ran.result.unwrap().unwrap().outcome, ran.sent.len(), writes(&world)),
        (Outcome::Unchanged, 1, 0)
    );
}

// Deleting.

fn bin(world: &mut World) -> Vec<ObjectId> {
    let ran = crate::common::run(world, flow::list_deleted::<Vec<AgentUser>>);
    let found: Vec<_> = ran.items.into_iter().flatten().map(|user: AgentUser| user.id().unwrap()).collect();
    assert_eq!(ran.result.unwrap().unwrap(), found.len());
    found
}

#[test]
fn delete_list_restore_purge() {
    for empty_pages in [false, true] {
        let mut world = with(Switches { empty_pages, ..Switches::default() });
        assert_eq!(bin(&mut world), [BINNED], "the human in the bin is nobody's business here");
        for (deed, id, change) in [
            (Deed::Delete, ONE, Change::Delete),
            (Deed::Restore, ONE, Change::Restore),
            (Deed::Purge, BINNED, Change::Purge),
        ] {
            let before = world.network().directory().snapshot();
            let dry = act(&mut world, &deed, id, true).result.unwrap().unwrap();
            assert_eq!(dry.outcome, Outcome::Planned, "{deed:?}");
            assert_eq!(world.network().directory().snapshot(), before, "{deed:?}");
            let report = done(&mut world, &deed, id);
            assert_eq!((report.outcome, report.id), (Outcome::Changed, Some(id)), "{deed:?}");
            assert_eq!(report.changes.len(), 1);
            assert_eq!((&report.changes[0].change, report.changes[0].applied), (&change, true));
            assert!(deed.is_so(&world, id), "{deed:?}");
            assert_eq!(refused(&mut world, &deed, id), Code::NotFound, "{deed:?} again");
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
    for (deed, id) in [
        (Deed::Delete, ids::human(1)),
        (Deed::Restore, ids::human(5)),
        (Deed::Purge, ids::human(5)),
        (Deed::job_title("x"), ids::human(1)),
        (Deed::SetManager("human2@contoso.com"), ids::human(1)),
        (Deed::ClearManager, ids::human(1)),
        (Deed::AddSponsor("human2@contoso.com"), ids::human(1)),
        (Deed::RemoveSponsor("human2@contoso.com"), ids::human(1)),
        (Deed::AddLicense("AGENT_365"), ids::human(1)),
        (Deed::RemoveLicense("AGENT_365"), ids::human(1)),
    ] {
        assert_eq!(refused(&mut world, &deed, id), Code::NotAnAgentUser, "{deed:?}");
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
    let problem = act(&mut world, &Deed::Purge, BINNED, false).result.unwrap().unwrap_err();
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
    assert_eq!(refused(&mut world, &Deed::Restore, BINNED), Code::RestoreConflict);
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
        for (deed, outcome, manager) in [
            (Deed::ClearManager, Outcome::Unchanged, None),
            (Deed::SetManager("human2@contoso.com"), Outcome::Changed, Some(ids::human(2))),
            (Deed::SetManager("HUMAN2@contoso.com"), Outcome::Unchanged, Some(ids::human(2))),
            (Deed::SetManager("40000000-0000-4000-8000-000000000003"), Outcome::Changed, Some(ids::human(3))),
            (Deed::SetManager("agent1@contoso.com"), Outcome::Changed, Some(ONE)),
            (Deed::ClearManager, Outcome::Changed, None),
        ] {
            let before = (writes(&world), read(&mut world, TWO));
            let dry = act(&mut world, &deed, TWO, true).result.unwrap().unwrap();
            let planned = if outcome == Outcome::Changed { Outcome::Planned } else { Outcome::Unchanged };
            assert_eq!((dry.outcome, writes(&world), read(&mut world, TWO)), (planned, before.0, before.1));
            assert_eq!(done(&mut world, &deed, TWO).outcome, outcome, "{deed:?} {manager_unset:?}");
            assert_eq!(read(&mut world, TWO), manager, "{deed:?} {manager_unset:?}");
        }
        assert_eq!(writes(&world), 4);
        let nobody = Deed::SetManager("nobody@contoso.com");
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
        for (deed, outcome, sponsors) in [
            (Deed::AddSponsor("human2@contoso.com"), Outcome::Unchanged, vec![ids::human(2), ids::group(1)]),
            (Deed::AddSponsor(group2), Outcome::Changed, vec![ids::human(2), ids::group(1), ids::group(2)]),
            (Deed::AddSponsor(group2), Outcome::Unchanged, vec![ids::human(2), ids::group(1), ids::group(2)]),
            (Deed::RemoveSponsor("human2@contoso.com"), Outcome::Changed, vec![ids::group(1), ids::group(2)]),
            (
                Deed::RemoveSponsor("human2@contoso.com"),
                Outcome::Unchanged,
                vec![ids::group(1), ids::group(2)],
            ),
            (Deed::RemoveSponsor(group2), Outcome::Changed, vec![ids::group(1)]),
        ] {
            let before = writes(&world);
            let dry = act(&mut world, &deed, ONE, true).result.unwrap().unwrap();
            let planned = if outcome == Outcome::Changed { Outcome::Planned } else { Outcome::Unchanged };
            assert_eq!((dry.outcome, writes(&world)), (planned, before), "{deed:?}");
            assert_eq!(done(&mut world, &deed, ONE).outcome, outcome, "{deed:?}");
            assert_eq!(read(&mut world), sponsors.into_iter().collect(), "{deed:?}");
        }
        assert_eq!(writes(&world), 3);
        for deed in [Deed::AddSponsor("nobody@contoso.com"), Deed::RemoveSponsor("nobody@contoso.com")] {
            assert_eq!(refused(&mut world, &deed, ONE), Code::SponsorNotFound);
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
        for (deed, outcome, count) in [
            (Deed::AddLicense("agent_365"), Outcome::Changed, 1),
            (Deed::AddLicense(by_id), Outcome::Unchanged, 1),
            (Deed::RemoveLicense("Agent_Messaging"), Outcome::Unchanged, 1),
            (Deed::RemoveLicense(by_id), Outcome::Changed, 0),
            (Deed::AddLicense(by_id), Outcome::Changed, 1),
            (Deed::RemoveLicense("Agent_365"), Outcome::Changed, 0),
        ] {
            let before = writes(&world);
            let dry = act(&mut world, &deed, TWO, true).result.unwrap().unwrap();
            let planned = if outcome == Outcome::Changed { Outcome::Planned } else { Outcome::Unchanged };
            assert_eq!((dry.outcome, writes(&world)), (planned, before), "{deed:?}");
            let report = done(&mut world, &deed, TWO);
            assert_eq!(report.outcome, outcome, "{deed:?}");
            let sku = |change: &Change| matches!(change, Change::AddLicense { sku } | Change::RemoveLicense { sku } if sku == "AGENT_365");
            assert!(report.changes.iter().all(|entry| entry.applied && sku(&entry.change)), "{report:?}");
            assert_eq!(world.network().directory().licenses_of(TWO).len(), count, "{deed:?}");
        }
    }
}

#[test]
fn several_licenses_go_in_one_request() {
    let mut world = world(populated(), Faults::none());
    let (add, remove) =
        ([SkuRef::parse("agent_messaging"), SkuRef::parse("AGENT_MESSAGING")], [SkuRef::parse("AGENT_365")]);
    let report = result(&mut world, move |graph| async move {
        flow::change_licenses(&graph, &UserRef::Id(ONE), &add, &remove, false).await
    });
    let changes = report.unwrap().changes;
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert_eq!(world.network().directory().licenses_of(ONE), [ids::sku(tenant::SMALL_SKU)]);
    assert_eq!(writes(&world), 1);
}

#[test]
fn what_stands_against_a_license_is_said_before_anything_is_written() {
    let tenant = populated()
        .sku(7, "ONE_SEAT", 0, tenant::full_plans(Duration::ZERO, Duration::ZERO))
        .change_user(ids::agent_user(4), |user| user.usage_location = None);
    let mut world = world(tenant, Faults::none());
    assert_eq!(refused(&mut world, &Deed::AddLicense("ONE_SEAT"), TWO), Code::NoFreeSeats);
    assert_eq!(
        refused(&mut world, &Deed::AddLicense("AGENT_365"), ids::agent_user(4)),
        Code::LicenseNeedsUsageLocation
    );
    let problem = act(&mut world, &Deed::AddLicense("AGENT_356"), TWO, false).result.unwrap().unwrap_err();
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
    let report = wait_ready(&mut world, ONE, Readiness::ALL).unwrap();
    assert_eq!((report.stage, report.outcome), (Stage::Done, Outcome::Unchanged));
    assert!(world.now().mono >= Duration::from_secs(600), "{:?}", world.now());
    let begun = world.now().mono;
    assert_eq!(wait_ready(&mut world, ONE, Readiness::ALL).unwrap().stage, Stage::Done);
    assert_eq!(wait_ready(&mut world, TWO, Readiness::NONE).unwrap().stage, Stage::Done);
    assert_eq!(code(wait_ready(&mut world, TWO, Readiness::ALL)), Code::MailboxNotReady);
    let teams = Readiness { teams: true, mailbox: false };
    assert_eq!(code(wait_ready(&mut world, TWO, teams)), Code::TeamsNotReady);
    assert_eq!(code(wait_ready(&mut world, ids::human(1), Readiness::ALL)), Code::NotAnAgentUser);
    assert!(world.now().mono - begun < Duration::from_secs(10));
    assert_eq!(writes(&world), 0);
}

// Faults.

/// What a fault means to whoever wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lost {
    /// Nothing: it is clear what happened.
    No,
    /// The server never did it.
    Before,
    /// The server did it.
    After,
    /// The server did it and said so, but the body can't be read, if there is one.
    Body,
}

const FAULTS: [(Fault, Lost); 17] = [
    (Fault::LostAnswer, Lost::After),
    (Fault::Reset, Lost::Before),
    (Fault::Refused, Lost::No),
    (Fault::Delay(Duration::from_secs(600)), Lost::After),
    (Fault::Never { executed: true }, Lost::After),
    (Fault::Never { executed: false }, Lost::Before),
    (Fault::Throttled(RetryAfter::Seconds(7)), Lost::No),
    (Fault::Throttled(RetryAfter::Date(7)), Lost::No),
    (Fault::Throttled(RetryAfter::Absent), Lost::No),
    (Fault::ServerError { status: 500, executed: true, retry_after: RetryAfter::Absent }, Lost::After),
    (Fault::ServerError { status: 503, executed: false, retry_after: RetryAfter::Seconds(3) }, Lost::Before),
    (Fault::ServerError { status: 504, executed: true, retry_after: RetryAfter::Absent }, Lost::After),
    (Fault::TruncatedBody, Lost::Body),
    (Fault::EmptyBody, Lost::Body),
    (Fault::GarbageJson, Lost::Body),
    (Fault::WrongContentType { executed: true }, Lost::After),
    (Fault::WrongContentType { executed: false }, Lost::Before),
];

/// Requests more than without a fault: after one that took place unseen, and after a success that can't be read.
struct Cost {
    after: usize,
    body: usize,
}

/// Every named fault at every write: the right state, nobody else touched, and what it cost.
#[test]
fn every_named_fault_at_every_write() {
    // Sent again, that settles it.
    const AGAIN: usize = 1;
    // Sent again, refused, because it is so; then seen.
    const AGAIN_AND_SEEN: usize = 2;
    // Sent again until every change must be visible: 404 may mean that it is done, or lag.
    const TO_THE_END: usize = 18;
    let table = [
        (
            Deed::job_title("Boss"),
            ONE,
            Method::Patch,
            "/users/microsoft.graph.agentUser/",
            Cost { after: AGAIN, body: AGAIN },
        ),
        (
            Deed::Delete,
            ONE,
            Method::Delete,
            "/users/microsoft.graph.agentUser/",
            Cost { after: TO_THE_END, body: 0 },
        ),
        (Deed::Restore, BINNED, Method::Post, "/restore", Cost { after: TO_THE_END, body: TO_THE_END }),
        (
            Deed::Purge,
            BINNED,
            Method::Delete,
            "/directory/deletedItems/",
            Cost { after: TO_THE_END, body: 0 },
        ),
        (
            Deed::SetManager("human2@contoso.com"),
            ONE,
            Method::Put,
            "/manager/$ref",
            Cost { after: AGAIN, body: 0 },
        ),
        (Deed::ClearManager, ONE, Method::Delete, "/manager/$ref", Cost { after: TO_THE_END, body: 0 }),
        (
            Deed::AddSponsor("human1@contoso.com"),
            ONE,
            Method::Post,
            "/sponsors/$ref",
            Cost { after: AGAIN, body: 0 },
        ),
        (
            Deed::RemoveSponsor("human2@contoso.com"),
            ONE,
            Method::Delete,
            "/sponsors/",
            Cost { after: TO_THE_END, body: 0 },
        ),
        (
            Deed::AddLicense("AGENT_365"),
            TWO,
            Method::Post,
            "/assignLicense",
            Cost { after: AGAIN, body: AGAIN },
        ),
        (
            Deed::RemoveLicense("AGENT_365"),
            ONE,
            Method::Post,
            "/assignLicense",
            Cost { after: AGAIN_AND_SEEN, body: AGAIN_AND_SEEN },
        ),
    ];
    for (deed, id, method, path, cost) in table {
        let mut clean = world(populated(), Faults::none());
        let ran = act(&mut clean, &deed, id, false);
        let (least, expected) = (ran.sent.len(), clean.network().directory().snapshot());
        assert_eq!(writes(&clean), 1, "{deed:?}");
        assert!(least <= 6, "{deed:?} takes {least} requests");

        for (fault, lost) in FAULTS {
            let name = format!("{} ({lost:?}) at {deed:?}", fault.name());
            let faults = Faults::plan([Planned::new(method, path, 1, fault)]);
            let mut world = world(populated(), faults);
            let ran = act(&mut world, &deed, id, false);
            let report = ran.result.unwrap().unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
            assert_eq!((report.outcome, report.problem), (Outcome::Changed, None), "{name}");
            assert!(report.changes.iter().all(|change| change.applied), "{name}");
            let directory = world.network().directory();
            assert_eq!(directory.snapshot(), expected, "{name}");
            assert!(directory.duplicates().is_empty(), "{name}");
            assert!(world.network().leaks().is_empty(), "{name}");
            assert_eq!(world.network().counts().faults.values().sum::<u64>(), 1, "{name}: it happened");
            let extra = match lost {
                Lost::No | Lost::Before => AGAIN,
                Lost::After => cost.after,
                // A 204 has no body to spoil.
                Lost::Body => cost.body,
            };
            assert_eq!(ran.sent.len() - least, extra, "{name}");
            let idle = directory.stats().writes_without_change;
            assert!(idle <= 1, "{name}: {idle} writes for nothing");
        }
    }
}

#[test]
fn a_license_that_can_not_be_assigned_twice_is_seen_to_be_there() {
    let switches = Switches { assign_again: AssignAgain::Refused, ..Switches::default() };
    let planned = Planned::new(Method::Post, "/assignLicense", 1, Fault::LostAnswer);
    let mut world = world(populated().switches(switches), Faults::plan([planned]));
    assert_eq!(done(&mut world, &Deed::AddLicense("AGENT_365"), TWO).outcome, Outcome::Changed);
    assert_eq!(writes(&world), 1);
}

/// One deed right after others, while replicas still show what was before, its first write lost on the way there or
/// back: whatever is reported as done is done.
#[test]
fn what_is_reported_as_done_is_done_even_within_the_lag() {
    let histories: [(ObjectId, &[Deed]); 10] = [
        (ONE, &[Deed::Delete, Deed::Restore]),
        (ONE, &[Deed::Delete, Deed::Purge]),
        (ONE, &[Deed::Delete, Deed::Restore, Deed::Delete]),
        (BINNED, &[Deed::Restore, Deed::Delete]),
        (
            BINNED,
            &[Deed::Restore, Deed::ClearManager, Deed::SetManager("human1@contoso.com"), Deed::ClearManager],
        ),
        (TWO, &[Deed::SetManager("human1@contoso.com"), Deed::ClearManager]),
        (ONE, &[Deed::ClearManager, Deed::SetManager("human1@contoso.com")]),
        (ONE, &[Deed::SetManager("human2@contoso.com"), Deed::SetManager("human1@contoso.com")]),
        (ONE, &[Deed::RemoveSponsor("human2@contoso.com"), Deed::AddSponsor("human2@contoso.com")]),
        (TWO, &[Deed::AddSponsor("human2@contoso.com"), Deed::RemoveSponsor("human2@contoso.com")]),
    ];
    let early = [EarlyWrite::Works, EarlyWrite::NotFound, EarlyWrite::ObjectNotFound];
    let mut checked = 0;
    for (id, deeds) in histories {
        let (last, before) = deeds.split_last().unwrap();
        for seed in 0..12 {
            for early_write in early {
                for fault in [None, Some(Fault::Reset), Some(Fault::LostAnswer)] {
                    let switches = Switches { early_write, ..Switches::default() };
                    let lag = Lag::seeded(seed, Duration::from_secs(40)).replicas(3);
                    let mut world = world(populated().switches(switches).lag(lag), Faults::none());
                    let reached = before.iter().all(|deed| {
                        // Read from a replica that is behind, it may find nothing to do: then this history is another.
                        act(&mut world, deed, id, false).result.unwrap().is_ok() && deed.is_so(&world, id)
                    });
                    if !reached {
                        continue;
                    }
                    if let Some(fault) = fault {
                        let mut planned = Vec::new();
                        for method in [Method::Delete, Method::Put, Method::Post] {
                            planned.push(Planned::new(method, "/", 1, fault));
                        }
                        world.network_mut().set_faults(Faults::plan(planned));
                    }
                    let ran = act(&mut world, last, id, false);
                    let name = format!(
                        "{deeds:?} seed {seed} {early_write:?} {fault:?}\n{:?}\n{:#?}",
                        ran.result, ran.sent
                    );
                    match ran.result.unwrap() {
                        Ok(report) if report.outcome == Outcome::Changed => {
                            assert!(last.is_so(&world, id), "{name}");
                            checked += 1;
                        }
                        Ok(_) => {}
                        Err(problem) => assert_ne!(problem.code(), Code::Internal, "{name}"),
                    }
                }
            }
        }
    }
    assert!(checked > 300, "{checked}");
}

/// The same for agent users that were created a moment ago.
#[test]
fn a_new_agent_user_is_not_taken_for_one_without_manager_or_sponsor() {
    let mut checked = 0;
    for deed in [Deed::ClearManager, Deed::RemoveSponsor("human2@contoso.com"), Deed::Delete] {
        for seed in 0..40 {
            for early_write in [EarlyWrite::NotFound, EarlyWrite::ObjectNotFound] {
                let switches = Switches { early_write, ..Switches::default() };
                let lag = Lag::seeded(seed, Duration::from_secs(40)).replicas(3);
                let mut world = world(Tenant::contoso(1).switches(switches).lag(lag), Faults::none());
                let wanted = crate::common::Want::new(1)
                    .manager("human1@contoso.com")
                    .sponsor("human2@contoso.com")
                    .wanted();
                let ran = crate::common::single(&mut world, move |graph| {
                    flow::provision(graph, wanted, Readiness::NONE, false)
                });
                let id = ran.result.unwrap().unwrap().id.unwrap();
                let planned = Planned::new(Method::Delete, "/", 1, Fault::Reset);
                world.network_mut().set_faults(Faults::plan([planned]));
                let ran = act(&mut world, &deed, id, false);
                if let Ok(report) = ran.result.unwrap()
                    && report.outcome == Outcome::Changed
                {
                    checked += 1;
                    assert!(deed.is_so(&world, id), "{deed:?} seed {seed} {early_write:?}\n{:#?}", ran.sent);
                }
            }
        }
    }
    assert!(checked > 60, "{checked}");
}

#[test]
fn a_removal_that_is_cut_short_is_not_reported_as_done() {
    for deed in [
        Deed::ClearManager,
        Deed::RemoveSponsor("human2@contoso.com"),
        Deed::Delete,
        Deed::SetManager("human3@contoso.com"),
    ] {
        for (fault, done) in [(Fault::Reset, false), (Fault::LostAnswer, true)] {
            let methods = [Method::Delete, Method::Put].map(|method| Planned::new(method, "/", 1, fault));
            let mut world = world(populated(), Faults::plan(methods));
            let mut clean = crate::common::world(populated(), Faults::none());
            let requests = act(&mut clean, &deed, ONE, false).sent.len();
            let own = deed.clone();
            let cut = agentuser_simulator::Cut { cancel_after: Some(requests), die_after: None };
            let ran =
                crate::common::run_cut(&mut world, |graph, _: Items<()>| own.flow(graph, ONE, false), cut);
            let name = format!("{deed:?} {fault:?} {:?}", ran.result);
            assert_eq!(deed.is_so(&world, ONE), done, "{name}");
            match ran.result.unwrap() {
                // What was done and can be seen is reported as done, a cancellation or not.
                Ok(report) => assert!(done && report.outcome == Outcome::Changed, "{name}"),
                Err(problem) => assert_eq!(problem.code(), Code::OutcomeUnknown, "{name}"),
            }
        }
    }
}

#[test]
fn a_refusal_costs_one_write() {
    let reader = crate::common::world_as(
        populated().token(
            "reading",
            Token::application(["User.Read.All", "LicenseAssignment.Read.All", "Organization.Read.All"]),
        ),
        Faults::none(),
        "Bearer reading",
    );
    for (deed, id) in [
        (Deed::job_title("Boss"), ONE),
        (Deed::Delete, ONE),
        (Deed::Restore, BINNED),
        (Deed::Purge, BINNED),
        (Deed::SetManager("human2@contoso.com"), ONE),
        (Deed::ClearManager, ONE),
        (Deed::AddSponsor("human1@contoso.com"), ONE),
        (Deed::RemoveSponsor("human2@contoso.com"), ONE),
        (Deed::AddLicense("AGENT_365"), TWO),
        (Deed::RemoveLicense("AGENT_365"), ONE),
    ] {
        let mut world = World::new(reader.network().clone(), "Bearer reading");
        let problem = act(&mut world, &deed, id, false).result.unwrap().unwrap_err();
        assert_eq!(problem.code(), Code::PermissionMissing, "{deed:?} {problem:?}");
        assert!(!problem.permissions().is_empty(), "{deed:?}");
        let tried = world.network().directory().journal().iter().filter(|entry| entry.is_write()).count();
        assert_eq!((tried, writes(&world)), (1, 0), "{deed:?}");
        assert!(world.now().mono < Duration::from_secs(5), "{deed:?}");
    }
}
