//! The licenses of one agent user, assignment by assignment.

use super::held::{error_of, group_of};
use super::license_groups::name_groups;
use super::pages::all;
use super::skus::list_skus;
use crate::ObjectId;
use crate::graph;
use crate::model::{LicenseAssignmentState, ServicePlan, UserRef, product_name};
use crate::operation::Graph;
use crate::problem::{Problem, license_state};
use crate::short;
use serde::Serialize;

/// A group that assigns a license.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AssigningGroup {
    /// Its object id.
    pub id: String,
    /// Its display name, where the caller may read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
}

/// A service plan that is switched off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DisabledPlan {
    /// Its id.
    pub service_plan_id: ObjectId,
    /// Its name, such as `EXCHANGE_S_ENTERPRISE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_plan_name: Option<String>,
}

/// One assignment of a license, direct or by a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LicenseAssignment {
    /// The SKU.
    pub sku_id: ObjectId,
    /// Its part number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku_part_number: Option<String>,
    /// Microsoft's name of the product, where this library knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_name: Option<String>,
    /// The group that assigns it; absent for a direct assignment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<AssigningGroup>,
    /// `Active`, `ActiveWithError`, `Disabled` or `Error`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The error of an assignment that has one, with its fix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// The service plans that it switches off.
    pub disabled_plans: Vec<DisabledPlan>,
}

/// A SKU with its plans, as far as the caller may read their names.
struct Names {
    sku: Option<ObjectId>,
    part_number: Option<String>,
    plans: Vec<ServicePlan>,
}

/// The licenses of an agent user: every assignment with its state, its error and the plans that are off.
///
/// # Errors
/// [`crate::problem::Code::NotFound`], [`crate::problem::Code::NotAnAgentUser`], and refusals of Graph.
pub async fn list_licenses(graph: &Graph, user: &UserRef) -> Result<Vec<LicenseAssignment>, Problem> {
    let (id, user) = super::find::resolve(graph, user).await?;
    let mut states = user.license_assignment_states().to_vec();
    for license in user.assigned_licenses() {
        // An answer without states still tells what is assigned.
        if !states.iter().any(|state| state.sku_id == license.sku_id) {
            states.push(LicenseAssignmentState {
                sku_id: license.sku_id,
                disabled_plans: license.disabled_plans.clone(),
                ..LicenseAssignmentState::default()
            });
        }
    }
    if states.is_empty() {
        return Ok(Vec::new());
    }
    let names = names(graph, id).await?;
    let groups: Vec<&str> = states.iter().filter_map(group_of).collect();
    let groups = name_groups(graph, &groups).await?;
    let mut assignments: Vec<LicenseAssignment> =
        states.iter().filter_map(|state| assignment(state, &names, &groups)).collect();
    short::sort(&mut assignments, |a, b| (&a.sku_part_number, a.sku_id) < (&b.sku_part_number, b.sku_id));
    Ok(assignments)
}

/// The names of the tenant's SKUs; without the permission for them, those of the user's licenses.
async fn names(graph: &Graph, user: ObjectId) -> Result<Vec<Names>, Problem> {
    match list_skus(graph).await {
        Ok(skus) => Ok(skus
            .iter()
            .map(|sku| Names {
                sku: sku.sku_id(),
                part_number: sku.sku_part_number().map(str::to_owned),
                plans: sku.service_plans().to_vec(),
            })
            .collect()),
        Err(problem) if problem.answered() == Some(403) => {
            let details = all(graph, graph::list_license_details(graph.endpoint(), user)).await?;
            Ok(details
                .iter()
                .map(|sku| Names {
                    sku: sku.sku_id(),
                    part_number: sku.sku_part_number().map(str::to_owned),
                    plans: sku.service_plans().to_vec(),
                })
                .collect())
        }
        Err(problem) => Err(problem),
    }
}

fn assignment(
    state: &LicenseAssignmentState,
    names: &[Names],
    groups: &[(String, Option<String>)],
) -> Option<LicenseAssignment> {
    let sku_id = state.sku_id?;
    let names = names.iter().find(|names| names.sku == Some(sku_id));
    let part_number = names.and_then(|names| names.part_number.clone());
    let plans = names.map(|names| &*names.plans).unwrap_or_default();
    let plan = |id: &ObjectId| DisabledPlan {
        service_plan_id: *id,
        service_plan_name: plans
            .iter()
            .find(|plan| plan.service_plan_id == Some(*id))
            .and_then(|plan| plan.service_plan_name.clone()),
    };
    let group = group_of(state).map(|id| AssigningGroup {
        id: id.to_owned(),
        display_name: groups.iter().find(|(known, _)| known == id).and_then(|(_, name)| name.clone()),
    });
    let name = part_number.clone().unwrap_or_else(|| sku_id.to_string());
    Some(LicenseAssignment {
        sku_id,
        product_name: part_number.as_deref().and_then(product_name).map(str::to_owned),
        sku_part_number: part_number,
        group,
        state: state.state.clone(),
        problem: error_of(state).map(|error| license_state(error, name)),
        disabled_plans: state.disabled_plans.iter().map(plan).collect(),
    })
}
