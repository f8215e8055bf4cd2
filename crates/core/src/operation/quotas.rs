//! The quotas that Microsoft publishes for one application in one tenant (docs/graph.md#throttling).

use crate::graph::Call;
use crate::http::Method;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The size of a tenant, which decides on the resource units it grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum TenantSize {
    /// Fewer than 50 users.
    Small,
    /// 50 to 500 users.
    Medium,
    /// More than 500 users.
    Large,
}

impl TenantSize {
    /// The resource units that it grants one application in 10 seconds.
    #[must_use]
    pub const fn units(self) -> u32 {
        match self {
            Self::Small => 3_500,
            Self::Medium => 5_000,
            Self::Large => 8_000,
        }
    }

    pub(super) const fn next(self) -> Option<Self> {
        match self {
            Self::Small => Some(Self::Medium),
            Self::Medium => Some(Self::Large),
            Self::Large => None,
        }
    }

    pub(super) const fn former(self) -> Option<Self> {
        match self {
            Self::Small => None,
            Self::Medium => Some(Self::Small),
            Self::Large => Some(Self::Medium),
        }
    }
}

/// How much of Graph a client may use. The defaults are what Microsoft publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields, default)
)]
pub struct Quotas {
    /// Writes in any 150 seconds; 3000.
    pub writes: u32,
    /// Resource units in any 10 seconds. Without a number, `tenantSize` decides.
    pub units: Option<u32>,
    /// The size of the tenant: `small` (under 50 users), `medium` or `large` (over 500). Without it, it is learned
    /// from Graph's answers, beginning with the smallest.
    pub tenant_size: Option<TenantSize>,
    /// Reads of audit and sign-in reports in any 10 seconds; 5.
    pub reports: u32,
    /// How many clients, this one included, share the quotas evenly; 1. It is the n of a shard i/n.
    pub shards: u32,
}

impl Default for Quotas {
    fn default() -> Self {
        Self { writes: 3_000, units: None, tenant_size: None, reports: 5, shards: 1 }
    }
}

impl Quotas {
    /// Whether the number of resource units that the tenant grants must be learned.
    pub(super) const fn learns_size(&self) -> bool {
        self.units.is_none() && self.tenant_size.is_none()
    }

    pub(super) fn share(&self, quota: u32) -> u32 {
        // At least 1, or no request would ever go.
        (quota / self.shards.max(1)).max(1)
    }
}

/// The classes of calls. While one class waits, the others go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Read,
    Write,
    Report,
    Risk,
}

impl Class {
    pub(super) const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Report, Self::Risk];

    pub(super) fn of(call: Call) -> Self {
        if call.is_write() {
            Self::Write
        } else if call.path().starts_with("/auditLogs/") {
            Self::Report
        } else if call.path().starts_with("/identityProtection/") {
            Self::Risk
        } else {
            Self::Read
        }
    }
}

/// The unit that a quota counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QuotaKind {
    Units,
    Writes,
    Reports,
    Risk,
}

impl QuotaKind {
    pub(super) const ALL: [Self; 4] = [Self::Units, Self::Writes, Self::Reports, Self::Risk];

    /// The reads of Identity Protection in a second, in the whole tenant: a part of it is nothing.
    pub(super) const RISKS: u32 = 1;

    pub(super) const fn span(self) -> Duration {
        match self {
            Self::Units | Self::Reports => Duration::from_secs(10),
            Self::Writes => Duration::from_secs(150),
            Self::Risk => Duration::from_secs(1),
        }
    }
}

/// The cost of a request by the published table (docs/graph.md#throttling).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cost {
    pub(super) units: u32,
    pub(super) writes: u32,
    pub(super) reports: u32,
    pub(super) risks: u32,
}

impl Cost {
    pub(super) fn published(call: Call, url: &str) -> Self {
        let class = Class::of(call);
        // What-If changes nothing; the published table counts every POST.
        let writes = u32::from(class == Class::Write || call.method() != Method::Get);
        let (reports, risks) = (u32::from(class == Class::Report), u32::from(class == Class::Risk));
        if writes > 0 {
            return Self { units: 1, writes, reports, risks };
        }
        let base = match call {
            Call::ListSubscribedSkus => 3,
            Call::ListAgentUsers
            | Call::ListManagers
            | Call::ListAllSponsors
            | Call::ListLeaveDates
            | Call::ListSignInActivity
            | Call::FindAgentUserByParent
            | Call::GetUser
            | Call::GetManager
            | Call::ListSponsors
            | Call::ListMemberships
            | Call::ListLicenseDetails => 2,
            _ => 1,
        };
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let has = |name: &str| query.split('&').any(|option| option.starts_with(name));
        let (saved, expands) = (u32::from(has("$select=")), u32::from(has("$expand=")));
        Self { units: (base + expands).saturating_sub(saved).max(1), writes, reports, risks }
    }

    /// The quota that runs out first for such a call.
    pub(super) const fn scarcest(self) -> QuotaKind {
        if self.writes > 0 {
            QuotaKind::Writes
        } else if self.reports > 0 {
            QuotaKind::Reports
        } else if self.risks > 0 {
            QuotaKind::Risk
        } else {
            QuotaKind::Units
        }
    }

    pub(super) const fn of(self, kind: QuotaKind) -> u32 {
        match kind {
            QuotaKind::Units => self.units,
            QuotaKind::Writes => self.writes,
            QuotaKind::Reports => self.reports,
            QuotaKind::Risk => self.risks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_the_published_ones() {
        let cost = |call, query: &str| Cost::published(call, &format!("https://x/v1.0/y{query}"));
        assert_eq!(cost(Call::CreateAgentUser, ""), Cost { units: 1, writes: 1, reports: 0, risks: 0 });
        assert_eq!(cost(Call::RemoveManager, "").writes, 1);
        assert_eq!(
            cost(Call::ListAgentUsers, "?$top=999"),
            Cost { units: 2, writes: 0, reports: 0, risks: 0 }
        );
        assert_eq!(cost(Call::ListAgentUsers, "?$top=999&$select=id").units, 1);
        assert_eq!(cost(Call::ListManagers, "?$select=id&$expand=manager").units, 2);
        assert_eq!(cost(Call::ListSubscribedSkus, "").units, 3);
        assert_eq!(cost(Call::GetServicePrincipal, "?$select=id").units, 1);
        assert_eq!(cost(Call::FindAppliedPolicies, "").writes, 1);
        assert_eq!(cost(Call::ListRiskyAgents, "").scarcest(), QuotaKind::Risk);
    }

    #[test]
    fn a_share_is_never_nothing() {
        let quotas = Quotas { shards: 4, ..Quotas::default() };
        assert_eq!([quotas.share(3_000), quotas.share(5), quotas.share(3)], [750, 1, 1]);
        assert_eq!(Quotas { shards: 0, ..quotas }.share(5), 5);
    }
}
