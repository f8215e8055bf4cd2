using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace AgentUsers.PowerShell;

/// <summary>What belongs to one runspace and to no other: parallel runspaces may work on different tenants.</summary>
internal sealed class RunspaceState
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceState> s_states = new();

    /// <summary>The state of the runspace that this thread works for.</summary>
    internal static RunspaceState Current => s_states.GetOrCreateValue(Runspace.DefaultRunspace);

    /// <summary>The connection that cmdlets use when none is named.</summary>
    internal AgentUserConnection? Connection { get; set; }

    /// <summary>The simulators that were started here and run.</summary>
    internal List<AgentUserSimulatorSession> Simulators { get; } = [];

    /// <summary>Closes everything.</summary>
    internal void Close()
    {
        Connection?.Dispose();
        Connection = null;
        Simulators.ForEach(simulator => simulator.Dispose());
        Simulators.Clear();
    }
}

/// <summary>Remove-Module leaves nothing running.</summary>
public sealed class ModuleEnd : IModuleAssemblyCleanup
{
    /// <summary>Closes the connection and stops the simulators of this runspace.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo) => RunspaceState.Current.Close();
}
