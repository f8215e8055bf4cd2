using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Gets blueprints, or verifies the chain from a blueprint to its principal, its agent identities and their agent users.</summary>
/// <remarks>
/// <para>
/// A chain says of every object whether it is there, disabled, in the recycle bin or missing; what can't be read is told, and never
/// taken for sound.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-AgentIdentityBlueprint</code>
/// <para>Lists the blueprints of the tenant.</para>
/// </example>
/// <example>
/// <code>Get-AgentIdentityBlueprint b1a00000-0000-4000-8000-000000000001 -Chain | Select-Object -ExpandProperty Links</code>
/// <para>Verifies a blueprint down to its agent users.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentIdentityBlueprint", DefaultParameterSetName = List)]
[OutputType(typeof(PSAgentIdentityBlueprint), typeof(PSAgentIdentityBlueprintChain))]
public sealed class GetAgentIdentityBlueprintCommand : AgentUserCommand
{
    private const string ById = "Id";
    private const string List = "List";

    /// <summary>The blueprints: application ids, or object ids of the application or of the principal. An agent identity stands for its blueprint.</summary>
    /// <value>Required</value>
    [ArgumentCompleter(typeof(BlueprintCompleter))]
    [Parameter(Position = 0, ParameterSetName = ById, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("AppId", "BlueprintId", "AgentIdentityBlueprintId")]
    [IdentityTransformation("AgentIdentityBlueprintId", "AppId", "Id")]
    public string[]? Id { get; set; }

    /// <summary>Verifies the chain, in place of reading the blueprint alone.</summary>
    [Parameter(ParameterSetName = ById)]
    public SwitchParameter Chain { get; set; }

    /// <summary>Only those whose display name begins so, with * at its end.</summary>
    [ArgumentCompleter(typeof(BlueprintNameCompleter))]
    [Parameter(ParameterSetName = List)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? DisplayName { get; set; }

    /// <inheritdoc/>
    internal override string? MoreOf(Problem problem, object? target) => Prefix.OfName(problem, "Get-AgentIdentityBlueprint", target);

    /// <summary>Gets or verifies.</summary>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == List)
        {
            CallResult listed = Pump("Listing blueprints", Operations.ListBlueprints(Prefix.Of(this, DisplayName)));
            if (listed.Problem is { } unlisted)
                WriteProblem(unlisted, DisplayName);
            else
                WriteObject(listed.Result.Items.Select(one => new PSAgentIdentityBlueprint(new AgentBlueprint(one))), enumerateCollection: true);
            return;
        }
        if (Id is not { Length: > 0 })
            Refuse("BlueprintMissing", "No blueprint is named.", "Give -Id: its application id.");
        foreach (string id in Id!)
        {
            CallResult result = Pump(
                Chain ? $"Verifying blueprint {id}" : $"Getting blueprint {id}", Chain ? Operations.VerifyBlueprint(id) : Operations.Blueprint(id));
            if (result.Problem is { } problem)
                WriteProblem(problem, id);
            else if (Chain)
                WriteObject(new PSAgentIdentityBlueprintChain(new BlueprintChain(result.Result)));
            else
                WriteObject(new PSAgentIdentityBlueprint(new AgentBlueprint(result.Result)));
        }
    }
}
