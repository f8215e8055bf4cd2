//! The kinds of problems, for programs that branch on a handful of them.

use serde::Serialize;
use std::fmt;

macro_rules! kinds {
    ($($variant:ident $name:literal $meaning:literal)*) => {
        /// The kinds of problems. Every code has one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "camelCase")]
        #[non_exhaustive]
        pub enum ProblemKind { $(#[doc = $meaning] $variant,)* }

        impl ProblemKind {
            /// Every kind, in the order of docs/errors.md.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in camelCase, which never changes.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Its meaning, in one sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

// The outcome is named in full: "unknown" alone would be read as a kind that is not known.
kinds! {
    NotFound "notFound" "An object that was named does not exist, or cannot be seen yet."
    Exists "exists" "The object, its name or another unique value is there already."
    InvalidInput "invalidInput" "It cannot be done as it was asked for: a value, a file or the state of an object is against it."
    Denied "denied" "The caller may not do this."
    SignIn "signIn" "A token is missing, or is not accepted."
    Quota "quota" "A quota or the seats of a license are used up."
    Busy "busy" "The service asks to come back later, or failed."
    Timeout "timeout" "It did not happen in time."
    Network "network" "The server cannot be reached, or another one answers in its place."
    OutcomeUnknown "outcomeUnknown" "It is not known whether a change took place."
    Cancelled "cancelled" "The caller cancelled it."
    Defect "defect" "This library has a defect."
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
