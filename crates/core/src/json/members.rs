//! Reading requests of the tier, member by member: what serde derives for them is several times the code, which is much
//! for a browser to load.

use serde::de::{DeserializeOwned, Error as _};
use serde_json::{Error, Map, Value};

/// What a JSON object is read into.
pub(super) trait Request: Sized {
    /// Takes its members.
    fn read(members: &mut Members) -> Result<Self, Error>;
}

/// Reads all members of an object; one that was not asked for is an error.
pub(super) fn whole<T: Request>(object: Map<String, Value>) -> Result<T, Error> {
    let mut members = Members { left: object, asked: Vec::new() };
    let request = T::read(&mut members)?;
    match members.left.keys().next() {
        None => Ok(request),
        Some(name) => Err(Error::custom(members.unknown(name))),
    }
}

/// The members that were not taken yet.
pub(super) struct Members {
    left: Map<String, Value>,
    /// The names that were asked for.
    asked: Vec<&'static str>,
}

impl Members {
    /// The member that says which of several shapes it is. Only what that one has is named where another is found.
    pub(super) fn tag(&mut self, name: &'static str) -> Result<String, Error> {
        let tag = self.need(name)?;
        self.asked.clear();
        Ok(tag)
    }

    /// A member of any kind, null too.
    pub(super) fn any(&mut self, name: &'static str) -> Result<Value, Error> {
        self.asked.push(name);
        self.left.remove(name).ok_or_else(|| Error::missing_field(name))
    }

    /// A member that may be absent. A null is taken for that where the type has no null.
    pub(super) fn take<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<Option<T>, Error> {
        match self.present(name) {
            None => Ok(None),
            Some(value) => serde_json::from_value(value).map(Some).map_err(|error| within(name, &error)),
        }
    }

    pub(super) fn need<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, Error> {
        self.take(name)?.ok_or_else(|| Error::missing_field(name))
    }

    /// A flag, false when it is absent.
    #[inline(never)]
    pub(super) fn flag(&mut self, name: &'static str) -> Result<bool, Error> {
        Ok(self.take(name)?.unwrap_or_default())
    }

    /// An object that may be absent.
    pub(super) fn object<T: Request>(&mut self, name: &'static str) -> Result<Option<T>, Error> {
        match self.take(name)? {
            None => Ok(None),
            Some(object) => whole(object).map(Some).map_err(|error| within(name, &error)),
        }
    }

    /// One of these words, and what it stands for.
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

    fn present(&mut self, name: &'static str) -> Option<Value> {
        self.asked.push(name);
        self.left.remove(name).filter(|value| !value.is_null())
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
