//! From reports to the changes that undo what they say was done.

use crate::ObjectId;
use crate::flow::remarks::remark;
use crate::flow::report::Change;
use crate::model::{Member, ObjectKind};
use crate::problem::{Code, Problem, shown};
use crate::remark::{Remark, RemarkCode};
use crate::unique::Unique;
use serde_json::{Deserializer, Map, Value};
use std::collections::BTreeMap;

/// The most bytes of a file with reports.
const MOST: usize = 128 << 20;

/// An agent user of reports, and what brings it back.
#[derive(Debug)]
pub(super) struct Undone {
    pub(super) id: ObjectId,
    /// The kind of an object that is not an agent user.
    pub(super) kind: Option<ObjectKind>,
    pub(super) name: String,
    pub(super) changes: Vec<Change>,
    /// Why nothing brings it back.
    pub(super) problem: Option<Problem>,
    /// Remarks on changes that are not brought back.
    pub(super) remarks: Vec<Remark>,
}

/// An agent user, and what reports say was changed of it.
struct Reported {
    id: ObjectId,
    kind: Option<ObjectKind>,
    name: String,
    changes: Vec<Map<String, Value>>,
    /// The report's remark on permissions that end with the deletion.
    ended: Option<String>,
}

/// Reads reports: lines of JSON, as the command line prints them, or an array.
///
/// # Errors
/// [`Code::ReportUnreadable`].
pub(super) fn read(file: &[u8]) -> Result<Vec<Undone>, Problem> {
    let unreadable = |message: String| Problem::new(Code::ReportUnreadable, message);
    if file.len() > MOST {
        return Err(unreadable(format!("The file has more than {MOST} bytes.")));
    }
    let file = file.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(file);
    let mut all: Vec<Reported> = Vec::new();
    let mut places = BTreeMap::new();
    for value in Deserializer::from_slice(file).into_iter::<Unique>() {
        let Unique(value) = value.map_err(|error| unreadable(format!("The file is not JSON: {error}.")))?;
        let values = match value {
            Value::Array(values) => values,
            one => vec![one],
        };
        for value in values {
            let Value::Object(report) = value else {
                return Err(unreadable("The file has something else than reports in it.".to_owned()));
            };
            let Some(one) = reported(report).map_err(|what| unreadable(what.to_owned()))? else { continue };
            let place = *places.entry(one.id).or_insert(all.len());
            match all.get_mut(place) {
                // A run that was cut short, and the one that went on.
                Some(other) => {
                    other.changes.extend(one.changes);
                    other.ended = other.ended.take().or(one.ended);
                }
                None => all.push(one),
            }
        }
    }
    let undone: Vec<Undone> = all.into_iter().filter_map(Reported::undone).collect();
    if undone.is_empty() {
        return Err(unreadable(
            "No report says that anything was taken out of service or stopped.".to_owned(),
        ));
    }
    Ok(undone)
}

/// The changes that a report says were made, or may have been made; none where there are none.
fn reported(mut report: Map<String, Value>) -> Result<Option<Reported>, &'static str> {
    let Some(Value::Array(changes)) = report.remove("changes") else {
        return Err("An object of the file is not a report: it has no changes.");
    };
    let is_made = |change: &Map<String, Value>| change.get("applied") == Some(&Value::Bool(true));
    let problem = report.get("problem").and_then(|problem| problem.get("code"));
    // The answer to the first change that is not marked as made was lost. To undo a change that was not made changes nothing.
    let mut unknown = problem.and_then(Value::as_str) == Some(Code::OutcomeUnknown.as_str());
    let may_be_made = |change: &Map<String, Value>| {
        let is_lost = !is_made(change) && std::mem::take(&mut unknown);
        is_made(change) || is_lost && change.get("change").and_then(Value::as_str) != Some("purge")
    };
    let changes = changes.into_iter().filter_map(|change| match change {
        Value::Object(change) => Some(change),
        _ => None,
    });
    let changes: Vec<_> = changes.filter(may_be_made).collect();
    if changes.is_empty() {
        return Ok(None);
    }
    let text = |name: &str| report.get(name).and_then(Value::as_str);
    let id = text("id").and_then(|id| id.parse().ok());
    let id = id.ok_or("A report has changes, and not the id of its agent user.")?;
    let kind = match text("kind") {
        Some(kind) => Some(ObjectKind::find_changed(kind).ok_or("A report has changes of an unknown kind.")?),
        None => None,
    };
    let name = text(if kind.is_some() { "displayName" } else { "userPrincipalName" });
    Ok(Some(Reported { id, kind, name: name.unwrap_or_default().to_owned(), changes, ended: ended(&report) }))
}

