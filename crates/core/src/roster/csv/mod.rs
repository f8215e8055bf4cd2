//! CSV into cells.

mod faults;
mod header;
mod reader;

use self::faults::{damaged, fault_of_cell};
use self::header::{Head, Heading, nameless};
use self::reader::{Damage, Fault, Reader, Record};
use super::cells::{CellValue, Cells, FileRow, TakeRow};
use super::columns::Column;
use super::guard::unguarded;
use super::limits::RosterLimits;
use crate::model::Member;
use crate::problem::Problem;
use crate::remark::{Remark, RemarkCode};
use crate::validate::{RuleCode, Violation};
use std::borrow::Cow;

/// How a CSV file is laid out: its separator, and what its header says.
#[derive(Debug)]
pub(super) struct Layout {
    head: Head,
    /// For each column without a name, the first row that has a value there.
    nameless_values: Vec<(usize, usize)>,
    has_rows: bool,
}

impl Layout {
    /// Reads the header.
    pub(super) fn of(text: &str, remarks: &mut Vec<Remark>) -> Result<Self, Problem> {
        let head = Head::of(text, remarks)?;
        Ok(Self { head, nameless_values: Vec::new(), has_rows: false })
    }

    /// The first reading: gives every row to `take`, and learns which columns have values. Answers with
    /// the number of rows.
    pub(super) fn read_once(
        &mut self,
        text: &str,
        limits: &RosterLimits,
        take: TakeRow<'_>,
        remarks: &mut Vec<Remark>,
    ) -> Result<usize, Problem> {
        let mut unnamed = self.head.nameless();
        let mut values = Vec::new();
        let mut rows = 0;
        let mut examples = 0;
        self.records(text, &mut |record| {
            if self.head.is_example(record) {
                examples += 1;
                return Ok(());
            }
            rows += 1;
            if rows > limits.rows {
                return Err(limits.too_many_rows());
            }
            unnamed.retain(|column| {
                let has_value = record.cells.get(*column).is_some_and(|cell| !cell.is_empty());
                if has_value {
                    values.push((*column, record.row));
                }
                !has_value
            });
            take(self.row(record));
            Ok(())
        })?;
        self.nameless_values = values;
        self.has_rows = rows > 0;
        self.head.remark(remarks, examples);
        if !unnamed.is_empty() {
            let one = unnamed.len() == 1;
            let (columns, are) = if one { ("column", "is") } else { ("columns", "are") };
            let message = format!(
                "{} {columns} without a name and without values, as Excel adds them, {are} left alone.",
                unnamed.len()
            );
            remarks.push(Remark::new(RemarkCode::EmptyColumns, message));
        }
        Ok(rows)
    }

    /// Gives every row to `take`.
    pub(super) fn each(&self, text: &str, take: TakeRow<'_>) -> Result<(), Problem> {
        self.records(text, &mut |record| {
            if !self.head.is_example(record) {
                take(self.row(record));
            }
            Ok(())
        })
    }

    /// The faults of the header, once the rows were read.
    pub(super) fn broken(&self, needs_upns: bool) -> Vec<Violation> {
        let mut broken = self.head.broken.clone();
        broken.extend(self.nameless_values.iter().map(|(column, row)| (*column, nameless(*column, *row))));
        broken.sort_by_key(|(column, _)| *column);
        let mut broken: Vec<Violation> = broken.into_iter().map(|(_, violation)| violation).collect();
        if self.has_rows {
            let mut missing = self.missing(needs_upns);
            // The violation of a name that is nearly right says to rename it.
            missing.retain(|column| !self.head.misspells(*column));
            broken.extend(missing.into_iter().map(|column| {
                let fix = format!("Add a column {}.", column.name());
                Violation::new(RuleCode::MissingColumn, column.name(), "The column is missing.", fix)
            }));
        }
        broken
    }

    /// The columns that every roster needs and this one lacks.
    pub(super) fn missing(&self, needs_upns: bool) -> Vec<Column> {
        let mut needed = vec![Column::IdentityParentId, Column::Member(Member::DisplayName)];
        if needs_upns {
            needed.push(Column::Member(Member::UserPrincipalName));
        }
        needed.retain(|column| !self.head.has(*column));
        needed
    }

