//! Pages of a list on their way out: as a table, as CSV or as JSON, and into reports.

use super::columns::{Column, Columns};
use crate::command::get::sku_name;
use crate::context::Context;
use crate::output::{Table, plain};
use crate::report_files::ReportFiles;
use agentuser::core::report::{Cell, Document, Format, Head, Options, Writer as Form, users};
use agentuser::{AgentUser, Problem, SubscribedSku};
use serde_json::Value;
use std::ops::ControlFlow;
use std::time::Instant;

/// Writes each page, or all of them sorted.
pub(super) struct Writer<'a> {
    context: &'a Context,
    skus: Vec<SubscribedSku>,
    /// Whether rows tell the names of licenses.
    names_licenses: bool,
    /// The columns on standard output.
    shown: Document,
    /// The column to sort by, and whether in the opposite order.
    sort: Option<(Document, bool)>,
    /// The rows so far, where they are sorted.
    held: Vec<AgentUser>,
    stdout: Stdout,
    reports: ReportFiles,
    since: Instant,
    problem: Option<Problem>,
}

/// The form on standard output.
enum Stdout {
    Json,
    Csv(Form),
    Table(Table),
}

/// The columns, order and format of a list.
pub(super) struct Wanted {
    pub(super) columns: Columns,
    pub(super) skus: Vec<SubscribedSku>,
    pub(super) names_licenses: bool,
    pub(super) csv: bool,
    pub(super) formula_safe: bool,
    pub(super) sort: Option<(Column, bool)>,
    pub(super) deleted: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(context: &'a Context, wanted: Wanted, reports: ReportFiles) -> Result<Self, Problem> {
        let Wanted { columns, skus, names_licenses, csv, formula_safe, sort, deleted } = wanted;
        let document = |names: Vec<&str>| users(names, Head::default());
        let shown = document(columns.iter().map(Column::name).collect());
        let stdout = if context.output.is_json() {
            Stdout::Json
        } else if csv {
            let mut heading = String::new();
            let options = Options { formula_safe, places: None };
            let form = Form::start(Format::Csv, shown.clone(), options, &mut heading)?;
            context.output.text(&heading);
            Stdout::Csv(form)
        } else {
            Stdout::Table(Table::new(columns.of_table(deleted)))
        };
        let sort = sort.map(|(column, descending)| (document(vec![column.name()]), descending));
        let (held, since, problem) = (Vec::new(), Instant::now(), None);
        Ok(Self { context, skus, names_licenses, shown, sort, held, stdout, reports, since, problem })
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

    /// Writes what was kept, and ends the reports. The result of the list, or the problem that kept its pages from being
    /// written.
    pub(super) fn finish<T>(mut self, ended: Result<Option<T>, Problem>) -> Result<Option<T>, Problem> {
        if let Some((column, descending)) = self.sort.take() {
            let mut held = std::mem::take(&mut self.held);
            // Without regard to letter case, as in the admin centers.
            held.sort_by_cached_key(|user| cells(&column, &self.row(user)).concat().to_lowercase());
            if descending {
                held.reverse();
            }
            if !held.is_empty() {
                self.write(&held);
            }
        }
        let ended = self.problem.map_or(ended, Err)?;
        if ended.is_some() {
            let took = u64::try_from(self.since.elapsed().as_millis()).ok();
            for path in self.reports.end(took)? {
                self.context.output.remark(&format!("Report written to {}", path.display()));
            }
        }
        Ok(ended)
    }

    fn write(&mut self, page: &[AgentUser]) {
        if let Err(problem) = self.try_write(page) {
            self.problem = Some(problem);
        }
    }

    fn try_write(&mut self, page: &[AgentUser]) -> Result<(), Problem> {
        let output = &self.context.output;
        let rows: Vec<Value> = page.iter().map(|user| self.row(user)).collect();
        match &mut self.stdout {
            Stdout::Json => output.json(page)?,
            Stdout::Csv(form) => {
                let mut lines = String::new();
                rows.iter().for_each(|row| form.row(row, &mut lines));
                output.csv(&lines);
            }
            Stdout::Table(table) => {
                let mut part = std::mem::take(table);
                for row in &rows {
                    part.row(cells(&self.shown, row).iter().map(|cell| plain(cell)));
                }
                let text;
                (text, *table) = part.part();
                output.text(&text);
            }
        }
        rows.iter().try_for_each(|row| self.reports.row(row))
    }

    /// An agent user with the names of its licenses, where they are asked for.
    fn row(&self, user: &AgentUser) -> Value {
        let mut row = serde_json::to_value(user).unwrap_or_default();
        if let (true, Some(members)) = (self.names_licenses, row.as_object_mut()) {
            let ids = user.assigned_licenses().iter().filter_map(|license| license.sku_id);
            let names: Vec<String> = ids.map(|id| sku_name(&self.skus, id)).collect();
            members.insert(Column::Licenses.name().to_owned(), names.into());
        }
        row
    }
}

/// The cells of a row, as a table shows them.
fn cells(document: &Document, row: &Value) -> Vec<String> {
    let text = |cell: Cell| match cell {
        Cell::Flag(_) => cell.to_words(),
        cell => cell.to_text(),
    };
    document.main.columns.iter().map(|column| text(column.cell(row, false))).collect()
}
