namespace AgentUsers;

/// <summary>What the agent identities of a blueprint inherit of a resource's delegated permissions, or of its app roles.</summary>
public enum Inheritance
{
    /// <summary>It stays as it is.</summary>
    Unchanged,

    /// <summary>All that are granted to the blueprint's principal, now and later.</summary>
    AllAllowed,

    /// <summary>None.</summary>
    None,
}
