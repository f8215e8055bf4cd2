//! A walk through Microsoft's table of properties and operators: each cell is answered rightly, refused as the table says, or
//! not simulated.

use crate::client::*;
use agentuser_simulator::{Switches, Tenant, ids};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const TABLE: &str = include_str!("../../src/directory/query/filterable.tsv");

/// Three humans in five and two agent users have values; the others have none.
fn tenant() -> Tenant {
    let mut tenant = Tenant::contoso(4).populate(1000, 1004, 1).seats(100);
    let people = (1..=3).map(ids::human).chain((1000..=1001).map(ids::agent_user));
    for (n, id) in people.enumerate() {
        let text = if n % 2 == 0 { "Alpha" } else { "beta" };
        tenant = tenant.change_user(id, |user| {
            for name in [
                "city", "companyName", "country", "creationType", "department", "employeeId", "employeeType",
                "externalUserState", "faxNumber", "givenName", "jobTitle", "mobilePhone", "officeLocation",
                "onPremisesImmutableId", "onPremisesSamAccountName", "onPremisesUserPrincipalName",
                "postalCode", "preferredLanguage", "securityIdentifier", "state", "streetAddress", "surname",
                "ageGroup", "consentProvidedForMinor", "passwordPolicies", "onPremisesSecurityIdentifier",
            ] {
                user.extras.insert(name.to_owned(), json!(format!("{text} {name}")));
            }
            user.extras.insert("mail".into(), json!(format!("{text}@contoso.com")));
            for name in ["isResourceAccount", "onPremisesSyncEnabled", "showInAddressList"] {
                user.extras.insert(name.to_owned(), json!(n % 2 == 0));
            }
            for name in ["employeeHireDate", "employeeLeaveDateTime", "externalUserStateChangeDateTime", "onPremisesLastSyncDateTime"] {
                user.extras.insert(name.to_owned(), json!(format!("2026-0{}-01T00:00:00Z", n + 1)));
            }
            for name in ["businessPhones", "otherMails"] {
                user.extras.insert(name.to_owned(), json!([format!("{text}-1"), format!("{text}-2")]));
            }
            user.extras.insert("userType".into(), json!(if n % 2 == 0 { "Guest" } else { "Member" }));
            user.extras.insert("employeeOrgData".into(), json!({"division": text, "costCenter": "1"}));
            user.extras.insert("onPremisesExtensionAttributes".into(), {
                (1..=15).map(|i| (format!("extensionAttribute{i}"), json!(text))).collect()
            });
            user.extras.insert("passwordProfile".into(), {
                json!({"forceChangePasswordNextSignIn": n % 2 == 0, "forceChangePasswordNextSignInWithMfa": false})
            });
            user.account_enabled = n % 2 == 0;
            user.usage_location = Some(if n % 2 == 0 { "DE" } else { "CH" }.to_owned());
        });
    }
    tenant = tenant.change_group(1, |group| {
        group.extras.insert("description".into(), json!("Alpha"));
        group.extras.insert("mailNickname".into(), json!("alpha"));
        group.extras.insert("isAssignableToRole".into(), json!(true));
    });
    tenant = tenant.change_blueprint(1, |blueprint| {
        for name in ["description", "applicationTemplateId", "disabledByMicrosoftStatus"] {
            blueprint.extras.insert(name.into(), json!("Alpha"));
        }
        for name in ["identifierUris", "tags"] {
            blueprint.extras.insert(name.into(), json!(["Alpha", "beta"]));
        }
        let access = json!([{"resourceAppId": "00000003-0000-0000-c000-000000000000", "resourceAccess": []}]);
        blueprint.extras.insert("requiredResourceAccess".into(), access);
    });
    // Sign-ins are not kept for ever.
    tenant = tenant.created_at(start().unix_ms);
    for (n, role) in [(1, "Directory Readers"), (2, "Global Reader")] {
        let user = ids::human(n);
        tenant = tenant.directory_role(user, role, false).directory_role(user, role, true);
        tenant = tenant.at_risk(ids::identity(n), "high").signed_in(ids::agent_user(999 + n), n, true);
    }
    tenant.change_identity(1, |identity| {
        for name in ["description", "applicationTemplateId"] {
            identity.extras.insert(name.into(), json!("Alpha"));
        }
        for name in ["alternativeNames", "servicePrincipalNames", "tags"] {
            identity.extras.insert(name.into(), json!(["Alpha", "beta"]));
        }
        identity.extras.insert("appRoleAssignmentRequired".into(), json!(true));
        identity
            .extras
            .insert("appOwnerOrganizationId".into(), json!("72f988bf-86f1-41af-91ab-2d7cd011db47"));
    })
}

