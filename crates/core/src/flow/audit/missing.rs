//! Why a subject was not checked.

use crate::flow::read::Unread;

/// Why a subject was not checked.
#[derive(Debug)]
pub(super) enum Missing<'a> {
    /// A section was not read, without which nothing is checked.
    Section(&'a Unread),
    /// Something about this subject was not read.
    OfSubject(Unread),
    /// The section was read, and tells nothing of any subject.
    OfAll(&'static str),
}

impl<'a> From<&'a Unread> for Missing<'a> {
    fn from(unread: &'a Unread) -> Self {
        Self::Section(unread)
    }
}

impl Missing<'_> {
    /// Something about this subject was not read.
    pub(super) fn of(unread: &Unread) -> Self {
        Self::OfSubject(unread.clone())
    }

    /// An answer of Graph does not show a member.
    pub(super) fn unshown(what: &str) -> Self {
        let message = format!("Graph's answer does not show {what}.");
        Self::OfSubject(Unread::of_data("NotShown", message))
    }

    /// An answer of Graph shows a member that can't be read.
    pub(super) fn unreadable(what: &str) -> Self {
        Self::OfSubject(Unread::of_data(
            "NotReadable",
            format!("Graph's answer shows {what} in a form that is not known."),
        ))
    }

    /// A list does not have this subject.
    pub(super) fn unlisted(list: &str) -> Self {
        let message =
            format!("Graph's list of {list} does not have it: it came or went while the lists were read.");
        Self::OfSubject(Unread::of_data("NotListed", message))
    }
}
