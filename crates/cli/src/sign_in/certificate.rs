//! The certificate of an application, in a file.

use crate::input::{self, Content};
use crate::pfx::{self, Fault};
use crate::token_file;
use agentuser::sign_in::Secret;
use agentuser::{Code, Problem, plain_reason};
use std::path::Path;
use zeroize::Zeroizing;

/// The most bytes of a file with certificates and a key.
const LIMIT: usize = 1 << 20;

/// The certificate and key of a file, PEM or PFX, as PEM.
pub(super) fn pem(path: &Path, password: Option<&Path>) -> Result<Secret, Problem> {
    let file = path.display();
    let unusable =
        |why: String| Problem::new(Code::CertificateUnusable, format!("The certificate file {file} {why}."));
    let content = input::to_limit_of(path, LIMIT).map_err(|error| {
        unusable(format!("can't be read: {}", plain_reason(&error)))
            .with_cause("The path is wrong, or this user may not read the file.")
            .with_fix("Check the path and who may read the file.")
    })?;
    let Content::Whole(bytes) = content else {
        return Err(unusable(format!("has more than {LIMIT} bytes")));
    };
    let bytes = Zeroizing::new(bytes);
    let pem = match str::from_utf8(&bytes) {
        _ if pfx::is_pfx(&bytes) => from_pfx(path, &bytes, password)?,
        Ok(text) if password.is_none() => Zeroizing::new(text.to_owned()),
        Ok(_) => {
            return Err(unusable("is not a PFX file, which --certificate-password-file is for".to_owned())
                .with_cause("It is PEM, whose key is not encrypted, or another kind of file.")
                .with_fix("Leave --certificate-password-file out, or give a PFX file."));
        }
        Err(_) => {
            return Err(unusable("is neither PEM nor PFX".to_owned())
                .with_cause("It is another kind of file, such as a certificate as DER without a key.")
                .with_fix("Give a file with the certificate and its private key, as PEM or PFX."));
        }
    };
    Ok(Secret::from(pem.to_string()))
}

fn from_pfx(path: &Path, bytes: &[u8], password: Option<&Path>) -> Result<Zeroizing<String>, Problem> {
    let file = path.display();
    let text = match password {
        Some(path) => token_file::read(path, "certificate password", LIMIT)?,
        None => Zeroizing::default(),
    };
    pfx::to_pem(bytes, &text).map_err(|fault| {
        let (why, cause, fix) = match (fault, password.is_some()) {
            (Fault::Password, true) => (
                "is not opened by its password",
                "The password is another one.",
                "Write the password of the file into that of --certificate-password-file, and nothing else.",
            ),
            (Fault::Password, false) => (
                "has a password",
                "No --certificate-password-file is given, and an empty password does not open the file.",
                "Give --certificate-password-file, a file with the password and nothing else.",
            ),
            (Fault::NoKey, _) => (
                "has no private key",
                "The certificate was exported alone.",
                "Export it together with its private key.",
            ),
            (Fault::Algorithm, _) => (
                "is encrypted in a way that is not known here",
                "It was written by a program with unusual settings.",
                "Write it anew as PEM: openssl pkcs12 -in FILE.pfx -nodes -out FILE.pem.",
            ),
            (Fault::Ber, _) => (
                "is a PFX file in BER, which is not read here",
                "The program that wrote it, such as that of a browser or Bouncy Castle, leaves lengths out.",
                "Write it anew as PEM: openssl pkcs12 -in FILE.pfx -nodes -out FILE.pem.",
            ),
            (Fault::Damaged, _) => (
                "is not a whole PFX file",
                "It is cut off or damaged, or another kind of file.",
                "Export the certificate with its private key again.",
            ),
        };
        Problem::new(Code::CertificateUnusable, format!("The certificate file {file} {why}."))
            .with_cause(cause)
            .with_fix(fix)
    })
}
