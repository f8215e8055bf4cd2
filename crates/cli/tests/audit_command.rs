//! Audits: of a simulated tenant with every finding once, of snapshots, and of bad input.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::simulator::Simulator;
use common::{TOKEN, agentuser, end, run};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The permissions of a caller who may read agent users, and not what is around them.
const HALF: &str = r#"["User.Read.All", "Organization.Read.All", "GroupMember.Read.All"]"#;

fn troubled() -> Simulator {
    Simulator::start(&["--tenant", "troubled"])
}

/// The writes that changed something. Graph's What-If is asked by POST, and changes nothing.
fn changes(sim: &Simulator) -> u64 {
    let stats = sim.stats();
    stats["writes"].as_u64().unwrap() - stats["writesWithoutChange"].as_u64().unwrap()
}

/// A folder for the files of a test.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.text(name)).unwrap()
    }

    /// Writes the file, and gives its path.
    fn write(&self, name: &str, content: &str) -> String {
        std::fs::write(self.path(name), content).unwrap();
        self.path(name)
    }
}

/// The rules of the findings that were printed as JSON, each once.
fn rules(findings: &[Value]) -> BTreeSet<&str> {
    findings.iter().filter_map(|one| one["rule"].as_str()).collect()
}

#[test]
fn every_form_of_report_has_every_finding() {
    let (sim, folder) = (troubled(), Folder::new());
    let names = ["r.html", "r.xlsx", "r.csv", "r.json", "r.sarif", "r.xml"];
    let paths = names.map(|name| folder.path(name));
    let reports: Vec<&str> = paths.iter().flat_map(|path| ["--report", path]).collect();
    let ended = sim.run(&[&["audit", "--beta", "--json"], &reports[..]].concat());
    ended.done(&[]);
    let lines = ended.json();
    let (head, findings) = lines.split_first().unwrap();
    assert_eq!((&head["kind"], head["rules"].as_array().unwrap().len()), (&"agentuserAudit".into(), 29));
    assert_eq!(rules(findings).len(), 29, "{:?}", rules(findings));
    assert!(findings.iter().all(|one| one["state"] == "found"));
    assert_eq!(changes(&sim), 0);

    let count = findings.len();
    let page = folder.text("r.html");
    assert!(page.contains("agentuser sponsor add no.sponsor@contoso.com SPONSOR"));
    for one in findings {
        let name = one["user"]["userPrincipalName"].as_str().or(one["subject"]["name"].as_str()).unwrap();
        assert!(page.contains(name) && folder.text("r.csv").contains(name), "{name}");
    }
    assert_eq!(folder.text("r.csv").lines().count(), count + 1);
    assert!(std::fs::read(folder.path("r.xlsx")).unwrap().starts_with(b"PK"));
    assert_eq!(folder.json("r.json")["findings"].as_array().unwrap().len(), count);
    assert_eq!(folder.json("r.sarif")["runs"][0]["results"].as_array().unwrap().len(), count);
    assert!(folder.text("r.xml").contains(&format!("failures=\"{count}\"")));
    // A page made of the report in JSON is the same, except for the time that the reading took.
    run(&["report", &folder.path("r.json"), "--report", &folder.path("again.html")]).done(&[]);
    assert!(folder.text("again.html").contains("no.sponsor@contoso.com"));
}

#[test]
fn rules_are_chosen_by_name_and_by_severity() {
    let sim = troubled();
    let lines = sim.json(&["audit", "--rules", "no-sponsor,parent-gone"]);
    assert_eq!(rules(&lines[1..]), BTreeSet::from(["no-sponsor", "parent-gone"]));
    let lines = sim.json(&["audit", "--severity", "medium"]);
    let severities: BTreeSet<&str> = lines[1..].iter().map(|one| one["severity"].as_str().unwrap()).collect();
    assert_eq!(severities, BTreeSet::from(["high", "medium"]));
    assert!(lines[0]["rules"].as_array().unwrap().iter().all(|rule| rule["rule"] != "idle"));
    let one = sim.run(&["audit", "--rules", "no-usage-location"]);
    one.done(&["no.usage.location@contoso.com", "agentuser update", "FOUND  CLEAN  NOT CHECKED"]);
    let listed = run(&["audit", "--list-rules"]);
    listed.done(&["parent-gone", "high", "risky", "attestation-due"]);
    sim.run(&["audit", "--rules", "no-sponsors,idle", "--now", "yesterday"])
        .failed(1, &["no-sponsors", "Use no-sponsor.", "now"]);
    sim.run(&["audit", "--severity", "grave"]).failed(2, &["high, medium, low, info"]);
    sim.run(&["audit", "--fix", "idle"]).failed(2, &["--out"]);
}

