using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Moves agent users to the recycle bin, or deletes those in it for ever. Other users are refused.</summary>
/// <remarks>
/// <para>
/// For 30 days Restore-AgentUser brings them back, with licenses, groups and mailbox. The cmdlet asks about each, unless -Force or
/// -Confirm:$false is given.
/// </para>
/// </remarks>
/// <example>
/// <code>Remove-AgentUser sales@contoso.com</code>
/// <para>Asks, and removes one agent user.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser | Where-Object Department -eq 'Pilot' | Remove-AgentUser -WhatIf</code>
/// <para>Shows the agent users that would be removed.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Deleted | Remove-AgentUser -Permanent</code>
/// <para>Asks about each agent user in the recycle bin, and deletes it for ever.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "AgentUser", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class RemoveAgentUserCommand : UserChangeCommand
{
    /// <summary>Deletes agent users that are in the recycle bin. Nothing brings them back.</summary>
    [Parameter]
    public SwitchParameter Permanent { get; set; }

    private protected override string Activity => Permanent ? "Deleting agent users for ever" : "Removing agent users";

    private protected override void Want(string user)
    {
        if (Permanent)
            Want(user, "Delete for ever", isDry => Operations.Purge(user, isDry));
        else
            Want(user, "Move to the recycle bin", isDry => Operations.Delete(user, isDry));
    }
}
