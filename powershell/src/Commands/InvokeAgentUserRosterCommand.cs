using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Brings the agent users of a roster into the state that it declares.</summary>
/// <remarks>
/// <para>
/// It plans first. With -Confirm it asks about each row with changes, then it applies the confirmed rows. Every row comes
/// out once, when it ends; a declined row comes out as planned. A failed row is also an error, with the row as its target.
/// </para>
/// <para>
/// Run it again to make the changes that are left; a finished roster has none. Sponsors and licenses are added, never
/// removed. An empty cell declares nothing.
/// </para>
/// </remarks>
/// <example>
/// <code>Invoke-AgentUserRoster ./roster.csv -WhatIf</code>
/// <para>Outputs the plan and changes nothing.</para>
/// </example>
/// <example>
/// <code>Invoke-AgentUserRoster ./roster.csv -Wait Mailbox | Export-Csv report.csv</code>
/// <para>Applies a roster, waits for every mailbox and keeps a report.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Invoke, "AgentUserRoster",
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ByPath)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class InvokeAgentUserRosterCommand : AgentUserCommand
{
    private const string ByPath = "Path";
    private const string ByLiteralPath = "LiteralPath";

    /// <summary>The roster file, CSV or JSON; wildcards are resolved.</summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ParameterSetName = ByPath, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string? Path { get; set; }

    /// <summary>The roster file, without wildcards.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByLiteralPath, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    /// <summary>The domain of sign-in names that are derived from display names for rows that have none.</summary>
    [Parameter]
    public string? Domain { get; set; }

    /// <summary>The services that each row waits for at its end.</summary>
    [Parameter]
    public Readiness Wait { get; set; }

    /// <summary>The shard to apply, such as 1/4: the sessions of all shards share the roster and Graph's quotas.</summary>
    [Parameter]
    public string? Shard { get; set; }

    /// <summary>Skips the check of domains against those that the tenant has verified.</summary>
    [Parameter]
    public SwitchParameter SkipDomainCheck { get; set; }

    /// <summary>The most bytes that the roster may have; 64 MiB by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxBytes { get; set; }

    /// <summary>The most rows that the roster may have; 200,000 by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxRows { get; set; }

    /// <summary>The most errors of the roster that are listed; 1,000 by default. More are counted by rule and field.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxErrors { get; set; }

    /// <summary>Whether rows of the plan lack their agent identity, which may have been created moments ago.</summary>
    private bool _awaitsParents;

    /// <summary>Plans the roster, asks, and applies the confirmed rows.</summary>
    protected override void ProcessRecord()
    {
        byte[] roster = FilePath.Read(this, Path, LiteralPath, out string file);
        string name = System.IO.Path.GetFileName(file);
        string? domain = string.IsNullOrEmpty(Domain) ? null : Domain;
        string? shard = string.IsNullOrEmpty(Shard) ? null : Shard;
        var plan = new List<ProvisionReport>();
        JsonValue operation = Operations.ApplyRoster(
            !SkipDomainCheck, domain, dryRun: true, maxBytes: MaxBytes, maxErrors: MaxErrors, maxRows: MaxRows, shard: shard);
        CallResult planned = Pump($"Planning {name}", operation, roster, item => plan.Add(item.Report!));
        if (planned.Problem is { } problem)
        {
            Refused(problem, file);
            return;
        }
        Tell(RosterSummary.From(planned.Result));
        _awaitsParents = plan.Exists(report => report.Problem?.Code == ProblemCodes.ParentNotFound);
        List<int> approved = [.. plan.OrderBy(report => report.Row).Where(Approve).Select(report => report.Row!.Value)];
        if (approved.Count == 0)
            return;
        // The plan checked the domains.
        operation = Operations.ApplyRoster(
            checkDomains: false, domain, maxBytes: MaxBytes, maxErrors: MaxErrors, maxRows: MaxRows, readiness: Wait, rows: approved, shard: shard);
        CallResult applied = Pump($"Applying {name}", operation, roster, item => Write(item.Report!));
        if (applied.Problem is not null)
            Refused(applied.Problem, file);
        else
            Tell(RosterSummary.From(applied.Result));
    }

    /// <summary>Tells what was noticed of the whole roster, and verbosely the seats that it needs.</summary>
    private void Tell(RosterSummary summary)
    {
        WriteRemarks(summary.Remarks);
        foreach (SeatCount seat in summary.Seats)
            WriteVerbose(seat.ToString());
    }

    /// <summary>Writes a row that needs no change, or asks about it. Every row comes out once.</summary>
    private bool Approve(ProvisionReport planned)
    {
        if (Action(planned) is not { } action)
        {
            Write(planned);
            return false;
        }
        if (ShouldProcess($"row {planned.Row}, {planned.UserPrincipalName}", action))
            return true;
        Write(planned);
        return false;
    }

    /// <summary>The words for applying a planned row; null if there is nothing to apply.</summary>
    private string? Action(ProvisionReport planned) => planned.Outcome switch
    {
        ProvisionOutcome.Planned => string.Join("; ", planned.Changes.Select(change => change.ToString())),
        ProvisionOutcome.Unchanged when Wait != Readiness.None => $"wait for {Wait}",
        // A plan never waits for an agent identity, and a create does.
        ProvisionOutcome.Failed when planned.Problem?.Code == ProblemCodes.ParentNotFound => "wait for the agent identity and create its agent user",
        ProvisionOutcome.Failed when _awaitsParents && planned.Problem?.Code == ProblemCodes.ManagerRowFailed => "wait for the row of the manager",
        _ => null,
    };

    private void Write(ProvisionReport report)
    {
        var row = new PSAgentUserReport(report);
        WriteObject(row);
        if (report.Problem is { } problem)
            WriteError(Failure.OfReport(report, problem, row, DemandError));
    }

    /// <summary>Writes the errors of a roster that is invalid or could not begin, one by one.</summary>
    private void Refused(Problem problem, string file)
    {
        if (problem.RowErrors.Count == 0)
            WriteProblem(problem, file);
        foreach (RowError error in problem.RowErrors)
            WriteError(Failure.OfRow(problem, error));
    }
}
