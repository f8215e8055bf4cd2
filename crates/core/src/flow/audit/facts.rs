//! A snapshot with what rules look up in it.

use super::missing::Missing;
use super::snapshot::{
    DeletedIdentity, Domain, Identity, OtherParent, PersonState, RoleGroup, Snapshot, SubjectOf, SubjectsOf,
    User,
};
use super::table::{Table, by_id};
use crate::ObjectId;
use crate::problem::shown;
use crate::validate::date_time;

/// How many days something stays in the recycle bin (docs/graph.md#recycle-bin).
const BIN_DAYS: i64 = 30;

/// The parent of an agent user, as it was found.
#[derive(Debug, Clone, Copy)]
pub(super) enum Parent<'a> {
    /// An agent identity.
    Identity(&'a Identity),
    /// An agent identity in the recycle bin.
    Deleted(&'a DeletedIdentity),
    /// Something that neither list of agent identities has.
    Other(&'a OtherParent),
}

/// A snapshot, and the moment for which it is judged.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) snapshot: &'a Snapshot,
    /// Milliseconds since 1970.
    pub(super) now_ms: i64,
    /// Whether any agent user has a date of a successful sign-in.
    pub(super) has_sign_ins: bool,
    /// The agent users that have parents, by these.
    children: Vec<&'a User>,
    /// The members of groups to which roles can be assigned, by their ids, each with its group.
    role_members: Vec<(ObjectId, &'a RoleGroup)>,
}

impl<'a> Facts<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, now_ms: i64) -> Self {
        let parented: Vec<&User> =
            snapshot.users.iter().filter(|user| user.identity_parent_id.is_some()).collect();
        let by_parent = by_id(parented.iter().filter_map(|user| user.identity_parent_id));
        let children = by_parent.iter().filter_map(|(_, place)| parented.get(*place).copied()).collect();
        let sign_ins = snapshot.sign_ins.get();
        let has_sign_ins = sign_ins.is_ok_and(|all| all.iter().any(|one| one.last_successful.is_some()));
        Self { snapshot, now_ms, has_sign_ins, children, role_members: role_members(snapshot) }
    }

    /// The sponsors of an agent user.
    pub(super) fn sponsors(&self, user: &User) -> Result<&'a [ObjectId], Missing<'a>> {
        let of = self.snapshot.sponsors.get()?.get(user.id).ok_or_else(|| Missing::unlisted("sponsors"))?;
        of.sponsors.get().map(Vec::as_slice).map_err(Missing::of)
    }

    /// The manager of an agent user; none where it has none.
    pub(super) fn manager(&self, user: &User) -> Result<Option<ObjectId>, Missing<'a>> {
        let of = self.snapshot.managers.get()?.get(user.id).ok_or_else(|| Missing::unlisted("managers"))?;
        Ok(of.manager)
    }

    /// Why a manager or a sponsor can't act, as a sentence; none where nothing is wrong.
    pub(super) fn wrong_with(&self, id: ObjectId) -> Result<Option<String>, Missing<'a>> {
        let person = self.snapshot.people.get()?.get(id).ok_or_else(|| Missing::unlisted("people"))?;
        let name = person.user_principal_name.as_deref().or(person.display_name.as_deref());
        let name = name.map_or_else(|| id.to_string(), shown);
        Ok(match person.state.get().map_err(Missing::of)? {
            PersonState::User { account_enabled: true } => None,
            PersonState::User { account_enabled: false } => Some(format!("{name} is disabled.")),
            PersonState::Deleted => Some(format!("{name} is in the recycle bin.")),
            PersonState::Missing => Some(format!("{name} does not exist any more.")),
            PersonState::Group { has_people } => match has_people.get().map_err(Missing::of)? {
                true => None,
                false => Some(format!("{name} is a group without people.")),
            },
        })
    }

    /// The parent of an agent user, and its id.
    pub(super) fn parent(&self, user: &User) -> Result<(ObjectId, Parent<'a>), Missing<'a>> {
        let Some(id) = user.identity_parent_id else { return Err(Missing::unshown("identityParentId")) };
        if let Some(identity) = self.snapshot.identities.get()?.get(id) {
            return Ok((id, Parent::Identity(identity)));
        }
        if let Some(deleted) = self.snapshot.deleted_identities.get()?.get(id) {
            return Ok((id, Parent::Deleted(deleted)));
        }
        let others = self.snapshot.other_parents.get()?;
        others.get(id).map(|other| (id, Parent::Other(other))).ok_or_else(|| Missing::unlisted("parents"))
    }

    /// The verified domain of this name; none where it is not one.
    pub(super) fn domain(&self, name: &str) -> Result<Option<&'a Domain>, Missing<'a>> {
        let domains = self.snapshot.domains.get()?;
        Ok(domains.iter().find(|one| one.name.eq_ignore_ascii_case(name)))
    }

    /// The name of a blueprint, by its application id, where it was read.
    pub(super) fn blueprint_name(&self, app_id: ObjectId) -> Option<&'a str> {
        self.snapshot.blueprints.get().ok()?.get(app_id)?.display_name.as_deref()
    }

    /// The name of a directory role.
    pub(super) fn role_name(&self, id: ObjectId) -> String {
        let role = self.snapshot.role_definitions.get().ok().and_then(|all| all.get(id));
        role.and_then(|role| role.display_name.clone()).unwrap_or_else(|| id.to_string())
    }

    /// The results for its parent of the lifecycle policies that govern it.
    pub(super) fn subjects(&self, user: &User) -> Result<Vec<(&'a SubjectsOf, &'a SubjectOf)>, Missing<'a>> {
        let Some(parent) = user.identity_parent_id else { return Err(Missing::unshown("identityParentId")) };
        let mut found = Vec::new();
        for policy in self.snapshot.lifecycle.get()? {
            let subjects = policy.subjects.get().map_err(Missing::of)?;
            let of =
                subjects.binary_search_by(|one| one.id.cmp(&parent)).ok().and_then(|at| subjects.get(at));
            let governs = |one: &&SubjectOf| {
                !matches!(one.relationship.as_deref(), Some("inScopeButIneffective" | "pending"))
            };
            found.extend(of.filter(governs).map(|subject| (policy, subject)));
        }
        Ok(found)
    }

    /// How many whole hours have passed since a moment.
    pub(super) fn hours_since(&self, date: &str) -> Option<i64> {
        let then = date_time::parse(date)?.unix_seconds();
        Some((self.now_ms.div_euclid(1000) - then).div_euclid(60 * 60))
    }

    /// How many whole days something stays in the recycle bin that was deleted then.
    pub(super) fn days_in_bin(&self, deleted: &str) -> Option<i64> {
        Some((BIN_DAYS + self.days_until(deleted)?).max(0))
    }

    /// How many whole days are left until a moment; negative where it has passed.
    pub(super) fn days_until(&self, date: &str) -> Option<i64> {
        let then = date_time::parse(date)?.unix_seconds();
        Some((then - self.now_ms.div_euclid(1000)).div_euclid(24 * 60 * 60))
    }

    /// The groups to which roles can be assigned of which an agent user is known to be a member.
    pub(super) fn role_groups(&self, user: &User) -> impl Iterator<Item = &'a RoleGroup> {
        let start = self.role_members.partition_point(|(id, _)| *id < user.id);
        let from = self.role_members.get(start..).unwrap_or_default();
        from.iter().take_while(|(id, _)| *id == user.id).map(|(_, group)| *group)
    }

    /// The agent users of a parent.
    pub(super) fn children(&self, parent: ObjectId) -> &[&'a User] {
        let start = self.children.partition_point(|user| user.identity_parent_id < Some(parent));
        let from = self.children.get(start..).unwrap_or_default();
        let end = from.partition_point(|user| user.identity_parent_id == Some(parent));
        from.get(..end).unwrap_or_default()
    }
}

/// The members of all groups to which roles can be assigned, as far as they were read.
fn role_members(snapshot: &Snapshot) -> Vec<(ObjectId, &RoleGroup)> {
    let groups = snapshot.role_groups.get().into_iter().flat_map(Table::iter);
    let members = groups.filter_map(|group| Some((group, group.members.get().ok()?)));
    let listed: Vec<(ObjectId, &RoleGroup)> =
        members.flat_map(|(group, members)| members.iter().map(move |id| (*id, group))).collect();
    let order = by_id(listed.iter().map(|(id, _)| *id));
    let mut all: Vec<_> = order.iter().filter_map(|(_, place)| listed.get(*place).copied()).collect();
    all.dedup_by_key(|(id, group)| (*id, group.id));
    all
}
