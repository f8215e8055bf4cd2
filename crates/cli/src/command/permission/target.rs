//! The options that say whose permissions, and which.

use crate::parse;
use agentuser::core::validate::{RuleCode, Violations};
use agentuser::{
    Consent, GRAPH_APP_ID, ObjectId, PermissionClient, PermissionHolder, PermissionName, Problem, UserRef,
    Violation,
};
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
        holder(self.user.as_deref(), self.identity.as_deref(), self.blueprint.as_deref())
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
        if self.user.is_none() && !self.all_users {
            let fix = "Name the user, or say --all-users for all users of the tenant.";
            let violation = Violation::new(RuleCode::Required, "user", "It is not said for whom.", fix);
            return Err(Problem::from_violations(vec![violation]));
        }
        let mut broken = Violations::default();
        let user = self.user.as_deref().and_then(|user| broken.keep_as("user", UserRef::parse(user)));
        let client = client(self.identity.as_deref(), self.blueprint.as_deref(), &mut broken);
        let consent = match (user, client) {
            (Some(user), Some(PermissionClient::AgentIdentity(agent_identity))) => {
                Some(Consent::OneUser { agent_identity, user })
            }
            (Some(user), _) => Some(Consent::AgentUser(user)),
            (None, client) => client.map(Consent::AllUsers),
        };
        broken.finish(consent).map_err(Problem::from_violations)
    }

    /// The agent user, agent identity or blueprint that has an app role.
    pub(super) fn holder(&self) -> Result<PermissionHolder, Problem> {
        if self.user.is_some() && self.identity.is_some() {
            let fix = "Name the agent user or the agent identity: each can have app roles of its own.";
            let message = "It is given beside USER.";
            let violation = Violation::new(RuleCode::Contradiction, "identity", message, fix);
            return Err(Problem::from_violations(vec![violation]));
        }
        holder(self.user.as_deref(), self.identity.as_deref(), self.blueprint.as_deref())
    }
}

fn client(
    identity: Option<&str>,
    blueprint: Option<&str>,
    broken: &mut Violations,
) -> Option<PermissionClient> {
    let identity = identity.and_then(|id| broken.object_id("identity", id));
    let blueprint = blueprint.and_then(|id| broken.object_id("blueprint", id));
    identity.map(PermissionClient::AgentIdentity).or(blueprint.map(PermissionClient::Blueprint))
}

fn holder(
    user: Option<&str>,
    identity: Option<&str>,
    blueprint: Option<&str>,
) -> Result<PermissionHolder, Problem> {
    let mut broken = Violations::default();
    let user = user.and_then(|user| broken.keep_as("user", UserRef::parse(user)));
    let client = client(identity, blueprint, &mut broken);
    let found = user.map(PermissionHolder::User).or(client.map(PermissionHolder::Client));
    broken.finish(found).map_err(Problem::from_violations)
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
