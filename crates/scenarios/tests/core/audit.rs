//! The audit against simulated tenants: what it finds, what it clears, and what it can't check.

use crate::common::*;
use agentuser_core::ObjectId;
use agentuser_core::flow::{self, AuditReport, AuditRequest, AuditSettings, Audited, FindingState, Section};
use agentuser_core::graph::Call;
use agentuser_core::http::{Method, Request};
use agentuser_core::problem::Code;
use agentuser_simulator::{Faults, Life, Tenant, Token, User, World, ids};
use std::collections::BTreeSet;

/// A tenant in which nothing is to be found: its agent users have parents, a manager and a sponsor.
fn clean(users: u32) -> Tenant {
    let mut tenant = Tenant::contoso_without_agent_users(0).populate(1, users, 1);
    for n in 1..=users {
        tenant = tenant.change_user(ids::agent_user(n), |user| {
            user.manager = Some(ids::human(1));
            user.sponsors.insert(ids::human(2));
            user.extras.insert("employeeLeaveDateTime".into(), "2099-12-31T00:00:00Z".into());
        });
        tenant = tenant.signed_in(ids::agent_user(n), 1, true);
    }
    tenant
}

fn audit(world: &mut World, rules: &[&str]) -> (Audited, usize) {
    let names: Vec<String> = rules.iter().map(|name| (*name).to_owned()).collect();
    let settings =
        AuditSettings { rules: AuditSettings::named_rules(&names).unwrap(), ..AuditSettings::default() };
    let request = AuditRequest { settings, snapshot: true };
    let ran = single(world, |graph| async move { flow::audit(&graph, request).await });
    let reads = |(_, request): &(_, Request)| {
        // What-If and batches are POSTs; a batch of this has reads alone, which the state afterwards shows.
        let url = request.url.as_str();
        request.method == Method::Get || url.ends_with("/$batch") || url.ends_with("/evaluate")
    };
    assert!(ran.sent.iter().all(reads), "an audit writes nothing");
    (ran.result.unwrap().unwrap(), ran.sent.len())
}

/// The agent users that a rule found.
fn found(report: &AuditReport, rule: &str) -> BTreeSet<ObjectId> {
    let of = report.findings.iter().filter(|one| one.rule.as_str() == rule);
    of.filter(|one| one.state == FindingState::Found).filter_map(|one| Some(one.user.as_ref()?.id)).collect()
}

fn only(ids: impl IntoIterator<Item = u32>) -> BTreeSet<ObjectId> {
    ids.into_iter().map(ids::agent_user).collect()
}

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    let mut world = world(clean(5), Faults::none());
    let (audited, _) = audit(&mut world, &[]);
    assert_eq!(audited.report.findings, [], "{:?}", audited.report.findings);
    for rule in &audited.report.rules {
        assert_eq!((rule.found, rule.not_checked), (0, 0), "{rule:?}");
    }
}

#[test]
fn each_planted_fault_is_found_by_its_rule_and_by_no_other() {
    let no_sponsor = |user: &mut User| user.sponsors.clear();
    let tenant = clean(12)
        .change_user(ids::agent_user(1), no_sponsor)
        .change_user(ids::agent_user(2), |user| user.manager = None)
        .change_user(ids::agent_user(3), |user| user.parent = Some(ids::nothing(1)))
        .change_identity(4, |identity| identity.account_enabled = false)
        .change_user(ids::agent_user(5), |user| user.parent = Some(ids::blueprint_principal(1)))
        .change_identity(6, |identity| identity.life = Life::Deleted(identity.created))
        .change_user(ids::human(3), |human| human.account_enabled = false)
        .change_user(ids::agent_user(7), |user| user.manager = Some(ids::human(3)))
        .change_user(ids::agent_user(8), |user| user.sponsors = [ids::human(2), ids::human(3)].into())
        .group(7)
        .change_user(ids::agent_user(9), |user| user.sponsors = [ids::group(7)].into())
        .change_user(ids::agent_user(11), |user| user.parent = Some(ids::identity(10)));
    let tenant = tenant
        .consent(ids::identity(12), None, "Mail.Read")
        .consent(ids::identity(1), Some(ids::agent_user(1)), "User.ReadWrite.All")
        .directory_role(ids::agent_user(2), "Global Reader", true)
        .directory_role(ids::agent_user(3), "Directory Readers", false)
        .change_user(ids::agent_user(4), |user| user.usage_location = None)
        .change_user(ids::agent_user(12), |user| {
            user.user_principal_name = "agent12@federated.contoso.com".to_owned();
        });
    let mut world = world(tenant, Faults::none());
    let (audited, _) = audit(&mut world, &[]);
    let planted: [(&str, &[u32]); 13] = [
        ("no-sponsor", &[1]),
        ("no-manager", &[2]),
        ("parent-gone", &[3]),
        ("parent-disabled", &[4]),
        ("parent-not-identity", &[5]),
        ("parent-deleted", &[6]),
        ("manager-unusable", &[7]),
        ("sponsor-unusable", &[8, 9]),
        ("grant-for-all", &[12]),
        ("blocked-permission", &[1]),
        ("privileged-role", &[2]),
        ("no-usage-location", &[4]),
        ("domain-federated", &[12]),
    ];
    for (rule, users) in planted {
        assert_eq!(found(&audited.report, rule), only(users.iter().copied()), "{rule}");
    }
    assert_eq!(found(&audited.report, "shared-parent"), only([10, 11]));
    assert_eq!(audited.report.findings.len(), 16, "{:?}", audited.report.findings);
}

