using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Grants delegated permissions: to an agent user, to an agent identity for a user or for all users, or to a blueprint for all.</summary>
/// <remarks>
/// <para>
/// Those that are granted already stay. The agents of a pipeline are changed side by side. An agent user acts by the permissions of its
/// agent identity that are for it. Agent identities inherit the permissions of their blueprint once
/// Set-AgentIdentityBlueprint -InheritableScopes allows that.
/// </para>
/// </remarks>
/// <example>
/// <code>Grant-AgentIdentityPermission sales@contoso.com -Scope User.Read, Mail.Send</code>
/// <para>Lets one agent user read its account and send mail.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Department Pilot | Grant-AgentIdentityPermission -Scope Mail.Send -PassThru</code>
/// <para>Lets the agent users of a department send mail, and outputs a report of each.</para>
/// </example>
/// <example>
/// <code>Grant-AgentIdentityPermission a1d00000-0000-4000-8000-000000000001 -User human1@contoso.com -Scope User.Read</code>
/// <para>Lets an agent identity act on behalf of a person.</para>
/// </example>
/// <example>
/// <code>Grant-AgentIdentityPermission -Blueprint b1a00000-0000-4000-8000-000000000001 -AllPrincipals -Scope User.Read -WhatIf</code>
/// <para>Tells what would be granted to a blueprint, for all users of the tenant.</para>
/// </example>
[Cmdlet(VerbsSecurity.Grant, "AgentIdentityPermission", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class GrantAgentIdentityPermissionCommand : ScopeChangeCommand
{
    private protected override string Activity => "Granting permissions";

    private protected override string Counterpart => "Add-AgentIdentityAppRole";

    private protected override string InWords(string scopes) => $"Grant {scopes}";

    private protected override JsonValue Request(NamedAgent client, string[] scopes, string? user, bool isForAll, string? resourceAppId, bool isDry) =>
        Operations.GrantPermission(scopes, client.AgentIdentity, isForAll, client.Blueprint, isDry, resourceAppId, user);
}
