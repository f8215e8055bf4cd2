//! An agent user with its manager, its sponsors and the names of its licenses.

use crate::context::Context;
use crate::output::{Table, compact, is_nothing, plain};
use agentuser::{
    AgentUser, Client, DirectoryObject, ObjectId, Problem, ProblemKind, Run, SubscribedSku, UserRef,
    product_name,
};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::convert::Infallible;

/// The members that come first in the table.
pub(super) const FIRST: [&str; 5] =
    ["displayName", "userPrincipalName", "id", "identityParentId", "accountEnabled"];

/// The picture. Parts that could not be read are absent.
#[derive(Debug, Serialize)]
pub(super) struct Picture<'a> {
    #[serde(flatten)]
    user: Value,
    /// Null where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    manager: Option<Option<DirectoryObject>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sponsors: Option<Vec<DirectoryObject>>,
    /// The names of licenses and service plans.
    #[serde(skip)]
    skus: Option<Vec<SubscribedSku>>,
    #[serde(skip)]
    of: &'a AgentUser,
}

impl<'a> Picture<'a> {
    pub(super) async fn take(
        context: &Context,
        client: &Client,
        user: &'a AgentUser,
    ) -> Result<Self, Problem> {
        let id = user.id().map(UserRef::from);
        let (mut manager, mut sponsors, mut skus) = (None, None, None);
        if let Some(id) = id {
            manager = beside(context, "The manager", client.manager(id.clone())).await?;
            sponsors = beside(context, "The sponsors", client.sponsors(id)).await?;
        }
        if !user.assigned_licenses().is_empty() && !context.output.is_json() {
            skus = beside(context, "The names of the licenses", client.skus()).await?;
        }
        let user_members = serde_json::to_value(user).unwrap_or_default();
        Ok(Self { user: user_members, manager, sponsors, skus, of: user })
    }

    pub(super) fn table(&self) -> Table {
        let mut user = self.user.clone();
        if let (Value::Object(members), true) = (&mut user, self.skus.is_some()) {
            for name in ["assignedLicenses", "licenseAssignmentStates", "assignedPlans"] {
                members.remove(name);
            }
        }
        let mut table = members(&user, &FIRST);
        let mut row = |name: &str, value: String| table.row([name.to_owned(), value]);
        match &self.manager {
            Some(Some(manager)) => row("manager", person(manager)),
            Some(None) => row("manager", "none".to_owned()),
            None => {}
        }
        match self.sponsors.as_deref() {
            Some([]) => row("sponsors", "none".to_owned()),
            Some(sponsors) => row("sponsors", sponsors.iter().map(person).collect::<Vec<_>>().join("\n")),
            None => {}
        }
        if let Some(skus) = &self.skus {
            row("licenses", self.licenses(skus).join("\n"));
            row("servicePlans", self.plans(skus).join("\n"));
        }
        table
    }

    /// The names of the licenses, with their state where they are not active, and the group that they come from.
    fn licenses(&self, skus: &[SubscribedSku]) -> Vec<String> {
        let assigned = self.of.assigned_licenses().iter().filter_map(|license| license.sku_id);
        assigned
            .map(|id| {
                let states = self.of.license_assignment_states().iter();
                let states = states.filter(|state| state.sku_id == Some(id)).map(|state| {
                    let by =
                        state.assigned_by_group.as_ref().map(|group| format!("by group {}", plain(group)));
                    let is = state.state.as_deref().filter(|state| *state != "Active").map(plain);
                    by.into_iter().chain(is).chain(state.error.as_deref().filter(|e| *e != "None").map(plain))
                });
                let notes: Vec<String> = states.flatten().collect();
                let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
                let part_number = sku_name(skus, id);
                let product = product_name(&part_number).map(|name| format!(", {name}")).unwrap_or_default();
                format!("{part_number}{product}{notes}")
            })
            .collect()
    }

    /// The names of the service plans, with their state where they are not enabled.
    fn plans(&self, skus: &[SubscribedSku]) -> Vec<String> {
        let names = || skus.iter().flat_map(SubscribedSku::service_plans);
        let plans = self.of.assigned_plans().iter().map(|plan| {
            let id = plan.service_plan_id;
            let name = names().find(|known| id.is_some() && known.service_plan_id == id);
            let name = name.and_then(|known| known.service_plan_name.as_deref()).map(plain);
            let name = name.or_else(|| id.map(|id| id.to_string())).unwrap_or_default();
            match plan.capability_status.as_deref() {
                None | Some("Enabled") => name,
                Some(status) => format!("{name} ({})", plain(status)),
            }
        });
        // Several licenses may bring the same plan.
        let mut seen = BTreeSet::new();
        plans.filter(|plan| seen.insert(plan.clone())).collect()
    }
}

/// A SKU's part number, or its id where it has none.
pub(in crate::command) fn sku_name(skus: &[SubscribedSku], id: ObjectId) -> String {
    let sku = skus.iter().find(|sku| sku.sku_id() == Some(id));
    sku.and_then(SubscribedSku::sku_part_number).map_or_else(|| id.to_string(), plain)
}

/// A user or group in a line. Graph may tell nothing but its id.
fn person(object: &DirectoryObject) -> String {
    let id = object.id().map(|id| id.to_string());
    let name = object.display_name().map(plain);
    let upn = object.user_principal_name().map(plain);
    let is_group = object.odata_type().is_some_and(|kind| kind.ends_with("group"));
    let kind = if is_group { "group ".to_owned() } else { String::new() };
    match (name, upn.or(id)) {
        (Some(name), Some(other)) => format!("{kind}{name} ({other})"),
        (name, other) => format!("{kind}{}", name.or(other).unwrap_or_default()),
    }
}

/// A part that the picture can be without: a refusal is a remark.
async fn beside<T: Send + 'static>(
    context: &Context,
    what: &str,
    run: Run<Infallible, T>,
) -> Result<Option<T>, Problem> {
    match context.finish(run).await {
        Ok(part) => Ok(Some(part)),
        Err(problem) if matches!(problem.kind(), ProblemKind::Denied | ProblemKind::NotFound) => {
            let code = problem.code();
            let text = format!("{what} can't be shown ({code}): {}", problem.message());
            context.output.remarks().warn("notShown", &text);
            Ok(None)
        }
        Err(problem) => Err(problem),
    }
}

/// An object's members and their values, some of them first.
pub(in crate::command) fn members<T: Serialize>(object: &T, first: &[&str]) -> Table {
    let mut table = Table::of_values();
    let Ok(Value::Object(mut members)) = serde_json::to_value(object) else { return table };
    let leading: Vec<_> = first.iter().filter_map(|name| members.remove_entry(*name)).collect();
    for (name, value) in leading.into_iter().chain(members) {
        let annotation = name.starts_with('@');
        if !annotation && !is_nothing(&value) {
            table.row([name, compact(&value)]);
        }
    }
    table
}
