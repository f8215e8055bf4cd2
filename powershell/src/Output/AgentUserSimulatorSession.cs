using System;
using System.Security;

namespace AgentUsers.PowerShell;

/// <summary>A simulated Graph that runs in this process.</summary>
public sealed class AgentUserSimulatorSession : IDisposable
{
    private readonly AgentUserSimulator _simulator;

    internal AgentUserSimulatorSession(AgentUserSimulator simulator)
    {
        _simulator = simulator;
        AccessToken = new SecureString();
        foreach (char character in simulator.Token)
            AccessToken.AppendChar(character);
        AccessToken.MakeReadOnly();
        IsRunning = true;
    }

    /// <summary>The origin that the simulator listens on, for <c>Connect-AgentUser</c>.</summary>
    public Uri GraphEndpoint => _simulator.Endpoint;

    /// <summary>A token with every permission there.</summary>
    public SecureString AccessToken { get; }

    /// <summary>Whether the simulator runs.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Stops the simulator.</summary>
    public void Dispose()
    {
        IsRunning = false;
        _simulator.Dispose();
    }

    /// <summary>The origin that the simulator listens on.</summary>
    /// <returns>The endpoint.</returns>
    public override string ToString() => GraphEndpoint.ToString();
}
