//! When each object was changed last, and by whom.

use agentuser_core::ObjectId;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

#[derive(Debug, Default)]
pub(crate) struct Changes {
    last: BTreeMap<ObjectId, Duration>,
    /// The objects that others have changed, or two clients at the same time.
    touched: BTreeSet<ObjectId>,
    /// Which client has changed an object in the present run.
    writers: BTreeMap<ObjectId, char>,
}

impl Changes {
    /// Forgets which client has changed what, because other clients begin.
    pub(crate) fn begin_run(&mut self) {
        self.writers.clear();
    }

    /// A client has changed these.
    pub(crate) fn by_client(&mut self, name: char, objects: Vec<ObjectId>, at: Duration) {
        for object in objects {
            self.last.insert(object, at);
            if self.writers.insert(object, name).is_some_and(|other| other != name) {
                self.touched.insert(object);
            }
        }
    }

    /// Others have changed these, or clients that are gone.
    pub(crate) fn by_others(&mut self, objects: Vec<ObjectId>, at: Duration) {
        self.touched.extend(&objects);
        self.last.extend(objects.into_iter().map(|object| (object, at)));
    }

    /// Whether an object was last changed before that moment; one that never was is.
    pub(crate) fn is_older(&self, object: ObjectId, lag: Duration, moment: Duration) -> bool {
        self.last.get(&object).is_none_or(|at| at.saturating_add(lag) < moment)
    }

    /// The objects that were not changed by one client alone.
    pub(crate) fn touched(&self) -> impl Iterator<Item = ObjectId> {
        self.touched.iter().copied()
    }
}
