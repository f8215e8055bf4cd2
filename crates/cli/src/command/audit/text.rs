//! The report of an audit as tables.

use crate::output::{Column, Table, plain};
use agentuser::{AuditReport, Comparison, Finding, FindingState, RULES};

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
    let (accepted, open): (Vec<&Finding>, Vec<&Finding>) =
        report.findings.iter().partition(|one| one.accepted.is_some());
    if !open.is_empty() {
        text.push_str(&findings(&open).to_text());
        text.push('\n');
    }
    for one in &accepted {
        let (whom, accepted) = (whom(one), one.accepted.as_ref());
        let why = accepted.map(|why| format!("until {} by {}: {}", why.until, why.by, why.reason));
        text.push_str(&plain(&format!("Accepted: {} of {whom}, {}", one.rule, why.unwrap_or_default())));
        text.push('\n');
    }
    for one in &report.gone {
        let whom = one.user_principal_name.as_deref().unwrap_or(&one.subject);
        text.push_str(&plain(&format!("Gone: {} of {whom}.", one.rule)));
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

fn whom(one: &Finding) -> String {
    match (&one.user, one.state) {
        (Some(user), _) => user.user_principal_name.clone(),
        (None, FindingState::NotChecked) => "not checked".to_owned(),
        (None, FindingState::Found) => one.subject.name.clone(),
    }
}

fn findings(findings: &[&Finding]) -> Table {
    let mut table = Table::new([
        Column::needed("Severity"),
        Column::needed("Rule"),
        Column::needed("Whom"),
        Column::optional("Since", 2),
        Column::prose("Finding"),
        Column::optional("Fix", 1),
    ]);
    for one in findings {
        let new = match one.comparison {
            Some(Comparison::New) => "new",
            Some(Comparison::Unchanged) => "unchanged",
            None => "",
        };
        let fix = one.fix.as_ref().map(|fix| fix.command.clone()).unwrap_or_default();
        let (severity, rule) = (one.severity.to_string(), one.rule.to_string());
        table.row([severity, rule, whom(one), new.to_owned(), one.message.clone(), fix]);
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
