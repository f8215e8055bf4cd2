//! Licenses: assignment, seats, and how their plans come to life.

use super::bodies::{check_members, parameters};
use super::errors::{Answer, Refusal, Reply};
use super::permissions::{ASSIGN_LICENSE, GET_LICENSES, GET_MY_LICENSES};
use super::query::{Options, Query};
use super::render::Shape;
use super::route::Endpoint;
use super::views::View;
use super::{Call, Directory, License, Plan, Provisioning, Sku, User, is_below_me};
use crate::behaviours::Label::Documented;
use crate::clock;
use crate::filled::filled;
use crate::hash::Hash;
use crate::switches::AssignAgain;
use agentuser_core::http::Method::{Get, Post};
use agentuser_core::{Now, ObjectId};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The endpoints of users' licenses.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(Post, "/users/{id}/assignLicense", Documented("api/user-assignlicense"), |d, c, r| {
        d.assign_license(c, r.key(), r.is_agent_cast())
    }),
    Endpoint::new(
        Post,
        "/users/{id}/reprocessLicenseAssignment",
        Documented("api/user-reprocesslicenseassignment"),
        |d, c, r| d.reprocess_licenses(c, r.key(), r.is_agent_cast()),
    ),
    Endpoint::new(
        Get,
        "/users/{id}/licenseDetails",
        Documented("api/user-list-licensedetails"),
        |d, c, r| d.license_details(c, r.key(), r.is_agent_cast()),
    ),
];

impl Directory {
    pub(super) fn assign_license(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        let id = self.writable(call, key, cast, ASSIGN_LICENSE)?;
        let declared = &["addLicenses", "removeLicenses"];
        let (add, remove) = read_assignment(&parameters("assignLicense", call.object()?, declared)?)?;
        let user = self.live_user(id, call.now, View::Master).ok_or_else(|| Refusal::not_found(key))?;
        let mut licenses = user.licenses.clone();
        for sku in &remove {
            if licenses.remove(sku).is_none() {
                if user.all_licenses().any(|(held, ..)| held == *sku) {
                    return Err(Refusal::bad_request(
                        "User license is inherited from a group membership and it cannot be removed directly from \
                         the user.",
                    ));
                }
                return Err(Refusal::bad_request("User does not have a corresponding license."));
            }
        }
        for (sku_id, disabled) in add {
            let sku = self.skus.get(&sku_id).ok_or_else(|| {
                Refusal::bad_request(format!(
                    "License {sku_id} does not correspond to a valid company License."
                ))
            })?;
            if user.usage_location.is_none() {
                return Err(Refusal::bad_request(
                    "License assignment cannot be done for user with invalid usage location.",
                ));
            }
            if !sku.plans.iter().any(|plan| plan.for_users) {
                return Err(Refusal::bad_request(format!("License {sku_id} cannot be assigned to a user.")));
            }
            if !disabled.iter().all(|plan| sku.plans.iter().any(|known| known.id == *plan)) {
                return Err(Refusal::invalid("disabledPlans"));
            }
            match licenses.get_mut(&sku_id).filter(|license| license.error.is_none()) {
                Some(license)
                    if license.disabled_plans == disabled
                        && self.switches.assign_again == AssignAgain::Refused =>
                {
                    return Err(Refusal::bad_request(format!(
                        "License {sku_id} is assigned to the user already."
                    )));
                }
                Some(license) => license.disabled_plans = disabled,
                None => {
                    let held = user.held_skus().contains(&sku_id);
                    if !held && self.seats_left(sku_id) == 0 {
                        return Err(Refusal::bad_request(format!(
                            "Subscription with SKU {sku_id} does not have any available licenses."
                        )));
                    }
                    licenses.insert(sku_id, Self::new_license(call.now, disabled));
                }
            }
        }
        self.change_user(call.now, id, |user| user.licenses = licenses);
        self.answer_with_user(call, id, cast)
    }

