//! A .NET on this machine: the one on PATH, else the one that lies beside the project.

use anyhow::{Context, ensure};
use std::path::Path;
use std::process::{Command, Stdio};

/// The first SDK that builds the tests.
const OLDEST: u32 = 10;

/// Why there is none.
pub(crate) const MISSING: &str = "no .NET SDK 10 or newer is on PATH, and none lies in ../shared/dotnet";

/// A .NET SDK, and the environment it needs.
pub(crate) struct Dotnet(Vec<(String, String)>);

impl Dotnet {
    /// Looks for one.
    pub(crate) fn find(root: &Path) -> Option<Self> {
        if is_new_enough(&[]) {
            return Some(Self(Vec::new()));
        }
        let setup = root.join("../shared/dotnet/setup.sh");
        let output = Command::new("bash").arg(setup).stdin(Stdio::null()).output().ok()?;
        let script = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
        // It prints a line of bash per setting; bash itself says what they come to.
        let env = format!("{script}\nenv -0");
        let before: Vec<(String, String)> = std::env::vars().collect();
        let output = Command::new("bash").args(["-c", &env]).stdin(Stdio::null()).output().ok()?;
        let after = String::from_utf8(output.stdout).ok()?;
        let settings: Vec<(String, String)> = after
            .split('\0')
            .filter_map(|setting| setting.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .filter(|setting| {
                !before.contains(setting) && !matches!(setting.0.as_str(), "_" | "SHLVL" | "PWD" | "OLDPWD")
            })
            .collect();
        is_new_enough(&settings).then_some(Self(settings))
    }

    /// `dotnet` with these arguments, in that folder of the project.
    pub(crate) fn command(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = self.in_environment("dotnet");
        command.args(arguments).current_dir(folder);
        command
    }

    /// Another program, where it finds this .NET.
    pub(crate) fn in_environment(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        // Telemetry and banners are switched off wherever the SDK comes from.
        command.env("DOTNET_CLI_TELEMETRY_OPTOUT", "1").env("DOTNET_NOLOGO", "1");
        command.envs(self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        command
    }

    /// Runs `dotnet`; its failure is an error.
    pub(crate) fn run(&self, folder: &Path, arguments: &[&str]) -> anyhow::Result<()> {
        println!("$ dotnet {}", arguments.join(" "));
        let status = self.command(folder, arguments).status().context("dotnet could not be started")?;
        ensure!(status.success(), "dotnet {} failed", arguments.join(" "));
        Ok(())
    }
}

fn is_new_enough(settings: &[(String, String)]) -> bool {
    let dotnet = Dotnet(settings.to_vec());
    let mut command = dotnet.in_environment("dotnet");
    let output = command.arg("--version").stdin(Stdio::null()).stderr(Stdio::null()).output();
    let version = output.ok().filter(|output| output.status.success());
    let version = version.and_then(|output| String::from_utf8(output.stdout).ok()).unwrap_or_default();
    version.split('.').next().and_then(|major| major.parse::<u32>().ok()).is_some_and(|major| major >= OLDEST)
}
