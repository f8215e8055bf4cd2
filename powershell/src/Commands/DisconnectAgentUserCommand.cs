using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Signs out: closes a connection and forgets its tokens.</summary>
/// <remarks>
/// <para>
/// The tokens are forgotten in the memory of this process, and none was anywhere else. Nothing is revoked: a token that was given away
/// by Get-AgentUserToken is good until it ends. Without a connection, it does nothing; where all open connections have names, it is an error that says to name one.
/// </para>
/// </remarks>
/// <example>
/// <code>Disconnect-AgentUser</code>
/// <para>Closes the connection of this session.</para>
/// </example>
/// <example>
/// <code>Get-AgentUserConnection | Disconnect-AgentUser</code>
/// <para>Closes all connections of this session.</para>
/// </example>
[Cmdlet(VerbsCommunications.Disconnect, "AgentUser")]
public sealed class DisconnectAgentUserCommand : PSCmdlet
{
    /// <summary>The connection to close, or its name; by default the one that is used when none is named.</summary>
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ConnectionTransformation]
    public AgentUserConnection? Connection { get; set; }

    /// <summary>Closes the connection, if there is one.</summary>
    protected override void ProcessRecord()
    {
        RunspaceState state = RunspaceState.Current;
        if ((Connection ?? state.Connection) is { } connection)
            state.Remove(connection);
        else if (state.NoDefault("Disconnect-AgentUser") is { } error)
            WriteError(error);
    }
}
