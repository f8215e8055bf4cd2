using System;
using System.Collections.Generic;
using System.Linq;
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
    private readonly List<(ProvisionReport Report, string[] Scopes)> _ended = [];
    private List<Wanted> _underWay = [];

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

    private protected override void Work(List<Wanted> wanted)
    {
        _underWay = wanted;
        base.Work(wanted);
        TellWhatStays();
        _ended.Clear();
    }

    private protected override void Apply(List<Wanted> approved)
    {
        _underWay = approved;
        base.Apply(approved);
    }

    private protected override void WriteEnd(ProvisionReport report)
    {
        base.WriteEnd(report);
        if (report.UserPrincipalName.Length > 0)
            _ended.Add((report, [.. _underWay[report.Row!.Value - 1].Request(true)["scopes"]!.Items.Select(scope => scope.AsString()!)]));
    }

    /// <summary>Warns of permissions that users still have, because the agent identity has them for all users, too.</summary>
    private void TellWhatStays()
    {
        using var reads = new ReadQueue();
        foreach (IGrouping<Guid?, (ProvisionReport Report, string[] Scopes)> ofIdentity in _ended.GroupBy(ended => ended.Report.Id))
        {
            ReadAhead read = Begin(Operations.Permissions(ofIdentity.Key.ToString()));
            reads.Add(() => TellWhatStays(ofIdentity, read), read);
        }
        reads.End();
    }

    private void TellWhatStays(IGrouping<Guid?, (ProvisionReport Report, string[] Scopes)> ofIdentity, ReadAhead read)
    {
        CallResult result = Pump("Looking for permissions for all users", read);
        if (result.Problem is { } problem)
        {
            Streams.Warn(this, $"It was not seen whether the agent identity {ofIdentity.Key} has the permissions for all users, too. {Words.Of(problem.Message)}");
            return;
        }
        DelegatedPermission[] forAll = [.. new AgentPermissions(result.Result).Delegated.Where(grant => grant.ConsentType == "AllPrincipals")];
        foreach ((ProvisionReport report, string[] scopes) in ofIdentity)
            TellWhatStays(report, scopes, forAll);
    }

    private void TellWhatStays(ProvisionReport report, string[] revoked, IEnumerable<DelegatedPermission> forAll)
    {
        string[] stay =
        [
            .. forAll.Where(grant => grant.ResourceAppId == report.ResourceAppId)
                .SelectMany(grant => grant.Scopes).Where(scope => revoked.Contains(scope, StringComparer.OrdinalIgnoreCase)),
        ];
        if (stay.Length == 0)
            return;
        string? resource = report.ResourceAppId?.ToString();
        string other = resource == ResourceCompleter.GraphAppId ? "" : $" -ResourceAppId {resource}";
        Streams.Warn(
            this,
            $"{report.UserPrincipalName} still has {string.Join(", ", stay)}: {report.DisplayName ?? report.Id.ToString()} has it for all users. "
            + $"Revoke-AgentIdentityPermission {report.Id} -AllPrincipals -Scope {string.Join(", ", stay)}{other} takes it from all of them.");
    }
}
