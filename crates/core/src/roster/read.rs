//! From bytes to rows that are right.

use super::columns::Column;
use super::error::{invalid, unreadable};
use super::row::{Roster, Row};
use super::{csv, json};
use crate::flow::DesiredUser;
use crate::gather::gather;
use crate::model::{Draft, Member, MemberValue, SkuRef, SponsorRef, UserRef};
use crate::problem::Problem;
use crate::validate::{DisplayName, MailNickname, RowError, RuleCode, TenantFacts, Violation, derive};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What a roster is read with.
#[derive(Debug, Clone, Default)]
pub struct RosterSettings {
    /// What is known of the tenant.
    pub known: TenantFacts,
    /// The domain of user principal names that are derived from display names, for rows that name none.
    pub domain: Option<String>,
}

/// The cells of one row that are not empty.
#[derive(Debug)]
pub(super) struct Cells {
    pub(super) number: usize,
    pub(super) cells: Vec<(Column, MemberValue)>,
    /// The file's own names of all columns, for errors.
    pub(super) columns: Vec<String>,
}

impl Cells {
    /// The column's name as the file writes it.
    fn spelling(&self, name: &str) -> String {
        self.columns
            .iter()
            .find(|column| column.eq_ignore_ascii_case(name))
            .map_or(name, String::as_str)
            .to_owned()
    }

    fn get(&self, wanted: Column) -> Option<&MemberValue> {
        self.cells.iter().find(|(column, _)| *column == wanted).map(|(_, value)| value)
    }

    fn member(&self, member: Member) -> Option<&MemberValue> {
        self.get(Column::Member(member))
    }

