using System.Collections.Generic;

namespace AgentUsers;

/// <summary>The options of planning a verb for many agent users.</summary>
public sealed class PlanOptions
{
    /// <summary>For <see cref="PlanVerb.License"/>: SKU part numbers or ids to assign.</summary>
    public IReadOnlyList<string>? AddLicenses { get; init; }

    /// <summary>For <see cref="PlanVerb.License"/>: SKU part numbers or ids to remove.</summary>
    public IReadOnlyList<string>? RemoveLicenses { get; init; }

    /// <summary>For <see cref="PlanVerb.Restore"/>: whether Graph drops the mail addresses that other users have by now.</summary>
    public bool? AutoReconcileProxyConflict { get; init; }

    /// <summary>For <see cref="PlanVerb.Retire"/>: how far they are retired, and whether data may be lost.</summary>
    public RetireOptions? Retirement { get; init; }
}

/// <summary>The options of applying a plan.</summary>
public sealed class ApplyPlanOptions
{
    /// <summary>Whether to say what is left to change, and change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>The numbers of the objects to change, as the reports of a dry run have them; null changes all.</summary>
    public IReadOnlyList<int>? Only { get; init; }

    /// <summary>How old the plan may be, in days; 7 by default.</summary>
    public int? MaxAgeDays { get; init; }

    /// <summary>The most bytes that the plan may have; 128 MiB by default.</summary>
    public int? MaxBytes { get; init; }

    /// <summary>The most changes that the plan may have; 1,000,000 by default.</summary>
    public int? MaxChanges { get; init; }

    /// <summary>The most errors of the plan that are listed; 1,000 by default.</summary>
    public int? MaxErrors { get; init; }
}
