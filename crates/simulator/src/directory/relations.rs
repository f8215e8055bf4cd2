//! Owners and sponsors of service principals and applications, owners and members of groups, members of administrative units.

use super::bodies::Takes;
use super::errors::{Answer, Refusal, Reply};
use super::permissions::{
    GET_BLUEPRINTS, GET_GROUPS, GET_IDENTITIES, GET_IDENTITY_SPONSORS, GET_PRINCIPALS, GET_UNITS,
    WRITE_BLUEPRINT_OWNERS, WRITE_BLUEPRINT_SPONSORS, WRITE_GROUP_OWNERS, WRITE_MEMBERS, WRITE_OWNERS,
    WRITE_PRINCIPAL_SPONSORS, WRITE_UNIT,
};
use super::route::{Cast, Endpoint, Route};
use super::views::View;
use super::{Call, Directory, id_in_path};
use crate::behaviours::Label::{Assumed, Documented};
use agentuser_core::ObjectId;
use agentuser_core::http::Method::{Delete, Get, Post};
use std::collections::BTreeSet;

/// An object with a relationship that is written by references.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    Application,
    Group,
    Principal,
    Unit,
}

/// The relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Members,
    Owners,
    Sponsors,
}

use Holder::{Application, Group, Principal, Unit};
use Relation::{Members, Owners, Sponsors};

