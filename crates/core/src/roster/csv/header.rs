//! The head of a CSV file: lines that programs put first, the separator and the header.

use super::faults::{damaged, fault_of_cell};
use super::reader::{Fault, Reader, Record};
use crate::ObjectId;
use crate::model::{Member, OpenColumn};
use crate::problem::Problem;
use crate::remark::{Remark, RemarkCode};
use crate::roster::columns::{Column, place, portal_name, read_only, read_only_remark, unknown};
use crate::roster::error::unreadable;
use crate::validate::{RuleCode, Violation};
use std::borrow::Cow;

/// The separators a spreadsheet may write, by language.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// The quotes of languages and word processors, which CSV does not know.
const CURLY_QUOTES: [char; 6] = ['“', '”', '„', '«', '»', '‟'];

/// The meaning of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heading {
    Column(Column),
    /// An open member: its place in [`Head::open`].
    Open(usize),
    /// The portal's `Block sign in (Yes/No) [accountEnabled]`: the reverse of Graph's member of that name.
    BlockSignIn,
    /// The portal's `Initial password [passwordProfile]`, which agent users have none of (docs/graph.md#properties).
    Password,
    /// A property that Graph alone writes.
    ReadOnly,
    Nameless,
    /// Unknown or there twice, which is reported.
    Wrong,
}

/// The head of a CSV file.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) separator: u8,
    pub(super) headings: Vec<Heading>,
    /// The columns of open members.
    pub(super) open: Vec<OpenColumn>,
    /// The file's own names of known columns, where they are spelled in another way than Graph's.
    pub(super) spelled: Vec<(Column, String)>,
    /// The violations of the header, each with its column.
    pub(super) broken: Vec<(usize, Violation)>,
    /// The byte where the first row after the header begins.
    pub(super) rows_begin: usize,
    names: Vec<String>,
    of_portal: bool,
}

impl Head {
    /// Reads the lines before the rows.
    pub(super) fn of(text: &str, remarks: &mut Vec<Remark>) -> Result<Self, Problem> {
        let mut before = Before::of(text, remarks);
        let separator = before.separator.unwrap_or_else(|| separator(before.rest(text)));
        let mut reader = Reader::new(text, separator);
        let mut record = Record::default();
        // The header is row 1, whatever lines are before it.
        loop {
            reader.go_to(before.at, 1);
            let read = reader.read(&mut record);
            let found = read.map_err(|damage| damaged(damage, &(damage.column + 1).to_string()))?;
            before.at = reader.at();
            if !found || record.cells.iter().any(|cell| !cell.is_empty()) {
                break;
            }
        }
        if record.cells.first().is_some_and(|cell| cell.starts_with(CURLY_QUOTES)) {
            let Violation { message, fix, .. } = curly_quotes();
            return Err(unreadable(message, fix));
        }
        let names: Vec<String> = record.cells.iter().map(|cell| cell.clone().into_owned()).collect();
        let of_portal = before.has_version || names.iter().any(|name| portal_name(name).is_some());
        let mut head = Self {
            separator,
            headings: Vec::new(),
            open: Vec::new(),
            spelled: Vec::new(),
            broken: Vec::new(),
            rows_begin: before.at,
            names,
            of_portal,
        };
        let fault = |(column, fault): &(usize, Fault)| {
            let cell = record.cells.get(*column).map_or("", |cell| cell);
            (*column, fault_of_cell(*fault, head.name(*column), cell))
        };
        head.broken = record.faults.iter().map(fault).collect();
        head.read_names();
        if head.names_nothing() {
            return Err(no_header());
        }
        Ok(head)
    }

    fn read_names(&mut self) {
        for (index, name) in self.names.clone().into_iter().enumerate() {
            let portal = portal_name(&name);
            let heading = match portal.unwrap_or(&name) {
                "" => Heading::Nameless,
                inner if portal.is_some() && inner.eq_ignore_ascii_case("accountEnabled") => {
                    Heading::BlockSignIn
                }
                inner if inner.eq_ignore_ascii_case("passwordProfile") => Heading::Password,
                inner => match Column::find(inner).or_else(|| of_portal(inner, self.of_portal)) {
                    Some(column) => Heading::Column(column),
                    None if read_only(inner) => Heading::ReadOnly,
                    None => match OpenColumn::parse(inner) {
                        Some(open) => self.open_heading(index, &name, open),
                        None => {
                            let (message, fix) = unknown(&name);
                            let violation =
                                Violation::new(RuleCode::UnknownColumn, place(&name), message, fix);
                            self.broken.push((index, violation));
                            Heading::Wrong
                        }
                    },
                },
            };
            let column = heading.column();
            let heading = match column {
                Some(column) if self.has(column) => self.repeated(index, &name),
                Some(column) if column.name() != name => {
                    self.spelled.push((column, name));
                    heading
                }
                _ => heading,
            };
            self.headings.push(heading);
        }
    }

