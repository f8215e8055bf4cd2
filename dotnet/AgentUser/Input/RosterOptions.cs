using System.Collections.Generic;

namespace AgentUsers;

/// <summary>How to apply a roster.</summary>
public sealed class RosterOptions
{
    /// <summary>The domain of user principal names that are derived from display names.</summary>
    public string? Domain { get; init; }

    /// <summary>Whether to check domains against those the tenant has verified, where they can be read. It does unless told otherwise.</summary>
    public bool CheckDomains { get; init; } = true;

    /// <summary>What to wait for.</summary>
    public Readiness Readiness { get; init; }

    /// <summary>The rows to apply, by their numbers as a spreadsheet counts; all when null.</summary>
    public IReadOnlyList<int>? Rows { get; init; }

    /// <summary>The i-th of n shards alone, as <c>i/n</c>: n workers share the roster and the tenant's quotas.</summary>
    public string? Shard { get; init; }
}
