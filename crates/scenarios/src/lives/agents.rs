//! The agent users of a scenario, each with its faults.

use crate::draw::Draw;
use std::collections::BTreeSet;

/// The parent of an agent user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Parent {
    #[default]
    Sound,
    Disabled,
    DisabledByMicrosoft,
    Deleted,
    Gone,
    /// A service principal of another kind.
    Plain,
    /// The agent identity of the agent user before it, which has two then.
    Shared,
}

/// A manager or sponsor of an agent user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Person {
    /// A human who can sign in.
    Human(u32),
    Disabled,
    Deleted,
    /// A group without members.
    EmptyGroup,
}

/// The leave date of an agent user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Leave {
    #[default]
    Never,
    Past,
    Soon,
    Far,
}

/// The name of an agent user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Named {
    #[default]
    Usual,
    Unverified,
    Federated,
}

/// The license of an agent user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Licensed {
    #[default]
    Not,
    Full,
    /// A license of a SKU without a mailbox.
    Small,
    /// The same, in error.
    Failed,
}

/// The directory role of an agent user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Role {
    #[default]
    None,
    Active,
    Eligible,
    /// It is in a group to which roles can be assigned.
    OfGroup,
}

/// The permissions of an agent user's parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Granted {
    #[default]
    Nothing,
    /// A harmless permission, for the agent user.
    ForIt,
    /// A permission for all users.
    ForAll,
    /// A permission that Microsoft blocks, for the agent user.
    Blocked,
}

/// The last successful sign-in of an agent user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum SignedIn {
    #[default]
    Yesterday,
    LongAgo,
    Never,
}

/// An agent user, by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Agent {
    pub(super) number: u32,
    pub(super) parent: Parent,
    pub(super) manager: Option<Person>,
    pub(super) sponsors: BTreeSet<Person>,
    /// The sponsors of its agent identity.
    pub(super) parent_sponsors: BTreeSet<Person>,
    pub(super) enabled: bool,
    pub(super) located: bool,
    pub(super) in_bin: bool,
    pub(super) leave: Leave,
    pub(super) named: Named,
    pub(super) licensed: Licensed,
    pub(super) role: Role,
    pub(super) granted: Granted,
    pub(super) signed_in: SignedIn,
    pub(super) at_risk: bool,
    /// Conditional Access blocks its sign-in.
    pub(super) blocked: bool,
}

impl Agent {
    /// One with which nothing is wrong. Its people are drawn.
    pub(super) fn sound(draw: Draw, number: u32) -> Self {
        let draw = draw.of("agent", number as usize);
        Self {
            number,
            parent: Parent::Sound,
            manager: draw.one_in("managed", 2).then(|| human(draw.below("manager", 4))),
            sponsors: humans(draw, "sponsors"),
            parent_sponsors: humans(draw, "sponsors of the parent"),
            enabled: !draw.one_in("disabled", 5),
            located: true,
            in_bin: false,
            leave: Leave::Never,
            named: Named::Usual,
            licensed: if draw.one_in("licensed", 2) { Licensed::Full } else { Licensed::Not },
            role: Role::None,
            granted: Granted::Nothing,
            signed_in: SignedIn::Yesterday,
            at_risk: false,
            blocked: false,
        }
    }

    /// The same with what is drawn to be wrong: of most of it, little.
    pub(super) fn troubled(self, draw: Draw) -> Self {
        let draw = draw.of("trouble", self.number as usize);
        let odd = |what: &str| draw.one_in(what, 4);
        let parents = [
            Parent::Disabled,
            Parent::DisabledByMicrosoft,
            Parent::Deleted,
            Parent::Gone,
            Parent::Plain,
            Parent::Shared,
        ];
        let usual = [Person::Disabled, Person::Deleted];
        let person = |what: &str| usual.get(draw.below(what, 2) as usize).copied();
        let mut sponsors = self.sponsors.clone();
        if odd("odd sponsors") {
            match draw.below("sponsors", 4) {
                0 => sponsors.clear(),
                1 => sponsors = [Person::Deleted].into(),
                2 => drop(sponsors.insert(Person::Disabled)),
                _ => drop(sponsors.insert(Person::EmptyGroup)),
            }
        }
        Self {
            // The first has none before it.
            parent: match draw.pick("parent", &parents) {
                Parent::Shared if self.number == 1 => Parent::Sound,
                other if odd("odd parent") => other,
                _ => Parent::Sound,
            },
            manager: if odd("odd manager") { person("person") } else { self.manager },
            sponsors,
            located: !odd("located"),
            in_bin: draw.one_in("bin", 8),
            leave: draw.pick("leave", &[Leave::Never, Leave::Never, Leave::Past, Leave::Soon, Leave::Far]),
            named: draw.pick(
                "named",
                &[Named::Usual, Named::Usual, Named::Usual, Named::Unverified, Named::Federated],
            ),
            licensed: draw
                .pick("license", &[Licensed::Not, Licensed::Full, Licensed::Small, Licensed::Failed]),
            role: draw.pick(
                "role",
                &[Role::None, Role::None, Role::None, Role::Active, Role::Eligible, Role::OfGroup],
            ),
            granted: draw.pick(
                "granted",
                &[Granted::Nothing, Granted::Nothing, Granted::ForIt, Granted::ForAll, Granted::Blocked],
            ),
            signed_in: draw.pick("signed in", &[SignedIn::Yesterday, SignedIn::LongAgo, SignedIn::Never]),
            at_risk: odd("risk"),
            blocked: odd("blocked"),
            ..self
        }
    }

    /// One that shows each audit that Graph notes sign-ins and leave dates.
    pub(super) fn anchor(self) -> Self {
        Self { leave: Leave::Far, ..self }
    }
}

fn human(number: u32) -> Person {
    Person::Human(1 + number)
}

/// Some of the first four; at least one.
fn humans(draw: Draw, what: &str) -> BTreeSet<Person> {
    let draw = draw.of(what, 0);
    let some = (0..4).filter(|n| draw.one_in(&n.to_string(), 3));
    some.chain([draw.below("one", 4)]).map(human).collect()
}
