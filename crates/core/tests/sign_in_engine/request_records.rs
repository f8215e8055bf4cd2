//! Records of requests, progress, and that nothing secret is in either.

use crate::common::{Host, agent_user, application, on_behalf_of, person, response, unreachable};
use agentuser_core::operation::{Event, LossKind, Waiting};
use agentuser_core::sign_in::acquisition::{DemandAnswer, DemandKind};
use agentuser_core::sign_in::{Prompt, Secret};
use serde_json::json;

#[test]
fn each_request_has_one_record_without_what_it_sent() {
    let mut host = Host::new();
    let ask = host.ask(&application());
    let sent = host.only();
    host.lose(&sent);
    host.pass(1.0);
    let sent = host.only();
    let busy =
        json!({"error": "temporarily_unavailable", "trace_id": "0f0f0f0f-1111-4222-8333-444444444444"});
    host.answer(&sent, response(503, &[("Retry-After", "2")], &busy));
    host.pass(2.0);
    let sent = host.only();
    host.pass(0.25);
    host.grant(&sent, "SECRET-token");
    let records: Vec<_> = host.records.iter().map(|(asks, record)| (asks.clone(), record)).collect();
    assert_eq!(records.len(), 3);
    assert_eq!(records[0].1.loss, Some(LossKind::Broken));
    let busy = records[1].1;
    assert_eq!((busy.status, busy.retry_after_ms, busy.attempt), (Some(503), Some(2000), 2));
    assert_eq!(busy.request_id.as_deref(), Some("0f0f0f0f-1111-4222-8333-444444444444"));
    let (asks, last) = &records[2];
    assert_eq!((last.leg, last.status, last.duration_ms), (Some("application"), Some(200), 250));
    assert_eq!(asks, &[ask]);
    assert_eq!(last.path, format!("/{}/oauth2/v2.0/token", super::common::TENANT));
    let lines =
        serde_json::to_string(&host.records.iter().map(|(_, record)| record).collect::<Vec<_>>()).unwrap();
    assert!(!lines.contains("SECRET") && !lines.contains("client_"), "{lines}");
}

#[test]
fn a_request_that_was_given_up_or_timed_out_is_recorded_as_such() {
    let mut host = Host::new();
    host.ask(&application());
    host.pass(15.0);
    assert_eq!(host.records[0].1.loss, Some(LossKind::TimedOut));
    assert_eq!(host.aborted.len(), 1);
    host.pass(1.0);
    host.engine.give_up(*host.records[0].0.first().unwrap());
    host.run();
    assert_eq!(host.records[1].1.loss, Some(LossKind::GivenUp));
}

#[test]
fn waits_are_told_to_those_who_wait() {
    let mut host = Host::new();
    host.ask(&agent_user(1));
    let sent = host.only();
    host.answer(&sent, response(429, &[("Retry-After", "30")], &json!({})));
    let waits =
        |event: &Event| matches!(event, Event::Waiting { why: Waiting::Throttled, wait_ms: 30_000, .. });
    assert!(host.events.iter().any(waits), "{:?}", host.events);
}

#[test]
fn nothing_that_is_printed_has_a_secret() {
    let mut host = Host::new();
    host.ask(&agent_user(1));
    host.grant_all_with("SECRET");
    host.ask(&on_behalf_of("SECRET-of-ada"));
    host.grant_all_with("SECRET");
    for prompt in [Prompt::Browser, Prompt::DeviceCode] {
        let mut other = Host::new();
        other.engine.remember(&person(prompt), Secret::from("SECRET-stored".to_owned()));
        other.ask(&person(prompt));
        let sent = other.only();
        other.refuse(&sent, "invalid_grant", 70_008);
        if let Some(demand) = other.demands.pop()
            && matches!(demand.kind, DemandKind::Authorize { .. })
        {
            let answer = DemandAnswer::Code {
                code: Secret::from("SECRET-code".to_owned()),
                verifier: Secret::from("SECRET-verifier".to_owned()),
                redirect_uri: "http://localhost".to_owned(),
            };
            assert!(!format!("{answer:?}").contains("SECRET"));
            other.engine.meet(demand.id, Ok(answer));
            other.run();
        } else {
            let codes = json!({"device_code": "SECRET-device", "user_code": "ABC",
                "verification_uri": "https://login.example", "expires_in": 60});
            let sent = other.only();
            other.answer(&sent, response(200, &[], &codes));
            other.pass(5.0);
        }
        other.grant_all_with("SECRET");
        host.printed.push_str(&other.printed);
    }
    let sent = {
        host.ask(&application());
        host.only()
    };
    host.answer(&sent, unreachable());
    assert!(host.printed.len() > 1000 && !host.printed.contains("SECRET"), "{}", host.printed);
}

impl Host {
    fn grant_all_with(&mut self, prefix: &str) {
        while !self.in_flight.is_empty() {
            let sent = self.in_flight.remove(0);
            let more = json!({"refresh_token": format!("{prefix}-refresh")});
            let token = format!("{prefix}-{}", sent.leg);
            self.grant_with(&sent, &token, more);
        }
    }
}
