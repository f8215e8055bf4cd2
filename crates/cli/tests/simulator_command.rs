//! Every command against the simulator, which the program itself serves.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::simulator::{Simulator, parent};
use common::{Ended, TOKEN, agentuser, end, example};
use serde_json::Value;
use std::process::{Command, Stdio};
use std::time::Duration;

const ADA: &str = "ada@contoso.com";

/// The changes of a report, as `change applied`.
fn changes(report: &Value) -> Vec<String> {
    let changes = report["changes"].as_array().unwrap().iter();
    changes.map(|change| format!("{} {}", change["change"].as_str().unwrap(), change["applied"])).collect()
}

#[test]
fn the_life_of_one() {
    let sim = Simulator::fast();
    let create = [
        "create",
        "--parent",
        &parent(1),
        "--display-name",
        "Ada",
        "--upn",
        ADA,
        "--usage-location",
        "DE",
        "--set",
        "jobTitle=Analyst",
        "--manager",
        "human1@contoso.com",
        "--sponsor",
        "human2@contoso.com",
        "--license",
        "agent_365",
    ];
    let everything = ["create", "addSponsor", "addLicense", "setManager"];

    // Before anything is written.
    sim.run(&["parent", &parent(1)]).done(&["Agent 1"]);
    let plan = &sim.json(&[&create[..], &["--dry-run"]].concat())[0];
    assert_eq!(
        (&plan["outcome"], changes(plan)),
        (&"planned".into(), everything.map(|c| format!("{c} false")).into())
    );
    assert_eq!(sim.writes(), 0);

    let report = &sim.json(&create)[0];
    assert_eq!((&report["outcome"], &report["stage"]), (&"created".into(), &"done".into()));
    assert_eq!(changes(report), everything.map(|change| format!("{change} true")));
    let id = report["id"].as_str().unwrap();
    let written = sim.writes();
    sim.run(&create).done(&["nothing to change"]);
    assert_eq!(sim.writes(), written);

    // Found by each of its names.
    let parent_id = parent(1);
    for whom in [&[ADA][..], &[id], &["--parent", &parent_id]] {
        let user = &sim.json(&[&["get"], whom].concat())[0];
        assert_eq!((&user["id"], &user["jobTitle"]), (&id.into(), &"Analyst".into()));
    }
    sim.run(&["get", ADA]).done(&["displayName ", "identityParentId ", &parent_id]);
    sim.run(&["list"]).done(&["USER PRINCIPAL NAME", ADA, "first.agent@contoso.com"]);

    // Changed.
    sim.run(&["update", ADA, "--set", "jobTitle=Chief", "--clear", "jobTitle"])
        .failed(1, &["given more than once"]);
    sim.run(&["update", ADA, "--set", "jobTitle=Chief", "--dry-run"])
        .done(&["would  set jobTitle from \"Analyst\""]);
    sim.run(&["update", ADA, "--set", "jobTitle=Chief"]).done(&["changed", "done   set jobTitle"]);
    sim.run(&["update", ADA, "--set", "jobTitle=Chief"]).done(&["nothing to change"]);
    sim.run(&["update", ADA, "--clear", "JOBTITLE"]).done(&["to null"]);
    sim.run(&["disable", ADA]).done(&["set accountEnabled from true to false"]);
    assert_eq!(sim.json(&["list", "--disabled"]).len(), 1);
    sim.run(&["enable", ADA]).done(&["changed"]);

    // Connected.
    sim.run(&["manager", "get", ADA]).done(&["Human 1"]);
    sim.run(&["manager", "set", ADA, "human3@contoso.com"]).done(&["done   set manager"]);
    sim.run(&["manager", "clear", ADA, "--dry-run"]).done(&["would  remove the manager"]);
    sim.run(&["manager", "clear", ADA]).done(&["done   remove the manager"]);
    assert_eq!(sim.json(&["manager", "get", ADA]), [Value::Null]);
    let group = format!("group:{}", agentuser_simulator::ids::group(1));
    sim.run(&["sponsor", "add", ADA, &group]).done(&["done   add sponsor group:"]);
    assert_eq!(sim.json(&["sponsor", "list", ADA]).len(), 2);
    sim.run(&["sponsor", "remove", ADA, "human2@contoso.com"]).done(&["done   remove sponsor"]);
    sim.run(&["sponsor", "list", ADA]).done(&["group"]);

    // Licensed.
    sim.run(&["sku"]).done(&["AGENT_365        24    1     25"]);
    sim.run(&["license", "add", ADA, "AGENT_MESSAGING", "NOPE"])
        .failed(5, &["AGENT_365, AGENT_MESSAGING", "code: SkuNotFound"]);
    sim.run(&["license", "add", ADA, "AGENT_MESSAGING"]).done(&["done   assign license"]);
    sim.run(&["license", "remove", ADA, "AGENT_MESSAGING"]).done(&["done   remove license"]);
    std::thread::sleep(Duration::from_millis(300));
    sim.run(&["wait", ADA]).done(&["ready"]);

    // Gone, back, and gone for ever.
    sim.run(&["delete", ADA, "--dry-run"]).done(&["would  delete"]);
    sim.run(&["delete", ADA]).done(&["deleted; it can be restored"]);
    sim.run(&["get", ADA]).failed(5, &["code: NotFound"]);
    sim.run(&["get", "--parent", &parent(1)]).failed(5, &["has no agent user", "list --deleted"]);
    sim.run(&["list", "--deleted"]).done(&[ADA, id]);
    sim.run(&["restore", id]).done(&["restored"]);
    sim.run(&["delete", id]).done(&["deleted"]);
    sim.run(&["purge", id, "--dry-run"]).done(&["would  delete for ever"]);
    sim.run(&["purge", id, "--yes"]).done(&["deleted for ever"]);
    sim.run(&["restore", id]).failed(5, &["recycle bin", "code: NotFound"]);
}

