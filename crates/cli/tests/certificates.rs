//! Applications that sign in by a certificate in a file, PEM or PFX, and files that can't be used.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::certificate::CertificateFiles;
use common::{Ended, TOKEN, agentuser, end, server_by};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, Mutex};

const CLIENT: &str = "00000000-0000-4000-8000-000000000001";

/// A sign-in that gives tokens to whoever asks, and keeps the forms.
fn entra() -> (String, Arc<Mutex<Vec<String>>>) {
    let forms: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&forms);
    let origin = server_by(move |request| {
        let body = if request.starts_with("POST ") {
            seen.lock().unwrap().push(request.rsplit("\r\n\r\n").next().unwrap().to_owned());
            json!({"token_type": "Bearer", "expires_in": 3600, "access_token": TOKEN}).to_string()
        } else {
            json!({"value": []}).to_string()
        };
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
        format!("{head}{}\r\n\r\n{body}", body.len())
    });
    (origin, forms)
}

fn sku(origin: &str, more: &[&str]) -> Ended {
    let base = ["sku", "--graph-endpoint", origin, "--client-id", CLIENT, "--tenant", "contoso.com"];
    end(&mut agentuser(&[&base[..], more].concat()))
}

/// The head and the claims of the assertion in a form.
fn assertion(form: &str) -> (Value, Value) {
    let value = form.split('&').find_map(|pair| pair.strip_prefix("client_assertion=")).unwrap();
    let text = value.replace("%2E", ".").replace("%2D", "-").replace("%5F", "_");
    let part = |number: usize| {
        let bytes = URL_SAFE_NO_PAD.decode(text.split('.').nth(number).unwrap()).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    (part(0), part(1))
}

#[test]
fn a_certificate_signs_in_from_pem_and_from_pfx() {
    let files = CertificateFiles::new();
    let (origin, forms) = entra();
    files.pfx("open sesame", &[]);
    files.write("password", b"open sesame\n");
    files.openssl(&[
        "pkcs12",
        "-export",
        "-inkey",
        "key",
        "-in",
        "certificate",
        "-out",
        "bare.pfx",
        "-passout",
        "pass:",
    ]);
    files.write("bare.pfx", &std::fs::read(files.path("bare.pfx")).unwrap());
    let (pem, pfx, bare, password) =
        (files.path("file.pem"), files.path("file.pfx"), files.path("bare.pfx"), files.path("password"));
    let ways: [&[&str]; 4] = [
        &["--client-certificate", &pem],
        &["--client-certificate", &pfx, "--certificate-password-file", &password],
        &["--client-certificate", &bare],
        &["--client-certificate", &pem, "--send-certificate-chain"],
    ];
    for way in ways {
        let ended = sku(&origin, way);
        ended.done(&[]);
        assert!(!ended.stderr.contains("Other users"), "{ended:?}");
    }
    let forms = forms.lock().unwrap();
    let thumbprints: Vec<Value> = forms.iter().map(|form| assertion(form).0["x5t#S256"].clone()).collect();
    assert_eq!(thumbprints.len(), ways.len());
    assert!(thumbprints.iter().all(|one| one == &thumbprints[0]), "{thumbprints:?}");
    let (head, claims) = assertion(&forms[0]);
    assert_eq!(
        (&head["alg"], &claims["iss"], &claims["sub"]),
        (&"PS256".into(), &CLIENT.into(), &CLIENT.into())
    );
    assert_eq!(claims["aud"], format!("{origin}/contoso.com/oauth2/v2.0/token"));
    let chains: Vec<bool> = forms.iter().map(|form| assertion(form).0.get("x5c").is_some()).collect();
    assert_eq!(chains, [false, false, false, true]);
}

#[test]
fn a_file_that_can_not_be_used_is_told_with_cause_and_fix() {
    let files = CertificateFiles::new();
    let (origin, forms) = entra();
    files.pfx("open sesame", &[]);
    files.write("wrong", b"open barley");
    files.write("text", b"BEGIN NOTHING");
    files.write("cut.pfx", &std::fs::read(files.path("file.pfx")).unwrap()[..300]);
    // The same in BER: the length of the whole is not told, and its end is.
    let pfx = std::fs::read(files.path("file.pfx")).unwrap();
    files.write("ber.pfx", &[&[0x30, 0x80], &pfx[4..], &[0, 0]].concat());
    files.openssl(&["pkcs12", "-in", "ber.pfx", "-nodes", "-out", "ber.pem", "-passin", "pass:open sesame"]);
    files.expired("old.pem");
    let certificate = |name: &str, more: &[&str]| {
        let path = files.path(name);
        let ended = sku(&origin, &[&["--client-certificate", &path], more].concat());
        assert!(
            ended.stderr.contains("fix: ") && ended.stderr.contains("code: CertificateUnusable"),
            "{ended:#?}"
        );
        assert_eq!(ended.code, 1, "{ended:?}");
        ended.stderr
    };
    let wrong = files.path("wrong");
    let with_wrong = ["--certificate-password-file", &wrong];
    for (name, more, says) in [
        ("missing", &[][..], "can't be read: "),
        ("file.pfx", &[], "has a password"),
        ("file.pfx", &with_wrong, "is not opened by its password"),
        ("cut.pfx", &with_wrong, "is not a whole PFX file"),
        ("ber.pfx", &with_wrong, "is a PFX file in BER"),
        ("ber.pfx", &[], "openssl pkcs12 -in FILE.pfx -nodes -out FILE.pem"),
        ("file.pem", &with_wrong, "is not a PFX file, which --certificate-password-file is for"),
        ("certificate", &[], "has no private key"),
        ("key", &[], "has no certificate"),
        ("text", &[], "has no certificate"),
        ("old.pem", &[], "The certificate has expired"),
    ] {
        let said = certificate(name, more);
        assert!(said.contains(says), "{name}: {said}");
    }
    assert!(forms.lock().unwrap().is_empty(), "nothing was sent");
}

#[test]
fn files_that_other_users_may_read_are_remarked_on() {
    use std::os::unix::fs::PermissionsExt as _;
    let files = CertificateFiles::new();
    let (origin, _) = entra();
    files.pfx("x", &[]);
    files.write("password", b"x");
    let open = |name: &str| {
        std::fs::set_permissions(Path::new(&files.path(name)), std::fs::Permissions::from_mode(0o644))
            .unwrap();
    };
    open("file.pfx");
    open("password");
    let (pfx, password) = (files.path("file.pfx"), files.path("password"));
    let ended = sku(&origin, &["--client-certificate", &pfx, "--certificate-password-file", &password]);
    ended.done(&[]);
    for (what, path) in [("certificate", &pfx), ("certificate password", &password)] {
        let remark =
            format!("Other users of this machine may read the {what} file {path}. Run chmod 600 {path}.");
        assert!(ended.stderr.contains(&remark), "{ended:#?}");
    }
}
