namespace AgentUsers;

/// <summary>A Microsoft cloud. Tokens of one are worth nothing in another.</summary>
public enum Cloud
{
    /// <summary>Global, and GCC.</summary>
    Global,

    /// <summary>US Government L4 (GCC High).</summary>
    UsGovernment,

    /// <summary>US Government L5 (DoD).</summary>
    UsGovernmentDod,

    /// <summary>China, operated by 21Vianet.</summary>
    China,
}
