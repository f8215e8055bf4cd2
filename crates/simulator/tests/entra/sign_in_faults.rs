//! Faults on the way to Entra.

use crate::common::*;
use agentuser_core::http::{Method, Request};
use agentuser_simulator::{Delivered, Fault, Faults, Network, Planned, RetryAfter};
use std::time::Duration;

fn request(sim: &Sim) -> Request {
    let fields = exchange(1, 1);
    Request {
        method: Method::Post,
        url: format!("{LOGIN}/{}/oauth2/v2.0/token", sim.tenant),
        headers: [("Content-Type", "application/x-www-form-urlencoded")].into_iter().collect(),
        body: form(&pairs(&fields)).into_bytes(),
    }
}

#[test]
fn planned_faults_happen_to_the_sign_in_in_entra_s_words() {
    let sim = Sim::new(tenant());
    let request = request(&sim);
    let unavailable = Fault::ServerError { status: 503, executed: false, retry_after: RetryAfter::Absent };
    let planned = [
        Fault::Throttled(RetryAfter::Seconds(7)),
        unavailable,
        Fault::LostAnswer,
        Fault::GarbageJson,
        Fault::TruncatedBody,
        Fault::Refused,
    ];
    let planned =
        planned.into_iter().zip(1..).map(|(fault, nth)| Planned::new(Method::Post, "/token", nth, fault));
    let mut network = Network::new(sim.directory, Faults::plan(planned));
    let mut send = || network.deliver(sim.now, None, &request).outcome;
    let Delivered::Response(throttled) = send() else { panic!("an answer") };
    assert_eq!((throttled.status, throttled.headers.get("Retry-After")), (429, Some("7")));
    assert_eq!(number_of(&json_of(&throttled)), 90_055);
    let Delivered::Response(unavailable) = send() else { panic!("an answer") };
    assert_eq!(
        (unavailable.status, &json_of(&unavailable)["error"]),
        (503, &"temporarily_unavailable".into())
    );
    assert!(matches!(send(), Delivered::Lost { .. }));
    for _ in 0..2 {
        let Delivered::Response(unreadable) = send() else { panic!("an answer") };
        assert!(json_of(&unreadable)["access_token"].is_null());
    }
    assert!(matches!(send(), Delivered::Lost { .. }));
    let Delivered::Response(good) = send() else { panic!("an answer") };
    assert_eq!(good.status, 200);
    let counts = network.counts();
    assert_eq!((counts.requests, counts.sign_ins, counts.seen_by_directory), (0, 7, 0));
}

#[test]
fn faults_are_drawn_for_the_sign_in_when_they_are_asked_for() {
    let fails = |faults: Faults| {
        let sim = Sim::new(tenant());
        let mut request = request(&sim);
        let mut network = Network::new(sim.directory, faults).latency(Duration::ZERO, Duration::ZERO);
        (0..40)
            .filter(|n| {
                request.url = format!("{LOGIN}/contoso.com/oauth2/v2.0/token?n={n}");
                let outcome = network.deliver(sim.now, None, &request).outcome;
                !matches!(outcome, Delivered::Response(answer) if answer.status == 200)
            })
            .count()
    };
    assert_eq!(fails(Faults::seeded(1, 500)), 0);
    assert!(fails(Faults::seeded(1, 500).with_sign_ins()) > 5);
}

#[test]
fn equal_seeds_give_equal_tokens_and_salts_do_not() {
    let token = |salt| {
        let mut sim = Sim::new(tenant());
        sim.directory.entra_mut().set_salt(salt);
        sim.exchange(1, 1)
    };
    assert_eq!(token(1), token(1));
    assert_ne!(token(1), token(2));
    let mut sim = Sim::new(tenant());
    assert_ne!(sim.exchange(1, 1), sim.exchange(1, 1));
}
