//! The request of a handover: the leavers, their successors, and the relationships.

use crate::model::{SponsorRef, UserRef};
use crate::validate::{RuleCode, Violation, Violations};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The offices of a leaver that are handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum HandedOver {
    /// Agent users of which the leaver is the manager or a sponsor.
    #[default]
    Both,
    /// The agent users whose manager the leaver is.
    Manager,
    /// The agent users that the leaver sponsors, and the parents that it sponsors.
    Sponsor,
}

impl HandedOver {
    /// Whether managers are replaced.
    pub(super) const fn managers(self) -> bool {
        matches!(self, Self::Both | Self::Manager)
    }

    /// Whether sponsors are replaced.
    pub(super) const fn sponsors(self) -> bool {
        matches!(self, Self::Both | Self::Sponsor)
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Manager => "manager",
            Self::Sponsor => "sponsor",
        }
    }
}

/// A leaver, and the one who follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaver {
    /// The leaver.
    pub from: SponsorRef,
    /// The one who follows.
    pub to: SponsorRef,
}

/// The relationships to hand over, and each leaver's successor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandoverRequest {
    pub(super) leavers: Vec<Leaver>,
    pub(super) handed_over: HandedOver,
}

impl HandoverRequest {
    /// Reads a leaver and the one who follows from each line: two names with a comma, a semicolon or a tab between them. A group
    /// is written as `group:ID`. Blank lines, those that begin with `#`, and a first line `from,to` are left out.
    ///
    /// # Errors
    /// Every rule that a line breaks, with its number.
    pub fn read(lines: &[String], handed_over: HandedOver) -> Result<Self, Vec<Violation>> {
        let mut broken = Violations::default();
        let mut leavers = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let line = line.trim_start_matches('\u{feff}').trim();
            let is_heading = index == 0 && is_heading(line);
            if line.is_empty() || line.starts_with('#') || is_heading {
                continue;
            }
            let read = leaver(line, handed_over)
                .map_err(|all| all.into_iter().map(|one| at_line(one, index)).collect::<Vec<Violation>>());
            leavers.extend(broken.keep(read).map(|leaver| (index, leaver)));
        }
        if leavers.is_empty() && broken.is_empty() {
            broken.push(Violation::required("leavers"));
        }
        broken.extend(contradictions(&leavers));
        let leavers = leavers.into_iter().map(|(_, leaver)| leaver).collect();
        broken.finish(Some(Self { leavers, handed_over }))
    }

    /// One leaver, and the one who follows.
    ///
    /// # Errors
    /// Every rule that they break.
    pub fn of_one(from: &str, to: &str, handed_over: HandedOver) -> Result<Self, Vec<Violation>> {
        Self::read(&[format!("{from},{to}")], handed_over)
    }

    /// The arguments as a plan has them.
    pub(super) fn to_json(&self) -> Map<String, Value> {
        let leavers = self.leavers.iter().map(|one| Value::from(format!("{},{}", one.from, one.to)));
        Map::from_iter([
            ("leavers".to_owned(), leavers.collect()),
            ("handedOver".to_owned(), Value::from(self.handed_over.as_str())),
        ])
    }
}

fn values(line: &str) -> Vec<&str> {
    line.split([',', ';', '\t']).map(|value| value.trim().trim_matches('"').trim()).collect()
}

fn is_heading(line: &str) -> bool {
    matches!(values(line).as_slice(), [from, to] if from.eq_ignore_ascii_case("from") && to.eq_ignore_ascii_case("to"))
}

/// The same violation with the place of its line.
fn at_line(one: Violation, index: usize) -> Violation {
    let message = format!("Line {}: {}", index.saturating_add(1), one.message);
    Violation::new(one.code, place(index), message, one.fix.clone())
}

fn place(index: usize) -> String {
    format!("leavers[{index}]")
}

fn leaver(line: &str, handed_over: HandedOver) -> Result<Leaver, Vec<Violation>> {
    let values = values(line);
    let [from, to] = values.as_slice() else {
        let message = format!("It has {} values where two are expected.", values.len());
        let fix = "Write the leaver and the one who follows, with a comma between them: FROM,TO.";
        return Err(vec![Violation::new(RuleCode::WrongKind, "leavers", message, fix)]);
    };
    let mut broken = Violations::default();
    let read = |name: &str| match handed_over {
        HandedOver::Manager => UserRef::parse(name).map(SponsorRef::User),
        _ => SponsorRef::parse(name),
    };
    let (from, to) = (broken.keep(read(from)), broken.keep(read(to)));
    let leaver = from.zip(to).map(|(from, to)| Leaver { from, to });
    if let Some(Leaver { from: SponsorRef::User(_), to: SponsorRef::Group(_) }) = &leaver
        && handed_over.managers()
    {
        let fix = "Name a person, or hand over what the leaver sponsors alone: handedOver sponsor or --only sponsor.";
        broken.push(Violation::new(
            RuleCode::NotUsable,
            "leavers",
            "A group can't follow a person as a manager.",
            fix,
        ));
    }
    broken.finish(leaver)
}

fn key(named: &SponsorRef) -> String {
    named.to_string().to_lowercase()
}

/// Leavers that are named twice, and those who follow and leave themselves.
fn contradictions(leavers: &[(usize, Leaver)]) -> Vec<Violation> {
    let mut first = BTreeMap::new();
    let mut broken = Vec::new();
    for (index, leaver) in leavers {
        if let Some(before) = first.insert(key(&leaver.from), index) {
            let message = format!("{} is a leaver in line {}, too.", leaver.from, before.saturating_add(1));
            let fix = "Keep one of the two lines.";
            broken.push(at_line(Violation::new(RuleCode::Repeated, "leavers", message, fix), *index));
        }
    }
    for (index, leaver) in leavers {
        let leaves = first.contains_key(&key(&leaver.to));
        if leaves {
            let message = format!("{} leaves, too, and so can't follow.", leaver.to);
            let fix = "Name one who stays.";
            broken.push(at_line(Violation::new(RuleCode::NotUsable, "leavers", message, fix), *index));
        }
    }
    broken
}

/// Leavers that are the same by their ids, and those who follow and leave themselves.
pub(super) fn same_objects(pairs: &[(usize, crate::ObjectId, crate::ObjectId)]) -> Vec<Violation> {
    let named = |id: &crate::ObjectId| SponsorRef::User(UserRef::Id(*id));
    let leavers = pairs.iter().map(|(index, from, to)| (*index, Leaver { from: named(from), to: named(to) }));
    contradictions(&leavers.collect::<Vec<_>>())
}
