using System;
using System.Management.Automation;
using System.Text;

namespace AgentUsers.PowerShell;

/// <summary>Reads a plan from its file, to be looked at and approved by its digest.</summary>
/// <remarks>
/// <para>
/// The digest is the one that the file names. Invoke-AgentUserPlan refuses a plan whose content has another one.
/// </para>
/// </remarks>
/// <example>
/// <code>(Import-AgentUserPlan plan.json).Changes</code>
/// <para>Lists the changes of a plan.</para>
/// </example>
/// <example>
/// <code>Import-AgentUserPlan plan.json | Invoke-AgentUserPlan -Approved 3b9f2c…</code>
/// <para>Makes the changes of the plan that was approved.</para>
/// </example>
[Cmdlet(VerbsData.Import, "AgentUserPlan")]
[OutputType(typeof(PSAgentUserPlan))]
public sealed class ImportAgentUserPlanCommand : PSCmdlet
{
    /// <summary>The files of plans.</summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "FilePath")]
    [IdentityTransformation("PSPath", "FullName", "Path")]
    public string[]? Path { get; set; }

    /// <summary>Reads each plan.</summary>
    protected override void ProcessRecord()
    {
        if (Path is not { Length: > 0 })
            ThrowTerminatingError(Failure.Record("PathMissing", ErrorCategory.InvalidArgument, null, "No plan is named.", "Give -Path: a file of Export-AgentUserPlan."));
        foreach (string path in Path!)
        {
            byte[] file = FilePath.Read(this, path, out string full);
            if (PlanFile.Read(file) is { } plan)
                WriteObject(new PSAgentUserPlan(plan, full));
            else
                WriteError(PlanFile.Unreadable(path));
        }
    }
}

/// <summary>The file of a plan.</summary>
internal static class PlanFile
{
    /// <summary>The plan; null if the file is not one.</summary>
    internal static AgentUserPlan? Read(byte[] file)
    {
        try
        {
            JsonValue json = JsonValue.Parse(Encoding.UTF8.GetString(file).TrimStart('\ufeff'));
            return json["kind"]?.AsString() == "agentuserPlan" ? AgentUserPlan.From(json) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The error of an object that holds no plan of a file.</summary>
    internal static ErrorRecord Made(PSAgentUserPlan plan) => Failure.Record(
        ProblemCodes.PlanUnreadable, ErrorCategory.InvalidData, plan, "This object was not read from the file of a plan: a script made it, or it comes from Import-Clixml.",
        "Pipe the output of Import-AgentUserPlan, or name the file by -Path.");

    /// <summary>The error of a file that is not a plan.</summary>
    internal static ErrorRecord Unreadable(string path) => Failure.Record(
        ProblemCodes.PlanUnreadable, ErrorCategory.InvalidData, path, $"{path} is not a plan.", "Name a file that Export-AgentUserPlan or agentuser has written.");
}
