//! The rules, checked before anything is sent.
//!
//! Each kind of text has a type that can only be made by parsing, so nothing is checked twice. Parsing reports every
//! broken rule at once. A rule's doc comment names its source (`docs/graph.md#…`); where it says "assumption", Microsoft
//! documents nothing and the rule is this project's own, on the safe side.

mod code;
mod countries;
pub(crate) mod date_time;
pub mod derive;
mod derived;
mod display_name;
mod domain;
mod id;
mod known;
pub(crate) mod mail;
mod mail_nickname;
mod newtype;
mod not_a_value;
mod row_error;
pub(crate) mod text;
pub(crate) mod transliterate;
#[cfg(not(feature = "whole"))]
pub(crate) use transliterate::have_spellings;
mod upn;
mod usage_location;
mod violation;
mod violations;

pub use code::RuleCode;
pub use countries::COUNTRY_CODES;
pub use derived::Derived;
pub use display_name::DisplayName;
#[cfg(feature = "confidential")]
pub(crate) use domain::is_domain;
pub(crate) use id::guid;
pub use id::object_id;
pub use known::TenantFacts;
pub use known::nearest_name;
pub use mail_nickname::MailNickname;
pub(crate) use mail_nickname::changes_nickname;
pub(crate) use not_a_value::not_a_value;
pub use row_error::{RowError, RowErrorCount};
pub use upn::Upn;
pub use usage_location::UsageLocation;
pub use violation::{InvalidText, Violation};
pub use violations::Violations;
