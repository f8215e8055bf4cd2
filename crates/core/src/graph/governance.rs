//! Directory roles, Conditional Access and risk (docs/graph.md#directory-roles, docs/graph.md#conditional-access,
//! docs/graph.md#risk).

use super::ask::{Ask, apart, json};
use super::cloud::Endpoint;
use super::url::Url;
use crate::ObjectId;
use crate::call::Call;
use crate::http::Method;
use crate::model::{AccessPolicy, GRAPH_APP_ID, Group, Page, RiskyAgent, RoleAssignment, RoleDefinition};
use serde::Serialize;

fn roles(endpoint: &Endpoint) -> Url {
    Url::new(endpoint).word("roleManagement").word("directory")
}

const HELD: &str = "id,principalId,roleDefinitionId,directoryScopeId";

/// Every directory role that somebody has.
#[must_use]
pub fn list_role_assignments(endpoint: &Endpoint) -> Ask<Page<Vec<RoleAssignment>>> {
    Ask::get(Call::ListRoleAssignments, roles(endpoint).word("roleAssignments").select(HELD).done())
}

/// The directory roles that one principal has.
#[must_use]
pub fn role_assignments_of(endpoint: &Endpoint, principal: ObjectId) -> Ask<Page<Vec<RoleAssignment>>> {
    let url = roles(endpoint).word("roleAssignments").select(HELD);
    Ask::get(Call::FindRoleAssignments, url.query("$filter", &of_principal(principal)).done())
}

/// The directory roles that one principal may activate.
#[must_use]
pub fn eligible_roles_of(endpoint: &Endpoint, principal: ObjectId) -> Ask<Page<Vec<RoleAssignment>>> {
    let url = roles(endpoint).word("roleEligibilityScheduleInstances").select(HELD);
    Ask::get(Call::FindEligibleRoles, url.query("$filter", &of_principal(principal)).done())
}

fn of_principal(principal: ObjectId) -> String {
    format!("principalId eq '{principal}'")
}

/// Every directory role that somebody may activate.
#[must_use]
pub fn list_eligible_roles(endpoint: &Endpoint) -> Ask<Page<Vec<RoleAssignment>>> {
    let url = roles(endpoint).word("roleEligibilityScheduleInstances").select(HELD).done();
    Ask::get(Call::ListEligibleRoles, url)
}

/// The directory roles that there are.
#[must_use]
pub fn list_role_definitions(endpoint: &Endpoint) -> Ask<Page<Vec<RoleDefinition>>> {
    let url = roles(endpoint).word("roleDefinitions").select("id,displayName,isBuiltIn").done();
    Ask::get(Call::ListRoleDefinitions, url)
}

/// The groups to which roles can be assigned.
#[must_use]
pub fn list_role_groups(endpoint: &Endpoint) -> Ask<Page<Vec<Group>>> {
    let url = Url::new(endpoint).word("groups").select("id,displayName");
    Ask::get(Call::ListRoleGroups, url.query("$filter", "isAssignableToRole eq true").done())
}

/// The Conditional Access policies.
#[must_use]
pub fn list_access_policies(endpoint: &Endpoint) -> Ask<Page<Vec<AccessPolicy>>> {
    let url = Url::new(endpoint).word("identity").word("conditionalAccess").word("policies");
    Ask::get(Call::ListAccessPolicies, url.select("id,displayName,state,conditions,grantControls").done())
}

/// The Conditional Access policies that apply to a sign-in of a user to Microsoft Graph.
#[must_use]
pub fn find_applied_policies(endpoint: &Endpoint, user: ObjectId) -> Ask<Page<Vec<AccessPolicy>>> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Body {
        sign_in_identity: Identity,
        sign_in_context: Context,
        sign_in_conditions: Conditions,
        applied_policies_only: bool,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Identity {
        #[serde(rename = "@odata.type")]
        odata_type: &'static str,
        user_id: ObjectId,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Context {
        #[serde(rename = "@odata.type")]
        odata_type: &'static str,
        include_applications: [ObjectId; 1],
    }
    #[derive(Serialize)]
    struct Conditions {}
    let url = Url::new(endpoint).word("identity").word("conditionalAccess").word("evaluate").done();
    Ask::new(Call::FindAppliedPolicies, Method::Post, url, |response, _| apart(json(response), response))
        .with_body(&Body {
            sign_in_identity: Identity { odata_type: "#microsoft.graph.userSignIn", user_id: user },
            sign_in_context: Context {
                odata_type: "#microsoft.graph.applicationContext",
                include_applications: [GRAPH_APP_ID],
            },
            sign_in_conditions: Conditions {},
            applied_policies_only: true,
        })
}

/// The agents at risk, which beta alone has.
#[must_use]
pub fn list_risky_agents(endpoint: &Endpoint) -> Ask<Page<Vec<RiskyAgent>>> {
    let url = Url::new(&endpoint.beta()).word("identityProtection").word("riskyAgents");
    Ask::get(Call::ListRiskyAgents, url.select("id,identityType,riskLevel,riskState").done())
}
