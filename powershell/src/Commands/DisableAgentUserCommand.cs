using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Disables agent users: they can no longer sign in.</summary>
/// <remarks>
/// <para>The agent users of a pipeline are disabled side by side. One that is disabled already stays as it is.</para>
/// <para>
/// Sessions that began before go on until their tokens end; Revoke-AgentUserSession ends them, and Suspend-AgentUser does both at once.
/// </para>
/// </remarks>
/// <example>
/// <code>Disable-AgentUser sales@contoso.com</code>
/// <para>Disables one agent user.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Department Pilot | Disable-AgentUser -WhatIf</code>
/// <para>Shows which agent users would be disabled.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Disable, "AgentUser", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class DisableAgentUserCommand : UserChangeCommand
{
    private protected override string Activity => "Disabling agent users";

    private protected override void Want(string user) =>
        Want(user, "Disable", isDry => Operations.Update(user, new AgentUserChanges { AccountEnabled = false }, isDry));
}
