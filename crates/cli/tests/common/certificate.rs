//! Certificates in files, made by OpenSSL.

use std::path::Path;
use std::process::Command;

/// Files of one certificate, as OpenSSL writes them.
pub(crate) struct CertificateFiles(tempfile::TempDir);

impl CertificateFiles {
    pub(crate) fn new() -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        let request = [
            "req",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=agent",
            "-keyout",
            "key",
            "-out",
            "request",
        ];
        files.openssl(&request);
        files.openssl(&[
            "x509",
            "-req",
            "-in",
            "request",
            "-signkey",
            "key",
            "-days",
            "2",
            "-out",
            "certificate",
        ]);
        files.join("file.pem", &["certificate", "key"]);
        files
    }

    pub(crate) fn openssl(&self, arguments: &[&str]) {
        let output = Command::new("openssl").args(arguments).current_dir(&self.0).output().unwrap();
        assert!(
            output.status.success(),
            "openssl {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// A file with the key and a certificate whose time is over.
    pub(crate) fn expired(&self, name: &str) {
        self.openssl(&["x509", "-req", "-in", "request", "-signkey", "key", "-days", "-1", "-out", "old"]);
        self.join(name, &["old", "key"]);
    }

    /// Where they are.
    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }

    /// A file of these files, one after the other.
    pub(crate) fn join(&self, name: &str, parts: &[&str]) {
        let text: String =
            parts.iter().map(|part| std::fs::read_to_string(self.path(part)).unwrap()).collect();
        self.write(name, text.as_bytes());
    }

    /// A file that its user alone may read.
    pub(crate) fn write(&self, name: &str, content: &[u8]) {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::write(self.path(name), content).unwrap();
        std::fs::set_permissions(self.path(name), std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    pub(crate) fn pfx(&self, password: &str, more: &[&str]) {
        let password = format!("pass:{password}");
        let base = [
            "pkcs12",
            "-export",
            "-inkey",
            "key",
            "-in",
            "certificate",
            "-out",
            "file.pfx",
            "-passout",
            &password,
        ];
        self.openssl(&[&base[..], more].concat());
        self.write("file.pfx", &std::fs::read(self.path("file.pfx")).unwrap());
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }
}
