//! Values that the tests share.

use agentuser_core::http::{Headers, Response};
use agentuser_core::sign_in::{AgentIdentityId, ClientId, Leg, Login, Proof, Scopes, Secret, Tenant, UserOf};
use agentuser_core::{ObjectId, graph::Cloud};
use percent_encoding::percent_decode_str;

pub const APP: &str = "a1d00000-0000-4000-8000-000000000001";
pub const IDENTITY: &str = "a1d00000-0000-4000-8000-000000000002";
pub const USER: &str = "a1d00000-0000-4000-8000-000000000003";
pub const GRAPH: &str = "https://graph.microsoft.com/.default";
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

pub fn app() -> ClientId {
    APP.parse::<ObjectId>().unwrap().into()
}

pub fn identity() -> AgentIdentityId {
    IDENTITY.parse::<ObjectId>().unwrap().into()
}

pub fn secret(text: &str) -> Secret {
    text.to_owned().into()
}

pub fn scopes() -> Scopes {
    Scopes::new([GRAPH]).unwrap()
}

pub fn tenant() -> Tenant {
    Tenant::parse("contoso.com").unwrap()
}

pub fn login() -> Login {
    Cloud::Global.into()
}

/// Every leg, with secrets that begin with `top-`.
pub fn legs() -> Vec<Leg> {
    let (t1, t2) = (secret("top-t1"), secret("top-t2"));
    let proof = Proof::Secret(secret("top-secret"));
    let assertion = Proof::Assertion(secret("top-assertion"));
    let user = |name: &str| match name.contains('@') {
        true => UserOf::by_name(name).unwrap(),
        false => UserOf::by_id(name).unwrap(),
    };
    let agent_user = |name: &str| Leg::AgentUser {
        identity: identity(),
        t1: t1.clone(),
        t2: t2.clone(),
        user: user(name),
        scopes: scopes(),
    };
    vec![
        Leg::Application { client_id: app(), proof: proof.clone(), scopes: scopes() },
        Leg::Application { client_id: app(), proof: assertion.clone(), scopes: scopes() },
        Leg::Exchange { blueprint: app(), proof, identity: identity() },
        Leg::Exchange { blueprint: app(), proof: assertion, identity: identity() },
        Leg::AgentIdentity { identity: identity(), t1: t1.clone(), scopes: scopes() },
        Leg::UserExchange { identity: identity(), t1: t1.clone() },
        agent_user(USER),
        agent_user("agent@contoso.com"),
        Leg::OnBehalfOf {
            identity: identity(),
            t1: t1.clone(),
            user_token: secret("top-user"),
            scopes: scopes(),
        },
        Leg::OnBehalfOfAgain {
            identity: identity(),
            t1: t1.clone(),
            refresh_token: secret("top-refresh"),
            scopes: scopes(),
        },
        Leg::DeviceCode { client_id: app(), scopes: scopes() },
        Leg::DeviceToken { client_id: app(), device_code: secret("top-device") },
        Leg::Code {
            client_id: app(),
            code: secret("top-code"),
            verifier: secret("top-verifier"),
            redirect_uri: "http://localhost:49152".to_owned(),
            scopes: scopes(),
        },
        Leg::Refresh { client_id: app(), refresh_token: secret("top-refresh"), scopes: scopes() },
    ]
}

/// The fields of a form, in their order.
pub fn fields(body: &[u8]) -> Vec<(String, String)> {
    let text = std::str::from_utf8(body).unwrap();
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    text.split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

pub fn response(status: u16, body: impl AsRef<[u8]>) -> Response {
    Response { status, headers: Headers::new(), body: body.as_ref().to_vec() }
}
