//! Tokens and servers that are not as they should be.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::{Ended, TOKEN, agentuser, end, example, run, server};
use std::time::{Duration, Instant};

const CLIENT: &str = "00000000-0000-4000-8000-000000000001";

fn with_token(arguments: &[&str]) -> Ended {
    end(agentuser(arguments).env("AGENTUSER_TOKEN", TOKEN))
}

#[test]
fn without_a_token_every_command_that_needs_one_says_how_to_give_it() {
    let id = "a1d00000-0000-4000-8000-000000000001";
    let roster = example("roster.csv");
    for arguments in [
        &["parent", id][..],
        &["list"],
        &["list", "--deleted"],
        &["get", "a@contoso.com"],
        &["get", "--parent", id],
        &["create", "--parent", id, "--display-name", "Ada", "--domain", "contoso.com"],
        &["update", "a@contoso.com", "--set", "jobTitle=x"],
        &["enable", "a@contoso.com"],
        &["disable", "a@contoso.com"],
        &["delete", "a@contoso.com", "--yes"],
        &["restore", id],
        &["purge", id, "--yes"],
        &["manager", "get", "a@contoso.com"],
        &["manager", "set", "a@contoso.com", "b@contoso.com"],
        &["manager", "clear", "a@contoso.com"],
        &["sponsor", "list", "a@contoso.com"],
        &["sponsor", "add", "a@contoso.com", "b@contoso.com"],
        &["sponsor", "remove", "a@contoso.com", "group:a1d00000-0000-4000-8000-000000000001"],
        &["sku"],
        &["license", "add", "a@contoso.com", "AGENT_365"],
        &["license", "remove", "a@contoso.com", "AGENT_365"],
        &["wait", "a@contoso.com"],
        &["roster", "plan", &roster],
        &["roster", "apply", &roster],
        &["roster", "apply", &roster, "--dry-run"],
    ] {
        let ended = run(arguments);
        ended.failed(4, &["error: There is no token", "set AGENTUSER_TOKEN", "code: TokenMissing"]);
        assert!(ended.stdout.is_empty(), "{arguments:?}: {ended:#?}");
    }
}

#[test]
fn wrong_input_is_told_before_the_token_is_missed() {
    run(&["get", "nobody"])
        .failed(1, &["error: Invalid user: The user principal name has no @.\n", "code: Invalid"]);
    run(&["parent", "x"]).failed(1, &["identityParentId", "code: Invalid"]);
    run(&["manager", "set", "a@contoso.com", "x"])
        .failed(1, &["error: Invalid manager: The user principal name has no @."]);
    run(&["sponsor", "add", "a@contoso.com", "group:x"]).failed(1, &["error: Invalid sponsor: "]);
    run(&["update", "a@contoso.com", "--set", "usageLocation=UK"]).failed(1, &["fix: Use GB."]);
    run(&["create", "--parent", "x", "--display-name", "Ada", "--domain", "contoso"])
        .failed(1, &["2 rules are broken", "identityParentId", "userPrincipalName"]);
    run(&["roster", "apply", &example("roster-bad.csv")])
        .failed(1, &["RepeatedParent", "code: RosterInvalid"]);
}

