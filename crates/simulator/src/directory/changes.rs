//! Every change of the tenant goes through here: records, indexes, seats, and what happens by itself.

use super::state::Record;
use super::{Directory, License, Life, PrincipalKind, ServicePrincipal, User};
use crate::hash::Hash;
use crate::switches::Cascade;
use agentuser_core::{Now, ObjectId};
use std::time::Duration;

/// How long the recycle bin keeps an object (docs/graph.md#delete-and-cascade).
pub(super) const BIN: Duration = Duration::from_secs(30 * 24 * 3_600);

/// A change that happens by itself.
#[derive(Debug, Clone, Copy)]
pub(super) enum Due {
    /// The bin lets go of an object that has been in it since then.
    Purge(ObjectId, Now),
    /// The dependents of a deleted agent identity, blueprint principal or blueprint are soft-deleted.
    Cascade(ObjectId),
}

impl Directory {
    /// Lets everything happen that was due until now.
    pub(crate) fn pass_time(&mut self, now: Now) {
        while let Some(entry) = self.due.first_entry().filter(|entry| entry.key().0 <= now.mono) {
            let at = entry.key().0;
            let due = entry.remove();
            // The moment at which it was due, on both clocks.
            let ago = i64::try_from(now.mono.saturating_sub(at).as_millis()).unwrap_or(i64::MAX);
            let then = Now { mono: at, unix_ms: now.unix_ms.saturating_sub(ago) };
            match due {
                Due::Purge(id, since) => {
                    if self.users.get(&id).is_some_and(|user| user.newest().life == Life::Deleted(since)) {
                        self.change_user(then, id, |user| user.life = Life::Gone);
                    }
                    if self.principals.get(&id).is_some_and(|sp| sp.newest().life == Life::Deleted(since)) {
                        self.change_principal(then, id, |principal| principal.life = Life::Gone);
                    }
                    if let Some(one) =
                        self.blueprints.get_mut(&id).filter(|one| one.life == Life::Deleted(since))
                    {
                        one.life = Life::Gone;
                    }
                    if let Some(one) = self.groups.get_mut(&id).filter(|one| one.life == Life::Deleted(since))
                    {
                        one.life = Life::Gone;
                    }
                }
                Due::Cascade(parent) => self.cascade(then, parent),
            }
        }
    }

    /// Soft-deletes what hangs on a deleted object: agent users on an agent identity, agent identities on the principal of a
    /// blueprint, the principal on a blueprint.
    fn cascade(&mut self, then: Now, parent: ObjectId) {
        let principal = self.find_principal(parent).filter(|one| !one.life.is_live());
        match principal.map(|one| (one.kind, one.app_id)) {
            Some((PrincipalKind::AgentIdentity(_), _)) => {
                let children: Vec<_> = self.children_of(parent).map(|user| user.id).collect();
                for child in children {
                    self.soft_delete_user(then, child);
                }
            }
            Some((PrincipalKind::BlueprintPrincipal, app)) => {
                let of_app = |one: &&ServicePrincipal| one.blueprint() == Some(app);
                let children: Vec<_> = self.agent_identities().filter(of_app).map(|one| one.id).collect();
                for child in children {
                    self.soft_delete_principal(then, child);
                }
            }
            Some((PrincipalKind::Plain, _)) => {}
            None => {
                let deleted = self.blueprints.get(&parent).filter(|one| !one.life.is_live());
                let principal =
                    deleted.and_then(|one| self.blueprint_principal(one.app_id)).map(|one| one.id);
                if let Some(principal) = principal {
                    self.soft_delete_principal(then, principal);
                }
            }
        }
    }

    /// Moves a blueprint to the recycle bin, and what hangs on it after it when the switch says so.
    pub(super) fn soft_delete_blueprint(&mut self, now: Now, id: ObjectId) {
        self.change_blueprint(id, |blueprint| blueprint.life = Life::Deleted(now));
        self.schedule(now.mono.saturating_add(BIN), Due::Purge(id, now));
        self.schedule_cascade(now, id);
    }

    /// Moves a group to the recycle bin.
    pub(super) fn soft_delete_group(&mut self, now: Now, id: ObjectId) {
        self.change_group(id, |group| group.life = Life::Deleted(now));
        self.schedule(now.mono.saturating_add(BIN), Due::Purge(id, now));
    }

    fn schedule_cascade(&mut self, now: Now, id: ObjectId) {
        if let Cascade::SoftDeletes(within) = self.switches.cascade {
            let after = Hash::new(self.seed).text("cascade").id(id).up_to(within);
            self.schedule(now.mono.saturating_add(after), Due::Cascade(id));
        }
    }

    /// Lets the bin go of an object that was deleted before the tenant began.
    pub(crate) fn purge_in(&mut self, id: ObjectId, since: Now, left: Duration) {
        self.schedule(left, Due::Purge(id, since));
    }

    fn schedule(&mut self, at: Duration, due: Due) {
        self.scheduled += 1;
        self.due.insert((at, self.scheduled), due);
    }

    /// Puts a new user in; one that the tenant begins with has been there for ever.
    pub(crate) fn insert_user(&mut self, user: User) {
        self.changes += 1;
        self.index_user(&user);
        self.take_seats(&user, 1);
        if let Some(watch) = &mut self.watch {
            watch.born(user.id, self.changes);
        }
        let at = user.created_through_graph.then_some(user.created.mono);
        self.users.insert(user.id, Record::new(at, user));
    }

    /// Puts a user in the place of the one with its id, as if it had always been so.
    pub(crate) fn replace_user(&mut self, user: User) {
        if let Some(before) = self.users.remove(&user.id) {
            self.take_seats(before.newest(), -1);
        }
        self.insert_user(user);
    }

