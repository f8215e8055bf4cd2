using System;

namespace AgentUsers;

/// <summary>Which agent users to list: those that meet every condition.</summary>
public sealed class AgentUserListQuery
{
    /// <summary>With this parent.</summary>
    public Guid? IdentityParentId { get; init; }

    /// <summary>That can or can't be used.</summary>
    public bool? AccountEnabled { get; init; }

    /// <summary>Whose display name starts so.</summary>
    public string? DisplayNameStartsWith { get; init; }

    /// <summary>Whose sign-in name starts so.</summary>
    public string? UserPrincipalNameStartsWith { get; init; }

    /// <summary>How many to ask for at a time, 1 to 999.</summary>
    public int? PageSize { get; init; }
}
