//! The recycle bin (docs/graph.md#operations, docs/graph.md#recycle-bin).

use super::ask::{Ask, nothing};
use super::cloud::Root;
use super::url::Url;
use crate::ObjectId;
use crate::call::Call;
use crate::http::Method;
use crate::model::{AgentUser, Page};
use serde::de::DeserializeOwned;

const SELECT: &str = "id,userPrincipalName,displayName,mailNickname,identityParentId,deletedDateTime";

/// Deleted users of every kind: Graph can't narrow this to agent users, so the flow does (docs/graph.md#known-issues).
#[must_use]
pub fn list_deleted_users<E: DeserializeOwned>(root: &Root) -> Ask<Page<E>> {
    let url = Url::new(root)
        .word("directory")
        .word("deletedItems")
        .word("microsoft.graph.user")
        .query("$select", SELECT)
        .query("$top", "999")
        .done();
    Ask::get(Call::ListDeletedUsers, url)
}

/// One deleted object.
#[must_use]
pub fn get_deleted_item(root: &Root, id: ObjectId) -> Ask<AgentUser> {
    let url = Url::new(root)
        .word("directory")
        .word("deletedItems")
        .key(&id.to_string())
        .query("$select", SELECT)
        .done();
    Ask::get(Call::GetDeletedItem, url).expecting_id(id)
}

/// Brings a deleted object back, within 30 days. Answers 200 with it.
#[must_use]
pub fn restore_deleted_item(root: &Root, id: ObjectId) -> Ask<()> {
    let url =
        Url::new(root).word("directory").word("deletedItems").key(&id.to_string()).word("restore").done();
    Ask::new(Call::RestoreDeletedItem, Method::Post, url, nothing).expecting_id(id)
}

/// Deletes for ever. Answers 204.
#[must_use]
pub fn delete_deleted_item(root: &Root, id: ObjectId) -> Ask<()> {
    let url = Url::new(root).word("directory").word("deletedItems").key(&id.to_string()).done();
    Ask::new(Call::PurgeDeletedItem, Method::Delete, url, nothing)
}
