using System;
using System.Threading;

namespace AgentUsers;

/// <summary>
/// An operation was cancelled, in good order: what was under way was finished. What was done is in the reports.
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

    /// <summary>What was done before, where the operation changes one agent user.</summary>
    public ProvisionReport? Report { get; }

    /// <summary>How many rows ended how, where the operation was a roster.</summary>
    public RosterSummary? Summary { get; }
}
