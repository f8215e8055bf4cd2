using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Brings the agent users of a roster into the state that it declares.</summary>
/// <remarks>
/// <para>
/// The roster is a file, or all objects of the pipeline together: records of Import-Csv, hashtables, agent users of Get-AgentUser with other values.
/// </para>
/// <para>
/// It plans first. With -Confirm it asks about each row with changes, then it applies the confirmed rows. Every row comes
/// out once, when it ends; a declined row comes out as planned. A failed row is also an error, with the row as its target.
/// </para>
/// <para>
/// Run it again to make the changes that are left; a finished roster has none. Sponsors and licenses are added, never
/// removed. An empty cell declares nothing. Columns that only Graph writes, such as Id and CreatedDateTime of
/// Get-AgentUser | Export-Csv, are left alone with one remark: the parent says which agent user is meant.
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
/// <example>
/// <code>Import-Csv ./roster.csv | Where-Object department -eq 'Sales' | Invoke-AgentUserRoster -ReportPath report.json</code>
/// <para>Applies some rows of a file as one roster, and writes each report as its row ends.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Invoke, "AgentUserRoster",
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ByPath)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class InvokeAgentUserRosterCommand : RosterCommand
{
    private ReportFile? _reports;

    /// <summary>The services that each row waits for at its end.</summary>
    [Parameter]
    public Readiness Wait { get; set; }

    /// <summary>
    /// A file to which each report is written as its row ends, those after Ctrl+C included: JSON, a report in each line; or CSV, where
    /// its name ends with .csv.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ReportPath { get; set; }

    /// <summary>Whether rows of the plan wait for their agent identity.</summary>
    private bool _awaitsParents;

    /// <summary>Creates the file of the reports.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _reports = ReportFile.Open(this, ReportPath);
    }

    /// <summary>Plans the roster, asks, and applies the confirmed rows.</summary>
    protected override void EndProcessing()
    {
        base.EndProcessing();
        _reports?.Dispose();
    }

    private protected override void Process(byte[] roster, string name, object? target)
    {
        var plan = new List<ProvisionReport>();
        CallResult planned = Pump($"Planning {name}", Planned(), roster, item => plan.Add(item.Report!));
        if (planned.Problem is { } problem)
        {
            WriteProblem(problem, target);
            return;
        }
        Tell(RosterSummary.From(planned.Result));
        _awaitsParents = ChangeWords.AwaitParents(plan);
        List<int> approved = [.. plan.OrderBy(report => report.Row).Where(Approve).Select(report => report.Row!.Value)];
        if (approved.Count == 0)
            return;
        // The plan checked the domains.
        JsonValue operation = Operations.ApplyRoster(
            checkDomains: false, Given(Domain), maxBytes: MaxBytes, maxErrors: MaxErrors, maxRows: MaxRows, readiness: Wait, rows: approved, shard: Given(Shard));
        CallResult applied = Pump($"Applying {name}", operation, roster, item => Write(item.Report!), isKept: true, _reports);
        if (applied.Problem is not null)
            WriteProblem(applied.Problem, target);
        else
            Tell(RosterSummary.From(applied.Result));
    }

    /// <summary>Writes a row that needs no change, or asks about it. Every row comes out once.</summary>
    private bool Approve(ProvisionReport planned)
    {
        string name = $"row {planned.Row}, {planned.UserPrincipalName}";
        if (Action(planned) is var (brief, full) && ShouldProcess($"{name}: {brief}", $"{name}: {full}", "Make these changes?"))
            return true;
        _reports?.Add(planned);
        Write(planned);
        return false;
    }

    /// <summary>The words for applying a planned row, in brief and in full; null if there is nothing to apply.</summary>
    private (string Brief, string Full)? Action(ProvisionReport planned) => planned.Outcome switch
    {
        ProvisionOutcome.Planned => (ChangeWords.Summary(planned.Changes), string.Join("; ", planned.Changes)),
        ProvisionOutcome.Unchanged when Wait != Readiness.None => Both($"wait for {Wait}"),
        ProvisionOutcome.Failed when ChangeWords.Wait(planned, _awaitsParents) is { } wait => Both(wait),
        _ => null,
    };

    private static (string Brief, string Full) Both(string words) => (words, words);
}
