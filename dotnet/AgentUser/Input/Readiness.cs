using System;

namespace AgentUsers;

/// <summary>The services to wait for once an agent user has its licenses.</summary>
[Flags]
public enum Readiness
{
    /// <summary>No service.</summary>
    None = 0,

    /// <summary>The mailbox.</summary>
    Mailbox = 1,

    /// <summary>Teams.</summary>
    Teams = 2,

    /// <summary>OneDrive. Looking for it needs Files.Read.All.</summary>
    OneDrive = 4,
}
