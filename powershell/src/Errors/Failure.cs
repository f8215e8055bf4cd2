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
    internal static ErrorRecord Record(Problem problem, object? target, Exception? cause = null) => cause is PromptException
        ? Record(new AgentUserException(problem, inner: cause), ProblemCodes.NoBrowser, ErrorCategory.AuthenticationError, target, cause.Message, PromptException.Fix)
        : Record(
            new AgentUserException(problem, inner: cause), problem.Code, Categories.Of(problem.Kind), target, Message(problem), Fix(problem, problem.Code));

    /// <summary>The record of a row that failed. The message names the row, because many rows can fail alike.</summary>
    internal static ErrorRecord OfReport(ProvisionReport report, Problem problem, PSAgentUserReport target, Exception? cause) =>
        Record(
            new AgentUserException(problem, inner: cause), problem.Code, Categories.Of(problem.Kind), target,
            FormattableString.Invariant($"Row {report.Row}, {report.UserPrincipalName}: {Message(problem)}"), Fix(problem, problem.Code));

    /// <summary>The record of one violation of a roster.</summary>
    internal static ErrorRecord OfRow(Problem problem, RowError error)
    {
        var violation = new PSAgentUserViolation(error);
        return Record(
            new AgentUserException(problem), violation.Code, ErrorCategory.InvalidData, violation, violation.ToString(), violation.Fix);
    }

    /// <summary>The record of everything that is wrong with parameters: of one fault by its own code, of several as a list.</summary>
    internal static ErrorRecord OfParameters(Problem problem)
    {
        string code = problem.Violations.Count == 1 ? problem.Violations[0].Code : problem.Code;
        return Record(new AgentUserException(problem), code, ErrorCategory.InvalidArgument, null, Message(problem), Fix(problem, code));
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
            ? $"{violation.Field}: {violation.Message} ({violation.Code})"
            : FormattableString.Invariant($"{violation.Field}, character {violation.Position + 1}: {violation.Message} ({violation.Code})"));
        return $"{problem.Violations.Count} rules are broken.\n{string.Join("\n", rules)}";
    }

    private static string Fix(Problem problem, string code)
    {
        IEnumerable<string> fixes = problem.Violations.Count < 2
            ? [problem.Fix]
            : problem.Violations.Select(violation => $"{violation.Field}: {violation.Fix}").Distinct();
        string more = problem.Documentation is { } page ? $"See {page}" : $"Get-AgentUserErrorHelp {code} says more.";
        return string.Join(" ", fixes.Append(more));
    }
}