    pub(super) fn reprocess_licenses(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        let id = self.writable(call, key, cast, ASSIGN_LICENSE)?;
        // A license that failed for want of seats is tried again, a direct one and one of a group.
        let free: BTreeSet<ObjectId> =
            filled(self.skus.keys().copied().filter(|sku| self.seats_left(*sku) > 0));
        self.change_user(call.now, id, |user| {
            let direct = user.licenses.iter_mut().map(|(sku, license)| (*sku, license));
            let inherited = user.inherited.iter_mut().map(|((_, sku), license)| (*sku, license));
            for (sku, license) in direct.chain(inherited) {
                if license.error.is_some() && free.contains(&sku) {
                    *license = Self::new_license(call.now, license.disabled_plans.iter().copied());
                }
            }
        });
        self.answer_with_user(call, id, cast)
    }

    fn answer_with_user(&self, call: &Call<'_>, id: ObjectId, cast: bool) -> Answer {
        let user = self.live_user(id, call.now, View::Master).ok_or_else(|| Refusal::not_found(id))?;
        let shape = Shape { select: None, expand: &[], cast, deleted: false };
        let mut object = self.render_user(user, call.now, View::Master, shape);
        // The sample of the answer has these besides the default set (https://learn.microsoft.com/graph/api/user-assignlicense).
        for name in ["accountEnabled", "assignedLicenses", "assignedPlans", "city", "companyName"] {
            object
                .extend(self.user_member(user, name, call.now).map(|(name, value)| (name.to_owned(), value)));
        }
        Ok(Reply::ok(self.entity(call.version, "users", None, object)))
    }

    pub(super) fn license_details(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        self.require(call, if is_below_me(call.path) { GET_MY_LICENSES } else { GET_LICENSES })?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let view = self.readable(call, key, cast)?;
        let user = self.shown(call, key, view)?;
        let select = query.select.as_deref();
        let skus: BTreeSet<ObjectId> = filled(user.all_licenses().map(|(sku, ..)| sku));
        let details = skus.into_iter().filter_map(|sku_id| {
            let sku = self.skus.get(&sku_id)?;
            let plans: Vec<Value> =
                sku.plans.iter().map(|plan| self.render_plan(user, sku_id, plan, call.now)).collect();
            let mut object = Map::new();
            let id = Hash::new(self.seed).text("license details").id(user.id).id(sku_id).guid();
            for (name, value) in [
                ("id", Value::from(id.to_string())),
                ("skuId", sku_id.to_string().into()),
                ("skuPartNumber", sku.part_number.as_str().into()),
                ("servicePlans", plans.into()),
            ] {
                if Query::wants(select, name, true) {
                    object.insert(name.into(), value);
                }
            }
            Some(Value::Object(object))
        });
        let details = details.collect();
        let context = format!("users('{}')/licenseDetails", user.id);
        Ok(Reply::ok(self.whole_collection(call.version, &context, select, details)))
    }

    fn render_plan(&self, user: &User, sku: ObjectId, plan: &Plan, now: Now) -> Value {
        // A plan is as far as the license of the SKU that brought it furthest.
        let of_sku = user.all_licenses().filter(|(held, ..)| *held == sku);
        let statuses: Vec<&str> =
            of_sku.map(|(_, _, license)| self.plan_status(user, license, plan, now)).collect();
        let order = ["Success", "PendingProvisioning", "Error", "Disabled"];
        let status = order.into_iter().find(|status| statuses.contains(status));
        json!({
            "servicePlanId": plan.id.to_string(),
            "servicePlanName": plan.name,
            "provisioningStatus": status,
            "appliesTo": applies_to(plan),
        })
    }