struct Row {
    set: String,
    path: Vec<String>,
    cells: Vec<(&'static str, &'static str)>,
}

fn rows() -> Vec<Row> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let parts: Vec<&'static str> = line.split('\t').collect();
            let set = match (parts[0], parts[1]) {
                ("user", _) => "/users".to_owned(),
                ("group", _) => "/groups".to_owned(),
                ("application", _) => "/applications".to_owned(),
                ("administrativeUnit", _) => "/directory/administrativeUnits".to_owned(),
                ("oAuth2PermissionGrant", _) => "/oauth2PermissionGrants".to_owned(),
                ("appRoleAssignment", _) => {
                    format!("/servicePrincipals/{}/appRoleAssignedTo", ids::graph_principal())
                }
                ("federatedIdentityCredential", _) => {
                    format!("/applications/{}/federatedIdentityCredentials", ids::blueprint(1))
                }
                ("riskyAgent", _) => format!("{ROOT}/beta/identityProtection/riskyAgents"),
                ("summarizedSignIn", _) => format!(
                    "{ROOT}/beta/auditLogs/getSummarizedNonInteractiveSignIns(aggregationWindow='d1')"
                ),
                ("unifiedRoleAssignment", _) => "/roleManagement/directory/roleAssignments".to_owned(),
                ("unifiedRoleAssignmentScheduleInstance", _) => {
                    "/roleManagement/directory/roleAssignmentScheduleInstances".to_owned()
                }
                ("unifiedRoleDefinition", _) => "/roleManagement/directory/roleDefinitions".to_owned(),
                ("unifiedRoleEligibilityScheduleInstance", _) => {
                    "/roleManagement/directory/roleEligibilityScheduleInstances".to_owned()
                }
                (_, "agentIdentityBlueprintId") => {
                    "/servicePrincipals/microsoft.graph.agentIdentity".to_owned()
                }
                _ => "/servicePrincipals".to_owned(),
            };
            let path = parts[1].split('/').map(str::to_owned).collect();
            let names = ["eq", "startsWith", "ge", "le", "null", "endsWith"];
            Row { set, path, cells: names.into_iter().zip(parts[2..8].iter().copied()).collect() }
        })
        .collect()
}

/// The values of an object at a path; those of a collection's elements after `any`.
fn values<'a>(object: &'a Value, path: &[String]) -> Vec<&'a Value> {
    match path.split_first() {
        None => vec![object],
        Some((first, rest)) if first == "any" => {
            object.as_array().into_iter().flatten().flat_map(|item| values(item, rest)).collect()
        }
        Some((first, rest)) => object.get(first).map_or_else(Vec::new, |value| values(value, rest)),
    }
}

/// How the value stands in a filter.
fn literal(set: &str, value: &Value, path: &[String]) -> String {
    let last = path.last().unwrap();
    let is_bare = last.ends_with("DateTime")
        || last.ends_with("Date")
        || last == "resourceId" && set.ends_with("appRoleAssignedTo")
        || matches!(last.as_str(), "skuId" | "servicePlanId" | "appOwnerOrganizationId");
    match value {
        Value::String(text) if is_bare => text.clone(),
        Value::String(text) => format!("'{}'", text.replace('\'', "''")),
        other => other.to_string(),
    }
}

fn clause(path: &[String], operator: &str, value: &str) -> String {
    let compared = |place: &str| match operator {
        "startsWith" | "endsWith" => format!("{operator}({place},{value})"),
        "null" => format!("{place} eq null"),
        _ => format!("{place} {operator} {value}"),
    };
    match path.iter().position(|part| part == "any") {
        Some(at) => {
            let inner: String = path[at + 1..].iter().map(|part| format!("/{part}")).collect();
            format!("{}/any(x:{})", path[..at].join("/"), compared(&format!("x{inner}")))
        }
        None => compared(&path.join("/")),
    }
}

/// The plain reading of an operator, letter case left out.
fn holds(found: &Value, operator: &str, value: &Value) -> bool {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_lowercase);
    let (one, other) = (text(found), text(value));
    match operator {
        "null" => found.is_null(),
        _ if found.is_null() => operator == "ne",
        "eq" => one == other,
        "ne" => one != other,
        "ge" => one >= other,
        "le" => one <= other,
        "startsWith" => one.starts_with(&other),
        _ => one.ends_with(&other),
    }
}

