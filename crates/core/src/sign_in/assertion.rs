//! A client assertion that a certificate signs (docs/sign-in.md#certificate).
//!
//! The core has no private key: it writes what is to be signed, the host signs that with PS256, and both are joined.

use super::login::Login;
use super::names::ClientId;
use super::secret::Secret;
use super::tenant::Tenant;
use crate::ObjectId;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// How long an assertion is good for, in seconds: the most that Entra takes.
const LIFETIME: i64 = 600;

/// The certificate that an application has registered: its public part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    thumbprint: String,
    chain: Option<Vec<String>>,
}

impl Certificate {
    /// The certificate of these DER bytes. Entra finds it by its SHA-256 thumbprint.
    #[must_use]
    pub fn new(der: &[u8]) -> Self {
        Self { thumbprint: URL_SAFE_NO_PAD.encode(Sha256::digest(der)), chain: None }
    }

    /// The same, with the certificates themselves (DER, its own first) in each assertion: for applications that are
    /// registered by subject name and issuer instead of a certificate.
    #[must_use]
    pub fn with_chain<'a>(mut self, chain: impl IntoIterator<Item = &'a [u8]>) -> Self {
        self.chain = Some(chain.into_iter().map(|der| STANDARD.encode(der)).collect());
        self
    }

    /// The SHA-256 thumbprint, in base64url, as the header `x5t#S256` has it.
    #[must_use]
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }
}

/// An assertion without its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsigned(String);

impl Unsigned {
    /// The assertion of this application for the token endpoint of that tenant. `unix_ms` is the time now, and `id` a
    /// random number that no other assertion has.
    #[must_use]
    pub fn new(
        login: &Login,
        tenant: &Tenant,
        client_id: ClientId,
        certificate: &Certificate,
        unix_ms: i64,
        id: u128,
    ) -> Self {
        let mut header = json!({"alg": "PS256", "typ": "JWT", "x5t#S256": certificate.thumbprint});
        if let (Some(chain), Some(header)) = (&certificate.chain, header.as_object_mut()) {
            header.insert("x5c".to_owned(), json!(chain));
        }
        let now = unix_ms.div_euclid(1000);
        let claims = json!({
            "aud": login.token_endpoint(tenant),
            "iss": client_id.to_string(),
            "sub": client_id.to_string(),
            "jti": ObjectId::from_u128(id).to_string(),
            "nbf": now,
            "iat": now,
            "exp": now.saturating_add(LIFETIME),
        });
        let part = |json: &serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
        Self(format!("{}.{}", part(&header), part(&claims)))
    }

    /// The bytes to sign: RSA with PSS padding, SHA-256, and a salt of 32 bytes ([RFC 7518, section
    /// 3.5](https://www.rfc-editor.org/rfc/rfc7518#section-3.5)).
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The assertion with its signature.
    #[must_use]
    pub fn sign(self, signature: &[u8]) -> Secret {
        format!("{}.{}", self.0, URL_SAFE_NO_PAD.encode(signature)).into()
    }
}
