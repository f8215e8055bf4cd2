//! The next action of Microsoft's lifecycle policies on an agent identity, and its attestation
//! (docs/graph.md#lifecycle-policies).

use super::ensure::ensure_strictly_shown;
use super::guarded;
use super::identity::identity;
use super::pages::all;
use super::remarks::remark;
use super::report::{Change, Report};
use super::single::Single;
use crate::ObjectId;
use crate::graph;
use crate::model::{
    Compliance, Enforcement, LifecyclePolicy, ObjectKind, PolicyRule, PolicySubject, ServicePrincipal,
};
use crate::operation::Graph;
use crate::problem::{Code, Problem, shown};
use crate::remark::{Remark, RemarkCode};
use serde::Serialize;

/// The lifecycle policies of Microsoft that govern an agent identity, and their next action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Lifecycle {
    /// The object id of the agent identity.
    pub id: ObjectId,
    /// Its display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The next action of the policies that govern it: a notification, `disable` or `delete`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_action: Option<String>,
    /// When it is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_action_date_time: Option<String>,
    /// The policies that have it as a subject; without any, no policy acts on it.
    pub policies: Vec<GoverningPolicy>,
    /// Sentences about what comes and what helps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
}

/// A lifecycle policy and what it found of an agent identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GoverningPolicy {
    /// The policy's id.
    pub id: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// `systemDefault` for one that Microsoft made, `userCreated` for one of the tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_source: Option<String>,
    /// `disableOnly`, `deleteOnly` or `disableThenDelete`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enforcement_action: Option<String>,
    /// The rules that are evaluated, such as `periodicAttestation`; none where Graph does not show them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules: Option<Vec<String>>,
    /// `effective` where it governs the agent identity; `inScopeButIneffective` or `pending` otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relationship: Option<String>,
    /// Whether the agent identity keeps the rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compliance: Option<Compliance>,
    /// The actions that were taken, and the next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enforcement: Option<Enforcement>,
    /// Whether attesting the agent identity helps, where it is not compliant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attestation: Option<AttestationEffect>,
}

/// Whether attesting an agent identity makes it compliant with a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum AttestationEffect {
    /// Periodic attestation is the only rule, so it is the one that is broken.
    Helps,
    /// Periodic attestation is one of several rules, and Graph does not tell which is broken.
    MayHelp,
    /// No rule asks for attestation.
    DoesNotHelp,
    /// Graph does not show the rules.
    Unknown,
}

pub(super) const ATTESTATION: &str = "periodicAttestation";

/// The next action of Microsoft's lifecycle policies on an agent identity, with its date, and the policies behind it.
///
/// # Errors
/// As for [`identity`](super::identity()); refusals of Graph: what may not be read is not reported as nothing.
pub async fn lifecycle(graph: &Graph, id: ObjectId) -> Result<Lifecycle, Problem> {
    // An id that no object has is not a subject of any policy, which would look as if no policy applied.
    let found = identity(graph, id).await?;
    let mut policies = Vec::new();
    for policy in all(graph, graph::list_lifecycle_policies(graph.endpoint())).await? {
        let Some(policy_id) = policy.id.clone().filter(|_| governs(&policy)) else { continue };
        let subjects = all(graph, graph::find_lifecycle_subject(graph.endpoint(), &policy_id, id)).await;
        let subjects = match subjects {
            // Assumed: a policy that was never run has no report.
            Err(problem) if problem.answered() == Some(404) => continue,
            other => other?,
        };
        let own = |one: &PolicySubject| one.id.as_deref().is_some_and(|own| own.parse() == Ok(id));
        if let Some(subject) = subjects.into_iter().find(own) {
            policies.push(governing(policy_id, policy, subject));
        }
    }
    Ok(told(id, &found, policies))
}

/// A policy that is switched off acts on nothing.
pub(super) fn governs(policy: &LifecyclePolicy) -> bool {
    policy.is_of_agent_identities() && policy.is_enabled != Some(false)
}

/// The kinds of the rules that are evaluated; none where Graph does not show them.
pub(super) fn enabled_rules(policy: &LifecyclePolicy) -> Option<Vec<String>> {
    let enabled = |rule: &&PolicyRule| rule.is_enabled != Some(false);
    let rules = policy.rules.as_ref()?.iter().filter(enabled).filter_map(PolicyRule::kind);
    Some(rules.map(str::to_owned).collect())
}

fn governing(id: String, policy: LifecyclePolicy, subject: PolicySubject) -> GoverningPolicy {
    let rules = enabled_rules(&policy);
    let is_broken = subject.compliance.as_ref().and_then(|one| one.status.as_deref()) == Some("nonCompliant");
    GoverningPolicy {
        id,
        display_name: policy.display_name,
        policy_source: policy.policy_source,
        enforcement_action: policy.enforcement_action.and_then(|action| action.kind().map(str::to_owned)),
        attestation: is_broken.then(|| effect(rules.as_deref())),
        rules,
        relationship: subject.relationship,
        compliance: subject.compliance,
        enforcement: subject.enforcement,
    }
}

