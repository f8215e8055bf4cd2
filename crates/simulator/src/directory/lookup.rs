//! Look-ups for tests, past the requests: the tenant as the write master has it.

use super::state::Record;
use super::views::candidates;
use super::{Directory, ServicePrincipal, User};
use agentuser_core::ObjectId;
use std::collections::BTreeMap;

impl Directory {
    /// Live agent users, as the write master has them, by id.
    pub fn agent_users(&self) -> impl Iterator<Item = &User> {
        self.agents
            .iter()
            .filter_map(|id| self.users.get(id))
            .map(Record::newest)
            .filter(|user| user.life.is_live())
    }

    /// A user of any kind and in any state, as the write master has it.
    #[must_use]
    pub fn find_user(&self, id: ObjectId) -> Option<&User> {
        self.users.get(&id).map(Record::newest)
    }

    /// A live user by name.
    pub(crate) fn user_by_name(&self, name: &str) -> Option<&User> {
        candidates(self.by_upn.get(&name.to_lowercase()))
            .filter_map(|id| self.find_user(id))
            .find(|user| user.life.is_live() && user.user_principal_name.eq_ignore_ascii_case(name))
    }

    /// The live service principals of an application.
    pub(crate) fn principals_of_app(&self, app: ObjectId) -> impl Iterator<Item = &ServicePrincipal> {
        candidates(self.by_app.get(&app))
            .filter_map(|id| self.find_principal(id))
            .filter(|one| one.life.is_live())
    }

    /// The live agent users of a parent: more than one is a duplicate.
    pub fn children_of(&self, parent: ObjectId) -> impl Iterator<Item = &User> {
        candidates(self.by_parent.get(&parent))
            .filter_map(|id| self.find_user(id))
            .filter(move |user| user.life.is_live() && user.parent == Some(parent))
    }

    /// The manager that was set, there or not.
    #[must_use]
    pub fn manager_of(&self, id: ObjectId) -> Option<ObjectId> {
        self.find_user(id)?.manager
    }

    /// The sponsors that were set, there or not.
    #[must_use]
    pub fn sponsors_of(&self, id: ObjectId) -> Vec<ObjectId> {
        self.find_user(id).map(|user| user.sponsors.iter().copied().collect()).unwrap_or_default()
    }

    /// The SKUs that were assigned.
    #[must_use]
    pub fn licenses_of(&self, id: ObjectId) -> Vec<ObjectId> {
        self.find_user(id).map(|user| user.licenses.keys().copied().collect()).unwrap_or_default()
    }

    /// Users in the recycle bin, by id.
    pub fn deleted_users(&self) -> impl Iterator<Item = &User> {
        self.binned.iter().filter_map(|id| self.find_user(*id)).filter(|user| user.life.is_deleted())
    }

    /// Duplicates that must never exist: parents with several live agent users, and UPNs of several live users,
    /// each with the users' ids.
    #[must_use]
    pub fn duplicates(&self) -> BTreeMap<String, Vec<ObjectId>> {
        let mut found = BTreeMap::new();
        for parent in self.by_parent.keys() {
            let users: Vec<_> = self.children_of(*parent).map(|user| user.id).collect();
            if users.len() > 1 {
                found.insert(format!("identityParentId {parent}"), users);
            }
        }
        for (upn, ids) in &self.by_upn {
            let users = ids
                .iter()
                .filter_map(|id| self.find_user(*id))
                .filter(|user| user.life.is_live() && user.user_principal_name.eq_ignore_ascii_case(upn));
            let users: Vec<_> = users.map(|user| user.id).collect();
            if users.len() > 1 {
                found.insert(format!("userPrincipalName {upn}"), users);
            }
        }
        found
    }
}
