//! A row of a scenario's roster, and the agent user that it begins with.

use crate::draw::Draw;

/// One row, and the agent user that is there before.
#[derive(Debug, Clone)]
pub(crate) struct RowPlan {
    /// The number of its agent identity.
    pub(crate) number: u32,
    pub(crate) parent: Parent,
    pub(crate) name: Name,
    pub(crate) location: bool,
    pub(crate) job: Option<&'static str>,
    pub(crate) city: Option<&'static str>,
    pub(crate) enabled: Option<bool>,
    pub(crate) manager: Option<Person>,
    /// Numbers of humans; zero is a group.
    pub(crate) sponsors: Vec<u32>,
    pub(crate) licenses: Vec<&'static str>,
    pub(crate) before: Option<Before>,
}

/// The object that its `identityParentId` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parent {
    Usable,
    /// An agent identity that has come into being a moment ago.
    Fresh,
    Disabled,
    DisabledByMicrosoft,
    Nothing,
    AppId,
    Plain,
    BlueprintPrincipal,
}

/// Its user principal name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    Named,
    Derived,
    /// A human holds it.
    HeldByHuman,
    HeldByAgent,
    HeldByDeleted,
}

/// A manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Person {
    Human(u32),
    /// A name that no user has.
    Nobody,
    /// Another row, by its place.
    Row(usize),
}

/// The agent user that a row begins with.
#[derive(Debug, Clone)]
pub(crate) struct Before {
    pub(crate) deleted: bool,
    /// It has a name of its own.
    pub(crate) other_name: bool,
    pub(crate) location: Option<&'static str>,
    pub(crate) job: Option<&'static str>,
    pub(crate) city: Option<&'static str>,
    pub(crate) enabled: bool,
    pub(crate) manager: Option<u32>,
    pub(crate) sponsors: Vec<u32>,
    pub(crate) licenses: Vec<&'static str>,
}

const JOBS: [&str; 3] = ["Clerk", "Käufer & Co", "Pilot \"x\""];
const CITIES: [&str; 2] = ["Zürich", "Bern"];

impl RowPlan {
    pub(super) fn draw(draw: Draw, place: usize, fresh: bool) -> Self {
        let number = u32::try_from(place).unwrap_or_default() + 1;
        let parent = match draw.below("parent", 40) {
            0 => Parent::Nothing,
            1 => Parent::AppId,
            2 => Parent::Plain,
            3 => Parent::BlueprintPrincipal,
            4 => Parent::Disabled,
            5 => Parent::DisabledByMicrosoft,
            6..20 if fresh => Parent::Fresh,
            _ => Parent::Usable,
        };
        let name = match draw.below("name", 24) {
            0 => Name::HeldByHuman,
            1 | 2 => Name::HeldByAgent,
            3 => Name::HeldByDeleted,
            4..9 => Name::Derived,
            _ => Name::Named,
        };
        let licensed = draw.one_in("licensed", 3);
        let licenses = if licensed { draw.licenses("licenses") } else { Vec::new() };
        let manager = match draw.below("manager", 10) {
            0..3 => Some(Person::Human(1 + draw.below("which human", 4))),
            // One of the rows before this one: a smaller roster keeps the first rows.
            3..5 if place > 0 => Some(Person::Row(draw.below("which row", number - 1) as usize)),
            5 if draw.one_in("nobody", 4) => Some(Person::Nobody),
            _ => None,
        };
        let mut row = Self {
            number,
            parent,
            name,
            location: !draw.one_in("no location", 8),
            job: draw.one_in("job", 2).then(|| draw.pick("which job", &JOBS)),
            city: draw.one_in("city", 3).then(|| draw.pick("which city", &CITIES)),
            enabled: draw.one_in("enabled", 4).then(|| draw.one_in("on", 2)),
            manager,
            sponsors: if draw.one_in("sponsored", 2) { draw.sponsors("sponsors") } else { Vec::new() },
            licenses,
            before: None,
        };
        if matches!(parent, Parent::Usable | Parent::Disabled) && draw.below("before", 10) < 4 {
            row.before = Some(Before::draw(draw, &row));
        }
        row
    }
}

impl Before {
    /// Some of its values are as the row wants them.
    fn draw(draw: Draw, row: &RowPlan) -> Self {
        let same = |what: &str| !draw.one_in(what, 3);
        Self {
            deleted: draw.one_in("deleted", 5),
            other_name: draw.one_in("other name", 6),
            location: if same("location is") {
                Some("DE")
            } else {
                draw.pick("location", &[None, Some("US")])
            },
            job: if same("job is") { row.job } else { Some(draw.pick("other job", &JOBS)) },
            city: if same("city is") { row.city } else { None },
            enabled: if same("enabled is") { row.enabled.unwrap_or(true) } else { draw.one_in("is on", 2) },
            manager: match row.manager {
                Some(Person::Human(human)) if same("manager is") => Some(human),
                _ => draw.one_in("other manager", 4).then_some(4),
            },
            sponsors: if same("sponsors are") {
                row.sponsors.clone()
            } else {
                draw.sponsors("other sponsors")
            },
            licenses: if same("licenses are") {
                row.licenses.clone()
            } else if draw.one_in("other licenses", 3) {
                draw.licenses("which others")
            } else {
                Vec::new()
            },
        }
    }

    /// One with some of every property, for a mutation.
    pub(super) fn full(draw: Draw, deleted: bool) -> Self {
        let some = |what: &str| !draw.one_in(what, 3);
        Self {
            deleted,
            other_name: false,
            location: some("location").then_some("DE"),
            job: some("job").then_some("Clerk"),
            city: None,
            enabled: some("enabled"),
            manager: some("manager").then_some(1),
            sponsors: if some("sponsors") { vec![0, 2] } else { Vec::new() },
            licenses: if some("licenses") && some("location") { vec!["AGENT_365"] } else { Vec::new() },
        }
    }
}

impl Draw {
    fn sponsors(self, purpose: &str) -> Vec<u32> {
        (0..5).filter(|human| self.of(purpose, *human as usize).one_in("sponsor", 3)).collect()
    }

    fn licenses(self, purpose: &str) -> Vec<&'static str> {
        match self.below(purpose, 4) {
            0 => vec!["AGENT_MESSAGING"],
            1 => vec!["AGENT_365", "AGENT_MESSAGING"],
            _ => vec!["AGENT_365"],
        }
    }
}
