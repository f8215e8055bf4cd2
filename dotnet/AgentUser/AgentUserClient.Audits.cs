using System;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <content>The methods of audits.</content>
public partial class AgentUserClient
{
    /// <summary>Audits the agent users of the tenant, in one pass of reads, and changes nothing.</summary>
    /// <param name="options">Which rules run, and how they judge; null runs all that read no beta.</param>
    /// <param name="progress">Receives waits.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The report. What could not be read is not checked, and never clean.</returns>
    public virtual async Task<AgentAudit> AuditAsync(
        AuditOptions? options = null, IProgress<AgentUserProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new AuditOptions();
        JsonValue operation = Operations.Audit(
            accept: options.Accepted,
            actionDays: options.ActionDays,
            beta: options.Beta,
            blueprintIdentities: options.BlueprintIdentities,
            compare: options.Older,
            fix: options.Fix,
            idleDays: options.IdleDays,
            leaveDays: options.LeaveDays,
            mailboxHours: options.MailboxHours,
            now: options.JudgedAt,
            rules: options.Rules,
            severity: options.LeastSeverity,
            snapshot: options.Snapshot);
        return new((await RunAsync(operation, cancellationToken, progress: progress).ConfigureAwait(false)).Result);
    }

    /// <summary>Audits a snapshot offline.</summary>
    /// <param name="snapshot">The content of the snapshot's file.</param>
    /// <param name="options">Which rules run, and how they judge; null runs all that read no beta.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The report.</returns>
    /// <exception cref="AgentUserException">The file is not a snapshot (<c>SnapshotUnreadable</c>), or a newer version wrote it (<c>SnapshotTooNew</c>).</exception>
    public virtual async Task<AgentAudit> AuditSnapshotAsync(
        string snapshot, AuditOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (snapshot is null)
            throw new ArgumentNullException(nameof(snapshot));
        options ??= new AuditOptions();
        JsonValue operation = Operations.AuditSnapshot(
            accept: options.Accepted,
            actionDays: options.ActionDays,
            beta: options.Beta,
            blueprintIdentities: options.BlueprintIdentities,
            compare: options.Older,
            fix: options.Fix,
            idleDays: options.IdleDays,
            leaveDays: options.LeaveDays,
            mailboxHours: options.MailboxHours,
            now: options.JudgedAt,
            rules: options.Rules,
            severity: options.LeastSeverity,
            snapshot: options.Snapshot);
        return new((await RunAsync(operation, cancellationToken, Encoding.UTF8.GetBytes(snapshot)).ConfigureAwait(false)).Result);
    }
}
