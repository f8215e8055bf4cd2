//! Deliberate mistakes, as a wrong library would make them: each shows that an invariant can fail.

/// A mistake that is made between the library and the tenant, or in what the library says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sabotage {
    /// An object outside the scope is disabled.
    StopsAnother,
    /// A write during an operation that only reads.
    WritesWhileReading,
    /// A plan's agent user gets another title, of which the plan says nothing.
    ChangesUnplanned,
    /// The leaver goes before the one who follows is there.
    RemovesSponsorFirst,
    /// A report forgets the last change that was made.
    ForgetsChange,
    /// Undoing enables an agent user that was disabled before.
    BringsBackMore,
    /// An audit calls clean what it could not check.
    CallsUnknownClean,
    /// An audit leaves a finding out.
    LeavesFindingOut,
    /// An audit finds what is not there.
    InventsFinding,
    /// A part of an agent user's access that could not be read is said to be empty.
    CallsUnreadEmpty,
    /// A list of agent identities lacks one.
    LeavesIdentityOut,
    /// A chain with an unread part is called sound.
    CallsChainSound,
}
