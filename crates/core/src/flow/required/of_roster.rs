//! The conditions that the rows of a roster fulfil, from which its permissions follow.

use super::condition::Condition;
use crate::flow::Readiness;
use crate::graph::{LEAVE_DATE, SECURITY_ATTRIBUTES};
use crate::model::{DesiredUser, MemberName, WantedLicense};
use crate::problem::Problem;
use crate::roster::{RosterFile, RosterLimits, RosterSettings};
use crate::validate::TenantFacts;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Reads a roster: the conditions that its rows fulfil.
///
/// # Errors
/// Every error of every row at once; that the file can't be read at all.
pub(super) fn conditions_of(
    file: Vec<u8>,
    domain: Option<String>,
    readiness: Readiness,
) -> Result<BTreeSet<Condition>, Problem> {
    let limits = RosterLimits::default();
    let settings = RosterSettings { facts: TenantFacts::default(), domain, limits };
    let roster = RosterFile::read(file, limits)?.check(&settings)?;
    let mut fulfilled = BTreeSet::from([Condition::VerbRoster]);
    if readiness.mailbox || readiness.teams {
        fulfilled.insert(Condition::Services);
    }
    if readiness.one_drive {
        fulfilled.insert(Condition::OneDrive);
    }
    for row in roster.rows() {
        fulfilled.extend(of(row.wanted()));
    }
    Ok(fulfilled)
}

fn of(wanted: &DesiredUser) -> BTreeSet<Condition> {
    let property = |member: &MemberName| match member {
        MemberName::Declared(member) => Cow::Borrowed(member.name()),
        MemberName::Open(member) => Cow::Owned(member.property().to_owned()),
    };
    let of_license = |license: &WantedLicense| match license {
        WantedLicense::Direct(_) => Condition::Licenses,
        WantedLicense::Group(_) => Condition::LicenseGroups,
    };
    let mut fulfilled: BTreeSet<Condition> = wanted.licenses().iter().map(of_license).collect();
    if wanted.manager().is_some() {
        fulfilled.insert(Condition::Manager);
    }
    if !wanted.sponsors().is_empty() {
        fulfilled.insert(Condition::Sponsors);
    }
    if !wanted.groups().is_empty() {
        fulfilled.insert(Condition::Groups);
    }
    for (member, _) in wanted.declared().iter() {
        match &*property(member) {
            name if name == LEAVE_DATE.member => fulfilled.insert(Condition::LeaveDate),
            name if name == SECURITY_ATTRIBUTES.member => fulfilled.insert(Condition::SecurityAttributes),
            _ => false,
        };
    }
    fulfilled
}
