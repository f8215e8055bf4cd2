using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>A desired agent user: one row of a roster.</summary>
/// <remarks>Only declared members are compared and changed. A member that is null declares nothing.</remarks>
public sealed class AgentUserRow : AgentUserMembers
{
    /// <summary>The object id of the agent identity that is its parent.</summary>
    public Guid? IdentityParentId
    {
        get => Get("identityParentId")?.AsGuid();
        set => Set("identityParentId", value is { } id ? id : null);
    }

    /// <summary>The manager: a user principal name or an object id.</summary>
    public string? Manager
    {
        get => Get("manager")?.AsString();
        set => Set("manager", value);
    }

    /// <summary>The sponsors: users, and groups as <c>group:{id}</c>.</summary>
    public IReadOnlyList<string>? Sponsors
    {
        get => Texts("sponsors");
        set => Set("sponsors", value is null ? null : JsonValue.Array(value));
    }

    /// <summary>The groups that it is a member of: display names or object ids.</summary>
    public IReadOnlyList<string>? Groups
    {
        get => Texts("groups");
        set => Set("groups", value is null ? null : JsonValue.Array(value));
    }

    /// <summary>The licenses: SKU part numbers or ids, such as <c>AGENT_365</c> or <c>AGENT_365 without TEAMS1</c>; a group that assigns licenses as <c>group:ID</c> or <c>group:NAME</c>.</summary>
    public IReadOnlyList<string>? Licenses
    {
        get => Texts("licenses");
        set => Set("licenses", value is null ? null : JsonValue.Array(value));
    }

    internal JsonValue ToJson() => JsonValue.Object(Members.Where(member => member.Value.Kind != JsonKind.Null));
}