/// The remark of a report on permissions that end with the deletion.
fn ended(report: &Map<String, Value>) -> Option<String> {
    let remarks = report.get("remarks").and_then(Value::as_array)?;
    let code = RemarkCode::EndsWithDeletion.as_str();
    let found = remarks.iter().find(|remark| remark.get("code").and_then(Value::as_str) == Some(code))?;
    found.get("message").and_then(Value::as_str).map(str::to_owned)
}

impl Reported {
    /// The changes that undo the reported ones; `None` where there is nothing to undo.
    fn undone(self) -> Option<Undone> {
        let kind =
            |change: &Map<String, Value>| change.get("change").and_then(Value::as_str).map(str::to_owned);
        let is = |wanted: &str| self.changes.iter().any(|change| kind(change).as_deref() == Some(wanted));
        let (mut changes, mut remarks) = (Vec::new(), Vec::new());
        if is("delete") {
            changes.push(Change::Restore);
            remarks.extend(self.ended.as_ref().map(|said| {
                let message = format!(
                    "The report says of its permissions: {} Look whether they are there: `agentuser access {}`.",
                    shown(said),
                    self.id
                );
                remark(RemarkCode::NotBroughtBack, &message)
            }));
        }
        let disabled = self.changes.iter().any(|change| {
            kind(change).as_deref() == Some("set")
                && change.get("member").and_then(Value::as_str) == Some(Member::AccountEnabled.name())
                && change.get("to") == Some(&Value::Bool(false))
        });
        if disabled {
            let (from, to) = (Value::Bool(false), Value::Bool(true));
            changes.push(Change::Set { member: Member::AccountEnabled.into(), from, to });
        }
        let texts_of = |wanted: &str, name: &str| -> Vec<String> {
            let taken = self.changes.iter().filter(|change| kind(change).as_deref() == Some(wanted));
            let texts = taken.filter_map(|change| change.get(name).and_then(Value::as_str));
            texts.map(str::to_owned).collect()
        };
        // Groups come before licenses, which they may bring.
        let groups = texts_of("removeFromGroup", "group");
        changes.extend(groups.into_iter().map(|group| Change::AddToGroup { group }));
        let skus = texts_of("removeLicense", "sku");
        if !skus.is_empty() {
            let message = format!(
                "The report does not have which service plans of {} were off: all of them are on.",
                skus.join(", ")
            );
            remarks.push(remark(RemarkCode::NotBroughtBack, &message));
        }
        let license = |sku| Change::AddLicense { sku, disabled_plans: Vec::new() };
        changes.extend(skus.into_iter().map(license));
        let problem = is("purge").then(|| {
            let message = format!("{} was deleted for ever.", shown(&self.name));
            Problem::new(Code::DeletedItemNotFound, message)
                .with_cause("The report says so.")
                .with_fix("Create an agent user for its parent anew: `agentuser create`.")
        });
        let Self { id, kind, name, .. } = self;
        let undone = Undone { id, kind, name, changes, problem, remarks };
        (!undone.changes.is_empty() || undone.problem.is_some()).then_some(undone)
    }
}
