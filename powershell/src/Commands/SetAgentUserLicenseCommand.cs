using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Adds licenses to agent users, removes them, and switches their service plans off and on.</summary>
/// <remarks>
/// <para>
/// Licenses have the part numbers of their SKUs, such as AGENT_365. Plans that are not named stay as they are. A license that is there
/// already is not added again, and licenses that come from groups are left to their groups. The agent users of a pipeline are changed side by
/// side, and the SKUs are read once.
/// </para>
/// <para>
/// An agent user needs a usage location first. With -Remove it asks about each agent user, because what a license gives is lost with it, unless
/// -Force or -Confirm:$false is given.
/// </para>
/// </remarks>
/// <example>
/// <code>Set-AgentUserLicense agent25@contoso.com -Add AGENT_365 -DisabledPlan TEAMS1</code>
/// <para>Adds a license without Teams.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -SkuId AGENT_365 | Set-AgentUserLicense -Add AGENT_365 -EnabledPlan TEAMS1 -PassThru</code>
/// <para>Switches Teams on for all that have the license.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Disabled | Set-AgentUserLicense -Remove AGENT_365 -WhatIf</code>
/// <para>Shows which seats would become free.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "AgentUserLicense", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class SetAgentUserLicenseCommand : UserChangeCommand
{
    private JsonValue _add = JsonValue.Null;

    /// <summary>The licenses to add or whose plans to change: part numbers or ids of SKUs, or objects of Get-AgentUserSku.</summary>
    [Parameter(Position = 1)]
    [Alias("AddLicenses")]
    [IdentityTransformation("SkuPartNumber", "SkuId")]
    [ArgumentCompleter(typeof(SkuCompleter))]
    public string[]? Add { get; set; }

    /// <summary>The licenses to remove: part numbers or ids of SKUs, or objects of Get-AgentUserSku.</summary>
    [Parameter]
    [Alias("RemoveLicenses")]
    [IdentityTransformation("SkuPartNumber", "SkuId")]
    [ArgumentCompleter(typeof(AssignedSkuCompleter))]
    public string[]? Remove { get; set; }

    /// <summary>Names or ids of the service plans to switch off in the licenses of -Add.</summary>
    [Parameter]
    [Alias("DisabledPlans")]
    [ArgumentCompleter(typeof(ServicePlanCompleter))]
    public string[]? DisabledPlan { get; set; }

    /// <summary>Names or ids of the service plans to switch on in the licenses of -Add.</summary>
    [Parameter]
    [Alias("EnabledPlans")]
    [ArgumentCompleter(typeof(ServicePlanCompleter))]
    public string[]? EnabledPlan { get; set; }

    private protected override string Activity => "Changing licenses";

    /// <summary>High with -Remove, by which something is lost.</summary>
    private protected override ConfirmImpact Impact => Remove is { Length: > 0 } ? ConfirmImpact.High : ConfirmImpact.Medium;

    /// <summary>Requires something to change.</summary>
    protected override void BeginProcessing()
    {
        bool hasPlans = DisabledPlan is { Length: > 0 } || EnabledPlan is { Length: > 0 };
        if (hasPlans && Add is not { Length: > 0 })
            Refuse("LicenseMissing", "Service plans are named, and no license.", "Name the license that has them by -Add; one that is there already is kept, and its plans are changed.");
        if (Add is not { Length: > 0 } && Remove is not { Length: > 0 })
            Refuse("LicenseMissing", "No license is named.", "Name those to add by -Add, those to remove by -Remove. Get-AgentUserSku shows which there are.");
        _add = JsonValue.Array((Add ?? []).Select(sku => hasPlans
            ? JsonValue.ObjectOf(("sku", sku), ("disabledPlans", JsonValue.Array(DisabledPlan ?? [])), ("enabledPlans", JsonValue.Array(EnabledPlan ?? [])))
            : (JsonValue)sku));
        base.BeginProcessing();
    }

    private protected override void Want(string user) => Want(user, Words(), isDry => OperationJson.Operation(
        "changeLicenses", ("user", user), ("add", _add), ("remove", OperationJson.Optional(Remove)), ("dryRun", isDry)));

    private string Words()
    {
        var words = new List<string>();
        if (Add is { Length: > 0 })
            words.Add($"Add {string.Join(", ", Add)}");
        if (Remove is { Length: > 0 })
            words.Add($"Remove {string.Join(", ", Remove)}");
        return string.Join("; ", words);
    }
}
