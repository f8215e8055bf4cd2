//! Microsoft's lifecycle policies of agent identities (docs/graph.md#lifecycle-policies). Their own run is not simulated: reports
//! are worked out when they are read, and no agent identity is disabled or deleted by a policy.

use super::errors::{Answer, Refusal, Reply};
use super::permissions::{ATTEST, GET_POLICIES};
use super::query::{Options, Query};
use super::route::{Cast, Endpoint, Route};
use super::views::View;
use super::{Call, Directory, ServicePrincipal, id_in_path};
use crate::behaviours::Label::{Assumed, Documented};
use crate::clock;
use crate::switches::ReportBeforeRun;
use agentuser_core::ObjectId;
use agentuser_core::http::Method::{Get, Post};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::ops::Bound;

/// The endpoints of lifecycle policies.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(
        Get,
        "/identityGovernance/lifecycleWorkflows/lifecyclePolicies",
        Documented("api/identitygovernance-lifecycleworkflowscontainer-list-lifecyclepolicies"),
        |d, c, _| d.list_policies(c),
    ),
    Endpoint::new(
        Get,
        "/identityGovernance/lifecycleWorkflows/lifecyclePolicies/{id}",
        Documented("api/identitygovernance-lifecyclepolicy-get"),
        |d, c, r| d.get_policy(c, r),
    ),
    // The page shows the report without its numbers.
    Endpoint::new(
        Get,
        "/identityGovernance/lifecycleWorkflows/lifecyclePolicies/{id}/report",
        Assumed,
        |d, c, r| d.get_report(c, r),
    ),
    Endpoint::new(
        Get,
        "/identityGovernance/lifecycleWorkflows/lifecyclePolicies/{id}/report/subjects",
        Documented("api/identitygovernance-lifecyclepolicyreport-list-subjects"),
        |d, c, r| d.list_subjects(c, r),
    ),
    Endpoint::new(
        Post,
        "/servicePrincipals/{id}/attest",
        Documented("api/agentidentity-attest"),
        |d, c, r| d.attest(c, r),
    ),
];

const TYPES: &str = "#microsoft.graph.identityGovernance.";
const SET: &str = "identityGovernance/lifecycleWorkflows/lifecyclePolicies";
const DAY_MS: i64 = 24 * 3_600 * 1_000;

/// A lifecycle policy of agent identities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifecyclePolicy {
    /// Its id.
    pub id: ObjectId,
    /// Its name.
    pub display_name: String,
    /// Whether Microsoft made it.
    pub system_default: bool,
    /// Whether it is evaluated.
    pub enabled: bool,
    /// Its rules. Each is evaluated alone.
    pub rules: Vec<PolicyRule>,
    /// How many days after an agent identity broke a rule it is acted on.
    pub grace_days: u32,
    /// How it is acted on.
    pub enforcement: PolicyEnforcement,
    /// The agent identities that it does not govern.
    pub excluded: BTreeSet<ObjectId>,
    /// Whether it was never run, so that it has no report.
    pub never_run: bool,
    /// Since when it is there, in milliseconds since 1970: the time before does not count (an assumption).
    pub since: i64,
}

/// A rule of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyRule {
    /// An agent identity is attested every so many days.
    PeriodicAttestation(u32),
    /// An agent identity has a sponsor.
    SponsorPresence,
    /// An agent identity is used every so many days. Use is not simulated: every agent identity keeps this rule.
    Inactivity(u32),
}

/// The action against an agent identity that breaks a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyEnforcement {
    /// It is disabled.
    DisableOnly,
    /// It is deleted.
    DeleteOnly,
    /// It is disabled, and deleted so many days later.
    DisableThenDelete(u32),
}

impl LifecyclePolicy {
    /// The system default that Microsoft's page shows: attestation every 90 days, then disabled, then deleted 30 days later.
    #[must_use]
    pub fn system_default(id: ObjectId) -> Self {
        Self {
            id,
            display_name: "Default agent attestation policy".to_owned(),
            system_default: true,
            enabled: true,
            rules: vec![PolicyRule::PeriodicAttestation(90)],
            grace_days: 0,
            enforcement: PolicyEnforcement::DisableThenDelete(30),
            excluded: BTreeSet::new(),
            never_run: false,
            since: 0,
        }
    }

