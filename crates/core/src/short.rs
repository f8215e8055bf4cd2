//! Short lists and maps in order. Each type that the standard library sorts is 3 KB more of what browsers load, and each
//! pair of types in its trees 4 KB.

/// A map of at most some thousand keys.
#[derive(Debug, Clone)]
pub(crate) struct Map<K, V>(Vec<(K, V)>);

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> Map<K, V> {
    fn find(&self, key: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.cmp(key))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        let at = self.find(key).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let at = self.find(key).ok()?;
        self.0.get_mut(at).map(|(_, value)| value)
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        match self.find(&key) {
            Ok(at) => {
                if let Some((_, former)) = self.0.get_mut(at) {
                    *former = value;
                }
            }
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let at = self.find(key).ok()?;
        Some(self.0.remove(at).1)
    }

    pub(crate) fn retain(&mut self, is_kept: impl Fn(&V) -> bool) {
        self.0.retain(|(_, value)| is_kept(value));
    }

    /// The keys and values, by key.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }
}

/// Sorts a list of at most some hundred entries; equal ones stay in their order.
pub(crate) fn sort<T>(list: &mut [T], is_before: impl Fn(&T, &T) -> bool) {
    for end in 1..list.len() {
        let mut at = end;
        while let Some(pair) = at.checked_sub(1).and_then(|left| list.get_mut(left..=at)) {
            let [left, right] = pair else { break };
            if !is_before(right, left) {
                break;
            }
            std::mem::swap(left, right);
            at -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Map, sort};
    use std::collections::BTreeMap;

    #[test]
    fn equal_entries_stay_in_their_order() {
        for seed in 0..200_u64 {
            let entry = |place: u64| (crate::hash::mix(&[seed, place]) % 7, place);
            let mut list: Vec<_> = (0..seed % 12).map(entry).collect();
            let mut expected = list.clone();
            sort(&mut list, |a, b| a.0 < b.0);
            expected.sort_by_key(|entry| entry.0);
            assert_eq!(list, expected);
        }
    }

    #[test]
    fn a_map_is_one_of_the_standard_library() {
        let (mut map, mut expected) = (Map::default(), BTreeMap::new());
        for step in 0..2_000_u64 {
            let key = crate::hash::mix(&[step]) % 20;
            match crate::hash::mix(&[step, 1]) % 5 {
                0 => assert_eq!(map.remove(&key), expected.remove(&key)),
                1 => assert_eq!(map.get_mut(&key), expected.get_mut(&key)),
                2 if step % 50 == 0 => {
                    map.retain(|value| value % 2 == 0);
                    expected.retain(|_, value| *value % 2 == 0);
                }
                _ => {
                    map.insert(key, step);
                    expected.insert(key, step);
                }
            }
            assert_eq!((map.get(&key), map.len()), (expected.get(&key), expected.len()));
            assert!(map.iter().eq(&expected));
        }
    }
}
