using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace AgentUsers.PowerShell;

/// <summary>The state of one runspace. Parallel runspaces may work on different tenants.</summary>
internal sealed class RunspaceState
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceState> s_states = new();

    /// <summary>The state of this thread's runspace.</summary>
    internal static RunspaceState Current => s_states.GetOrCreateValue(Runspace.DefaultRunspace);

    /// <summary>The connection that cmdlets use when none is named.</summary>
    internal AgentUserConnection? Connection { get; set; }

    /// <summary>The running simulators that were started in this runspace.</summary>
    internal List<AgentUserSimulatorSession> Simulators { get; } = [];

    /// <summary>Closes the connection and stops the simulators.</summary>
    internal void Close()
    {
        Connection?.Dispose();
        Connection = null;
        Simulators.ForEach(simulator => simulator.Dispose());
        Simulators.Clear();
    }
}

/// <summary>Ends everything that runs when the module is removed.</summary>
public sealed class ModuleEnd : IModuleAssemblyCleanup
{
    /// <summary>Closes the connection and stops the simulators of this runspace.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo) => RunspaceState.Current.Close();
}
