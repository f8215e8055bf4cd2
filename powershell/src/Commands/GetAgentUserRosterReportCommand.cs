using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Gets the reports of the last run of this session: those of a roster, or of any cmdlet that changes agent users.</summary>
/// <remarks>
/// <para>
/// After Ctrl+C a run begins nothing new. What was under way is finished behind the prompt, and answers that were lost are looked up. This
/// cmdlet waits for that, and outputs the report of every row, those that were shown before included. Over Connect-MgGraph's session nothing
/// can run behind the prompt: then the look-ups are made now.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-AgentUserRosterReport</code>
/// <para>Shows what the last run did, every row of it.</para>
/// </example>
/// <example>
/// <code>Get-AgentUserRosterReport | Where-Object Outcome -ne 'Created'</code>
/// <para>Shows the rows that were not created, after a roster was stopped by Ctrl+C.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentUserRosterReport")]
[OutputType(typeof(PSAgentUserReport))]
public sealed class GetAgentUserRosterReportCommand : CallCommand
{
    /// <summary>Waits for the end of the run, and outputs its reports.</summary>
    protected override void ProcessRecord()
    {
        if (RunspaceState.Current.LastRun is not { } log)
        {
            WriteError(Failure.Record(
                "NoRun", ErrorCategory.ObjectNotFound, null, "Nothing was changed by this session yet.", "Run a roster, or another cmdlet that changes agent users, first."));
            return;
        }
        Await(log);
        foreach (ProvisionReport report in log.Reports.OrderBy(report => report.Row))
            WriteObject(new PSAgentUserReport(report));
        if (log.Problem is { } problem)
            WriteError(Failure.Record(this, problem, null));
    }
}
