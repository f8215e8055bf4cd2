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
    /// <param name="cmdlet">The cmdlet, the names of whose parameters stand in the text in the place of the operation's members.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="target">The item.</param>
    /// <param name="cause">The exception behind it.</param>
    internal static ErrorRecord Record(PSCmdlet cmdlet, Problem problem, object? target, Exception? cause = null) => cause is PromptException
        ? Record(new AgentUserException(problem, inner: cause), ProblemCodes.NoBrowser, ErrorCategory.AuthenticationError, target, cause.Message, PromptException.Fix)
        : Record(cmdlet, problem, target, cause, "");

    /// <summary>The record of a row that failed. The message names the row, because many rows can fail alike.</summary>
    internal static ErrorRecord OfReport(PSCmdlet cmdlet, ProvisionReport report, Problem problem, PSAgentUserReport target, Exception? cause) =>
        Record(cmdlet, problem, target, cause, FormattableString.Invariant($"Row {report.Row}, {report.UserPrincipalName}: "));

    /// <summary>The record of an object of a plan that failed. The message names it.</summary>
    internal static ErrorRecord OfObject(PSCmdlet cmdlet, ProvisionReport report, Problem problem, PSAgentUserReport target, Exception? cause)
    {
        string name = report.UserPrincipalName.Length > 0 ? report.UserPrincipalName : report.DisplayName ?? "";
        return Record(cmdlet, problem, target, cause, name.Length == 0 || Message(problem).Contains(name) ? "" : $"{name}: ");
    }

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
        string code = CodeOf(problem);
        return Record(
            new AgentUserException(problem), code, ErrorCategory.InvalidArgument, null, Words.Of(Message(problem)), Words.Of(Fix(problem, code)));
    }

    /// <summary>The code that tells most: that of the one rule that is broken, else that of the problem.</summary>
    private static string CodeOf(Problem problem) => problem.Violations.Count == 1 ? problem.Violations[0].Code : problem.Code;

    private static ErrorRecord Record(PSCmdlet cmdlet, Problem problem, object? target, Exception? cause, string before)
    {
        var names = new FieldNames(cmdlet);
        string code = CodeOf(problem);
        return Record(
            new AgentUserException(problem, inner: cause), code, Categories.Of(problem.Kind), target,
            before + names.In(Message(problem), problem), names.In(Fix(problem, code, (cmdlet as AgentUserCommand)?.MoreOf(problem, target)), problem));
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
        new(engine >= s_showsAction ? message : message + (fix.Contains("\n") ? '\n' : ' ') + fix) { RecommendedAction = fix };

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

    private static string Fix(Problem problem, string code, string? besides = null)
    {
        string more = problem.Documentation is { } page ? $"See {page}" : $"Get-AgentUserHelp {code} says more.";
        return problem.Violations.Count < 2
            ? $"{problem.Fix} {(besides is null ? "" : besides + " ")}{more}"
            : string.Join("\n", problem.Violations.Select(violation => $"{violation.Field}: {violation.Fix}").Distinct().Append(more));
    }
}
