//! The parameters of operations that tell what others need (docs/permissions.md).

use super::parameters::{Parameter, Source};
#[cfg(feature = "schema")]
use super::shape::Shape;
use super::table::parameters;
use crate::flow::{self, Readiness};
use crate::validate::Violation;
use serde_json::Error;

parameters! { (source)
    /// What permissions are needed for.
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
}
