using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Moves agent users to the recycle bin. Other users are refused.</summary>
/// <remarks>
/// <para>
/// They can be restored for 30 days. The cmdlet asks about each, unless -Confirm:$false is given.
/// </para>
/// </remarks>
/// <example>
/// <code>Remove-AgentUser -UserPrincipalName sales@contoso.com</code>
/// <para>Asks, and removes one agent user.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser | Where-Object Department -eq 'Pilot' | Remove-AgentUser -WhatIf</code>
/// <para>Shows the agent users that would be removed.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "AgentUser",
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = ById)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class RemoveAgentUserCommand : AgentUserCommand
{
    private const string ById = "Id";
    private const string ByName = "UserPrincipalName";

    /// <summary>Object ids; user principal names are accepted, too.</summary>
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

    /// <summary>Outputs the report of each agent user; the plan, if it was not removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Removes each confirmed agent user.</summary>
    protected override void ProcessRecord()
    {
        string[]? users = ParameterSetName == ById ? Id : UserPrincipalName;
        if (users is not { Length: > 0 })
            Refuse("AgentUserMissing", "No agent user is named.", "Give -Id or -UserPrincipalName.");
        foreach (string user in users!)
            Remove(user);
    }

    /// <summary>Plans first, so that the question names an existing agent user.</summary>
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
        CallResult result = Pump(activity, operation);
        ProvisionReport? report = result.Problem is null ? ProvisionReport.From(result.Result) : null;
        if ((result.Problem ?? report?.Problem) is not { } problem)
            return new PSAgentUserReport(report!);
        WriteProblem(problem, report is null ? user : new PSAgentUserReport(report));
        return null;
    }
}
