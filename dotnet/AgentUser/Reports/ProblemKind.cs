namespace AgentUsers;

/// <summary>The kind of a problem, which says how a program can react to it. Every code has one kind.</summary>
public enum ProblemKind
{
    /// <summary>A kind that this version does not know.</summary>
    Unknown,

    /// <summary>An object that was named does not exist, or cannot be seen yet.</summary>
    NotFound,

    /// <summary>The object, its name or another unique value is there already.</summary>
    Exists,

    /// <summary>It cannot be done as it was asked for: a value, a file or the state of an object is against it.</summary>
    InvalidInput,

    /// <summary>The caller may not do this.</summary>
    Denied,

    /// <summary>There is no token, or none that is accepted.</summary>
    SignIn,

    /// <summary>A quota or the seats of a license are used up.</summary>
    Quota,

    /// <summary>The service asks to come back later, or failed.</summary>
    Busy,

    /// <summary>It did not happen in time.</summary>
    Timeout,

    /// <summary>The server cannot be reached, or another one answers in its place.</summary>
    Network,

    /// <summary>It is not known whether a change took place.</summary>
    OutcomeUnknown,

    /// <summary>The caller cancelled it.</summary>
    Cancelled,

    /// <summary>This library has a defect.</summary>
    Defect,
}
