//! docs/getting-started.md: its commands, and that the permissions of its table are enough.

use super::Host;
use super::page::Page;
use crate::task::docs::permissions_by_task::TASKS;
use anyhow::{Context as _, ensure};
use std::collections::BTreeMap;

pub(super) fn check(host: &Host<'_>) -> anyhow::Result<()> {
    let page = Page::read(host.root, "docs/getting-started.md")?;
    commands(host, &page)?;
    for task in TASKS.iter().filter(|task| !task.commands.is_empty()) {
        let tenant = host.tenant("permissions")?;
        let secret = tenant.application_with(&task.permissions())?;
        let runner = tenant.runner()?;
        let signed_in: BTreeMap<String, String> = [
            ("AGENTUSER_TENANT", tenant.id().to_owned()),
            ("AGENTUSER_CLIENT_ID", secret.0),
            ("AGENTUSER_CLIENT_SECRET", secret.1),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        for command in task.commands {
            let run = runner.bash(&format!("agentuser {command}"), &signed_in);
            run.with_context(|| format!("{} with {}", task.what, task.permissions().join(" ")))?;
        }
    }
    Ok(())
}

/// The commands of the page in their order, but for those by which a person signs in: they have tests of their own.
fn commands(host: &Host<'_>, page: &Page) -> anyhow::Result<()> {
    let tenant = host.tenant("getting-started")?;
    let runner = tenant.runner()?;
    let signed_in = BTreeMap::from([("AGENTUSER_TOKEN".to_owned(), tenant.admin_token())]);
    let sessions = page.blocks("console").concat();
    let commands: Vec<&str> = sessions.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
    ensure!(commands.len() >= 5, "the page shows {commands:?}");
    for command in commands.iter().filter(|command| !command.contains(" login") && !command.contains(" whoami")) {
        runner.bash(command, &signed_in)?;
    }
    let found = runner.bash(&page.block("sh", "microsoft.graph.agentIdentity?")?, &signed_in)?;
    ensure!(found.contains(tenant.agent_identity()), "the agent identities are {found}");
    runner.bash(&page.block("sh", "agentuser permission")?, &signed_in)?;
    Ok(())
}
