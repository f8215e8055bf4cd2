//! Tables for people: fitted to a terminal, a line per row elsewhere.

use super::text::plain;
use comfy_table::{ColumnConstraint, ContentArrangement, Width, presets};
use std::io::{self, IsTerminal as _};

/// The space between columns.
const GAP: u16 = 2;

/// A table. Cells are freed of what could harm a terminal.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
    /// What the part before was wide, column by column.
    least: Vec<u16>,
}

impl Table {
    /// A table with these headings.
    pub(crate) fn new<const N: usize>(headings: [&str; N]) -> Self {
        Self { headings: headings.map(str::to_uppercase).into(), ..Self::default() }
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

    /// The table as lines, each with its line break; and an empty one for the rows that follow on them. On a terminal,
    /// where every part is fitted by itself, that one has the headings again.
    pub(crate) fn part(self) -> (String, Self) {
        if io::stdout().is_terminal() {
            return (self.to_text(), Self { headings: self.headings, ..Self::default() });
        }
        let least = self.layout().column_max_content_widths();
        (self.to_text(), Self { least, ..Self::default() })
    }

    /// The table as lines, each with its line break.
    pub(crate) fn to_text(&self) -> String {
        self.layout().lines().map(|line| format!("{}\n", line.trim_end())).collect()
    }

    fn layout(&self) -> comfy_table::Table {
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING);
        if io::stdout().is_terminal() {
            table.set_content_arrangement(ContentArrangement::Dynamic);
        }
        if !self.headings.is_empty() {
            table.set_header(&self.headings);
        }
        table.add_rows(&self.rows);
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
}
