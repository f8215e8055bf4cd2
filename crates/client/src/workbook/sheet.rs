//! A worksheet (ECMA-376, part 1), row by row.

use super::archive::Part;
use super::text::{RELATIONSHIPS, escaped, escaped_attribute};
use agentuser_core::report::{Cell, unix_seconds};
use std::fmt::Write as _;
use std::io;

/// Excel's limits (Microsoft, "Excel specifications and limits"): rows and links of a sheet, characters of a cell.
pub(super) const MOST_ROWS: u32 = 1_048_576;
const MOST_LINKS: usize = 65_530;
const LONGEST: usize = 32_767;

/// The places of the formats in `styles.xml`.
#[derive(Debug, Clone, Copy)]
pub(super) enum Style {
    Plain = 0,
    Heading = 1,
    Moment = 2,
    Link = 3,
    Wrapped = 4,
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATED: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A worksheet that takes its rows.
#[derive(Debug)]
pub(super) struct Worksheet {
    part: Part,
    number: usize,
    columns: usize,
    pub(super) rows: u32,
    links: Vec<(String, String)>,
    /// The row that is written.
    row: String,
}

impl Worksheet {
    /// Sheet `number` of the workbook. `is_table` keeps the first row in sight.
    pub(super) fn start(number: usize, widths: &[u16], is_table: bool) -> io::Result<Self> {
        let part = Part::new(format!("xl/worksheets/sheet{number}.xml"));
        let row = String::new();
        let mut sheet = Self { part, number, columns: widths.len(), rows: 0, links: Vec::new(), row };
        let pane = "<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>";
        let pane = if is_table { pane } else { "" };
        let mut head = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"{MAIN}\" xmlns:r=\"{RELATED}\">\
             <sheetViews><sheetView workbookViewId=\"0\">{pane}</sheetView></sheetViews><cols>"
        );
        for (at, width) in (1..).zip(widths) {
            // Writing to a string can't fail.
            let _ = write!(head, "<col min=\"{at}\" max=\"{at}\" width=\"{width}\" customWidth=\"1\"/>");
        }
        head.push_str("</cols><sheetData>");
        sheet.part.write(&head)?;
        Ok(sheet)
    }

    /// Writes a row of texts.
    pub(super) fn texts(&mut self, texts: &[(&str, Style)]) -> io::Result<()> {
        self.begin();
        for (at, (text, style)) in texts.iter().enumerate() {
            self.text(at, text, *style);
        }
        self.end_row()
    }

    /// Writes a row of cells.
    pub(super) fn cells(&mut self, cells: impl IntoIterator<Item = Cell>) -> io::Result<()> {
        self.begin();
        for (at, cell) in cells.into_iter().enumerate() {
            self.cell(at, &cell);
        }
        self.end_row()
    }

    fn begin(&mut self) {
        self.rows += 1;
        self.row.clear();
        let _ = write!(self.row, "<row r=\"{}\">", self.rows);
    }

    fn end_row(&mut self) -> io::Result<()> {
        self.row.push_str("</row>");
        self.part.write(&self.row)
    }

    fn cell(&mut self, at: usize, cell: &Cell) {
        let place = place(at, self.rows);
        match cell {
            Cell::Empty => {}
            Cell::Flag(flag) => {
                let _ = write!(self.row, "<c r=\"{place}\" t=\"b\"><v>{}</v></c>", u8::from(*flag));
            }
            Cell::Number(number) => {
                let _ = write!(self.row, "<c r=\"{place}\"><v>{number}</v></c>");
            }
            Cell::Moment(text) => match unix_seconds(text) {
                Some(seconds) => {
                    let (day, style) = (day(seconds), Style::Moment as u8);
                    let _ = write!(self.row, "<c r=\"{place}\" s=\"{style}\"><v>{day}</v></c>");
                }
                None => self.text(at, text, Style::Plain),
            },
            Cell::Link { text, url } if self.links.len() < MOST_LINKS => {
                self.text(at, text, Style::Link);
                self.links.push((place, url.clone()));
            }
            Cell::Text(_) | Cell::List(_) | Cell::Link { .. } => {
                self.text(at, &cell.to_words(), Style::Plain)
            }
        }
    }

    fn text(&mut self, at: usize, text: &str, style: Style) {
        let place = place(at, self.rows);
        let _ = write!(
            self.row,
            "<c r=\"{place}\" s=\"{}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">",
            style as u8
        );
        escaped(text.chars().take(LONGEST), &mut self.row);
        self.row.push_str("</t></is></c>");
    }

    /// The cells that the filter is over.
    pub(super) fn filtered(&self) -> String {
        format!("A1:{}", place(self.columns.saturating_sub(1), self.rows.max(1)))
    }

    /// The part of the sheet, and that of its links where it has some.
    pub(super) fn end(mut self, is_table: bool) -> io::Result<(Part, Option<Part>)> {
        self.part.write("</sheetData>")?;
        if is_table {
            self.part.write(&format!("<autoFilter ref=\"{}\"/>", self.filtered()))?;
        }
        let links = self.links()?;
        self.part.write("</worksheet>")?;
        Ok((self.part, links))
    }

    fn links(&mut self) -> io::Result<Option<Part>> {
        if self.links.is_empty() {
            return Ok(None);
        }
        let mut related = Part::new(format!("xl/worksheets/_rels/sheet{}.xml.rels", self.number));
        related.write(RELATIONSHIPS)?;
        self.part.write("<hyperlinks>")?;
        for (number, (place, url)) in (1..).zip(&self.links) {
            // As Excel writes it: what is behind the # stands beside the link.
            let (target, location) = url.split_once('#').unwrap_or((url, ""));
            let (target, location) = (escaped_attribute(target), escaped_attribute(location));
            let location = if location.is_empty() { location } else { format!(" location=\"{location}\"") };
            self.part.write(&format!("<hyperlink ref=\"{place}\" r:id=\"rId{number}\"{location}/>"))?;
            related.write(&format!(
                "<Relationship Id=\"rId{number}\" Type=\"{RELATED}/hyperlink\" Target=\"{target}\" TargetMode=\"External\"/>"
            ))?;
        }
        self.part.write("</hyperlinks>")?;
        related.write("</Relationships>")?;
        Ok(Some(related))
    }
}

/// The name of a cell, such as `AB12`.
fn place(column: usize, row: u32) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        let letter = u8::try_from((left - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + letter));
        left = (left - 1) / 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{row}")
}

/// A moment as Excel counts days: since 1899-12-30, in UTC.
fn day(unix_seconds: i64) -> String {
    let seconds = unix_seconds + 25_569 * 86_400;
    // Eleven digits tell a second apart from the next.
    let fraction = seconds.rem_euclid(86_400) * 1_000_000_000 / 86_400;
    format!("{}.{fraction:09}", seconds.div_euclid(86_400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_names_and_moments_are_days() {
        let names = [(0, "A1"), (25, "Z1"), (26, "AA1"), (701, "ZZ1"), (702, "AAA1")];
        assert!(names.into_iter().all(|(column, name)| place(column, 1) == name));
        for (moment, expected) in
            [(0, "25569.000000000"), (43_200, "25569.500000000"), (1_780_315_200, "46174.500000000")]
        {
            assert_eq!(day(moment), expected);
        }
    }
}