#[test]
fn unknown_is_never_clean() {
    let tenant = clean(4).token("basic", Token::application(["User.Read.All", "Organization.Read.All"]));
    let mut world = world_as(tenant, Faults::none(), "Bearer basic");
    let (audited, _) = audit(&mut world, &[]);
    let report = &audited.report;
    let of = |rule: &str| report.rules.iter().find(|one| one.rule.as_str() == rule).unwrap();
    for rule in ["parent-gone", "parent-deleted", "parent-disabled", "parent-not-identity"] {
        assert_eq!((of(rule).found, of(rule).clean, of(rule).not_checked), (0, 0, 4), "{rule}");
        let unchecked: Vec<_> = report.findings.iter().filter(|one| one.rule.as_str() == rule).collect();
        assert_eq!((unchecked.len(), unchecked[0].state), (1, FindingState::NotChecked));
        let reason = unchecked[0].reason.as_ref().unwrap();
        assert_eq!(reason.code, Code::PermissionMissing.as_str());
        assert_eq!(reason.permissions, Call::ListAgentIdentities.permissions());
    }
    assert_eq!((of("no-sponsor").clean, of("no-manager").clean), (4, 4));
    assert!(report.not_read.iter().any(|one| one.section == Section::Identities));
}

#[test]
fn only_what_the_rules_read_is_asked_for() {
    let mut world = world(clean(3), Faults::none());
    // The tenant, the agent users, and their sponsors.
    let (audited, requests) = audit(&mut world, &["no-sponsor"]);
    assert_eq!(requests, 3);
    assert_eq!(audited.report.rules.len(), 1);
    let snapshot = serde_json::to_vec(&audited.snapshot.unwrap()).unwrap();
    let again = flow::audit_snapshot(&snapshot, &AuditRequest::default()).unwrap().report;
    let of = |rule: &str| again.rules.iter().find(|one| one.rule.as_str() == rule).unwrap();
    assert_eq!((of("no-sponsor").clean, of("no-sponsor").not_checked), (3, 0));
    // What was not asked for is not clean years later.
    assert_eq!((of("no-manager").clean, of("no-manager").not_checked), (0, 3));
}

#[test]
fn a_snapshot_gives_the_same_report_and_the_same_bytes() {
    let mut world = world(clean(30), Faults::none());
    let (first, _) = audit(&mut world, &[]);
    let bytes = serde_json::to_vec(first.snapshot.as_ref().unwrap()).unwrap();
    let again =
        flow::audit_snapshot(&bytes, &AuditRequest { snapshot: true, ..AuditRequest::default() }).unwrap();
    assert_eq!(serde_json::to_vec(again.snapshot.as_ref().unwrap()).unwrap(), bytes);
    assert_eq!(again.report.findings, first.report.findings);
    let code = |bytes: &[u8]| flow::audit_snapshot(bytes, &AuditRequest::default()).unwrap_err().code();
    assert_eq!(code(b"{}"), Code::SnapshotUnreadable);
    assert_eq!(code(&bytes[..bytes.len() - 5]), Code::SnapshotUnreadable);
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(code(text.replacen("\"version\":1", "\"version\":2", 1).as_bytes()), Code::SnapshotTooNew);
    assert_eq!(code(text.replacen("\"users\":", "\"usrs\":", 1).as_bytes()), Code::SnapshotUnreadable);
}
