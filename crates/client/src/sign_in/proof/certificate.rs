//! A certificate and its key, which sign assertions (docs/sign-in.md#certificate).

use agentuser_core::problem::{Code, Problem};
use agentuser_core::sign_in::{CertificateFacts, assertion};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PSS_SHA256, RsaKeyPair};
use rustls::pki_types::pem::{PemObject as _, SectionKind};
use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};
use zeroize::Zeroizing;

/// An RSA certificate, with its private key where it signs by itself. The key is never printed.
pub struct Certificate {
    /// The certificate and those above it, each as DER.
    chain: Vec<Vec<u8>>,
    key: Option<RsaKeyPair>,
    /// The bytes of a signature by its key.
    signature_len: usize,
    /// Seconds since 1970.
    valid_from: u64,
    valid_until: u64,
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").field("valid_until", &self.valid_until).finish_non_exhaustive()
    }
}

impl Certificate {
    /// A certificate and its key in one PEM text, in any order; further certificates are those above it. The key is RSA,
    /// in PKCS#8 (`BEGIN PRIVATE KEY`) or PKCS#1 (`BEGIN RSA PRIVATE KEY`), and not encrypted.
    ///
    /// # Errors
    /// [`Code::CertificateUnusable`]: what is missing, or can't be used.
    pub fn from_pem(pem: &str) -> Result<Self, Problem> {
        let (certificate, public) = Self::read(pem)?;
        let key = key(pem)?;
        if key.public().as_ref() != public {
            return Err(unusable("The private key is not that of the certificate.")
                .with_cause(
                    "The text has the key of another certificate, or its certificates are in another order.",
                )
                .with_fix("Put the certificate of that key first, and those of its authorities after it."));
        }
        Ok(Self { key: Some(key), ..certificate })
    }

    /// A certificate whose key signs elsewhere, such as in a key vault or a store of the system.
    ///
    /// # Errors
    /// [`Code::CertificateUnusable`]: there is none, or it can't be used.
    pub fn public(pem: &str) -> Result<Self, Problem> {
        Ok(Self::read(pem)?.0)
    }

    /// The certificate, and its public key as it is signed in it.
    fn read(pem: &str) -> Result<(Self, Vec<u8>), Problem> {
        let chain: Vec<Vec<u8>> = sections(pem)?
            .filter_map(|(kind, der)| (kind == SectionKind::Certificate).then(|| der.to_vec()))
            .collect();
        let first = chain.first().ok_or_else(|| {
            unusable("The text has no certificate.")
                .with_cause("It has no block from BEGIN CERTIFICATE to END CERTIFICATE.")
                .with_fix(AS_PEM)
        })?;
        let cant_be_read = || {
            unusable("The certificate can't be read.")
                .with_cause("It is cut off, or it is not an X.509 certificate.")
                .with_fix(AS_PEM)
        };
        let facts = CertificateFacts::read(first).map_err(|_| cant_be_read())?;
        let key = facts.rsa_key.ok_or_else(|| not_rsa("certificate"))?.to_vec();
        let bits = facts.rsa_bits().map_err(|_| cant_be_read())?;
        if bits < SHORTEST_KEY {
            return Err(too_short("certificate's key"));
        }
        let since_1970 = |seconds: i64| u64::try_from(seconds).unwrap_or_default();
        let (valid_from, valid_until) = (since_1970(facts.valid_from), since_1970(facts.valid_until));
        let signature_len = bits.div_ceil(8);
        let certificate = Self { chain, key: None, signature_len, valid_from, valid_until };
        certificate.check(SystemTime::now())?;
        Ok((certificate, key))
    }

    /// Whether it is valid now.
    ///
    /// # Errors
    /// [`Code::CertificateUnusable`] where it has expired or is not valid yet.
    pub(super) fn check(&self, now: SystemTime) -> Result<(), Problem> {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let days = |seconds: u64| match seconds / 86_400 {
            0 => "less than a day".to_owned(),
            1 => "one day".to_owned(),
            days => format!("{days} days"),
        };
        if now < self.valid_from {
            let message =
                format!("The certificate is not valid yet: it begins in {}.", days(self.valid_from - now));
            return Err(unusable(message)
                .with_cause("It was made for later, or this machine's clock is behind.")
                .with_fix("Set this machine's clock, or wait until the certificate is valid."));
        }
        if now > self.valid_until {
            let message = format!("The certificate has expired {} ago.", days(now - self.valid_until));
            return Err(unusable(message)
                .with_cause("Its time is over, or this machine's clock is ahead.")
                .with_fix(
                    "Make a new certificate, add its public part to the application in Entra ID, and use it.",
                ));
        }
        Ok(())
    }

