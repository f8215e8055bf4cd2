//! The legs of agents, one after the other.

use crate::common::*;
use agentuser_core::http::{Headers, Method, Request};
use agentuser_simulator::{Switches, ids};

#[test]
fn the_exchange_token_is_for_one_identity() {
    let mut sim = Sim::new(tenant());
    let t1 = sim.exchange(1, 1);
    let seen = claims(&t1);
    assert_eq!(seen["aud"], "api://AzureADTokenExchange");
    assert_eq!(seen["azp"], text(ids::blueprint_app(1)));
    let sub = seen["sub"].as_str().unwrap();
    assert!(sub.starts_with("/eid1/c/pub/t/") && sub.ends_with(&format!("/{}", ids::identity(1))), "{sub}");
    assert_eq!(seen["iss"], format!("{LOGIN}/{}/v2.0", seen["tid"].as_str().unwrap()));
    assert_eq!(sim.get(&t1, "/users").0, 401, "Graph does not take it");

    // Another blueprint's identity, and none at all.
    let other = exchange(1, 2);
    assert_eq!(sim.token(&pairs(&other)).0, 400);
    let nobody = text(ids::nothing(1));
    assert_eq!(sim.token(&with(&exchange(1, 1), &[("fmi_path", &nobody)])).0, 400);
    // Identity 4 is blueprint 1's as well: its T1 is of no use to identity 1.
    let mut sim = Sim::new(tenant().identity(4, 1));
    let t1 = sim.exchange(1, 4);
    let id = text(ids::identity(1));
    let mut fields = by(&id, &t1, "client_credentials");
    fields.push(("scope", GRAPH_SCOPE));
    assert_eq!(sim.number(&fields), 700_213);
}

#[test]
fn an_agent_identity_gets_its_own_token() {
    let mut sim = Sim::new(tenant().app_role(ids::identity(1), "AgentIdentity.Read.All"));
    let t1 = sim.exchange(1, 1);
    for id in [text(ids::identity(1)), text(ids::identity_app(1))] {
        let mut fields = by(&id, &t1, "client_credentials");
        fields.push(("scope", GRAPH_SCOPE));
        let token = sim.good(&fields);
        let seen = claims(&token);
        assert_eq!((&seen["idtyp"], &seen["roles"][0]), (&"app".into(), &"AgentIdentity.Read.All".into()));
        assert_eq!((&seen["oid"], &seen["xms_idrel"]), (&text(ids::identity(1)).into(), &"7".into()));
        assert_eq!(seen["xms_par_app_azp"], text(ids::blueprint_app(1)));
        assert_eq!(sim.get(&token, "/servicePrincipals/microsoft.graph.agentIdentity").0, 200);
        assert_eq!(sim.get(&token, "/users").0, 403, "it has no more than its roles");
        assert_eq!(sim.get(&token, "/me").0, 400);
    }
}

#[test]
fn an_agent_user_signs_in() {
    let mut sim = Sim::new(tenant());
    let form = sim.user_form(AGENT);
    for change in [vec![], vec![("user_id", ""), ("username", "AGENT1@contoso.com")]] {
        let (status, answer) = sim.token(&with(&form, &change));
        assert_eq!(status, 200, "{answer}");
        let token = answer["access_token"].as_str().unwrap();
        let seen = claims(token);
        assert_eq!((&seen["idtyp"], &seen["scp"]), (&"user".into(), &"User.Read User.Read.All".into()));
        assert_eq!(
            (&seen["oid"], &seen["upn"]),
            (&text(ids::agent_user(1)).into(), &"agent1@contoso.com".into())
        );
        assert!(seen["xms_sub_fct"].as_str().unwrap().split(' ').any(|facet| facet == "13"));
        assert!(answer["refresh_token"].is_string() && answer["client_info"].is_string());
        assert_eq!(claims(answer["id_token"].as_str().unwrap())["preferred_username"], "agent1@contoso.com");
        let (status, me) = sim.get(token, "/me");
        assert_eq!((status, &me["id"]), (200, &text(ids::agent_user(1)).into()));
        assert_eq!(sim.get(token, "/me/licenseDetails").0, 200);
        assert_eq!(sim.get(token, "/servicePrincipals").0, 403);
    }
}

