using System;
using System.Linq;

namespace AgentUsers.PowerShell;

/// <summary>A SKU that the tenant has subscribed to.</summary>
public sealed class PSAgentUserSku
{
    private readonly SubscribedSku? _sku;

    /// <summary>Makes a SKU without members, for scripts and their tests.</summary>
    public PSAgentUserSku()
    {
    }

    internal PSAgentUserSku(SubscribedSku sku)
    {
        _sku = sku;
        SkuNames.Learn(sku.SkuId, sku.SkuPartNumber);
        ServicePlans = new(sku.ServicePlans.Select(plan => plan.ServicePlanName ?? plan.ServicePlanId?.ToString() ?? ""));
        SkuPartNumber = sku.SkuPartNumber;
        Free = Math.Max(0, (sku.EnabledUnits ?? 0) + (sku.WarningUnits ?? 0) - (sku.ConsumedUnits ?? 0));
        ConsumedUnits = sku.ConsumedUnits;
        EnabledUnits = sku.EnabledUnits;
        WarningUnits = sku.WarningUnits;
        SuspendedUnits = sku.SuspendedUnits;
        CapabilityStatus = sku.CapabilityStatus;
        SkuId = sku.SkuId;
    }

    /// <summary>The part number, such as <c>AGENT_365</c>.</summary>
    public string? SkuPartNumber { get; set; }

    /// <summary>Seats bought that are not in use; those of a subscription in its grace period count.</summary>
    public long Free { get; set; }

    /// <summary>Seats in use.</summary>
    public long? ConsumedUnits { get; set; }

    /// <summary>Seats bought.</summary>
    public long? EnabledUnits { get; set; }

    /// <summary>Seats of a subscription that has run out and is in its grace period.</summary>
    public long? WarningUnits { get; set; }

    /// <summary>Seats of a suspended subscription.</summary>
    public long? SuspendedUnits { get; set; }

    /// <summary><c>Enabled</c>, <c>Warning</c>, <c>Suspended</c>, <c>Deleted</c> or <c>LockedOut</c>.</summary>
    public string? CapabilityStatus { get; set; }

    /// <summary>The names of its service plans.</summary>
    public JoinedList<string> ServicePlans { get; set; } = JoinedList<string>.Empty;

    /// <summary>The id, for assignments.</summary>
    public Guid? SkuId { get; set; }

    /// <summary>All members that Graph sent; of one that a script made, its properties.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson() => _sku?.ToJson() ?? JsonOf.Value(this).ToString();

    /// <summary>The part number.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => SkuPartNumber ?? SkuId?.ToString() ?? "";
}
