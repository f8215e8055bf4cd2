//! The PowerShell module as users install it, and an engine that runs scripts with it.

use super::dotnet_sdk::Dotnet;
use crate::programs::{must, succeeds};
use crate::simulator_process::Simulator;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The platform of this machine, as .NET names it.
pub(crate) fn platform() -> String {
    let system = match std::env::consts::OS {
        "macos" => "osx",
        "windows" => "win",
        other => other,
    };
    let processor = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{system}-{processor}")
}

/// The properties by which a .NET project takes the native libraries: of this machine, and of Windows where there is one beside it.
pub(crate) fn native_properties(library: &Path, windows: Option<&Path>) -> Vec<String> {
    let mut properties =
        vec![format!("-p:NativeLibrary={}", library.display()), format!("-p:NativePlatform={}", platform())];
    properties.extend(windows.map(|windows| format!("-p:WindowsLibrary={}", windows.display())));
    properties
}

/// Builds the module folder with the native library in it, and says where it is.
pub(crate) fn build(root: &Path, dotnet: &Dotnet, library: &Path) -> anyhow::Result<PathBuf> {
    build_with(root, dotnet, &native_properties(library, None))
}

/// Builds the module folder with these native libraries in it and no others, and says where it is.
pub(crate) fn build_with(root: &Path, dotnet: &Dotnet, properties: &[String]) -> anyhow::Result<PathBuf> {
    let module = root.join("powershell/src/bin/Release/AgentUser");
    let libraries = module.join("runtimes");
    if libraries.exists() {
        std::fs::remove_dir_all(&libraries)?;
    }
    let mut arguments = vec!["build", "powershell/src", "-c", "Release", "-v", "quiet"];
    arguments.extend(properties.iter().map(String::as_str));
    dotnet.run(root, &arguments)?;
    Ok(module)
}

/// The module, and the PowerShell engine in a small program: it needs a .NET SDK and no `pwsh`.
pub(crate) struct Engine<'a> {
    root: &'a Path,
    dotnet: &'a Dotnet,
    module: PathBuf,
}

impl<'a> Engine<'a> {
    pub(crate) fn build(root: &'a Path, dotnet: &'a Dotnet, library: &Path) -> anyhow::Result<Self> {
        let module = build(root, dotnet, library)?;
        must(&mut dotnet.command(root, &["build", "powershell/host", "-c", "Release", "-v", "quiet"]))?;
        Ok(Self { root, dotnet, module })
    }

    /// The engine's program with these arguments.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let program = self.root.join("powershell/host/bin/Release/net10.0/AgentUser.PowerShell.Host.dll");
        let mut command = self.dotnet.command(self.root, &[]);
        command.arg(program).args(arguments);
        command.env("PSModulePath", self.module.parent().unwrap_or(&self.module));
        command
    }

    /// The example script.
    pub(crate) fn example(&self, simulator: &Simulator, roster: &Path) -> Command {
        let mut command = self.command(&["run", "examples/powershell/roster.ps1"]);
        command.args([simulator.endpoint(), simulator.token()]).arg(roster);
        command
    }
}

/// The whole PowerShell on PATH, with the commands that the engine alone does not have.
pub(crate) struct Pwsh(());

impl Pwsh {
    /// Why it is left out.
    pub(crate) const MISSING: &str = "pwsh is not on PATH";

    /// Looks on PATH.
    pub(crate) fn find() -> Option<Self> {
        succeeds("pwsh", &["-NoProfile", "-Command", "exit"]).then_some(Self(()))
    }

    /// `pwsh` with this script, which nobody is there to answer.
    #[expect(clippy::unused_self, reason = "there is no command without a pwsh")]
    pub(crate) fn command(&self, script: &Path) -> Command {
        let mut command = Command::new("pwsh");
        command.args(["-NoProfile", "-NonInteractive", "-File"]).arg(script);
        command
    }
}
