using System;
using System.IO;
using System.Management.Automation;
using System.Text;

namespace AgentUsers.PowerShell;

/// <summary>Audits the agent users of the tenant by rules, in one pass of reads, and changes nothing.</summary>
/// <remarks>
/// <para>
/// Each finding is an object with severity, rule, agent user and fix. What could not be read is a finding with the State NotChecked and
/// the permissions that are missing: it is never taken for clean. With -Summary the numbers come in place of the findings.
/// </para>
/// <para>
/// -SaveSnapshot keeps what was read; -SnapshotPath audits that again, offline and without a connection. The findings go on into
/// Export-AgentUserReport, Export-AgentUserPlan, or any cmdlet that changes agent users.
/// </para>
/// </remarks>
/// <example>
/// <code>Invoke-AgentUserAudit | Where-Object State -eq Found | Sort-Object Severity</code>
/// <para>Lists what was found.</para>
/// </example>
/// <example>
/// <code>Invoke-AgentUserAudit -Summary -SaveSnapshot tenant.json</code>
/// <para>Shows the numbers, and keeps what was read.</para>
/// </example>
/// <example>
/// <code>Invoke-AgentUserAudit -SnapshotPath tenant.json -Rule no-sponsor, no-manager</code>
/// <para>Audits a snapshot by two rules, offline.</para>
/// </example>
/// <example>
/// <code>Invoke-AgentUserAudit | Export-AgentUserReport findings.html</code>
/// <para>Writes the findings as a web page.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Invoke, "AgentUserAudit")]
[OutputType(typeof(PSAgentUserFinding), typeof(PSAgentUserAudit))]
public sealed class InvokeAgentUserAuditCommand : AgentUserCommand
{
    /// <summary>A snapshot that -SaveSnapshot has kept, to audit offline in place of the tenant.</summary>
    [Parameter(Position = 0)]
    [Alias("FromSnapshot")]
    [ValidateNotNullOrEmpty]
    public string? SnapshotPath { get; set; }

    /// <summary>The rules that run; by default all that read no beta.</summary>
    [ArgumentCompleter(typeof(AuditRuleCompleter))]
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Rule { get; set; }

    /// <summary>Only rules as bad as this or worse.</summary>
    [Parameter]
    [ValidateSet(nameof(AuditSeverity.High), nameof(AuditSeverity.Medium), nameof(AuditSeverity.Low), nameof(AuditSeverity.Info))]
    public AuditSeverity? Severity { get; set; }

    /// <summary>Runs the rules, too, that read Graph's beta.</summary>
    [Parameter]
    public SwitchParameter Beta { get; set; }

    /// <summary>The moment for which the rules judge; by default that of the audit, or of the snapshot.</summary>
    [Parameter]
    public DateTimeOffset? Now { get; set; }

    /// <summary>How many days before its leave date an agent user is found; 30 by default.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? LeaveDays { get; set; }

    /// <summary>After how many days without a successful sign-in an agent user is found; 90 by default.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? IdleDays { get; set; }

    /// <summary>How many agent identities a blueprint may have before it is found, of the 250 that Microsoft allows; 200 by default.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? BlueprintIdentities { get; set; }

    /// <summary>How many hours a mailbox may take; 24 by default.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? MailboxHours { get; set; }

    /// <summary>How many days before it an action of a lifecycle policy is found; 30 by default.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? ActionDays { get; set; }

    /// <summary>A file of accepted findings: a JSON array of objects with rule, whom, reason, by and until.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AcceptPath { get; set; }

    /// <summary>An older report (JSON) or snapshot, to compare with: each finding is New or Unchanged then.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ComparePath { get; set; }

    /// <summary>A file in which to keep what was read.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SaveSnapshot { get; set; }

    /// <summary>Outputs the numbers in place of the findings.</summary>
    [Parameter]
    public SwitchParameter Summary { get; set; }

    /// <summary>Audits, and outputs the findings or the numbers.</summary>
    protected override void ProcessRecord()
    {
        var options = new AuditOptions
        {
            Rules = Rule,
            Severity = Severity,
            Beta = Beta,
            Now = Now,
            LeaveDays = LeaveDays,
            IdleDays = IdleDays,
            BlueprintIdentities = BlueprintIdentities,
            MailboxHours = MailboxHours,
            ActionDays = ActionDays,
            Snapshot = SnapshotPath is null,
            Accepted = AcceptPath is null ? null : FilePath.ReadText(this, AcceptPath),
            Older = ComparePath is null ? null : FilePath.ReadText(this, ComparePath),
        };
        if (Audit(options) is not { } audit)
            return;
        if (SaveSnapshot is not null)
            FilePath.Write(this, SaveSnapshot, audit.Snapshot!);
        if (Summary)
            WriteObject(audit);
        else
            WriteObject(audit.Findings, enumerateCollection: true);
    }

    private PSAgentUserAudit? Audit(AuditOptions options)
    {
        if (SnapshotPath is null)
        {
            CallResult result = Pump("Auditing the agent users", AuditOperation.Live(options));
            if (result.Problem is not { } problem)
            {
                var audit = new AgentAudit(result.Result);
                return new(audit, options, Encoding.UTF8.GetBytes(audit.Snapshot ?? ""));
            }
            WriteProblem(problem, null);
            return null;
        }
        Native.Require(this);
        byte[] snapshot = FilePath.Read(this, SnapshotPath, out string file);
        try
        {
            return new(new AgentAudit(OfflineCall.Ask(AuditOperation.Offline(options), snapshot)), options, snapshot);
        }
        catch (AgentUserException error)
        {
            WriteError(Failure.Record(this, error.Problem, file));
            return null;
        }
    }
}

/// <summary>The operations of an audit.</summary>
internal static class AuditOperation
{
    internal static JsonValue Live(AuditOptions options) => Operations.Audit(
        options.Accepted, options.ActionDays, options.Beta, options.BlueprintIdentities, options.Older, options.Fix, options.IdleDays,
        options.LeaveDays, options.MailboxHours, options.JudgedAt, options.Rules, options.Severity is { } severity ? Names.Write(severity) : null, options.Snapshot);

    internal static JsonValue Offline(AuditOptions options) => Operations.AuditSnapshot(
        options.Accepted, options.ActionDays, options.Beta, options.BlueprintIdentities, options.Older, options.Fix, options.IdleDays,
        options.LeaveDays, options.MailboxHours, options.JudgedAt, options.Rules, options.Severity is { } severity ? Names.Write(severity) : null, options.Snapshot);
}
