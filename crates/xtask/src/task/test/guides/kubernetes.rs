//! docs/kubernetes.md: the container of its job, with the files that its volumes have.

use super::page::Page;
use super::runner::{Runner, substituted};
use super::{APPLICATION, Host, Tenant};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::Command;

pub(super) fn check(host: &Host<'_>) -> anyhow::Result<()> {
    let page = Page::read(host.root, "docs/kubernetes.md")?;
    let credential = page.federated_credential()?;
    let documents = page.yaml("kind: CronJob")?;
    let of_kind =
        |kind: &str| documents.iter().find(|one| one.get("kind").and_then(Value::as_str) == Some(kind));
    let (job, account) =
        (of_kind("CronJob").context("no CronJob")?, of_kind("ServiceAccount").context("no ServiceAccount")?);
    let text = |value: &Value, path: &str| {
        value.pointer(path).and_then(Value::as_str).map(str::to_owned).with_context(|| format!("no {path}"))
    };
    let pod = job.pointer("/spec/jobTemplate/spec/template/spec").context("the job has no pod")?;
    ensure!(text(pod, "/serviceAccountName")? == text(account, "/metadata/name")?, "another service account");
    let namespace = text(job, "/metadata/namespace")?;
    ensure!(
        namespace == text(account, "/metadata/namespace")?,
        "the service account is in another namespace"
    );
    let subject = format!("system:serviceaccount:{namespace}:{}", text(pod, "/serviceAccountName")?);
    let workload = json!({"issuer": text(&credential, "/issuer")?, "subject": subject});
    let tenant = host.trusting("kubernetes", &credential, "kubernetes", &workload)?;
    let runner = tenant.runner()?;
    let mounts = mounts(&tenant, &runner, pod)?;
    container(&tenant, &runner, pod, &mounts)?;
    tenant.has_applied_the_roster()?;
    tenant.agent_may_read_itself()?;
    let script = page.block("sh", "agentuser token")?;
    let more: BTreeMap<String, String> = [
        ("AGENTUSER_TENANT", tenant.id()),
        ("AGENTUSER_CLIENT_ID", tenant.blueprint()),
        ("AGENT_IDENTITY", tenant.agent_identity()),
        ("AGENT_USER", tenant.agent_user()),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let printed = runner.bash(&mapped(&script, &mounts), &more)?;
    ensure!(printed.contains(tenant.agent_user()), "the agent user does not read itself: {printed}");
    Ok(())
}

/// The folders of the container's volumes on this machine, with what is in them.
fn mounts(tenant: &Tenant<'_>, runner: &Runner, pod: &Value) -> anyhow::Result<Vec<(String, String)>> {
    let list = |path: &str| pod.pointer(path).and_then(Value::as_array).with_context(|| format!("no {path}"));
    let mut mounts = Vec::new();
    for mount in list("/containers/0/volumeMounts")? {
        let name = mount.get("name").and_then(Value::as_str).context("a mount has a name")?;
        let path = mount.get("mountPath").and_then(Value::as_str).context("a mount has a path")?;
        let volume =
            list("/volumes")?.iter().find(|one| one.get("name").and_then(Value::as_str) == Some(name));
        let volume = volume.with_context(|| format!("no volume {name}"))?;
        if let Some(token) = volume.pointer("/projected/sources/0/serviceAccountToken") {
            let member =
                |name: &str| token.get(name).and_then(Value::as_str).with_context(|| format!("no {name}"));
            let content = tenant.projected_token(member("audience")?)?;
            runner.file(&format!("{name}/{}", member("path")?), &content)?;
        } else {
            ensure!(volume.pointer("/configMap").is_some(), "a volume of another kind: {volume}");
            runner.file(&format!("{name}/roster.csv"), tenant.roster())?;
        }
        mounts.push((path.to_owned(), runner.folder().join(name).display().to_string()));
    }
    Ok(mounts)
}

/// The text with the files of volumes at their places on this machine.
fn mapped(text: &str, mounts: &[(String, String)]) -> String {
    let map = |text: String, (inside, here): &(String, String)| {
        text.replace(&format!("{inside}/"), &format!("{here}/"))
    };
    mounts.iter().fold(text.to_owned(), map)
}

/// Runs the container's command.
fn container(
    tenant: &Tenant<'_>,
    runner: &Runner,
    pod: &Value,
    mounts: &[(String, String)],
) -> anyhow::Result<()> {
    let one = pod.pointer("/containers/0").context("the pod has a container")?;
    let words =
        |name: &str| one.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let mut environment = BTreeMap::new();
    for variable in one.get("env").and_then(Value::as_array).into_iter().flatten() {
        let member =
            |name: &str| variable.get(name).and_then(Value::as_str).with_context(|| format!("no {name}"));
        // The page's values are those of somebody's tenant.
        let value = match member("name")? {
            "AGENTUSER_TENANT" => tenant.id().to_owned(),
            "AGENTUSER_CLIENT_ID" => APPLICATION.to_owned(),
            _ => mapped(member("value")?, mounts),
        };
        environment.insert(member("name")?.to_owned(), value);
    }
    let expand =
        |word: &str| substituted(&mapped(word, mounts), ("$(", ")"), |name| environment.get(name).cloned());
    let words: Vec<String> =
        words("command").chain(words("args")).map(expand).collect::<anyhow::Result<_>>()?;
    let (program, arguments) = words.split_first().context("the container has no command")?;
    runner.output(Command::new(tenant.program(program)?).args(arguments), &environment)?;
    Ok(())
}
