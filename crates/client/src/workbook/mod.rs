//! Reports as workbooks of Excel's (ECMA-376): the core's typed sheets, with headings that stay in sight, filters, widths and
//! types.
//!
//! Why not by a library: docs/architecture.md#decisions.

mod archive;
mod parts;
mod sheet;
mod text;

use agentuser_core::problem::{Code, Problem};
use agentuser_core::report::{Document, Head, Sheet};
use archive::Archive;
use serde_json::Value;
use sheet::{MOST_ROWS, Style, Worksheet};
use std::io;

/// Writes a document as a workbook: takes the records of its main sheet one at a time, and packs them as they come.
#[derive(Debug)]
pub struct Workbook {
    archive: Archive,
    document: Document,
    main: Worksheet,
    /// The sheets that are whole: their names, and what their filters are over.
    whole: Vec<(&'static str, Option<String>)>,
}

impl Workbook {
    /// A workbook of this document, without the records of its main sheet.
    ///
    /// # Errors
    /// A defect: the sheets can't be made.
    pub fn start(document: Document) -> Result<Self, Problem> {
        Self::begin(document).map_err(|error| unwritable(&error))
    }

    fn begin(document: Document) -> io::Result<Self> {
        let (mut archive, mut whole) = (Archive::default(), Vec::new());
        add(&mut archive, overview(&document)?, false)?;
        whole.push(("Overview", None));
        let links = document.head.links;
        for (of, rows) in &document.sheets {
            let mut sheet = table(whole.len() + 1, of)?;
            for row in rows.iter().take(MOST_ROWS as usize - 1) {
                sheet.cells(of.of_data().map(|column| column.cell(row, links)))?;
            }
            whole.push((of.name, Some(sheet.filtered())));
            add(&mut archive, sheet, true)?;
        }
        let main = table(whole.len() + 1, &document.main)?;
        Ok(Self { archive, document, main, whole })
    }

    /// Adds a record.
    ///
    /// # Errors
    /// When the sheet has no room for it.
    pub fn row(&mut self, row: &Value) -> Result<(), Problem> {
        if self.main.rows >= MOST_ROWS {
            let message = format!("A sheet of Excel's holds {MOST_ROWS} rows, and the report has more.");
            return Err(Problem::new(Code::OutputUnwritable, message).with_fix("Write the report as CSV."));
        }
        let links = self.document.head.links;
        let cells = self.document.main.of_data().map(|column| column.cell(row, links));
        self.main.cells(cells).map_err(|error| unwritable(&error))
    }

    /// The bytes of the workbook.
    ///
    /// # Errors
    /// A defect: the workbook can't be written.
    pub fn end(self) -> Result<Vec<u8>, Problem> {
        self.finish().map_err(|error| unwritable(&error))
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        let Self { mut archive, document, main, mut whole } = self;
        whole.push((document.main.name, Some(main.filtered())));
        add(&mut archive, main, true)?;
        parts::add(&mut archive, &document.head, &whole)?;
        archive.end()
    }
}

fn unwritable(error: &io::Error) -> Problem {
    Problem::new(Code::OutputUnwritable, format!("The workbook can't be written: {error}."))
}

/// Adds a sheet that is whole, with its links.
fn add(archive: &mut Archive, sheet: Worksheet, is_table: bool) -> io::Result<()> {
    let (part, links) = sheet.end(is_table)?;
    archive.add(part)?;
    links.map_or(Ok(()), |links| archive.add(links))
}

/// A sheet with its headings.
fn table(number: usize, of: &Sheet) -> io::Result<Worksheet> {
    let widths: Vec<u16> = of.of_data().map(|column| column.width).collect();
    let mut sheet = Worksheet::start(number, &widths, true)?;
    let headings: Vec<(&str, Style)> =
        of.of_data().map(|column| (column.title.as_str(), Style::Heading)).collect();
    sheet.texts(&headings)?;
    Ok(sheet)
}

/// The first sheet: what the report is about, its numbers, and what was not checked.
fn overview(document: &Document) -> io::Result<Worksheet> {
    let Head { title, tenant, author, made_at, took_ms, facts, .. } = &document.head;
    let mut sheet = Worksheet::start(1, &[28, 70], false)?;
    sheet.texts(&[(title.as_str(), Style::Heading)])?;
    let took = took_ms.map(|ms| format!("{}.{:03} s", ms / 1000, ms % 1000));
    let known = [("Tenant", tenant), ("Made by", author), ("Made at", made_at), ("Took", &took)];
    let known = known.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
    for (name, value) in known.chain(facts.iter().map(|(name, value)| (name.as_str(), value.as_str()))) {
        sheet.texts(&[(name, Style::Plain), (value, Style::Plain)])?;
    }
    for (group, count) in &document.counts {
        sheet.texts(&[(group.title(), Style::Plain), (&count.to_string(), Style::Plain)])?;
    }
    for gap in &document.gaps {
        sheet.texts(&[(&gap.needs, Style::Wrapped), (&gap.rules.join(", "), Style::Wrapped)])?;
    }
    Ok(sheet)
}
