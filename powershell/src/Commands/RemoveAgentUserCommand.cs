using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Moves agent users to the recycle bin. Anything that is no agent user is refused.</summary>
/// <remarks>
/// <para>
/// They stay in the recycle bin for 30 days. Each is one question, unless -Confirm:$false is given.
/// </para>
/// </remarks>
/// <example>
/// <code>Remove-AgentUser -UserPrincipalName sales@contoso.com</code>
/// <para>Removes one, after asking.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser | Where-Object Department -eq 'Pilot' | Remove-AgentUser -WhatIf</code>
/// <para>Shows which would be removed.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "AgentUser",
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = ById)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class RemoveAgentUserCommand : AgentUserCommand
{
    private const string ById = "Id";
    private const string ByName = "UserPrincipalName";

    /// <summary>Object ids. A user principal name is taken, too.</summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ParameterSetName = ById, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdentityTransformation("Id")]
    [ValidateNotNullOrEmpty]
    public string[]? Id { get; set; }

    /// <summary>User principal names.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByName, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[]? UserPrincipalName { get; set; }

    /// <summary>Outputs the report of each; of one that was not removed, the plan.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Removes each that is confirmed.</summary>
    protected override void ProcessRecord()
    {
        string[]? users = ParameterSetName == ById ? Id : UserPrincipalName;
        if (users is not { Length: > 0 })
            Refuse("AgentUserMissing", "No agent user is named.", "Give -Id or -UserPrincipalName.");
        foreach (string user in users!)
            Remove(user);
    }

    /// <summary>Looks first, so that the question is about a name, and about an agent user that is there.</summary>
    private void Remove(string user)
    {
        PSAgentUserReport? report = Run($"Looking for {user}", user, Operations.Delete(user, dryRun: true));
        if (report is null)
            return;
        if (ShouldProcess($"{report.UserPrincipalName} ({report.Id})", "Remove agent user"))
            report = Run($"Removing {report.UserPrincipalName}", user, Operations.Delete(report.Id.ToString(), dryRun: false));
        if (PassThru && report is not null)
            WriteObject(report);
    }

    private PSAgentUserReport? Run(string activity, string user, JsonValue operation)
    {
        Ended ended = Pump(activity, operation);
        ProvisionReport? report = ended.Problem is null ? ProvisionReport.From(ended.Result) : null;
        if ((ended.Problem ?? report?.Problem) is not { } problem)
            return new PSAgentUserReport(report!);
        WriteProblem(problem, report is null ? user : new PSAgentUserReport(report));
        return null;
    }
}
