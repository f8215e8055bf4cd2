//! The request of a containment: the objects to stop, and the exceptions.

use crate::ObjectId;
use crate::model::UserRef;
use serde_json::{Map, Value};

/// The object that is stopped, with everything below it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContainTarget {
    /// A blueprint, by its application id, or by the object id of its application or its principal.
    Blueprint(ObjectId),
    /// An agent identity, by its object id.
    Identity(ObjectId),
    /// An agent user.
    User(UserRef),
}

/// The objects to stop, and the accounts to leave alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainRequest {
    /// The top of what is stopped.
    pub target: ContainTarget,
    /// The accounts that are never stopped: agent users, and agent identities by their object ids.
    pub except: Vec<UserRef>,
    /// Only says what would be stopped.
    pub dry_run: bool,
}

impl ContainRequest {
    /// A request without exceptions.
    #[must_use]
    pub const fn new(target: ContainTarget) -> Self {
        Self { target, except: Vec::new(), dry_run: false }
    }

    /// The arguments as a plan has them.
    pub(super) fn to_json(&self) -> Map<String, Value> {
        let (name, value) = match &self.target {
            ContainTarget::Blueprint(id) => ("blueprint", id.to_string()),
            ContainTarget::Identity(id) => ("agentIdentityId", id.to_string()),
            ContainTarget::User(user) => ("user", user.to_string()),
        };
        let except: Value = self.except.iter().map(|one| Value::from(one.to_string())).collect();
        Map::from_iter([(name.to_owned(), Value::from(value)), ("except".to_owned(), except)])
    }
}
