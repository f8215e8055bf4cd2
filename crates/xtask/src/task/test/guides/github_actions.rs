//! docs/github-actions.md: its workflows, step by step, as a runner of GitHub takes them.

use super::page::Page;
use super::runner::{Runner, substituted, variables};
use super::{APPLICATION, Host, Tenant};
use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const PLATFORM: &str = "gitHubActions";
/// The beginning of the subject of a job of the repository.
const REPOSITORY: &str = "repo:contoso/agents";
/// Actions that do nothing for what is tested here.
const ACTIONS: [&str; 2] = ["actions/checkout@", "actions/upload-artifact@"];

pub(super) fn check(host: &Host<'_>) -> anyhow::Result<()> {
    let page = Page::read(host.root, "docs/github-actions.md")?;
    let workflow = |with| page.yaml(with)?.into_iter().next().context("the block has a document");
    let apply = workflow("name: Agent users")?;
    let environment = apply.pointer("/jobs/apply/environment").and_then(Value::as_str);
    let subject = match environment {
        Some(name) => format!("{REPOSITORY}:environment:{name}"),
        None => format!("{REPOSITORY}:ref:refs/heads/main"),
    };
    let workload = json!({"subject": subject});
    let tenant = host.trusting("github-actions", &page.federated_credential()?, PLATFORM, &workload)?;
    run(&tenant, &apply)?;
    tenant.has_applied_the_roster()?;
    tenant.agent_may_read_itself()?;
    let printed = run(&tenant, &workflow("name: As an agent")?)?;
    ensure!(printed.contains("licenseDetails"), "the agent user does not read its licenses: {printed}");
    Ok(())
}

/// Runs every step of every job, and gives what they printed.
fn run(tenant: &Tenant<'_>, workflow: &Value) -> anyhow::Result<String> {
    ensure!(workflow.get("on").is_some(), "nothing starts the workflow");
    let jobs = workflow.get("jobs").and_then(Value::as_object).context("a workflow has jobs")?;
    let mut printed = String::new();
    for (name, job) in jobs {
        let mut runner = tenant.runner()?;
        runner.set("CI", "true");
        runner.set("GITHUB_ACTIONS", "true");
        for (name, value) in
            [("SERVER_URL", "https://github.com"), ("REPOSITORY", "contoso/agents"), ("RUN_ID", "7")]
        {
            runner.set(&format!("GITHUB_{name}"), value);
        }
        // GitHub gives a job the address of its tokens only where it may have one.
        let may = job.get("permissions").or_else(|| workflow.get("permissions"));
        if may.and_then(|may| may.get("id-token")).and_then(Value::as_str) == Some("write") {
            let (url, token) = tenant.oidc(PLATFORM)?;
            runner.set("ACTIONS_ID_TOKEN_REQUEST_URL", url);
            runner.set("ACTIONS_ID_TOKEN_REQUEST_TOKEN", token);
        }
        let of_job =
            expanded(tenant, workflow.get("env"))?.into_iter().chain(expanded(tenant, job.get("env"))?);
        let of_job: BTreeMap<String, String> = of_job.collect();
        let steps = job.get("steps").and_then(Value::as_array).context("a job has steps")?;
        for one in steps {
            printed += &step(tenant, &runner, &of_job, one).with_context(|| format!("job {name}"))?;
        }
    }
    Ok(printed)
}

fn step(
    tenant: &Tenant<'_>,
    runner: &Runner,
    of_job: &BTreeMap<String, String>,
    step: &Value,
) -> anyhow::Result<String> {
    let text = |name: &str| step.get(name).and_then(Value::as_str);
    match (text("run"), text("uses")) {
        (Some(script), None) => {
            let mut more = of_job.clone();
            more.extend(expanded(tenant, step.get("env"))?);
            runner.bash(&substituted(script, ("${{", "}}"), |name| variable(tenant, name))?, &more)
        }
        (None, Some(action)) if ACTIONS.iter().any(|known| action.starts_with(known)) => Ok(String::new()),
        _ => bail!("a step that is neither a script nor a known action: {step}"),
    }
}

fn expanded(tenant: &Tenant<'_>, object: Option<&Value>) -> anyhow::Result<BTreeMap<String, String>> {
    let expand = |(name, value): (String, String)| {
        Ok((name, substituted(&value, ("${{", "}}"), |name| variable(tenant, name))?))
    };
    variables(object)?.into_iter().map(expand).collect()
}

/// A variable of the repository.
fn variable(tenant: &Tenant<'_>, name: &str) -> Option<String> {
    let value = match name.strip_prefix("vars.")? {
        "AGENTUSER_TENANT" => tenant.id(),
        "AGENTUSER_CLIENT_ID" => APPLICATION,
        "BLUEPRINT_CLIENT_ID" => tenant.blueprint(),
        "AGENT_IDENTITY" => tenant.agent_identity(),
        "AGENT_USER" => tenant.agent_user(),
        _ => return None,
    };
    Some(value.to_owned())
}
