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

    /// <summary>Where it listens, for <c>Connect-AgentUser</c>.</summary>
    public Uri GraphEndpoint => _simulator.Endpoint;

    /// <summary>A token that may do everything there.</summary>
    public SecureString AccessToken { get; }

    /// <summary>Whether it was not stopped.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Stops it.</summary>
    public void Dispose()
    {
        IsRunning = false;
        _simulator.Dispose();
    }

    /// <summary>Where it listens.</summary>
    /// <returns>The endpoint.</returns>
    public override string ToString() => GraphEndpoint.ToString();
}
