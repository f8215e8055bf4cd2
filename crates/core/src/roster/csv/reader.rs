//! CSV into records, strictly: a damaged quote shifts every row after it, so that it must not pass.
//!
//! The project's own reader, because libraries read damaged quotes as best they can and do not say where a quote opens.

use std::borrow::Cow;

/// Reads the records of a text.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    separator: u8,
    row: usize,
}

/// One record: its cells without the white space around them, and their faults.
#[derive(Debug, Default)]
pub(super) struct Record<'a> {
    /// The row's number, as a spreadsheet counts: a blank line is a row, and a cell of several lines is in one row.
    pub(super) row: usize,
    pub(super) cells: Vec<Cow<'a, str>>,
    pub(super) faults: Vec<(usize, Fault)>,
}

/// A fault of one cell, by which no other cell is in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// A quote in a cell that does not begin with one.
    QuoteInside,
    /// Text between the quote that closes a cell and the separator.
    TextAfterQuote,
}

/// A fault that leaves in doubt which rows there are. `column` counts from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Damage {
    pub(super) row: usize,
    pub(super) column: usize,
    /// How many lines below its opening the quote is closed in the middle of text; none when it never is.
    pub(super) closed_after: Option<usize>,
}

impl<'a> Reader<'a> {
    /// `separator` is an ASCII character.
    pub(super) fn new(text: &'a str, separator: u8) -> Self {
        Self { text, at: 0, separator, row: 0 }
    }

    /// Reads the next record into `record`; false at the end.
    pub(super) fn read(&mut self, record: &mut Record<'a>) -> Result<bool, Damage> {
        record.cells.clear();
        record.faults.clear();
        if self.at >= self.text.len() {
            return Ok(false);
        }
        self.row += 1;
        record.row = self.row;
        loop {
            let (cell, fault) = self.cell(record.cells.len())?;
            record.faults.extend(fault.map(|fault| (record.cells.len(), fault)));
            record.cells.push(cell);
            match self.peek() {
                Some(byte) if byte == self.separator => self.at += 1,
                Some(b'\r') => {
                    self.at += 1;
                    self.at += usize::from(self.peek() == Some(b'\n'));
                    return Ok(true);
                }
                Some(_) => {
                    self.at += 1;
                    return Ok(true);
                }
                None => return Ok(true),
            }
        }
    }

    /// Goes to a byte where a record begins, and gives that record this number.
    pub(super) fn go_to(&mut self, at: usize, row: usize) {
        self.at = at;
        self.row = row.saturating_sub(1);
    }

    /// The byte where the next record begins.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(|byte| matches!(byte, b' ' | b'\t') && byte != self.separator) {
            self.at += 1;
        }
    }

    /// Moves to the next separator, line end or end.
    fn skip_cell(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let ends = |byte: &u8| *byte == self.separator || matches!(byte, b'\r' | b'\n');
        self.at += rest.iter().position(ends).unwrap_or(rest.len());
    }

    fn cell(&mut self, column: usize) -> Result<(Cow<'a, str>, Option<Fault>), Damage> {
        let start = self.at;
        self.skip_blanks();
        if self.peek() != Some(b'"') {
            self.skip_cell();
            let cell = self.slice(start, self.at).trim();
            return Ok((Cow::Borrowed(cell), cell.contains('"').then_some(Fault::QuoteInside)));
        }
        let cell = self.quoted(column)?;
        let closed = self.at;
        self.skip_blanks();
        if self.peek().is_none_or(|byte| byte == self.separator || matches!(byte, b'\r' | b'\n')) {
            return Ok((trimmed(cell), None));
        }
        let lines = lines_of(&cell);
        if lines > 0 {
            return Err(Damage { row: self.row, column, closed_after: Some(lines) });
        }
        self.at = closed;
        self.skip_cell();
        Ok((Cow::Borrowed(self.slice(start, self.at).trim()), Some(Fault::TextAfterQuote)))
    }

    /// The text between quotes, in which a doubled quote stands for one; from the opening quote to after the closing one.
    fn quoted(&mut self, column: usize) -> Result<Cow<'a, str>, Damage> {
        self.at += 1;
        let mut text = Cow::Borrowed("");
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let Some(length) = rest.iter().position(|byte| *byte == b'"') else {
                return Err(Damage { row: self.row, column, closed_after: None });
            };
            let doubled = rest.get(length + 1) == Some(&b'"');
            let part = self.slice(self.at, self.at + length + usize::from(doubled));
            match &mut text {
                Cow::Borrowed("") => text = Cow::Borrowed(part),
                text => text.to_mut().push_str(part),
            }
            self.at += length + 1 + usize::from(doubled);
            if !doubled {
                return Ok(text);
            }
        }
    }
}

