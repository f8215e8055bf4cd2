//! From cells to rows that are right.

use super::cells::{CellValue, Cells};
use super::columns::Column;
use super::error::RowErrors;
use super::file::RosterFile;
use super::json;
use super::limits::RosterLimits;
use super::rows::{Roster, Row};
use crate::model::{
    DesiredUser, Draft, GroupRef, Member, RowNames, SponsorRef, UserRef, WantedLicense, contradiction,
    manager_is_self,
};
use crate::problem::Problem;
use crate::remark::{Remark, RemarkCode};
use crate::validate::{RuleCode, TenantFacts, Violation, Violations, changes_nickname, not_a_value};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The settings that a roster is checked with.
#[derive(Debug, Clone, Default)]
pub struct RosterSettings {
    /// The known facts of the tenant.
    pub facts: TenantFacts,
    /// The domain of user principal names that are derived from display names, for rows that have none.
    pub domain: Option<String>,
    /// The most that is read of it.
    pub limits: RosterLimits,
}

impl Roster {
    /// Reads a file, CSV or JSON.
    ///
    /// CSV is UTF-8 with a header row, separated by commas, semicolons or tabs; JSON is an array of objects with the
    /// same names. Cells are trimmed; an empty cell declares nothing. Files as Excel, PowerShell, the Entra portal and
    /// this project's own exports write them are read, too, and [`Roster::remarks`] says what was recognised.
    ///
    /// # Errors
    /// Every error of every row at once; or that the file can't be read at all, or exceeds the limits.
    pub fn parse(file: &[u8], settings: &RosterSettings) -> Result<Self, Problem> {
        RosterFile::read(file, settings.limits)?.check(settings)
    }

    /// Checks a file without keeping its rows, so that it takes little memory beside the file itself.
    ///
    /// # Errors
    /// As [`Roster::parse`].
    pub fn validate(file: &[u8], settings: &RosterSettings) -> Result<ValidRoster, Problem> {
        let mut rows = 0;
        let remarks = RosterFile::read(file, settings.limits)?.check_rows(settings, &mut |_| rows += 1)?;
        Ok(ValidRoster { rows, remarks })
    }
}

/// The result of a check of a roster without errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidRoster {
    /// How many agent users it declares.
    pub rows: usize,
    /// Remarks on the roster, such as how the file was read.
    pub remarks: Vec<Remark>,
}

impl RosterFile<'_> {
    /// The roster.
    ///
    /// # Errors
    /// Every error of every row at once.
    pub(crate) fn check(self, settings: &RosterSettings) -> Result<Roster, Problem> {
        let mut rows = Vec::new();
        let remarks = self.check_rows(settings, &mut |row| rows.push(row))?;
        Ok(Roster::new(rows, remarks))
    }

    fn check_rows(
        mut self,
        settings: &RosterSettings,
        keep: &mut dyn FnMut(Row),
    ) -> Result<Vec<Remark>, Problem> {
        let derives_upns = settings.domain.is_some();
        let mut remarks = std::mem::take(&mut self.remarks);
        let mut names = std::mem::take(&mut self.names);
        let missing = self.missing(derives_upns);
        let mut changed = ChangedNicknames::default();
        let mut errors = RowErrors::new(&self.limits);
        self.each(derives_upns, &mut errors, &mut |row, errors| {
            errors.extend(row.number, row.broken);
            let Some(cells) = row.cells else { return };
            match check_row(&cells, settings, &self.parents, &mut names) {
                Ok(wanted) => {
                    changed.note(cells.number, &wanted);
                    // With an error, the roster has no rows.
                    if errors.is_empty() {
                        keep(Row { number: cells.number, wanted });
                    }
                }
                Err(violations) => errors.extend(row.number, cells.untold(violations, &missing)),
            }
        })?;
        if !errors.is_empty() {
            return Err(errors.into_problem());
        }
        remarks.extend(changed.remark());
        Ok(remarks)
    }
}

/// The mail nicknames that Exchange changes.
#[derive(Debug, Default)]
struct ChangedNicknames {
    first: Option<(usize, String)>,
    others: usize,
}

