//! The example agent of every binding: it signs in as an agent user, and reads its account and licenses. All say the same.

use crate::build::cargo_artifacts;
use crate::build::dotnet_sdk::{self, Dotnet};
use crate::build::npm_package::Package;
use crate::build::powershell_module::{self, Pwsh};
use crate::programs::ensure_installed;
use crate::simulator_process::Simulator;
use crate::test_suite::Suite;
use agentuser_simulator::{ids, tenant as demo};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};

/// The output of an agent.
const EXPECTED: &str = "first.agent@contoso.com (first.agent)\nAGENT_365\n";
/// A secret that an agent must never print.
const WRONG_SECRET: &str = "not-the-secret";
/// The message for a wrong secret: this library's, or Entra's.
const REFUSED: [&str; 2] = ["The client secret is wrong.", "AADSTS7000215"];
const NO_CURL: &str = "the headers of libcurl are missing";

/// Runs the example agents that this machine can run.
pub(super) fn suites(
    root: &Path,
    simulator: &Path,
    library: &Path,
    dotnet: Option<&Dotnet>,
    npm: Result<&Package, &'static str>,
) -> anyhow::Result<Vec<Suite>> {
    let simulator = Simulator::for_strangers(simulator, &options())?;
    let check = |name: &str, program: &dyn Fn() -> Command| {
        Suite::checks(
            &format!("agent: {name}"),
            [reads_itself(&simulator, &mut program()), is_refused(&simulator, &mut program())],
        )
    };
    let rust = cargo_artifacts::example(root, "agent")?;
    let mut suites = vec![check("Rust", &|| Command::new(&rust))];
    suites.push(if ensure_installed(&["libcurl4-openssl-dev"], "curl-config") {
        let program = library.with_file_name("agentuser-agent-c");
        cargo_artifacts::c_program(root, "examples/c/agent.c", library, &program, &["-lcurl"])?;
        check("C", &|| Command::new(&program))
    } else {
        Suite::skipped("agent: C", NO_CURL)
    });
    suites.push(check("Python", &|| {
        let mut python = Command::new("python3");
        python.arg("-B").arg(root.join("examples/python/agent.py")).env("AGENTUSER_NATIVE_LIBRARY", library);
        python
    }));
    suites.push(match dotnet {
        Some(dotnet) => {
            dotnet.run(root, &["build", "examples/dotnet/agent", "-c", "Release", "-v", "quiet"])?;
            check(".NET", &|| {
                let mut program =
                    dotnet.command(root, &["examples/dotnet/agent/bin/Release/net10.0/Agent.dll"]);
                program.env("AGENTUSER_NATIVE_LIBRARY", library);
                program
            })
        }
        None => Suite::skipped("agent: .NET", dotnet_sdk::MISSING),
    });
    suites.push(match (dotnet, Pwsh::find()) {
        (Some(dotnet), Some(pwsh)) => {
            let module = powershell_module::build(root, dotnet, library)?;
            check("PowerShell", &|| {
                let mut program = pwsh.command(&root.join("examples/powershell/agent.ps1"));
                program.env("PSModulePath", module.parent().unwrap_or(&module));
                program
            })
        }
        (None, _) => Suite::skipped("agent: PowerShell", dotnet_sdk::MISSING),
        (_, None) => Suite::skipped("agent: PowerShell", Pwsh::MISSING),
    });
    suites.push(match npm {
        Ok(package) => check("Node", &|| package.node(&["examples/node/agent.mjs"])),
        Err(missing) => Suite::skipped("agent: Node", missing),
    });
    Ok(suites)
}

/// A tenant whose agent user has a license and may read itself, over TLS, too, without which msal-node does not sign in.
fn options() -> Value {
    let user = "first.agent@contoso.com";
    let client = ids::identity(demo::TAKEN_IDENTITY);
    json!({
        "tls": true, "latencyMs": [0, 1], "idleSeconds": 300,
        "licenses": [{"user": user, "sku": "AGENT_365"}],
        "signIn": {"consent": [{"client": client, "user": user, "scope": "User.Read LicenseAssignment.Read.All"}]},
    })
}

fn reads_itself(simulator: &Simulator, program: &mut Command) -> anyhow::Result<()> {
    let (ended_well, out, err) = run(simulator, program, demo::DEMO_SECRET)?;
    ensure!(ended_well && out == EXPECTED, "it says {out:?}\n{err}");
    Ok(())
}

/// A wrong secret ends the program with the reason, and is not repeated.
fn is_refused(simulator: &Simulator, program: &mut Command) -> anyhow::Result<()> {
    let (ended_well, out, err) = run(simulator, program, WRONG_SECRET)?;
    let is_told = REFUSED.iter().any(|words| err.contains(words));
    ensure!(!ended_well && out.is_empty() && is_told, "a wrong secret: it says {out:?}\n{err}");
    ensure!(!err.contains(WRONG_SECRET), "it shows the secret: {err}");
    Ok(())
}

/// Whether it ended well, and what it printed.
fn run(simulator: &Simulator, program: &mut Command, secret: &str) -> anyhow::Result<(bool, String, String)> {
    let authority = simulator.said("certificateAuthority").context("the simulator speaks TLS")?;
    program.env("NODE_EXTRA_CA_CERTS", authority).env("AGENTUSER_LOGIN_ENDPOINT", simulator.endpoint());
    program.env("AGENTUSER_GRAPH_ENDPOINT", simulator.endpoint().replacen("https://", "http://", 1));
    program.env("AGENTUSER_TENANT", "contoso.com").env("AGENTUSER_CLIENT_SECRET", secret);
    program.env("AGENTUSER_CLIENT_ID", ids::blueprint_app(1).to_string());
    program.env("AGENT_IDENTITY", ids::identity(demo::TAKEN_IDENTITY).to_string());
    program.env("AGENT_USER", ids::agent_user(demo::TAKEN_IDENTITY).to_string());
    let output = program.env("NO_PROXY", "127.0.0.1").stdin(Stdio::null()).output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    Ok((output.status.success(), text(&output.stdout), text(&output.stderr)))
}
