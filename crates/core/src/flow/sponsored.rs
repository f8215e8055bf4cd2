//! The objects that a person sponsors (docs/graph.md#sponsored-objects).

use super::list::UserSet;
use super::pages::all;
use crate::graph;
use crate::model::{
    AgentUser, DirectoryObject, ServicePrincipal, UserRef, is_agent_identity_type, is_agent_user_type,
};
use crate::operation::Graph;
use crate::problem::{Code, Problem};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The objects that a person sponsors, directly and by groups.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Sponsored {
    /// The person, as the request names it; for the signed-in one, the account of the token: a user principal name or an object id.
    /// Absent where the token does not show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The agent users: their ids, names, parents, and whether they can sign in.
    pub agent_users: Vec<AgentUser>,
    /// The agent identities: their ids, names, blueprints, and whether they can be used.
    pub agent_identities: Vec<ServicePrincipal>,
    /// The others: guests, blueprints, their principals, and those whose answer does not tell what they are.
    pub others: Vec<DirectoryObject>,
}

/// The agent users, the agent identities and the others that a person sponsors, or the signed-in one where none is named. At most
/// 10,000 are read.
///
/// # Errors
/// [`Code::CallerNotAllowed`] for an application that names no person, and for one to which Graph refuses the list of a person;
/// [`Code::NotFound`] where the person does not exist; other refusals of Graph; [`Code::BadAnswer`] for a list that does not end, or
/// that is longer.
pub async fn sponsored(graph: &Graph, person: Option<&UserRef>) -> Result<Sponsored, Problem> {
    let first = match person {
        Some(person) => graph::list_sponsored(graph.endpoint(), person),
        None => graph::list_own_sponsored(graph.endpoint()),
    };
    let found: Vec<Map<String, Value>> = match all(graph, first).await {
        Err(absent) if absent.answered() == Some(404) => return Err(absent.with_field("person")),
        found => found?,
    };
    let account = || graph.last_token().and_then(|(_, facts)| facts.account().map(str::to_owned));
    let person = person.map(ToString::to_string).or_else(account);
    let mut sponsored = Sponsored { person, ..Sponsored::default() };
    for one in found {
        sponsored.add(one)?;
    }
    Ok(sponsored)
}

impl Sponsored {
    fn add(&mut self, object: Map<String, Value>) -> Result<(), Problem> {
        let text = |name: &str| object.get(name).and_then(Value::as_str);
        // One without an id can't be named in any other call.
        if text("id").is_none() {
            return Ok(());
        }
        let kind = text("@odata.type");
        let is_identity = match kind {
            Some(kind) => is_agent_identity_type(kind),
            None => text("agentIdentityBlueprintId").is_some(),
        };
        if UserSet::AllUsers.takes(kind.map(is_agent_user_type), text("identityParentId").is_some()) {
            self.agent_users.push(read(object)?);
        } else if is_identity {
            self.agent_identities.push(read(object)?);
        } else {
            self.others.push(read(object)?);
        }
        Ok(())
    }
}

fn read<T: DeserializeOwned>(object: Map<String, Value>) -> Result<T, Problem> {
    serde_json::from_value(object.into()).map_err(|error| {
        let message = format!("An object that the person sponsors can't be read: {error}.");
        Problem::new(Code::BadAnswer, message)
    })
}
