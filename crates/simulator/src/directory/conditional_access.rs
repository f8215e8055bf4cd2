//! Conditional Access: the policies of a tenant, and Graph's own What-If (docs/graph.md#conditional-access).

use super::bodies::parameters;
use super::errors::{Answer, Refusal, Reply};
use super::permissions::{GET_ACCESS_POLICIES, WHAT_IF};
use super::query::{Options, Query};
use super::route::{Endpoint, Route};
use super::views::View;
use super::what_if::{SignInTried, reason};
use super::{Call, Directory, id_in_path};
use crate::behaviours::Label::Documented;
use crate::clock;
use crate::switches::WhatIfOfAgents;
use agentuser_core::ObjectId;
use agentuser_core::http::Method::{Get, Post};
use serde_json::{Map, Value, json};

/// The endpoints of Conditional Access.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(
        Get,
        "/identity/conditionalAccess/policies",
        Documented("api/conditionalaccessroot-list-policies"),
        |d, c, _| d.list_access_policies(c),
    ),
    Endpoint::new(
        Get,
        "/identity/conditionalAccess/policies/{id}",
        Documented("api/conditionalaccesspolicy-get"),
        |d, c, r| d.get_access_policy(c, r),
    ),
    Endpoint::new(
        Post,
        "/identity/conditionalAccess/evaluate",
        Documented("api/conditionalaccessroot-evaluate"),
        |d, c, _| d.evaluate(c),
    ),
];

const SET: &str = "identity/conditionalAccess/policies";

/// A Conditional Access policy.
#[derive(Debug, Clone, PartialEq)]
pub struct AccessPolicy {
    /// Its id.
    pub id: ObjectId,
    /// Its name.
    pub display_name: String,
    /// `enabled`, `disabled` or `enabledForReportingButNotEnforced`.
    pub state: &'static str,
    /// Its conditions, as Graph has them. A condition that is left out restricts nothing.
    pub conditions: Map<String, Value>,
    /// The controls that it demands, such as `block` and `mfa`.
    pub controls: Vec<&'static str>,
    /// When it was created, in milliseconds since 1970.
    pub created: i64,
}

impl AccessPolicy {
    /// An enabled policy that blocks these users from every application.
    #[must_use]
    pub fn blocking(id: ObjectId, display_name: &str, users: Value) -> Self {
        let mut conditions = Map::new();
        conditions.insert("users".into(), users);
        conditions.insert("applications".into(), json!({"includeApplications": ["All"]}));
        conditions.insert("clientAppTypes".into(), json!(["all"]));
        Self {
            id,
            display_name: display_name.to_owned(),
            state: "enabled",
            conditions,
            controls: vec!["block"],
            created: 0,
        }
    }

    fn render(&self) -> Map<String, Value> {
        let controls = json!({
            "operator": "OR", "builtInControls": self.controls, "customAuthenticationFactors": [], "termsOfUse": [],
        });
        let mut object = Map::new();
        object.insert("id".into(), self.id.to_string().into());
        object.insert("templateId".into(), Value::Null);
        object.insert("displayName".into(), self.display_name.as_str().into());
        object.insert("createdDateTime".into(), clock::iso(self.created).into());
        object.insert("modifiedDateTime".into(), Value::Null);
        object.insert("state".into(), self.state.into());
        object.insert("conditions".into(), whole(&self.conditions).into());
        object.insert("grantControls".into(), controls);
        object.insert("sessionControls".into(), Value::Null);
        object
    }
}

/// Conditions with all their members.
fn whole(given: &Map<String, Value>) -> Map<String, Value> {
    let lists = ["userRiskLevels", "signInRiskLevels", "servicePrincipalRiskLevels"];
    let objects = [
        "applications",
        "authenticationFlows",
        "clientApplications",
        "devices",
        "insiderRiskLevels",
        "locations",
        "platforms",
        "users",
    ];
    let mut conditions = Map::new();
    conditions.insert("clientAppTypes".into(), json!(["all"]));
    conditions.extend(lists.map(|name| (name.to_owned(), json!([]))));
    conditions.extend(objects.map(|name| (name.to_owned(), Value::Null)));
    conditions.extend(given.clone());
    conditions
}

