//! The clients that play calls.

use super::{Call, FOLDER, tenant::prepared, tools};
use crate::build::dotnet_sdk::Dotnet;
use crate::programs::line;
use crate::simulator_process::Simulator;
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};

/// Checks of schemathesis: the name, the words in which a failure is told, and what is expected.
const CHECKS: [(&str, &str, &str); 3] = [
    ("honest_server_errors", "`honest_server_errors`", "no error of the server but an honest NotSimulated"),
    (
        "errors_in_graphs_shape",
        "`errors_in_graphs_shape`",
        "each error has a code, a message and a request-id",
    ),
    ("response_schema_conformance", "violates schema", "each answer is as the contract declares it"),
];
/// The paths that schemathesis tries: those of which the simulator knows something.
const PATHS: &str = r"^/(\$batch|applications|directory|domains|groups|me$|organization|servicePrincipals|subscribedSkus|users)";

/// The tenant that clients find: 60 free parents, 251 agent users, and a clock on which a license takes seconds.
pub(super) fn tenant(more: &Value) -> Value {
    let mut options = json!({
        "token": "admin", "identities": 60, "agentUsers": 251, "latencyMs": [0, 1], "quotas": false, "speed": 60,
        "idleSeconds": 300,
    });
    if let (Some(options), Some(more)) = (options.as_object_mut(), more.as_object()) {
        options.extend(more.clone());
    }
    options
}

/// The ways that a program needs to get to the simulator: its addresses, its certificate, and the proxy, where it has them.
pub(super) fn environment(command: &mut Command, simulator: &Simulator) {
    let endpoint = simulator.endpoint();
    command.env("GRAPH_ROOT", endpoint).env("PLAIN_ROOT", endpoint.replacen("https://", "http://", 1));
    command.env("NO_PROXY", "127.0.0.1,localhost").env_remove("no_proxy");
    for variable in ["HTTPS_PROXY", "https_proxy"] {
        match simulator.said("proxy") {
            Some(proxy) => command.env(variable, proxy),
            None => command.env_remove(variable),
        };
    }
    if let Some(file) = simulator.said("certificateAuthority") {
        for variable in ["NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"] {
            command.env(variable, file);
        }
    }
}

/// Plays the calls of a sign-in library against a tenant with an agent that may sign in.
fn sign_in(root: &Path, program: &Path, options: &Value, command: &mut Command) -> anyhow::Result<Vec<Call>> {
    let mut options = tenant(options);
    // The clocks of both must agree for what the library signs itself.
    if let Some(options) = options.as_object_mut() {
        options.insert("speed".to_owned(), 1.into());
    }
    let simulator = Simulator::for_strangers(program, &options)?;
    command.env("SIGN_IN", prepared(&simulator, root, program)?.to_string());
    play(&simulator, command)
}

/// Plays the calls of a client of Graph against a simulator of its own.
fn graph(program: &Path, options: &Value, command: &mut Command) -> anyhow::Result<Vec<Call>> {
    play(&Simulator::for_strangers(program, &tenant(options))?, command)
}

/// Plays a program's calls.
fn play(simulator: &Simulator, command: &mut Command) -> anyhow::Result<Vec<Call>> {
    environment(command, simulator);
    println!("$ {}", line(command));
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.with_context(|| line(command))?;
    ensure!(output.status.success(), "{} ended with {}", line(command), output.status);
    let text = String::from_utf8(output.stdout)?;
    let calls = text.lines().filter(|line| line.starts_with('{')).map(serde_json::from_str);
    let calls: Vec<Call> = calls.collect::<Result<_, _>>().with_context(|| line(command))?;
    ensure!(!calls.is_empty(), "{} played no call", line(command));
    Ok(calls)
}

/// microsoft-graph-client, over TLS; `@azure/identity` and msal-node, some of their calls through the proxy.
pub(super) fn node(root: &Path, simulator: &Path) -> anyhow::Result<Option<Vec<Call>>> {
    let Some(folder) = tools::node(root)? else { return Ok(None) };
    let node = |file: &str| {
        let mut node = Command::new("node");
        node.arg(file).current_dir(&folder);
        node
    };
    let mut calls = graph(simulator, &json!({"tls": true}), &mut node("graph_client.mjs"))?;
    calls.extend(sign_in(root, simulator, &json!({"proxy": true}), &mut node("sign_in.mjs"))?);
    Ok(Some(calls))
}

/// msgraph-sdk, unchanged through the proxy; msal and azure-identity both ways.
pub(super) fn python(root: &Path, simulator: &Path) -> anyhow::Result<Option<Vec<Call>>> {
    let Some(python) = tools::python(root)? else { return Ok(None) };
    let folder = root.join(FOLDER).join("python");
    let python = |file: &str| {
        let mut command = Command::new(&python);
        command.arg("-B").arg(file).current_dir(&folder);
        command
    };
    let through = json!({"proxy": true});
    let mut calls = graph(simulator, &through, &mut python("graph_sdk.py"))?;
    calls.extend(sign_in(root, simulator, &through, &mut python("sign_in.py"))?);
    Ok(Some(calls))
}

/// MSAL.NET.
pub(super) fn dotnet(root: &Path, simulator: &Path, dotnet: &Dotnet) -> anyhow::Result<Vec<Call>> {
    let project = root.join(FOLDER).join("dotnet");
    let mut command = dotnet.command(&project, &["run", "--configuration", "Release"]);
    sign_in(root, simulator, &json!({"tls": true}), &mut command)
}

/// schemathesis, which draws requests from the contract, for so long that it sees most of it.
pub(super) fn schemathesis(root: &Path, simulator: &Path) -> anyhow::Result<Option<Vec<Call>>> {
    let Some(python) = tools::python(root)? else { return Ok(None) };
    let simulator =
        Simulator::for_strangers(simulator, &tenant(&json!({"agentUsers": 20, "latencyMs": [0, 0]})))?;
    let mut command = Command::new(python);
    command.args(["-m", "schemathesis.cli", "--no-color", "run"]);
    command.arg(root.join("tests/contract/documented-v1.0.json"));
    command.args(["--url", &format!("{}/v1.0", simulator.endpoint())]);
    command.args(["-H", &format!("Authorization:Bearer {}", simulator.token())]);
    command.args(["-c", &CHECKS.map(|(name, ..)| name).join(","), "--include-path-regex", PATHS]);
    command.args(["--phases", "fuzzing", "--max-examples", "3", "--generation-deterministic", "--no-shrink"]);
    command.args(["--max-time", "60", "-w", "1", "--warnings", "off", "--suppress-health-check", "all"]);
    command.env("SCHEMATHESIS_HOOKS", root.join(FOLDER).join("python/hooks.py"));
    // It keeps a cache where it runs.
    command
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(root.join("target/strangers"))
        .stdin(Stdio::null());
    println!("$ {}", line(&command));
    let output = command.output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let failed = || String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(text.contains("Tested:"), "schemathesis did not run: {text}{}", failed());
    if !output.status.success() {
        println!("{text}");
    }
    Ok(Some(CHECKS.map(|(name, title, expected)| check(&text, name, title, expected)).into()))
}

/// A check as a call, by the lines in which schemathesis tells of failures.
fn check(text: &str, name: &str, title: &str, expected: &str) -> Call {
    let found =
        text.lines().filter(|line| line.trim_start().starts_with("- ") && line.contains(title)).count();
    Call {
        client: "schemathesis".to_owned(),
        call: name.to_owned(),
        expected: expected.to_owned(),
        pass: found == 0,
        got: format!("{found} failures"),
    }
}
