namespace AgentUsers;

/// <summary>How to create or provision one agent user.</summary>
public sealed class ProvisionOptions
{
    /// <summary>The domain of a user principal name that is derived from the display name.</summary>
    public string? Domain { get; init; }

    /// <summary>What to wait for.</summary>
    public Readiness Readiness { get; init; }

    /// <summary>Whether to find out what would change, and change nothing.</summary>
    public bool DryRun { get; init; }
}
