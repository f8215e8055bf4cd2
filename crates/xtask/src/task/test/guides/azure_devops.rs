//! docs/azure-devops.md: its pipeline, step by step, as an agent of Azure Pipelines takes it.

use super::page::Page;
use super::runner::{substituted, variables};
use super::{APPLICATION, Host};
use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const PLATFORM: &str = "azurePipelines";

pub(super) fn check(host: &Host<'_>) -> anyhow::Result<()> {
    let page = Page::read(host.root, "docs/azure-devops.md")?;
    let credential = page.federated_credential()?;
    // Azure DevOps shows both, and the page copies them.
    let workload = json!({"issuer": credential.get("issuer"), "subject": credential.get("subject")});
    let tenant = host.trusting("azure-devops", &credential, PLATFORM, &workload)?;
    let pipeline = page.yaml("pool:")?.into_iter().next().context("the block has a document")?;
    let mut of_pipeline = variables(pipeline.get("variables"))?;
    // The page's values are those of somebody's tenant.
    for (name, value) in [("AGENTUSER_TENANT", tenant.id()), ("AGENTUSER_CLIENT_ID", APPLICATION)] {
        let placeholder = of_pipeline.insert(name.to_owned(), value.to_owned());
        placeholder.with_context(|| format!("the pipeline has no variable {name}"))?;
    }
    let (url, access_token) = tenant.oidc(PLATFORM)?;
    let mut runner = tenant.runner()?;
    runner.set("TF_BUILD", "True");
    runner.set("SYSTEM_OIDCREQUESTURI", url);
    for (name, value) in &of_pipeline {
        runner.set(&name.to_uppercase().replace('.', "_"), value.clone());
    }
    let staging = runner.folder().display().to_string();
    let macros = |name: &str| match name {
        "System.AccessToken" => Some(access_token.clone()),
        "Build.ArtifactStagingDirectory" => Some(staging.clone()),
        "Build.BuildUri" => Some("vstfs:///Build/Build/7".to_owned()),
        other => of_pipeline.get(other).cloned(),
    };
    let jobs = pipeline.get("jobs").and_then(Value::as_array).context("a pipeline has jobs")?;
    let steps = jobs.iter().filter_map(|job| job.get("steps")?.as_array()).flatten();
    for step in steps {
        if step.get("checkout").or_else(|| step.get("publish")).is_some() {
            continue;
        }
        let Some(script) = step.get("bash").and_then(Value::as_str) else {
            bail!("a step that is not a script: {step}");
        };
        let expand = |(name, value): (String, String)| Ok((name, substituted(&value, ("$(", ")"), macros)?));
        let more = variables(step.get("env"))?.into_iter().map(expand);
        let more = more.collect::<anyhow::Result<BTreeMap<String, String>>>()?;
        runner.bash(&substituted(script, ("$(", ")"), macros)?, &more)?;
    }
    tenant.has_applied_the_roster()
}
