//! Certificates of applications, and what was signed with them.

use super::application::Key;
use agentuser_core::sign_in::CertificateFacts;
use std::ops::Range;

/// A signature, and what it says of its key.
pub(super) struct Signature<'a> {
    pub(super) algorithm: &'a str,
    /// The certificate's SHA-256, in base64url.
    pub(super) thumbprint: Option<&'a str>,
    /// The same by SHA-1.
    pub(super) old_thumbprint: Option<&'a str>,
    pub(super) input: &'a [u8],
    pub(super) bytes: &'a [u8],
}

/// The key of a signature.
pub(super) enum Found<'a> {
    Key(&'a Key),
    NoKey,
    /// This build can't.
    CannotVerify,
}

/// The DER of a certificate that is given as PEM, or as base64. None for what is not a certificate.
#[cfg(feature = "options")]
pub(crate) fn read_text(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    let inner = match text.split_once("-----BEGIN CERTIFICATE-----") {
        Some((_, rest)) => rest.split_once("-----END CERTIFICATE-----")?.0,
        None => text,
    };
    let plain: String = inner.chars().filter(|one| !one.is_whitespace()).collect();
    let der = base64::engine::general_purpose::STANDARD.decode(plain).ok()?;
    validity(&der).map(|_| der)
}

/// When a certificate is valid, in milliseconds since 1970.
pub(super) fn validity(der: &[u8]) -> Option<Range<i64>> {
    let facts = CertificateFacts::read(der).ok()?;
    Some(facts.valid_from.checked_mul(1000)?..facts.valid_until.checked_mul(1000)?)
}

/// When a certificate is valid, in milliseconds since 1970, and its thumbprint by SHA-1, where this build can tell. None for
/// what is not a certificate.
pub(crate) fn facts(der: &[u8]) -> Option<(Range<i64>, Option<Vec<u8>>)> {
    validity(der).map(|validity| (validity, sha1(der)))
}

#[cfg(not(feature = "signatures"))]
pub(super) fn find<'a>(_: &'a [Key], _: &Signature<'_>) -> Found<'a> {
    Found::CannotVerify
}

#[cfg(not(feature = "signatures"))]
pub(super) fn is_good(_: &[u8], _: &Signature<'_>) -> bool {
    false
}

#[cfg(not(feature = "signatures"))]
fn sha1(_: &[u8]) -> Option<Vec<u8>> {
    None
}

/// The digest of a proof key.
#[cfg(not(feature = "signatures"))]
pub(super) fn sha256(_: &[u8]) -> Option<Vec<u8>> {
    None
}

#[cfg(feature = "signatures")]
use verifying::sha1;
#[cfg(feature = "signatures")]
pub(super) use verifying::{find, is_good, sha256};

#[cfg(feature = "signatures")]
mod verifying {
    use super::super::application::Key;
    use super::{Found, Signature};
    use agentuser_core::sign_in::CertificateFacts;
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
    use ring::signature::{
        RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
    };

    /// The key that the signature names.
    pub(in super::super) fn find<'a>(keys: &'a [Key], signature: &Signature<'_>) -> Found<'a> {
        let is_it = |key: &&Key| match (signature.thumbprint, signature.old_thumbprint) {
            (Some(given), _) => {
                URL_SAFE_NO_PAD.encode(digest(&SHA256, &key.der)) == given.trim_end_matches('=')
            }
            (None, Some(given)) => {
                // MSAL for Python pads it, the Azure SDK for Rust sends the other alphabet.
                let own = digest(&SHA1_FOR_LEGACY_USE_ONLY, &key.der);
                URL_SAFE_NO_PAD.encode(own) == given.trim_end_matches('=') || STANDARD.encode(own) == given
            }
            (None, None) => false,
        };
        keys.iter().find(is_it).map_or(Found::NoKey, Found::Key)
    }

    /// Whether the key made the signature.
    pub(in super::super) fn is_good(der: &[u8], signature: &Signature<'_>) -> bool {
        let algorithm: &dyn VerificationAlgorithm = match signature.algorithm {
            "PS256" => &RSA_PSS_2048_8192_SHA256,
            "RS256" => &RSA_PKCS1_2048_8192_SHA256,
            _ => return false,
        };
        let Some(key) = CertificateFacts::read(der).ok().and_then(|facts| facts.rsa_key) else {
            return false;
        };
        UnparsedPublicKey::new(algorithm, key).verify(signature.input, signature.bytes).is_ok()
    }

    pub(super) fn sha1(bytes: &[u8]) -> Option<Vec<u8>> {
        Some(digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec())
    }

    pub(in super::super) fn sha256(bytes: &[u8]) -> Option<Vec<u8>> {
        Some(digest(&SHA256, bytes).as_ref().to_vec())
    }
}
