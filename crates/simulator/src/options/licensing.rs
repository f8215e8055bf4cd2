//! SKUs, groups and licenses that a simulator begins with, beside those of the demo tenant.

use crate::directory::Directory;
use crate::filled::try_filled;
use crate::{Tenant, ids, tenant};
use agentuser_core::{Now, ObjectId};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

/// The errors of an assignment (docs/graph.md#licenses-and-readiness).
const ERRORS: [&str; 6] = [
    "CountViolation",
    "MutuallyExclusiveViolation",
    "DependencyViolation",
    "ProhibitedInUsageLocationViolation",
    "UniquenessViolation",
    "Other",
];

/// A SKU with the service plans of `AGENT_365`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SkuOptions {
    /// The part number; that of another SKU makes two of one name.
    pub part_number: String,
    /// Seats that are paid for.
    pub seats: u32,
    /// Seats of a subscription in its grace period.
    pub warning: u32,
    /// Seats of a suspended subscription.
    pub suspended: u32,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct GroupOptions {
    /// The display name.
    pub name: String,
    /// The part numbers of the SKUs that it assigns.
    pub licenses: Vec<String>,
    /// The user principal names of its members.
    pub members: Vec<String>,
    /// Whether every agent user that is created becomes a member.
    pub dynamic: bool,
    /// The error of its assignments, such as `CountViolation`.
    pub error: Option<String>,
    /// The kind of group.
    pub kind: GroupKind,
    /// Whether it is synced from on-premises.
    pub synced: bool,
    /// Whether roles can be assigned to it.
    pub assignable_to_role: bool,
    /// Whether it is in an administrative unit with restricted management.
    pub restricted: bool,
}

/// The kinds of group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum GroupKind {
    /// A security group.
    #[default]
    Security,
    /// A Microsoft 365 group.
    Microsoft365,
    /// A mail-enabled security group.
    MailEnabledSecurity,
    /// A distribution group.
    Distribution,
}

impl GroupKind {
    fn members(self) -> [(&'static str, Value); 3] {
        let (unified, mail, security) = match self {
            Self::Security => (false, false, true),
            Self::Microsoft365 => (true, true, false),
            Self::MailEnabledSecurity => (false, true, true),
            Self::Distribution => (false, true, false),
        };
        let types: &[&str] = if unified { &["Unified"] } else { &[] };
        [("groupTypes", json!(types)), ("mailEnabled", json!(mail)), ("securityEnabled", json!(security))]
    }
}

/// A direct license of an agent user that is there from the start.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LicenseOptions {
    /// The user principal name.
    pub user: String,
    /// The part number of the SKU.
    pub sku: String,
    /// The names of the service plans that are off.
    pub disabled_plans: Vec<String>,
    /// The error of the assignment.
    pub error: Option<String>,
}

/// Adds them to a tenant that has its users.
///
/// # Errors
/// The first name that means nothing, with its place.
pub(super) fn add(
    mut tenant: Tenant,
    skus: &[SkuOptions],
    groups: &[GroupOptions],
    licenses: &[LicenseOptions],
) -> Result<Tenant, String> {
    let (least, most) = (Duration::from_secs(600), Duration::from_secs(900));
    for (n, sku) in (3..).zip(skus) {
        tenant = tenant.sku(n, &sku.part_number, sku.seats, tenant::full_plans(least, most)).grace(
            n,
            sku.warning,
            sku.suspended,
        );
    }
    for (index, options) in licenses.iter().enumerate() {
        let place = format!("licenses[{index}]");
        let now = Now { mono: Duration::ZERO, unix_ms: tenant.unix_ms() };
        let directory = tenant.directory();
        let (user, sku) = (user(directory, &options.user, &place)?, sku(directory, &options.sku, &place)?);
        let plans = options.disabled_plans.iter().map(|name| plan(directory, sku, name, &place));
        let mut license = Directory::new_license(now, plans.collect::<Result<Vec<_>, _>>()?);
        license.error = error(options.error.as_deref(), &place)?;
        tenant = tenant.change_user(user, |user| drop(user.licenses.insert(sku, license)));
    }
    for (index, (n, options)) in (3..).zip(groups).enumerate() {
        let place = format!("groups[{index}]");
        let directory = tenant.directory();
        let assigned = options.licenses.iter().map(|name| Ok((sku(directory, name, &place)?, [].into())));
        let assigned = try_filled::<_, _, String>(assigned)?;
        let members = options.members.iter().map(|name| user(directory, name, &place));
        let members = try_filled(members)?;
        let license_error = error(options.error.as_deref(), &place)?;
        tenant = tenant.change_group(n, |group| {
            group.display_name.clone_from(&options.name);
            (group.licenses, group.members, group.dynamic) = (assigned, members, options.dynamic);
            group.license_error = license_error;
            if options.kind != GroupKind::Security {
                group.extras.extend(options.kind.members().map(|(name, value)| (name.to_owned(), value)));
            }
            for (name, is_so) in [
                ("onPremisesSyncEnabled", options.synced),
                ("isAssignableToRole", options.assignable_to_role),
            ] {
                if is_so {
                    group.extras.insert(name.to_owned(), true.into());
                }
            }
        });
    }
    let restricted = (3..).zip(groups).filter(|(_, options)| options.restricted).map(|(n, _)| ids::group(n));
    let restricted: Vec<ObjectId> = restricted.collect();
    // Number 1 is the demo tenant's own.
    Ok(if restricted.is_empty() { tenant } else { tenant.restricted_unit(2, restricted) })
}

fn user(directory: &Directory, name: &str, place: &str) -> Result<ObjectId, String> {
    let mut users = directory.all_users().filter(|user| user.user_principal_name.eq_ignore_ascii_case(name));
    users.next().map(|user| user.id).ok_or_else(|| format!("{place}: the tenant has no user {name}"))
}

fn sku(directory: &Directory, name: &str, place: &str) -> Result<ObjectId, String> {
    let mut skus = directory.skus().filter(|sku| sku.part_number == name);
    skus.next().map(|sku| sku.id).ok_or_else(|| format!("{place}: the tenant has no SKU {name}"))
}

fn plan(directory: &Directory, sku: ObjectId, name: &str, place: &str) -> Result<ObjectId, String> {
    let plans = directory.skus().filter(|one| one.id == sku).flat_map(|sku| &sku.plans);
    let mut named = plans.filter(|plan| plan.name == name);
    named.next().map(|plan| plan.id).ok_or_else(|| format!("{place}: the SKU has no service plan {name}"))
}

fn error(name: Option<&str>, place: &str) -> Result<Option<&'static str>, String> {
    let Some(name) = name else { return Ok(None) };
    let known = ERRORS.into_iter().find(|known| *known == name);
    known.map(Some).ok_or_else(|| format!("{place}.error: use one of {}", ERRORS.join(", ")))
}
