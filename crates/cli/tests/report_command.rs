//! Reports into files: of lists, and of findings that were saved.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::simulator::Simulator;
use common::{TOKEN, agentuser, end, example, run, server_by};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A part of a workbook.
fn part(workbook: &Path, name: &str) -> String {
    const READ: &str =
        "import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))";
    let read = Command::new("python3").args(["-c", READ]).arg(workbook).arg(name).output().unwrap();
    assert!(read.status.success(), "{name}: {}", String::from_utf8_lossy(&read.stderr));
    String::from_utf8(read.stdout).unwrap()
}

fn finding(rule: &str, severity: &str, name: &str) -> Value {
    let id = "a6000000-0000-4000-8000-000000000001";
    json!({
        "rule": rule, "severity": severity, "state": "found", "user": { "id": id, "userPrincipalName": name },
        "subject": { "kind": "agentUser", "id": id, "name": name }, "message": "=1+1", "evidence": { "days": 12 },
        "fix": format!("agentuser disable {name}"),
    })
}

fn audit(findings: &[Value]) -> Value {
    json!({
        "kind": "agentuserAudit", "version": 1, "tenantId": "7e9a0000-0000-4000-8000-000000000001",
        "account": "admin@contoso.com", "takenAt": "2026-06-01T12:00:00.000Z", "agentUsers": 2, "findings": findings,
        "rules": [{ "rule": "no-sponsor", "severity": "medium", "finds": "It has no sponsor.", "found": 1, "clean": 1, "notChecked": 0 }],
    })
}

#[test]
fn a_list_is_written_in_every_form_at_once() {
    let sim = Simulator::fast();
    sim.run(&["roster", "apply", &example("roster.csv")]).done(&["24 created"]);
    let phone = "businessPhones=+49 30 1";
    sim.run(&["update", "sales.lead@contoso.com", "--set", "displayName=-Bot", "--set", phone])
        .done(&["changed"]);
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let columns = "identityParentId,displayName,userPrincipalName,accountEnabled,businessPhones,licenses,createdDateTime";
    let mut list = vec![
        "list".to_owned(),
        "--license".to_owned(),
        "AGENT_365".to_owned(),
        "--columns".to_owned(),
        columns.to_owned(),
    ];
    for name in ["a.csv", "a.json", "a.html", "a.xlsx"] {
        list.extend(["--report".to_owned(), file(name).to_str().unwrap().to_owned()]);
    }
    let list: Vec<&str> = list.iter().map(String::as_str).collect();
    let ended = sim.run(&list);
    ended.done(&["sales.lead@contoso.com"]);
    assert_eq!(ended.stderr.matches("Report written to ").count(), 4, "{ended:?}");

    let csv = text(&file("a.csv"));
    assert!(
        csv.starts_with(&format!("{columns}\r\n")) && csv.contains(",-Bot,") && csv.contains(",+49 30 1,"),
        "{csv}"
    );
    for name in ["a.csv", "a.json"] {
        let plan = sim.run(&["roster", "plan", file(name).to_str().unwrap()]);
        plan.done(&["24 rows: nothing to change"]);
    }
    let page = text(&file("a.html"));
    assert!(
        page.contains("<h1>Agent users</h1>")
            && page.contains(">-Bot</a>")
            && page.contains("24 rows, read in "),
        "{page}"
    );

    let sheet = part(&file("a.xlsx"), "xl/worksheets/sheet2.xml");
    assert!(sheet.contains("ySplit=\"1\"") && sheet.contains("state=\"frozen\""), "{sheet}");
    assert!(sheet.contains("<autoFilter ref=\"A1:G25\"/>") && sheet.contains("<cols>"), "{sheet}");
    // Whether it can sign in is yes or no, and a moment is a number with the format of a date.
    assert!(sheet.contains(" t=\"b\"><v>1</v>") && !sheet.contains("<f>"), "{sheet}");
    assert!(sheet.contains("<c r=\"G2\" s="), "{sheet}");
    assert!(sheet.contains("<t xml:space=\"preserve\">-Bot</t>"), "{sheet}");
}

#[test]
fn every_name_that_tells_no_form_is_told_before_anything_is_read() {
    let list = ["list", "--graph-endpoint", "http://127.0.0.1:1", "--report", "a.pdf", "--report", "b"];
    let mut command = agentuser(&list);
    end(command.env("AGENTUSER_TOKEN", TOKEN)).failed(1, &["a.pdf", "b", ".html, .csv, .xlsx"]);
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("missing/a.csv");
    let mut command =
        agentuser(&["list", "--graph-endpoint", "http://127.0.0.1:1", "--report", nowhere.to_str().unwrap()]);
    end(command.env("AGENTUSER_TOKEN", TOKEN)).failed(1, &["can't be written", "OutputUnwritable"]);
    let sarif = folder.path().join("a.sarif");
    let mut command =
        agentuser(&["list", "--graph-endpoint", "http://127.0.0.1:1", "--report", sarif.to_str().unwrap()]);
    end(command.env("AGENTUSER_TOKEN", TOKEN)).failed(1, &["has no form in sarif"]);
    run(&["list", "--format", "csv"]).failed(2, &["--report"]);
    run(&["report", "x.json", "--report", "a", "--format", "pdf"])
        .failed(2, &["json, csv, html, xlsx, sarif, junit"]);
}

