//! For any roster: after applying it, nothing is left to do.

use agentuser_core::flow::{self, Outcome, Readiness, Report, Summary};
use agentuser_core::roster::{Roster, RosterSettings};
use agentuser_simulator::{Faults, Lag, Ran, Switches, Tenant, World, ids, tenant};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use std::time::Duration;

const MOST: usize = 12;

/// The values of a row, with other rows by their number.
#[derive(Debug, Clone)]
struct Line {
    name: &'static str,
    named_upn: bool,
    manager: Option<u8>,
    sponsors: Vec<u8>,
    licenses: Vec<&'static str>,
    others: Vec<(&'static str, Value)>,
    /// It is there already, by another name or by this one.
    exists: bool,
}

fn line() -> impl Strategy<Value = Line> {
    let names = ["Ada", "Zoë Müller", "北京 Agent", "Łódź, \"East\"", "🚀", "O'Neil; Jr", "Ada", "x"];
    let others = [
        ("department", json!("Vertrieb & Käse")),
        ("city", json!("Zürich; Süd")),
        ("streetAddress", json!("1 Way\nTown, \"Land\"")),
        ("accountEnabled", json!(false)),
        ("accountEnabled", json!(true)),
        ("employeeHireDate", json!("2026-01-31T01:00:00+01:00")),
        ("employeeLeaveDateTime", json!("2027-01-31T00:00:00Z")),
        ("otherMails", json!(["a@contoso.com", "b@contoso.com"])),
        ("businessPhones", json!(["+41 1"])),
        ("userType", json!("Member")),
    ];
    let licenses = vec(select(&["AGENT_365", "agent_365", "5c000000-0000-4000-8000-000000000001"]), 0..3);
    (
        select(names.to_vec()),
        any::<bool>(),
        proptest::option::of(0..16_u8),
        vec(0..5_u8, 0..3),
        licenses,
        vec(select(others.to_vec()), 0..4),
        any::<bool>(),
    )
        .prop_map(|(name, named_upn, manager, sponsors, licenses, others, exists)| Line {
            name,
            named_upn,
            manager,
            sponsors,
            licenses,
            others,
            exists,
        })
}

fn named(n: usize) -> String {
    format!("agent.{n}@contoso.com")
}

/// The rows as JSON.
fn objects(lines: &[Line]) -> Vec<Map<String, Value>> {
    let object = |(n, line): (usize, &Line)| {
        let mut row = Map::new();
        let mut put = |name: &str, value: Value| row.insert(name.to_owned(), value);
        put("identityParentId", ids::identity(n as u32 + 1).to_string().into());
        put("displayName", line.name.into());
        if line.named_upn {
            put("userPrincipalName", named(n).into());
        }
        // A manager is another row, before or after, or a human.
        if let Some(manager) = line.manager {
            let row = usize::from(manager);
            let is_row = row != n && lines.get(row).is_some_and(|line| line.named_upn);
            let manager =
                if is_row { named(row) } else { ids::human(u32::from(manager) % 5 + 1).to_string() };
            put("manager", manager.into());
        }
        let sponsors = line.sponsors.iter().map(|n| match n {
            0 => format!("group:{}", ids::group(1)),
            n => format!("human{n}@contoso.com"),
        });
        put("sponsors", sponsors.collect::<Vec<_>>().into());
        put("licenses", line.licenses.clone().into());
        if !line.licenses.is_empty() {
            put("usageLocation", "ch".into());
        }
        for (name, value) in &line.others {
            put(name, value.clone());
        }
        row
    };
    lines.iter().enumerate().map(object).collect()
}

/// The same as CSV.
fn csv(rows: &[Map<String, Value>]) -> String {
    let mut columns: Vec<&String> = rows.iter().flat_map(Map::keys).collect();
    columns.sort();
    columns.dedup();
    let cell = |value: Option<&Value>| {
        let text = match value {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(all)) => {
                all.iter().map(|one| one.as_str().unwrap()).collect::<Vec<_>>().join("; ")
            }
            Some(other) => other.to_string(),
        };
        format!("\"{}\"", text.replace('"', "\"\""))
    };
    let lines =
        rows.iter().map(|row| columns.iter().map(|name| cell(row.get(*name))).collect::<Vec<_>>().join(","));
    let header = columns.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(",");
    std::iter::once(header).chain(lines).collect::<Vec<_>>().join("\r\n")
}

fn run(world: &mut World, roster: &Roster, dry_run: bool) -> Ran<Report, Summary> {
    let roster = roster.clone();
    crate::common::run(world, move |graph, items| {
        flow::apply_rows(graph, roster, Readiness::NONE, dry_run, items)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_plan_of_what_was_applied_is_empty(
        lines in vec(line(), 1..=MOST),
        as_csv in any::<bool>(),
        seed in any::<u64>(),
        lag in 0..40_u64,
        replicas in 1..4_u16,
    ) {
        let rows = objects(&lines);
        let file = if as_csv { csv(&rows) } else { json!(rows).to_string() };
        let settings = RosterSettings { domain: Some("contoso.com".to_owned()), ..RosterSettings::default() };
        let roster = Roster::parse(file.as_bytes(), &settings).unwrap();
        prop_assert_eq!(roster.rows().len(), lines.len());

        let mut contoso = Tenant::contoso(MOST as u32).seed(seed);
        for (n, line) in lines.iter().enumerate().filter(|(_, line)| line.exists) {
            let upn = if line.named_upn { named(n) } else { format!("older.{n}@contoso.com") };
            contoso = contoso.agent_user(n as u32 + 1, &upn);
        }
        // Other tests cover creates that fail for a while, or for good.
        let switches = Switches { unique_mail_nickname: true, ..Switches::from_seed(seed) };
        let lag = Lag::seeded(seed, Duration::from_secs(lag)).replicas(replicas);
        let mut world = crate::common::world(contoso.switches(switches).lag(lag), Faults::none());

        let planned = run(&mut world, &roster, true);
        prop_assert_eq!(world.network().directory().stats().writes, 0);
        let plan = planned.result.unwrap().unwrap();
        prop_assert_eq!((plan.rows, plan.failed), (lines.len(), 0), "{:#?}", planned.items);

        let applied = run(&mut world, &roster, false);
        let summary = applied.result.unwrap().unwrap();
        prop_assert!(summary.is_success(), "{:#?}", applied.items);
        let existing = lines.iter().filter(|line| line.exists).count();
        prop_assert_eq!(summary.created, lines.len() - existing);
        prop_assert!(world.network().directory().duplicates().is_empty());
        let created = world.network().directory().stats().agent_users_created;
        prop_assert_eq!(created, (lines.len() - existing) as u64);

        world.pass(Duration::from_secs(600));
        let writes = world.network().directory().stats().writes;
        for dry_run in [true, false] {
            let again = run(&mut world, &roster, dry_run);
            for report in &again.items {
                prop_assert_eq!(report.outcome, Outcome::Unchanged, "{:#?}", report);
                prop_assert!(report.changes.is_empty(), "{:#?}", report);
            }
            prop_assert_eq!(again.result.unwrap().unwrap().unchanged, lines.len());
            prop_assert_eq!(world.network().directory().stats().writes, writes);
        }
        let licensed = lines.iter().filter(|line| !line.licenses.is_empty()).count();
        let holders = world.network().directory().agent_users().filter(|user| user.licenses.contains_key(&ids::sku(tenant::FULL_SKU)));
        prop_assert_eq!(holders.count(), licensed);
    }
}