    /// Its public part, as assertions name it; with the certificates themselves where they are to be sent.
    pub(super) fn registered(&self, send_x5c: bool) -> assertion::Certificate {
        let der = self.chain.first().map(Vec::as_slice).unwrap_or_default();
        let registered = assertion::Certificate::new(der);
        if send_x5c { registered.with_chain(self.chain.iter().map(Vec::as_slice)) } else { registered }
    }

    /// Whether it has its private key.
    pub(super) fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// Checks the length of a signature that was made elsewhere. Whether it is right, Entra tells.
    ///
    /// # Errors
    /// [`Code::CertificateUnusable`] where it is shorter or longer than the key's.
    pub(super) fn check_signature(&self, signature: &[u8]) -> Result<(), Problem> {
        if signature.len() == self.signature_len {
            return Ok(());
        }
        let (len, expected) = (signature.len(), self.signature_len);
        let message = format!("The signature that the program gave has {len} bytes, not {expected}.");
        Err(unusable(message)
            .with_cause("It is not by the certificate's key, or not the bytes of the signature alone.")
            .with_fix("Sign the bytes that are asked for by the certificate's key and PS256, and give the signature as it is, not as text."))
    }

    /// Signs by PS256; none where the key is elsewhere.
    pub(super) fn sign(&self, input: &[u8]) -> Option<Result<Vec<u8>, Problem>> {
        let key = self.key.as_ref()?;
        let mut signature = vec![0; key.public().modulus_len()];
        let signed = key.sign(&RSA_PSS_SHA256, &SystemRandom::new(), input, &mut signature);
        Some(signed.map(|()| signature).map_err(|_| unusable("The private key can't sign.")))
    }
}

/// The bits of the shortest key that signs: the crypto library has no shorter ones.
const SHORTEST_KEY: usize = 2048;

const AS_PEM: &str = "Give certificate and key as PEM, such as openssl pkcs12 -in FILE.pfx -nodes writes it.";

fn unusable(message: impl Into<String>) -> Problem {
    Problem::new(Code::CertificateUnusable, message)
}

fn not_rsa(what: &str) -> Problem {
    unusable(format!("The {what} is not of the kind rsaEncryption."))
        .with_cause("It has a key of another kind: of elliptic curves, which can't sign by PS256, or of RSASSA-PSS alone, whose form is not read here.")
        .with_fix("Make a certificate with a usual RSA key of 2048 bits or more, such as openssl req -newkey rsa:2048 makes it, and use it.")
}

fn too_short(what: &str) -> Problem {
    unusable(format!("The {what} is too short."))
        .with_cause(format!("It has fewer than {SHORTEST_KEY} bits."))
        .with_fix(format!("Make a certificate with an RSA key of {SHORTEST_KEY} bits or more, and use it."))
}

/// The blocks of a PEM text. Those of unknown kinds are left out.
fn sections(pem: &str) -> Result<impl Iterator<Item = (SectionKind, Zeroizing<Vec<u8>>)>, Problem> {
    let read: Result<Vec<(SectionKind, Vec<u8>)>, _> =
        <(SectionKind, Vec<u8>)>::pem_slice_iter(pem.as_bytes()).collect();
    let read = read.map_err(|_| {
        unusable("The text is not PEM.")
            .with_cause("A block of it is cut off, or is not base64.")
            .with_fix(AS_PEM)
    })?;
    Ok(read.into_iter().map(|(kind, der)| (kind, Zeroizing::new(der))))
}

/// The private key of a PEM text.
fn key(pem: &str) -> Result<RsaKeyPair, Problem> {
    let encrypted = pem.contains("BEGIN ENCRYPTED PRIVATE KEY") || pem.contains("Proc-Type: 4,ENCRYPTED");
    if encrypted {
        return Err(unusable("The private key is encrypted.")
            .with_cause("The key is protected by a password, which this library does not take.")
            .with_fix("Take the password off, into a file that only this user may read: openssl pkey -in FILE -out NEWFILE."));
    }
    let found = sections(pem)?.find_map(|(kind, der)| match kind {
        SectionKind::PrivateKey => Some(RsaKeyPair::from_pkcs8(&der).map_err(|error| error.to_string())),
        SectionKind::RsaPrivateKey => Some(RsaKeyPair::from_der(&der).map_err(|error| error.to_string())),
        SectionKind::EcPrivateKey => Some(Err("WrongAlgorithm".to_owned())),
        _ => None,
    });
    let found = found.ok_or_else(|| {
        unusable("The text has no private key.").with_cause("It has the certificate alone.").with_fix(AS_PEM)
    })?;
    found.map_err(|error| match error.as_str() {
        "InvalidEncoding" | "WrongAlgorithm" => not_rsa("private key"),
        "TooSmall" => too_short("private key"),
        _ => unusable("The private key can't be used.")
            .with_cause("It is damaged, or of an unusual kind.")
            .with_fix(AS_PEM),
    })
}
