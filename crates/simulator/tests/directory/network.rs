use crate::client::*;
use agentuser_core::Now;
use agentuser_core::http::{Method, Response};
use agentuser_core::operation::Sent;
use agentuser_simulator::{
    Delivered, Delivery, Fault, Faults, Network, Planned, RetryAfter, Switches, Tenant, ids, tenant,
};
use std::time::Duration;

fn network(faults: Faults) -> Network {
    Network::new(Tenant::contoso(40).build(), faults)
}

fn send(network: &mut Network, method: Method, path: &str) -> Delivery {
    network.deliver(start(), Some(tenant::ADMIN), &request(method, path, None))
}

fn create(network: &mut Network, now: Now, n: u32) -> Delivery {
    network.deliver(now, Some(tenant::ADMIN), &request(Method::Post, AGENTS, Some(&new_user(n))))
}

fn response(delivery: Delivery) -> Response {
    match delivery.outcome {
        Delivered::Response(response) => response,
        other => panic!("{other:?}"),
    }
}

fn created(network: &Network) -> u64 {
    network.directory().stats().agent_users_created
}

#[test]
fn without_faults_everything_arrives() {
    let mut network = network(Faults::none());
    for n in 1..=40 {
        let delivery = create(&mut network, start(), n);
        assert!(delivery.after >= Duration::from_millis(20) && delivery.after <= Duration::from_millis(200));
        assert_eq!(response(delivery).status, 201);
    }
    assert_eq!(network.counts().requests, 40);
    assert_eq!(network.counts().seen_by_directory, 40);
    assert!(network.counts().faults.is_empty());
}

/// Sends one create with the fault, and tells what came and whether a user was created.
fn with(fault: Fault) -> (Delivery, u64) {
    let mut network = network(Faults::plan([Planned::new(Method::Post, AGENTS, 1, fault)]));
    let delivery = create(&mut network, start(), 1);
    assert_eq!(network.counts().faults[fault.name()], 1);
    (delivery, created(&network))
}

#[test]
fn losses() {
    let lost = |sent| Delivered::Lost { sent };
    for (fault, outcome, created) in [
        (Fault::LostAnswer, lost(Sent::Maybe), 1),
        (Fault::Reset, lost(Sent::Maybe), 0),
        (Fault::Refused, lost(Sent::No), 0),
        (Fault::Never { executed: true }, Delivered::Never, 1),
        (Fault::Never { executed: false }, Delivered::Never, 0),
        (Fault::LateArrival(seconds(90)), Delivered::Never, 0),
    ] {
        let (delivery, done) = with(fault);
        assert_eq!((delivery.outcome, done), (outcome, created), "{fault:?}");
    }
}

#[test]
fn a_late_answer() {
    let (delivery, created) = with(Fault::Delay(seconds(600)));
    assert!(delivery.after >= seconds(600));
    assert_eq!((response(delivery).status, created), (201, 1));
}

#[test]
fn a_request_that_arrives_late() {
    let fault = Fault::LateArrival(seconds(90));
    let mut network = network(Faults::plan([Planned::new(Method::Post, AGENTS, 1, fault)]));
    create(&mut network, start(), 1);
    let ask = request(Method::Get, "/users/sales1@contoso.com", None);
    let mut at =
        |after| response(network.deliver(start().later(seconds(after)), Some(tenant::ADMIN), &ask)).status;
    assert_eq!((at(89), at(90)), (404, 200));
    let user = network.directory().children_of(ids::identity(1)).next().unwrap();
    assert_eq!(user.created, start().later(seconds(90)));
}

#[test]
fn statuses() {
    for (retry_after, header) in [
        (RetryAfter::Absent, None),
        (RetryAfter::Seconds(7), Some("7")),
        (RetryAfter::Date(7), Some("Sun, 22 Nov 2026 10:17:12 GMT")),
        (RetryAfter::Text("-1"), Some("-1")),
    ] {
        let (delivery, created) = with(Fault::Throttled(retry_after));
        let response = response(delivery);
        assert_eq!((response.status, created), (429, 0));
        assert_eq!(response.headers.get("Retry-After"), header);
        assert_eq!(response.headers.get("Date"), Some("Sun, 22 Nov 2026 10:17:05 GMT"));
    }
    for status in [500, 502, 503, 504] {
        for executed in [false, true] {
            let fault = Fault::ServerError { status, executed, retry_after: RetryAfter::Absent };
            let (delivery, created) = with(fault);
            assert_eq!((response(delivery).status, created), (status, u64::from(executed)));
        }
    }
}

