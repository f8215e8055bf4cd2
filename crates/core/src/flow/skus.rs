//! The SKUs of a tenant: found by the names that people write, and their seats.

use super::pages::all;
use super::report::SeatCount;
use crate::ObjectId;
use crate::graph;
use crate::model::{DirectLicense, PlanRef, ServicePlan, SkuRef, SubscribedSku, product_name};
use crate::operation::Graph;
use crate::problem::{Code, Problem};
use crate::short;
use crate::validate::{RuleCode, Violation, nearest_name};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The SKUs of the tenant.
///
/// # Errors
/// Refusals of Graph; LicenseAssignment.Read.All is needed.
pub async fn list_skus(graph: &Graph) -> Result<Vec<SubscribedSku>, Problem> {
    let mut skus: Vec<SubscribedSku> = all(graph, graph::list_subscribed_skus(graph.endpoint())).await?;
    // One without any name can't be named in any other call.
    skus.retain(|sku| sku.sku_id().is_some() || sku.sku_part_number().is_some());
    Ok(skus)
}

/// The SKUs of a tenant, and the free seats that no row of this run has taken.
#[derive(Debug)]
pub(super) struct Skus {
    skus: Vec<SubscribedSku>,
    seats: Mutex<Vec<Seats>>,
}

/// A SKU that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sku {
    pub(super) id: ObjectId,
    pub(super) name: String,
}

/// The seats of a SKU in this run.
#[derive(Debug)]
struct Seats {
    id: ObjectId,
    count: SeatCount,
    /// How many rows have taken one.
    taken: i64,
}

/// A SKU that is to be assigned, with the plans that are to be off and those that are to be on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FoundLicense {
    pub(super) sku: Sku,
    off: Vec<ObjectId>,
    on: Vec<ObjectId>,
}

impl FoundLicense {
    /// Whether service plans are to be switched on or off.
    pub(super) fn names_plans(&self) -> bool {
        !self.off.is_empty() || !self.on.is_empty()
    }

    /// The plans that are off afterwards, where these are off now.
    pub(super) fn disabled(&self, now: &[ObjectId]) -> Vec<ObjectId> {
        let mut disabled: Vec<ObjectId> =
            now.iter().chain(&self.off).copied().filter(|plan| !self.on.contains(plan)).collect();
        short::sort(&mut disabled, |a, b| a < b);
        disabled.dedup();
        disabled
    }
}

/// The id of the SKU of the tenant that is named by its id or part number.
///
/// # Errors
/// [`Code::SkuNotFound`] with what may be meant, [`Code::SkuAmbiguous`].
pub fn find_sku(skus: Vec<SubscribedSku>, wanted: &SkuRef) -> Result<ObjectId, Problem> {
    Skus::of(skus).one(wanted).map(|(_, id)| id)
}

impl Skus {
    pub(super) async fn read(graph: &Graph) -> Result<Self, Problem> {
        Ok(Self::of(list_skus(graph).await?))
    }

    fn of(skus: Vec<SubscribedSku>) -> Self {
        let seats = skus.iter().filter_map(|sku| {
            let id = sku.sku_id()?;
            let count =
                SeatCount { sku: name(sku, id), needed: 0, free: sku.free_seats(), grace: sku.grace_seats() };
            Some(Seats { id, count, taken: 0 })
        });
        Self { seats: Mutex::new(seats.collect()), skus }
    }

    /// The SKU of that id or part number.
    pub(super) fn find(&self, wanted: &SkuRef) -> Result<Sku, Problem> {
        let (found, id) = self.one(wanted)?;
        let name = name(found, id);
        if found.is_for_users() {
            return Ok(Sku { id, name });
        }
        Err(Problem::new(Code::SkuNotAssignableToUsers, format!("{name} can't be assigned to users."))
            .with_field(FIELD))
    }

    fn one(&self, wanted: &SkuRef) -> Result<(&SubscribedSku, ObjectId), Problem> {
        match self.matching(wanted).as_slice() {
            [one] => Ok(*one),
            [] => Err(self.unknown(wanted)),
            several => Err(ambiguous(wanted, several)),
        }
    }

    fn matching(&self, wanted: &SkuRef) -> Vec<(&SubscribedSku, ObjectId)> {
        let is_it = |sku: &SubscribedSku| match wanted {
            SkuRef::Id(id) => sku.sku_id() == Some(*id),
            SkuRef::PartNumber(name) => {
                sku.sku_part_number().is_some_and(|part| part.eq_ignore_ascii_case(name))
            }
        };
        self.skus.iter().filter(|sku| is_it(sku)).filter_map(|sku| Some((sku, sku.sku_id()?))).collect()
    }

