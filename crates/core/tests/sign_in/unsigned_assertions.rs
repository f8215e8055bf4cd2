//! Assertions that a certificate signs.

use crate::common::*;
use agentuser_core::sign_in::assertion::{Certificate, Unsigned};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

fn part(text: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

#[test]
fn an_assertion_has_what_entra_asks_for() {
    // The SHA-256 of "abc" is a test vector of FIPS 180-2.
    let certificate = Certificate::new(b"abc");
    assert_eq!(certificate.thumbprint(), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    let unsigned = |certificate: &Certificate| {
        Unsigned::new(&login(), &tenant(), app(), certificate, 1_764_000_000_999, 5)
    };
    let text = String::from_utf8(unsigned(&certificate).as_bytes().to_vec()).unwrap();
    let (header, claims) = text.split_once('.').unwrap();
    assert_eq!(
        part(header),
        json!({"alg": "PS256", "typ": "JWT", "x5t#S256": "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"})
    );
    assert_eq!(
        part(claims),
        json!({
            "aud": "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token",
            "iss": APP, "sub": APP, "jti": "00000000-0000-0000-0000-000000000005",
            "nbf": 1_764_000_000, "iat": 1_764_000_000, "exp": 1_764_000_600,
        })
    );
    let signed = unsigned(&certificate).sign(&[0xff, 0xfe]);
    assert_eq!(signed.expose(), format!("{text}.__4"));

    let chain = certificate.with_chain([&b"abc"[..], &b"de"[..]]);
    let text = String::from_utf8(unsigned(&chain).as_bytes().to_vec()).unwrap();
    assert_eq!(part(text.split_once('.').unwrap().0)["x5c"], json!(["YWJj", "ZGU="]));
}
