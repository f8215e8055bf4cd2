//! The verbs that plan.

use serde::Serialize;
use std::fmt;

macro_rules! verbs {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal)*) => {
        /// A verb that plans changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "camelCase")]
        #[non_exhaustive]
        pub enum Verb { $($(#[doc = $doc])+ $variant,)* }

        impl Verb {
            /// Every verb.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name, as in a plan.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

verbs! {
    /// Create and change the agent users of a roster.
    Roster "roster"
    /// Move agent users to the recycle bin.
    Delete "delete"
    /// Bring agent users back from the recycle bin.
    Restore "restore"
    /// Delete agent users in the recycle bin for ever.
    Purge "purge"
    /// Let agent users sign in.
    Enable "enable"
    /// Keep agent users from signing in.
    Disable "disable"
    /// Add and remove licenses.
    License "license"
    /// Mend findings of an audit.
    Audit "audit"
    /// Take agent users out of service: disabled, signed out, and as far as was asked for deleted.
    Retire "retire"
    /// Hand what a leaver is the manager or a sponsor of over to another.
    Handover "handover"
    /// Stop a blueprint, an agent identity or an agent user.
    Contain "contain"
}

impl Verb {
    /// The verb of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|verb| verb.as_str() == name).copied()
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
