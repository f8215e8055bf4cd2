//! Permissions of agents, against the simulator.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use agentuser_simulator::ids;
use common::run;
use common::simulator::Simulator;

const AGENT: &str = "first.agent@contoso.com";

#[test]
fn delegated_permissions_are_granted_listed_and_revoked() {
    let sim = Simulator::fast();
    let grant = ["permission", "grant", AGENT, "--scope", "user.read,Mail.Send"];
    sim.run(&[&grant[..], &["--dry-run"]].concat()).done(&[
        "for first.agent@contoso.com: would be changed",
        "would  grant User.Read of Microsoft Graph",
    ]);
    assert_eq!(sim.writes(), 0);
    sim.run(&grant).done(&["changed", "done   grant Mail.Send of Microsoft Graph"]);
    sim.run(&grant).done(&["nothing to change"]);
    let identity = ids::identity(1).to_string();
    sim.run(&["permission", "grant", "--identity", &identity, "--all-users", "--scope", "Chat.ReadWrite"])
        .done(&["Agent 1", "grant Chat.ReadWrite"]);
    sim.run(&["permission", "list", AGENT]).done(&["User.Read", "delegated", "Microsoft Graph"]);
    sim.run(&["permission", "revoke", AGENT, "--scope", "Mail.Send"]).done(&["revoke Mail.Send"]);
    let listed = &sim.json(&["permission", "list", AGENT])[0];
    assert_eq!(listed["delegated"][0]["scopes"], serde_json::json!(["User.Read"]));
    sim.run(&["permission", "list", "--identity", &identity]).done(&["all users"]);
    assert_eq!(sim.writes(), 3);
}

#[test]
fn a_blueprint_is_allowed_to_create_and_what_is_inherited_is_set() {
    let sim = Simulator::fast();
    let blueprint = ids::blueprint_app(1).to_string();
    sim.run(&["permission", "allow-creation", &blueprint]).done(&[
        "assign app role AgentIdUser.ReadWrite.IdentityParentedBy of Microsoft Graph",
        "waitPermission",
    ]);
    sim.run(&["permission", "inherit", &blueprint, "--scopes", "all", "--roles", "none"])
        .done(&["set inheritableScopes of Microsoft Graph to allAllowed", "no delegated permission"]);
    sim.run(&["permission", "list", "--blueprint", &blueprint]).done(&["INHERITED OF", "allAllowed"]);
    let role = ["--blueprint", &blueprint, "--app-role", "AgentIdUser.ReadWrite.IdentityParentedBy"];
    sim.run(&[&["permission", "revoke"], &role[..]].concat()).done(&["remove app role"]);
    sim.run(&["permission", "allow-creation", &ids::identity(1).to_string()])
        .failed(1, &["code: NotABlueprint", &blueprint]);
}

#[test]
fn app_roles_are_assigned_and_taken_away() {
    let sim = Simulator::fast();
    let identity = ids::identity(1).to_string();
    let role = ["--identity", &identity, "--app-role", "user.read.all"];
    let grant = [&["permission", "grant"], &role[..]].concat();
    sim.run(&[&grant[..], &["--dry-run"]].concat()).done(&["would  assign app role User.Read.All"]);
    assert_eq!(sim.writes(), 0);
    sim.run(&grant).done(&["done   assign app role User.Read.All of Microsoft Graph"]);
    sim.run(&grant).done(&["nothing to change"]);
    sim.run(&["permission", "list", "--identity", &identity]).done(&["User.Read.All", "app role", "itself"]);
    sim.run(&[&["permission", "revoke"], &role[..]].concat()).done(&["done   remove app role User.Read.All"]);
    assert_eq!(sim.writes(), 2);
    sim.run(&["permission", "grant", AGENT, "--identity", &identity, "--app-role", "User.Read.All"])
        .failed(1, &["agentIdentityId: It is given beside user.", "rule: Contradiction"]);
    sim.run(&["permission", "grant", AGENT, "--app-role", "User.Raed.All"])
        .failed(5, &["Did you mean User.Read.All"]);
}

#[test]
fn names_that_nothing_has_are_answered_with_the_right_ones() {
    let sim = Simulator::fast();
    sim.run(&["permission", "grant", AGENT, "--scope", "User.Raed,Mail.Snd"])
        .failed(5, &["Did you mean User.Read for User.Raed? Did you mean Mail.Send for Mail.Snd?"]);
    sim.run(&["permission", "grant", AGENT, "--scope", ".default"]).failed(1, &["PermissionNameShape"]);
    sim.run(&["permission", "wait", "User Read"]).failed(1, &["PermissionNameShape"]);
    let identity = ids::identity(1).to_string();
    sim.run(&["permission", "grant", "--identity", &identity, "--scope", "User.Read"])
        .failed(1, &["--all-users"]);
    for wrong in [
        &["permission", "grant", AGENT][..],
        &["permission", "grant", "--scope", "User.Read"],
        &["permission", "grant", AGENT, "--all-users", "--scope", "User.Read"],
        &["permission", "grant", AGENT, "--scope", "a", "--app-role", "b"],
        &["permission", "grant", AGENT, "--all-users", "--app-role", "b"],
        &["permission", "inherit", &identity],
        &["permission", "list"],
    ] {
        sim.run(wrong).failed(2, &["Usage:"]);
    }
    assert_eq!(sim.writes(), 0);
}

#[test]
fn the_address_for_an_admin_s_consent_is_made_offline() {
    let blueprint = ids::blueprint_app(1).to_string();
    let permission = ["--app-role", "AgentIdUser.ReadWrite.IdentityParentedBy"];
    let command = [&["consent-url", &blueprint, "--tenant", "contoso.com"], &permission[..]].concat();
    run(&command).done(&[
        "https://login.microsoftonline.com/contoso.com/v2.0/adminconsent?client_id=b1a00000",
        "&role=AgentIdUser%2EReadWrite%2EIdentityParentedBy&redirect_uri=",
    ]);
    run(&[&command[..], &["--json"]].concat()).done(&["{\"url\":\"https://"]);
    let identity = ids::identity(1).to_string();
    let refused = ["consent-url", "--identity", &identity, "--tenant", "contoso.com", "--scope", "User.Read"];
    run(&refused)
        .failed(4, &["AADSTS82014", "agentuser permission grant", "code: SignInNoInteractiveConsent"]);
    run(&["consent-url", "x", "--tenant", "common", "--scope", "a b"])
        .failed(1, &["tenantId", "clientId", "scopes"]);
    run(&["consent-url", &blueprint, "--tenant", "contoso.com"]).failed(2, &["--scope"]);
}
