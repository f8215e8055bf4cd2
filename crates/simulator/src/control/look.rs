//! Looks at the tenant and at what happened to it, as JSON.

use crate::Network;
use crate::directory::{Directory, PrincipalKind};
use crate::filled::filled;
use crate::journal::PermissionUse;
use agentuser_core::http::Method;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The most objects of each kind that are shown.
const SHOWN: usize = 20;

/// The sums of all that happened so far.
pub(crate) fn stats(network: &Network) -> Value {
    let (counts, directory) = (network.counts(), network.directory());
    let stats = directory.stats();
    let more_than_once = stats.created_per_parent.iter().filter(|(_, times)| **times > 1);
    let more_than_once: Map<String, Value> =
        filled(more_than_once.map(|(parent, times)| (parent.to_string(), (*times).into())));
    let by_status: Map<String, Value> =
        filled(stats.by_status.iter().map(|(status, times)| (status.to_string(), (*times).into())));
    json!({
        "requests": counts.requests,
        "batches": counts.batches,
        "requestsSeenByDirectory": counts.seen_by_directory,
        "faults": counts.faults,
        "byStatus": by_status,
        "agentUsersCreated": stats.agent_users_created,
        "createdMoreThanOncePerParent": more_than_once,
        "writes": stats.writes,
        "writesWithoutChange": stats.writes_without_change,
        "resourceUnits": stats.resource_units,
    })
}

/// The permissions that requests used so far, and the requests that lacked one.
pub(crate) fn permissions(network: &Network) -> Value {
    let PermissionUse { used, lacked } = network.directory().permission_use();
    let name = |(method, template): &(Method, &str)| format!("{method} {template}");
    let requests = |by: &BTreeMap<(Method, &str), u64>| -> Map<String, Value> {
        filled(by.iter().map(|(request, times)| (name(request), (*times).into())))
    };
    let used: Map<String, Value> =
        filled(used.iter().map(|(permission, by)| (permission.clone(), requests(by).into())));
    let lacked: Map<String, Value> =
        filled(lacked.iter().map(|(request, any_of)| (name(request), any_of.clone().into())));
    json!({ "used": used, "lacked": lacked })
}

/// The tenant's whole state.
pub(crate) fn state(network: &Network) -> Value {
    network.directory().snapshot()
}

/// The writes that the tenant accepted, sorted.
pub(crate) fn writes(network: &Network) -> Value {
    network.directory().writes()
}

/// The applications that may sign in.
pub(crate) fn clients(directory: &Directory) -> Value {
    let applications = directory.entra().applications();
    let clients = applications.map(|one| {
        json!({
            "clientId": one.id().to_string(),
            "clientSecret": one.first_secret(),
            "expiresIn": one.lifetime().as_secs(),
        })
    });
    clients.collect()
}

/// The first objects of each kind that a rehearsal needs.
pub(crate) fn objects(directory: &Directory) -> Value {
    let identities: Vec<Value> = directory
        .all_principals()
        .filter_map(|principal| match principal.kind {
            PrincipalKind::AgentIdentity(blueprint) if principal.life.is_live() => Some(json!({
                "id": principal.id.to_string(),
                "displayName": principal.display_name,
                "accountEnabled": principal.account_enabled,
                "agentIdentityBlueprintId": blueprint.to_string(),
            })),
            _ => None,
        })
        .take(SHOWN)
        .collect();
    let humans: Vec<Value> = directory
        .all_users()
        .filter(|user| !user.is_agent() && user.life.is_live())
        .take(SHOWN)
        .map(|user| json!({"id": user.id.to_string(), "userPrincipalName": user.user_principal_name}))
        .collect();
    let groups: Vec<Value> = directory
        .groups
        .values()
        .take(SHOWN)
        .map(|group| json!({"id": group.id.to_string(), "displayName": group.display_name}))
        .collect();
    let skus: Vec<Value> = directory
        .skus
        .values()
        .take(SHOWN)
        .map(|sku| json!({"skuId": sku.id.to_string(), "skuPartNumber": sku.part_number, "seats": sku.seats}))
        .collect();
    let domains: Vec<&str> = directory
        .domains
        .iter()
        .filter(|domain| domain.verified)
        .map(|domain| domain.name.as_str())
        .collect();
    json!({
        "id": directory.tenant_id().to_string(),
        "verifiedDomains": domains,
        "agentIdentities": identities,
        "humans": humans,
        "groups": groups,
        "subscribedSkus": skus,
    })
}
