//! Reading agent users, one and many, on a virtual clock.

use crate::common::*;
use agentuser_core::flow::{self};
use agentuser_core::graph::{Detail, Filter, ListQuery};
use agentuser_core::http::Method;
use agentuser_core::model::{AgentUser, UserRef};
use agentuser_core::operation::{Items, Limits, Step};
use agentuser_core::problem::{Code, Problem};
use agentuser_simulator::{Fault, Faults, LargeTop, Planned, Switches, Tenant, World, ids, tenant};
use std::collections::BTreeSet;

fn get(world: &mut World, user: &str) -> Result<AgentUser, Problem> {
    let user = UserRef::parse(user).unwrap();
    result(world, move |graph| async move { flow::get(&graph, &user, &Detail::USUAL).await })
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
                flow::find_by_parent(&graph, ids::identity(n), &Detail::USUAL).await
            });
            assert_eq!(child.unwrap().unwrap().id(), found.id(), "{upn}");
        }
        let none = result(&mut world, |graph| async move {
            flow::find_by_parent(&graph, ids::identity(tenant::DISABLED_IDENTITY), &Detail::USUAL).await
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
    let ran = crate::common::run(world, |graph, items: Items<Vec<AgentUser>>| {
        flow::list::<Vec<AgentUser>, _>(graph, query, items)
    });
    assert!(ran.items.iter().all(|page| !page.is_empty()), "an empty page was handed out");
    (ran.result.unwrap(), ran.items.into_iter().flatten().collect(), ran.sent.len())
}

fn query(page_size: u16, filters: Vec<Filter>) -> ListQuery {
    ListQuery { page_size, filters, ..ListQuery::default() }
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
    let mut operation =
        crate::common::session().with_limits(limits).start(0, |graph, items: Items<Vec<AgentUser>>| {
            flow::list::<Vec<AgentUser>, _>(graph, query(1, Vec::new()), items)
        });
    let (mut sent, mut taken) = (0, 0);
    let count = loop {
        match operation.poll(world.now()) {
            // Answers come at once: nothing but back pressure keeps the list from running ahead.
            Step::Send(requests) => {
                for outgoing in requests {
                    sent += 1;
                    let now = world.now();
                    let delivery = world.network_mut().deliver(now, Some(tenant::ADMIN), &outgoing.request);
                    let agentuser_simulator::Delivered::Response(response) = delivery.outcome else {
                        panic!()
                    };
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
