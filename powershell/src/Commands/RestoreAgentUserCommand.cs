using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Brings agent users back from the recycle bin, with licenses, groups and mailbox; or undoes what reports tell.</summary>
/// <remarks>
/// <para>
/// For 30 days after its removal an agent user can be brought back, by its object id or the sign-in name that it had. Reports of
/// Invoke-AgentUserRetirement, Suspend-AgentUser and applied plans are undone as a whole: what was disabled is enabled, what was removed is
/// restored, and licenses come back.
/// </para>
/// </remarks>
/// <example>
/// <code>Restore-AgentUser agent25@contoso.com</code>
/// <para>Brings back an agent user by the name that it had.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Deleted | Where-Object Department -eq 'Pilot' | Restore-AgentUser -PassThru</code>
/// <para>Brings back the agent users of a department, and outputs a report of each.</para>
/// </example>
/// <example>
/// <code>Restore-AgentUser agent25@contoso.com -NewUserPrincipalName agent25.old@contoso.com -AutoReconcileProxyConflict</code>
/// <para>Brings back an agent user whose name and mail addresses another user has by now.</para>
/// </example>
[Cmdlet(VerbsData.Restore, "AgentUser", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ById)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class RestoreAgentUserCommand : UserChangeCommand
{
    private const string ById = "Id";
    private const string ByReport = "FromReport";

    /// <summary>
    /// The agent users in the recycle bin: object ids, the user principal names that they had, or objects that have one of these, such as
    /// those of Get-AgentUser -Deleted.
    /// </summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ParameterSetName = ById, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("UserId", "ObjectId", "UserPrincipalName", "UPN", "Identity")]
    [IdentityTransformation("Id", "ObjectId", "UserId", "UserPrincipalName", "UPN", Except = typeof(PSAgentUserReport))]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeletedAgentUserCompleter))]
    public override string[]? Id { get; set; }

    /// <summary>The reports to undo, as -PassThru and Get-AgentUserRosterReport give them; or files of -ReportPath in JSON.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByReport, ValueFromPipeline = true)]
    [ReportsTransformation]
    [ValidateNotNullOrEmpty]
    public object[]? FromReport { get; set; }

    /// <summary>The sign-in name of one agent user from now on, where another user has the one that it had.</summary>
    [Parameter(ParameterSetName = ById)]
    [Alias("NewUPN")]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? NewUserPrincipalName { get; set; }

    /// <summary>Lets Graph drop the mail addresses that another user has by now, in place of refusing.</summary>
    [Parameter]
    public SwitchParameter AutoReconcileProxyConflict { get; set; }

    private protected override string Activity => "Restoring agent users";

    /// <summary>Reports are undone together: a run that was cut short and the one that went on tell of the same agent user.</summary>
    private protected override int Gathered => ParameterSetName == ByReport ? int.MaxValue : base.Gathered;

    /// <summary>Notes each agent user or report.</summary>
    protected override void ProcessRecord()
    {
        if (ParameterSetName != ByReport)
        {
            if (NewUserPrincipalName is not null && Id is { Length: > 1 })
                Refuse("OneNameForSeveral", "One new name is given for several agent users.", "Restore them one by one, each with -NewUserPrincipalName of its own.");
            base.ProcessRecord();
            return;
        }
        foreach (JsonValue report in ReportJson.Read(this, FromReport!))
            Want(report["id"]?.AsString() ?? "", "Undo", _ => report);
    }

    private protected override void Want(string user) => Want(
        user, "Restore from the recycle bin", isDry => Operations.Restore(user, AutoReconcileProxyConflict.IsPresent, isDry, NewUserPrincipalName));

    private protected override (JsonValue Operation, byte[]? Input) Together(IReadOnlyList<Wanted> wanted, bool isDry) =>
        ParameterSetName != ByReport
            ? base.Together(wanted, isDry)
            : (Operations.RestoreReported(AutoReconcileProxyConflict.IsPresent, isDry),
                JsonWriter.ToUtf8(JsonValue.Array(wanted.Select(one => one.Request(isDry))).ToString()));

    private protected override IEnumerable<Wanted> InputsOf(ProvisionReport report, IReadOnlyList<Wanted> wanted) =>
        ParameterSetName != ByReport
            ? base.InputsOf(report, wanted)
            : wanted.Where(one => string.Equals(one.Target, report.Id?.ToString(), StringComparison.OrdinalIgnoreCase));
}
