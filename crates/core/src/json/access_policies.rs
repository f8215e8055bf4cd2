//! Conditional Access policies for agent users, report-only, without network: JSON in, JSON out. Nothing here sends one.

use super::members::{FromMembers, Members};
use crate::problem::Problem;
use crate::validate::object_id;
use serde::Serialize;
use serde_json::{Error, Value, json};

/// The agent users that the policies leave out.
#[derive(Debug, Clone, Default)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields, default)
)]
pub struct AccessPoliciesRequest {
    /// The object ids of agent users that the policies leave out.
    exclude_users: Vec<String>,
}

impl FromMembers for AccessPoliciesRequest {
    fn read(members: &mut Members) -> Result<Self, Error> {
        Ok(Self { exclude_users: members.or_default("excludeUsers")? })
    }
}

/// Conditional Access policies for agent users.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AccessPolicies {
    /// The policies.
    policies: Vec<AccessPolicy>,
    /// The permissions and the role that creating one takes, in words.
    needs: &'static str,
}

/// A Conditional Access policy that is printed, and that an admin may send.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct AccessPolicy {
    /// Its name here.
    name: &'static str,
    /// A sentence that says which sign-ins it would block.
    blocks: &'static str,
    /// The version of Graph whose metadata has all of its members: `v1.0` or `beta`.
    version: &'static str,
    /// The path to which an admin posts it, version included.
    path: String,
    /// Microsoft's page about it.
    documentation: &'static str,
    /// The part of it that no page of Microsoft's shows for agent users.
    #[serde(skip_serializing_if = "Option::is_none")]
    assumed: Option<&'static str>,
    /// The body of the request: a `conditionalAccessPolicy` of Graph. Its state is `enabledForReportingButNotEnforced`.
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Map<String, Value>"))]
    policy: Value,
}

const NEEDS: &str = "Policy.Read.All and Policy.ReadWrite.ConditionalAccess; a person also the role Conditional \
                     Access Administrator, at least. The tenant has Microsoft Entra ID P1, or P2 for risk.";

impl AccessPolicy {
    /// The policy with these conditions beside those that all have.
    fn new(name: &'static str, blocks: &'static str, only: Option<(&str, Value)>, without: &[Value]) -> Self {
        let mut users = json!({ "includeUsers": ["AllAgentIdUsers"] });
        if let (Value::Object(users), false) = (&mut users, without.is_empty()) {
            users.insert("excludeUsers".to_owned(), without.into());
        }
        let mut conditions = json!({
            "clientAppTypes": ["all"], "applications": { "includeApplications": ["All"] }, "users": users,
        });
        if let (Value::Object(conditions), Some((name, value))) = (&mut conditions, only) {
            conditions.insert(name.to_owned(), value);
        }
        let policy = json!({
            "displayName": format!("Agent users: {name}"),
            "state": "enabledForReportingButNotEnforced",
            "conditions": conditions,
            "grantControls": { "operator": "OR", "builtInControls": ["block"] },
        });
        let documentation = "https://learn.microsoft.com/entra/agent-id/disable-agent-identities";
        Self { name, blocks, version: "", path: String::new(), documentation, assumed: None, policy }
            .of_version("v1.0")
    }

    fn of_version(self, version: &'static str) -> Self {
        Self { version, path: format!("/{version}/identity/conditionalAccess/policies"), ..self }
    }
}

fn policies(without: &[Value]) -> Vec<AccessPolicy> {
    let outside = json!({ "includeLocations": ["All"], "excludeLocations": ["AllTrusted"] });
    vec![
        AccessPolicy::new("block-all", "Every sign-in of every agent user.", None, without),
        AccessPolicy {
            documentation: "https://learn.microsoft.com/graph/api/resources/conditionalaccesslocations",
            assumed: Some(
                "That a sign-in of an agent user has the location of the program that asks for it.",
            ),
            ..AccessPolicy::new(
                "block-outside-trusted-locations",
                "Sign-ins of agent users from anywhere but the trusted named locations of the tenant.",
                Some(("locations", outside)),
                without,
            )
        },
        AccessPolicy {
            documentation: "https://learn.microsoft.com/entra/identity/conditional-access/policy-agent-user-account",
            assumed: Some(
                "That agentIdRiskLevels, which beta alone has, is the condition behind that page's agent risk.",
            ),
            ..AccessPolicy::new(
                "block-at-high-risk",
                "Sign-ins of agent users that are at high risk.",
                Some(("agentIdRiskLevels", "high".into())),
                without,
            )
            .of_version("beta")
        },
    ]
}

/// Makes Conditional Access policies for agent users, report-only: an `AccessPoliciesRequest` in, `AccessPolicies` out.
///
/// # Errors
/// When the request is not such JSON; every object id that is not one.
pub fn access_policies(json: &[u8]) -> Result<String, Problem> {
    let request: AccessPoliciesRequest = super::text::read("policies", json)?;
    let ids = request.exclude_users.iter().map(|id| object_id("excludeUsers", id));
    let (without, broken): (Vec<_>, Vec<_>) = ids.partition(Result::is_ok);
    let broken: Vec<_> = broken.into_iter().filter_map(Result::err).collect();
    if !broken.is_empty() {
        return Err(Problem::from_violations(broken));
    }
    let without: Vec<Value> = without.into_iter().flatten().map(|id| id.to_string().into()).collect();
    Ok(super::text::write(&AccessPolicies { policies: policies(&without), needs: NEEDS }))
}