    /// A cell that holds one text.
    fn text(&self, column: Column) -> Option<&str> {
        match self.get(column) {
            Some(MemberValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A cell that holds a list: an array in JSON, separated by semicolons in CSV.
    fn list(&self, column: Column) -> Vec<String> {
        match self.get(column) {
            Some(MemberValue::Texts(texts)) => {
                texts.iter().filter(|text| !text.is_empty()).cloned().collect()
            }
            Some(MemberValue::Text(text)) => {
                text.split(';').map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        }
    }
}

pub(super) fn read(file: &[u8], settings: &RosterSettings) -> Result<Roster, Problem> {
    let text = text(file)?;
    let mut errors = Vec::new();
    let is_json = text.trim_start().starts_with(['[', '{']);
    let rows = if is_json { json::rows(text, &mut errors)? } else { csv::rows(text, &mut errors)? };
    if !is_json && !rows.is_empty() {
        missing_columns(&rows, settings, &mut errors);
    }
    if rows.is_empty() && errors.is_empty() {
        return Err(unreadable("The roster has no rows.", "Add a row per agent user."));
    }
    let (wanted, errors) = check(&rows, settings, errors);
    if errors.is_empty() { Ok(Roster { rows: wanted, ..Roster::default() }) } else { Err(invalid(errors)) }
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
    let mut names = Names::new(rows);
    let mut right = Vec::new();
    for cells in rows {
        match row(cells, settings, &mut names) {
            Ok(wanted) => right.push(Row { number: cells.number, wanted }),
            Err(violations) => errors.extend(violations.into_iter().map(|violation| {
                let field = cells.spelling(&violation.field);
                RowError { row: Some(cells.number), violation: violation.of_field(field) }
            })),
        }
    }
    // A missing column says it once; its empty cells need not say it again in every row, nor need a cell whose value
    // could not be taken.
    let of = |code| errors.iter().filter(move |error| error.violation.code == code);
    let place = |error: &RowError| format!("{:?} {:?}", error.row, error.violation.field);
    let missing: BTreeSet<String> =
        gather(of(RuleCode::MissingColumn).map(|error| error.violation.field.clone().into()));
    let untaken: BTreeSet<String> = gather(of(RuleCode::WrongKind).map(place));
    errors.retain(|error| {
        error.violation.code != RuleCode::Required
            || !(missing.contains(&*error.violation.field) || untaken.contains(&place(error)))
    });
    (right, errors)
}

/// The file as text: UTF-8, with or without a byte order mark.
fn text(file: &[u8]) -> Result<&str, Problem> {
    const SAVE: &str = "Save it as \"CSV UTF-8\".";
    if file.starts_with(&[0xff, 0xfe]) || file.starts_with(&[0xfe, 0xff]) {
        return Err(unreadable("The roster is in UTF-16, not in UTF-8.", SAVE));
    }
    let file = file.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(file);
    let text = std::str::from_utf8(file).map_err(|error| {
        let before = file.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        unreadable(format!("The roster is not UTF-8: line {line} has another encoding."), SAVE)
    })?;
    if text.contains('\0') {
        return Err(unreadable("The roster holds zero bytes: it is UTF-16, or no text.", SAVE));
    }
    if text.trim().is_empty() {
        let fix =
            "Begin with a header row: identityParentId,displayName,userPrincipalName and what else you need.";
        return Err(unreadable("The roster is empty.", fix));
    }
    Ok(text)
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

/// The names that rows have taken, so that no two rows get the same.
struct Names {
    parents: BTreeMap<String, usize>,
    upns: BTreeMap<String, usize>,
    nicknames: BTreeMap<String, usize>,
    /// For each display name, the alternatives that its next row need not try: what is taken stays taken.
    tried: BTreeMap<String, Tried>,
}

/// The first alternatives of a derived name that may be free.
#[derive(Clone, Copy)]
struct Tried {
    upn: u32,
    nickname: u32,
}

impl Names {
    /// Names that the file gives come first: what is derived must keep clear of all of them.
    fn new(rows: &[Cells]) -> Self {
        let named = |column| {
            let mut first: BTreeMap<String, usize> = BTreeMap::new();
            for row in rows {
                if let Some(text) = row.text(column) {
                    first.entry(text.to_ascii_lowercase()).or_insert(row.number);
                }
            }
            first
        };
        Self {
            parents: named(Column::IdentityParentId),
            upns: named(Column::Member(Member::UserPrincipalName)),
            nicknames: named(Column::Member(Member::MailNickname)),
            tried: BTreeMap::new(),
        }
    }

    /// Two rows for one parent, one user principal name or one nickname: the later row is at fault.
    fn repeated(&self, cells: &Cells) -> Vec<Violation> {
        let checks = [
            (
                Column::IdentityParentId,
                &self.parents,
                RuleCode::RepeatedParent,
                "an agent identity has one agent user",
            ),
            (
                Column::Member(Member::UserPrincipalName),
                &self.upns,
                RuleCode::RepeatedUserPrincipalName,
                "letter case does not count",
            ),
            (
                Column::Member(Member::MailNickname),
                &self.nicknames,
                RuleCode::RepeatedMailNickname,
                "letter case does not count",
            ),
        ];
        let violation = |(column, first, code, why): (Column, &BTreeMap<String, usize>, RuleCode, &str)| {
            let text = cells.text(column)?;
            let row = *first.get(&text.to_ascii_lowercase())?;
            let message = format!("{text:?} is in row {row} already; {why}.");
            (row != cells.number).then(|| {
                Violation::new(code, column.name(), message, format!("Change it here or in row {row}."))
            })
        };
        checks.into_iter().filter_map(violation).collect()
    }
}

/// How many numbered alternatives of a derived name are tried within one file.
const ALTERNATIVES: u32 = 100_000;

fn row(cells: &Cells, settings: &RosterSettings, names: &mut Names) -> Result<DesiredUser, Vec<Violation>> {
    let mut broken = names.repeated(cells);
    let mut draft = Draft::new().parent(cells.text(Column::IdentityParentId).unwrap_or_default());
    for (column, value) in &cells.cells {
        if let Column::Member(member) = column {
            draft = match value {
                MemberValue::Text(text) => draft.with_text(*member, text),
                value => draft.with(*member, value.clone()),
            };
        }
    }
    let named = draft.named();
    draft = derive_names(cells, settings, names, draft, &mut broken);

    let manager = cells.text(Column::Manager).and_then(|text| {
        UserRef::parse(text).map_err(|violations| broken.extend(of_column(violations, "manager"))).ok()
    });
    if let (Some(manager), Some(MemberValue::Text(upn))) = (&manager, draft.get(Member::UserPrincipalName))
        && manager.to_string().eq_ignore_ascii_case(upn)
    {
        let fix = "Name somebody else, or leave it empty.";
        broken.push(Violation::new(
            RuleCode::ManagerIsSelf,
            "manager",
            "An agent user can't be its own manager.",
            fix,
        ));
    }
    let mut sponsors = Vec::new();
    for text in cells.list(Column::Sponsors) {
        match SponsorRef::parse(&text) {
            Ok(sponsor) => sponsors.push(sponsor),
            Err(violations) => broken.extend(of_column(violations, "sponsors")),
        }
    }
    let licenses = cells.list(Column::Licenses).iter().map(|text| SkuRef::parse(text)).collect();
    match DesiredUser::parse(draft, &settings.known) {
        Ok(wanted) if broken.is_empty() => {
            Ok(wanted.naming(&named).with_manager(manager).with_sponsors(sponsors).with_licenses(licenses))
        }
        Ok(_) => Err(broken),
        Err(violations) => {
            broken.splice(0..0, violations);
            // A name that would be derived is wanting only because something else is wrong, which is said already.
            let derived = settings.domain.is_some() && cells.member(Member::UserPrincipalName).is_none();
            if derived && broken.len() > 1 {
                let upn = Member::UserPrincipalName.name();
                broken.retain(|violation| violation.code != RuleCode::Required || violation.field != upn);
            }
            Err(broken)
        }
    }
}

/// Derives the user principal name, where a domain is given, and the mail nickname; both unlike any other row's.
fn derive_names(
    cells: &Cells,
    settings: &RosterSettings,
    names: &mut Names,
    mut draft: Draft,
    broken: &mut Vec<Violation>,
) -> Draft {
    let Some(display_name) = cells.text(Column::Member(Member::DisplayName)) else { return draft };
    if DisplayName::parse(display_name).is_err() {
        return draft;
    }
    let mut tried = names.tried.get(display_name).copied().unwrap_or(Tried { upn: 1, nickname: 1 });
    let mut local_part = None;
    match (cells.member(Member::UserPrincipalName), &settings.domain) {
        (Some(MemberValue::Text(upn)), _) => local_part = upn.split('@').next().map(str::to_owned),
        (None, Some(domain)) => {
            let mut alternatives =
                (tried.upn..ALTERNATIVES).map(|number| (number, derive::upn(display_name, domain, number)));
            let derived = alternatives.find(|(_, upn)| {
                upn.as_ref().map_or(true, |upn| !names.upns.contains_key(&upn.as_str().to_ascii_lowercase()))
            });
            match derived {
                Some((number, Ok(upn))) => {
                    tried.upn = number + 1;
                    names.upns.insert(upn.as_str().to_ascii_lowercase(), cells.number);
                    local_part = Some(upn.local_part().to_owned());
                    draft = draft.with(Member::UserPrincipalName, MemberValue::Text(upn.to_string()));
                }
                Some((_, Err(violations))) => broken.extend(violations),
                None => {}
            }
        }
        _ => {}
    }
    if cells.member(Member::MailNickname).is_none() {
        let own = local_part.filter(|own| MailNickname::parse(own).is_ok());
        let derived = (tried.nickname..ALTERNATIVES)
            .map(|number| (number + 1, derive::mail_nickname(display_name, number).as_str().to_owned()));
        let mut candidates = own.map(|own| (tried.nickname, own)).into_iter().chain(derived);
        let free = candidates.find(|(_, name)| !names.nicknames.contains_key(&name.to_ascii_lowercase()));
        if let Some((next, nickname)) = free {
            tried.nickname = next;
            names.nicknames.insert(nickname.to_ascii_lowercase(), cells.number);
            draft = draft.with(Member::MailNickname, MemberValue::Text(nickname));
        }
    }
    names.tried.insert(display_name.to_owned(), tried);
    draft
}

fn of_column(violations: Vec<Violation>, column: &'static str) -> impl Iterator<Item = Violation> {
    violations.into_iter().map(move |violation| violation.of_field(column))
}
