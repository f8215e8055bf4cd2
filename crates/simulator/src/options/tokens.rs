//! Tokens of a simulator beside those of its tenant.

use serde::Deserialize;
use std::fmt;

/// A token that may do everything.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenOptions {
    /// The token itself.
    pub token: String,
    /// How long it is good after the start, on the simulator's clock; none is for ever.
    pub expires_in_seconds: Option<u64>,
    /// The person who signed in with it, by user principal name; none is an application.
    pub user: Option<String>,
}

impl fmt::Debug for TokenOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { expires_in_seconds, user, .. } = self;
        let mut shown = f.debug_struct("TokenOptions");
        shown.field("expires_in_seconds", expires_in_seconds).field("user", user).finish_non_exhaustive()
    }
}
