//! Prism between the command line and the simulator: requests and answers must be as Microsoft's metadata declares them.
//!
//! Parts of batches are not judged, so rosters run without batches.

use super::clients::tenant;
use super::{Call, FOLDER, tools};
use crate::simulator_process::Simulator;
use anyhow::{Context as _, bail};
use serde_json::{Map, Value, json};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long Prism takes to read the contract.
const READY_WITHIN: Duration = Duration::from_secs(90);
const ADA: &str = "ada@contoso.com";

/// Prism. Dropping it ends it.
struct Prism(Child);

impl Drop for Prism {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

pub(super) fn run(root: &Path, program: &Path) -> anyhow::Result<Option<Vec<Call>>> {
    let Some(folder) = tools::node(root)? else { return Ok(None) };
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let address = format!("http://127.0.0.1:{port}");
    // Links and references lead through Prism, too.
    let simulator = Simulator::for_strangers(
        program,
        &tenant(&json!({"agentUsers": 25, "speed": 10_000, "root": address})),
    )?;
    let contract = contract(root, &address)?;
    let log = root.join("target/strangers/prism.log");
    let mut command = Command::new("node");
    command.arg(folder.join("node_modules/@stoplight/prism-cli/dist/index.js"));
    command.arg("proxy").arg(contract).arg(simulator.endpoint());
    command.args(["--errors", "-h", "127.0.0.1", "-p", &port.to_string()]);
    command.stdin(Stdio::null()).stdout(std::fs::File::create(&log)?).stderr(Stdio::null());
    let _prism = Prism(command.spawn().context("Prism could not be started")?);
    await_port(port)?;
    let call = |(expected, arguments): &(i32, Vec<String>)| {
        let mut command = Command::new(program);
        command.args(arguments).arg("--json").current_dir(root).stdin(Stdio::null());
        command.env("AGENTUSER_GRAPH_ENDPOINT", &address).env("AGENTUSER_TOKEN", simulator.token());
        let output = command.output()?;
        let code = output.status.code().unwrap_or(-1);
        anyhow::Ok(Call {
            client: "Prism".to_owned(),
            call: arguments.join(" "),
            expected: format!("exit code {expected}, and no violation"),
            pass: code == *expected,
            got: format!("{code} {}", String::from_utf8_lossy(&output.stderr)),
        })
    };
    Ok(Some(commands().iter().map(call).collect::<Result<_, _>>()?))
}

/// The contract with the version in its paths, as Graph's addresses have it.
fn contract(root: &Path, address: &str) -> anyhow::Result<std::path::PathBuf> {
    let text = std::fs::read_to_string(root.join("tests/contract/documented-v1.0.json"))?;
    let mut contract: Map<String, Value> = serde_json::from_str(&text)?;
    let paths = contract.remove("paths").context("the contract has no paths")?;
    let paths = paths.as_object().context("the contract has no paths")?;
    let paths: Map<String, Value> =
        paths.iter().map(|(path, item)| (format!("/v1.0{path}"), item.clone())).collect();
    contract.insert("paths".to_owned(), paths.into());
    contract.insert("servers".to_owned(), json!([{"url": address}]));
    let path = root.join("target/strangers/contract.json");
    std::fs::create_dir_all(root.join("target/strangers"))?;
    std::fs::write(&path, Value::from(contract).to_string())?;
    Ok(path)
}

fn await_port(port: u16) -> anyhow::Result<()> {
    let begin = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        if begin.elapsed() > READY_WITHIN {
            bail!("Prism did not listen within {READY_WITHIN:?}: see {FOLDER}/README.md");
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// Every command that speaks to Graph, with its exit code.
fn commands() -> Vec<(i32, Vec<String>)> {
    let roster = "examples/roster.csv";
    let parent = |n: u32| format!("a1d00000-0000-4000-8000-{n:012x}");
    let (first, second, nobody) = (parent(1), parent(2), "nobody@contoso.com");
    let create =
        ["create", "--parent", &first, "--display-name", "Ada", "--upn", ADA, "--usage-location", "DE"];
    let taken_parent = ["create", "--parent", &first, "--display-name", "Eve", "--upn", "eve@contoso.com"];
    let taken_name = ["create", "--parent", &second, "--display-name", "Eve", "--upn", ADA];
    let commands: [(i32, &[&str]); 29] = [
        (0, &["list"]),
        (0, &["parent", &first]),
        (5, &["parent", nobody_id()]),
        (0, &create),
        (1, &taken_parent),
        (1, &taken_name),
        (0, &["get", ADA]),
        (5, &["get", nobody]),
        (0, &["update", ADA, "--set", "jobTitle=Analyst", "--set", "department=Sales"]),
        (0, &["update", ADA, "--clear", "department"]),
        (0, &["disable", ADA]),
        (0, &["enable", ADA]),
        (0, &["manager", "set", ADA, "human1@contoso.com"]),
        (0, &["manager", "get", ADA]),
        (0, &["manager", "clear", ADA]),
        (0, &["sponsor", "add", ADA, "human2@contoso.com"]),
        (0, &["sponsor", "list", ADA]),
        (0, &["sponsor", "remove", ADA, "human2@contoso.com"]),
        (0, &["sku"]),
        (0, &["license", "add", ADA, "AGENT_365"]),
        (0, &["wait", ADA, "--for", "mailbox"]),
        (0, &["license", "remove", ADA, "AGENT_365"]),
        (0, &["delete", ADA, "--yes"]),
        (0, &["list", "--deleted"]),
        (0, &["restore", ADA]),
        (0, &["delete", ADA, "--yes"]),
        (0, &["purge", ADA, "--yes"]),
        (0, &["roster", "plan", roster]),
        (0, &["roster", "apply", roster, "--no-batch"]),
    ];
    commands.map(|(code, words)| (code, words.iter().map(|word| (*word).to_owned()).collect())).into()
}

const fn nobody_id() -> &'static str {
    "00000000-0000-4000-8000-00000000dead"
}
