//! Labels: on whose word the simulator does what it does.
//!
//! Each route and each switch has one. docs/simulator.md is generated from them.

use agentuser_core::http::Method;

/// On whose word something is as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// A page of Microsoft says so: its path below `https://learn.microsoft.com/graph/`, or an anchor of docs/graph.md.
    Documented(&'static str),
    /// An answer of Graph, or code of Microsoft that works against Graph, shows it; no page says so.
    Observed(&'static str),
    /// Nobody says so.
    Assumed,
}

impl Label {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Documented(_) => "Documented",
            Self::Observed(_) => "Observed",
            Self::Assumed => "Assumed",
        }
    }

    /// The page or the sighting.
    #[must_use]
    pub const fn source(self) -> Option<&'static str> {
        match self {
            Self::Documented(source) | Self::Observed(source) => Some(source),
            Self::Assumed => None,
        }
    }
}

/// The requests that are answered: method, path with names in place of ids, label.
pub fn requests() -> impl Iterator<Item = (Method, &'static str, Label)> {
    crate::directory::route::endpoints()
}
