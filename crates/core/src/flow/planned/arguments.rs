//! The verbs that are done to each of several agent users, with what they need to know.

use crate::flow::find::BinUse;
use crate::flow::retire::RetireOptions;
use crate::model::{DirectLicense, SkuRef};
use crate::plan::Verb;
use serde_json::{Map, Value};

/// A verb, and what is asked for beside the agent users.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerbArguments {
    /// Move them to the recycle bin.
    Delete,
    /// Bring them back from the recycle bin.
    Restore {
        /// Let Graph drop the mail addresses that other users have by now.
        auto_reconcile_proxy_conflict: bool,
    },
    /// Delete them for ever; they are in the recycle bin.
    Purge,
    /// Let them sign in.
    Enable,
    /// Keep them from signing in.
    Disable,
    /// Add and remove licenses.
    License {
        /// The licenses to add.
        add: Vec<DirectLicense>,
        /// The licenses to remove.
        remove: Vec<SkuRef>,
    },
    /// Take them out of service.
    Retire(RetireOptions),
}

/// The name of an argument, as in the operation that plans.
pub(super) const RECONCILE: &str = "autoReconcileProxyConflict";

impl VerbArguments {
    /// The verb.
    #[must_use]
    pub const fn verb(&self) -> Verb {
        match self {
            Self::Delete => Verb::Delete,
            Self::Restore { .. } => Verb::Restore,
            Self::Purge => Verb::Purge,
            Self::Enable => Verb::Enable,
            Self::Disable => Verb::Disable,
            Self::License { .. } => Verb::License,
            Self::Retire(_) => Verb::Retire,
        }
    }

    /// The change to agent users in the recycle bin; none for a verb that is about others.
    pub(super) const fn bin_use(&self) -> Option<BinUse> {
        match self {
            Self::Restore { .. } => Some(BinUse::Restore),
            Self::Purge => Some(BinUse::Purge),
            _ => None,
        }
    }

    /// The arguments as a plan has them.
    pub(super) fn to_json(&self) -> Map<String, Value> {
        match self {
            Self::Delete | Self::Purge | Self::Enable | Self::Disable => Map::new(),
            Self::Restore { auto_reconcile_proxy_conflict } => {
                Map::from_iter([(RECONCILE.to_owned(), Value::from(*auto_reconcile_proxy_conflict))])
            }
            Self::Retire(options) => Map::from_iter([
                ("until".to_owned(), Value::from(options.until.as_str())),
                ("freeSeats".to_owned(), Value::from(options.free_seats)),
                ("leaveGroups".to_owned(), Value::from(options.leave_groups)),
                ("acceptDataLoss".to_owned(), Value::from(options.accept_data_loss)),
            ]),
            Self::License { add, remove } => {
                let add: Vec<String> = add.iter().map(ToString::to_string).collect();
                let remove: Vec<String> = remove.iter().map(ToString::to_string).collect();
                Map::from_iter([("add".to_owned(), add.into()), ("remove".to_owned(), remove.into())])
            }
        }
    }
}
