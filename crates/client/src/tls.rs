//! The TLS of a client: a configuration of its own, so that a program's choice of a process-wide provider stays its own.

use agentuser_core::problem::{Code, Problem};
use rustls::ClientConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls_platform_verifier::Verifier;
use std::sync::Arc;

/// Certificate authorities that are trusted beside the system's.
pub(crate) type Roots = Vec<CertificateDer<'static>>;

/// The certificates of a PEM file.
pub(crate) fn certificates(pem: &[u8]) -> Result<Roots, Problem> {
    let invalid = |what: &str| {
        Problem::new(Code::Invalid, format!("The trusted certificates {what}."))
            .with_cause("The text is not PEM, or is cut off.")
            .with_fix("Give certificates as PEM: blocks from BEGIN CERTIFICATE to END CERTIFICATE.")
    };
    let read: Result<Roots, _> = CertificateDer::pem_slice_iter(pem).collect();
    match read {
        Ok(found) if found.is_empty() => Err(invalid("hold none")),
        Ok(found) => Ok(found),
        Err(_) => Err(invalid("can't be read")),
    }
}

/// TLS that trusts the system's certificate authorities (on Linux those in the files that OpenSSL reads, or in
/// `SSL_CERT_FILE` and `SSL_CERT_DIR`) and these. Without any, only a client that needs no TLS gets one, which trusts
/// nobody.
pub(crate) fn config(extra: Roots, is_needed: bool) -> Result<ClientConfig, Problem> {
    let provider = Arc::new(ring::default_provider());
    let failed =
        |error: rustls::Error| Problem::new(Code::Internal, format!("HTTPS can't be set up: {error}."));
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(failed)?;
    let mut config = match verifier(extra, provider) {
        Ok(verifier) => {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth()
        }
        Err(_) if !is_needed => {
            builder.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth()
        }
        Err(problem) => return Err(problem),
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn verifier(extra: Roots, provider: Arc<CryptoProvider>) -> Result<Verifier, Problem> {
    let has_extra = !extra.is_empty();
    let made =
        if has_extra { Verifier::new_with_extra_roots(extra, provider) } else { Verifier::new(provider) };
    made.map_err(|error| match error {
        // Only the lack of roots is told in this way.
        rustls::Error::General(_) => Problem::new(
            Code::NoTrustedRoots,
            "This machine has no certificate authorities that it trusts, so that no server can be told from another.",
        ),
        error => Problem::new(Code::Invalid, format!("The trusted certificates can't be used: {error}.")),
    })
}
