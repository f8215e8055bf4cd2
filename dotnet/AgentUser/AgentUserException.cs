using System;

namespace AgentUsers;

/// <summary>An operation failed. The message says what happened and how to fix it.</summary>
public sealed class AgentUserException : Exception
{
    /// <summary>Makes the exception of a problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="report">The report of the changes made before, if there is one.</param>
    /// <param name="inner">The exception that caused it, such as a token provider's.</param>
    public AgentUserException(Problem problem, ProvisionReport? report = null, Exception? inner = null)
        : base((problem ?? throw new ArgumentNullException(nameof(problem))).ToString(), inner)
    {
        Problem = problem;
        Report = report;
        HelpLink = problem.Documentation;
    }

    /// <summary>The problem, with its likely cause and the fix.</summary>
    public Problem Problem { get; }

    /// <summary>The stage reached and the changes made before the problem; null if the operation changes nothing.</summary>
    public ProvisionReport? Report { get; }
}
