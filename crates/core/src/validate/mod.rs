//! The rules, checked before anything is sent.
//!
//! Each kind of text has a type that can only be made by parsing, so nothing is checked twice. Parsing reports every
//! broken rule at once. A rule's doc comment names its source (`docs/graph.md#…`); where it says "assumption", Microsoft
//! documents nothing and the rule is this project's own, on the safe side.

use serde::Serialize;
use std::borrow::Cow;
use std::fmt;

mod code;
mod countries;
pub(crate) mod date_time;
pub mod derive;
mod derived;
mod display_name;
mod domain;
mod id;
mod known;
mod mail;
mod mail_nickname;
mod member;
mod newtype;
mod row_error;
mod text;
mod transliterate;
mod upn;
mod usage_location;
mod violations;

pub use code::RuleCode;
pub use countries::COUNTRY_CODES;
pub use derived::Derived;
pub use display_name::DisplayName;
pub use id::object_id;
pub use known::TenantFacts;
pub(crate) use known::distance;
pub use mail_nickname::MailNickname;
pub(crate) use member::member_value;
pub use row_error::RowError;
pub use upn::Upn;
pub use usage_location::UsageLocation;
pub use violations::Violations;

/// One broken rule: stable code, the place, and the fix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Violation {
    /// Stable code, such as `UpnTooLong`.
    pub code: RuleCode,
    /// Graph's property name, or the roster's column.
    pub field: Cow<'static, str>,
    /// Zero-based position of the offending character, counted in characters, where one can be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
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
        Self { code, field: field.into(), position: None, message: message.into(), fix: fix.into() }
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
        self.field = field.into();
        self
    }

    pub(crate) fn required(field: &'static str) -> Self {
        Self::new(RuleCode::Required, field, "is required and has no value", format!("Give {field} a value."))
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}
