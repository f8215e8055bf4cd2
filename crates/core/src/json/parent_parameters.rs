//! The parameters of operations on agent identities (docs/graph.md#agent-identities).

use super::parameters::{Parameter, Source};
#[cfg(feature = "schema")]
use super::shape::Shape;
use super::table::parameters;
use crate::ObjectId;
use crate::graph;
use crate::validate::{RuleCode, Violation, Violations};
use serde_json::Error;

parameters! { (source)
    /// An agent identity.
    AgentIdentityId -> ObjectId {
        /// The agent identity: its object id.
        id "agentIdentityId": need String,
    } = source.violations.object_id("agentIdentityId", &id);

    /// Which blueprints or groups are listed.
    DisplayNames -> Option<String> {
        /// Only those whose display name begins so.
        start "displayNameStartsWith": take String,
    } = Some(start);

    /// Which agent identities a list yields, and how many in a page.
    IdentityQuery -> graph::IdentityQuery {
        /// Only those whose display name begins so.
        display_name_starts_with "displayNameStartsWith": take String,
        /// Only those of this blueprint: its application (client) id; or the object id of its application or of its
        /// principal.
        blueprint "blueprint": take String,
        /// True for those that are enabled, false for those that are not.
        account_enabled "accountEnabled": take bool,
        /// Only those without an agent user. The list of all agent users is read for it first; those in the recycle bin
        /// count for none.
        without_agent_user "withoutAgentUser": or_default bool,
        /// Entries per page, 1 to 100.
        page_size "pageSize": take u32,
    } = {
        let before = source.violations.len();
        let blueprint = blueprint.and_then(|id| source.violations.object_id("blueprint", &id));
        let size = page_size.map_or(Some(graph::IdentityQuery::MOST), |size| paged(size, &mut source.violations));
        size.filter(|_| source.violations.len() == before).map(|page_size| graph::IdentityQuery {
            display_name_starts_with,
            blueprint,
            account_enabled,
            without_agent_user,
            page_size,
        })
    };
}

/// The size of a page as Graph takes it, or a violation.
fn paged(size: u32, violations: &mut Violations) -> Option<u16> {
    let most = graph::IdentityQuery::MOST;
    let fits = u16::try_from(size).ok().filter(|size| (1..=most).contains(size));
    if fits.is_none() {
        let message =
            format!("A page of agent identities can't have {size} entries: Graph gives 1 to {most}.");
        let fix = format!("Use a number from 1 to {most}.");
        violations.push(Violation::new(RuleCode::OutOfRange, "pageSize", message, fix));
    }
    fits
}
