//! Finding the principal whose permissions are read or changed.

use crate::ObjectId;
use crate::flow::blueprint::blueprint_principal;
use crate::flow::find::{id_of, resolve};
use crate::flow::identity::agent_identity;
use crate::flow::parent;
use crate::graph;
use crate::graph::Detail;
use crate::model::{
    AgentUser, Consent, ObjectKind, PermissionClient, PermissionHolder, ServicePrincipal, UserRef,
};
use crate::operation::Graph;
use crate::problem::{Code, Problem};

/// A service principal or a user that was found.
#[derive(Debug, Clone)]
pub(super) struct Principal {
    pub(super) id: ObjectId,
    /// The kind; `None` for a user.
    pub(super) kind: Option<ObjectKind>,
    pub(super) display_name: Option<String>,
    /// The user principal name, for a user alone.
    pub(super) user_principal_name: Option<String>,
}

impl Principal {
    pub(super) fn of(found: &ServicePrincipal, kind: ObjectKind) -> Result<Self, Problem> {
        let id = found.id().ok_or_else(|| {
            Problem::new(Code::BadAnswer, "Graph answered with a service principal that has no id.")
        })?;
        let display_name = found.display_name().map(str::to_owned);
        Ok(Self { id, kind: Some(kind), display_name, user_principal_name: None })
    }

    pub(super) fn of_user(user: &AgentUser) -> Result<Self, Problem> {
        Ok(Self {
            id: id_of(user)?,
            kind: None,
            display_name: user.display_name().map(str::to_owned),
            user_principal_name: user.user_principal_name().map(str::to_owned),
        })
    }

    pub(super) const fn is_user(&self) -> bool {
        self.kind.is_none()
    }
}

/// The service principal that acts.
pub(super) async fn client(graph: &Graph, client: PermissionClient) -> Result<Principal, Problem> {
    match client {
        PermissionClient::AgentIdentity(id) => {
            Principal::of(&agent_identity(graph, id).await?, ObjectKind::AgentIdentity)
        }
        PermissionClient::Blueprint(id) => {
            Principal::of(&blueprint_principal(graph, id).await?, ObjectKind::BlueprintPrincipal)
        }
    }
}

/// The principal that has permissions.
pub(super) async fn holder(graph: &Graph, holder: &PermissionHolder) -> Result<Principal, Problem> {
    match holder {
        PermissionHolder::User(user) => Principal::of_user(&resolve(graph, user).await?.1),
        PermissionHolder::Client(one) => client(graph, *one).await,
    }
}

/// The principal that acts, and the user that it acts for; `None` where it acts for all users.
pub(super) async fn consent(
    graph: &Graph,
    consent: &Consent,
) -> Result<(Principal, Option<Principal>), Problem> {
    match consent {
        Consent::AgentUser(user) => {
            let (_, user) = resolve(graph, user).await?;
            let client = identity_of(graph, &user).await?;
            Ok((client, Some(Principal::of_user(&user)?)))
        }
        Consent::OneUser { agent_identity, user } => {
            let client = client(graph, PermissionClient::AgentIdentity(*agent_identity)).await?;
            Ok((client, Some(any_user(graph, user).await?)))
        }
        Consent::AllUsers(one) => Ok((client(graph, *one).await?, None)),
    }
}

/// The agent identity that an agent user belongs to.
pub(super) async fn identity_of(graph: &Graph, user: &AgentUser) -> Result<Principal, Problem> {
    let parent = user.identity_parent_id().ok_or_else(|| {
        Problem::new(Code::BadAnswer, "Graph answered with an agent user that names no parent.")
    })?;
    Principal::of(&parent::agent_identity(graph, parent).await?, ObjectKind::AgentIdentity)
}

/// A user who may be a person: nothing of the user is changed.
async fn any_user(graph: &Graph, user: &UserRef) -> Result<Principal, Problem> {
    let found = graph.find(graph::get_user(graph.endpoint(), user, &Detail::USUAL)).await?;
    let found = found.map_err(|absent| {
        Problem::new(Code::NotFound, format!("There is no user {user}.")).with_field("user").about(&absent)
    })?;
    Principal::of_user(&found)
}
