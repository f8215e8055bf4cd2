using System;
using System.Linq;

namespace AgentUsers.PowerShell;

/// <summary>The report of an operation on one agent user: its outcome, the stage it reached, and the changes, made or planned.</summary>
public sealed class PSAgentUserReport
{
    private readonly ProvisionReport? _report;

    /// <summary>Makes a report without anything, for scripts and their tests.</summary>
    public PSAgentUserReport()
    {
    }

    internal PSAgentUserReport(ProvisionReport report)
    {
        _report = report;
        Row = report.Row;
        UserPrincipalName = report.UserPrincipalName;
        Id = report.Id;
        IdentityParentId = report.IdentityParentId;
        DisplayName = report.DisplayName;
        Kind = report.Kind is null ? null : Plain.Pascal(report.Kind);
        Outcome = Plain.Pascal(report.Json["outcome"]?.AsString());
        Stage = Plain.Pascal(report.Json["stage"]?.AsString());
        Changes = new(report.Changes.Select(change => new PSAgentUserChange(change)));
        Remarks = new(Words.Of(report.Remarks));
        Problem = report.Problem is null ? null : new PSAgentUserProblem(report.Problem);
    }

    /// <summary>The row's number in its roster, as a spreadsheet counts; null for a single agent user.</summary>
    public int? Row { get; set; }

    /// <summary>The sign-in name: the declared one, and once the agent user exists, the present one.</summary>
    public string UserPrincipalName { get; set; } = "";

    /// <summary>The display name, where the report has one.</summary>
    public string? DisplayName { get; set; }

    /// <summary>
    /// <c>Blueprint</c>, <c>BlueprintPrincipal</c>, <c>AgentIdentity</c> or <c>Leaver</c> for an object that is not an agent user; null for an agent user.
    /// </summary>
    public string? Kind { get; set; }

    /// <summary>The object id; null until the agent user exists.</summary>
    public Guid? Id { get; set; }

    /// <summary>The parent's object id.</summary>
    public Guid? IdentityParentId { get; set; }

    /// <summary>
    /// <c>Created</c>, <c>Changed</c>, <c>Unchanged</c>, <c>Planned</c>, <c>Failed</c> or <c>Cancelled</c>.
    /// </summary>
    public string Outcome { get; set; } = "";

    /// <summary>The furthest stage that was reached, such as <c>Licensed</c>.</summary>
    public string Stage { get; set; } = "";

    /// <summary>The differences from the declared state, each made or planned.</summary>
    public JoinedList<PSAgentUserChange> Changes { get; set; } = JoinedList<PSAgentUserChange>.Empty;

    /// <summary>Sentences beside the outcome: what was noticed and ended nothing.</summary>
    public JoinedList<string> Remarks { get; set; } = JoinedList<string>.Empty;

    /// <summary>The problem; null if there was none.</summary>
    public PSAgentUserProblem? Problem { get; set; }

    /// <summary>All members of the report, as a file of reports has them; of one that a script made, its properties.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson() => _report?.ToJson() ?? JsonOf.Value(this).ToString();

    /// <summary>The sign-in name and the outcome.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{UserPrincipalName} {Outcome}";
}

/// <summary>One change of an agent user.</summary>
public sealed class PSAgentUserChange
{
    private readonly string? _words;

    /// <summary>Makes a change of nothing, for scripts and their tests.</summary>
    public PSAgentUserChange()
    {
    }

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
    public string Change { get; set; } = "";

    /// <summary>With <c>Set</c>: the member, by Graph's name.</summary>
    public string? Member { get; set; }

    /// <summary>With <c>Set</c>: the present value.</summary>
    public string? From { get; set; }

    /// <summary>The new value; or the sponsor, manager, license or name that the change is about.</summary>
    public string? To { get; set; }

    /// <summary>With <c>AddLicense</c> and <c>SetDisabledPlans</c>: the names of the service plans that are off.</summary>
    public JoinedList<string> DisabledPlans { get; set; } = JoinedList<string>.Empty;

    /// <summary>Whether the change was made. A plan makes none.</summary>
    public bool Applied { get; set; }

    /// <summary>The change in words.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => _words ?? string.Join(" ", new[] { Change, Member, To }.Where(word => !string.IsNullOrEmpty(word)));

    private static string? Text(object? value) => value is null ? null : value as string ?? PlainValues.ToJson(value).ToString();
}

/// <summary>An error, with its likely cause and the fix.</summary>
public sealed class PSAgentUserProblem
{
    /// <summary>Makes a problem without a code, for scripts and their tests.</summary>
    public PSAgentUserProblem()
    {
    }

    internal PSAgentUserProblem(Problem problem)
    {
        Code = problem.Code;
        Kind = problem.Kind;
        Message = Words.Of(problem.Message);
        Cause = problem.Cause;
        Fix = Words.Of(problem.Fix);
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
        Others = new(problem.Others.Select(other => new PSAgentUserProblem(other)));
    }

    /// <summary>The stable code, such as <c>ParentNotFound</c>.</summary>
    public string Code { get; set; } = "";

    /// <summary>The kind of the code, such as <c>NotFound</c>.</summary>
    public ProblemKind Kind { get; set; }

    /// <summary>One sentence that says what happened.</summary>
    public string Message { get; set; } = "";

    /// <summary>The likely cause.</summary>
    public string Cause { get; set; } = "";

    /// <summary>The fix.</summary>
    public string Fix { get; set; } = "";

    /// <summary>The permissions of which one is missing, least privileged first.</summary>
    public JoinedList<string> Permissions { get; set; } = JoinedList<string>.Empty;

    /// <summary>The field at fault, by Graph's name.</summary>
    public string? Field { get; set; }

    /// <summary>The HTTP status; null if no server answered.</summary>
    public int? Status { get; set; }

    /// <summary>The server's own error code.</summary>
    public string? GraphCode { get; set; }

    /// <summary>The server's own message.</summary>
    public string? GraphMessage { get; set; }

    /// <summary>The claims that the next sign-in must carry, as JSON; null if the server's answer is not a claims challenge.</summary>
    public string? Claims { get; set; }

    /// <summary>The server's id of the request, for Microsoft's support.</summary>
    public string? RequestId { get; set; }

    /// <summary>The client-request-id of the request that failed, by which Graph's activity logs name it.</summary>
    public string? ClientRequestId { get; set; }

    /// <summary>The run, which the User-Agent of its requests names.</summary>
    public string? RunId { get; set; }

    /// <summary>The wait that the server asked for; null if it asked for none.</summary>
    public TimeSpan? RetryAfter { get; set; }

    /// <summary>Whether the same request may succeed later without a change.</summary>
    public bool Transient { get; set; }

    /// <summary>Microsoft's page that explains it, where there is one.</summary>
    public string? Documentation { get; set; }

    /// <summary>The other problems that were found at the same time; the message names them, too.</summary>
    public JoinedList<PSAgentUserProblem> Others { get; set; } = JoinedList<PSAgentUserProblem>.Empty;

    /// <summary>Code, message and fix.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Code}: {Message} {Fix}";
}
