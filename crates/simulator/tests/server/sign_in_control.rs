//! The sign-in over HTTP: all legs, what options begin with, and what control requests change.

use crate::common::*;
use agentuser_simulator::ids;
use agentuser_simulator::options::SimulatorOptions;
use agentuser_simulator::server::Simulator;
use serde_json::{Value, json};

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
const JWT_BEARER: &str =
    "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
const EXCHANGE: &str = "scope=api%3A%2F%2FAzureADTokenExchange%2F.default";

fn token(root: &str, form: &str) -> Value {
    json(&ask_now(root, &format!("POST /contoso.com/oauth2/v2.0/token|{FORM}"), form))
}

fn access(answer: &Value) -> &str {
    answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}"))
}

fn order(root: &str, path: &str, body: &Value) -> Value {
    json(&ask_now(root, &format!("POST /simulator/{path}"), &body.to_string()))
}

fn start(options: &Value) -> Simulator {
    Simulator::start(&SimulatorOptions::parse(options.to_string().as_bytes()).unwrap()).unwrap()
}

fn exchange(root: &str, proof: &str) -> Value {
    let (blueprint, identity) = (ids::blueprint_app(1), ids::identity(1));
    token(
        root,
        &format!(
            "grant_type=client_credentials&client_id={blueprint}&{proof}&{EXCHANGE}&fmi_path={identity}"
        ),
    )
}

#[test]
fn all_legs_from_the_options_json() {
    let agent = ids::identity(1);
    let simulator = start(&json!({
        "identities": 3, "agentUsers": 0,
        "signIn": {
            "consent": [{"client": agent.to_string(), "scope": "User.Read"}],
            "people": [{"userPrincipalName": "ada@contoso.com", "displayName": "Ada", "admin": true}],
        }
    }));
    let root = simulator.endpoint();
    let manager = token(
        root,
        &format!(
            "grant_type=client_credentials&client_id={}&client_secret={SECRET}&scope={root}/.default",
            ids::plain_app(1)
        ),
    );
    let new = json!({
        "accountEnabled": true, "displayName": "A", "mailNickname": "a", "userPrincipalName": "a@contoso.com",
        "identityParentId": agent.to_string(),
    });
    let head = format!(
        "POST /v1.0/users/microsoft.graph.agentUser|Content-Type: application/json|Authorization: Bearer {}",
        access(&manager)
    );
    assert_eq!(status(&ask_now(root, &head, &new.to_string())), 201);

    let t1 = exchange(root, &format!("client_secret={SECRET}"));
    let proof = format!("client_id={agent}&{JWT_BEARER}&client_assertion={}", access(&t1));
    let t2 = token(root, &format!("grant_type=client_credentials&{proof}&{EXCHANGE}"));
    let form = format!(
        "grant_type=user_fic&{proof}&user_federated_identity_credential={}&username=a%40contoso.com&scope={root}/.default",
        access(&t2)
    );
    let user = token(root, &form);
    let me = format!("GET /v1.0/me|Authorization: Bearer {}", access(&user));
    assert_eq!(json(&ask_now(root, &me, ""))["userPrincipalName"], "a@contoso.com");

    // On behalf of a person, whose token a control request makes.
    let blueprint = ids::blueprint_app(1).to_string();
    let tc = order(root, "user-token", &json!({"user": "ada@contoso.com", "audience": blueprint}));
    let form = format!(
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&{proof}&assertion={}&requested_token_use=on_behalf_of&scope={root}/.default",
        tc["token"].as_str().unwrap()
    );
    let me = format!("GET /v1.0/me|Authorization: Bearer {}", access(&token(root, &form)));
    assert_eq!(json(&ask_now(root, &me, ""))["displayName"], "Ada");

    // Consent is taken back, and given again.
    let revoked = order(root, "consent", &json!({"client": agent.to_string()}));
    assert_eq!(revoked["revoked"], true);
    assert_eq!(token(root, &form)["error_codes"][0], 65_001);
    order(
        root,
        "consent",
        &json!({"client": agent.to_string(), "user": "ada@contoso.com", "scope": "User.Read"}),
    );
    assert!(token(root, &form)["access_token"].is_string());

    // Policies.
    let policies =
        json!({"policies": [{"name": "c1", "clientId": ids::identity_app(1).to_string(), "block": 53_003}]});
    assert_eq!(order(root, "policies", &policies)["policies"], 1);
    assert_eq!(token(root, &form)["error_codes"][0], 53_003);
    order(root, "policies", &json!({"policies": []}));

    // Time.
    assert_eq!(order(root, "advance", &json!({"seconds": 4_000}))["advancedSeconds"], 4_000);
    assert_eq!(token(root, &form)["error_codes"][0], 700_024);
}

