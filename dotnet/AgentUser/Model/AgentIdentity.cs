using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>An agent identity: the service principal that can be the parent of one agent user.</summary>
public sealed class AgentIdentity : GraphObject
{
    internal AgentIdentity(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The object id.</summary>
    public Guid? ObjectId => Id("id");

    /// <summary>The application (client) id.</summary>
    public Guid? AppId => Id("appId");

    /// <summary>The display name.</summary>
    public string? DisplayName => Text("displayName");

    /// <summary>Whether the account is enabled.</summary>
    public bool? AccountEnabled => Json["accountEnabled"]?.AsBoolean();

    /// <summary><c>ServiceIdentity</c> for an agent identity.</summary>
    public string? ServicePrincipalType => Text("servicePrincipalType");

    /// <summary>The application id of its blueprint.</summary>
    public Guid? AgentIdentityBlueprintId => Id("agentIdentityBlueprintId");

    /// <summary><c>NotDisabled</c>, or why Microsoft disabled it.</summary>
    public string? DisabledByMicrosoftStatus => Text("disabledByMicrosoftStatus");

    /// <summary>The moment of its creation; null where it was read to be verified as a parent.</summary>
    public DateTimeOffset? CreatedDateTime => Moments.Parse(Text("createdDateTime"));

    /// <summary>The application id of the program that created it; null where it was read to be verified as a parent.</summary>
    public Guid? CreatedByAppId => Id("createdByAppId");

    /// <summary>Its tags; empty where it was read to be verified as a parent.</summary>
    public IReadOnlyList<string> Tags => [.. Items("tags").Select(tag => tag.AsString()).OfType<string>()];
}