#[test]
fn tokens_that_are_none() {
    for wrong in ["\"quoted\"", "Bearer x", "{\"access_token\":\"x\"}", "two\nlines"] {
        let ended = end(agentuser(&["list"]).env("AGENTUSER_TOKEN", wrong));
        ended.failed(4, &["The value of AGENTUSER_TOKEN is not an access token.", "fix: "]);
    }
    let ended = end(agentuser(&["list"]).env("AGENTUSER_TOKEN", " "));
    ended.failed(4, &["There is no token"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let path = file.to_str().unwrap().to_owned();
    run(&["list", "--token-file", &path]).failed(4, &[&path, "can't be read", "fix: "]);
    std::fs::write(&file, "\n").unwrap();
    run(&["list", "--token-file", &path]).failed(4, &["is empty"]);
    std::fs::write(&file, b"\xff\xfex\0").unwrap();
    run(&["list", "--token-file", &path]).failed(4, &["is not UTF-8"]);
    std::fs::write(&file, format!("Bearer {TOKEN}")).unwrap();
    run(&["list", "--token-file", &path]).failed(4, &[&path, "is not an access token."]);
}

#[test]
fn one_way_to_sign_in() {
    let ended = with_token(&["list", "--token-file", "x"]);
    ended.failed(4, &["more than one way to sign in: AGENTUSER_TOKEN, --token-file"]);
    run(&["list", "--tenant", "x"]).failed(4, &["no --client-id"]);
    run(&["list", "--client-id", CLIENT])
        .failed(4, &["no proof of it", "AGENTUSER_CLIENT_SECRET", "--client-certificate"]);
    let secret = |arguments: &[&str]| {
        end(agentuser(&[&["list"], arguments].concat()).env("AGENTUSER_CLIENT_SECRET", TOKEN))
    };
    secret(&["--client-id", CLIENT]).failed(4, &["no tenant", "fix: Give --tenant"]);
    secret(&["--client-id", "a/b", "--tenant", "y.example"]).failed(1, &["clientId", "code: Invalid"]);
    secret(&["--client-id", CLIENT, "--tenant", "a b"])
        .failed(1, &["neither a GUID nor a domain", "code: Invalid"]);
    let several = ["--client-id", CLIENT, "--github-actions", "--client-certificate", "x"];
    secret(&several).failed(
        4,
        &[
            "more than one proof of the application: --client-certificate (or AGENTUSER_CLIENT_CERTIFICATE), \
             --github-actions, AGENTUSER_CLIENT_SECRET",
            "fix: Keep one of them",
        ],
    );
    let several = ["--azure-cli", "--device-code", "--client-certificate", "x"];
    run(&[&["list"], &several[..]].concat()).failed(
        4,
        &["more than one way to sign in: --device-code, --azure-cli, --client-certificate (or AGENTUSER_CLIENT_CERTIFICATE)"],
    );
    run(&["list", "--github-actions"])
        .failed(4, &["--github-actions is given, but no application", "fix: Give --client-id"]);
    // A secret in the environment, alone, says nothing.
    secret(&[]).failed(4, &["There is no token"]);
}

#[test]
fn an_agent_signs_in_by_its_blueprint() {
    let parent = "a1d00000-0000-4000-8000-000000000001";
    let secret = |arguments: &[&str]| {
        let blueprint = ["list", "--client-id", CLIENT, "--tenant", "contoso.com"];
        end(agentuser(&[&blueprint, arguments].concat()).env("AGENTUSER_CLIENT_SECRET", TOKEN))
    };
    secret(&["--agent-user", "ada@contoso.com"])
        .failed(4, &["but no agent identity", "fix: Give --agent-identity"]);
    secret(&["--agent-identity", "ada@contoso.com"]).failed(1, &["agentIdentityId", "code: Invalid"]);
    let of_agent = |user: &str| secret(&["--agent-identity", parent, "--agent-user", user]);
    of_agent("ada").failed(1, &["userId", "code: Invalid", "fix: "]);
    of_agent("@contoso.com").failed(1, &["userPrincipalName", "code: Invalid", "fix: "]);
    with_token(&["list", "--agent-identity", parent])
        .failed(4, &["not by its blueprint", "fix: Give the blueprint's --client-id with a proof"]);
}

#[test]
fn a_server_that_is_not_there() {
    // A port that was free a moment ago.
    let origin =
        format!("http://{}", std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    let ended = with_token(&["list", "--graph-endpoint", &origin, "--json"]);
    ended.failed(6, &[r#""code":"Unreachable""#, &origin, "Could not list the agent users."]);
    let lines: Vec<serde_json::Value> =
        ended.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [told, .., problem] = &lines[..] else { panic!("{ended:#?}") };
    assert_eq!((&told["event"], &told["why"]), (&"waiting".into(), &"retry".into()));
    assert!(!problem["fix"].as_str().unwrap().is_empty());
}

#[test]
fn a_server_that_speaks_html() {
    let origin = server(
        "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>",
    );
    let ended = with_token(&["get", "a@contoso.com", "--graph-endpoint", &origin]);
    ended.failed(6, &["error: ", "cause: ", "fix: ", "server: 404", "code: BadAnswer"]);
    let origin =
        server("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>");
    let ended = with_token(&["sku", "--graph-endpoint", &origin]);
    ended.failed(6, &["error: ", &origin, "code: BadAnswer"]);
}

#[test]
fn a_server_that_redirects_gets_no_token_elsewhere() {
    let origin = server("HTTP/1.1 302 Found\r\nLocation: https://example.com/\r\nContent-Length: 0\r\n\r\n");
    with_token(&["sku", "--graph-endpoint", &origin]).failed(6, &["redirect", "code: Redirected"]);
}

#[test]
fn a_token_that_is_refused() {
    let origin = server(
        "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 69\r\n\r\n\
         {\"error\":{\"code\":\"InvalidAuthenticationToken\",\"message\":\"No such one.\"}}",
    );
    let ended = with_token(&["sku", "--graph-endpoint", &origin]);
    ended.failed(4, &["can't be renewed", "fix: Sign in again", "code: TokenRejected"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, TOKEN).unwrap();
    let path = file.to_str().unwrap();
    let ended = run(&["sku", "--graph-endpoint", &origin, "--token-file", path]);
    ended.failed(4, &[path, "still holds the same one", "fix: Put a new token into", "code: TokenRejected"]);
}

/// A server that repeats what it was sent.
fn echo(status: &'static str, text: &'static str) -> String {
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nrequest-id: {TOKEN}\r\nContent-Length: {}\r\n\r\n{text}",
        text.len()
    );
    server(answer.leak())
}

#[test]
fn a_token_that_a_server_repeats_is_not_shown() {
    const ECHO: &str = concat!(
        r#"{"error":{"code":"marker-of-a-token-that-nobody-may-see","#,
        r#""message":"token=marker-of-a-token-that-nobody-may-see&x"}}"#
    );
    let origin = echo("403 Forbidden", ECHO);
    for more in [&[][..], &["--json"]] {
        let ended = with_token(&[&["sku", "--graph-endpoint", &origin], more].concat());
        ended.failed(4, &["[redacted]", "PermissionMissing"]);
    }
    // A list may hold it, too.
    const ENTRY: &str = concat!(
        r##"{"value":[{"@odata.type":"#microsoft.graph.agentUser","id":"a6000000-0000-4000-8000-000000000001","##,
        r#""displayName":"marker-of-a-token-that-nobody-may-see"}]}"#
    );
    let origin = echo("200 OK", ENTRY);
    with_token(&["list", "--json", "--graph-endpoint", &origin]).done(&["[redacted]"]);
}

#[test]
fn a_token_is_not_shown_in_any_other_shape_either() {
    for shape in [
        // JSON's escapes, base64, an escaped URL, a part, and lines.
        r"\u006darker\u002dof-a-token-that-nobody-may-see",
        "bWFya2VyLW9mLWEtdG9rZW4tdGhhdC1ub2JvZHktbWF5LXNlZQ==",
        "%6D%61rker%2Dof%2Da%2Dtoken%2Dthat%2Dnobody%2Dmay%2Dsee",
        "marker-of-a-token-that-...",
        r"marker-of-a-token\r\n-that-nobody-may-see",
    ] {
        let text = format!(r#"{{"error":{{"code":"X","message":"It was {shape}"}}}}"#);
        let origin = echo("403 Forbidden", text.leak());
        for more in [&[][..], &["--json"]] {
            let ended = with_token(&[&["sku", "--graph-endpoint", &origin], more].concat());
            ended.failed(4, &["It was [redacted]"]);
            assert!(
                !ended.stderr.contains("nobody") && !ended.stderr.contains("bWFya2Vy"),
                "{shape}: {ended:?}"
            );
        }
    }
}

#[test]
fn a_token_in_the_place_of_something_else_is_not_shown() {
    const JWT: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.eyJhdWQiOiJ4In0.c2ln";
    for arguments in [
        &["list", JWT][..],
        &["list", "--cloud", JWT],
        &["list", "--graph-endpoint", JWT],
        &["list", "--token-file", JWT],
        &["get", JWT],
        &["roster", "apply", JWT],
        &["explain", JWT],
        &["list", "--graph-endpoint", "https://bob:eyJ-password@graph.example"],
    ] {
        let ended = run(arguments);
        assert!([1, 2, 4].contains(&ended.code), "{ended:?}");
        assert!(ended.stderr.contains("[redacted]") || arguments[0] == "get", "{ended:?}");
        assert!(!ended.stderr.contains("eyJ"), "{arguments:?}: {ended:?}");
    }
    let ended = end(agentuser(&["list"]).env("AGENTUSER_TOKEN_FILE", JWT));
    ended.failed(4, &["The token file [redacted] can't be read"]);
}

#[test]
fn a_secret_that_a_server_repeats_is_not_shown() {
    const ECHO: &str = concat!(
        r#"{"error":"invalid_client","error_description":"#,
        r#""AADSTS7000215: Invalid client secret provided: marker-of-a-token-that-nobody-may-see."}"#
    );
    let origin = echo("401 Unauthorized", ECHO);
    let arguments = ["sku", "--tenant", "contoso.com", "--client-id", CLIENT, "--graph-endpoint", &origin];
    let mut command = agentuser(&[&arguments[..], &["--login-endpoint", &origin]].concat());
    end(command.env("AGENTUSER_CLIENT_SECRET", TOKEN)).failed(4, &["[redacted]", "SignInSecretWrong"]);
}

#[cfg(unix)]
#[test]
fn a_secret_that_other_users_may_read_is_remarked_on() {
    use std::os::unix::fs::PermissionsExt as _;
    let origin = server("HTTP/1.1 302 Found\r\nLocation: https://example.com/\r\nContent-Length: 0\r\n\r\n");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, TOKEN).unwrap();
    let path = file.to_str().unwrap();
    for (mode, says) in [(0o600, None), (0o640, Some("read")), (0o604, Some("read")), (0o666, Some("change"))]
    {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let ended = run(&["sku", "--graph-endpoint", &origin, "--token-file", path]);
        ended.failed(6, &["code: Redirected"]);
        let remark = says.map(|may| format!("Other users of this machine may {may} the token file {path}."));
        assert_eq!(ended.stderr.contains("Other users"), remark.is_some(), "{mode:o}: {ended:?}");
        assert!(remark.is_none_or(|remark| ended.stderr.contains(&remark)), "{ended:?}");
    }
    let ended = run(&["sku", "--graph-endpoint", &origin, "--token-file", path, "--json"]);
    ended.failed(6, &[r#""event":"secretOpenToOthers""#]);
}

#[test]
fn causes_on_the_way_to_the_server_are_named() {
    // A port of plain HTTP.
    let http = server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let https = http.replace("http://", "https://");
    let begun = Instant::now();
    with_token(&["sku", "--graph-endpoint", &https]).failed(6, &["code: TlsFailed", "plain HTTP", "fix: "]);
    assert!(begun.elapsed() < Duration::from_secs(5), "another try can't help");
    // A proxy that wants a sign-in of its own, and one that is not there.
    let wants = server("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    let gone =
        format!("http://{}", std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    for proxy in [wants, gone] {
        let mut command = agentuser(&["sku", "--graph-endpoint", "https://graph.example"]);
        command.env("AGENTUSER_TOKEN", TOKEN).env_remove("NO_PROXY").env("HTTPS_PROXY", proxy);
        end(&mut command).failed(6, &["code: ProxyFailed", "by the proxy", "fix: Check HTTPS_PROXY"]);
    }
}

#[test]
fn a_proxy_that_is_no_url_is_named() {
    for value in ["::::", "http://", "http://bob:secret-of-a-proxy@:x"] {
        let mut command = agentuser(&["sku", "--graph-endpoint", "https://graph.example"]);
        command.env("AGENTUSER_TOKEN", TOKEN).env_remove("NO_PROXY").env("HTTPS_PROXY", value);
        let ended = end(&mut command);
        ended.failed(6, &["The value of HTTPS_PROXY is not the URL of a proxy", "code: ProxyFailed"]);
        assert!(!ended.stderr.contains("secret-of"), "{ended:?}");
    }
}

#[test]
fn every_row_of_a_roster_needs_the_server_so_nothing_ran() {
    let origin = server("HTTP/1.1 302 Found\r\nLocation: https://example.com/\r\nContent-Length: 0\r\n\r\n");
    let roster = example("roster.csv");
    for more in [&[][..], &["--skip-domain-check"]] {
        let ended =
            with_token(&[&["roster", "apply", &roster, "--graph-endpoint", &origin][..], more].concat());
        ended.failed(6, &["code: Redirected"]);
        assert_eq!(ended.stderr.matches("error: ").count(), 1, "{ended:#?}");
    }
}

#[test]
fn a_wait_beyond_the_time_limit_ends_it_at_once_with_its_reason() {
    let origin = server("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 600\r\nContent-Length: 0\r\n\r\n");
    let ended = with_token(&["sku", "--graph-endpoint", &origin, "--timeout", "300s"]);
    ended.failed(6, &["retry after: 600 s", "code: Throttled"]);
    let origin =
        server("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1000000000\r\nContent-Length: 0\r\n\r\n");
    let ended = with_token(&["sku", "--graph-endpoint", &origin]);
    ended.failed(6, &["retry after: 1000000000 s", "code: ServiceUnavailable"]);
}

#[test]
fn a_time_limit_ends_it_in_good_order_and_says_what_it_waited_for() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", silent.local_addr().unwrap());
    let ended = with_token(&["sku", "--graph-endpoint", &origin, "--timeout", "1s"]);
    ended.failed(6, &["while it waited for an answer", "code: DeadlineExceeded"]);
    let create = ["create", "--display-name", "A", "--upn", "a@contoso.com", "--skip-domain-check"];
    let parent = ["--parent", "a1d00000-0000-4000-8000-000000000001"];
    let limit = ["--graph-endpoint", &origin, "--timeout", "1s"];
    let ended = with_token(&[&create[..], &parent, &limit].concat());
    ended.failed(6, &["while it waited for an answer", "code: DeadlineExceeded"]);
}

#[test]
fn a_server_that_does_not_answer_is_told_of_and_given_up() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", silent.local_addr().unwrap());
    let ended = with_token(&["sku", "--graph-endpoint", &origin, "--outage-timeout", "11s"]);
    ended.failed(6, &["waiting 1 s: the server has not answered a request", "code: TimedOut"]);
}

#[test]
fn a_sign_in_that_does_not_answer_is_told_of_and_given_up() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", silent.local_addr().unwrap());
    let sign_in = |endpoint: &str, more: &[&str]| {
        let arguments =
            ["sku", "--tenant", "contoso.com", "--client-id", CLIENT, "--graph-endpoint", endpoint];
        let mut command = agentuser(&[&arguments[..], &["--login-endpoint", endpoint], more].concat());
        end(command.env("AGENTUSER_CLIENT_SECRET", TOKEN))
    };
    let told = ["waiting: the sign-in has not given a token yet", "code: TimedOut"];
    std::thread::scope(|scope| {
        scope.spawn(|| sign_in(&origin, &["--outage-timeout", "11s"]).failed(6, &told));
        let ended = sign_in(&origin, &["--outage-timeout", "11s", "--json"]);
        ended.failed(6, &[r#""event":"waiting""#, r#""why":"signIn""#]);
    });
    // A wait that the command has no time for ends it at once, with its reason.
    let busy = server("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n");
    let begun = Instant::now();
    sign_in(&busy, &["--timeout", "20s"]).failed(6, &["retry after: 60 s", "code: Throttled"]);
    assert!(begun.elapsed() < Duration::from_secs(5));
}

const NO_SKUS: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"value\":[]}";

#[test]
fn a_machine_without_certificate_authorities_is_told_so() {
    let nowhere = [("SSL_CERT_FILE", "/nonexistent"), ("SSL_CERT_DIR", "/nonexistent")];
    let at = |endpoint: &str| {
        let arguments = ["sku", "--graph-endpoint", endpoint];
        end(agentuser(&arguments).envs(nowhere).env("AGENTUSER_TOKEN", TOKEN))
    };
    at("https://graph.example").failed(6, &["trusts", "code: NoTrustedRoots", "ca-certificates"]);
    // Plain http to this machine needs none.
    at(&server(NO_SKUS)).done(&[]);
}

#[test]
fn a_file_of_certificates_is_read_or_told_of() {
    let list = |file: &str| with_token(&["sku", "--graph-endpoint", "http://127.0.0.1:1", "--ca-file", file]);
    list("/nonexistent.pem").failed(1, &["/nonexistent.pem", "can't be read"]);
    list("/dev/zero").failed(1, &["16 MiB"]);
    list(&example("roster.csv")).failed(1, &["The trusted certificates hold none", "BEGIN CERTIFICATE"]);
}

/// A hosts file, or a resolver, may send `localhost` elsewhere.
#[cfg(target_os = "linux")]
#[test]
fn localhost_is_this_machine_whatever_its_hosts_file_says() {
    let hosts = std::env::temp_dir().join(format!("agentuser-hosts-{}", std::process::id()));
    std::fs::write(&hosts, "10.99.0.1 localhost\n").unwrap();
    let within = |command: &str| {
        let mut unshare = assert_cmd::Command::new("unshare");
        let script = format!("mount --bind {} /etc/hosts && {command}", hosts.display());
        unshare.args(["--map-root-user", "--mount", "sh", "-c", &script]);
        unshare
    };
    let elsewhere = within("getent hosts localhost").output();
    let can = elsewhere.is_ok_and(|output| output.stdout.starts_with(b"10.99.0.1"));
    assert!(can || std::env::var_os("CI").is_none(), "no mount namespaces here");
    if can {
        let program = env!("CARGO_BIN_EXE_agentuser");
        let endpoint = server(NO_SKUS).replace("127.0.0.1", "localhost");
        let command = format!("{program} sku --graph-endpoint {endpoint}");
        end(within(&command).env("AGENTUSER_TOKEN", TOKEN)).done(&[]);
    } else {
        eprintln!("skipped: no mount namespaces here");
    }
    std::fs::remove_file(&hosts).unwrap();
}

#[test]
fn a_certificate_that_is_not_trusted_is_named_at_once() {
    let sim = common::simulator::Simulator::start(&["--tls"]);
    let begun = Instant::now();
    for command in [&["sku"][..], &["roster", "apply", &example("roster.csv")]] {
        let ended = end(&mut sim.command("admin", command));
        ended.failed(6, &["error: ", &sim.root, "code: CertificateRefused", "fix: "]);
        assert!(!ended.stderr.contains("Other("), "{ended:?}");
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "another try can't help");
}
