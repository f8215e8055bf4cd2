//! Rows by their id: in one order, each id once.

use super::places::Places;
use crate::ObjectId;
use serde::{Deserialize, Serialize};

/// Something that an object id names.
pub trait Identified {
    /// Its object id.
    fn id(&self) -> ObjectId;
}

/// Rows that their member `id` names.
macro_rules! identified {
    ($($kind:ident)*) => {$(
        impl $crate::flow::audit::table::Identified for $kind {
            fn id(&self) -> $crate::ObjectId {
                self.id
            }
        }
    )*};
}
pub(super) use identified;

/// Rows in the order of their ids, each id once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(transparent)]
pub struct Table<T>(Vec<T>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Identified> Table<T> {
    /// The row of this id.
    #[must_use]
    pub fn get(&self, id: ObjectId) -> Option<&T> {
        // As numbers they are in the same order, and are compared without a call.
        let id = id.as_u128();
        let at = self.0.binary_search_by(|row| row.id().as_u128().cmp(&id)).ok()?;
        self.0.get(at)
    }

    /// All rows, in the order of their ids.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Leaves the rows that `keep` says, as it changes them.
    pub(super) fn retain(&mut self, keep: impl FnMut(&mut T) -> bool) {
        self.0.retain_mut(keep);
    }

    /// The same with these rows in the place of those that have their ids.
    pub(super) fn replacing(mut self, rows: Vec<T>) -> Self {
        for row in rows {
            if let Ok(at) = self.0.binary_search_by(|own| own.id().cmp(&row.id()))
                && let Some(own) = self.0.get_mut(at)
            {
                *own = row;
            }
        }
        self
    }

    /// The first row that stands before one of a smaller or the same id, in a table that was read.
    pub(super) fn out_of_order(&self) -> Option<ObjectId> {
        let pairs = self.0.iter().zip(self.0.iter().skip(1));
        pairs.map(|(one, next)| (one.id(), next.id())).find(|(one, next)| one >= next).map(|(_, next)| next)
    }
}

/// Rows while they are gathered: of one id, the last counts.
#[derive(Debug)]
pub(super) struct Gathered<T> {
    rows: Vec<T>,
    places: Places,
}

impl<T> Default for Gathered<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), places: Places::default() }
    }
}

impl<T: Identified> Gathered<T> {
    /// Adds a row, or puts it in the place of the one with its id. Whether the id is new.
    pub(super) fn insert(&mut self, row: T) -> bool {
        let Self { rows, places } = self;
        let id_at = |place| rows.get(place).map(Identified::id);
        match places.take(row.id(), rows.len(), id_at) {
            Some(place) => {
                if let Some(former) = rows.get_mut(place) {
                    *former = row;
                }
                false
            }
            None => {
                rows.push(row);
                true
            }
        }
    }

    /// The ids of all rows.
    pub(super) fn ids(&self) -> impl Iterator<Item = ObjectId> {
        self.rows.iter().map(Identified::id)
    }

    /// Whether there is a row of this id.
    pub(super) fn has(&self, id: ObjectId) -> bool {
        self.places.find(id, |place| self.rows.get(place).map(Identified::id)).is_ok()
    }

    /// Adds the rows of another.
    pub(super) fn take(&mut self, other: Self) {
        if self.rows.is_empty() {
            *self = other;
            return;
        }
        for row in other.rows {
            self.insert(row);
        }
    }

    /// All rows in the order of their ids.
    pub(super) fn into_table(self) -> Table<T> {
        let Self { mut rows, places } = self;
        drop(places);
        let mut order = by_id(rows.iter().map(Identified::id));
        // Each row moves once: the place that it leaves is the next to be filled.
        for start in 0..order.len() {
            let mut at = start;
            while let Some((_, from)) = order.get_mut(at) {
                let next = std::mem::replace(from, at);
                if next == start || next == at {
                    break;
                }
                rows.swap(at, next);
                at = next;
            }
        }
        Table(rows)
    }
}

/// Ids in their order, each with its place.
pub(super) fn by_id(ids: impl Iterator<Item = ObjectId>) -> Vec<(ObjectId, usize)> {
    let mut order: Vec<(ObjectId, usize)> = ids.zip(0..).collect();
    order.sort_unstable();
    order
}

/// The places of an id.
pub(super) fn places_of(order: &[(ObjectId, usize)], id: ObjectId) -> impl DoubleEndedIterator<Item = usize> {
    let from = order.get(order.partition_point(|(other, _)| *other < id)..).unwrap_or_default();
    let own = from.get(..from.partition_point(|(other, _)| *other == id)).unwrap_or_default();
    own.iter().map(|(_, place)| *place)
}

impl<T: Identified> FromIterator<T> for Table<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        let mut gathered = Gathered::default();
        rows.into_iter().for_each(|row| {
            gathered.insert(row);
        });
        gathered.into_table()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::mix;
    use std::collections::BTreeMap;

    #[derive(Debug, Clone, PartialEq)]
    struct Row {
        id: ObjectId,
        turn: u64,
    }
    identified! { Row }

    #[test]
    fn rows_are_in_the_order_of_their_ids_and_the_last_of_each_counts() {
        for (seed, ids) in [(1, 1), (2, 7), (3, 200), (4, 5_000)] {
            let (mut gathered, mut expected) = (Gathered::default(), BTreeMap::new());
            for turn in 0..3_000 {
                let number = mix(&[seed, turn]) % ids;
                // Ids that differ in one half alone, and such as differ in both.
                let id =
                    ObjectId::from_u128(u128::from(number) << (64 * (number % 2)) | u128::from(number % 3));
                assert_eq!(gathered.has(id), expected.contains_key(&id));
                let row = Row { id, turn };
                assert_eq!(gathered.insert(row.clone()), expected.insert(id, row).is_none());
            }
            let mut all: Vec<ObjectId> = gathered.ids().collect();
            all.sort_unstable();
            assert!(all.iter().eq(expected.keys()));
            assert!(gathered.into_table().iter().eq(expected.values()));
        }
    }
}