    /// All users of any kind and in any state, by id, as the write master has them.
    pub fn all_users(&self) -> impl Iterator<Item = &User> {
        self.users.values().map(Record::newest)
    }

    /// All service principals in any state, by id.
    pub(crate) fn all_principals(&self) -> impl Iterator<Item = &ServicePrincipal> {
        self.principals.values().map(Record::newest)
    }

    fn index_user(&mut self, user: &User) {
        if let Some(parent) = user.parent {
            self.agents.insert(user.id);
            self.by_parent.entry(parent).or_default().insert(user.id);
        }
        self.by_upn.entry(user.user_principal_name.to_lowercase()).or_default().insert(user.id);
        self.by_nickname.entry(user.mail_nickname.to_lowercase()).or_default().insert(user.id);
        if user.life.is_deleted() {
            self.binned.insert(user.id);
        }
    }

    /// Counts the user's seats in (`1`) or out (`-1`). Only who is there has seats; that a deleted user's are free
    /// is an assumption.
    fn take_seats(&mut self, user: &User, by: i32) {
        if !user.life.is_live() {
            return;
        }
        for sku in user.held_skus() {
            let taken = self.seats_taken.entry(sku).or_default();
            *taken = taken.saturating_add_signed(by);
        }
    }

    /// Changes a user. Nothing happens when nothing differs afterwards.
    pub(super) fn change_user(&mut self, now: Now, id: ObjectId, change: impl FnOnce(&mut User)) {
        let Some(record) = self.users.get(&id) else { return };
        let before = record.newest().clone();
        let mut after = before.clone();
        change(&mut after);
        if after == before {
            return;
        }
        self.changes += 1;
        self.take_seats(&before, -1);
        self.take_seats(&after, 1);
        self.index_user(&after);
        self.note_delta(now, &before, &after);
        let settled = self.lag.settled_after();
        if let Some(record) = self.users.get_mut(&id) {
            record.push(now.mono, after, settled);
        }
    }

    /// Moves a user to the recycle bin.
    pub(super) fn soft_delete_user(&mut self, now: Now, id: ObjectId) {
        self.change_user(now, id, |user| user.life = Life::Deleted(now));
        self.schedule(now.mono.saturating_add(BIN), Due::Purge(id, now));
    }

    /// Takes a user out of the recycle bin. Licenses for which no seat is left come back in error (an assumption).
    pub(super) fn restore_user(&mut self, now: Now, id: ObjectId, new_upn: Option<String>) {
        let full: Vec<ObjectId> =
            self.skus.values().filter(|sku| self.seats_left(sku.id) == 0).map(|sku| sku.id).collect();
        self.change_user(now, id, |user| {
            user.life = Life::Live;
            if let Some(upn) = new_upn {
                user.user_principal_name = upn;
            }
            for (sku, license) in &mut user.licenses {
                if full.contains(sku) {
                    license.error = Some("CountViolation");
                }
            }
        });
    }

    /// The free seats of the SKU.
    #[must_use]
    pub fn seats_left(&self, sku: ObjectId) -> u32 {
        let seats = self.skus.get(&sku).map_or(0, |sku| sku.seats.saturating_add(sku.warning));
        seats.saturating_sub(self.seats_used(sku))
    }

    /// Seats of the SKU that users have.
    pub(super) fn seats_used(&self, sku: ObjectId) -> u32 {
        self.seats_taken.get(&sku).copied().unwrap_or(0)
    }

    /// Puts a new service principal in, as of a moment or for ever.
    pub(crate) fn insert_principal(&mut self, principal: ServicePrincipal, at: Option<Duration>) {
        self.changes += 1;
        self.by_app.entry(principal.app_id).or_default().insert(principal.id);
        if let PrincipalKind::AgentIdentity(blueprint) = principal.kind {
            self.identities.insert(principal.id);
            self.by_blueprint.entry(blueprint).or_default().insert(principal.id);
        }
        self.principals.insert(principal.id, Record::new(at, principal));
    }

    /// Changes a service principal. Nothing happens when nothing differs afterwards.
    pub(super) fn change_principal(
        &mut self,
        now: Now,
        id: ObjectId,
        change: impl FnOnce(&mut ServicePrincipal),
    ) {
        let settled = self.lag.settled_after();
        let Some(record) = self.principals.get_mut(&id) else { return };
        let mut after = record.newest().clone();
        change(&mut after);
        if after != *record.newest() {
            self.changes += 1;
            record.push(now.mono, after, settled);
        }
    }

    /// Moves a service principal to the recycle bin, and its children after it when the switch says so.
    pub(super) fn soft_delete_principal(&mut self, now: Now, id: ObjectId) {
        self.change_principal(now, id, |principal| principal.life = Life::Deleted(now));
        self.schedule(now.mono.saturating_add(BIN), Due::Purge(id, now));
        self.schedule_cascade(now, id);
    }

    /// A new id for the user of this parent: it depends on how many users the parent ever had, and on nothing else.
    pub(super) fn new_user_id(&self, parent: ObjectId) -> ObjectId {
        let before = self.by_parent.get(&parent).map_or(0, |users| users.len());
        let before = u64::try_from(before).unwrap_or(u64::MAX);
        Hash::new(self.seed).text("user").id(parent).word(before).guid()
    }

    /// Assigns or changes a license.
    pub(crate) fn new_license(now: Now, disabled_plans: impl IntoIterator<Item = ObjectId>) -> License {
        License { disabled_plans: disabled_plans.into_iter().collect(), assigned: now, error: None }
    }
}
