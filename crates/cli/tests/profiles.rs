//! Named profiles.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::simulator::Simulator;
use common::{Ended, TOKEN, agentuser, end};
use serde_json::json;
use std::path::{Path, PathBuf};

const CLIENT: &str = "00000000-0000-4000-8000-000000000001";

/// A user with a folder for profiles.
struct User(tempfile::TempDir);

impl User {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("agentuser/profiles.json")
    }

    fn command(&self, arguments: &[&str]) -> assert_cmd::Command {
        let mut command = agentuser(arguments);
        command.env("XDG_CONFIG_HOME", self.0.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        end(&mut self.command(arguments))
    }

    fn write(&self, text: &str) {
        std::fs::create_dir_all(self.file().parent().unwrap()).unwrap();
        std::fs::write(self.file(), text).unwrap();
    }
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn profiles_are_made_listed_shown_chosen_and_removed() {
    let user = User::new();
    let ended = user.run(&["profile", "list"]);
    ended.done(&[]);
    assert_eq!(ended.stderr, "There are no profiles. `agentuser login` makes one.\n");
    user.run(&[
        "profile",
        "set",
        "one",
        "--kind",
        "browser",
        "--tenant",
        "Contoso.com",
        "--client-id",
        CLIENT,
    ])
    .done(&[]);
    let more = ["--tenant", "partner.example", "--client-id", CLIENT, "--cloud", "usgov"];
    let ended = user.run(&[&["profile", "set", "two", "--kind", "application"][..], &more].concat());
    assert!(ended.stderr.starts_with("The profile two is in "), "{ended:?}");
    assert_eq!((mode(&user.file()), mode(user.file().parent().unwrap())), (0o600, 0o700));
    let listed = user.run(&["profile", "list"]);
    listed.done(&["one (default)  browser      contoso.com", "two            application  partner.example"]);
    let shown = user.run(&["profile", "show", "--json"]).json();
    assert_eq!(
        shown[0],
        json!({"name": "one", "kind": "browser", "tenantId": "contoso.com", "clientId": CLIENT, "default": true})
    );
    user.run(&["profile", "default", "two"]).done(&[]);
    user.run(&["profile", "show"]).done(&["kind      application", "cloud     usgov", "default   yes"]);
    assert_eq!(user.run(&["profile", "list", "--json"]).json().len(), 2);
    user.run(&["profile", "remove", "two"]).done(&[]);
    user.run(&["profile", "show"])
        .failed(1, &["No profile is named, and none is the default.", "cause: There are one."]);
    user.run(&["profile", "show", "one"]).done(&["default   no"]);
}

#[test]
fn what_is_not_a_profile_is_told_with_its_place() {
    let user = User::new();
    let named = user.run(&["list", "--profile", "nobody"]);
    named.failed(
        1,
        &[
            "error: There is no profile nobody.",
            "cause: There are no profiles yet.",
            "fix: ",
            "code: Invalid",
        ],
    );
    end(user.command(&["whoami"]).env("AGENTUSER_PROFILE", "nobody"))
        .failed(1, &["There is no profile nobody."]);
    user.run(&["list", "--profile", "../x"])
        .failed(2, &["\"../x\" is not a name of a profile", "letters, digits"]);
    let kind = ["profile", "set", "x", "--kind", "browser"];
    user.run(&[&kind[..], &["--tenant", "a b"]].concat())
        .failed(1, &["neither a GUID nor a domain", "code: Invalid"]);
    user.run(&[&kind[..], &["--client-id", "x"]].concat()).failed(1, &["clientId", "code: Invalid"]);
    let places = ["--cloud", "usgov", "--graph-endpoint", "https://graph.example"];
    user.run(&[&kind[..], &places].concat())
        .failed(2, &["'--cloud <CLOUD>'", "cannot be used with", "'--graph-endpoint <URL>'"]);
    user.run(&["profile", "set", "x", "--kind", "magic"]).failed(2, &["possible values: browser"]);
    assert!(!user.file().exists(), "nothing of that is kept");

    let broken = [
        ("{", "line 1, column 1 is not JSON"),
        (r#"{"profiles":{"a":{"kind":"magic"}}}"#, "profiles.a.kind is not one of browser, deviceCode"),
        (
            r#"{"profiles":{"a":{"kind":"browser","cloud":"usgov","graphEndpoint":"https://graph.example"}}}"#,
            "profiles.a.graphEndpoint is given beside cloud",
        ),
        (r#"{"default":"b","profiles":{}}"#, "default names the profile b, which is not there"),
    ];
    for (text, why) in broken {
        user.write(text);
        for arguments in [&["profile", "list"][..], &["list"], &["logout"]] {
            let ended = user.run(arguments);
            ended.failed(1, &["The file of profiles ", "can't be used: ", why, "fix: Correct that place"]);
        }
        assert_eq!(std::fs::read_to_string(user.file()).unwrap(), text, "it is left alone");
    }
    std::fs::remove_file(user.file()).unwrap();
    std::fs::create_dir(user.file()).unwrap();
    user.run(&["profile", "list"]).failed(1, &["can't be read: ", "fix: Check the path"]);
}

#[test]
fn a_secret_in_the_file_is_refused_and_not_repeated() {
    let user = User::new();
    for member in ["clientSecret", "refreshToken", "password"] {
        user.write(&json!({"profiles": {"a": {"kind": "application", member: TOKEN}}}).to_string());
        let ended = user.run(&["profile", "list"]);
        ended.failed(
            1,
            &[
                &format!("profiles.a.{member} is not a member"),
                "fix: Take that member out",
                "replace the secret",
            ],
        );
    }
}

#[test]
fn flags_win_over_variables_and_these_over_the_profile() {
    let (sim, other, user) =
        (Simulator::start(&["--agent-users", "1"]), Simulator::start(&["--agent-users", "2"]), User::new());
    let set =
        ["profile", "set", "sim", "--kind", "application", "--tenant", "contoso.com", "--client-id", CLIENT];
    user.run(&[&set[..], &["--graph-endpoint", &sim.root]].concat()).done(&[]);
    let users = |command: &mut assert_cmd::Command| {
        let ended = end(command.env("AGENTUSER_TOKEN", "admin"));
        ended.done(&[]);
        ended.json().len()
    };
    let list = ["list", "--json"];
    assert_eq!(users(&mut user.command(&list)), 1, "the default profile's place");
    assert_eq!(users(user.command(&list).env("AGENTUSER_GRAPH_ENDPOINT", &other.root)), 2, "a variable");
    let flag = ["list", "--json", "--graph-endpoint", &sim.root];
    assert_eq!(users(user.command(&flag).env("AGENTUSER_GRAPH_ENDPOINT", &other.root)), 1, "a flag");
    // The way to sign in is the profile's where no other is given, and a proof completes it.
    user.run(&["list"])
        .failed(4, &["There is an application to sign in as, but no proof of it.", "--client-certificate"]);
    // A cloud that is named is another place than the profile's endpoint.
    let ended = user.run(&["list", "--cloud", "usgov", "--token-file", "/nonexistent"]);
    ended.failed(4, &["The token file /nonexistent can't be read"]);
}

#[test]
fn without_a_store_a_sign_in_that_may_be_kept_is_told_with_the_way_back() {
    let user = User::new();
    let set = ["profile", "set", "p", "--kind", "browser", "--client-id", CLIENT, "--tenant"];
    user.run(&[&set[..], &["contoso.com", "--cloud", "usgov"]].concat()).done(&[]);
    let may_be_kept = |ended: &Ended, members: &str| {
        ended.done(&[]);
        for text in [
            "The sign-in of the profile p as it was may still be in the system's credential store. The store can't be used: ",
            &format!("`agentuser profile set p --kind browser --tenant {members}`"),
            "`agentuser logout --profile p`",
        ] {
            assert!(ended.stderr.contains(text), "{text}: {ended:#?}");
        }
    };
    // The same sign-in, told of in another way, stays.
    let ended = user.run(&[
        "profile",
        "set",
        "p",
        "--kind",
        "deviceCode",
        "--client-id",
        CLIENT,
        "--tenant",
        "contoso.com",
        "--cloud",
        "usgov",
    ]);
    assert!(!ended.stderr.contains("may still be"), "{ended:#?}");
    user.run(&[&set[..], &["contoso.com", "--cloud", "usgov"]].concat()).done(&[]);
    let ended = user.run(&[&set[..], &["fabrikam.com"]].concat());
    may_be_kept(&ended, &format!("contoso.com --client-id {CLIENT} --cloud usgov"));
    let ended = user.run(&["profile", "remove", "p"]);
    may_be_kept(&ended, &format!("fabrikam.com --client-id {CLIENT}"));
    assert!(ended.stderr.contains("The profile p is removed.\n"), "{ended:#?}");
    // A profile without a person's sign-in has nothing in the store, and gets no such remark.
    user.run(&["profile", "set", "p", "--kind", "azureCli"]).done(&[]);
    let ended = user.run(&["profile", "remove", "p"]);
    assert_eq!(ended.stderr, "The profile p is removed.\n");
}
