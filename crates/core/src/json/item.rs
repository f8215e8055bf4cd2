//! The items that an operation yields while it runs.

use super::digest::PageDigest;
use super::page::UserPage;
use crate::flow::Report;
use crate::model::ServicePrincipal;
use serde::ser::{Error as _, SerializeStruct as _};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// An item that an operation yields before its result.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Item {
    /// A page of a list.
    AgentUsers(UserPage),
    /// A page of a list, whose users the host keeps.
    Kept(PageDigest),
    /// A page of a list of agent identities.
    AgentIdentities(Vec<ServicePrincipal>),
    /// The report of a roster's row.
    Report(Report),
}

/// The shape of an [`Item`] as JSON.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[schemars(tag = "kind", content = "value", rename_all = "camelCase")]
#[allow(dead_code)]
pub(super) enum ItemMessage {
    /// A page of a list, verbatim.
    AgentUsers(Vec<crate::model::AgentUser>),
    /// A page of a list, whose users the host keeps.
    Kept(super::digest::KeptMessage),
    /// A page of a list of agent identities.
    AgentIdentities(Vec<ServicePrincipal>),
    /// The report of a roster's row.
    Report(Report),
}

impl From<UserPage> for Item {
    fn from(page: UserPage) -> Self {
        Self::AgentUsers(page)
    }
}

impl From<PageDigest> for Item {
    fn from(page: PageDigest) -> Self {
        Self::Kept(page)
    }
}

impl From<Vec<ServicePrincipal>> for Item {
    fn from(page: Vec<ServicePrincipal>) -> Self {
        Self::AgentIdentities(page)
    }
}

impl From<Report> for Item {
    fn from(report: Report) -> Self {
        Self::Report(report)
    }
}

impl Item {
    /// Its kind: `agentUsers`, `kept`, `agentIdentities` or `report`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::AgentUsers(_) => "agentUsers",
            Self::Kept(_) => "kept",
            Self::AgentIdentities(_) => "agentIdentities",
            Self::Report(_) => "report",
        }
    }

    /// Whether it is a page of a list: hosts take one after the other.
    #[must_use]
    pub const fn is_page(&self) -> bool {
        matches!(self, Self::AgentUsers(_) | Self::Kept(_) | Self::AgentIdentities(_))
    }

    /// Its value as JSON: an array of agent users, verbatim, the places of those that the host keeps, an array of agent identities,
    /// or a report.
    #[must_use]
    pub fn to_json(&self) -> String {
        match self {
            Self::AgentUsers(page) => page.text().to_owned(),
            Self::Kept(page) => super::text::write(page),
            Self::AgentIdentities(page) => super::text::write(page),
            Self::Report(report) => super::text::write(report),
        }
    }
}

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut item = serializer.serialize_struct("Item", 2)?;
        item.serialize_field("kind", self.kind())?;
        match self {
            Self::AgentUsers(page) => {
                let verbatim: &RawValue = serde_json::from_str(page.text()).map_err(S::Error::custom)?;
                item.serialize_field("value", verbatim)?;
            }
            Self::Kept(page) => item.serialize_field("value", page)?,
            Self::AgentIdentities(page) => item.serialize_field("value", page)?,
            Self::Report(report) => item.serialize_field("value", report)?,
        }
        item.end()
    }
}
