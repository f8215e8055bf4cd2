//! How large a plan may be.

use crate::problem::{Code, Problem};

/// The most that is read of a plan, and the most of its errors that are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanLimits {
    /// The most bytes of the file; 128 MiB by default.
    pub bytes: usize,
    /// The most changes; 1,000,000 by default.
    pub changes: usize,
    /// The most errors that are listed; 1,000 by default.
    pub errors: usize,
}

impl Default for PlanLimits {
    fn default() -> Self {
        Self { bytes: 128 << 20, changes: 1_000_000, errors: 1_000 }
    }
}

impl PlanLimits {
    /// The problem of a file with more bytes. Programs that read files stop there, too.
    #[must_use]
    pub fn too_large(&self) -> Problem {
        Problem::new(Code::InputTooLarge, format!("The plan has more than {} bytes.", self.bytes))
            .with_field("maxBytes")
            .with_cause(
                "It is another file than was meant, or a plan for more agent users than fit into one.",
            )
            .with_fix("Check that it is the right file, or plan for fewer agent users at a time.")
    }

    pub(super) fn too_many_changes(&self) -> Problem {
        Problem::new(Code::InputTooLarge, format!("The plan has more than {} changes.", self.changes))
            .with_field("changes")
            .with_cause("It is a plan for more agent users than fit into one.")
            .with_fix("Plan for fewer agent users at a time.")
    }
}
