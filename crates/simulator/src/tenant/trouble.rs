//! Parts of the two tenants with findings of an audit: `troubled`, with each once, and `planted`, with each
//! in one of a hundred.

use super::plans::{exchange_plan, foundation_plan, full_plans, teams_plan};
use super::{FULL_SKU, SMALL_SKU, Tenant};
use crate::directory::{License, LifecyclePolicy, Provisioning};
use crate::ids;
use agentuser_core::Now;
use serde_json::json;
use std::time::Duration;

pub(super) const DAY: Duration = Duration::from_secs(24 * 3_600);
pub(super) const DAY_MS: i64 = 24 * 3_600 * 1_000;
/// The SKU whose mailboxes never come.
pub(super) const STUCK_SKU: u32 = 3;
/// The group without people, and the one to which roles can be assigned.
pub(super) const EMPTY_GROUP: u32 = 3;
pub(super) const ROLE_GROUP: u32 = 4;
/// A person who can't act.
pub(super) const DISABLED_PERSON: u32 = 11;

impl Tenant {
    /// SKUs with so many seats, a group without people, a person who is disabled, and one lifecycle policy. Mailboxes are there
    /// from the start.
    pub(super) fn surroundings(mut self, seats: u32) -> Self {
        self.directory.policies.clear();
        let stuck = vec![exchange_plan(Provisioning::Never), teams_plan(Duration::ZERO, Duration::ZERO)];
        self.sku(FULL_SKU, "AGENT_365", seats, full_plans(Duration::ZERO, Duration::ZERO))
            .sku(SMALL_SKU, "AGENT_MESSAGING", seats, vec![foundation_plan()])
            .sku(STUCK_SKU, "AGENT_365_NEW", seats, stuck)
            .group(EMPTY_GROUP)
            .human(DISABLED_PERSON)
            .change_user(ids::human(DISABLED_PERSON), |user| user.account_enabled = false)
            .first_lifecycle_policy(LifecyclePolicy {
                grace_days: 30,
                ..LifecyclePolicy::system_default(ids::policy(1))
            })
    }

    /// Lets the agent identities of blueprint `n` inherit all delegated permissions of Microsoft Graph.
    pub(super) fn all_inherited(self, n: u32) -> Self {
        self.change_blueprint(n, |blueprint| {
            let all = json!({
                "@odata.type": "#microsoft.graph.inheritablePermission",
                "resourceAppId": super::GRAPH_APP.to_string(),
                "inheritableScopes": {"@odata.type": "#microsoft.graph.allAllowedScopes", "kind": "allAllowed"},
            });
            blueprint.inheritable.insert(super::GRAPH_APP, all.as_object().cloned().unwrap_or_default());
        })
    }

    /// The moment `days` before the tenant was made. Its own clock begins then.
    pub(super) fn days_ago(&self, days: i64) -> Now {
        Now { mono: Duration::ZERO, unix_ms: self.unix_ms - days * DAY_MS }
    }

    /// A license that was assigned long ago.
    pub(super) fn old_license(&self, error: Option<&'static str>) -> License {
        License { disabled_plans: [].into(), assigned: self.days_ago(60), error }
    }
}
