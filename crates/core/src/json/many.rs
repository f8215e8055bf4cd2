//! Many operations, side by side: what a pipeline of single changes would do one after the other.

use super::item::Item;
use super::members::Members;
use super::output::Output;
use super::parameters::{LicenseChanges, Source};
use crate::flow::{Report, SharedSkus, Summary, change_licenses_with};
use crate::model::UserRef;
use crate::operation::{Graph, Items};
use crate::problem::{Problem, ProblemKind};
use crate::validate::Violations;
use futures_util::stream::{self, StreamExt as _};
use serde::Deserialize;
use serde::de::Error as _;
use serde_json::{Error, Map, Value};
use std::collections::HashMap;
use std::future::Future;
use std::num::NonZeroUsize;
use std::pin::Pin;

/// The operations that may be among many: those on one object that end with a report, and the reads of one agent user.
const AMONG: [&str; 24] = [
    "attest",
    "provision",
    "get",
    "findByParent",
    "update",
    "delete",
    "restore",
    "purge",
    "revokeSessions",
    "retire",
    "setManager",
    "clearManager",
    "addSponsor",
    "removeSponsor",
    "addToGroup",
    "removeFromGroup",
    "changeLicenses",
    "waitReady",
    "grantPermission",
    "revokePermission",
    "assignAppRole",
    "removeAppRole",
    "allowCreation",
    "inheritPermissions",
];

/// The request of one of them, as it would be given alone.
#[derive(Debug, Deserialize)]
pub(super) struct Single(Map<String, Value>);

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Single {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Single".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "$ref": "#/$defs/OperationRequest" })
    }
}

/// The shape of what each yields.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code)]
pub(super) enum Yielded {
    /// The report of a change.
    Report(Report),
    /// The agent user that was read.
    AgentUsers(Vec<crate::model::AgentUser>),
}

/// The request of any operation: this module does not know the table of operations, which knows it.
pub(super) trait AnyRequest: Sized {
    /// Reads it. None when a rule is broken.
    fn read(source: &mut Source) -> Result<Option<Self>, Error>;

    /// Runs it to its result.
    fn run(self, graph: Graph, items: Items<Item>) -> Running;

    /// The change of licenses that it is.
    fn licenses(&self) -> Option<(&UserRef, &LicenseChanges, bool)>;
}

/// An operation under way, in a type that does not contain itself.
pub(super) type Running = Pin<Box<dyn Future<Output = Result<Output, Problem>> + Send>>;

/// Operations to run side by side.
#[derive(Debug, Clone)]
pub(super) struct Many<R> {
    entries: Vec<Entry<R>>,
    at_once: Option<NonZeroUsize>,
}

/// One of them.
#[derive(Debug, Clone)]
struct Entry<R> {
    /// The object that it is about, as the request names it.
    subject: String,
    /// A broken rule is the problem of this one alone.
    request: Result<R, Problem>,
}

impl<R: AnyRequest> Many<R> {
    /// Reads the requests.
    ///
    /// # Errors
    /// When one can't be read, or is not of the operations that may be among many.
    pub(super) fn read(operations: Vec<Single>, at_once: Option<NonZeroUsize>) -> Result<Self, Error> {
        let entry = |(place, Single(operation))| {
            Entry::read(operation)
                .map_err(|error| Error::custom(format_args!("operations[{place}]: {error}")))
        };
        let entries = operations.into_iter().enumerate().map(entry).collect::<Result<_, _>>()?;
        Ok(Self { entries, at_once })
    }
}

impl<R: AnyRequest> Entry<R> {
    fn read(operation: Map<String, Value>) -> Result<Self, Error> {
        let text = |member: &str| operation.get(member).and_then(Value::as_str).map(str::to_owned);
        let name = text("operation").unwrap_or_default();
        if !AMONG.contains(&name.as_str()) {
            return Err(Error::unknown_variant(&name, &AMONG));
        }
        let parent = || operation.get("agentUser")?.get("identityParentId")?.as_str().map(str::to_owned);
        let subject = text("user").or_else(|| text("agentIdentityId")).or_else(|| text("identityParentId"));
        let subject = subject.or_else(|| text("blueprint")).or_else(parent).unwrap_or_default();
        let members = Members::new(operation);
        let mut source = Source { members, violations: Violations::default(), file: Vec::new() };
        let request = R::read(&mut source)?;
        source.members.finish()?;
        Ok(Self { subject, request: source.violations.finish(request).map_err(Problem::from_violations) })
    }
}

