//! The typed cells of a report.

use crate::validate::date_time;
use serde_json::{Number, Value};

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// No value.
    Empty,
    /// A text.
    Text(String),
    /// A number.
    Number(Number),
    /// Yes or no.
    Flag(bool),
    /// A moment, in ISO 8601 with its zone.
    Moment(String),
    /// Several texts.
    List(Vec<String>),
    /// A text that leads to a page.
    Link {
        /// The text.
        text: String,
        /// The address of the page.
        url: String,
    },
}

impl Cell {
    /// The cell of a JSON value.
    pub(super) fn of(value: &Value, is_moment: bool) -> Self {
        match value {
            Value::Null => Self::Empty,
            Value::Bool(flag) => Self::Flag(*flag),
            Value::Number(number) => Self::Number(number.clone()),
            Value::String(text) if text.is_empty() => Self::Empty,
            Value::String(text) if is_moment => Self::Moment(text.clone()),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(values) if values.is_empty() => Self::Empty,
            Value::Array(values) => Self::List(values.iter().map(flat).collect()),
            Value::Object(_) => match members(value) {
                none if none.is_empty() => Self::Empty,
                members => Self::List(members),
            },
        }
    }

    /// The cell as one text. Several values are separated by semicolons, as in a roster.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Moment(text) | Self::Link { text, .. } => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::List(texts) => texts.join(";"),
        }
    }

    /// The cell for people: `yes` and `no`, and a blank after each separator.
    #[must_use]
    pub fn to_words(&self) -> String {
        match self {
            Self::Flag(true) => "yes".to_owned(),
            Self::Flag(false) => "no".to_owned(),
            Self::List(texts) => texts.join("; "),
            other => other.to_text(),
        }
    }
}

/// The second since 1970 of a moment in ISO 8601 with its zone.
#[must_use]
pub fn unix_seconds(moment: &str) -> Option<i64> {
    date_time::parse(moment).map(date_time::Moment::unix_seconds)
}

/// The members of an object that have a value, each as `name=value`.
fn members(object: &Value) -> Vec<String> {
    let members = object.as_object().into_iter().flatten();
    let named = members.map(|(name, value)| (name, flat(value))).filter(|(_, text)| !text.is_empty());
    named.map(|(name, text)| format!("{name}={text}")).collect()
}

/// A value in one text, however deep it is.
fn flat(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(flat).collect::<Vec<_>>().join(", "),
        Value::Object(_) => members(value).join(" "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_value_is_flat() {
        for (value, text, words) in [
            (json!(null), "", ""),
            (json!(""), "", ""),
            (json!([]), "", ""),
            (json!({"a": null}), "", ""),
            (json!(true), "true", "yes"),
            (json!(7), "7", "7"),
            (json!(["a", "b"]), "a;b", "a; b"),
            (json!({"days": 3, "names": ["a", "b"]}), "days=3;names=a, b", "days=3; names=a, b"),
            (
                json!([{"skuId": "x", "disabledPlans": ["p", "q"]}]),
                "disabledPlans=p, q skuId=x",
                "disabledPlans=p, q skuId=x",
            ),
        ] {
            let cell = Cell::of(&value, false);
            assert_eq!((cell.to_text().as_str(), cell.to_words().as_str()), (text, words), "{value}");
        }
        assert_eq!(
            Cell::of(&json!("2026-06-01T12:00:00Z"), true),
            Cell::Moment("2026-06-01T12:00:00Z".to_owned())
        );
    }
}
