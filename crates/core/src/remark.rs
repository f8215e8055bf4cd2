//! Sentences beside a result: what was noticed and ends nothing.

use crate::codes::codes;
use crate::plain::plain;
use serde::Serialize;
use std::fmt;

codes! {
    /// The stable code of a remark. It is serialised as its name, which never changes.
    RemarkCode {
        Utf16Read: "The roster is in UTF-16 with a byte order mark, and was read as such.";
        SeparatorLine: "The roster begins with Excel's line sep=…, which names the separator.";
        TypeLine: "The roster begins with the line #TYPE … that Export-Csv of Windows PowerShell writes.";
        PortalTemplate: "The roster's columns are those of the Entra portal's files.";
        EmptyColumns: "The roster has columns without a name and without values, which are left alone.";
        ReadOnlyColumns: "The roster has columns that Graph alone writes, which are left alone.";
        OneObject: "The roster is one JSON object, which is its only row.";
        ValueAndCount: "The roster's JSON has its rows in a member value.";
        JsonLines: "The roster has one JSON object after the other, without an array around them.";
        NicknameChanges: "Exchange changes the mail nickname when it makes a mailbox.";
        LicenseInherited: "A license that is wanted comes from a group already, and is not assigned directly as well.";
        StillInherited: "A license that is removed is still there by a group.";
        LicenseInError: "A license is assigned and in error.";
        GraceSeats: "No paid seat is free, but some of a subscription that has run out: Graph decides.";
        MembershipNeeded: "A license comes once the agent user is a member of a group.";
        CreateUnanswered: "A create was not answered, and the agent user was found afterwards: another run may have created it.";
        MailboxNotByCreation: "Microsoft's word on mailboxes of accounts that Graph creates.";
        NewTokenNeeded: "A permission that was just granted is in new tokens only, after a minute or two.";
        GrantedForAll: "A permission that was revoked for a user is granted for all users, too, or that could not be read.";
        InheritanceNeedsGrant: "Permissions that a blueprint lets its agent identities inherit must be granted to the blueprint's principal, too.";
        PermissionUnseen: "Whether the token carries the permission can't be seen.";
        TokenOpaque: "The token is not a JSON Web Token, so that it tells nothing of itself.";
        TokenForAnother: "The token is for another service than this Microsoft Graph.";
        TokenExpired: "The token has expired, or is not valid yet.";
        TokenWritesDirectory: "The token carries Directory.ReadWrite.All, beside which Graph may ignore its agent permissions.";
        NoActiveRole: "The signed-in person has no active Entra role that allows it.";
        TokenActsAsUser: "The token carries Directory.AccessAsUser.All, beside which Graph ignores its agent permissions.";
        RetirementLoses: "The losses when an agent user is retired, and their first day.";
        GroupNotLeft: "A group that an agent user stays in when it is retired, with the reason and who can change that.";
        EndsWithDeletion: "Permissions that were granted for an agent user, which end with its deletion, or that could not be read.";
        ManagerOfOthers: "The agent user that is retired is the manager of others, or that could not be read.";
        NotBroughtBack: "A part of an agent user that a restore does not bring back.";
        OnlyExchangeCan: "Ways to keep the data of an agent user that Graph lacks, as commands of Exchange and SharePoint.";
        TokensLiveOn: "How long access tokens that are out may live after their holder was stopped.";
        NotStopped: "An account is among those that are never stopped, and was left alone.";
        ExceptionNotFound: "An account that is never to be stopped does not exist.";
        NoPrincipal: "A blueprint that is contained has no principal in the tenant.";
        NotContained: "Something below a blueprint that is contained could not be read, and so was not stopped.";
        HandedOver: "How many agent users of a leaver were found, and by which calls.";
        NotHandedOver: "Something of a leaver that is not handed over, and which permission that needs.";
        ChainMissing: "A blueprint or its principal is not there.";
        ChainDisabled: "A blueprint, its principal, agent identities or agent users are disabled.";
        ChainDeleted: "Something between a blueprint and its agent users is in the recycle bin, from which it can be restored.";
        SingleInstance: "A single-instance agent identity has no blueprint principal, by design.";
        SeveralAgentUsers: "An agent identity has more than one agent user.";
        ChainNotRead: "A part between a blueprint and its agent users could not be read, so that nothing is known of it.";
        LifecycleAction: "A lifecycle policy of Microsoft will disable or delete an agent identity.";
        NotCompliant: "An agent identity is not compliant with a lifecycle policy, such as when its attestation is due.";
        ShownByNoCall: "No call shows when the address list, the organization chart and people search know the agent user.";
    }
}

/// A remark: an observation that does not end the operation, as a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Remark {
    /// Stable code, such as `ReadOnlyColumns`.
    pub code: RemarkCode,
    /// The remark, in full sentences.
    pub message: String,
}

impl Remark {
    /// A remark with that code.
    #[must_use]
    pub fn new(code: RemarkCode, message: impl Into<String>) -> Self {
        Self { code, message: plain(message.into().into()).into_owned() }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
