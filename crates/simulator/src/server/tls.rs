//! TLS with a certificate of its own. The authority that signs it lives for this run: its key is forgotten at once, and its
//! certificate is good for the simulator's names only.

use std::io;
#[cfg(feature = "tls")]
use std::path::PathBuf;
use tokio::io::{AsyncRead, AsyncWrite};

#[cfg(feature = "tls")]
pub(super) use with_library::Tls;
#[cfg(not(feature = "tls"))]
pub(super) use without_library::Tls;

#[cfg(feature = "tls")]
mod with_library {
    use super::{AsyncRead, AsyncWrite, PathBuf, io};
    use rcgen::{
        BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree,
        IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, date_time_ymd,
    };
    use std::collections::BTreeSet;
    use std::fs::{File, OpenOptions};
    use std::io::Write as _;
    use std::net::IpAddr;
    use std::path::Path;
    use std::sync::Arc;
    use std::time::{Duration, SystemTime};
    use tokio_rustls::TlsAcceptor;
    use tokio_rustls::rustls::ServerConfig;
    use tokio_rustls::rustls::crypto::ring;
    use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
    use tokio_rustls::server::TlsStream;

    /// How long a client may take for the handshake.
    const WITHIN: Duration = Duration::from_secs(10);

    /// How the server speaks TLS.
    #[derive(Clone)]
    pub(in crate::server) struct Tls {
        acceptor: TlsAcceptor,
        authority: Arc<Authority>,
    }

    /// The file with the certificate that clients must trust. It ends with the server.
    struct Authority(PathBuf);

    impl Drop for Authority {
        fn drop(&mut self) {
            // A file that is gone already is what was wanted.
            drop(std::fs::remove_file(&self.0));
        }
    }

    impl std::fmt::Debug for Tls {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_struct("Tls").field("authority", &self.authority.0).finish_non_exhaustive()
        }
    }

    impl Tls {
        /// Makes authority and certificate for this machine's names and these.
        pub(in crate::server) fn new(names: Vec<String>) -> io::Result<Self> {
            let here = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
            let names: BTreeSet<String> = here.into_iter().chain(names).collect();
            let names = names.into_iter().collect();
            let (config, authority) = certify(names).map_err(io::Error::other)?;
            let (path, mut file) = create()?;
            let authority_file = Authority(path);
            file.write_all(authority.as_bytes())?;
            Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), authority: Arc::new(authority_file) })
        }

        /// The file with the certificate that clients must trust.
        pub(in crate::server) fn authority(&self) -> Option<&Path> {
            Some(&self.authority.0)
        }

        pub(in crate::server) async fn accept<S: AsyncRead + AsyncWrite + Unpin>(
            &self,
            stream: S,
        ) -> Option<TlsStream<S>> {
            tokio::time::timeout(WITHIN, self.acceptor.accept(stream)).await.ok()?.ok()
        }
    }

    /// A new file that nobody else can have prepared.
    fn create() -> io::Result<(PathBuf, File)> {
        let random = crate::server::random()?;
        let path = std::env::temp_dir().join(format!("agentuser-simulator-{random:032x}.pem"));
        Ok((path.clone(), OpenOptions::new().write(true).create_new(true).open(path)?))
    }

    fn certify(
        names: Vec<String>,
    ) -> Result<(ServerConfig, String), Box<dyn std::error::Error + Send + Sync>> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
        let mut authority = CertificateParams::new(Vec::new())?;
        within_days(&mut authority, now);
        authority.distinguished_name.push(DnType::CommonName, "agentuser simulator, this run only");
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let permitted_subtrees = names.iter().map(|name| subtree(name)).collect();
        authority.name_constraints =
            Some(NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() });
        let authority_key = KeyPair::generate()?;
        let authority_certificate = authority.self_signed(&authority_key)?;
        let issuer = Issuer::new(authority, authority_key);

        let mut leaf = CertificateParams::new(names)?;
        within_days(&mut leaf, now);
        leaf.distinguished_name.push(DnType::CommonName, "agentuser simulator");
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        leaf.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let certificate = leaf.signed_by(&key, &issuer)?;

        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok((config, authority_certificate.pem()))
    }

    /// The one name or address.
    fn subtree(name: &str) -> GeneralSubtree {
        match name.parse() {
            Ok(IpAddr::V4(address)) => {
                GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix(address.octets(), 32))
            }
            Ok(IpAddr::V6(address)) => {
                GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix(address.octets(), 128))
            }
            Err(_) => GeneralSubtree::DnsName(name.to_owned()),
        }
    }

    /// From yesterday, because clocks differ, to next week: no server lives for longer than half a day.
    fn within_days(parameters: &mut CertificateParams, now: u64) {
        let start = date_time_ymd(1970, 1, 1) + Duration::from_secs(now);
        parameters.not_before = start - Duration::from_secs(86_400);
        parameters.not_after = start + Duration::from_secs(7 * 86_400);
    }
}

#[cfg(not(feature = "tls"))]
mod without_library {
    use super::{AsyncRead, AsyncWrite, io};
    use std::path::Path;

    /// This build has no TLS.
    #[derive(Debug, Clone)]
    pub(in crate::server) enum Tls {}

    impl Tls {
        pub(in crate::server) fn new(_names: Vec<String>) -> io::Result<Self> {
            Err(io::Error::new(io::ErrorKind::InvalidInput, "tls: this build of the simulator has none"))
        }

        pub(in crate::server) fn authority(&self) -> Option<&Path> {
            match *self {}
        }

        pub(in crate::server) async fn accept<S: AsyncRead + AsyncWrite + Unpin>(&self, _: S) -> Option<S> {
            match *self {}
        }
    }
}
