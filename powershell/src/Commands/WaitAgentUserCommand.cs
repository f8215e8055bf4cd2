using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Waits until mailbox, Teams and OneDrive of agent users are provisioned.</summary>
/// <remarks>
/// <para>
/// The agent users of a pipeline are waited for side by side. One that lacks the license for a service is an error at once; one whose service is not
/// there in time is an error, too. Without -PassThru nothing is output: the next command begins when all are ready.
/// </para>
/// </remarks>
/// <example>
/// <code>Wait-AgentUser agent25@contoso.com -For Mailbox, Teams</code>
/// <para>Waits for mailbox and Teams of one agent user.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -SkuId AGENT_365 | Wait-AgentUser -For Mailbox -Timeout 00:30:00 -PassThru</code>
/// <para>Waits half an hour at most for the mailboxes of all that have the license, and outputs each when it is ready.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Wait, "AgentUser")]
[OutputType(typeof(PSAgentUserReport))]
public sealed class WaitAgentUserCommand : SideBySideCommand
{
    /// <summary>
    /// The agent users: object ids, user principal names, or objects that have one of these, such as those of Get-AgentUser, Get-MgUser
    /// and Get-EntraUser.
    /// </summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("UserId", "ObjectId", "UserPrincipalName", "UPN", "Identity")]
    [IdentityTransformation("Id", "ObjectId", "UserId", "UserPrincipalName", "UPN")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AgentUserCompleter))]
    public string[]? Id { get; set; }

    /// <summary>The services to wait for: Mailbox, Teams, OneDrive.</summary>
    /// <value>Required</value>
    [Parameter(Position = 1)]
    public AgentUserService For { get; set; }

    /// <summary>The longest time to wait; by default that of the connection (-OperationTimeout of Connect-AgentUser).</summary>
    [Parameter]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Outputs the report of each agent user when it is ready.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string Activity => $"Waiting for {For}";

    /// <summary>Requires a service.</summary>
    protected override void BeginProcessing()
    {
        if (For == default)
            Refuse("ServiceMissing", "No service is named.", "Name what to wait for by -For: Mailbox, Teams, OneDrive, or several.");
        base.BeginProcessing();
    }

    /// <summary>Notes each agent user.</summary>
    protected override void ProcessRecord()
    {
        foreach (string user in UserInput.Of(this, Id))
            Want(user, Activity, _ => Operations.WaitReady(user, (Readiness)For));
    }

    private protected override (JsonValue Operation, byte[]? Input) Together(IReadOnlyList<Wanted> wanted, bool isDry)
    {
        (JsonValue operation, byte[]? input) = base.Together(wanted, isDry);
        return Timeout is not { } time
            ? (operation, input)
            : (JsonValue.Object(operation.Members.Append(new("timeoutMs", (JsonValue)(long)time.TotalMilliseconds))), input);
    }

    private protected override void Work(List<Wanted> wanted) => Pump(wanted, isDry: false, isKept: false, report =>
    {
        if (report.Problem is { } problem)
            WriteError(Failure.Record(this, problem, new PSAgentUserReport(report), DemandError));
        else if (PassThru)
            WriteObject(new PSAgentUserReport(report));
        WriteRemarks(report.Remarks);
    });
}
