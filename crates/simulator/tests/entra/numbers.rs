//! Each number of docs/sign-in.md#error-codes, by a request that meets it.

use crate::common::*;
use crate::signing::{Assertion, CERTIFICATE, ENDED};
use agentuser_core::http::Method;
use agentuser_simulator::entra::{Application, Effect, Policy};
use agentuser_simulator::{Tenant, ids, tenant};
use serde_json::Value;

/// The expected answer, except for its number.
struct Expected {
    status: u16,
    error: &'static str,
    suberror: Option<&'static str>,
}

const CLIENT: Expected = Expected { status: 401, error: "invalid_client", suberror: None };
const UNAUTHORIZED: Expected = Expected { status: 400, error: "unauthorized_client", suberror: None };
const REQUEST: Expected = Expected { status: 400, error: "invalid_request", suberror: None };
const GRANT: Expected = Expected { status: 400, error: "invalid_grant", suberror: None };
const SCOPE: Expected = Expected { status: 400, error: "invalid_scope", suberror: None };

impl Expected {
    const fn sub(self, suberror: &'static str) -> Self {
        Self { suberror: Some(suberror), ..self }
    }
}

type Answer = (u16, Value);

fn certified(certificate: &[u8], refused: Option<u32>) -> Sim {
    let app = Application::new(ids::blueprint_app(1));
    let app = match refused {
        Some(number) => app.refused_certificate(certificate, number),
        None => app.certificate(certificate),
    };
    Sim::new(tenant().application(app))
}

fn signed(mut sim: Sim, certificate: &[u8], change: fn(Assertion) -> Assertion) -> Answer {
    let id = text(ids::blueprint_app(1));
    let assertion = change(Assertion::new(&sim, &id, certificate)).sign();
    let mut fields = by(&id, &assertion, "client_credentials");
    fields.push(("scope", GRAPH_SCOPE));
    sim.token(&fields)
}

/// T1 with these changes.
fn leg_1(tenant: Tenant, changes: &[(&str, &str)]) -> Answer {
    let mut sim = Sim::new(tenant);
    sim.token(&with(&exchange(1, 1), changes))
}

/// The token of agent user 1 with these changes.
fn leg_3(tenant: Tenant, changes: &[(&str, &str)]) -> Answer {
    let mut sim = Sim::new(tenant);
    let form = sim.user_form(AGENT);
    sim.token(&with(&form, changes))
}

/// On behalf of human 2, with the token for the blueprint of that number.
fn obo(client: &str, audience: u32, tenant: Tenant) -> Answer {
    let mut sim = Sim::new(tenant);
    let t1 = sim.exchange(1, 1);
    let (now, app) = (sim.now, ids::blueprint_app(audience));
    let tc = sim.directory.person_token(now, ids::human(2), app, ids::plain_app(2));
    let blueprint = text(ids::blueprint_app(1));
    let mut fields = if client == blueprint {
        vec![("client_id", client), ("client_secret", tenant::DEMO_SECRET), ("grant_type", OBO)]
    } else {
        by(client, &t1, OBO)
    };
    fields.extend([
        ("assertion", tc.as_str()),
        ("requested_token_use", "on_behalf_of"),
        ("scope", GRAPH_SCOPE),
    ]);
    sim.token(&fields)
}

/// On behalf of a person whose token has ended.
fn late_obo(client: &str) -> Answer {
    let mut sim = Sim::new(tenant());
    let (now, app) = (sim.now, ids::blueprint_app(1));
    let tc = sim.directory.person_token(now, ids::human(2), app, ids::plain_app(2));
    sim.pass(3_600);
    let t1 = sim.exchange(1, 1);
    let mut fields = by(client, &t1, OBO);
    fields.extend([
        ("assertion", tc.as_str()),
        ("requested_token_use", "on_behalf_of"),
        ("scope", GRAPH_SCOPE),
    ]);
    sim.token(&fields)
}

