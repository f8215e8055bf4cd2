//! The values that a finding rests on.

use serde::{Serialize, Serializer};
use serde_json::Value;

/// Values by their names, in the order of these. A finding has few, and an audit many findings: a tree of one value would take
/// the room of eleven.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evidence(Vec<(&'static str, Value)>);

impl Evidence {
    /// Adds a value, in the place of the one that has its name.
    pub(super) fn insert(&mut self, name: &'static str, value: Value) {
        match self.0.binary_search_by(|(other, _)| (*other).cmp(name)) {
            Ok(at) => {
                if let Some((_, former)) = self.0.get_mut(at) {
                    *former = value;
                }
            }
            Err(at) => {
                self.0.reserve_exact(1);
                self.0.insert(at, (name, value));
            }
        }
    }

    /// The names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }
}

impl Serialize for Evidence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}
