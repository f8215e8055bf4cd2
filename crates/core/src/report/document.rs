//! A report as a document: its head, its charts, and sheets with typed columns.

use super::cell::Cell;
use super::portal;
use crate::model::at;
use crate::utc::Utc;
use serde_json::Value;

/// A report. Its last sheet, `main`, takes its rows one at a time from who writes it.
#[derive(Debug, Clone)]
pub struct Document {
    /// The title and the facts of the report.
    pub head: Head,
    /// How many findings each group has; nothing for a list.
    pub counts: Vec<(Group, usize)>,
    /// The charts of the first page.
    pub figures: Vec<Figure>,
    /// The rules that were not checked, and the permission or license that they lacked.
    pub gaps: Vec<Gap>,
    /// The sheets before the main one, with their rows.
    pub sheets: Vec<(Sheet, Vec<Value>)>,
    /// The sheet that the report is made for.
    pub main: Sheet,
    /// How many bytes a web page may spend on what rows can do without: links, fixes, evidence.
    pub(super) spare: usize,
    /// The JSON before the records, up to their array; `None` where the array is all.
    pub(super) envelope: Option<String>,
}

impl Document {
    /// The rules of an audit.
    pub(super) fn rules(&self) -> &[Value] {
        self.sheets.iter().find(|(sheet, _)| sheet.name == RULES).map_or(&[], |(_, rows)| rows)
    }
}

/// The name of the sheet of rules.
pub(super) const RULES: &str = "Rules";

/// The title and the facts of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// The title.
    pub title: String,
    /// The tenant.
    pub tenant: Option<String>,
    /// The account that read the tenant.
    pub author: Option<String>,
    /// When it was read, in ISO 8601 with its zone.
    pub made_at: Option<String>,
    /// How long that took, in milliseconds.
    pub took_ms: Option<u64>,
    /// Other facts: names and values.
    pub facts: Vec<(String, String)>,
    /// Whether the tenant is in the cloud whose portal links lead to.
    pub links: bool,
}

impl Head {
    /// The head of a report that is made at this moment, in milliseconds since 1970.
    #[must_use]
    pub fn made_at(unix_ms: i64) -> Self {
        Self { made_at: Some(Utc(unix_ms).to_string()), ..Self::default() }
    }
}

/// A chart of bars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The title.
    pub title: String,
    /// The bars, from top to bottom.
    pub bars: Vec<Bar>,
}

/// A bar of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// The name.
    pub label: String,
    /// The number.
    pub count: usize,
    /// The group whose color it has; none for the color of text.
    pub group: Option<Group>,
}

/// A gap: rules that were not checked, and the permission or license that they lacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The missing permission or license, or another reason, in words.
    pub needs: String,
    /// The rules that could not be checked without it.
    pub rules: Vec<String>,
}

/// The groups in which a page shows findings, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// To be mended at once.
    High,
    /// To be mended soon.
    Medium,
    /// To be looked at.
    Low,
    /// Good to know.
    Info,
    /// Found and accepted.
    Accepted,
    /// Neither found nor clean.
    NotChecked,
}

impl Group {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::High, Self::Medium, Self::Low, Self::Info, Self::Accepted, Self::NotChecked];

    /// Its name for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::High => "High",
            Self::Medium => "Medium",
            Self::Low => "Low",
            Self::Info => "Info",
            Self::Accepted => "Accepted",
            Self::NotChecked => "Not checked",
        }
    }

    /// The group of a severity.
    #[must_use]
    pub fn of_severity(severity: &str) -> Option<Self> {
        Some(match severity {
            "high" => Self::High,
            "medium" => Self::Medium,
            "low" => Self::Low,
            "info" => Self::Info,
            _ => return None,
        })
    }
}

/// A sheet: a name and columns. Its rows are JSON objects, whose members the columns name.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The name, as a workbook shows it on its tab.
    pub name: &'static str,
    /// The columns, from left to right.
    pub columns: Vec<Column>,
    /// The group of a row, where a page shows them in groups.
    pub group: Option<fn(&Value) -> Group>,
}

/// The kind of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Texts, numbers, lists: as each value is.
    Any,
    /// Moments.
    Moment,
    /// Commands.
    Code,
}

/// Where a column is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Everywhere.
    Everywhere,
    /// In workbooks and CSV. A page tells it below the row's last cell, where it has room.
    Below,
    /// In workbooks and CSV alone.
    Data,
    /// On pages and in tables alone.
    Page,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The path of the member, such as `user.id`: the heading in CSV.
    pub path: String,
    /// The heading for people.
    pub title: String,
    /// The width in a workbook, in characters.
    pub width: u16,
    /// The kind of its values.
    pub kind: Kind,
    /// Where it is shown.
    pub shown: Shown,
    /// The page of the Entra portal that its values lead to.
    pub link: Option<portal::Link>,
    /// The path of the member that takes the place of a missing one.
    pub otherwise: Option<String>,
}

impl Column {
    /// A column of any values that is shown everywhere.
    #[must_use]
    pub fn new(path: &str, title: &str, width: u16) -> Self {
        let (path, title) = (path.to_owned(), title.to_owned());
        Self { path, title, width, kind: Kind::Any, shown: Shown::Everywhere, link: None, otherwise: None }
    }

    /// The same with values of this kind.
    #[must_use]
    pub fn of(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// The same, shown there.
    #[must_use]
    pub fn shown(mut self, shown: Shown) -> Self {
        self.shown = shown;
        self
    }

    /// The same, with another member where this one is missing.
    #[must_use]
    pub fn or(mut self, path: &str) -> Self {
        self.otherwise = Some(path.to_owned());
        self
    }

    /// The same, with links.
    #[must_use]
    pub fn linked(mut self, link: portal::Link) -> Self {
        self.link = Some(link);
        self
    }

    /// The column's cell of a row. `links` tells whether there may be links.
    #[must_use]
    pub fn cell(&self, row: &Value, links: bool) -> Cell {
        let member = |path: &String| row.as_object().and_then(|members| at(path, members));
        let value = member(&self.path).filter(|value| !value.is_null());
        let value = value.or_else(|| self.otherwise.as_ref().and_then(member));
        let cell = value.map_or(Cell::Empty, |value| Cell::of(value, self.kind == Kind::Moment));
        let url = self.link.filter(|_| links).and_then(|link| link.url(row));
        match (cell, url) {
            (Cell::Text(text), Some(url)) => Cell::Link { text, url },
            (cell, _) => cell,
        }
    }
}

impl Sheet {
    /// The columns that data has.
    pub fn of_data(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.shown != Shown::Page)
    }

    /// The columns that a page has.
    pub fn of_page(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| matches!(column.shown, Shown::Everywhere | Shown::Page))
    }

    /// The columns that a page tells below a row's last cell.
    pub fn below(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.shown == Shown::Below)
    }
}
