using System;
using System.Threading;

namespace AgentUsers;

/// <summary>
/// An operation was cancelled. Requests that were under way were finished, and the reports tell which changes were made.
/// </summary>
public sealed class AgentUserCanceledException : OperationCanceledException
{
    internal AgentUserCanceledException(
        string message, CancellationToken cancellationToken, ProvisionReport? report = null, RosterSummary? summary = null)
        : base(message, cancellationToken)
    {
        Report = report;
        Summary = summary;
    }

    /// <summary>The changes that were made before, if the operation changes one agent user; else null.</summary>
    public ProvisionReport? Report { get; }

    /// <summary>The number of rows by outcome, if the operation applies a roster; else null.</summary>
    public RosterSummary? Summary { get; }
}
