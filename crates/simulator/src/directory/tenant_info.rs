//! Objects of the tenant as a whole: SKUs, organization, domains.

use super::errors::{Answer, Reply};
use super::licenses::applies_to;
use super::permissions::{GET_DOMAINS, GET_ORGANIZATION, GET_SKUS};
use super::query::{Options, Query};
use super::render::render_domain;
use super::route::Endpoint;
use super::{Call, Directory, Sku};
use crate::behaviours::Label::Documented;
use crate::hash::Hash;
use agentuser_core::ObjectId;
use agentuser_core::http::Method::Get;
use serde_json::{Map, Value, json};

/// What is answered here.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(Get, "/subscribedSkus", Documented("api/subscribedsku-list"), |d, c, _| d.list_skus(c)),
    Endpoint::new(Get, "/organization", Documented("api/organization-list"), |d, c, _| d.get_organization(c)),
    Endpoint::new(Get, "/domains", Documented("api/domain-list"), |d, c, _| d.list_domains(c)),
];

impl Directory {
    /// The SKUs that the tenant has bought, by id.
    pub fn skus(&self) -> impl Iterator<Item = &Sku> {
        self.skus.values()
    }

    pub(super) fn list_skus(&mut self, call: &Call<'_>) -> Answer {
        self.require(call, GET_SKUS)?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let select = query.select.as_deref();
        let skus = self.skus.values().map(|sku| self.render_sku(sku, select)).collect();
        Ok(Reply::ok(self.whole_collection(call.version, "subscribedSkus", select, skus)))
    }

    fn render_sku(&self, sku: &Sku, select: Option<&[String]>) -> Value {
        let plans: Vec<Value> = sku
            .plans
            .iter()
            .map(|plan| {
                json!({
                    "servicePlanId": plan.id.to_string(),
                    "servicePlanName": plan.name,
                    "provisioningStatus": "Success",
                    "appliesTo": applies_to(plan),
                })
            })
            .collect();
        let for_users = sku.plans.iter().any(|plan| plan.for_users);
        let mut object = Map::new();
        for (name, value) in [
            ("id", json!(format!("{}_{}", self.tenant_id(), sku.id))),
            ("accountId", json!(self.tenant_id().to_string())),
            ("skuId", json!(sku.id.to_string())),
            ("skuPartNumber", json!(sku.part_number)),
            ("appliesTo", json!(if for_users { "User" } else { "Company" })),
            ("capabilityStatus", json!("Enabled")),
            ("consumedUnits", json!(self.seats_used(sku.id))),
            ("prepaidUnits", json!({"enabled": sku.seats, "suspended": 0, "warning": 0, "lockedOut": 0})),
            ("servicePlans", plans.into()),
            ("subscriptionIds", json!([])),
        ] {
            if Query::wants(select, name, true) {
                object.insert(name.into(), value);
            }
        }
        object.into()
    }

    pub(super) fn get_organization(&mut self, call: &Call<'_>) -> Answer {
        self.require(call, GET_ORGANIZATION)?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let select = query.select.as_deref();
        let domains: Vec<Value> = self
            .domains
            .iter()
            .filter(|domain| domain.verified)
            .map(|domain| {
                json!({
                    "name": domain.name,
                    "isDefault": domain.default,
                    "isInitial": domain.initial,
                    "type": if domain.federated { "Federated" } else { "Managed" },
                    // Which capabilities there are is an assumption.
                    "capabilities": "Email",
                })
            })
            .collect();
        let mut object = Map::new();
        for (name, value) in [
            ("id", json!(self.tenant_id().to_string())),
            ("displayName", json!("Contoso")),
            ("verifiedDomains", domains.into()),
        ] {
            if Query::wants(select, name, true) {
                object.insert(name.into(), value);
            }
        }
        Ok(Reply::ok(self.whole_collection(call.version, "organization", select, vec![object.into()])))
    }

    pub(super) fn list_domains(&mut self, call: &Call<'_>) -> Answer {
        self.require(call, GET_DOMAINS)?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let select = query.select.as_deref();
        let domains = self.domains.iter().map(|domain| render_domain(domain, select)).collect();
        Ok(Reply::ok(self.whole_collection(call.version, "domains", select, domains)))
    }

    /// The tenant's id.
    #[must_use]
    pub fn tenant_id(&self) -> ObjectId {
        Hash::new(self.seed).text("tenant").guid()
    }
}
