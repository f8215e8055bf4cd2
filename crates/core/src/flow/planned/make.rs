//! Planning a verb for many agent users.

use super::arguments::VerbArguments;
use super::entries;
use crate::flow::delete::{delete_it, purge_it, restore_it};
use crate::flow::find::{deleted, get};
use crate::flow::license::change_licenses_of;
use crate::flow::report::Report;
use crate::flow::retire;
use crate::flow::single::Single;
use crate::flow::skus::Skus;
use crate::flow::tenant::read_tenant;
use crate::flow::update::{signs_in, update_it};
use crate::graph::{Detail, RestoreOptions};
use crate::model::UserRef;
use crate::operation::{Graph, Items};
use crate::plan::{Plan, PlanHead, PlannedChange};
use crate::problem::{Code, Problem};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use std::collections::BTreeMap;

/// A verb, and the agent users that it is planned for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRequest {
    /// The verb, and what it needs to know.
    pub arguments: VerbArguments,
    /// The agent users.
    pub users: Vec<UserRef>,
}

/// Plans a verb for many agent users and changes nothing. Yields the report of each, in which the changes are planned; ends
/// with the plan. An agent user that has a problem is reported with it, and is not in the plan.
///
/// # Errors
/// [`Code::TenantUnknown`], SKUs that can't be read, and an early end.
pub async fn plan<I: From<Report>>(
    graph: Graph,
    request: PlanRequest,
    items: Items<I>,
) -> Result<Plan, Problem> {
    let PlanRequest { arguments, users } = request;
    if let VerbArguments::Retire(options) = arguments {
        options.check().map_err(|violation| Problem::from_violations(vec![violation]))?;
    }
    let graph = graph.read_only().with_batches();
    let unix_ms = graph.now().unix_ms;
    let tenant = read_tenant(&graph).await?;
    let skus = match arguments {
        VerbArguments::License { .. } => Some(Skus::read(&graph).await?),
        VerbArguments::Retire(options) => retire::read_skus(&graph, options).await?,
        _ => None,
    };
    let of = users.len();
    graph.rows(0, of);
    let (graph, arguments, skus) = (&graph, &arguments, skus.as_ref());
    let planned = users.iter().zip(1..).map(|(user, row)| {
        Box::pin(async move {
            let graph = graph.for_row(row);
            (row, plan_one(&graph, row, user, arguments, skus).await)
        })
    });
    let mut planned: FuturesUnordered<_> = planned.collect();
    let (mut done, mut entries, mut ids) = (0, BTreeMap::new(), BTreeMap::new());
    while let Some((row, (report, changes))) = planned.next().await {
        // The early end is one of the whole plan: what is left out of it would be taken for unchanged.
        if let Some(stop) = report.problem.as_ref().filter(|problem| problem.is_stop()) {
            return Err(stop.clone());
        }
        done += 1;
        graph.rows(done, of);
        // One that is named twice, by its id and by its name, is planned once, where it is named first.
        if let Some(id) = report.id {
            let first = ids.entry(id).or_insert(row);
            *first = row.min(*first);
        }
        entries.insert(row, (report.id, changes));
        items.put(report).await;
    }
    let entries = entries.into_iter().filter(|(row, (id, _))| id.is_some_and(|id| ids.get(&id) == Some(row)));
    let changes = entries.flat_map(|(_, (_, changes))| changes).collect();
    let head = PlanHead {
        tenant_id: tenant.id,
        author: tenant.account,
        unix_ms,
        verb: arguments.verb(),
        arguments: arguments.to_json(),
    };
    Plan::new(head, changes)
}

async fn plan_one(
    graph: &Graph,
    row: usize,
    user: &UserRef,
    arguments: &VerbArguments,
    skus: Option<&Skus>,
) -> (Report, Vec<PlannedChange>) {
    let found = match arguments {
        VerbArguments::Retire(options) => retire::find(graph, user, *options).await,
        _ => match arguments.bin_use() {
            Some(to) => deleted(graph, user, to).await.map(|found| (found, true)),
            None => get(graph, user, &Detail::USUAL).await.map(|found| (found, false)),
        },
    };
    let single = found.and_then(|(found, in_bin)| {
        Single::of_row(graph, row, found, None, true).map(|single| (single, in_bin))
    });
    let (mut single, in_bin) = match single {
        Ok(found) => found,
        Err(problem) => {
            return (Report::failed(graph, row, user.to_string(), problem), Vec::new());
        }
    };
    let result = act(graph, &mut single, in_bin, arguments, skus).await;
    let found = single.user.clone();
    let report = single.ended(result);
    let entries = entries::of_user(&report, &found);
    (report, entries)
}

/// Does it to one agent user, which is a dry run here: so it finds what would change.
async fn act(
    graph: &Graph,
    single: &mut Single,
    in_bin: bool,
    arguments: &VerbArguments,
    skus: Option<&Skus>,
) -> Result<(), Problem> {
    match arguments {
        VerbArguments::Retire(options) => retire::retire_it(graph, single, in_bin, *options, skus).await,
        VerbArguments::Delete => delete_it(graph, single).await,
        VerbArguments::Restore { auto_reconcile_proxy_conflict } => {
            let options = RestoreOptions {
                auto_reconcile_proxy_conflict: *auto_reconcile_proxy_conflict,
                ..RestoreOptions::default()
            };
            restore_it(graph, single, &options).await.map(drop)
        }
        VerbArguments::Purge => purge_it(graph, single).await,
        VerbArguments::Enable => update_it(graph, single, &signs_in(true)?).await,
        VerbArguments::Disable => update_it(graph, single, &signs_in(false)?).await,
        VerbArguments::License { add, remove } => {
            let skus = skus.ok_or_else(|| Problem::new(Code::Internal, "The SKUs were not read."))?;
            change_licenses_of(graph, single, skus, add, remove).await.map(drop)
        }
    }
}
