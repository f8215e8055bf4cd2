//! Any bytes at every function of the JSON tier.
//!
//! The input is JSON, and after a line `===` what goes beside it: a roster, a body.
#![no_main]

use agentuser_core::Now;
use agentuser_core::json::{self, Config, OperationRequest};
use agentuser_core::operation::{Session, Step};
use agentuser_core::problem::Problem;
use agentuser_fuzz::{check_origin, check_problem};

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let parts = agentuser_fuzz::parts(input);
    let json = parts[0];
    let beside = parts.get(1).copied().unwrap_or_default();
    for function in [json::validate, json::validate_member, json::derive] {
        said(function(json));
    }
    for function in [json::validate_roster, json::explain] {
        said(function(json, beside));
    }
    if let Err(problem) = json::answer(json, beside.to_vec()) {
        check_problem(&problem);
    }
    match Config::parse(json) {
        Ok(config) => {
            let settings = config.settings();
            check_origin(&settings.graph_endpoint, settings.graph_endpoint.base());
            assert!(config.cloud().is_none_or(|cloud| settings.graph_endpoint == cloud.into()));
        }
        Err(problem) => check_problem(&problem),
    }
    match OperationRequest::parse(json, beside.to_vec()) {
        Ok(request) => begin(request),
        Err(problem) => check_problem(&problem),
    }
});

fn said(result: Result<String, Problem>) {
    match result {
        Ok(text) => drop(agentuser_fuzz::json(&text)),
        Err(problem) => check_problem(&problem),
    }
}

/// The first step of an operation, as JSON.
fn begin(request: OperationRequest) {
    let session = Session::new(Config::default().settings());
    let mut operation = json::start(&session, 0, request);
    for _ in 0..1_000 {
        let step = operation.poll(Now::default());
        let last = matches!(step, Step::Wait(_) | Step::Done(_));
        if let Step::Send(requests) = &step {
            requests
                .iter()
                .for_each(|one| check_origin(&session.settings().graph_endpoint, &one.request.url));
        }
        let (text, bodies) = json::step_json(step);
        let text = agentuser_fuzz::json(&text);
        assert!(text["step"].is_string());
        for (_, body) in bodies {
            drop(agentuser_fuzz::json(&String::from_utf8(body).expect("a body is JSON")));
        }
        if last {
            return;
        }
    }
    panic!("no end of steps without an answer");
}
