using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers.PowerShell;

/// <summary>The report of an operation on one agent user: its outcome, the stage it reached, and the changes, made or planned.</summary>
public sealed class PSAgentUserReport
{
    internal PSAgentUserReport(ProvisionReport report)
    {
        Row = report.Row;
        UserPrincipalName = report.UserPrincipalName;
        Id = report.Id;
        IdentityParentId = report.IdentityParentId;
        Outcome = report.Json["outcome"]?.AsString() ?? "";
        Stage = report.Json["stage"]?.AsString() ?? "";
        Changes = new(report.Changes.Select(change => new PSAgentUserChange(change)));
        Remarks = new(report.Remarks.Select(remark => remark.Message));
        Problem = report.Problem is null ? null : new PSAgentUserProblem(report.Problem);
    }

    /// <summary>The row's number in its roster, as a spreadsheet counts; null for a single agent user.</summary>
    public int? Row { get; }

    /// <summary>The sign-in name: the declared one, and once the agent user exists, the present one.</summary>
    public string UserPrincipalName { get; }

    /// <summary>The object id; null until the agent user exists.</summary>
    public Guid? Id { get; }

    /// <summary>The parent's object id.</summary>
    public Guid? IdentityParentId { get; }

    /// <summary>
    /// <c>created</c>, <c>changed</c>, <c>unchanged</c>, <c>planned</c>, <c>failed</c> or <c>cancelled</c>.
    /// </summary>
    public string Outcome { get; }

    /// <summary>The furthest stage that was reached, such as <c>licensed</c>.</summary>
    public string Stage { get; }

    /// <summary>The differences from the declared state, each made or planned.</summary>
    public JoinedList<PSAgentUserChange> Changes { get; }

    /// <summary>Sentences beside the outcome: what was noticed and ended nothing.</summary>
    public JoinedList<string> Remarks { get; }

    /// <summary>The problem; null if there was none.</summary>
    public PSAgentUserProblem? Problem { get; }

    /// <summary>The sign-in name and the outcome.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{UserPrincipalName} {Outcome}";
}

/// <summary>One change of an agent user.</summary>
public sealed class PSAgentUserChange
{
    private readonly string _words;

    internal PSAgentUserChange(Change change)
    {
        _words = change.ToString();
        Change = change.Kind.ToString();
        Member = change.Member;
        From = Text(change.From);
        To = Text(change.To) ?? change.Target ?? change.UserPrincipalName;
        DisabledPlans = new(change.DisabledPlans);
        Applied = change.IsApplied;
    }

    /// <summary><c>Create</c>, <c>Set</c>, <c>AddLicense</c>, <c>SetManager</c> and so on.</summary>
    public string Change { get; }

    /// <summary>With <c>Set</c>: the member, by Graph's name.</summary>
    public string? Member { get; }

    /// <summary>With <c>Set</c>: the present value.</summary>
    public string? From { get; }

    /// <summary>The new value; or the sponsor, manager, license or name that the change is about.</summary>
    public string? To { get; }

    /// <summary>With <c>AddLicense</c> and <c>SetDisabledPlans</c>: the names of the service plans that are off.</summary>
    public JoinedList<string> DisabledPlans { get; }

    /// <summary>Whether the change was made. A plan makes none.</summary>
    public bool Applied { get; }

    /// <summary>The change in words.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => _words;

    private static string? Text(object? value) => value is null ? null : value as string ?? PlainValues.ToJson(value).ToString();
}

/// <summary>An error, with its likely cause and the fix.</summary>
public sealed class PSAgentUserProblem
{
    internal PSAgentUserProblem(Problem problem)
    {
        Code = problem.Code;
        Kind = problem.Kind;
        Message = problem.Message;
        Cause = problem.Cause;
        Fix = problem.Fix;
        Permissions = new(problem.Permissions);
        Field = problem.Field;
        Status = problem.Status;
        GraphCode = problem.GraphCode;
        GraphMessage = problem.GraphMessage;
        Claims = problem.Claims;
        RequestId = problem.RequestId;
        ClientRequestId = problem.ClientRequestId;
        RunId = problem.RunId;
        RetryAfter = problem.RetryAfter;
        Transient = problem.IsTransient;
        Documentation = problem.Documentation;
        Others = [.. problem.Others.Select(other => new PSAgentUserProblem(other))];
    }

    /// <summary>The stable code, such as <c>ParentNotFound</c>.</summary>
    public string Code { get; }

    /// <summary>The kind of the code, such as <c>NotFound</c>.</summary>
    public ProblemKind Kind { get; }

    /// <summary>One sentence that says what happened.</summary>
    public string Message { get; }

    /// <summary>The likely cause.</summary>
    public string Cause { get; }

    /// <summary>The fix.</summary>
    public string Fix { get; }

    /// <summary>The permissions of which one is missing, least privileged first.</summary>
    public JoinedList<string> Permissions { get; }

    /// <summary>The field at fault, by Graph's name.</summary>
    public string? Field { get; }

    /// <summary>The HTTP status; null if no server answered.</summary>
    public int? Status { get; }

    /// <summary>The server's own error code.</summary>
    public string? GraphCode { get; }

    /// <summary>The server's own message.</summary>
    public string? GraphMessage { get; }

    /// <summary>The claims that the next sign-in must carry, as JSON; null if the server's answer is not a claims challenge.</summary>
    public string? Claims { get; }

    /// <summary>The server's id of the request, for Microsoft's support.</summary>
    public string? RequestId { get; }

    /// <summary>The client-request-id of the request that failed, by which Graph's activity logs name it.</summary>
    public string? ClientRequestId { get; }

    /// <summary>The run, which the User-Agent of its requests names.</summary>
    public string? RunId { get; }

    /// <summary>The wait that the server asked for; null if it asked for none.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether the same request may succeed later without a change.</summary>
    public bool Transient { get; }

    /// <summary>Microsoft's page that explains it, where there is one.</summary>
    public string? Documentation { get; }

    /// <summary>The other problems that were found at the same time; the message names them, too.</summary>
    public IReadOnlyList<PSAgentUserProblem> Others { get; }

    /// <summary>Code, message and fix.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Code}: {Message} {Fix}";
}
