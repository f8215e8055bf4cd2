//! The operations that end lives: planning and acting, by the library.

use super::arena::{Arena, Ended};
use super::deed::{Deed, Spared, Top};
use super::guard::Rules;
use super::scope::Aspect;
use crate::violation::{Invariant, Violation, require};
use agentuser_core::ObjectId;
use agentuser_core::flow::{
    self, ApplyRequest, ContainRequest, ContainTarget, HandoverRequest, PlanRequest, Report, Summary,
    VerbArguments,
};
use agentuser_core::model::{Change, Member, MemberName, UserRef};
use agentuser_core::plan::Plan;
use agentuser_core::problem::Problem;
use agentuser_simulator::{Interruption, ids};
use std::collections::BTreeSet;

/// The end of a run, and its reports.
pub(super) type Acted = (Ended<Summary>, Vec<Report>);

/// How often planning is tried on a bad network.
const PLANS: usize = 5;

impl Deed {
    /// The request, of containing.
    fn contain_request(&self) -> Option<ContainRequest> {
        let Self::Contain { top, except, .. } = self else { return None };
        let target = match top {
            Top::User(n) => ContainTarget::User(UserRef::Id(ids::agent_user(*n))),
            Top::Identity(n) => ContainTarget::Identity(ids::identity(*n)),
            Top::BlueprintPrincipal => ContainTarget::Blueprint(ids::blueprint_principal(11)),
            Top::BlueprintApp => ContainTarget::Blueprint(ids::blueprint_app(11)),
        };
        let except = except.iter().map(|one| match one {
            Spared::User(n) => UserRef::Id(ids::agent_user(*n)),
            Spared::Identity(n) => UserRef::Id(ids::identity(*n)),
        });
        Some(ContainRequest { except: except.collect(), ..ContainRequest::new(target) })
    }
}

/// The side of an object that a change is about; none of what has no place here.
pub(super) fn aspect(change: &Change) -> Option<Aspect> {
    Some(match change {
        Change::Set { member: MemberName::Declared(Member::AccountEnabled), .. } => Aspect::Enabled,
        Change::AddSponsor { .. } | Change::RemoveSponsor { .. } => Aspect::Sponsors,
        Change::AddLicense { .. } | Change::RemoveLicense { .. } => Aspect::Licenses,
        Change::SetManager { .. } | Change::ClearManager => Aspect::Manager,
        Change::RevokeSessions => Aspect::Sessions,
        Change::Delete | Change::Restore | Change::Purge => Aspect::Life,
        Change::Attest => Aspect::Attested,
        _ => return None,
    })
}

impl Arena<'_> {
    /// Plans the deed, where it is planned. The network gets better when nothing comes of it.
    ///
    /// # Errors
    /// Planning changes something, or plans for what was not named.
    pub(super) fn plan(&mut self) -> Result<Option<Result<Plan, Problem>>, Violation> {
        for attempt in 0..=PLANS {
            if attempt == PLANS {
                self.calm_down()?;
            }
            match self.plan_once()? {
                Some(Err(problem)) if problem.is_transient() && attempt < PLANS => {}
                Some(Ok(plan)) => {
                    self.is_in_scope(&plan)?;
                    return Ok(Some(Ok(plan)));
                }
                other => return Ok(other),
            }
        }
        Ok(None)
    }

    fn plan_once(&mut self) -> Result<Option<Result<Plan, Problem>>, Violation> {
        let rules = Rules { reads: true, ..Rules::default() };
        let deed = self.scenario.deed.clone();
        let (ended, _): (_, Vec<Report>) = match &deed {
            Deed::Retire { options, leavers } => {
                let users = leavers.iter().map(|n| UserRef::Id(ids::agent_user(*n))).collect();
                let request = PlanRequest { arguments: VerbArguments::Retire(*options), users };
                self.run(rules, Interruption::Never, |graph, items| flow::plan(graph, request, items))?
            }
            Deed::HandOver { from, to, what, .. } => {
                let name = |n: &u32| format!("human{n}@contoso.com");
                let request = HandoverRequest::of_one(&name(from), &name(to), *what);
                let request = request.map_err(|broken| Violation {
                    invariant: Invariant::RightProblem,
                    what: format!("{broken:?}"),
                })?;
                self.run(rules, Interruption::Never, |graph, items| {
                    flow::plan_handover(graph, request, items)
                })?
            }
            Deed::Contain { planned: true, .. } => {
                let Some(request) = deed.contain_request() else { return Ok(None) };
                self.run(rules, Interruption::Never, |graph, items| {
                    flow::plan_contain(graph, request, items)
                })?
            }
            _ => return Ok(None),
        };
        Ok(ended)
    }

    /// A plan has nothing in it that is not in the deed's scope.
    fn is_in_scope(&self, plan: &Plan) -> Result<(), Violation> {
        let scope = self.scenario.scope();
        for entry in plan.changes() {
            let fits = entry
                .id
                .zip(aspect(&entry.change))
                .is_some_and(|(id, aspect)| scope.get(&id).is_some_and(|aspects| aspects.contains(&aspect)));
            require(fits, Invariant::StaysInScope, || format!("planned: {entry:?}"))?;
        }
        Ok(())
    }

    /// Does the deed, by its plan where there is one.
    pub(super) fn act(
        &mut self,
        plan: Option<&Plan>,
        interruption: Interruption,
    ) -> Result<Acted, Violation> {
        let deed = self.scenario.deed.clone();
        let people = match deed {
            Deed::HandOver { from, to, .. } => Some([ids::human(from), ids::human(to)]),
            _ => None,
        };
        let rules =
            Rules { scope: self.scenario.scope(), named: plan.map(named), people, ..Rules::default() };
        match (plan, deed.contain_request()) {
            (Some(plan), _) => {
                let (file, request) = (plan.to_file().into_bytes(), ApplyRequest::approved(plan.digest()));
                self.run(rules, interruption, |graph, items| flow::apply_plan(graph, file, request, items))
            }
            (None, Some(request)) => {
                self.run(rules, interruption, |graph, items| flow::contain(graph, request, items))
            }
            (None, None) => Ok((None, Vec::new())),
        }
    }
}

/// The sides of objects that a plan names.
fn named(plan: &Plan) -> BTreeSet<(ObjectId, Aspect)> {
    plan.changes().iter().filter_map(|entry| entry.id.zip(aspect(&entry.change))).collect()
}
