namespace AgentUsers;

/// <summary>How bad a finding is.</summary>
public enum AuditSeverity
{
    /// <summary>A severity that this version does not know.</summary>
    Unknown,

    /// <summary>Act now.</summary>
    High,

    /// <summary>Act soon.</summary>
    Medium,

    /// <summary>It is untidy.</summary>
    Low,

    /// <summary>Good to know.</summary>
    Info,
}

/// <summary>Whether something was found, or could not be checked.</summary>
public enum FindingState
{
    /// <summary>A state that this version does not know.</summary>
    Unknown,

    /// <summary>It was found.</summary>
    Found,

    /// <summary>It could not be checked: it is neither found nor clean.</summary>
    NotChecked,
}

/// <summary>Whether an older audit has a finding.</summary>
public enum FindingComparison
{
    /// <summary>A result that this version does not know.</summary>
    Unknown,

    /// <summary>It does not.</summary>
    New,

    /// <summary>It does.</summary>
    Unchanged,
}

/// <summary>The kinds of objects that findings are about.</summary>
public enum FindingSubject
{
    /// <summary>A kind that this version does not know.</summary>
    Unknown,

    /// <summary>An agent user.</summary>
    AgentUser,

    /// <summary>An agent identity.</summary>
    AgentIdentity,

    /// <summary>A blueprint.</summary>
    Blueprint,

    /// <summary>A Conditional Access policy.</summary>
    Policy,

    /// <summary>The tenant.</summary>
    Tenant,

    /// <summary>An entry of a file of accepted findings.</summary>
    Acceptance,
}
