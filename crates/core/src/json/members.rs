//! Reading JSON objects of the tier member by member. serde's derived readers are several times the code, which a browser
//! would have to load.

use serde::de::{DeserializeOwned, Error as _};
use serde_json::{Error, Map, Value};

/// A value that is read from the members of a JSON object.
pub(super) trait FromMembers: Sized {
    /// Takes its members.
    fn read(members: &mut Members) -> Result<Self, Error>;
}

/// Reads an object. A member that its reader did not ask for is an error.
pub(super) fn read_exact<T: FromMembers>(object: Map<String, Value>) -> Result<T, Error> {
    let mut members = Members::new(object);
    let value = T::read(&mut members)?;
    members.finish()?;
    Ok(value)
}

/// The members of an object that were not taken yet.
pub(super) struct Members {
    left: Map<String, Value>,
    /// The names that the reader asked for.
    asked: Vec<&'static str>,
}

impl Members {
    pub(super) fn new(object: Map<String, Value>) -> Self {
        Self { left: object, asked: Vec::new() }
    }

    /// Every member must have been taken.
    pub(super) fn finish(&self) -> Result<(), Error> {
        self.left.keys().next().map_or(Ok(()), |name| Err(Error::custom(self.unknown(name))))
    }

    /// The member that says which of several shapes the object has. An unknown member's error names the members of that
    /// shape only.
    pub(super) fn discriminant(&mut self, name: &'static str) -> Result<String, Error> {
        let discriminant = self.need(name)?;
        self.asked.clear();
        Ok(discriminant)
    }

    /// A member of any kind, null included.
    pub(super) fn any(&mut self, name: &'static str) -> Result<Value, Error> {
        self.asked.push(name);
        self.left.remove(name).ok_or_else(|| Error::missing_field(name))
    }

    /// A member that may be absent; null is as good as absent.
    pub(super) fn take<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<Option<T>, Error> {
        self.asked.push(name);
        match self.left.remove(name).filter(|value| !value.is_null()) {
            None => Ok(None),
            Some(value) => serde_json::from_value(value).map(Some).map_err(|error| within(name, &error)),
        }
    }

    /// A member that must be there.
    pub(super) fn need<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, Error> {
        self.take(name)?.ok_or_else(|| Error::missing_field(name))
    }

    /// A member that has its type's default where it is absent.
    pub(super) fn or_default<T: DeserializeOwned + Default>(
        &mut self,
        name: &'static str,
    ) -> Result<T, Error> {
        self.take(name).map(Option::unwrap_or_default)
    }

    /// An object that may be absent.
    pub(super) fn object<T: FromMembers>(&mut self, name: &'static str) -> Result<Option<T>, Error> {
        match self.take(name)? {
            None => Ok(None),
            Some(object) => read_exact(object).map(Some).map_err(|error| within(name, &error)),
        }
    }

    /// One of these words, as its meaning.
    pub(super) fn word<T: Copy>(&mut self, name: &'static str, words: &[(&str, T)]) -> Result<T, Error> {
        let word: String = self.need(name)?;
        let known = words.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning);
        known.ok_or_else(|| {
            let known: Vec<String> = words.iter().map(|(known, _)| format!("`{known}`")).collect();
            Error::custom(format_args!(
                "{name}: unknown variant `{word}`, expected one of {}",
                known.join(", ")
            ))
        })
    }

    fn unknown(&self, name: &str) -> String {
        let names: Vec<String> = self.asked.iter().map(|name| format!("`{name}`")).collect();
        match names.as_slice() {
            [] => format!("unknown field `{name}`, there are no fields"),
            [one] => format!("unknown field `{name}`, expected {one}"),
            many => format!("unknown field `{name}`, expected one of {}", many.join(", ")),
        }
    }
}

fn within(name: &str, error: &Error) -> Error {
    Error::custom(format_args!("{name}: {error}"))
}
