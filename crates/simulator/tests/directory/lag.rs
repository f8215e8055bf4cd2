use crate::client::*;
use agentuser_core::ObjectId;
use agentuser_simulator::{EarlyWrite, Lag, Switches, Tenant, ids};
use serde_json::json;
use std::time::Duration;

const MAX: Duration = Duration::from_secs(60);

fn lagging(seed: u64) -> Client {
    Client::of(Tenant::contoso(40).lag(Lag::seeded(seed, MAX)))
}

/// Seconds after which the path answers 200 for the first time.
fn seen_after(graph: &mut Client, path: &str) -> u64 {
    let begin = graph.now;
    let found = (0..600).find(|second| {
        graph.now = begin.later(seconds(*second));
        let (status, page) = graph.get(path);
        status == 200 && page["value"].as_array().is_none_or(|value| !value.is_empty())
    });
    graph.now = begin;
    found.unwrap()
}

#[test]
fn the_tenant_s_first_state_is_seen_at_once() {
    let mut graph = lagging(1);
    assert_eq!(graph.all("/servicePrincipals/microsoft.graph.agentIdentity").len(), 43);
    assert_eq!(graph.all("/users").len(), 6);
}

#[test]
fn a_new_user_is_seen_late_and_in_collections_later() {
    let mut graph = lagging(1);
    let (mut longest_read, mut longest_index, mut hidden) = (0, 0, 0);
    for n in 1..=40 {
        let id = graph.create(n);
        let filter = format!("{AGENTS}?$filter=identityParentId%20eq%20'{}'", ids::identity(n));
        let read = seen_after(&mut graph, &format!("/users/{id}"));
        let index = seen_after(&mut graph, &filter);
        assert!(read <= index, "{read} {index}");
        assert_eq!(read, seen_after(&mut graph, &format!("/users/sales{n}@contoso.com")));
        (longest_read, longest_index) = (longest_read.max(read), longest_index.max(index));
        hidden += usize::from(read > 0);
    }
    assert!(longest_read > 45 && longest_read <= 60, "{longest_read}");
    assert!(longest_index > 120 && longest_index <= 240, "{longest_index}");
    assert!((20..40).contains(&hidden), "{hidden}");
}

#[test]
fn the_write_master_knows_at_once() {
    let mut graph = lagging(3);
    for n in 1..=20 {
        graph.create(n);
        bad_request(&graph.post(AGENTS, &new_user(n)));
    }
    assert!(graph.directory.duplicates().is_empty());
}

#[test]
fn a_change_and_a_deletion_are_seen_late_too() {
    let mut graph = lagging(4);
    let id = graph.create(1);
    graph.later(seconds(300));
    let path = format!("/users/{id}");
    graph.patch(&path, &json!({"displayName": "Changed"}));
    let begin = graph.now;
    let late = (0..=60).filter(|second| {
        graph.now = begin.later(seconds(*second));
        graph.get(&path).1["displayName"] == "Sales Agent 1"
    });
    let late = late.count();
    graph.now = begin.later(seconds(60));
    assert_eq!(graph.get(&path).1["displayName"], "Changed");
    graph.delete(&path);
    let begin = graph.now;
    let alive = (0..=60).filter(|second| {
        graph.now = begin.later(seconds(*second));
        graph.get(&path).0 == 200
    });
    let alive = alive.count();
    not_found(&graph.get(&path));
    assert!(late + alive > 0, "with this seed at least one of the two must lag");
}

#[test]
fn replicas_disagree_until_the_longest_lag() {
    let lag = Lag::seeded(5, MAX).replicas(3);
    let mut graph = Client::of(Tenant::contoso(40).lag(lag));
    let mut went_back = 0;
    for n in 1..=40 {
        let id = graph.create(n);
        let mut seen = false;
        let begin = graph.now;
        for second in 0..60 {
            graph.now = begin.later(seconds(second));
            let now = graph.get(&format!("/users/{id}")).0 == 200;
            went_back += u32::from(seen && !now);
            seen |= now;
        }
        graph.now = begin.later(MAX);
        for _ in 0..10 {
            assert_eq!(graph.get(&format!("/users/{id}")).0, 200);
        }
    }
    assert!(went_back > 40, "{went_back}");
}

