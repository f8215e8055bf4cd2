//! A whole roster: every row alive at once, bounded by the requests in flight.

use super::guarded;
use super::ready::Readiness;
use super::remarks::{mailbox_not_by_creation, shown_by_no_call};
use super::report::{Report, Summary};
use super::row::Row;
use super::run::{Approved, Run, of_all};
use super::tenant_facts::read_tenant_facts;
use crate::operation::{Graph, Items};
use crate::problem::{Problem, ProblemKind};
use crate::roster::{Roster, RosterFile, RosterLimits, RosterSettings, Shard};
use crate::validate::TenantFacts;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use std::collections::BTreeSet;

/// How a roster is read and applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterRequest {
    /// The domain of user principal names that are derived from display names, for rows that have none.
    pub domain: Option<String>,
    /// Reads the tenant's verified domains first, so that a wrong one is an error of its row. It is the default.
    pub check_domains: bool,
    /// These rows alone, by [`crate::roster::Row::number`].
    pub rows: Option<BTreeSet<usize>>,
    /// This shard alone.
    pub shard: Option<Shard>,
    /// The services that every row waits for at its end.
    pub readiness: Readiness,
    /// Only says what would change.
    pub dry_run: bool,
    /// The most that is read of the file.
    pub limits: RosterLimits,
}

impl Default for RosterRequest {
    fn default() -> Self {
        Self {
            domain: None,
            check_domains: true,
            rows: None,
            shard: None,
            readiness: Readiness::NONE,
            dry_run: false,
            limits: RosterLimits::default(),
        }
    }
}

/// Reads a roster, as [`read_roster`] does, and applies it, as [`apply_rows`] does.
///
/// # Errors
/// Every error of every row at once; that the file can't be read at all; refusals of Graph when it is asked for the
/// verified domains.
pub async fn apply_roster<I: From<Report>>(
    graph: Graph,
    file: Vec<u8>,
    request: RosterRequest,
    items: Items<I>,
) -> Result<Summary, Problem> {
    let (readiness, dry_run) = (request.readiness, request.dry_run);
    let roster = read_roster(&graph, file, request).await?;
    apply_rows(graph, roster, readiness, dry_run, items).await
}

/// Reads the rows that a request names, and checks them with what is known of the tenant, where it asks for that.
///
/// # Errors
/// Every error of every row at once: those that only the tenant's verified domains show, too. When the domains can't be
/// read, the errors that the file has by itself, or else the problem of reading the domains. A cancellation and a
/// deadline end it as what they are.
pub async fn read_roster(graph: &Graph, file: Vec<u8>, request: RosterRequest) -> Result<Roster, Problem> {
    let cells = RosterFile::read(file, request.limits)?;
    let facts =
        if request.check_domains { read_tenant_facts(graph).await } else { Ok(TenantFacts::default()) };
    let settings = |facts| RosterSettings { facts, domain: request.domain, limits: request.limits };
    let mut roster = match facts {
        Ok(facts) => cells.check(&settings(facts))?,
        Err(problem) if problem.is_stop() => return Err(problem),
        Err(problem) => return Err(cells.check(&settings(TenantFacts::default())).err().unwrap_or(problem)),
    };
    if let Some(shard) = request.shard {
        roster = roster.shard(shard);
    }
    match request.rows {
        Some(rows) => roster.only(&rows),
        None => Ok(roster),
    }
}

/// Provisions every row of a roster and yields a report per row as it ends; ends with the numbers.
///
/// All users come first in every row; a manager that is a row is linked once both exist, so that order and
/// cycles in the file do not matter. Run again, it changes what is left to change, down to nothing. After a
/// cancellation every row still reports how far it came.
///
/// # Errors A problem that every row would meet is told once, before the rows are worked on: a permission
/// that is missing for all, licenses and groups that the tenant does not have, groups whose members Graph
/// does not change. Every other problem belongs to its row.
pub async fn apply_rows<I: From<Report>>(
    graph: Graph,
    roster: Roster,
    readiness: Readiness,
    dry_run: bool,
    items: Items<I>,
) -> Result<Summary, Problem> {
    let graph = guarded(&graph, dry_run);
    run_rows(&graph, roster, (readiness, dry_run, None), items, &mut |_| {}).await
}

/// The same, where `approved` has the changes of each row that may be made, if they were planned. Each report is shown to
/// `see` before it is yielded.
pub(super) async fn run_rows<I: From<Report>>(
    graph: &Graph,
    mut roster: Roster,
    (readiness, dry_run, approved): (Readiness, bool, Option<Approved>),
    items: Items<I>,
    see: &mut (dyn FnMut(&Report) + Send),
) -> Result<Summary, Problem> {
    // Rows have many requests ready at the same time.
    let graph = graph.with_batches();
    let (numbers, wanted): (Vec<_>, Vec<_>) = roster.take_rows().unzip();
    if let Some(shard) = roster.part() {
        graph.share_quotas(shard.of());
    }
    let run = Run::prepare(&graph, &wanted, roster.elsewhere(), readiness, dry_run).await.approving(approved);
    let numbered: Vec<_> = numbers.iter().copied().zip(&wanted).collect();
    if let Some(problem) = run.refusal(&numbered) {
        return Err(problem);
    }
    let of = wanted.len();
    graph.rows(0, of);
    let (graph, run) = (&graph, &run);
    let mut rows: FuturesUnordered<_> = wanted
        .iter()
        .zip(numbers)
        .enumerate()
        .map(|(index, (wanted, number))| {
            // In its place at once: what a row holds is several thousand bytes, which the collection would move twice.
            Box::pin(async move {
                let graph = graph.for_row(number);
                Row { run, index, number: Some(number), wanted }.apply(&graph, &graph).await
            })
        })
        .collect();
    let remarks = roster.remarks().to_vec();
    let (mut summary, mut creates) =
        (Summary { run_id: graph.run_id(), remarks, ..Summary::default() }, false);
    while let Some(report) = rows.next().await {
        if summary.rows == 0
            && let Some(problem) = denied_to_all(&report, run, of)
        {
            return Err(problem);
        }
        summary.add(&report);
        graph.rows(summary.rows, of);
        creates |= report.creates();
        see(&report);
        items.put(report).await;
    }
    if let Some(Ok(licenses)) = &run.licenses {
        summary.seats = licenses.skus.counts();
    }
    if creates {
        summary.remarks.push(mailbox_not_by_creation());
    }
    if readiness != Readiness::NONE {
        summary.remarks.push(shown_by_no_call());
    }
    Ok(summary)
}

/// The problem that ended the first row and stands against every other, too: the caller may not read agent users.
fn denied_to_all(report: &Report, run: &Run, rows: usize) -> Option<Problem> {
    let problem = report.problem.as_ref()?;
    let denied = matches!(problem.kind(), ProblemKind::Denied | ProblemKind::SignIn);
    (rows > 1 && denied && !run.has_read()).then(|| of_all(problem.clone(), rows))
}
