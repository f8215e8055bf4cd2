//! Lifecycle policies that a simulator begins with, before that of the demo tenant.

use crate::{LifecyclePolicy, PolicyEnforcement, PolicyRule, Tenant, ids};
use serde::Deserialize;

/// A lifecycle policy of agent identities. The first one that is enabled is effective.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LifecycleOptions {
    /// The display name.
    pub name: String,
    /// How often an agent identity must be attested; with 0, its attestation is due from the start.
    pub attestation_days: Option<u32>,
    /// Whether an agent identity must have a sponsor.
    pub sponsor_presence: bool,
    /// How many days after a rule was broken the agent identity is disabled.
    pub grace_days: u32,
    /// How many days later it is deleted; never, unless given.
    pub delete_after_days: Option<u32>,
    /// Whether it is switched off.
    pub disabled: bool,
    /// Whether it was never run, so that it has no report.
    pub never_run: bool,
}

impl LifecycleOptions {
    fn policy(&self, n: u32) -> LifecyclePolicy {
        let attestation = self.attestation_days.map(PolicyRule::PeriodicAttestation);
        let sponsors = self.sponsor_presence.then_some(PolicyRule::SponsorPresence);
        LifecyclePolicy {
            display_name: self.name.clone(),
            system_default: false,
            enabled: !self.disabled,
            rules: attestation.into_iter().chain(sponsors).collect(),
            grace_days: self.grace_days,
            enforcement: self
                .delete_after_days
                .map_or(PolicyEnforcement::DisableOnly, PolicyEnforcement::DisableThenDelete),
            never_run: self.never_run,
            ..LifecyclePolicy::system_default(ids::policy(n))
        }
    }
}

/// Adds them to a tenant, before its own.
pub(super) fn add(tenant: Tenant, policies: &[LifecycleOptions]) -> Tenant {
    // Number 1 is the demo tenant's own.
    let numbered: Vec<_> = (2..).zip(policies).collect();
    numbered.into_iter().rev().fold(tenant, |tenant, (n, one)| tenant.first_lifecycle_policy(one.policy(n)))
}
