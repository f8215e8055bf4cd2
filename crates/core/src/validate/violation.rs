//! One broken rule, and all that one text breaks.

use super::RuleCode;
use crate::plain::{is_hidden, plain};
use serde::Serialize;
use std::borrow::Cow;
use std::fmt;

/// One broken rule: stable code, the place, and the fix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Violation {
    /// Stable code, such as `UpnTooLong`.
    pub code: RuleCode,
    /// The place: Graph's property name; a parameter's name, such as `user`; in a roster, the column as the file
    /// writes it, or `roster` for a row or a file as a whole.
    pub field: Cow<'static, str>,
    /// Zero-based position of the offending character, counted in characters, where one can be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<usize>,
    /// The fault, as a sentence. It does not name the field.
    pub message: String,
    /// The remedy, as a sentence.
    pub fix: String,
}

impl Violation {
    /// A broken rule of this field as a whole.
    #[must_use]
    pub fn new(
        code: RuleCode,
        field: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        let shown = |text: String| plain(text.into()).into_owned();
        let (field, message, fix) = (shown_name(field.into()), shown(message.into()), shown(fix.into()));
        Self { code, field, position: None, message, fix }
    }

    /// Names the offending character, by its zero-based position in characters.
    #[must_use]
    pub fn at(mut self, position: usize) -> Self {
        self.position = Some(position);
        self
    }

    /// The same broken rule under another field's name: a UPN may be a manager's.
    #[must_use]
    pub fn of_field(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.field = shown_name(field.into());
        self
    }

    pub(crate) fn required(field: &'static str) -> Self {
        Self::new(RuleCode::Required, field, "A value is required.", format!("Give {field} a value."))
    }

    /// All of them in one line.
    pub(crate) fn summary(violations: &[Self]) -> String {
        match violations {
            [one] => format!("Invalid {one}"),
            many => {
                let many: Vec<String> = many.iter().map(ToString::to_string).collect();
                format!("{} rules are broken. {}", many.len(), many.join(" "))
            }
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}

/// A text that breaks rules: all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidText(pub Vec<Violation>);

impl fmt::Display for InvalidText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Violation::summary(&self.0))
    }
}

impl std::error::Error for InvalidText {}
/// A name without hidden characters; one of nothing else is written by their numbers, so that the place has a name.
fn shown_name(name: Cow<'static, str>) -> Cow<'static, str> {
    if !name.is_empty() && name.chars().all(is_hidden) {
        return name.escape_default().to_string().into();
    }
    plain(name)
}
