//! Where an object is a member, and what it owns and sponsors.

use super::bodies::parameters;
use super::errors::{Answer, Refusal, Reply};
use super::permissions::{CHECK_GROUPS, GET_GROUPS, GET_OWNED, GET_PRINCIPALS, GET_SPONSORED};
use super::route::{Cast, Endpoint, Route};
use super::views::View;
use super::{Call, Directory, Group, id_in_path};
use crate::behaviours::Label::Documented;
use agentuser_core::ObjectId;
use agentuser_core::http::Method::{Get, Post};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The endpoints of memberships, and of the objects that a user sponsors.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(Get, "/users/{id}/memberOf", Documented("api/user-list-memberof"), |d, c, r| {
        let id = d.seen_user(c, r.key(), r.is_agent_cast(), GET_GROUPS)?;
        d.member_of(c, id, false, r.narrowed)
    })
    .narrowing(),
    Endpoint::new(
        Get,
        "/users/{id}/transitiveMemberOf",
        Documented("api/user-list-transitivememberof"),
        |d, c, r| {
            let id = d.seen_user(c, r.key(), r.is_agent_cast(), GET_GROUPS)?;
            d.member_of(c, id, true, r.narrowed)
        },
    )
    .narrowing(),
    Endpoint::new(
        Post,
        "/users/{id}/getMemberGroups",
        Documented("api/directoryobject-getmembergroups"),
        |d, c, r| {
            let id = d.seen_user(c, r.key(), r.is_agent_cast(), CHECK_GROUPS)?;
            d.get_member_groups(c, id)
        },
    ),
    Endpoint::new(
        Post,
        "/users/{id}/checkMemberGroups",
        Documented("api/directoryobject-checkmembergroups"),
        |d, c, r| {
            let id = d.seen_user(c, r.key(), r.is_agent_cast(), CHECK_GROUPS)?;
            d.check_member_groups(c, id)
        },
    ),
    Endpoint::new(Get, "/users/{id}/ownedObjects", Documented("api/user-list-ownedobjects"), |d, c, r| {
        let id = d.seen_user(c, r.key(), r.is_agent_cast(), GET_OWNED)?;
        d.owned_objects(c, id, r.narrowed)
    })
    .narrowing(),
    Endpoint::new(Get, "/users/{id}/sponsorOf", Documented("api/user-list-sponsorof"), |d, c, r| {
        if c.token.is_app_only() && d.switches.sponsor_of_refused_to_apps {
            return Err(Refusal::denied());
        }
        let id = d.seen_user(c, r.key(), r.is_agent_cast(), GET_SPONSORED)?;
        d.sponsor_of(c, id, r.narrowed)
    })
    .narrowing(),
    Endpoint::new(
        Get,
        "/servicePrincipals/{id}/memberOf",
        Documented("api/serviceprincipal-list-memberof"),
        |d, c, r| {
            let id = d.seen_principal(c, r, GET_PRINCIPALS)?;
            d.member_of(c, id, false, r.narrowed)
        },
    )
    .narrowing(),
    Endpoint::new(
        Get,
        "/servicePrincipals/{id}/transitiveMemberOf",
        Documented("api/serviceprincipal-list-transitivememberof"),
        |d, c, r| {
            let id = d.seen_principal(c, r, GET_PRINCIPALS)?;
            d.member_of(c, id, true, r.narrowed)
        },
    )
    .narrowing(),
    Endpoint::new(
        Post,
        "/servicePrincipals/{id}/getMemberGroups",
        Documented("api/directoryobject-getmembergroups"),
        |d, c, r| {
            let id = d.seen_principal(c, r, CHECK_GROUPS)?;
            d.get_member_groups(c, id)
        },
    ),
    Endpoint::new(
        Post,
        "/servicePrincipals/{id}/checkMemberGroups",
        Documented("api/directoryobject-checkmembergroups"),
        |d, c, r| {
            let id = d.seen_principal(c, r, CHECK_GROUPS)?;
            d.check_member_groups(c, id)
        },
    ),
    Endpoint::new(
        Get,
        "/servicePrincipals/{id}/ownedObjects",
        Documented("api/serviceprincipal-list-ownedobjects"),
        |d, c, r| {
            let id = d.seen_principal(c, r, GET_PRINCIPALS)?;
            d.owned_objects(c, id, r.narrowed)
        },
    )
    .narrowing(),
    Endpoint::new(Get, "/groups/{id}/memberOf", Documented("api/group-list-memberof"), |d, c, r| {
        let id = d.seen_group(c, r)?;
        d.member_of(c, id, false, r.narrowed)
    })
    .narrowing(),
    Endpoint::new(
        Get,
        "/groups/{id}/transitiveMemberOf",
        Documented("api/group-list-transitivememberof"),
        |d, c, r| {
            let id = d.seen_group(c, r)?;
            d.member_of(c, id, true, r.narrowed)
        },
    )
    .narrowing(),
    Endpoint::new(Get, "/users/{id}/memberOf/$count", Documented("api/user-list-memberof"), |d, c, r| {
        let id = d.seen_user(c, r.key(), r.is_agent_cast(), GET_GROUPS)?;
        d.count_member_of(c, id, false, r.narrowed)
    })
    .narrowing(),
    Endpoint::new(
        Get,
        "/users/{id}/transitiveMemberOf/$count",
        Documented("api/user-list-transitivememberof"),
        |d, c, r| {
            let id = d.seen_user(c, r.key(), r.is_agent_cast(), GET_GROUPS)?;
            d.count_member_of(c, id, true, r.narrowed)
        },
    )
    .narrowing(),
    Endpoint::new(
        Get,
        "/servicePrincipals/{id}/memberOf/$count",
        Documented("api/serviceprincipal-list-memberof"),
        |d, c, r| {
            let id = d.seen_principal(c, r, GET_PRINCIPALS)?;
            d.count_member_of(c, id, false, r.narrowed)
        },
    )
    .narrowing(),
    Endpoint::new(
        Get,
        "/servicePrincipals/{id}/transitiveMemberOf/$count",
        Documented("api/serviceprincipal-list-transitivememberof"),
        |d, c, r| {
            let id = d.seen_principal(c, r, GET_PRINCIPALS)?;
            d.count_member_of(c, id, true, r.narrowed)
        },
    )
    .narrowing(),
    Endpoint::new(Get, "/groups/{id}/memberOf/$count", Documented("api/group-list-memberof"), |d, c, r| {
        let id = d.seen_group(c, r)?;
        d.count_member_of(c, id, false, r.narrowed)
    })
    .narrowing(),
    Endpoint::new(
        Get,
        "/groups/{id}/transitiveMemberOf/$count",
        Documented("api/group-list-transitivememberof"),
        |d, c, r| {
            let id = d.seen_group(c, r)?;
            d.count_member_of(c, id, true, r.narrowed)
        },
    )
    .narrowing(),
    Endpoint::new(
        Get,
        "/groups/{id}/transitiveMembers",
        Documented("api/group-list-transitivemembers"),
        |d, c, r| {
            let id = d.seen_group(c, r)?;
            let ids = d.narrowed(c, d.all_members(id), r.narrowed);
            d.answer_objects(c, ids, r.narrowed, false)
        },
    )
    .narrowing(),
    Endpoint::new(
        Get,
        "/groups/{id}/transitiveMembers/$count",
        Documented("api/group-list-transitivemembers"),
        |d, c, r| {
            super::users::require_count(c)?;
            let id = d.seen_group(c, r)?;
            let count = d.narrowed(c, d.all_members(id), r.narrowed).len();
            Ok(Reply::count(count))
        },
    )
    .narrowing(),
];

