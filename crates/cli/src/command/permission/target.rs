//! The options that say whose permissions, and which.

use crate::parse;
use agentuser::core::validate::Violations;
use agentuser::{Consent, GRAPH_APP_ID, NamedAgent, ObjectId, PermissionHolder, PermissionName, Problem};
use clap::{ArgGroup, Args};

/// An agent.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("holder").required(true).args(["user", "identity", "blueprint"]))]
pub(super) struct Holder {
    /// The agent user: its object id or its user principal name
    #[arg(value_name = "USER")]
    user: Option<String>,
    /// The agent identity: its object id
    #[arg(long, value_name = "ID")]
    identity: Option<String>,
    /// The blueprint whose principal it is: its application (client) id, or an object id
    #[arg(long, value_name = "ID")]
    blueprint: Option<String>,
}

impl Holder {
    pub(super) fn get(&self) -> Result<PermissionHolder, Problem> {
        let named = NamedAgent {
            user: self.user.as_deref(),
            agent_identity_id: self.identity.as_deref(),
            blueprint: self.blueprint.as_deref(),
        };
        named.holder().map_err(Problem::from_violations)
    }
}

/// An agent, and those for whom it acts.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("whose").required(true).multiple(true).args(["user", "identity", "blueprint"]))]
pub(super) struct Target {
    /// The agent user: its object id or its user principal name
    #[arg(value_name = "USER", conflicts_with_all = ["blueprint", "all_users"])]
    user: Option<String>,
    /// The agent identity that acts: its object id
    #[arg(long, value_name = "ID", conflicts_with = "blueprint")]
    identity: Option<String>,
    /// The blueprint whose principal acts: its application (client) id, or an object id
    #[arg(long, value_name = "ID")]
    blueprint: Option<String>,
    /// Delegated permissions for all users of the tenant (AllPrincipals)
    #[arg(long, requires = "scope")]
    all_users: bool,
}

impl Target {
    /// The agent identity or blueprint that acts, and the users that it acts for.
    pub(super) fn consent(&self) -> Result<Consent, Problem> {
        self.named().consent(self.all_users).map_err(Problem::from_violations)
    }

    /// The agent user, agent identity or blueprint that has an app role.
    pub(super) fn holder(&self) -> Result<PermissionHolder, Problem> {
        self.named().holder().map_err(Problem::from_violations)
    }

    fn named(&self) -> NamedAgent<'_> {
        NamedAgent {
            user: self.user.as_deref(),
            agent_identity_id: self.identity.as_deref(),
            blueprint: self.blueprint.as_deref(),
        }
    }
}

/// A resource.
#[derive(Debug, Args)]
pub(super) struct Resource {
    /// The resource that defines the permissions: its application id; Microsoft Graph unless given
    #[arg(long = "resource", value_name = "APP_ID")]
    resource: Option<String>,
}

impl Resource {
    pub(super) fn get(&self) -> Result<ObjectId, Problem> {
        self.resource.as_deref().map_or(Ok(GRAPH_APP_ID), |id| parse::id("resource", id))
    }
}

/// The permissions to grant or to revoke.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("permission").required(true).args(["scope", "app_role"]))]
pub(super) struct Permission {
    /// Delegated permissions, such as User.Read
    #[arg(long, value_name = "NAME", num_args = 1.., value_delimiter = ',')]
    scope: Vec<String>,
    /// An app role, such as User.Read.All
    #[arg(long, value_name = "NAME")]
    app_role: Option<String>,
    #[command(flatten)]
    pub(super) resource: Resource,
}

impl Permission {
    pub(super) fn app_role(&self) -> Result<Option<PermissionName>, Problem> {
        self.app_role.as_deref().map(|role| name("app-role", role)).transpose()
    }

    pub(super) fn scopes(&self) -> Result<Vec<PermissionName>, Problem> {
        let mut broken = Violations::default();
        let read = |text: &String| PermissionName::parse(text).map_err(|violation| vec![violation]);
        let scopes = self.scope.iter().filter_map(|text| broken.keep_as("scope", read(text))).collect();
        broken.finish(Some(scopes)).map_err(Problem::from_violations)
    }
}

/// The name of a permission.
pub(super) fn name(field: &'static str, text: &str) -> Result<PermissionName, Problem> {
    PermissionName::parse(text).map_err(|violation| Problem::from_violations(vec![violation.of_field(field)]))
}