impl ChangedNicknames {
    fn note(&mut self, row: usize, wanted: &DesiredUser) {
        let nickname = wanted.agent_user().mail_nickname();
        if !nickname.is_changed_by_exchange() {
            return;
        }
        match self.first {
            None => self.first = Some((row, nickname.to_string())),
            Some(_) => self.others += 1,
        }
    }

    fn remark(self) -> Option<Remark> {
        let (row, nickname) = self.first?;
        let mut message = format!("Row {row}: {}", changes_nickname(&nickname));
        match self.others {
            0 => {}
            1 => message.push_str(" So it is with 1 more row."),
            others => message.push_str(&format!(" So it is with {others} more rows.")),
        }
        Some(Remark::new(RemarkCode::NicknameChanges, message))
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
    let row = json::object(members);
    let mut broken = row.broken;
    let Some(cells) = row.cells else { return Err(broken) };
    match check_row(&cells, settings, &BTreeMap::new(), &mut RowNames::default()) {
        Ok(wanted) if broken.is_empty() => Ok(wanted),
        Ok(_) => Err(broken),
        Err(violations) => {
            broken.extend(cells.untold(violations, &[]));
            Err(broken)
        }
    }
}

/// Two rows for one parent, one user principal name or one nickname: the later row is at fault.
fn repeated(cells: &Cells<'_>, parents: &BTreeMap<String, usize>, names: &RowNames) -> Vec<Violation> {
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

fn check_row(
    cells: &Cells<'_>,
    settings: &RosterSettings,
    parents: &BTreeMap<String, usize>,
    names: &mut RowNames,
) -> Result<DesiredUser, Vec<Violation>> {
    let repeated = repeated(cells, parents, names);
    let mut broken = Violations::default();
    let mut draft = Draft::new().parent(cells.text(Column::IdentityParentId).unwrap_or_default());
    for (column, value) in &cells.cells {
        if let Column::Member(member) = column {
            draft = match value {
                CellValue::Text(text) => draft.with_text(*member, text),
                value => draft.with(*member, value.into()),
            };
        }
    }
    for (member, value) in &cells.open {
        draft = draft.with(member.clone(), value.clone());
    }
    let domain = settings.domain.as_deref();
    let wanted = broken.keep(DesiredUser::among(names, cells.number, draft, domain, &settings.facts));
    let upn = match &wanted {
        Some(wanted) => Some(wanted.agent_user().user_principal_name().as_str()),
        None => cells.text(Column::Member(Member::UserPrincipalName)),
    };
    broken.extend(repeated);
    let manager = cells.text(Column::Manager);
    let manager = manager.and_then(|text| broken.keep_as("manager", UserRef::parse(text)));
    if let (Some(manager), Some(upn)) = (&manager, upn)
        && manager.to_string().eq_ignore_ascii_case(upn)
    {
        broken.push(manager_is_self());
    }
    let sponsors = cells.list(Column::Sponsors);
    let sponsors = sponsors.iter().filter_map(|text| broken.keep_as("sponsors", SponsorRef::parse(text)));
    let sponsors = sponsors.collect();
    let groups = groups(cells, &mut broken);
    let licenses = cells.list(Column::Licenses);
    let licenses = licenses.iter().filter_map(|text| {
        let license = match not_a_value(text, Column::Licenses.name()) {
            Some(violation) => Err(violation),
            None => WantedLicense::parse(text),
        };
        broken.keep(license.map_err(|violation| vec![violation]))
    });
    let licenses: Vec<WantedLicense> = licenses.collect();
    let direct = licenses.iter().filter_map(|license| match license {
        WantedLicense::Direct(license) => Some(license),
        WantedLicense::Group(_) => None,
    });
    broken.extend(contradiction(direct));
    broken.finish(wanted.map(|wanted| {
        wanted.with_manager(manager).with_sponsors(sponsors).with_groups(groups).with_licenses(licenses)
    }))
}

/// The groups that a row names; the rules that they break are noted.
fn groups(cells: &Cells<'_>, broken: &mut Violations) -> Vec<GroupRef> {
    let name = Column::Groups.name();
    let groups = cells.list(Column::Groups);
    let groups = groups.iter().filter_map(|text| {
        let group = match not_a_value(text, name) {
            Some(violation) => Err(violation),
            None => GroupRef::parse(text),
        };
        broken.keep_as(name, group.map_err(|violation| vec![violation]))
    });
    groups.collect()
}
