//! docs/getting-started.md: its commands, and that the permissions of its table are enough.

use super::page::Page;
use super::{APPLICATION, Host};
use crate::task::docs::permissions_by_task::TASKS;
use anyhow::{Context as _, ensure};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;

/// Opens nothing but a simulator.
const SECRET: &str = "simulated-secret-of-a-task";
const PAGE: &str = "docs/getting-started.md";

/// The app roles that the page grants to an application for jobs.
pub(super) fn roles(root: &Path) -> anyhow::Result<Vec<String>> {
    let script = Page::read(root, PAGE)?.block("sh", "appRoleAssignments")?;
    let list = script.lines().find_map(|line| line.strip_prefix("for ROLE in ")?.strip_suffix("; do"));
    let list = list.context("the script has no list of roles")?;
    Ok(list.split(' ').map(str::to_owned).collect())
}

pub(super) fn check(host: &Host<'_>) -> anyhow::Result<()> {
    let page = Page::read(host.root, PAGE)?;
    commands(host, &page)?;
    for task in TASKS.iter().filter(|task| !task.commands.is_empty()) {
        let application =
            json!({"clientId": APPLICATION, "clientSecret": SECRET, "roles": task.permissions()});
        let tenant = host.tenant("permissions", &json!({"applications": [application]}))?;
        let runner = tenant.runner()?;
        let signed_in: BTreeMap<String, String> = [
            ("AGENTUSER_TENANT", tenant.id()),
            ("AGENTUSER_CLIENT_ID", APPLICATION),
            ("AGENTUSER_CLIENT_SECRET", SECRET),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        for command in task.commands {
            let run = runner.bash(&format!("agentuser {command}"), &signed_in);
            run.with_context(|| format!("{} with {}", task.what, task.permissions().join(" ")))?;
        }
    }
    Ok(())
}

/// The commands of the page in their order, except those by which a person signs in: they have tests of their
/// own.
fn commands(host: &Host<'_>, page: &Page) -> anyhow::Result<()> {
    let tenant = host.tenant("getting-started", &json!({}))?;
    let runner = tenant.runner()?;
    let signed_in = BTreeMap::from([("AGENTUSER_TOKEN".to_owned(), tenant.admin_token())]);
    let sessions = page.blocks("console").concat();
    let commands: Vec<&str> = sessions.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
    ensure!(commands.len() >= 5, "the page shows {commands:?}");
    for command in
        commands.iter().filter(|command| !command.contains(" login") && !command.contains(" whoami"))
    {
        runner.bash(command, &signed_in)?;
    }
    let found = runner.bash(&page.block("sh", "microsoft.graph.agentIdentity?")?, &signed_in)?;
    ensure!(found.contains(tenant.agent_identity()), "the agent identities are {found}");
    runner.bash(&page.block("sh", "agentuser permission")?, &signed_in)?;
    Ok(())
}
