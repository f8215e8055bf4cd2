using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Attests agent identities: confirms that they are still needed, as Microsoft's lifecycle policies ask from time to time.</summary>
/// <remarks>
/// <para>An agent user from the pipeline stands for its parent. Those of a pipeline are attested side by side.</para>
/// </remarks>
/// <example>
/// <code>Confirm-AgentIdentity a1d00000-0000-4000-8000-000000000001</code>
/// <para>Attests one agent identity.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Department Sales | Confirm-AgentIdentity -PassThru</code>
/// <para>Attests the agent identities of a department's agent users, and outputs a report of each.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Confirm, "AgentIdentity", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class ConfirmAgentIdentityCommand : PassThruCommand
{
    /// <summary>The object ids, or objects that have one. An agent user from the pipeline stands for its parent.</summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "ParentId", "AgentIdentityId")]
    [IdentityTransformation("IdentityParentId", "Id")]
    [ArgumentCompleter(typeof(AgentIdentityCompleter))]
    public string[]? IdentityParentId { get; set; }

    private protected override string Activity => "Attesting agent identities";

    /// <summary>Notes each agent identity.</summary>
    protected override void ProcessRecord()
    {
        if (IdentityParentId is not { Length: > 0 })
            Refuse("IdentityMissing", "No agent identity is named.", "Give -IdentityParentId: the object id of an agent identity.");
        foreach (string id in IdentityParentId!)
            Want(id, "Attest", isDry => Operations.Attest(id, isDry));
    }
}
