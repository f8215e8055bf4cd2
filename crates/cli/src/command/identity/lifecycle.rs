//! Lifecycle policies of agent identities, as text.

use crate::output::{Column, Table, note, paragraph, plain, width};
use agentuser::{GoverningPolicy, Lifecycle};

/// The next action in a line, the policies behind it, and what helps.
pub(super) fn text(lifecycle: &Lifecycle) -> String {
    let name = lifecycle.display_name.as_deref().map(plain).unwrap_or_default();
    let next = match (&lifecycle.next_action, &lifecycle.next_action_date_time) {
        (Some(action), Some(date)) => format!("next action {} on {}", plain(action), plain(date)),
        _ if lifecycle.policies.is_empty() => "no lifecycle policy applies to it".to_owned(),
        _ => "no action is to come".to_owned(),
    };
    let line = format!("{name} ({}): {next}", lifecycle.id);
    let mut text = paragraph(line.trim_start(), width::stdout(), "  ");
    if !lifecycle.policies.is_empty() {
        text.push_str(&table(&lifecycle.policies).to_text());
    }
    lifecycle.remarks.iter().for_each(|remark| text.push_str(&note(remark)));
    text
}

fn table(policies: &[GoverningPolicy]) -> Table {
    let mut table = Table::new([
        Column::needed("Policy"),
        Column::needed("State"),
        Column::optional("Next", 1),
        Column::optional("On", 1),
        Column::optional("Effective", 3),
        Column::optional("Rules", 2),
    ]);
    for policy in policies {
        let enforcement = policy.enforcement.as_ref();
        table.row([
            policy.display_name.clone().unwrap_or_else(|| policy.id.clone()),
            policy.compliance.as_ref().and_then(|one| one.status.clone()).unwrap_or_default(),
            enforcement.and_then(|one| one.next_action.clone()).unwrap_or_default(),
            enforcement.and_then(|one| one.next_action_date_time.clone()).unwrap_or_default(),
            if policy.is_effective() { "yes" } else { "no" }.to_owned(),
            policy.rules.as_ref().map(|rules| rules.join(", ")).unwrap_or_default(),
        ]);
    }
    table
}
