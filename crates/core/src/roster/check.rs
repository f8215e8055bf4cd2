//! From cells to rows that are right.

use super::cells::Cells;
use super::columns::Column;
use super::error::invalid;
use super::file::RosterFile;
use super::json;
use super::rows::{Roster, Row};
use crate::model::{DesiredUser, Draft, Member, MemberValue, RowNames, SponsorRef, UserRef, WantedLicense};
use crate::problem::Problem;
use crate::validate::{RowError, RuleCode, TenantFacts, Violation};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The settings that a roster is checked with.
#[derive(Debug, Clone, Default)]
pub struct RosterSettings {
    /// The known facts of the tenant.
    pub facts: TenantFacts,
    /// The domain of user principal names that are derived from display names, for rows that have none.
    pub domain: Option<String>,
}

impl Roster {
    /// Reads a file, CSV or JSON.
    ///
    /// CSV is UTF-8 with a header row, separated by commas, semicolons or tabs; JSON is an array of objects with the
    /// same names. Cells are trimmed; an empty cell declares nothing.
    ///
    /// # Errors
    /// Every error of every row at once; or that the file can't be read at all.
    pub fn parse(file: &[u8], settings: &RosterSettings) -> Result<Self, Problem> {
        RosterFile::read(file)?.check(settings)
    }
}

impl RosterFile {
    /// The roster.
    ///
    /// # Errors
    /// Every error of every row at once.
    pub(crate) fn check(mut self, settings: &RosterSettings) -> Result<Roster, Problem> {
        if self.has_header {
            missing_columns(&self.rows, settings, &mut self.errors);
        }
        let (rows, errors) = check(&self.rows, settings, self.errors);
        if errors.is_empty() { Ok(Roster::new(rows)) } else { Err(invalid(errors)) }
    }
}

/// One agent user, declared as a JSON roster declares its rows.
///
/// # Errors
/// Every broken rule at once.
pub fn declare(
    members: Map<String, Value>,
    settings: &RosterSettings,
) -> Result<DesiredUser, Vec<Violation>> {
    let mut errors = Vec::new();
    let cells = json::object(1, members, &mut errors);
    let (rows, errors) = check(&[cells], settings, errors);
    match rows.into_iter().next() {
        Some(row) if errors.is_empty() => Ok(row.wanted),
        _ => Err(errors.into_iter().map(|error| error.violation).collect()),
    }
}

/// The rows that are right, and what is wrong with the others, added to what is known to be wrong already.
fn check(rows: &[Cells], settings: &RosterSettings, mut errors: Vec<RowError>) -> (Vec<Row>, Vec<RowError>) {
    let parents = named(rows, Column::IdentityParentId);
    let mut names = RowNames::default();
    // Names that the file gives come first: what is derived must keep clear of all of them.
    names.upns = named(rows, Column::Member(Member::UserPrincipalName));
    names.mail_nicknames = named(rows, Column::Member(Member::MailNickname));
    // A missing column says it once: its empty cells need not say it again in every row.
    let is_missing = |error: &RowError| error.violation.code == RuleCode::MissingColumn;
    let missing: Vec<_> =
        errors.iter().filter(|error| is_missing(error)).map(|error| error.violation.field.clone()).collect();
    let mut right = Vec::new();
    for cells in rows {
        match row(cells, settings, &parents, &mut names) {
            Ok(wanted) => right.push(Row { number: cells.number, wanted }),
            Err(violations) => {
                let told = |violation: &Violation| {
                    violation.code == RuleCode::Required
                        && (missing.contains(&violation.field) || cells.is_untaken(&violation.field))
                };
                let untold = violations.into_iter().filter(|violation| !told(violation));
                errors.extend(untold.map(|violation| {
                    let field = cells.spelling(&violation.field);
                    RowError { row: Some(cells.number), violation: violation.of_field(field) }
                }));
            }
        }
    }
    (right, errors)
}

fn missing_columns(rows: &[Cells], settings: &RosterSettings, errors: &mut Vec<RowError>) {
    let Some(first) = rows.first() else { return };
    let mut needed = vec![Column::IdentityParentId, Column::Member(Member::DisplayName)];
    if settings.domain.is_none() {
        needed.push(Column::Member(Member::UserPrincipalName));
    }
    for column in needed {
        if !first.columns.iter().any(|name| name.eq_ignore_ascii_case(column.name())) {
            let fix = format!("Add a column {}.", column.name());
            let message = "The column is missing.";
            errors.push(RowError {
                row: Some(1),
                violation: Violation::new(RuleCode::MissingColumn, column.name(), message, fix),
            });
        }
    }
}

