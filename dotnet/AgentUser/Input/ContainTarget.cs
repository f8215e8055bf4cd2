using System;

namespace AgentUsers;

/// <summary>The object to stop, with everything below it.</summary>
public sealed class ContainTarget
{
    private ContainTarget(string? blueprint, string? identity, string? user) => (Blueprint, Identity, User) = (blueprint, identity, user);

    internal string? Blueprint { get; }

    internal string? Identity { get; }

    internal string? User { get; }

    /// <summary>A blueprint.</summary>
    /// <param name="id">Its application id, or an object id of its application or its principal.</param>
    /// <returns>The target.</returns>
    public static ContainTarget OfBlueprint(Guid id) => new(id.ToString(), null, null);

    /// <summary>An agent identity.</summary>
    /// <param name="id">Its object id.</param>
    /// <returns>The target.</returns>
    public static ContainTarget OfIdentity(Guid id) => new(null, id.ToString(), null);

    /// <summary>An agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <returns>The target.</returns>
    public static ContainTarget OfUser(string user) => new(null, null, user ?? throw new ArgumentNullException(nameof(user)));
}
