using System;

namespace AgentUsers;

/// <summary>A manager or a sponsor. Graph may send only the id.</summary>
public sealed class DirectoryObject : GraphObject
{
    internal DirectoryObject(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The type, such as <c>#microsoft.graph.user</c> or <c>#microsoft.graph.group</c>.</summary>
    public string? ODataType => Text("@odata.type");

    /// <summary>The object id.</summary>
    public Guid? ObjectId => Id("id");

    /// <summary>The display name.</summary>
    public string? DisplayName => Text("displayName");

    /// <summary>A user's sign-in name.</summary>
    public string? UserPrincipalName => Text("userPrincipalName");

    /// <summary>Whether a user can sign in; null where that was not read.</summary>
    public bool? AccountEnabled => Json["accountEnabled"]?.AsBoolean();
}