    /// The column of an open member.
    fn open_heading(&mut self, index: usize, name: &str, open: Result<OpenColumn, Violation>) -> Heading {
        match open {
            Ok(open) if self.open.iter().any(|other| other.member() == open.member()) => {
                self.repeated(index, name)
            }
            Ok(open) => {
                self.open.push(open);
                Heading::Open(self.open.len() - 1)
            }
            Err(violation) => {
                self.broken.push((index, violation.of_field(place(name))));
                Heading::Wrong
            }
        }
    }

    fn repeated(&mut self, index: usize, name: &str) -> Heading {
        let (message, fix) = ("The column is there twice.", "Remove one of them.");
        let violation = Violation::new(RuleCode::RepeatedColumn, place(name), message, fix);
        self.broken.push((index, violation));
        Heading::Wrong
    }

    /// Whether no name is one of a column, or like one: a title, a comment, a row, or another separator.
    fn names_nothing(&self) -> bool {
        let is_strange = |(name, heading): (&String, &Heading)| {
            let is_like_one = || Column::nearest(name).is_some() || name.contains(['"', '\n', '\r']);
            *heading == Heading::Nameless || *heading == Heading::Wrong && !is_like_one()
        };
        self.names.iter().zip(&self.headings).all(is_strange)
    }

    /// Whether a wrong name is most like this column's, so that its violation says to rename it.
    pub(super) fn misspells(&self, column: Column) -> bool {
        let headings = self.names.iter().zip(&self.headings);
        let mut wrong = headings.filter(|(_, heading)| **heading == Heading::Wrong).map(|(name, _)| name);
        wrong.any(|name| Column::nearest(name) == Some(column.name()))
    }

    /// Whether a column is there.
    pub(super) fn has(&self, column: Column) -> bool {
        self.headings.iter().any(|heading| heading.column() == Some(column))
    }

    /// The columns without a name.
    pub(super) fn nameless(&self) -> Vec<usize> {
        let headings = self.headings.iter().enumerate();
        headings.filter(|(_, heading)| **heading == Heading::Nameless).map(|(column, _)| column).collect()
    }

    /// The name of a column for errors; its number where the header does not name it.
    pub(super) fn name(&self, column: usize) -> String {
        let name = self.names.get(column).filter(|name| !name.is_empty());
        name.cloned().unwrap_or_else(|| (column + 1).to_string())
    }

    /// Whether a row has the names of the columns.
    pub(super) fn is_repeated_by(&self, record: &Record<'_>) -> bool {
        record.cells.iter().map(|cell| &**cell).eq(self.names.iter())
    }

    /// Whether a row is the portal's row of examples, such as `Example: Chris Green`.
    pub(super) fn is_example(&self, record: &Record<'_>) -> bool {
        let mut given = record.cells.iter().filter(|cell| !cell.is_empty());
        self.of_portal && given.all(|cell| cell.trim_start().starts_with("Example:"))
    }

    /// Says what was recognised; `examples` rows of examples are left out.
    pub(super) fn remark(&self, remarks: &mut Vec<Remark>, examples: usize) {
        if self.of_portal {
            let mut message = "The columns are those of the Entra portal's files".to_owned();
            if self.headings.contains(&Heading::BlockSignIn) {
                message.push_str("; Block sign in Yes means accountEnabled false");
            }
            message.push_str(if examples > 0 { "; the row of examples is left out." } else { "." });
            remarks.push(Remark::new(RemarkCode::PortalTemplate, message));
        }
        let names = self.headings.iter().zip(&self.names);
        let names =
            names.filter(|(heading, _)| **heading == Heading::ReadOnly).map(|(_, name)| name.as_str());
        remarks.extend(read_only_remark(names.collect()));
    }
}

impl Heading {
    pub(super) fn column(self) -> Option<Column> {
        match self {
            Self::Column(column) => Some(column),
            Self::BlockSignIn => Some(Column::Member(Member::AccountEnabled)),
            _ => None,
        }
    }
}

/// The members that the portal's files call by older names.
fn of_portal(name: &str, is_portal: bool) -> Option<Column> {
    let member = match name {
        "physicalDeliveryOfficeName" => Member::OfficeLocation,
        "telephoneNumber" => Member::BusinessPhones,
        "mobile" => Member::MobilePhone,
        _ => return None,
    };
    is_portal.then_some(Column::Member(member))
}

/// The lines that programs put before the header.
#[derive(Debug, Default)]
struct Before {
    at: usize,
    separator: Option<u8>,
    has_version: bool,
}

