//! Every rule's stable code and what it means: the table behind docs/errors.md.

use crate::codes::codes;

codes! {
    /// The stable code of a broken rule. It is serialised as its name, which never changes.
    RuleCode {
        Required: "A required member is missing or empty.";
        Blank: "The text is empty or only white space.";
        WrongKind: "The value has the wrong kind, such as a text where true or false is expected.";
        NotClearable: "The member cannot be set to null or to no values.";
        Repeated: "The same member is given more than once.";
        ValueTooLong: "The text has more characters than the member can hold.";
        NotAValue: "The text is what a program writes where it has no value, such as #N/A or System.Object[].";
        TooManyValues: "The set has more values than the member can hold.";
        ControlCharacter: "The text contains a control character.";
        SurroundingWhiteSpace: "The text begins or ends with white space.";
        UpnMissingAt: "The user principal name has no @.";
        UpnTwoAts: "The user principal name has more than one @.";
        UpnCharacter: "The user principal name contains a character that is not allowed in one.";
        UpnLocalPartEmpty: "The user principal name has nothing before the @.";
        UpnDotBeforeAt: "The user principal name has a dot immediately before the @.";
        UpnTooLong: "The user principal name is longer than 113 characters.";
        UpnLocalPartTooLong: "The user principal name has more than 64 characters before the @.";
        UpnDomainTooLong: "The user principal name has more than 48 characters after the @.";
        UpnDomainShape: "The part of the user principal name after the @ is not a domain name.";
        UpnDomainNotVerified: "The user principal name's domain is not a verified domain of the tenant.";
        MailNicknameCharacter: "The mail nickname contains a character that is not safe in one.";
        MailNicknameLeadingDot: "The mail nickname begins with a dot.";
        UsageLocationShape: "The usage location is not two letters.";
        UsageLocationUnknown: "The usage location is not an assigned ISO 3166-1 alpha-2 code.";
        UserTypeUnknown: "The user type is neither Member nor Guest.";
        MailMissingAt: "The mail address has no @.";
        MailTwoAts: "The mail address has more than one @.";
        MailCharacter: "The mail address contains an accent, white space or another character outside printable ASCII.";
        MailShape: "The mail address lacks a part, or what follows its @ is not a domain name.";
        NotADateTime: "The text is not an ISO 8601 date and time with a zone, or no such date exists.";
        MissingColumn: "The roster lacks a column that every agent user needs.";
        UnknownColumn: "The roster has a column that is not a property of an agent user.";
        RepeatedColumn: "The roster has the same column twice.";
        CellCount: "A row of the roster has more or fewer cells than the header.";
        DamagedQuotes: "A cell of the roster has a quote inside it, or text after the quote that closes it.";
        LineBreak: "A cell of the roster goes on in the next line, although its value is a single line.";
        RowNotAnObject: "An entry of the roster's JSON is not an object.";
        RepeatedParent: "Two rows of the roster name the same parent.";
        RepeatedUserPrincipalName: "Two rows of the roster name the same user principal name.";
        RepeatedMailNickname: "Two rows of the roster name the same mail nickname.";
        ManagerIsSelf: "An agent user is named as its own manager.";
        OutOfRange: "The number is below or above those that are allowed.";
        NotAnObjectId: "The text is not an object id or a client id (a GUID with hyphens).";
        UnknownKind: "The kind is not one of those that there are.";
        UnknownMember: "The object has a member that does not belong to it.";
        NotUsable: "The value can't be used here.";
        NotATenant: "The text is neither a GUID nor a domain.";
        SharedTenant: "The name stands for no tenant that this sign-in can use.";
        UserNameAsId: "A user principal name is given where an object id belongs.";
        IdAsUserName: "An object id is given where a user principal name belongs.";
        Contradiction: "Two members are given that contradict each other.";
        PermissionNameShape: "The text is not the name of a permission, such as User.Read.";
        NotAShard: "The text does not name a shard, the i-th of n parts of a roster.";
    }
}
