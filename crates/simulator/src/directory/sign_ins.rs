//! Sign-ins of users: the activity on the user, and the summary of a tenant (docs/graph.md#sign-in-activity).

use super::errors::{Answer, Refusal};
use super::permissions::GET_SIGN_INS;
use super::query::Set;
use super::route::Endpoint;
use super::sets::Objects;
use super::{Call, Directory, User};
use crate::behaviours::Label::Documented;
use crate::clock;
use crate::hash::Hash;
use crate::spelling::Version;
use agentuser_core::ObjectId;
use agentuser_core::http::Method::Get;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The endpoint of sign-ins, summarized by day.
pub(super) const ROUTES: &[Endpoint] = &[Endpoint::new(
    Get,
    "/auditLogs/getSummarizedNonInteractiveSignIns(aggregationWindow='d1')",
    Documented("api/auditlogroot-getsummarizednoninteractivesignins?view=graph-rest-beta"),
    |d, c, _| d.summarized_sign_ins(c),
)];

const DAY_MS: i64 = 24 * 3_600 * 1_000;
/// How long Microsoft Entra ID keeps sign-ins with a premium license
/// (<https://learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention>).
const KEPT_MS: i64 = 30 * DAY_MS;

/// A sign-in of a user, not an interactive one: agent users have no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignIn {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Whether it worked.
    pub succeeded: bool,
}

impl Directory {
    /// `signInActivity`. Null for one who never signed in.
    pub(super) fn sign_in_activity(&self, user: ObjectId) -> Value {
        let Some(all) = self.sign_ins.get(&user) else { return Value::Null };
        let last = |is_wanted: fn(&SignIn) -> bool| {
            all.iter().filter(|one| is_wanted(one)).map(|one| one.at).max().map(clock::iso)
        };
        json!({
            "lastSignInDateTime": null,
            "lastSignInRequestId": null,
            "lastNonInteractiveSignInDateTime": last(|_| true),
            "lastNonInteractiveSignInRequestId": null,
            "lastSuccessfulSignInDateTime": last(|one| one.succeeded),
            "lastSuccessfulSignInRequestId": null,
        })
    }

    /// Sign-ins are shown to tenants with a premium license (docs/graph.md#sign-in-activity).
    pub(super) fn require_p1(&self) -> Result<(), Refusal> {
        if self.licensing.p1 {
            return Ok(());
        }
        let words = "Neither tenant is B2C or tenant doesn't have premium license";
        Err(Refusal::new(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", words))
    }

    fn summarized_sign_ins(&mut self, call: &Call<'_>) -> Answer {
        if call.version == Version::V1 {
            let segment = "getSummarizedNonInteractiveSignIns";
            let words = format!("Resource not found for the segment '{segment}'.");
            return Err(Refusal::new(400, "BadRequest", words));
        }
        self.require(call, GET_SIGN_INS)?;
        self.require_p1()?;
        let prefer = call.request.headers.get("Prefer").unwrap_or_default();
        let all = self.summaries(call, prefer.contains("include-unknown-enum-members"));
        self.answer_set(
            call,
            Set::summarized_sign_ins,
            "Collection(microsoft.graph.summarizedSignIn)",
            &[],
            all,
        )
    }

    /// One entry for each user, day and outcome.
    fn summaries(&self, call: &Call<'_>, all_values: bool) -> Objects {
        let mut found = Objects::new();
        for (id, all) in &self.sign_ins {
            let Some(user) = self.find_user(*id) else { continue };
            let kept = all.iter().filter(|one| one.at > call.now.unix_ms.saturating_sub(KEPT_MS));
            let mut days: BTreeMap<(i64, bool), Vec<i64>> = BTreeMap::new();
            kept.for_each(|one| {
                days.entry((one.at.div_euclid(DAY_MS), one.succeeded)).or_default().push(one.at);
            });
            for ((day, succeeded), at) in days {
                let entry = Hash::new(self.seed).text("sign-ins").id(*id).word(day.unsigned_abs());
                let entry = entry.word(succeeded.into()).guid();
                let first = at.iter().min().copied().unwrap_or_default();
                let mut object = self.summary(entry, user, (day, first, at.len()), succeeded);
                // Values that the enumeration got later are shown to those who ask for them.
                if let Some(agent) = object.get_mut("agent").and_then(Value::as_object_mut)
                    && !all_values
                    && user.is_agent()
                {
                    agent.insert("agentSubjectType".into(), "unknownFutureValue".into());
                }
                found.push((entry, object));
            }
        }
        found
    }

    fn summary(
        &self,
        id: ObjectId,
        user: &User,
        (day, first, count): (i64, i64, usize),
        succeeded: bool,
    ) -> Map<String, Value> {
        let parent = user.parent.and_then(|parent| self.find_principal(parent));
        let agent = match parent {
            Some(identity) => json!({
                "agentType": "agenticAppInstance",
                "agentSubjectType": "agentIDuser",
                "agentSubjectParentId": identity.id.to_string(),
                "parentAppId": identity.blueprint().map(|id| id.to_string()),
            }),
            None => json!({
                "agentType": "notAgentic", "agentSubjectType": "notAgentic", "agentSubjectParentId": null,
                "parentAppId": null,
            }),
        };
        let mut object = Map::new();
        let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
        put("id", id.to_string().into());
        put("signInCount", count.into());
        put("aggregationDateTime", clock::iso(day * DAY_MS).into());
        put("firstSignInDateTime", clock::iso(first).into());
        put("userPrincipalName", user.user_principal_name.to_lowercase().into());
        put("appId", parent.map(|one| one.app_id.to_string()).into());
        put("appDisplayName", parent.map(|one| one.display_name.as_str()).into());
        put("resourceDisplayName", "Microsoft Graph".into());
        put("resourceId", crate::tenant::GRAPH_APP.to_string().into());
        put("tenantId", self.tenant_id().to_string().into());
        put("conditionalAccessStatus", if succeeded { "success" } else { "failure" }.into());
        put("ipAddress", Value::Null);
        put("servicePrincipalId", "".into());
        put("servicePrincipalName", Value::Null);
        put("status", json!({"errorCode": if succeeded { 0 } else { 53_003 }}));
        put("agent", agent);
        object
    }
}