#[test]
fn a_list_that_is_cut_short_leaves_no_report() {
    let origin = server_by(|request| {
        let body = if request.contains("skiptoken") {
            r#"{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges."}}"#
                .to_owned()
        } else {
            let host = request
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("host: ").map(str::to_owned))
                .unwrap();
            format!(
                r#"{{"value":[],"@odata.nextLink":"http://{host}/v1.0/users/microsoft.graph.agentUser?$skiptoken=x"}}"#
            )
        };
        let status = if request.contains("skiptoken") { "403 Forbidden" } else { "200 OK" };
        let length = body.len();
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    });
    let folder = tempfile::tempdir().unwrap();
    let files = ["a.csv", "a.xlsx"].map(|name| folder.path().join(name));
    let [csv, xlsx] = files.each_ref().map(|file| file.to_str().unwrap());
    let mut command = agentuser(&["list", "--graph-endpoint", &origin, "--report", csv, "--report", xlsx]);
    end(command.env("AGENTUSER_TOKEN", TOKEN)).failed(4, &["Insufficient privileges."]);
    assert!(files.iter().all(|file| !file.exists()));
}

#[test]
fn saved_findings_are_shown_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let report = audit(&[
        finding("no-sponsor", "medium", "ada@contoso.com"),
        finding("parent-gone", "high", "eve@contoso.com"),
    ]);
    std::fs::write(file("findings.json"), report.to_string()).unwrap();
    std::fs::write(file("roster.csv"), "userPrincipalName\nada@contoso.com\n").unwrap();
    let shown = run(&["report", &file("findings.json")]);
    shown.done(&[
        "SEVERITY",
        "high      parent-gone",
        "eve@contoso.com",
        "agentuser disable ada@contoso.com",
    ]);
    assert_eq!(shown.stderr, "2 findings\n");
    let lines = run(&["report", &file("findings.json"), "--json"]).json();
    assert_eq!((lines.len(), &lines[0]["rule"]), (2, &"parent-gone".into()));

    let names = ["r.html", "r.csv", "r.xlsx", "r.sarif", "r.xml", "r.json", "r.report"];
    let mut command =
        vec!["report".to_owned(), file("findings.json"), "--located-in".to_owned(), file("roster.csv")];
    for name in names {
        command.extend(["--report".to_owned(), file(name)]);
    }
    command.extend(["--format".to_owned(), "csv".to_owned()]);
    let ended = run(&command.iter().map(String::as_str).collect::<Vec<_>>());
    ended.done(&[]);
    assert_eq!(ended.stdout, "");
    let read = |name: &str| text(Path::new(&file(name)));
    assert!(read("r.html").contains("<dt>Tenant<dd>7e9a0000"));
    assert!(read("r.csv").contains(",'=1+1,"), "{}", read("r.csv"));
    assert_eq!(read("r.report"), read("r.csv"));
    let sarif: Value = serde_json::from_str(&read("r.sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["region"]["startLine"], 2);
    assert!(read("r.xml").contains("failures=\"2\"") && read("r.xml").contains("line=\"2\""));
    // The report in JSON is the audit's, and is read again.
    run(&["report", &file("r.json")]).done(&["parent-gone"]);
    let workbook = Path::new(&file("r.xlsx")).to_owned();
    let names = part(&workbook, "xl/workbook.xml");
    for sheet in ["Overview", "Rules", "Agent users", "Findings"] {
        assert!(names.contains(&format!("name=\"{sheet}\"")), "{names}");
    }
    let findings = part(&workbook, "xl/worksheets/sheet4.xml");
    assert!(!findings.contains("<f>") && findings.contains("<hyperlink "), "{findings}");
    assert!(findings.contains("<t xml:space=\"preserve\">=1+1</t>"), "{findings}");
    let again = file("again.xlsx");
    run(&["report", &file("findings.json"), "--report", &again]).done(&[]);
    assert_eq!(
        std::fs::read(again).unwrap(),
        std::fs::read(workbook).unwrap(),
        "the same findings give the same bytes"
    );
}

#[test]
fn findings_that_are_none_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("findings.json");
    let refused = |content: &str, code: &str, said: &[&str]| {
        std::fs::write(&path, content).unwrap();
        let ended = run(&["report", path.to_str().unwrap()]);
        ended.failed(1, &[&[code][..], said].concat());
    };
    refused("{", "FindingsUnreadable", &["agentuser audit --json"]);
    refused(r#"{"kind":"agentuserPlan"}"#, "FindingsUnreadable", &["its kind is not agentuserAudit"]);
    let bad = json!({ "rule": "x", "severity": "grave" });
    refused(
        &audit(&[bad]).to_string(),
        "Invalid",
        &["findings[0].severity", "findings[0].message", "WrongKind"],
    );
    run(&["report", "missing.json"]).failed(1, &["missing.json can't be read"]);
}

#[test]
fn an_audit_writes_its_findings() {
    let sim = Simulator::start_with(&["--options", "-"], r#"{"identities": 0, "agentUsers": 3}"#);
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let audit = ["audit", "--rules", "no-sponsor", "--report"];
    sim.run(&[&audit[..], &[&file("a.html"), "--report", &file("a.json")]].concat()).done(&["no-sponsor"]);
    let page = text(Path::new(&file("a.html")));
    assert!(
        page.contains("<dt>Took<dd>") && page.contains("<dt>Tenant<dd>") && page.contains("<td>no-sponsor"),
        "{page}"
    );
    run(&["report", &file("a.json")]).done(&["no-sponsor", "agentuser sponsor add"]);
    let lines = sim.run(&["audit", "--rules", "no-sponsor", "--json"]).stdout;
    std::fs::write(file("lines.json"), lines).unwrap();
    run(&["report", &file("lines.json")]).done(&["no-sponsor", "agentuser sponsor add"]);
    let mut command = agentuser(&[&audit[..], &["a.pdf", "--graph-endpoint", "http://127.0.0.1:1"]].concat());
    end(command.env("AGENTUSER_TOKEN", TOKEN)).failed(1, &["a.pdf", "does not tell a form"]);
}