/// The endpoints of owners and sponsors of applications and service principals.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(Get, "/applications/{id}/owners", Documented("api/application-list-owners"), |d, c, r| {
        d.list_related(c, r, Application, Owners)
    })
    .narrowing(),
    Endpoint::new(
        Post,
        "/applications/{id}/owners/$ref",
        Documented("api/application-post-owners"),
        |d, c, r| d.relate(c, r, Application, Owners),
    ),
    Endpoint::new(
        Delete,
        "/applications/{id}/owners/{owner}/$ref",
        Documented("api/application-delete-owners"),
        |d, c, r| d.unrelate(c, r, Application, Owners),
    ),
    Endpoint::new(
        Get,
        "/applications/{id}/sponsors",
        Documented("api/agentidentityblueprint-list-sponsors"),
        |d, c, r| d.list_related(c, r, Application, Sponsors),
    )
    .narrowing(),
    Endpoint::new(
        Post,
        "/applications/{id}/sponsors/$ref",
        Documented("api/agentidentityblueprint-post-sponsors"),
        |d, c, r| d.relate(c, r, Application, Sponsors),
    ),
    Endpoint::new(
        Delete,
        "/applications/{id}/sponsors/{sponsor}/$ref",
        Documented("api/agentidentityblueprint-delete-sponsors"),
        |d, c, r| d.unrelate(c, r, Application, Sponsors),
    ),
    Endpoint::new(
        Get,
        "/servicePrincipals/{id}/owners",
        Documented("api/serviceprincipal-list-owners"),
        |d, c, r| d.list_related(c, r, Principal, Owners),
    )
    .narrowing(),
    Endpoint::new(
        Post,
        "/servicePrincipals/{id}/owners/$ref",
        Documented("api/serviceprincipal-post-owners"),
        |d, c, r| d.relate(c, r, Principal, Owners),
    ),
    Endpoint::new(
        Delete,
        "/servicePrincipals/{id}/owners/{owner}/$ref",
        Documented("api/serviceprincipal-delete-owners"),
        |d, c, r| d.unrelate(c, r, Principal, Owners),
    ),
    Endpoint::new(
        Get,
        "/servicePrincipals/{id}/sponsors",
        Documented("api/agentidentity-list-sponsors"),
        |d, c, r| d.list_related(c, r, Principal, Sponsors),
    )
    .narrowing(),
    Endpoint::new(
        Post,
        "/servicePrincipals/{id}/sponsors/$ref",
        Documented("api/agentidentity-post-sponsors"),
        |d, c, r| d.relate(c, r, Principal, Sponsors),
    ),
    Endpoint::new(
        Delete,
        "/servicePrincipals/{id}/sponsors/{sponsor}/$ref",
        Documented("api/agentidentity-delete-sponsors"),
        |d, c, r| d.unrelate(c, r, Principal, Sponsors),
    ),
    Endpoint::new(Get, "/groups/{id}/members", Documented("api/group-list-members"), |d, c, r| {
        d.list_related(c, r, Group, Members)
    })
    .narrowing(),
    Endpoint::new(Post, "/groups/{id}/members/$ref", Documented("api/group-post-members"), |d, c, r| {
        d.relate(c, r, Group, Members)
    }),
    Endpoint::new(
        Delete,
        "/groups/{id}/members/{member}/$ref",
        Documented("api/group-delete-members"),
        |d, c, r| d.unrelate(c, r, Group, Members),
    ),
    Endpoint::new(Get, "/groups/{id}/owners", Documented("api/group-list-owners"), |d, c, r| {
        d.list_related(c, r, Group, Owners)
    })
    .narrowing(),
    Endpoint::new(Post, "/groups/{id}/owners/$ref", Documented("api/group-post-owners"), |d, c, r| {
        d.relate(c, r, Group, Owners)
    }),
    Endpoint::new(
        Delete,
        "/groups/{id}/owners/{owner}/$ref",
        Documented("api/group-delete-owners"),
        |d, c, r| d.unrelate(c, r, Group, Owners),
    ),
    Endpoint::new(
        Get,
        "/directory/administrativeUnits/{id}/members",
        Documented("api/administrativeunit-list-members"),
        |d, c, r| d.list_related(c, r, Unit, Members),
    )
    .narrowing(),
    Endpoint::new(
        Post,
        "/directory/administrativeUnits/{id}/members/$ref",
        Documented("api/administrativeunit-post-members"),
        |d, c, r| d.relate(c, r, Unit, Members),
    ),
    Endpoint::new(
        Delete,
        "/directory/administrativeUnits/{id}/members/{member}/$ref",
        Documented("api/administrativeunit-delete-members"),
        |d, c, r| d.unrelate(c, r, Unit, Members),
    ),
    // The permission map of Microsoft has the path; no page is about it.
    Endpoint::new(Get, "/groups/{id}/owners/$count", Assumed, |d, c, r| d.count_related(c, r, Group, Owners))
        .narrowing(),
    Endpoint::new(Get, "/groups/{id}/members/$count", Documented("query-parameters"), |d, c, r| {
        d.count_related(c, r, Group, Members)
    })
    .narrowing(),
    Endpoint::new(
        Get,
        "/directory/administrativeUnits/{id}/members/$ref",
        Documented("api/administrativeunit-list-members"),
        |d, c, r| d.refer_to_related(c, r, Unit, Members),
    ),
    // The metadata has the references of every relationship.
    Endpoint::new(Get, "/applications/{id}/owners/$ref", Assumed, |d, c, r| {
        d.refer_to_related(c, r, Application, Owners)
    }),
    Endpoint::new(Get, "/applications/{id}/sponsors/$ref", Assumed, |d, c, r| {
        d.refer_to_related(c, r, Application, Sponsors)
    }),
    Endpoint::new(Get, "/servicePrincipals/{id}/owners/$ref", Assumed, |d, c, r| {
        d.refer_to_related(c, r, Principal, Owners)
    }),
    Endpoint::new(Get, "/servicePrincipals/{id}/sponsors/$ref", Assumed, |d, c, r| {
        d.refer_to_related(c, r, Principal, Sponsors)
    }),
    Endpoint::new(Get, "/groups/{id}/members/$ref", Assumed, |d, c, r| {
        d.refer_to_related(c, r, Group, Members)
    }),
    Endpoint::new(Get, "/groups/{id}/owners/$ref", Assumed, |d, c, r| {
        d.refer_to_related(c, r, Group, Owners)
    }),
];

impl Relation {
    const fn name(self) -> &'static str {
        match self {
            Members => "members",
            Owners => "owners",
            Sponsors => "sponsors",
        }
    }
}

const fn takes(holder: Holder, relation: Relation) -> Takes {
    match (holder, relation) {
        (_, Owners) => Takes::Owners,
        (_, Sponsors) => Takes::Sponsors,
        (Unit, Members) => Takes::UnitMembers,
        (_, Members) => Takes::Members,
    }
}

