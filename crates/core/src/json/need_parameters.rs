//! The parameters of operations that tell what others need (docs/permissions.md).

use super::parameters::{Parameter, Source};
#[cfg(feature = "schema")]
use super::shape::Shape;
use super::table::parameters;
use crate::flow::{self, DoctorRequest, Readiness};
use crate::validate::Violation;
use serde_json::Error;

parameters! { (source)
    /// The operations, and the roster, that permissions are needed for.
    NeededFor -> flow::NeededFor {
        /// The names of operations, such as `create`. With a roster and without names: `applyRoster`.
        operations "operations": or_default Vec<String>,
        /// The domain of user principal names that are derived from display names, for rows of the roster that have none.
        domain "domain": take String,
        /// The services that every row of the roster waits for.
        readiness "readiness": or_default Readiness,
    } = {
        if operations.is_empty() && source.file.is_empty() {
            source.violations.push(Violation::required("operations"));
        }
        let needed = flow::NeededFor { operations, domain, readiness };
        source.violations.keep(needed.check().map(|()| needed))
    };

    /// The request of a diagnosis or a probe.
    Doctor -> DoctorRequest {
        /// The operations to look at; all, unless given.
        operations "operations": or_default Vec<String>,
        /// Ask Graph, by reads, what no page of Microsoft answers, in place of a diagnosis.
        probe "probe": or_default bool,
        /// Ask, too, what needs an agent user: one is created under this parent, changed, deleted, restored, and deleted for ever.
        /// The parent is an agent identity without an agent user: its object id.
        probe_writes "probeWrites": take String,
    } = {
        let before = source.violations.len();
        let probe_writes = probe_writes.and_then(|id| source.violations.object_id("probeWrites", &id));
        let needed = flow::NeededFor { operations, ..flow::NeededFor::default() };
        source.violations.keep(needed.check()).filter(|()| source.violations.len() == before).map(|()| DoctorRequest {
            operations: needed.operations,
            probe,
            probe_writes,
        })
    };
}
