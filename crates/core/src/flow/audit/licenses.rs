//! Licenses as rules look them up.

use super::facts::Facts;
use super::missing::Missing;
use super::snapshot::User;
use crate::ObjectId;
use crate::model::AssignedLicense;

impl<'a> Facts<'a> {
    /// The part number of a SKU; its id where it has none, or the tenant does not have it any more.
    pub(super) fn sku_name(&self, id: ObjectId) -> Result<String, Missing<'a>> {
        let sku = self.snapshot.skus.get()?.get(id);
        Ok(sku.and_then(|sku| sku.part_number.clone()).unwrap_or_else(|| id.to_string()))
    }

    /// The names of an agent user's licenses.
    pub(super) fn license_names(&self, user: &User) -> Result<Vec<String>, Missing<'a>> {
        let ids = user.assigned_licenses.iter().filter_map(|one| one.sku_id);
        ids.map(|id| self.sku_name(id)).collect()
    }

    /// The names of the licenses that are assigned to it directly: those of groups can't be taken from it.
    pub(super) fn direct_license_names(&self, user: &User) -> Result<Vec<String>, Missing<'a>> {
        let is_direct = |license: &&AssignedLicense| {
            let mut of = user.license_assignment_states.iter().filter(|one| one.sku_id == license.sku_id);
            of.any(|one| one.assigned_by_group.is_none())
        };
        let direct = user.assigned_licenses.iter().filter(is_direct).filter_map(|one| one.sku_id);
        direct.map(|id| self.sku_name(id)).collect()
    }

    /// The names of the service plans of its licenses that are not switched off.
    pub(super) fn enabled_plans(&self, user: &User) -> Result<Vec<&'a str>, Missing<'a>> {
        let skus = self.snapshot.skus.get()?;
        let mut plans = Vec::new();
        for license in &user.assigned_licenses {
            let id = license.sku_id.ok_or_else(|| Missing::unshown("the SKU of a license"))?;
            let sku = skus.get(id).ok_or_else(|| Missing::unlisted("SKUs"))?;
            let on = sku.service_plans.iter().filter(|plan| !license.disabled_plans.contains(&plan.id));
            plans.extend(on.map(|plan| plan.name.as_str()));
        }
        Ok(plans)
    }
}
