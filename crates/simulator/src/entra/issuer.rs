//! Other issuers, whose tokens a federated identity credential trusts: pipelines, clusters, managed identities.

use super::client::Client;
use super::state::What;
use super::tokens::{principal_of, word};
use crate::directory::Directory;
use agentuser_core::{Now, ObjectId};
use serde_json::Value;
use std::time::Duration;

/// How long such a token lives. *Assumption*: pipelines give about ten minutes, clusters an hour.
const LIVES: Duration = Duration::from_secs(600);

/// A workload that another issuer vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    /// The issuer, such as `https://token.actions.githubusercontent.com`.
    pub issuer: String,
    /// The subject, such as `repo:contoso/agents:ref:refs/heads/main`.
    pub subject: String,
}

impl Workload {
    /// A job of GitHub Actions (<https://docs.github.com/actions/reference/security/oidc>).
    #[must_use]
    pub fn github_actions() -> Self {
        Self {
            issuer: "https://token.actions.githubusercontent.com".to_owned(),
            subject: "repo:contoso/agents:ref:refs/heads/main".to_owned(),
        }
    }

    /// A service connection of Azure Pipelines. *Assumption*: the names of organization and project are the simulator's.
    #[must_use]
    pub fn azure_pipelines() -> Self {
        Self {
            issuer: "https://vstoken.dev.azure.com/00000000-0000-4000-8000-00000000ad00".to_owned(),
            subject: "sc://contoso/agents/blueprint".to_owned(),
        }
    }

    /// A service account of a cluster.
    #[must_use]
    pub fn kubernetes() -> Self {
        Self {
            issuer: "https://cluster.contoso.example/".to_owned(),
            subject: "system:serviceaccount:agents:blueprint".to_owned(),
        }
    }
}

impl Directory {
    /// A token of another issuer, for this audience.
    pub fn workload_token(&mut self, now: Now, workload: &Workload, audience: &str) -> String {
        let Workload { issuer, subject } = workload.clone();
        let claims: [(&str, Value); 4] = [
            ("iss", issuer.as_str().into()),
            ("sub", subject.as_str().into()),
            ("aud", audience.into()),
            ("jti", word(self.entra.draw("jti")).to_string().into()),
        ];
        let what = What::Federated { issuer, subject, audience: audience.to_owned() };
        let tenant = self.tenant_id();
        self.other_token(now, (tenant, what), LIVES, &claims)
    }

    /// The token of a managed identity: for Graph, or for the exchange, where it is an assertion for the application that
    /// trusts it. None for a resource that is not known.
    pub fn managed_identity(&mut self, now: Now, app: ObjectId, resource: &str) -> Option<String> {
        let client = Client::Application(app);
        let (lives, object) = (self.lifetime(app), principal_of(self, app));
        if self.is_graph(resource) {
            let token = self.own_token(client).ok()?;
            return Some(self.graph_token(now, app, object, (token, lives), &[]));
        }
        let claims: [(&str, Value); 5] = [
            ("aud", self.exchange().into()),
            ("azp", app.to_string().into()),
            ("sub", object.to_string().into()),
            ("oid", object.to_string().into()),
            ("idtyp", "app".into()),
        ];
        let what = (self.tenant_id(), What::Application(object));
        self.is_exchange(resource).then(|| self.other_token(now, what, lives, &claims))
    }
}
