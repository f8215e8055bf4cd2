//! The licenses of a row: what is missing, seats for it, and groups that are to bring it.

use super::{Licenses, Work};
use crate::flow::find::id_of;
use crate::flow::held::has;
use crate::flow::license::{
    Awaited, Difference, compare, error_remark, grace_remark, inherited_plans, inherited_remark, is_inactive,
    plans_are_so, require_usage_location,
};
use crate::flow::license_groups::{LicensedGroup, ids_in_words};
use crate::flow::remarks::remark;
use crate::flow::run::{FoundWanted, Licenses as FoundLicenses, group_of};
use crate::flow::skus::{FoundLicense, Sku};
use crate::model::{AgentUser, Member};
use crate::problem::Problem;
use crate::remark::RemarkCode;

impl Work<'_> {
    /// Everything that could stand against the licenses that it lacks is checked here, before anything is created.
    pub(super) async fn plan_licenses(&mut self, existing: Option<&AgentUser>) -> Result<Licenses, Problem> {
        let (wanted, run) = (self.row.wanted, self.row.run);
        let mut licenses = Licenses::default();
        let Some(found) = &run.licenses else { return Ok(licenses) };
        let found = found.as_ref().map_err(Clone::clone)?;
        let all: Vec<FoundWanted> =
            wanted.licenses().iter().map(|license| found.find(license)).collect::<Result<_, _>>()?;
        for license in &all {
            match license {
                FoundWanted::Direct(license) => {
                    let has_it = existing.is_some_and(|user| has(user, license.sku.id));
                    match group_of(&all, &license.sku).filter(|_| !has_it) {
                        Some(group) => self.plan_expected(license, group)?,
                        None => self.plan_license(&mut licenses, found, existing, license)?,
                    }
                }
                FoundWanted::Group(group) => {
                    self.plan_group(&mut licenses, found, existing, group.clone()).await?;
                }
            }
        }
        let mut missing = licenses.assignments.iter().filter(|one| one.is_new).map(|one| &one.sku).peekable();
        if missing.peek().is_some() {
            let located = wanted.declared().get(Member::UsageLocation).is_some()
                || existing.is_some_and(|user| user.usage_location().is_some());
            require_usage_location(located)?;
        }
        for sku in missing {
            if found.skus.take(sku)? {
                self.report.remark(grace_remark(sku));
            }
            self.seats.push(sku.clone());
        }
        Ok(licenses)
    }

    /// A license that is named beside a group that assigns it: the group does.
    fn plan_expected(&mut self, wanted: &FoundLicense, group: &LicensedGroup) -> Result<(), Problem> {
        let from = format!("the group {}", group.name);
        if wanted.names_plans() {
            return Err(inherited_plans(&wanted.sku, &from));
        }
        self.report.remark(inherited_remark(&wanted.sku, &from));
        Ok(())
    }

    /// Compares one license that is to be assigned directly.
    fn plan_license(
        &mut self,
        licenses: &mut Licenses,
        found: &FoundLicenses,
        existing: Option<&AgentUser>,
        wanted: &FoundLicense,
    ) -> Result<(), Problem> {
        let sku = &wanted.sku;
        match compare(&found.skus, existing, wanted) {
            Difference::Assign(one, change)
                if !licenses.assignments.iter().any(|other| other.sku == *sku) =>
            {
                licenses.planned.push(self.report.plan(change));
                licenses.assignments.push(one);
            }
            Difference::Inherited(groups) => {
                let from = ids_in_words(groups.iter().map(String::as_str));
                if existing.is_some_and(|user| !plans_are_so(user, wanted)) {
                    return Err(inherited_plans(sku, &from));
                }
                self.report.remark(inherited_remark(sku, &from));
            }
            Difference::Assign(..) | Difference::None => {}
        }
        if let Some(user) = existing.filter(|user| has(user, sku.id)) {
            if is_inactive(user, sku.id) {
                licenses.inactive.push(Awaited::anyhow(sku.clone()));
            }
            error_remark(user, sku).into_iter().for_each(|remark| self.report.remark(remark));
        }
        Ok(())
    }

    /// Compares what a group assigns: it is counted and waited for, never assigned directly as well.
    async fn plan_group(
        &mut self,
        licenses: &mut Licenses,
        found: &FoundLicenses,
        existing: Option<&AgentUser>,
        group: LicensedGroup,
    ) -> Result<(), Problem> {
        let awaited = |sku: &Sku| Awaited { sku: sku.clone(), group: Some(group.id) };
        let is_assigned = |sku: &Sku| existing.is_some_and(|user| awaited(sku).is_there(user));
        let joins = self.names_group(group.id);
        if let Some(user) = existing
            && !joins
            && !group.skus.iter().all(is_assigned)
        {
            Box::pin(group.require_member(self.graph, id_of(user)?)).await?;
        }
        for sku in &group.skus {
            // Two groups of one row take one seat.
            if !existing.is_some_and(|user| has(user, sku.id))
                && self.seats.iter().all(|seat| seat.id != sku.id)
            {
                found.skus.count(sku);
                self.seats.push(sku.clone());
            }
            if !existing.is_some_and(|user| awaited(sku).is_active(user)) {
                licenses.inactive.push(awaited(sku));
            }
            let error = existing.and_then(|user| error_remark(user, sku));
            error.into_iter().for_each(|remark| self.report.remark(remark));
        }
        if existing.is_none() && !joins {
            let message = format!(
                "The agent user must become a member of the group {}, which the row does not name in groups.",
                group.name
            );
            // An agent user that is created is looked at then.
            if self.row.run.dry_run {
                self.report.remark(remark(RemarkCode::MembershipNeeded, &message));
            }
            licenses.groups.push(group);
        }
        Ok(())
    }

    pub(super) fn give_seats_back(&mut self, anew: bool) {
        if let Some(Ok(licenses)) = &self.row.run.licenses {
            self.seats.drain(..).for_each(|sku| licenses.skus.give_back(&sku, anew));
        }
    }
}