impl Directory {
    fn list_access_policies(&mut self, call: &Call<'_>) -> Answer {
        self.require(call, GET_ACCESS_POLICIES)?;
        let query = Query::parse(call.raw_query, Options { filter: false, ..Options::SET })?;
        let size = query.page_size(100, 999, self.switches.large_top)?;
        let cursor = self.cursor(call, &query)?;
        let ids: Vec<ObjectId> = self.access_policies.iter().map(|policy| policy.id).collect();
        let page = Self::page_in_order(cursor, size, &ids);
        let count = (query.count && cursor.first).then_some(ids.len());
        let shown = self.access_policies.iter().filter(|policy| page.ids.contains(&policy.id));
        let value = shown.map(|policy| shown_by(&query, policy.render()).into()).collect();
        Ok(Reply::ok(self.collection(call, &query, SET, &page, count, value)))
    }

    fn get_access_policy(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        self.require(call, GET_ACCESS_POLICIES)?;
        let id = id_in_path(route.key())?;
        let found = self.access_policies.iter().find(|policy| policy.id == id);
        let object = found.ok_or_else(|| Refusal::not_found(route.key()))?.render();
        self.answer_object(call, SET, &[], object)
    }

    /// What-If. Users alone are evaluated; the page names external users and service principals besides.
    fn evaluate(&mut self, call: &Call<'_>) -> Answer {
        self.require(call, WHAT_IF)?;
        let names = ["signInIdentity", "signInContext", "signInConditions", "appliedPoliciesOnly"];
        let body = parameters("evaluate", call.object()?, &names)?;
        let part = |name: &str| {
            body.get(name).and_then(Value::as_object).cloned().ok_or_else(|| Refusal::required(name))
        };
        let identity = part("signInIdentity")?;
        let (context, conditions) = (part("signInContext")?, part("signInConditions")?);
        let is_kind = |of: &Map<String, Value>, kind: &str| {
            let name = of.get("@odata.type").and_then(Value::as_str).unwrap_or_default();
            name.trim_start_matches('#') == format!("microsoft.graph.{kind}")
        };
        if !is_kind(&identity, "userSignIn") || !is_kind(&context, "applicationContext") {
            return Err(Refusal::not_simulated(501, "What-If but of a user and an application"));
        }
        let key =
            identity.get("userId").and_then(Value::as_str).ok_or_else(|| Refusal::required("userId"))?;
        let user = self.live_user(id_in_path(key)?, call.now, View::Master);
        let user = user.ok_or_else(|| Refusal::not_found(key))?;
        if user.is_agent() && self.switches.what_if_of_agents == WhatIfOfAgents::Refused {
            return Err(Refusal::bad_request("The sign-in of an agent user can't be evaluated."));
        }
        let tried = SignInTried {
            user: user.id,
            is_agent: user.is_agent(),
            groups: self.groups_of(user.id, true).into_iter().map(|group| group.id).collect(),
            roles: self.roles_of(user.id, call.now),
            applications: context.get("includeApplications").cloned().unwrap_or_default(),
            conditions,
        };
        let only_applied = body.get("appliedPoliciesOnly").and_then(Value::as_bool).unwrap_or_default();
        let results = self.access_policies.iter().filter_map(|policy| {
            let reason = reason(policy, &tried);
            if only_applied && reason != "notSet" {
                return None;
            }
            let mut object = policy.render();
            object.insert("policyApplies".into(), (reason == "notSet").into());
            object.insert("analysisReasons".into(), reason.into());
            Some(Value::from(object))
        });
        let results = results.collect();
        let context = "Collection(microsoft.graph.whatIfAnalysisResult)";
        Ok(Reply::ok(self.whole_collection(call.version, context, None, results)))
    }
}

fn shown_by(query: &Query, mut object: Map<String, Value>) -> Map<String, Value> {
    super::sets::prune(&mut object, query.select.as_deref(), &[]);
    object
}
