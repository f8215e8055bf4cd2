using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The permissions of an agent user, an agent identity or a blueprint's principal.</summary>
public sealed class AgentPermissions : GraphObject
{
    internal AgentPermissions(JsonValue json)
        : base(json)
    {
    }

    /// <summary>Its object id.</summary>
    public new Guid Id => base.Id("id") ?? default;

    /// <summary>Its display name.</summary>
    public string? DisplayName => Text("displayName");

    /// <summary>The delegated permissions by which it acts; of an agent user, those of its agent identity for it and for all users.</summary>
    public IReadOnlyList<DelegatedPermission> Delegated => [.. Items("delegated").Select(one => new DelegatedPermission(one))];

    /// <summary>The app roles that are assigned to it.</summary>
    public IReadOnlyList<AssignedAppRole> AppRoles => [.. Items("appRoles").Select(one => new AssignedAppRole(one))];

    /// <summary>The permissions that the agent identities of a blueprint inherit, by resource; empty for others.</summary>
    public IReadOnlyList<InheritedResource> Inheritable => [.. Items("inheritable").Select(one => new InheritedResource(one))];
}

/// <summary>A delegated permission grant.</summary>
public sealed class DelegatedPermission : GraphObject
{
    internal DelegatedPermission(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The grant's id, which is not a GUID.</summary>
    public string? GrantId => Text("grantId");

    /// <summary>The object id of the service principal that acts.</summary>
    public Guid? ClientId => Id("clientId");

    /// <summary><c>Principal</c> for one user, <c>AllPrincipals</c> for all.</summary>
    public string? ConsentType => Text("consentType");

    /// <summary>The user, of a grant for one.</summary>
    public Guid? PrincipalId => Id("principalId");

    /// <summary>The object id of the resource's service principal.</summary>
    public Guid? ResourceId => Id("resourceId");

    /// <summary>The resource's application id, where the caller may read the resource.</summary>
    public Guid? ResourceAppId => Id("resourceAppId");

    /// <summary>The resource's name, where the caller may read it.</summary>
    public string? ResourceDisplayName => Text("resourceDisplayName");

    /// <summary>The names of the permissions.</summary>
    public IReadOnlyList<string> Scopes => [.. Items("scopes").Select(scope => scope.AsString()).OfType<string>()];
}

/// <summary>An app role that is assigned.</summary>
public sealed class AssignedAppRole : GraphObject
{
    internal AssignedAppRole(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The assignment's id, which is not a GUID.</summary>
    public string? AssignmentId => Text("assignmentId");

    /// <summary>The role's id.</summary>
    public Guid? AppRoleId => Id("appRoleId");

    /// <summary>The role's name, where the caller may read the resource.</summary>
    public string? AppRole => Text("appRole");

    /// <summary>The object id of the resource's service principal.</summary>
    public Guid? ResourceId => Id("resourceId");

    /// <summary>The resource's application id, where the caller may read the resource.</summary>
    public Guid? ResourceAppId => Id("resourceAppId");

    /// <summary>The resource's name.</summary>
    public string? ResourceDisplayName => Text("resourceDisplayName");
}

/// <summary>The permissions of one resource that agent identities inherit.</summary>
public sealed class InheritedResource : GraphObject
{
    internal InheritedResource(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The application id of the resource.</summary>
    public Guid? ResourceAppId => Id("resourceAppId");

    /// <summary><c>allAllowed</c>, <c>enumerated</c> or <c>none</c>.</summary>
    public string? InheritableScopes => Text("inheritableScopes");

    /// <summary><c>allAllowed</c>, <c>enumerated</c> or <c>none</c>.</summary>
    public string? InheritableRoles => Text("inheritableRoles");
}

/// <summary>The end of a wait for a permission in the client's own tokens.</summary>
public sealed class TokenPermission : GraphObject
{
    internal TokenPermission(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The permission.</summary>
    public string Permission => Text("permission") ?? "";

    /// <summary>True if the token shows the permission; false if it is opaque, so that nobody can see whether it carries it.</summary>
    public bool IsCarried => Text("state") == "carried";

    /// <summary>Sentences beside it.</summary>
    public IReadOnlyList<Remark> Remarks => [.. Items("remarks").Select(Remark.From)];
}
