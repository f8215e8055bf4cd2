using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Tells what the code of an error, a violation or a remark means, or what a rule of the audit finds, offline.</summary>
/// <remarks>
/// <para>
/// The code is the first word of an error's FullyQualifiedErrorId, and the property Code of violations and problems. Microsoft's own
/// codes, such as AADSTS7000215, are understood as well.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-AgentUserHelp UpnTaken</code>
/// <para>Tells meaning, usual cause and fix of a code.</para>
/// </example>
/// <example>
/// <code>$Error[0] | Get-AgentUserHelp</code>
/// <para>Explains the last error.</para>
/// </example>
/// <example>
/// <code>(Test-AgentUser ./roster.csv).Violations.Code | Sort-Object -Unique | Get-AgentUserHelp</code>
/// <para>Explains the rules that a roster breaks.</para>
/// </example>
/// <example>
/// <code>Get-AgentUserHelp no-sponsor</code>
/// <para>Tells what a rule of the audit finds.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentUserHelp")]
[OutputType(typeof(PSAgentUserHelp))]
public sealed class GetAgentUserHelpCommand : PSCmdlet
{
    /// <summary>Codes, or rules of the audit. An error record, a violation, a report or a finding from the pipeline stands for its own.</summary>
    /// <value>Required</value>
    [ArgumentCompleter(typeof(CodeCompleter))]
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("ErrorRecord", "Rule")]
    [IdentityTransformation("Code", "FullyQualifiedErrorId", "ReasonCode", "Rule", "Problem")]
    public string[]? Code { get; set; }

    /// <summary>Loads the native library.</summary>
    protected override void BeginProcessing() => Native.Require(this);

    /// <summary>Explains each code.</summary>
    protected override void ProcessRecord()
    {
        if (Code is not { Length: > 0 })
        {
            ThrowTerminatingError(Failure.Record(
                "CodeMissing", ErrorCategory.InvalidArgument, null, "No code is named.", "Give -Code, or pipe an error: $Error[0] | Get-AgentUserHelp."));
        }
        foreach (string code in Code!)
        {
            try
            {
                // An error's id has the cmdlet's class behind a comma, a problem's text its message behind a colon.
                WriteObject(new PSAgentUserHelp(AgentUserRules.ExplainCode(code.Split(',', ':')[0])));
            }
            catch (AgentUserException error)
            {
                WriteError(Failure.Record(
                    "CodeUnknown", ErrorCategory.ObjectNotFound, code, error.Problem.Message, $"{error.Problem.Fix} Tab after Get-AgentUserHelp offers all codes.", error));
            }
        }
    }
}
