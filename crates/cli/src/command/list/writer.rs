//! Pages of a list on their way out, as a table, as CSV or as JSON.

use super::columns::{Column, Columns};
use crate::context::Context;
use crate::exit::internal;
use crate::output::{Table, plain};
use agentuser::{AgentUser, Problem, SubscribedSku};
use std::ops::ControlFlow;

/// Writes each page, or all of them sorted.
pub(super) struct Writer<'a> {
    context: &'a Context,
    columns: Columns,
    skus: Vec<SubscribedSku>,
    csv: bool,
    /// The member to sort by, and whether in the opposite order.
    sort: Option<(Column, bool)>,
    /// The agent users so far, where they are sorted.
    held: Vec<AgentUser>,
    table: Table,
    problem: Option<Problem>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        context: &'a Context,
        columns: Columns,
        skus: Vec<SubscribedSku>,
        csv: bool,
        sort: Option<(Column, bool)>,
        deleted: bool,
    ) -> Self {
        let table = Table::new(columns.of_table(deleted));
        let writer = Self { context, columns, skus, csv, sort, held: Vec::new(), table, problem: None };
        if writer.csv {
            let names = writer.columns.iter().map(|column| column.name().to_owned()).collect();
            context.output.text(&csv_lines([names]).unwrap_or_default());
        }
        writer
    }

    /// Writes a page, or keeps it to be sorted.
    pub(super) fn take(&mut self, page: Vec<AgentUser>) -> ControlFlow<()> {
        if self.sort.is_some() {
            self.held.extend(page);
            return ControlFlow::Continue(());
        }
        self.write(&page);
        if self.problem.is_some() || self.context.output.is_closed() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Writes what was kept. The result of the list, or the problem that kept its pages from being written.
    pub(super) fn finish<T>(mut self, ended: Result<Option<T>, Problem>) -> Result<Option<T>, Problem> {
        if let Some((column, descending)) = self.sort.take() {
            let mut held = std::mem::take(&mut self.held);
            // Without regard to letter case, as in the admin centers.
            held.sort_by_cached_key(|user| self.text(&column, user).to_lowercase());
            if descending {
                held.reverse();
            }
            if !held.is_empty() {
                self.write(&held);
            }
        }
        self.problem.map_or(ended, Err)
    }

    fn write(&mut self, page: &[AgentUser]) {
        let output = &self.context.output;
        if output.is_json() {
            self.problem = output.json(page).err();
        } else if self.csv {
            let rows = page.iter().map(|user| self.cells(user).into_iter().map(guarded).collect());
            match csv_lines(rows) {
                Ok(lines) => output.csv(&lines),
                Err(problem) => self.problem = Some(problem),
            }
        } else {
            let mut table = std::mem::take(&mut self.table);
            for user in page {
                table.row(self.cells(user).into_iter().map(|cell| plain(&cell)));
            }
            let text;
            (text, self.table) = table.part();
            output.text(&text);
        }
    }

    fn cells(&self, user: &AgentUser) -> Vec<String> {
        let members = serde_json::to_value(user).unwrap_or_default();
        let text = |column: &Column| {
            let text = column.text(user, &members, &self.skus);
            match (column.name(), text.as_str()) {
                ("accountEnabled", "true") if !self.csv => "yes".to_owned(),
                ("accountEnabled", "false") if !self.csv => "no".to_owned(),
                _ => text,
            }
        };
        self.columns.iter().map(text).collect()
    }

    fn text(&self, column: &Column, user: &AgentUser) -> String {
        column.text(user, &serde_json::to_value(user).unwrap_or_default(), &self.skus)
    }
}

/// Lines of CSV.
fn csv_lines(rows: impl IntoIterator<Item = Vec<String>>) -> Result<String, Problem> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let unwritable = |error: csv::Error| internal(format!("The CSV can't be made: {error}."));
    for row in rows {
        writer.write_record(&row).map_err(unwritable)?;
    }
    let bytes = writer.into_inner().map_err(|error| internal(format!("The CSV can't be made: {error}.")))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The cell with an apostrophe before what a spreadsheet would take for a formula. `agentuser::core::roster` takes one
/// off again, so a cell that has apostrophes before it gets one more.
fn guarded(cell: String) -> String {
    if agentuser::core::roster::is_guarded(&format!("'{cell}")) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_guarded() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("+49 30 1", "'+49 30 1"),
            ("-x", "'-x"),
            ("@x", "'@x"),
            ("'=x", "''=x"),
            ("\tx", "'\tx"),
            ("O'Neil", "O'Neil"),
            ("'quoted'", "'quoted'"),
            ("", ""),
        ] {
            assert_eq!(guarded(cell.to_owned()), written);
        }
    }
}
