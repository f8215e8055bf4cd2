//! The questions that no page of Microsoft answers, or that its pages answer in two ways (docs/graph.md#contradictions).

use serde::Serialize;

/// How a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum QuestionHow {
    /// By reads.
    Reads,
    /// By writes to an agent user that is made for it, and deleted.
    Writes,
    /// Not at all, because of this.
    NotAsked(&'static str),
}

macro_rules! questions {
    ($($variant:ident $id:literal $how:expr, $asks:literal;)*) => {
        /// A question to Graph.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum Question {
            $(#[doc = $asks] $variant,)*
        }

        impl Question {
            /// Every question.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name, which never changes.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// The question.
            #[must_use]
            pub const fn asks(self) -> &'static str {
                match self { $(Self::$variant => $asks,)* }
            }

            /// How it is asked.
            #[must_use]
            pub const fn how(self) -> QuestionHow {
                match self { $(Self::$variant => $how,)* }
            }
        }
    };
}

use QuestionHow::{NotAsked, Reads, Writes};

const SIGN_IN: QuestionHow = NotAsked("It is about the sign-in, which a probe of Graph does not make.");
const TENANT: QuestionHow = NotAsked("It would change objects of the tenant that the probe did not make.");

questions! {
    ParentIdByDefault "parent-id-by-default" Reads,
        "Does a read of an agent user without $select and without the cast show identityParentId?";
    CastOmitsType "cast-omits-type" Reads, "Does a read of an agent identity through the cast name the type?";
    SponsorMembers "sponsor-members" Reads, "Do sponsors come with their members, or with their ids alone?";
    ManagerUnset "manager-unset" Reads, "What is the answer for the manager of an agent user that has none?";
    ErrorEnvelope "error-envelope" Reads, "How are the members of an error spelled, and what is the code of an unknown user?";
    LargePage "large-page" Reads, "What is the answer to $top=1000?";
    EmptyPage "empty-page" Reads, "Can a page be empty and have a next link?";
    CreatedFilter "created-filter" Reads, "Does a filter on createdDateTime of users need the advanced parameters?";
    FilterCase "filter-case" Reads, "Does a filter compare text without regard to letter case?";
    FilterComparison "filter-comparison" Reads, "Do gt and lt go where ge and le go?";
    FilterIsOf "filter-is-of" Reads, "Does isof work without the advanced parameters?";
    FilterType "filter-type" Reads, "What is the answer to a filter whose value has another type?";
    SelectUnknown "select-unknown" Reads, "What is the answer to $select with a name that no type declares?";
    OptionTwice "option-twice" Reads, "What is the answer to a query option that is there twice?";
    BinName "bin-name" Reads, "Does the name of a deleted user begin with its object id?";
    LeaveDate "leave-date" Reads, "What is the answer for employeeLeaveDateTime without its permission?";
    ReportBeforeRun "report-before-run" Reads, "What is the answer for the subjects of a lifecycle policy?";
    Clock "clock" Reads, "How far is the server's clock from this machine's?";
    UpnConflict "upn-conflict" Writes, "How is a create refused whose user principal name is taken?";
    UpnConflictFirst "upn-conflict-first" Writes,
        "Which is named by a create whose parent has an agent user and whose user principal name is taken?";
    ParentMissing "parent-missing" Writes, "How is a create refused whose parent does not exist?";
    PasswordProfile "password-profile" Writes, "What does a create do with passwordProfile?";
    CreatedMembers "created-members" Writes, "Which members does the answer to a create have, and is mail filled?";
    EarlyWrite "early-write" Writes, "Does a write work at once after the create, and what does a PATCH answer?";
    UsageLocation "usage-location" Writes, "Can usageLocation be set at once after the create?";
    ParentIdInPatch "parent-id-in-patch" Writes, "What does a PATCH do with another identityParentId?";
    LicensesInPatch "licenses-in-patch" Writes, "What does a PATCH do with assignedLicenses?";
    UndeclaredMember "undeclared-member" Writes, "What does a PATCH do with a member that no type declares?";
    ReadOnlyMember "read-only-member" Writes, "What does a PATCH do with a member of the service?";
    WrongType "wrong-type" Writes, "What does a PATCH do with a value of another type?";
    NicknameTaken "nickname-taken" Writes, "Must a mail nickname be unique?";
    DeletedHolds "deleted-holds" Writes, "Does a deleted agent user hold its parent and its name?";
    RestoredMembers "restored-members" Writes, "Which members does the answer to a restore have?";
    PermanentDelete "permanent-delete" Writes, "May this caller delete a user for ever?";
    UniquenessLags "uniqueness-lags"
        NotAsked("Only two creates within the lag could tell, and a wrong answer leaves two agent users."),
        "Is uniqueness checked where Graph writes, or on what has replicated?";
    Cascade "cascade" TENANT, "Is an agent user deleted with its agent identity?";
    Mailbox "mailbox" NotAsked("It needs a license, and up to a day of waiting."),
        "Does an agent user that is made through Graph get a mailbox?";
    AssignAgain "assign-again" NotAsked("It needs a seat of a license."),
        "What is the answer to a license that is assigned already?";
    DirectoryReadWrite "directory-read-write" NotAsked("It needs a token with Directory.ReadWrite.All beside agent permissions."),
        "Does Directory.ReadWrite.All make agent permissions void?";
    SignIn "sign-in" SIGN_IN, "How does the sign-in answer, and what do its tokens have?";
    Governance "governance" NotAsked("It is in beta, or is about roles, Conditional Access, risk and sign-ins of the tenant."),
        "What do the calls of governance answer for agent users?";
    OtherObjects "other-objects" TENANT, "How do groups, applications, grants and credentials answer?";
    Deltas "deltas" NotAsked("The library asks for no deltas."), "What does a delta of users hold?";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_json() {
        for question in Question::ALL {
            assert_eq!(serde_json::to_value(question).unwrap(), question.id());
            assert!(question.asks().ends_with('?'), "{question:?}");
        }
    }
}