#[test]
fn a_retry_date_is_of_the_servers_clock() {
    let switches = Switches { clock_ahead_ms: -300_000, ..Switches::default() };
    let fault = Fault::Throttled(RetryAfter::Date(7));
    let mut network = Network::new(
        Tenant::contoso(1).switches(switches).build(),
        Faults::plan([Planned::new(Method::Get, AGENTS, 1, fault)]),
    );
    let response = response(send(&mut network, Method::Get, AGENTS));
    assert_eq!(response.headers.get("Date"), Some("Sun, 22 Nov 2026 10:12:05 GMT"));
    assert_eq!(response.headers.get("Retry-After"), Some("Sun, 22 Nov 2026 10:12:12 GMT"));
}

#[test]
fn answers_that_cannot_be_read() {
    for fault in [
        Fault::TruncatedBody,
        Fault::WrongContentType { executed: true },
        Fault::EmptyBody,
        Fault::GarbageJson,
    ] {
        let (delivery, created) = with(fault);
        let response = response(delivery);
        assert_eq!(created, 1, "{fault:?}");
        let parsed = serde_json::from_slice::<serde_json::Value>(&response.body);
        assert!(parsed.is_err() || parsed.unwrap().is_array(), "{fault:?}");
    }
    let (_, created) = with(Fault::WrongContentType { executed: false });
    assert_eq!(created, 0);
}

#[test]
fn a_plan_counts_matching_requests_only() {
    let plan = [
        Planned::new(Method::Get, "/manager", 2, Fault::Reset),
        Planned::new(Method::Get, "/users", 4, Fault::Refused),
    ];
    let mut network = network(Faults::plan(plan));
    let path = format!("/users/{}/manager", ids::human(1));
    let lost = |delivery: Delivery| matches!(delivery.outcome, Delivered::Lost { .. });
    assert!(!lost(send(&mut network, Method::Get, &path)));
    assert!(!lost(send(&mut network, Method::Get, "/organization")));
    assert!(lost(send(&mut network, Method::Get, &path)));
    assert!(!lost(send(&mut network, Method::Get, AGENTS)));
    assert!(lost(send(&mut network, Method::Get, AGENTS)));
    assert!(!lost(send(&mut network, Method::Get, AGENTS)));
}

#[test]
fn a_token_that_goes_elsewhere_is_noticed() {
    let fault = Fault::ForeignNextLink;
    let mut network = network(Faults::plan([Planned::new(Method::Get, AGENTS, 1, fault)]));
    for n in 1..=2 {
        create(&mut network, start(), n);
    }
    let page = json_of(&response(send(&mut network, Method::Get, &format!("{AGENTS}?$top=1"))));
    let next = page["@odata.nextLink"].as_str().unwrap();
    assert!(!next.starts_with(&format!("{ROOT}/")), "{next}");
    assert!(network.leaks().is_empty());
    let answer = network.deliver(start(), None, &request(Method::Get, next, None));
    assert_eq!(response(answer).status, 200, "the decoy looks good");
    assert!(network.leaks().is_empty(), "no token, no leak");
    send(&mut network, Method::Get, next);
    assert_eq!(network.leaks(), ["https://graph.microsoft.com.decoy.example"]);
    assert_eq!(network.contacts().requests().len(), 3);
}

