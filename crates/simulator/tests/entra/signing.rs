//! Assertions that a client signs with its key. The key and its certificates open nothing but this test.

use crate::common::*;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair};
use serde_json::{Map, Value, json};

pub const CERTIFICATE: &[u8] = include_bytes!("../keys/certificate.der");
/// A certificate of the same key, which ended in 2021.
pub const ENDED: &[u8] = include_bytes!("../keys/ended.der");
const KEY: &[u8] = include_bytes!("../keys/key.der");

/// An assertion to be signed.
pub struct Assertion {
    pub header: Map<String, Value>,
    pub claims: Map<String, Value>,
}

fn digest(algorithm: &'static ring::digest::Algorithm, bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(ring::digest::digest(algorithm, bytes))
}

pub fn sha256(bytes: &[u8]) -> String {
    digest(&ring::digest::SHA256, bytes)
}

impl Assertion {
    /// A good one, for the client at this moment.
    pub fn new(sim: &Sim, client: &str, certificate: &[u8]) -> Self {
        let now = sim.now.unix_ms / 1000;
        let header = json!({"alg": "PS256", "typ": "JWT", "x5t#S256": sha256(certificate)});
        let claims = json!({
            "aud": format!("{LOGIN}/{}/oauth2/v2.0/token", sim.tenant),
            "iss": client, "sub": client, "jti": format!("{now}-{client}"),
            "nbf": now, "iat": now, "exp": now + 600,
        });
        let object = |value: Value| value.as_object().unwrap().clone();
        Self { header: object(header), claims: object(claims) }
    }

    /// With another claim.
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(name.to_owned(), value.into());
        self
    }

    /// With another member of the header; null takes it out.
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header.insert(name.to_owned(), value.into());
        self.header.retain(|_, value| !value.is_null());
        self
    }

    /// With the thumbprint by SHA-1 alone.
    pub fn old_thumbprint(self, certificate: &[u8]) -> Self {
        let own = digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, certificate);
        self.header("x5t#S256", Value::Null).header("x5t", own)
    }

    /// With the certificate itself.
    pub fn chain(self, certificate: &[u8]) -> Self {
        self.header("x5c", json!([STANDARD.encode(certificate)]))
    }

    pub fn sign(&self) -> String {
        let encoding: &'static dyn RsaEncoding =
            if self.header["alg"] == "RS256" { &RSA_PKCS1_SHA256 } else { &RSA_PSS_SHA256 };
        let part = |value: &Map<String, Value>| URL_SAFE_NO_PAD.encode(serde_json::to_string(value).unwrap());
        let input = format!("{}.{}", part(&self.header), part(&self.claims));
        let key = RsaKeyPair::from_der(KEY).unwrap();
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(encoding, &SystemRandom::new(), input.as_bytes(), &mut signature).unwrap();
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}
