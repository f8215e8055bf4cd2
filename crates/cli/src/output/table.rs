//! Tables for people: fitted to a terminal, a line per row elsewhere.

use super::text::plain;
use comfy_table::{ColumnConstraint, ContentArrangement, Width, presets};
use std::io::{self, IsTerminal as _};

/// The space between columns.
const GAP: u16 = 2;

/// How a table fits a terminal.
#[derive(Debug, Clone, Copy, Default)]
enum Fit {
    /// Long cells are broken into lines.
    #[default]
    Wrap,
    /// Cells are never broken, so that ids can be copied; columns after this many are left out where they don't fit.
    LeaveOut(usize),
}

/// A table. Its cells are made harmless for terminals.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
    fit: Fit,
    /// The widths of the columns in the part before.
    least: Vec<u16>,
}

impl Table {
    /// A table with these headings, whose cells are wrapped on a narrow terminal.
    pub(crate) fn new<const N: usize>(headings: [&str; N]) -> Self {
        Self { headings: headings.map(str::to_uppercase).into(), ..Self::default() }
    }

    /// The same, but the columns after the first `needed` are left out on a narrow terminal.
    pub(crate) fn of_records<const N: usize>(headings: [&str; N], needed: usize) -> Self {
        Self { fit: Fit::LeaveOut(needed), ..Self::new(headings) }
    }

    /// A table of names and values, without headings.
    pub(crate) fn of_values() -> Self {
        Self::default()
    }

    /// Adds a row. Line breaks within a cell stay.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        let clean = |cell: String| cell.lines().map(plain).collect::<Vec<_>>().join("\n");
        self.rows.push(cells.map(clean).into());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as lines, each with its line break, and an empty table for the rows that follow. On a terminal, where
    /// every part is fitted by itself, that table has the headings again.
    pub(crate) fn part(self) -> (String, Self) {
        let text = self.to_text();
        if io::stdout().is_terminal() {
            return (text, Self { headings: self.headings, fit: self.fit, ..Self::default() });
        }
        let least = self.layout(usize::MAX).column_max_content_widths();
        (text, Self { least, ..Self::default() })
    }

    /// The table as lines, each with its line break.
    pub(crate) fn to_text(&self) -> String {
        let mut table = self.layout(usize::MAX);
        if io::stdout().is_terminal() {
            match self.fit {
                Fit::Wrap => {
                    table.set_content_arrangement(ContentArrangement::Dynamic);
                }
                Fit::LeaveOut(needed) => table = self.layout(fitting(&table, needed)),
            }
        }
        table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
    }

    /// The first columns, never broken.
    fn layout(&self, columns: usize) -> comfy_table::Table {
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING);
        if !self.headings.is_empty() {
            table.set_header(self.headings.iter().take(columns));
        }
        table.add_rows(self.rows.iter().map(|row| row.iter().take(columns)));
        table.discover_columns();
        for (index, column) in table.column_iter_mut().enumerate() {
            column.set_padding((0, GAP));
            if let Some(least) = self.least.get(index) {
                column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least + GAP)));
            }
        }
        table
    }
}

/// How many columns fit the terminal, but no fewer than `needed`.
fn fitting(table: &comfy_table::Table, needed: usize) -> usize {
    let Some(mut room) = table.width().map(|width| width + GAP) else { return usize::MAX };
    let mut columns = 0;
    for width in table.column_max_content_widths() {
        match room.checked_sub(width + GAP) {
            Some(rest) => room = rest,
            None => break,
        }
        columns += 1;
    }
    columns.max(needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(a: &str, b: &str) -> [String; 2] {
        [a.to_owned(), b.to_owned()]
    }

    #[test]
    fn columns_stand_under_each_other_in_any_script_and_over_parts() {
        let mut table = Table::new(["Name", "Id"]);
        table.row(row("Zoë", "1"));
        table.row(row("北京", "2"));
        table.row(row("longer name", "3"));
        let (first, mut next) = table.part();
        assert_eq!(first, "NAME         ID\nZoë          1\n北京         2\nlonger name  3\n");
        next.row(row("x", "4"));
        assert_eq!(next.to_text(), "x            4\n");
    }

    #[test]
    fn columns_that_do_not_fit_are_left_out_but_for_those_needed() {
        let mut table = Table::of_records(["Name", "Id"], 1);
        table.row(row("a name of 20 letters", "an id of 18 digits"));
        let mut table = table.layout(usize::MAX);
        for (width, expected) in [(100, 2), (40, 2), (39, 1), (20, 1), (10, 1)] {
            table.set_width(width);
            assert_eq!(fitting(&table, 1), expected, "{width}");
        }
        assert_eq!(fitting(&table, 2), 2);
    }
}