    /// The SKU of a license, and its plans.
    pub(super) fn resolve(&self, wanted: &DirectLicense) -> Result<FoundLicense, Problem> {
        let sku = self.find(&wanted.sku)?;
        let plans =
            |refs: &[PlanRef]| refs.iter().map(|plan| self.plan(&sku, plan)).collect::<Result<Vec<_>, _>>();
        let (off, on) = (plans(&wanted.disabled_plans)?, plans(&wanted.enabled_plans)?);
        if let Some(both) = off.iter().find(|plan| on.contains(plan)) {
            let [name] = self.plan_names(sku.id, &[*both]).try_into().unwrap_or_default();
            let message = format!("The service plan {name} is to be on and off.");
            let fix = "Name it once: with it, or without it.";
            return Err(Problem::from_violations(vec![Violation::new(
                RuleCode::Repeated,
                FIELD,
                message,
                fix,
            )]));
        }
        Ok(FoundLicense { sku, off, on })
    }

    fn plans_of(&self, sku: ObjectId) -> &[ServicePlan] {
        let found = self.skus.iter().find(|one| one.sku_id() == Some(sku));
        found.map(SubscribedSku::service_plans).unwrap_or_default()
    }

    fn plan(&self, sku: &Sku, wanted: &PlanRef) -> Result<ObjectId, Problem> {
        let plans = self.plans_of(sku.id);
        let named = || plans.iter().filter_map(|plan| plan.service_plan_name.as_deref());
        let found = plans.iter().find(|plan| match wanted {
            PlanRef::Id(id) => plan.service_plan_id == Some(*id),
            PlanRef::Name(name) => {
                plan.service_plan_name.as_deref().is_some_and(|plan| plan.eq_ignore_ascii_case(name))
            }
        });
        if let Some(id) = found.and_then(|plan| plan.service_plan_id) {
            return Ok(id);
        }
        let text = wanted.to_string();
        let fix = match nearest_name(&text, named()) {
            _ if !self.matching(&SkuRef::parse(&text)).is_empty() => {
                format!("{text} is a license of its own: separate licenses by semicolons.")
            }
            Some(plan) => format!("Did you mean {plan}? Its plans are {}.", joined(named())),
            None => format!("Its plans are {}.", joined(named())),
        };
        let message = format!("{} has no service plan {text}.", sku.name);
        Err(Problem::new(Code::ServicePlanNotFound, message).with_field(FIELD).with_fix(fix))
    }

    /// The names of plans; the id of a plan without a name.
    pub(super) fn plan_names(&self, sku: ObjectId, ids: &[ObjectId]) -> Vec<String> {
        let plans = self.plans_of(sku);
        let name = |id: &ObjectId| {
            let plan = plans.iter().find(|plan| plan.service_plan_id == Some(*id));
            plan.and_then(|plan| plan.service_plan_name.clone()).unwrap_or_else(|| id.to_string())
        };
        ids.iter().map(name).collect()
    }

    /// The part number of a SKU; its id where it has none.
    pub(super) fn name_of(&self, id: ObjectId) -> String {
        let found = self.skus.iter().find(|one| one.sku_id() == Some(id));
        found.map_or_else(|| id.to_string(), |sku| name(sku, id))
    }

