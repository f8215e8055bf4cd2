//! Leavers and those who follow, found, and the changes that they bring.

use super::request::Leaver;
use crate::ObjectId;
use crate::flow::planned::{Successor, of_report};
use crate::flow::report::{Change, Report};
use crate::model::{SponsorRef, UserRef};
use crate::plan::{Expected, PlannedChange};
use std::collections::{BTreeMap, BTreeSet};

/// A leaver and the one who follows, both found.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) leaver: Leaver,
    pub(super) from_id: ObjectId,
    pub(super) to: Successor,
}

/// The pairs, by the ids of the leavers.
#[derive(Debug, Default)]
pub(super) struct Pairs(pub(super) BTreeMap<ObjectId, Pair>);

/// An agent user or an agent identity with changes, and the leavers that they are of.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) report: Report,
    /// The state that each change expects.
    pub(super) expects: Vec<Expected>,
    pub(super) managed: Option<ObjectId>,
    pub(super) sponsored: Vec<ObjectId>,
}

impl Pairs {
    /// The pairs whose leaver is one of these sponsors.
    pub(super) fn among(&self, sponsors: &BTreeSet<ObjectId>) -> Vec<&Pair> {
        sponsors.iter().filter_map(|sponsor| self.0.get(sponsor)).collect()
    }

    /// The changes of an object with these sponsors, and the state that each expects: those who follow come before leavers go.
    pub(super) fn sponsors(&self, sponsors: &BTreeSet<ObjectId>) -> (Vec<Change>, Vec<Expected>) {
        let leaving = self.among(sponsors);
        let mut there = sponsors.clone();
        let (mut changes, mut expects) = (Vec::new(), Vec::new());
        let beside = |sponsor| Expected { sponsor: Some(sponsor), ..Expected::default() };
        for pair in &leaving {
            if there.insert(pair.to.id) {
                changes.push(Change::AddSponsor { sponsor: pair.leaver.to.to_string() });
                expects.push(beside(pair.by_id()));
            }
        }
        for pair in &leaving {
            changes.push(Change::RemoveSponsor { sponsor: pair.leaver.from.to_string() });
            expects.push(beside(pair.to.by_id()));
        }
        (changes, expects)
    }
}

impl Pair {
    /// The leaver by its id.
    const fn by_id(&self) -> SponsorRef {
        match self.leaver.from {
            SponsorRef::Group(_) => SponsorRef::Group(self.from_id),
            SponsorRef::User(_) => SponsorRef::User(UserRef::Id(self.from_id)),
        }
    }
}

impl Entry {
    pub(super) fn changes(&self) -> Vec<PlannedChange> {
        let mut expects = self.expects.iter().cloned();
        of_report(&self.report, |_| expects.next().unwrap_or_default())
    }
}
