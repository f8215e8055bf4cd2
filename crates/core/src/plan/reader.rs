//! A plan from its file: strictly, with every broken rule at once.

use super::document::{KIND, Plan, VERSION};
use super::entry::{Expected, PlannedChange};
use super::fields::{AS_PLANNED, Fields};
use super::limits::PlanLimits;
use super::verb::Verb;
use super::{canonical, change_reader};
use crate::model::{Change, Member, ObjectKind, SponsorRef};
use crate::problem::{Code, Problem};
use crate::unique::Unique;
use crate::validate::{RuleCode, Violation, Violations, date_time};
use serde_json::{Map, Value};

impl Plan {
    /// Reads a plan's file.
    ///
    /// # Errors
    /// [`Code::InputTooLarge`], [`Code::PlanUnreadable`]; [`Code::Invalid`] with every rule that it breaks;
    /// [`Code::PlanChanged`].
    pub fn read(file: &[u8], limits: &PlanLimits) -> Result<Self, Problem> {
        if file.len() > limits.bytes {
            return Err(limits.too_large());
        }
        let members = object(file.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(file))?;
        let digest = canonical::digest(&Value::Object(members.clone()));
        let mut broken = Violations::default();
        let plan = plan(Fields::new(members, String::new(), &mut broken), limits)?;
        for (index, entry) in plan.iter().flat_map(|plan| plan.changes.iter().enumerate()) {
            broken.extend(plan.as_ref().and_then(|plan| misplaced(plan.verb, index, entry)));
        }
        let plan = broken.finish(plan).map_err(|violations| listed(violations, limits.errors))?;
        if plan.digest != digest {
            let message = format!("The plan names the digest {}, and its content has {digest}.", plan.digest);
            return Err(Problem::new(Code::PlanChanged, message).with_field("digest"));
        }
        Ok(plan)
    }
}

/// The members of a file that says that it is a plan, in the one version that there is.
fn object(file: &[u8]) -> Result<Map<String, Value>, Problem> {
    let unreadable = |message: String| Problem::new(Code::PlanUnreadable, message);
    let members = match serde_json::from_slice::<Unique>(file) {
        Ok(Unique(Value::Object(members))) => members,
        Ok(_) => return Err(unreadable("The file is JSON, and not an object.".to_owned())),
        Err(error) => return Err(unreadable(format!("The file is not JSON: {error}."))),
    };
    if members.get("kind").and_then(Value::as_str) != Some(KIND) {
        return Err(unreadable(format!("The file is not a plan: its member kind is not {KIND}.")));
    }
    if members.get("version").and_then(Value::as_u64) != Some(VERSION) {
        let message = format!("The plan has another version than {VERSION}.");
        return Err(unreadable(message).with_fix("Plan again with this program."));
    }
    Ok(members)
}

/// The problem of the broken rules, of which so many are listed.
fn listed(mut broken: Vec<Violation>, most: usize) -> Problem {
    let all = broken.len();
    broken.truncate(most.max(1));
    let problem = Problem::from_violations(broken);
    if all > most { problem.saying(&format!("The plan breaks {all} rules in all.")) } else { problem }
}

fn plan(mut fields: Fields<'_>, limits: &PlanLimits) -> Result<Option<Plan>, Problem> {
    let _ = (fields.take("kind"), fields.take("version"));
    let tenant_id = fields.id("tenantId");
    let author = fields.text_or_none("author");
    let created_at = fields.text("createdAt");
    let created_at = created_at.and_then(|time| {
        let broken = date_time::check(&time, "createdAt").map_or(Ok(time), |one| Err(vec![one]));
        fields.keep("createdAt", broken)
    });
    let verb = fields.text("verb").and_then(|name| {
        let verb = Verb::find(&name);
        if verb.is_none() {
            fields.broken(RuleCode::UnknownKind, "verb", format!("No verb is called {name:?}."), AS_PLANNED);
        }
        verb
    });
    let arguments = fields.object("arguments");
    let digest = fields.text("digest");
    let changes = match fields.need("changes") {
        None => None,
        Some(Value::Array(changes)) if changes.len() > limits.changes => {
            return Err(limits.too_many_changes());
        }
        Some(Value::Array(changes)) => {
            let changes: Vec<Option<PlannedChange>> = changes
                .into_iter()
                .enumerate()
                .map(|(index, change)| entry(&mut fields, index, change))
                .collect();
            changes.into_iter().collect()
        }
        Some(_) => fields.kind("changes", None, "an array"),
    };
    fields.finish();
    let all = (tenant_id, created_at, verb, arguments, digest, changes);
    let (Some(tenant_id), Some(created_at), Some(verb), Some(arguments), Some(digest), Some(changes)) = all
    else {
        return Ok(None);
    };
    Ok(Some(Plan {
        kind: KIND,
        version: VERSION,
        tenant_id,
        author,
        created_at,
        verb,
        arguments,
        changes,
        digest,
    }))
}

