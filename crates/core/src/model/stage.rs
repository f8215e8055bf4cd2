//! How far an agent user has come.

use serde::Serialize;
use std::fmt;

/// The stages of provisioning, in order. A report names the furthest one reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Stage {
    /// Nothing was found out yet.
    NotStarted,
    /// The parent is an agent identity that can be used.
    ParentVerified,
    /// The agent user was compared with the wanted one.
    Compared,
    /// The agent user exists: created, or there before.
    Exists,
    /// Reads see it.
    Visible,
    /// Its members are as wanted.
    MembersSet,
    /// Its sponsors are as wanted.
    SponsorsSet,
    /// Its licenses are assigned and active.
    Licensed,
    /// Its manager is as wanted.
    ManagerSet,
    /// Its mailbox is provisioned.
    MailboxReady,
    /// Teams is provisioned.
    TeamsReady,
    /// OneDrive is provisioned.
    OneDriveReady,
    /// The row is done: everything that was wanted is there.
    Done,
}

impl Stage {
    /// All stages, in order.
    pub const ALL: [Self; 13] = [
        Self::NotStarted,
        Self::ParentVerified,
        Self::Compared,
        Self::Exists,
        Self::Visible,
        Self::MembersSet,
        Self::SponsorsSet,
        Self::Licensed,
        Self::ManagerSet,
        Self::MailboxReady,
        Self::TeamsReady,
        Self::OneDriveReady,
        Self::Done,
    ];

    /// Its name, as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotStarted => "notStarted",
            Self::ParentVerified => "parentVerified",
            Self::Compared => "compared",
            Self::Exists => "exists",
            Self::Visible => "visible",
            Self::MembersSet => "membersSet",
            Self::SponsorsSet => "sponsorsSet",
            Self::Licensed => "licensed",
            Self::ManagerSet => "managerSet",
            Self::MailboxReady => "mailboxReady",
            Self::TeamsReady => "teamsReady",
            Self::OneDriveReady => "oneDriveReady",
            Self::Done => "done",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