/// The most groups of one check (<https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups>).
const MOST_CHECKED: usize = 20;

impl Directory {
    /// The id of a user as a read sees it.
    pub(super) fn seen_user(
        &mut self,
        call: &Call<'_>,
        key: &str,
        cast: bool,
        needed: &[&str],
    ) -> Result<ObjectId, Refusal> {
        self.require(call, needed)?;
        let view = self.readable(call, key, cast)?;
        Ok(self.shown(call, key, view)?.id)
    }

    fn seen_principal(
        &mut self,
        call: &Call<'_>,
        route: &Route,
        needed: &[&str],
    ) -> Result<ObjectId, Refusal> {
        self.require(call, needed)?;
        let view = View::Read(self.next_replica(&route.key().to_lowercase()));
        let id = self.principal_key(call, route.key(), view)?;
        self.live_principal(id, call.now, view).ok_or_else(|| Refusal::not_found(route.key()))?;
        self.subject = Some(id);
        Ok(id)
    }

    fn seen_group(&mut self, call: &Call<'_>, route: &Route) -> Result<ObjectId, Refusal> {
        self.require(call, GET_GROUPS)?;
        let group = self.group(id_in_path(route.key())?);
        group.map(|group| group.id).ok_or_else(|| Refusal::not_found(route.key()))
    }

