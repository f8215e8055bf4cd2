using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>A license of a user.</summary>
public sealed class AssignedLicense : GraphObject
{
    internal AssignedLicense(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The SKU.</summary>
    public Guid? SkuId => Id("skuId");

    /// <summary>The service plans that are switched off.</summary>
    public IReadOnlyList<Guid> DisabledPlans => [.. Items("disabledPlans").Select(plan => plan.AsGuid()).OfType<Guid>()];
}

/// <summary>The state of one license assignment.</summary>
public sealed class LicenseAssignmentState : GraphObject
{
    internal LicenseAssignmentState(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The group it is inherited from; null for a direct assignment.</summary>
    public string? AssignedByGroup => Text("assignedByGroup");

    /// <summary>The SKU.</summary>
    public Guid? SkuId => Id("skuId");

    /// <summary><c>Active</c>, <c>ActiveWithError</c>, <c>Disabled</c> or <c>Error</c>.</summary>
    public string? State => Text("state");

    /// <summary>The service plans that this assignment switches off.</summary>
    public IReadOnlyList<Guid> DisabledPlans => [.. Items("disabledPlans").Select(plan => plan.AsGuid()).OfType<Guid>()];

    /// <summary>The error, such as <c>CountViolation</c>; <c>None</c> if there is none.</summary>
    public string? Error => Text("error");
}

/// <summary>A service plan of a user.</summary>
public sealed class AssignedPlan : GraphObject
{
    internal AssignedPlan(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The service, such as <c>exchange</c>.</summary>
    public string? Service => Text("service");

    /// <summary>The service plan.</summary>
    public Guid? ServicePlanId => Id("servicePlanId");

    /// <summary><c>Enabled</c>, <c>Warning</c>, <c>Suspended</c>, <c>LockedOut</c> or <c>Deleted</c>.</summary>
    public string? CapabilityStatus => Text("capabilityStatus");
}

/// <summary>A SKU the tenant has subscribed to.</summary>
public sealed class SubscribedSku : GraphObject
{
    internal SubscribedSku(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The SKU's id, for assignments.</summary>
    public Guid? SkuId => Id("skuId");

    /// <summary>The name, such as <c>ENTERPRISEPACK</c>.</summary>
    public string? SkuPartNumber => Text("skuPartNumber");

    /// <summary><c>Enabled</c>, <c>Warning</c>, <c>Suspended</c>, <c>Deleted</c> or <c>LockedOut</c>.</summary>
    public string? CapabilityStatus => Text("capabilityStatus");

    /// <summary><c>User</c> or <c>Company</c>.</summary>
    public string? AppliesTo => Text("appliesTo");

    /// <summary>Seats in use.</summary>
    public long? ConsumedUnits => Json["consumedUnits"]?.AsInt64();

    /// <summary>Seats bought.</summary>
    public long? EnabledUnits => Json["prepaidUnits"]?["enabled"]?.AsInt64();

    /// <summary>Seats of a subscription that has run out and is in its grace period.</summary>
    public long? WarningUnits => Json["prepaidUnits"]?["warning"]?.AsInt64();

    /// <summary>Seats of a suspended subscription.</summary>
    public long? SuspendedUnits => Json["prepaidUnits"]?["suspended"]?.AsInt64();

    /// <summary>The service plans in the SKU.</summary>
    public IReadOnlyList<ServicePlan> ServicePlans => [.. Items("servicePlans").Select(plan => new ServicePlan(plan))];
}

/// <summary>A service plan inside a SKU.</summary>
public sealed class ServicePlan : GraphObject
{
    internal ServicePlan(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The service plan.</summary>
    public Guid? ServicePlanId => Id("servicePlanId");

    /// <summary>The name, such as <c>EXCHANGE_S_ENTERPRISE</c>.</summary>
    public string? ServicePlanName => Text("servicePlanName");

    /// <summary><c>Success</c>, <c>Disabled</c>, <c>Error</c> or one of the pending states.</summary>
    public string? ProvisioningStatus => Text("provisioningStatus");

    /// <summary><c>User</c> or <c>Company</c>.</summary>
    public string? AppliesTo => Text("appliesTo");
}
