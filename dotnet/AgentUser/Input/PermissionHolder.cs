using System;

namespace AgentUsers;

/// <summary>The agent whose permissions are meant: an agent user, an agent identity, or a blueprint's principal.</summary>
public sealed class PermissionHolder
{
    private PermissionHolder(string? user = null, Guid? agentIdentityId = null, Guid? blueprint = null)
    {
        UserName = user;
        AgentIdentityId = agentIdentityId?.ToString();
        BlueprintId = blueprint?.ToString();
    }

    internal string? UserName { get; }

    internal string? AgentIdentityId { get; }

    internal string? BlueprintId { get; }

    /// <summary>An agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <returns>The holder.</returns>
    public static PermissionHolder User(string user) => new(user: user ?? throw new ArgumentNullException(nameof(user)));

    /// <summary>An agent identity.</summary>
    /// <param name="id">Its object id.</param>
    /// <returns>The holder.</returns>
    public static PermissionHolder AgentIdentity(Guid id) => new(agentIdentityId: id);

    /// <summary>The principal of a blueprint.</summary>
    /// <param name="id">The blueprint's application id, or the object id of its application or of its principal.</param>
    /// <returns>The holder.</returns>
    public static PermissionHolder Blueprint(Guid id) => new(blueprint: id);
}
