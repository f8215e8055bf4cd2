//! Object ids.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// The id of a directory object or of a SKU: a GUID, printed in lower case with hyphens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(uuid::Uuid);

/// The text is not a GUID of the form `00000000-0000-0000-0000-000000000000`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an object id: expected 32 hexadecimal digits as 8-4-4-4-12")]
pub struct InvalidId;

impl ObjectId {
    /// The id with this value as a 128-bit number.
    #[must_use]
    pub const fn from_u128(value: u128) -> Self {
        Self(uuid::Uuid::from_u128(value))
    }

    /// The id as a 128-bit number.
    #[must_use]
    pub const fn as_u128(self) -> u128 {
        self.0.as_u128()
    }
}

impl FromStr for ObjectId {
    type Err = InvalidId;

    /// Takes only the hyphenated form, in either letter case. Braces, URNs and bare digits are refused, because
    /// Graph refuses them.
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        if text.len() != 36 {
            return Err(InvalidId);
        }
        uuid::Uuid::try_parse(text).map(Self).map_err(|_| InvalidId)
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for ObjectId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ObjectId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl serde::de::Visitor<'_> for Text {
            type Value = ObjectId;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object id")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<ObjectId, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hyphenated_form_in_either_case() {
        let id: ObjectId = "0F3CB4E1-2E2C-4F0D-9B6E-0A1B2C3D4E5F".parse().unwrap();
        assert_eq!(id.to_string(), "0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f");
        for bad in [
            "",
            "0f3cb4e12e2c4f0d9b6e0a1b2c3d4e5f",
            "{0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f}",
            "0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5g",
            "0f3cb4e12-e2c-4f0d-9b6e-0a1b2c3d4e5f",
        ] {
            assert_eq!(bad.parse::<ObjectId>(), Err(InvalidId), "{bad}");
        }
    }
}
