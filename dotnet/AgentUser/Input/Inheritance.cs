namespace AgentUsers;

/// <summary>The inheritance of a resource's delegated permissions, or of its app roles, by the agent identities of a blueprint.</summary>
public enum Inheritance
{
    /// <summary>It stays as it is.</summary>
    Unchanged,

    /// <summary>All that are granted to the blueprint's principal, now and later.</summary>
    AllAllowed,

    /// <summary>None.</summary>
    None,
}
