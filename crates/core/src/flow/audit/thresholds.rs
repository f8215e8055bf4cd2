//! The settings of rules.

use serde::Serialize;

/// The numbers by which rules decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Thresholds {
    /// How many days before its leave date an agent user is found; 30.
    pub leave_days: u32,
    /// After how many days without a successful sign-in an agent user is found; 90.
    pub idle_days: u32,
    /// How many agent identities a blueprint may have before it is found, of the 250 that Microsoft allows; 200.
    pub blueprint_identities: u32,
    /// How many hours a mailbox may take; 24.
    pub mailbox_hours: u32,
    /// How many days before it an action of a lifecycle policy is found; 30.
    pub action_days: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { leave_days: 30, idle_days: 90, blueprint_identities: 200, mailbox_hours: 24, action_days: 30 }
    }
}
