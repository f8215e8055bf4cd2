using System;
using System.Linq;
using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace AgentUsers.PowerShell;

/// <summary>Shows the progress of one call as one progress bar.</summary>
internal sealed class ProgressLine(Cmdlet cmdlet, string activity)
{
    /// <summary>The least time between two updates, because hosts draw slowly. Waits for quotas are always shown.</summary>
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(100);

    // An id of this cmdlet's own, so that it shares no bar with another cmdlet or the script.
    private readonly int _id = RuntimeHelpers.GetHashCode(cmdlet) & int.MaxValue;
    private DateTime _next;
    private string _rows = "";
    private int _percent = -1;
    private bool _shown;

    /// <summary>Shows progress.</summary>
    internal void Show(AgentUserProgress progress)
    {
        if (progress.Kind == ProgressKind.Rows && progress.RowsTotal > 0)
        {
            _rows = $"{progress.RowsDone} of {progress.RowsTotal} rows";
            // A row is half done when it has reached half of its stages.
            long stages = (long)ProvisionStage.Done - (long)ProvisionStage.NotStarted;
            long reached = progress.RowsByStage.Sum(count => Math.Max(0, (long)count.Key - (long)ProvisionStage.NotStarted) * count.Value);
            _percent = (int)Math.Min(100, 100 * Math.Max(reached, stages * progress.RowsDone) / (stages * progress.RowsTotal));
            string[] under = [.. progress.RowsByStage.Where(count => count.Key != ProvisionStage.Done && count.Value > 0)
                .Select(count => $"{count.Value} at {count.Key}")];
            if (under.Length > 0)
                _rows += $" ({string.Join(", ", under)})";
        }
        bool waits = progress.Kind == ProgressKind.Waiting && progress.Reason
            is WaitReason.Throttled or WaitReason.Answer or WaitReason.SignIn or WaitReason.Parent or WaitReason.WriteQuota or WaitReason.UnitQuota or WaitReason.ReportQuota;
        if (!waits && _shown && DateTime.UtcNow < _next)
            return;
        string place = progress.Row is null ? "" : $"row {progress.Row}: ";
        string now = progress.Kind switch
        {
            ProgressKind.Stage => place + progress.Stage,
            ProgressKind.Waiting => place + Words(progress.Reason, progress.Wait),
            ProgressKind.Ending => $"finishing what was begun, for {Seconds(progress.Wait)} s at most",
            _ => "",
        };
        string status = _rows.Length > 0 && now.Length > 0 ? $"{_rows}, {now}" : _rows + now;
        if (status.Length == 0)
            return;
        cmdlet.WriteProgress(new ProgressRecord(_id, activity, status)
        {
            PercentComplete = _percent,
            SecondsRemaining = waits && progress.Wait > TimeSpan.Zero ? Seconds(progress.Wait) : -1,
        });
        _shown = true;
        _next = DateTime.UtcNow + s_between;
    }

    /// <summary>Removes the bar.</summary>
    internal void End()
    {
        if (_shown)
            cmdlet.WriteProgress(new ProgressRecord(_id, activity, "done") { RecordType = ProgressRecordType.Completed });
    }

    private static string Words(WaitReason reason, TimeSpan wait)
    {
        int seconds = Seconds(wait);
        return reason switch
        {
            WaitReason.Throttled => $"Graph asks to wait {seconds} s",
            WaitReason.Retry => $"trying again in {seconds} s",
            WaitReason.Answer => $"a request has no answer yet; giving it {seconds} s more",
            WaitReason.SignIn => "waiting for the sign-in to give a token",
            WaitReason.Parent => $"waiting for the agent identity, next look in {seconds} s (-ParentTimeout says how long)",
            WaitReason.Replication => $"waiting for the directory to replicate, next look in {seconds} s",
            WaitReason.License => $"waiting for the license, next look in {seconds} s",
            WaitReason.Mailbox => $"waiting for the mailbox, next look in {seconds} s",
            WaitReason.Teams => $"waiting for Teams, next look in {seconds} s",
            WaitReason.OneDrive => $"waiting for OneDrive, next look in {seconds} s",
            WaitReason.Permission => $"waiting for new tokens to carry the permission, next token in {seconds} s",
            WaitReason.WriteQuota => $"the tenant's quota of writes is used up for {seconds} s",
            WaitReason.UnitQuota => $"the tenant's quota of resource units is used up for {seconds} s",
            WaitReason.ReportQuota => $"the tenant's quota of reports is used up for {seconds} s",
            _ => $"waiting {seconds} s",
        };
    }

    private static int Seconds(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
}
