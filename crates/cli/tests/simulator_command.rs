//! The simulator, which the program itself serves: its options, and what it takes while it runs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::end;
use common::simulator::{Simulator, parent};
use serde_json::Value;

const ADA: &str = "ada@contoso.com";

#[test]
fn options_from_a_file_give_way_to_flags() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("options.json");
    let options = r#"{"identities": 3, "agentUsers": 3, "seats": 9, "tokens": [{"token": "mine"}],
        "faults": {"script": [{"method": "GET", "path": "/subscribedSkus", "fault": "throttled",
                               "retryAfterSeconds": 1}]}}"#;
    std::fs::write(&file, options).unwrap();
    let sim = Simulator::start(&["--options", file.to_str().unwrap(), "--identities", "1"]);
    let skus = end(&mut sim.command("mine", &["sku", "--json"])).json();
    assert_eq!(
        skus.iter().map(|sku| sku["prepaidUnits"]["enabled"].as_u64()).collect::<Vec<_>>(),
        [Some(9); 2]
    );
    assert_eq!(sim.stats()["faults"], serde_json::json!({"Throttled": 1}));
    // One identity without an agent user, so the two that have one come next.
    sim.run(&["get", "agent2@contoso.com"]).done(&["agent2"]);
    sim.run(&["get", "agent3@contoso.com"]).done(&["agent3"]);
    sim.run(&["get", "agent4@contoso.com"]).failed(5, &["code: NotFound"]);
}

#[test]
fn the_options_that_the_help_shows() {
    let help = common::run(&["simulator", "--help"]).stdout;
    let shown = help.lines().skip_while(|line| *line != "  {").take_while(|line| !line.trim().is_empty());
    let shown: String = shown.map(|line| format!("{line}\n")).collect();
    // A free port, and nothing that goes wrong by chance.
    let sim = Simulator::start_with(&["--options", "-", "--port", "0", "--faults", "1"], &shown);
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["agentUsers"], 1000);
    sim.json(&["get", "agent1023@contoso.com"]);
    assert_eq!(sim.control("GET", "tenant", "")["tokens"]["short"], "short");
    for path in ["tenant", "stats", "state", "writes", "script", "revoke", "stop"] {
        assert!(help.contains(&format!("/simulator/{path} ")), "{path}");
    }
}

