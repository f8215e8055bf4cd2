use crate::client::*;
use agentuser_simulator::{Tenant, ids};
use std::time::Instant;

#[test]
fn a_hundred_thousand_users_are_listed_and_looked_up() {
    let mut graph = Client::of(Tenant::contoso(3).populate(1_000, 100_999, 1));
    graph.directory.keep_sums_only();
    let begin = Instant::now();
    let all = graph.all(&format!("{AGENTS}?$top=999&$select=id,displayName,identityParentId"));
    assert_eq!(all.len(), 100_001);
    let listed = begin.elapsed();
    let begin = Instant::now();
    for n in (1_000..101_000).step_by(10) {
        let filter = format!("{AGENTS}?$filter=identityParentId%20eq%20'{}'&$select=id", ids::identity(n));
        assert_eq!(graph.get(&filter).1["value"].as_array().unwrap().len(), 1);
        assert_eq!(graph.get(&format!("/users/agent{n}@contoso.com?$select=id")).0, 200);
    }
    let looked_up = begin.elapsed();
    // Far above what an index needs, far below what walking over all users would take.
    assert!(listed.as_secs() < 60 && looked_up.as_secs() < 30, "{listed:?} {looked_up:?}");
    println!("listed in {listed:?}, 20,000 look-ups in {looked_up:?}");
    assert!(graph.directory.journal().is_empty());
    assert_eq!(graph.directory.stats().requests, 101 + 20_000);
}
