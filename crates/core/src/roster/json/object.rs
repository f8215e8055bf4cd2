//! One object of a JSON roster.

use crate::model::{
    Member, MemberValue, OpenColumn, OpenMember, WrittenLicense, is_open, is_schema_extension,
};
use crate::roster::cells::{CellValue, Cells, FileRow};
use crate::roster::columns::{Column, place, read_only, unknown};
use crate::unique::Unique;
use crate::validate::{RuleCode, Violation};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

/// The members of one object, and what is wrong with their shape.
#[derive(Debug, Default)]
pub(in crate::roster) struct ObjectRow {
    number: usize,
    /// Whether it is an object at all.
    is_object: bool,
    cells: Vec<(Column, CellValue<'static>)>,
    open: Vec<(OpenMember, MemberValue)>,
    untaken: Vec<Column>,
    spelled: Vec<(Column, String)>,
    given: Vec<Column>,
    broken: Vec<Violation>,
}

/// Reads the members of one object, as a roster's row.
pub(in crate::roster) fn object(members: Map<String, Value>) -> FileRow<'static> {
    let mut row = ObjectRow { number: 1, is_object: true, ..ObjectRow::default() };
    for (name, value) in members {
        if is_password(&name) && !value.is_null() {
            row.password(&name);
        } else if may_be_open(&name) {
            row.open(&name, value);
        } else if let Some(column) = row.column(&name, &mut BTreeSet::new()) {
            row.value(column, &name, value);
        }
    }
    row.into_file_row()
}

fn is_password(name: &str) -> bool {
    name.eq_ignore_ascii_case("passwordProfile")
}

/// Whether a name is that of an open member; whether it is one of a schema extension, its value tells.
fn may_be_open(name: &str) -> bool {
    is_open(name) || is_schema_extension(name)
}

impl ObjectRow {
    pub(super) fn into_file_row(self) -> FileRow<'static> {
        let Self { number, is_object, cells, open, untaken, spelled, mut broken, .. } = self;
        if !is_object {
            let (message, fix) = ("The entry is not a JSON object.", "Make it an object.");
            broken.push(Violation::new(RuleCode::RowNotAnObject, "roster", message, fix));
        }
        let cells = Cells { number, cells, open, untaken, spelled: Cow::Owned(spelled) };
        FileRow { number, cells: is_object.then_some(cells), broken }
    }

    fn error(&mut self, name: &str, code: RuleCode, message: impl Into<String>, fix: impl Into<String>) {
        self.broken.push(Violation::new(code, place(name), message, fix));
    }

    /// An agent user has none (docs/graph.md#properties). The value is not repeated.
    fn password(&mut self, name: &str) {
        self.error(name, RuleCode::UnknownColumn, "An agent user has no password.", "Remove it.");
    }

    /// The column of a member whose value is to be read.
    fn column(&mut self, name: &str, read_only_names: &mut BTreeSet<String>) -> Option<Column> {
        let Some(column) = Column::find(name) else {
            if read_only(name) {
                if !name.starts_with('@') && !read_only_names.contains(name) {
                    read_only_names.insert(name.to_owned());
                }
            } else if !is_password(name) {
                let (message, fix) = unknown(name);
                self.error(name, RuleCode::UnknownColumn, message, fix);
            }
            return None;
        };
        if self.given.contains(&column) {
            let first = self.spelled.iter().find(|(spelled, _)| *spelled == column);
            let same = first.map_or(column.name(), |(_, first)| first) == name;
            let message = if same {
                "The member is there twice."
            } else {
                "The member is there twice, in another letter case."
            };
            self.error(name, RuleCode::RepeatedColumn, message, "Remove one of them.");
            return None;
        }
        self.given.push(column);
        if name != column.name() {
            self.spelled.push((column, name.to_owned()));
        }
        Some(column)
    }

    /// The open members in a member of the object. Null declares nothing.
    fn open(&mut self, name: &str, value: Value) {
        if value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty()) {
            return;
        }
        if !is_open(name) && !value.is_object() {
            let (message, fix) = unknown(name);
            return self.error(name, RuleCode::UnknownColumn, message, fix);
        }
        // A table's row, as Import-Csv reads it.
        let read = match (OpenColumn::parse(name), &value) {
            (Some(column), Value::String(text)) if name.contains(':') => column
                .and_then(|column| column.value(text).map(|value| vec![(column.member().clone(), value)]))
                .map_err(|violation| vec![violation.of_field(name.to_owned())]),
            _ => OpenMember::read(name, value),
        };
        match read {
            Ok(members) => {
                for (member, value) in members {
                    if self.open.iter().any(|(other, _)| *other == member) {
                        let message = "The member is there twice.";
                        self.error(member.path(), RuleCode::RepeatedColumn, message, "Remove one of them.");
                    } else {
                        self.open.push((member, value));
                    }
                }
            }
            Err(violations) => self.broken.extend(violations),
        }
    }

    fn value(&mut self, column: Column, name: &str, value: Value) {
        match cell(column, value).and_then(|value| fitting(column, value)) {
            Ok(Some(value)) => self.cells.push((column, value)),
            Ok(None) => {}
            Err(kind) => {
                self.untaken.push(column);
                let message = format!("The value is {kind}, which the column does not take.");
                let fix = match (kind, column) {
                    (NUMBER, Column::Member(Member::AccountEnabled)) => "Use true or false.",
                    (NUMBER, _) => "Put it in double quotes, as a text.",
                    _ => kinds(column),
                };
                self.error(name, RuleCode::WrongKind, message, fix);
            }
        }
    }
}

