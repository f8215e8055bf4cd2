//! Whether a Conditional Access policy applies to a sign-in (docs/graph.md#conditional-access). The order in which conditions
//! are looked at is an assumption: a policy that fails for two reasons names one.

use super::AccessPolicy;
use agentuser_core::ObjectId;
use serde_json::{Map, Value};

/// A sign-in that is asked about.
pub(super) struct SignInTried {
    pub(super) user: ObjectId,
    pub(super) is_agent: bool,
    pub(super) groups: Vec<ObjectId>,
    pub(super) roles: Vec<ObjectId>,
    /// The applications, an array.
    pub(super) applications: Value,
    /// `signInConditions`.
    pub(super) conditions: Map<String, Value>,
}

/// Why a policy does not apply, or `notSet` when it does.
pub(super) fn reason(policy: &AccessPolicy, tried: &SignInTried) -> &'static str {
    if policy.state == "disabled" {
        return "policyNotEnabled";
    }
    let part = |name: &str| policy.conditions.get(name).and_then(Value::as_object);
    if !part("users").is_some_and(|users| takes_user(users, tried)) {
        return "users";
    }
    if !part("applications").is_some_and(|applications| takes_application(applications, tried)) {
        return "application";
    }
    // Each list names values of one member of the sign-in. A sign-in that lacks it can't be evaluated (the page says so).
    let lists = [
        ("clientAppTypes", "clientAppType", "clientApps"),
        ("signInRiskLevels", "signInRiskLevel", "signInRisk"),
        ("userRiskLevels", "userRiskLevel", "userRisk"),
    ];
    for (list, member, reason) in lists {
        let values = texts(policy.conditions.get(list));
        if values.is_empty() || values.contains(&"all") {
            continue;
        }
        match tried.conditions.get(member).and_then(Value::as_str) {
            None => return "notEnoughInformation",
            Some(given) if !values.contains(&given) => return reason,
            Some(_) => {}
        }
    }
    let platforms = part("platforms").map(|platforms| texts(platforms.get("includePlatforms")));
    if let Some(platforms) = platforms.filter(|platforms| !platforms.contains(&"all")) {
        match tried.conditions.get("devicePlatform").and_then(Value::as_str) {
            None => return "notEnoughInformation",
            Some(given) if !platforms.contains(&given) => return "devicePlatform",
            Some(_) => {}
        }
    }
    // Named locations, filters of devices and flows are not simulated.
    let others = ["locations", "devices", "authenticationFlows", "insiderRiskLevels"];
    if others.iter().any(|name| part(name).is_some()) { "notEnoughInformation" } else { "notSet" }
}

/// Exclusions go before inclusions. That `All` covers agent users is an assumption.
fn takes_user(users: &Map<String, Value>, tried: &SignInTried) -> bool {
    let user = tried.user.to_string();
    let names = |list: &str, id: &str| texts(users.get(list)).iter().any(|one| one.eq_ignore_ascii_case(id));
    let any = |list: &str, ids: &[ObjectId]| ids.iter().any(|id| names(list, &id.to_string()));
    let kind = |list: &str| names(list, "All") || tried.is_agent && names(list, "AllAgentIdUsers");
    let is_excluded = names("excludeUsers", &user)
        || kind("excludeUsers")
        || any("excludeGroups", &tried.groups)
        || any("excludeRoles", &tried.roles);
    let is_included = names("includeUsers", &user)
        || kind("includeUsers")
        || any("includeGroups", &tried.groups)
        || any("includeRoles", &tried.roles);
    is_included && !is_excluded
}

fn takes_application(applications: &Map<String, Value>, tried: &SignInTried) -> bool {
    let asked = texts(Some(&tried.applications));
    let names = |list: &str| texts(applications.get(list)).into_iter().any(|one| asked.contains(&one));
    let all = texts(applications.get("includeApplications")).contains(&"All");
    (all || names("includeApplications")) && !names("excludeApplications")
}

fn texts(list: Option<&Value>) -> Vec<&str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids;
    use serde_json::json;

    fn tried() -> SignInTried {
        SignInTried {
            user: ids::agent_user(1),
            is_agent: true,
            groups: vec![ids::group(1)],
            roles: Vec::new(),
            applications: json!(["00000003-0000-0000-c000-000000000000"]),
            conditions: Map::new(),
        }
    }

    fn of(users: Value, more: Value) -> &'static str {
        let mut policy = AccessPolicy::blocking(ids::access_policy(1), "P", users);
        policy.conditions.extend(more.as_object().cloned().unwrap_or_default());
        reason(&policy, &tried())
    }

    #[test]
    fn users_are_included_and_excluded() {
        for users in [
            json!({"includeUsers": ["All"]}),
            json!({"includeUsers": ["AllAgentIdUsers"]}),
            json!({"includeUsers": [ids::agent_user(1).to_string()]}),
            json!({"includeUsers": [], "includeGroups": [ids::group(1).to_string()]}),
        ] {
            assert_eq!(of(users.clone(), json!({})), "notSet", "{users}");
        }
        for users in [
            json!({"includeUsers": ["None"]}),
            json!({"includeUsers": ["All"], "excludeGroups": [ids::group(1).to_string()]}),
            json!({"includeUsers": ["All"], "excludeUsers": ["AllAgentIdUsers"]}),
            json!({}),
        ] {
            assert_eq!(of(users.clone(), json!({})), "users", "{users}");
        }
    }

    #[test]
    fn conditions_that_the_sign_in_does_not_tell_are_not_evaluated() {
        let all = || json!({"includeUsers": ["All"]});
        assert_eq!(of(all(), json!({"userRiskLevels": ["high"]})), "notEnoughInformation");
        assert_eq!(of(all(), json!({"locations": {"includeLocations": ["All"]}})), "notEnoughInformation");
        assert_eq!(of(all(), json!({"applications": {"includeApplications": ["x"]}})), "application");
        let mut risky = tried();
        risky.conditions.insert("userRiskLevel".into(), "low".into());
        let mut policy = AccessPolicy::blocking(ids::access_policy(1), "P", all());
        policy.conditions.insert("userRiskLevels".into(), json!(["high"]));
        assert_eq!(reason(&policy, &risky), "userRisk");
        policy.state = "disabled";
        assert_eq!(reason(&policy, &risky), "policyNotEnabled");
    }
}