    /// The groups that an object is a member of: directly, or through other groups as well.
    pub(super) fn groups_of(&self, id: ObjectId, transitive: bool) -> Vec<&Group> {
        let mut found = BTreeSet::new();
        let mut open = vec![id];
        while let Some(member) = open.pop() {
            for group in self.live_groups().filter(|group| group.members.contains(&member)) {
                if found.insert(group.id) && transitive {
                    open.push(group.id);
                }
            }
        }
        found.into_iter().filter_map(|id| self.group(id)).collect()
    }

    /// The members of a group, and those of its groups.
    fn all_members(&self, id: ObjectId) -> BTreeSet<ObjectId> {
        let mut found = BTreeSet::new();
        let mut open = vec![id];
        while let Some(group) = open.pop().and_then(|id| self.group(id)) {
            open.extend(
                group
                    .members
                    .iter()
                    .copied()
                    .filter(|member| found.insert(*member) && self.group(*member).is_some()),
            );
        }
        found
    }

    /// The objects that exist and are of the type.
    pub(super) fn narrowed(
        &self,
        call: &Call<'_>,
        ids: impl IntoIterator<Item = ObjectId>,
        cast: Option<Cast>,
    ) -> Vec<ObjectId> {
        let fits = |id: &ObjectId| {
            let user = || self.live_user(*id, call.now, View::Master);
            let principal = || self.live_principal(*id, call.now, View::Master);
            match cast {
                None => self.is_there(call, *id) || self.render_directory_role(*id).is_some(),
                Some(Cast::User) => user().is_some(),
                Some(Cast::AgentUser) => user().is_some_and(super::User::is_agent),
                Some(Cast::Group) => self.group(*id).is_some(),
                Some(Cast::Application | Cast::Blueprint) => self.blueprint(*id).is_some(),
                Some(Cast::AdministrativeUnit) => self.units.contains_key(id),
                Some(Cast::DirectoryRole) => self.render_directory_role(*id).is_some(),
                Some(cast) => principal().is_some_and(|one| super::service_principals::is_of(one, cast)),
            }
        };
        ids.into_iter().filter(fits).collect()
    }

    pub(super) fn member_of(
        &mut self,
        call: &Call<'_>,
        id: ObjectId,
        transitive: bool,
        narrowed: Option<Cast>,
    ) -> Answer {
        let ids = self.holders(call, id, transitive, narrowed);
        self.answer_objects(call, ids, narrowed, false)
    }

    fn count_member_of(
        &mut self,
        call: &Call<'_>,
        id: ObjectId,
        transitive: bool,
        narrowed: Option<Cast>,
    ) -> Answer {
        super::users::require_count(call)?;
        Ok(Reply::count(self.holders(call, id, transitive, narrowed).len()))
    }