fn ask(graph: &mut Client, set: &str, filter: &str, advanced: bool) -> (u16, Value) {
    let filter = utf8_percent_encode(filter, NON_ALPHANUMERIC);
    let path = format!("{set}?$top=100&$select=id&$filter={filter}");
    if advanced { graph.get_eventual(&format!("{path}&$count=true")) } else { graph.get(&path) }
}

/// Grants, an assignment and credentials.
fn grant(graph: &mut Client) {
    let api = ids::graph_principal().to_string();
    for n in 1..=2 {
        let client = ids::identity(n).to_string();
        let (consent, user) = if n == 1 {
            ("Principal", json!(ids::human(1).to_string()))
        } else {
            ("AllPrincipals", Value::Null)
        };
        let grant = json!({
            "clientId": client, "consentType": consent, "principalId": user, "resourceId": api, "scope": "User.Read",
        });
        assert_eq!(graph.post("/oauth2PermissionGrants", &grant).0, 201);
        let role = json!({
            "principalId": client, "resourceId": api, "appRoleId": "4aa6e624-eee0-40ab-bdd8-f9639038a614",
        });
        assert_eq!(graph.post(&format!("/servicePrincipals/{api}/appRoleAssignedTo"), &role).0, 201);
        let credential = json!({
            "name": format!("credential-{n}"), "issuer": format!("https://issuer/{n}"), "subject": "x", "audiences": ["api://AzureADTokenExchange"],
        });
        let path = format!("/applications/{}/federatedIdentityCredentials", ids::blueprint(1));
        assert_eq!(graph.post(&path, &credential).0, 201);
    }
}

