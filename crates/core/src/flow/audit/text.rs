//! Texts of a snapshot: most are moments, states and names, so short that they need no memory of their own.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::fmt;
use std::ops::Deref;

/// The longest text that is kept in place. With it, a text takes as much room as an empty `String`.
const IN_PLACE: usize = 22;

/// A text that does not change. A short one is kept in place.
#[derive(Clone, PartialEq, Eq)]
pub struct Text(Kept);

#[derive(Clone, PartialEq, Eq)]
enum Kept {
    /// So many of the bytes; the others are 0.
    InPlace(u8, [u8; IN_PLACE]),
    Apart(Box<str>),
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        let mut bytes = [0; IN_PLACE];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(place), Ok(length)) => {
                place.copy_from_slice(text.as_bytes());
                Self(Kept::InPlace(length, bytes))
            }
            _ => Self(Kept::Apart(text.into())),
        }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        if text.len() <= IN_PLACE { text.as_str().into() } else { Self(Kept::Apart(text.into())) }
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            // They are the bytes of a text.
            Kept::InPlace(length, bytes) => bytes
                .get(..usize::from(*length))
                .and_then(|bytes| std::str::from_utf8(bytes).ok())
                .unwrap_or_default(),
            Kept::Apart(text) => text,
        }
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        match text.0 {
            Kept::InPlace(..) => (*text).to_owned(),
            Kept::Apart(text) => text.into(),
        }
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::String(text.into())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl serde::de::Visitor<'_> for Any {
            type Value = Text;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                Ok(text.into())
            }
        }
        deserializer.deserialize_str(Any)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Text {
    fn inline_schema() -> bool {
        String::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        String::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        String::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::{IN_PLACE, Text};

    #[test]
    fn a_text_of_any_length_is_the_same_again() {
        for length in 0..2 * IN_PLACE {
            for character in ["a", "é", "語"] {
                let text = character.repeat(length);
                let (borrowed, owned) = (Text::from(text.as_str()), Text::from(text.clone()));
                assert_eq!((&*borrowed, &borrowed), (text.as_str(), &owned));
                let json = serde_json::to_string(&borrowed).unwrap();
                assert_eq!(json, serde_json::to_string(&text).unwrap());
                assert_eq!(serde_json::from_str::<Text>(&json).unwrap(), borrowed);
            }
        }
    }

    #[test]
    fn none_of_a_text_takes_no_more_room_than_a_string() {
        assert_eq!(size_of::<Option<Text>>(), size_of::<String>());
    }
}
