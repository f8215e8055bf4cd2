using System;

namespace AgentUsers;

/// <summary>An operation failed. The message says what happened and what to do about it.</summary>
public sealed class AgentUserException : Exception
{
    /// <summary>Of a problem.</summary>
    /// <param name="problem">What went wrong.</param>
    /// <param name="report">What was done before it went wrong.</param>
    /// <param name="inner">What caused it: the exception of a token provider, for example.</param>
    public AgentUserException(Problem problem, ProvisionReport? report = null, Exception? inner = null)
        : base((problem ?? throw new ArgumentNullException(nameof(problem))).ToString(), inner)
    {
        Problem = problem;
        Report = report;
    }

    /// <summary>What went wrong, its cause and the fix.</summary>
    public Problem Problem { get; }

    /// <summary>What was done before it went wrong, where the operation changes something.</summary>
    public ProvisionReport? Report { get; }
}