#[test]
fn an_agent_identity_speaks_for_its_own_agent_user_alone() {
    let mut sim = Sim::new(tenant().identity(4, 1).agent_user(4, "agent4@contoso.com"));
    let form = sim.user_form(AGENT);
    for user in [ids::agent_user(4), ids::human(1)] {
        let (status, answer) = sim.token(&with(&form, &[("user_id", &text(user))]));
        assert_eq!((status, &answer["error"]), (400, &"invalid_grant".into()), "{answer}");
    }
    // Neither T1 nor T2 of its sister.
    let other = sim.user_form(4);
    for name in ["client_assertion", "user_federated_identity_credential"] {
        let (_, value) = other.iter().find(|(known, _)| known == name).unwrap();
        assert_eq!(sim.number(&with(&form, &[(name, value)])), 700_213, "{name}");
    }
    // T1 in the place of T2, both inputs, and none.
    let (_, t1) = form.iter().find(|(name, _)| name == "client_assertion").unwrap();
    assert_eq!(sim.number(&with(&form, &[("user_federated_identity_credential", t1)])), 700_213);
    let both = with(&form, &[("username", "agent1@contoso.com")]);
    assert_eq!(sim.token(&both).1["error"], "invalid_request");
    assert_eq!(sim.number(&with(&form, &[("user_id", "")])), 900_144);
    // A blueprint has no such grant.
    let (blueprint, secret) = (text(ids::blueprint_app(1)), agentuser_simulator::tenant::DEMO_SECRET);
    let by_blueprint =
        [("client_id", blueprint.as_str()), ("client_secret", secret), ("client_assertion", "")];
    assert_eq!(sim.token(&with(&form, &by_blueprint)).1["error"], "unauthorized_client");
}

#[test]
fn an_agent_acts_for_a_person() {
    let mut sim = Sim::new(tenant());
    let t1 = sim.exchange(1, 1);
    let person = ids::human(2);
    let tc = sim.directory.person_token(sim.now, person, ids::blueprint_app(1), ids::plain_app(2));
    let id = text(ids::identity(1));
    let mut fields = by(&id, &t1, OBO);
    let scope = format!("{GRAPH_SCOPE} offline_access");
    fields.extend([("assertion", tc.as_str()), ("requested_token_use", "on_behalf_of"), ("scope", &scope)]);
    let (status, answer) = sim.token(&fields);
    assert_eq!(status, 200, "{answer}");
    let token = answer["access_token"].as_str().unwrap();
    let seen = claims(token);
    assert_eq!((&seen["oid"], &seen["appid"]), (&text(person).into(), &text(ids::identity_app(1)).into()));
    assert_eq!(sim.get(token, "/me").1["id"], text(person));

    // Then by its refresh token, with a token of the blueprint again.
    sim.pass(7_200);
    assert_eq!(sim.get(token, "/me").0, 401);
    let refresh = answer["refresh_token"].as_str().unwrap();
    let mut fields = by(&id, &t1, "refresh_token");
    fields.extend([("refresh_token", refresh), ("scope", GRAPH_SCOPE)]);
    assert_eq!(sim.number(&fields), 700_024, "the token of the blueprint has ended");
    let t1 = sim.exchange(1, 1);
    let mut fields = by(&id, &t1, "refresh_token");
    fields.extend([("refresh_token", refresh), ("scope", GRAPH_SCOPE)]);
    let (status, renewed) = sim.token(&fields);
    assert_eq!(status, 200, "{renewed}");
    assert_ne!(renewed["refresh_token"], answer["refresh_token"]);
    assert_eq!(sim.get(renewed["access_token"].as_str().unwrap(), "/me").0, 200);
}

/// Whether a disabled principal stops more than the blueprint itself: no page says.
#[test]
fn a_disabled_principal_stops_its_agent_users_or_not() {
    for disabled_principal_stops_users in [true, false] {
        let switches = Switches { disabled_principal_stops_users, ..Switches::default() };
        let off = |tenant: agentuser_simulator::Tenant| {
            tenant.change_blueprint_principal(1, |one| one.account_enabled = false)
        };
        let mut sim = Sim::new(off(tenant().switches(switches.clone())));
        let exchanged = sim.token(&pairs(&exchange(1, 1)));
        let mut own = exchange(1, 1);
        own.retain(|(name, _)| name != "fmi_path" && name != "scope");
        own.push(("scope".to_owned(), GRAPH_SCOPE.to_owned()));
        // The blueprint's own token is refused in any case.
        assert_eq!(sim.number(&pairs(&own)), 7_000_112);
        if disabled_principal_stops_users {
            assert_eq!(number_of(&exchanged.1), 7_000_112);
        } else {
            assert_eq!(exchanged.0, 200, "{exchanged:?}");
            let form = sim.user_form(AGENT);
            assert_eq!(sim.token(&pairs(&form)).0, 200);
        }
        // Exchange tokens that were given before.
        let mut sim = Sim::new(tenant().switches(switches));
        let form = sim.user_form(AGENT);
        let url = format!("{GRAPH}/v1.0/servicePrincipals/{}", ids::blueprint_principal(1));
        let headers = [("Authorization", "Bearer admin"), ("Content-Type", "application/json")];
        let headers: Headers = headers.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
        let body = br#"{"accountEnabled": false}"#.to_vec();
        let patch = Request { method: Method::Patch, url, headers, body };
        assert_eq!(sim.directory.handle(sim.now, Some("Bearer admin"), &patch).status, 204);
        assert_eq!(sim.token(&pairs(&form)).0 == 200, !disabled_principal_stops_users);
    }
}
