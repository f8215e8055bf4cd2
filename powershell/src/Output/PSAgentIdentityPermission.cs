using System;

namespace AgentUsers.PowerShell;

/// <summary>
/// A permission of an agent: a grant of delegated permissions, an app role, or what the agent identities of a blueprint inherit of a resource.
/// </summary>
public sealed class PSAgentIdentityPermission
{
    /// <summary>Makes a permission without an agent, for scripts and their tests.</summary>
    public PSAgentIdentityPermission()
    {
    }

    internal PSAgentIdentityPermission(NamedAgent agent, AgentPermissions of, DelegatedPermission grant)
        : this("Delegated", agent, of)
    {
        // Of an agent user it is the grant of its agent identity.
        AgentIdentityId = agent.Blueprint is null ? grant.ClientId?.ToString() : null;
        AllPrincipals = grant.ConsentType == "AllPrincipals";
        User = AllPrincipals ? null : grant.PrincipalId?.ToString();
        Scope = new(grant.Scopes);
        Resource = grant.ResourceDisplayName ?? grant.ResourceId?.ToString();
        ResourceAppId = grant.ResourceAppId ?? grant.ResourceId;
    }

    internal PSAgentIdentityPermission(NamedAgent agent, AgentPermissions of, AssignedAppRole role)
        : this("AppRole", agent, of)
    {
        User = agent.User is null ? null : of.Id.ToString();
        AgentIdentityId = agent.AgentIdentity is null ? null : of.Id.ToString();
        AppRole = role.AppRole ?? role.AppRoleId?.ToString();
        Resource = role.ResourceDisplayName ?? role.ResourceId?.ToString();
        ResourceAppId = role.ResourceAppId ?? role.ResourceId;
    }

    internal PSAgentIdentityPermission(NamedAgent agent, AgentPermissions of, InheritedResource inherited)
        : this("Inheritable", agent, of)
    {
        string? id = inherited.ResourceAppId?.ToString();
        Resource = id == ResourceCompleter.GraphAppId ? ResourceCompleter.Graph : id;
        ResourceAppId = inherited.ResourceAppId;
        InheritableScopes = inherited.InheritableScopes is { } scopes ? Plain.Pascal(scopes) : null;
        InheritableRoles = inherited.InheritableRoles is { } roles ? Plain.Pascal(roles) : null;
    }

    private PSAgentIdentityPermission(string kind, NamedAgent agent, AgentPermissions of)
    {
        Kind = kind;
        Agent = agent.User is { } name && name.Contains("@") ? name : of.DisplayName ?? agent.ToString();
        AgentId = of.Id;
        Blueprint = agent.Blueprint is null ? null : of.Id.ToString();
    }

    /// <summary>The agent: the sign-in name of an agent user that was asked for by it, else the display name.</summary>
    public string Agent { get; set; } = "";

    /// <summary>The object id of the agent: of an agent user, an agent identity, or a blueprint's principal.</summary>
    public Guid? AgentId { get; set; }

    /// <summary><c>Delegated</c>, <c>AppRole</c> or <c>Inheritable</c>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>With <c>Delegated</c>: the names of the permissions of the grant.</summary>
    public JoinedList<string> Scope { get; set; } = JoinedList<string>.Empty;

    /// <summary>With <c>AppRole</c>: the name of the app role, or its id where it could not be read.</summary>
    public string? AppRole { get; set; }

    /// <summary>The name of the resource, or its id where it could not be read.</summary>
    public string? Resource { get; set; }

    /// <summary>The application id of the resource; its object id where it could not be read.</summary>
    public Guid? ResourceAppId { get; set; }

    /// <summary>The object id of the agent identity that has the permission; null where an agent user or a blueprint has it.</summary>
    public string? AgentIdentityId { get; set; }

    /// <summary>The object id of the principal of the blueprint that has the permission; null for others.</summary>
    public string? Blueprint { get; set; }

    /// <summary>The object id of the user that a grant is for, or that has an app role; null for others.</summary>
    public string? User { get; set; }

    /// <summary>Whether a grant is for all users of the tenant.</summary>
    public bool AllPrincipals { get; set; }

    /// <summary>With <c>Inheritable</c>: <c>AllAllowed</c>, <c>Enumerated</c> or <c>None</c> of the delegated permissions.</summary>
    public string? InheritableScopes { get; set; }

    /// <summary>With <c>Inheritable</c>: <c>AllAllowed</c>, <c>Enumerated</c> or <c>None</c> of the app roles.</summary>
    public string? InheritableRoles { get; set; }

    /// <summary>Kind and names.</summary>
    /// <returns>One line.</returns>
    public override string ToString() =>
        $"{Kind} {(Kind == "Inheritable" ? $"scopes {InheritableScopes}, roles {InheritableRoles}" : AppRole ?? string.Join(" ", Scope))}";
}
