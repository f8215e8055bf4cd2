using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>One assignment of a license to an agent user, direct or by a group.</summary>
public sealed class LicenseAssignment : GraphObject
{
    internal LicenseAssignment(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The SKU.</summary>
    public Guid? SkuId => Id("skuId");

    /// <summary>The part number of the SKU.</summary>
    public string? SkuPartNumber => Text("skuPartNumber");

    /// <summary>Microsoft's name of the product, where the library knows it.</summary>
    public string? ProductName => Text("productName");

    /// <summary>The object id of the group that assigns it; null for a direct assignment.</summary>
    public string? GroupId => Json["group"]?["id"]?.AsString();

    /// <summary>The display name of the group, where the caller may read it.</summary>
    public string? GroupName => Json["group"]?["displayName"]?.AsString();

    /// <summary><c>Active</c>, <c>ActiveWithError</c>, <c>Disabled</c> or <c>Error</c>.</summary>
    public string? State => Text("state");

    /// <summary>The error of an assignment that has one, with its fix.</summary>
    public Problem? Problem => Json["problem"] is { } problem ? AgentUsers.Problem.From(problem) : null;

    /// <summary>The names of the service plans that it switches off; the id of a plan whose name is not known.</summary>
    public IReadOnlyList<string> DisabledPlans =>
        [.. Items("disabledPlans").Select(plan => plan["servicePlanName"]?.AsString() ?? plan["servicePlanId"]?.AsString()).OfType<string>()];
}
