using System;
using System.Linq;

namespace AgentUsers.PowerShell;

/// <summary>What became, or would become, of one agent user.</summary>
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
        Problem = report.Problem is null ? null : new PSAgentUserProblem(report.Problem);
    }

    /// <summary>The row's number in its roster, as a spreadsheet counts; none for a single agent user.</summary>
    public int? Row { get; }

    /// <summary>Its sign-in name, as wanted and then as it is.</summary>
    public string UserPrincipalName { get; }

    /// <summary>Its object id, once there is one.</summary>
    public Guid? Id { get; }

    /// <summary>Its parent.</summary>
    public Guid? IdentityParentId { get; }

    /// <summary>
    /// <c>created</c>, <c>changed</c>, <c>unchanged</c>, <c>planned</c>, <c>failed</c> or <c>cancelled</c>.
    /// </summary>
    public string Outcome { get; }

    /// <summary>The furthest stage it reached, such as <c>licensed</c>.</summary>
    public string Stage { get; }

    /// <summary>What differed, and what of it was done.</summary>
    public JoinedList<PSAgentUserChange> Changes { get; }

    /// <summary>What went wrong.</summary>
    public PSAgentUserProblem? Problem { get; }

    /// <summary>Name and outcome.</summary>
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
        Applied = change.IsApplied;
    }

    /// <summary><c>Create</c>, <c>Set</c>, <c>AddLicense</c>, <c>SetManager</c> and the like.</summary>
    public string Change { get; }

    /// <summary>With <c>Set</c>: the member, by Graph's name.</summary>
    public string? Member { get; }

    /// <summary>With <c>Set</c>: the value it has.</summary>
    public string? From { get; }

    /// <summary>The value it gets, or the sponsor, manager, license or name it is about.</summary>
    public string? To { get; }

    /// <summary>Whether it was made. In a plan nothing was.</summary>
    public bool Applied { get; }

    /// <summary>The change in words.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => _words;

    private static string? Text(JsonValue? value) => value is null ? null : value.AsString() ?? value.ToString();
}

/// <summary>What went wrong, why, and how to fix it.</summary>
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
        RequestId = problem.RequestId;
        RetryAfter = problem.RetryAfter;
        Transient = problem.IsTransient;
        Documentation = problem.Documentation;
    }

    /// <summary>The stable code, such as <c>ParentNotFound</c>.</summary>
    public string Code { get; }

    /// <summary>What a script can do about it, such as <c>NotFound</c>.</summary>
    public ProblemKind Kind { get; }

    /// <summary>What happened, in one sentence.</summary>
    public string Message { get; }

    /// <summary>Why it likely happened.</summary>
    public string Cause { get; }

    /// <summary>What to do about it.</summary>
    public string Fix { get; }

    /// <summary>Permissions that would allow it, least privileged first.</summary>
    public JoinedList<string> Permissions { get; }

    /// <summary>The field at fault, by Graph's name.</summary>
    public string? Field { get; }

    /// <summary>The HTTP status, where a server answered.</summary>
    public int? Status { get; }

    /// <summary>The server's own error code.</summary>
    public string? GraphCode { get; }

    /// <summary>The server's own message.</summary>
    public string? GraphMessage { get; }

    /// <summary>The server's id of the request, for its support.</summary>
    public string? RequestId { get; }

    /// <summary>How long the server asked to wait.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether the same may succeed later without a change.</summary>
    public bool Transient { get; }

    /// <summary>Microsoft's page that explains it, where there is one.</summary>
    public string? Documentation { get; }

    /// <summary>Code, message and fix.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Code}: {Message} {Fix}";
}