#[test]
fn a_device_code_is_approved_by_a_request() {
    let simulator = start(&json!({}));
    let root = simulator.endpoint();
    let client = ids::plain_app(2);
    let begin = || {
        let form = format!("client_id={client}&scope=User.Read");
        json(&ask_now(root, &format!("POST /organizations/oauth2/v2.0/devicecode|{FORM}"), &form))
    };
    let look = |code: &Value| {
        let code = code["device_code"].as_str().unwrap();
        token(
            root,
            &format!(
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&client_id={client}&device_code={code}"
            ),
        )
    };
    let code = begin();
    // The address is the one where the client asked.
    assert_eq!(code["verification_uri"], "http://localhost/common/oauth2/deviceauth");
    assert_eq!(look(&code)["error"], "authorization_pending");
    let approve = json!({"userCode": code["user_code"], "user": "human2@contoso.com"});
    assert_eq!(order(root, "device-code", &approve)["approved"], true);
    let me = format!("GET /v1.0/me|Authorization: Bearer {}", access(&look(&code)));
    assert_eq!(json(&ask_now(root, &me, ""))["id"], ids::human(2).to_string());
    let code = begin();
    assert_eq!(order(root, "device-code", &json!({"userCode": code["user_code"]}))["approved"], false);
    assert_eq!(look(&code)["error"], "authorization_declined");
    let unknown = ask_now(root, "POST /simulator/device-code", r#"{"userCode": "X"}"#);
    assert_eq!(status(&unknown), 404);
    for bad in [r#"{"userCode": "X", "user": "nobody@contoso.com"}"#, r#"{"usercode": "X"}"#] {
        assert_eq!(status(&ask_now(root, "POST /simulator/device-code", bad)), 400);
    }
    let page = "POST /simulator/device-code|Origin: https://page.example";
    assert_eq!(status(&ask_now(root, page, "{}")), 403);
}

#[test]
fn a_browser_is_led_back() {
    let simulator = start(&json!({"signIn": {"approves": "human3@contoso.com"}}));
    let root = simulator.endpoint();
    let address = format!(
        "/contoso.com/oauth2/v2.0/authorize?client_id={}&response_type=code&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2F&scope=User.Read&state=x",
        ids::plain_app(2)
    );
    let answer = ask_now(root, &format!("GET {address}"), "");
    assert_eq!(status(&answer), 302);
    assert!(answer.to_lowercase().contains("location: http://127.0.0.1:9/?code="), "{answer}");
    assert_eq!(order(root, "approver", &json!({"user": null}))["approver"], Value::Null);
    let page = ask_now(root, &format!("GET {address}"), "");
    assert!(status(&page) == 200 && page.contains("text/html") && page.contains("human1@contoso.com"));
}

#[test]
fn pipelines_get_tokens_that_a_blueprint_trusts() {
    let simulator = start(&json!({}));
    let root = simulator.endpoint();
    let seen = json(&ask_now(root, "GET /simulator/tenant", ""));
    let trust = |platform: &str| {
        let known = &seen["pipelines"][platform];
        let body = json!({
            "name": platform, "issuer": known["issuer"], "subject": known["subject"],
            "audiences": ["api://AzureADTokenExchange"],
        });
        let head = format!(
            "POST /v1.0/applications/{}/federatedIdentityCredentials|Content-Type: application/json|Authorization: Bearer {}",
            ids::blueprint(1),
            seen["tokens"]["admin"].as_str().unwrap()
        );
        assert_eq!(status(&ask_now(root, &head, &body.to_string())), 201);
        let address = known["requestUrl"].as_str().unwrap().strip_prefix(root).unwrap().to_owned();
        (address, format!("Authorization: Bearer {}", known["requestToken"].as_str().unwrap()))
    };
    let signs_in = |assertion: &Value| {
        let answer =
            exchange(root, &format!("{JWT_BEARER}&client_assertion={}", assertion.as_str().unwrap()));
        assert!(answer["access_token"].is_string(), "{answer}");
    };
    let (address, bearer) = trust("gitHubActions");
    let audience = "&audience=api%3A%2F%2FAzureADTokenExchange";
    signs_in(&json(&ask_now(root, &format!("GET {address}{audience}|{bearer}"), ""))["value"]);
    assert_eq!(status(&ask_now(root, &format!("GET {address}"), "")), 401);
    let unnamed = json(&ask_now(root, &format!("GET {address}|{bearer}"), ""));
    let answer =
        exchange(root, &format!("{JWT_BEARER}&client_assertion={}", unnamed["value"].as_str().unwrap()));
    assert_eq!(answer["error_codes"][0], 700_212, "it is for the owner of the repository");

    let (address, bearer) = trust("azurePipelines");
    let good = format!("POST {address}?api-version=7.1&serviceConnectionId=1|{bearer}");
    signs_in(&json(&ask_now(root, &good, ""))["oidcToken"]);
    for bad in [
        format!("POST {address}?serviceConnectionId=1|{bearer}"),
        format!("POST {address}?api-version=7.1|{bearer}"),
    ] {
        assert_eq!(status(&ask_now(root, &bad, "")), 400);
    }
    let (address, bearer) = trust("kubernetes");
    signs_in(&json(&ask_now(root, &format!("GET {address}|{bearer}"), ""))["token"]);
}

#[test]
fn certificates_and_other_members_of_the_options() {
    use base64::Engine as _;
    let certificate = include_bytes!("../keys/certificate.der");
    let text = base64::engine::general_purpose::STANDARD.encode(certificate);
    let pem = format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n");
    let app = "5ea00000-0000-4000-8000-000000000009";
    let simulator = start(&json!({"signIn": {"applications": [
        {"clientId": ids::blueprint_app(1).to_string(), "certificate": pem},
        {"clientId": app, "clientSecret": "s", "expiredSecret": "old", "roles": ["User.Read.All"], "expiresInSeconds": 60},
    ]}}));
    let root = simulator.endpoint();
    let ask = |secret: &str| {
        token(
            root,
            &format!(
                "grant_type=client_credentials&client_id={app}&client_secret={secret}&scope={root}/.default"
            ),
        )
    };
    assert_eq!(ask("old")["error_codes"][0], 7_000_222);
    let answer = ask("s");
    assert_eq!(
        (&answer["expires_in"], &claims(access(&answer))["roles"]),
        (&60.into(), &json!(["User.Read.All"]))
    );
    let users = format!("GET /v1.0/users|Authorization: Bearer {}", access(&answer));
    assert_eq!(status(&ask_now(root, &users, "")), 200);
    let put = json!({"clientId": app, "certificate": text, "refused": 7_000_214});
    assert_eq!(order(root, "certificate", &put)["clientId"], app);
    let with_more = base64::engine::general_purpose::STANDARD.encode([&certificate[..], &[0]].concat());
    for bad in ["x", &with_more] {
        let bad = json!({"clientId": app, "certificate": bad}).to_string();
        assert_eq!(status(&ask_now(root, "POST /simulator/certificate", &bad)), 400);
    }

    for (options, mistake) in [
        (
            json!({"signIn": {"consent": [{"client": app, "scope": "User.Read"}]}}),
            "signIn.consent[0].client: ",
        ),
        (
            json!({"signIn": {"people": [{"userPrincipalName": "ada"}]}}),
            "signIn.people[0].userPrincipalName: ",
        ),
        (
            json!({"signIn": {"applications": [{"clientId": app, "certificate": "x"}]}}),
            "signIn.applications[0].certificate: ",
        ),
        (json!({"signIn": {"applications": [{"clientId": "x"}]}}), "signIn.applications[0].clientId: "),
        (json!({"signIn": {"policies": [{"name": "c1"}]}}), "signIn.policies[0]: "),
        (json!({"signIn": {"approves": "nobody"}}), "signIn.approves: "),
        (json!({"signIn": {"workloads": {"gitlab": {"subject": "x"}}}}), "signIn.workloads.gitlab: "),
    ] {
        let error = SimulatorOptions::parse(options.to_string().as_bytes()).unwrap_err();
        assert!(error.contains(mistake), "{error}");
    }
}

#[test]
fn an_exchange_token_is_revoked_by_a_request() {
    let simulator = start(&json!({}));
    let root = simulator.endpoint();
    let answer = exchange(root, &format!("client_secret={SECRET}"));
    let body = json!({"token": access(&answer)});
    assert_eq!(order(root, "revoke", &body)["revoked"], true);
    let proof = format!("client_id={}&{JWT_BEARER}&client_assertion={}", ids::identity(1), access(&answer));
    let refused = token(root, &format!("grant_type=client_credentials&{proof}&{EXCHANGE}"));
    assert_eq!(refused["error_codes"][0], 700_027);
}