fn of_page(fields: &[(&str, &str)]) -> Answer {
    let mut sim = Sim::new(tenant());
    let url = format!("{LOGIN}/contoso.com/oauth2/v2.0/token");
    let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Origin", "https://page.example")];
    let response = sim.send(Method::Post, &url, &headers, &form(fields));
    (response.status, json_of(&response))
}

fn page_code_without_origin() -> Answer {
    let app = Application::new(ids::plain_app(3))
        .redirect(agentuser_simulator::entra::Redirect::SinglePage, "http://localhost/page");
    let tenant = tenant().application(app).sign_in(|entra| entra.set_approver(Some(ids::human(2))));
    let mut sim = Sim::new(tenant);
    let (client, verifier) = (text(ids::plain_app(3)), "v".repeat(43));
    let fields = [
        ("client_id", client.as_str()),
        ("response_type", "code"),
        ("redirect_uri", "http://localhost/page"),
        ("scope", "User.Read"),
        ("code_challenge", &verifier),
    ];
    let url = format!("{LOGIN}/contoso.com/oauth2/v2.0/authorize?{}", form(&fields));
    let answer = sim.send(Method::Get, &url, &[], "");
    let location = answer.headers.get("Location").unwrap();
    let code = location.split("code=").nth(1).unwrap().split('&').next().unwrap();
    let code = percent_encoding::percent_decode_str(code).decode_utf8().unwrap().into_owned();
    sim.token(&[
        ("client_id", &client),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", "http://localhost/page"),
        ("code_verifier", &verifier),
    ])
}

/// A refresh token for a scope that only an admin may consent to.
fn admin_scope() -> Answer {
    let mut sim = Sim::new(tenant());
    let client = text(ids::plain_app(2));
    let fields = [("client_id", client.as_str()), ("scope", "User.Read offline_access")];
    let code = sim.post("oauth2/v2.0/devicecode", &fields).1;
    assert!(sim.directory.approve_device_code(sim.now, code["user_code"].as_str().unwrap(), ids::human(2)));
    let device_code = code["device_code"].as_str().unwrap();
    let fields = [("client_id", client.as_str()), ("grant_type", DEVICE_CODE), ("device_code", device_code)];
    let answer = sim.token(&fields).1;
    let token = answer["refresh_token"].as_str().unwrap();
    sim.token(&[
        ("client_id", &client),
        ("grant_type", "refresh_token"),
        ("refresh_token", token),
        ("scope", "User.Read.All"),
    ])
}

fn policed(effect: Effect) -> Answer {
    let policy = Policy { name: "c1".to_owned(), user: None, client: None, effect };
    leg_1(tenant().sign_in(|entra| entra.add_policy(policy)), &[])
}

