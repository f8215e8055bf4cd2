//! The tenant that sign-in libraries find: an agent with consent, and applications with every kind of proof.

use crate::simulator_process::Simulator;
use agentuser_simulator::{ids, tenant as demo};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The permissions of the agent user to read itself.
const SCOPES: &str = "User.Read LicenseAssignment.Read.All";

/// Gives the agent identity consent for its agent user and for a person, lets the applications trust a certificate, and describes all of it as JSON: `SIGN_IN` of the
/// programs' environment.
pub(super) fn prepared(simulator: &Simulator, root: &Path, program: &Path) -> anyhow::Result<Value> {
    let files = Files::make(&root.join("target/strangers/certificate"))?;
    let (identity, user) = (demo::TAKEN_IDENTITY, ids::agent_user(demo::TAKEN_IDENTITY));
    for (principal, scope) in [(user, SCOPES), (ids::human(1), "User.Read")] {
        let grant = json!({
            "clientId": ids::identity(identity), "consentType": "Principal", "principalId": principal,
            "resourceId": ids::graph_principal(), "scope": scope,
        });
        simulator.graph("POST", "/oauth2PermissionGrants", Some(&grant))?;
    }
    let key =
        json!({"keyCredentials": [{"type": "AsymmetricX509Cert", "usage": "Verify", "key": files.der()?}]});
    simulator.graph("PATCH", &format!("/applications/{}", ids::blueprint(1)), Some(&key))?;
    let license = json!({"addLicenses": [{"skuId": ids::sku(demo::FULL_SKU)}], "removeLicenses": []});
    simulator.graph("PATCH", &format!("/users/{user}"), Some(&json!({"usageLocation": "DE"})))?;
    simulator.graph("POST", &format!("/users/{user}/assignLicense"), Some(&license))?;
    let facts = simulator.look("tenant")?;
    let tenant = facts.pointer("/tenant/id").context("the tenant has an id")?;
    Ok(json!({
        "tenant": tenant,
        "agentuser": program,
        "blueprint": {"clientId": ids::blueprint_app(1), "clientSecret": demo::DEMO_SECRET},
        "otherBlueprint": {"clientId": ids::blueprint_app(2), "clientSecret": demo::DEMO_SECRET},
        "application": {"clientId": ids::plain_app(1), "clientSecret": demo::DEMO_SECRET},
        "person": {"clientId": ids::plain_app(2), "userPrincipalName": "human1@contoso.com", "id": ids::human(1)},
        "identity": ids::identity(identity),
        "identityApp": ids::identity_app(identity),
        // The same blueprint's, without consent and without an agent user.
        "identityWithoutConsent": ids::identity(1),
        "agentUser": {"id": user, "userPrincipalName": "first.agent@contoso.com", "sku": "AGENT_365"},
        "key": files.key, "certificate": files.certificate, "both": files.both,
    }))
}

/// A certificate with its key, as PEM.
struct Files {
    key: PathBuf,
    certificate: PathBuf,
    both: PathBuf,
}

impl Files {
    fn make(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let [key, certificate, both] =
            ["key.pem", "certificate.pem", "both.pem"].map(|name| folder.join(name));
        let mut openssl = Command::new("openssl");
        openssl.args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=strangers",
        ]);
        openssl.arg("-keyout").arg(&key).arg("-out").arg(&certificate);
        let made = openssl.stdin(Stdio::null()).output().context("openssl could not be started")?;
        ensure!(made.status.success(), "openssl: {}", String::from_utf8_lossy(&made.stderr));
        std::fs::write(&both, std::fs::read_to_string(&key)? + &std::fs::read_to_string(&certificate)?)?;
        Ok(Self { key, certificate, both })
    }

    /// The certificate in base64 of DER, as Graph has it.
    fn der(&self) -> anyhow::Result<String> {
        let pem = std::fs::read_to_string(&self.certificate)?;
        Ok(pem.lines().filter(|line| !line.starts_with("-----")).collect())
    }
}