#[test]
fn exit_codes_tell_findings_from_what_was_not_checked() {
    let sim = troubled();
    let code = |sim: &Simulator, arguments: &[&str]| sim.run(&[&["audit"], arguments].concat()).code;
    assert_eq!(code(&sim, &[]), 0);
    assert_eq!(code(&sim, &["--fail-on", "high"]), 12);
    assert_eq!(code(&sim, &["--rules", "no-manager", "--fail-on", "low"]), 12);
    assert_eq!(code(&sim, &["--rules", "no-manager", "--fail-on", "medium"]), 0);

    let options = format!(r#"{{"tenant": "troubled", "permissions": {HALF}}}"#);
    let half = Simulator::start_with(&["--options", "-"], &options);
    let parents = half.run(&["audit", "--rules", "parent-gone", "--fail-on", "high"]);
    assert_eq!(parents.code, 13, "{parents:#?}");
    assert!(parents.stdout.contains("AgentIdentity.Read.All"), "{parents:#?}");
    // A finding decides the exit code, even where another rule could not be checked.
    assert_eq!(code(&half, &["--rules", "parent-gone,no-sponsor", "--fail-on", "medium"]), 12);
    assert_eq!(code(&half, &["--rules", "parent-gone"]), 0);
}

#[test]
fn a_token_without_half_the_permissions_clears_nobody_unseen() {
    let options = format!(r#"{{"tenant": "troubled", "permissions": {HALF}}}"#);
    let (half, whole) = (Simulator::start_with(&["--options", "-"], &options), troubled());
    let (half, whole) = (half.json(&["audit", "--beta"]), whole.json(&["audit", "--beta"]));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let key = |one: &Value| (text(&one["rule"]), text(&one["subject"]["name"]));
    let found = |lines: &[Value]| -> BTreeSet<(String, String)> {
        lines[1..].iter().filter(|one| one["state"] == "found").map(key).collect()
    };
    let (seen, all) = (found(&half), found(&whole));
    assert!(seen.is_subset(&all) && seen.len() < all.len(), "{:?}", seen.difference(&all));
    let unknown: Vec<&Value> = half[1..].iter().filter(|one| one["state"] == "notChecked").collect();
    for (rule, name) in all.difference(&seen) {
        let is_told = unknown.iter().any(|one| one["rule"] == rule.as_str());
        assert!(is_told, "{rule} says nothing of {name}");
    }
    for one in unknown {
        let reason = &one["reason"];
        let names = reason["permissions"].as_array().is_some_and(|names| !names.is_empty());
        assert!(names || reason["license"].is_string(), "{one}");
    }
}

#[test]
fn accepted_findings_fail_nothing_until_their_date() {
    let (sim, folder) = (troubled(), Folder::new());
    let entry = |rule: &str, whom: &str, until: &str| json!({"rule": rule, "whom": whom, "reason": "A pilot.", "by": "ada@contoso.com", "until": until});
    let accepted = |entries: Value| folder.write("accepted.json", &entries.to_string());
    let audit = |accepted: &str| {
        sim.run(&["audit", "--rules", "no-sponsor", "--accept", accepted, "--fail-on", "medium"])
    };
    let both = ["no.sponsor@contoso.com", "sponsor.deleted@contoso.com"];
    let held = both.map(|name| entry("no-sponsor", name, "2999-12-31"));
    let ended = audit(&accepted(json!(held)));
    ended.done(&[
        "Accepted: no-sponsor of no.sponsor@contoso.com, until 2999-12-31 by ada@contoso.com: A pilot.",
    ]);

    let over = entry("no-sponsor", both[0], "2020-01-31");
    let ended = audit(&accepted(json!([over, held[1]])));
    assert_eq!(ended.code, 12, "{ended:#?}");
    assert!(ended.stdout.contains("no-sponsor  no.sponsor@contoso.com"), "{ended:#?}");

    let nobody = entry("no-sponsor", "nobody@contoso.com", "2999-12-31");
    let ended = audit(&accepted(json!([held[0], held[1], nobody])));
    assert!(ended.stdout.contains("acceptance-unmatched  no-sponsor nobody@contoso.com"), "{ended:#?}");

    let ended = audit(&accepted(json!([{"rule": "no-sponsors", "whom": "x", "until": "soon", "who": 1}])));
    ended.failed(1, &["[0].rule", "Use no-sponsor.", "[0].until", "[0].reason", "[0].by", "[0].who"]);
    audit(&folder.write("accepted.json", "{}")).failed(1, &["code: AcceptanceUnreadable"]);
    audit("/nonexistent.json").failed(1, &["/nonexistent.json can't be read"]);
}

#[test]
fn a_snapshot_is_audited_offline_by_other_rules() {
    let (sim, folder) = (troubled(), Folder::new());
    let tenant = folder.path("tenant.json");
    sim.run(&["audit", "--rules", "no-sponsor", "--snapshot", &tenant]).done(&["no.sponsor@contoso.com"]);
    let audit = ["audit", "--from", &tenant, "--json"];
    let others = run(&[&audit[..], &["--rules", "no-usage-location,parent-gone"]].concat());
    others.done(&[]);
    let lines = others.json();
    assert_eq!(rules(&lines[1..]), BTreeSet::from(["no-usage-location", "parent-gone"]));
    // The parents were not read: a snapshot has what the rules of its audit read.
    let parents = lines.iter().find(|one| one["rule"] == "parent-gone").unwrap();
    assert_eq!(parents["state"], "notChecked");

    sim.run(&["audit", "--snapshot", &tenant]).done(&[]);
    let all = run(&audit);
    assert_eq!(all.stdout, run(&audit).stdout, "the same snapshot gives the same bytes");
    assert!(all.json()[1..].iter().all(|one| one["state"] == "found"));
    let later =
        run(&[&audit[..], &["--rules", "deleted,leave-date", "--now", "2999-01-01T00:00:00Z"]].concat());
    later.done(&["left.already@contoso.com"]);
    let strict = run(&["audit", "--from", &tenant, "--fail-on", "high", "--rules", "parent-gone"]);
    assert_eq!(strict.code, 12, "{strict:#?}");
}

#[test]
fn a_snapshot_that_can_t_be_read_is_refused() {
    let folder = Folder::new();
    let refused = |content: &str, code: &str, said: &str| {
        let path = folder.write("tenant.json", content);
        run(&["audit", "--from", &path]).failed(1, &[code, said]);
    };
    refused("{", "code: SnapshotUnreadable", "JSON");
    refused("[]", "code: SnapshotUnreadable", "");
    refused(r#"{"kind": "agentuserPlan", "version": 1}"#, "code: SnapshotUnreadable", "kind");
    refused(r#"{"kind": "agentuserSnapshot", "version": 1}"#, "code: SnapshotUnreadable", "");
    refused(r#"{"kind": "agentuserSnapshot", "version": 99}"#, "code: SnapshotTooNew", "99");
    run(&["audit", "--from", "/nonexistent.json"]).failed(1, &["/nonexistent.json can't be read"]);
    let compared = folder.write("old.json", "no report");
    let mut command = agentuser(&["audit", "--compare", &compared, "--graph-endpoint", "http://127.0.0.1:1"]);
    end(command.env("AGENTUSER_TOKEN", TOKEN)).failed(1, &["code: ComparisonUnreadable"]);
}

#[test]
fn a_comparison_says_what_is_new_gone_and_unchanged() {
    let (sim, folder) = (troubled(), Folder::new());
    let old = folder.path("old.json");
    let audit = ["audit", "--rules", "no-sponsor,disabled-and-licensed"];
    sim.run(&[&audit[..], &["--report", &old]].concat()).done(&[]);
    sim.run(&["sponsor", "add", "no.sponsor@contoso.com", "human1@contoso.com"]).done(&[]);
    sim.run(&["license", "add", "ada@contoso.com", "AGENT_365"]);
    sim.run(&["disable", "ada@contoso.com"]).done(&["changed"]);
    let compared = sim.run(&[&audit[..], &["--compare", &old]].concat());
    compared.done(&["Gone: no-sponsor of no.sponsor@contoso.com.", "SINCE"]);
    let lines = sim.json(&[&audit[..], &["--compare", &old]].concat());
    let since = |name: &str| {
        let found = lines[1..].iter().find(|one| one["user"]["userPrincipalName"] == name);
        found.map(|one| one["comparison"].as_str().unwrap().to_owned())
    };
    assert_eq!(since("ada@contoso.com").as_deref(), Some("new"));
    assert_eq!(since("disabled.licensed@contoso.com").as_deref(), Some("unchanged"));
    assert_eq!((since("no.sponsor@contoso.com"), lines[0]["gone"].as_array().unwrap().len()), (None, 1));
}

#[test]
fn findings_are_mended_by_a_plan_that_is_approved() {
    let (sim, folder) = (troubled(), Folder::new());
    let (plan, fix) = (folder.path("plan.json"), "disabled-and-licensed,idle,no-sponsor");
    let planned = sim.run(&["audit", "--fix", fix, "--out", &plan]);
    planned.done(&["Plan of 2 changes written", "agentuser apply "]);
    assert!(planned.stderr.contains("Not planned: 2 of no-sponsor."), "{planned:#?}");
    assert_eq!(changes(&sim), 0);
    let content = folder.json("plan.json");
    let digest = content["digest"].as_str().unwrap();
    sim.run(&["apply", &plan, "--approved", digest]).done(&["2 agent users: 2 changed"]);
    assert_eq!(changes(&sim), 2);
    // The idle one is disabled now, and so holds its license in vain.
    let left = sim.json(&["audit", "--rules", "disabled-and-licensed,idle"]);
    let left: Vec<String> =
        left[1..].iter().map(|one| format!("{} {}", one["rule"], one["user"]["userPrincipalName"])).collect();
    assert_eq!(left, ["\"disabled-and-licensed\" \"idle@contoso.com\""]);
    sim.run(&["get", "idle@contoso.com"]).done(&["false"]);
    sim.run(&["apply", &plan, "--approved", digest]).done(&["2 agent users: nothing to change"]);
    sim.run(&["audit", "--fix", "idles", "--out", &plan]).failed(1, &["fix", "Use idle."]);
    sim.run(&["audit", "--fix", "idle", "--out", "/nonexistent/plan.json"]).failed(1, &["OutputUnwritable"]);
}

#[test]
fn a_plan_of_findings_is_refused_where_it_is_not_the_approved_one() {
    let (sim, folder) = (troubled(), Folder::new());
    let plan = folder.path("plan.json");
    sim.run(&["audit", "--fix", "disabled-and-licensed", "--out", &plan]).done(&[]);
    let content = folder.text("plan.json");
    let digest = folder.json("plan.json")["digest"].as_str().unwrap().to_owned();
    let changed = folder.write("changed.json", &content.replace("disabled.licensed@", "ada@"));
    sim.run(&["apply", &changed, "--approved", &digest]).failed(1, &["code: PlanChanged"]);

    // A plan is as old as the snapshot whose findings it mends, and of the tenant of that.
    let tenant = folder.path("tenant.json");
    sim.run(&["audit", "--snapshot", &tenant]).done(&[]);
    let refused = |member: &str, value: &str, code: &str| {
        let mut snapshot = folder.json("tenant.json");
        snapshot[member] = value.into();
        let other = folder.write("other.json", &snapshot.to_string());
        run(&["audit", "--from", &other, "--fix", "disabled-and-licensed", "--out", &plan])
            .done(&["Plan of 1 change"]);
        let digest = folder.json("plan.json")["digest"].as_str().unwrap().to_owned();
        sim.run(&["apply", &plan, "--approved", &digest]).failed(1, &[code]);
    };
    refused("takenAt", "2020-01-01T00:00:00.000Z", "code: PlanTooOld");
    refused("tenantId", "7e9a0000-0000-4000-8000-000000000002", "code: PlanOfAnotherTenant");
    assert_eq!(changes(&sim), 0);
}
