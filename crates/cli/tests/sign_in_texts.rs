//! The messages of wrong sign-ins, on a terminal of 80 columns.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::certificate::CertificateFiles;
use common::pty::Terminal;
use common::simulator::Simulator;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

const CLIENT: &str = "00000000-0000-4000-8000-000000000001";

/// The text of a command in that folder, with a sign-in at the simulator, and its exit code.
fn shown(sim: &Simulator, folder: &Path, arguments: &[&str]) -> (String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_agentuser"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AGENTUSER_")) {
        command.env_remove(name);
    }
    command
        .args(arguments)
        .current_dir(folder)
        .envs(common::NOBODY)
        .env("AGENTUSER_GRAPH_ENDPOINT", &sim.root);
    command.env("NO_PROXY", "*").env("TERM", "xterm").env_remove("COLUMNS");
    Terminal::start(command, 80, 24).end()
}

/// Writes a file with these rights.
fn write(folder: &Path, name: &str, content: &str, mode: u32) {
    std::fs::write(folder.join(name), content).unwrap();
    std::fs::set_permissions(folder.join(name), std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_name_in_the_place_of_an_id_and_a_secret_that_others_may_read() {
    let (sim, folder) = (Simulator::start(&[]), tempfile::tempdir().unwrap());
    write(folder.path(), "secret", "hush", 0o644);
    let application =
        ["sku", "--tenant", "contoso.com", "--client-id", CLIENT, "--client-secret-file", "secret"];
    let agent = ["--agent-identity", "ada@contoso.com"];
    let (text, code) = shown(&sim, folder.path(), &[&application[..], &agent].concat());
    assert_eq!(code, Some(1), "{text}");
    assert_eq!(
        text,
        "\
Other users of this machine may read the client secret file secret. Run chmod
600 secret.
error: Invalid agentIdentityId: It is not an agent identity's id: expected 32
  hexadecimal digits as 8-4-4-4-12.
  cause: One or more fields have a value that Microsoft Graph refuses.
  fix: Use an agent identity's id such as 0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f.
  rule: NotAnObjectId
  code: Invalid
  see: agentuser explain Invalid
"
    );
}

#[test]
fn a_certificate_that_has_expired() {
    let (sim, files) = (Simulator::start(&[]), CertificateFiles::new());
    files.expired("old.pem");
    let application =
        ["sku", "--tenant", "contoso.com", "--client-id", CLIENT, "--client-certificate", "old.pem"];
    let (text, code) = shown(&sim, files.folder(), &application);
    assert_eq!(code, Some(1), "{text}");
    assert_eq!(
        text,
        "\
error: The certificate has expired one day ago.
  cause: Its time is over, or this machine's clock is ahead.
  fix: Make a new certificate, add its public part to the application in Entra
    ID, and use it.
  code: CertificateUnusable
  see: agentuser explain CertificateUnusable
"
    );
}

#[test]
fn a_tenant_that_is_not_there() {
    let (sim, folder) = (Simulator::start(&[]), tempfile::tempdir().unwrap());
    write(folder.path(), "secret", "hush", 0o600);
    let application =
        ["sku", "--tenant", "fabrikam.example", "--client-id", CLIENT, "--client-secret-file", "secret"];
    let (text, code) = shown(&sim, folder.path(), &application);
    assert_eq!(code, Some(4), "{text}");
    let begins = "\
error: Could not sign in. The tenant does not exist.
  cause: The tenant id or domain is mistyped, or belongs to another cloud.
  fix: Check the tenant id in Entra ID > Overview, and the cloud.
  server: 400 invalid_request: AADSTS90002: Tenant 'fabrikam.example' not found.
";
    assert!(text.starts_with(begins), "{text}");
    let ends = "  code: SignInTenantUnknown
  see: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
";
    assert!(text.ends_with(ends), "{text}");
}

#[test]
fn no_credential_store() {
    let (sim, folder) = (Simulator::start(&[]), tempfile::tempdir().unwrap());
    let (text, code) =
        shown(&sim, folder.path(), &["login", "--tenant", "contoso.com", "--client-id", CLIENT]);
    assert_eq!(code, Some(4), "{text}");
    assert_eq!(
        text,
        "\
error: There is no credential store of the system to keep the sign-in in.
  cause: The store can't be used: Failed to connect to address
    `unix:path=/nonexistent/bus`: No such file or directory (os error 2).
  fix: Start a session with a D-Bus session bus and a Secret Service, such as
    GNOME Keyring or KWallet. Sign-ins that need none: --browser or
    --device-code, for one command; --client-id with a certificate or a secret;
    --managed-identity; --azure-cli; AGENTUSER_TOKEN.
  code: NoCredentialStore
  see: agentuser explain NoCredentialStore
"
    );
}

#[test]
fn no_browser() {
    let (sim, folder) = (Simulator::start(&[]), tempfile::tempdir().unwrap());
    let person = ["sku", "--browser", "--tenant", "contoso.com", "--client-id", CLIENT];
    let (text, code) = shown(&sim, folder.path(), &person);
    assert_eq!(code, Some(4), "{text}");
    let begins = "\
A browser opens now for the sign-in. If none does, open this address in a
browser of this machine, or press Ctrl+C and use --device-code:
http://127.0.0.1:";
    assert!(text.starts_with(begins), "{text}");
    let says = "\
error: No browser can be opened on this machine.
  cause: There is none, or no desktop that it could be shown on; BROWSER can
    name one.
  fix: Sign in by a code in the browser of any other device: add --device-code.
";
    assert!(text.contains(says), "{text}");
}