    /// A name that no SKU has, with the one that it was meant for.
    fn unknown(&self, wanted: &SkuRef) -> Problem {
        let text = wanted.to_string();
        let parts = || self.skus.iter().filter_map(|sku| sku.sku_part_number());
        let listed = match joined(parts()) {
            none if none.is_empty() => {
                "Buy it first, or check that the token is for the right tenant: this one has no licenses."
                    .to_owned()
            }
            parts => format!("Use one the tenant has: {parts}."),
        };
        let split = |separators: &'static [char]| {
            let pieces: Vec<&str> =
                text.split(separators).map(str::trim).filter(|piece| !piece.is_empty()).collect();
            let meant: Vec<&str> = pieces.iter().filter_map(|piece| self.meant(piece)).collect();
            (pieces.len(), meant)
        };
        let (pieces, meant) = split(&[',', ';', '|', '+', '&', '/', '\n']);
        // A product's name has blanks, too.
        let (words, by_words) = split(&[' ']);
        let several = |meant: &[&str]| {
            let names = meant.join("; ");
            format!("Separate licenses by semicolons: {names}. Give a command each of them by itself.")
        };
        let fix = match meant.as_slice() {
            _ if pieces > 1 && meant.len() == pieces => several(&meant),
            _ if pieces > 1 => format!("Separate licenses by semicolons. {listed}"),
            [] if words > 1 && by_words.len() == words => several(&by_words),
            [one] => match self.plan_holder(&text) {
                Some(_) => format!("{text} is a service plan of {one}. Did you mean {one}? {listed}"),
                None => format!("Did you mean {one}? {listed}"),
            },
            _ => listed,
        };
        Problem::new(Code::SkuNotFound, format!("The tenant has no SKU {text}."))
            .with_field(FIELD)
            .with_fix(fix)
    }

    /// The part number of the SKU that a text is meant for: the older modules' `tenant:PART`, the id of a subscription
    /// (`tenant_sku`), a product name, another spelling, or a service plan.
    fn meant(&self, text: &str) -> Option<&str> {
        let parts = || self.skus.iter().filter_map(|sku| sku.sku_part_number());
        let part = |name: &str| parts().find(|part| part.eq_ignore_ascii_case(name.trim()));
        let by_id = |id: &str| {
            let id = id.trim_matches(['{', '}']).parse().ok()?;
            self.skus.iter().find(|sku| sku.sku_id() == Some(id))?.sku_part_number()
        };
        let key = key(text);
        let is_product = |part: &&str| product_name(part).is_some_and(|name| self::key(name) == key);
        part(text)
            .or_else(|| part(text.rsplit_once(':')?.1))
            .or_else(|| by_id(text.rsplit_once('_').map_or(text, |(_, id)| id)))
            .or_else(|| parts().find(|part| self::key(part) == key))
            .or_else(|| parts().find(is_product))
            .or_else(|| self.plan_holder(text))
            .or_else(|| parts().find(|part| key.len() > 3 && self::key(part).starts_with(&key)))
            .or_else(|| nearest_name(text, parts()))
    }

    /// The SKU that has a service plan of this name.
    fn plan_holder(&self, text: &str) -> Option<&str> {
        let is_it = |plan: &ServicePlan| {
            plan.service_plan_name.as_deref().is_some_and(|plan| plan.eq_ignore_ascii_case(text))
        };
        self.skus.iter().find(|sku| sku.service_plans().iter().any(is_it))?.sku_part_number()
    }

    /// Adds the names of service plans and SKUs to a refusal of Graph, which has their ids.
    pub(super) fn named(&self, problem: Problem) -> Problem {
        problem.named(|id| {
            let id: ObjectId = id.parse().ok()?;
            self.skus.iter().find_map(|sku| {
                if sku.sku_id() == Some(id) {
                    return sku.sku_part_number().map(str::to_owned);
                }
                let plan = sku.service_plans().iter().find(|plan| plan.service_plan_id == Some(id))?;
                let (plan, sku) = (plan.service_plan_name.as_deref()?, sku.sku_part_number()?);
                Some(format!("{plan} of {sku}"))
            })
        })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Seats>> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a free seat. Answers whether it is one of a subscription that has run out: then Graph decides.
    pub(super) fn take(&self, sku: &Sku) -> Result<bool, Problem> {
        let mut seats = self.lock();
        let Some(of) = seats.iter_mut().find(|seats| seats.id == sku.id) else { return Ok(false) };
        of.count.needed += 1;
        let SeatCount { free, grace, .. } = of.count;
        if of.taken >= free && grace == 0 {
            let taken = match of.taken {
                0 => "none is free".to_owned(),
                taken => format!("{taken} were free, and this run takes them"),
            };
            let message = format!("No seat of {} is free: of the whole tenant's seats, {taken}.", sku.name);
            return Err(Problem::new(Code::NoFreeSeats, message).with_field(FIELD));
        }
        of.taken += 1;
        Ok(of.taken > free)
    }

    /// Counts a seat that a group takes. Whether one is free is not asked: Graph assigns it.
    pub(super) fn count(&self, sku: &Sku) {
        if let Some(of) = self.lock().iter_mut().find(|seats| seats.id == sku.id) {
            of.count.needed += 1;
            of.taken += 1;
        }
    }

    /// Gives a seat back that was not used. It is needed all the same, unless the row is compared `anew`.
    pub(super) fn give_back(&self, sku: &Sku, anew: bool) {
        if let Some(of) = self.lock().iter_mut().find(|seats| seats.id == sku.id) {
            of.taken -= 1;
            of.count.needed -= usize::from(anew);
        }
    }

    /// The seats that were needed.
    pub(super) fn counts(&self) -> Vec<SeatCount> {
        self.lock().iter().filter(|seats| seats.count.needed > 0).map(|seats| seats.count.clone()).collect()
    }
}

const FIELD: &str = "licenses";

fn name(sku: &SubscribedSku, id: ObjectId) -> String {
    sku.sku_part_number().map_or_else(|| id.to_string(), str::to_owned)
}

/// Subscriptions of one part number, of which none is taken by chance.
fn ambiguous(wanted: &SkuRef, several: &[(&SubscribedSku, ObjectId)]) -> Problem {
    let ids: Vec<String> = several.iter().map(|(_, id)| id.to_string()).collect();
    let message =
        format!("The tenant has {} SKUs with the part number {wanted}: {}.", ids.len(), ids.join(", "));
    Problem::new(Code::SkuAmbiguous, message).with_field(FIELD)
}

/// Letters and digits in lower case, without the maker's name: what spellings of one name have in common.
fn key(text: &str) -> String {
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.to_ascii_lowercase();
    plain.strip_prefix("microsoft").map(str::to_owned).unwrap_or(plain)
}

fn joined<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
