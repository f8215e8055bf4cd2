//! One agent user of a plan: found, compared with what the plan expects, and changed.

use super::steps::{Shared, Step, new_name, steps};
use crate::ObjectId;
use crate::flow::find::{get, require_agent_user};
use crate::flow::report::{Change, Report};
use crate::flow::sessions::valid_from;
use crate::flow::single::Single;
use crate::graph::{self, Detail};
use crate::model::{AgentUser, ObjectKind, UserRef};
use crate::operation::Graph;
use crate::plan::{Expected, PlannedChange};
use crate::problem::{Code, Problem, shown};

/// An agent user of a plan, with its changes.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) id: ObjectId,
    /// The kind of an object that is not an agent user.
    pub(super) kind: Option<ObjectKind>,
    pub(super) name: String,
    pub(super) changes: Vec<Change>,
    pub(super) expects: Vec<Expected>,
}

/// Objects in groups, in the order in which they are stopped: principals of blueprints, agent identities, agent users.
pub(super) fn by_kind<T>(all: Vec<T>, kind: impl Fn(&T) -> Option<ObjectKind>) -> Vec<Vec<T>> {
    let order = [Some(ObjectKind::BlueprintPrincipal), Some(ObjectKind::AgentIdentity), None];
    let mut groups: [Vec<T>; 3] = Default::default();
    for one in all {
        let place = order.iter().position(|other| *other == kind(&one));
        if let Some(group) = place.and_then(|place| groups.get_mut(place)) {
            group.push(one);
        }
    }
    groups.into_iter().filter(|group| !group.is_empty()).collect()
}

/// Where the agent user is, and which of its steps are left.
struct Found {
    user: AgentUser,
    in_bin: bool,
    done: usize,
}

impl Target {
    /// An agent user or another object, with changes that expect nothing of it.
    pub(super) fn of(id: ObjectId, kind: Option<ObjectKind>, name: String, changes: Vec<Change>) -> Self {
        Self { id, kind, name, changes, expects: Vec::new() }
    }

    /// All of them, each with the number that its report has.
    pub(super) fn numbered(entries: &[PlannedChange]) -> Vec<Vec<(usize, Self)>> {
        let mut numbers = 1..;
        let groups = Self::all(entries).into_iter();
        groups.map(|group| numbers.by_ref().zip(group).collect()).collect()
    }

    /// The agent users and other objects of a plan by their kind, each group in the order in which they come in the plan.
    fn all(entries: &[PlannedChange]) -> Vec<Vec<Self>> {
        let mut all: Vec<Self> = Vec::new();
        let mut places = std::collections::BTreeMap::new();
        for entry in entries {
            let Some(id) = entry.id else { continue };
            let place = *places.entry(id).or_insert_with(|| {
                let name = entry.display_name.as_ref().filter(|_| entry.kind.is_some());
                let name = name.unwrap_or(&entry.user_principal_name).clone();
                all.push(Self { id, kind: entry.kind, name, changes: Vec::new(), expects: Vec::new() });
                all.len() - 1
            });
            if let Some(target) = all.get_mut(place) {
                target.changes.push(entry.change.clone());
                target.expects.push(entry.expects.clone());
            }
        }
        by_kind(all, |target| target.kind)
    }

    /// Makes the changes of an agent user, each unless it is so already, and reports how far it came.
    pub(super) async fn apply(&self, graph: &Graph, row: usize, shared: &Shared, dry_run: bool) -> Report {
        let mut report = Report::new(graph, Some(row), None, self.name.clone());
        report.id = Some(self.id);
        let (steps, found) = match self.find(graph, shared).await {
            Ok(Some(found)) => found,
            Ok(None) => return report,
            Err(problem) => {
                report.conclude(Err(problem), dry_run);
                return report;
            }
        };
        if dry_run
            && found.in_bin
            && steps.iter().skip(found.done).any(|step| matches!(step, Step::Restore(_)))
        {
            // In the recycle bin few of its members are shown: what follows the restore can't be compared.
            let _ = report.plan_all(self.changes.iter().cloned());
            report.conclude(Ok(()), dry_run);
            return report;
        }
        let done = found.done;
        let is_signed_out = self.is_signed_out(&found.user);
        // The name that it comes back under is not known before.
        let approved = (!shared.renames()).then(|| self.changes.clone());
        let mut single = match Single::of_row(graph, row, found.user, approved, dry_run) {
            Ok(single) => single,
            Err(problem) => {
                report.conclude(Err(problem), dry_run);
                return report;
            }
        };
        let mut result = Ok(());
        for step in steps.iter().skip(done).filter(|step| !(is_signed_out && **step == Step::RevokeSessions))
        {
            result = step.make(graph, &mut single, shared, dry_run).await;
            if result.is_err() {
                break;
            }
        }
        single.ended(result)
    }