    /// Every record below the header that is not blank.
    fn records(
        &self,
        text: &str,
        take: &mut dyn FnMut(&Record<'_>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let mut reader = Reader::new(text, self.head.separator);
        reader.go_to(self.head.rows_begin, 2);
        let mut record = Record::default();
        while reader.read(&mut record).map_err(|damage| self.damaged(damage))? {
            if record.cells.iter().any(|cell| !cell.is_empty()) {
                take(&record)?;
            }
        }
        Ok(())
    }

    fn row<'a>(&'a self, record: &'a Record<'_>) -> FileRow<'a> {
        let mut broken: Vec<Violation> =
            record.faults.iter().map(|(column, fault)| self.fault(record, *column, *fault)).collect();
        let headings = &self.head.headings;
        // Excel ends every row with as many separators as its longest row has.
        let extra = record.cells.get(headings.len()..).unwrap_or_default();
        let number = record.row;
        if record.cells.len() < headings.len() || extra.iter().any(|cell| !cell.is_empty()) {
            let (cells, columns) = (record.cells.len(), headings.len());
            let cells = if cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") };
            let message = format!("The row has {cells}, but the header has {columns}.");
            let fix = match record.cells.as_slice() {
                [cell] if header::separates(cell, headings.len()) => {
                    "Separate its cells as those of the header: the row has another separator."
                }
                _ => {
                    "Give it as many cells as the header; put text that holds the separator in double quotes."
                }
            };
            broken.push(Violation::new(RuleCode::CellCount, "roster", message, fix));
            return FileRow { number, cells: None, broken };
        }
        if self.head.is_repeated_by(record) {
            let message = "The row is the header again, as where files were put together.";
            let fix = "Remove the row, and look for other columns in the rows below it.";
            broken.push(Violation::new(RuleCode::RepeatedColumn, "roster", message, fix));
            return FileRow { number, cells: None, broken };
        }
        if header::is_in_curly_quotes(record.cells.iter()) {
            broken.push(header::curly_quotes());
            return FileRow { number, cells: None, broken };
        }
        let mut row = Cells {
            number,
            cells: Vec::with_capacity(headings.len()),
            open: Vec::new(),
            untaken: Vec::new(),
            spelled: Cow::Borrowed(&self.head.spelled),
        };
        for (index, (heading, cell)) in headings.iter().zip(&record.cells).enumerate() {
            let cell = unguarded(cell);
            if cell.is_empty() {
                continue;
            }
            let swallowed = self.swallowed_row(index, *heading, cell);
            if swallowed.is_some() || record.faults.iter().any(|(column, _)| *column == index) {
                broken.extend(swallowed);
                row.untaken.extend(heading.column());
                continue;
            }
            match heading {
                Heading::Column(column) => row.cells.push((*column, CellValue::Text(Cow::Borrowed(cell)))),
                Heading::Open(open) => {
                    let Some(open) = self.head.open.get(*open) else { continue };
                    match open.value(cell) {
                        Ok(value) => row.open.push((open.member().clone(), value)),
                        Err(violation) => broken.push(violation.of_field(self.name(index))),
                    }
                }
                Heading::BlockSignIn => match header::blocks_sign_in(cell) {
                    Some(blocks) => {
                        row.cells.push((Column::Member(Member::AccountEnabled), CellValue::Flag(!blocks)));
                    }
                    None => {
                        row.untaken.push(Column::Member(Member::AccountEnabled));
                        broken.push(header::not_yes_or_no(&self.name(index), cell));
                    }
                },
                Heading::Password => broken.push(header::password(&self.name(index))),
                Heading::ReadOnly | Heading::Nameless | Heading::Wrong => {}
            }
        }
        FileRow { number, cells: Some(row), broken }
    }

    /// A cell of several lines that holds an object id: the end of its row or the begin of the next one, most likely, behind a
    /// quote that is missing. The column of the ids may be on either side, so all lines count.
    fn swallowed_row(&self, index: usize, heading: Heading, cell: &str) -> Option<Violation> {
        let takes_lines = heading == Heading::Column(Column::Member(Member::StreetAddress));
        if !cell.contains(['\r', '\n']) || takes_lines && !header::holds_object_id(cell) {
            return None;
        }
        let message = if takes_lines {
            "The cell goes on in the next line, and holds what looks like another row."
        } else {
            "The cell goes on in the next line, but its value is a single line."
        };
        let fix = match heading {
            Heading::Column(Column::Licenses | Column::Sponsors | Column::Groups)
                if !header::holds_object_id(cell) =>
            {
                "Separate its values by semicolons, or look for a quote that is missing at the end of its first line."
            }
            _ => "Look for a quote that is missing at the end of the cell's first line.",
        };
        Some(Violation::new(RuleCode::LineBreak, self.name(index), message, fix))
    }

    /// The name of a column for errors; its number where the header does not name it.
    fn name(&self, column: usize) -> String {
        self.head.name(column)
    }

    /// A quote that leaves in doubt which rows there are.
    fn damaged(&self, damage: Damage) -> Problem {
        damaged(damage, &self.name(damage.column))
    }

    fn fault(&self, record: &Record<'_>, column: usize, fault: Fault) -> Violation {
        fault_of_cell(fault, self.name(column), record.cells.get(column).map_or("", |cell| cell))
    }
}