#[test]
fn a_derived_name_gives_way_to_others() {
    let sim = Simulator::fast();
    let create = |n| {
        let parent = parent(n);
        sim.json(&["create", "--parent", &parent, "--display-name", "Zoë", "--domain", "contoso.com"])
            .remove(0)
    };
    assert_eq!(create(1)["userPrincipalName"], "zoe@contoso.com");
    let second = create(2);
    assert_eq!(second["userPrincipalName"], "zoe2@contoso.com");
    assert_eq!(second["changes"][0]["userPrincipalName"], "zoe2@contoso.com");
    assert_eq!(create(2)["outcome"], "unchanged");
}

#[test]
fn a_roster_from_nothing_to_nothing_to_change() {
    let sim = Simulator::fast();
    let roster = example("roster.csv");
    let plan = sim.run(&["roster", "plan", &roster]);
    plan.done(&[
        "row 2  sales.lead@contoso.com",
        "  create sales.tokyo@contoso.com (販売エージェント)",
        "  set manager to editorial.critic@contoso.com",
    ]);
    plan.done(&["24 rows: 24 to change"]);
    sim.run(&["roster", "apply", &roster, "--dry-run"]).done(&["24 rows: 24 to change"]);
    assert_eq!(sim.writes(), 0);

    sim.run(&["roster", "apply", &roster]).done(&["ROW  USER PRINCIPAL NAME", "24 rows: 24 created"]);
    let stats = sim.stats();
    assert_eq!((&stats["agentUsersCreated"], &stats["writesWithoutChange"]), (&24.into(), &0.into()));
    // Requests that rows make at the same time go as one.
    let batches = stats["batches"].as_u64();
    assert!(batches > Some(0), "{batches:?}");

    sim.run(&["roster", "plan", "--no-batch", &roster]).done(&["24 rows: nothing to change"]);
    assert_eq!(sim.stats()["batches"].as_u64(), batches);
    for command in [&["roster", "plan"][..], &["roster", "apply"]] {
        sim.run(&[command, &[&roster]].concat()).done(&["24 rows: nothing to change"]);
    }
    assert_eq!(sim.stats()["writes"], stats["writes"]);
}

