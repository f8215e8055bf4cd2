using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Gets the sponsors of agent users.</summary>
/// <remarks>
/// <para>Sponsors are users and groups. Each agent user takes a request.</para>
/// </remarks>
/// <example>
/// <code>Get-AgentUserSponsor agent25@contoso.com</code>
/// <para>Gets the sponsors of one agent user.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser | Get-AgentUserSponsor | Where-Object UserPrincipalName -eq 'human1@contoso.com'</code>
/// <para>Finds the agent users of a sponsor: AgentUser names each.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentUserSponsor")]
[OutputType(typeof(PSAgentUserRelation))]
public sealed class GetAgentUserSponsorCommand : UserReadCommand
{
    private protected override string What => "the sponsors";

    private protected override JsonValue Request(string user) => Operations.Sponsors(user);

    private protected override void Write(string user, JsonValue read)
    {
        foreach (JsonValue sponsor in read.Items)
            WriteObject(new PSAgentUserRelation(user, new DirectoryObject(sponsor)));
    }
}
