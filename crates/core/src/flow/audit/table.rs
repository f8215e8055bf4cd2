//! Rows by their id: in one order, each id once.

use crate::ObjectId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
        let at = self.0.binary_search_by(|row| row.id().cmp(&id)).ok()?;
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
    places: BTreeMap<ObjectId, usize>,
    rows: Vec<Option<T>>,
}

impl<T> Default for Gathered<T> {
    fn default() -> Self {
        Self { places: BTreeMap::new(), rows: Vec::new() }
    }
}

impl<T: Identified> Gathered<T> {
    /// Adds a row, or puts it in the place of the one with its id. Whether the id is new.
    pub(super) fn insert(&mut self, row: T) -> bool {
        let known = self.places.get(&row.id()).copied();
        match known.and_then(|place| self.rows.get_mut(place)) {
            Some(former) => *former = Some(row),
            None => {
                self.places.insert(row.id(), self.rows.len());
                self.rows.push(Some(row));
            }
        }
        known.is_none()
    }

    /// All rows in the order of their ids.
    pub(super) fn into_table(mut self) -> Table<T> {
        let in_order = self.places.values().filter_map(|place| self.rows.get_mut(*place)?.take());
        Table(in_order.collect())
    }
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
