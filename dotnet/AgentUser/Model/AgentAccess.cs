using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The access of an agent user. A part that could not be read says why: it is not empty.</summary>
public sealed class AgentAccess : GraphObject
{
    internal AgentAccess(JsonValue json)
        : base(json)
    {
    }

    /// <summary>Its object id.</summary>
    public new Guid Id => base.Id("id") ?? default;

    /// <summary>Its user principal name.</summary>
    public string? UserPrincipalName => Text("userPrincipalName");

    /// <summary>Its agent identity.</summary>
    public Guid? IdentityParentId => base.Id("identityParentId");

    /// <summary>The groups that it is in, directly or by another group.</summary>
    public AccessPart<AccessGroup> Groups => new(Json["groups"], one => new AccessGroup(one));

    /// <summary>The directory roles that it has. Those of groups are among them where its groups were read.</summary>
    public AccessPart<AccessRole> Roles => new(Json["roles"], one => new AccessRole(one));

    /// <summary>The directory roles that it may activate, as far as <see cref="Roles"/>.</summary>
    public AccessPart<AccessRole> EligibleRoles => new(Json["eligibleRoles"], one => new AccessRole(one));

    /// <summary>The delegated permissions by which its agent identity acts for it.</summary>
    public AccessPart<DelegatedPermission> Delegated => new(Json["delegated"], one => new DelegatedPermission(one));

    /// <summary>The app roles that are assigned to it or to its groups.</summary>
    public AccessPart<AssignedAppRole> AppRoles => new(Json["appRoles"], one => new AssignedAppRole(one));

    /// <summary>The permissions that the blueprint lets its agent identities inherit, by resource.</summary>
    public AccessPart<InheritedResource> Inheritable => new(Json["inheritable"], one => new InheritedResource(one));
}

/// <summary>A part of what an agent user has access to, or why it was not read.</summary>
/// <typeparam name="T">What it has.</typeparam>
public sealed class AccessPart<T>
{
    private readonly JsonValue? _json;

    internal AccessPart(JsonValue? json, Func<JsonValue, T> read)
    {
        _json = json;
        Items = [.. (json?["known"]?.Items ?? []).Select(one => new SourcedAccess<T>(one, read))];
    }

    /// <summary>Whether it was read. If not, <see cref="Items"/> is empty because nothing is known.</summary>
    public bool IsKnown => _json?["known"] is not null;

    /// <summary>The groups, roles or permissions, each with its source.</summary>
    public IReadOnlyList<SourcedAccess<T>> Items { get; }

    /// <summary>Why it was not read; null where it was.</summary>
    public UnreadReason? Reason => _json?["unknown"] is { } reason ? new(reason) : null;
}

/// <summary>Something that an agent user has, and where it comes from.</summary>
/// <typeparam name="T">What it has.</typeparam>
public sealed class SourcedAccess<T>
{
    internal SourcedAccess(JsonValue json, Func<JsonValue, T> read)
    {
        JsonValue? source = json["source"];
        Source = Names.Parse<AccessSource>(source?["kind"]);
        SourceId = source?["id"]?.AsGuid();
        SourceName = source?["displayName"]?.AsString();
        Access = read(json["access"] ?? json);
    }

    /// <summary>The kind of its source.</summary>
    public AccessSource Source { get; }

    /// <summary>The object id of the group, or the application id of the blueprint, where it is known.</summary>
    public Guid? SourceId { get; }

    /// <summary>The name of the group or blueprint, where it is known.</summary>
    public string? SourceName { get; }

    /// <summary>The group, role or permission.</summary>
    public T Access { get; }
}

/// <summary>The kind of source that access comes from.</summary>
public enum AccessSource
{
    /// <summary>A source that this version does not know.</summary>
    Unknown,

    /// <summary>It has it itself.</summary>
    Itself,

    /// <summary>A group that it is in.</summary>
    Group,

    /// <summary>A grant for all users of the tenant.</summary>
    AllUsers,

    /// <summary>The blueprint of its agent identity.</summary>
    Blueprint,
}

/// <summary>A group of an agent user.</summary>
public sealed class AccessGroup : GraphObject
{
    internal AccessGroup(JsonValue json)
        : base(json)
    {
    }

    /// <summary>Its object id.</summary>
    public new Guid? Id => base.Id("id");

    /// <summary>Its name.</summary>
    public string? DisplayName => Text("displayName");

    /// <summary>Whether directory roles can be assigned to it.</summary>
    public bool? IsAssignableToRole => Json["isAssignableToRole"]?.AsBoolean();
}

/// <summary>A directory role.</summary>
public sealed class AccessRole : GraphObject
{
    internal AccessRole(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The id of its definition.</summary>
    public Guid? RoleDefinitionId => Id("roleDefinitionId");

    /// <summary>Its name, where the caller may read it.</summary>
    public string? DisplayName => Text("displayName");

    /// <summary><c>/</c> for the whole tenant, else what it is confined to, such as an administrative unit.</summary>
    public string? DirectoryScopeId => Text("directoryScopeId");
}