impl Before {
    fn of(text: &str, remarks: &mut Vec<Remark>) -> Self {
        let mut before = Self::default();
        loop {
            let line = before.rest(text).split(['\r', '\n']).next().unwrap_or_default();
            let said = line.trim_matches(['"', ' ', '\t', ',', ';']);
            let lower = said.to_ascii_lowercase();
            let named = line.trim_matches('"');
            if lower.starts_with("sep=") && named.len() == 5 && before.separator.is_none() {
                before.separator = named.as_bytes().last().copied();
                remarks.push(Remark::new(
                    RemarkCode::SeparatorLine,
                    format!("The line {named:?}, which Excel reads too, names the separator."),
                ));
            } else if said.starts_with("#TYPE ") {
                let message =
                    "The line #TYPE, which Export-Csv of Windows PowerShell writes, is passed over.";
                remarks.push(Remark::new(RemarkCode::TypeLine, message));
            } else if lower.starts_with("version:v") {
                before.has_version = true;
            } else if !line.trim().is_empty() || line.len() == before.rest(text).len() {
                return before;
            }
            before.skip(text, line.len());
        }
    }

    fn rest<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.at..).unwrap_or_default()
    }

    /// Goes to the next line.
    fn skip(&mut self, text: &str, line: usize) {
        self.at += line;
        self.at += if self.rest(text).starts_with("\r\n") { 2 } else { 1 };
        self.at = self.at.min(text.len());
    }
}

/// The separator that the header line has most of outside quotes; a comma where it has none.
fn separator(text: &str) -> u8 {
    let header = text.split(['\r', '\n']).find(|line| !line.trim().is_empty()).unwrap_or_default();
    let outside = || header.split('"').step_by(2).flat_map(str::bytes);
    let count = |separator: &u8| outside().filter(|byte| byte == separator).count();
    SEPARATORS.into_iter().rev().max_by_key(count).unwrap_or(b',')
}

/// Whether a text has so many cells by one of the separators.
pub(super) fn separates(text: &str, cells: usize) -> bool {
    SEPARATORS.iter().any(|separator| text.bytes().filter(|byte| byte == separator).count() + 1 == cells)
}

/// A first row that is not a header.
fn no_header() -> Problem {
    let message = "The first row is not a header: none of its cells is the name of a column.";
    let fix = "Begin with a row of names, such as identityParentId,displayName,userPrincipalName, separated by commas, semicolons or tabs, and put nothing before it.";
    unreadable(message, fix)
}

/// A column without a name that has values.
pub(super) fn nameless(column: usize, row: usize) -> Violation {
    let message = format!("Column {} has no name, but a value in row {row}.", column + 1);
    let fix = "Give it one of Graph's property names, or remove its values.";
    Violation::new(RuleCode::UnknownColumn, "roster", message, fix)
}

/// The one sentence for cells in typographic quotes.
pub(super) fn curly_quotes() -> Violation {
    let message = "The cells are in typographic quotes (“…”), which a word processor or a web page makes; CSV does not know them.";
    let fix = "Replace them by straight quotes (\"), or remove them.";
    Violation::new(RuleCode::DamagedQuotes, "roster", message, fix)
}

/// Whether every cell that is not empty is in typographic quotes.
pub(super) fn is_in_curly_quotes<'a>(cells: impl Iterator<Item = &'a Cow<'a, str>>) -> bool {
    let mut given = cells.filter(|cell| !cell.is_empty());
    let quoted = |cell: &Cow<'_, str>| cell.starts_with(CURLY_QUOTES) && cell.ends_with(CURLY_QUOTES);
    given.next().is_some_and(quoted) && given.all(quoted)
}

/// The portal's `Yes` or `No`.
pub(super) fn blocks_sign_in(cell: &str) -> Option<bool> {
    let is = |word: &str| cell.eq_ignore_ascii_case(word);
    if is("yes") { Some(true) } else { is("no").then_some(false) }
}

pub(super) fn not_yes_or_no(column: &str, cell: &str) -> Violation {
    let message = format!("{cell:?} is neither Yes nor No.");
    let fix = "Use Yes to block the sign-in, or No to allow it; or name the column accountEnabled and use true or false.";
    Violation::new(RuleCode::WrongKind, column.to_owned(), message, fix)
}

/// A password, which is not repeated.
pub(super) fn password(column: &str) -> Violation {
    let (message, fix) = ("An agent user has no password.", "Remove the column, or its values.");
    Violation::new(RuleCode::UnknownColumn, column.to_owned(), message, fix)
}

/// Whether a text holds an object id, as every row does.
pub(super) fn holds_object_id(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_hexdigit() && c != '-').any(|word| word.parse::<ObjectId>().is_ok())
}
