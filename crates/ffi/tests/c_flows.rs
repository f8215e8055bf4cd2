//! The flows of tests/flows, by a program in C that passes every text on to the library.
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
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::io::{Read, Write};
use std::net::TcpStream;

/// A flow. No other member is known, so that a misspelled one fails.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Flow {
    title: String,
    #[serde(default)]
    not_in: BTreeMap<String, String>,
    #[serde(default)]
    simulator: Map<String, Value>,
    #[serde(default)]
    client: Map<String, Value>,
    #[serde(default)]
    secret: String,
    refused: Option<Value>,
    tokens: Option<VecDeque<Token>>,
    #[serde(default)]
    never: Vec<String>,
    #[serde(default)]
    steps: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Token {
    Text(String),
    Fails { fails: String },
    Approves { approves: String },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Step {
    Operation(Box<Operation>),
    Act(Act),
}

/// A request to the simulator's own endpoints.
#[derive(Deserialize, Clone, PartialEq)]
#[serde(deny_unknown_fields)]
struct Order {
    order: String,
    body: Value,
    #[serde(default)]
    save: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Operation {
    operation: Value,
    input: Option<String>,
    input_file: Option<String>,
    #[serde(default)]
    input_result: bool,
    when: Option<When>,
    #[serde(default)]
    records: bool,
    #[serde(default)]
    save: BTreeMap<String, String>,
    expect: Expect,
}

/// At the first wait for that reason, something happens.
#[derive(Deserialize)]
struct When {
    waiting: String,
    #[serde(flatten)]
    act: Act,
}

#[derive(Deserialize, Clone, PartialEq)]
#[serde(rename_all = "camelCase")]
enum Act {
    Cancel(bool),
    Revoke(String),
    Stop(bool),
    #[serde(untagged)]
    Order(Order),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    #[serde(default, deserialize_with = "given")]
    result: Option<Value>,
    problem: Option<Value>,
    items: Option<Value>,
    pages: Option<Value>,
    #[serde(default)]
    outcomes: BTreeMap<String, Value>,
    #[serde(default)]
    some: Vec<Value>,
    #[serde(default)]
    events: Vec<Value>,
    #[serde(default)]
    records: Vec<Value>,
    demands: Option<Value>,
    stats: Option<Value>,
}

/// A null that is given is a value.
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// The first place where `found` does not match, with both values.
fn mismatch(expected: &Value, found: &Value, path: &str) -> Option<String> {
    let wrong = || Some(format!("{path}: {found} does not match {expected}"));
    match (expected, found) {
        (Value::Object(rules), _) if rules.keys().any(|rule| rule.starts_with('$')) => {
            let size = found.as_array().map_or_else(|| found.as_f64(), |items| Some(items.len() as f64));
            let holds = rules.iter().all(|(rule, value)| match rule.as_str() {
                "$least" => size.is_some_and(|size| size >= value.as_f64().unwrap()),
                "$most" => size.is_some_and(|size| size <= value.as_f64().unwrap()),
                "$contains" => found.as_str().is_some_and(|text| text.contains(value.as_str().unwrap())),
                "$in" => value.as_array().unwrap().contains(found),
                other => panic!("{path}: there is no {other}"),
            });
            if holds { None } else { wrong() }
        }
        (Value::Object(members), Value::Object(_)) => {
            members.iter().find_map(|(name, value)| mismatch(value, &found[name], &format!("{path}.{name}")))
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            let mut places = items.iter().zip(others).enumerate();
            places.find_map(|(at, (item, other))| mismatch(item, other, &format!("{path}[{at}]")))
        }
        _ if expected == found => None,
        _ => wrong(),
    }
}

/// A request to the simulator's own endpoints.
fn control(endpoint: &str, method: &str, path: &str, body: &str) -> Value {
    let host = endpoint.strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(host).unwrap();
    let head = format!(
        "{method} /simulator/{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\n"
    );
    write!(connection, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
    serde_json::from_str(body).unwrap()
}

/// The events and the records of an operation.
#[derive(Default)]
struct Told {
    events: Vec<Value>,
    records: Vec<Value>,
}

/// Plays one flow.
struct Player<'a> {
    bridge: &'a mut Bridge,
    endpoint: String,
    token: String,
    tokens: Option<VecDeque<Token>>,
    demands: Vec<Value>,
    saved: BTreeMap<String, String>,
    shown: String,
}

impl Player<'_> {
    fn ok(&mut self, command: &str, text: &str) {
        assert_eq!(self.bridge.ask(command, [text.as_bytes(), b""]), ["ok"]);
    }

    fn play(&mut self, flow: &Flow) {
        let mut config = flow.client.clone();
        config.insert("graphEndpoint".to_owned(), self.endpoint.as_str().into());
        let config = Value::from(config).to_string();
        let made = self.bridge.ask("client", [config.as_bytes(), flow.secret.as_bytes()]);
        match &flow.refused {
            None => assert_eq!(made, ["ok"]),
            Some(expected) => {
                assert!(made[0] == "problem" && flow.steps.is_empty(), "{made:?}");
                let problem = self.bridge.json(&made[1]);
                self.shown += &problem.to_string();
                assert_eq!(mismatch(expected, &problem, "refused"), None, "{problem}");
            }
        }
        let mut plan = String::new();
        for (number, step) in flow.steps.iter().enumerate() {
            let text = self.filled(&step.to_string());
            match serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text} can't be played")) {
                Step::Act(act) => self.act(act),
                Step::Operation(operation) => {
                    let result = self.operation(&operation, &plan, &format!("step {}", number + 1));
                    if !operation.save.is_empty() {
                        plan = result.to_string();
                    }
                    self.save(operation.save, &result);
                }
            }
        }
        for text in &flow.never {
            assert!(!self.shown.contains(text), "{text} is shown: {}", self.shown);
        }
    }

    /// The text with the texts that earlier steps have saved.
    fn filled(&self, text: &str) -> String {
        let texts = self.saved.iter();
        texts.fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    fn save(&mut self, save: BTreeMap<String, String>, from: &Value) {
        let texts = save.into_iter().map(|(name, pointer)| {
            let text = from.pointer(&pointer).and_then(Value::as_str).map(str::to_owned);
            (name, text.unwrap_or_else(|| panic!("{from} has no text at {pointer}")))
        });
        self.saved.extend(texts);
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Cancel(true) => self.ok("cancel", ""),
            Act::Stop(true) => self.ok("stop", ""),
            Act::Revoke(token) => {
                control(&self.endpoint, "POST", "revoke", &json!({"token": token}).to_string());
            }
            Act::Order(Order { order, body, save }) => {
                let answer = control(&self.endpoint, "POST", &order, &body.to_string());
                self.save(save, &answer);
            }
            Act::Cancel(false) | Act::Stop(false) => panic!("false can't be played"),
        }
    }

    fn sign_in(&mut self, demand: Value) {
        let (id, code) = (demand["demandId"].to_string(), demand["userCode"].clone());
        self.demands.push(demand);
        let token = match &mut self.tokens {
            None => self.token.clone(),
            Some(tokens) => match tokens.pop_front().expect("more demands than tokens") {
                Token::Text(token) => self.filled(&token),
                Token::Fails { fails } => return self.ok("demand_failed", &fails),
                Token::Approves { approves } => {
                    let decision = json!({"userCode": code, "user": approves});
                    control(&self.endpoint, "POST", "device-code", &decision.to_string());
                    return;
                }
            },
        };
        assert_eq!(self.bridge.ask("answer", [token.as_bytes(), id.as_bytes()]), ["ok"]);
    }

    /// Runs an operation to its end and checks that; the result.
    fn operation(&mut self, step: &Operation, plan: &str, name: &str) -> Value {
        let file = step.input_file.as_ref().map(|path| std::fs::read_to_string(root().join(path)).unwrap());
        let plan = step.input_result.then(|| plan.to_owned());
        let input = step.input.clone().or(file).or(plan).unwrap_or_default();
        let (mut items, mut told, before) = (Vec::new(), Told::default(), self.demands.len());
        let mut operation = step.operation.clone();
        if step.records {
            operation["records"] = json!(["requests", "changes"]);
        }
        let mut when = step.when.as_ref();
        let mut answer = self.bridge.ask("start", [operation.to_string().as_bytes(), input.as_bytes()]);
        let (part, value) = loop {
            if answer[0] == "ok" {
                answer = self.bridge.ask("wait", [b"", b""]);
            }
            let value = self.bridge.json(&answer[1]);
            match answer[0].as_str() {
                "item" => items.push(value),
                "event" => {
                    told.events.push(value.clone());
                    if let Some(When { act, .. }) = when.filter(|when| value["why"] == when.waiting.as_str())
                    {
                        self.act(act.clone());
                        when = None;
                    }
                }
                "record" => told.records.push(value),
                "demand" => self.sign_in(value),
                "done" => break ("result", value),
                _ => break ("problem", value),
            }
            answer = vec!["ok".to_owned()];
        };
        assert!(when.is_none(), "{name}: there was no such wait");
        self.shown += &format!("{value}{items:?}{:?}", told.records);
        let mut found = json!({ part: value, "demands": self.demands[before..] });
        found["pages"] = items.iter().filter_map(Value::as_array).map(Vec::len).collect();
        let items: Vec<Value> = items
            .into_iter()
            .flat_map(|item| item.as_array().cloned().unwrap_or_else(|| vec![item]))
            .collect();
        found["items"] = items.len().into();
        self.check(&step.expect, &found, &items, &told, name);
        found["result"].take()
    }

    fn check(&self, expect: &Expect, found: &Value, items: &[Value], told: &Told, name: &str) {
        let mut found = found.clone();
        if expect.stats.is_some() {
            found["stats"] = control(&self.endpoint, "GET", "stats", "");
        }
        let Expect { result, problem, items: count, pages, demands, stats, .. } = expect;
        let nothing = found.get("problem").map(|_| Value::Null);
        let problem = problem.as_ref().or(nothing.as_ref());
        let parts = [("result", result.as_ref()), ("problem", problem), ("items", count.as_ref())];
        let others = [("pages", pages.as_ref()), ("demands", demands.as_ref()), ("stats", stats.as_ref())];
        for (part, expected) in parts.into_iter().chain(others) {
            if let Some(wrong) = expected.and_then(|expected| mismatch(expected, &found[part], part)) {
                panic!("{name}: {wrong}; it ended with {found}");
            }
        }
        for (outcome, expected) in &expect.outcomes {
            let count = items.iter().filter(|item| item["outcome"] == outcome.as_str()).count();
            assert_eq!(mismatch(expected, &count.into(), outcome), None, "{name}: {items:?}");
        }
        for (part, expected, among) in [
            ("some", &expect.some, items),
            ("events", &expect.events, &told.events[..]),
            ("records", &expect.records, &told.records[..]),
        ] {
            for one in expected {
                let is_there = among.iter().any(|other| mismatch(one, other, "$").is_none());
                assert!(is_there, "{name}: {part}: none is {one} of {among:?}");
            }
        }
    }
}