#[test]
fn a_roster_for_programs() {
    let sim = Simulator::fast();
    let apply = ["roster", "apply", &example("roster.csv"), "--json"];
    let rows = |ended: &Ended, outcome: &str| {
        ended.done(&[]);
        let summary: Value = serde_json::from_str(ended.stderr.trim()).unwrap();
        assert_eq!((&summary["summary"]["rows"], &summary["summary"][outcome]), (&24.into(), &24.into()));
        let mut rows: Vec<_> = ended.json().iter().map(|report| report["row"].as_u64().unwrap()).collect();
        rows.sort_unstable();
        assert_eq!(rows, (2..=25).collect::<Vec<_>>());
    };
    rows(&sim.run(&apply), "created");
    // By now every mailbox is there.
    std::thread::sleep(Duration::from_millis(300));
    let ended = sim.run(&[&apply[..], &["--wait", "mailbox,teams"]].concat());
    rows(&ended, "unchanged");
}

#[test]
fn some_rows_fail_and_the_others_are_done() {
    let sim = Simulator::fast();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roster.csv");
    let disabled = agentuser_simulator::ids::identity(agentuser_simulator::tenant::DISABLED_IDENTITY);
    let roster = format!(
        "identityParentId,displayName,userPrincipalName,manager\n{},Ada,ada@contoso.com,\n{disabled},Eve,eve@contoso.com,\n\
         {},Bob,bob@contoso.com,eve@contoso.com\n",
        parent(1),
        parent(2)
    );
    std::fs::write(&file, &roster).unwrap();
    let path = file.to_str().unwrap();
    let ended = sim.run(&["roster", "apply", path]);
    ended.failed(
        3,
        &[
            "error: row 3, eve@contoso.com: ",
            "code: ParentDisabled",
            "error: row 4, bob@",
            "code: ManagerRowFailed",
        ],
    );
    assert!(ended.stdout.contains("3 rows: 1 created, 2 failed"), "{ended:#?}");
    let ended = sim.run(&["roster", "plan", path, "--json"]);
    assert_eq!((ended.code, ended.json().len()), (3, 3));

    // Domains are checked before anything is sent, or else by Graph.
    std::fs::write(&file, roster.replace("@contoso.com", "@fabrikam.com")).unwrap();
    let ended = sim.run(&["roster", "apply", path]);
    ended.failed(1, &["UpnDomainNotVerified", "code: RosterInvalid"]);
    assert_eq!(ended.stderr.matches("UpnDomainNotVerified").count(), 3);
    // Errors of the file and errors that only the tenant shows come together.
    std::fs::write(
        &file,
        roster.replace("eve@contoso.com,", "ev e@contoso.com,").replace("ada@contoso", "ada@fabrikam"),
    )
    .unwrap();
    let ended = sim.run(&["roster", "plan", path]);
    ended.failed(1, &["UpnDomainNotVerified", "UpnCharacter", "code: RosterInvalid"]);
    let elsewhere =
        format!("identityParentId,displayName,userPrincipalName\n{},Ada,ada@fabrikam.com\n", parent(3));
    std::fs::write(&file, elsewhere).unwrap();
    let ended = sim.run(&["roster", "apply", path, "--skip-domain-check"]);
    ended.failed(3, &["code: DomainNotVerified"]);
}

#[test]
fn lists_come_page_by_page() {
    let sim = Simulator::fast();
    sim.run(&["roster", "apply", &example("roster.csv")]).done(&[]);
    for size in ["1", "7", "999"] {
        assert_eq!(sim.json(&["list", "--page-size", size]).len(), 25);
    }
    let ended = sim.run(&["list", "--page-size", "7"]);
    ended.done(&["販売エージェント", "Поддержка"]);
    assert_eq!((ended.stdout.lines().count(), ended.stderr.trim()), (26, "25 agent users"));
    assert_eq!(sim.json(&["list", "--name-starts-with", "Travel & Expense, O'"]).len(), 1);
    assert_eq!(sim.json(&["list", "--upn-starts-with", "finance.o'", "--enabled"]).len(), 1);
    let quiet = sim.run(&["list", "--upn-starts-with", "nobody", "--quiet"]);
    quiet.done(&[]);
    assert!(quiet.stdout.is_empty() && quiet.stderr.is_empty(), "{quiet:?}");
}

