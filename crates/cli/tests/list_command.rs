//! Lists: filters, columns, sorting and CSV, and several agent users at a time, against the simulator.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::simulator::{Simulator, parent};
use common::{TOKEN, agentuser, end, example, server_by};
use serde_json::Value;

fn tenant() -> Simulator {
    let sim = Simulator::fast();
    sim.run(&["roster", "apply", &example("roster.csv")]).done(&["24 created"]);
    sim
}

fn names(users: &[Value]) -> Vec<&str> {
    users.iter().map(|user| user["userPrincipalName"].as_str().unwrap()).collect()
}

#[test]
fn graph_filters_by_members_and_licenses() {
    let sim = tenant();
    let count = |filter: &[&str]| sim.json(&[&["list"], filter].concat()).len();
    assert_eq!(count(&[]), 25);
    let finance = count(&["--department", "Finance"]);
    assert!(finance > 1 && finance < 25, "{finance}");
    assert_eq!(count(&["--department", "Finance", "--disabled"]), 1);
    assert_eq!(count(&["--department", "O'Neil"]), 0);
    assert_eq!(count(&["--usage-location", "DE"]), 1);
    assert_eq!(count(&["--license", "agent_365"]), 24);
    let messaging = count(&["--license", "AGENT_MESSAGING"]);
    assert_eq!(messaging, 4);
    assert_eq!(names(&sim.json(&["list", "--parent", &parent(3)])), ["sales.juergen@contoso.com"]);
    sim.run(&["list", "--license", "Microsoft Agent 365"]).failed(5, &["Did you mean AGENT_365?"]);
    sim.run(&["list", "--license", "NOPE"]).failed(5, &["code: SkuNotFound", "AGENT_365, AGENT_MESSAGING"]);
    sim.run(&["list", "--parent", "x"]).failed(1, &["NotAnObjectId"]);
}

#[test]
fn a_filter_without_a_value_is_a_mistake() {
    for filter in ["--department", "--license", "--usage-location", "--name-starts-with"] {
        common::run(&["list", filter, ""]).failed(2, &[filter]);
    }
}

#[test]
fn entries_that_nobody_can_name_are_left_out() {
    const SKUS: &str = concat!(
        r#"{"value":[null,{},{"skuId":null,"consumedUnits":3},"#,
        r#"{"skuId":"5c000000-0000-4000-8000-000000000001","skuPartNumber":"AGENT_365"}]}"#
    );
    let endpoint = common::server_by(|_| {
        format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{SKUS}",
            SKUS.len()
        )
    });
    let mut command = agentuser(&["sku", "--json", "--graph-endpoint", &endpoint]);
    let ended = end(command.env("AGENTUSER_TOKEN", TOKEN));
    ended.done(&["AGENT_365"]);
    assert_eq!(ended.json().len(), 1, "{ended:?}");
}

#[test]
fn no_names_on_stdin_are_said_to_be_none() {
    for command in ["get", "wait", "parent"] {
        let mut command = agentuser(&[command, "-", "--graph-endpoint", "http://127.0.0.1:1"]);
        let ended = end(command.env("AGENTUSER_TOKEN", TOKEN).write_stdin("# none\n\n"));
        ended.done(&[]);
        assert_eq!(ended.stderr, "Standard input names none, so there is nothing to do.\n");
    }
    let mut command = agentuser(&["get", "-"]);
    end(command.write_stdin("a@contoso.com\n".repeat(100_000))).failed(1, &["Standard input has more than"]);
}

#[test]
fn columns_are_chosen_and_sorted_by() {
    let sim = tenant();
    let ended = sim.run(&[
        "list",
        "--columns",
        "displayname,officeLocation,licenses",
        "--license",
        "AGENT_MESSAGING",
    ]);
    ended.done(&["DISPLAY NAME", "OFFICE LOCATION  LICENSES", "Seattle          AGENT_365;AGENT_MESSAGING"]);
    for size in ["3", "999"] {
        let users = sim.json(&["list", "--sort", "displayName", "--page-size", size]);
        let shown: Vec<String> =
            users.iter().map(|user| user["displayName"].as_str().unwrap().to_lowercase()).collect();
        assert_eq!(shown.len(), 25);
        assert!(shown.is_sorted(), "{shown:?}");
        let back = sim.json(&["list", "--sort", "displayName", "--descending", "--page-size", size]);
        assert_eq!(users.iter().rev().collect::<Vec<_>>(), back.iter().collect::<Vec<_>>());
    }
}

