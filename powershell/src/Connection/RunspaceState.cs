using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Host;
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

    /// <summary>The connections that have names, by name.</summary>
    private readonly SortedDictionary<string, AgentUserConnection> _named = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The open connections: the one that is used when none is named first, the others by their names.</summary>
    internal IEnumerable<AgentUserConnection> Connections => new[] { Connection }.Concat(_named.Values)
        .Where(connection => connection is { IsClosed: false }).Select(connection => connection!).Distinct();

    /// <summary>Takes a connection. It is used where none is named, unless it has a name and another one is used already.</summary>
    internal void Add(AgentUserConnection connection)
    {
        if (connection.Name is { } name)
        {
            if (_named.TryGetValue(name, out AgentUserConnection? former) && former != connection)
                Remove(former);
            _named[name] = connection;
        }
        if (connection.Name is null || Connection is null or { IsClosed: true })
            Connection = connection;
    }

    /// <summary>Closes a connection, and forgets it.</summary>
    internal void Remove(AgentUserConnection connection)
    {
        if (connection == Connection)
            Connection = null;
        if (connection.Name is { } name && _named.TryGetValue(name, out AgentUserConnection? known) && known == connection)
            _named.Remove(name);
        connection.SignOut();
        connection.Dispose();
    }

    /// <summary>The open connection of that name; null if there is none.</summary>
    internal AgentUserConnection? Find(string name) =>
        _named.TryGetValue(name, out AgentUserConnection? connection) && !connection.IsClosed ? connection : null;

    /// <summary>The error of a command that names no connection, in a session whose open connections all have names; null if none is open.</summary>
    /// <param name="command">The part of the command before the name.</param>
    internal ErrorRecord? NoDefault(string command) => Connections.Select(connection => connection.Name).FirstOrDefault() is { } name
        ? Failure.Record(
            "NotConnected", ErrorCategory.ConnectionError, null, "This session has connections, and none of them is the default.", $"Name one: {command} {Plain.Quoted(name)}.")
        : null;

    /// <summary>The last run that changed something, for Get-AgentUserRosterReport; null if there was none.</summary>
    internal RunLog? LastRun { get; set; }

    /// <summary>The running simulators that were started in this runspace.</summary>
    internal List<AgentUserSimulatorSession> Simulators { get; } = [];

    /// <summary>The open connections and simulators in words; empty if there are none.</summary>
    internal string Open()
    {
        AgentUserConnection[] open = [.. Connections];
        int connections = open.Length;
        int simulators = Simulators.Count(simulator => simulator.IsRunning);
        string[] parts =
        [
            .. connections == 0 ? [] : new[] { connections == 1 ? $"the connection to {open[0]}" : $"{connections} connections" },
            .. simulators == 0 ? [] : new[] { simulators == 1 ? "the simulator" : $"{simulators} simulators" },
        ];
        return string.Join(" and ", parts) + (parts.Length == 0 ? "" : connections + simulators == 1 ? " is closed" : " are closed");
    }

    /// <summary>Closes the connections and stops the simulators.</summary>
    internal void Close()
    {
        foreach (AgentUserConnection connection in Connections.ToArray())
            connection.Dispose();
        Connection = null;
        _named.Clear();
        Simulators.ForEach(simulator => simulator.Dispose());
        Simulators.Clear();
    }
}

/// <summary>Ends everything that runs when the module is removed.</summary>
public sealed class ModuleEnd : IModuleAssemblyCleanup
{
    /// <summary>Closes the connections and stops the simulators of this runspace.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        RunspaceState state = RunspaceState.Current;
        string closed = state.Open();
        state.Close();
        // Not by Write-Warning, which a session may not have.
        if (closed.Length > 0 && PSObject.AsPSObject(ScriptBlock.Create("$Host").InvokeReturnAsIs()).BaseObject is PSHost host)
            host.UI?.WriteWarningLine($"The module is removed, and {closed} with it.");
    }
}
