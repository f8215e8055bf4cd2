//! The lists and objects that the tenant lets the token read. The model asks the tenant by itself, before the library does.

use super::scenario::{AGENTS, LifeScenario};
use super::tenant::{AUTHORIZATION, DELETED, EMPTY_GROUP, ROLE_GROUP};
use agentuser_core::http::{Headers, Method, Request};
use agentuser_simulator::{Directory, Fault, Planned, RetryAfter, World, ids};
use serde_json::Value;
use std::collections::BTreeSet;

/// A kind of read, by an audit or another reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Look {
    AgentUsers,
    Managers,
    Sponsors,
    LeaveDates,
    SignIns,
    Identities,
    DeletedPrincipals,
    DeletedUsers,
    Skus,
    Blueprints,
    Principals,
    Grants,
    Roles,
    EligibleRoles,
    RoleDefinitions,
    RoleGroups,
    AccessPolicies,
    Risks,
    Person,
    Group,
    Members,
    DeletedItem,
    ServicePrincipal,
    AppRoleHolders,
    Inheritance,
    Policies,
    Memberships,
}

impl Look {
    /// All.
    pub(super) const ALL: [Self; 27] = [
        Self::AgentUsers,
        Self::Managers,
        Self::Sponsors,
        Self::LeaveDates,
        Self::SignIns,
        Self::Identities,
        Self::DeletedPrincipals,
        Self::DeletedUsers,
        Self::Skus,
        Self::Blueprints,
        Self::Principals,
        Self::Grants,
        Self::Roles,
        Self::EligibleRoles,
        Self::RoleDefinitions,
        Self::RoleGroups,
        Self::AccessPolicies,
        Self::Risks,
        Self::Person,
        Self::Group,
        Self::Members,
        Self::DeletedItem,
        Self::ServicePrincipal,
        Self::AppRoleHolders,
        Self::Inheritance,
        Self::Policies,
        Self::Memberships,
    ];

    /// The reads of an audit that a scenario may break: lists with an address of their own.
    pub(super) const LISTS: [Self; 17] = [
        Self::Managers,
        Self::Sponsors,
        Self::LeaveDates,
        Self::SignIns,
        Self::Identities,
        Self::DeletedPrincipals,
        Self::DeletedUsers,
        Self::Skus,
        Self::Blueprints,
        Self::Principals,
        Self::Grants,
        Self::Roles,
        Self::EligibleRoles,
        Self::RoleDefinitions,
        Self::RoleGroups,
        Self::AccessPolicies,
        Self::Risks,
    ];

    /// The address of a list, and the part of it that tells it from all others.
    const fn list(self) -> Option<[&'static str; 2]> {
        let users = "/users/microsoft.graph.agentUser";
        Some(match self {
            Self::AgentUsers => ["/users/microsoft.graph.agentUser?$select=id,identityParentId", users],
            Self::Managers => {
                ["/users/microsoft.graph.agentUser?$select=id&$expand=manager($select=id)", "expand=manager"]
            }
            Self::Sponsors => [
                "/users/microsoft.graph.agentUser?$select=id&$expand=sponsors($select=id)",
                "expand=sponsors",
            ],
            Self::LeaveDates => {
                ["/users/microsoft.graph.agentUser?$select=id,employeeLeaveDateTime", "employeeLeaveDateTime"]
            }
            Self::SignIns => {
                ["/users/microsoft.graph.agentUser?$select=id,signInActivity&$top=500", "signInActivity"]
            }
            Self::Identities => {
                ["/servicePrincipals/microsoft.graph.agentIdentity?$select=id", "agentIdentity?"]
            }
            Self::DeletedPrincipals => [
                "/directory/deletedItems/microsoft.graph.servicePrincipal",
                "Items/microsoft.graph.servicePrincipal",
            ],
            Self::DeletedUsers => {
                ["/directory/deletedItems/microsoft.graph.user", "Items/microsoft.graph.user"]
            }
            Self::Skus => ["/subscribedSkus"; 2],
            Self::Blueprints => [
                "/applications/microsoft.graph.agentIdentityBlueprint?$select=id",
                "/applications/microsoft.graph.agentIdentityBlueprint?",
            ],
            Self::Principals => [
                "/servicePrincipals/microsoft.graph.agentIdentityBlueprintPrincipal?$select=id",
                "agentIdentityBlueprintPrincipal?",
            ],
            Self::Grants => ["/oauth2PermissionGrants"; 2],
            Self::Roles => ["/roleManagement/directory/roleAssignments", "/roleAssignments"],
            Self::EligibleRoles => [
                "/roleManagement/directory/roleEligibilityScheduleInstances",
                "/roleEligibilityScheduleInstances",
            ],
            Self::RoleDefinitions => ["/roleManagement/directory/roleDefinitions", "/roleDefinitions"],
            Self::RoleGroups => {
                ["/groups?$select=id&$filter=isAssignableToRole%20eq%20true", "isAssignableToRole"]
            }
            Self::AccessPolicies => ["/identity/conditionalAccess/policies"; 2],
            Self::Risks => ["/identityProtection/riskyAgents"; 2],
            Self::Policies => ["/identityGovernance/lifecycleWorkflows/lifecyclePolicies"; 2],
            _ => return None,
        })
    }

