//! The domains and licenses of the tenant.

use super::super::table::identified;
use crate::ObjectId;
use serde::{Deserialize, Serialize};

/// A verified domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Domain {
    /// Its name.
    pub name: String,
    /// `Managed` or `Federated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// A SKU of the tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sku {
    /// Its id.
    pub id: ObjectId,
    /// Its part number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_number: Option<String>,
    /// Its service plans.
    pub service_plans: Vec<Plan>,
}

/// A service plan of a SKU.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "SnapshotPlan"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Plan {
    /// Its id.
    pub id: ObjectId,
    /// Its name.
    pub name: String,
}

identified! { Sku }
