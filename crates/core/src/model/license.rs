//! SKUs, licenses and service plans (docs/graph.md#licenses-and-readiness).

use super::open::open_type;
use crate::ObjectId;
use serde::{Deserialize, Serialize};

/// A license of a user.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AssignedLicense {
    /// The SKU.
    pub sku_id: Option<ObjectId>,
    /// Service plans switched off.
    pub disabled_plans: Vec<ObjectId>,
}

impl AssignedLicense {
    /// A license with these service plans switched off.
    #[must_use]
    pub const fn new(sku_id: ObjectId, disabled_plans: Vec<ObjectId>) -> Self {
        Self { sku_id: Some(sku_id), disabled_plans }
    }
}

/// The state of one license assignment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct LicenseAssignmentState {
    /// The group it is inherited from; absent for a direct assignment.
    pub assigned_by_group: Option<String>,
    /// The SKU.
    pub sku_id: Option<ObjectId>,
    /// `Active`, `ActiveWithError`, `Disabled` or `Error`.
    pub state: Option<String>,
    /// Service plans that this assignment switches off.
    pub disabled_plans: Vec<ObjectId>,
    /// When it was assigned or last changed, where Graph shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_updated_date_time: Option<String>,
    /// `CountViolation`, `MutuallyExclusiveViolation`, `DependencyViolation`,
    /// `ProhibitedInUsageLocationViolation`, `UniquenessViolation` or `Other`.
    pub error: Option<String>,
}

/// A service plan of a user.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AssignedPlan {
    /// The service, such as `exchange`.
    pub service: Option<String>,
    /// The service plan.
    pub service_plan_id: Option<ObjectId>,
    /// `Enabled`, `Warning`, `Suspended`, `LockedOut` or `Deleted`.
    pub capability_status: Option<String>,
}

/// A service plan inside a SKU or a license.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ServicePlan {
    /// The service plan.
    pub service_plan_id: Option<ObjectId>,
    /// Its name, such as `EXCHANGE_S_ENTERPRISE`.
    pub service_plan_name: Option<String>,
    /// `Success`, `Disabled`, `Error`, `PendingInput`, `PendingActivation` or `PendingProvisioning`.
    pub provisioning_status: Option<String>,
    /// `User` or `Company`.
    pub applies_to: Option<String>,
}

/// Units bought of a SKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PrepaidUnits {
    /// Usable.
    pub enabled: i64,
    /// Suspended.
    pub suspended: i64,
    /// In their grace period.
    pub warning: i64,
    /// Locked out.
    pub locked_out: i64,
}

impl super::open::View for Option<PrepaidUnits> {
    type Borrowed<'a> = Self;
    fn view(&self) -> Self {
        *self
    }
}

open_type! {
    /// A SKU the tenant has subscribed to.
    SubscribedSku {
        /// The SKU's id, for assignments.
        sku_id: Option<ObjectId> = "skuId",
        /// Its name, such as `ENTERPRISEPACK`.
        sku_part_number: Option<String> = "skuPartNumber",
        /// `Enabled`, `Warning`, `Suspended`, `Deleted` or `LockedOut`.
        capability_status: Option<String> = "capabilityStatus",
        /// `User` or `Company`.
        applies_to: Option<String> = "appliesTo",
        /// Seats in use.
        consumed_units: Option<i64> = "consumedUnits",
        /// Seats bought.
        prepaid_units: Option<PrepaidUnits> = "prepaidUnits",
        /// The service plans in it.
        service_plans: Vec<ServicePlan> = "servicePlans",
    }
}

impl SubscribedSku {
    /// Seats that can still be assigned: `prepaidUnits.enabled` − `consumedUnits`, at least 0.
    #[must_use]
    pub fn free_seats(&self) -> i64 {
        let enabled = self.prepaid_units.map_or(0, |units| units.enabled);
        enabled.saturating_sub(self.consumed_units.unwrap_or(0)).max(0)
    }

    /// Seats of a subscription in its grace period, `prepaidUnits.warning`, as far as nobody has them. Whether Graph still
    /// assigns one is its own decision; those of a canceled one, `suspended`, can't be assigned
    /// (docs/graph.md#licenses-and-readiness).
    #[must_use]
    pub fn grace_seats(&self) -> i64 {
        let units = self.prepaid_units.unwrap_or_default();
        let grace = units.warning.max(0);
        // Seats that are paid for are used up first.
        let beyond = self.consumed_units.unwrap_or(0).saturating_sub(units.enabled.max(0)).max(0);
        grace.saturating_sub(beyond).max(0)
    }

    /// Whether some service plan of it applies to users, so that it can be assigned at all.
    #[must_use]
    pub fn is_for_users(&self) -> bool {
        self.service_plans.is_empty()
            || self.service_plans.iter().any(|plan| plan.applies_to.as_deref().is_none_or(|to| to == "User"))
    }
}

open_type! {
    /// A license of a user, with the provisioning state of its service plans.
    LicenseDetails {
        /// The SKU.
        sku_id: Option<ObjectId> = "skuId",
        /// Its name.
        sku_part_number: Option<String> = "skuPartNumber",
        /// Its service plans.
        service_plans: Vec<ServicePlan> = "servicePlans",
    }
}

open_type! {
    /// A user's OneDrive.
    Drive {
        /// Its id.
        id: Option<String> = "id",
        /// Its address.
        web_url: Option<String> = "webUrl",
    }
}
