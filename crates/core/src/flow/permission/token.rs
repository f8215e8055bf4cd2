//! Waiting until the client's own tokens carry a permission (docs/sign-in.md#application-token).
//!
//! The admin who grants a permission has another token than the application that gets it. So the one who waits is a client of
//! its own, which signs in as that application or user: it asks its sign-in for new tokens, and looks into them.

use crate::flow::poller::{Backoff, Poller};
use crate::flow::remarks::remark;
use crate::graph::{self, Call, ListQuery};
use crate::model::{AgentUser, PermissionName};
use crate::operation::{Graph, Waiting};
use crate::problem::{Code, Problem};
use crate::remark::{Remark, RemarkCode};
use serde::Serialize;

/// Whether the client's token carries a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum TokenState {
    /// It shows it.
    Carried,
    /// It is opaque: it shows no permissions at all.
    Unknown,
}

/// The end of a wait for a permission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TokenPermission {
    /// The permission.
    pub permission: String,
    /// Whether the token carries it.
    pub state: TokenState,
    /// Sentences beside the state.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
}

/// Waits until a new token of this client carries a permission, as an app role or a delegated one, for as long as a change
/// may take to become visible.
///
/// A token that shows no permissions says nothing. Then one that Graph refuses for a read that the permission allows is waited
/// for, and everything else ends with [`TokenState::Unknown`].
///
/// # Errors
/// [`Code::PermissionNotInToken`]; what the sign-in fails with, such as where the client has one fixed token; refusals of
/// Graph for another reason than a permission that is missing.
pub async fn wait_permission(graph: &Graph, permission: &PermissionName) -> Result<TokenPermission, Problem> {
    let mut poller = Poller::new(graph, graph.settings().replication_timeout, Backoff::TOKEN);
    let mut former = None;
    loop {
        let query = ListQuery { page_size: 1, ..ListQuery::default() };
        let probe = graph::list_agent_users::<Vec<AgentUser>>(graph.endpoint(), &query);
        let refused = match graph.with_another_token(former).read(probe).await {
            Ok(_) => None,
            Err(problem) if problem.answered() == Some(403) && problem.code() == Code::PermissionMissing => {
                Some(problem)
            }
            Err(problem) => return Err(problem),
        };
        let token = graph.last_token();
        let is_probed = Call::ListAgentUsers.permissions().contains(&permission.as_str());
        match token.as_ref().and_then(|(_, facts)| facts.has(permission.as_str())) {
            Some(true) => return Ok(ended(permission, TokenState::Carried)),
            None if refused.is_none() || !is_probed => return Ok(ended(permission, TokenState::Unknown)),
            _ => {}
        }
        former = token.map(|(tag, _)| tag);
        if !poller.again_after(Waiting::Permission, refused.as_ref()).await? {
            let message = format!("New tokens of this client do not carry {permission}.");
            return Err(Problem::new(Code::PermissionNotInToken, message));
        }
    }
}

fn ended(permission: &PermissionName, state: TokenState) -> TokenPermission {
    let unseen = (state == TokenState::Unknown).then(|| {
        let message = format!(
            "The token of this client does not show its permissions, so that nobody can see whether {permission} is among them."
        );
        remark(RemarkCode::PermissionUnseen, &message)
    });
    TokenPermission { permission: permission.to_string(), state, remarks: unseen.into_iter().collect() }
}
