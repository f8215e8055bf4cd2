//! The permissions and roles that operations need, or a roster: least privileged, for each kind of caller.

mod condition;
mod of_roster;
mod requests;

pub use condition::Condition;

use crate::call::Call;
use crate::flow::Readiness;
use crate::permission::{Caller, LeastPrivileged, MAP_DATE, MapRow, Need, least};
use crate::problem::Problem;
use crate::validate::{RuleCode, Violation, nearest_name};
use of_roster::RosterNeeds;
use requests::{Row, When};
use serde::Serialize;
use std::collections::BTreeSet;

/// What permissions are needed for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NeededFor {
    /// Operations, by their names in JSON. With a roster and without names: `applyRoster`.
    pub operations: Vec<String>,
    /// The domain of user principal names that are derived from display names, for rows of the roster that have none.
    pub domain: Option<String>,
    /// The services that every row of the roster waits for.
    pub readiness: Readiness,
}

/// The permissions and roles that operations need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RequiredPermissions {
    /// The operations.
    pub operations: Vec<String>,
    /// What an application needs that manages the agent users of any blueprint: application permissions.
    pub application: PermissionSet,
    /// What a blueprint needs that manages the agent users of its own agent identities: application permissions.
    pub blueprint: PermissionSet,
    /// What a signed-in person needs: delegated permissions and roles.
    pub delegated: PermissionSet,
    /// The requests, each with the permissions that allow it.
    pub requests: Vec<RequiredRequest>,
    /// The date of Microsoft's permission map that the table was compared with.
    pub map_date: &'static str,
}

/// The fewest permissions that one caller needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PermissionSet {
    /// Those that are needed always.
    pub permissions: Vec<&'static str>,
    /// Those that are needed besides, under a condition.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditional: Vec<ConditionalPermissions>,
    /// Those that spare it an answer that it can do without.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub optional: Vec<OptionalPermissions>,
    /// The least Entra roles; of a signed-in person alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<&'static str>,
}

/// Permissions that are needed under a condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ConditionalPermissions {
    /// The condition.
    pub condition: Condition,
    /// The same in words.
    pub when: &'static str,
    /// The permissions.
    pub permissions: Vec<&'static str>,
}

/// Permissions that an operation can do without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OptionalPermissions {
    /// The permissions.
    pub permissions: Vec<&'static str>,
    /// What is missing without them.
    pub otherwise: &'static str,
}

/// Whether the permission map says the same as the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum MapState {
    /// The least privileged permission is one of the map's.
    Agrees,
    /// The map names others.
    Differs,
    /// The map does not have the request.
    Absent,
}

/// A request with the permissions that allow it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RequiredRequest {
    /// Its name.
    pub call: Call,
    /// Its effect, as words that follow "to".
    pub what: &'static str,
    /// The method.
    pub method: &'static str,
    /// The path, with the variable parts in braces.
    pub path: &'static str,
    /// The application permissions that allow it, any one of them, least privileged first.
    pub application: Vec<&'static str>,
    /// The delegated permissions that allow it, any one of them, least privileged first.
    pub delegated: Vec<&'static str>,
    /// The least Entra role of a signed-in person, where Microsoft names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'static str>,
    /// Microsoft's page about it.
    pub page: &'static str,
    /// When the page was read.
    pub page_read: &'static str,
    /// The least privileged permissions that the page names, where they are others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_says: Option<LeastPrivileged>,
    /// Whether the permission map says the same.
    pub map: MapState,
    /// The least privileged permissions that the map names, where they are others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map_says: Option<LeastPrivileged>,
}

/// The names of the operations that permissions are known of: all that there are.
#[must_use]
pub fn known_operations() -> impl Iterator<Item = &'static str> {
    requests::OPERATIONS.iter().map(|(name, _)| *name)
}

impl NeededFor {
    /// # Errors
    /// Each name that is not an operation's, as a violation of `operations`.
    pub(crate) fn check(&self) -> Result<(), Vec<Violation>> {
        let broken: Vec<Violation> = self.operations.iter().filter_map(|name| unknown(name)).collect();
        if broken.is_empty() { Ok(()) } else { Err(broken) }
    }
}

