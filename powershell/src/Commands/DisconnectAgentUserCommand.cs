using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Signs out: closes a connection and forgets its tokens.</summary>
/// <remarks>
/// <para>
/// The tokens are forgotten in the memory of this process, and none was anywhere else. Nothing is revoked: a token that was given away
/// by Get-AgentUserToken is good until it ends. Without a connection, it does nothing.
/// </para>
/// </remarks>
/// <example>
/// <code>Disconnect-AgentUser</code>
/// <para>Closes the connection of this session.</para>
/// </example>
[Cmdlet(VerbsCommunications.Disconnect, "AgentUser")]
public sealed class DisconnectAgentUserCommand : PSCmdlet
{
    /// <summary>The connection to close; by default this session's.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public AgentUserConnection? Connection { get; set; }

    /// <summary>Closes the connection, if there is one.</summary>
    protected override void ProcessRecord()
    {
        RunspaceState state = RunspaceState.Current;
        AgentUserConnection? connection = Connection ?? state.Connection;
        if (connection == state.Connection)
            state.Connection = null;
        connection?.SignOut();
        connection?.Dispose();
    }
}
