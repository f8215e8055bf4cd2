//! The report of an audit as tables.

use crate::output::{Column, Table};
use agentuser::{AuditReport, Finding, FindingState, RULES};

/// The rules.
pub(super) fn rules() -> Table {
    let mut table = Table::new([
        Column::needed("Rule"),
        Column::needed("Severity"),
        Column::optional("Beta", 1),
        Column::prose("Finds"),
    ]);
    for rule in RULES {
        let beta = if rule.is_beta { "yes" } else { "" };
        table.row([rule.id.to_string(), rule.severity.to_string(), beta.to_owned(), rule.finds.to_owned()]);
    }
    table
}

/// The findings, and the numbers of each rule.
pub(super) fn report(report: &AuditReport) -> String {
    let mut text = String::new();
    if !report.findings.is_empty() {
        text.push_str(&findings(&report.findings).to_text());
        text.push('\n');
    }
    text.push_str(&numbers(report).to_text());
    let users = report.agent_users;
    let noun = if users == 1 { "agent user" } else { "agent users" };
    text.push_str(&format!("\n{users} {noun}, judged for {}.\n", report.judged_at));
    for one in &report.not_read {
        text.push_str(&format!("Not read: {}. {}\n", one.section, one.reason.message));
    }
    text
}

fn findings(findings: &[Finding]) -> Table {
    let mut table = Table::new([
        Column::needed("Severity"),
        Column::needed("Rule"),
        Column::needed("Whom"),
        Column::prose("Finding"),
        Column::optional("Fix", 1),
    ]);
    for one in findings {
        let whom = match (&one.user, one.state) {
            (Some(user), _) => user.user_principal_name.clone(),
            (None, FindingState::NotChecked) => "not checked".to_owned(),
            (None, _) => one.subject.name.clone(),
        };
        let fix = one.fix.as_ref().map(|fix| fix.command.clone()).unwrap_or_default();
        table.row([one.severity.to_string(), one.rule.to_string(), whom, one.message.clone(), fix]);
    }
    table
}

fn numbers(report: &AuditReport) -> Table {
    let mut table = Table::new([
        Column::needed("Rule"),
        Column::needed("Found"),
        Column::needed("Clean"),
        Column::needed("Not checked"),
    ]);
    for rule in &report.rules {
        table.row([
            rule.rule.to_string(),
            rule.found.to_string(),
            rule.clean.to_string(),
            rule.not_checked.to_string(),
        ]);
    }
    table
}
