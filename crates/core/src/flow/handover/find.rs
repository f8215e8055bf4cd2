//! Finding what a leaver is the manager or a sponsor of.

use super::request::HandedOver;
use crate::ObjectId;
use crate::flow::pages::all;
use crate::graph::{self, Ask};
use crate::model::{DirectoryObject, Page, SponsorRef, UserRef, is_agent_identity_type, is_agent_user_type};
use crate::operation::Graph;
use crate::problem::Problem;
use std::collections::BTreeSet;

/// The call by which something was found.
#[derive(Debug, Clone)]
pub(super) enum Way {
    /// The relationship that leads from the leaver to it: `directReports`, `sponsorOf`.
    Direct(&'static str),
    /// All agent users were read, because the relationship did not answer: why, where it was asked.
    Lists(&'static str, Option<Problem>),
}

/// The objects that the relationships of one leaver name.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) users: BTreeSet<ObjectId>,
    pub(super) identities: BTreeSet<ObjectId>,
    pub(super) manager: Option<Way>,
    pub(super) sponsor: Option<Way>,
}

impl Named {
    /// Whether all agent users must be read.
    pub(super) fn needs_lists(&self) -> bool {
        [&self.manager, &self.sponsor].into_iter().any(|way| matches!(way, Some(Way::Lists(..))))
    }
}

/// The objects that the relationships of a leaver name. Groups have none.
///
/// # Errors An early end. A refusal makes it [`Way::Lists`].
pub(super) async fn named_by(
    graph: &Graph,
    leaver: &SponsorRef,
    id: ObjectId,
    handed_over: HandedOver,
) -> Result<Named, Problem> {
    let mut named = Named::default();
    let is_group = matches!(leaver, SponsorRef::Group(_));
    if handed_over.managers() && !is_group {
        let first = graph::list_direct_reports(graph.endpoint(), id);
        named.manager = Some(related(graph, "directReports", first, &mut named).await?);
    }
    if handed_over.sponsors() {
        let way = if is_group {
            Way::Lists("sponsorOf", None)
        } else {
            let first = graph::list_sponsored(graph.endpoint(), &UserRef::Id(id));
            related(graph, "sponsorOf", first, &mut named).await?
        };
        named.sponsor = Some(way);
    }
    Ok(named)
}

async fn related(
    graph: &Graph,
    relationship: &'static str,
    first: Ask<Page<Vec<DirectoryObject>>>,
    named: &mut Named,
) -> Result<Way, Problem> {
    match all(graph, first).await {
        Ok(found) => {
            for (id, one) in found.iter().filter_map(|one| Some((one.id()?, one))) {
                match one.odata_type() {
                    Some(kind) if is_agent_identity_type(kind) => named.identities.insert(id),
                    // Its own type is read with it.
                    None => named.users.insert(id),
                    Some(kind) => is_agent_user_type(kind) && named.users.insert(id),
                };
            }
            Ok(Way::Direct(relationship))
        }
        Err(problem) if problem.is_stop() => Err(problem),
        Err(problem) => Ok(Way::Lists(relationship, Some(problem))),
    }
}
