//! The name of any member that can be written.

use super::member_value::{declared_value, trimmed};
use super::{Member, MemberValue, OpenMember};
use crate::validate::Violation;
use serde::Serialize;
use std::fmt;

/// A writable member: one that Graph declares with a value of its own, or one by its path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum MemberName {
    /// A declared member.
    Declared(Member),
    /// An extension property, a part of `employeeOrgData`, a custom security attribute.
    Open(OpenMember),
}

impl MemberName {
    /// Graph's property name, or the path.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Declared(member) => member.name(),
            Self::Open(member) => member.path(),
        }
    }

    /// Whether null clears it.
    #[must_use]
    pub fn clearable(&self) -> bool {
        match self {
            Self::Declared(member) => member.clearable(),
            Self::Open(_) => true,
        }
    }

    /// Checks a value by the rules of the member, and gives it in its normal form.
    ///
    /// White space around a text does not count, wherever it comes from.
    pub(super) fn check(&self, value: MemberValue) -> Result<MemberValue, Vec<Violation>> {
        let value = trimmed(value);
        match self {
            Self::Declared(member) => declared_value(*member, value),
            Self::Open(member) => member.check(value),
        }
    }
}

impl From<Member> for MemberName {
    fn from(member: Member) -> Self {
        Self::Declared(member)
    }
}

impl From<OpenMember> for MemberName {
    fn from(member: OpenMember) -> Self {
        Self::Open(member)
    }
}

impl PartialEq<Member> for MemberName {
    fn eq(&self, other: &Member) -> bool {
        matches!(self, Self::Declared(member) if member == other)
    }
}

impl fmt::Display for MemberName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for MemberName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