/// Runs the operations side by side. Those that name the same object run one after the other, in their order. Yields the report
/// of each as it ends, in which `row` is its place, from 1, and for a read that found one the agent user, as a page of one; ends
/// with the numbers of the reports.
///
/// # Errors
/// A sign-in that is refused, which is so of all.
pub(super) async fn run_many<R: AnyRequest + Send + Sync>(
    graph: Graph,
    many: Many<R>,
    items: Items<Item>,
) -> Result<Summary, Problem> {
    let graph = graph.with_batches();
    let Many { entries, at_once } = many;
    let of = entries.len();
    graph.rows(0, of);
    let licenses =
        |entry: &Entry<R>| entry.request.as_ref().is_ok_and(|request| request.licenses().is_some());
    let skus = if entries.iter().any(licenses) { Some(SharedSkus::read(&graph).await?) } else { None };
    let (chained, skus, from, out) = (chains(entries), skus.as_ref(), &graph, &items);
    let chains = chained.into_iter().map(|chain| {
        Box::pin(async move {
            let mut ended = Vec::with_capacity(chain.len());
            for (row, entry) in chain {
                ended.push(run_one(from.for_row(row), row, entry, skus, out).await);
            }
            ended
        })
    });
    let mut chains = stream::iter(chains).buffer_unordered(at_once.map_or(of.max(1), NonZeroUsize::get));
    let mut summary = Summary { run_id: graph.run_id(), ..Summary::default() };
    let mut done = 0_usize;
    while let Some(ended) = chains.next().await {
        for end in ended {
            done = done.saturating_add(1);
            graph.rows(done, of);
            match end {
                End::Read(item) => items.put(item).await,
                End::Nothing => {}
                End::Report(report) => {
                    if let Some(problem) = &report.problem
                        && problem.kind() == ProblemKind::SignIn
                        && summary.rows == 0
                    {
                        return Err(problem.clone());
                    }
                    summary.add(&report);
                    items.put(*report).await;
                }
            }
        }
    }
    Ok(summary)
}

/// The end of one of them.
enum End {
    Read(Item),
    /// A read that found no agent user.
    Nothing,
    Report(Box<Report>),
}

/// The operations with their places, those on the same object together.
fn chains<R>(entries: Vec<Entry<R>>) -> Vec<Vec<(usize, Entry<R>)>> {
    let mut chains: Vec<Vec<(usize, Entry<R>)>> = Vec::with_capacity(entries.len());
    let mut of_subject: HashMap<String, usize> = HashMap::with_capacity(entries.len());
    for (row, entry) in (1..).zip(entries) {
        let subject = entry.subject.to_ascii_lowercase();
        let place = *of_subject.entry(subject).or_insert(chains.len());
        match chains.get_mut(place) {
            Some(chain) => chain.push((row, entry)),
            None => chains.push(vec![(row, entry)]),
        }
    }
    chains
}

async fn run_one<R: AnyRequest + Send + Sync>(
    graph: Graph,
    row: usize,
    entry: Entry<R>,
    skus: Option<&SharedSkus>,
    items: &Items<Item>,
) -> End {
    let Entry { subject, request } = entry;
    let failed = |problem| End::Report(Box::new(Report::failed(&graph, row, subject, problem)));
    let request = match request {
        Ok(request) => request,
        Err(problem) => return failed(problem),
    };
    if let (Some((user, LicenseChanges { add, remove }, dry_run)), Some(skus)) = (request.licenses(), skus) {
        return match change_licenses_with(&graph, user, skus, add, remove, dry_run).await {
            Ok(report) => End::Report(Box::new(Report { row: Some(row), ..report })),
            Err(problem) => failed(problem),
        };
    }
    let output = match request.run(graph.clone(), items.clone()).await {
        Ok(output) => output,
        Err(problem) => return failed(problem),
    };
    if let Some(page) = output.agent_user() {
        return End::Read(page.into());
    }
    output
        .into_report()
        .map_or(End::Nothing, |report| End::Report(Box::new(Report { row: Some(row), ..report })))
}
