using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Stops simulated Graphs that Start-AgentUserSimulator started.</summary>
/// <remarks><para>Without a parameter it stops all that were started in this session.</para></remarks>
/// <example>
/// <code>Stop-AgentUserSimulator</code>
/// <para>Stops all of them.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Stop, "AgentUserSimulator", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
public sealed class StopAgentUserSimulatorCommand : PSCmdlet
{
    /// <summary>Those to stop; all of this session by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public AgentUserSimulatorSession[]? Simulator { get; set; }

    /// <summary>Stops them. One that was stopped stays so.</summary>
    protected override void ProcessRecord()
    {
        RunspaceState state = RunspaceState.Current;
        foreach (AgentUserSimulatorSession session in Simulator ?? [.. state.Simulators])
        {
            if (!ShouldProcess(session.ToString(), "Stop the simulated Microsoft Graph"))
                continue;
            session.Dispose();
            state.Simulators.Remove(session);
        }
    }
}
