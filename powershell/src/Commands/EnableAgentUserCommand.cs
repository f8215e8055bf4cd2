using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Enables agent users: they can sign in again.</summary>
/// <remarks>
/// <para>The agent users of a pipeline are enabled side by side. One that is enabled already stays as it is.</para>
/// </remarks>
/// <example>
/// <code>Enable-AgentUser sales@contoso.com</code>
/// <para>Enables one agent user.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Department Pilot | Enable-AgentUser -WhatIf</code>
/// <para>Shows which agent users would be enabled.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Enable, "AgentUser", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class EnableAgentUserCommand : UserChangeCommand
{
    private protected override string Activity => "Enabling agent users";

    private protected override void Want(string user) =>
        Want(user, "Enable", isDry => Operations.Update(user, new AgentUserChanges { AccountEnabled = true }, isDry));
}
