using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Tells what the code of an error, a violation or a remark means, offline.</summary>
/// <remarks>
/// <para>
/// The code is the first word of an error's FullyQualifiedErrorId, and the property Code of violations and problems. Microsoft's own
/// codes, such as AADSTS7000215, are understood as well.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-AgentUserErrorHelp UpnTaken</code>
/// <para>Tells meaning, usual cause and fix of a code.</para>
/// </example>
/// <example>
/// <code>$Error[0] | Get-AgentUserErrorHelp</code>
/// <para>Explains the last error.</para>
/// </example>
/// <example>
/// <code>(Test-AgentUser -Path ./roster.csv).Violations.Code | Sort-Object -Unique | Get-AgentUserErrorHelp</code>
/// <para>Explains the rules that a roster breaks.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentUserErrorHelp")]
[OutputType(typeof(CodeExplanation))]
public sealed class GetAgentUserErrorHelpCommand : PSCmdlet
{
    /// <summary>The codes. An error record or a violation from the pipeline stands for its code.</summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdentityTransformation("Code", "FullyQualifiedErrorId")]
    public string[]? Code { get; set; }

    /// <summary>Loads the native library.</summary>
    protected override void BeginProcessing() => Native.Require(this);

    /// <summary>Explains each code.</summary>
    protected override void ProcessRecord()
    {
        if (Code is not { Length: > 0 })
        {
            ThrowTerminatingError(Failure.Record(
                "CodeMissing", ErrorCategory.InvalidArgument, null, "No code is named.", "Give -Code, or pipe an error: $Error[0] | Get-AgentUserErrorHelp."));
        }
        foreach (string code in Code!)
        {
            try
            {
                WriteObject(AgentUserRules.ExplainCode(code.Split(',')[0]));
            }
            catch (AgentUserException error)
            {
                WriteError(Failure.Record(error.Problem, code));
            }
        }
    }
}
