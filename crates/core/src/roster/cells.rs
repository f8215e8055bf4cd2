//! The cells of a row.

use super::columns::Column;
use crate::model::MemberValue;
use std::sync::Arc;

/// The cells of one row that are not empty.
#[derive(Debug)]
pub(super) struct Cells {
    pub(super) number: usize,
    pub(super) cells: Vec<(Column, MemberValue)>,
    /// The columns whose cell has a value of a wrong kind, which is reported.
    pub(super) untaken: Vec<Column>,
    /// The file's own names of all columns, for errors.
    pub(super) columns: Arc<[String]>,
}

impl Cells {
    /// The column's name as the file writes it.
    pub(super) fn spelling(&self, name: &str) -> String {
        self.columns
            .iter()
            .find(|column| column.eq_ignore_ascii_case(name))
            .map_or(name, String::as_str)
            .to_owned()
    }

    /// Whether a column has a cell whose value could not be taken.
    pub(super) fn is_untaken(&self, name: &str) -> bool {
        self.untaken.iter().any(|column| column.name() == name)
    }

    fn get(&self, wanted: Column) -> Option<&MemberValue> {
        self.cells.iter().find(|(column, _)| *column == wanted).map(|(_, value)| value)
    }

    /// A cell that holds one text.
    pub(super) fn text(&self, column: Column) -> Option<&str> {
        match self.get(column) {
            Some(MemberValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A cell that holds a list: an array in JSON, separated by semicolons in CSV.
    pub(super) fn list(&self, column: Column) -> Vec<String> {
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
