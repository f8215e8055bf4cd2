//! Views of the tenant: the write master sees each change at once, readers those that have reached them.

use super::{Directory, ServicePrincipal, User};
use crate::hash::Hash;
use agentuser_core::{Now, ObjectId};
use std::collections::BTreeSet;

/// The place from which the directory is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// The write master.
    Master,
    /// A read by id or UPN, at a replica.
    Read(u16),
    /// A collection read or filter, at a replica.
    Index(u16),
}

impl Directory {
    /// The replica for the next read of this subject.
    pub(super) fn next_replica(&mut self, subject: &str) -> u16 {
        if self.lag.is_monotonic() {
            return 0;
        }
        let key = Hash::new(0).text(subject).finish();
        let turn = self.turns.entry(key).or_default();
        *turn += 1;
        self.lag.replica(key, *turn)
    }

    /// A user that is there or in the bin, as the view shows it.
    pub(super) fn user(&self, id: ObjectId, now: Now, view: View) -> Option<&User> {
        let record = self.users.get(&id)?;
        let user = match view {
            View::Master => record.begun(now.mono).then(|| record.newest())?,
            View::Read(replica) => record.seen(now.mono, |change| self.lag.of_read(id, change, replica))?,
            View::Index(replica) => record.seen(now.mono, |change| self.lag.of_index(id, change, replica))?,
        };
        (user.life != super::Life::Gone).then_some(user)
    }

    /// A user that is there.
    pub(super) fn live_user(&self, id: ObjectId, now: Now, view: View) -> Option<&User> {
        self.user(id, now, view).filter(|user| user.life.is_live())
    }

    /// A user that is there, by object id or UPN.
    pub(super) fn live_user_by_key(&self, key: &str, now: Now, view: View) -> Option<&User> {
        if let Ok(id) = key.parse() {
            return self.live_user(id, now, view);
        }
        candidates(self.by_upn.get(&key.to_lowercase()))
            .filter_map(|id| self.live_user(id, now, view))
            .find(|user| user.user_principal_name.eq_ignore_ascii_case(key))
    }

    /// A service principal that is there or in the bin, as the view shows it.
    pub(super) fn principal(&self, id: ObjectId, now: Now, view: View) -> Option<&ServicePrincipal> {
        let record = self.principals.get(&id)?;
        let principal = match view {
            View::Master => record.begun(now.mono).then(|| record.newest())?,
            View::Read(replica) => record.seen(now.mono, |change| self.lag.of_read(id, change, replica))?,
            View::Index(replica) => record.seen(now.mono, |change| self.lag.of_index(id, change, replica))?,
        };
        (principal.life != super::Life::Gone).then_some(principal)
    }

    /// A service principal that is there.
    pub(super) fn live_principal(&self, id: ObjectId, now: Now, view: View) -> Option<&ServicePrincipal> {
        self.principal(id, now, view).filter(|principal| principal.life.is_live())
    }
}

/// The ids of an index entry.
pub(super) fn candidates(entry: Option<&BTreeSet<ObjectId>>) -> impl Iterator<Item = ObjectId> {
    entry.into_iter().flatten().copied()
}
