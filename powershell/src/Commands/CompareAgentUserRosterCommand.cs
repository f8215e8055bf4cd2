using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Compares a roster with the tenant, and outputs the rows that differ. Nothing is changed.</summary>
/// <remarks>
/// <para>
/// A row that differs has the outcome Planned and the changes that Invoke-AgentUserRoster would make. A row that can't be compared is
/// Failed, and an error.
/// </para>
/// </remarks>
/// <example>
/// <code>Compare-AgentUserRoster ./roster.csv</code>
/// <para>Lists the rows that differ, with the changes.</para>
/// </example>
/// <example>
/// <code>Import-Csv ./roster.csv | Compare-AgentUserRoster -IncludeEqual | Group-Object Outcome</code>
/// <para>Counts the rows that differ and those that do not.</para>
/// </example>
[Cmdlet(VerbsData.Compare, "AgentUserRoster", DefaultParameterSetName = ByPath)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class CompareAgentUserRosterCommand : RosterCommand
{
    /// <summary>Outputs the rows that do not differ, too.</summary>
    [Parameter]
    public SwitchParameter IncludeEqual { get; set; }

    private protected override void Process(byte[] roster, string name, object? target)
    {
        var rows = new List<ProvisionReport>();
        CallResult compared = Pump($"Comparing {name}", Planned(), roster, item => rows.Add(item.Report!));
        if (compared.Problem is { } problem)
        {
            WriteProblem(problem, target);
            return;
        }
        foreach (ProvisionReport row in rows.OrderBy(row => row.Row).Where(row => IncludeEqual || row.Outcome != ProvisionOutcome.Unchanged))
            Write(row);
        Tell(RosterSummary.From(compared.Result));
    }
}
