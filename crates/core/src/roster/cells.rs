//! The cells of a row.

use super::columns::Column;
use crate::model::{MemberValue, OpenMember};
use crate::validate::{RuleCode, Violation};
use std::borrow::Cow;

/// The value of a cell, borrowed from the file where it can be.
#[derive(Debug)]
pub(super) enum CellValue<'a> {
    Text(Cow<'a, str>),
    Flag(bool),
    Texts(Vec<String>),
}

impl From<&CellValue<'_>> for MemberValue {
    fn from(value: &CellValue<'_>) -> Self {
        match value {
            CellValue::Text(text) => Self::Text(text.clone().into_owned()),
            CellValue::Flag(flag) => Self::Flag(*flag),
            CellValue::Texts(texts) => Self::Texts(texts.clone()),
        }
    }
}

/// The cells of one row that are not empty.
#[derive(Debug)]
pub(super) struct Cells<'a> {
    pub(super) number: usize,
    pub(super) cells: Vec<(Column, CellValue<'a>)>,
    /// The values of open members.
    pub(super) open: Vec<(OpenMember, MemberValue)>,
    /// The columns whose cell has a value of a wrong kind, which is reported.
    pub(super) untaken: Vec<Column>,
    /// The file's own names of columns, where they are spelled in another way than Graph's.
    pub(super) spelled: Cow<'a, [(Column, String)]>,
}

impl Cells<'_> {
    /// The violations of the row, under the names that the file has for its columns. A value is not reported as required
    /// where its cell is reported already, or where its column is one of those that are missing as a whole.
    pub(super) fn untold(
        &self,
        violations: Vec<Violation>,
        missing: &[Column],
    ) -> impl Iterator<Item = Violation> {
        let is_told = move |violation: &Violation| {
            violation.code == RuleCode::Required
                && self.untaken.iter().chain(missing).any(|column| column.name() == violation.field)
        };
        violations.into_iter().filter(move |violation| !is_told(violation)).map(|violation| {
            let field = self.spelling(&violation.field);
            violation.of_field(field)
        })
    }

    /// The column's name as the file writes it.
    fn spelling(&self, name: &str) -> String {
        let spelled = self.spelled.iter().find(|(column, _)| column.name() == name);
        spelled.map_or(name, |(_, spelled)| spelled).to_owned()
    }

    fn get(&self, wanted: Column) -> Option<&CellValue<'_>> {
        self.cells.iter().find(|(column, _)| *column == wanted).map(|(_, value)| value)
    }

    /// A cell that holds one text.
    pub(super) fn text(&self, column: Column) -> Option<&str> {
        match self.get(column) {
            Some(CellValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A cell that holds a list: an array in JSON, separated by semicolons in CSV.
    pub(super) fn list(&self, column: Column) -> Vec<String> {
        match self.get(column) {
            Some(CellValue::Texts(texts)) => texts.iter().filter(|text| !text.is_empty()).cloned().collect(),
            Some(CellValue::Text(text)) => {
                text.split(';').map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// One row of a file: its cells, unless their shape is wrong, and what is wrong with its shape.
pub(super) struct FileRow<'a> {
    pub(super) number: usize,
    pub(super) cells: Option<Cells<'a>>,
    pub(super) broken: Vec<Violation>,
}

/// Takes each row in the order of the file.
pub(super) type TakeRow<'t> = &'t mut dyn FnMut(FileRow<'_>);
