//! The .NET SDK on PATH.

use anyhow::{Context, ensure};
use std::path::Path;
use std::process::{Command, Stdio};

/// The first SDK that builds the tests.
const OLDEST: u32 = 10;

/// Why .NET and PowerShell are left out.
pub(crate) const MISSING: &str = "no .NET SDK 10 or newer is on PATH";

/// A .NET SDK that is new enough.
pub(crate) struct Dotnet(());

impl Dotnet {
    /// Looks on PATH.
    pub(crate) fn find() -> Option<Self> {
        let output = command().arg("--version").stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        let version = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
        let major: u32 = version.split('.').next()?.parse().ok()?;
        (major >= OLDEST).then_some(Self(()))
    }

    /// `dotnet` with these arguments, in that folder of the project.
    #[expect(clippy::unused_self, reason = "there is no command without an SDK")]
    pub(crate) fn command(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = command();
        command.args(arguments).current_dir(folder);
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

/// `dotnet`, without its telemetry and banners.
fn command() -> Command {
    let mut command = Command::new("dotnet");
    command.env("DOTNET_CLI_TELEMETRY_OPTOUT", "1").env("DOTNET_NOLOGO", "1");
    command
}
