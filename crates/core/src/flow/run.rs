//! The state that the rows of one run share.

use super::find::user_id;
use super::license_groups::LicensedGroup;
use super::membership::{find_group, require_changeable};
use super::ready::Readiness;
use super::references::sponsor_id;
use super::report::{Change, Report};
use super::row_statuses::RowStatuses;
use super::skus::{FoundLicense, Sku, Skus};
use crate::ObjectId;
use crate::graph::Call;
use crate::model::{DesiredUser, Group, GroupRef, SponsorRef, UserRef, WantedLicense};
use crate::operation::Graph;
use crate::problem::{Code, Problem};
use crate::short::Map;
use crate::validate::Upn;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// The state that the rows of one run share; a single agent user is a run of one row.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) dry_run: bool,
    pub(super) readiness: Readiness,
    /// The licenses that rows want; none where no row wants any. An error is every licensed row's problem.
    pub(super) licenses: Option<Result<Licenses, Problem>>,
    pub(super) statuses: RowStatuses,
    /// Managers that no row is, looked up once each.
    managers: BTreeMap<UserRef, Found>,
    sponsors: BTreeMap<SponsorRef, Found>,
    groups: BTreeMap<GroupRef, FoundGroup>,
    /// The row that has a user principal name; none for a row of another shard.
    rows: BTreeMap<Upn, Option<usize>>,
    read: AtomicBool,
    /// The writes that Graph has refused because of the token, so that they are refused for every row.
    refused: Mutex<Map<Call, Problem>>,
    approved: Option<Approved>,
}

/// The changes of a plan, by the number of their row. A row makes no other.
pub(super) type Approved = BTreeMap<usize, Vec<Change>>;

/// The problem of all rows, told once.
pub(super) fn of_all(problem: Problem, rows: usize) -> Problem {
    problem.saying(&format!("This is so of all {rows} rows. Nothing was changed."))
}

/// The licenses that rows want, looked up once each.
#[derive(Debug)]
pub(super) struct Licenses {
    pub(super) skus: Skus,
    found: BTreeMap<WantedLicense, Result<FoundWanted, Problem>>,
}

/// A license that was looked up.
#[derive(Debug, Clone)]
pub(super) enum FoundWanted {
    /// A SKU of the tenant.
    Direct(FoundLicense),
    /// A group, with the SKUs that it assigns.
    Group(LicensedGroup),
}

/// The group among them that assigns a SKU.
pub(super) fn group_of<'a>(all: &'a [FoundWanted], sku: &Sku) -> Option<&'a LicensedGroup> {
    all.iter().find_map(|license| match license {
        FoundWanted::Group(group) => {
            Some(group).filter(|group| group.skus.iter().any(|one| one.id == sku.id))
        }
        FoundWanted::Direct(_) => None,
    })
}

impl Licenses {
    async fn read(graph: &Graph, wanted: &[DesiredUser]) -> Result<Self, Problem> {
        let skus = Skus::read(graph).await?;
        let mut once = BTreeSet::new();
        let all = wanted.iter().flat_map(DesiredUser::licenses).filter(|license| once.insert(*license));
        let mut found = BTreeMap::new();
        for license in all {
            let result = match license {
                WantedLicense::Direct(direct) => skus.resolve(direct).map(FoundWanted::Direct),
                WantedLicense::Group(group) => {
                    LicensedGroup::read(graph, &skus, group).await.map(FoundWanted::Group)
                }
            };
            found.insert(license.clone(), result);
        }
        Ok(Self { skus, found })
    }

    /// The license that a row wants.
    ///
    /// # Errors
    /// When it was looked up and not found.
    pub(super) fn find(&self, wanted: &WantedLicense) -> Result<FoundWanted, Problem> {
        self.found.get(wanted).cloned().unwrap_or_else(|| Err(not_looked_up()))
    }
}

/// A user or group that was looked up, and whether it is a group.
type Found = Result<(ObjectId, bool), Problem>;

/// A group that was looked up, whose members Graph changes.
type FoundGroup = Result<(ObjectId, Group), Problem>;

/// The roster's name for its groups.
const GROUPS: &str = "groups";

/// Where the manager of a row comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum ManagerSource {
    /// Another row of this run.
    Row(usize),
    /// A row of another shard, whose agent user may not exist yet.
    OtherShard,
    /// A user that exists, and was looked up before the rows began.
    Directory(ObjectId),
}

