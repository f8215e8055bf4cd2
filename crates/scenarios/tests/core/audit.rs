//! The audit against simulated tenants: what it finds, what it clears, and what it can't check.

use crate::common::*;
use agentuser_core::ObjectId;
use agentuser_core::flow::{
    self, Acceptance, ApplyRequest, AuditReport, AuditRequest, AuditSettings, Audited, Comparison,
    FindingState, RULES, Report, Section,
};
use agentuser_core::graph::Call;
use agentuser_core::http::{Method, Request};
use agentuser_core::operation::Items;
use agentuser_core::problem::{Code, Problem};
use agentuser_simulator::{Faults, Life, Network, Tenant, Token, User, World, ids, tenant};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;

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
    let request = AuditRequest { settings, snapshot: true, ..AuditRequest::default() };
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
    // A rule whose facts were not read is not clean, also when the snapshot is read years later.
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

fn asked(world: &mut World, request: AuditRequest) -> Result<Audited, Problem> {
    single(world, |graph| async move { flow::audit(&graph, request).await }).result.unwrap()
}

#[test]
fn accepted_findings_fail_nothing_until_their_date_has_passed() {
    let tenant = clean(3)
        .change_user(ids::agent_user(1), |user| user.sponsors.clear())
        .change_user(ids::agent_user(2), |user| user.manager = None);
    let mut world = world(tenant, Faults::none());
    let entry = |rule: &str, whom: &str, until: &str| json!({"rule": rule, "whom": whom, "reason": "A pilot.", "by": "ada", "until": until});
    let file = json!([
        entry("no-sponsor", "AGENT1@contoso.com", "2099-01-31"),
        entry("no-manager", &ids::agent_user(2).to_string(), "1999-01-31"),
        entry("no-manager", "agent3@contoso.com", "2099-01-31"),
    ]);
    let accepted = Acceptance::read_all(file.to_string().as_bytes()).unwrap();
    let report = asked(&mut world, AuditRequest { accepted, ..AuditRequest::default() }).unwrap().report;
    let of = |rule: &str| report.findings.iter().find(|one| one.rule.as_str() == rule).unwrap();
    assert_eq!(of("no-sponsor").accepted.as_ref().map(|one| one.by.as_str()), Some("ada"));
    assert_eq!(of("no-manager").accepted, None, "the date has passed");
    assert_eq!(of("acceptance-unmatched").subject.name, "no-manager agent3@contoso.com");
    assert_eq!(report.findings.len(), 3, "{:?}", report.findings);

    let bad = json!([{"rule": "no-sponsors", "until": "soon", "by": "", "extra": 1}, 7]);
    let problem = Acceptance::read_all(bad.to_string().as_bytes()).unwrap_err();
    let fields: Vec<_> = problem.violations().iter().map(|one| one.field.to_string()).collect();
    assert_eq!(fields, ["[0].extra", "[0].whom", "[0].reason", "[0].by", "[0].rule", "[0].until", "[1]"]);
    assert_eq!(Acceptance::read_all(b"{}").unwrap_err().code(), Code::AcceptanceUnreadable);
}