fn trimmed(cell: Cow<'_, str>) -> Cow<'_, str> {
    match cell {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) if text.trim().len() == text.len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// The line breaks in a text; the two characters of Windows are one.
fn lines_of(text: &str) -> usize {
    text.matches(['\r', '\n']).count() - text.matches("\r\n").count()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read = (usize, Vec<String>, Vec<(usize, Fault)>);

    fn records(text: &str) -> Result<Vec<Read>, Damage> {
        let mut reader = Reader::new(text, b',');
        let mut record = Record::default();
        let mut all = Vec::new();
        while reader.read(&mut record)? {
            let cells = record.cells.iter().map(|cell| cell.clone().into_owned()).collect();
            all.push((record.row, cells, record.faults.clone()));
        }
        Ok(all)
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        records(text).unwrap().into_iter().map(|(_, cells, _)| cells).collect()
    }

    #[test]
    fn quotes_and_white_space() {
        for (text, expected) in [
            ("a,b", vec!["a", "b"]),
            (" a , \"b, c\" ,", vec!["a", "b, c", ""]),
            ("\"\",\"\"\"\",\"a\"\"b\"", vec!["", "\"", "a\"b"]),
            ("\" a\r\nb \"", vec!["a\r\nb"]),
            ("é\u{a0},\u{3000}b", vec!["é", "b"]),
        ] {
            assert_eq!(cells(text), [expected], "{text:?}");
        }
    }

    #[test]
    fn rows_end_as_on_every_system() {
        for end in ["\n", "\r\n", "\r"] {
            let rows = records(&format!("a{end}{end}\"b{end}c\",d{end}e")).unwrap();
            assert_eq!(rows.iter().map(|row| row.0).collect::<Vec<_>>(), [1, 2, 3, 4]);
            assert_eq!(rows[2].1, [format!("b{end}c"), "d".to_owned()]);
        }
        assert_eq!(records("").unwrap(), []);
        assert_eq!(cells("a\n"), [["a"]]);
    }

    #[test]
    fn faults_of_one_cell() {
        let one = |text: &str| records(text).unwrap().remove(0);
        assert_eq!(one("a,5\" disk,b").2, [(1, Fault::QuoteInside)]);
        let (_, cells, faults) = one("\"Agent\" One,b,\"\"c");
        assert_eq!(cells, ["\"Agent\" One", "b", "\"\"c"]);
        assert_eq!(faults, [(0, Fault::TextAfterQuote), (2, Fault::TextAfterQuote)]);
    }

    #[test]
    fn damage_names_where_the_quote_opens() {
        let damage = |row, column, closed_after| Err::<Vec<Read>, _>(Damage { row, column, closed_after });
        assert_eq!(records("a,b\nc,\"d\ne,f\n"), damage(2, 1, None));
        assert_eq!(records("a\n\nc,\"d\ne,\"f\"\n"), damage(3, 1, Some(1)));
        assert_eq!(records("\""), damage(1, 0, None));
        assert_eq!(records("a,\"b\"\""), damage(1, 1, None));
    }
}