#[test]
fn a_reader_who_goes_away_is_no_problem() {
    let sim = Simulator::fast();
    let mut list = Command::new(env!("CARGO_BIN_EXE_agentuser"))
        .args(["list", "--json", "--page-size", "1"])
        .env("AGENTUSER_GRAPH_ENDPOINT", &sim.root)
        .env("AGENTUSER_TOKEN", "admin")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(list.stdout.take());
    let ended = list.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn parents_that_can_have_no_agent_user() {
    let sim = Simulator::fast();
    for (id, code) in [
        (agentuser_simulator::ids::identity_app(1), "ParentIsAppId"),
        (agentuser_simulator::ids::blueprint_principal(1), "ParentIsBlueprintPrincipal"),
        (agentuser_simulator::ids::plain(1), "ParentIsServicePrincipal"),
        (
            agentuser_simulator::ids::identity(agentuser_simulator::tenant::DISABLED_IDENTITY),
            "ParentDisabled",
        ),
        (
            agentuser_simulator::ids::identity(agentuser_simulator::tenant::BANNED_IDENTITY),
            "ParentDisabledByMicrosoft",
        ),
    ] {
        sim.run(&["parent", &id.to_string()]).failed(1, &["fix: ", &format!("code: {code}")]);
    }
    sim.run(&["delete", "human1@contoso.com"]).failed(1, &["code: NotAnAgentUser"]);
    assert_eq!(sim.writes(), 0);
}

#[test]
fn tokens_that_may_not_do_it() {
    let sim = Simulator::fast();
    let run = |token, arguments: &[&str]| end(&mut sim.command(token, arguments));
    run(TOKEN, &["sku"]).failed(4, &["code: TokenRejected", "fix: "]);
    run("expired", &["list"]).failed(4, &["code: TokenRejected"]);
    run("challenged", &["list"]).failed(4, &["code: ClaimsChallenge"]);
    run("nobody", &["sku"])
        .failed(4, &["permissions: LicenseAssignment.Read.All", "request id: ", "code: PermissionMissing"]);
    run("reader", &["delete", "first.agent@contoso.com"]).failed(
        4,
        &["permissions: AgentIdUser.ReadWrite.IdentityParentedBy", "server: 403", "code: PermissionMissing"],
    );
    let ended = run(TOKEN, &["roster", "apply", &example("roster.csv"), "--json"]);
    ended.failed(4, &[r#""code":"TokenRejected""#]);
    assert!(ended.stdout.is_empty());
    assert_eq!(sim.writes(), 0);
}

#[test]
fn an_application_signs_in_with_its_secret() {
    let sim = Simulator::fast();
    let id = agentuser_simulator::ids::blueprint_app(1).to_string();
    let mut command = agentuser(&["sku", "--tenant", "contoso.com", "--client-id", &id]);
    command.env("AGENTUSER_GRAPH_ENDPOINT", &sim.root).env("AGENTUSER_LOGIN_ENDPOINT", &sim.root);
    end(command.env("AGENTUSER_CLIENT_SECRET", "simulated-secret")).done(&["AGENT_365"]);
    end(command.env("AGENTUSER_CLIENT_SECRET", TOKEN)).failed(4, &["code: SignInSecretWrong", "fix: "]);

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "simulated-secret\n").unwrap();
    command.env_remove("AGENTUSER_CLIENT_SECRET").env("AGENTUSER_CLIENT_SECRET_FILE", &file);
    end(&mut command).done(&["AGENT_365"]);
}

#[test]
fn options_from_a_file_give_way_to_flags() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("options.json");
    let options = r#"{"identities": 3, "agentUsers": 2, "seats": 9, "tokens": [{"token": "mine"}],
        "faults": {"script": [{"method": "GET", "path": "/subscribedSkus", "fault": "throttled",
                               "retryAfterSeconds": 1}]}}"#;
    std::fs::write(&file, options).unwrap();
    let sim = Simulator::start(&["--options", file.to_str().unwrap(), "--identities", "1"]);
    let skus = end(&mut sim.command("mine", &["sku", "--json"])).json();
    assert_eq!(
        skus.iter().map(|sku| sku["prepaidUnits"]["enabled"].as_u64()).collect::<Vec<_>>(),
        [Some(9); 2]
    );
    assert_eq!(sim.stats()["faults"], serde_json::json!({"Throttled": 1}));
    // One identity without an agent user, so the two that have one come next.
    sim.run(&["get", "agent2@contoso.com"]).done(&["agent2"]);
    sim.run(&["get", "agent3@contoso.com"]).done(&["agent3"]);
    sim.run(&["get", "agent4@contoso.com"]).failed(5, &["code: NotFound"]);
}