/// Through the cast to agent identities, the permissions are those that its pages name.
const fn needed_to_read(holder: Holder, relation: Relation, cast: Option<Cast>) -> &'static [&'static str] {
    match (holder, relation, cast) {
        (Principal, Sponsors, Some(Cast::AgentIdentity)) => GET_IDENTITY_SPONSORS,
        (Principal, Owners, Some(Cast::AgentIdentity)) => GET_IDENTITIES,
        (Application, ..) => GET_BLUEPRINTS,
        (Group, ..) => GET_GROUPS,
        (Principal, ..) => GET_PRINCIPALS,
        (Unit, ..) => GET_UNITS,
    }
}

const fn needed_to_write(holder: Holder, relation: Relation) -> &'static [&'static str] {
    match (holder, relation) {
        (Application, Sponsors) => WRITE_BLUEPRINT_SPONSORS,
        (Application, _) => WRITE_BLUEPRINT_OWNERS,
        (Principal, Sponsors) => WRITE_PRINCIPAL_SPONSORS,
        (Principal, _) => WRITE_OWNERS,
        (Group, Members) => WRITE_MEMBERS,
        (Group, _) => WRITE_GROUP_OWNERS,
        (Unit, _) => WRITE_UNIT,
    }
}

impl Directory {
    fn holder(&self, call: &Call<'_>, route: &Route, holder: Holder) -> Result<ObjectId, Refusal> {
        let key = route.key();
        let found = match holder {
            Application => Some(self.application_key(key)?),
            Group => self.group(id_in_path(key)?).map(|group| group.id),
            Principal => {
                let id = self.principal_key(call, key, View::Master)?;
                let there = self.live_principal(id, call.now, View::Master);
                there
                    .filter(|principal| super::service_principals::fits(principal, route.cast))
                    .map(|one| one.id)
            }
            Unit => self.units.get(&id_in_path(key)?).map(|unit| unit.id),
        };
        found.ok_or_else(|| Refusal::not_found(key))
    }

    fn related(&self, id: ObjectId, holder: Holder, relation: Relation) -> BTreeSet<ObjectId> {
        let found = match (holder, relation) {
            (Application, Sponsors) => self.blueprint(id).map(|one| &one.sponsors),
            (Application, _) => self.blueprint(id).map(|one| &one.owners),
            (Principal, Sponsors) => self.find_principal(id).map(|one| &one.sponsors),
            (Principal, _) => self.find_principal(id).map(|one| &one.owners),
            (Group, Members) => self.group(id).map(|one| &one.members),
            (Group, _) => self.group(id).map(|one| &one.owners),
            (Unit, _) => self.units.get(&id).map(|one| &one.members),
        };
        found.cloned().unwrap_or_default()
    }

    /// The objects of a relationship that are there, and of the type that the path narrows them to.
    fn seen_related(
        &mut self,
        call: &Call<'_>,
        route: &Route,
        holder: Holder,
        relation: Relation,
    ) -> Result<Vec<ObjectId>, Refusal> {
        self.require(call, needed_to_read(holder, relation, route.cast))?;
        let id = self.holder(call, route, holder)?;
        self.subject = Some(id);
        Ok(self.narrowed(call, self.related(id, holder, relation), route.narrowed))
    }

    fn list_related(&mut self, call: &Call<'_>, route: &Route, holder: Holder, relation: Relation) -> Answer {
        let ids = self.seen_related(call, route, holder, relation)?;
        // Sponsors may come back with their ids alone (docs/graph.md#known-issues).
        let only_ids = relation == Sponsors && self.switches.sponsors_only_ids;
        self.answer_objects(call, ids, route.narrowed, only_ids)
    }

    /// The addresses of the objects of a relationship.
    fn refer_to_related(
        &mut self,
        call: &Call<'_>,
        route: &Route,
        holder: Holder,
        relation: Relation,
    ) -> Answer {
        let ids = self.seen_related(call, route, holder, relation)?;
        self.answer_references(call, &ids)
    }

    fn count_related(
        &mut self,
        call: &Call<'_>,
        route: &Route,
        holder: Holder,
        relation: Relation,
    ) -> Answer {
        super::users::require_count(call)?;
        let count = self.seen_related(call, route, holder, relation)?.len();
        Ok(Reply::count(count))
    }

