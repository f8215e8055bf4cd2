//! When an operation makes a request that it does not make always.

use serde::Serialize;

macro_rules! conditions {
    ($($(#[doc = $doc:literal])+ $variant:ident $when:literal;)*) => {
        /// When an operation makes a request that it does not make always.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "camelCase")]
        #[non_exhaustive]
        pub enum Condition {
            $($(#[doc = $doc])+ $variant,)*
        }

        impl Condition {
            /// The condition, as words that begin with "where".
            #[must_use]
            pub const fn when(self) -> &'static str {
                match self { $(Self::$variant => $when,)* }
            }
        }
    };
}

conditions! {
    /// A manager is named.
    Manager "where a manager is named";
    /// Sponsors are named.
    Sponsors "where sponsors are named";
    /// Groups are named.
    Groups "where groups are named";
    /// Licenses are named.
    Licenses "where licenses are named";
    /// Licenses are expected from groups.
    LicenseGroups "where licenses are expected from groups";
    /// The mailbox or Teams is waited for.
    Services "where the mailbox or Teams is waited for";
    /// OneDrive is waited for.
    OneDrive "where OneDrive is waited for";
    /// `employeeLeaveDateTime` is read or written.
    LeaveDate "where employeeLeaveDateTime is read or written";
    /// `customSecurityAttributes` are read or written.
    SecurityAttributes "where customSecurityAttributes are read or written";
    /// The agent user is named by the user principal name that it had.
    DeletedByName "where it is named by the user principal name that it had";
    /// The agent user is to be deleted, which is so unless another end is asked for.
    Deleted "where it is to be deleted, as it is unless `until` says otherwise";
    /// The agent user is to be deleted for ever.
    Purged "where it is to be deleted for ever";
    /// Licenses are taken first.
    SeatsFreed "where licenses are taken first";
    /// It leaves its groups first.
    GroupsLeft "where it leaves its groups first";
    /// The agent user is in the recycle bin already.
    InBin "where it is in the recycle bin already";
    /// The agent user was restored meanwhile.
    Restored "where it was restored meanwhile";
    /// The request is for agent identities without an agent user.
    WithoutAgentUser "where those without an agent user are asked for";
    /// A user is named.
    OfUser "where a user is named";
    /// A blueprint is named.
    OfBlueprint "where a blueprint is named";
    /// A blueprint is named by an object id.
    BlueprintByObjectId "where a blueprint is named by an object id";
    /// The blueprint is not found.
    BlueprintGone "where the blueprint is not found";
    /// The token is opaque: it shows neither its tenant nor its permissions.
    TokenOpaque "where the token is opaque, so that it does not show its tenant or its permissions";
    /// Some of several permissions of a grant are left.
    GrantStays "where other permissions of the grant are left";
    /// There is a grant, or an entry, already.
    EntryExists "where there is an entry already";
    /// The doctor probes.
    Probe "where it probes";
    /// The doctor probes by writes.
    ProbeWrites "where it probes by writes";
    /// Such an operation is among many.
    Among "where such an operation is among them";
    /// The plan is of this verb.
    VerbDelete "where the verb is delete, or findings are mended so";
    /// The plan is of this verb.
    VerbRestore "where the verb is restore, or findings are mended so";
    /// The plan is of this verb.
    VerbPurge "where the verb is purge";
    /// The plan is of these verbs.
    VerbSwitch "where the verb is enable or disable, or findings are mended so";
    /// The plan is of this verb.
    VerbLicense "where the verb is license, or findings are mended so";
    /// Findings are mended by attesting parents.
    Attested "where parents are attested, as findings are mended";
    /// The plan is of this verb.
    VerbRetire "where the verb is retire";
    /// The plan is of this verb.
    VerbHandover "where the verb is handover";
    /// The plan is of this verb.
    VerbContain "where the verb is contain";
    /// An agent identity is named.
    OfIdentity "where an agent identity is named";
    /// Accounts are never stopped.
    Exceptions "where accounts are named that are never stopped";
    /// Agent identities or principals of blueprints were disabled.
    Contained "where the reports are of agent identities or principals that were disabled";
    /// A group takes over.
    GroupFollows "where a group takes over";
    /// The relationships of a leaver do not answer.
    ReadByLists "where directReports or sponsorOf does not answer, as sponsorOf does not to applications";
    /// A person is named.
    Person "where a person is named";
    /// No person is named.
    OwnPerson "where no person is named, so that it is the signed-in one";
    /// The plan is of a roster.
    VerbRoster "where it is the plan of a roster";
}
