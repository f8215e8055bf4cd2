//! The form of each leg: exactly the fields that docs/sign-in.md names.

use crate::common::*;
use agentuser_core::graph::Cloud;
use agentuser_core::http::Method;
use agentuser_core::sign_in::{Leg, Login, Proof};
use proptest::prelude::*;
use std::collections::BTreeSet;

const EXCHANGE: &str = "api://AzureADTokenExchange/.default";
const PERSON: &str = "openid profile offline_access https://graph.microsoft.com/.default";

/// The form of each leg of [`legs`], in any order.
fn expected() -> Vec<Vec<(&'static str, &'static str)>> {
    let client = |id, scope, grant| vec![("client_id", id), ("scope", scope), ("grant_type", grant)];
    let with = |mut fields: Vec<_>, more: &[(&'static str, &'static str)]| {
        fields.extend_from_slice(more);
        fields
    };
    let by = |assertion| [("client_assertion_type", JWT_BEARER), ("client_assertion", assertion)];
    let t1 = |fields, more: &[_]| with(with(fields, more), &by("top-t1"));
    let agent_user = |name, value| {
        let more = [("user_federated_identity_credential", "top-t2"), (name, value)];
        t1(client(IDENTITY, GRAPH, "user_fic"), &more)
    };
    let again = "offline_access https://graph.microsoft.com/.default";
    vec![
        with(client(APP, GRAPH, "client_credentials"), &[("client_secret", "top-secret")]),
        with(client(APP, GRAPH, "client_credentials"), &by("top-assertion")),
        with(
            client(APP, EXCHANGE, "client_credentials"),
            &[("fmi_path", IDENTITY), ("client_secret", "top-secret")],
        ),
        with(
            with(client(APP, EXCHANGE, "client_credentials"), &[("fmi_path", IDENTITY)]),
            &by("top-assertion"),
        ),
        t1(client(IDENTITY, GRAPH, "client_credentials"), &[]),
        t1(client(IDENTITY, EXCHANGE, "client_credentials"), &[]),
        agent_user("user_id", USER),
        agent_user("username", "agent@contoso.com"),
        t1(
            client(IDENTITY, again, "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            &[("assertion", "top-user"), ("requested_token_use", "on_behalf_of")],
        ),
        t1(client(IDENTITY, again, "refresh_token"), &[("refresh_token", "top-refresh")]),
        vec![("client_id", APP), ("scope", PERSON)],
        vec![
            ("client_id", APP),
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", "top-device"),
        ],
        with(
            client(APP, PERSON, "authorization_code"),
            &[
                ("code", "top-code"),
                ("code_verifier", "top-verifier"),
                ("redirect_uri", "http://localhost:49152"),
            ],
        ),
        with(client(APP, PERSON, "refresh_token"), &[("refresh_token", "top-refresh")]),
    ]
}

#[test]
fn each_leg_sends_its_fields_and_no_others() {
    let expected = expected();
    assert_eq!(legs().len(), expected.len());
    for (leg, expected) in legs().iter().zip(expected) {
        for claims in [None, Some(r#"{"access_token":{"nbf":{"essential":true}}}"#)] {
            let request = leg.request(&login(), &tenant(), claims);
            let path = if matches!(leg, Leg::DeviceCode { .. }) { "devicecode" } else { "token" };
            let url = format!("https://login.microsoftonline.com/contoso.com/oauth2/v2.0/{path}");
            assert_eq!((request.method, request.url), (Method::Post, url));
            assert_eq!(request.headers.get("content-type"), Some("application/x-www-form-urlencoded"));
            let sent = fields(&request.body);
            let mut wanted: Vec<(&str, &str)> = expected.clone();
            wanted.extend(claims.map(|claims| ("claims", claims)));
            let sent: BTreeSet<(&str, &str)> = sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            assert_eq!(sent, wanted.into_iter().collect(), "{}", leg.name());
        }
    }
}

#[test]
fn a_leg_names_each_secret_that_it_sends_and_shows_none() {
    for leg in legs() {
        let request = leg.request(&login(), &tenant(), None);
        let sent: BTreeSet<String> = fields(&request.body)
            .into_iter()
            .map(|(_, value)| value)
            .filter(|v| v.starts_with("top-"))
            .collect();
        let named: BTreeSet<String> = leg.secrets().iter().map(|secret| secret.expose().to_owned()).collect();
        assert_eq!(sent, named, "{}", leg.name());
        let shown = format!("{leg:?} {request:?} {:?}", leg.secrets());
        assert!(!shown.contains("top-"), "{shown}");
    }
}

#[test]
fn exchange_tokens_are_for_the_audience_of_the_cloud() {
    for (cloud, audience) in [
        (Cloud::Global, "api://AzureADTokenExchange"),
        (Cloud::UsGovernment, "api://AzureADTokenExchangeUSGov"),
        (Cloud::UsGovernmentDod, "api://AzureADTokenExchangeUSGov"),
        (Cloud::China, "api://AzureADTokenExchangeChina"),
    ] {
        let login = Login::from(cloud);
        for leg in legs() {
            let request = leg.request(&login, &tenant(), None);
            assert!(request.url.starts_with(cloud.login()), "{}", request.url);
            let scope = fields(&request.body).into_iter().find(|(name, _)| name == "scope");
            if matches!(leg, Leg::Exchange { .. } | Leg::UserExchange { .. }) {
                assert_eq!(scope.unwrap().1, format!("{audience}/.default"));
            }
        }
    }
}

proptest! {
    #[test]
    fn a_form_brings_any_text(text in any::<String>()) {
        let leg = Leg::Application {
            client_id: app(),
            proof: Proof::Secret(text.clone().into()),
            scopes: scopes(),
        };
        let request = leg.request(&login(), &tenant(), Some(&text));
        let sent = fields(&request.body);
        let of = |name: &str| sent.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        prop_assert_eq!(of("client_secret"), Some(text.clone()));
        prop_assert_eq!(of("claims"), Some(text));
        prop_assert!(request.body.is_ascii() && request.body.capacity() >= request.body.len());
    }
}
