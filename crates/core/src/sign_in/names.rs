//! The ids and names of those who sign in. Each kind has a type of its own, so that none stands in another's place.

use crate::ObjectId;
use crate::validate::{RuleCode, Upn, Violation, guid};
use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $type:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(ObjectId);

        impl $type {
            /// Reads a GUID with hyphens; the violation names this field.
            ///
            /// # Errors
            /// `Required` or `NotAnObjectId`.
            pub fn parse(field: &'static str, text: &str) -> Result<Self, Violation> {
                guid(field, $what, text).map(Self)
            }

            /// The GUID.
            #[must_use]
            pub const fn id(self) -> ObjectId {
                self.0
            }
        }

        impl From<ObjectId> for $type {
            fn from(id: ObjectId) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id! {
    /// An application's id, also called its client id: a blueprint's, or that of an app registration.
    ClientId, "an application (client) id"
}
id! {
    /// The client id of an agent identity, which is its object id as well (docs/sign-in.md#agent-identity).
    AgentIdentityId, "an agent identity's id"
}

/// The agent user that a token is for: by its object id or by its name, which Entra takes in two fields. One in the
/// other's field is refused with a number that does not say so (docs/sign-in.md#agent-user).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UserOf {
    /// By its object id, which never changes.
    Id(ObjectId),
    /// By its user principal name.
    Name(Upn),
}

impl UserOf {
    /// Reads an object id.
    ///
    /// # Errors
    /// `UserNameAsId` for a user principal name, `Required` or `NotAnObjectId` for another text, with the field `userId`.
    pub fn by_id(text: &str) -> Result<Self, Violation> {
        const FIELD: &str = "userId";
        if text.contains('@') {
            let message = "The userId is a user principal name. Entra takes names in another field than ids.";
            let fix = "Give the agent user's object id, or give the name as userPrincipalName.";
            return Err(Violation::new(RuleCode::UserNameAsId, FIELD, message, fix));
        }
        guid(FIELD, "an object id", text).map(Self::Id)
    }

    /// Reads a user principal name.
    ///
    /// # Errors
    /// `IdAsUserName` for an object id, or every rule that another text breaks, with the field `userPrincipalName`.
    pub fn by_name(text: &str) -> Result<Self, Vec<Violation>> {
        if text.trim().parse::<ObjectId>().is_ok() {
            let message =
                "The userPrincipalName is an object id. Entra takes ids in another field than names.";
            let fix = "Give the agent user's name, such as agent@contoso.com, or give the id as userId.";
            return Err(vec![Violation::new(RuleCode::IdAsUserName, "userPrincipalName", message, fix)]);
        }
        Upn::existing(text).map(Self::Name)
    }
}

impl fmt::Display for UserOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}
