using System;

namespace AgentUsers.PowerShell;

/// <summary>One assignment of a license to an agent user, direct or by a group.</summary>
public sealed class PSAgentUserLicense
{
    private readonly LicenseAssignment? _license;

    /// <summary>Makes an assignment without members, for scripts and their tests.</summary>
    public PSAgentUserLicense()
    {
    }

    internal PSAgentUserLicense(string agentUser, LicenseAssignment license)
    {
        AgentUser = agentUser;
        _license = license;
        SkuNames.Learn(license.SkuId, license.SkuPartNumber);
        DisabledPlans = new(license.DisabledPlans);
        Problem = license.Problem is { } problem ? new PSAgentUserProblem(problem) : null;
        SkuPartNumber = license.SkuPartNumber;
        ProductName = license.ProductName;
        State = license.State;
        Group = license.GroupName ?? license.GroupId;
        SkuId = license.SkuId;
    }

    /// <summary>The agent user, as the input names it.</summary>
    public string AgentUser { get; set; } = "";

    /// <summary>The part number of the SKU, such as <c>AGENT_365</c>.</summary>
    public string? SkuPartNumber { get; set; }

    /// <summary>Microsoft's name of the product, where it is known.</summary>
    public string? ProductName { get; set; }

    /// <summary><c>Active</c>, <c>ActiveWithError</c>, <c>Disabled</c> or <c>Error</c>.</summary>
    public string? State { get; set; }

    /// <summary>The group that assigns it: its name, or its id; null for a direct assignment.</summary>
    public string? Group { get; set; }

    /// <summary>The names of the service plans that are off.</summary>
    public JoinedList<string> DisabledPlans { get; set; } = JoinedList<string>.Empty;

    /// <summary>The problem of an assignment that has one, with its fix.</summary>
    public PSAgentUserProblem? Problem { get; set; }

    /// <summary>The id of the SKU.</summary>
    public Guid? SkuId { get; set; }

    /// <summary>All that is known of it; of one that a script made, its properties.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson() => _license?.ToJson() ?? JsonOf.Value(this).ToString();

    /// <summary>The part number.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => SkuPartNumber ?? SkuId?.ToString() ?? "";
}
