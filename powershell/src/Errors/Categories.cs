using System.Collections.Generic;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>PowerShell's category of every problem code, by the chapters of docs/errors.md.</summary>
internal static class Categories
{
    private static readonly Dictionary<string, ErrorCategory> s_categories = Table();

    /// <summary>The category of a code; of a code that a newer native library has, none in particular.</summary>
    internal static ErrorCategory Of(string code) =>
        s_categories.TryGetValue(code, out ErrorCategory category) ? category : ErrorCategory.NotSpecified;

    private static Dictionary<string, ErrorCategory> Table()
    {
        var table = new Dictionary<string, ErrorCategory>();
        void Add(ErrorCategory category, params string[] codes)
        {
            foreach (string code in codes)
                table.Add(code, category);
        }

        // Input
        Add(ErrorCategory.InvalidData, "Invalid", "RosterUnreadable", "RosterInvalid", "ManagerRowFailed");

        // Parent
        Add(ErrorCategory.ObjectNotFound, "ParentNotFound", "ParentNotVisibleYet");
        Add(ErrorCategory.InvalidArgument, "ParentIsAppId", "ParentIsServicePrincipal", "ParentIsBlueprintPrincipal");
        Add(ErrorCategory.InvalidOperation, "ParentDisabled", "ParentDisabledByMicrosoft");
        Add(ErrorCategory.ResourceExists, "ParentHasAnotherUser", "ParentHeldByDeletedUser");

        // Names and addresses
        Add(ErrorCategory.ResourceExists, "UpnTaken", "UpnHeldByDeletedUser", "MailNicknameTaken", "ProxyAddressTaken");
        Add(ErrorCategory.InvalidArgument, "DomainNotVerified");

        // Agent users
        Add(ErrorCategory.ObjectNotFound, "NotFound", "NotVisibleYet", "DeletedItemNotFound");
        Add(ErrorCategory.ResourceExists, "AlreadyExists", "Conflict", "RestoreConflict");
        Add(ErrorCategory.InvalidType, "NotAnAgentUser");
        Add(ErrorCategory.InvalidOperation, "PropertyNotApplicable", "PermanentDeleteUnsupported");

        // Managers and sponsors
        Add(ErrorCategory.ObjectNotFound, "ManagerNotFound", "ManagerNotSet", "SponsorNotFound", "SponsorNotSet");
        Add(ErrorCategory.ResourceExists, "SponsorAlreadySet");
        Add(ErrorCategory.InvalidOperation, "SponsorRequired");

        // Licenses and readiness
        Add(ErrorCategory.ObjectNotFound, "SkuNotFound");
        Add(ErrorCategory.QuotaExceeded, "NoFreeSeats", "LicenseCountViolation");
        Add(
            ErrorCategory.InvalidOperation,
            "SkuNotAssignableToUsers", "LicenseNeedsUsageLocation", "LicenseInherited", "LicenseRefused", "LicenseMutuallyExclusive",
            "LicenseDependencyMissing", "LicenseProhibitedInLocation", "LicenseUniquenessViolation", "LicenseError");
        Add(ErrorCategory.OperationTimeout, "LicenseNotActive", "MailboxNotReady", "TeamsNotReady");

        // Permissions and tokens
        Add(ErrorCategory.PermissionDenied, "PermissionMissing", "PermissionIgnored", "CallerNotAllowed");
        Add(ErrorCategory.AuthenticationError, "TokenMissing", "TokenExpired", "TokenRejected", "ClaimsChallenge");

        // Sign-in
        Add(
            ErrorCategory.AuthenticationError,
            "SignInSecretWrong", "SignInSecretExpired", "SignInAssertionRejected", "SignInAssertionOutOfTime", "SignInNoCredential",
            "SignInCertificateInvalid", "SignInClientUnknown", "SignInNoMatchingTrust", "SignInFederatedTokenNotAppOnly",
            "SignInAppOnlyRefused", "SignInBlueprintOnBehalfOf", "SignInNoInteractiveConsent", "SignInUserTokenAudience",
            "SignInConsentMissing", "SignInUpnAsUserId", "SignInScopeInvalid", "SignInResourceUnknown", "SignInTenantUnknown",
            "SignInRedirectType", "SignInBlockedByPolicy", "SignInClientRefused", "SignInRefused", "SignInUnavailable");

        // Agent identity platform
        Add(ErrorCategory.QuotaExceeded, "QuotaExceeded", "BlueprintLimit", "IdentityLimit");
        Add(
            ErrorCategory.InvalidOperation,
            "BlueprintIncompatibleProperty", "BlueprintPrincipalIncompatibleProperty", "IdentityIncompatibleProperty",
            "PropertyNotCompatibleWithAgentIdentity", "ApiVersionUnsupported", "BlueprintPrincipalNeedsBlueprint",
            "BlueprintPrincipalMissing", "IdentityCredentialsUnsupported", "IdentityParentIncompatible",
            "BlueprintCannotCreateIdentity", "IdentityCannotCreateIdentity", "IdentitySelfCreateRequired");

        // Service
        Add(ErrorCategory.InvalidArgument, "RequestRefused", "PayloadTooLarge", "UnsupportedMediaType");
        Add(ErrorCategory.NotImplemented, "RequestUnsupported");
        Add(ErrorCategory.InvalidOperation, "PreconditionFailed", "DependencyFailed");
        Add(ErrorCategory.ResourceBusy, "Locked");
        Add(ErrorCategory.LimitsExceeded, "Throttled");
        Add(ErrorCategory.ResourceUnavailable, "ServiceUnavailable", "ServerError");
        Add(ErrorCategory.QuotaExceeded, "StorageFull");

        // Network
        Add(ErrorCategory.ConnectionError, "Unreachable", "ConnectionLost");
        Add(ErrorCategory.OperationTimeout, "TimedOut");
        Add(ErrorCategory.ProtocolError, "BadAnswer", "AnswerTooLarge", "Redirected");
        Add(ErrorCategory.SecurityError, "ForeignNextLink");

        // Operation
        Add(ErrorCategory.OperationTimeout, "NotVisibleInTime", "DeadlineExceeded");
        Add(ErrorCategory.OperationStopped, "Cancelled");
        Add(ErrorCategory.InvalidResult, "OutcomeUnknown", "Internal");
        return table;
    }
}
