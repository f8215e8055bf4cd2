using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>What an agent user shall be: one row of a roster.</summary>
/// <remarks>Only what is named is compared and changed. A member that is null declares nothing.</remarks>
public sealed class AgentUserRow : AgentUserMembers
{
    /// <summary>The object id of the agent identity that is to own it.</summary>
    public Guid? IdentityParentId
    {
        get => this["identityParentId"]?.AsGuid();
        set => this["identityParentId"] = value is { } id ? id : null;
    }

    /// <summary>Its manager: a user principal name or an object id.</summary>
    public string? Manager
    {
        get => this["manager"]?.AsString();
        set => this["manager"] = value;
    }

    /// <summary>Its sponsors: users, and groups as <c>group:{id}</c>.</summary>
    public IReadOnlyList<string>? Sponsors
    {
        get => Texts("sponsors");
        set => this["sponsors"] = value is null ? null : JsonValue.Array(value);
    }

    /// <summary>Its licenses: SKU part numbers or ids.</summary>
    public IReadOnlyList<string>? Licenses
    {
        get => Texts("licenses");
        set => this["licenses"] = value is null ? null : JsonValue.Array(value);
    }

    internal JsonValue ToJson() => JsonValue.Object(this.Where(member => member.Value.Kind != JsonKind.Null));
}
