//! What a roster needs: the conditions that its rows fulfil.

use super::condition::Condition;
use super::requests::{Row, When};
use crate::flow::Readiness;
use crate::graph::{LEAVE_DATE, SECURITY_ATTRIBUTES};
use crate::model::{MemberName, WantedLicense};
use crate::problem::Problem;
use crate::roster::{Roster, RosterFile, RosterLimits, RosterSettings};
use crate::validate::TenantFacts;
use std::collections::BTreeSet;

/// The conditions that the rows of a roster fulfil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RosterNeeds(BTreeSet<Condition>);

impl RosterNeeds {
    /// Reads a roster.
    ///
    /// # Errors
    /// Every error of every row at once; that the file can't be read at all.
    pub(super) fn read(file: Vec<u8>, domain: Option<String>, readiness: Readiness) -> Result<Self, Problem> {
        let limits = RosterLimits::default();
        let settings = RosterSettings { facts: TenantFacts::default(), domain, limits };
        let roster = RosterFile::read(file, limits)?.check(&settings)?;
        let mut needs = Self::of(&roster);
        if readiness.mailbox || readiness.teams {
            needs.0.insert(Condition::Services);
        }
        if readiness.one_drive {
            needs.0.insert(Condition::OneDrive);
        }
        Ok(needs)
    }

    fn of(roster: &Roster) -> Self {
        let mut fulfilled = BTreeSet::from([Condition::VerbRoster]);
        for wanted in roster.rows().iter().map(crate::roster::Row::wanted) {
            if wanted.manager().is_some() {
                fulfilled.insert(Condition::Manager);
            }
            if !wanted.sponsors().is_empty() {
                fulfilled.insert(Condition::Sponsors);
            }
            for license in wanted.licenses() {
                fulfilled.insert(match license {
                    WantedLicense::Direct(_) => Condition::Licenses,
                    WantedLicense::Group(_) => Condition::LicenseGroups,
                });
            }
            for (member, _) in wanted.declared().iter() {
                let property = match member {
                    MemberName::Declared(member) => member.name(),
                    MemberName::Open(member) => member.property(),
                };
                if property == LEAVE_DATE.member {
                    fulfilled.insert(Condition::LeaveDate);
                }
                if property == SECURITY_ATTRIBUTES.member {
                    fulfilled.insert(Condition::SecurityAttributes);
                }
            }
        }
        Self(fulfilled)
    }

    /// The row as this roster needs it: always, where it fulfils the condition; not at all, where it does not.
    pub(super) fn settle(&self, row: Row) -> Option<Row> {
        match row.when {
            When::If(condition) if self.0.contains(&condition) => Some(Row { when: When::Always, ..row }),
            When::If(_) => None,
            When::Always | When::Without(_) => Some(row),
        }
    }
}
