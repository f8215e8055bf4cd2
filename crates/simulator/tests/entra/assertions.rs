//! Assertions that a client signed: its key, its times, its address, its certificate.

use crate::common::*;
use crate::signing::{Assertion, CERTIFICATE, ENDED};
use agentuser_core::http::Method;
use agentuser_simulator::entra::Application;
use agentuser_simulator::{Switches, Tenant, Unwelcome, ids, tenant};
use serde_json::{Value, json};

fn blueprint() -> String {
    text(ids::blueprint_app(1))
}

fn with_certificate(certificate: &[u8]) -> Tenant {
    let app = Application::new(ids::blueprint_app(1)).certificate(certificate);
    tenant().application(app.permissions(tenant::blueprint_token(1)))
}

/// T1 with this assertion.
fn ask(sim: &mut Sim, assertion: &str) -> (u16, Value) {
    let (id, path) = (blueprint(), text(ids::identity(1)));
    let mut fields = by(&id, assertion, "client_credentials");
    fields.extend([("scope", EXCHANGE_SCOPE), ("fmi_path", path.as_str())]);
    sim.token(&fields)
}

fn refused(sim: &mut Sim, assertion: &Assertion, number: u64) {
    let (status, answer) = ask(sim, &assertion.sign());
    assert_eq!((status, number_of(&answer)), (401, number), "{answer}");
    assert_eq!(answer["error"], "invalid_client");
}

#[test]
fn a_signature_of_a_known_key_is_good() {
    let mut sim = Sim::new(with_certificate(CERTIFICATE));
    let good = |sim: &Sim| Assertion::new(sim, &blueprint(), CERTIFICATE);
    let tenant = text(sim.directory.tenant_id());
    for assertion in [
        good(&sim),
        good(&sim).header("alg", "RS256"),
        good(&sim).old_thumbprint(CERTIFICATE),
        good(&sim).chain(CERTIFICATE),
        good(&sim).claim("aud", format!("{LOGIN}/{tenant}/oauth2/v2.0/token")),
        good(&sim).claim("aud", format!("{LOGIN}/{tenant}/v2.0")),
        good(&sim).claim("iss", blueprint().to_uppercase()).claim("sub", blueprint().to_uppercase()),
    ] {
        let (status, answer) = ask(&mut sim, &assertion.sign());
        assert_eq!(status, 200, "{answer}");
    }
}

#[test]
fn anything_else_is_refused() {
    let mut sim = Sim::new(with_certificate(CERTIFICATE));
    let good = |sim: &Sim| Assertion::new(sim, &blueprint(), CERTIFICATE);
    let now = sim.now.unix_ms / 1000;
    for (assertion, number) in [
        // Another certificate, no thumbprint, another algorithm than the signature's.
        (Assertion::new(&sim, &blueprint(), ENDED), 700_027),
        (good(&sim).header("x5t#S256", Value::Null), 700_027),
        (good(&sim).header("alg", "none"), 700_027),
        // Times, with five minutes of patience.
        (good(&sim).claim("exp", now - 301), 700_024),
        (good(&sim).claim("nbf", now + 301), 700_024),
        (good(&sim).claim("exp", now + 3_000_000), 700_024),
        // Addresses: another tenant, another endpoint, another host.
        (good(&sim).claim("aud", format!("{LOGIN}/fabrikam.com/oauth2/v2.0/token")), 50_027),
        (good(&sim).claim("aud", format!("{LOGIN}/contoso.com/oauth2/v2.0/authorize")), 50_027),
        (good(&sim).claim("aud", "https://login.example/contoso.com/oauth2/v2.0/token"), 50_027),
        (good(&sim).claim("exp", Value::Null), 50_027),
        // Not the client itself.
        (good(&sim).claim("sub", text(ids::blueprint_app(2))), 50_048),
        (good(&sim).claim("iss", "https://issuer.example").claim("sub", "x"), 700_211),
        // In the name of this Entra.
        (
            good(&sim).claim("iss", format!("{LOGIN}/{}/v2.0", sim.directory.tenant_id())).claim("sub", "x"),
            700_027,
        ),
    ] {
        refused(&mut sim, &assertion, number);
    }
    let signed = good(&sim).sign();
    let (input, signature) = signed.rsplit_once('.').unwrap();
    let (first, rest) = signature.split_at(1);
    let broken = format!("{input}.{}{rest}", if first == "A" { "B" } else { "A" });
    assert_eq!(number_of(&ask(&mut sim, &broken).1), 700_027);
    for malformed in ["", "x", "x.y.z", "e30.e30"] {
        let number = number_of(&ask(&mut sim, malformed).1);
        assert!([50_027, 7_000_216].contains(&number), "{malformed}: {number}");
    }
    for patient in [good(&sim).claim("exp", now - 299), good(&sim).claim("nbf", now + 299)] {
        assert_eq!(ask(&mut sim, &patient.sign()).0, 200);
    }
}

