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
    id: String,
    client_id: String,
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
    let runbook = match dotnet {
        Some(dotnet) => Suite::check("docs/azure-automation.md", azure_automation::check(&host, dotnet)),
        None => Suite::skipped("docs/azure-automation.md", dotnet_sdk::MISSING),
    };
    vec![Suite::checks("guides", checks), runbook]
}

impl Host<'_> {
    /// A tenant of its own, whose blueprint 1 has no credential but what the page adds.
    fn tenant(&self, name: &'static str) -> anyhow::Result<Tenant<'_>> {
        let options = json!({"proxy": true, "speed": 60, "idleSeconds": 300});
        let simulator = Simulator::for_strangers(&self.program, &options)?;
        let facts = simulator.look("tenant")?;
        let id = facts.pointer("/tenant/id").and_then(Value::as_str).context("the tenant has an id")?.to_owned();
        Ok(Tenant {
            root: self.root,
            program: &self.program,
            name,
            simulator,
            id,
            client_id: ids::blueprint_app(1).to_string(),
            agent_identity: ids::identity(demo::TAKEN_IDENTITY).to_string(),
            agent_user: ids::agent_user(demo::TAKEN_IDENTITY).to_string(),
        })
    }
}

impl Tenant<'_> {
    fn id(&self) -> &str {
        &self.id
    }

    fn client_id(&self) -> &str {
        &self.client_id
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

    /// Adds a federated identity credential to the blueprint, as Graph takes it.
    fn trust(&self, credential: &Value) -> anyhow::Result<()> {
        let path = format!("/applications/{}/federatedIdentityCredentials", ids::blueprint(1));
        self.simulator.graph("POST", &path, Some(credential)).map(drop)
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
            let user = self.simulator.graph("GET", &format!("/users/{name}?$select=assignedLicenses"), None)?;
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

    /// Client id and secret of a new application whose principal has these application permissions of Graph, and no others.
    fn application_with(&self, permissions: &[&str]) -> anyhow::Result<(String, String)> {
        let post = |path: &str, body: &Value| self.simulator.graph("POST", path, Some(body));
        let text = |value: &Value, name: &str| {
            value.get(name).and_then(Value::as_str).map(str::to_owned).with_context(|| format!("no {name} in {value}"))
        };
        let sponsor = format!("https://graph.microsoft.com/v1.0/users/{}", ids::human(1));
        let new = json!({"displayName": "Task", "sponsors@odata.bind": [sponsor]});
        let application = post("/applications/microsoft.graph.agentIdentityBlueprint", &new)?;
        let (id, client_id) = (text(&application, "id")?, text(&application, "appId")?);
        let new = json!({"appId": client_id});
        let principal = post("/servicePrincipals/microsoft.graph.agentIdentityBlueprintPrincipal", &new)?;
        let principal = text(&principal, "id")?;
        let graph = ids::graph_principal();
        let roles = self.simulator.graph("GET", &format!("/servicePrincipals/{graph}?$select=appRoles"), None)?;
        let roles = roles.get("appRoles").and_then(Value::as_array).context("Graph has app roles")?;
        for permission in permissions {
            let role = roles.iter().find(|role| role.get("value").and_then(Value::as_str) == Some(permission));
            let role = text(role.with_context(|| format!("Graph has no app role {permission}"))?, "id")?;
            let assignment = json!({"principalId": principal, "resourceId": graph, "appRoleId": role});
            post(&format!("/servicePrincipals/{principal}/appRoleAssignments"), &assignment)?;
        }
        let secret = post(&format!("/applications/{id}/addPassword"), &json!({}))?;
        Ok((client_id, text(&secret, "secretText")?))
    }

    /// The address and the header by which a program asks for the token of the managed identity.
    fn managed_identity(&self) -> (String, &'static str) {
        (format!("{}/msi/token", self.plain()), "any")
    }

    /// The simulator's address over plain HTTP.
    fn plain(&self) -> String {
        self.simulator.endpoint().replacen("https://", "http://", 1)
    }
}
