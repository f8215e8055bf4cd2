//! docs/azure-automation.md: its runbook in the real PowerShell engine, with the variables that a sandbox has.

use super::page::Page;
use super::runner::Runner;
use super::{Host, ROSTER};
use crate::build::cargo_artifacts;
use crate::build::dotnet_sdk::Dotnet;
use crate::build::powershell_module::Engine;
use anyhow::{Context as _, ensure};
use serde_json::json;
use std::collections::BTreeMap;

/// What Azure Automation has beside PowerShell's own commands.
const ASSETS: &str = "function Get-AutomationVariable { param([string] $Name) if ($Name -ne 'Roster') { throw $Name } $env:ROSTER }\n";

pub(super) fn check(host: &Host<'_>, dotnet: &Dotnet) -> anyhow::Result<()> {
    let page = Page::read(host.root, "docs/azure-automation.md")?;
    let library = cargo_artifacts::native_library(host.root, false)?;
    let engine = Engine::build(host.root, dotnet, &library)?;
    let tenant = host.tenant("azure-automation", &json!({}))?;
    let runner: Runner = tenant.runner()?;
    let runbook = ASSETS.to_owned() + &page.block("powershell", "Invoke-AgentUserRoster")?;
    let script = runner.file("runbook.ps1", &runbook)?;
    let mut command = engine.command(&["run"]);
    command.arg(script);
    let mut more: BTreeMap<String, String> = command
        .get_envs()
        .filter_map(|(name, value)| Some((name.to_str()?.to_owned(), value?.to_str()?.to_owned())))
        .collect();
    let (endpoint, header) = tenant.managed_identity();
    for (name, value) in
        [("IDENTITY_ENDPOINT", endpoint.as_str()), ("IDENTITY_HEADER", header), ("ROSTER", ROSTER)]
    {
        more.insert(name.to_owned(), value.to_owned());
    }
    let dotnet_root = std::env::var("DOTNET_ROOT").ok();
    more.extend(dotnet_root.map(|root| ("DOTNET_ROOT".to_owned(), root)));
    let printed = runner.output(&mut command, &more).context("the runbook")?;
    ensure!(printed.contains("one@contoso.com created"), "the runbook says {printed}");
    tenant.has_applied_the_roster()
}