/// The violation of a name that is not an operation's.
fn unknown(name: &str) -> Option<Violation> {
    if known_operations().any(|known| known == name) {
        return None;
    }
    let fix = match nearest_name(name, known_operations()) {
        Some(nearest) => format!("Use {nearest}."),
        None => "Use the name of an operation, as docs/permissions.md lists them.".to_owned(),
    };
    let message = format!("There is no operation {name:?}.");
    Some(Violation::new(RuleCode::UnknownKind, "operations", message, fix))
}

/// The permissions and roles that operations need; for a roster, those of what its rows declare.
///
/// # Errors
/// Each name that is not an operation's; every error of the roster at once.
pub fn required_permissions(roster: Vec<u8>, wanted: NeededFor) -> Result<RequiredPermissions, Problem> {
    wanted.check()?;
    let NeededFor { mut operations, domain, readiness } = wanted;
    let rosters = if roster.is_empty() { None } else { Some(RosterNeeds::read(roster, domain, readiness)?) };
    if operations.is_empty() && rosters.is_some() {
        operations.push("applyRoster".to_owned());
    }
    let mut rows: Vec<Row> = Vec::new();
    for row in operations.iter().filter_map(|name| requests::of(name)).flatten() {
        if let Some(row) = rosters.as_ref().map_or(Some(row), |needs| needs.settle(row))
            && !rows.contains(&row)
        {
            rows.push(row);
        }
    }
    let [application, blueprint, delegated] = Caller::ALL.map(|caller| PermissionSet::of(&rows, caller));
    let requests = requests_of(&rows);
    Ok(RequiredPermissions { operations, application, blueprint, delegated, requests, map_date: MAP_DATE })
}

const fn call_of(need: Need) -> Option<Call> {
    match need {
        Need::Call(call) | Need::OfPeople(call) => Some(call),
        Need::Member(_) => None,
    }
}

impl PermissionSet {
    fn of(rows: &[Row], caller: Caller) -> Self {
        let needs = |is: &dyn Fn(When) -> bool| -> Vec<Need> {
            rows.iter().filter(|row| is(row.when)).map(|row| row.need).collect()
        };
        let always = needs(&|when| when == When::Always);
        let permissions = least(&always, caller, &[]);
        let conditions: BTreeSet<Condition> = rows
            .iter()
            .filter_map(|row| match row.when {
                When::If(condition) => Some(condition),
                _ => None,
            })
            .collect();
        let conditional = conditions.into_iter().filter_map(|condition| {
            let besides = least(&needs(&|when| when == When::If(condition)), caller, &permissions);
            (!besides.is_empty()).then(|| ConditionalPermissions {
                condition,
                when: condition.when(),
                permissions: besides,
            })
        });
        let conditional = conditional.collect();
        let mut optional: Vec<OptionalPermissions> = Vec::new();
        for row in rows {
            let When::Without(otherwise) = row.when else { continue };
            let besides = least(&[row.need], caller, &permissions);
            let is_new = !optional.iter().any(|one| one.otherwise == otherwise && one.permissions == besides);
            if !besides.is_empty() && is_new {
                optional.push(OptionalPermissions { permissions: besides, otherwise });
            }
        }
        let needed = rows.iter().filter(|row| !matches!(row.when, When::Without(_)));
        let roles =
            needed.filter_map(|row| call_of(row.need)?.role()).filter(|_| caller == Caller::Delegated);
        let roles: BTreeSet<&'static str> = roles.collect();
        Self { permissions, conditional, optional, roles: roles.into_iter().collect() }
    }
}

fn requests_of(rows: &[Row]) -> Vec<RequiredRequest> {
    let mut calls: Vec<Call> = Vec::new();
    for call in rows.iter().filter_map(|row| call_of(row.need)) {
        if !calls.contains(&call) {
            calls.push(call);
        }
    }
    calls.into_iter().map(RequiredRequest::of).collect()
}

impl RequiredRequest {
    /// A call with what allows it, and what its sources say.
    #[must_use]
    pub fn of(call: Call) -> Self {
        let sources = call.sources();
        let (map, map_says) = match sources.map {
            MapRow::Agrees => (MapState::Agrees, None),
            MapRow::Absent => (MapState::Absent, None),
            MapRow::Says(said) => (MapState::Differs, Some(said)),
        };
        Self {
            call,
            what: call.what(),
            method: call.method().as_str(),
            path: call.path(),
            application: Caller::Application.allowed_by(call),
            delegated: Caller::Delegated.allowed_by(call),
            role: call.role(),
            page: call.page(),
            page_read: sources.read,
            page_says: sources.page,
            map,
            map_says,
        }
    }
}
