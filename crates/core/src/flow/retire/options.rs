//! How agent users are retired.

use crate::validate::{RuleCode, Violation};
use serde::{Deserialize, Serialize};

/// How far an agent user is retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum RetiredUntil {
    /// It can't sign in, and its sessions are ended.
    Disabled,
    /// It is in the recycle bin as well, with its licenses and groups.
    #[default]
    Deleted,
    /// It is deleted for ever.
    Purged,
    /// It can't sign in, its sessions are ended and its licenses taken, and it is not deleted.
    Unlicensed,
}

impl RetiredUntil {
    /// Whether it comes into the recycle bin.
    #[must_use]
    pub const fn deletes(self) -> bool {
        matches!(self, Self::Deleted | Self::Purged)
    }

    /// Its name, as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Deleted => "deleted",
            Self::Purged => "purged",
            Self::Unlicensed => "unlicensed",
        }
    }
}

/// How agent users are retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RetireOptions {
    /// The state at the end of the retirement.
    pub until: RetiredUntil,
    /// Takes the licenses first, so that their seats are free at once.
    pub free_seats: bool,
    /// Takes it out of its groups first.
    pub leave_groups: bool,
    /// Whether it is known that data is lost: without the recycle bin, or without the licenses.
    pub accept_data_loss: bool,
}

impl RetireOptions {
    pub(super) const fn takes_licenses(self) -> bool {
        self.free_seats || matches!(self.until, RetiredUntil::Unlicensed)
    }

    /// The violation of options by which data is lost, unless that is known.
    ///
    /// # Errors
    /// The broken rule.
    pub fn check(self) -> Result<Self, Violation> {
        let loses = self.takes_licenses() || self.until == RetiredUntil::Purged;
        if !loses || self.accept_data_loss {
            return Ok(self);
        }
        let what = match self.until {
            RetiredUntil::Purged => "An agent user that is deleted for ever can't be brought back.",
            _ => "Without its licenses an agent user loses what they hold, such as its mailbox.",
        };
        let fix = "Retire it until it is deleted, which loses nothing for 30 days, or say that the loss is accepted: \
                   acceptDataLoss or --accept-data-loss.";
        Err(Violation::new(RuleCode::Required, "acceptDataLoss", what, fix))
    }
}
