using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Removes sponsors from agent users.</summary>
/// <remarks>
/// <para>
/// A sponsor that it does not have is not an error. The agent users of a pipeline are changed side by side. The cmdlet asks about each,
/// unless -Force or -Confirm:$false is given.
/// </para>
/// </remarks>
/// <example>
/// <code>Remove-AgentUserSponsor agent25@contoso.com -Sponsor human1@contoso.com</code>
/// <para>Removes one sponsor.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Department Pilot | Remove-AgentUserSponsor -Sponsor human1@contoso.com, human2@contoso.com -PassThru</code>
/// <para>Removes two sponsors from each agent user of a department, and outputs a report of each change.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "AgentUserSponsor", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class RemoveAgentUserSponsorCommand : SponsorChangeCommand
{
    /// <summary>The sponsors: object ids, user principal names, or objects that have one of these; a group as group:ID.</summary>
    /// <value>Required</value>
    [Parameter(Position = 1)]
    [Alias("Sponsors")]
    [IdentityTransformation("Id", "ObjectId", "UserId", "UserPrincipalName", "UPN")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AssignedSponsorCompleter))]
    public override string[]? Sponsor { get; set; }

    private protected override string Activity => "Removing sponsors";

    private protected override void Want(string user, string sponsor) =>
        Want(user, $"Remove sponsor {sponsor}", isDry => Operations.RemoveSponsor(user, sponsor, isDry));
}