    /// Its address.
    fn address(self) -> String {
        match self {
            Self::Person => format!("/users/{}?$select=id,accountEnabled", ids::human(1)),
            Self::Group => format!("/groups/{}?$select=id", ids::group(EMPTY_GROUP)),
            Self::Members => format!("/groups/{}/transitiveMembers", ids::group(ROLE_GROUP)),
            Self::DeletedItem => format!("/directory/deletedItems/{}", ids::human(DELETED)),
            Self::ServicePrincipal => format!("/servicePrincipals/{}?$select=id", ids::plain(1)),
            Self::AppRoleHolders => {
                format!("/servicePrincipals/{}/appRoleAssignedTo", ids::graph_principal())
            }
            Self::Inheritance => format!(
                "/applications/{}/microsoft.graph.agentIdentityBlueprint/inheritablePermissions",
                ids::blueprint(11)
            ),
            Self::Memberships => format!("/users/{}/transitiveMemberOf", ids::agent_user(AGENTS)),
            list => list.list().map_or_else(String::new, |[address, _]| address.to_owned()),
        }
    }

    /// Whether the tenant answers all of it, and shows something where it may show null instead.
    fn is_answered(self, world: &mut World) -> bool {
        let now = world.now();
        let directory: &mut Directory = world.network_mut().directory_mut();
        let version = if self == Self::Risks { "beta" } else { "v1.0" };
        let mut next = Some(format!("{}/{version}{}", directory.root(), self.address()));
        let mut shows = self != Self::LeaveDates;
        while let Some(url) = next {
            let request = Request { method: Method::Get, url, headers: Headers::new(), body: Vec::new() };
            let answer = directory.handle(now, Some(AUTHORIZATION), &request);
            if answer.status != 200 {
                return false;
            }
            shows |= String::from_utf8_lossy(&answer.body).contains("T00:00:00Z");
            let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            next = body.get("@odata.nextLink").and_then(Value::as_str).map(str::to_owned);
        }
        shows
    }

    /// The fault that keeps it from being read.
    pub(super) fn broken(self, draw: u64) -> Planned {
        let executed = draw.is_multiple_of(2);
        let fault = match draw / 2 % 4 {
            0 => Fault::ServerError { status: 503, executed, retry_after: RetryAfter::Absent },
            1 => Fault::Rejected,
            2 => Fault::ForeignRefusal { status: 403, executed },
            _ => Fault::GarbageJson,
        };
        let part = self.list().map_or("", |[_, part]| part);
        Planned::new(Method::Get, part, 1, fault).times(u32::MAX)
    }
}

/// Everything that can be read.
pub(super) fn readable(scenario: &LifeScenario, world: &mut World) -> BTreeSet<Look> {
    let broken = scenario.broken();
    let all = Look::ALL.into_iter().filter(|look| !broken.contains(look));
    all.filter(|look| look.is_answered(world)).collect()
}
