//! A roster's file: read twice, because what a row may have depends on all others.
//!
//! The first reading finds damage, and the names and parents that rows have; the second checks row by row and keeps
//! nothing of a row but what it declares. So a file takes little more memory than its own size.

use super::cells::FileRow;
use super::columns::Column;
use super::csv;
use super::error::{RowErrors, without_rows};
use super::json;
use super::limits::RosterLimits;
use super::text::decode;
use crate::model::{Member, RowNames};
use crate::problem::Problem;
use crate::remark::Remark;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A roster that was read once and is not checked yet.
#[derive(Debug)]
pub(crate) struct RosterFile<'a> {
    text: Cow<'a, str>,
    format: Format,
    pub(super) limits: RosterLimits,
    pub(super) remarks: Vec<Remark>,
    /// The parents that rows name, in lower case, each with the number of the first row that has it.
    pub(super) parents: BTreeMap<String, usize>,
    /// The names that rows give, each with the number of the first row that has it.
    pub(super) names: RowNames,
}

#[derive(Debug)]
enum Format {
    Csv(csv::Layout),
    Json(json::Shape),
}

impl<'a> RosterFile<'a> {
    /// Reads CSV or JSON.
    ///
    /// # Errors
    /// [`crate::problem::Code::RosterUnreadable`], [`crate::problem::Code::InputTooLarge`].
    pub(crate) fn read(file: impl Into<Cow<'a, [u8]>>, limits: RosterLimits) -> Result<Self, Problem> {
        let mut remarks = Vec::new();
        let text = decode(file.into(), &limits, &mut remarks)?;
        let format = if json::is_json(&text)? {
            Format::Json(json::Shape::of(&text)?)
        } else {
            Format::Csv(csv::Layout::of(&text, &mut remarks)?)
        };
        let mut file =
            Self { text, format, limits, remarks, parents: BTreeMap::new(), names: RowNames::default() };
        file.read_once()?;
        Ok(file)
    }

    fn read_once(&mut self) -> Result<(), Problem> {
        let (parents, names) = (&mut self.parents, &mut self.names);
        let mut take = |row: FileRow<'_>| {
            let Some(cells) = row.cells else { return };
            for (column, first) in [
                (Column::IdentityParentId, &mut *parents),
                (Column::Member(Member::UserPrincipalName), &mut names.upns),
                (Column::Member(Member::MailNickname), &mut names.mail_nicknames),
            ] {
                if let Some(text) = cells.text(column) {
                    first.entry(text.to_ascii_lowercase()).or_insert(row.number);
                }
            }
        };
        let rows = match &mut self.format {
            Format::Csv(layout) => {
                layout.read_once(&self.text, &self.limits, &mut take, &mut self.remarks)?
            }
            Format::Json(shape) => shape.read_once(&self.text, &self.limits, &mut take, &mut self.remarks)?,
        };
        let header_is_right = match &self.format {
            Format::Csv(layout) => layout.broken(false).is_empty(),
            Format::Json(_) => true,
        };
        if rows == 0 && header_is_right {
            return Err(without_rows("The roster has no rows.", "Add a row per agent user."));
        }
        Ok(())
    }

    /// Gives every row to `take`; the errors of the header go into `errors` first.
    pub(super) fn each(
        &self,
        derives_upns: bool,
        errors: &mut RowErrors,
        take: &mut dyn FnMut(FileRow<'_>, &mut RowErrors),
    ) -> Result<(), Problem> {
        match &self.format {
            Format::Csv(layout) => {
                errors.extend(1, layout.broken(!derives_upns));
                layout.each(&self.text, &mut |row| take(row, errors))
            }
            Format::Json(shape) => shape.each(&self.text, &self.limits, &mut |row| take(row, errors)),
        }
    }

    /// The columns that the file lacks as a whole, which need not be missed in each row.
    pub(super) fn missing(&self, derives_upns: bool) -> Vec<Column> {
        match &self.format {
            Format::Csv(layout) => layout.missing(!derives_upns),
            Format::Json(_) => Vec::new(),
        }
    }
}
