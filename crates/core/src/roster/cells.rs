//! The cells of a row.

use super::columns::Column;
use crate::model::{MemberValue, OpenMember};
use crate::validate::Violation;
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
    /// The column's name as the file writes it.
    pub(super) fn spelling(&self, name: &str) -> String {
        let spelled = self.spelled.iter().find(|(column, _)| column.name() == name);
        spelled.map_or(name, |(_, spelled)| spelled).to_owned()
    }

    /// Whether a column has a cell whose value could not be taken.
    pub(super) fn is_untaken(&self, name: &str) -> bool {
        self.untaken.iter().any(|column| column.name() == name)
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