    fn render(&self) -> Map<String, Value> {
        let enforcement = match self.enforcement {
            PolicyEnforcement::DisableOnly => {
                json!({"@odata.type": format!("{TYPES}disableOnlyEnforcementAction")})
            }
            PolicyEnforcement::DeleteOnly => {
                json!({"@odata.type": format!("{TYPES}deleteOnlyEnforcementAction")})
            }
            PolicyEnforcement::DisableThenDelete(days) => json!({
                "@odata.type": format!("{TYPES}disableThenDeleteEnforcementAction"),
                "deletionGracePeriodInDays": days,
            }),
        };
        let rules: Vec<Value> = self.rules.iter().map(|rule| rule.render()).collect();
        let mut object = Map::new();
        object.insert("@odata.type".into(), format!("{TYPES}agentIdentityLifecyclePolicy").into());
        object.insert("id".into(), self.id.to_string().into());
        object.insert("displayName".into(), self.display_name.as_str().into());
        object.insert("policySource".into(), self.source().into());
        object.insert("isEnabled".into(), self.enabled.into());
        object.insert("versionNumber".into(), 1.into());
        object.insert("gracePeriodInDays".into(), self.grace_days.into());
        object.insert("enforcementAction".into(), enforcement);
        object.insert("rules".into(), rules.into());
        object
    }

    const fn source(&self) -> &'static str {
        if self.system_default { "systemDefault" } else { "userCreated" }
    }

    /// When the agent identity first broke a rule, in milliseconds since 1970.
    fn broken_since(&self, identity: &ServicePrincipal) -> Option<i64> {
        let began = identity.created.unix_ms.max(self.since);
        let since = self.rules.iter().filter_map(|rule| match rule {
            PolicyRule::PeriodicAttestation(days) => {
                let last = identity.attested.map_or(began, |attested| attested.unix_ms);
                Some(last.saturating_add(i64::from(*days) * DAY_MS))
            }
            PolicyRule::SponsorPresence => identity.sponsors.is_empty().then_some(began),
            PolicyRule::Inactivity(_) => None,
        });
        since.min()
    }
}

impl PolicyRule {
    fn render(self) -> Value {
        let rule = |name: &str| json!({"@odata.type": format!("{TYPES}{name}Rule"), "isEnabled": true});
        let with = |name: &str, member: &str, days: u32| {
            let mut rule = rule(name);
            if let Some(members) = rule.as_object_mut() {
                members.insert(member.to_owned(), days.into());
            }
            rule
        };
        match self {
            Self::PeriodicAttestation(days) => with("periodicAttestation", "attestationIntervalInDays", days),
            Self::SponsorPresence => rule("sponsorPresence"),
            Self::Inactivity(days) => with("inactivity", "lastActivityThresholdInDays", days),
        }
    }
}

impl Directory {
    fn list_policies(&mut self, call: &Call<'_>) -> Answer {
        self.require(call, GET_POLICIES)?;
        let query = Query::parse(call.raw_query, Options::SET)?;
        let wanted = equal(&query, "policySource")?;
        let size = query.page_size(100, 999, self.switches.large_top)?;
        let cursor = self.cursor(call, &query)?;
        let is_wanted = |policy: &&LifecyclePolicy| wanted.is_none_or(|source| policy.source() == source);
        let ids: Vec<ObjectId> = self.policies.iter().filter(is_wanted).map(|policy| policy.id).collect();
        let page = Self::page_in_order(cursor, size, &ids);
        let shown = self.policies.iter().filter(|policy| page.ids.contains(&policy.id));
        let value = shown.map(|policy| policy.render().into()).collect();
        Ok(Reply::ok(self.collection(call, &query, SET, &page, None, value)))
    }

    fn policy(&self, route: &Route) -> Result<&LifecyclePolicy, Refusal> {
        let id = id_in_path(route.key())?;
        let found = self.policies.iter().find(|policy| policy.id == id);
        found.ok_or_else(|| Refusal::not_found(route.key()))
    }

    fn get_policy(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        self.require(call, GET_POLICIES)?;
        let object = self.policy(route)?.render();
        Ok(Reply::ok(self.entity(call.version, SET, None, object)))
    }

    /// The policy of a report. That one which was never run has none is an assumption.
    fn reported(&self, route: &Route) -> Result<&LifecyclePolicy, Refusal> {
        let policy = self.policy(route)?;
        let is_missing = policy.never_run && self.switches.report_before_run == ReportBeforeRun::NotFound;
        if is_missing { Err(Refusal::not_found(route.key())) } else { Ok(policy) }
    }

    fn get_report(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        self.require(call, GET_POLICIES)?;
        let policy = self.reported(route)?;
        let excluded = |one: &&ServicePrincipal| !policy.excluded.contains(&one.id);
        let mut object = Map::new();
        object.insert("id".into(), policy.id.to_string().into());
        object.insert("policyVersion".into(), 1.into());
        object.insert("subjectsInScopeCount".into(), self.agent_identities().filter(excluded).count().into());
        Ok(Reply::ok(self.entity(call.version, SET, None, object)))
    }

