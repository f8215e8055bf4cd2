//! Certificates of applications: as much of X.509 as a signature needs.

use super::application::Key;
use crate::clock;
use std::ops::Range;

/// A signature, and what it says of its key.
pub(super) struct Signature<'a> {
    pub(super) algorithm: &'a str,
    /// Of the certificate, by SHA-256 in base64url.
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
#[cfg(feature = "server")]
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
    Certificate::read(der).map(|one| one.validity)
}

/// When a certificate is valid, in milliseconds since 1970, and its thumbprint by SHA-1, where this build can tell. None for
/// what is not a certificate.
pub(crate) fn facts(der: &[u8]) -> Option<(Range<i64>, Option<Vec<u8>>)> {
    validity(der).map(|validity| (validity, sha1(der)))
}

struct Certificate<'a> {
    validity: Range<i64>,
    /// The public key, as PKCS#1 has it.
    key: &'a [u8],
}

const SEQUENCE: u8 = 0x30;
const BIT_STRING: u8 = 0x03;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
/// The version of a certificate, which may be left out.
const VERSION: u8 = 0xa0;

impl<'a> Certificate<'a> {
    fn read(der: &'a [u8]) -> Option<Self> {
        let (certificate, _) = value(der, SEQUENCE)?;
        let (mut rest, _) = value(certificate, SEQUENCE)?;
        if let Some((_, after)) = value(rest, VERSION) {
            rest = after;
        }
        // Serial number, algorithm and issuer.
        for _ in 0..3 {
            (_, _, rest) = element(rest)?;
        }
        let (validity, rest) = value(rest, SEQUENCE)?;
        let (from, until) = time(validity)?;
        let (until, _) = time(until)?;
        let (_, _, rest) = element(rest)?;
        let (public, _) = value(rest, SEQUENCE)?;
        let (_, bits) = value(public, SEQUENCE)?;
        let (bits, _) = value(bits, BIT_STRING)?;
        let (0, key) = bits.split_first().map(|(unused, key)| (*unused, key))? else { return None };
        Some(Self { validity: from..until, key })
    }
}

/// A tag, its content, and what comes after it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..0x80 => (usize::from(*first), rest),
        _ => {
            let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            if length.len() > 4 {
                return None;
            }
            (length.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
        }
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

fn value(der: &[u8], wanted: u8) -> Option<(&[u8], &[u8])> {
    element(der).filter(|(tag, ..)| *tag == wanted).map(|(_, content, rest)| (content, rest))
}

/// A time in milliseconds since 1970, and what comes after it.
fn time(der: &[u8]) -> Option<(i64, &[u8])> {
    let (tag, content, rest) = element(der)?;
    let text = std::str::from_utf8(content).ok()?;
    let century = match (tag, text.get(..2)?.parse::<u8>().ok()?) {
        (GENERALIZED_TIME, _) => "",
        (UTC_TIME, 50..) => "19",
        (UTC_TIME, _) => "20",
        _ => return None,
    };
    let text = format!("{century}{text}");
    let part = |range: Range<usize>| text.get(range);
    let date = format!("{}-{}-{}", part(0..4)?, part(4..6)?, part(6..8)?);
    let time = format!("{}:{}:{}Z", part(8..10)?, part(10..12)?, part(12..14)?);
    Some((clock::parse(&format!("{date}T{time}"))?, rest))
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
    use super::{Certificate, Found, Signature};
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
        let Some(certificate) = Certificate::read(der) else { return false };
        let key = UnparsedPublicKey::new(algorithm, certificate.key);
        key.verify(signature.input, signature.bytes).is_ok()
    }

    pub(super) fn sha1(bytes: &[u8]) -> Option<Vec<u8>> {
        Some(digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec())
    }

    pub(in super::super) fn sha256(bytes: &[u8]) -> Option<Vec<u8>> {
        Some(digest(&SHA256, bytes).as_ref().to_vec())
    }
}
