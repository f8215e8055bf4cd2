//! Commands for single agent users and lists of them, against the simulator.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::simulator::{Simulator, parent};
use common::{TOKEN, agentuser, end, example};
use serde_json::Value;
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
    let id = planned_and_created(&sim);
    found_by_each_of_its_names(&sim, &id);
    changed(&sim);
    connected(&sim);
    licensed(&sim);
    gone_back_and_gone_for_ever(&sim, &id);
}

/// The object id of the agent user that it creates.
fn planned_and_created(sim: &Simulator) -> String {
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
    let written = sim.writes();
    sim.run(&create).done(&["nothing to change"]);
    assert_eq!(sim.writes(), written);
    report["id"].as_str().unwrap().to_owned()
}

fn found_by_each_of_its_names(sim: &Simulator, id: &str) {
    let parent_id = parent(1);
    for whom in [&[ADA][..], &[id], &["--parent", &parent_id]] {
        let user = &sim.json(&[&["get"], whom].concat())[0];
        assert_eq!((&user["id"], &user["jobTitle"]), (&id.into(), &"Analyst".into()));
    }
    sim.run(&["get", ADA]).done(&["displayName ", "identityParentId ", &parent_id]);
    sim.run(&["list"]).done(&["USER PRINCIPAL NAME", ADA, "first.agent@contoso.com"]);
}

fn changed(sim: &Simulator) {
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
}

fn connected(sim: &Simulator) {
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
    sim.run(&["group", "add", ADA, "Group 1", "--dry-run"]).done(&["would  add to group"]);
    sim.run(&["group", "add", ADA, "Group 1"]).done(&["done   add to group"]);
    sim.run(&["group", "list", ADA]).done(&["Group 1"]);
    sim.run(&["access", ADA]).done(&["Group 1", "itself"]);
    assert!(sim.json(&["access", ADA])[0]["groups"]["known"][0]["source"].is_object());
    sim.run(&["group", "remove", ADA, "Group 1"]).done(&["done   remove from group"]);
}

fn licensed(sim: &Simulator) {
    sim.run(&["sku"]).done(&["AGENT_365        Agent 365  24    1     25"]);
    for command in ["add", "remove"] {
        sim.run(&["license", command, ADA, "group:Sales Agents"]).failed(
            1,
            &["A group's licenses come by membership", "Only rosters and creates take group:", "WrongKind"],
        );
    }
    sim.run(&["license", "add", ADA, "AGENT_MESSAGING", "NOPE"])
        .failed(5, &["AGENT_365, AGENT_MESSAGING", "code: SkuNotFound"]);
    sim.run(&["license", "add", ADA, "AGENT_MESSAGING"]).done(&["done   assign license"]);
    sim.run(&["license", "remove", ADA, "AGENT_MESSAGING"]).done(&["done   remove license"]);
    std::thread::sleep(Duration::from_millis(300));
    sim.run(&["wait", ADA]).done(&["ready"]);
}

fn gone_back_and_gone_for_ever(sim: &Simulator, id: &str) {
    sim.run(&["delete", ADA, "--dry-run"]).done(&["would  delete"]);
    sim.run(&["delete", ADA, "--yes"]).done(&["deleted; it can be restored"]);
    sim.run(&["get", ADA]).failed(5, &["code: NotFound"]);
    sim.run(&["get", "--parent", &parent(1)]).failed(5, &["has no agent user", "list --deleted"]);
    sim.run(&["list", "--deleted"]).done(&[ADA, id]);
    sim.run(&["restore", id]).done(&["restored"]);
    sim.run(&["delete", id, "--yes"]).done(&["deleted"]);
    sim.run(&["purge", id, "--dry-run"]).done(&["would  delete for ever"]);
    sim.run(&["purge", id, "--yes"]).done(&["deleted for ever"]);
    sim.run(&["restore", id]).failed(5, &["recycle bin", "code: DeletedItemNotFound"]);
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
    let mut list = sim.process(&["list", "--json", "--page-size", "1"]).spawn().unwrap();
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
    sim.run(&["delete", "human1@contoso.com", "--yes"]).failed(1, &["code: NotAnAgentUser"]);
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
    run("reader", &["delete", "first.agent@contoso.com", "--yes"]).failed(
        4,
        &["permissions: AgentIdUser.ReadWrite.IdentityParentedBy", "server: 403", "code: PermissionMissing"],
    );
    let ended = run("reader", &["delete", "first.agent@contoso.com", "--yes"]);
    assert_eq!(ended.stderr.matches("Insufficient privileges").count(), 1, "Graph's words once: {ended:#?}");
    let ended = run("reader", &["delete", "first.agent@contoso.com", "--yes", "--json"]);
    assert_eq!(
        ended.stderr.matches("Insufficient privileges").count(),
        2,
        "message and graphMessage: {ended:#?}"
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

/// Ctrl+C once: requests in flight are finished, and every row is reported.
#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_in_good_order() {
    use rustix::process::{Pid, Signal};
    use std::io::{BufRead as _, BufReader, Read as _};

    let sim = Simulator::start(&[]);
    let create =
        ["create", "--parent", &parent(1), "--display-name", "Ada", "--upn", ADA, "--usage-location", "DE"];
    sim.run(&[&create[..], &["--license", "AGENT_365"]].concat()).done(&["created"]);
    let mut wait = sim.interruptible(&["wait", ADA, "--json"]).spawn().unwrap();
    let mut stderr = BufReader::new(wait.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains(r#""event":"waiting""#) {
        assert_ne!(stderr.read_line(&mut said).unwrap(), 0, "{said}");
    }
    rustix::process::kill_process(Pid::from_child(&wait), Signal::INT).unwrap();
    stderr.read_to_string(&mut said).unwrap();
    let ended = wait.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(9), "{said}");
    assert!(said.contains(r#""event":"cancelling""#) && said.contains(r#""code":"Cancelled""#), "{said}");
}
