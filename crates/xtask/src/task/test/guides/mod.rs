//! The pages that tell how to run agentuser somewhere: the workflows, manifests and commands that they show are run as they are
//! written, as that host runs them, on a simulated tenant that trusts what the page says and nothing else.

mod azure_automation;
mod azure_devops;
mod getting_started;
mod github_actions;
mod kubernetes;
mod page;
mod runner;

use crate::build::cargo_artifacts;
use crate::build::dotnet_sdk::{self, Dotnet};
use crate::build::powershell_module::Pwsh;
use crate::programs::ensure_installed;
use crate::simulator_process::Simulator;
use crate::test_suite::Suite;
use agentuser_simulator::{ids, tenant as demo};
use anyhow::{Context as _, ensure};
use runner::Runner;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The agent users that the pages' roster declares, with parents of blueprint 1.
const ROSTER: &str = "\
userPrincipalName,displayName,identityParentId,usageLocation,manager,sponsors,licenses
one@contoso.com,One,a1d00000-0000-4000-8000-000000000001,DE,human1@contoso.com,human2@contoso.com,AGENT_365
four@contoso.com,Four,a1d00000-0000-4000-8000-000000000004,DE,human1@contoso.com,human2@contoso.com,AGENT_365
";

/// An application of somebody's own, not one of the demo tenant's.
const APPLICATION: &str = "5ea00000-0000-4000-8000-000000000009";

/// This machine.
pub(super) struct Host<'a> {
    root: &'a Path,
    program: PathBuf,
}

/// A simulated tenant, with the blueprint that a page's job signs in as.
struct Tenant<'a> {
    root: &'a Path,
    program: &'a Path,
    name: &'static str,
    simulator: Simulator,
    facts: Value,
    id: String,
    blueprint: String,
    agent_identity: String,
    agent_user: String,
}

