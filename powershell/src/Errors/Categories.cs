using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>PowerShell's category of every kind of problem.</summary>
internal static class Categories
{
    /// <summary>The category of a kind; of one that a newer native library has, none in particular.</summary>
    internal static ErrorCategory Of(ProblemKind kind) => kind switch
    {
        ProblemKind.NotFound => ErrorCategory.ObjectNotFound,
        ProblemKind.Exists => ErrorCategory.ResourceExists,
        ProblemKind.InvalidInput => ErrorCategory.InvalidData,
        ProblemKind.Denied => ErrorCategory.PermissionDenied,
        ProblemKind.SignIn => ErrorCategory.AuthenticationError,
        ProblemKind.Quota => ErrorCategory.QuotaExceeded,
        ProblemKind.Busy => ErrorCategory.ResourceBusy,
        ProblemKind.Timeout => ErrorCategory.OperationTimeout,
        ProblemKind.Network => ErrorCategory.ConnectionError,
        ProblemKind.Cancelled => ErrorCategory.OperationStopped,
        ProblemKind.OutcomeUnknown or ProblemKind.Defect => ErrorCategory.InvalidResult,
        _ => ErrorCategory.NotSpecified,
    };
}
