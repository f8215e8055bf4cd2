//! Applying a part of a plan: the objects that are named by their numbers.

use crate::problem::{Code, Problem};
use std::collections::BTreeSet;

/// Fails where a number is none of the plan's objects.
///
/// # Errors
/// [`Code::Invalid`], of the field `only`.
pub(super) fn require_known(
    only: Option<&BTreeSet<usize>>,
    is_known: impl Fn(usize) -> bool,
) -> Result<(), Problem> {
    let unknown = only.into_iter().flatten().find(|number| !is_known(**number));
    unknown.map_or(Ok(()), |number| {
        let message = format!("The plan has no object with the number {number}.");
        let fix = "Name objects by the numbers that the reports of a dry run have.";
        Err(Problem::new(Code::Invalid, message).with_field("only").with_fix(fix))
    })
}
