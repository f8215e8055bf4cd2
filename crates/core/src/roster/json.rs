//! JSON into cells.

use super::cells::Cells;
use super::columns::{Column, place, unknown};
use super::error::unreadable;
use crate::model::{MemberValue, WrittenLicense};
use crate::problem::Problem;
use crate::validate::{RowError, RuleCode, Violation};
use serde_json::{Map, Value};

/// The members of every object; what is wrong with their shape goes into `errors`.
pub(super) fn rows(text: &str, errors: &mut Vec<RowError>) -> Result<Vec<Cells>, Problem> {
    let entries: Vec<Value> = serde_json::from_slice(text.as_bytes()).map_err(|error| {
        let message =
            format!("The JSON can't be read at line {}, column {}: {error}.", error.line(), error.column());
        unreadable(message, "Give a JSON array of objects, one per agent user.")
    })?;
    let mut rows = Vec::new();
    for (index, entry) in entries.into_iter().enumerate() {
        let number = index + 1;
        match entry {
            Value::Object(members) => rows.push(object(number, members, errors)),
            _ => errors.push(RowError {
                row: Some(number),
                violation: Violation::new(
                    RuleCode::RowNotAnObject,
                    "roster",
                    "The entry is not a JSON object.",
                    "Make it an object.",
                ),
            }),
        }
    }
    Ok(rows)
}

/// The members of one object; what is wrong with their shape goes into `errors`.
pub(super) fn object(number: usize, members: Map<String, Value>, errors: &mut Vec<RowError>) -> Cells {
    let mut row =
        Cells { number, cells: Vec::new(), untaken: Vec::new(), columns: members.keys().cloned().collect() };
    let mut error = |column: &str, code, message: String, fix: String| {
        errors.push(RowError {
            row: Some(number),
            violation: Violation::new(code, place(column), message, fix),
        });
    };
    let mut given = Vec::new();
    for (name, value) in members {
        let Some(column) = Column::find(&name) else {
            let (message, fix) = unknown(&name);
            error(&name, RuleCode::UnknownColumn, message, fix);
            continue;
        };
        if given.contains(&column) {
            let message = "The member is there twice, in another letter case.".to_owned();
            error(&name, RuleCode::RepeatedColumn, message, "Remove one of them.".into());
            continue;
        }
        given.push(column);
        match cell(column, value).and_then(|value| fitting(column, value)) {
            Ok(Some(value)) => row.cells.push((column, value)),
            Ok(None) => {}
            Err(kind) => {
                row.untaken.push(column);
                let message = format!("The value is {kind}, which the column does not take.");
                error(&name, RuleCode::WrongKind, message, kinds(column).into());
            }
        }
    }
    row
}

/// A value of a kind that the roster's own columns take. The members of an agent user have rules of their own.
fn fitting(column: Column, value: Option<MemberValue>) -> Result<Option<MemberValue>, &'static str> {
    match (column, &value) {
        (Column::Member(_), _) => Ok(value),
        (_, Some(MemberValue::Flag(_))) => Err("true or false"),
        (Column::IdentityParentId | Column::Manager, Some(MemberValue::Texts(_))) => Err("an array"),
        _ => Ok(value),
    }
}

/// The kinds of values that a column takes, for a fix.
fn kinds(column: Column) -> &'static str {
    match column {
        Column::Member(_) => "Use text, true, false or an array of texts.",
        Column::IdentityParentId | Column::Manager => "Use text.",
        Column::Sponsors => "Use text or an array of texts.",
        Column::Licenses => {
            "Use text, an array of texts, or objects with sku and, where wanted, disabledPlans and enabledPlans."
        }
    }
}

fn cell(column: Column, value: Value) -> Result<Option<MemberValue>, &'static str> {
    Ok(Some(match value {
        Value::Null => return Ok(None),
        Value::Bool(flag) => MemberValue::Flag(flag),
        Value::String(text) => {
            let text = text.trim();
            if text.is_empty() {
                return Ok(None);
            }
            MemberValue::Text(text.to_owned())
        }
        Value::Array(values) => {
            let texts = values.into_iter().map(|value| match value {
                Value::String(text) => Ok(text.trim().to_owned()),
                Value::Object(_) if column == Column::Licenses => license(value),
                _ => Err("an array of anything but texts"),
            });
            MemberValue::Texts(texts.collect::<Result<_, _>>()?)
        }
        Value::Number(_) => return Err("a number"),
        Value::Object(_) if column == Column::Licenses => MemberValue::Texts(vec![license(value)?]),
        Value::Object(_) => return Err("an object"),
    }))
}

/// A license with its service plans as the text that a cell of a table has.
fn license(object: Value) -> Result<String, &'static str> {
    let license =
        serde_json::from_value::<WrittenLicense>(object).ok().and_then(|license| license.read().ok());
    license.map(|license| license.to_string()).ok_or("an object that is not a license")
}
