//! One page of a list.

use serde::de::{DeserializeOwned, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;

/// The most entries of one page that are kept: ten times the most that Graph sends (docs/graph.md#lists). The bound on the
/// bytes of an answer does not do: 16 MiB have room for five million empty objects.
pub const MOST_ENTRIES: usize = 10_000;

/// One page of a list (docs/graph.md#lists). It may be empty and still have a next one.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(bound(deserialize = "E: Entries"))]
pub struct Page<E> {
    /// The entries.
    #[serde(deserialize_with = "Entries::read")]
    pub value: E,
    /// Where the next page is, whole and opaque.
    #[serde(rename = "@odata.nextLink", default)]
    pub next_link: Option<String>,
}

/// The entries of a page, which are read no further than one above [`MOST_ENTRIES`].
pub trait Entries: Sized {
    /// Reads them.
    ///
    /// # Errors
    /// When it is not an array, or an entry is not what it should be.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// How many there are.
    fn count(&self) -> usize;
}

impl<T: DeserializeOwned> Entries for Vec<T> {
    /// Entries that are `null` hold nothing and are left out.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries: Vec<Option<T>> = read_bounded(deserializer)?;
        Ok(entries.into_iter().flatten().collect())
    }

    fn count(&self) -> usize {
        self.len()
    }
}

/// The first entries of an array. The others are passed over.
pub(crate) fn read_bounded<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    struct Bounded<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for Bounded<T> {
        type Value = Vec<T>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Vec<T>, A::Error> {
            let mut entries = Vec::new();
            while entries.len() <= MOST_ENTRIES {
                match array.next_element()? {
                    Some(entry) => entries.push(entry),
                    None => return Ok(entries),
                }
            }
            while array.next_element::<IgnoredAny>()?.is_some() {}
            Ok(entries)
        }
    }
    deserializer.deserialize_seq(Bounded(PhantomData))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_no_further_than_its_bound() {
        for (entries, kept) in [(MOST_ENTRIES, MOST_ENTRIES), (3 * MOST_ENTRIES, MOST_ENTRIES + 1)] {
            let text = format!(r#"{{"value":[{}]}}"#, vec!["1"; entries].join(","));
            let page: Page<Vec<u8>> = serde_json::from_str(&text).unwrap();
            assert_eq!(page.value.len(), kept);
        }
        let page: Page<Vec<u8>> = serde_json::from_str(r#"{"value":[null,7,null]}"#).unwrap();
        assert_eq!(page.value, [7]);
    }
}
