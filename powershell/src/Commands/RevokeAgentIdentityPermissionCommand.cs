using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Revokes delegated permissions of an agent user, an agent identity or a blueprint. Others of the same grant stay.</summary>
/// <remarks>
/// <para>
/// The agents of a pipeline are changed side by side, and so are permissions of Get-AgentIdentityPermission: of those, all of the grant is
/// revoked. Tokens that are out carry a permission to their end. The cmdlet asks about each, unless -Force or -Confirm:$false is given.
/// </para>
/// <para>
/// A grant for all users of an agent identity is a grant of its own: it is revoked with -AllPrincipals alone, or as an object of
/// Get-AgentIdentityPermission, which lists it for each agent user of that identity, too. Where-Object { -not $_.AllPrincipals } leaves it out. A
/// warning tells the permissions that a user still has by it.
/// </para>
/// </remarks>
/// <example>
/// <code>Revoke-AgentIdentityPermission sales@contoso.com -Scope Mail.Send</code>
/// <para>Asks, and takes one permission from an agent user.</para>
/// </example>
/// <example>
/// <code>Get-AgentIdentityPermission sales@contoso.com | Where-Object { $_.Kind -eq 'Delegated' -and -not $_.AllPrincipals } | Revoke-AgentIdentityPermission</code>
/// <para>Asks, and takes all delegated permissions that are granted for one agent user.</para>
/// </example>
/// <example>
/// <code>Get-AgentIdentity -DisplayName 'Agent 2*' | Get-AgentIdentityPermission | Where-Object AllPrincipals | Revoke-AgentIdentityPermission -WhatIf</code>
/// <para>Tells which delegated permissions for all users would be taken from some agent identities.</para>
/// </example>
[Cmdlet(VerbsSecurity.Revoke, "AgentIdentityPermission", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class RevokeAgentIdentityPermissionCommand : ScopeChangeCommand
{
    /// <summary>The names of the delegated permissions, such as User.Read.</summary>
    /// <value>Required</value>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ListTransformation]
    [ArgumentCompleter(typeof(GrantedScopeCompleter))]
    public override string[]? Scope { get; set; }

    private protected override string Activity => "Revoking permissions";

    private protected override string Counterpart => "Remove-AgentIdentityAppRole";

    private protected override string InWords(string scopes) => $"Revoke {scopes}";

    private protected override JsonValue Request(NamedAgent client, string[] scopes, string? user, bool isForAll, string? resourceAppId, bool isDry) =>
        Operations.RevokePermission(scopes, client.AgentIdentity, isForAll, client.Blueprint, isDry, resourceAppId, user);
}
