//! The recycle bin (docs/graph.md#operations, docs/graph.md#recycle-bin).

use super::ask::{Ask, nothing, object};
use super::cloud::Endpoint;
use super::url::Url;
use crate::ObjectId;
use crate::call::Call;
use crate::http::Method;
use crate::model::{AgentUser, Blueprint, Entries, Page, ServicePrincipal};
use crate::validate::Upn;
use serde_json::{Map, Value};

const SELECT: &str = "id,userPrincipalName,displayName,mailNickname,identityParentId,deletedDateTime";

fn bin(endpoint: &Endpoint) -> Url {
    Url::new(endpoint).word("directory").word("deletedItems")
}

/// Deleted users of every kind: Graph can't narrow this to agent users, so the flow does (docs/graph.md#known-issues).
#[must_use]
pub fn list_deleted_users<E: Entries>(endpoint: &Endpoint) -> Ask<Page<E>> {
    let url = bin(endpoint).word("microsoft.graph.user").select(SELECT).query("$top", "999").done();
    Ask::get(Call::ListDeletedUsers, url)
}

/// Deleted applications of every kind: the flow takes those whose ids it looks for.
#[must_use]
pub fn list_deleted_applications(endpoint: &Endpoint) -> Ask<Page<Vec<Blueprint>>> {
    let url = bin(endpoint)
        .word("microsoft.graph.application")
        .select("id,appId,displayName,deletedDateTime")
        .query("$top", "999");
    Ask::get(Call::ListDeletedApplications, url.done())
}

/// Deleted service principals of every kind: the flow takes those whose ids it looks for.
#[must_use]
pub fn list_deleted_service_principals(endpoint: &Endpoint) -> Ask<Page<Vec<ServicePrincipal>>> {
    let url = bin(endpoint)
        .word("microsoft.graph.servicePrincipal")
        .select("id,appId,displayName,servicePrincipalType,agentIdentityBlueprintId,deletedDateTime")
        .query("$top", "999");
    Ask::get(Call::ListDeletedServicePrincipals, url.done())
}

/// One deleted object.
#[must_use]
pub fn get_deleted_item(endpoint: &Endpoint, id: ObjectId) -> Ask<AgentUser> {
    let url = bin(endpoint).key(&id.to_string()).select(SELECT).done();
    Ask::new(Call::GetDeletedItem, Method::Get, url, object).expecting_id(id)
}

/// How a deleted user comes back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RestoreOptions {
    /// Its user principal name from now on; the one that it had, unless given. Needed when another user has that by now.
    pub new_user_principal_name: Option<Upn>,
    /// Whether Graph drops the mail addresses that another user has by now, in place of refusing.
    pub auto_reconcile_proxy_conflict: bool,
}

/// Brings a deleted object back, within 30 days. Answers 200 with it.
#[must_use]
pub fn restore_deleted_item(endpoint: &Endpoint, id: ObjectId, options: &RestoreOptions) -> Ask<()> {
    let url = bin(endpoint).key(&id.to_string()).word("restore").done();
    let ask = Ask::new(Call::RestoreDeletedItem, Method::Post, url, nothing).expecting_id(id);
    let mut body = Map::new();
    if let Some(name) = &options.new_user_principal_name {
        body.insert("newUserPrincipalName".to_owned(), name.as_str().into());
    }
    if options.auto_reconcile_proxy_conflict {
        body.insert("autoReconcileProxyConflict".to_owned(), Value::Bool(true));
    }
    // Both members are optional, and so is the body.
    if body.is_empty() { ask } else { ask.with_body(&body) }
}

/// Deletes for ever. Answers 204.
#[must_use]
pub fn delete_deleted_item(endpoint: &Endpoint, id: ObjectId) -> Ask<()> {
    let url = bin(endpoint).key(&id.to_string()).done();
    Ask::new(Call::PurgeDeletedItem, Method::Delete, url, nothing)
}
