using System;

namespace AgentUsers;

/// <summary>Conditions of a list of agent identities. All of them must hold.</summary>
public sealed class AgentIdentityListQuery
{
    /// <summary>The beginning of the display name.</summary>
    public string? DisplayNameStartsWith { get; set; }

    /// <summary>The blueprint: its application id, or the object id of its application or of its principal.</summary>
    public Guid? Blueprint { get; set; }

    /// <summary>True for those that are enabled, false for those that are not.</summary>
    public bool? AccountEnabled { get; set; }

    /// <summary>
    /// True for those without an agent user. The list of all agent users is read for it first; those in the recycle bin count for
    /// none.
    /// </summary>
    public bool WithoutAgentUser { get; set; }

    /// <summary>Entries per page, 1 to 100; by default 100.</summary>
    public int? PageSize { get; set; }
}
