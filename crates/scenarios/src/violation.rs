//! The invariants, and how a broken one is told.

use std::fmt;

/// A rule that holds in every scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    /// One agent user per parent, one user per name.
    OneUserPerRow,
    /// A create whose outcome is unknown is looked for before it is sent again.
    NoBlindCreate,
    /// Nothing outside the roster, or beside the one agent user, is changed.
    NothingElseTouched,
    /// A value that has long been as wanted is not written again, not even one member of it.
    NoNeedlessWrite,
    /// Once the network is good again and every change visible, a run makes everything as wanted, and the next one
    /// finds nothing to do.
    Converges,
    /// Every row is reported once, and the sums are right.
    EveryRowReported,
    /// A report tells what was done, or that this is unknown.
    TrueReport,
    /// Every change that is possible is made, whatever the network does; the others end with their own
    /// problem.
    RightProblem,
    /// No token goes to another origin.
    TokenStays,
    /// A claims challenge reaches the sign-in, and ends nothing where the sign-in meets it.
    ClaimsPassedOn,
    /// No token is in an item, an event, a problem or a report.
    NoSecretShown,
    /// No problem has a character that a terminal or a log acts on.
    PlainTexts,
    /// The server's Retry-After is waited for.
    WaitsAsAsked,
    /// The requests of a session stay within its quotas, in any window as measured at arrival.
    BudgetsKept,
    /// A batch has two to twenty parts with names of their own, and every body its type.
    SoundBatches,
    /// Requests in flight, requests, polls and results that wait to be taken have bounds.
    Bounded,
    /// A list ends: no page of it is read twice, and only so many that bring nothing new.
    ListsEnd,
    /// Each request has one record, with its status or its loss, and each change that was made has one.
    Recorded,
    /// Everything ends, a cancelled run within its time.
    Ends,
    /// A dry run writes nothing.
    DryRunWritesNothing,
    /// No problem is internal, and nothing panics.
    NoInternalProblem,
    /// An ask gets the token that it asked for, which is good and was never refused.
    RightToken,
    /// No request of a sign-in leaves for a token that is there or on its way.
    NoNeedlessRequest,
    /// Nothing outside its scope is retired, stopped or handed over.
    StaysInScope,
    /// Reading and planning write nothing.
    ReadsWriteNothing,
    /// A plan changes nothing that it does not name, and what has changed since then is left as it is.
    PlanNamesAll,
    /// An object that has a sponsor is never without one.
    SponsorStays,
    /// A change that a report names is taken back by it, and nothing else changes.
    ComesBack,
    /// An object of which something could not be read is not called clean.
    UnknownIsNotClean,
    /// An audit finds what is there and can be read, and nothing else.
    FindsWhatIsThere,
    /// An answer about agents is true.
    TrueAnswer,
}

impl Invariant {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OneUserPerRow => "one-user-per-row",
            Self::NoBlindCreate => "no-blind-create",
            Self::NothingElseTouched => "nothing-else-touched",
            Self::NoNeedlessWrite => "no-needless-write",
            Self::Converges => "converges",
            Self::EveryRowReported => "every-row-reported",
            Self::TrueReport => "true-report",
            Self::RightProblem => "right-problem",
            Self::TokenStays => "token-stays",
            Self::ClaimsPassedOn => "claims-passed-on",
            Self::NoSecretShown => "no-secret-shown",
            Self::PlainTexts => "plain-texts",
            Self::WaitsAsAsked => "waits-as-asked",
            Self::BudgetsKept => "budgets-kept",
            Self::SoundBatches => "sound-batches",
            Self::Bounded => "bounded",
            Self::ListsEnd => "lists-end",
            Self::Recorded => "recorded",
            Self::Ends => "ends",
            Self::DryRunWritesNothing => "dry-run-writes-nothing",
            Self::NoInternalProblem => "no-internal-problem",
            Self::RightToken => "right-token",
            Self::NoNeedlessRequest => "no-needless-request",
            Self::StaysInScope => "stays-in-scope",
            Self::ReadsWriteNothing => "reads-write-nothing",
            Self::PlanNamesAll => "plan-names-all",
            Self::SponsorStays => "sponsor-stays",
            Self::ComesBack => "comes-back",
            Self::UnknownIsNotClean => "unknown-is-not-clean",
            Self::FindsWhatIsThere => "finds-what-is-there",
            Self::TrueAnswer => "true-answer",
        }
    }
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An invariant that did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The invariant.
    pub invariant: Invariant,
    /// The row, request or report that shows it.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.invariant, self.what)
    }
}

/// Demands that an invariant holds.
pub(crate) fn require(
    holds: bool,
    invariant: Invariant,
    what: impl FnOnce() -> String,
) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(Violation { invariant, what: what() }) }
}