#[test]
fn the_help_names_every_member_and_every_fault() {
    let help = common::run(&["simulator", "--help"]).stdout;
    let known = |options: &str| {
        let said = end(common::agentuser(&["simulator", "--options", "-"]).write_stdin(options)).stderr;
        let error = said.lines().next().unwrap_or_default();
        let names = error.split_once("expected one of").expect("the names that are known").1;
        names.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()
    };
    let members = known(r#"{"none": 1}"#);
    assert!(members.len() > 20, "{members:?}");
    for member in members {
        assert!(help.contains(&format!("\"{member}\": ")), "{member}");
    }
    let faults = known(r#"{"faults": {"script": [{"method": "GET", "path": "/", "fault": "none"}]}}"#);
    assert!(faults.len() > 20, "{faults:?}");
    let words: Vec<&str> = help.split([' ', ',', '\n']).collect();
    for fault in faults {
        assert!(words.contains(&fault.as_str()), "{fault}");
    }
}

#[test]
fn options_that_are_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("options.json");
    let file = file.to_str().unwrap();
    let run = |more: &[&str]| common::run(&[&["simulator", "--options", file], more].concat());
    run(&[]).failed(1, &["options.json can't be read", "fix: "]);
    for (options, text) in [
        (
            r#"{"faults": {"script": [{"method": "GET", "path": "/", "fault": "rest"}]}}"#,
            "faults.script[0].fault: ",
        ),
        (r#"{"speed": 0}"#, "speed: 0 is not between"),
    ] {
        std::fs::write(file, options).unwrap();
        run(&[]).failed(1, &[text, "fix: ", "code: Invalid"]);
    }
    std::fs::write(file, "{}").unwrap();
    // The range that counts, not that of the number's type.
    for (flag, value, range) in [
        ("--speed", "0", "1..=100000"),
        ("--identities", "500000000", "0..=100000"),
        ("--agent-users", "500001", "0..=500000"),
        ("--faults", "901", "0..=900"),
    ] {
        let refused = run(&[flag, value]);
        assert!(refused.stderr.contains(range), "{}", refused.stderr);
    }
    for (flag, value) in [("--root", "graph.example"), ("--allow-origin", "*"), ("--allow-host", "a:80")] {
        run(&[flag, value]).failed(1, &[value, "code: Invalid"]);
    }
    run(&["--brisk"]).failed(1, &["faults.brisk: "]);
}

#[test]
fn faults_tokens_and_writes_while_it_runs() {
    let sim = Simulator::fast();
    sim.control("POST", "script", r#"[{"method": "POST", "path": "/users/", "fault": "lostAnswer"}]"#);
    let create = ["create", "--parent", &parent(1), "--display-name", "Ada", "--upn", ADA];
    sim.run(&create).done(&["created"]);
    assert_eq!(sim.stats()["faults"], serde_json::json!({"LostAnswer": 1}));
    let writes = sim.control("GET", "writes", "");
    assert_eq!((writes.as_array().unwrap().len(), &writes[0]["object"]), (1, &Value::from(parent(1))));
    sim.control("POST", "revoke", r#"{"token": "admin"}"#);
    sim.run(&["sku"]).failed(4, &["code: TokenRejected"]);
}

#[test]
fn a_port_that_is_taken() {
    let sim = Simulator::fast();
    let port = sim.root.rsplit(':').next().unwrap();
    common::run(&["simulator", "--port", port]).failed(1, &["can't be used", "fix: Choose another --port"]);
}

/// The first lines of a simulator that a shell started, which is killed with what it started.
#[cfg(unix)]
fn started(arguments: &str) -> (std::process::Child, Vec<String>, impl std::io::BufRead) {
    use std::io::BufRead as _;
    let script = format!("ulimit -n 64; exec \"$0\" simulator --idle 2m {arguments}");
    let mut process = std::process::Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_agentuser")])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = std::io::BufReader::new(process.stdout.take().unwrap());
    let count = 2 + usize::from(arguments.contains("--tls")) + 2 * usize::from(arguments.contains("--proxy"));
    let lines = (0..count).map(|_| {
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    });
    (process, lines.collect(), stdout)
}

#[cfg(unix)]
#[test]
fn connections_that_are_left_alone_keep_nobody_out() {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;
    let (mut process, lines, _stdout) = started("--token admin");
    let address = lines[0].rsplit("http://").next().unwrap().to_owned();
    let mut begun = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.write_all(b"GET /v1.0/users HTTP/1.1\r\n").unwrap();
        begun.push(stream);
    }
    let mut stream = TcpStream::connect(&address).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    let request = format!("GET /simulator/stats HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(begun.len(), 100);
    process.kill().unwrap();
    process.wait().unwrap();
}

#[cfg(unix)]
#[test]
fn it_prints_what_other_programs_need() {
    let (mut process, lines, _stdout) = started("");
    let token = lines[1].rsplit("AGENTUSER_TOKEN=").next().unwrap();
    assert_eq!(token.split('.').count(), 3, "a token of this run: {token}");
    process.kill().unwrap();
    process.wait().unwrap();

    let (mut process, lines, _stdout) = started("--proxy");
    assert!(lines[0].contains("https://127.0.0.1:"), "{lines:?}");
    for name in ["REQUESTS_CA_BUNDLE=", "SSL_CERT_FILE=", "NODE_EXTRA_CA_CERTS="] {
        let file = lines[2].split(' ').find_map(|pair| pair.strip_prefix(name)).unwrap();
        assert!(std::fs::read_to_string(file).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    }
    let proxy = lines[3].strip_prefix("HTTPS_PROXY=").unwrap();
    let file = lines[2].rsplit('=').next().unwrap();
    // The program itself, with Microsoft's addresses.
    let mut list = common::agentuser(&["sku", "--json"]);
    let token = lines[1].rsplit("AGENTUSER_TOKEN=").next().unwrap();
    list.env("HTTPS_PROXY", proxy).env("SSL_CERT_FILE", file).env("AGENTUSER_TOKEN", token);
    list.env_remove("NO_PROXY").env_remove("no_proxy");
    assert_eq!(end(&mut list).json().len(), 2);
    process.kill().unwrap();
    process.wait().unwrap();
}
