using System;

namespace AgentUsers;

/// <summary>A blueprint: the application that agent identities are made from.</summary>
public sealed class AgentBlueprint : GraphObject
{
    internal AgentBlueprint(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The object id of the application.</summary>
    public Guid? ObjectId => Id("id");

    /// <summary>The application (client) id.</summary>
    public Guid? AppId => Id("appId");

    /// <summary>The display name.</summary>
    public string? DisplayName => Text("displayName");

    /// <summary>Its description.</summary>
    public string? Description => Text("description");

    /// <summary>The moment of its creation.</summary>
    public DateTimeOffset? CreatedDateTime => Moments.Parse(Text("createdDateTime"));

    /// <summary><c>NotDisabled</c>, or why Microsoft disabled it.</summary>
    public string? DisabledByMicrosoftStatus => Text("disabledByMicrosoftStatus");
}
