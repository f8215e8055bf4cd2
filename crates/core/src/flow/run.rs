//! The state that the rows of one run share.

use super::find::user_id;
use super::license::Skus;
use super::ready::Readiness;
use super::references::sponsor_id;
use super::row_statuses::RowStatuses;
use crate::ObjectId;
use crate::gather::gather;
use crate::model::{DesiredUser, SponsorRef, UserRef};
use crate::operation::Graph;
use crate::problem::{Code, Problem};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use std::collections::{BTreeMap, BTreeSet};

/// What the rows of one run share; a single agent user is a run of one row.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) dry_run: bool,
    pub(super) readiness: Readiness,
    /// The SKUs; an error is every licensed row's problem.
    pub(super) skus: Option<Result<Skus, Problem>>,
    pub(super) statuses: RowStatuses,
    /// Managers that no row is, looked up once each, by [`key`].
    managers: BTreeMap<String, Found>,
    sponsors: BTreeMap<String, Found>,
    /// Which row has a user principal name, in lower case.
    rows: BTreeMap<String, usize>,
    /// User principal names that rows of other shards have, in lower case.
    elsewhere: BTreeSet<String>,
}

/// A user or group that was looked up, and whether it is a group.
type Found = Result<(ObjectId, bool), Problem>;

/// Where the manager of a row comes from.
pub(super) enum ManagerSource {
    /// Another row of this run.
    Row(usize),
    /// A row of another shard, whose agent user may not exist yet.
    OtherShard,
    /// A user that exists, and was looked up before the rows began.
    Directory(ObjectId),
}

/// What is the same for every spelling of a manager or sponsor. Sets and maps of texts are in use elsewhere; each other
/// type's would be more code for a browser to load.
fn key(who: &impl ToString) -> String {
    who.to_string().to_ascii_lowercase()
}

impl Run {
    /// Reads what the rows share, all of it before anything is written.
    pub(super) async fn prepare(
        graph: &Graph,
        wanted: &[DesiredUser],
        elsewhere: &BTreeSet<String>,
        readiness: Readiness,
        dry_run: bool,
    ) -> Self {
        let upn =
            |wanted: &DesiredUser| wanted.agent_user().user_principal_name().as_str().to_ascii_lowercase();
        let rows: BTreeMap<String, usize> =
            gather(wanted.iter().enumerate().map(|(row, wanted)| (upn(wanted), row)));
        let licensed = wanted.iter().any(|wanted| !wanted.licenses().is_empty());
        let skus = if licensed { Some(Skus::read(graph).await) } else { None };

        let mut once = BTreeSet::new();
        let managers = wanted
            .iter()
            .filter_map(DesiredUser::manager)
            .filter(|manager| {
                !name_of(manager).is_some_and(|name| rows.contains_key(&name) || elsewhere.contains(&name))
            })
            .filter(|manager| once.insert(key(manager)));
        let look_up = managers.map(|manager| async move {
            let found = user_id(graph, manager, Code::ManagerNotFound, "manager").await;
            (key(manager), found.map(|id| (id, false)))
        });
        let managers = look_up.collect::<FuturesUnordered<_>>().collect().await;
        let mut once = BTreeSet::new();
        let sponsors = wanted.iter().flat_map(DesiredUser::sponsors);
        let look_up = sponsors
            .filter(|sponsor| once.insert(key(sponsor)))
            .map(|sponsor| async move { (key(sponsor), sponsor_id(graph, sponsor).await) });
        let sponsors = look_up.collect::<FuturesUnordered<_>>().collect().await;
        let statuses = RowStatuses::new(wanted.len());
        let elsewhere = elsewhere.clone();
        Self { dry_run, readiness, skus, statuses, managers, sponsors, rows, elsewhere }
    }

    /// Where a manager comes from.
    ///
    /// # Errors
    /// When it was looked up and not found.
    pub(super) fn manager(&self, manager: &UserRef) -> Result<ManagerSource, Problem> {
        if let Some(name) = name_of(manager) {
            if let Some(row) = self.rows.get(&name) {
                return Ok(ManagerSource::Row(*row));
            }
            if self.elsewhere.contains(&name) {
                return Ok(ManagerSource::OtherShard);
            }
        }
        looked_up(self.managers.get(&key(manager))).map(|(id, _)| ManagerSource::Directory(id))
    }

    /// The id of a sponsor, and whether it is a group.
    ///
    /// # Errors
    /// When it was looked up and not found.
    pub(super) fn sponsor(&self, sponsor: &SponsorRef) -> Found {
        looked_up(self.sponsors.get(&key(sponsor)))
    }
}

/// The user principal name in lower case, of a user that is named by it.
fn name_of(user: &UserRef) -> Option<String> {
    match user {
        UserRef::Upn(upn) => Some(upn.as_str().to_ascii_lowercase()),
        UserRef::Id(_) => None,
    }
}

/// The result of a look-up that was made before the rows began.
fn looked_up(found: Option<&Found>) -> Found {
    match found {
        Some(found) => found.clone(),
        None => Err(Problem::new(Code::Internal, "A reference was not looked up before the rows began.")),
    }
}
