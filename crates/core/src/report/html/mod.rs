//! A report as one web page: without scripts, and without anything from elsewhere.

mod chart;
mod first_page;

use super::cell::Cell;
use super::document::{Column, Document, Group, Kind, Sheet};
use super::escape::{escape, escaped};
use serde_json::Value;

/// Writes a page.
#[derive(Debug)]
pub(super) struct Html {
    document: Document,
    /// The group whose table is open. A sheet without groups has one table.
    open: Option<Option<Group>>,
    rows: usize,
    /// The bytes that rows may still spend on what they can do without.
    spare: usize,
    /// The first row without them was written.
    is_short: bool,
}

impl Html {
    pub(super) fn new(document: Document) -> Self {
        let spare = document.spare;
        Self { document, open: None, rows: 0, spare, is_short: false }
    }

    pub(super) fn start(&mut self, out: &mut String) {
        first_page::write(&self.document, out);
        out.push_str("<div class=sheets>");
        for (sheet, rows) in &self.document.sheets {
            if rows.is_empty() || sheet.of_page().next().is_none() {
                continue;
            }
            out.push_str("<section><h2>");
            escape(sheet.name, out);
            out.push_str("</h2>");
            out.push_str("<table>");
            headings(sheet, out);
            for row in rows {
                labeled_cells(sheet, row, self.document.head.links, out);
                below(sheet, row, out);
            }
            out.push_str("</table></section>");
        }
    }

    pub(super) fn row(&mut self, row: &Value, out: &mut String) {
        let group = self.document.main.group.map(|group| group(row));
        if self.open != Some(group) {
            self.close(out);
            self.section(group, out);
            self.open = Some(group);
        }
        self.rows += 1;
        let (sheet, links) = (&self.document.main, self.document.head.links);
        let mut rich = String::new();
        cells(sheet, row, links, &mut rich);
        below(sheet, row, &mut rich);
        let mut short = String::new();
        cells(sheet, row, false, &mut short);
        let more = rich.len() - short.len();
        if more <= self.spare {
            self.spare -= more;
            out.push_str(&rich);
            return;
        }
        if !self.is_short {
            self.is_short = true;
            let columns = sheet.of_page().count();
            out.push_str(&format!("{ROW}<td colspan={columns} class=n>{SHORT}"));
        }
        out.push_str(&short);
    }

    pub(super) fn end(&mut self, took_ms: Option<u64>, out: &mut String) {
        self.close(out);
        out.push_str("</div><footer>");
        let rows = self.rows;
        out.push_str(&if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") });
        if let Some(took) = took_ms {
            out.push_str(&format!(", read in {}", first_page::duration(took)));
        }
        out.push_str(".</footer></main></body></html>\n");
    }

    fn section(&self, group: Option<Group>, out: &mut String) {
        match group {
            Some(group) => {
                let (id, title) = (class(group), group.title());
                let mut counts = self.document.counts.iter();
                let count = counts.find(|(of, _)| *of == group).map_or(0, |(_, count)| *count);
                out.push_str(&format!("<section id={id} class={id}><h2>{title} <small>{count}</small></h2>"));
            }
            None => {
                out.push_str(&format!("<section><h2>{}</h2>", escaped(self.document.main.name)));
            }
        }
        out.push_str("<table class=m><colgroup>");
        let columns = || self.document.main.of_page();
        let whole = columns().map(|column| usize::from(column.width)).sum::<usize>().max(1);
        // A table whose widths are given is laid out row by row, however many there are.
        for column in columns() {
            out.push_str(&format!("<col style=width:{}%>", usize::from(column.width) * 100 / whole));
        }
        headings(&self.document.main, out);
    }

    fn close(&self, out: &mut String) {
        if self.open.is_some() {
            out.push_str("</table></section>");
        }
    }
}

/// Where a page has no room for more.
const SHORT: &str = "From here on, rows have neither links nor fixes, which keeps the page small. Workbook, CSV and JSON have them.";

/// The begin of a row. Its line break is within the tag, because a cell with a line break is not empty.
const ROW: &str = "<tr\n>";

/// How many bytes a row takes without what it can do without.
pub(super) fn short_length(sheet: &Sheet, row: &Value) -> usize {
    let mut out = String::new();
    cells(sheet, row, false, &mut out);
    out.len()
}

/// The class and the id of a group.
fn class(group: Group) -> &'static str {
    match group {
        Group::High => "high",
        Group::Medium => "medium",
        Group::Low => "low",
        Group::Info => "info",
        Group::Accepted => "accepted",
        Group::NotChecked => "notchecked",
    }
}

/// The headings of a table.
fn headings(sheet: &Sheet, out: &mut String) {
    out.push_str("<thead><tr>");
    for column in sheet.of_page() {
        out.push_str("<th scope=col>");
        escape(&column.title, out);
    }
    out.push_str("<tbody>");
}

/// The cells of a row. Rows and cells need no end.
fn cells(sheet: &Sheet, row: &Value, links: bool, out: &mut String) {
    out.push_str(ROW);
    for column in sheet.of_page() {
        out.push_str("<td>");
        cell(column, &column.cell(row, links), out);
    }
}

/// The width up to which cells stand side by side where a phone shows no headings.
const NARROW: u16 = 12;

/// The cells of a row, each with the heading that it has where a phone shows no headings.
fn labeled_cells(sheet: &Sheet, row: &Value, links: bool, out: &mut String) {
    out.push_str(ROW);
    for (at, column) in sheet.of_page().enumerate() {
        let class = if column.width <= NARROW { " class=i" } else { "" };
        let label =
            if at == 0 { String::new() } else { format!("{class} data-t=\"{}\"", escaped(&column.title)) };
        out.push_str(&format!("<td{label}>"));
        cell(column, &column.cell(row, links), out);
    }
}

/// Writes the columns that a page shows below the last cell.
fn below(sheet: &Sheet, row: &Value, out: &mut String) {
    for column in sheet.below() {
        let value = column.cell(row, false);
        if value == Cell::Empty {
            continue;
        }
        out.push_str("<p>");
        if column.kind != Kind::Code {
            escape(&column.title, out);
            out.push_str(": ");
        }
        cell(column, &value, out);
    }
}

fn cell(column: &Column, cell: &Cell, out: &mut String) {
    match cell {
        Cell::Link { text, url } => {
            out.push_str("<a href=\"");
            escape(url, out);
            out.push_str("\">");
            escape(text, out);
            out.push_str("</a>");
        }
        cell if column.kind == Kind::Code && *cell != Cell::Empty => {
            out.push_str("<code>");
            escape(&cell.to_text(), out);
            out.push_str("</code>");
        }
        cell => escape(&cell.to_words(), out),
    }
}
