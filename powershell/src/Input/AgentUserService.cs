using System;

namespace AgentUsers.PowerShell;

/// <summary>The services of an agent user. The engine offers their names, and so there is none for no service.</summary>
[Flags]
public enum AgentUserService
{
    /// <summary>The mailbox.</summary>
    Mailbox = Readiness.Mailbox,

    /// <summary>Teams.</summary>
    Teams = Readiness.Teams,

    /// <summary>OneDrive. Looking for it needs Files.Read.All.</summary>
    OneDrive = Readiness.OneDrive,
}
