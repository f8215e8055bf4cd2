//! The objects of a tenant, and how the past of each is kept for readers that lag behind.

use agentuser_core::{Now, ObjectId};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Whether an object is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// It is there.
    Live,
    /// It is in the recycle bin since then, and leaves it after 30 days.
    Deleted(Now),
    /// It is gone for good.
    Gone,
}

impl Life {
    /// Whether the object is there.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Live)
    }

    /// Whether the object is in the recycle bin.
    #[must_use]
    pub const fn is_deleted(self) -> bool {
        matches!(self, Self::Deleted(_))
    }
}

/// A user, human or agent.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// Its object id.
    pub id: ObjectId,
    /// The agent identity it belongs to; none makes it a human's account.
    pub parent: Option<ObjectId>,
    /// Its UPN as it was given.
    pub user_principal_name: String,
    /// Its display name.
    pub display_name: String,
    /// Its mail nickname.
    pub mail_nickname: String,
    /// Whether it is switched on.
    pub account_enabled: bool,
    /// The country where licenses are used.
    pub usage_location: Option<String>,
    /// All other members that were set, known to Graph or not: the type is open.
    pub extras: Map<String, Value>,
    /// Its manager.
    pub manager: Option<ObjectId>,
    /// Its sponsors, users or groups.
    pub sponsors: BTreeSet<ObjectId>,
    /// Its direct licenses by SKU id.
    pub licenses: BTreeMap<ObjectId, License>,
    /// The licenses that groups assign to it, by group and SKU id.
    pub inherited: BTreeMap<(ObjectId, ObjectId), License>,
    /// When it was created.
    pub created: Now,
    /// Whether it was made by a POST; false for what the tenant began with.
    pub created_through_graph: bool,
    /// Since when sessions are valid, in milliseconds since 1970.
    pub sessions_valid_from: Option<i64>,
    /// How often its sessions were revoked.
    pub revocations: u32,
    /// Whether it is there.
    pub life: Life,
}

impl User {
    /// Whether it is an agent user.
    #[must_use]
    pub const fn is_agent(&self) -> bool {
        self.parent.is_some()
    }
}

impl User {
    /// Its licenses, direct and inherited, with the SKU and the group that each comes from.
    pub fn all_licenses(&self) -> impl Iterator<Item = (ObjectId, Option<ObjectId>, &License)> {
        let direct = self.licenses.iter().map(|(sku, license)| (*sku, None, license));
        let inherited = self.inherited.iter().map(|((group, sku), license)| (*sku, Some(*group), license));
        direct.chain(inherited)
    }

    /// The SKUs of which it has a license without an error, each once.
    #[must_use]
    pub fn held_skus(&self) -> BTreeSet<ObjectId> {
        let good = self.all_licenses().filter(|(_, _, license)| license.error.is_none());
        good.map(|(sku, ..)| sku).collect()
    }
}

/// A license of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License {
    /// Plans of the SKU that are switched off.
    pub disabled_plans: BTreeSet<ObjectId>,
    /// When it was assigned.
    pub assigned: Now,
    /// The error of its assignment, such as `CountViolation`.
    pub error: Option<&'static str>,
}

/// The kinds of service principal that the simulator tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrincipalKind {
    /// An agent identity of the blueprint with this appId.
    AgentIdentity(ObjectId),
    /// The principal of a blueprint.
    BlueprintPrincipal,
    /// Any other application's.
    Plain,
}

/// A service principal.
#[derive(Debug, Clone, PartialEq)]
pub struct ServicePrincipal {
    /// Its object id.
    pub id: ObjectId,
    /// Its appId, which differs from the object id.
    pub app_id: ObjectId,
    /// The kind of principal.
    pub kind: PrincipalKind,
    /// Its display name.
    pub display_name: String,
    /// Whether it is switched on.
    pub account_enabled: bool,
    /// Whether Microsoft switched it off.
    pub disabled_by_microsoft: bool,
    /// Its owners, users or service principals.
    pub owners: BTreeSet<ObjectId>,
    /// Its sponsors.
    pub sponsors: BTreeSet<ObjectId>,
    /// All other members that were set.
    pub extras: Map<String, Value>,
    /// When it was created.
    pub created: Now,
    /// When it was attested last.
    pub attested: Option<Now>,
    /// Whether it is there.
    pub life: Life,
}

impl ServicePrincipal {
    /// The appId of its blueprint, when it is an agent identity.
    #[must_use]
    pub const fn blueprint(&self) -> Option<ObjectId> {
        match self.kind {
            PrincipalKind::AgentIdentity(blueprint) => Some(blueprint),
            PrincipalKind::BlueprintPrincipal | PrincipalKind::Plain => None,
        }
    }
}

/// A domain of the tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// Its name, in lower case.
    pub name: String,
    /// Whether its ownership was proved.
    pub verified: bool,
    /// Whether it is the default one.
    pub default: bool,
    /// Whether it is the first one, given by Microsoft.
    pub initial: bool,
    /// Whether sign-ins are federated: users then need an `onPremisesImmutableId`.
    pub federated: bool,
}