    /// The groups, administrative units and directory roles that an object is a member of.
    fn holders(
        &self,
        call: &Call<'_>,
        id: ObjectId,
        transitive: bool,
        narrowed: Option<Cast>,
    ) -> Vec<ObjectId> {
        let groups = self.groups_of(id, transitive).into_iter().map(|group| group.id);
        let units = self.units.values().filter(|unit| unit.members.contains(&id)).map(|unit| unit.id);
        let found: Vec<ObjectId> = groups.chain(units).collect();
        let holders = found.iter().copied().filter(|_| transitive).chain([id]);
        let roles = holders.flat_map(|id| self.roles_of(id, call.now)).map(|role| self.directory_role(role));
        let roles: BTreeSet<ObjectId> = roles.collect();
        self.narrowed(call, found.into_iter().chain(roles), narrowed)
    }

    pub(super) fn owned_objects(&mut self, call: &Call<'_>, id: ObjectId, narrowed: Option<Cast>) -> Answer {
        let groups = self.live_groups().filter(|one| one.owners.contains(&id)).map(|one| one.id);
        let apps = self.blueprints().filter(|one| one.owners.contains(&id)).map(|one| one.id);
        let principals = self.all_principals().filter(|one| one.owners.contains(&id)).map(|one| one.id);
        let ids = self.narrowed(call, groups.chain(apps).chain(principals), narrowed);
        self.answer_objects(call, ids, narrowed, false)
    }

    /// The objects that a user sponsors, directly and as a member of groups.
    pub(super) fn sponsor_of(&mut self, call: &Call<'_>, id: ObjectId, narrowed: Option<Cast>) -> Answer {
        let own: BTreeSet<ObjectId> =
            self.groups_of(id, true).into_iter().map(|group| group.id).chain([id]).collect();
        let is_sponsored = |sponsors: &BTreeSet<ObjectId>| !sponsors.is_disjoint(&own);
        let users = self.all_users().filter(|one| is_sponsored(&one.sponsors)).map(|one| one.id);
        let apps = self.blueprints().filter(|one| is_sponsored(&one.sponsors)).map(|one| one.id);
        let principals = self.all_principals().filter(|one| is_sponsored(&one.sponsors)).map(|one| one.id);
        let ids = self.narrowed(call, users.chain(apps).chain(principals), narrowed);
        self.answer_objects(call, ids, narrowed, false)
    }

    /// The check is transitive (<https://learn.microsoft.com/graph/api/directoryobject-getmembergroups>).
    fn get_member_groups(&mut self, call: &Call<'_>, id: ObjectId) -> Answer {
        let body = parameters("getMemberGroups", call.object()?, &["securityEnabledOnly"])?;
        let only_security = body.get("securityEnabledOnly").and_then(Value::as_bool);
        let only_security = only_security.ok_or_else(|| Refusal::required("securityEnabledOnly"))?;
        let groups = self.groups_of(id, true).into_iter();
        let ids =
            groups.filter(|group| !only_security || is_security_enabled(group)).map(|one| one.id.to_string());
        Ok(self.texts(call, ids.collect()))
    }

    fn check_member_groups(&mut self, call: &Call<'_>, id: ObjectId) -> Answer {
        let body = parameters("checkMemberGroups", call.object()?, &["groupIds"])?;
        let asked =
            body.get("groupIds").and_then(Value::as_array).ok_or_else(|| Refusal::required("groupIds"))?;
        if asked.len() > MOST_CHECKED {
            return Err(Refusal::invalid("groupIds"));
        }
        let groups = self.groups_of(id, true).into_iter().map(|group| group.id.to_string());
        let is_asked = |id: &String| {
            asked.iter().any(|one| one.as_str().is_some_and(|one| one.eq_ignore_ascii_case(id)))
        };
        let ids = groups.filter(is_asked).collect();
        Ok(self.texts(call, ids))
    }

    fn texts(&self, call: &Call<'_>, texts: Vec<String>) -> Reply {
        let context = self.context(call.version, "Collection(Edm.String)", None, false);
        Reply::ok(json!({"@odata.context": context, "value": texts}))
    }
}

fn is_security_enabled(group: &Group) -> bool {
    group.extras.get("securityEnabled").and_then(Value::as_bool).unwrap_or(true)
}
