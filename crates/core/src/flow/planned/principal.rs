//! An agent identity or a blueprint's principal of a plan: found, compared with what the plan expects, and changed.

use super::hand_over::{Sponsored, add_successor, remove_leaver};
use super::steps::{Shared, Step, steps};
use super::target::Target;
use crate::flow::principal::{Principal, add_identity_sponsor, enable_it, find, remove_identity_sponsor};
use crate::flow::report::{Change, Report};
use crate::model::{Member, ObjectKind};
use crate::operation::Graph;
use crate::problem::{Code, Problem};
use serde_json::Value;

/// Makes its changes, each unless it is so already, and reports how far it came.
pub(super) async fn apply(
    target: &Target,
    kind: ObjectKind,
    graph: &Graph,
    row: usize,
    shared: &Shared,
    dry_run: bool,
) -> Report {
    let mut report = Report::new(graph, Some(row), None, String::new());
    report.id = Some(target.id);
    report.kind = Some(kind);
    report.display_name = Some(target.name.clone());
    let found = find(graph, kind, target.id).await;
    let found = found.and_then(|found| found.ok_or_else(|| target.moved("it does not exist any more")));
    let approved = Some(target.changes.clone());
    let one = found.and_then(|found| Principal::of_row(graph, row, (kind, found), approved, dry_run));
    match one {
        Ok(mut one) => {
            let result = make(target, graph, &mut one, shared, dry_run).await;
            one.ended(result)
        }
        Err(problem) => {
            report.conclude(Err(problem), dry_run);
            report
        }
    }
}

async fn make(
    target: &Target,
    graph: &Graph,
    one: &mut Principal,
    shared: &Shared,
    dry_run: bool,
) -> Result<(), Problem> {
    // Steps about people are the same as for agent users. `accountEnabled` is changed by a call of its own
    // here, not by a patch of a user.
    for change in &target.changes {
        if let Change::Set { member, to: Value::Bool(enabled), .. } = change
            && *member == Member::AccountEnabled
        {
            enable_it(graph, one, *enabled).await?;
        }
    }
    for step in steps(&target.changes, &target.expects, shared)? {
        match step {
            Step::Update(_) => {}
            Step::AddSponsor(sponsor) => add_identity_sponsor(graph, one, &sponsor).await?,
            Step::RemoveSponsor(sponsor) => remove_identity_sponsor(graph, one, &sponsor).await?,
            Step::AddSuccessor(successor, leaver) => {
                let sponsored = &mut Sponsored::Identity(one);
                add_successor(graph, sponsored, (&successor, &leaver), &shared.successors).await?;
            }
            Step::RemoveLeaver(leaver, successor) => {
                let sponsored = &mut Sponsored::Identity(one);
                let pair = (&successor, &leaver);
                remove_leaver(graph, sponsored, pair, &shared.successors, dry_run).await?;
            }
            other => {
                let message = format!("A plan can't do this to an agent identity: {other:?}.");
                return Err(Problem::new(Code::Internal, message));
            }
        }
    }
    Ok(())
}
