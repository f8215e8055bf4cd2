using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers.PowerShell;

/// <summary>Whom Connect-MgGraph or Connect-Entra signed in, as Get-MgContext tells it. It holds no token.</summary>
internal sealed class MgGraphSession
{
    /// <summary>The tenant.</summary>
    internal string TenantId { get; init; } = "";

    /// <summary>The application.</summary>
    internal string ClientId { get; init; } = "";

    /// <summary>The user; null if an application signed in by itself.</summary>
    internal string? Account { get; init; }

    /// <summary>The kind of sign-in, such as <c>Delegated</c> or <c>AppOnly</c>.</summary>
    internal string AuthType { get; init; } = "";

    /// <summary>The name of the cloud.</summary>
    internal string Environment { get; init; } = "";

    /// <summary>The Graph endpoint of the cloud; null if the module does not know the cloud.</summary>
    internal Uri? GraphEndpoint { get; init; }

    /// <summary>The permissions: delegated ones, or those of the application. Empty if the token does not tell them.</summary>
    internal IReadOnlyList<string> Scopes { get; init; } = [];

    private static readonly string[] s_write = ["AgentIdUser.ReadWrite.All", "AgentIdUser.ReadWrite.IdentityParentedBy", "User.ReadWrite.All"];

    private static readonly string[] s_directory = ["Directory.Read.All", "Directory.ReadWrite.All"];

    /// <summary>Whether requests of the other session go to the same tenant with the same rights.</summary>
    internal bool IsSame(MgGraphSession other) =>
        IsOfSame(other)
        && AuthType == other.AuthType
        && new HashSet<string>(Scopes, StringComparer.OrdinalIgnoreCase).SetEquals(other.Scopes);

    /// <summary>Whether it is the same account or application in the same tenant, with whatever rights.</summary>
    internal bool IsOfSame(MgGraphSession other) =>
        (TenantId, ClientId, Account, Environment) == (other.TenantId, other.ClientId, other.Account, other.Environment);

    /// <inheritdoc/>
    public override string ToString() => $"{Account ?? "application " + ClientId} in tenant {TenantId} ({Environment})";

    /// <summary>The warnings about the permissions of the session.</summary>
    internal IEnumerable<string> Warnings()
    {
        if (Scopes.Count == 0)
            yield break;
        foreach ((string cmdlets, string[] permissions) in s_needs)
        {
            if (!permissions.Any(Has))
            {
                yield return $"The session of Connect-MgGraph has neither {permissions[0]} nor a permission that includes it; {cmdlets} need it. "
                    + $"Run Connect-MgGraph -Scopes {permissions[0]}, or grant it to the application that signs in.";
            }
        }
        if (Has("Directory.AccessAsUser.All"))
        {
            yield return "The session of Connect-MgGraph has Directory.AccessAsUser.All, which makes its Agent ID permissions void: Graph "
                + "refuses to create, change and remove agent users (403). Sign in with an application that does not ask for it.";
        }
        if (Has("Directory.ReadWrite.All"))
        {
            yield return "The session of Connect-MgGraph has Directory.ReadWrite.All, which may make its Agent ID permissions void: one of "
                + "Microsoft's pages says that Graph then refuses agent users (403). Sign in without it if that happens.";
        }
    }

    /// <summary>The warnings about the permissions that are needed, of which the session may have others that include them.</summary>
    internal IEnumerable<string> WarningsFor(IEnumerable<string> needed)
    {
        string[] missing = [.. needed.Where(permission => !Has(permission) && !s_needs.Any(need => need.Permissions.Contains(permission) && need.Permissions.Any(Has)))];
        if (Scopes.Count > 0 && missing.Length > 0)
        {
            yield return $"The session of Connect-MgGraph may lack permissions that the tasks need: {string.Join(", ", missing)}. "
                + $"Run Connect-MgGraph -Scopes {string.Join(", ", missing)}, or grant them to the application that signs in.";
        }
    }

    private bool Has(string permission) => Scopes.Contains(permission, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The permissions that the cmdlets can't do without: the one to ask for, and those that are enough, too
    /// (docs/errors.md#permissions-by-call).
    /// </summary>
    private static readonly (string Cmdlets, string[] Permissions)[] s_needs =
    [
        ("Get-AgentIdentity, New-AgentUser and Invoke-AgentUserRoster",
            ["AgentIdentity.Read.All", "AgentIdentity.ReadWrite.All", "Application.Read.All", "Application.ReadWrite.All", .. s_directory]),
        ("Get-AgentUser, New-AgentUser, Invoke-AgentUserRoster and Remove-AgentUser",
            ["User.Read.All", "User.ReadBasic.All", .. s_write, .. s_directory]),
        ("New-AgentUser and Invoke-AgentUserRoster", s_write),
        ("Remove-AgentUser", [.. s_write, "User.DeleteRestore.All"]),
        ("New-AgentUser and Invoke-AgentUserRoster with licenses",
            ["LicenseAssignment.Read.All", "LicenseAssignment.ReadWrite.All", "Organization.Read.All", "Organization.ReadWrite.All", .. s_directory]),
    ];
}
