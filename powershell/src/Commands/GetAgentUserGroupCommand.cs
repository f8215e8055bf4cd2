using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Gets the groups that agent users are direct members of.</summary>
/// <remarks>
/// <para>Get-AgentUserAccess has those by other groups, too. Each agent user takes a request.</para>
/// </remarks>
/// <example>
/// <code>Get-AgentUserGroup agent25@contoso.com</code>
/// <para>Gets the groups of one agent user.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Department Pilot | Get-AgentUserGroup | Group-Object DisplayName</code>
/// <para>Counts the agent users of a department by group.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentUserGroup")]
[OutputType(typeof(PSAgentUserGroup))]
public sealed class GetAgentUserGroupCommand : UserReadCommand
{
    private protected override string What => "the groups";

    private protected override JsonValue Request(string user) => Operations.Groups(user);

    private protected override void Write(string user, JsonValue read)
    {
        foreach (JsonValue group in read.Items)
            WriteObject(new PSAgentUserGroup(user, new Group(group)));
    }
}