#[test]
fn the_options_that_the_help_shows() {
    let help = common::run(&["simulator", "--help"]).stdout;
    let shown = help.lines().skip_while(|line| *line != "  {").take_while(|line| !line.trim().is_empty());
    let shown: String = shown.map(|line| format!("{line}\n")).collect();
    // A free port, and nothing that goes wrong by chance.
    let sim = Simulator::start_with(&["--options", "-", "--port", "0", "--faults", "1"], &shown);
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["agentUsers"], 1000);
    sim.json(&["get", "agent1024@contoso.com"]);
    assert!(sim.control("GET", "tenant", "")["tokens"].as_array().unwrap().contains(&"short".into()));
    for path in ["tenant", "stats", "state", "writes", "script", "revoke", "stop"] {
        assert!(help.contains(&format!("/simulator/{path} ")), "{path}");
    }
}

#[test]
fn options_that_are_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("options.json");
    let file = file.to_str().unwrap();
    let run = |more: &[&str]| common::run(&[&["simulator", "--options", file], more].concat());
    run(&[]).failed(1, &["options.json can't be read", "fix: "]);
    for (options, text) in [
        (
            r#"{"faults": {"script": [{"method": "GET", "path": "/", "fault": "rest"}]}}"#,
            "faults.script[0].fault: ",
        ),
        (r#"{"speed": 0}"#, "speed: 0 is not between"),
    ] {
        std::fs::write(file, options).unwrap();
        run(&[]).failed(1, &[text, "fix: ", "code: Invalid"]);
    }
    std::fs::write(file, "{}").unwrap();
    run(&["--speed", "0"]).failed(1, &["speed: 0 is not between", "code: Invalid"]);
    run(&["--brisk"]).failed(1, &["faults.brisk: "]);
}

#[test]
fn faults_tokens_and_writes_while_it_runs() {
    let sim = Simulator::fast();
    sim.control("POST", "script", r#"[{"method": "POST", "path": "/users/", "fault": "lostAnswer"}]"#);
    let create = ["create", "--parent", &parent(1), "--display-name", "Ada", "--upn", ADA];
    sim.run(&create).done(&["created"]);
    assert_eq!(sim.stats()["faults"], serde_json::json!({"LostAnswer": 1}));
    let writes = sim.control("GET", "writes", "");
    assert_eq!((writes.as_array().unwrap().len(), &writes[0]["object"]), (1, &Value::from(parent(1))));
    sim.control("POST", "revoke", r#"{"token": "admin"}"#);
    sim.run(&["sku"]).failed(4, &["code: TokenRejected"]);
}

#[test]
fn a_port_that_is_taken() {
    let sim = Simulator::fast();
    let port = sim.root.rsplit(':').next().unwrap();
    common::run(&["simulator", "--port", port]).failed(1, &["can't be used", "fix: Choose another --port"]);
}

/// Ctrl+C once: requests in flight are finished, and every row is reported.
#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_in_good_order() {
    let sim = Simulator::start(&[]);
    let create =
        ["create", "--parent", &parent(1), "--display-name", "Ada", "--upn", ADA, "--usage-location", "DE"];
    sim.run(&[&create[..], &["--license", "AGENT_365"]].concat()).done(&["created"]);
    let wait = Command::new(env!("CARGO_BIN_EXE_agentuser"))
        .args(["wait", ADA, "--json"])
        .env("AGENTUSER_GRAPH_ENDPOINT", &sim.root)
        .env("AGENTUSER_TOKEN", "admin")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_secs(1));
    assert!(Command::new("kill").args(["-INT", &wait.id().to_string()]).status().unwrap().success());
    let ended = wait.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(9), "{said}");
    assert!(said.contains(r#""event":"cancelling""#) && said.contains(r#""code":"Cancelled""#), "{said}");
}
