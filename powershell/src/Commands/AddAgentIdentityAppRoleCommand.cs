using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Assigns app roles, which are application permissions, to agent identities, to blueprints, or those for users to agent users.</summary>
/// <remarks>
/// <para>
/// A role that is assigned already stays. The agents of a pipeline are changed side by side. Agent identities inherit the roles of their blueprint
/// once Set-AgentIdentityBlueprint -InheritableRoles allows that; a blueprint's permission to create agent users is Set-AgentIdentityBlueprint -AllowCreation.
/// </para>
/// </remarks>
/// <example>
/// <code>Add-AgentIdentityAppRole a1d00000-0000-4000-8000-000000000001 -AppRole User.Read.All</code>
/// <para>Lets one agent identity read users by itself.</para>
/// </example>
/// <example>
/// <code>Get-AgentIdentity -DisplayName 'Agent 2*' | Add-AgentIdentityAppRole -AppRole User.Read.All -WhatIf</code>
/// <para>Tells which agent identities would get an app role.</para>
/// </example>
[Cmdlet(VerbsCommon.Add, "AgentIdentityAppRole", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class AddAgentIdentityAppRoleCommand : AppRoleChangeCommand
{
    private protected override string Activity => "Assigning app roles";

    private protected override string Counterpart => "Grant-AgentIdentityPermission";

    private protected override void Want(NamedAgent agent, string appRole, string? resourceAppId) => Want(
        agent.ToString(), $"Assign app role {appRole}",
        isDry => Operations.AssignAppRole(appRole, agent.AgentIdentity, agent.Blueprint, isDry, resourceAppId, agent.User));
}
