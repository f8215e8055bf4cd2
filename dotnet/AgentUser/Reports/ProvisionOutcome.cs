namespace AgentUsers;

/// <summary>The outcomes of an operation on one agent user.</summary>
public enum ProvisionOutcome
{
    /// <summary>An outcome that this version does not know.</summary>
    Unknown,

    /// <summary>The agent user was created.</summary>
    Created,

    /// <summary>The agent user existed and was changed.</summary>
    Changed,

    /// <summary>The agent user existed in the declared state.</summary>
    Unchanged,

    /// <summary>A dry run found changes to make.</summary>
    Planned,

    /// <summary>A problem ended the operation; changes made before stay.</summary>
    Failed,

    /// <summary>The operation was cancelled; changes made before stay.</summary>
    Cancelled,
}