impl Run {
    /// Reads what the rows share, all of it before anything is written.
    pub(super) async fn prepare(
        graph: &Graph,
        wanted: &[DesiredUser],
        elsewhere: &[Upn],
        readiness: Readiness,
        dry_run: bool,
    ) -> Self {
        // `extend` inserts, where `collect` sorts first: that would be 4 KB more for browsers to load, for each type.
        let mut rows = BTreeMap::new();
        rows.extend(elsewhere.iter().map(|upn| (upn.clone(), None)));
        let upns = wanted.iter().map(|wanted| wanted.agent_user().user_principal_name());
        rows.extend(upns.enumerate().map(|(row, upn)| (upn.clone(), Some(row))));
        let licensed = wanted.iter().any(|wanted| !wanted.licenses().is_empty());
        let licenses = if licensed { Some(Licenses::read(graph, wanted).await) } else { None };

        let is_row = |manager: &UserRef| match manager {
            UserRef::Upn(upn) => rows.contains_key(upn),
            UserRef::Id(_) => false,
        };
        let mut once = BTreeSet::new();
        let managers = wanted.iter().filter_map(DesiredUser::manager);
        let look_up =
            managers.filter(|manager| !is_row(manager) && once.insert(*manager)).map(|manager| async move {
                let found = user_id(graph, manager, Code::ManagerNotFound, "manager").await;
                (manager.clone(), found.map(|id| (id, false)))
            });
        let managers = look_up.collect::<FuturesUnordered<_>>().collect().await;
        let mut once = BTreeSet::new();
        let sponsors = wanted.iter().flat_map(DesiredUser::sponsors);
        let look_up = sponsors
            .filter(|sponsor| once.insert(*sponsor))
            .map(|sponsor| async move { (sponsor.clone(), sponsor_id(graph, sponsor).await) });
        let sponsors = look_up.collect::<FuturesUnordered<_>>().collect().await;
        let groups = look_up_groups(graph, wanted).await;
        let statuses = RowStatuses::new(wanted.len());
        let read = AtomicBool::new(false);
        let refused = Mutex::default();
        Self {
            dry_run,
            readiness,
            licenses,
            statuses,
            managers,
            sponsors,
            groups,
            rows,
            read,
            refused,
            approved: None,
        }
    }

    /// The same where only changes of a plan may be made.
    pub(super) fn approving(self, approved: Option<Approved>) -> Self {
        Self { approved, ..self }
    }

    /// Fails where a row is to make a change that its plan does not have.
    ///
    /// # Errors
    /// [`Code::NotAsPlanned`].
    pub(super) fn require_approved(&self, row: Option<usize>, report: &Report) -> Result<(), Problem> {
        let Some(approved) = &self.approved else { return Ok(()) };
        let of_row = row.and_then(|row| approved.get(&row)).map(Vec::as_slice).unwrap_or_default();
        report.require_approved(of_row)
    }

    /// The references of a row to what does not exist, or can't be read: known before anything is written.
    pub(super) fn wrong_references(&self, wanted: &DesiredUser) -> Vec<Problem> {
        let mut wrong = Vec::new();
        wrong.extend(wanted.manager().and_then(|manager| self.manager(manager).err()));
        wrong.extend(wanted.sponsors().iter().filter_map(|sponsor| self.sponsor(sponsor).err()));
        wrong.extend(wanted.groups().iter().filter_map(|group| self.group(group).err()));
        match &self.licenses {
            Some(Ok(found)) => {
                wrong.extend(wanted.licenses().iter().filter_map(|license| found.find(license).err()));
            }
            Some(Err(problem)) if !wanted.licenses().is_empty() => wrong.push(problem.clone()),
            _ => {}
        }
        wrong
    }

    /// The refusal of the whole roster, told once before the rows are worked on: the problems that every one of several rows has, and the licenses and
    /// groups that can't be used, with the rows that name them.
    pub(super) fn refusal(&self, rows: &[(usize, &DesiredUser)]) -> Option<Problem> {
        let common = self.problems_of_all(rows);
        let unusable = self.unusable_names(rows, &common);
        let common = Problem::all(common).map(|problem| of_all(problem, rows.len()));
        Problem::all(common.into_iter().chain(unusable).collect())
    }

    /// The problems that every one of several rows has.
    fn problems_of_all(&self, rows: &[(usize, &DesiredUser)]) -> Vec<Problem> {
        let Some(((_, first), others)) = rows.split_first() else { return Vec::new() };
        let mut common = self.wrong_references(first);
        for (_, row) in others {
            if common.is_empty() {
                break;
            }
            let wrong = self.wrong_references(row);
            common.retain(|problem| wrong.contains(problem));
        }
        if others.is_empty() || common.iter().any(Problem::is_stop) { Vec::new() } else { common }
    }

