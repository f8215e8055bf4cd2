namespace AgentUsers;

/// <summary>The size of a tenant, as Microsoft's limits tell tenants apart.</summary>
public enum TenantSize
{
    /// <summary>Fewer than 50 users.</summary>
    Small,

    /// <summary>50 to 500 users.</summary>
    Medium,

    /// <summary>More than 500 users.</summary>
    Large,
}