fn entry(plan: &mut Fields<'_>, index: usize, entry: Value) -> Option<PlannedChange> {
    let name = format!("changes[{index}]");
    let members = match entry {
        Value::Object(members) => Some(members),
        _ => None,
    };
    let members = plan.kind(&name, members, "an object")?;
    let mut fields = plan.below(&name, members);
    let row = fields.take("row").and_then(|row| {
        let row = row.as_u64().and_then(|row| usize::try_from(row).ok());
        fields.kind("row", row, "the number of a row")
    });
    let kind = kind(&mut fields);
    let id = fields.id_or_none("id");
    let user_principal_name = fields.text("userPrincipalName");
    let display_name = fields.text_or_none("displayName");
    let expects = fields.object("expects").map(|members| expected(fields.below("expects", members)));
    let change = fields.object("change").map(|members| change_reader::read(fields.below("change", members)));
    fields.finish();
    let (Some(kind), Some(user_principal_name), Some(expects), Some(Some(change))) =
        (kind, user_principal_name, expects, change)
    else {
        return None;
    };
    Some(PlannedChange { row, kind, id, user_principal_name, display_name, change, expects })
}

/// The kind of an object; none within for an agent user, none where a rule is broken.
fn kind(fields: &mut Fields<'_>) -> Option<Option<ObjectKind>> {
    let Some(value) = fields.take("kind") else { return Some(None) };
    let found = value.as_str().and_then(ObjectKind::find_changed);
    fields.kind("kind", found, "a kind of object that plans change").map(Some)
}

/// A change that has no place in a plan of the verb: only a roster has rows, and creates; only handing over and containing
/// change anything else than agent users.
fn misplaced(verb: Verb, index: usize, entry: &PlannedChange) -> Option<Violation> {
    let name = match (verb, entry) {
        (_, PlannedChange { kind: Some(kind), change, .. }) if !fits(verb, *kind, change) => "kind",
        (Verb::Roster, PlannedChange { row: None, .. }) => "row",
        (Verb::Roster, _) => return None,
        (_, PlannedChange { id: None, .. }) => "id",
        (_, PlannedChange { change: Change::Create { .. }, .. }) => "change",
        _ => return None,
    };
    let message = format!("A change of the verb {verb} needs another {name}.");
    Some(Violation::new(RuleCode::NotUsable, format!("changes[{index}].{name}"), message, AS_PLANNED))
}

/// Whether a plan of the verb may make the change to an object of the kind.
fn fits(verb: Verb, kind: ObjectKind, change: &Change) -> bool {
    match change {
        Change::Set { member, .. } => verb == Verb::Contain && *member == Member::AccountEnabled,
        Change::AddSponsor { .. } | Change::RemoveSponsor { .. } => {
            verb == Verb::Handover && kind == ObjectKind::AgentIdentity
        }
        _ => false,
    }
}

fn expected(mut fields: Fields<'_>) -> Expected {
    let identity_parent_id = fields.id_or_none("identityParentId");
    let account_enabled = fields
        .take("accountEnabled")
        .and_then(|enabled| fields.kind("accountEnabled", enabled.as_bool(), "true or false"));
    let deleted_date_time = fields.text_or_none("deletedDateTime");
    let manager_id = fields.id_or_none("managerId");
    let sponsor = fields
        .text_or_none("sponsor")
        .and_then(|sponsor| fields.keep("sponsor", SponsorRef::parse(&sponsor)));
    let sign_in_sessions_valid_from_date_time = fields.text_or_none("signInSessionsValidFromDateTime");
    fields.finish();
    Expected {
        identity_parent_id,
        account_enabled,
        deleted_date_time,
        manager_id,
        sponsor,
        sign_in_sessions_valid_from_date_time,
    }
}
