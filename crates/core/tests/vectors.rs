//! The shared cases in tests/vectors, which every language runs.
//!
//! `AGENTUSER_WRITE_VECTORS=1 cargo test -p agentuser-core --test vectors` writes what comes out into the files: read
//! the difference before you commit it. A new case of an operation names its answers by `path`, the beginning of the
//! request's URL after the root; what is written names the whole `url`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

use agentuser_core::Now;
use agentuser_core::json::{self, Config, OperationRequest, UserPage};
use agentuser_core::operation::{Accepted, Limits, RequestId, Session, Step};
use serde_json::{Value, json};
use std::path::PathBuf;

const ROOT: &str = "https://graph.microsoft.com/v1.0";

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors")
}

/// The outcome of a case, as its file has it.
fn outcome(case: &Value) -> Value {
    let input = case["input"].as_str().unwrap_or_default().as_bytes();
    match case.get("function").and_then(Value::as_str) {
        Some(function) => {
            let request = case["request"].to_string();
            let request = request.as_bytes();
            let result = match function {
                "validate" => json::validate(request),
                "validateMember" => json::validate_member(request),
                "validateRoster" => json::validate_roster(request, input),
                "derive" => json::derive(request),
                "explainCode" => json::explain_code(request),
                "accessPolicies" => json::access_policies(request),
                "consentUrl" => json::consent_url(request),
                "explain" => json::explain(request, input),
                "renderReport" => json::render_report(request, input),
                other => panic!("no function {other}"),
            };
            match result {
                Ok(result) => json!({ "result": parsed(&result) }),
                Err(problem) => json!({ "problem": parsed(&problem.to_json()) }),
            }
        }
        None => operation(case, input),
    }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Runs an operation against the case's answers.
fn operation(case: &Value, input: &[u8]) -> Value {
    let start = match OperationRequest::parse(case["operation"].to_string().as_bytes(), input.to_vec()) {
        Ok(start) => start,
        Err(problem) => return json!({ "exchange": [], "problem": without_ids(parsed(&problem.to_json())) }),
    };
    // The files say how each request is answered.
    let limits = Limits { batch: 1, ..Limits::default() };
    let session = Session::new(Config::parse(b"{}").unwrap().settings()).with_limits(limits);
    let mut operation = json::start(&session, 0, start);
    let mut answers: Vec<Value> = case["exchange"].as_array().unwrap().clone();
    let mut exchange: Vec<(usize, Value)> = Vec::new();
    let mut places: Vec<usize> = (0..answers.len()).collect();
    let mut items: Vec<Value> = Vec::new();
    let mut now = Now::default();
    loop {
        let step = operation.poll(now);
        if let Step::Item(item) = &step {
            items.push(without_ids(parsed(&item.to_json())));
            continue;
        }
        let (text, bodies) = json::step_json(step);
        let step = parsed(&text);
        match step["step"].as_str().unwrap() {
            "send" => {
                for request in step["requests"].as_array().unwrap() {
                    let id = RequestId::from_number(request["id"].as_u64().unwrap());
                    let body = bodies.iter().find(|(of, _)| *of == id).map(|(_, body)| body.as_slice());
                    let sent = sent(request, body);
                    let found = answers.iter().position(|answer| matches(answer, &sent));
                    let found = found.unwrap_or_else(|| panic!("{}: nobody expects {sent}", case["name"]));
                    let answer = answers.remove(found);
                    let place = places.remove(found);
                    let accepted = operation.answer(id, json_answer(&answer["answer"]));
                    assert_eq!(accepted, Accepted::Used);
                    let mut entry = sent;
                    entry["answer"] = answer["answer"].clone();
                    exchange.push((place, entry));
                }
            }
            "wait" => now.mono = std::time::Duration::from_millis(step["untilMs"].as_u64().unwrap()),
            "event" => {}
            "done" => {
                assert_eq!(answers, Vec::<Value>::new(), "{}: never asked for", case["name"]);
                exchange.sort_by_key(|(place, _)| *place);
                items.sort_by_key(ToString::to_string);
                return ended(exchange.into_iter().map(|(_, entry)| entry).collect(), items, &step);
            }
            other => panic!("{}: {other}", case["name"]),
        }
    }
}

/// The outcome of an operation that has ended with this step.
fn ended(exchange: Vec<Value>, items: Vec<Value>, done: &Value) -> Value {
    let mut outcome = json!({ "exchange": exchange });
    if !items.is_empty() {
        outcome["items"] = items.into();
    }
    for end in ["result", "problem"] {
        if let Some(value) = done.get(end) {
            outcome[end] = without_ids(value.clone());
        }
    }
    outcome
}

/// The same without the ids that each run draws anew.
fn without_ids(mut value: Value) -> Value {
    match &mut value {
        Value::Array(items) => items.iter_mut().for_each(|item| *item = without_ids(item.take())),
        Value::Object(members) => {
            members.retain(|name, _| !["runId", "clientRequestId"].contains(&name.as_str()));
            members.values_mut().for_each(|member| *member = without_ids(member.take()));
        }
        _ => {}
    }
    value
}

/// A request as the files have it.
fn sent(request: &Value, body: Option<&[u8]>) -> Value {
    let url = request["url"].as_str().unwrap().strip_prefix(ROOT).unwrap();
    let mut sent = json!({ "method": request["method"], "url": url });
    if let Some(body) = body {
        let headers =
            request["headers"].as_array().unwrap().iter().filter(|header| header[0] != "client-request-id");
        assert_eq!(headers.collect::<Vec<_>>(), [&json!(["Content-Type", "application/json"])]);
        sent["body"] = serde_json::from_slice(body).unwrap();
    }
    sent
}

fn matches(answer: &Value, sent: &Value) -> bool {
    let url = sent["url"].as_str().unwrap();
    answer["method"] == sent["method"]
        && match answer.get("url") {
            Some(whole) => whole == url && answer.get("body") == sent.get("body"),
            None => url.starts_with(answer["path"].as_str().unwrap()),
        }
}

fn json_answer(answer: &Value) -> agentuser_core::operation::Answer {
    let body = match &answer["body"] {
        Value::Null => Vec::new(),
        body => body.to_string().replace("{root}", ROOT).into_bytes(),
    };
    let mut headers = answer.get("headers").cloned().unwrap_or_else(|| json!([]));
    headers.as_array_mut().unwrap().push(json!(["Content-Type", "application/json"]));
    let message = json!({ "answer": "response", "status": answer["status"], "headers": headers, "token": 1 });
    json::answer(message.to_string().as_bytes(), body).unwrap()
}

#[test]
fn every_case_comes_to_what_its_file_says() {
    let write = std::env::var_os("AGENTUSER_WRITE_VECTORS").is_some();
    let mut cases = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let mut file = parsed(&std::fs::read_to_string(&path).unwrap());
        for case in file["cases"].as_array_mut().unwrap() {
            cases += 1;
            let outcome = outcome(case);
            if write {
                case.as_object_mut()
                    .unwrap()
                    .retain(|name, _| !matches!(name.as_str(), "result" | "problem"));
                case.as_object_mut().unwrap().extend(outcome.as_object().unwrap().clone());
            } else {
                for part in ["exchange", "items", "result", "problem"] {
                    assert_eq!(
                        outcome.get(part),
                        case.get(part),
                        "{}: {}, {part}",
                        path.display(),
                        case["name"]
                    );
                }
            }
        }
        if write {
            std::fs::write(&path, format!("{file:#}\n")).unwrap();
        }
    }
    assert!(cases > 80, "only {cases} cases");
}

#[test]
fn pages_of_the_vectors_read_the_same_verbatim() {
    let file = parsed(&std::fs::read_to_string(folder().join("requests.json")).unwrap());
    let mut pages = 0;
    for case in
        file["cases"].as_array().unwrap().iter().filter(|case| case["operation"]["operation"] == "list")
    {
        for page in case["items"].as_array().unwrap() {
            let text = page.to_string();
            let page = UserPage::parse(&text).unwrap();
            let records: Vec<Value> = (0..page.len()).map(|row| parsed(page.record(row).unwrap())).collect();
            assert_eq!(Value::Array(records), parsed(&text));
            pages += 1;
        }
    }
    assert!(pages > 1);
}
