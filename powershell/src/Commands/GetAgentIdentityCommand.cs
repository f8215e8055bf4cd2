using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Reads an agent identity and verifies that it can be the parent of an agent user.</summary>
/// <remarks>
/// <para>
/// One that can't is an error that says why: it is an ordinary service principal, a blueprint's principal, disabled, or
/// an app id in place of an object id.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-AgentIdentity a1d00000-0000-4000-8000-000000000001</code>
/// <para>Reads one.</para>
/// </example>
/// <example>
/// <code>Import-Csv ./roster.csv | Get-AgentIdentity -ErrorVariable unusable</code>
/// <para>
/// Verifies the parents of a roster by its column identityParentId; those that can't be used are in $unusable.
/// </para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentIdentity")]
[OutputType(typeof(PSAgentIdentity))]
public sealed class GetAgentIdentityCommand : AgentUserCommand
{
    /// <summary>The object ids. An agent user from the pipeline names its parent.</summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ParentId", "Id")]
    [IdentityTransformation("IdentityParentId", "Id")]
    public string[]? IdentityParentId { get; set; }

    /// <summary>Reads each.</summary>
    protected override void ProcessRecord()
    {
        if (IdentityParentId is not { Length: > 0 })
            Refuse("IdentityMissing", "No agent identity is named.", "Give -IdentityParentId: the object id of an agent identity.");
        foreach (string id in IdentityParentId!)
        {
            Ended ended = Pump($"Verifying agent identity {id}", Operation.VerifyParent(id));
            if (ended.Problem is { } problem)
                WriteProblem(problem, id);
            else
                WriteObject(new PSAgentIdentity(new AgentIdentity(ended.Result)));
        }
    }
}