#[test]
fn csv_is_read_back_as_a_roster() {
    let sim = tenant();
    let formula = "=HYPERLINK(\"http://x\",\"y\")";
    for (name, upn) in [(formula, "sales.lead@contoso.com"), ("'-1, \"two\"", "sales.tokyo@contoso.com")] {
        sim.run(&["update", upn, "--set", &format!("displayName={name}")]).done(&["changed"]);
    }
    let columns =
        "identityParentId,userPrincipalName,displayName,jobTitle,businessPhones,otherMails,licenses";
    let list = ["list", "--csv", "--columns", columns, "--license", "AGENT_365"];
    let plain = sim.run(&list);
    plain.done(&[
        columns,
        r#","=HYPERLINK(""http://x"",""y"")","#,
        "Sales Agent Émilie",
        ",+1 425 555 0100,",
    ]);
    let safe = sim.run(&[&list[..], &["--formula-safe"]].concat());
    safe.done(&[columns, r#","'=HYPERLINK(""http://x"",""y"")","#, ",'+1 425 555 0100,"]);
    for ended in [plain, safe] {
        // A value that begins with an apostrophe and what looks like a formula has one more in each form.
        assert!(ended.stdout.contains(r#","''-1, ""two""","#), "{}", ended.stdout);
        assert_eq!(ended.stdout.split("\r\n").count(), 26, "a header, 24 rows, and the end");
        // The roster declares what is there: nothing to change.
        let mut plan = sim.command("admin", &["roster", "plan", "-"]);
        end(plan.write_stdin(ended.stdout)).done(&["24 rows: nothing to change"]);
    }
}

#[test]
fn several_agent_users_are_read_one_after_the_other() {
    let sim = tenant();
    let pair = ["sales.lead@contoso.com", "ops.agent@contoso.com"];
    let users = sim.json(&[&["get"], &pair[..]].concat());
    assert_eq!(names(&users), pair);
    assert_eq!(users[0]["manager"]["displayName"], "Human 1");
    assert_eq!(users[0]["sponsors"].as_array().unwrap().len(), 2);
    let users = sim.json(&["get", pair[0], "--members-only"]);
    assert!(users[0].get("manager").is_none(), "{users:?}");

    let mut get = sim.command("admin", &["get", "-", "--json"]);
    let ended = end(get.write_stdin("sales.lead@contoso.com\nnobody@contoso.com\nops.agent@contoso.com\n"));
    ended.failed(3, &[r#""code":"NotFound""#]);
    assert_eq!(names(&ended.json()), pair);
    sim.run(&["get", "nobody@contoso.com", "noone@contoso.com"]).failed(5, &["code: NotFound"]);

    assert_eq!(sim.json(&["parent", &parent(1), &parent(2)]).len(), 2);
    std::thread::sleep(std::time::Duration::from_millis(300));
    sim.run(&[&["wait", "--for", "mailbox"], &pair[..]].concat()).done(&[pair[0], pair[1], "ready"]);
}

/// A Graph in which the caller may read users and nothing else.
fn only_users(request: &str) -> String {
    const USER: &str = concat!(
        r##"{"@odata.type":"#microsoft.graph.agentUser","id":"a6000000-0000-4000-8000-000000000001","##,
        r#""userPrincipalName":"ada@contoso.com","identityParentId":"a1d00000-0000-4000-8000-000000000001","#,
        r#""assignedLicenses":[{"skuId":"5c000000-0000-4000-8000-000000000001","disabledPlans":[]}]}"#
    );
    let is_user = request.starts_with("GET /v1.0/users/")
        && !request.contains("/manager")
        && !request.contains("/sponsors");
    let (status, body) = if is_user {
        ("200 OK", USER)
    } else {
        (
            "403 Forbidden",
            r#"{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges."}}"#,
        )
    };
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}")
}

#[test]
fn what_may_not_be_read_is_left_out_of_the_picture() {
    let origin = server_by(only_users);
    let read = |more: &[&str]| {
        let mut command =
            agentuser(&[&["get", "ada@contoso.com", "--graph-endpoint", &origin], more].concat());
        end(command.env("AGENTUSER_TOKEN", TOKEN))
    };
    let ended = read(&[]);
    ended.done(&["userPrincipalName  ada@contoso.com", "assignedLicenses   skuId=5c000000"]);
    for what in ["The manager", "The sponsors", "The names of the licenses"] {
        let remark = format!("{what} can't be shown (PermissionMissing): ");
        assert!(ended.stderr.contains(&remark), "{ended:?}");
    }
    let ended = read(&["--json"]);
    assert!(ended.code == 0 && ended.json()[0].get("manager").is_none(), "{ended:?}");
    assert!(ended.stderr.contains(r#""event":"notShown""#), "{ended:?}");
    let ended = read(&["--members-only"]);
    assert!(ended.code == 0 && ended.stderr.is_empty(), "{ended:?}");
}
