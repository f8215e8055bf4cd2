//! Lists of servers that mean no good, or forget: each of them ends, and gives every user once.

use crate::common::*;
use agentuser_core::Now;
use agentuser_core::flow;
use agentuser_core::graph::{Detail, ListQuery, RestoreOptions};
use agentuser_core::http::{Method, Response};
use agentuser_core::model::{AgentUser, UserRef};
use agentuser_core::operation::{Answer, Graph, Items, Step, TokenTag};
use agentuser_core::problem::{Code, Problem};
use agentuser_simulator::{Fault, Faults, Planned, Switches, Tenant, ids};
use std::future::Future;
use std::time::Duration;

/// Runs a flow against a server that is given as a function from the request's path to status and body. Ends with what
/// the flow ended with, the items, and the number of requests.
fn serve<I, T, F, Fut>(
    mut server: impl FnMut(&str, usize) -> (u16, String),
    flow: F,
) -> (Result<T, Problem>, Vec<I>, usize)
where
    F: FnOnce(Graph, Items<I>) -> Fut,
    Fut: Future<Output = Result<T, Problem>> + Send + 'static,
{
    let mut operation = session().start(0, flow);
    let (mut items, mut requests, mut ms) = (Vec::new(), 0, 0);
    loop {
        match operation.poll(Now { mono: Duration::from_millis(ms), unix_ms: 0 }) {
            Step::Send(sent) => {
                for outgoing in sent {
                    let path = outgoing.request.url.strip_prefix("https://graph.microsoft.com").unwrap();
                    let (status, body) = server(path, requests);
                    requests += 1;
                    assert!(requests < 20_000, "endless");
                    let headers = [("Content-Type", "application/json")].into_iter().collect();
                    let response = Response { status, headers, body: body.into_bytes() };
                    operation.answer(outgoing.id, Answer::Response { response, token: TokenTag(1) });
                }
            }
            Step::Item(item) => items.push(item),
            Step::Done(result) => return (result, items, requests),
            Step::Wait(Some(until)) => ms = u64::try_from(until.as_millis()).unwrap() + 1,
            _ => {}
        }
    }
}

fn list(server: impl FnMut(&str, usize) -> (u16, String)) -> (Result<usize, Problem>, Vec<AgentUser>, usize) {
    let (count, pages, requests) = serve(server, |graph, items: Items<Vec<AgentUser>>| {
        flow::list::<Vec<AgentUser>, _>(graph, ListQuery::default(), items)
    });
    (count, pages.into_iter().flatten().collect(), requests)
}

