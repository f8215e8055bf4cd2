using System;
using System.Collections.Generic;

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

    /// <summary>The department.</summary>
    public string? Department { get; init; }

    /// <summary>The usage location, a country code of two letters.</summary>
    public string? UsageLocation { get; init; }

    /// <summary>The job title.</summary>
    public string? JobTitle { get; init; }

    /// <summary>The employee id.</summary>
    public string? EmployeeId { get; init; }

    /// <summary>The city.</summary>
    public string? City { get; init; }

    /// <summary>The state or province.</summary>
    public string? State { get; init; }

    /// <summary>The country.</summary>
    public string? Country { get; init; }

    /// <summary>The id of a SKU of which they have a license, direct or inherited.</summary>
    public Guid? SkuId { get; init; }

    /// <summary>Members to read beside those that every list reads, by Graph's property names.</summary>
    public IReadOnlyList<string> Select { get; init; } = [];

    /// <summary>The number of agent users in one page, 1 to 999; by default Graph's choice.</summary>
    public int? PageSize { get; init; }

    /// <summary>The conditions as JSON.</summary>
    internal JsonValue Filter() => JsonValue.ObjectOf(
        ("identityParentId", IdentityParentId is { } parent ? parent : null),
        ("accountEnabled", OperationJson.Optional(AccountEnabled)),
        ("displayNameStartsWith", OperationJson.Optional(DisplayNameStartsWith)),
        ("userPrincipalNameStartsWith", OperationJson.Optional(UserPrincipalNameStartsWith)),
        ("department", OperationJson.Optional(Department)),
        ("usageLocation", OperationJson.Optional(UsageLocation)),
        ("jobTitle", OperationJson.Optional(JobTitle)),
        ("employeeId", OperationJson.Optional(EmployeeId)),
        ("city", OperationJson.Optional(City)),
        ("state", OperationJson.Optional(State)),
        ("country", OperationJson.Optional(Country)),
        ("skuId", SkuId is { } sku ? sku : null));
}
