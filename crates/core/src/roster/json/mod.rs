//! JSON into cells: an array of objects, one object, one object after the other, or an object around the rows.

mod object;

pub(super) use self::object::object;

use self::object::{ObjectRow, RowSeed};
use super::cells::TakeRow;
use super::columns::{Column, read_only_remark};
use super::error::unreadable;
use super::limits::RosterLimits;
use crate::problem::Problem;
use crate::remark::{Remark, RemarkCode};
use serde::de::{DeserializeSeed, Deserializer as _, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Deserializer, Error};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

const FIX: &str = "Give a JSON array of objects, one per agent user.";

/// Whether a text is JSON.
///
/// # Errors
/// That it is JSON, but none that rows can be read from.
pub(super) fn is_json(text: &str) -> Result<bool, Problem> {
    let text = text.trim();
    if text.starts_with("//") || text.starts_with("/*") {
        return Err(unreadable(
            "The JSON begins with a comment, but JSON has no comments.",
            "Remove the comment.",
        ));
    }
    if ["null", "true", "false"].contains(&text) {
        let fix = "Check the command that wrote it: ConvertTo-Json writes null when it is given nothing.";
        return Err(unreadable(format!("The roster is the JSON value {text}, which holds no rows."), fix));
    }
    Ok(text.starts_with(['[', '{']))
}

/// Where the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// An array of objects.
    Array,
    /// An object whose member `value` is the array.
    Wrapped,
    /// One object, or one after the other.
    Objects,
}

/// The state of a reading: its limits and results.
struct Reading<'t, 's> {
    take: TakeRow<'t>,
    limits: &'s RosterLimits,
    rows: usize,
    read_only: &'s mut BTreeSet<String>,
    /// A limit that was reached, which ends the reading.
    problem: Option<Problem>,
}

impl Shape {
    /// Looks at the first value.
    pub(super) fn of(text: &str) -> Result<Self, Problem> {
        if text.trim_start().starts_with('[') {
            return Ok(Self::Array);
        }
        let mut reader = Deserializer::from_str(text);
        let look = reader.deserialize_map(Look).map_err(|error| broken(text, &error))?;
        if look.has_value && !look.has_column {
            if look.has_next_link {
                let message = "The JSON is one page of several: it has the member @odata.nextLink.";
                return Err(unreadable(message, "Fetch all pages, and give their objects as one array."));
            }
            return Ok(Self::Wrapped);
        }
        if look.has_column {
            return Ok(Self::Objects);
        }
        let message =
            "The JSON can't be read at line 1: the object is neither an agent user nor has the member value.";
        Err(unreadable(message, FIX))
    }

    /// The first reading: says what was recognised, too. Answers with the number of rows.
    pub(super) fn read_once(
        self,
        text: &str,
        limits: &RosterLimits,
        take: TakeRow<'_>,
        remarks: &mut Vec<Remark>,
    ) -> Result<usize, Problem> {
        let mut read_only = BTreeSet::new();
        let rows = self.read(text, limits, take, &mut read_only)?;
        let remark = match (self, rows) {
            (Self::Array, _) => None,
            (Self::Wrapped, _) => {
                let message =
                    "The rows are in the member value, as ConvertTo-Json or an answer of Graph has them.";
                Some(Remark::new(RemarkCode::ValueAndCount, message))
            }
            (Self::Objects, 1) => {
                let message = "The roster is one object, as ConvertTo-Json writes a single row.";
                Some(Remark::new(RemarkCode::OneObject, message))
            }
            (Self::Objects, _) => {
                let message = "The roster has one JSON object after the other (JSON lines).";
                Some(Remark::new(RemarkCode::JsonLines, message))
            }
        };
        remarks.extend(remark);
        remarks.extend(read_only_remark(read_only.iter().map(String::as_str).collect()));
        Ok(rows)
    }

    /// Gives every row to `take`.
    pub(super) fn each(self, text: &str, limits: &RosterLimits, take: TakeRow<'_>) -> Result<(), Problem> {
        self.read(text, limits, take, &mut BTreeSet::new()).map(drop)
    }

