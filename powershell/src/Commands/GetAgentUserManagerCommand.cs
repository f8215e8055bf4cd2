using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Gets the manager of agent users.</summary>
/// <remarks>
/// <para>An agent user without a manager outputs nothing. Each agent user takes a request.</para>
/// </remarks>
/// <example>
/// <code>Get-AgentUserManager agent25@contoso.com</code>
/// <para>Gets the manager of one agent user.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Department Pilot | Get-AgentUserManager | Group-Object DisplayName</code>
/// <para>Counts agent users by manager.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentUserManager")]
[OutputType(typeof(PSAgentUserRelation))]
public sealed class GetAgentUserManagerCommand : UserReadCommand
{
    private protected override string What => "the manager";

    private protected override JsonValue Request(string user) => Operations.Manager(user);

    private protected override void Write(string user, JsonValue read)
    {
        if (read.Kind != JsonKind.Null)
            WriteObject(new PSAgentUserRelation(user, new DirectoryObject(read)));
    }
}
