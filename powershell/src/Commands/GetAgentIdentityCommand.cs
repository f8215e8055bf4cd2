using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Reads an agent identity and verifies that it can be the parent of an agent user.</summary>
/// <remarks>
/// <para>
/// An agent identity that can't be a parent is an error that says why: it is an ordinary service principal, a blueprint's
/// principal, disabled, or named by its app id in place of its object id.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-AgentIdentity a1d00000-0000-4000-8000-000000000001</code>
/// <para>Reads one agent identity.</para>
/// </example>
/// <example>
/// <code>Import-Csv ./roster.csv | Get-AgentIdentity -ErrorVariable unusable</code>
/// <para>
/// Verifies the parents in the column identityParentId of a roster; the errors of unusable parents are in $unusable.
/// </para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentIdentity")]
[OutputType(typeof(PSAgentIdentity))]
public sealed class GetAgentIdentityCommand : AgentUserCommand
{
    /// <summary>The object ids. An agent user from the pipeline stands for its parent.</summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [IdentityTransformation("IdentityParentId", "Id")]
    public string[]? IdentityParentId { get; set; }

    /// <summary>Reads each agent identity.</summary>
    protected override void ProcessRecord()
    {
        if (IdentityParentId is not { Length: > 0 })
            Refuse("IdentityMissing", "No agent identity is named.", "Give -IdentityParentId: the object id of an agent identity.");
        foreach (string id in IdentityParentId!)
        {
            CallResult result = Pump($"Verifying agent identity {id}", Operations.VerifyParent(id));
            if (result.Problem is { } problem)
                WriteProblem(problem, id);
            else
                WriteObject(new PSAgentIdentity(new AgentIdentity(result.Result)));
        }
    }
}