fn user(n: u32) -> String {
    let (id, parent) = (ids::agent_user(n), ids::identity(n));
    format!(r#"{{"id":"{id}","userPrincipalName":"agent{n}@contoso.com","identityParentId":"{parent}"}}"#)
}

/// A page of these entries and with this next link, which is a path or, with a colon, the whole.
fn page(entries: &[String], next: Option<&str>) -> (u16, String) {
    let next = next.map_or(String::new(), |next| {
        let host = if next.starts_with("/v1.0") { "https://graph.microsoft.com" } else { "" };
        format!(r#","@odata.nextLink":"{host}{next}""#)
    });
    (200, format!(r#"{{"value":[{}]{next}}}"#, entries.join(",")))
}

fn link(n: usize) -> String {
    format!("/v1.0/users?$skiptoken={n}")
}

#[test]
fn pages_in_a_circle_end_the_list() {
    // Circles of two and of three pages, to the first page, and to another one.
    for (pages, back) in [(2, 0), (3, 0), (2, 1), (4, 2)] {
        let (mut first, mut next) = (String::new(), 0);
        let (count, users, requests) = list(|path, number| {
            if number == 0 {
                first = path.to_owned();
            }
            next += 1;
            let to = if next < pages {
                link(next)
            } else if back == 0 {
                first.clone()
            } else {
                link(back)
            };
            page(&[user(u32::try_from(number).unwrap())], Some(&to))
        });
        assert_eq!(code(count), Code::BadAnswer, "{pages} {back}");
        assert_eq!((requests, users.len()), (pages, pages), "{pages} {back}");
    }
}

#[test]
fn a_list_that_brings_nothing_new_ends() {
    // Empty pages, users again and again, entries that are nothing.
    for entries in [vec![], vec![user(1)], vec!["null".to_owned()], vec!["{}".to_owned()]] {
        let (count, users, requests) = list(|_, number| page(&entries, Some(&link(number + 1))));
        let problem = count.unwrap_err();
        assert_eq!(problem.code(), Code::BadAnswer);
        assert!(problem.message().contains("bring nothing new"), "{problem}");
        assert!(users.len() <= 1 && (1_000..1_010).contains(&requests), "{requests}");
    }
    // The same for every other loop over pages.
    let empty = |_: &str, number: usize| page(&[], Some(&link(number + 1)));
    let by_parent = |graph: Graph, _: Items<()>| async move {
        flow::find_by_parent(&graph, ids::identity(1), &Detail::USUAL).await
    };
    assert_eq!(code(serve(empty, by_parent).0), Code::BadAnswer);
    assert_eq!(
        code(serve(empty, |graph, _: Items<()>| async move { flow::list_skus(&graph).await }).0),
        Code::BadAnswer
    );
    assert_eq!(code(serve(empty, flow::list_deleted::<Vec<AgentUser>, Vec<AgentUser>>).0), Code::BadAnswer);
    let by_name = UserRef::parse("ada@contoso.com").unwrap();
    let restore = |graph: Graph, _: Items<()>| async move {
        flow::restore(&graph, &by_name, &RestoreOptions::default(), true).await
    };
    assert_eq!(code(serve(empty, restore).0), Code::BadAnswer);
    // As many as a service may have to look through are followed.
    let (count, ..) = list(|_, number| match number {
        900 => page(&[user(1)], None),
        _ => page(&[], Some(&link(number + 1))),
    });
    assert_eq!(count.unwrap(), 1);
}

#[test]
fn a_list_that_is_gathered_has_a_bound() {
    let skus = |number: usize| -> Vec<String> {
        (0..999).map(|n| format!(r#"{{"skuPartNumber":"SKU_{number}_{n}"}}"#)).collect()
    };
    let endless = |_: &str, number: usize| page(&skus(number), Some(&link(number + 1)));
    let (result, _, requests) =
        serve(endless, |graph, _: Items<()>| async move { flow::list_skus(&graph).await });
    assert_eq!(code(result), Code::BadAnswer);
    assert_eq!(requests, 11);
}

#[test]
fn a_page_of_too_many_entries_is_not_taken() {
    let (count, users, requests) = list(|_, _| page(&vec!["{}".to_owned(); 10_001], None));
    let problem = count.unwrap_err();
    assert!(problem.message().contains("more than 10000 entries"), "{problem}");
    assert_eq!((problem.code(), users.len(), requests), (Code::BadAnswer, 0, 1));
    let (count, ..) = list(|_, _| page(&(0..10_000).map(user).collect::<Vec<_>>(), None));
    assert_eq!(count.unwrap(), 10_000);
}

#[test]
fn a_user_on_two_pages_is_given_once() {
    let (count, users, _) = list(|_, number| match number {
        0 => page(&[user(1), user(2), user(1)], Some(&link(1))),
        _ => page(&[user(2), user(3)], None),
    });
    let ids: Vec<_> = users.iter().filter_map(AgentUser::id).collect();
    assert_eq!((count.unwrap(), ids), (3, [1, 2, 3].map(ids::agent_user).to_vec()));
}

#[test]
fn entries_that_are_no_agent_users_are_left_out() {
    let typed = |n: u32, kind: &str| {
        format!(r##"{{"@odata.type":"#microsoft.graph.{kind}","id":"{}"}}"##, ids::human(n))
    };
    let entries = [
        "null".to_owned(),
        "{}".to_owned(),
        r#"{"id":null,"userPrincipalName":null}"#.to_owned(),
        typed(1, "user"),
        typed(2, "group"),
        typed(3, "agentUser"),
        user(1),
        // The path says that it is one.
        format!(r#"{{"id":"{}"}}"#, ids::human(4)),
    ];
    let (count, users, _) = list(|_, _| page(&entries, None));
    let ids: Vec<_> = users.iter().filter_map(AgentUser::id).collect();
    assert_eq!((count.unwrap(), ids), (3, vec![ids::human(3), ids::agent_user(1), ids::human(4)]));
}

#[test]
fn a_link_that_is_no_link_has_the_right_name() {
    let long = format!("{}{}", link(1), "x".repeat(200_000));
    for (next, named) in [
        ("", Code::BadAnswer),
        ("users?$skiptoken=1", Code::BadAnswer),
        (&*long, Code::BadAnswer),
        ("https://graph.microsoft.com.evil.example/v1.0/users", Code::ForeignNextLink),
        ("http://graph.microsoft.com/v1.0/users", Code::ForeignNextLink),
    ] {
        let (count, users, requests) = list(|_, _| page(&[user(1)], Some(next)));
        assert_eq!(code(count), named, "{next:.100}");
        assert_eq!((users.len(), requests), (1, 1), "what came before is handed out: {next:.100}");
    }
}

#[test]
fn not_modified_is_no_redirect() {
    for (status, named) in [(304, Code::BadAnswer), (300, Code::BadAnswer)] {
        assert_eq!(code(list(|_, _| (status, String::new())).0), named);
    }
}

const EXPIRED: &str = r#"{"error":{"code":"Directory_ExpiredPageToken","message":"The specified page token value has expired and can no longer be included in your request."}}"#;

#[test]
fn a_list_whose_place_is_forgotten_starts_over() {
    let mut forgotten = 0;
    let (count, users, _) = list(|path, _| {
        let place = path.split("$skiptoken=").nth(1).map_or(0, |place| place.parse().unwrap());
        // Every third page is forgotten twice.
        if place % 3 == 2 && forgotten < 2 * (place + 1) / 3 {
            forgotten += 1;
            return (400, EXPIRED.to_owned());
        }
        let next = (place < 6).then(|| link(place + 1));
        page(&[user(u32::try_from(place).unwrap())], next.as_deref())
    });
    let ids: Vec<_> = users.iter().filter_map(AgentUser::id).collect();
    assert_eq!((count.unwrap(), ids), (7, (0..7).map(ids::agent_user).collect()));

    let (count, users, requests) = list(|path, _| match path.contains("$skiptoken=") {
        true => (400, EXPIRED.to_owned()),
        false => page(&[user(1)], Some(&link(1))),
    });
    let problem = count.unwrap_err();
    assert_eq!(problem.code(), Code::PageTokenExpired);
    assert!(problem.graph_message().unwrap().contains("has expired"), "{problem:?}");
    assert_eq!((users.len(), requests), (1, 12), "it starts over five times");

    // A list that is gathered begins anew.
    let mut times = 0;
    let sku = |n: u32| format!(r#"{{"skuId":"{}","skuPartNumber":"SKU_{n}"}}"#, ids::sku(n));
    let (skus, ..) = serve(
        |path, _| {
            times += usize::from(path.contains("$skiptoken="));
            match (path.contains("$skiptoken="), times) {
                (true, 1) => (400, EXPIRED.to_owned()),
                (true, _) => page(&[sku(2)], None),
                _ => page(&[sku(1)], Some(&link(1))),
            }
        },
        |graph, _: Items<()>| async move { flow::list_skus(&graph).await },
    );
    assert_eq!(skus.unwrap().len(), 2);
}

#[test]
fn the_simulator_forgets_and_goes_in_circles() {
    let query = ListQuery { page_size: 10, ..ListQuery::default() };
    let run = |fault, nth| {
        let faults = Faults::plan([Planned::new(Method::Get, "skiptoken", nth, fault)]);
        let mut world = world(Tenant::contoso(0).populate(1, 45, 1), faults);
        let query = query.clone();
        let ran = crate::common::run(&mut world, move |graph, items: Items<Vec<AgentUser>>| {
            flow::list::<Vec<AgentUser>, _>(graph, query, items)
        });
        (ran.result.unwrap(), ran.items.into_iter().flatten().count())
    };
    let (count, given) = run(Fault::ExpiredPageToken, 3);
    assert_eq!((count.unwrap(), given), (46, 46));
    let (count, given) = run(Fault::CircularNextLink, 3);
    assert_eq!((code(count), given), (Code::BadAnswer, 40));
}

// The recycle bin by name.

fn deleted(n: u32, name: &str) -> Tenant {
    populated().change_user(ids::agent_user(n), |user| name.clone_into(&mut user.user_principal_name))
}

#[test]
fn a_deleted_user_goes_by_the_name_that_it_had() {
    let prefixed = format!("{}agent3@contoso.com", BINNED.to_string().replace('-', ""));
    for bin_prefixes_upn in [false, true] {
        let switches = Switches { bin_prefixes_upn, ..Switches::default() };
        let mut world = world(populated().switches(switches), Faults::none());
        let listed = run(&mut world, flow::list_deleted::<Vec<AgentUser>, Vec<AgentUser>>);
        let names: Vec<_> = listed.items.iter().flatten().map(|user| user.user_principal_name()).collect();
        assert_eq!(names, [Some("agent3@contoso.com")]);
        for name in ["agent3@contoso.com", "AGENT3@contoso.com", &*prefixed] {
            if name == prefixed && !bin_prefixes_upn {
                continue;
            }
            let user = UserRef::parse(name).unwrap();
            let plan = result(&mut world, |graph| async move {
                flow::restore(&graph, &user, &RestoreOptions::default(), true).await
            });
            let plan = plan.unwrap();
            assert_eq!((plan.id, &*plan.user_principal_name), (Some(BINNED), "agent3@contoso.com"));
        }
        let by_name = UserRef::parse("agent3@contoso.com").unwrap();
        let report = result(&mut world, |graph| async move { flow::purge(&graph, &by_name, false).await });
        assert_eq!(report.unwrap().id, Some(BINNED));
        assert_eq!(world.network().directory().stats().writes, 1);
    }
}

#[test]
fn a_name_that_two_deleted_users_had_is_answered_with_their_ids() {
    let tenant = deleted(3, "ada@contoso.com").change_user(ids::agent_user(2), |user| {
        user.user_principal_name = "Ada@contoso.com".to_owned();
        user.life = agentuser_simulator::Life::Deleted(user.created);
    });
    let mut world = world(tenant, Faults::none());
    let user = UserRef::parse("ada@contoso.com").unwrap();
    let problem =
        result(&mut world, |graph| async move { flow::purge(&graph, &user, false).await }).unwrap_err();
    assert_eq!(problem.code(), Code::DeletedNameAmbiguous);
    for id in [BINNED, TWO] {
        assert!(problem.message().contains(&id.to_string()), "{problem}");
    }
    assert_eq!(writes(&world), 0);
}

#[test]
fn a_name_that_is_not_in_the_recycle_bin_is_told_where_to_look() {
    for (name, says, fix) in [
        ("nobody@contoso.com", "There is no nobody@contoso.com in the recycle bin", "list --deleted"),
        ("agent1@contoso.com", "agent1@contoso.com is not deleted", "Nothing is to be restored"),
        ("a6000000-0000-4000-8000-000000000077", "in the recycle bin", "list --deleted"),
    ] {
        let mut world = world(populated(), Faults::none());
        let user = UserRef::parse(name).unwrap();
        let problem = result(&mut world, |graph| async move {
            flow::restore(&graph, &user, &RestoreOptions::default(), false).await
        })
        .unwrap_err();
        assert_eq!(problem.code(), Code::DeletedItemNotFound, "{name}");
        assert!(problem.message().contains(says) && problem.fix().contains(fix), "{problem:?}");
    }
    let mut world = world(populated(), Faults::none());
    let living = UserRef::parse("agent1@contoso.com").unwrap();
    let problem =
        result(&mut world, |graph| async move { flow::purge(&graph, &living, false).await }).unwrap_err();
    assert!(problem.fix().contains("delete it first"), "{problem:?}");
    // A person who had the name is not restored.
    let person = UserRef::parse("human5@contoso.com").unwrap();
    let refused = result(&mut world, |graph| async move { flow::purge(&graph, &person, false).await });
    assert_eq!(code(refused), Code::NotAnAgentUser);
}

#[test]
fn a_user_comes_back_under_a_new_name() {
    let taken = deleted(4, "agent3@contoso.com");
    let user = UserRef::parse(&BINNED.to_string()).unwrap();
    let restore = |new_name: Option<&str>| {
        let options = RestoreOptions {
            new_user_principal_name: new_name.map(|name| name.parse().unwrap()),
            auto_reconcile_proxy_conflict: new_name.is_some(),
        };
        let user = user.clone();
        move |graph: Graph| async move { flow::restore(&graph, &user, &options, false).await }
    };
    let mut world = world(taken, Faults::none());
    let problem = result(&mut world, restore(None)).unwrap_err();
    assert_eq!(problem.code(), Code::RestoreConflict);
    assert!(problem.fix().contains("newUserPrincipalName"), "{problem:?}");
    let report = result(&mut world, restore(Some("agent3.2@contoso.com"))).unwrap();
    assert_eq!(report.user_principal_name, "agent3.2@contoso.com");
    let changes: Vec<_> =
        report.changes.iter().map(|entry| (entry.change.to_string(), entry.applied)).collect();
    let renamed = r#"set userPrincipalName from "agent3@contoso.com" to "agent3.2@contoso.com""#;
    assert_eq!(changes, [("restore".to_owned(), true), (renamed.to_owned(), true)]);
    let there = world.network().directory().find_user(BINNED).unwrap();
    assert_eq!((&*there.user_principal_name, there.life.is_live()), ("agent3.2@contoso.com", true));
}

#[test]
fn a_purge_does_not_claim_what_somebody_restored() {
    // It is found in the recycle bin; then somebody restores it, and every delete is answered with 404.
    let gone = || (404, r#"{"error":{"code":"Request_ResourceNotFound","message":"x"}}"#.to_owned());
    for alive in [true, false] {
        let (result, ..) = serve(
            |path, number| match number {
                0 => (200, user(1)),
                _ if path.contains("/deletedItems/") => gone(),
                _ if alive => (200, user(1)),
                _ => gone(),
            },
            |graph, _: Items<()>| async move { flow::purge(&graph, &ids::agent_user(1).into(), false).await },
        );
        match alive {
            true => assert_eq!(code(result), Code::RestoredMeanwhile),
            false => assert!(result.unwrap().changes[0].applied),
        }
    }
}
