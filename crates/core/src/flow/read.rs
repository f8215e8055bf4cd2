//! A value that was read, or the reason why it was not: what could not be read is unknown, never empty.

use crate::problem::{Code, Problem};
use serde::{Deserialize, Serialize};

/// A value that was read, or why it was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "camelCase")]
pub enum Read<T> {
    /// It was read.
    Known(T),
    /// It was not: nothing is known of it.
    Unknown(Box<Unread>),
}

/// Why something was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Unread {
    /// The code of the problem, such as `PermissionMissing`.
    pub code: String,
    /// The reason, in full sentences.
    pub message: String,
    /// The permissions any of which would allow it, least privileged first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
    /// The license that the tenant lacks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
}

impl Unread {
    /// The code of what was not asked for.
    pub const NOT_ASKED: &'static str = "NotAsked";

    /// It was not asked for.
    #[must_use]
    pub fn not_asked(message: &str) -> Self {
        Self::of_data(Self::NOT_ASKED, message.to_owned())
    }

    /// Graph's data was read, and lacks it.
    #[must_use]
    pub(super) fn of_data(code: &str, message: String) -> Self {
        Self { code: code.to_owned(), message, permissions: Vec::new(), license: None }
    }

    /// A problem kept from reading it.
    #[must_use]
    pub fn of(problem: &Problem) -> Self {
        let license = (problem.code() == Code::PremiumLicenseMissing).then(|| {
            let is_sign_in =
                problem.graph_code() == Some("Authentication_RequestFromNonPremiumTenantOrB2CTenant");
            if is_sign_in { P1 } else { P2 }.to_owned()
        });
        let permissions = problem.permissions().iter().map(|one| (*one).to_owned()).collect();
        Self {
            code: problem.code().as_str().to_owned(),
            message: problem.message().to_owned(),
            permissions: if license.is_some() { Vec::new() } else { permissions },
            license,
        }
    }
}

/// The license that sign-in activity needs (docs/graph.md#sign-in-activity).
const P1: &str = "Microsoft Entra ID P1 or P2";

/// The license that eligible roles and risk need (docs/graph.md#directory-roles, docs/graph.md#risk).
const P2: &str = "Microsoft Entra ID P2 or Microsoft Entra ID Governance";

impl<T> Read<T> {
    /// The value, or the reason.
    ///
    /// # Errors
    /// Why it was not read.
    pub const fn get(&self) -> Result<&T, &Unread> {
        match self {
            Self::Known(value) => Ok(value),
            Self::Unknown(unread) => Err(&**unread),
        }
    }

    /// The same of what is made of the value.
    pub(super) fn map<U>(self, make: impl FnOnce(T) -> U) -> Read<U> {
        match self {
            Self::Known(value) => Read::Known(make(value)),
            Self::Unknown(unread) => Read::Unknown(unread),
        }
    }

    /// The value, or as unknown what a problem kept from being read.
    ///
    /// # Errors
    /// The early end of the operation.
    pub(super) fn of(read: Result<T, Problem>) -> Result<Self, Problem> {
        match read {
            Ok(value) => Ok(Self::Known(value)),
            Err(problem) if problem.is_stop() => Err(problem),
            Err(problem) => Ok(Self::Unknown(Box::new(Unread::of(&problem)))),
        }
    }
}