#[test]
fn a_list_without_an_end() {
    let follow = |circle: bool, pages: usize| {
        let fault = Fault::EndlessPages { circle };
        let mut network = network(Faults::plan([Planned::new(Method::Get, AGENTS, 1, fault)]));
        create(&mut network, start(), 1);
        let mut page = json_of(&response(send(&mut network, Method::Get, &format!("{AGENTS}?$top=1"))));
        assert_eq!(page["value"].as_array().unwrap().len(), 1, "the first page is the directory's");
        let mut links = Vec::new();
        for _ in 0..pages {
            let link = page["@odata.nextLink"].as_str().unwrap().to_owned();
            assert!(link.starts_with(&format!("{ROOT}/v1.0{AGENTS}?$top=1&$skiptoken=")), "{link}");
            page = json_of(&response(send(&mut network, Method::Get, &link)));
            assert_eq!(page["value"].as_array().unwrap().len(), 0);
            links.push(link);
        }
        links
    };
    let (circle, line) = (follow(true, 6), follow(false, 6));
    assert_eq!(circle[..3], circle[3..]);
    let different: std::collections::BTreeSet<_> = line.iter().chain(&circle).collect();
    assert_eq!(different.len(), 9, "no two lists share a page: {different:?}");
}

/// Every delivery of a few hundred requests in the given order, by request.
fn run(seed: u64, order: impl Iterator<Item = u32>) -> Vec<(u32, Vec<Delivery>)> {
    let mut network = network(Faults::seeded(seed, 400));
    let mut deliveries: Vec<(u32, Vec<Delivery>)> = order
        .map(|n| (n, (0..6).map(|_| create(&mut network, start(), n)).map(without_ids).collect()))
        .collect();
    deliveries.sort_by_key(|(n, _)| *n);
    deliveries
}

/// Request ids count requests, so they alone depend on the order.
fn without_ids(delivery: Delivery) -> Delivery {
    let outcome = match delivery.outcome {
        Delivered::Response(response) => {
            let body = String::from_utf8_lossy(&response.body).split("innerError").next().unwrap().into();
            Delivered::Response(Response { headers: agentuser_core::http::Headers::new(), body, ..response })
        }
        other => other,
    };
    Delivery { outcome, ..delivery }
}

#[test]
fn faults_depend_on_seed_and_request_and_not_on_the_order() {
    assert_eq!(run(1, 1..=40), run(1, (1..=40).rev()));
    assert_ne!(run(1, 1..=40), run(2, 1..=40));
}

#[test]
fn equal_requests_fail_at_most_k_times_in_a_row() {
    for k in 1..=4 {
        let mut network = network(Faults::seeded(3, 1000).most_in_a_row(k));
        for round in 0..5 {
            for attempt in 0..=k {
                let before = network.counts().faults.values().sum::<u64>();
                send(&mut network, Method::Get, AGENTS);
                let failed = network.counts().faults.values().sum::<u64>() > before;
                assert_eq!(failed, attempt < k, "round {round}, attempt {attempt}");
            }
        }
    }
}

#[test]
fn every_kind_is_drawn_and_those_that_are_not_wanted_are_not() {
    let kinds = |faults: Faults| {
        let mut network = network(faults);
        for n in 0..2_000 {
            send(&mut network, Method::Get, &format!("{AGENTS}?n={n}"));
        }
        let faults = &network.counts().faults;
        let share = faults.values().sum::<u64>();
        (faults.keys().copied().collect::<Vec<_>>(), share)
    };
    let common = ["Delay", "EmptyBody", "GarbageJson", "LostAnswer", "Never", "Refused", "Reset"];
    let (names, share) = kinds(Faults::seeded(1, 500));
    assert_eq!(names[..7], common);
    assert_eq!(names[7..], ["ServerError", "Throttled", "TruncatedBody", "WrongContentType"]);
    assert!((900..1_100).contains(&share), "{share}");
    let (names, _) = kinds(Faults::seeded(1, 500).with_foreign_next_links());
    for name in ["ForeignNextLink", "CircularNextLink", "EndlessPages"] {
        assert!(names.contains(&name), "{name}");
    }
    let (names, _) = kinds(Faults::seeded(1, 500).without_unreadable());
    let readable = ["Delay", "LostAnswer", "Never", "Refused", "Reset", "ServerError", "Throttled"];
    assert_eq!(names, readable);
    let (names, _) = kinds(Faults::seeded(1, 500).brisk());
    assert_eq!(names, ["LostAnswer", "Throttled"]);
}

#[test]
fn both_can_cross_threads() {
    fn send<T: Send + 'static>() {}
    send::<Network>();
    send::<agentuser_simulator::Directory>();
}
