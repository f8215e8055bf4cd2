//! Whose grants, roles and risks are an audit's business.

use crate::ObjectId;
use crate::flow::audit::snapshot::{BlueprintOf, Identity, User};
use crate::flow::audit::table::Table;
use crate::flow::read::Read;

/// The agent users, agent identities and principals of blueprints that were read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Agents<'a> {
    pub(super) users: &'a Table<User>,
    pub(super) identities: &'a Read<Table<Identity>>,
    pub(super) principals: &'a Read<Table<BlueprintOf>>,
}

impl Agents<'_> {
    /// Whether it is an agent user.
    pub(super) fn has_user(&self, id: ObjectId) -> bool {
        self.users.get(id).is_some()
    }

    /// Whether it is an agent identity or the principal of a blueprint.
    pub(super) fn has_principal(&self, id: ObjectId) -> bool {
        let is_identity = self.identities.get().is_ok_and(|all| all.get(id).is_some());
        is_identity || self.principals.get().is_ok_and(|all| all.iter().any(|one| one.object_id == id))
    }

    /// Whether it is any of them.
    pub(super) fn has(&self, id: ObjectId) -> bool {
        self.has_user(id) || self.has_principal(id)
    }
}
