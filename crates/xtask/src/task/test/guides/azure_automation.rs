//! docs/azure-automation.md: its runbook in the whole PowerShell, with the variables that a sandbox has.

use super::page::Page;
use super::runner::Runner;
use super::{Host, ROSTER};
use crate::build::cargo_artifacts;
use crate::build::dotnet_sdk::Dotnet;
use crate::build::powershell_module::{self, Pwsh};
use anyhow::{Context as _, ensure};
use serde_json::json;
use std::collections::BTreeMap;

/// A command that Azure Automation has beside PowerShell's own.
const ASSETS: &str = "function Get-AutomationVariable { param([string] $Name) if ($Name -ne 'Roster') { throw $Name } $env:ROSTER }\n";

pub(super) fn check(host: &Host<'_>, dotnet: &Dotnet, pwsh: &Pwsh) -> anyhow::Result<()> {
    let page = Page::read(host.root, "docs/azure-automation.md")?;
    let library = cargo_artifacts::native_library(host.root, false)?;
    let module = powershell_module::build(host.root, dotnet, &library)?;
    let tenant = host.tenant("azure-automation", &json!({}))?;
    let runner: Runner = tenant.runner()?;
    let runbook = ASSETS.to_owned() + &page.block("powershell", "Invoke-AgentUserRoster")?;
    let script = runner.file("runbook.ps1", &runbook)?;
    // A sandbox has few variables; where PowerShell finds its runtime is that of this machine.
    let mut more: BTreeMap<String, String> = std::env::vars()
        .filter(|(name, _)| name.starts_with("DOTNET_") || name.starts_with("POWERSHELL_"))
        .collect();
    let modules = module.parent().context("the module is in a folder")?.display().to_string();
    more.insert("PSModulePath".to_owned(), modules);
    let (endpoint, header) = tenant.managed_identity();
    for (name, value) in
        [("IDENTITY_ENDPOINT", endpoint.as_str()), ("IDENTITY_HEADER", header), ("ROSTER", ROSTER)]
    {
        more.insert(name.to_owned(), value.to_owned());
    }
    let printed = runner.output(&mut pwsh.command(&script), &more).context("the runbook")?;
    ensure!(printed.contains("one@contoso.com Created"), "the runbook says {printed}");
    tenant.has_applied_the_roster()
}