    /// Finds it where its changes left off. None: all of them are made, and it is gone for ever.
    async fn find(&self, graph: &Graph, shared: &Shared) -> Result<Option<(Vec<Step>, Found)>, Problem> {
        let steps = steps(&self.changes, &self.expects, shared)?;
        let begins_in_bin = matches!(steps.first(), Some(Step::Restore(_) | Step::Purge));
        // The steps up to one that moves it: from the recycle bin, or into it.
        let after = |moves: fn(&Step) -> bool| steps.iter().position(moves).map(|place| place + 1);
        let deletes = after(|step| matches!(step, Step::Delete));
        let restores = after(|step| matches!(step, Step::Restore(_)));
        let purges = steps.iter().any(|step| matches!(step, Step::Purge));
        let (living, binned) = if begins_in_bin { (restores, Some(0)) } else { (Some(0), deletes) };
        let found = self.look(graph, begins_in_bin, binned.is_some()).await?;
        let (user, in_bin, done) = match (found, living, binned) {
            (Some((user, true)), _, Some(done)) => (user, true, done),
            (Some((user, false)), Some(done), _) => (user, false, done),
            (Some((_, false)), None, _) => return Err(self.moved("it was restored")),
            (Some((_, true)), _, None) => return Err(self.moved("it was deleted")),
            (None, ..) if purges => return Ok(None),
            (None, ..) => return Err(self.moved("it does not exist any more")),
        };
        let user = require_agent_user(user, &self.name)?;
        if done == 0 {
            self.compare(&user)?;
        }
        Ok(Some((steps, Found { user, in_bin, done })))
    }

    /// It, and whether it is in the recycle bin. Where it is expected is looked at first.
    async fn look(
        &self,
        graph: &Graph,
        begins_in_bin: bool,
        may_be_in_bin: bool,
    ) -> Result<Option<(AgentUser, bool)>, Problem> {
        let id = UserRef::Id(self.id);
        let binned = async || {
            let found = graph.look(graph::get_deleted_item(graph.endpoint(), self.id)).await?;
            Ok::<_, Problem>(found.map(|user| (user.with_former_name(), true)))
        };
        let living = async || match get(graph, &id, &self.detail()).await {
            Ok(user) => Ok(Some((user, false))),
            Err(problem) if problem.code() == Code::NotFound => Ok(None),
            Err(problem) => Err(problem),
        };
        if begins_in_bin && let Some(found) = binned().await? {
            return Ok(Some(found));
        }
        if let Some(found) = living().await? {
            return Ok(Some(found));
        }
        // An object in the recycle bin counts only where a change moves it there.
        if !begins_in_bin && may_be_in_bin { binned().await } else { Ok(None) }
    }

    /// The members that its changes are compared with.
    fn detail(&self) -> Detail {
        let detail = Detail::for_members(self.changes.iter().filter_map(|change| match change {
            Change::Set { member, .. } => Some(member),
            _ => None,
        }));
        if self.changes.contains(&Change::RevokeSessions) { detail.with_sessions() } else { detail }
    }

    /// Whether its sessions were ended since the plan was made.
    fn is_signed_out(&self, user: &AgentUser) -> bool {
        let planned =
            self.expects.iter().find_map(|expects| expects.sign_in_sessions_valid_from_date_time.as_ref());
        planned.is_some_and(|planned| valid_from(user).is_some_and(|now| now != *planned))
    }

    /// Fails where it is not as the plan expects.
    fn compare(&self, user: &AgentUser) -> Result<(), Problem> {
        let name = user.user_principal_name().unwrap_or_default();
        let names = self.changes.iter().filter_map(new_name).chain([self.name.as_str()]);
        if !names.into_iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return Err(self.moved(&format!("its user principal name is {}", shown(name))));
        }
        let sets_enabled = self.changes.iter().any(Change::sets_enabled);
        for expects in &self.expects {
            let parent = user.identity_parent_id();
            if expects.identity_parent_id.is_some_and(|expected| Some(expected) != parent) {
                return Err(self.moved("it has another parent"));
            }
            if let (Some(expected), Some(enabled)) = (expects.account_enabled, user.account_enabled())
                && expected != enabled
                && !sets_enabled
            {
                let state = if enabled { "it is enabled" } else { "it is disabled" };
                return Err(self.moved(state));
            }
            if let (Some(expected), Some(deleted)) = (&expects.deleted_date_time, user.deleted_date_time())
                && expected != deleted
            {
                return Err(self.moved(&format!("it was deleted again, {}", shown(deleted))));
            }
        }
        Ok(())
    }

    pub(super) fn moved(&self, state: &str) -> Problem {
        let message = format!("{} is not as planned: {state}. It was left alone.", shown(&self.name));
        Problem::new(Code::NotAsPlanned, message)
    }
}