#[test]
fn every_flow_ends_as_it_says_through_c() {
    if !have("gcc") {
        return;
    }
    let mut bridge = Bridge::start("flows", &["flows.c", "support.c"]);
    let mut played = 0;
    for entry in std::fs::read_dir(root().join("tests/flows")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let mut flow: Flow =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let bindings = ["c", "python", "node", "browser", "dotnet", "powershell"];
        assert!(flow.not_in.keys().all(|binding| bindings.contains(&binding.as_str())), "{:?}", flow.not_in);
        if flow.not_in.contains_key("c") {
            continue;
        }
        println!("{}: {}", path.display(), flow.title);
        let mut options = flow.simulator.clone();
        options.entry("latencyMs").or_insert_with(|| json!([0, 0]));
        options.entry("token").or_insert_with(|| json!("admin"));
        let words = bridge.ask("simulator", [Value::from(options).to_string().as_bytes(), b""]);
        let tokens = flow.tokens.take();
        let (endpoint, token) = (words[1].clone(), words[2].clone());
        let mut player = Player {
            bridge: &mut bridge,
            endpoint,
            token,
            tokens,
            demands: Vec::new(),
            saved: BTreeMap::new(),
            shown: String::new(),
        };
        player.play(&flow);
        played += 1;
    }
    bridge.end();
    assert!(played > 20, "{played}");
}
