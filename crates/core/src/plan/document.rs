//! A plan, as it is written and read.

use super::canonical;
use super::entry::PlannedChange;
use super::verb::Verb;
use crate::ObjectId;
use crate::problem::{Code, Problem};
use crate::utc::Utc;
use crate::validate::date_time;
use serde::Serialize;
use serde_json::{Map, Value};

/// The kind that each plan names, so that no other file is taken for one.
pub(super) const KIND: &str = "agentuserPlan";

/// The version of the form.
pub(super) const VERSION: u64 = 1;

/// How old a plan may be when it is applied, in days, unless something else is asked for.
pub const MAX_AGE_DAYS: u32 = 7;

/// Changes that were planned, for one tenant.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// `agentuserPlan`.
    pub(super) kind: &'static str,
    /// The version of the form: 1.
    pub(super) version: u64,
    /// The tenant that it was planned in, the only one that it is applied to.
    pub(super) tenant_id: ObjectId,
    /// The account that planned it: the user principal name, or else the object id; of an application, its id. Absent where
    /// the token does not show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) author: Option<String>,
    /// When it was planned, in UTC.
    pub(super) created_at: String,
    /// The verb that planned it.
    pub(super) verb: Verb,
    /// The arguments beside the agent users, by the names of the verb's operation.
    pub(super) arguments: Map<String, Value>,
    /// The changes, those of one agent user in their order.
    pub(super) changes: Vec<PlannedChange>,
    /// The SHA-256 of everything else, in hexadecimal digits: what is approved.
    pub(super) digest: String,
}

/// The tenant, author, time, verb and arguments of a plan.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlanHead {
    pub(crate) tenant_id: ObjectId,
    pub(crate) author: Option<String>,
    pub(crate) unix_ms: i64,
    pub(crate) verb: Verb,
    pub(crate) arguments: Map<String, Value>,
}

impl Plan {
    pub(crate) fn new(head: PlanHead, changes: Vec<PlannedChange>) -> Result<Self, Problem> {
        let PlanHead { tenant_id, author, unix_ms, verb, arguments } = head;
        let mut plan = Self {
            kind: KIND,
            version: VERSION,
            tenant_id,
            author,
            created_at: Utc(unix_ms).to_string(),
            verb,
            arguments,
            changes,
            digest: String::new(),
        };
        let written = serde_json::to_value(&plan).map_err(|error| {
            Problem::new(Code::Internal, format!("The plan can't be written as JSON: {error}."))
        })?;
        plan.digest = canonical::digest(&written);
        Ok(plan)
    }

    /// Fails unless it is the plan that was approved, and not too old.
    ///
    /// # Errors
    /// [`Code::PlanNotApproved`], [`Code::PlanTooOld`].
    pub fn require_approved(&self, digest: &str, unix_ms: i64, max_age_days: u32) -> Result<(), Problem> {
        if !self.digest.eq_ignore_ascii_case(digest.trim()) {
            let message = format!("The plan has the digest {}, and another one was approved.", self.digest);
            return Err(Problem::new(Code::PlanNotApproved, message).with_field("approved"));
        }
        let planned = date_time::parse(&self.created_at);
        let oldest = unix_ms.saturating_sub(i64::from(max_age_days).saturating_mul(24 * 60 * 60 * 1000));
        if planned < date_time::parse(&Utc(oldest).to_string()) {
            let message =
                format!("The plan was made {}, which is more than {max_age_days} days ago.", self.created_at);
            return Err(Problem::new(Code::PlanTooOld, message).with_field("createdAt"));
        }
        Ok(())
    }

    /// Fails unless it is a plan of that tenant.
    ///
    /// # Errors
    /// [`Code::PlanOfAnotherTenant`].
    pub(crate) fn require_tenant(&self, tenant: ObjectId) -> Result<(), Problem> {
        if self.tenant_id == tenant {
            return Ok(());
        }
        let message = format!("The plan is for the tenant {}, and this is {tenant}.", self.tenant_id);
        Err(Problem::new(Code::PlanOfAnotherTenant, message).with_field("tenantId"))
    }

    /// The tenant that it is for.
    #[must_use]
    pub fn tenant_id(&self) -> ObjectId {
        self.tenant_id
    }

    /// The account that planned it, where the token showed it.
    #[must_use]
    pub fn author(&self) -> Option<&str> {
        self.author.as_deref()
    }

    /// When it was planned, in UTC.
    #[must_use]
    pub fn created_at(&self) -> &str {
        &self.created_at
    }

    /// The verb that planned it.
    #[must_use]
    pub fn verb(&self) -> Verb {
        self.verb
    }

    /// The arguments beside the agent users.
    #[must_use]
    pub fn arguments(&self) -> &Map<String, Value> {
        &self.arguments
    }

    /// The changes, those of one agent user in their order.
    #[must_use]
    pub fn changes(&self) -> &[PlannedChange] {
        &self.changes
    }

    /// The digest of everything else: what is approved.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The plan as the text of its file: JSON, one change in a line.
    #[must_use]
    pub fn to_file(&self) -> String {
        file(self)
    }
}

/// A plan as people read it: a member in a line, a change in a line.
fn file(plan: &Plan) -> String {
    let line = |name: &str, value: &str| format!("  {}: {value}", Value::from(name));
    let json = |value: &dyn Fn() -> serde_json::Result<String>| value().unwrap_or_default();
    let text = |text: &str| Value::from(text).to_string();
    let mut lines = vec![
        line("kind", &text(plan.kind)),
        line("version", &plan.version.to_string()),
        line("tenantId", &text(&plan.tenant_id.to_string())),
    ];
    lines.extend(plan.author.as_deref().map(|author| line("author", &text(author))));
    lines.push(line("createdAt", &text(&plan.created_at)));
    lines.push(line("verb", &text(plan.verb.as_str())));
    lines.push(line("arguments", &json(&|| serde_json::to_string(&plan.arguments))));
    let changes: Vec<String> = plan
        .changes
        .iter()
        .map(|change| format!("\n    {}", json(&|| serde_json::to_string(change))))
        .collect();
    let end = if changes.is_empty() { "" } else { "\n  " };
    lines.push(line("changes", &format!("[{}{end}]", changes.join(","))));
    lines.push(line("digest", &text(&plan.digest)));
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}