/// The texts of a column in lower case, each with the number of the first row that has it.
fn named(rows: &[Cells], column: Column) -> BTreeMap<String, usize> {
    let mut first = BTreeMap::new();
    for row in rows {
        if let Some(text) = row.text(column) {
            first.entry(text.to_ascii_lowercase()).or_insert(row.number);
        }
    }
    first
}

/// Two rows for one parent, one user principal name or one nickname: the later row is at fault.
fn repeated(cells: &Cells, parents: &BTreeMap<String, usize>, names: &RowNames) -> Vec<Violation> {
    const NO_CASE: &str = "letter case does not count";
    let (upn, nickname) = (Column::Member(Member::UserPrincipalName), Column::Member(Member::MailNickname));
    let checks = [
        (Column::IdentityParentId, parents, RuleCode::RepeatedParent, "an agent identity has one agent user"),
        (upn, &names.upns, RuleCode::RepeatedUserPrincipalName, NO_CASE),
        (nickname, &names.mail_nicknames, RuleCode::RepeatedMailNickname, NO_CASE),
    ];
    let violation = |(column, first, code, why): (Column, &BTreeMap<String, usize>, RuleCode, &str)| {
        let text = cells.text(column)?;
        let row = *first.get(&text.to_ascii_lowercase())?;
        let message = format!("{text:?} is in row {row} already; {why}.");
        (row != cells.number)
            .then(|| Violation::new(code, column.name(), message, format!("Change it here or in row {row}.")))
    };
    checks.into_iter().filter_map(violation).collect()
}

fn row(
    cells: &Cells,
    settings: &RosterSettings,
    parents: &BTreeMap<String, usize>,
    names: &mut RowNames,
) -> Result<DesiredUser, Vec<Violation>> {
    let repeated = repeated(cells, parents, names);
    let mut draft = Draft::new().parent(cells.text(Column::IdentityParentId).unwrap_or_default());
    for (column, value) in &cells.cells {
        if let Column::Member(member) = column {
            draft = match value {
                MemberValue::Text(text) => draft.with_text(*member, text),
                value => draft.with(*member, value.clone()),
            };
        }
    }
    let domain = settings.domain.as_deref();
    let wanted = DesiredUser::among(names, cells.number, draft, domain, &settings.facts);
    let upn = match &wanted {
        Ok(wanted) => Some(wanted.agent_user().user_principal_name().as_str()),
        Err(_) => cells.text(Column::Member(Member::UserPrincipalName)),
    };
    let mut broken = repeated;
    let manager = cells.text(Column::Manager).and_then(|text| {
        UserRef::parse(text).map_err(|violations| broken.extend(of_column(violations, "manager"))).ok()
    });
    if let (Some(manager), Some(upn)) = (&manager, upn)
        && manager.to_string().eq_ignore_ascii_case(upn)
    {
        broken.push(Violation::new(
            RuleCode::ManagerIsSelf,
            "manager",
            "An agent user can't be its own manager.",
            "Name another user, or leave it empty.",
        ));
    }
    let mut sponsors = Vec::new();
    for text in cells.list(Column::Sponsors) {
        match SponsorRef::parse(&text) {
            Ok(sponsor) => sponsors.push(sponsor),
            Err(violations) => broken.extend(of_column(violations, "sponsors")),
        }
    }
    let mut licenses = Vec::new();
    for text in cells.list(Column::Licenses) {
        match WantedLicense::parse(&text) {
            Ok(license) => licenses.push(license),
            Err(violation) => broken.push(violation),
        }
    }
    match wanted {
        Ok(wanted) if broken.is_empty() => {
            Ok(wanted.with_manager(manager).with_sponsors(sponsors).with_licenses(licenses))
        }
        Ok(_) => Err(broken),
        Err(mut violations) => {
            violations.extend(broken);
            Err(violations)
        }
    }
}

fn of_column(violations: Vec<Violation>, column: &'static str) -> impl Iterator<Item = Violation> {
    violations.into_iter().map(move |violation| violation.of_field(column))
}
