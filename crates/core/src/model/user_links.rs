//! A user with those that it refers to.

use super::directory_object::DirectoryObject;
use crate::ObjectId;
use serde::Deserialize;

/// A user with those that it refers to, as `$expand` shows them.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct UserLinks {
    /// The object id.
    pub id: Option<ObjectId>,
    /// The manager; none where the user has none.
    pub manager: Option<DirectoryObject>,
    /// The sponsors; none where the answer does not have the member.
    pub sponsors: Option<Vec<DirectoryObject>>,
}

impl UserLinks {
    /// The most objects that Graph shows of an expanded relationship (docs/graph.md#audits).
    pub const MOST_EXPANDED: usize = 20;
}
