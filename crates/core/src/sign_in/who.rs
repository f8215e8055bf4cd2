//! The subject of a token, and its sign-in.

use super::login::Login;
use super::names::{AgentIdentityId, ClientId, UserOf};
use super::scopes::Scopes;
use super::secret::Secret;
use super::tenant::Tenant;
use crate::problem::Problem;

/// A sign-in: where, in which tenant, and who.
#[derive(Debug, Clone)]
pub struct SignIn {
    login: Login,
    tenant: Tenant,
    who: Who,
}

/// The one who signs in.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Who {
    /// An application by itself: an app registration, a blueprint, or an agent identity of the single-instance kind, which
    /// asks like any application (docs/sign-in.md#single-instance).
    Application {
        /// Its client id.
        client_id: ClientId,
    },
    /// An agent identity by itself (docs/sign-in.md#agent-identity).
    AgentIdentity {
        /// The blueprint, whose proof counts.
        blueprint: ClientId,
        /// The agent identity.
        identity: AgentIdentityId,
    },
    /// An agent user (docs/sign-in.md#agent-user).
    AgentUser {
        /// The blueprint, whose proof counts.
        blueprint: ClientId,
        /// The agent identity that is the agent user's parent.
        identity: AgentIdentityId,
        /// The agent user.
        user: UserOf,
    },
    /// An agent identity for a person who has signed in elsewhere (docs/sign-in.md#on-behalf-of).
    OnBehalfOf {
        /// The blueprint, whose proof counts and for which the person's token is.
        blueprint: ClientId,
        /// The agent identity.
        identity: AgentIdentityId,
        /// The person's token.
        user_token: Secret,
    },
    /// A person, by an app registration that is a public client (docs/sign-in.md#people).
    Person {
        /// The app registration.
        client_id: ClientId,
        /// How the person is asked.
        prompt: Prompt,
    },
}

/// How a person is asked to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Prompt {
    /// In the browser of this machine, which comes back to a port of it.
    Browser,
    /// In any browser, where the person types a code.
    DeviceCode,
}

impl SignIn {
    /// A sign-in of `who` at that endpoint, in that tenant.
    ///
    /// # Errors `SharedTenant` where the tenant is `common` or `organizations` and no person signs in.
    pub fn new(login: Login, tenant: Tenant, who: Who) -> Result<Self, Problem> {
        if !matches!(who, Who::Person { .. }) {
            Tenant::parse(tenant.as_str()).map_err(|shared| Problem::from_violations(vec![shared]))?;
        }
        Ok(Self { login, tenant, who })
    }

    /// Where it goes.
    #[must_use]
    pub fn login(&self) -> &Login {
        &self.login
    }

    /// The tenant.
    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// The subject that signs in.
    #[must_use]
    pub fn who(&self) -> &Who {
        &self.who
    }

    /// Refuses scopes that can't be asked for.
    ///
    /// # Errors
    /// [`crate::problem::Code::SignInScopeInvalid`] where no person and no agent user signs in, and the scopes are not one
    /// resource followed by `/.default`.
    pub fn check(&self, scopes: &Scopes) -> Result<(), Problem> {
        match self.who {
            Who::Application { .. } | Who::AgentIdentity { .. } => scopes.require_default(),
            Who::AgentUser { .. } | Who::OnBehalfOf { .. } | Who::Person { .. } => Ok(()),
        }
    }
}
