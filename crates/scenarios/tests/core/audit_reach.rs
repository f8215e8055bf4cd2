//! An audit of 50,000 agent users under the published quotas, and what each rule asks for (docs/performance.md).

use agentuser_core::flow::{self, AuditReport, AuditRequest, AuditSettings, RULES, RuleId};
use agentuser_core::graph::{Cloud, Endpoint};
use agentuser_core::http::Method;
use agentuser_core::operation::{Items, Session, Settings};
use agentuser_simulator::{
    Directory, Fault, Faults, Network, Planned, Quotas, ScriptedAnswer, ScriptedBody, Tenant, World, ids,
    tenant,
};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;

const USERS: u32 = 50_000;
const LATENCY: Duration = Duration::from_millis(100);

/// An audit that has ended.
struct Audited {
    report: AuditReport,
    took: Duration,
    /// Requests, those of batches among them, and what carried them.
    requests: u64,
    calls: usize,
    refused: u64,
    units: u32,
    urls: Vec<String>,
}

fn audit(directory: &Directory, faults: Faults, rules: Vec<RuleId>) -> Audited {
    let network = Network::new(directory.clone(), faults).latency(LATENCY, LATENCY);
    let mut world = World::new(network, tenant::ADMIN);
    world.network_mut().directory_mut().keep_sums_only();
    let settings = AuditSettings { beta: true, rules, ..AuditSettings::default() };
    let request = AuditRequest { settings, ..AuditRequest::default() };
    let session = Session::new(Settings::new(Endpoint::from(Cloud::Global)));
    let operation = session.start(0, |graph, _: Items<()>| async move { flow::audit(&graph, request).await });
    let ran = world.run(operation);
    let report = ran.result.unwrap().unwrap().report;
    let directory = world.network().directory();
    Audited {
        report,
        took: world.now().mono,
        requests: directory.stats().requests,
        calls: ran.sent.len(),
        refused: directory.stats().by_status.get(&429).copied().unwrap_or(0),
        units: directory.fullest().units,
        urls: ran.sent.iter().map(|(_, request)| request.url.clone()).collect(),
    }
}

/// The least time in which an audit can end. The quotas: one request to Identity Protection in a second, and 8,000 resource
/// units in ten. Round trips: what a lifecycle policy found of agent identities is a list that no filter parts; its pages of 999
/// come one after the other, once its policy is known.
fn bound(users: u32, units: u32) -> (Duration, Duration) {
    let identities = users - users / 50 + 3 * users.div_ceil(200).div_ceil(100);
    let risk = Duration::from_secs(1) * (users / 100).div_ceil(100).saturating_sub(1);
    let quotas = risk.max(Duration::from_secs(10) * (units / 8_000));
    (quotas, LATENCY * (1 + identities.div_ceil(999)))
}

/// Every rule, every finding planted in one of a hundred: all are found, and nothing is left unchecked.
fn is_whole(report: &AuditReport, users: u32) {
    assert_eq!(report.rules.len(), RULES.len());
    assert_eq!(report.not_read, []);
    assert!(report.findings.is_sorted_by_key(|one| (one.severity, one.rule)), "the worst first");
    for one in &report.rules {
        let planted = tenant::planted(one.rule.as_str(), users);
        assert_eq!((one.found, one.not_checked), (planted, 0), "{}", one.rule);
        assert!(planted > 0 && (one.clean > 0 || one.rule.as_str() == "deleted"), "{one:?}");
    }
}

#[test]
fn fifty_thousand_agent_users_are_audited_in_the_time_that_quotas_and_pages_allow() {
    let directory = Tenant::planted(USERS).quotas(Quotas::PUBLISHED).build();
    let all = audit(&directory, Faults::none(), Vec::new());
    let (quotas, pages) = bound(USERS, all.units);
    println!(
        "{} HTTP calls, {} requests, {} units in the fullest window, {:.2} s; quotas {:.1} s, pages {:.1} s",
        all.calls,
        all.requests,
        all.units,
        all.took.as_secs_f64(),
        quotas.as_secs_f64(),
        pages.as_secs_f64()
    );
    is_whole(&all.report, USERS);
    assert_eq!(all.refused, 0);
    assert!(all.took <= quotas.max(pages) * 11 / 10, "{:?}", all.took);
}

/// docs/performance.md says what each rule asks for.
#[test]
fn the_page_has_the_requests_of_each_rule() {
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/performance.md")).unwrap();
    let users = 5_000;
    let directory = Tenant::planted(users).quotas(Quotas::PUBLISHED).build();
    let mut rows = BTreeMap::new();
    for rule in RULES {
        let alone = audit(&directory, Faults::none(), vec![rule.id]);
        assert_eq!(
            (alone.report.rules[0].found, alone.refused),
            (tenant::planted(rule.id.as_str(), users), 0)
        );
        rows.insert(rule.id.as_str(), format!("| {} | {} |", rule.id, alone.requests));
    }
    let all = audit(&directory, Faults::none(), Vec::new());
    is_whole(&all.report, users);
    let all = format!("| all of them | {} |", all.requests);
    let missing: Vec<&String> = rows.values().chain([&all]).filter(|row| !page.contains(*row)).collect();
    assert!(missing.is_empty(), "docs/performance.md lacks\n{missing:#?}");
}

/// Some lists may refuse a page as large as is asked for, and some filters may not be taken: nothing is lost by either.
#[test]
fn refused_pages_and_filters_cost_requests_and_nothing_else() {
    let users = 2_000;
    let directory = Tenant::planted(users).quotas(Quotas::PUBLISHED).build();
    let always = |what: &str| Planned::new(Method::Get, what, 1, Fault::Rejected).times(10_000);
    let usual = audit(&directory, Faults::none(), Vec::new());
    let smaller = audit(&directory, Faults::plan([always("$top=999"), always("$top=500")]), Vec::new());
    let unparted = audit(
        &directory,
        Faults::plan([always("startsWith%28appId"), always("userPrincipalName%20")]),
        Vec::new(),
    );
    for other in [&smaller, &unparted] {
        is_whole(&other.report, users);
        assert_eq!(other.report.findings, usual.report.findings);
    }
    let with = |audited: &Audited, what: &str| audited.urls.iter().filter(|url| url.contains(what)).count();
    assert!(with(&smaller, "$top=100") > with(&usual, "$top=100") && with(&smaller, "$top=120") > 0);
    assert!(unparted.took > usual.took);
}

/// A filter that leaves something out, or lets something else through, is found out by what it answers.
#[test]
fn parts_of_a_list_are_not_taken_for_the_whole_where_they_are_not() {
    let users = 1_000;
    let directory = Tenant::planted(users).build();
    let usual = audit(&directory, Faults::none(), Vec::new());
    let none = json!({ "value": [] });
    let other = json!({ "value": [{
        "id": ids::identity(2), "appId": ids::identity_app(2), "servicePrincipalType": "ServiceIdentity",
    }] });
    // Agent identity 2 has an appId that begins with b.
    for (digit, answer) in [("a", none), ("c", other)] {
        let filter = format!("startsWith%28appId,%27{digit}%27%29");
        let wrong = Planned::answer(
            Method::Get,
            &filter,
            1,
            ScriptedAnswer { status: Some(200), body: ScriptedBody::Json(answer), executed: false },
        );
        let found = audit(&directory, Faults::plan([wrong]), Vec::new());
        is_whole(&found.report, users);
        assert_eq!(found.report.findings, usual.report.findings);
        assert!(found.took > usual.took, "the pages of the whole list are read one after the other");
    }
}
