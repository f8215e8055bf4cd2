using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Takes app roles away from agent identities, blueprints and agent users.</summary>
/// <remarks>
/// <para>
/// The agents of a pipeline are changed side by side, and so are app roles of Get-AgentIdentityPermission. Tokens that are out carry a role to
/// their end. The cmdlet asks about each, unless -Force or -Confirm:$false is given.
/// </para>
/// </remarks>
/// <example>
/// <code>Remove-AgentIdentityAppRole a1d00000-0000-4000-8000-000000000001 -AppRole User.Read.All</code>
/// <para>Asks, and takes one app role from an agent identity.</para>
/// </example>
/// <example>
/// <code>Get-AgentIdentityBlueprint | Get-AgentIdentityPermission | Where-Object Kind -eq 'AppRole' | Remove-AgentIdentityAppRole -WhatIf</code>
/// <para>Tells which app roles would be taken from the blueprints of the tenant.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "AgentIdentityAppRole", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class RemoveAgentIdentityAppRoleCommand : AppRoleChangeCommand
{
    /// <summary>The names of the app roles, such as User.Read.All.</summary>
    /// <value>Required</value>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ListTransformation]
    [ArgumentCompleter(typeof(AssignedAppRoleCompleter))]
    public override string[]? AppRole { get; set; }

    private protected override string Activity => "Removing app roles";

    private protected override string Counterpart => "Revoke-AgentIdentityPermission";

    private protected override void Want(NamedAgent agent, string appRole, string? resourceAppId) => Want(
        agent.ToString(), $"Remove app role {appRole}",
        isDry => Operations.RemoveAppRole(appRole, agent.AgentIdentity, agent.Blueprint, isDry, resourceAppId, agent.User));
}
