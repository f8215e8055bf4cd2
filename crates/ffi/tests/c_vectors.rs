//! The shared cases of tests/vectors, by a program in C: it passes every text on to the library and back to the letter,
//! and here is compared what came.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod common;

use common::bridge::Bridge;
use common::{have, root};
use serde_json::{Value, json};

const ROOT: &str = "https://graph.microsoft.com/v1.0";

/// The program in C.
struct Vectors(Bridge);

impl Vectors {
    fn function(&mut self, name: &str, request: &Value, input: &str) -> Value {
        let answer =
            self.0.ask(&format!("function {name}"), [request.to_string().as_bytes(), input.as_bytes()]);
        json!({ &*answer[0]: self.0.json(&answer[1]) })
    }

    /// Runs an operation against the case's answers.
    fn operation(&mut self, case: &Value, input: &str) -> Value {
        let made = self.0.ask("operation", [case["operation"].to_string().as_bytes(), input.as_bytes()]);
        if made[0] == "problem" {
            return json!({ "problem": without_ids(self.0.json(&made[1])) });
        }
        let mut expected = case["exchange"].as_array().unwrap().clone();
        let mut items = Vec::new();
        let mut now = 0;
        loop {
            let polled = self.0.ask(&format!("poll {now}"), [b"", b""]);
            let step = self.0.json(&polled[2]);
            let bodies: Vec<(u64, Value)> = (0..polled[3].parse().unwrap())
                .map(|_| {
                    let body = self.0.line();
                    (body[1].parse().unwrap(), self.0.json(&body[2]))
                })
                .collect();
            match step["step"].as_str().unwrap() {
                "send" => {
                    for request in step["requests"].as_array().unwrap() {
                        let id = request["id"].as_u64().unwrap();
                        let body = bodies.iter().find(|(of, _)| *of == id).map(|(_, body)| body);
                        let url = request["url"].as_str().unwrap().strip_prefix(ROOT).unwrap();
                        let place = expected.iter().position(|one| {
                            one["method"] == request["method"] && one["url"] == url && one.get("body") == body
                        });
                        let place =
                            place.unwrap_or_else(|| panic!("{}: nobody expects {request}", case["name"]));
                        self.answer(id, &expected.remove(place)["answer"]);
                    }
                }
                "item" => items.push(without_ids(step["item"]["value"].clone())),
                "wait" => now = step["untilMs"].as_u64().unwrap(),
                "event" => {}
                "done" => {
                    assert_eq!(expected, Vec::<Value>::new(), "{}: never asked for", case["name"]);
                    items.sort_by_key(ToString::to_string);
                    let mut outcome = without_ids(step);
                    outcome.as_object_mut().unwrap().remove("step");
                    if !items.is_empty() {
                        outcome["items"] = items.into();
                    }
                    return outcome;
                }
                other => panic!("{}: {other}", case["name"]),
            }
        }
    }

    fn answer(&mut self, id: u64, answer: &Value) {
        let body = match &answer["body"] {
            Value::Null => String::new(),
            body => body.to_string().replace("{root}", ROOT),
        };
        let mut headers = answer.get("headers").cloned().unwrap_or_else(|| json!([]));
        headers.as_array_mut().unwrap().push(json!(["Content-Type", "application/json"]));
        let message =
            json!({"answer": "response", "status": answer["status"], "headers": headers, "token": 1});
        let accepted = self.0.ask(&format!("answer {id}"), [message.to_string().as_bytes(), body.as_bytes()]);
        assert_eq!(accepted, ["accepted", "1"]);
    }
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

#[test]
fn every_case_comes_to_the_same_through_c() {
    if !have("gcc") {
        return;
    }
    let mut bridge = Vectors(Bridge::start("vectors", &["vectors.c"]));
    let mut cases = 0;
    for entry in std::fs::read_dir(root().join("tests/vectors")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let file: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for case in file["cases"].as_array().unwrap() {
            let input = case["input"].as_str().unwrap_or_default();
            let outcome = match case["function"].as_str() {
                Some(function) => bridge.function(function, &case["request"], input),
                None => bridge.operation(case, input),
            };
            for part in ["items", "result", "problem"] {
                assert_eq!(outcome.get(part), case.get(part), "{}: {}, {part}", path.display(), case["name"]);
            }
            cases += 1;
        }
    }
    bridge.0.end();
    println!("{cases} cases");
    assert!(cases > 20, "{cases}");
}
