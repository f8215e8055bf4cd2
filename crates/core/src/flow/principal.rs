//! Changes of a service principal: an agent identity, or the principal of a blueprint (docs/graph.md#containing).

use super::ensure::{ensure, ensure_strictly};
use super::identity::list_identity_sponsors;
use super::making::Making;
use super::references::{among, sponsor_id};
use super::report::{Change, Report};
use crate::ObjectId;
use crate::graph::{self, Ask};
use crate::model::{Member, ObjectKind, ServicePrincipal, SponsorRef};
use crate::operation::Graph;
use crate::problem::{Code, Problem, shown};
use crate::remark::Remark;
use serde_json::Value;
use std::future::Future;

/// A service principal that was found, and what is changed of it.
#[derive(Debug)]
pub(super) struct Principal {
    pub(super) id: ObjectId,
    kind: ObjectKind,
    /// As it was found.
    found: ServicePrincipal,
    making: Making,
}

impl Principal {
    /// A row of several. `approved` are the changes that may be made, where they were planned.
    pub(super) fn of_row(
        graph: &Graph,
        row: usize,
        (kind, found): (ObjectKind, ServicePrincipal),
        approved: Option<Vec<Change>>,
        dry_run: bool,
    ) -> Result<Self, Problem> {
        let id = found.id().ok_or_else(|| {
            Problem::new(Code::BadAnswer, "Graph answered with a service principal that has no id.")
        })?;
        let report = Report { row: Some(row), ..Report::of_principal(graph, id, kind, &found) };
        Ok(Self { id, kind, found, making: Making::new(graph, report, approved, dry_run) })
    }

    /// Its name in messages.
    pub(super) fn name(&self) -> String {
        name_of(self.id, self.found.display_name())
    }

    /// Enters something to know.
    pub(super) fn remark(&mut self, remark: Remark) {
        self.making.report.remark(remark);
    }

    /// As [`Making::make`].
    pub(super) async fn make(
        &mut self,
        change: Change,
        write: impl Future<Output = Result<(), Problem>>,
    ) -> Result<(), Problem> {
        self.making.make([change], write).await.map(drop)
    }

    /// The report, when its changes ended like this.
    pub(super) fn ended(self, result: Result<(), Problem>) -> Report {
        self.making.ended(result)
    }
}

/// The name of a service principal in messages.
pub(super) fn name_of(id: ObjectId, display_name: Option<&str>) -> String {
    match display_name {
        Some(name) => format!("{} ({id})", shown(name)),
        None => id.to_string(),
    }
}

fn look(graph: &Graph, kind: ObjectKind, id: ObjectId) -> Ask<ServicePrincipal> {
    match kind {
        ObjectKind::BlueprintPrincipal => graph::get_blueprint_principal(graph.endpoint(), id),
        _ => graph::get_agent_identity(graph.endpoint(), id),
    }
}

/// The service principal of that kind and id, or none where there is none of that kind.
pub(super) async fn find(
    graph: &Graph,
    kind: ObjectKind,
    id: ObjectId,
) -> Result<Option<ServicePrincipal>, Problem> {
    graph.look(look(graph, kind, id)).await
}

/// Enables or disables it, unless it is so already.
pub(super) async fn enable_it(graph: &Graph, one: &mut Principal, enabled: bool) -> Result<(), Problem> {
    let (id, kind, is) = (one.id, one.kind, one.found.account_enabled());
    if is == Some(enabled) {
        return Ok(());
    }
    let (from, to) = (is.map_or(Value::Null, Value::Bool), Value::Bool(enabled));
    let change = Change::Set { member: Member::AccountEnabled.into(), from, to };
    let write = ensure(
        graph,
        || match kind {
            ObjectKind::BlueprintPrincipal => {
                graph::enable_blueprint_principal(graph.endpoint(), id, enabled)
            }
            _ => graph::enable_agent_identity(graph.endpoint(), id, enabled),
        },
        || look(graph, kind, id),
        |seen| seen.is_some_and(|seen| seen.account_enabled() == Some(enabled)),
    );
    one.make(change, write).await
}

/// Adds a sponsor to an agent identity, unless it is one already.
pub(super) async fn add_identity_sponsor(
    graph: &Graph,
    one: &mut Principal,
    sponsor: &SponsorRef,
) -> Result<(), Problem> {
    let id = one.id;
    let (wanted, is_group) = sponsor_id(graph, sponsor).await?;
    if list_identity_sponsors(graph, id).await?.iter().any(|entry| entry.id() == Some(wanted)) {
        return Ok(());
    }
    let write = ensure(
        graph,
        || graph::add_identity_sponsor(graph.endpoint(), id, wanted, is_group),
        || graph::list_identity_sponsors(graph.endpoint(), id),
        |seen| among(seen, wanted) == Some(true),
    );
    one.make(Change::AddSponsor { sponsor: sponsor.to_string() }, write).await
}

/// Removes a sponsor from an agent identity, if it is one.
pub(super) async fn remove_identity_sponsor(
    graph: &Graph,
    one: &mut Principal,
    sponsor: &SponsorRef,
) -> Result<(), Problem> {
    let id = one.id;
    let (unwanted, _) = sponsor_id(graph, sponsor).await?;
    if !list_identity_sponsors(graph, id).await?.iter().any(|entry| entry.id() == Some(unwanted)) {
        return Ok(());
    }
    let write = ensure_strictly(
        graph,
        || graph::remove_identity_sponsor(graph.endpoint(), id, unwanted),
        || graph::list_identity_sponsors(graph.endpoint(), id),
        |seen| among(seen, unwanted) == Some(false),
    );
    one.make(Change::RemoveSponsor { sponsor: sponsor.to_string() }, write).await
}