/// Each number, what the answer says besides, and a request that meets it.
fn rows() -> Vec<(u64, Expected, Answer)> {
    let identity = text(ids::identity(1));
    let blueprint = text(ids::blueprint_app(1));
    let nobody = text(ids::nothing(1));
    let ended = Application::new(ids::blueprint_app(1)).secret_until("old", 0);
    let bare = || Tenant::contoso(3).agent_user(1, "agent1@contoso.com");
    let without_principal = Tenant::contoso(1)
        .blueprint_without_principal(9)
        .application(Application::new(ids::blueprint_app(9)).secret("s"));
    let app_9 = text(ids::blueprint_app(9));
    let stale = {
        let mut sim = Sim::new(tenant());
        let form = sim.user_form(AGENT);
        sim.pass(3_600);
        sim.token(&pairs(&form))
    };
    let users_token = {
        let mut sim = Sim::new(tenant());
        let tc = sim.directory.person_token(sim.now, ids::human(1), ids::blueprint_app(1), ids::plain_app(2));
        let mut fields = by(&blueprint, &tc, "client_credentials");
        fields.push(("scope", GRAPH_SCOPE));
        sim.token(&fields)
    };
    let own = |changes: &[(&str, &str)]| {
        let mut all = vec![("fmi_path", ""), ("scope", GRAPH_SCOPE)];
        all.extend(changes);
        leg_1(tenant(), &all)
    };
    let other_tenant = {
        let mut sim = Sim::new(tenant());
        sim.tenant = "fabrikam.com".to_owned();
        sim.token(&pairs(&exchange(1, 1)))
    };
    let foreign = {
        let mut sim = Sim::new(tenant());
        sim.tenant = text(ids::other_tenant(1));
        let t1 = sim.exchange(1, 1);
        sim.tenant = "contoso.com".to_owned();
        let mut fields = by(&identity, &t1, "client_credentials");
        fields.push(("scope", GRAPH_SCOPE));
        sim.token(&fields)
    };
    let consent_required = || GRANT.sub("consent_required");
    let disabled = tenant().change_user(ids::agent_user(1), |user| user.account_enabled = false);
    let device = {
        let mut sim = Sim::new(tenant());
        sim.post("oauth2/v2.0/devicecode", &[("client_id", &identity), ("scope", "User.Read")])
    };
    let not_public = [("client_id", blueprint.as_str()), ("grant_type", DEVICE_CODE), ("device_code", "x")];
    let upn = [("user_id", "agent1@contoso.com")];
    vec![
        (7_000_215, CLIENT, leg_1(tenant(), &[("client_secret", "wrong")])),
        (7_000_222, CLIENT, leg_1(tenant().application(ended), &[("client_secret", "old")])),
        (700_027, CLIENT, signed(certified(ENDED, None), CERTIFICATE, |one| one)),
        (700_024, CLIENT, stale),
        (700_024, CLIENT, signed(certified(CERTIFICATE, None), CERTIFICATE, |one| one.claim("exp", 1))),
        (7_000_216, CLIENT, leg_1(tenant(), &[("client_secret", "")])),
        (7_000_214, CLIENT, signed(certified(CERTIFICATE, Some(7_000_214)), CERTIFICATE, |one| one)),
        (7_000_274, CLIENT, signed(certified(CERTIFICATE, Some(7_000_274)), CERTIFICATE, |one| one)),
        (7_000_277, CLIENT, signed(certified(CERTIFICATE, Some(7_000_277)), CERTIFICATE, |one| one)),
        (1_000_502, CLIENT, signed(certified(ENDED, None), ENDED, |one| one)),
        (50_027, CLIENT, signed(certified(CERTIFICATE, None), CERTIFICATE, |one| one.claim("aud", "x"))),
        (700_016, UNAUTHORIZED, leg_1(tenant(), &[("client_id", &nobody)])),
        (7_000_229, UNAUTHORIZED, {
            let mut sim = Sim::new(without_principal);
            sim.token(&with(
                &exchange(1, 1),
                &[("client_id", &app_9), ("client_secret", "s"), ("fmi_path", ""), ("scope", GRAPH_SCOPE)],
            ))
        }),
        (700_211, CLIENT, foreign),
        (700_229, CLIENT, users_token),
        (82_001, REQUEST, own(&[("scope", "https://vault.azure.net/.default")])),
        (82_002, REQUEST, obo(&blueprint, 1, tenant())),
        (82_014, REQUEST, device),
        (50_013, GRANT, obo(&identity, 2, tenant())),
        (500_133, GRANT, late_obo(&identity)),
        (65_001, consent_required(), leg_3(bare(), &[])),
        (65_001, consent_required(), obo(&identity, 1, bare())),
        (50_000, Expected { status: 400, error: "server_error", suberror: None }, leg_3(tenant(), &upn)),
        (50_034, GRANT, leg_3(tenant(), &[("user_id", &nobody)])),
        (50_057, GRANT, leg_3(disabled, &[])),
        (1_002_012, SCOPE, own(&[("scope", "User.Read")])),
        (70_011, SCOPE, own(&[("scope", "a/.default b/.default")])),
        (70_011, SCOPE, leg_3(tenant(), &[("scope", "No.Such.Scope")])),
        (700_022, SCOPE, leg_3(tenant(), &[("scope", "User.Read https://vault.azure.net/.default")])),
        (
            500_011,
            Expected { status: 400, error: "invalid_resource", suberror: None },
            own(&[("scope", "api://x/.default")]),
        ),
        (
            70_003,
            Expected { status: 400, error: "unsupported_grant_type", suberror: None },
            own(&[("grant_type", "x")]),
        ),
        (90_094, consent_required(), admin_scope()),
        (90_002, REQUEST, other_tenant),
        (900_144, REQUEST, leg_1(tenant(), &[("client_id", "")])),
        (9_002_326, REQUEST, of_page(&pairs(&exchange(1, 1)))),
        (9_002_327, REQUEST, page_code_without_origin()),
        (7_000_218, CLIENT, Sim::new(tenant()).token(&not_public)),
        (7_000_112, UNAUTHORIZED, {
            let off = tenant().change_identity(1, |one| one.account_enabled = false);
            let mut sim = Sim::new(off);
            let t1 = sim.exchange(1, 1);
            let mut fields = by(&identity, &t1, "client_credentials");
            fields.push(("scope", GRAPH_SCOPE));
            sim.token(&fields)
        }),
        (53_003, GRANT.sub("message_only"), policed(Effect::Block(53_003))),
        (530_035, GRANT.sub("message_only"), policed(Effect::Block(530_035))),
    ]
}

