//! The members of an agent user that can be written: one table for patches, rosters, flags and rules.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The shape of a member's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// `true` or `false`.
    Flag,
    /// Text of at most this many characters, where a limit is documented.
    Text(Option<usize>),
    /// A set of texts: at most so many values, each of at most so many characters. A patch replaces the whole set.
    Texts {
        /// Most values in the set.
        values: usize,
        /// Most characters of one value, where a limit is documented.
        characters: Option<usize>,
    },
    /// A date and time, ISO 8601 with a zone, such as `2026-01-31T00:00:00Z`.
    DateTime,
}

macro_rules! members {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $shape:expr, clearable: $clearable:literal;)*) => {
        /// A writable member of an agent user (docs/graph.md#properties), by Graph's own name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Member { $($(#[doc = $doc])+ $variant,)* }

        impl Member {
            /// Every writable member, in the order of Graph's documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Graph's property name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The shape of its value.
            #[must_use]
            pub const fn shape(self) -> Shape {
                match self { $(Self::$variant => $shape,)* }
            }

            /// Its description, for docs/schema.json.
            #[cfg(feature = "schema")]
            pub(crate) const fn description(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+),)* }
            }

            /// Whether a patch may set it to `null` (a set: to no values).
            #[must_use]
            pub const fn clearable(self) -> bool {
                match self { $(Self::$variant => $clearable,)* }
            }
        }
    };
}

members! {
    /// Whether the account can be used.
    AccountEnabled = "accountEnabled", Shape::Flag, clearable: false;
    /// The name people see.
    DisplayName = "displayName", Shape::Text(Some(256)), clearable: false;
    /// The mail alias.
    MailNickname = "mailNickname", Shape::Text(Some(64)), clearable: false;
    /// The sign-in name, such as `sales.agent@contoso.com`, in a verified domain of the tenant.
    UserPrincipalName = "userPrincipalName", Shape::Text(Some(113)), clearable: false;
    /// Two-letter ISO 3166 country code; needed before a license.
    UsageLocation = "usageLocation", Shape::Text(Some(2)), clearable: false;
    /// `Member` or `Guest`.
    UserType = "userType", Shape::Text(None), clearable: false;
    /// The mail address; Graph refuses `null` and accents.
    Mail = "mail", Shape::Text(None), clearable: false;
    /// Further mail addresses.
    OtherMails = "otherMails", Shape::Texts { values: 250, characters: Some(250) }, clearable: true;
    /// At most one number.
    BusinessPhones = "businessPhones", Shape::Texts { values: 1, characters: None }, clearable: true;
    /// The mobile number.
    MobilePhone = "mobilePhone", Shape::Text(Some(64)), clearable: true;
    /// First name.
    GivenName = "givenName", Shape::Text(Some(64)), clearable: true;
    /// Last name.
    Surname = "surname", Shape::Text(Some(64)), clearable: true;
    /// Job title.
    JobTitle = "jobTitle", Shape::Text(Some(128)), clearable: true;
    /// Department.
    Department = "department", Shape::Text(Some(64)), clearable: true;
    /// Company.
    CompanyName = "companyName", Shape::Text(Some(64)), clearable: true;
    /// Employee id.
    EmployeeId = "employeeId", Shape::Text(Some(16)), clearable: true;
    /// Employee type, free text.
    EmployeeType = "employeeType", Shape::Text(None), clearable: true;
    /// Start of work.
    EmployeeHireDate = "employeeHireDate", Shape::DateTime, clearable: true;
    /// End of work. Writing it needs User-LifeCycleInfo.ReadWrite.All.
    EmployeeLeaveDateTime = "employeeLeaveDateTime", Shape::DateTime, clearable: true;
    /// Office.
    OfficeLocation = "officeLocation", Shape::Text(Some(128)), clearable: true;
    /// City.
    City = "city", Shape::Text(Some(128)), clearable: true;
    /// State or province.
    State = "state", Shape::Text(Some(128)), clearable: true;
    /// Country, free text.
    Country = "country", Shape::Text(Some(128)), clearable: true;
    /// Street address.
    StreetAddress = "streetAddress", Shape::Text(Some(1024)), clearable: true;
    /// Postal code.
    PostalCode = "postalCode", Shape::Text(Some(40)), clearable: true;
    /// Preferred language, such as `en-US`.
    PreferredLanguage = "preferredLanguage", Shape::Text(None), clearable: true;
}

/// No writable member has that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a writable member of an agent user")]
pub struct UnknownMember(pub String);

impl FromStr for Member {
    type Err = UnknownMember;

    /// By Graph's property name, exactly.
    fn from_str(name: &str) -> Result<Self, UnknownMember> {
        Self::ALL.iter().copied().find(|m| m.name() == name).ok_or_else(|| UnknownMember(name.to_owned()))
    }
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Member {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
