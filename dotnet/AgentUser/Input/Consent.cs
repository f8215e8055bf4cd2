using System;

namespace AgentUsers;

/// <summary>Says who acts by delegated permissions, and for whom.</summary>
public sealed class Consent
{
    private Consent(string? user = null, Guid? agentIdentityId = null, Guid? blueprint = null, bool allPrincipals = false)
    {
        User = user;
        AgentIdentityId = agentIdentityId?.ToString();
        Blueprint = blueprint?.ToString();
        AllPrincipals = allPrincipals;
    }

    internal string? User { get; }

    internal string? AgentIdentityId { get; }

    internal string? Blueprint { get; }

    internal bool AllPrincipals { get; }

    /// <summary>An agent user by itself: its agent identity acts for it alone (<c>consentType</c> is <c>Principal</c>).</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <returns>The consent.</returns>
    public static Consent ForAgentUser(string user) => new(user: user ?? throw new ArgumentNullException(nameof(user)));

    /// <summary>An agent identity for one user, which may be a person on whose behalf it acts (<c>Principal</c>).</summary>
    /// <param name="agentIdentityId">The object id of the agent identity.</param>
    /// <param name="user">The user's object id or user principal name.</param>
    /// <returns>The consent.</returns>
    public static Consent ForUser(Guid agentIdentityId, string user) =>
        new(user: user ?? throw new ArgumentNullException(nameof(user)), agentIdentityId: agentIdentityId);

    /// <summary>An agent identity for all users of the tenant (<c>AllPrincipals</c>).</summary>
    /// <param name="agentIdentityId">The object id of the agent identity.</param>
    /// <returns>The consent.</returns>
    public static Consent ForAllUsers(Guid agentIdentityId) => new(agentIdentityId: agentIdentityId, allPrincipals: true);

    /// <summary>The principal of a blueprint for all users of the tenant: what its agent identities can inherit (<c>AllPrincipals</c>).</summary>
    /// <param name="blueprint">The blueprint's application id, or the object id of its application or of its principal.</param>
    /// <returns>The consent.</returns>
    public static Consent ForAllUsersOfBlueprint(Guid blueprint) => new(blueprint: blueprint, allPrincipals: true);
}