/// How long a service plan takes to be provisioned for one user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provisioning {
    /// `Success` after a time between these two, drawn for each user.
    Between(Duration, Duration),
    /// `PendingProvisioning` for ever.
    Never,
    /// `Error` at once.
    Error,
}

/// A service plan of a SKU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its id.
    pub id: ObjectId,
    /// Its name, such as `EXCHANGE_S_ENTERPRISE`.
    pub name: String,
    /// The service in `assignedPlans`, such as `exchange`.
    pub service: String,
    /// Whether it is for users (`User`) or for the whole tenant (`Company`).
    pub for_users: bool,
    /// Whether it brings a mailbox, and `mail` with it.
    pub mailbox: bool,
    /// Whether it brings a OneDrive.
    pub drive: bool,
    /// How long it takes.
    pub provisioning: Provisioning,
}

/// A SKU that the tenant has bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sku {
    /// Its `skuId`.
    pub id: ObjectId,
    /// Its `skuPartNumber`.
    pub part_number: String,
    /// How many users may have it.
    pub seats: u32,
    /// Seats of a subscription that has run out and is in its grace period. Assumption: they can be assigned.
    pub warning: u32,
    /// Seats of a subscription that was suspended: they can't be assigned (docs/graph.md#licenses-and-readiness).
    pub suspended: u32,
    /// The service plans in it.
    pub plans: Vec<Plan>,
}

/// One object: its newest state, and those older ones that some reader may still see.
#[derive(Debug, Clone)]
pub(crate) struct Record<T> {
    newest: Version<T>,
    /// Oldest first.
    older: Vec<Version<T>>,
}

#[derive(Debug, Clone)]
struct Version<T> {
    change: u64,
    /// The moment of the change; `None` for a state that every reader has always seen.
    at: Option<Duration>,
    state: T,
}

impl<T> Version<T> {
    fn reached(&self, now: Duration, lag: Duration) -> bool {
        self.at.is_none_or(|at| at.saturating_add(lag) <= now)
    }
}

impl<T> Record<T> {
    /// An object that comes into being at `at`, or has been there for ever.
    pub(crate) const fn new(at: Option<Duration>, state: T) -> Self {
        Self { newest: Version { change: 0, at, state }, older: Vec::new() }
    }

    /// Whether the write master knows the object yet.
    pub(crate) fn begun(&self, now: Duration) -> bool {
        self.older.first().unwrap_or(&self.newest).reached(now, Duration::ZERO)
    }

    /// The newest state, which the write master has.
    pub(crate) const fn newest(&self) -> &T {
        &self.newest.state
    }

    /// The state that a reader sees for whom the change numbered `n` is `lag(n)` late.
    pub(crate) fn seen(&self, now: Duration, lag: impl Fn(u64) -> Duration) -> Option<&T> {
        std::iter::once(&self.newest)
            .chain(self.older.iter().rev())
            .find(|version| version.reached(now, lag(version.change)))
            .map(|version| &version.state)
    }

    /// Shows the newest state to every reader, if the write master knows it by now.
    #[cfg(feature = "options")]
    pub(crate) fn settle(&mut self, now: Duration) {
        if self.newest.reached(now, Duration::ZERO) {
            self.newest.at = None;
            self.older.clear();
        }
    }

    /// Makes `state` the newest one, and forgets what no reader can see any more.
    pub(crate) fn push(&mut self, now: Duration, state: T, settled_after: Duration) {
        let change = self.newest.change + 1;
        let before = std::mem::replace(&mut self.newest, Version { change, at: Some(now), state });
        self.older.push(before);
        if settled_after.is_zero() {
            self.older.clear();
        } else if let Some(last) = self.older.iter().rposition(|version| version.reached(now, settled_after))
        {
            self.older.drain(..last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_reader_sees_the_newest_version_that_reached_it() {
        let mut record = Record::new(Some(SECOND), 'a');
        record.push(SECOND * 2, 'b', SECOND * 60);
        record.push(SECOND * 3, 'c', SECOND * 60);
        let lag = |change| if change == 1 { SECOND * 10 } else { SECOND };
        assert_eq!(record.seen(SECOND, lag), None);
        assert_eq!(record.seen(SECOND * 2, lag), Some(&'a'));
        assert_eq!(record.seen(SECOND * 4, lag), Some(&'c'), "a later change may overtake an earlier one");
        assert_eq!(*record.newest(), 'c');
    }

    #[test]
    fn settled_states_are_forgotten() {
        let mut record = Record::new(Some(Duration::ZERO), 0);
        for n in 1..100_u32 {
            record.push(SECOND * n, n, SECOND * 5);
            assert!(record.older.len() <= 6, "{}", record.older.len());
            let oldest = record.seen(SECOND * n, |_| SECOND * 5).copied();
            assert_eq!(oldest, n.checked_sub(5));
        }
    }

    #[test]
    fn an_object_may_begin_later() {
        let record = Record::new(Some(SECOND), ());
        assert!(!record.begun(Duration::ZERO));
        assert!(record.begun(SECOND));
    }

    #[test]
    fn all_readers_see_a_state_from_the_beginning() {
        let record = Record::new(None, 'a');
        assert_eq!(record.seen(Duration::ZERO, |_| SECOND), Some(&'a'));
    }
}