#[test]
fn an_audit_is_compared_with_an_older_one() {
    let before = clean(3).change_user(ids::agent_user(1), |user| user.sponsors.clear());
    let after = clean(3)
        .change_user(ids::agent_user(2), |user| user.sponsors.clear())
        .change_user(ids::agent_user(3), |user| user.manager = None);
    let both = |tenant: Tenant| tenant.change_user(ids::agent_user(3), |user| user.manager = None);
    let older = asked(
        &mut world(both(before), Faults::none()),
        AuditRequest { snapshot: true, ..AuditRequest::default() },
    )
    .unwrap();
    let report = serde_json::to_vec(&older.report).unwrap();
    let snapshot = serde_json::to_vec(&older.snapshot.unwrap()).unwrap();
    for older in [report, snapshot] {
        let mut world = world(after.clone(), Faults::none());
        let request = AuditRequest { older: Some(older), ..AuditRequest::default() };
        let report = asked(&mut world, request).unwrap().report;
        let of = |rule: &str| report.findings.iter().find(|one| one.rule.as_str() == rule).unwrap();
        assert_eq!(of("no-sponsor").comparison, Some(Comparison::New));
        assert_eq!(of("no-manager").comparison, Some(Comparison::Unchanged));
        let gone: Vec<_> = report.gone.iter().map(|one| one.user_principal_name.as_deref()).collect();
        assert_eq!(gone, [Some("agent1@contoso.com")]);
    }
    let compared = |older: &str| {
        let request = AuditRequest { older: Some(older.as_bytes().to_vec()), ..AuditRequest::default() };
        asked(&mut world(clean(1), Faults::none()), request).unwrap_err().code()
    };
    assert_eq!(compared("{"), Code::ComparisonUnreadable);
    assert_eq!(compared(r#"{"kind":"agentuserPlan"}"#), Code::ComparisonUnreadable);
    let other = json!({"kind": "agentuserAudit", "tenantId": ids::nothing(9), "findings": []});
    assert_eq!(compared(&other.to_string()), Code::AuditOfAnotherTenant);
}

/// Findings become a plan. After it is applied, the findings are gone, and a second plan is empty.
#[test]
fn findings_become_a_plan_that_mends_them() {
    let tenant = clean(4)
        .change_user(ids::agent_user(1), |user| user.parent = Some(ids::nothing(1)))
        .change_user(ids::agent_user(2), |user| {
            user.extras.insert("employeeLeaveDateTime".into(), "2001-01-31T00:00:00Z".into());
        })
        .change_user(ids::agent_user(3), |user| user.manager = None);
    let mut world = world(tenant, Faults::none());
    let names = ["parent-gone", "leave-date", "no-manager"].map(str::to_owned);
    let fix = AuditSettings::named_rules(&names).unwrap();
    let request = AuditRequest { fix, ..AuditRequest::default() };
    let audited = asked(&mut world, request.clone()).unwrap();
    let plan = audited.plan.unwrap();
    assert_eq!(plan.changes().len(), 2, "{plan:?}");
    assert_eq!(audited.not_planned.len(), 1);
    assert!(audited.not_planned[0].message.contains("agentuser manager set agent3@contoso.com MANAGER"));
    let file = plan.to_file().into_bytes();
    let approval = ApplyRequest::approved(plan.digest());
    let ran = run(&mut world, |graph, items: Items<Report>| flow::apply_plan(graph, file, approval, items));
    let summary = ran.result.unwrap().unwrap();
    assert_eq!((summary.rows, summary.changed), (2, 2), "{:?}", ran.items);
    let again = asked(&mut world, request).unwrap();
    assert_eq!(again.plan.unwrap().changes(), []);
}

/// The page has every rule with its severity.
#[test]
fn the_page_lists_every_rule() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/audit.md")).unwrap();
    for rule in RULES {
        let beta = if rule.is_beta { " (beta)" } else { "" };
        let row = format!("| {}{beta} | {} | {} |", rule.id, rule.severity, rule.finds);
        assert!(page.contains(&row), "{row}");
    }
    for section in Section::ALL {
        assert!(page.contains(&format!("\n| {section} ")), "{section}");
    }
}

/// Everything that is planted is found, and nothing else.
#[test]
fn the_troubled_tenant_has_what_is_planted_in_it() {
    let tenant = Tenant::contoso_without_agent_users(0).troubled();
    let mut world = world(tenant, Faults::none());
    let settings = AuditSettings { beta: true, ..AuditSettings::default() };
    let report = asked(&mut world, AuditRequest { settings, ..AuditRequest::default() }).unwrap().report;
    let name = |name: &str| name.split('@').next().unwrap().to_owned();
    let mut found: Vec<(String, String)> = Vec::new();
    for one in &report.findings {
        assert_eq!(one.state, FindingState::Found, "{one:?}");
        let whom = one.user.as_ref().map_or(one.subject.name.as_str(), |user| &user.user_principal_name);
        found.push((one.rule.to_string(), name(whom)));
    }
    found.sort();
    let mut planted: Vec<(String, String)> =
        tenant::PLANTED.iter().map(|(rule, whom)| ((*rule).to_owned(), (*whom).to_owned())).collect();
    planted.sort();
    assert_eq!(found, planted);
}

/// The requests of an audit by every rule, on a virtual clock with 100 ms of latency. A list that is read in parts has its first
/// page and at least a page of each part.
#[test]
fn the_requests_of_an_audit_grow_with_the_pages_alone() {
    let ms = Duration::from_millis(100);
    let mut counted = Vec::new();
    for users in [1_000_u32, 3_000] {
        let tenant = clean(users);
        let network = Network::new(tenant.build(), Faults::none()).latency(ms, ms);
        let mut world = World::new(network, tenant::ADMIN);
        let settings = AuditSettings { beta: true, ..AuditSettings::default() };
        let request = AuditRequest { settings, ..AuditRequest::default() };
        let session = session();
        let ran = world
            .run(session.start(0, |graph, _: Items<()>| async move { flow::audit(&graph, request).await }));
        let report = ran.result.unwrap().unwrap().report;
        assert!(report.rules.iter().all(|rule| rule.not_checked == 0), "{:?}", report.rules);
        counted.push(ran.sent.len());
    }
    assert_eq!(counted, [51, 80]);
}
