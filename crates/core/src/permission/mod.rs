//! The permissions and roles that requests to Microsoft Graph need.
//!
//! The table is [`Call`], with one row for each request. What Microsoft's permission map and its pages say where they differ
//! from the table, or from each other, is in `sources`; docs/permissions.md is made of both.

mod least;
mod sources;

pub(crate) use least::{Need, least};
pub use sources::{LeastPrivileged, MAP_DATE, MapRow, PermissionSources};

use crate::call::Call;
use serde::Serialize;

/// The permission that writes the agent users of any blueprint.
pub(crate) const ANY_BLUEPRINT: &str = "AgentIdUser.ReadWrite.All";

/// The permission that writes the agent users of the calling blueprint.
pub(crate) const OWN_BLUEPRINT: &str = "AgentIdUser.ReadWrite.IdentityParentedBy";

/// The permissions that exist for signed-in users alone.
const DELEGATED_ONLY: &[&str] = &["User.Read", "Files.Read"];

/// The caller that permissions are granted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Caller {
    /// An application that manages the agent users of any blueprint.
    Application,
    /// A blueprint, which manages the agent users of its own agent identities.
    Blueprint,
    /// A signed-in person.
    Delegated,
}

impl Caller {
    /// Every caller.
    pub const ALL: [Self; 3] = [Self::Application, Self::Blueprint, Self::Delegated];

    /// The permissions that allow this caller a call, any one of them, least privileged first.
    #[must_use]
    pub fn allowed_by(self, call: Call) -> Vec<&'static str> {
        let own = call.own_of_application().first().filter(|_| self != Self::Delegated);
        let all = own.copied().unwrap_or(call.permissions());
        let is_its = |one: &&&str| match self {
            Self::Delegated => true,
            Self::Application | Self::Blueprint => !DELEGATED_ONLY.contains(*one),
        };
        all.iter().filter(is_its).copied().collect()
    }

    /// The permission of this caller that writes agent users.
    const fn writes(self) -> &'static str {
        match self {
            Self::Blueprint => OWN_BLUEPRINT,
            Self::Application | Self::Delegated => ANY_BLUEPRINT,
        }
    }
}

/// Whether a permission that a token has does for one that is needed: it is the same, or the one that also writes.
pub(crate) fn does_for(has: &str, needed: &str) -> bool {
    let writes =
        |needed: &str| needed.strip_suffix(".Read.All").map(|start| format!("{start}.ReadWrite.All"));
    has.eq_ignore_ascii_case(needed) || writes(needed).is_some_and(|writes| has.eq_ignore_ascii_case(&writes))
}

impl Call {
    /// The entries of Microsoft's permission map and page where they differ from the table.
    #[must_use]
    pub const fn sources(self) -> PermissionSources {
        sources::of(self)
    }
}
