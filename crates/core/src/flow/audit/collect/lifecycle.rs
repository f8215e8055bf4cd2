//! The results of lifecycle policies for the parents.

use super::gather::gather_rows;
use crate::ObjectId;
use crate::flow::audit::snapshot::{SubjectOf, SubjectsOf};
use crate::flow::audit::text::Text;
use crate::flow::lifecycle::{enabled_rules, governs};
use crate::flow::pages::all;
use crate::flow::read::Read;
use crate::graph;
use crate::hash::text_key;
use crate::model::{LifecyclePolicy, PolicySubject};
use crate::operation::Graph;
use crate::problem::Problem;
use crate::short;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use std::collections::BTreeSet;

/// The policies that govern agent identities, each with its subjects.
pub(super) async fn lifecycle(graph: &Graph) -> Result<Vec<SubjectsOf>, Problem> {
    let policies: Vec<LifecyclePolicy> = all(graph, graph::list_lifecycle_policies(graph.endpoint())).await?;
    let governing =
        policies.into_iter().filter(governs).filter_map(|policy| Some((policy.id.clone()?, policy)));
    let rows = governing.map(|(id, policy)| {
        Box::pin(async move {
            let subjects = match subjects(graph, &id).await {
                // Assumed: a policy that was never run has no report.
                Err(problem) if problem.answered() == Some(404) => Ok(Vec::new()),
                other => other,
            };
            let rules = enabled_rules(&policy);
            Ok::<_, Problem>(SubjectsOf {
                policy: id,
                rules,
                display_name: policy.display_name,
                subjects: Read::of(subjects)?,
            })
        })
    });
    let mut rows: FuturesUnordered<_> = rows.collect();
    let mut read = Vec::new();
    while let Some(row) = rows.next().await {
        read.push(row?);
    }
    short::sort(&mut read, |one, other| one.policy < other.policy);
    Ok(read)
}

/// Leaves the subjects that are parents of agent users.
pub(super) fn keep_parents(policies: &mut Read<Vec<SubjectsOf>>, parents: &BTreeSet<ObjectId>) {
    let Read::Known(policies) = policies else { return };
    for policy in policies {
        if let Read::Known(subjects) = &mut policy.subjects {
            subjects.retain(|one| parents.contains(&one.id));
        }
    }
}

async fn subjects(graph: &Graph, policy: &str) -> Result<Vec<SubjectOf>, Problem> {
    let key = |one: &PolicySubject| text_key(one.id.as_deref().unwrap_or_default());
    let first = graph::list_lifecycle_subjects(graph.endpoint(), policy);
    let mut subjects = gather_rows(graph, first, key, |one| {
        let id = one.id.as_deref()?.parse().ok()?;
        let enforcement = one.enforcement.unwrap_or_default();
        Some(SubjectOf {
            id,
            relationship: one.relationship.map(Text::from),
            compliance: one.compliance.and_then(|compliance| compliance.status).map(Text::from),
            next_action: enforcement.next_action.map(Text::from),
            next_action_date_time: enforcement.next_action_date_time.map(Text::from),
        })
    })
    .await?;
    subjects.sort_unstable_by_key(|one| one.id);
    Ok(subjects)
}