    /// The licenses and groups that can't be used, each with the rows that name it, without those that are `told` of all rows.
    /// A problem that may pass is left to the rows.
    fn unusable_names(&self, rows: &[(usize, &DesiredUser)], told: &[Problem]) -> Vec<Problem> {
        let lasts =
            |problem: &&Problem| !problem.is_transient() && !problem.is_stop() && !told.contains(problem);
        let groups = self.groups.iter().filter_map(|(wanted, found)| {
            let problem = found.as_ref().err().filter(lasts)?;
            Some(problem.clone().saying(&naming(rows, |row| row.groups().contains(wanted))))
        });
        let mut unusable: Vec<Problem> = groups.collect();
        if let Some(Ok(licenses)) = &self.licenses {
            unusable.extend(licenses.found.iter().filter_map(|(wanted, found)| {
                let problem = found.as_ref().err().filter(lasts)?;
                Some(problem.clone().saying(&naming(rows, |row| row.licenses().contains(wanted))))
            }));
        }
        unusable
    }

    /// Writes for a row, unless the token is known to lack the permission for it since another row.
    ///
    /// `write` makes the future, which is large, where it stays: a future that is passed would take its room twice.
    ///
    /// # Errors
    /// Those of the write; the refusal that another row has met.
    pub(super) async fn permitted<T, W: Future<Output = Result<T, Problem>>>(
        &self,
        call: Call,
        write: impl FnOnce() -> W,
    ) -> Result<T, Problem> {
        let refused = || self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let known = refused().get(&call).cloned();
        if let Some(problem) = known {
            return Err(problem.saying("It was refused for another row, and was not sent for this one."));
        }
        let result = write().await;
        if let Err(problem) = &result
            && problem.is_of_token()
        {
            refused().insert(call, problem.clone());
        }
        result
    }

    /// A row could read whether its parent has an agent user.
    pub(super) fn note_read(&self) {
        self.read.store(true, Ordering::Relaxed);
    }

    /// Whether some row could read that.
    pub(super) fn has_read(&self) -> bool {
        self.read.load(Ordering::Relaxed)
    }

    /// Where a manager comes from.
    ///
    /// # Errors
    /// When it was looked up and not found.
    pub(super) fn manager(&self, manager: &UserRef) -> Result<ManagerSource, Problem> {
        let row = match manager {
            UserRef::Upn(upn) => self.rows.get(upn),
            UserRef::Id(_) => None,
        };
        match row {
            Some(Some(row)) => Ok(ManagerSource::Row(*row)),
            Some(None) => Ok(ManagerSource::OtherShard),
            None => looked_up(self.managers.get(manager)).map(|(id, _)| ManagerSource::Directory(id)),
        }
    }

    /// The id of a sponsor, and whether it is a group.
    ///
    /// # Errors
    /// When it was looked up and not found.
    pub(super) fn sponsor(&self, sponsor: &SponsorRef) -> Found {
        looked_up(self.sponsors.get(sponsor))
    }

    /// A group that a row names, with its id.
    ///
    /// # Errors
    /// When it was looked up and not found, or Graph does not change its members.
    pub(super) fn group(&self, group: &GroupRef) -> FoundGroup {
        looked_up(self.groups.get(group))
    }
}

/// Looks up the groups that rows name, once each.
async fn look_up_groups(graph: &Graph, wanted: &[DesiredUser]) -> BTreeMap<GroupRef, FoundGroup> {
    let mut once = BTreeSet::new();
    let groups = wanted.iter().flat_map(DesiredUser::groups).filter(|group| once.insert(*group));
    let look_up = groups.map(|group| async move {
        let found = find_group(graph, group, GROUPS).await;
        let changeable = found.and_then(|(id, found)| {
            require_changeable(id, &found, GROUPS)?;
            Ok((id, found))
        });
        (group.clone(), changeable)
    });
    look_up.collect::<FuturesUnordered<_>>().collect().await
}

/// The result of a look-up that was made before the rows began.
fn looked_up<T: Clone>(found: Option<&Result<T, Problem>>) -> Result<T, Problem> {
    match found {
        Some(found) => found.clone(),
        None => Err(not_looked_up()),
    }
}

fn not_looked_up() -> Problem {
    Problem::new(Code::Internal, "A reference was not looked up before the rows began.")
}

/// The rows that name a license or a group: the first few by number.
fn naming(rows: &[(usize, &DesiredUser)], names: impl Fn(&DesiredUser) -> bool) -> String {
    const SHOWN: usize = 5;
    let naming = || rows.iter().filter(|(_, row)| names(row)).map(|(row, _)| row);
    let shown: Vec<String> = naming().take(SHOWN).map(ToString::to_string).collect();
    match (shown.as_slice(), naming().count().saturating_sub(SHOWN)) {
        ([one], 0) => format!("Row {one} names it."),
        (several, 0) => format!("Rows {} name it.", several.join(", ")),
        (several, more) => format!("Rows {} and {more} more name it.", several.join(", ")),
    }
}
