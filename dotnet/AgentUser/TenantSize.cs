namespace AgentUsers;

/// <summary>The sizes of tenants by which Microsoft's quotas differ.</summary>
public enum TenantSize
{
    /// <summary>Fewer than 50 users.</summary>
    Small,

    /// <summary>50 to 500 users.</summary>
    Medium,

    /// <summary>More than 500 users.</summary>
    Large,
}
