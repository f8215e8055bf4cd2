//! CSV into cells.

mod reader;

use self::reader::{Damage, Fault, Reader, Record};
use super::cells::Cells;
use super::columns::{Column, place, unknown};
use super::error::unreadable;
use super::guard::unguarded;
use crate::model::MemberValue;
use crate::problem::Problem;
use crate::validate::{RowError, RuleCode, Violation};
use std::sync::Arc;

/// The separators a spreadsheet may write, by language.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// The cells of every row; what is wrong with header and shape goes into `errors`.
pub(super) fn rows(text: &str, errors: &mut Vec<RowError>) -> Result<Vec<Cells>, Problem> {
    let mut reader = Reader::new(text, separator(text));
    let mut record = Record::default();
    let is_blank = |record: &Record<'_>| record.cells.iter().all(|cell| cell.is_empty());
    // The header is row 1, whatever blank lines are before it.
    while reader.read(&mut record).map_err(|damage| damaged(damage, &[]))? && is_blank(&record) {
        reader.number_from(1);
    }
    let names: Arc<[String]> = record.cells.iter().map(|cell| cell.clone().into_owned()).collect();
    faults(&record, &names, errors);
    let columns = header(&names, errors);
    let mut rows = Vec::new();
    while reader.read(&mut record).map_err(|damage| damaged(damage, &names))? {
        if is_blank(&record) {
            continue;
        }
        faults(&record, &names, errors);
        if record.cells.len() != names.len() {
            let message =
                format!("The row has {} cells, but the header has {}.", record.cells.len(), names.len());
            let fix =
                "Give it as many cells as the header; put text that holds the separator in double quotes.";
            errors.push(RowError {
                row: Some(record.row),
                violation: Violation::new(RuleCode::CellCount, "roster", message, fix),
            });
            continue;
        }
        let cells = columns.iter().zip(&record.cells);
        let cells = cells.filter_map(|(column, cell)| {
            column.map(|column| (column, MemberValue::Text(unguarded(cell).to_owned())))
        });
        rows.push(Cells {
            number: record.row,
            untaken: Vec::new(),
            cells: cells.filter(|(_, value)| !is_empty(value)).collect(),
            columns: Arc::clone(&names),
        });
    }
    Ok(rows)
}

/// The name of a column for errors; its number where the header does not name it.
fn column_name(names: &[String], column: usize) -> String {
    let name = names.get(column).filter(|name| !name.is_empty());
    name.cloned().unwrap_or_else(|| format!("{}", column + 1))
}

/// A quote that leaves in doubt which rows there are.
fn damaged(damage: Damage, names: &[String]) -> Problem {
    let Damage { row, column, closed_after } = damage;
    let column = column_name(names, column);
    let closed = match closed_after {
        None => "and never closed".to_owned(),
        Some(1) => "and closed only in the next line, in the middle of text".to_owned(),
        Some(lines) => format!("and closed only {lines} lines below, in the middle of text"),
    };
    let message =
        format!("The CSV can't be read: a quote is opened in row {row}, column {column}, {closed}.");
    let fix = format!(
        "Close the quote in row {row}, column {column}. A quote that belongs to a quoted text is written twice."
    );
    unreadable(message, fix)
        .with_cause("A quote is missing or is one too many, so that the rows after it can't be told apart.")
        .with_field(column)
}

/// The faults of single cells.
fn faults(record: &Record<'_>, names: &[String], errors: &mut Vec<RowError>) {
    for (column, fault) in &record.faults {
        let message = match fault {
            Fault::QuoteInside => "The cell holds a quote but does not begin with one.",
            Fault::TextAfterQuote => "The cell goes on after its closing quote.",
        };
        let text = record.cells.get(*column).map_or("", |cell| cell);
        let fix = format!(
            "Put the whole cell in quotes and write each quote inside it twice: \"{}\".",
            text.replace('"', "\"\"")
        );
        let violation = Violation::new(RuleCode::DamagedQuotes, column_name(names, *column), message, fix);
        errors.push(RowError { row: Some(record.row), violation });
    }
}

fn is_empty(value: &MemberValue) -> bool {
    matches!(value, MemberValue::Text(text) if text.is_empty())
}

/// The separator that the header line has most of; a comma where it has none.
fn separator(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: &u8| header.bytes().filter(|byte| byte == separator).count();
    SEPARATORS.into_iter().rev().max_by_key(count).unwrap_or(b',')
}

fn header(names: &[String], errors: &mut Vec<RowError>) -> Vec<Option<Column>> {
    let mut columns: Vec<Option<Column>> = Vec::new();
    let mut error = |column: &str, code, message: String, fix: String| {
        errors.push(RowError { row: Some(1), violation: Violation::new(code, place(column), message, fix) });
    };
    for name in names {
        let column = Column::find(name);
        match column {
            None => {
                let (message, fix) = unknown(name);
                error(name, RuleCode::UnknownColumn, message, fix);
            }
            Some(_) if columns.contains(&column) => {
                let message = "The column is there twice.".to_owned();
                error(name, RuleCode::RepeatedColumn, message, "Remove one of them.".to_owned());
            }
            Some(_) => {}
        }
        columns.push(column);
    }
    columns
}
