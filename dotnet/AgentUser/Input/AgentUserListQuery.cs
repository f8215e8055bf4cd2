using System;

namespace AgentUsers;

/// <summary>The conditions of a list; an agent user must meet all of them.</summary>
public sealed class AgentUserListQuery
{
    /// <summary>The parent's object id.</summary>
    public Guid? IdentityParentId { get; init; }

    /// <summary>Whether the account is enabled.</summary>
    public bool? AccountEnabled { get; init; }

    /// <summary>The start of the display name.</summary>
    public string? DisplayNameStartsWith { get; init; }

    /// <summary>The start of the sign-in name.</summary>
    public string? UserPrincipalNameStartsWith { get; init; }

    /// <summary>The number of agent users in one page, 1 to 999; by default Graph's choice.</summary>
    public int? PageSize { get; init; }

    /// <summary>The conditions as JSON.</summary>
    internal JsonValue Filter() => JsonValue.ObjectOf(
        ("identityParentId", IdentityParentId is { } parent ? parent : null),
        ("accountEnabled", OperationJson.Optional(AccountEnabled)),
        ("displayNameStartsWith", OperationJson.Optional(DisplayNameStartsWith)),
        ("userPrincipalNameStartsWith", OperationJson.Optional(UserPrincipalNameStartsWith)));
}
