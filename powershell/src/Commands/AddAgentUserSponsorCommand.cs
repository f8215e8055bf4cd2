using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Adds sponsors to agent users.</summary>
/// <remarks>
/// <para>
/// A sponsor that it has already is not added again. The agent users of a pipeline are changed side by side.
/// </para>
/// </remarks>
/// <example>
/// <code>Add-AgentUserSponsor agent25@contoso.com -Sponsor human1@contoso.com</code>
/// <para>Adds one sponsor.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Department Pilot | Add-AgentUserSponsor -Sponsor human1@contoso.com, human2@contoso.com -PassThru</code>
/// <para>Adds two sponsors to each agent user of a department, and outputs a report of each change.</para>
/// </example>
[Cmdlet(VerbsCommon.Add, "AgentUserSponsor", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class AddAgentUserSponsorCommand : SponsorChangeCommand
{
    private protected override string Activity => "Adding sponsors";

    private protected override void Want(string user, string sponsor) =>
        Want(user, $"Add sponsor {sponsor}", isDry => Operations.AddSponsor(user, sponsor, isDry));
}