    /// The `provisioningStatus` of a plan for a user.
    fn plan_status(&self, user: &User, license: &License, plan: &Plan, now: Now) -> &'static str {
        if license.disabled_plans.contains(&plan.id) {
            return "Disabled";
        }
        if license.error.is_some() {
            return "Error";
        }
        let never_by_switch = plan.mailbox
            && user.is_agent()
            && user.created_through_graph
            && self.switches.graph_create_without_mailbox;
        match plan.provisioning {
            _ if never_by_switch => "PendingProvisioning",
            Provisioning::Never => "PendingProvisioning",
            Provisioning::Error => "Error",
            Provisioning::Between(least, most) => {
                let drawn = Hash::new(self.seed).text("provisioning").id(user.id).id(plan.id);
                let takes = least.saturating_add(drawn.up_to(most.saturating_sub(least)));
                if license.assigned.mono.saturating_add(takes) <= now.mono {
                    "Success"
                } else {
                    "PendingProvisioning"
                }
            }
        }
    }

    /// The user's plans with their statuses.
    fn plans<'a>(
        &'a self,
        user: &'a User,
        now: Now,
    ) -> impl Iterator<Item = (&'a License, &'a Plan, &'static str)> {
        user.all_licenses()
            .filter_map(|(sku, _, license)| Some((self.skus.get(&sku)?, license)))
            .flat_map(|(sku, license): (&Sku, &License)| sku.plans.iter().map(move |plan| (license, plan)))
            .map(move |(license, plan)| (license, plan, self.plan_status(user, license, plan, now)))
    }

    /// Whether a plan that brings a mailbox is provisioned.
    pub(super) fn has_mailbox(&self, user: &User, now: Now) -> bool {
        self.plans(user, now).any(|(_, plan, status)| plan.mailbox && status == "Success")
    }

    /// Whether a plan that brings a OneDrive is provisioned.
    pub(super) fn has_drive(&self, user: &User, now: Now) -> bool {
        self.plans(user, now).any(|(_, plan, status)| plan.drive && status == "Success")
    }

    /// `assignedPlans`: a plan is here once it is provisioned.
    pub(super) fn render_assigned_plans(&self, user: &User, now: Now) -> Value {
        self.plans(user, now)
            .filter(|(_, _, status)| *status == "Success")
            .map(|(license, plan, _)| {
                json!({
                    "assignedDateTime": clock::iso(license.assigned.unix_ms),
                    "capabilityStatus": "Enabled",
                    "service": plan.service,
                    "servicePlanId": plan.id.to_string(),
                })
            })
            .collect()
    }

    /// `provisionedPlans`.
    pub(super) fn render_provisioned_plans(&self, user: &User, now: Now) -> Value {
        self.plans(user, now)
            .filter(|(_, _, status)| *status == "Success")
            .map(|(_, plan, status)| {
                json!({"capabilityStatus": "Enabled", "provisioningStatus": status, "service": plan.service})
            })
            .collect()
    }
}

/// `User` or `Company`.
pub(super) fn applies_to(plan: &Plan) -> &'static str {
    if plan.for_users { "User" } else { "Company" }
}

/// SKUs to add, with their disabled plans, and SKUs to remove. Both arrays must be there (docs/graph.md#licenses-and-readiness).
type Assignment = (BTreeMap<ObjectId, BTreeSet<ObjectId>>, BTreeSet<ObjectId>);

fn read_assignment(body: &Map<String, Value>) -> Result<Assignment, Refusal> {
    let array = |name: &str| match body.get(name) {
        None | Some(Value::Null) => Err(Refusal::required(name)),
        Some(Value::Array(items)) => Ok(items.clone()),
        Some(_) => Err(Refusal::invalid(name)),
    };
    let id = |value: &Value, name: &str| {
        value.as_str().and_then(|text| text.parse().ok()).ok_or_else(|| Refusal::invalid(name))
    };
    let mut add = BTreeMap::new();
    for item in array("addLicenses")? {
        let Value::Object(item) = item else { return Err(Refusal::invalid("addLicenses")) };
        check_members("assignedLicense", &item)?;
        let sku = id(item.get("skuId").unwrap_or(&Value::Null), "skuId")?;
        let disabled = match item.get("disabledPlans") {
            None | Some(Value::Null) => BTreeSet::new(),
            Some(Value::Array(plans)) => {
                plans.iter().map(|plan| id(plan, "disabledPlans")).collect::<Result<_, _>>()?
            }
            Some(_) => return Err(Refusal::invalid("disabledPlans")),
        };
        add.insert(sku, disabled);
    }
    let remove = array("removeLicenses")?;
    let remove: BTreeSet<ObjectId> =
        remove.iter().map(|sku| id(sku, "removeLicenses")).collect::<Result<_, _>>()?;
    if add.keys().any(|sku| remove.contains(sku)) {
        return Err(Refusal::bad_request("A license can't be added and removed at the same time."));
    }
    Ok((add, remove))
}
