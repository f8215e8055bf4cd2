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
use of_roster::conditions_of;
use requests::{Row, When};
use serde::Serialize;
use std::collections::BTreeSet;

/// The operations, and the roster, that permissions are needed for.
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
    /// The needs of an application that manages the agent users of any blueprint: application permissions.
    pub application: PermissionSet,
    /// The needs of a blueprint that manages the agent users of its own agent identities: application
    /// permissions.
    pub blueprint: PermissionSet,
    /// The needs of a signed-in person: delegated permissions and roles.
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
    /// The permissions that are always needed.
    pub permissions: Vec<&'static str>,
    /// More permissions that are needed under a condition.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditional: Vec<ConditionalPermissions>,
    /// Permissions without which it succeeds, but lacks a part of its answers.
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
    /// The least Entra roles; of a signed-in person alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<&'static str>,
}

/// Permissions that an operation can do without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OptionalPermissions {
    /// The permissions.
    pub permissions: Vec<&'static str>,
    /// The result that is missing without them.
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
    /// Whether the operation can't do without it, whatever it is asked for.
    pub always: bool,
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
    let fulfilled = if roster.is_empty() { None } else { Some(conditions_of(roster, domain, readiness)?) };
    if operations.is_empty() && fulfilled.is_some() {
        operations.push("applyRoster".to_owned());
    }
    Ok(required(operations, fulfilled.as_ref()))
}

/// The permissions and roles that operations need that fulfil these conditions and no others. A name that is not an operation's
/// needs nothing.
#[must_use]
pub fn required_under(operations: &[&str], fulfilled: &[Condition]) -> RequiredPermissions {
    let operations = operations.iter().map(|name| (*name).to_owned()).collect();
    required(operations, Some(&fulfilled.iter().copied().collect()))
}

fn required(operations: Vec<String>, fulfilled: Option<&BTreeSet<Condition>>) -> RequiredPermissions {
    let mut rows: Vec<Row> = Vec::new();
    for row in operations.iter().filter_map(|name| requests::of(name)).flatten() {
        if let Some(row) = fulfilled.map_or(Some(row), |fulfilled| row.settled(fulfilled))
            && !rows.contains(&row)
        {
            rows.push(row);
        }
    }
    let [application, blueprint, delegated] = Caller::ALL.map(|caller| PermissionSet::of(&rows, caller));
    let requests = requests_of(&rows);
    RequiredPermissions { operations, application, blueprint, delegated, requests, map_date: MAP_DATE }
}

/// The permissions that a caller lacks for an operation that it is to do in any case: the least that would do.
pub(crate) fn lacking(operation: &str, caller: Caller, has: &dyn Fn(&str) -> bool) -> Vec<&'static str> {
    let rows = requests::of(operation).into_iter().flatten();
    let needed = rows.filter(|row| row.when == When::Always).map(|row| row.need);
    let lacks = |need: &Need| {
        let any_of = need.allowed_by(caller);
        !any_of.is_empty() && !any_of.iter().any(|one| has(one))
    };
    least(&needed.filter(lacks).collect::<Vec<_>>(), caller, &[])
}

/// The calls that an operation can't do without, whatever it is asked for.
pub(crate) fn calls_always(operation: &str) -> Vec<Call> {
    let rows = requests::of(operation).into_iter().flatten();
    let always = rows.filter(|row| row.when == When::Always);
    always.filter_map(|row| call_of(row.need)).collect()
}

const fn call_of(need: Need) -> Option<Call> {
    match need {
        Need::Call(call) | Need::OfPeople(call) => Some(call),
        Need::Member(_) => None,
    }
}

impl PermissionSet {
    fn of(rows: &[Row], caller: Caller) -> Self {
        let needs = |wanted: When| -> Vec<Need> {
            rows.iter().filter(|row| row.when == wanted).map(|row| row.need).collect()
        };
        let roles = |needs: &[Need]| -> BTreeSet<&'static str> {
            let roles = needs.iter().filter_map(|need| call_of(*need)?.role());
            roles.filter(|_| caller == Caller::Delegated).collect()
        };
        let always = needs(When::Always);
        let (permissions, own_roles) = (least(&always, caller, &[]), roles(&always));
        let conditions: BTreeSet<Condition> = rows.iter().filter_map(|row| row.when.condition()).collect();
        let conditional = conditions.into_iter().filter_map(|condition| {
            let needs = needs(When::If(condition));
            let besides = least(&needs, caller, &permissions);
            let roles: Vec<_> = roles(&needs).difference(&own_roles).copied().collect();
            (!besides.is_empty() || !roles.is_empty()).then(|| ConditionalPermissions {
                condition,
                when: condition.when(),
                permissions: besides,
                roles,
            })
        });
        let conditional = conditional.collect();
        let optional = optional(rows, caller, &permissions);
        Self { permissions, conditional, optional, roles: own_roles.into_iter().collect() }
    }
}

