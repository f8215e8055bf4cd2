//! Objects of the tenant as a whole: SKUs, organization, domains.

use super::errors::{Answer, Refusal, Reply};
use super::licenses::applies_to;
use super::permissions::{GET_DOMAINS, GET_ORGANIZATION, GET_SKUS};
use super::query::{Options, Query};
use super::route::Endpoint;
use super::{Call, Directory, Domain, Sku, id_in_path};
use crate::behaviours::Label::Documented;
use crate::hash::Hash;
use agentuser_core::ObjectId;
use agentuser_core::http::Method::Get;
use serde_json::{Map, Value, json};

/// The endpoints of the tenant: its SKUs, organization and domains.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(Get, "/subscribedSkus", Documented("api/subscribedsku-list"), |d, c, _| d.list_skus(c)),
    Endpoint::new(Get, "/organization", Documented("api/organization-list"), |d, c, _| d.get_organization(c)),
    Endpoint::new(Get, "/subscribedSkus/{id}", Documented("api/subscribedsku-get"), |d, c, r| {
        d.get_sku(c, r.key())
    }),
    Endpoint::new(Get, "/organization/{id}", Documented("api/organization-get"), |d, c, r| {
        d.get_one_organization(c, r.key())
    }),
    Endpoint::new(Get, "/domains/{id}", Documented("api/domain-get"), |d, c, r| d.get_domain(c, r.key())),
    Endpoint::new(Get, "/domains", Documented("api/domain-list"), |d, c, _| d.list_domains(c)),
];

impl Directory {
    /// The SKUs that the tenant has bought, by id.
    pub fn skus(&self) -> impl Iterator<Item = &Sku> {
        self.skus.values()
    }

    pub(super) fn list_skus(&mut self, call: &Call<'_>) -> Answer {
        self.require(call, GET_SKUS)?;
        let query = Query::parse(call.raw_query, Options { refuses_filter: true, ..Options::OBJECT })?;
        let select = query.select.as_deref();
        let skus = self.skus.values().map(|sku| self.render_sku(sku, select).into()).collect();
        Ok(Reply::ok(self.whole_collection(call.version, "subscribedSkus", select, skus)))
    }

    /// One SKU by its id, which is the tenant's and the SKU's.
    fn get_sku(&mut self, call: &Call<'_>, id: &str) -> Answer {
        self.require(call, GET_SKUS)?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let select = query.select.as_deref();
        let tenant = self.tenant_id();
        let named = |sku: &&Sku| id.eq_ignore_ascii_case(&format!("{tenant}_{}", sku.id));
        let sku = self.skus.values().find(named).ok_or_else(|| Refusal::not_found(id))?;
        let object = self.render_sku(sku, select);
        Ok(Reply::ok(self.entity(call.version, "subscribedSkus", select, object)))
    }

    fn render_sku(&self, sku: &Sku, select: Option<&[String]>) -> Map<String, Value> {
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
            ("capabilityStatus", json!(capability(sku))),
            ("consumedUnits", json!(self.seats_used(sku.id))),
            (
                "prepaidUnits",
                json!({
                    "enabled": sku.seats, "suspended": sku.suspended, "warning": sku.warning, "lockedOut": 0,
                }),
            ),
            ("servicePlans", plans.into()),
            ("subscriptionIds", json!([])),
        ] {
            if Query::wants(select, name, true) {
                object.insert(name.into(), value);
            }
        }
        object
    }

    pub(super) fn get_organization(&mut self, call: &Call<'_>) -> Answer {
        self.require(call, GET_ORGANIZATION)?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let select = query.select.as_deref();
        let organization = self.render_organization(select).into();
        Ok(Reply::ok(self.whole_collection(call.version, "organization", select, vec![organization])))
    }

    fn get_one_organization(&mut self, call: &Call<'_>, id: &str) -> Answer {
        self.require(call, GET_ORGANIZATION)?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let select = query.select.as_deref();
        if id_in_path(id)? != self.tenant_id() {
            return Err(Refusal::not_found(id));
        }
        let organization = self.render_organization(select);
        Ok(Reply::ok(self.entity(call.version, "organization", select, organization)))
    }

    fn render_organization(&self, select: Option<&[String]>) -> Map<String, Value> {
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
        object
    }

    pub(super) fn list_domains(&mut self, call: &Call<'_>) -> Answer {
        self.require(call, GET_DOMAINS)?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let select = query.select.as_deref();
        let domains = self.domains.iter().map(|domain| render_domain(domain, select).into()).collect();
        Ok(Reply::ok(self.whole_collection(call.version, "domains", select, domains)))
    }

    fn get_domain(&mut self, call: &Call<'_>, name: &str) -> Answer {
        self.require(call, GET_DOMAINS)?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let select = query.select.as_deref();
        let domain = self.domains.iter().find(|domain| domain.name.eq_ignore_ascii_case(name));
        let domain = domain.ok_or_else(|| Refusal::not_found(name))?;
        let object = render_domain(domain, select);
        Ok(Reply::ok(self.entity(call.version, "domains", select, object)))
    }

    /// The tenant's id.
    #[must_use]
    pub fn tenant_id(&self) -> ObjectId {
        Hash::new(self.seed).text("tenant").guid()
    }
}

/// Assumption: a SKU without a paid seat is as its other seats are.
fn capability(sku: &Sku) -> &'static str {
    match (sku.seats, sku.warning, sku.suspended) {
        (0, 1.., _) => "Warning",
        (0, 0, 1..) => "Suspended",
        _ => "Enabled",
    }
}

/// A domain as `/domains` shows it.
fn render_domain(domain: &Domain, select: Option<&[String]>) -> Map<String, Value> {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| {
        if Query::wants(select, name, true) {
            object.insert(name.into(), value);
        }
    };
    put("id", domain.name.as_str().into());
    put("authenticationType", if domain.federated { "Federated" } else { "Managed" }.into());
    put("isDefault", domain.default.into());
    put("isInitial", domain.initial.into());
    put("isVerified", domain.verified.into());
    put("isAdminManaged", true.into());
    put("isRoot", true.into());
    object
}
