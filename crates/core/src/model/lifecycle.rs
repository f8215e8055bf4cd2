//! Microsoft's lifecycle policies of agent identities, and what they say of one (docs/graph.md#lifecycle-policies).

use serde::{Deserialize, Serialize};

/// A lifecycle policy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct LifecyclePolicy {
    /// The type, which tells whom it governs.
    #[serde(rename = "@odata.type")]
    pub odata_type: Option<String>,
    /// Its id.
    pub id: Option<String>,
    /// The name people see.
    pub display_name: Option<String>,
    /// `systemDefault` for one that Microsoft made, `userCreated` for one of the tenant.
    pub policy_source: Option<String>,
    /// Whether it is evaluated.
    pub is_enabled: Option<bool>,
    /// How many days after an agent identity became non-compliant it is acted on.
    pub grace_period_in_days: Option<i64>,
    /// The action.
    pub enforcement_action: Option<EnforcementAction>,
    /// Its rules; none where the answer does not have them.
    pub rules: Option<Vec<PolicyRule>>,
}

impl LifecyclePolicy {
    /// Whether it governs agent identities. A type that is not named is not excluded.
    #[must_use]
    pub fn is_of_agent_identities(&self) -> bool {
        let kind = self.odata_type.as_deref().map(last_name);
        kind.is_none_or(|kind| matches!(kind, "agentIdentityLifecyclePolicy" | "lifecyclePolicy"))
    }
}

/// The action of a policy against an agent identity that is not compliant.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct EnforcementAction {
    /// The type.
    #[serde(rename = "@odata.type")]
    pub odata_type: Option<String>,
    /// How many days after it was disabled it is deleted.
    pub deletion_grace_period_in_days: Option<i64>,
}

impl EnforcementAction {
    /// `disableOnly`, `deleteOnly` or `disableThenDelete`; another where Microsoft adds one.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        let name = last_name(self.odata_type.as_deref()?);
        Some(name.strip_suffix("EnforcementAction").unwrap_or(name))
    }
}

/// A rule of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PolicyRule {
    /// The type.
    #[serde(rename = "@odata.type")]
    pub odata_type: Option<String>,
    /// The type in beta, where the answer has it.
    pub rule_type: Option<String>,
    /// Whether it is evaluated.
    pub is_enabled: Option<bool>,
    /// How often an agent identity must be attested.
    pub attestation_interval_in_days: Option<i64>,
    /// How long an agent identity may be unused.
    pub last_activity_threshold_in_days: Option<i64>,
}

impl PolicyRule {
    /// `periodicAttestation`, `sponsorPresence`, `inactivity`; another where Microsoft adds one.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        let named = self.odata_type.as_deref().map(|kind| {
            let name = last_name(kind);
            name.strip_suffix("Rule").unwrap_or(name)
        });
        named.or(self.rule_type.as_deref())
    }
}

fn last_name(kind: &str) -> &str {
    kind.rsplit('.').next().unwrap_or(kind)
}

/// The result of a policy's last run for one agent identity.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PolicySubject {
    /// The object id of the agent identity.
    pub id: Option<String>,
    /// `effective`, `inScopeButIneffective` or `pending`.
    pub relationship: Option<String>,
    /// Whether it keeps the rules.
    pub compliance: Option<Compliance>,
    /// The actions that were taken, and the next one.
    pub enforcement: Option<Enforcement>,
}

/// Whether an agent identity keeps the rules of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Compliance {
    /// `compliant`, `nonCompliant` or `notEvaluated`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// When that was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evaluated_date_time: Option<String>,
}

/// The actions of a policy on an agent identity: those that were taken, and the next one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Enforcement {
    /// `notRequired`, `notStarted`, `processing`, `waiting`, `actionDue` or `complete`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The last action, such as `firstNotificationSent` or `disabled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_action: Option<String>,
    /// When it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_action_date_time: Option<String>,
    /// The next action: a notification, `disable` or `delete`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_action: Option<String>,
    /// When it is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_action_date_time: Option<String>,
    /// Whether enforcement is locked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_locked: Option<bool>,
    /// Whether nothing comes after the last action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_terminal: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_the_last_part_of_the_type() {
        let policy = |kind: &str| LifecyclePolicy { odata_type: Some(kind.to_owned()), ..Default::default() };
        let of = "#microsoft.graph.identityGovernance.";
        assert!(policy(&format!("{of}agentIdentityLifecyclePolicy")).is_of_agent_identities());
        assert!(!policy(&format!("{of}guestUserLifecyclePolicy")).is_of_agent_identities());
        assert!(LifecyclePolicy::default().is_of_agent_identities());
        let text = format!(
            r#"{{"enforcementAction":{{"@odata.type":"{of}disableThenDeleteEnforcementAction","deletionGracePeriodInDays":30}},
            "rules":[{{"@odata.type":"{of}periodicAttestationRule","attestationIntervalInDays":90}},
            {{"ruleType":"sponsorPresence","isEnabled":null}}],"scope":null}}"#
        );
        let read: LifecyclePolicy = serde_json::from_str(&text).unwrap();
        assert_eq!(read.enforcement_action.unwrap().kind(), Some("disableThenDelete"));
        let rules = read.rules.unwrap();
        assert_eq!(
            rules.iter().map(PolicyRule::kind).collect::<Vec<_>>(),
            [Some("periodicAttestation"), Some("sponsorPresence")]
        );
    }
}