#[test]
fn one_replica_never_goes_back() {
    let mut graph = lagging(6);
    for n in 1..=40 {
        let id = graph.create(n);
        let begin = graph.now;
        let seen: Vec<bool> = (0..=60)
            .map(|second| {
                graph.now = begin.later(seconds(second));
                graph.get(&format!("/users/{id}")).0 == 200
            })
            .collect();
        assert!(seen.is_sorted(), "{seen:?}");
    }
}

/// The first user whose creation is not seen at once.
fn hidden(graph: &mut Client) -> (u32, ObjectId) {
    (1..=40)
        .find_map(|n| {
            let id = graph.create(n);
            (graph.get(&format!("/users/{id}")).0 == 404).then_some((n, id))
        })
        .unwrap()
}

#[test]
fn an_early_write() {
    for (switch, status) in
        [(EarlyWrite::Works, 200), (EarlyWrite::NotFound, 404), (EarlyWrite::ObjectNotFound, 400)]
    {
        let mut graph = lagging(7);
        graph.directory.set_switches(Switches { early_write: switch, ..Switches::default() });
        let (_, id) = hidden(&mut graph);
        let path = format!("/users/{id}");
        assert_eq!(graph.patch(&path, &json!({"city": "Bern"})).0, status);
        // The other end of a link counts as well.
        let link = format!("/users/{}/manager/$ref", ids::human(1));
        let answer = graph.put(&link, &reference("users", id));
        assert_eq!(answer.0, if status == 200 { 204 } else { 404 });
        graph.later(MAX);
        assert_eq!(graph.patch(&path, &json!({"city": "Bern"})).0, 200);
        assert_eq!(graph.put(&link, &reference("users", id)).0, 204);
    }
}

#[test]
fn uniqueness_that_lags_lets_duplicates_in() {
    let mut graph = lagging(8);
    graph.directory.set_switches(Switches { uniqueness_lags: true, ..Switches::default() });
    let (n, _) = hidden(&mut graph);
    assert_eq!(graph.post(AGENTS, &new_user(n)).0, 201);
    let duplicates = graph.directory.duplicates();
    let names: Vec<&String> = duplicates.keys().collect();
    assert_eq!(
        names,
        [
            &format!("identityParentId {}", ids::identity(n)),
            &format!("userPrincipalName sales{n}@contoso.com")
        ]
    );
    assert_eq!(graph.directory.stats().created_per_parent[&ids::identity(n)], 2);
    graph.later(MAX);
    bad_request(&graph.post(AGENTS, &new_user(n)));
}

#[test]
fn a_parent_may_lag_or_not_exist_yet() {
    let lag = Lag::seeded(11, MAX);
    let tenant =
        (100..140).fold(Tenant::contoso(1).lag(lag), |tenant, n| tenant.identity_from(n, 1, seconds(30)));
    let mut graph = Client::of(tenant);
    graph.now = graph.now.later(seconds(10));
    for n in 100..140 {
        bad_request(&graph.post(AGENTS, &new_user(n)));
        not_found(&graph.get(&format!("/servicePrincipals/{}", ids::identity(n))));
    }
    graph.later(seconds(20));
    let seen =
        (100..140).filter(|n| graph.get(&format!("/servicePrincipals/{}", ids::identity(*n))).0 == 200);
    let seen = seen.count();
    assert!((1..30).contains(&seen), "{seen}");
    graph.later(MAX);
    for n in 100..140 {
        graph.create(n);
    }
}

#[test]
fn lag_does_not_depend_on_the_order_of_requests() {
    let observe = |order: &[u32]| {
        let mut graph = lagging(12);
        let ids: Vec<ObjectId> = order.iter().map(|n| graph.create(*n)).collect();
        let mut seen: Vec<(ObjectId, u64)> =
            ids.iter().map(|id| (*id, seen_after(&mut graph, &format!("/users/{id}")))).collect();
        seen.sort_unstable();
        (seen, graph.directory.snapshot())
    };
    assert_eq!(observe(&[1, 2, 3, 4, 5, 6, 7, 8]), observe(&[8, 3, 1, 7, 2, 6, 5, 4]));
}
