//! How people name users and sponsors.

use crate::ObjectId;
use crate::any_case;
use crate::validate::{RuleCode, Upn, Violation, object_id};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A user, by object id or by user principal name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UserRef {
    /// By object id.
    Id(ObjectId),
    /// By user principal name.
    Upn(Upn),
}

impl UserRef {
    /// Reads a GUID as an id and everything else as a user principal name, which is looked up: the rules for new names
    /// do not hold for users who exist. White space around it does not count.
    ///
    /// # Errors
    /// Why the text can't be a user principal name at all.
    pub fn parse(text: &str) -> Result<Self, Vec<Violation>> {
        let text = text.trim();
        match text.parse() {
            Ok(id) => Ok(Self::Id(id)),
            Err(_) if any_case::strip_prefix(text, "group:").is_some() => Err(vec![Violation::new(
                RuleCode::WrongKind,
                "userPrincipalName",
                "It names a group where a user is expected.",
                "Name a user, by user principal name or object id.",
            )]),
            Err(_) => match several(text) {
                Some(names) => Err(vec![Violation::new(
                    RuleCode::UpnTwoAts,
                    "userPrincipalName",
                    "There are several user principal names where one is expected.",
                    format!("Name one user; in a list of users, separate them by semicolons: {names}."),
                )]),
                None => Upn::existing(text).map(Self::Upn),
            },
        }
    }
}

/// Several names in one text, separated as a list has them.
fn several(text: &str) -> Option<String> {
    let names: Vec<&str> = text
        .split(|c: char| matches!(c, ',' | ';' | '|') || c.is_whitespace())
        .filter(|name| !name.is_empty())
        .collect();
    let is_name = |name: &&str| name.matches('@').count() == 1 && !name.contains(['<', '>']);
    (names.len() > 1 && names.iter().all(is_name)).then(|| names.join("; "))
}

impl FromStr for UserRef {
    type Err = crate::problem::Problem;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).map_err(crate::problem::Problem::from_violations)
    }
}

impl From<ObjectId> for UserRef {
    fn from(id: ObjectId) -> Self {
        Self::Id(id)
    }
}

impl From<Upn> for UserRef {
    fn from(upn: Upn) -> Self {
        Self::Upn(upn)
    }
}

impl fmt::Display for UserRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Upn(upn) => upn.fmt(f),
        }
    }
}

/// An agent user that is named as its own manager.
pub(crate) fn manager_is_self() -> Violation {
    let fix = "Name another user, or leave it empty.";
    Violation::new(RuleCode::ManagerIsSelf, "manager", "An agent user can't be its own manager.", fix)
}

/// A sponsor: a user, or a group as `group:{id}` (docs/graph.md#relationships: users and groups).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SponsorRef {
    /// A user.
    User(UserRef),
    /// A group, by object id.
    Group(ObjectId),
}

impl SponsorRef {
    /// Reads `group:{id}` as a group and everything else as a user.
    ///
    /// # Errors
    /// Every rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, Vec<Violation>> {
        match any_case::strip_prefix(text.trim(), "group:") {
            Some(id) => {
                object_id("sponsors", id.trim()).map(Self::Group).map_err(|violation| vec![violation])
            }
            None => UserRef::parse(text).map(Self::User),
        }
    }
}

impl FromStr for SponsorRef {
    type Err = crate::problem::Problem;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).map_err(crate::problem::Problem::from_violations)
    }
}

impl fmt::Display for SponsorRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => user.fmt(f),
            Self::Group(id) => write!(f, "group:{id}"),
        }
    }
}

/// A SKU, by id or by part number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SkuRef {
    /// By id.
    Id(ObjectId),
    /// By part number, in either letter case.
    PartNumber(String),
}

impl SkuRef {
    /// Reads a GUID as an id and everything else as a part number.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::PartNumber(text.to_owned()), Self::Id)
    }
}

impl FromStr for SkuRef {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::parse(text))
    }
}

impl fmt::Display for SkuRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::PartNumber(name) => f.write_str(name),
        }
    }
}

macro_rules! as_text {
    ($($kind:ty),*) => {$(
        impl Serialize for $kind {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $kind {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}
as_text!(UserRef, SponsorRef, SkuRef);