/// The permissions, besides those in `there`, without which the operations succeed, but lack a part of their
/// answers.
fn optional(rows: &[Row], caller: Caller, there: &[&'static str]) -> Vec<OptionalPermissions> {
    let mut optional: Vec<OptionalPermissions> = Vec::new();
    for row in rows {
        let When::Without(otherwise) = row.when else { continue };
        let one = OptionalPermissions { permissions: least(&[row.need], caller, there), otherwise };
        if !one.permissions.is_empty() && !optional.contains(&one) {
            optional.push(one);
        }
    }
    optional
}

fn requests_of(rows: &[Row]) -> Vec<RequiredRequest> {
    let mut calls: Vec<Call> = Vec::new();
    for call in rows.iter().filter_map(|row| call_of(row.need)) {
        if !calls.contains(&call) {
            calls.push(call);
        }
    }
    let is_always = |call| {
        rows.iter().any(|row| row.when == When::Always && matches!(row.need, Need::Call(one) if one == call))
    };
    calls
        .into_iter()
        .map(|call| RequiredRequest { always: is_always(call), ..RequiredRequest::of(call) })
        .collect()
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
            always: true,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn applying_a_plan_needs_what_each_fix_of_an_audit_does() {
        for (condition, calls) in [
            (Condition::VerbSwitch, &[Call::UpdateAgentUser][..]),
            (Condition::VerbDelete, &[Call::DeleteAgentUser][..]),
            (Condition::VerbLicense, &[Call::ListSubscribedSkus, Call::AssignLicense][..]),
            (Condition::VerbRestore, &[Call::GetDeletedItem, Call::RestoreDeletedItem][..]),
            (Condition::Attested, &[Call::AttestIdentity][..]),
        ] {
            let needed = |fulfilled: &[Condition]| {
                let needed = required_under(&["applyPlan"], fulfilled);
                let always = needed.requests.into_iter().filter(|request| request.always);
                always.map(|request| request.call).collect::<BTreeSet<Call>>()
            };
            let (without, with) = (needed(&[]), needed(&[condition]));
            for call in calls {
                assert!(with.contains(call) && !without.contains(call), "{condition:?}: {call}");
            }
        }
        let attested = required_under(&["applyPlan"], &[Condition::Attested]);
        assert!(attested.application.permissions.contains(&"AgentIdentity.ReadWrite.All"));
        assert!(attested.delegated.roles.contains(&"Agent Identity Administrator"));
        let any = required(vec!["applyPlan".to_owned()], None);
        let words = Condition::Attested.when();
        assert!(any.application.conditional.iter().any(|one| one.when == words), "{any:?}");
    }

    #[test]
    fn groups_are_read_for_a_plan_and_written_by_a_run() {
        for (operation, condition, written) in [
            ("planRoster", Condition::Groups, false),
            ("applyRoster", Condition::Groups, true),
            ("provision", Condition::Groups, true),
            ("plan", Condition::GroupsLeft, false),
            ("retire", Condition::GroupsLeft, true),
            ("applyPlan", Condition::GroupsLeft, true),
            ("applyPlan", Condition::Groups, true),
            ("restoreReported", Condition::GroupsLeft, true),
        ] {
            let caller = required_under(&[operation], &[condition]).delegated;
            let has = |name| caller.permissions.contains(&name);
            assert_eq!(has("GroupMember.ReadWrite.All"), written, "{operation}: {caller:?}");
            assert!(has("GroupMember.Read.All") || has("GroupMember.ReadWrite.All"), "{operation}");
            let without = required_under(&[operation], &[]).delegated.permissions;
            assert!(without.iter().all(|name| !name.starts_with("GroupMember.")), "{operation}: {without:?}");
        }
    }
}
