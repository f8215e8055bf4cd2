using System;

namespace AgentUsers;

/// <summary>What to wait for once an agent user has its licenses.</summary>
[Flags]
public enum Readiness
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Its mailbox.</summary>
    Mailbox = 1,

    /// <summary>Teams.</summary>
    Teams = 2,
}
