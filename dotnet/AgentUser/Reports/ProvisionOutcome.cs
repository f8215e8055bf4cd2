namespace AgentUsers;

/// <summary>How it ended for one agent user.</summary>
public enum ProvisionOutcome
{
    /// <summary>In a way that this version does not know.</summary>
    Unknown,

    /// <summary>It is new.</summary>
    Created,

    /// <summary>It was there and something was changed.</summary>
    Changed,

    /// <summary>It was there, just as wanted.</summary>
    Unchanged,

    /// <summary>A dry run found something to do.</summary>
    Planned,

    /// <summary>A problem ended it; what was done before stays done.</summary>
    Failed,

    /// <summary>It was cancelled; what was done before stays done.</summary>
    Cancelled,
}
