//! People who sign in: by a code, in a browser, kept in a real credential store; and what may go wrong with that.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::session::Session;
use common::{Ended, TOKEN, agentuser, end, interruptible, server_by};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

const CLIENT: &str = "00000000-0000-4000-8000-000000000001";

/// Entra and Graph at one address, as far as a person's sign-in needs them.
#[derive(Clone)]
struct Entra {
    origin: String,
    /// The lines and bodies of all requests.
    requests: Arc<Mutex<Vec<String>>>,
    /// Whether refresh tokens are taken no more.
    revoked: Arc<AtomicBool>,
}

impl Entra {
    fn start() -> Self {
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let revoked: Arc<AtomicBool> = Arc::default();
        let (seen, is_revoked) = (Arc::clone(&requests), Arc::clone(&revoked));
        let origin = server_by(move |request| {
            let mut seen = seen.lock().unwrap();
            let (line, body) = (request.lines().next().unwrap(), request.rsplit("\r\n\r\n").next().unwrap());
            seen.push(format!("{line} {body}"));
            answer(line, body, seen.len(), is_revoked.load(Ordering::Relaxed))
        });
        Self { origin, requests, revoked }
    }

    fn arguments(&self) -> Vec<&str> {
        vec!["--graph-endpoint", &self.origin, "--tenant", "contoso.com", "--client-id", CLIENT]
    }

    /// The requests so far that have this in them.
    fn count(&self, text: &str) -> usize {
        self.requests.lock().unwrap().iter().filter(|request| request.contains(text)).count()
    }
}

/// The answer to a request, which is the so many-th.
fn answer(line: &str, body: &str, number: usize, revoked: bool) -> String {
    let (status, json) = if line.contains("/devicecode ") {
        let code = json!({
            "device_code": "device", "user_code": "ABCD-EFGH", "verification_uri": "https://microsoft.com/devicelogin",
            "expires_in": 900, "interval": 1, "message": "To sign in …",
        });
        ("200 OK", code)
    } else if revoked && body.contains("grant_type=refresh%5Ftoken") {
        (
            "400 Bad Request",
            json!({"error": "invalid_grant", "error_description": "AADSTS50173: revoked", "error_codes": [50173]}),
        )
    } else if line.contains("/oauth2/v2.0/token ") {
        let claims = json!({
            "aud": "https://graph.microsoft.com", "upn": "ada@contoso.com", "tid": "a0000000-0000-4000-8000-000000000001",
            "appid": CLIENT, "scp": "User.Read.All Directory.AccessAsUser.All", "n": number,
        });
        let token = format!("eyJhbGciOiJub25lIn0.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string()));
        // A marker of its own in each, which may be nowhere but in the store.
        let refresh_token = format!("{TOKEN}-{number}");
        (
            "200 OK",
            json!({"token_type": "Bearer", "expires_in": 3600, "access_token": token, "refresh_token": refresh_token, "scope": "User.Read.All"}),
        )
    } else {
        ("200 OK", json!({"value": []}))
    };
    let json = json.to_string();
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}", json.len());
    format!("{head}\r\n\r\n{json}")
}

