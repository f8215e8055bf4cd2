use crate::client::*;
use agentuser_simulator::{LifecyclePolicy, PolicyEnforcement, PolicyRule, Tenant, Token, ids};

const POLICIES: &str = "/identityGovernance/lifecycleWorkflows/lifecyclePolicies";

fn own() -> LifecyclePolicy {
    LifecyclePolicy {
        display_name: "Own".to_owned(),
        system_default: false,
        rules: vec![PolicyRule::PeriodicAttestation(30), PolicyRule::SponsorPresence],
        grace_days: 5,
        enforcement: PolicyEnforcement::DisableThenDelete(10),
        ..LifecyclePolicy::system_default(ids::policy(2))
    }
}

#[test]
fn policies_are_shown_as_on_their_pages() {
    let mut graph = Client::of(Tenant::contoso(3).first_lifecycle_policy(own()));
    let all = graph.all(POLICIES);
    assert_eq!(all.len(), 2);
    let policy = &all[0];
    assert_eq!(policy["@odata.type"], "#microsoft.graph.identityGovernance.agentIdentityLifecyclePolicy");
    assert_eq!(policy["enforcementAction"]["deletionGracePeriodInDays"], 10);
    assert_eq!(policy["rules"][0]["attestationIntervalInDays"], 30);
    assert_eq!(policy["rules"][1]["@odata.type"], "#microsoft.graph.identityGovernance.sponsorPresenceRule");
    let defaults = graph.all(&format!("{POLICIES}?$filter=policySource%20eq%20'systemDefault'"));
    assert_eq!((defaults.len(), &defaults[0]["policySource"]), (1, &"systemDefault".into()));
    let (status, one) = graph.get(&format!("{POLICIES}/{}", ids::policy(2)));
    assert_eq!((status, &one["displayName"]), (200, &"Own".into()));
    not_found(&graph.get(&format!("{POLICIES}/{}", ids::nothing(1))));
    bad_request(&graph.get(&format!("{POLICIES}?$filter=displayName%20eq%20'Own'")));
    let (status, report) = graph.get(&format!("{POLICIES}/{}/report", ids::policy(2)));
    assert_eq!((status, &report["subjectsInScopeCount"]), (200, &6.into()));
}

#[test]
fn subjects_go_from_compliant_to_disabled_to_deleted_and_back_by_attesting() {
    let tenant = Tenant::contoso(3).created_at(start().unix_ms).first_lifecycle_policy(own());
    let mut graph = Client::of(tenant);
    let subjects = format!("{POLICIES}/{}/report/subjects", ids::policy(2));
    let mine = format!("{subjects}?$filter=id%20eq%20'{}'", ids::identity(1));
    let state = |graph: &mut Client| {
        let found = graph.all(&mine).remove(0);
        let text = |name: &str| found["enforcement"][name].as_str().unwrap_or_default().to_owned();
        (found["compliance"]["status"].as_str().unwrap().to_owned(), text("status"), text("nextAction"))
    };
    let is = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    assert_eq!(graph.all(&format!("{subjects}?$top=2")).len(), 6);
    assert_eq!(state(&mut graph), is("compliant", "notRequired", ""));
    graph.later(seconds(31 * 86_400));
    assert_eq!(state(&mut graph), is("nonCompliant", "waiting", "disable"));
    graph.later(seconds(5 * 86_400));
    assert_eq!(state(&mut graph), is("nonCompliant", "actionDue", "disable"));
    let path = format!("/servicePrincipals/{}", ids::identity(1));
    assert_eq!(graph.patch(&path, &serde_json::json!({"accountEnabled": false})).0, 204);
    assert_eq!(state(&mut graph), is("nonCompliant", "waiting", "delete"));
    assert_eq!(graph.act(&format!("{path}/microsoft.graph.agentIdentity/attest")).0, 204);
    assert_eq!(state(&mut graph), is("compliant", "notRequired", ""));
    bad_request(&graph.get(&format!("{subjects}?$orderby=id")));
    bad_request(&graph.get(&format!("{subjects}?$filter=relationship%20eq%20'effective'")));
}

#[test]
fn reading_and_attesting_need_permissions_of_their_own() {
    let mut graph = Client::contoso();
    for (permission, read, write) in [
        ("LifecyclePolicies-AgentId.Read.All", 200, 403),
        ("AgentIdentity.ReadWrite.All", 403, 204),
        ("Application.ReadWrite.All", 403, 403),
    ] {
        graph.directory.add_token("t", Token::application([permission]));
        graph.token = "Bearer t";
        assert_eq!(graph.get(POLICIES).0, read, "{permission}");
        let attest = format!("/servicePrincipals/{}/microsoft.graph.agentIdentity/attest", ids::identity(1));
        assert_eq!(graph.act(&attest).0, write, "{permission}");
    }
    graph.token = agentuser_simulator::tenant::ADMIN;
    let at = |id| format!("/servicePrincipals/{id}/microsoft.graph.agentIdentity/attest");
    not_found(&graph.act(&at(ids::blueprint_principal(1))));
    not_found(&graph.act(&at(ids::nothing(1))));
    assert_eq!(graph.act(&format!("/servicePrincipals/{}/attest", ids::identity(1))).0, 400);
}
