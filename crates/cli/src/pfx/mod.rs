//! Certificates in files of the kind PFX, also called PKCS#12, with the ciphers that Windows, OpenSSL and Java use. What is
//! found is given on as PEM.

mod encryption;
mod fault;

pub(crate) use fault::Fault;

use agentuser::core::sign_in::der::{EXPLICIT, IMPLICIT, OCTETS, OID, Reader, SEQUENCE};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use encryption::{Password, decrypt, is_authentic};
use ring::signature::RsaKeyPair;
use zeroize::Zeroizing;

const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
const ENCRYPTED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 6];
const BAG: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 10, 1];
const X509: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 22, 1];

/// In the place of a length: the end tells where the value ends. BER has that, and DER does not.
const UNTOLD: u8 = 0x80;

/// Whether the bytes may be such a file: they begin with a sequence, as no text does.
pub(crate) fn is_pfx(bytes: &[u8]) -> bool {
    matches!(bytes, [SEQUENCE, length, ..] if *length >= UNTOLD)
}

/// The certificates and keys that were found, as DER.
#[derive(Default)]
struct Found {
    certificates: Vec<Vec<u8>>,
    keys: Vec<Zeroizing<Vec<u8>>>,
}

/// Reads a file: its private key and certificates as PEM, that of the key first.
pub(crate) fn to_pem(bytes: &[u8], password: &str) -> Result<Zeroizing<String>, Fault> {
    if let [SEQUENCE, UNTOLD, ..] = bytes {
        return Err(Fault::Ber);
    }
    let mut pfx = Reader::new(bytes).within(SEQUENCE)?;
    pfx.number()?;
    let mut safe = pfx.within(SEQUENCE)?;
    if safe.value(OID)? != DATA {
        return Err(Fault::Algorithm);
    }
    let content = safe.within(EXPLICIT)?.value(OCTETS)?;
    let password = authenticated(pfx, content, password)?;
    let mut found = Found::default();
    let mut parts = Reader::new(content).within(SEQUENCE)?;
    while !parts.is_empty() {
        let mut part = parts.within(SEQUENCE)?;
        match part.value(OID)? {
            DATA => found.take(part.within(EXPLICIT)?.value(OCTETS)?, &password)?,
            ENCRYPTED_DATA => {
                let mut encrypted = part.within(EXPLICIT)?.within(SEQUENCE)?;
                encrypted.number()?;
                let mut encrypted = encrypted.within(SEQUENCE)?;
                encrypted.value(OID)?;
                let algorithm = encrypted.within(SEQUENCE)?;
                found.take(&decrypt(algorithm, encrypted.value(IMPLICIT)?, &password)?, &password)?;
            }
            _ => return Err(Fault::Algorithm),
        }
    }
    found.into_pem()
}

/// The password in the form by which the file is authentic.
fn authenticated(mut pfx: Reader<'_>, content: &[u8], password: &str) -> Result<Password, Fault> {
    let given = Password::new(password);
    if pfx.is_empty() {
        // Nothing vouches for the file; ciphers show a wrong password.
        return Ok(given);
    }
    let mac = pfx.within(SEQUENCE)?;
    if is_authentic(mac, content, &given)? {
        return Ok(given);
    }
    let none = Password::none();
    if password.is_empty() && is_authentic(mac, content, &none)? { Ok(none) } else { Err(Fault::Password) }
}

impl Found {
    /// Takes the bags of a safe.
    fn take(&mut self, safe: &[u8], password: &Password) -> Result<(), Fault> {
        let mut bags = Reader::new(safe).within(SEQUENCE)?;
        while !bags.is_empty() {
            let mut bag = bags.within(SEQUENCE)?;
            let kind = bag.value(OID)?.strip_prefix(BAG);
            let content = bag.value(EXPLICIT)?;
            let mut value = Reader::new(content);
            match kind {
                Some([1]) => self.keys.push(Zeroizing::new(content.to_vec())),
                Some([2]) => {
                    let mut key = value.within(SEQUENCE)?;
                    let algorithm = key.within(SEQUENCE)?;
                    self.keys.push(decrypt(algorithm, key.value(OCTETS)?, password)?);
                }
                Some([3]) => {
                    let mut certificate = value.within(SEQUENCE)?;
                    if certificate.value(OID)? == X509 {
                        self.certificates.push(certificate.within(EXPLICIT)?.value(OCTETS)?.to_vec());
                    }
                }
                // Revocation lists and secrets.
                _ => {}
            }
        }
        Ok(())
    }

    /// As PEM, the certificate of the key first.
    fn into_pem(mut self) -> Result<Zeroizing<String>, Fault> {
        let key = self.keys.first().ok_or(Fault::NoKey)?;
        // A key that is not RSA is named by the library, which reads the text.
        if let Ok(pair) = RsaKeyPair::from_pkcs8(key) {
            let public = pair.public().as_ref();
            let is_own = |der: &Vec<u8>| der.windows(public.len()).any(|part| part == public);
            self.certificates.sort_by_key(|der| !is_own(der));
        }
        let mut text = Zeroizing::new(String::new());
        for der in &self.certificates {
            block(&mut text, "CERTIFICATE", der);
        }
        block(&mut text, "PRIVATE KEY", key);
        Ok(text)
    }
}

/// Adds a block of PEM, in lines of 64 characters.
fn block(text: &mut Zeroizing<String>, label: &str, der: &[u8]) {
    let base64 = Zeroizing::new(STANDARD.encode(der));
    // A text that grows would leave copies of itself behind.
    text.reserve(base64.len() + base64.len() / 64 + 2 * label.len() + 40);
    text.push_str(&format!("-----BEGIN {label}-----\n"));
    for line in base64.as_bytes().chunks(64) {
        text.push_str(str::from_utf8(line).unwrap_or_default());
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
}

#[cfg(test)]
mod tests;
