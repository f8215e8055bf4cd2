using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Stops simulators that Start-AgentUserSimulator started.</summary>
/// <remarks><para>Without a parameter it stops all simulators of this session.</para></remarks>
/// <example>
/// <code>Stop-AgentUserSimulator</code>
/// <para>Stops all simulators of this session.</para>
/// </example>
/// <example>
/// <code>$simulator = Start-AgentUserSimulator; $simulator | Stop-AgentUserSimulator</code>
/// <para>Stops one simulator, and no other.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Stop, "AgentUserSimulator", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
public sealed class StopAgentUserSimulatorCommand : PSCmdlet
{
    /// <summary>The simulators to stop; by default all of this session.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public AgentUserSimulatorSession[]? Simulator { get; set; }

    /// <summary>Stops the simulators. A stopped one is skipped.</summary>
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
