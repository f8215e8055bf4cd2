//! CSV into cells.

use super::cells::Cells;
use super::columns::{Column, place, unknown};
use super::error::unreadable;
use crate::model::MemberValue;
use crate::problem::Problem;
use crate::validate::{RowError, RuleCode, Violation};
use std::sync::Arc;

/// The separators a spreadsheet may write, by language.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// The cells of every row; what is wrong with header and shape goes into `errors`.
pub(super) fn rows(text: &str, errors: &mut Vec<RowError>) -> Result<Vec<Cells>, Problem> {
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(separator(text))
        .flexible(true)
        .trim(::csv::Trim::All)
        .from_reader(text.as_bytes());
    let broken =
        |error: ::csv::Error| unreadable(format!("The CSV can't be read: {error}."), "Save it as CSV again.");
    let names: Arc<[String]> = reader.headers().map_err(broken)?.iter().map(str::to_owned).collect();
    let columns = header(&names, errors);
    let mut rows = Vec::new();
    let mut number = 1;
    let mut record = ::csv::StringRecord::new();
    loop {
        let start = reader.position().byte();
        if !reader.read_record(&mut record).map_err(broken)? {
            break;
        }
        number += 1 + blank_lines(text, start);
        if record.iter().all(str::is_empty) {
            continue;
        }
        if record.len() != names.len() {
            let message = format!("The row has {} cells, but the header has {}.", record.len(), names.len());
            let fix =
                "Give it as many cells as the header; put text that holds the separator in double quotes.";
            errors.push(RowError {
                row: Some(number),
                violation: Violation::new(RuleCode::CellCount, "roster", message, fix),
            });
            continue;
        }
        let cells = columns.iter().zip(record.iter());
        let cells = cells.filter_map(|(column, cell)| {
            column.map(|column| (column, MemberValue::Text(unguarded(cell).to_owned())))
        });
        rows.push(Cells {
            number,
            untaken: Vec::new(),
            cells: cells.filter(|(_, value)| !is_empty(value)).collect(),
            columns: Arc::clone(&names),
        });
    }
    Ok(rows)
}

/// The blank lines from there on, which the reader passes over and a spreadsheet counts as rows.
fn blank_lines(text: &str, start: u64) -> usize {
    let (before, rest) =
        usize::try_from(start).ok().and_then(|at| text.split_at_checked(at)).unwrap_or_default();
    // A line feed right after a carriage return belongs to the row before.
    let rest = if before.ends_with('\r') { rest.strip_prefix('\n').unwrap_or(rest) } else { rest };
    let ends = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    let ends = rest.get(..ends).unwrap_or_default();
    ends.matches(['\r', '\n']).count() - ends.matches("\r\n").count()
}

/// Whether an apostrophe guards the cell: a spreadsheet would take what follows for a formula. Exports write it, and it
/// is not part of the value.
#[must_use]
pub fn is_guarded(cell: &str) -> bool {
    let value = cell.trim_start_matches('\'');
    value.len() < cell.len() && value.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The cell's value.
fn unguarded(cell: &str) -> &str {
    if is_guarded(cell) { cell.strip_prefix('\'').unwrap_or(cell) } else { cell }
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
