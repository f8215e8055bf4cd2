using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Gets the SKUs that the tenant has subscribed to, with their seats and service plans.</summary>
/// <remarks>
/// <para>The part number, such as AGENT_365, is what -Add, -Remove, -Licenses and -SkuId take; so are the objects of this cmdlet.</para>
/// </remarks>
/// <example>
/// <code>Get-AgentUserSku</code>
/// <para>Gets all SKUs, with the seats that are free.</para>
/// </example>
/// <example>
/// <code>(Get-AgentUserSku AGENT_365).ServicePlans</code>
/// <para>Gets the names of the service plans of one SKU, for -DisabledPlan of Set-AgentUserLicense.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentUserSku")]
[OutputType(typeof(PSAgentUserSku))]
public sealed class GetAgentUserSkuCommand : AgentUserCommand
{
    /// <summary>Part numbers, with wildcards, or ids; by default all.</summary>
    [Parameter(Position = 0)]
    [Alias("Name", "SkuPartNumber", "SkuId")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SkuCompleter))]
    public string[]? Sku { get; set; }

    /// <summary>Reads the SKUs.</summary>
    protected override void ProcessRecord()
    {
        CallResult result = Pump("Reading the SKUs", Operations.Skus());
        if (result.Problem is { } problem)
        {
            WriteProblem(problem, null);
            return;
        }
        PSAgentUserSku[] all = [.. result.Result.Items.Select(one => new PSAgentUserSku(new SubscribedSku(one)))];
        foreach (string wanted in Sku is { Length: > 0 } ? Sku : ["*"])
        {
            var pattern = WildcardPattern.Get(wanted, WildcardOptions.IgnoreCase);
            PSAgentUserSku[] found = [.. all.Where(sku => pattern.IsMatch(sku.SkuPartNumber ?? "") || pattern.IsMatch(sku.SkuId?.ToString() ?? ""))];
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(wanted))
            {
                WriteError(Failure.Record(
                    ProblemCodes.SkuNotFound, ErrorCategory.ObjectNotFound, wanted, $"The tenant has no SKU {wanted}.", "Get-AgentUserSku shows those it has."));
            }
            WriteObject(found, enumerateCollection: true);
        }
    }
}