    fn list_subjects(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        self.require(call, GET_POLICIES)?;
        let query = Query::parse(call.raw_query, Options { count: false, ..Options::SET })?;
        let wanted = equal(&query, "id")?;
        if query.is_sorted_or_searched() {
            return Err(Refusal::bad_request(
                "Only $top, $select and $filter=id eq '{subjectId}' are supported.",
            ));
        }
        let policy = self.reported(route)?;
        let size = query.page_size(100, 999, self.switches.large_top)?;
        let cursor = self.cursor(call, &query)?;
        let keep = |id: ObjectId| {
            let living = self.live_principal(id, call.now, View::Master).is_some();
            living
                && !policy.never_run
                && !policy.excluded.contains(&id)
                && wanted.is_none_or(|only| id.to_string() == only)
        };
        let ids = self.identities.range((Bound::Excluded(cursor.after), Bound::Unbounded)).copied();
        let page = self.page(cursor, size, ids, keep);
        let shown = page.ids.iter().filter_map(|id| self.live_principal(*id, call.now, View::Master));
        let value = shown.map(|identity| self.subject_report(call, policy, identity)).collect();
        let context = format!("{SET}('{}')/report/subjects", policy.id);
        Ok(Reply::ok(self.collection(call, &query, &context, &page, None, value)))
    }

    /// The order of policies decides: the first enabled one that governs an agent identity is effective (an assumption).
    fn subject_report(
        &self,
        call: &Call<'_>,
        policy: &LifecyclePolicy,
        identity: &ServicePrincipal,
    ) -> Value {
        let governs = |one: &&LifecyclePolicy| one.enabled && !one.excluded.contains(&identity.id);
        let effective = self.policies.iter().find(governs).is_some_and(|first| first.id == policy.id);
        let now = call.now.unix_ms;
        let since = policy.broken_since(identity).filter(|since| *since <= now);
        let compliance = json!({
            "status": if since.is_some() { "nonCompliant" } else { "compliant" },
            "evaluatedDateTime": clock::iso(now),
        });
        let enforcement = match since.filter(|_| effective) {
            Some(since) => enforcement(policy, identity, since, now),
            None => json!({
                "status": "notRequired", "isLocked": false, "isTerminal": false, "lastAction": "none",
                "lastActionDateTime": null, "nextAction": null, "nextActionDateTime": null,
            }),
        };
        json!({
            "id": identity.id.to_string(),
            "subject": {
                "@odata.type": format!("{TYPES}lifecyclePolicyServicePrincipalSubjectReference"),
                "id": identity.id.to_string(),
            },
            "relationship": if effective { "effective" } else { "inScopeButIneffective" },
            "compliance": compliance,
            "enforcement": enforcement,
        })
    }

    fn attest(&mut self, call: &Call<'_>, route: &Route) -> Answer {
        if route.cast != Some(Cast::AgentIdentity) {
            return Err(Refusal::unknown_path(call.version, call.path));
        }
        self.require(call, ATTEST)?;
        let key = self.principal_key(call, route.key(), View::Master)?;
        let there = self.live_principal(key, call.now, View::Master);
        if there.is_none_or(|one| one.blueprint().is_none()) {
            return Err(Refusal::not_found(route.key()));
        }
        self.subject = Some(key);
        self.change_principal(call.now, key, |one| one.attested = Some(call.now));
        Ok(Reply::no_content())
    }
}

/// The state of an agent identity that breaks a rule since then.
fn enforcement(policy: &LifecyclePolicy, identity: &ServicePrincipal, since: i64, now: i64) -> Value {
    let first = since.saturating_add(i64::from(policy.grace_days) * DAY_MS);
    let (first_action, second) = match policy.enforcement {
        PolicyEnforcement::DisableOnly => ("disable", None),
        PolicyEnforcement::DeleteOnly => ("delete", None),
        PolicyEnforcement::DisableThenDelete(days) => {
            ("disable", Some(first.saturating_add(i64::from(days) * DAY_MS)))
        }
    };
    let is_disabled = !identity.account_enabled && first_action == "disable";
    let next = if is_disabled { second.map(|at| ("delete", at)) } else { Some((first_action, first)) };
    let (last_action, last) =
        if is_disabled { ("disabled", first) } else { ("nonComplianceNotificationSent", since) };
    json!({
        "status": match next {
            None => "complete",
            Some((_, at)) if at <= now => "actionDue",
            Some(_) => "waiting",
        },
        "isLocked": false,
        "isTerminal": next.is_none(),
        "lastAction": last_action,
        "lastActionDateTime": clock::iso(last),
        "nextAction": next.map(|(action, _)| action),
        "nextActionDateTime": next.map(|(_, at)| clock::iso(at)),
    })
}

/// The value that a property must equal, by the only kind of filter that these sets take.
fn equal<'a>(query: &'a Query, property: &str) -> Result<Option<&'a str>, Refusal> {
    let Some(filter) = query.filter_text() else { return Ok(None) };
    let value = filter.strip_prefix(property).and_then(|rest| rest.trim_start().strip_prefix("eq "));
    let value = value.and_then(|value| value.trim().strip_prefix('\'')?.strip_suffix('\''));
    value.map(Some).ok_or_else(|| {
        Refusal::bad_request(format!("The only filter that is supported is {property} eq '{{value}}'."))
    })
}
