//! The accounts that are never stopped. Objects above such an account would stop it, too, so that they are left alone as well.

use crate::ObjectId;
use crate::flow::remarks::remark;
use crate::graph::{self, Detail};
use crate::model::{AgentUser, ServicePrincipal, UserRef};
use crate::operation::Graph;
use crate::problem::{Code, Problem, shown};
use crate::remark::{Remark, RemarkCode};
use crate::validate::{RuleCode, Violation};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use std::collections::BTreeMap;

/// The objects that are not stopped, each with the account on the list that it is left alone for.
#[derive(Debug, Default)]
pub(super) struct Exceptions {
    users: BTreeMap<ObjectId, String>,
    identities: BTreeMap<ObjectId, String>,
    /// By the application ids of blueprints.
    blueprints: BTreeMap<ObjectId, String>,
    /// A remark for each account of the list that does not exist.
    pub(super) remarks: Vec<Remark>,
}

/// An account of the list.
enum Account {
    User(AgentUser),
    Identity(ServicePrincipal),
    Nothing,
}

impl Exceptions {
    /// Reads the accounts and what is above each.
    ///
    /// # Errors
    /// Where one of them can't be read: then it is not known what would stop it, and nothing is stopped.
    pub(super) async fn read(graph: &Graph, named: &[UserRef]) -> Result<Self, Problem> {
        let looks = named.iter().map(|one| async move { (one, account(graph, one).await) });
        let mut looks: FuturesUnordered<_> = looks.collect();
        let mut exceptions = Self::default();
        while let Some((one, account)) = looks.next().await {
            let unread =
                |problem: Problem| problem.saying("It is to be never stopped, so nothing was stopped.");
            exceptions.add(graph, one, account.map_err(unread)?).await.map_err(unread)?;
        }
        Ok(exceptions)
    }

    async fn add(&mut self, graph: &Graph, named: &UserRef, account: Account) -> Result<(), Problem> {
        let name = shown(&named.to_string());
        let parent = match account {
            Account::Nothing => {
                let message = format!("There is no account {name}, which is to be never stopped.");
                self.remarks.push(remark(RemarkCode::ExceptionNotFound, &message));
                return Ok(());
            }
            Account::User(user) => {
                self.users.extend(user.id().map(|id| (id, name.clone())));
                match user.identity_parent_id() {
                    Some(parent) => identity(graph, parent).await?.unwrap_or_default(),
                    None => return Ok(()),
                }
            }
            Account::Identity(identity) => identity,
        };
        self.identities.extend(parent.id().map(|id| (id, name.clone())));
        self.blueprints.extend(parent.agent_identity_blueprint_id().map(|id| (id, name)));
        Ok(())
    }

    /// The account that a blueprint's principal is left alone for.
    pub(super) fn of_blueprint(&self, app_id: ObjectId) -> Option<&str> {
        self.blueprints.get(&app_id).map(String::as_str)
    }

    /// The account that an agent identity is left alone for.
    pub(super) fn of_identity(&self, id: ObjectId) -> Option<&str> {
        self.identities.get(&id).map(String::as_str)
    }

    /// The account that an agent user is left alone for: itself, or its parent.
    pub(super) fn of_user(&self, user: &AgentUser) -> Option<&str> {
        let own = user.id().and_then(|id| self.users.get(&id));
        let above = || user.identity_parent_id().and_then(|parent| self.identities.get(&parent));
        own.or_else(above).map(String::as_str)
    }
}

/// The problem of an object that is left alone for an account.
pub(super) fn never_stopped(name: &str, account: &str) -> Problem {
    let message = format!("{name} was left alone: {account} is among the accounts that are never stopped.");
    Problem::new(Code::NeverStopped, message)
}

async fn account(graph: &Graph, named: &UserRef) -> Result<Account, Problem> {
    if let Some(user) = graph.look(graph::get_user(graph.endpoint(), named, &Detail::USUAL)).await? {
        return Ok(Account::User(user));
    }
    match named {
        UserRef::Id(id) => Ok(identity(graph, *id).await?.map_or(Account::Nothing, Account::Identity)),
        UserRef::Upn(_) => Ok(Account::Nothing),
    }
}

/// An agent identity, or none where nothing has the id. Whatever else has it is refused: a blueprint stands for many accounts.
async fn identity(graph: &Graph, id: ObjectId) -> Result<Option<ServicePrincipal>, Problem> {
    let found = match graph.look(graph::get_agent_identity(graph.endpoint(), id)).await? {
        Some(found) => return Ok(Some(found)),
        None => graph.look(graph::get_blueprint_principal(graph.endpoint(), id)).await,
    };
    match found {
        Ok(Some(_)) => {
            let message = format!("{id} is a blueprint's principal, which stands for many accounts.");
            let fix = "Name agent users and agent identities.";
            Err(Problem::from_violations(vec![Violation::new(RuleCode::NotUsable, "except", message, fix)]))
        }
        // Without the permission to read principals of blueprints, an id that is not an agent identity's is unknown.
        _ => Ok(None),
    }
}