    /// Gives every row to `take`, and answers with their number.
    fn read(
        self,
        text: &str,
        limits: &RosterLimits,
        take: TakeRow<'_>,
        read_only: &mut BTreeSet<String>,
    ) -> Result<usize, Problem> {
        let mut reading = Reading { take, limits, rows: 0, read_only, problem: None };
        let mut reader = Deserializer::from_str(text);
        let read = match self {
            Self::Array => reader.deserialize_seq(Rows(&mut reading)).and_then(|()| reader.end()),
            Self::Wrapped => reader.deserialize_map(Wrapper(&mut reading)).and_then(|()| reader.end()),
            Self::Objects => objects(&mut reader, &mut reading),
        };
        let problem = reading.problem.take();
        read.map_err(|error| problem.unwrap_or_else(|| broken(text, &error)))?;
        Ok(reading.rows)
    }
}

/// One value after the other.
fn objects<'de, R: serde_json::de::Read<'de>>(
    reader: &mut Deserializer<R>,
    reading: &mut Reading<'_, '_>,
) -> Result<(), Error> {
    loop {
        let seed = RowSeed { number: reading.rows + 1, read_only: &mut *reading.read_only };
        let row = seed.deserialize(&mut *reader)?;
        reading.took(row)?;
        if reader.end().is_ok() {
            return Ok(());
        }
    }
}

impl Reading<'_, '_> {
    /// Gives a row on.
    fn took(&mut self, row: ObjectRow) -> Result<(), Error> {
        self.rows += 1;
        if self.rows > self.limits.rows {
            self.problem = Some(self.limits.too_many_rows());
            return Err(Error::custom("too many rows"));
        }
        (self.take)(row.into_file_row());
        Ok(())
    }
}

/// An array of rows.
struct Rows<'r, 't, 's>(&'r mut Reading<'t, 's>);

impl<'de> Visitor<'de> for Rows<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let reading = self.0;
        loop {
            let seed = RowSeed { number: reading.rows + 1, read_only: &mut *reading.read_only };
            let Some(row) = seq.next_element_seed(seed)? else { return Ok(()) };
            reading.took(row).map_err(A::Error::custom)?;
        }
    }
}

impl<'de> DeserializeSeed<'de> for Rows<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

/// An object whose member `value` is the array of rows.
struct Wrapper<'r, 't, 's>(&'r mut Reading<'t, 's>);

impl<'de> Visitor<'de> for Wrapper<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the member value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = false;
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            if name != "value" {
                map.next_value::<IgnoredAny>()?;
            } else if seen {
                return Err(A::Error::custom("the member value is there twice"));
            } else {
                seen = true;
                map.next_value_seed(Rows(&mut *self.0))?;
            }
        }
        Ok(())
    }
}

/// The members of a file's first object by which its shape is recognised.
#[derive(Default)]
struct Looked {
    has_column: bool,
    has_value: bool,
    has_next_link: bool,
}

struct Look;

impl<'de> Visitor<'de> for Look {
    type Value = Looked;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Looked, A::Error> {
        let mut looked = Looked::default();
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            looked.has_column |= Column::find(&name).is_some();
            looked.has_value |= name == "value";
            looked.has_next_link |= name == "@odata.nextLink";
            map.next_value::<IgnoredAny>()?;
        }
        Ok(looked)
    }
}

/// JSON that can't be read, with the likely reason where the text shows it.
fn broken(text: &str, error: &Error) -> Problem {
    let said = error.to_string();
    // The place is said once.
    let said = said.split(" at line ").next().unwrap_or_default();
    let why = if error.is_eof() { "it ends before the last bracket is closed" } else { said };
    let message =
        format!("The JSON can't be read at line {}, column {}: {why}.", error.line(), error.column());
    let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    let rest = line.get(error.column().saturating_sub(1)..).unwrap_or_default();
    let fix = if rest.starts_with(['/', '#']) {
        "Remove the comment: JSON has no comments."
    } else if rest.starts_with(['“', '”', '„', '‘', '’', '\'']) {
        "Put names and texts in straight double quotes (\")."
    } else if error.is_eof() {
        "Write or download the file again: its end is missing."
    } else if said == "trailing comma" {
        "Remove the comma before the closing bracket."
    } else {
        FIX
    };
    unreadable(message, fix)
}
