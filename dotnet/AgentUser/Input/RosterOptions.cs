using System.Collections.Generic;

namespace AgentUsers;

/// <summary>The options of applying a roster.</summary>
public sealed class RosterOptions
{
    /// <summary>The domain of user principal names that are derived from display names.</summary>
    public string? Domain { get; init; }

    /// <summary>Whether to check domains against those that the tenant has verified, if they can be read; by default true.</summary>
    public bool CheckDomains { get; init; } = true;

    /// <summary>The services that each row waits for at its end; by default none.</summary>
    public Readiness Readiness { get; init; }

    /// <summary>The numbers of the rows to apply, as a spreadsheet counts; null applies all.</summary>
    public IReadOnlyList<int>? Rows { get; init; }

    /// <summary>The shard to apply, as <c>i/n</c>: n workers share the roster and the tenant's quotas.</summary>
    public string? Shard { get; init; }

    /// <summary>The most bytes that the roster may have; 64 MiB by default.</summary>
    public int? MaxBytes { get; init; }

    /// <summary>The most rows that the roster may have; 200,000 by default.</summary>
    public int? MaxRows { get; init; }

    /// <summary>The most errors of the roster that are listed; 1,000 by default. More are counted by rule and field.</summary>
    public int? MaxErrors { get; init; }
}