fn found_ids(answer: &Value) -> BTreeSet<String> {
    answer["value"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_cell_is_right_or_not_simulated() {
    let mut graph = Client::of(tenant());
    graph.post(
        &format!("/users/{}/assignLicense", ids::human(1)),
        &json!({"addLicenses": [{"skuId": ids::sku(1).to_string()}], "removeLicenses": []}),
    );
    grant(&mut graph);
    graph.later(seconds(100_000));
    let (mut answered, mut refused_cells, mut lacking, mut unsampled) =
        (0, 0, BTreeSet::new(), BTreeSet::new());
    for row in rows() {
        let name = row.path.join("/");
        if row.path.last().unwrap() == "$count" {
            let collection = &row.path[0];
            let (status, answer) = ask(&mut graph, &row.set, &format!("{collection}/$count eq 0"), true);
            match status {
                501 => drop(lacking.insert(name)),
                _ => {
                    assert_eq!(status, 200, "{name}: {answer}");
                    let missing = ask(&mut graph, &row.set, &format!("{collection}/$count eq 0"), false);
                    refused(&missing, 400, "Request_UnsupportedQuery");
                    answered += 1;
                }
            }
            continue;
        }
        let (status, all) = graph.get(&format!("{}?$top=100&$select=id,{}", row.set, row.path[0]));
        let objects = if status == 200 { all["value"].as_array().unwrap().clone() } else { Vec::new() };
        let found = objects.iter().flat_map(|one| values(one, &row.path));
        let sample = found.filter(|value| !value.is_object()).find(|value| !value.is_null()).cloned();
        let sampled = sample.is_some();
        let is_date = row.path.last().unwrap().ends_with("DateTime");
        let sample = sample.unwrap_or(json!(if is_date { "2026-01-01T00:00:00Z" } else { "x" }));
        let cell = |name: &str| row.cells.iter().find(|(operator, _)| *operator == name).unwrap().1;
        let lacks = |name: &str| matches!(cell(name), "N" | "-");
        // A property that supports `eq`, or `eq` with null, supports `ne`, too.
        let negated = if lacks("eq") && lacks("null") { "-" } else { "A" };
        for (operator, cell) in row.cells.iter().copied().chain([("ne", negated)]) {
            if operator == "ne" && row.path.contains(&"any".to_owned()) {
                continue;
            }
            let filter = clause(&row.path, operator, &literal(&row.set, &sample, &row.path));
            let (status, answer) = ask(&mut graph, &row.set, &filter, true);
            if status == 501 {
                assert_eq!(answer["error"]["code"], "NotSimulated");
                lacking.insert(name.clone());
                continue;
            }
            if matches!(cell, "N" | "-") {
                assert_eq!(status, 400, "{filter}: {answer}");
                refused_cells += 1;
                continue;
            }
            assert!(status == 200 || !sampled, "{filter}: {answer}");
            if !sampled {
                unsampled.insert(name.clone());
                continue;
            }
            let is_found = |one: &&Value| {
                let values = values(one, &row.path);
                let missing = values.is_empty() && !row.path.contains(&"any".to_owned());
                values.iter().any(|value| holds(value, operator, &sample))
                    || missing && matches!(operator, "null" | "ne")
            };
            let expected: BTreeSet<String> =
                objects.iter().filter(is_found).map(|one| one["id"].as_str().unwrap().to_owned()).collect();
            assert_eq!(found_ids(&answer), expected, "{filter}");
            let default = ask(&mut graph, &row.set, &filter, false);
            match cell {
                "A" | "a" => {
                    refused(&default, 400, "Request_UnsupportedQuery");
                    let message = default.1["error"]["message"].as_str().unwrap();
                    assert!(
                        message.contains("is not supported because the required parameters might be missing")
                    );
                }
                _ => assert_eq!((default.0, found_ids(&default.1)), (200, expected), "{filter}"),
            }
            answered += 1;
        }
    }
    assert!(answered > 250 && refused_cells > 150, "{answered} answered, {refused_cells} refused");
    // The properties that are not simulated. The list should only become shorter.
    let lacking: Vec<&str> = lacking.iter().map(String::as_str).collect();
    assert_eq!(
        lacking,
        [
            "createdObjects/any/id",
            "customSecurityAttributes",
            "identities/any/issuer",
            "info/logoUrl",
            "info/termsOfServiceUrl",
            "keyCredentials/any/endDateTime",
            "manager/deletedDateTime",
            "onPremisesProvisioningErrors/any/category",
            "onPremisesProvisioningErrors/any/propertyCausingError",
            "ownedDevices/$count",
            "ownedObjects/$count",
            "owners/$count",
            "serviceProvisioningErrors/any",
            "signInActivity",
        ]
    );
    let unsampled: Vec<&str> = unsampled.iter().map(String::as_str).collect();
    assert_eq!(unsampled, ["deletedDateTime", "imAddresses/any"], "no value to look for");
}

#[test]
fn the_disputed_filter_on_dates_of_creation_has_a_switch() {
    let filter = "createdDateTime ge 2020-01-01T00:00:00Z";
    for (switch, status) in [(false, 200), (true, 400)] {
        let switches = Switches { created_filter_is_advanced: switch, ..Switches::default() };
        let mut graph = Client::with(switches);
        assert_eq!(ask(&mut graph, "/users", filter, false).0, status);
        assert_eq!(ask(&mut graph, "/users", filter, true).0, 200);
    }
}

#[test]
fn operators_combine() {
    let mut graph = Client::of(tenant());
    let mut count = |filter: &str| {
        let (status, answer) = ask(&mut graph, "/users", filter, true);
        assert_eq!(status, 200, "{filter}: {answer}");
        found_ids(&answer).len()
    };
    let everybody = 5 + 1 + 5;
    assert_eq!(count("isof('microsoft.graph.agentUser')"), 6);
    assert_eq!(count("not isof('microsoft.graph.agentUser')"), 5);
    assert_eq!(count("department eq null"), everybody - 5);
    assert_eq!(count("department ne null and not(startsWith(department,'alpha'))"), 2);
    assert_eq!(count("department in (null,'BETA department')"), everybody - 3);
    assert_eq!(count("displayName eq 'Human 1' or displayName eq 'human 2' and accountEnabled eq true"), 1);
    assert_eq!(
        count("(displayName eq 'Human 1' or displayName eq 'human 2') and accountEnabled eq false"),
        1
    );
    assert_eq!(count("accountEnabled"), everybody - 2);
    assert_eq!(count("otherMails/any(m:startsWith(m,'alpha') and endsWith(m,'2'))"), 3);
    assert_eq!(count("not otherMails/any(m:startsWith(m,'alpha'))"), everybody - 3);
    assert_eq!(count("DISPLAYNAME eq 'human 1'"), 1, "names in any letter case");
    let or: Vec<String> = (0..16).map(|n| format!("displayName eq '{n}'")).collect();
    let too_many = ask(&mut graph, "/users", &or.join(" or "), false);
    refused(&too_many, 400, "Request_UnsupportedQuery");
    assert_eq!(ask(&mut graph, "/users", &or.join(" or "), true).0, 200);
    let all = ask(&mut graph, "/users", "otherMails/all(m:m eq 'x')", true);
    refused(&all, 400, "Request_UnsupportedQuery");
}