/// Reads a row of a JSON file.
pub(super) struct RowSeed<'s> {
    pub(super) number: usize,
    /// The names of members that Graph alone writes.
    pub(super) read_only: &'s mut BTreeSet<String>,
}

impl<'de> DeserializeSeed<'de> for RowSeed<'_> {
    type Value = ObjectRow;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<ObjectRow, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl RowSeed<'_> {
    fn other<E>(self) -> Result<ObjectRow, E> {
        Ok(ObjectRow { number: self.number, ..ObjectRow::default() })
    }
}

impl<'de> Visitor<'de> for RowSeed<'_> {
    type Value = ObjectRow;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ObjectRow, A::Error> {
        let mut row = ObjectRow { number: self.number, is_object: true, ..ObjectRow::default() };
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            if may_be_open(&name) {
                let value = map.next_value::<Unique>()?;
                row.open(&name, value.0);
            } else if let Some(column) = row.column(&name, self.read_only) {
                let value = map.next_value::<Unique>()?;
                row.value(column, &name, value.0);
            } else if is_password(&name) {
                if map.next_value::<Option<IgnoredAny>>()?.is_some() {
                    row.password(&name);
                }
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(row)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<ObjectRow, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        self.other()
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<ObjectRow, E> {
        self.other()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<ObjectRow, E> {
        self.other()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<ObjectRow, E> {
        self.other()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<ObjectRow, E> {
        self.other()
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<ObjectRow, E> {
        self.other()
    }

    fn visit_unit<E: Error>(self) -> Result<ObjectRow, E> {
        self.other()
    }
}

/// A value of a kind that the roster's own columns take. The members of an agent user have rules of their own.
fn fitting(
    column: Column,
    value: Option<CellValue<'static>>,
) -> Result<Option<CellValue<'static>>, &'static str> {
    match (column, &value) {
        (Column::Member(_), _) => Ok(value),
        (_, Some(CellValue::Flag(_))) => Err("true or false"),
        (Column::IdentityParentId | Column::Manager, Some(CellValue::Texts(_))) => Err("an array"),
        _ => Ok(value),
    }
}

const NUMBER: &str = "a number";

/// The kinds of values that a column takes, for a fix.
fn kinds(column: Column) -> &'static str {
    match column {
        Column::Member(_) => "Use text, true, false or an array of texts.",
        Column::IdentityParentId | Column::Manager => "Use text.",
        Column::Sponsors | Column::Groups => "Use text or an array of texts.",
        Column::Licenses => {
            "Use text, an array of texts, or objects with sku and, where wanted, disabledPlans and enabledPlans."
        }
    }
}

/// The value of a cell; none where it declares nothing.
fn cell(column: Column, value: Value) -> Result<Option<CellValue<'static>>, &'static str> {
    Ok(Some(match value {
        Value::Null => return Ok(None),
        Value::Bool(flag) => CellValue::Flag(flag),
        Value::String(text) => match text.trim() {
            "" => return Ok(None),
            trimmed if trimmed.len() == text.len() => CellValue::Text(text.into()),
            trimmed => CellValue::Text(trimmed.to_owned().into()),
        },
        Value::Array(values) => {
            let texts = values.into_iter().map(|value| match value {
                Value::String(text) => Ok(text.trim().to_owned()),
                value @ Value::Object(_) if column == Column::Licenses => license(value),
                Value::Object(object) => reference(column, &object).ok_or("an array of anything but texts"),
                _ => Err("an array of anything but texts"),
            });
            CellValue::Texts(texts.collect::<Result<_, _>>()?)
        }
        Value::Number(_) => return Err(NUMBER),
        Value::Object(mut object) => match (reference(column, &object), object.remove("value")) {
            (Some(id), _) => CellValue::Text(id.into()),
            // ConvertTo-Json of Windows PowerShell writes some arrays so.
            (None, Some(value @ Value::Array(_))) if object.keys().eq(["Count"]) => {
                return cell(column, value);
            }
            (None, value) if column == Column::Licenses => {
                object.extend(value.map(|value| ("value".to_owned(), value)));
                CellValue::Texts(vec![license(Value::Object(object))?])
            }
            _ => return Err("an object"),
        },
    }))
}

/// A license with its service plans as the text that a cell of a table has.
fn license(object: Value) -> Result<String, &'static str> {
    let license =
        serde_json::from_value::<WrittenLicense>(object).ok().and_then(|license| license.read().ok());
    license.map(|license| license.to_string()).ok_or("an object that is not a license")
}

/// The id in an object of the directory: as Graph answers it where a manager, a sponsor or a group is read, or as ConvertTo-Json
/// writes an object of Get-AgentUser, which has its kind in a member of its own.
fn reference(column: Column, object: &Map<String, Value>) -> Option<String> {
    let text = |name: &str| {
        let found = object.iter().find(|(member, _)| member.eq_ignore_ascii_case(name));
        found.and_then(|(_, value)| value.as_str()).map(str::trim)
    };
    let id = text("id")?;
    let is_group = text("@odata.type").is_some_and(|kind| kind.ends_with(".group"))
        || text("kind").is_some_and(|kind| kind.eq_ignore_ascii_case("group"));
    match column {
        Column::Sponsors if is_group => Some(format!("group:{id}")),
        Column::Manager | Column::Sponsors | Column::Groups => Some(id.to_owned()),
        _ => None,
    }
}
