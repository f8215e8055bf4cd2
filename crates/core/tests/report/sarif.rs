//! SARIF 2.1.0 of findings, held against the rules of its schema that concern what is written.

use crate::common::{audit, finding, mixed, written};
use agentuser_core::report::{Format, Places};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

fn log(report: &Value, places: Option<Places>) -> Value {
    serde_json::from_str(&written(report, Format::Sarif, places)).unwrap()
}

/// The schema closes each of these objects: members that it requires, and all that it knows of those that are written.
const OBJECTS: [(&str, &[&str], &[&str]); 14] = [
    ("log", &["version", "runs"], &["$schema", "version", "runs"]),
    ("run", &["tool"], &["tool", "automationDetails", "invocations", "results"]),
    ("tool", &["driver"], &["driver"]),
    ("driver", &["name"], &["name", "version", "rules"]),
    ("rule", &["id"], &["id", "shortDescription", "defaultConfiguration"]),
    ("configuration", &[], &["level"]),
    (
        "invocation",
        &["executionSuccessful"],
        &["executionSuccessful", "startTimeUtc", "toolExecutionNotifications"],
    ),
    ("notification", &["message"], &["level", "message"]),
    (
        "result",
        &["message"],
        &[
            "ruleId",
            "ruleIndex",
            "kind",
            "level",
            "message",
            "locations",
            "partialFingerprints",
            "suppressions",
            "baselineState",
            "properties",
        ],
    ),
    ("message", &[], &["text"]),
    ("location", &[], &["logicalLocations", "physicalLocation"]),
    ("logicalLocation", &[], &["fullyQualifiedName", "kind"]),
    ("physicalLocation", &[], &["artifactLocation", "region"]),
    ("suppression", &["kind"], &["kind", "status", "justification"]),
];

fn closed<'a>(name: &str, value: &'a Value) -> &'a Map<String, Value> {
    let members = value.as_object().unwrap_or_else(|| panic!("{name} is not an object: {value}"));
    let (_, required, known) = OBJECTS.iter().find(|(known, ..)| *known == name).unwrap();
    assert!(required.iter().all(|member| members.contains_key(*member)), "{name}: {value}");
    let unknown: Vec<_> = members.keys().filter(|member| !known.contains(&member.as_str())).collect();
    assert!(unknown.is_empty(), "{name}: {unknown:?}");
    members
}

fn each<'a>(name: &str, members: &'a Map<String, Value>, list: &str) -> Vec<&'a Map<String, Value>> {
    let values = members.get(list).and_then(Value::as_array).into_iter().flatten();
    values.map(|value| closed(name, value)).collect()
}

fn one_of(value: Option<&Value>, words: &[&str]) {
    if let Some(value) = value {
        assert!(words.contains(&value.as_str().unwrap()), "{value} is not one of {words:?}");
    }
}

const LEVELS: [&str; 4] = ["none", "note", "warning", "error"];

fn check_message(value: &Value) {
    let text = closed("message", value)["text"].as_str().unwrap();
    assert!(!text.is_empty(), "a message has text or an id");
}

fn check_result(result: &Map<String, Value>, rules: &[&str]) {
    check_message(&result["message"]);
    one_of(result.get("level"), &LEVELS);
    one_of(result.get("kind"), &["notApplicable", "pass", "fail", "review", "open", "informational"]);
    one_of(result.get("baselineState"), &["new", "unchanged", "updated", "absent"]);
    // SARIF, "level property": a level other than none belongs to what fails.
    assert_eq!(result["kind"] == "fail", result["level"] != "none", "{result:?}");
    if let Some(index) = result.get("ruleIndex") {
        assert_eq!(result["ruleId"], rules[usize::try_from(index.as_u64().unwrap()).unwrap()]);
    }
    for location in each("location", result, "locations") {
        assert!(!each("logicalLocation", location, "logicalLocations").is_empty());
        let Some(physical) = location.get("physicalLocation") else { continue };
        let physical = closed("physicalLocation", physical);
        let uri = physical["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"\\^`{|}".contains(&byte)), "{uri}");
        assert!(physical.get("region").is_none_or(|region| region["startLine"].as_u64().unwrap() >= 1));
    }
    for suppression in each("suppression", result, "suppressions") {
        one_of(suppression.get("kind"), &["inSource", "external"]);
        one_of(suppression.get("status"), &["accepted", "underReview", "rejected"]);
    }
    assert!(result["partialFingerprints"].as_object().unwrap().values().all(Value::is_string));
}

/// Holds a log against the schema. Gives its results.
fn check(log: &Value) -> Vec<Map<String, Value>> {
    let log = closed("log", log);
    assert_eq!(log["version"], "2.1.0");
    let run = each("run", log, "runs").remove(0);
    let driver = closed("driver", &closed("tool", &run["tool"])["driver"]);
    let rules = each("rule", driver, "rules");
    let ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "rules are unique");
    for rule in &rules {
        one_of(closed("configuration", &rule["defaultConfiguration"]).get("level"), &LEVELS);
        check_message(&rule["shortDescription"]);
    }
    for invocation in each("invocation", run, "invocations") {
        assert!(invocation["startTimeUtc"].as_str().is_none_or(|moment| moment.ends_with('Z')));
        for notification in each("notification", invocation, "toolExecutionNotifications") {
            one_of(notification.get("level"), &LEVELS);
            check_message(&notification["message"]);
        }
    }
    let results = each("result", run, "results");
    results.iter().for_each(|result| check_result(result, &ids));
    results.into_iter().cloned().collect()
}

#[test]
fn findings_are_results_in_their_rows() {
    let roster = "userPrincipalName\nagent.00002@contoso.com\n\"agent.00004@contoso.com\"\n";
    let places = Places::of("my rosters/äb.csv", roster.as_bytes());
    let log = log(&mixed(), Some(places));
    let results = check(&log);
    let line = |at: usize| &results[at]["locations"][0]["physicalLocation"]["region"]["startLine"];
    assert_eq!((line(0), line(1), line(2)), (&Value::from(3), &Value::from(2), &Value::Null));
    let uri = &results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "my%20rosters/%C3%A4b.csv");
    assert_eq!((&results[0]["level"], &results[0]["baselineState"]), (&"error".into(), &"new".into()));
    assert_eq!(
        results[0]["message"]["text"],
        "It has no sponsor: nobody is answerable for it. Fix: agentuser sponsor add agent.00004@contoso.com SPONSOR"
    );
    assert_eq!(results[1]["properties"]["evidence"]["days"], 12);
    assert_eq!(results[2]["suppressions"][0]["justification"], "A pilot.");
    assert_eq!((&results[3]["kind"], &results[3]["level"]), (&"open".into(), &"none".into()));
    let said = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(said, "The permission AuditLog.Read.All is missing: no-sign-in.");
}

#[test]
fn no_findings_and_many_are_sound() {
    assert_eq!(check(&log(&audit(vec![]), None)).len(), 0);
    let many =
        (0..500).map(|at| finding("unknown-rule", ["high", "medium", "low", "info"][at % 4], at)).collect();
    let results = check(&log(&audit(many), None));
    let prints: BTreeSet<_> =
        results.iter().map(|result| result["partialFingerprints"].to_string()).collect();
    assert_eq!((results.len(), prints.len()), (500, 500));
    assert!(results.iter().all(|result| !result.contains_key("ruleIndex")));
}