fn effect(rules: Option<&[String]>) -> AttestationEffect {
    match rules {
        None => AttestationEffect::Unknown,
        Some([only]) if only == ATTESTATION => AttestationEffect::Helps,
        Some(rules) if rules.iter().any(|rule| rule == ATTESTATION) => AttestationEffect::MayHelp,
        Some(_) => AttestationEffect::DoesNotHelp,
    }
}

fn told(id: ObjectId, found: &ServicePrincipal, policies: Vec<GoverningPolicy>) -> Lifecycle {
    let coming = policies.iter().filter(|policy| policy.is_effective()).filter_map(|policy| {
        let enforcement = policy.enforcement.as_ref()?;
        Some((enforcement.next_action_date_time.as_deref()?, enforcement.next_action.as_deref()?))
    });
    // Graph writes moments in UTC, whose texts sort by time.
    let next = coming.min().map(|(date, action)| (date.to_owned(), action.to_owned()));
    let remarks = policies.iter().filter(|policy| policy.is_effective()).flat_map(remarks).collect();
    let (next_action_date_time, next_action) = next.unzip();
    Lifecycle {
        id,
        display_name: found.display_name().map(str::to_owned),
        next_action,
        next_action_date_time,
        policies,
        remarks,
    }
}

impl GoverningPolicy {
    /// Whether it governs the agent identity. Of several policies, Graph names one as effective.
    #[must_use]
    pub fn is_effective(&self) -> bool {
        !matches!(self.relationship.as_deref(), Some("inScopeButIneffective" | "pending"))
    }
}

fn remarks(policy: &GoverningPolicy) -> Vec<Remark> {
    let name = policy.display_name.as_deref().map_or_else(|| policy.id.clone(), shown);
    let mut remarks = Vec::new();
    let enforcement = policy.enforcement.as_ref();
    let action = enforcement
        .and_then(|one| one.next_action.as_deref())
        .filter(|action| matches!(*action, "disable" | "delete"));
    if let Some(action) = action {
        let date = enforcement.and_then(|one| one.next_action_date_time.as_deref());
        let date = date.map(|date| format!(" on {}", shown(date))).unwrap_or_default();
        let message = format!("Microsoft will {action} the agent identity{date}, by the policy {name}.");
        remarks.push(remark(RemarkCode::LifecycleAction, &message));
    }
    let Some(effect) = policy.attestation else { return remarks };
    let others = policy.rules.iter().flatten().filter(|rule| *rule != ATTESTATION);
    let others = others.map(String::as_str).collect::<Vec<_>>().join(", ");
    let message = match effect {
        AttestationEffect::Helps => {
            format!(
                "It is not compliant with the policy {name}: its attestation is due. Attest it: `agentuser attest`."
            )
        }
        AttestationEffect::MayHelp => format!(
            "It is not compliant with the policy {name}. Its attestation may be due, or one of these rules is broken: {others}. \
             Attest it, and look again after the next run of the policy."
        ),
        AttestationEffect::DoesNotHelp => {
            format!(
                "It is not compliant with the policy {name}, which does not ask for attestation. Its rules: {others}."
            )
        }
        AttestationEffect::Unknown => {
            format!("It is not compliant with the policy {name}, whose rules Graph does not show.")
        }
    };
    remarks.push(remark(RemarkCode::NotCompliant, &message));
    remarks
}

/// Attests the parent of an agent user that was found.
pub(super) async fn attest_parent_of(graph: &Graph, single: &mut Single) -> Result<(), Problem> {
    let parent = single.user.identity_parent_id();
    let parent =
        parent.ok_or_else(|| Problem::new(Code::ParentNotFound, "The agent user names no parent."))?;
    let write = ensure_strictly_shown(
        graph,
        move || graph::attest_identity(graph.endpoint(), parent),
        || Box::pin(async { None }),
    );
    single.make([Change::Attest], write).await.map(drop)
}

/// Attests an agent identity: that it is still needed, as Microsoft's lifecycle policies ask from time to time. Attested
/// again, it is attested anew.
///
/// # Errors
/// As for [`identity`](super::identity()); refusals of Graph; [`OutcomeUnknown`](crate::problem::Code::OutcomeUnknown), because
/// no call shows whether it is attested.
pub async fn attest(graph: &Graph, id: ObjectId, dry_run: bool) -> Result<Report, Problem> {
    let graph = &guarded(graph, dry_run);
    let found = identity(graph, id).await?;
    let mut report = Report::of_principal(graph, id, ObjectKind::AgentIdentity, &found);
    let planned = report.plan(Change::Attest);
    if !dry_run {
        // The same attestation twice is one: what is lost is sent again.
        let written = ensure_strictly_shown(
            graph,
            || graph::attest_identity(graph.endpoint(), id),
            || Box::pin(async { None }),
        )
        .await;
        report.written(graph, [planned], written)?;
    }
    report.conclude(Ok(()), dry_run);
    Ok(report)
}