/// The numbers of a policy that asks for claims.
const FACTORS: [u32; 5] = [50_072, 50_074, 50_076, 50_078, 50_079];

#[test]
fn every_number_is_met() {
    let factor = || Expected { status: 400, error: "interaction_required", suberror: Some("basic_action") };
    let factors = FACTORS.map(|number| (number.into(), factor(), policed(Effect::ClaimsAtSignIn(number))));
    for (number, expected, (status, answer)) in rows().into_iter().chain(factors) {
        assert_eq!(number_of(&answer), number, "{answer}");
        let Expected { status: of, error, suberror } = expected;
        assert_eq!((status, answer["error"].as_str()), (of, Some(error)), "{answer}");
        assert_eq!(answer["suberror"].as_str(), suberror, "{answer}");
        let description = answer["error_description"].as_str().unwrap();
        assert!(description.starts_with(&format!("AADSTS{number}: ")), "{description}");
        for name in ["timestamp", "trace_id", "correlation_id", "error_uri"] {
            assert!(answer[name].is_string(), "{name} of {answer}");
        }
        assert_eq!(answer["claims"].is_string(), error == "interaction_required", "{answer}");
    }
}

#[test]
fn the_page_s_table_is_covered() {
    let page = include_str!("../../../../docs/sign-in.md");
    let table = page.split("## Error codes").nth(1).unwrap().split("\n## ").next().unwrap();
    let met: Vec<u64> = rows().into_iter().map(|(number, ..)| number).collect();
    let first =
        |line: &str| line.strip_prefix("| ").and_then(|line| line.split(" | ").next()).map(str::to_owned);
    for cell in table.lines().filter_map(first) {
        for number in cell.split([',', ' ']).filter_map(|word| word.parse::<u64>().ok()) {
            // The ends of a range stand for all its numbers: each is a number of a policy.
            let is_range = cell.contains(" to ");
            let is_factor = FACTORS.iter().any(|factor| u64::from(*factor) == number);
            let is_met = met.contains(&number) || ELSEWHERE.contains(&number);
            assert!(is_range || is_factor || is_met, "{number} is not met");
        }
    }
}

/// The numbers that other tests of this directory meet.
const ELSEWHERE: [u64; 14] = [
    50_173, 54_005, 65_004, 70_000, 70_008, 70_016, 70_018, 70_019, 70_020, 70_043, 700_082, 700_084,
    700_212, 700_213,
];
