//! The tenants that a simulator can be, and the editions of Microsoft Entra ID that they have.

use crate::Licensing;
use serde::Deserialize;
use std::fmt;
use std::str::FromStr;

macro_rules! names {
    ($(#[doc = $doc:literal])+ $kind:ident { $($(#[doc = $each:literal])+ $variant:ident $name:literal)* }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub enum $kind { $($(#[doc = $each])+ $variant,)* }

        impl $kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
        }

        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $name,)* })
            }
        }

        impl FromStr for $kind {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let names: Vec<String> = Self::ALL.iter().map(ToString::to_string).collect();
                let found = Self::ALL.iter().find(|one| one.to_string() == text).copied();
                found.ok_or_else(|| format!("It is not one of {}.", names.join(", ")))
            }
        }
    };
}

names! {
    /// A tenant that a simulator can be.
    TenantKind {
        /// The tenant of the demo.
        Contoso "contoso"
        /// The one with everything that an audit finds, each once.
        Troubled "troubled"
        /// 2,000 agent users, with each finding of an audit in one of a hundred.
        Planted "planted"
    }
}

names! {
    /// An edition of Microsoft Entra ID.
    Edition {
        /// Without sign-ins, eligible roles and risk.
        Free "free"
        /// With sign-ins.
        P1 "p1"
        /// With everything.
        P2 "p2"
    }
}

impl Edition {
    pub(super) const fn licensing(self) -> Licensing {
        match self {
            Self::Free => Licensing::FREE,
            Self::P1 => Licensing { p1: true, p2: false },
            Self::P2 => Licensing::PREMIUM,
        }
    }
}
