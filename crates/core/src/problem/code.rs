//! Every kind of problem, with its cause, fix and documentation: the one table behind docs/errors.md.

use serde::Serialize;

/// What the table says of a code.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The usual cause.
    pub cause: &'static str,
    /// The usual fix.
    pub fix: &'static str,
    /// The field it is about, where it is always the same.
    pub field: Option<&'static str>,
    /// Whether the same request may succeed later without a change.
    pub transient: bool,
    /// A page of Microsoft's that explains it; none where only docs/errors.md does.
    pub page: Option<&'static str>,
}

macro_rules! codes {
    ($($variant:ident { cause: $cause:expr, fix: $fix:expr, field: $field:expr, transient: $transient:expr, page: $page:expr $(,)? })*) => {
        /// The stable code of a problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $cause] $variant,)*
        }

        impl Code {
            /// Every code, in the order of docs/errors.md.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name, which never changes.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)* }
            }

            /// Its row of the table.
            #[must_use]
            pub const fn entry(self) -> Entry {
                match self {
                    $(Self::$variant => Entry { cause: $cause, fix: $fix, field: $field, transient: $transient, page: $page },)*
                }
            }
        }
    };
}

codes! {
    Invalid {
        cause: "The input breaks a documented rule.",
        fix: "Correct the fields that are named; each violation says how.",
        field: None, transient: false, page: None,
    }
    Internal {
        cause: "A defect in this library: it reached a state that should not exist.",
        fix: "Report it with the message. Running the same command again is safe.",
        field: None, transient: false, page: None,
    }
    Cancelled {
        cause: "The operation was cancelled.",
        fix: "Run it again: it continues where it stopped.",
        field: None, transient: true, page: None,
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Entry {
    /// Microsoft's page, else the project's own.
    #[must_use]
    pub fn documentation(&self) -> String {
        self.page.unwrap_or("docs/errors.md").to_owned()
    }
}
