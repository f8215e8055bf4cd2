using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Makes error records: a stable id, a category, the item as target, and the fix as recommended action.</summary>
internal static class Failure
{
    /// <summary>The first version of PowerShell that shows the recommended action of an error.</summary>
    private static readonly Version s_showsAction = new(7, 5);

    /// <summary>The record of a problem.</summary>
    internal static ErrorRecord Record(Problem problem, object? target, Exception? cause = null) =>
        Record(
            new AgentUserException(problem, inner: cause), problem.Code, Categories.Of(problem.Kind), target, Message(problem), Fix(problem));

    /// <summary>The record of a row that failed. The message names the row, because many rows can fail alike.</summary>
    internal static ErrorRecord OfReport(ProvisionReport report, Problem problem, PSAgentUserReport target, Exception? cause) =>
        Record(
            new AgentUserException(problem, inner: cause), problem.Code, Categories.Of(problem.Kind), target,
            FormattableString.Invariant($"Row {report.Row}, {report.UserPrincipalName}: {Message(problem)}"), Fix(problem));

    /// <summary>The record of one violation of a roster.</summary>
    internal static ErrorRecord OfRow(Problem problem, RowError error)
    {
        var violation = new PSAgentUserViolation(error);
        return Record(
            new AgentUserException(problem), violation.Code, ErrorCategory.InvalidData, violation, violation.ToString(), violation.Fix);
    }

    /// <summary>The record of wrong parameters.</summary>
    internal static ErrorRecord Record(
        string id, ErrorCategory category, object? target, string message, string fix, Exception? cause = null) =>
        Record(cause ?? new InvalidOperationException(message), id, category, target, message, fix);

    private static ErrorRecord Record(
        Exception exception, string id, ErrorCategory category, object? target, string message, string fix) =>
        new(exception, id, category, target) { ErrorDetails = Details(message, fix, typeof(PSObject).Assembly.GetName().Version) };

    /// <summary>
    /// The shown text. Older versions do not show the recommended action, so there it ends the message.
    /// </summary>
    internal static ErrorDetails Details(string message, string fix, Version engine) =>
        new(engine >= s_showsAction ? message : $"{message} {fix}") { RecommendedAction = fix };

    private static string Message(Problem problem)
    {
        if (problem.RetryAfter is { } wait)
            return FormattableString.Invariant($"{problem.Message} The server asks to wait {wait.TotalSeconds:0} s.");
        if (problem.Violations.Count < 2)
            return problem.Message;
        IEnumerable<string> rules = problem.Violations.Select(violation => violation.Position is null
            ? $"{violation.Field}: {violation.Message}"
            : FormattableString.Invariant($"{violation.Field}, character {violation.Position + 1}: {violation.Message}"));
        return $"{problem.Violations.Count} rules are broken. {string.Join(" ", rules)}";
    }

    private static string Fix(Problem problem)
    {
        IEnumerable<string> fixes = problem.Violations.Count == 0 ? [problem.Fix] : problem.Violations.Select(violation => violation.Fix).Distinct();
        string more = problem.Documentation is { } page ? $"See {page}" : $"Get-AgentUserErrorHelp {problem.Code} says more.";
        return string.Join(" ", fixes.Append(more));
    }
}
