//! The kinds of objects beside agent users that reports and plans are about.

use serde::Serialize;

/// The kind of an object that is not an agent user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ObjectKind {
    /// A blueprint: its application, on which the inheritance of permissions is set.
    Blueprint,
    /// The principal of a blueprint.
    BlueprintPrincipal,
    /// An agent identity.
    AgentIdentity,
    /// A leaver, whose agent users are handed over: a person or a group. It is not changed.
    Leaver,
}

impl ObjectKind {
    /// The kinds that plans change.
    pub const CHANGED: [Self; 2] = [Self::BlueprintPrincipal, Self::AgentIdentity];

    /// Its name, as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blueprint => "blueprint",
            Self::BlueprintPrincipal => "blueprintPrincipal",
            Self::AgentIdentity => "agentIdentity",
            Self::Leaver => "leaver",
        }
    }

    /// The kind of that name that plans change.
    #[must_use]
    pub fn find_changed(name: &str) -> Option<Self> {
        Self::CHANGED.into_iter().find(|kind| kind.as_str() == name)
    }
}
