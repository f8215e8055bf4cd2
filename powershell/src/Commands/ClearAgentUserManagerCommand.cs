using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Removes the manager of agent users.</summary>
/// <remarks>
/// <para>An agent user without a manager stays as it is. The cmdlet asks about each other, unless -Force or -Confirm:$false is given.</para>
/// </remarks>
/// <example>
/// <code>Clear-AgentUserManager agent25@contoso.com</code>
/// <para>Removes the manager of one agent user.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Disabled | Clear-AgentUserManager -WhatIf</code>
/// <para>Shows which managers would be removed.</para>
/// </example>
[Cmdlet(VerbsCommon.Clear, "AgentUserManager", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class ClearAgentUserManagerCommand : UserChangeCommand
{
    private protected override string Activity => "Removing managers";

    private protected override void Want(string user) => Want(user, "Remove the manager", isDry => Operations.ClearManager(user, isDry));
}