/// The suite of each page.
pub(super) fn suites(root: &Path, dotnet: Option<&Dotnet>) -> Vec<Suite> {
    ensure_installed(&["curl"], "curl");
    let program = match cargo_artifacts::command_line(root, false) {
        Ok(program) => program,
        Err(error) => return vec![Suite::check("guides", Err(error))],
    };
    let host = Host { root, program };
    let pages = [
        ("docs/getting-started.md", getting_started::check as fn(&Host<'_>) -> anyhow::Result<()>),
        ("docs/github-actions.md", github_actions::check),
        ("docs/azure-devops.md", azure_devops::check),
        ("docs/kubernetes.md", kubernetes::check),
    ];
    let checks = pages.map(|(name, check)| check(&host).with_context(|| name.to_owned()));
    const RUNBOOK: &str = "docs/azure-automation.md";
    let runbook = match (dotnet, Pwsh::find()) {
        (Some(dotnet), Some(pwsh)) => Suite::check(RUNBOOK, azure_automation::check(&host, dotnet, &pwsh)),
        (None, _) => Suite::skipped(RUNBOOK, dotnet_sdk::MISSING),
        (_, None) => Suite::skipped(RUNBOOK, Pwsh::MISSING),
    };
    vec![Suite::checks("guides", checks), runbook]
}

impl Host<'_> {
    /// A tenant of its own, with this sign-in beside that of the demo tenant.
    fn tenant(&self, name: &'static str, sign_in: &Value) -> anyhow::Result<Tenant<'_>> {
        let options = json!({"proxy": true, "speed": 60, "idleSeconds": 300, "signIn": sign_in});
        let simulator = Simulator::for_strangers(&self.program, &options)?;
        let facts = simulator.look("tenant")?;
        let id =
            facts.pointer("/tenant/id").and_then(Value::as_str).context("the tenant has an id")?.to_owned();
        Ok(Tenant {
            root: self.root,
            program: &self.program,
            name,
            simulator,
            facts,
            id,
            blueprint: ids::blueprint_app(1).to_string(),
            agent_identity: ids::identity(demo::TAKEN_IDENTITY).to_string(),
            agent_user: ids::agent_user(demo::TAKEN_IDENTITY).to_string(),
        })
    }

    /// A tenant in which an application and a blueprint trust the federated credential of a page, and nothing else. The platform
    /// vouches for the workload, its issuer and subject.
    fn trusting(
        &self,
        name: &'static str,
        credential: &Value,
        platform: &str,
        workload: &Value,
    ) -> anyhow::Result<Tenant<'_>> {
        let text = |name: &str| credential.get(name).with_context(|| format!("the credential has no {name}"));
        let audience = credential.pointer("/audiences/0").context("the credential has no audience")?;
        let federated =
            json!([{"issuer": text("issuer")?, "subject": text("subject")?, "audience": audience}]);
        self.tenant(name, &json!({
            "applications": [
                {"clientId": APPLICATION, "federated": federated, "roles": getting_started::roles(self.root)?},
                {"clientId": ids::blueprint_app(1), "federated": federated},
            ],
            "workloads": {platform: workload},
        }))
    }
}

impl Tenant<'_> {
    fn id(&self) -> &str {
        &self.id
    }

    fn blueprint(&self) -> &str {
        &self.blueprint
    }

    fn agent_identity(&self) -> &str {
        &self.agent_identity
    }

    fn agent_user(&self) -> &str {
        &self.agent_user
    }

    fn roster(&self) -> &'static str {
        ROSTER
    }

    /// A machine with the roster in its folder.
    fn runner(&self) -> anyhow::Result<Runner> {
        let runner = Runner::new(self.root, self.name, self.program, &self.simulator)?;
        runner.file("roster.csv", ROSTER)?;
        Ok(runner)
    }

    /// The path of `agentuser`: a container's command has no shell to look for it.
    fn program(&self, name: &str) -> anyhow::Result<&Path> {
        ensure!(name == "agentuser", "the container runs {name}");
        Ok(self.program)
    }

    /// The address and the token by which a job of this platform asks for its token.
    fn oidc(&self, platform: &str) -> anyhow::Result<(String, String)> {
        let text = |name: &str| {
            let value = self.facts.pointer(&format!("/pipelines/{platform}/{name}")).and_then(Value::as_str);
            value.map(str::to_owned).with_context(|| format!("the simulator has no {name} of {platform}"))
        };
        Ok((self.over_plain_http(&text("requestUrl")?), text("requestToken")?))
    }

    /// The token of a service account for this audience.
    fn projected_token(&self, audience: &str) -> anyhow::Result<String> {
        let (url, token) = self.oidc("kubernetes")?;
        let (_, path) = url.split_once("/simulator/").context("an address of the simulator")?;
        let answer = self.simulator.asked_as(&token, &format!("/simulator/{path}?audience={audience}"))?;
        let token = answer.get("token").and_then(Value::as_str).context("an answer with a token")?;
        Ok(token.to_owned())
    }

    /// Consents to the agent user's reading itself.
    fn agent_may_read_itself(&self) -> anyhow::Result<()> {
        let grant = json!({
            "clientId": self.agent_identity, "consentType": "Principal", "principalId": self.agent_user,
            "resourceId": ids::graph_principal(), "scope": "User.Read LicenseAssignment.Read.All",
        });
        self.simulator.graph("POST", "/oauth2PermissionGrants", Some(&grant)).map(drop)
    }

    /// The agent users of the roster are there, with manager and license.
    fn has_applied_the_roster(&self) -> anyhow::Result<()> {
        for name in ["one@contoso.com", "four@contoso.com"] {
            let user =
                self.simulator.graph("GET", &format!("/users/{name}?$select=assignedLicenses"), None)?;
            let licenses = user.get("assignedLicenses").and_then(Value::as_array).map_or(0, Vec::len);
            ensure!(licenses == 1, "{name} has {licenses} licenses");
            self.simulator.graph("GET", &format!("/users/{name}/manager"), None)?;
        }
        Ok(())
    }

    /// The token that may do everything.
    fn admin_token(&self) -> String {
        self.simulator.token().to_owned()
    }

    /// The address and the header by which a program asks for the token of the managed identity.
    fn managed_identity(&self) -> (String, &'static str) {
        (self.over_plain_http(&format!("{}/msi/token", self.simulator.endpoint())), "any")
    }

    /// The address over plain HTTP, which the simulator speaks on the same port.
    fn over_plain_http(&self, address: &str) -> String {
        address.replacen("https://", "http://", 1)
    }
}
