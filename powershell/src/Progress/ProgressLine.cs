using System;
using System.Collections.Generic;
using System.Diagnostics;
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
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Dictionary<int, AgentUserProgress> _waits = [];
    private DateTime _next;
    private AgentUserProgress? _counts;
    private int _percent = -1;
    private bool _shown;

    /// <summary>The stages of the rows when they were last counted, in words; empty if all had ended.</summary>
    private string _stages = "";

    /// <summary>How many rows have ended and where the others are, in words; empty before any is known.</summary>
    /// <param name="shown">How many rows have come out. Progress may lag behind them.</param>
    internal string Rows(int shown) => _counts is null ? ""
        : shown > _counts.RowsDone ? $"{shown} of {_counts.RowsTotal} rows"
        : $"{_counts.RowsDone} of {_counts.RowsTotal} rows{_stages}";

    /// <summary>Shows progress.</summary>
    internal void Show(AgentUserProgress progress)
    {
        Count(progress);
        bool waits = progress.Kind == ProgressKind.Waiting && IsOfTheTenant(progress.Reason);
        if (!waits && _shown && DateTime.UtcNow < _next)
            return;
        string now = progress.Kind switch
        {
            ProgressKind.Ending => $"finishing what was begun, for {Seconds(progress.Wait)} s at most",
            ProgressKind.Waiting when waits || _counts is null => Wait(progress),
            ProgressKind.Stage when _counts is null => progress.ToString(),
            _ => "",
        };
        int rest = Rest();
        string[] parts = [.. _counts is null ? [] : new[] { $"{_counts.RowsDone} of {_counts.RowsTotal}", Under() }, now, rest > 0 ? About(rest) : ""];
        Show(string.Join(" · ", parts.Where(part => part.Length > 0)), waits && progress.Wait > TimeSpan.Zero ? Seconds(progress.Wait) : rest);
    }

    /// <summary>Shows a status.</summary>
    internal void Show(string status, int secondsRemaining = -1)
    {
        if (status.Length == 0)
            return;
        cmdlet.WriteProgress(new ProgressRecord(_id, activity, status) { PercentComplete = _percent, SecondsRemaining = secondsRemaining });
        _shown = true;
        _next = DateTime.UtcNow + s_between;
    }

    /// <summary>A wait in words.</summary>
    internal static string Wait(AgentUserProgress progress) =>
        (progress.Row is null ? "" : $"row {progress.Row}: ") + Words(progress.Reason, progress.Wait);

    /// <summary>Keeps counts, and which row waits for what.</summary>
    private void Count(AgentUserProgress progress)
    {
        if (progress.Row is { } row)
        {
            _waits.Remove(row);
            if (progress.Kind == ProgressKind.Waiting)
                _waits[row] = progress;
        }
        if (progress.Kind != ProgressKind.Rows || progress.RowsTotal < 2)
            return;
        _counts = progress;
        // A row is half done when it has reached half of its stages.
        long stages = (long)ProvisionStage.Done - (long)ProvisionStage.NotStarted;
        long reached = progress.RowsByStage.Sum(count => Math.Max(0, (long)count.Key - (long)ProvisionStage.NotStarted) * count.Value);
        _percent = (int)Math.Min(100, 100 * Math.Max(reached, stages * progress.RowsDone) / (stages * progress.RowsTotal));
        string[] under = [.. progress.RowsByStage.Where(count => count.Key != ProvisionStage.Done && count.Value > 0)
            .Select(count => $"{count.Value} at {count.Key}")];
        _stages = under.Length > 0 ? $" ({string.Join(", ", under)})" : "";
    }

    /// <summary>The reason for which most of the rows under way wait; else the stage that most have reached.</summary>
    private string Under()
    {
        IGrouping<WaitReason, AgentUserProgress>? most = _waits.Values.GroupBy(wait => wait.Reason).OrderByDescending(group => group.Count()).FirstOrDefault();
        if (most is not null && _counts!.RowsDone < _counts.RowsTotal)
            return $"{Math.Min(most.Count(), _counts.RowsTotal - _counts.RowsDone)} waiting for {Thing(most.Key)}";
        KeyValuePair<ProvisionStage, int>[] stages = [.. _counts!.RowsByStage
            .Where(count => count.Key is not (ProvisionStage.Done or ProvisionStage.NotStarted or ProvisionStage.Unknown)).OrderByDescending(count => count.Value)];
        return stages.Length > 0 && stages[0].Value > 0 ? $"{stages[0].Value} at {stages[0].Key}" : "";
    }

    /// <summary>The estimate of the seconds that are left, by the share that is done; -1 where it would be a guess.</summary>
    private int Rest() => _percent is >= 5 and < 100 && _watch.Elapsed.TotalSeconds > 3
        ? (int)Math.Ceiling(_watch.Elapsed.TotalSeconds * (100 - _percent) / _percent)
        : -1;

    private static string About(int seconds) => seconds switch
    {
        < 55 => $"about {Math.Max(10, (seconds + 9) / 10 * 10)} s",
        < 5400 => $"about {(seconds + 30) / 60} min",
        _ => $"about {(seconds + 1800) / 3600} h",
    };

    /// <summary>Whether everything waits, and not a row alone.</summary>
    private static bool IsOfTheTenant(WaitReason reason) => reason
        is WaitReason.Throttled or WaitReason.Answer or WaitReason.SignIn or WaitReason.Parent or WaitReason.WriteQuota or WaitReason.UnitQuota or WaitReason.ReportQuota;

    private static string Thing(WaitReason reason) => reason switch
    {
        WaitReason.Throttled => "Graph, which asks for it",
        WaitReason.Retry => "another try",
        WaitReason.Answer => "an answer",
        WaitReason.SignIn => "the sign-in",
        WaitReason.Parent => "an agent identity",
        WaitReason.Replication => "the directory",
        WaitReason.License => "a license",
        WaitReason.Mailbox => "a mailbox",
        WaitReason.Teams => "Teams",
        WaitReason.OneDrive => "OneDrive",
        WaitReason.Permission => "a permission",
        WaitReason.WriteQuota or WaitReason.UnitQuota or WaitReason.ReportQuota => "the tenant's quota",
        _ => "something",
    };

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
            WaitReason.Permission => $"waiting for new tokens to carry the permission, next token in {seconds} s (-ReplicationTimeout says how long)",
            WaitReason.WriteQuota => $"the tenant's quota of writes is used up for {seconds} s",
            WaitReason.UnitQuota => $"the tenant's quota of resource units is used up for {seconds} s",
            WaitReason.ReportQuota => $"the tenant's quota of reports is used up for {seconds} s",
            _ => $"waiting {seconds} s",
        };
    }

    private static int Seconds(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
}
