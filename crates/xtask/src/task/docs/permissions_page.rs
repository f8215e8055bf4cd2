//! docs/permissions.md: what each operation needs, and what Microsoft's sources say of each request.

use agentuser_core::flow::{
    MapState, NeededFor, PermissionSet, RequiredPermissions, RequiredRequest, known_operations,
    required_permissions,
};
use agentuser_core::graph::Call;
use agentuser_core::permission::{LeastPrivileged, MAP_DATE};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The table of operations.
pub(super) fn operations() -> String {
    let mut table =
        String::from("| operation | application | signed-in person | roles |\n|---|---|---|---|\n");
    for operation in known_operations() {
        let needed = NeededFor { operations: vec![operation.to_owned()], ..NeededFor::default() };
        let Ok(RequiredPermissions { application, delegated, .. }) = required_permissions(Vec::new(), needed)
        else {
            continue;
        };
        let person = match set(&delegated) {
            same if same == set(&application) => "the same".to_owned(),
            others => others,
        };
        let roles = delegated.roles.iter().chain(delegated.conditional.iter().flat_map(|one| &one.roles));
        let roles: BTreeSet<&str> = roles.copied().collect();
        let roles: Vec<&str> = roles.into_iter().collect();
        // Writing to a string cannot fail.
        let _ =
            writeln!(table, "| `{operation}` | {} | {person} | {} |", set(&application), roles.join(", "));
    }
    table
}

fn set(set: &PermissionSet) -> String {
    let distinct = |all: &mut dyn Iterator<Item = &'static str>| {
        let mut seen: Vec<&str> = Vec::new();
        all.for_each(|one| {
            if !seen.contains(&one) {
                seen.push(one)
            }
        });
        list(&seen)
    };
    let conditional = distinct(&mut set.conditional.iter().flat_map(|one| one.permissions.iter().copied()));
    let optional = distinct(&mut set.optional.iter().flat_map(|one| one.permissions.iter().copied()));
    let parts =
        [("", list(&set.permissions)), ("under a condition: ", conditional), ("optional: ", optional)];
    let parts = parts.into_iter().filter(|(_, all)| !all.is_empty());
    parts.map(|(name, all)| format!("{name}{all}")).collect::<Vec<_>>().join("; ")
}

fn list(all: &[&str]) -> String {
    all.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ")
}

/// The table of requests with their sources.
pub(super) fn sources() -> String {
    let mut table = String::from(
        "| request | application | signed-in person | page, when it was read | permission map |\n|---|---|---|---|---|\n",
    );
    for call in Call::ALL.iter().filter(|call| **call != Call::Batch) {
        let request = RequiredRequest::of(*call);
        let first = |all: &[&str]| all.first().map(|one| format!("`{one}`")).unwrap_or_default();
        let page = match request.page_says {
            Some(says) => format!("{}: {}", request.page_read, said(says)),
            None => request.page_read.to_owned(),
        };
        let map = match (request.map, request.map_says) {
            (_, Some(says)) => format!("{MAP_DATE}: {}", said(says)),
            (MapState::Absent, _) => format!("{MAP_DATE}: absent"),
            _ => MAP_DATE.to_owned(),
        };
        let _ = writeln!(
            table,
            "| [{}]({}) | {} | {} | {page} | {map} |",
            call.name(),
            request.page,
            first(&request.application),
            first(&request.delegated),
        );
    }
    table
}

fn said(least: LeastPrivileged) -> String {
    let of = |all: &[&str]| if all.is_empty() { "not supported".to_owned() } else { list(all) };
    if least.application == least.delegated {
        of(least.application)
    } else {
        format!("application {}; delegated {}", of(least.application), of(least.delegated))
    }
}