    fn relate(&mut self, call: &Call<'_>, route: &Route, holder: Holder, relation: Relation) -> Answer {
        self.require(call, needed_to_write(holder, relation))?;
        let id = self.holder(call, route, holder)?;
        let reference = self.reference_in_body(call)?;
        self.add_related(call, id, holder, relation, reference)?;
        self.note_member(holder, relation, reference);
        Ok(Reply::no_content())
    }

    pub(super) fn add_related(
        &mut self,
        call: &Call<'_>,
        id: ObjectId,
        holder: Holder,
        relation: Relation,
        reference: ObjectId,
    ) -> Result<(), Refusal> {
        self.check_taken(call, reference, takes(holder, relation), "@odata.id")?;
        self.check_membership(call, id, holder, relation, reference)?;
        let mut related = self.related(id, holder, relation);
        if !related.insert(reference) {
            return Err(Refusal::reference_exists(relation.name()));
        }
        if relation == Sponsors {
            self.check_sponsors(&related)?;
        }
        self.set_related(call, id, holder, relation, related);
        Ok(())
    }

    /// Refuses what can't be a member of a group. The words are assumptions.
    fn check_membership(
        &self,
        call: &Call<'_>,
        id: ObjectId,
        holder: Holder,
        relation: Relation,
        reference: ObjectId,
    ) -> Result<(), Refusal> {
        let Some(group) = self.group(id).filter(|_| (holder, relation) == (Group, Members)) else {
            return Ok(());
        };
        self.check_writable_group(call, id, holder, relation, reference)?;
        let for_roles = group.is_assignable_to_role();
        let agent = self.find_user(reference).is_some_and(super::User::is_agent);
        if reference == id || for_roles && agent {
            return Err(Refusal::invalid("@odata.id"));
        }
        Ok(())
    }

    fn unrelate(&mut self, call: &Call<'_>, route: &Route, holder: Holder, relation: Relation) -> Answer {
        self.require(call, needed_to_write(holder, relation))?;
        let id = self.holder(call, route, holder)?;
        let reference = id_in_path(route.second())?;
        self.check_writable_group(call, id, holder, relation, reference)?;
        let mut related = self.related(id, holder, relation);
        if !related.remove(&reference) {
            return Err(Refusal::not_found(reference));
        }
        // The last owner of a group, a user, can't be removed (https://learn.microsoft.com/graph/api/group-delete-owners);
        // the words are an assumption.
        if (holder, relation) == (Group, Owners) && !related.iter().any(|id| self.find_user(*id).is_some()) {
            return Err(Refusal::bad_request(
                "The group must have at least one owner, hence this owner cannot be removed.",
            ));
        }
        self.set_related(call, id, holder, relation, related);
        self.note_member(holder, relation, reference);
        Ok(Reply::no_content())
    }

    fn set_related(
        &mut self,
        call: &Call<'_>,
        id: ObjectId,
        holder: Holder,
        relation: Relation,
        related: BTreeSet<ObjectId>,
    ) {
        self.subject = Some(id);
        match (holder, relation) {
            (Application, Sponsors) => self.change_blueprint(id, |one| one.sponsors = related),
            (Application, _) => self.change_blueprint(id, |one| one.owners = related),
            (Principal, Sponsors) => self.change_principal(call.now, id, |one| one.sponsors = related),
            (Principal, _) => self.change_principal(call.now, id, |one| one.owners = related),
            (Group, Members) => self.set_members(call.now, id, related),
            (Group, _) => self.change_group(id, |one| one.owners = related),
            (Unit, _) => {
                if let Some(unit) = self.units.get_mut(&id) {
                    self.changes += u64::from(unit.members != related);
                    unit.members = related;
                }
            }
        }
    }

    /// Whether an object of any type is there.
    pub(super) fn is_there(&self, call: &Call<'_>, id: ObjectId) -> bool {
        self.live_user(id, call.now, View::Master).is_some()
            || self.group(id).is_some()
            || self.live_principal(id, call.now, View::Master).is_some()
            || self.blueprint(id).is_some()
            || self.units.contains_key(&id)
    }
}
