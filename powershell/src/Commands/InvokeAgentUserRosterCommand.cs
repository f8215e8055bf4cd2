using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Makes the agent users of a roster what it declares.</summary>
/// <remarks>
/// <para>
/// First it plans, then each row with something to do is one question of -Confirm, then what was confirmed is applied.
/// Every row comes out once, as it ends; one that was declined comes out as planned. A row that fails is an error, too,
/// with the row as its target.
/// </para>
/// <para>
/// Run again, it changes what is left to change, down to nothing. Sponsors and licenses are added, never taken away. An
/// empty cell declares nothing.
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

    /// <summary>The roster, CSV or JSON; wildcards are resolved.</summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ParameterSetName = ByPath, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string? Path { get; set; }

    /// <summary>The roster, its name taken as it stands.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByLiteralPath, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    /// <summary>The domain of sign-in names that are derived from display names, for rows that name none.</summary>
    [Parameter]
    public string? Domain { get; set; }

    /// <summary>What every row waits for at its end.</summary>
    [Parameter]
    public Readiness Wait { get; set; }

    /// <summary>Only the i-th of n parts of the roster, such as 1/4, and of Graph's quotas: n sessions share both.</summary>
    [Parameter]
    public string? Shard { get; set; }

    /// <summary>Does not ask for the tenant's verified domains first.</summary>
    [Parameter]
    public SwitchParameter SkipDomainCheck { get; set; }

    /// <summary>Plans, asks, applies.</summary>
    protected override void ProcessRecord()
    {
        byte[] roster = FilePath.Read(this, Path, LiteralPath, out string file);
        string name = System.IO.Path.GetFileName(file);
        string? domain = string.IsNullOrEmpty(Domain) ? null : Domain;
        string? shard = string.IsNullOrEmpty(Shard) ? null : Shard;
        var plan = new List<ProvisionReport>();
        JsonValue operation = Operations.Roster(
            new RosterOptions { Domain = domain, CheckDomains = !SkipDomainCheck, Shard = shard }, dryRun: true);
        Ended planned = Pump($"Planning {name}", operation, roster, item => plan.Add(item.Report!));
        if (planned.Problem is { } problem)
        {
            Refused(problem, file);
            return;
        }
        List<int> approved = [.. plan.OrderBy(report => report.Row).Where(Approve).Select(report => report.Row!.Value)];
        if (approved.Count == 0)
            return;
        // Its domains were checked when it was planned.
        var options = new RosterOptions
        {
            Domain = domain,
            CheckDomains = false,
            Readiness = Wait,
            Rows = approved,
            Shard = shard,
        };
        operation = Operations.Roster(options, dryRun: false);
        Ended applied = Pump($"Applying {name}", operation, roster, item => Write(item.Report!));
        if (applied.Problem is not null)
            Refused(applied.Problem, file);
    }

    /// <summary>Writes what is final already, and asks about the rest. Every row comes out once.</summary>
    private bool Approve(ProvisionReport planned)
    {
        bool waits = planned.Outcome == ProvisionOutcome.Unchanged && Wait != Readiness.None;
        if (planned.Outcome != ProvisionOutcome.Planned && !waits)
        {
            Write(planned);
            return false;
        }
        string action = waits
            ? $"wait for {Wait}"
            : string.Join("; ", planned.Changes.Select(change => change.ToString()));
        if (ShouldProcess($"row {planned.Row}, {planned.UserPrincipalName}", action))
            return true;
        WriteObject(new PSAgentUserReport(planned));
        return false;
    }

    private void Write(ProvisionReport report)
    {
        var row = new PSAgentUserReport(report);
        WriteObject(row);
        if (report.Problem is { } problem)
            WriteProblem(problem, row);
    }

    /// <summary>The roster as a whole is no good, or could not be begun: every error is one of its own.</summary>
    private void Refused(Problem problem, string file)
    {
        if (problem.RowErrors.Count == 0)
            WriteProblem(problem, file);
        foreach (RowError error in problem.RowErrors)
            WriteError(Failure.OfRow(problem, error));
    }
}