#[test]
fn what_is_not_a_certificate_of_rsa_verifies_nothing() {
    const RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
    let at = CERTIFICATE.windows(RSA.len()).position(|bytes| bytes == RSA).unwrap() + RSA.len() - 1;
    let mut for_pss = CERTIFICATE.to_vec();
    for_pss[at] = 10;
    for certificate in [&for_pss[..], &[CERTIFICATE, &[0]].concat()] {
        let mut sim = Sim::new(with_certificate(certificate));
        let assertion = Assertion::new(&sim, &blueprint(), certificate);
        refused(&mut sim, &assertion, 700_027);
    }
}

#[test]
fn a_certificate_can_be_over_or_revoked() {
    let mut sim = Sim::new(with_certificate(ENDED));
    let assertion = Assertion::new(&sim, &blueprint(), ENDED);
    refused(&mut sim, &assertion, 1_000_502);
    for number in [7_000_214, 7_000_274, 7_000_277] {
        let app = Application::new(ids::blueprint_app(1)).refused_certificate(CERTIFICATE, number);
        let mut sim = Sim::new(tenant().application(app));
        let assertion = Assertion::new(&sim, &blueprint(), CERTIFICATE);
        refused(&mut sim, &assertion, number.into());
    }
}

#[test]
fn readings_of_certificates() {
    let switches = Switches { certificate_chain_needed: true, ..Switches::default() };
    let mut sim = Sim::new(with_certificate(CERTIFICATE).switches(switches));
    let assertion = Assertion::new(&sim, &blueprint(), CERTIFICATE);
    refused(&mut sim, &assertion, 700_027);
    assert_eq!(ask(&mut sim, &assertion.chain(CERTIFICATE).sign()).0, 200);

    // The same assertion twice: taken, unless the switch says otherwise.
    let mut sim = Sim::new(with_certificate(CERTIFICATE));
    let assertion = Assertion::new(&sim, &blueprint(), CERTIFICATE).sign();
    assert_eq!([ask(&mut sim, &assertion).0, ask(&mut sim, &assertion).0], [200, 200]);
    let switches = Switches { repeated_assertion: Unwelcome::Refused, ..Switches::default() };
    let mut sim = Sim::new(with_certificate(CERTIFICATE).switches(switches));
    let assertion = Assertion::new(&sim, &blueprint(), CERTIFICATE);
    assert_eq!(ask(&mut sim, &assertion.sign()).0, 200);
    refused(&mut sim, &assertion, 50_027);
    assert_eq!(ask(&mut sim, &assertion.claim("jti", "another").sign()).0, 200);
}

#[test]
fn the_server_s_clock_counts() {
    for (ahead, expected) in [(300_000, 200), (-300_000, 200), (1_000_000, 401), (-1_000_000, 401)] {
        let switches = Switches { clock_ahead_ms: ahead, ..Switches::default() };
        let mut sim = Sim::new(with_certificate(CERTIFICATE).switches(switches));
        let assertion = Assertion::new(&sim, &blueprint(), CERTIFICATE).sign();
        assert_eq!(ask(&mut sim, &assertion).0, expected, "{ahead}");
    }
}

#[test]
fn graph_registers_certificates() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let mut sim = Sim::new(tenant());
    let url = format!("{GRAPH}/v1.0/applications/{}", ids::blueprint(1));
    let patch = |sim: &mut Sim, credentials: Value| {
        let request = agentuser_core::http::Request {
            method: Method::Patch,
            url: url.clone(),
            headers: [("Content-Type", "application/json")].into_iter().collect(),
            body: json!({"keyCredentials": credentials}).to_string().into_bytes(),
        };
        sim.directory.handle(sim.now, Some("Bearer admin"), &request).status
    };
    let one = |der: &[u8]| json!({"type": "AsymmetricX509Cert", "usage": "Verify", "key": STANDARD.encode(der), "displayName": "CN=x"});
    let assertion = Assertion::new(&sim, &blueprint(), CERTIFICATE).sign();
    assert_eq!(number_of(&ask(&mut sim, &assertion).1), 700_027, "nobody knows the key yet");
    assert_eq!(
        patch(&mut sim, json!([{"type": "AsymmetricX509Cert", "usage": "Verify", "key": "eA=="}])),
        400
    );
    assert_eq!(patch(&mut sim, json!([{"type": "AsymmetricX509Cert", "usage": "Verify"}])), 400);
    assert_eq!(patch(&mut sim, json!([one(CERTIFICATE)])), 204);
    assert_eq!(ask(&mut sim, &assertion).0, 200);

    let path = format!("/applications/{}", ids::blueprint(1));
    let seen = sim.get("admin", &path).1;
    let known = &seen["keyCredentials"][0];
    assert_eq!((&known["key"], &known["endDateTime"]), (&Value::Null, &"2125-12-31T23:59:59Z".into()));
    let selected = sim.get("admin", &format!("{path}?$select=keyCredentials")).1;
    assert_eq!(selected["keyCredentials"][0]["key"], STANDARD.encode(CERTIFICATE));

    // A key that is named keeps its content; one that is left out is gone.
    let mut both = one(ENDED);
    both["displayName"] = "CN=y".into();
    assert_eq!(patch(&mut sim, json!([known, both])), 204);
    assert_eq!(ask(&mut sim, &assertion).0, 200);
    assert_eq!(patch(&mut sim, json!([])), 204);
    assert_eq!(number_of(&ask(&mut sim, &assertion).1), 700_027);
}
