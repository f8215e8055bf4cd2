namespace AgentUsers;

/// <summary>A Microsoft cloud. A token of one cloud is not valid in another.</summary>
public enum Cloud
{
    /// <summary>The global cloud, GCC included.</summary>
    Global,

    /// <summary>US Government L4 (GCC High).</summary>
    UsGovernment,

    /// <summary>US Government L5 (DoD).</summary>
    UsGovernmentDod,

    /// <summary>China, operated by 21Vianet.</summary>
    China,
}