/// The command line of a login.
fn login<'a>(entra: &'a Entra, more: &[&'a str]) -> Vec<&'a str> {
    [&["login"], &entra.arguments()[..], more].concat()
}

/// A browser that signs in at once: it follows the redirect of the address that it is to open.
fn browser(folder: &Path) -> String {
    let script = folder.join("browser.py");
    let text = "import sys, urllib.parse, urllib.request\n\
                query = urllib.parse.parse_qs(urllib.parse.urlparse(sys.argv[1]).query)\n\
                back = {'code': 'the-code', 'state': query['state'][0]}\n\
                assert query['code_challenge_method'] == ['S256'], query\n\
                urllib.request.urlopen(query['redirect_uri'][0] + '/?' + urllib.parse.urlencode(back)).read()\n";
    std::fs::write(&script, text).unwrap();
    format!("python3 {}", script.display())
}

#[test]
fn a_person_signs_in_by_a_code_stays_signed_in_and_signs_out() {
    let Some(session) = Session::start() else { return };
    let entra = Entra::start();
    let ended = end(&mut session.agentuser(&login(&entra, &["--device-code"])));
    ended.done(&["account      ada@contoso.com", "profile      default"]);
    for text in [
        "To sign in, open https://microsoft.com/devicelogin in a browser of any device and enter the code ABCD-EFGH within 15 minutes.\n",
        "The token carries Directory.AccessAsUser.All, beside which Graph ignores its agent permissions",
        "The sign-in is kept with the profile default.",
    ] {
        assert!(ended.stderr.contains(text), "{text}: {ended:#?}");
    }
    assert_eq!(session.secrets(), 1);
    let file: Value = serde_json::from_slice(&std::fs::read(session.profiles()).unwrap()).unwrap();
    let profile = json!({"kind": "deviceCode", "tenantId": "contoso.com", "clientId": CLIENT, "graphEndpoint": entra.origin});
    assert_eq!(file, json!({"default": "default", "profiles": {"default": profile}}));
    let marker = TOKEN.as_bytes();
    assert!(
        !session.files().windows(marker.len()).any(|part| part == marker),
        "the store encrypts, and nothing else has it"
    );

    // A later command needs no flags: the profile and the store have all. Each gets a new refresh token, which is kept.
    for number in 1..=2 {
        end(&mut session.agentuser(&["sku"])).done(&[]);
        assert_eq!(entra.count("grant_type=refresh%5Ftoken"), number);
        assert_eq!(session.secrets(), 1);
    }
    let used =
        |number: usize| entra.count(&format!("refresh_token={}%2D{number}", TOKEN.replace('-', "%2D")));
    assert_eq!((used(2), used(3)), (1, 1), "each once: the one of the login, and the one that followed it");

    let ended = end(&mut session.agentuser(&["token", "--json"]));
    ended.done(&["\"accessToken\":\"eyJ", "\"expiresInS\":3", "\"scope\":\"User.Read.All\""]);
    let ended = end(&mut session.agentuser(&["logout"]));
    ended.done(&[]);
    assert!(
        ended.stderr.contains("is forgotten on this machine. Access tokens that were given out stay valid"),
        "{ended:?}"
    );
    assert_eq!(session.secrets(), 0);
    let ended = end(&mut session.agentuser(&["sku"]));
    ended.failed(
        4,
        &[
            "error: No person is signed in with the profile default.",
            "fix: Run `agentuser login --profile default`",
        ],
    );
    let ended = end(&mut session.agentuser(&["logout"]));
    assert_eq!(ended.stderr, "No person was signed in with the profile default.\n");
}

#[test]
fn a_person_signs_in_in_a_browser() {
    let Some(session) = Session::start() else { return };
    let entra = Entra::start();
    let mut command = session.agentuser(&login(&entra, &["--profile", "work"]));
    let ended = end(command.env("BROWSER", browser(session.folder.path())));
    ended.done(&["account      ada@contoso.com", "profile      work"]);
    let shown = format!("{}/contoso.com/oauth2/v2.0/authorize?", entra.origin);
    assert!(
        ended.stderr.lines().any(|line| line.starts_with(&shown)),
        "the address stands alone: {ended:#?}"
    );
    assert_eq!(entra.count("code=the%2Dcode"), 1);
    assert_eq!(session.secrets(), 1);
    let ended = end(&mut session.agentuser(&["whoami", "--json"]));
    ended.done(&["\"account\":\"ada@contoso.com\"", "\"profile\":\"work\"", "\"missing\":[{\"to\":"]);
    // The profile's removal forgets its sign-in, too.
    let ended = end(&mut session.agentuser(&["profile", "remove", "work"]));
    assert_eq!(ended.stderr, "The profile work is removed, and its sign-in is forgotten.\n");
    assert_eq!(session.secrets(), 0);
}

#[test]
fn without_a_browser_the_way_by_a_code_is_told() {
    let Some(session) = Session::start() else { return };
    let entra = Entra::start();
    let ended = end(&mut session.agentuser(&login(&entra, &[])));
    ended.failed(
        4,
        &["error: No browser can be opened on this machine.", "fix: ", "--device-code", "code: NoBrowser"],
    );
    assert_eq!((session.secrets(), session.profiles().exists()), (0, false));
}

#[test]
fn without_a_store_nobody_signs_in_and_other_ways_are_named() {
    let entra = Entra::start();
    let ended = end(&mut agentuser(&login(&entra, &["--device-code"])));
    ended.failed(
        4,
        &[
            "error: There is no credential store of the system to keep the sign-in in.",
            "cause: The store can't be used: ",
            "fix: Start a session with a D-Bus session bus and a Secret Service",
            "--managed-identity",
            "code: NoCredentialStore",
        ],
    );
    assert_eq!(entra.count(""), 0, "nothing was asked");
    // One command, and nothing that lasts.
    let ended = end(&mut agentuser(&[&["sku", "--device-code"], &entra.arguments()[..]].concat()));
    ended.done(&[]);
    assert!(ended.stderr.contains("enter the code ABCD-EFGH"), "{ended:?}");
}

#[test]
fn a_sign_in_goes_with_the_profile_that_has_it() {
    let Some(session) = Session::start() else { return };
    let entra = Entra::start();
    let at = |tenant| ["--graph-endpoint", &entra.origin, "--client-id", CLIENT, "--tenant", tenant];
    let login = |tenant| {
        end(&mut session.agentuser(&[&["login", "--device-code"], &at(tenant)[..]].concat())).done(&[]);
        assert_eq!(session.secrets(), 1, "that of {tenant}");
    };
    login("contoso.com");
    // Another tenant in the same profile: nothing would find the earlier sign-in.
    login("fabrikam.com");
    let set = |kind, tenant| {
        let set = ["profile", "set", "default", "--kind", kind];
        end(&mut session.agentuser(&[&set[..], &at(tenant)].concat()))
    };
    let ended = set("browser", "fabrikam.com");
    assert!(!ended.stderr.contains("forgotten"), "it is the same sign-in: {ended:#?}");
    assert_eq!(session.secrets(), 1);
    // A store that fails changes nothing, so that it can be done again.
    session.lock();
    for arguments in
        [&["profile", "remove", "default"][..], &["profile", "set", "default", "--kind", "azureCli"]]
    {
        let ended = end(&mut session.agentuser(arguments));
        ended.failed(4, &["locked", "fix: Unlock it and run it again.", "code: NoCredentialStore"]);
        end(&mut session.agentuser(&["profile", "show"])).done(&["browser", "fabrikam.com"]);
    }
}

#[test]
fn a_profile_that_is_replaced_loses_its_sign_in() {
    let Some(session) = Session::start() else { return };
    let entra = Entra::start();
    end(&mut session.agentuser(&login(&entra, &["--device-code"]))).done(&[]);
    let ended = end(&mut session.agentuser(&["profile", "set", "default", "--kind", "azureCli"]));
    ended.done(&[]);
    assert!(
        ended.stderr.contains("The sign-in of the profile default as it was is forgotten.\n"),
        "{ended:#?}"
    );
    assert_eq!(session.secrets(), 0);
}

#[test]
fn a_locked_store_that_nobody_unlocks_is_told() {
    let Some(session) = Session::start() else { return };
    let entra = Entra::start();
    session.lock();
    let ended = end(&mut session.agentuser(&login(&entra, &["--device-code"])));
    ended.failed(4, &["error: ", "locked", "code: NoCredentialStore"]);
}

#[test]
fn a_sign_in_that_is_over_says_how_to_begin_anew() {
    let Some(session) = Session::start() else { return };
    let entra = Entra::start();
    end(&mut session.agentuser(&login(&entra, &["--device-code"]))).done(&[]);
    entra.revoked.store(true, Ordering::Relaxed);
    end(&mut session.agentuser(&["sku"])).failed(4, &["agentuser login", "code: SignInOver"]);
}

#[test]
fn an_interrupted_sign_in_keeps_nothing_and_closes_its_port() {
    let Some(session) = Session::start() else { return };
    let entra = Entra::start();
    let mut program = Command::new(env!("CARGO_BIN_EXE_agentuser"));
    program.args(login(&entra, &["--json"])).envs(session.variables());
    // A browser that opens, and in which nobody signs in.
    program.env("NO_PROXY", "*").env("BROWSER", "true");
    let mut program = interruptible(&program);
    let mut child =
        program.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    let shown: Value = serde_json::from_str(&line).expect(&line);
    assert_eq!(shown["event"], "browser");
    let (_, port) = shown["url"].as_str().unwrap().split_once("localhost%3A").unwrap();
    let port: String = port.chars().take_while(char::is_ascii_digit).collect();
    let address = format!("127.0.0.1:{port}");
    let mut waits = std::net::TcpStream::connect(&address).expect("it waits for the browser");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(4), "{rest}");
    assert!(rest.contains("The sign-in was interrupted, and nothing of it is kept."), "{rest}");
    assert!(rest.contains(r#""code":"SignInInterrupted""#), "{rest}");
    assert_eq!(waits.read(&mut [0]).unwrap_or_default(), 0, "the port is closed");
    assert_eq!((session.secrets(), session.profiles().exists()), (0, false));
}

#[test]
fn an_incomplete_login_says_what_is_missing() {
    let run = |arguments: &[&str]| -> Ended { end(&mut agentuser(arguments)) };
    run(&["login", "--tenant", "contoso.com"])
        .failed(4, &["error: There is no application that a person signs in by.", "fix: Give --client-id"]);
    run(&["login", "--client-id", CLIENT]).failed(4, &["no tenant to sign in to", "fix: Give --tenant"]);
    run(&["login", "--client-id", "ada@contoso.com", "--tenant", "contoso.com"])
        .failed(1, &["clientId", "code: Invalid"]);
    run(&["login", "--browser", "--device-code", "--azure-cli"])
        .failed(4, &["more than one way to sign in: --browser, --device-code, --azure-cli.\n"]);
    let others = ["--azure-developer-cli", "--managed-identity", "--client-certificate", "/nonexistent"];
    run(&[&["login", "--device-code"], &others[..], &["--agent-user", "x"]].concat()).failed(
        4,
        &[
            "error: A person is to be signed in, and other ways to sign in are given: --azure-developer-cli, \
             --managed-identity, --client-certificate (or AGENTUSER_CLIENT_CERTIFICATE), --agent-user (or AGENTUSER_AGENT_USER).\n",
            "fix: For a person, leave these options out",
            "code: TokenMissing",
        ],
    );
    let elsewhere =
        ["--client-id", CLIENT, "--tenant", "contoso.com", "--graph-endpoint", "https://graph.example"];
    run(&[&["login"], &elsewhere[..]].concat()).failed(1, &["loginEndpoint", "code: Invalid"]);
    run(&["logout"]).failed(4, &["no tenant to sign in to"]);
}
