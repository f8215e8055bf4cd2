//! Consent: by grants, by inheritance, by an admin's page; and what is missing without.

use crate::common::*;
use agentuser_core::http::Method;
use agentuser_simulator::{Switches, Tenant, ids};
use serde_json::json;

const GRAPH_APP: agentuser_core::ObjectId =
    agentuser_core::ObjectId::from_u128(0x0000_0003_0000_0000_c000_0000_0000_0000);

fn without_consent() -> Tenant {
    Tenant::contoso(3).agent_user(1, "agent1@contoso.com")
}

fn scp(sim: &mut Sim) -> Result<String, u64> {
    let form = sim.user_form(AGENT);
    let (status, answer) = sim.token(&pairs(&form));
    if status == 200 {
        let token = answer["access_token"].as_str().unwrap();
        return Ok(claims(token)["scp"].as_str().unwrap().to_owned());
    }
    assert_eq!(
        (&answer["error"], &answer["suberror"]),
        (&"invalid_grant".into(), &"consent_required".into())
    );
    Err(number_of(&answer))
}

#[test]
fn a_grant_for_the_user_or_for_all() {
    let mut sim = Sim::new(without_consent());
    assert_eq!(scp(&mut sim), Err(65_001));
    let other = Some(ids::human(1));
    let mut sim = Sim::new(without_consent().consent(ids::identity(1), other, "User.Read"));
    assert_eq!(scp(&mut sim), Err(65_001), "the grant is another user's");
    let own = Some(ids::agent_user(1));
    for user in [own, None] {
        let mut sim = Sim::new(without_consent().consent(ids::identity(1), user, "User.Read"));
        assert_eq!(scp(&mut sim).as_deref(), Ok("User.Read"));
        // A scope that is named must be among them.
        let form = sim.user_form(AGENT);
        assert_eq!(sim.token(&with(&form, &[("scope", "User.Read")])).0, 200);
        assert_eq!(sim.number(&with(&form, &[("scope", "User.Read.All")])), 65_001);
        assert!(sim.directory.revoke_consent(ids::identity_app(1), user));
        assert_eq!(scp(&mut sim), Err(65_001));
    }
}

#[test]
fn graph_writes_the_grants_that_count() {
    let mut sim = Sim::new(without_consent());
    let body = json!({
        "clientId": text(ids::identity(1)), "consentType": "Principal", "principalId": text(ids::agent_user(1)),
        "resourceId": text(ids::graph_principal()), "scope": "User.Read User.ReadBasic.All",
    });
    let request = agentuser_core::http::Request {
        method: Method::Post,
        url: format!("{GRAPH}/v1.0/oauth2PermissionGrants"),
        headers: [("Content-Type", "application/json")].into_iter().collect(),
        body: body.to_string().into_bytes(),
    };
    assert_eq!(sim.directory.handle(sim.now, Some("Bearer admin"), &request).status, 201);
    assert_eq!(scp(&mut sim).as_deref(), Ok("User.Read User.ReadBasic.All"));
}

#[test]
fn what_a_blueprint_lets_its_agents_inherit() {
    let principal = ids::blueprint_principal(1);
    for (scopes, expected) in [
        (json!({"kind": "allAllowed"}), Ok("User.Read User.Read.All")),
        (json!({"kind": "enumerated", "scopes": ["User.Read"]}), Ok("User.Read")),
        (json!({"kind": "none"}), Err(65_001)),
    ] {
        let tenant = without_consent().consent(principal, None, "User.Read User.Read.All");
        let tenant = tenant.app_role(principal, "AgentIdentity.Read.All").change_blueprint(1, |blueprint| {
            let one = json!({"inheritableScopes": scopes, "inheritableRoles": {"kind": "allAllowed"}});
            blueprint.inheritable.insert(GRAPH_APP, one.as_object().unwrap().clone());
        });
        let mut sim = Sim::new(tenant);
        assert_eq!(scp(&mut sim).as_deref().map_err(|number| *number), expected);
        let t1 = sim.exchange(1, 1);
        let id = text(ids::identity(1));
        let mut fields = by(&id, &t1, "client_credentials");
        fields.push(("scope", GRAPH_SCOPE));
        let token = sim.good(&fields);
        assert_eq!(claims(&token)["roles"], json!(["AgentIdentity.Read.All"]));
    }
}

#[test]
fn an_admin_consents_at_a_page() {
    for (identities_too, expected) in [(true, 302), (false, 400)] {
        let switches = Switches { consent_url_for_identities: identities_too, ..Switches::default() };
        let mut sim = Sim::new(without_consent().switches(switches));
        let id = text(ids::identity(1));
        let fields = [
            ("client_id", id.as_str()),
            ("scope", "https://graph.microsoft.com/User.Read"),
            ("redirect_uri", "https://entra.microsoft.com/TokenAuthorize"),
            ("state", "s"),
        ];
        let url = format!("{LOGIN}/contoso.com/v2.0/adminconsent?{}", form(&fields));
        let answer = sim.send(Method::Get, &url, &[], "");
        assert_eq!(answer.status, expected);
        if identities_too {
            let location = answer.headers.get("Location").unwrap();
            assert!(location.contains("admin_consent=True") && location.ends_with("&state=s"), "{location}");
            assert_eq!(scp(&mut sim).as_deref(), Ok("User.Read"));
        } else {
            assert_eq!(number_of(&json_of(&answer)), 82_014);
        }
    }
    // A blueprint asks for app roles.
    let mut sim = Sim::new(without_consent());
    let app = text(ids::blueprint_app(2));
    let role = "AgentIdUser.ReadWrite.IdentityParentedBy";
    let fields = [("client_id", app.as_str()), ("role", role)];
    let url = format!("{LOGIN}/contoso.com/v2.0/adminconsent?{}", form(&fields));
    assert_eq!(sim.send(Method::Get, &url, &[], "").status, 200);
    let path = format!("/servicePrincipals/{}/appRoleAssignments", ids::blueprint_principal(2));
    assert_eq!(sim.get("admin", &path).1["value"][0]["appRoleId"], "4aa6e624-eee0-40ab-bdd8-f9639038a614");
    let away = [("client_id", app.as_str()), ("redirect_uri", "https://evil.example/")];
    let url = format!("{LOGIN}/contoso.com/v2.0/adminconsent?{}", form(&away));
    assert_eq!(number_of(&json_of(&sim.send(Method::Get, &url, &[], ""))), 50_011);
}

#[test]
fn people_may_be_kept_from_consenting() {
    let mut sim = Sim::new(without_consent().sign_in(|entra| entra.set_user_consent(false)));
    let client = text(ids::plain_app(2));
    let fields = [("client_id", client.as_str()), ("scope", "User.Read")];
    let code = sim.post("oauth2/v2.0/devicecode", &fields).1;
    let user_code = code["user_code"].as_str().unwrap();
    assert!(!sim.directory.approve_device_code(sim.now, user_code, ids::human(2)));
    assert!(sim.directory.approve_device_code(sim.now, user_code, ids::human(1)), "an admin may");
}
