//! Files as OpenSSL writes them, by the settings of Windows, Java and its own of several ages.

use super::*;
use std::path::Path;
use std::process::Command;

fn openssl(folder: &Path, arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A key, a certificate, and an authority that is not the certificate's.
fn material(folder: &Path) {
    for (name, key) in [("own", "rsa:2048"), ("other", "rsa:2048")] {
        let (key_file, certificate) = (format!("{name}.key"), format!("{name}.pem"));
        let subject = format!("/CN={name}");
        openssl(
            folder,
            &[
                "req",
                "-x509",
                "-newkey",
                key,
                "-nodes",
                "-keyout",
                &key_file,
                "-out",
                &certificate,
                "-subj",
                &subject,
                "-days",
                "2",
            ],
        );
    }
}

fn pfx(folder: &Path, password: &str, more: &[&str]) -> Vec<u8> {
    let password = format!("pass:{password}");
    let base = [
        "pkcs12",
        "-export",
        "-inkey",
        "own.key",
        "-in",
        "own.pem",
        "-certfile",
        "other.pem",
        "-out",
        "file.pfx",
    ];
    openssl(folder, &[&base[..], &["-passout", &password], more].concat());
    std::fs::read(folder.join("file.pfx")).unwrap()
}

fn der(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    openssl(folder, &[arguments, &["-outform", "DER", "-out", "file.der"]].concat());
    std::fs::read(folder.join("file.der")).unwrap()
}

/// The content of each block of PEM with its label.
fn blocks(text: &str) -> Vec<(String, Vec<u8>)> {
    let blocks = text.split("-----BEGIN ").skip(1).map(|block| {
        let (label, rest) = block.split_once("-----\n").unwrap();
        let (base64, _) = rest.split_once("-----END").unwrap();
        (label.to_owned(), STANDARD.decode(base64.replace('\n', "")).unwrap())
    });
    blocks.collect()
}

#[test]
fn files_of_every_age_give_their_key_and_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    material(folder);
    let certificate = der(folder, &["x509", "-in", "own.pem"]);
    let other = der(folder, &["x509", "-in", "other.pem"]);
    let key = der(folder, &["pkcs8", "-topk8", "-nocrypt", "-in", "own.key"]);
    let kinds: &[&[&str]] = &[
        &[],
        &["-legacy"],
        &["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"],
        &["-keypbe", "AES-256-CBC", "-certpbe", "AES-128-CBC", "-macalg", "sha512"],
        &["-keypbe", "AES-192-CBC", "-certpbe", "DES-EDE3-CBC", "-macalg", "sha384"],
        &["-keypbe", "NONE", "-certpbe", "NONE"],
        &["-nomac"],
        &["-iter", "1", "-nomaciter"],
    ];
    for kind in kinds {
        for password in ["correct horse", "", "grün €"] {
            let file = pfx(folder, password, kind);
            assert!(is_pfx(&file));
            let text =
                to_pem(&file, password).unwrap_or_else(|fault| panic!("{kind:?} {password:?}: {fault:?}"));
            let found = blocks(&text);
            let labels: Vec<&str> = found.iter().map(|(label, _)| label.as_str()).collect();
            assert_eq!(labels, ["CERTIFICATE", "CERTIFICATE", "PRIVATE KEY"], "{kind:?}");
            assert_eq!(found[0].1, certificate, "{kind:?}: that of the key is the first");
            assert_eq!(found[1].1, other, "{kind:?}");
            assert_eq!(found[2].1, key, "{kind:?}");
            if !kind.contains(&"NONE") || !kind.contains(&"-nomac") {
                assert_eq!(to_pem(&file, "wrong"), Err(Fault::Password), "{kind:?}");
            }
        }
    }
}

#[test]
fn the_certificate_of_the_key_is_found_wherever_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    material(folder);
    // OpenSSL writes the certificate of the key first, whatever it is given; without one for the key, it writes all.
    std::fs::rename(folder.join("own.pem"), folder.join("first.pem")).unwrap();
    std::fs::rename(folder.join("other.pem"), folder.join("own.pem")).unwrap();
    std::fs::rename(folder.join("first.pem"), folder.join("other.pem")).unwrap();
    std::fs::rename(folder.join("other.key"), folder.join("own2.key")).unwrap();
    let certificate = der(folder, &["x509", "-in", "other.pem"]);
    let base = ["pkcs12", "-export", "-inkey", "own2.key", "-in", "own.pem", "-certfile", "other.pem"];
    openssl(folder, &[&base[..], &["-out", "file.pfx", "-passout", "pass:x"]].concat());
    let other = std::fs::read(folder.join("file.pfx")).unwrap();
    assert_ne!(blocks(&to_pem(&other, "x").unwrap())[0].1, certificate);
}

#[test]
fn what_is_not_such_a_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    material(folder);
    let file = pfx(folder, "x", &[]);
    for length in (0..file.len()).step_by(97) {
        assert!(to_pem(&file[..length], "x").is_err(), "{length}");
    }
    // Whatever byte is changed, nothing panics.
    for at in (0..file.len()).step_by(13) {
        let mut broken = file.clone();
        broken[at] ^= 0x55;
        let _ = to_pem(&broken, "x");
    }
    assert_eq!(to_pem(b"", ""), Err(Fault::Damaged));
    assert!(!is_pfx(b"-----BEGIN") && !is_pfx(b"") && !is_pfx(&[SEQUENCE, 3, 1, 1, 1]));
    openssl(
        folder,
        &["pkcs12", "-export", "-nokeys", "-in", "own.pem", "-out", "bare.pfx", "-passout", "pass:x"],
    );
    let bare = std::fs::read(folder.join("bare.pfx")).unwrap();
    assert_eq!(to_pem(&bare, "x"), Err(Fault::NoKey));
}
