namespace AgentUsers;

/// <summary>The options of creating or provisioning one agent user.</summary>
public sealed class ProvisionOptions
{
    /// <summary>The domain of a user principal name that is derived from the display name.</summary>
    public string? Domain { get; init; }

    /// <summary>The services to wait for at the end; by default none.</summary>
    public Readiness Readiness { get; init; }

    /// <summary>True plans the changes and makes none.</summary>
    public bool DryRun { get; init; }
}
