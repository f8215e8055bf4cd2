//! The member `signIn` of a configuration: who signs in, where, and by which proof. Secrets travel beside the JSON.

mod object;
mod read;
#[cfg(feature = "schema")]
mod schema;
mod table;

pub(in crate::json) use read::Graph;

use crate::sign_in::{AgentIdentityId, ClientId, Login, Prompt, Scopes, Secret, Tenant, UserOf, Who};
use std::path::PathBuf;

/// The sign-in of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignInConfig {
    /// A confidential client: an application, or an agent of a blueprint.
    Confidential(Confidential),
    /// A person, by an app registration that is a public client.
    Person {
        /// The sign-in endpoint.
        login: Login,
        /// The tenant; it may be a shared name.
        tenant: Tenant,
        /// The app registration.
        client_id: ClientId,
        /// How the person is asked.
        prompt: Prompt,
        /// The scopes that the person is asked to consent to; without them, all that was granted on Graph.
        scopes: Option<Scopes>,
    },
    /// The managed identity of this machine.
    ManagedIdentity {
        /// The client id of a user-assigned identity.
        client_id: Option<ClientId>,
    },
    /// The account that is signed in to the Azure CLI.
    AzureCli {
        /// The tenant, where it is not the one in use.
        tenant: Option<Tenant>,
    },
    /// The account that is signed in to the Azure Developer CLI.
    AzureDeveloperCli {
        /// The tenant, where it is not the one in use.
        tenant: Option<Tenant>,
    },
    /// The workload identity of this Kubernetes pod.
    WorkloadIdentity {
        /// Where; the pod's own variables say so where there is none.
        login: Option<Login>,
    },
}

/// A sign-in of a confidential client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confidential {
    /// The sign-in endpoint.
    pub login: Login,
    /// The tenant.
    pub tenant: Tenant,
    /// The application, or the blueprint of an agent.
    pub client_id: ClientId,
    /// The subject of the token.
    pub subject: Subject,
    /// How the application proves who it is.
    pub proof: ProofConfig,
}

/// The subject of a token that a confidential client gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The application itself.
    Application,
    /// One of its agent identities.
    AgentIdentity(AgentIdentityId),
    /// An agent user of one of its agent identities.
    AgentUser(AgentIdentityId, UserOf),
    /// One of its agent identities, on behalf of a person whose token the host gives.
    OnBehalfOf(AgentIdentityId),
}

/// How an application proves who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProofConfig {
    /// A client secret, beside the JSON.
    ClientSecret,
    /// A PEM with a certificate and its key, beside the JSON.
    Certificate {
        /// Whether each assertion has the certificate itself.
        send_x5c: bool,
    },
    /// The host signs.
    Signature {
        /// The certificate without its key, as PEM.
        certificate: String,
        /// Whether each assertion has the certificate itself.
        send_x5c: bool,
    },
    /// The host gives an assertion.
    Assertion,
    /// A token in a file.
    FederatedTokenFile {
        /// The file; that of AZURE_FEDERATED_TOKEN_FILE where there is none.
        path: Option<PathBuf>,
    },
    /// The managed identity of this machine.
    ManagedIdentity {
        /// The client id of a user-assigned identity.
        client_id: Option<ClientId>,
    },
    /// The token of an Azure DevOps pipeline.
    AzurePipelines {
        /// The service connection.
        service_connection_id: String,
    },
    /// The token of a GitHub Actions workflow.
    GitHubActions,
}

impl Confidential {
    /// The subject that signs in; `None` where it acts for a person and `user_token` is absent.
    #[must_use]
    pub fn who(&self, user_token: Option<Secret>) -> Option<Who> {
        let blueprint = self.client_id;
        Some(match &self.subject {
            Subject::Application => Who::Application { client_id: self.client_id },
            Subject::AgentIdentity(identity) => Who::AgentIdentity { blueprint, identity: *identity },
            Subject::AgentUser(identity, user) => {
                Who::AgentUser { blueprint, identity: *identity, user: user.clone() }
            }
            Subject::OnBehalfOf(identity) => {
                Who::OnBehalfOf { blueprint, identity: *identity, user_token: user_token? }
            }
        })
    }
}

impl SignInConfig {
    /// The secret that must travel beside the JSON, as words for a message; `None` where there is none.
    #[must_use]
    pub const fn secret(&self) -> Option<&'static str> {
        match self {
            Self::Confidential(of) => of.proof.secret(),
            _ => None,
        }
    }
}

impl ProofConfig {
    /// The secret that must travel beside the JSON, as words for a message; `None` where there is none.
    #[must_use]
    pub const fn secret(&self) -> Option<&'static str> {
        match self {
            Self::ClientSecret => Some("client secret"),
            Self::Certificate { .. } => Some("certificate with its private key"),
            _ => None,
        }
    }
}
